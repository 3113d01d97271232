"""`ably-auth local` as a child process, for the length of a test run."""

import atexit
import json
import os
import subprocess
import threading

READY_WITHIN_SECONDS = 30


class LocalService:
    """Starts the service on a free port, with a key that it makes itself unless one is given, and stops it at
    the end."""

    def __init__(self, binary, log_path, *options, key=None):
        self._log = open(log_path, "w", encoding="utf-8")
        self._process = subprocess.Popen(
            [binary, "local", "--port", "0", "--json", *(["--key", key] if key else []), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, text=True)
        atexit.register(self.stop)
        ready = self._first_line()
        self.host = ready["host"]
        self.port = ready["port"]
        self.tls = ready["tls"]
        self.key = key or ready["keys"][0]
        self.key_name, self.key_secret = self.key.split(":", 1)
        self.app_id = self.key_name.split(".")[0]

    def _first_line(self):
        lines = []
        arrived = threading.Event()

        def read():
            for line in self._process.stdout:
                if not arrived.is_set():
                    lines.append(line)
                    arrived.set()
                self._log.write(line)
                self._log.flush()
            arrived.set()

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()
        if not arrived.wait(READY_WITHIN_SECONDS):
            raise RuntimeError(f"ably-auth local is not ready after {READY_WITHIN_SECONDS} s")
        if not lines:
            raise RuntimeError(f"ably-auth local ended at once with {self._process.wait()}")
        ready = json.loads(lines[0])
        if ready.get("event") != "ready":
            raise RuntimeError(f"the first line of ably-auth local is {lines[0]!r}")
        return ready

    def stop(self):
        """Asks the service to end, makes it if it does not, and returns its exit status."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        status = self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._log.close()
        return status


def from_environment():
    return LocalService(os.environ["ABLY_AUTH"], os.environ["SERVICE_LOG"])

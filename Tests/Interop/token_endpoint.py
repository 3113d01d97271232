"""`ably-auth serve` as a child process, and the login whose users it knows."""

import base64
import hmac
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

SECRET = "login-secret-of-the-interop-test-0123456789"
POLICY = """
callers:
  jwt: { secret-env: LOGIN_SECRET, issuer: "https://login.example" }
token: %s
rules:
  - when: { banned: true }
    deny: this account is banned
  - clientId: "{sub}"
    capability: { "chat:*": [publish, history] }
    ttl: %s
"""


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def login(name, **claims):
    """What an app's login would give its user."""
    claims = {"sub": name, "iss": "https://login.example", "exp": int(time.time()) + 600, **claims}
    text = ".".join(url64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{url64(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


class Serve:
    """`ably-auth serve` as a child process."""

    def __init__(self, service, form, ttl="1h", key=None, policy=POLICY):
        self._folder = tempfile.TemporaryDirectory()
        self._policy = pathlib.Path(self._folder.name, "policy.yaml")
        self._policy.write_text(policy % (form, ttl))
        self._process = subprocess.Popen(
            [os.environ["ABLY_AUTH"], "serve", "--json", "--policy", str(self._policy), "--port", "0",
             "--endpoint", service.host, "--ably-port", str(service.port), "--no-tls"],
            env={**os.environ, "ABLY_API_KEY": key or service.key, "LOGIN_SECRET": SECRET},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"ably-auth serve did not start: {self._process.communicate()[1]}")
        self.url = f"http://127.0.0.1:{json.loads(line)['port']}/auth"
        self._talk = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self):
        for line in self._process.stderr:
            with self._news:
                self._talk.append(line)
                self._news.notify_all()

    def replace_policy(self, text):
        """Returns when it is in force."""
        self._policy.write_text(text)
        self._process.send_signal(signal.SIGHUP)
        with self._news:
            if not self._news.wait_for(lambda: any("policy was replaced" in line for line in self._talk), 20):
                raise RuntimeError(f"the policy was not replaced: {self._talk}")

    def stop(self):
        """Asks it to end; gives its exit status and the decisions that it logged."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)
        self._reader.join()
        self._process.stdout.close()
        self._process.stderr.close()
        self._folder.cleanup()
        lines = [json.loads(line) for line in self._talk if line.startswith("{")]
        return self._process.returncode, [line for line in lines if line.get("event") == "decision"]

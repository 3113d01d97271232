"""Examples/Cluster: three nodes on one PostgreSQL behind nginx, and what its README.md says to try."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "Examples" / "Cluster"
NEEDED = (
    shutil.which("nginx", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
    and subprocess.run([ROOT / "Scripts" / "postgres", "find"], capture_output=True).returncode == 0
    and subprocess.run(["pkg-config", "--exists", "libpq"], capture_output=True).returncode == 0)


def free_ports(count):
    """The first of so many ports in a row that nobody listens at."""
    for first in range(18080, 30000, count):
        sockets = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.socket())
                sockets[-1].bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()
    raise RuntimeError("no port is free")


@unittest.skipUnless(NEEDED, "PostgreSQL, libpq or nginx is not installed")
class Cluster(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.work = work.name
        self.port = free_ports(4)
        # What the nodes and nginx complain of while one of them is killed.
        log = pathlib.Path(self.work) / "log"
        with open(log, "w") as complaints:
            self.process = subprocess.Popen(
                [EXAMPLE / "run", str(self.port)], stdout=subprocess.PIPE, stderr=complaints, text=True,
                start_new_session=True)
        self.addCleanup(self.end)
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("all behind"):
                break
        self.assertIn("all behind", self.said, log.read_text())
        self.folder = pathlib.Path(re.search(r"host=(\S+)/pg ", self.said).group(1))

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self.process.stdout.close()

    def shell(self, text):
        """What commands of the page print, with the ports of this run."""
        for number in range(4):
            text = text.replace(str(8080 + number), str(self.port + number))
        tools = pathlib.Path(os.environ["ABLY_AUTH"]).parent
        outcome = subprocess.run(
            ["bash", "-uc", text.replace("$PWD/.build/debug", str(tools))], cwd=self.work, capture_output=True,
            text=True, timeout=60)
        return outcome.stdout + outcome.stderr

    def exchange(self, port):
        return self.shell(self.preparation + self.signing + f"post http://127.0.0.1:{port}")

    def test_what_the_page_says(self):
        page = (EXAMPLE / "README.md").read_text("utf-8")
        run, self.preparation, replay, publish, revoke, restart = [
            "".join(line[4:] + "\n" for line in block.splitlines())
            for block in re.findall(r"(?:^    .+\n)+", page, re.M)]
        self.assertEqual(run.strip(), "Examples/Cluster/run")
        self.signing = "\n".join(replay.splitlines()[:2]) + "\n"

        first, second = self.shell(self.preparation + replay).splitlines()
        self.assertIn('"token"', first)
        self.assertIn("40105", second)

        before = self.preparation + self.signing + publish
        answers = self.shell(before).splitlines()
        self.assertIn('"statusCode":201', answers[0])
        self.assertIn('"data":"hi"', answers[1])

        command, use = revoke.splitlines()
        # The same token from here on.
        token = self.shell(before.rsplit("ably-auth request", 2)[0] + 'echo "$TOKEN"').strip()
        known = f"TOKEN={token}\n"
        self.assertIn('"statusCode":200', self.shell(self.preparation + known + use))
        # Of the very millisecond of its revocation it would go on.
        time.sleep(0.01)
        self.assertIn("revoked", self.shell(self.preparation + command))
        deadline = time.monotonic() + 30
        while "40141" not in (answer := self.shell(self.preparation + known + use)):
            self.assertLess(time.monotonic(), deadline, answer)

        node = int(re.search(r"^node 2: .*process (\d+)", self.said, re.M).group(1))
        os.kill(node, signal.SIGKILL)
        for _ in range(6):
            self.assertIn('"token"', self.exchange(8080))

        self.assertTrue(restart.startswith("Scripts/postgres restart"))
        subprocess.run([ROOT / "Scripts" / "postgres", "restart", self.folder / "pg"], check=True)
        while '"token"' not in (answer := self.exchange(8080)):
            self.assertIn("50004", answer)
            self.assertLess(time.monotonic(), deadline + 30, answer)

        self.end()
        self.assertFalse(self.folder.exists())

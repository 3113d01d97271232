"""Three copies of `ably-auth serve` behind nginx: asks 10 000 times while one copy is killed and started again, and
checks each answer. Exit status 0 only if not one was wrong.

Usage: run.py ABLY_AUTH [COUNT]
"""

import base64
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
KEY = "demo00.key000:only-for-this-machine"
SECRET = "login-secret-of-this-example-0123456789"
CLIENTS = 8


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def login(name):
    """What the app's login would give its user."""
    claims = {"sub": name, "iss": "https://login.example", "exp": int(time.time()) + 3600}
    text = ".".join(url64(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
    return f"{text}.{url64(hmac.digest(SECRET.encode(), text.encode(), 'sha256'))}"


def problem(status, body, name, nonces):
    """What is wrong with an answer; None for a right one."""
    if status != 200:
        return f"status {status}: {body[:200]!r}"
    request = json.loads(body)
    signed = "".join(
        f"{request.get(part, '')}\n" for part in ("keyName", "ttl", "capability", "clientId", "timestamp", "nonce"))
    mac = base64.b64encode(hmac.digest(KEY.split(":", 1)[1].encode(), signed.encode(), hashlib.sha256)).decode()
    if not hmac.compare_digest(mac, request["mac"]):
        return "the MAC does not match"
    if request["clientId"] != name or request["capability"] != '{"chat:*":["publish","subscribe"]}':
        return f"it grants something else: {request}"
    if request["nonce"] in nonces:
        return "its nonce was used before"
    nonces.add(request["nonce"])
    return None


class Copy:
    """One copy of the endpoint; it keeps its port when it is started again."""

    def __init__(self, binary):
        self.binary = binary
        self.port = 0
        self.start()

    def start(self):
        environment = {**os.environ, "ABLY_API_KEY": KEY, "LOGIN_SECRET": SECRET}
        self.process = subprocess.Popen(
            [self.binary, "serve", "--policy", str(HERE / "policy.yaml"), "--port", str(self.port), "--json"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nginx does not listen")


def ask(port, count, done):
    """Asks again and again over one connection; gives what was wrong and the nonces."""
    problems, nonces = [], set()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for number in range(count):
        name = f"user{threading.get_ident() % 1000}-{number}"
        connection.request("GET", f"/auth?clientId={name}", headers={"Authorization": f"Bearer {login(name)}"})
        response = connection.getresponse()
        wrong = problem(response.status, response.read(), name, nonces)
        if wrong:
            problems.append(wrong)
        done.append(1)
    connection.close()
    return problems, nonces


def main():
    binary = sys.argv[1]
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    copies, proxy = [], None
    with tempfile.TemporaryDirectory() as folder:
        try:
            copies = [Copy(binary) for _ in range(3)]
            port = free_port()
            text = (HERE / "nginx.conf").read_text().replace("@PORT@", str(port))
            for number, copy in enumerate(copies, 1):
                text = text.replace(f"@PORT{number}@", str(copy.port))
            pathlib.Path(folder, "nginx.conf").write_text(text)
            proxy = subprocess.Popen([nginx, "-p", folder, "-c", "nginx.conf", "-g", "daemon off;"])
            wait_for(port)
            done, share = [], total // CLIENTS
            with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
                clients = [pool.submit(ask, port, share, done) for _ in range(CLIENTS)]
                while len(done) < total // 3 and not any(client.done() for client in clients):
                    time.sleep(0.01)
                copies[1].kill()
                killed_at = len(done)
                while len(done) < total // 3 * 2 and not any(client.done() for client in clients):
                    time.sleep(0.01)
                copies[1].start()
                started_at = len(done)
                outcomes = [client.result() for client in clients]
        finally:
            if proxy:
                proxy.terminate()
                proxy.wait()
            for copy in copies:
                copy.kill()
    problems = [wrong for found, _ in outcomes for wrong in found]
    nonces = set().union(*(kept for _, kept in outcomes))
    answers = share * CLIENTS
    print(f"{answers} answers, {len(problems)} wrong, {len(nonces)} different nonces; "
          f"one copy was killed after {killed_at} and started again after {started_at}")
    for wrong in sorted(set(problems))[:10]:
        print(f"wrong: {wrong}", file=sys.stderr)
    return 0 if not problems and len(nonces) == answers else 1


sys.exit(main())

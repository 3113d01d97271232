"""Measures with wrk, in turns, what `bench-endpoint` and the servers in Others answer in a second.

Usage: measure.py BENCH_ENDPOINT [ROUNDS]
"""

import base64
import hmac
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

OTHERS = pathlib.Path(__file__).resolve().parent / "Others"
SECRET = b"login-secret-of-the-benchmark-0123456789"
SECONDS = 3


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def login():
    claims = {"sub": "bob", "iss": "https://login.example", "aud": "chat", "exp": int(time.time()) + 3600}
    text = ".".join(url64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{url64(hmac.digest(SECRET, text.encode(), 'sha256'))}"


def start(*command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, json.loads(process.stdout.readline())


def measure(port, path, header, seconds=SECONDS):
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-H", header, f"http://127.0.0.1:{port}{path}"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    processes, ports = [], {}
    try:
        commands = [(sys.argv[1],), (sys.executable, str(OTHERS / "server.py"))]
        if shutil.which("node"):
            commands.append(("node", str(OTHERS / "server.js")))
        for command in commands:
            process, listening = start(*command)
            processes.append(process)
            ports.update(listening)
        user, bearer = "X-User: bob", f"Authorization: Bearer {login()}"
        rows = [
            ("endpoint.constant", "request", "/health", user), ("endpoint.request", "request", "/auth", user),
            ("endpoint.jwt", "jwt", "/auth", user), ("endpoint.login+request", "login", "/auth", bearer),
            ("hummingbird.constant", "hummingbird", "/constant", user), ("node.http", "node", "/auth", user),
            ("python.http", "python", "/auth", user)]
        rows = [row for row in rows if row[1] in ports]
        for _, name, path, header in rows:
            measure(ports[name], path, header, 1)
        figures = {row[0]: [] for row in rows}
        for _ in range(rounds):
            for label, name, path, header in rows:
                figures[label].append(measure(ports[name], path, header))
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    floor = figures["endpoint.constant"]
    print(f"{'':24}{'a second':>10}{'of the constant answer':>26}")
    for label, values in figures.items():
        ratio = statistics.median(value / base for value, base in zip(values, floor))
        print(f"{label:24}{statistics.median(values):10.0f}{ratio:25.0%}")


main()

"""Measures with wrk, in turns, what `bench-endpoint` and the servers in Others answer in a second.

Usage: measure-endpoint.py BENCH_ENDPOINT [--rounds N] [--check]

With `--check` it fails where a bound is clearly missed.
"""

import argparse
import base64
import hmac
import json
import pathlib
import shutil
import statistics
import sys
import time

from measuring import Bounds, spread, start, stop, wrk

OTHERS = pathlib.Path(__file__).resolve().parent / "Others"
SECRET = b"login-secret-of-the-benchmark-0123456789"
SECONDS = 3


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def login():
    claims = {"sub": "bob", "iss": "https://login.example", "aud": "chat", "exp": int(time.time()) + 3600}
    text = ".".join(url64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{url64(hmac.digest(SECRET, text.encode(), 'sha256'))}"


def measure(port, path, header, seconds=SECONDS):
    return wrk(f"http://127.0.0.1:{port}{path}", seconds, [header])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    processes, ports = [], {}
    try:
        commands = [(arguments.program,), (sys.executable, str(OTHERS / "server.py"))]
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
        for _ in range(arguments.rounds):
            for label, name, path, header in rows:
                figures[label].append(measure(ports[name], path, header))
    finally:
        for process in processes:
            stop(process)
    bounds = Bounds()
    print(f"{'':24}{'a second':>10}{'% of hummingbird.constant':>30}")
    for label, values in figures.items():
        shares = [100 * value / base for value, base in zip(values, figures["hummingbird.constant"])]
        print(f"{label:24}{statistics.median(values):10.0f}{spread(shares):>30}")
        if label in ("endpoint.request", "endpoint.jwt"):
            bounds.at_least(85, shares, f"{label}, % of hummingbird.constant")
    if arguments.check:
        bounds.check()


main()

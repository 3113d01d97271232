"""Measures what a cluster costs: nodes on PostgreSQL, in turns with pgbench that does the same statement alone.

Usage: measure.py ABLY_AUTH [--rounds N] [--check] [exchanges] [publishes] [revocations]

Everything runs on this machine and shares its processors. With `--check` it fails where a bound is clearly missed.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks" / "Servers"))
import measuring  # noqa: E402
from measuring import Bounds, spread, start, stop  # noqa: E402

KEY = "demo00.key000:only-for-this-machine"
NAME, SECRET = KEY.split(":")
BASIC = "Basic " + base64.b64encode(KEY.encode()).decode()
PROGRAMS = pathlib.Path(subprocess.run(
    [str(ROOT / "Scripts" / "postgres"), "find"], check=True, capture_output=True, text=True).stdout.strip())
SCRIPT = str(ROOT / "Benchmarks" / "Servers" / "post-lines.lua")
SECONDS = 4
# As many as a node has.
CONNECTIONS = 8
# Those who ask the nodes, all together.
CLIENTS = 64

INSERT = r"""\set a random(1, 2000000000)
\set b random(1, 2000000000)
INSERT INTO nonces (bucket, mark) SELECT {bucket}, decode(md5(:a || '-' || :b), 'hex')
WHERE {bucket} >= (SELECT first_bucket FROM horizon) ON CONFLICT DO NOTHING;
"""


class Cluster:
    """A PostgreSQL of its own, and nodes on it."""

    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        # Short: the path of a socket has at most 107 bytes.
        self.directory = f"/tmp/ably-bench-{os.getpid()}"
        self.url = subprocess.run(
            [str(ROOT / "Scripts" / "postgres"), "start", self.directory], check=True, capture_output=True,
            text=True).stdout.strip()

    def close(self):
        subprocess.run([str(ROOT / "Scripts" / "postgres"), "stop", self.directory], check=True)

    @contextlib.contextmanager
    def nodes(self, count):
        with contextlib.ExitStack() as stack:
            ports = []
            for _ in range(count):
                process, ready = start(
                    self.tool, "local", "--json", "--port", "0", "--revocable-key", KEY, "--postgres", self.url)
                stack.callback(stop, process)
                ports.append(ready["port"])
            yield ports

    def transactions(self):
        """How many the server has committed so far; its figures come up to a second late."""
        time.sleep(1.5)
        return int(subprocess.run(
            [shutil.which("psql") or str(PROGRAMS / "psql"), "-h", self.directory, "-U", "ably", "-Atc",
             "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()", "postgres"],
            check=True, capture_output=True, text=True).stdout)

    def requests(self, number, count):
        """A file of signed requests, none of which was ever exchanged."""
        path = self.folder / f"requests-{number}"
        now = int(time.time() * 1000)
        with open(path, "w") as file:
            for index in range(count):
                nonce = f"{os.urandom(8).hex()}{index}"
                text = f"{NAME}\n3600000\n\nbob\n{now}\n{nonce}\n"
                mac = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256)).decode()
                file.write(json.dumps({
                    "keyName": NAME, "ttl": 3600000, "clientId": "bob", "timestamp": now, "nonce": nonce,
                    "mac": mac}) + "\n")
        return str(path)

    def pgbench(self, script, clients=CONNECTIONS):
        """Statements in a second, each committed by itself."""
        path = self.folder / "pgbench.sql"
        path.write_text(script)
        pgbench = shutil.which("pgbench") or str(PROGRAMS / "pgbench")
        text = subprocess.run(
            [pgbench, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(SECONDS), "-f", str(path),
             "-h", self.directory, "-U", "ably", "postgres"], check=True, capture_output=True, text=True,
            env={**os.environ, "PGOPTIONS": "-c search_path=ably_auth"}).stdout
        return float(re.search(r"tps = ([\d.]+)", text).group(1))


def answers(commands):
    """Answers in a second that wrk got, of all its runs at one time together."""
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    rate = 0
    for process in processes:
        text, _ = process.communicate()
        if process.returncode or "Non-2xx" in text or "Socket errors" in text:
            raise RuntimeError(text)
        rate += float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return rate


def load(ports, files, connections):
    """Answers in a second of all nodes together."""
    route = f"/keys/{NAME}/requestToken"
    return answers(
        ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-s", SCRIPT, f"http://127.0.0.1:{port}{route}", "--", file]
        for port, file in zip(ports, files))


# Nodes, and connections of those who ask.
EXCHANGES = [(1, CLIENTS), (3, CLIENTS), (1, 1)]


def measure_exchanges(cluster, rounds, bounds):
    bucket = int((time.time() * 1000 + 120_000) // 600_000)
    alone = {CONNECTIONS: [], CLIENTS: []}
    figures, calls = ({case: [] for case in EXCHANGES} for _ in range(2))
    for _ in range(rounds + 1):
        for case in EXCHANGES:
            count, clients = case
            with cluster.nodes(count) as ports:
                files = [cluster.requests(number, min(160_000, 20_000 * clients) // count) for number in range(count)]
                before = cluster.transactions()
                figures[case].append(load(ports, files, clients // count))
            # Who goes says what it did; who stays may keep that to itself for seconds.
            calls[case].append((cluster.transactions() - before) / (figures[case][-1] * SECONDS))
        # The nodes have made its partition.
        for connections, rates in alone.items():
            rates.append(cluster.pgbench(INSERT.format(bucket=bucket), connections))
    # The first round warms up.
    for values in (*alone.values(), *figures.values(), *calls.values()):
        del values[0]
    for connections, rates in alone.items():
        print(f"the insert alone, pgbench with {connections} connections: {spread(rates)} a second")
    best = [max(rates) for rates in zip(*alone.values())]
    for (count, clients), rates in figures.items():
        shares = [100 * rate / base for rate, base in zip(rates, best)]
        share = f", {spread(shares)} % of the better" if clients > 1 else ""
        print(f"exchanges, {count} node{'s' if count > 1 else ''}, {clients // count * count} "
              f"client{'s' if clients > 1 else ''}: {spread(rates)} a second{share}; "
              f"statements for each: {spread(calls[count, clients], '{:.2f}')}")
        if clients > 1:
            bounds.at_least(70, shares, f"exchanges of {count} nodes, % of the insert alone")


def publishes(cluster, ports, clients=48):
    """Acknowledged publishes in a second, made by wrk, of all nodes together."""
    script = cluster.folder / "publish.lua"
    script.write_text(
        'wrk.method = "POST"\nwrk.body = \'{"name":"n","data":"' + "x" * 100 + '"}\'\n'
        f'wrk.headers["Content-Type"] = "application/json"\nwrk.headers["Authorization"] = "{BASIC}"\n')
    return answers(
        ["wrk", "-t1", f"-c{clients // len(ports)}", f"-d{SECONDS}s", "-s", str(script),
         f"http://127.0.0.1:{port}/channels/bench/messages"] for port in ports)


# With a blank behind each colon, since pgbench takes a name there for a variable.
APPEND = "SELECT count(*) FROM append_log('bench', '{}'::json);\n".format(json.dumps([{
    "n": 0, "k": "m", "app": "demo00", "channel": "bench", "room": "\\x" + 32 * "0", "connection": "", "marks": [],
    "iseach": False, "leaves": False, "bare": False, "head": "base",
    "payload": json.dumps([{"data": 100 * "x", "name": "n"}])}]))


def measure_publishes(cluster, rounds, _):
    figures = {"alone": [], 1: [], 3: []}
    for _ in range(rounds + 1):
        for count in (1, 3):
            with cluster.nodes(count) as ports:
                figures[count].append(publishes(cluster, ports))
        figures["alone"].append(cluster.pgbench(APPEND))
    figures = {name: values[1:] for name, values in figures.items()}
    print(f"appending one message alone, pgbench with {CONNECTIONS} connections: {spread(figures['alone'])} a second")
    for count in (1, 3):
        shares = [100 * value / base for value, base in zip(figures[count], figures["alone"])]
        print(f"publishes, {count} node{'s' if count > 1 else ''}: {spread(figures[count])} a second, {spread(shares)} %")


def request(port, method, path, body=None, authorization=BASIC):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(
        method, path, body and json.dumps(body), {"Authorization": authorization, "Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def measure_revocations(cluster, rounds, _):
    """From the answer of a revocation on one node to the first refusal on another."""
    delays = []
    with cluster.nodes(3) as ports:
        for number in range(100 * rounds):
            name = f"client{number}"
            here, there = ports[number % 3], ports[(number + 1) % 3]
            _, details = request(here, "POST", f"/keys/{NAME}/requestToken", {"clientId": name, "keyName": NAME})
            while int(time.time() * 1000) <= details["issued"]:
                pass
            status, _ = request(here, "POST", f"/keys/{NAME}/revokeTokens", {"targets": [f"clientId:{name}"]})
            begin = time.monotonic()
            if status != 201:
                raise RuntimeError(status)
            while request(there, "GET", "/channels/c/presence", authorization="Bearer " + details["token"])[0] == 200:
                pass
            delays.append((time.monotonic() - begin) * 1000)
    delays.sort()
    print(f"revocation on another node, {len(delays)} times: half within {statistics.median(delays):.1f} ms, "
          f"99 of 100 within {delays[len(delays) * 99 // 100]:.1f} ms, the longest {delays[-1]:.1f} ms")


PARTS = {"exchanges": measure_exchanges, "publishes": measure_publishes, "revocations": measure_revocations}


def main():
    arguments = measuring.arguments("tool", PARTS)
    bounds = Bounds()
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(arguments.tool, pathlib.Path(folder))
        try:
            for part in arguments.parts or PARTS:
                PARTS[part](cluster, arguments.rounds, bounds)
        finally:
            cluster.close()
    if arguments.check:
        bounds.check()


main()

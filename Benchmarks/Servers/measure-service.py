"""Measures what the service costs, in turns with the least that it could cost.

Usage: measure-service.py BENCH_SERVICE [--rounds N] [--check] [tokens] [idle] [fan-out] [renew] [start]

`ably-auth`, which is measured, lies beside BENCH_SERVICE. With `--check` it fails where a bound is clearly missed.
"""

import base64
import contextlib
import http.client
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

import measuring
from measuring import Bounds, spread, start, stop, wrk

KEY = "demo00.key000:only-for-this-machine"
SCRIPT = str(pathlib.Path(__file__).resolve().parent / "post-lines.lua")
SECONDS = 3
SUBSCRIBERS = 1000
IDLE = 10_000


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.tool = str(pathlib.Path(program).with_name("ably-auth"))

    def load(self, *arguments):
        command = [self.program, *map(str, arguments)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)

    @contextlib.contextmanager
    def bare(self):
        process, ports = start(self.program, "bare")
        try:
            yield process, ports
        finally:
            stop(process)

    @contextlib.contextmanager
    def service(self, *arguments):
        process, ready = start(self.tool, "local", "--json", "--port", "0", "--key", KEY, *arguments)
        try:
            yield process, ready["port"]
        finally:
            stop(process)

    def requests(self, count):
        """A file of signed requests, none of which was ever exchanged."""
        path = self.folder / "requests"
        subprocess.run([self.program, "requests", KEY, str(count), str(path)], check=True)
        return str(path)


def cpu_seconds(process):
    """What a process has used of processors."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tokens(port, count):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {
        "Authorization": "Basic " + base64.b64encode(KEY.encode()).decode(), "Content-Type": "application/json"}
    body = json.dumps({"clientId": "bob", "capability": json.dumps({"chat:*": ["publish"], "bench": ["publish", "subscribe"]})})
    for _ in range(count):
        connection.request("POST", f"/keys/{KEY.split(':')[0]}/requestToken", body, headers)
        yield json.loads(connection.getresponse().read())["token"]


def path(port):
    return f"/?v=6&format=json&accessToken={next(tokens(port, 1))}"


def measure_tokens(bench, rounds, bounds):
    with contextlib.ExitStack() as stack:
        bare, ports = stack.enter_context(bench.bare())
        service, memory = stack.enter_context(bench.service())
        durable, disk = stack.enter_context(bench.service("--data-dir", str(bench.folder / "data")))
        bearer = [f"Authorization: Bearer {next(tokens(memory, 1))}"]
        keys = f"/keys/{KEY.split(':')[0]}/requestToken"

        def exchange(port, seconds, count):
            url = f"http://127.0.0.1:{port}{keys}"
            return wrk(url, seconds, script=SCRIPT, arguments=[bench.requests(count)])

        def get(port, route, seconds, headers=()):
            return wrk(f"http://127.0.0.1:{port}{route}", seconds, headers)

        rows = {
            "post": lambda seconds, count: exchange(ports["http"], seconds, count),
            "memory": lambda seconds, count: exchange(memory, seconds, count),
            "disk": lambda seconds, count: exchange(disk, seconds, count),
            "get": lambda seconds, _: get(ports["http"], "/stats", seconds, bearer),
            "bearer": lambda seconds, _: get(memory, "/stats", seconds, bearer),
            "constant": lambda seconds, _: get(memory, "/health", seconds),
        }
        servers = {"post": bare, "memory": service, "disk": durable, "get": bare}
        rates = {name: row(1, 100_000) for name, row in rows.items()}
        figures, costs = {name: [] for name in rows}, {name: [] for name in rows}
        for _ in range(rounds):
            for name, row in rows.items():
                before = cpu_seconds(servers.get(name, service))
                figures[name].append(row(SECONDS, int(max(rates.values()) * SECONDS * 1.5)))
                used = cpu_seconds(servers.get(name, service)) - before
                costs[name].append(1e6 * used / (figures[name][-1] * SECONDS))
    for name, floor, bound, title in [
        ("memory", "post", 60, "requestToken, in memory"), ("disk", "post", 40, "requestToken, on disk"),
        ("bearer", "get", 85, "Bearer check, GET /stats"), ("constant", "get", None, "nothing, GET /health")]:
        shares = [100 * value / base for value, base in zip(figures[name], figures[floor])]
        print(f"{title}: {statistics.median(figures[name]):.0f} a second, bare Hummingbird "
              f"{statistics.median(figures[floor]):.0f}: {spread(shares)} %; "
              f"{spread(costs[name])} us of a processor each, bare {spread(costs[floor])}")
        if bound:
            bounds.at_least(bound, shares, f"{title}, % of bare")


def measure_idle(bench, rounds, bounds):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(IDLE, limit - 500)
    if count < IDLE:
        print(f"ulimit -n allows {limit} files; {count} connections instead of {IDLE}")
    sizes, bare_sizes, rates, bare_rates = [], [], [], []
    # Memory does not shrink when connections end: a process for each round.
    for _ in range(rounds):
        with bench.bare() as (process, ports):
            floor = bench.load("idle", ports["echo"], process.pid, count, "/")
        with bench.service() as (process, port):
            figures = bench.load("idle", port, process.pid, count, path(port))
        if figures["held"] != count:
            raise SystemExit(f"of {count} connections {figures['held']} were held")
        sizes.append(figures["bytes"] / 1024)
        bare_sizes.append(floor["bytes"] / 1024)
        rates.append(figures["perSecond"])
        bare_rates.append(floor["perSecond"])
    print(f"idle: {count} connections held, {spread(sizes, '{:.1f}')} KiB each, a bare WebSocket "
          f"{spread(bare_sizes, '{:.1f}')} KiB")
    print(f"connecting: {spread(rates)} a second, bare {spread(bare_rates)}")
    bounds.at_most(20, sizes, "KiB of an idle connection")


def compare(bench, rounds, title, unit, bare_port, load):
    """A load in turns on a bare server and the service, each round on fresh processes."""
    rates, bare_rates = [], []
    for _ in range(rounds):
        with bench.service() as (_, port):
            rates.append(load(port, path(port))["perSecond"])
        with bench.bare() as (_, ports):
            bare_rates.append(load(ports[bare_port], "/")["perSecond"])
    shares = [100 * value / base for value, base in zip(rates, bare_rates)]
    print(f"{title}: {statistics.median(rates):.0f} {unit} a second, a bare WebSocket "
          f"{statistics.median(bare_rates):.0f}: {spread(shares)} %")


def measure_fan_out(bench, rounds, _):
    compare(
        bench, rounds, f"fan-out to {SUBSCRIBERS} subscribers", "deliveries", "broadcast",
        lambda port, path: bench.load("fan-out", port, SUBSCRIBERS, 512, path))


def measure_renew(bench, rounds, _):
    file = bench.folder / "tokens"

    def load(port, path):
        if path != "/":
            file.write_text("\n".join(tokens(port, SUBSCRIBERS)))
        return bench.load("renew", port, file, path)

    compare(bench, rounds, f"re-authentication of {SUBSCRIBERS} live connections", "tokens", "echo", load)


def measure_start(bench, rounds, _):
    def milliseconds(body):
        begin = time.monotonic()
        body()
        return (time.monotonic() - begin) * 1000

    def ready(*arguments):
        with bench.service(*arguments):
            return time.monotonic()

    def until_ready(*arguments):
        begin = time.monotonic()
        return (ready(*arguments) - begin) * 1000

    times, disk_times, floors = [], [], []
    for _ in range(max(rounds, 3) * 4):
        floors.append(milliseconds(lambda: subprocess.run([bench.tool, "--help"], capture_output=True, check=True)))
        times.append(until_ready())
        disk_times.append(until_ready("--data-dir", str(bench.folder / "started")))
    print(f"start: {spread(times)} ms until `ably-auth local` listens, {spread(disk_times)} ms with --data-dir, "
          f"`ably-auth --help` {spread(floors)} ms")


PARTS = {
    "tokens": measure_tokens, "idle": measure_idle, "fan-out": measure_fan_out, "renew": measure_renew,
    "start": measure_start}


def main():
    arguments = measuring.arguments("program", PARTS)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    bounds = Bounds()
    # Beside the program, because what is temporary may be kept in memory.
    with tempfile.TemporaryDirectory(dir=pathlib.Path(arguments.program).parent) as folder:
        bench = Bench(arguments.program, pathlib.Path(folder))
        for part in arguments.parts or PARTS:
            PARTS[part](bench, arguments.rounds, bounds)
    if arguments.check:
        bounds.check()


main()

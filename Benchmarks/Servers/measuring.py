"""What the measuring programs share: processes, wrk, and figures beside their floor."""

import argparse
import json
import re
import statistics
import subprocess


def start(*command):
    """A program that prints one line of JSON once it is ready, and that line."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return process, json.loads(process.stdout.readline())


def arguments(program, parts):
    """What was asked for: what is measured, how often, which parts of it, and whether bounds have to hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument(program)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("parts", nargs="*", help=", ".join(parts))
    asked = parser.parse_intermixed_args()
    if unknown := [part for part in asked.parts if part not in parts]:
        parser.error(f"there is no part {unknown[0]}")
    return asked


def stop(process):
    process.terminate()
    process.wait()


def wrk(url, seconds=3, headers=(), script=(), arguments=()):
    """Answers in a second, of 64 connections."""
    fields = [part for header in headers for part in ("-H", header)]
    scripts = ["-s", script] if script else []
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", *fields, *scripts, url, "--", *arguments]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))


def spread(values, form="{:.0f}"):
    """The median, and between which values the rounds lay."""
    low, middle, high = (form.format(value) for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


class Bounds:
    """The bounds that are to hold; clearly missed is what lies a twentieth beyond."""

    def __init__(self):
        self.misses = []

    def at_least(self, bound, values, name):
        if statistics.median(values) < bound * 0.95:
            self.misses.append(f"{name}: {statistics.median(values):.0f}, not {bound}")

    def at_most(self, bound, values, name):
        if statistics.median(values) > bound * 1.05:
            self.misses.append(f"{name}: {statistics.median(values):.0f}, not {bound}")

    def check(self):
        if self.misses:
            raise SystemExit("missed: " + "; ".join(self.misses))

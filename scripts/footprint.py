#!/usr/bin/env python3
"""Measure what Counterpart weighs: binary size, time to the first page, resident memory.

Usage: python3 scripts/footprint.py [--strict] [path of the binary]

Needs a release build (`make bench-footprint` makes one), Linux, and nothing but Python's own
library. With --strict the exit code is 2 when an aim is missed.
"""

import argparse
import http.client
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

STARTS = 5
EMAIL = "owner@example.com"
PASSWORD = "correct horse battery staple"
PEOPLE = 10_000
# A node that does nothing for this long has finished what it does at its start.
SETTLE_SECONDS = 2.0
FIRST_PAGE_TIMEOUT_SECONDS = 60.0
MEGABYTE = 1_000_000

AIMS = {
    "binary size": (40.0, "MB"),
    "start to first page": (0.2, "s"),
    "memory, idle": (40.0, "MB"),
    f"memory, {PEOPLE:,} people": (80.0, "MB"),
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def first_answer(port, process, log):
    """Wait until a page is answered; returns the moment."""
    deadline = time.monotonic() + FIRST_PAGE_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server ended by itself:\n{log.read_text()}")
        try:
            get(port, "/")
            return time.monotonic()
        except OSError:
            # Not listening yet. Short, because what is measured is shorter than a second.
            time.sleep(0.001)
    raise SystemExit(f"no page within {FIRST_PAGE_TIMEOUT_SECONDS:.0f} s:\n{log.read_text()}")


def get(port, path, redirects=5):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status in (301, 302, 303, 307, 308) and redirects:
        return get(port, answer.headers["Location"], redirects - 1)
    if answer.status >= 500:
        raise SystemExit(f"GET {path} answered {answer.status}")
    return answer.status


def look_around(port):
    """Sign in as a user does and open the overview, pages of the grid and a search."""
    form = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://127.0.0.1:{port}",
    }
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
    if not cookie:
        raise SystemExit(f"signing in answered {answer.status} and no cookie")

    def open_page(path):
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        return answer

    home = urllib.parse.urlsplit(open_page("/").headers["Location"]).path
    for path in ("", "/mapping", "/mapping?q=anna", "/people", "/connections", "/mapping"):
        answer = open_page(home.rstrip("/") + path)
        if answer.status != 200:
            raise SystemExit(f"GET {path or home} answered {answer.status}")
    connection.close()


class Server:
    """`counterpart serve` on a folder, stopped when the block ends."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.log = pathlib.Path(folder).with_suffix(".log")

    def __enter__(self):
        self.port = free_port()
        command = [
            self.binary, "serve", "--data-dir", self.folder,
            "--listen", f"127.0.0.1:{self.port}",
        ]  # fmt: skip
        with self.log.open("wb") as log:
            started = time.monotonic()
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            answered = first_answer(self.port, self.process, self.log)
        except BaseException:
            self.__exit__()
            raise
        self.seconds_to_first_page = answered - started
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def resident_megabytes(self):
        time.sleep(SETTLE_SECONDS)
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) * 1024 / MEGABYTE


def measure(binary):
    results = {"binary size": os.path.getsize(binary) / MEGABYTE}
    with tempfile.TemporaryDirectory(prefix="counterpart-footprint-") as scratch:
        empty = os.path.join(scratch, "empty")
        # The first start makes the database; a user waits for the later ones.
        with Server(binary, empty):
            pass
        starts = []
        for _ in range(STARTS):
            with Server(binary, empty) as server:
                starts.append(server.seconds_to_first_page)
        results["start to first page"] = statistics.median(starts)
        with Server(binary, empty) as server:
            results["memory, idle"] = server.resident_megabytes()

        full = os.path.join(scratch, "full")
        subprocess.run(
            [binary, "demo", "--once", "--people", str(PEOPLE), "--data-dir", full],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        subprocess.run(
            [binary, "account", "create", "--data-dir", full, "--email", EMAIL,
             "--role", "owner", "--password-stdin"],
            check=True, input=PASSWORD, text=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with Server(binary, full) as server:
            look_around(server.port)
            results[f"memory, {PEOPLE:,} people"] = server.resident_megabytes()
    return results


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strict", action="store_true", help="fail when an aim is missed")
    parser.add_argument("binary", nargs="?", default=target / "release" / "counterpart")
    arguments = parser.parse_args()
    binary = str(arguments.binary)
    if not os.access(binary, os.X_OK):
        raise SystemExit(f"{binary} is not there; build it with: make bench-footprint")

    missed = 0
    print(f"{'':24} {'measured':>12} {'aim':>12}")
    for name, value in measure(binary).items():
        aim, unit = AIMS[name]
        verdict = "" if value < aim else "  missed"
        missed += value >= aim
        print(f"{name:24} {value:9.2f} {unit:2} {'<':>5} {aim:g} {unit}{verdict}")
    return 2 if missed and arguments.strict else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Measure how fast users are pulled out of a CRM: ours, and two peers, in one run.

Usage: bench_sync.py [--users N] [--rounds N] [--latency MS] [path of the binary]

Needs a release build and the peers' environment (`make bench-sync` makes both), and Linux. Prints
a table, which it also leaves in target/bench-sync/results.md.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import prepared_crm

if sys.version_info < (3, 11):
    raise SystemExit("the peers need Python 3.11 or newer; set PYTHON to one")
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "target" / "bench-sync"

# What ours is to reach: the share of the latency floor, and CPU seconds per 1,000 users stored.
LEAST_SHARE = 0.90
MOST_CPU = 0.01

PEERS = {
    "simple-salesforce": "simple-salesforce + SQLite",
    "dlt-duckdb": "dlt, into DuckDB",
    "dlt-sqlite": "dlt, into SQLite",
}

# Half a minute each: once is enough for what is so far off.
ONCE = {"dlt-duckdb", "dlt-sqlite"}

# What our log says at the moments that are measured.
MARKS = {
    "begun": "the first page is asked for",
    "staged": "the last page is staged",
    "applied": "the run is applied or held",
}

# What is over at these moments, and at the end of the process.
PARTS = {
    "staged": "its pages alone",
    "applied": "until users are known",
    "done": "whole process",
}


@dataclasses.dataclass
class Row:
    """What one run took."""

    tool: str
    what: str
    wall: float
    cpu: float | None
    users: int

    def cpu_per_thousand(self):
        return None if self.cpu is None else 1_000 * self.cpu / self.users


def cpu_of(pid):
    """The CPU time that a process has used so far, in seconds, all its threads together."""
    # clock_getcpuclockid(3), which Python does not have: Linux makes the clock out of the pid.
    return time.clock_gettime((~pid << 3) | 2)


def run_once(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}{done.stdout}")
    return done.stdout


class Emulator:
    """`counterpart emulate`, stopped when the block ends."""

    def __init__(self, binary, users, latency_ms):
        # Some of the people have no account in the CRM.
        people = min(users + users // 4, 200_000)
        command = [
            binary, "emulate", "salesforce", "--json", "--people", str(people),
            "--contacts", "10", "--page-size", str(prepared_crm.PAGE_SIZE),
            "--latency", str(latency_ms),
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        text = ""
        for line in self.process.stdout:
            text += line
            try:
                self.described = json.loads(text)
                break
            except json.JSONDecodeError:
                continue
        else:
            raise SystemExit("the emulated CRM did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Ours:
    """A data folder with one connection to the prepared CRM."""

    def __init__(self, binary, crm, credentials):
        self.binary, self.crm = binary, crm
        self.data = FOLDER / "counterpart-data"
        shutil.rmtree(self.data, ignore_errors=True)
        self.command("organization", "create", "--name", "Bench")
        self.command(
            "connection", "add", "--provider", "salesforce", "--name", "CRM",
            "--set", f"domain={crm.url}", input=json.dumps(credentials),
        )  # fmt: skip

    def command(self, *words, **more):
        return run_once([*self.program(), *words], **more)

    def program(self):
        return [self.binary, "--data-dir", self.data, "--allow-address", "127.0.0.0/8"]

    def sync(self, name):
        """One sync, and what had been used when each part of it was done."""
        self.crm.forget()
        options = ["--json", "--log", "counterpart_service=debug"]
        command = [*self.program(), *options, "sync", "CRM"]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        printed = []
        reader = threading.Thread(target=lambda: printed.append(process.stdout.read()))
        reader.start()
        seen, log = {}, []
        for line in process.stderr:
            log.append(line)
            for mark, words in MARKS.items():
                if words in line:
                    seen[mark] = (time.perf_counter(), cpu_of(process.pid))
        reader.join()
        _, status, used = os.wait4(process.pid, 0)
        ended = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 or set(seen) != set(MARKS):
            raise SystemExit(f"the sync failed:\n{''.join(log)}{''.join(printed)}")
        users = json.loads(printed[0])["report"]["read"]
        seen["done"] = (ended, used.ru_utime + used.ru_stime)
        return [
            Row(
                name, what, seen[mark][0] - self.crm.first, seen[mark][1] - seen["begun"][1], users
            )
            for mark, what in PARTS.items()
        ]


def floor(crm):
    """Reads all pages and does nothing with them: what the latency and the transport cost."""
    crm.forget()
    script = (
        "import http.client, sys\n"
        "connection = http.client.HTTPConnection(sys.argv[1])\n"
        "for number in range(int(sys.argv[2])):\n"
        "    connection.request('GET', f'/services/data/v62.0/query/page-{number}')\n"
        "    connection.getresponse().read()\n"
    )
    address = crm.url.removeprefix("http://")
    run_once([sys.executable, "-c", script, address, str(len(crm.pages))])
    return crm.pull_seconds()


def peer(python, name, crm):
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    crm.forget()
    command = [python, HERE / "peer.py", name, crm.url, folder, crm.soql]
    told = json.loads(run_once(command, cwd=folder).splitlines()[-1])
    return Row(PEERS[name], "until committed", told["wall_s"], told["cpu_s"], told["users"])


def environment():
    """The Python of the peers, installed when it is not there as it is pinned."""
    wanted = (HERE / "requirements.txt").read_text()
    place = FOLDER / "venv"
    python, stamp = place / "bin" / "python", place / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        run_once([sys.executable, "-m", "venv", "--clear", place])
        pip = [python, "-m", "pip", "install", "--quiet", "--no-input", "--requirement"]
        run_once([*pip, HERE / "requirements.txt"])
        stamp.write_text(wanted)
    return python


def query():
    """The query by which our connector lists users: the peers ask the same."""
    manifest = tomllib.loads((ROOT / "connectors/salesforce/manifest.toml").read_text())
    return manifest["users"]["full"]["requests"][0]["query"]["q"]


def best(rows):
    """Of each tool and part the round that took the least time."""
    found = {}
    for row in rows:
        known = found.setdefault((row.tool, row.what), row)
        known.wall = min(known.wall, row.wall)
        if row.cpu is not None:
            known.cpu = min(known.cpu, row.cpu)
    return list(found.values())


def table(rows, floor_s):
    lines = [
        "| Tool | | Users | Wall s | Share of the floor | CPU s | CPU s per 1,000 |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cpu = ["", ""] if row.cpu is None else [f"{row.cpu:.2f}", f"{row.cpu_per_thousand():.4f}"]
        cells = [row.tool, row.what, row.users, f"{row.wall:.2f}", f"{floor_s / row.wall:.0%}", *cpu]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def verdicts(rows, floor_s):
    """What ours was to reach, and whether it did."""
    for row in rows:
        if "counterpart" not in row.tool or row.what == PARTS["done"]:
            continue
        share, cpu = floor_s / row.wall, row.cpu_per_thousand()
        missed = []
        if share < LEAST_SHARE:
            missed.append(f"{share:.0%} of the floor < {LEAST_SHARE:.0%}")
        if cpu > MOST_CPU:
            missed.append(f"{cpu:.4f} CPU s per 1,000 users > {MOST_CPU}")
        tool = row.tool.replace("*", "")
        yield f"{tool}, {row.what}: " + ("missed: " + "; ".join(missed) if missed else "met")


def measure(arguments, binary, python):
    rows = []
    with Emulator(binary, arguments.users, arguments.latency) as emulator:
        credentials = dict(emulator.described["credentials"])
        crm = prepared_crm.PreparedCrm(
            emulator.described["url"], credentials, query(), arguments.users,
            arguments.latency / 1_000,
        )  # fmt: skip
        pages = len(crm.pages)
        for number in range(1, arguments.rounds + 1):
            rows.append(Row("every page read, nothing done", "", floor(crm), None, arguments.users))
            ours = Ours(binary, crm, credentials)
            rows += ours.sync("**counterpart sync**, first")
            rows += ours.sync("**counterpart sync**, again")
            wanted = [name for name in arguments.peers if number == 1 or name not in ONCE]
            rows += [peer(python, name, crm) for name in wanted]
            print(f"round {number} of {arguments.rounds} is done", file=sys.stderr)
        crm.close()
    for row in rows:
        if row.users != arguments.users:
            raise SystemExit(f"{row.tool} stored {row.users} users, not {arguments.users}")
    return best(rows), pages


def main():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    asked = os.environ.get
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=int(asked("USERS", "100000")))
    parser.add_argument("--rounds", type=int, default=int(asked("ROUNDS", "3")))
    parser.add_argument("--latency", type=int, default=20, help="of a page, in milliseconds")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("binary", nargs="?", default=target / "release" / "counterpart")
    arguments = parser.parse_args()
    binary = str(pathlib.Path(arguments.binary).resolve())
    if not os.access(binary, os.X_OK):
        raise SystemExit(f"{binary} is not there; build it with: make bench-sync")
    FOLDER.mkdir(parents=True, exist_ok=True)
    python = environment() if arguments.peers else None

    rows, pages = measure(arguments, binary, python)
    floor_s = pages * arguments.latency / 1_000
    shown = (
        f"{arguments.users:,} users, {pages} pages, {arguments.latency} ms a page: "
        f"the latency floor is {floor_s:.2f} s. Best of {arguments.rounds} rounds.\n\n"
        + table(rows, floor_s) + "\n" + "\n".join(verdicts(rows, floor_s)) + "\n"
    )  # fmt: skip
    (FOLDER / "results.md").write_text(shown)
    print(shown, end="")


if __name__ == "__main__":
    main()

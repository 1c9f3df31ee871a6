#!/usr/bin/env python3
"""Lets the vendors' and the best-known client libraries drive the emulators.

An emulator that only our own connector has ever talked to may agree with its mistakes. For each
provider with a folder `fidelity` in its emulator, every `client.*` in it is run against a fresh
emulator, with the packages that its first lines name (`# client: package==version`). A provider
without one says in its README that none exists. Prints one line each; exits 1 when one fails.

  scripts/test-fidelity.py [PROVIDER ...]
"""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMULATORS = ROOT / "crates" / "emulators" / "src"
CACHE = Path(os.environ.get("COUNTERPART_CACHE", ROOT / ".cache")) / "fidelity"
BINARY = Path(os.environ.get("COUNTERPART_BINARY", ROOT / "target" / "debug" / "counterpart"))
# How long one client may take; the slowest needs a few seconds.
TIMEOUT_SECONDS = 120


def providers():
    """Every connector there is."""
    folders = (ROOT / "connectors").iterdir()
    return sorted(folder.name for folder in folders if (folder / "manifest.toml").is_file())


def packages(client):
    """The packages that a client's first lines name."""
    found = []
    for line in client.read_text().splitlines():
        match = re.match(r"(?:#|//) client: (\S+)==(\S+)( --no-deps)?", line)
        if match:
            found.append(match.groups())
        elif not line.startswith(("#", "//")):
            break
    return found


def prepared(client, wanted):
    """The command that runs a client, its packages installed."""
    name = "-".join(f"{package}-{version}" for package, version, _ in wanted)
    folder = CACHE / re.sub(r"[^A-Za-z0-9.-]+", "_", name)
    ready = folder / ".ready"
    if client.suffix == ".py":
        python = folder / "bin" / "python"
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, with_pip=True)
            for package, version, alone in wanted:
                # A desktop client whose library is wanted would bring its desktop along.
                pin = [f"{package}=={version}", *(["--no-deps"] if alone else [])]
                quiet([python, "-m", "pip", "install", "--quiet", *pin])
            ready.touch()
        return [python, client], folder
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
        pins = [f"{package}@{version}" for package, version, _ in wanted]
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        quiet([*install, *pins], cwd=folder)
        ready.touch()
    # Modules are looked for from where the file lies.
    copy = folder / f"{client.parent.parent.name}-{client.name}"
    shutil.copyfile(client, copy)
    return ["node", copy], folder


def quiet(command, cwd=None):
    """Runs a command; shows what it said only when it failed."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError((ran.stdout + ran.stderr).strip())


class Emulator:
    """A running emulator."""

    def __init__(self, provider):
        command = [BINARY, "--json", "emulate", provider, "--page-size", "20"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def drive(provider, client):
    """Runs one client against a fresh emulator: whether it went well, and what it said."""
    try:
        command, folder = prepared(client, packages(client))
    except RuntimeError as error:
        return False, f"its packages cannot be installed: {error}"
    with Emulator(provider) as emulator:
        environment = {**os.environ, "EMULATOR_URL": emulator.url, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ran = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return False, f"it had not ended after {TIMEOUT_SECONDS} s"
    said = (ran.stdout + ran.stderr).strip().splitlines()
    if ran.returncode == 0:
        return True, said[-1] if said else ""
    return False, "\n    ".join(said[-12:])


def main():
    wanted = sys.argv[1:] or providers()
    failed = 0
    for provider in wanted:
        folder = EMULATORS / provider.replace("-", "_")
        clients = sorted(folder.glob("fidelity/client*.*"))
        if not clients:
            readme = (folder / "README.md").read_text() if (folder / "README.md").exists() else ""
            if "none exists" in readme:
                print(f"{provider:<16} none exists", flush=True)
            else:
                failed += 1
                print(f"{provider:<16} FAILED: no client, and no word that none exists", flush=True)
        for client in clients:
            names = ", ".join(f"{package} {version}" for package, version, _ in packages(client))
            good, said = drive(provider, client)
            failed += not good
            print(f"{provider:<16} {names}: {'' if good else 'FAILED: '}{said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

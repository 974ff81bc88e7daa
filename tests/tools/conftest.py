"""Real accounting programs as judges; each is skipped with a message where it is not installed.

A program is looked for in the folders that the environment variable ``BILLINGCORE_TOOLS`` names,
then on the path. The German reader is a package for Python; the ``python`` of the same folders is
asked for it, then this one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

FOLDERS = os.environ.get("BILLINGCORE_TOOLS", "")
READER = "mloda.community.feature_groups.experimental.german_ledger.datev"
READ = f"""
import json, sys
from {READER} import read_batch
header, legs = read_batch(sys.argv[1])
pairs = zip(legs["Konto"], legs["Betrag"])
print(json.dumps({{"header": vars(header), "legs": [[k, str(b)] for k, b in pairs]}}, default=str))
"""


def run(*command):
    """Run a program, and give its exit code with all that it says."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    return done.returncode, done.stdout, done.stderr


def find(name):
    """Find a program, or skip the test."""
    path = os.pathsep.join(part for part in (FOLDERS, os.environ.get("PATH", "")) if part)
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"{name} is not installed; BILLINGCORE_TOOLS may name its folder")
    return found


@pytest.fixture
def program():
    """Give a function that runs a program by its name; the test is skipped if there is none."""
    return lambda name, *arguments: run(find(name), *map(str, arguments))


@pytest.fixture(scope="session")
def reader():
    """Give a function that reads a DATEV file with the strict German reader."""
    pythons = [shutil.which("python", path=FOLDERS) if FOLDERS else None, sys.executable]
    for python in filter(None, pythons):
        code, _, _ = run(python, "-c", f"import {READER}")
        if code == 0:
            return lambda path: read_datev(python, path)
    pytest.skip("mloda-community-german-ledger is not installed; BILLINGCORE_TOOLS may name a venv")


def read_datev(python, path):
    """Read a DATEV file; what the reader refuses is given as text."""
    code, out, err = run(python, "-c", READ, str(path))
    return json.loads(out) if code == 0 else err


@pytest.fixture
def mutated():
    """Give a function that changes one amount of a ledger's text by what is said."""

    def change(text, place, by):
        found = [*re.finditer(r"(?<=  )-?[0-9]+\.[0-9]{2}(?= EUR$)", text, re.MULTILINE)]
        match = found[place % len(found)]
        other = f"{int(match[0].replace('.', '')) + by}"
        sign, digits = ("-", other[1:]) if other.startswith("-") else ("", other)
        digits = digits.zfill(3)
        return f"{text[: match.start()]}{sign}{digits[:-2]}.{digits[-2:]}{text[match.end() :]}"

    return change

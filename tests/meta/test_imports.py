"""What the package imports, and what importing it loads."""

from __future__ import annotations

import ast
import subprocess
import sys

# The pure parts of the standard library, and the three runtime packages.
ALLOWED = {
    "__future__",
    "abc",
    "bisect",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "html",
    "inspect",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "re",
    "string",
    "sys",
    "textwrap",
    "types",
    "typing",
    "unicodedata",
    "warnings",
    "weakref",
    "attr",
    "attrs",
    "babel",
    "billingcore",
    "dateutil",
}
LAZY = {"babel"}
# Only the shipped test kit may need a test library, and only for types may more be named.
OF_TESTING = {"hypothesis"}
FOR_TYPES = {"concurrent"}
# What only one module may use: a lock for threads of the host, and ways to write bytes.
OF_ONE = {
    "export/texts.py": {"binascii"},
    "testing/__main__.py": {"argparse", "importlib"},  # a command, which imports what it is told
    "testing/kit/checking.py": {"unittest"},
    "testing/kit/scene.py": {"pickle", "unittest"},
    "memory/locking.py": {"threading"},
    "runs/workers.py": {"pickle"},
    "values/texts.py": {"zlib"},
}

# Loads what is allowed, then the package, and tells which other modules came with it.
PROBE = """
import importlib, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
import dateutil.relativedelta
before = set(sys.modules)
import billingcore
new = {name for name in sys.modules if name.partition(".")[0] != "billingcore"} - before
print(*sorted(new))
"""


def imported(tree: ast.Module) -> set[str]:
    """Collect the first parts of the names that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("billingcore" if node.level else (node.module or "").partition(".")[0])
    return found


def test_source_names_only_what_is_allowed(source):
    """No module of the package imports anything but pure modules and the runtime packages."""
    allowed = ALLOWED | FOR_TYPES

    assert {
        path: strangers
        for path, tree in source.items()
        if (
            strangers := imported(tree)
            - allowed
            - OF_ONE.get(path, set())
            - (OF_TESTING if "testing/" in path else set())
        )
    } == {}


def test_importing_loads_nothing_else():
    """A fresh interpreter that imports the package loads nothing beyond the allowed modules."""
    known = " ".join(
        sorted((ALLOWED | set().union(*OF_ONE.values())) - LAZY - {"__future__", "billingcore"})
    )
    fresh = subprocess.run(
        [sys.executable, "-c", PROBE, known], capture_output=True, text=True, check=True
    )

    assert fresh.stdout.split() == []


def test_importing_leaves_babel_alone():
    """A fresh interpreter that imports the package does not load Babel, which is slow to load."""
    probe = "import sys, billingcore; print('babel' in sys.modules)"
    fresh = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )

    assert fresh.stdout.strip() == "False"

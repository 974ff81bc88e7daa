"""Run every example of the documentation as a test, and choose how hard Hypothesis tries.

A ``python`` block of a Markdown page is run; with ``>>>`` it is compared with what it shows. A block
of the language ``output`` holds exactly what the ``python`` block before it has printed.
"""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from doctest import ELLIPSIS
from io import StringIO

from hypothesis import HealthCheck, settings
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers import myst, rest

PRINTED = "printed by the block before"

settings.register_profile(
    "dev", max_examples=50, deadline=None, derandomize="CI" in os.environ, print_blob=True
)
# For runs that count lines, where the laws are only passers-by.
settings.register_profile("brief", max_examples=10, deadline=None, derandomize=True)
settings.register_profile(
    "ci",
    max_examples=150,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def run_and_keep_output(example: Example) -> None:
    """Run a block, and keep what it prints for an ``output`` block that may follow."""
    printed = StringIO()
    with redirect_stdout(printed):
        PythonEvaluator()(example)
    example.namespace[PRINTED] = printed.getvalue()


def compare_output(example: Example) -> str | None:
    """Say what was printed instead, if the page shows something else."""
    shown = [line.rstrip() for line in example.parsed.strip("\n").splitlines()]
    printed = example.namespace.pop(PRINTED, "").strip("\n")
    if shown == [line.rstrip() for line in printed.splitlines()]:
        return None
    return f"the page shows:\n{example.parsed}\nthe block before has printed:\n{printed}"


blocks = myst.PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)
blocks.codeblock_parser = myst.CodeBlockParser("python", run_and_keep_output)
pages = Sybil(
    parsers=[blocks, myst.CodeBlockParser("output", compare_output), myst.SkipParser()],
    patterns=["*.md"],
    excludes=["docs/_build/**", "**/node_modules/**"],
)
docstrings = Sybil(
    parsers=[rest.DocTestParser(optionflags=ELLIPSIS)], patterns=["*.py"], path="src"
)
pytest_collect_file = (pages + docstrings).pytest()

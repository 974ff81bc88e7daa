"""Programs of the tests that fork: they run in an interpreter of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"


def run(program: str, *arguments: object) -> dict[str, Any]:
    """Run a program of the tests, and give what it tells."""
    folders = (ROOT, EXAMPLES, EXAMPLES / "adapters", os.environ.get("PYTHONPATH", ""))
    # It is not measured, since it is killed most of the time.
    own = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.{program}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**own, "PYTHONPATH": os.pathsep.join(filter(None, map(str, folders)))},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return dict(json.loads(ran.stdout))


@pytest.fixture
def told_by(tmp_path) -> Callable[..., dict[str, Any]]:
    """Give a function that runs a program, with a folder of its own at last, and gives what it tells."""
    return lambda program, *arguments: run(program, *arguments, tmp_path)

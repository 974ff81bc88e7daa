"""What engines that spread work over workers need, to import the examples by their names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.fixture
def examples(monkeypatch) -> Path:
    """Give the folder of the examples; workers import them, and all else, as this process does."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    return EXAMPLES


@pytest.fixture
def store(examples, tmp_path):
    """Give the shop of the examples, in a database that workers open by themselves."""
    from logged_store import open_store
    from small_shop import shop

    opened = open_store(tmp_path / "billing.sqlite", shop)
    yield opened
    opened.close()

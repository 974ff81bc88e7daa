"""Where the examples are, and copies of their sample that a test can spoil."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copytree

import pytest

from tests.examples.tables import keep

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
sys.path.insert(0, str(EXAMPLES))  # as Python does for a script that it runs


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the folder of the examples."""
    return EXAMPLES


@pytest.fixture(scope="session")
def sample() -> Path:
    """Give the sample that comes with the examples."""
    return EXAMPLES / "sample"


@pytest.fixture
def full(tmp_path, sample) -> Path:
    """Give a copy of the whole sample, to be spoiled."""
    return Path(copytree(sample, tmp_path / "full"))


@pytest.fixture
def data(full) -> Path:
    """Give a copy of the first 41 accounts of the sample, to be spoiled."""
    accounts = keep(full, "accounts.csv", "id", {f"A-{n:03}" for n in range(1, 42)})
    subscriptions = keep(full, "subscriptions.csv", "account", accounts)
    keep(full, "items.csv", "subscription", subscriptions)
    return full

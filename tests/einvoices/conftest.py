"""The judges, or a reason why there are none."""

from __future__ import annotations

import importlib.metadata
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.einvoices.judges import WHEEL, Judge

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
sys.path.insert(0, str(EXAMPLES))  # as Python does for a script that it runs

MODULES = {"saxonche": "saxonche", "facturx": "factur-x"}


def missing():
    """Give the packages that are not there; nothing is imported."""
    found = [name for module, name in MODULES.items() if not find_spec(module)]
    if not [*importlib.metadata.distributions(name=WHEEL)]:
        found.append(WHEEL)
    return found


@pytest.fixture(scope="session")
def judge():
    """Give the rules, compiled when they are first asked for."""
    absent = missing()
    if absent:
        pytest.skip(f"{', '.join(absent)} not installed; `.ci/run einvoices` installs it")
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as processor:
        yield Judge(processor)

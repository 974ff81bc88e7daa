"""The notebooks, run from the first cell to the last; each asserts its own figures."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook, capsys):
    """A notebook runs from its first cell to its last, and what it asserts holds."""
    runpy.run_path(str(notebook))

    assert "assert " in notebook.read_text(encoding="utf-8")


def test_every_story_has_a_notebook():
    """There is a notebook for each story that the documentation promises."""
    assert {path.stem for path in NOTEBOOKS} == {
        "a-project",
        "a-price-change",
        "first-steps",
        "proration-conventions",
        "why-not-billed",
    }

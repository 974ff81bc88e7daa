"""Every public value draws itself in a notebook."""

from __future__ import annotations

import ast
import re

import billingcore as bc
from billingcore.render.notebook import is_drawn
from billingcore.render.notebook.advice import advice_for


def test_every_public_class_of_values_draws_itself():
    """Each public class but Protocols, errors and type hints has a display."""
    classes = [name for name in bc.__all__ if is_drawn(getattr(bc, name))]

    assert len(classes) > 200
    assert [name for name in classes if not hasattr(getattr(bc, name), "_repr_html_")] == []


def test_what_is_no_value_draws_nothing():
    """Functions, constants, Protocols, errors and type hints are no classes of values."""
    names = ("bill", "LEVEL", "TaxEngine", "BillingError", "DraftOptions", "DateLike", "render")

    assert not any(is_drawn(getattr(bc, name)) for name in names)


def test_records_know_nothing_of_html(source):
    """No room below the views writes HTML, but for two reports and an explanation."""
    writing = {
        path
        for path, tree in source.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "_repr_html_"
    }

    assert {path for path in writing if not path.startswith(("views/", "render/", "testing/"))} == {
        "lines/explain.py",
        "runs/posting.py",
        "runs/report.py",
    }


def test_the_advice_is_that_of_the_page(texts):
    """A display advises for each reason what the page on reasons does, without links."""
    page = texts["docs/reference/reasons.md"]
    rows = re.findall(r"^\| `([A-Z_]+)` \|.*\|(.*)\|$", page, re.MULTILINE)
    told = {name: re.sub(r"; see \[\].*|`", "", advice).strip() for name, advice in rows}

    assert {reason.name: advice_for(reason) for reason in bc.Reason} == told

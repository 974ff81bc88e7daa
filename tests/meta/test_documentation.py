"""What the pages must not leave out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import billingcore
from billingcore import errors


def words(page: Path) -> set[str]:
    """Collect the words of a page; a word may hold hyphens, as the codes of errors do."""
    return set(re.findall(r"[A-Za-z_][\w-]*", page.read_text(encoding="utf-8")))


@pytest.fixture
def error_classes():
    """Collect every exception and warning of the package."""
    return [
        value
        for value in vars(errors).values()
        if isinstance(value, type)
        and issubclass(value, Exception)
        and value.__module__ == errors.__name__
    ]


def test_the_glossary_has_every_class(root):
    """The glossary names every public class that is not an error."""
    public = {name: getattr(billingcore, name) for name in billingcore.__all__}
    classes = {
        name
        for name, value in public.items()
        if isinstance(value, type) and not issubclass(value, Exception)
    }

    assert sorted(classes - words(root / "docs" / "glossary.md")) == []


def test_the_reference_has_every_error(root, error_classes):
    """The page on errors names every error with its code, and every warning."""
    needed = {error.__name__ for error in error_classes}
    needed |= {error.code for error in error_classes if hasattr(error, "code")}

    assert sorted(needed - words(root / "docs" / "reference" / "errors.md")) == []


def test_errors_have_codes_of_their_own(error_classes):
    """No two errors share a code, so that a host can tell them apart by it."""
    codes = [error.code for error in error_classes if hasattr(error, "code")]

    assert len(codes) == len(set(codes))


def test_the_changelog_is_in_order(texts):
    """The changelog begins with what is unreleased, and uses the six kinds of change only."""
    text = texts["CHANGELOG.md"]
    releases = re.findall(r"^## (.+)$", text, re.MULTILINE)
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))

    assert releases[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", name) for name in releases[1:])
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

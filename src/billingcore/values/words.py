"""Words that are nearly right: what a person may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["near"]


def near(word: str, known: Iterable[object]) -> str:
    """Ask for the known name that is most like a word; empty if none is.

    >>> near("Quantty", ["Quantity", "Title"])
    'did you mean Quantity?'
    """
    names = (name for name in known if isinstance(name, str) and not name.startswith("_"))
    found = get_close_matches(word, names, n=1)
    return f"did you mean {found[0]}?" if found else ""

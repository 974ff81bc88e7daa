"""Counts of a run as text and as a table."""

from __future__ import annotations

from collections.abc import Iterable

from billingcore.values.text import escaped

__all__ = ["counts_html", "counts_text"]


def counts_text(title: str, counts: Iterable[tuple[str, str]]) -> str:
    """Write names and values, one to a line."""
    return "\n".join([title, *(f"  {name}: {value}" for name, value in counts)])


def counts_html(title: str, counts: Iterable[tuple[str, str]]) -> str:
    """Draw names and values as a table."""
    rows = "".join(
        f'<tr><th scope="row">{escaped(name)}</th><td>{escaped(value)}</td></tr>'
        for name, value in counts
    )
    return f"<table><caption>{escaped(title)}</caption>{rows}</table>"

"""What stands beside amounts in plain text ledgers: the same facts in each of them."""

from __future__ import annotations

from billingcore.ledger.entry import JournalEntry, JournalLine

__all__ = ["Facts", "facts_of_entry", "facts_of_line"]

Facts = tuple[tuple[str, str], ...]
"""Pairs of a word and a text; an empty text is left out."""


def facts_of_entry(entry: JournalEntry) -> Facts:
    """Give what is said of an entry."""
    return (
        ("entry", entry.id),
        ("document", entry.document),
        ("period", entry.period),
        ("reverses", entry.reverses),
    )


def facts_of_line(line: JournalLine) -> Facts:
    """Give what is said of one of its lines."""
    return (
        ("tax-code", line.tax_code),
        ("center", line.center),
        ("cost-object", line.cost_object),
        ("clears", line.clears),
    )

"""What all laws of entries have in common: how amounts are compared, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from billingcore.errors import InvariantViolationError
from billingcore.ledger.entry import JournalLine
from billingcore.records.taxes import Tax
from billingcore.values.context import EXACT, ZERO

__all__ = ["Code", "Sums", "brought", "code_of", "require", "summed"]

Code = tuple[str, Decimal | None, str]
"""Tax code, rate, and the number of the document that is taken back; empty if none is."""

Sums = dict[Code, Decimal]
"""What is booked, or has to be, by tax code and by document that is taken back."""


def require(found: object, wanted: object, law: str, *evidence: object) -> None:
    """Compare what is booked with what has to be.

    Raises:
        InvariantViolationError: it is something else; the evidence ends with both.
    """
    if found != wanted:
        law = f"entries add up to their document: {law}"
        raise InvariantViolationError(law, evidence=(*evidence, found, wanted))


def brought(line: JournalLine) -> Decimal:
    """Give what a detail says that the document brings: a credit counts."""
    return line.signed.copy_negate()


def code_of(tax: Tax, clears: str = "") -> Code:
    """Give a tax as details say it."""
    return (tax.code, tax.rate if tax.code else None, clears)


def summed(rows: Iterable[tuple[Code, Decimal]]) -> Sums:
    """Add up by code; what is 0 is left out."""
    found: Sums = {}
    for code, amount in rows:
        found[code] = EXACT.add(found.get(code, ZERO), amount)
    return {code: amount for code, amount in found.items() if amount}

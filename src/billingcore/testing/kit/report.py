"""What became of each clause, as text, as a table for a notebook, and as records."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from html import escape
from typing import NamedTuple

from attrs import frozen

from billingcore.ports import CONTRACT

__all__ = ["ClauseResult", "ClauseStatus", "StoreError", "StoreReport"]


class ClauseStatus(Enum):
    """What became of a clause."""

    KEPT = "kept"
    """The store does what the clause asks for."""
    BROKEN = "broken"
    """It does not."""
    KNOWN = "broken, as expected"
    """It does not, and the caller said so, with the reason."""
    MENDED = "kept, and was expected to be broken"
    """The caller said that it does not, and it does: take it out of what is expected."""
    SKIPPED = "skipped"
    """It is not asked of this store, which has not what it is about."""


class ClauseResult(NamedTuple):
    """What became of one clause.

    Attributes:
        clause: its name.
        text: the clause.
        status: what became of it.
        reason: why it was skipped, or expected to be broken.
        expected: what it asks for, if it is broken.
        seen: what was there instead.
        calls: the calls of the store that led there, oldest first.
    """

    clause: str
    text: str
    status: ClauseStatus
    reason: str = ""
    expected: str = ""
    seen: str = ""
    calls: tuple[str, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the store, or what was expected of it, is to be mended."""
        return self.status in {ClauseStatus.BROKEN, ClauseStatus.MENDED}

    def __str__(self) -> str:
        told = f"{self.clause}: {self.status.value}"
        told += f" ({self.reason})" if self.reason else ""
        if not self.is_wrong:
            return told
        rows = [told, f"  {self.text}"]
        if self.status is ClauseStatus.BROKEN:
            rows += [f"  expected: {self.expected}", f"  seen: {self.seen}", "  calls:"]
            rows += [f"    {call}" for call in self.calls]
        return "\n".join(rows)


@frozen
class StoreReport:
    """What became of the clauses that a store was asked.

    Attributes:
        results: one for each clause, in the order of the contract.
    """

    results: tuple[ClauseResult, ...]

    @property
    def wrong(self) -> Sequence[ClauseResult]:
        """The clauses that are broken, or kept although it was said that they are not."""
        return [each for each in self.results if each.is_wrong]

    @property
    def badge(self) -> str:
        """One line to show: ``conforms to store contract 1``, with what was not asked."""
        known = self._names(ClauseStatus.KNOWN)
        if self.wrong:
            return f"does not conform to store contract {CONTRACT}: {_clauses(len(self.wrong))}"
        told = f"conforms to store contract {CONTRACT}"
        skipped = len(self._names(ClauseStatus.SKIPPED))
        told += f", but for {', '.join(known)}" if known else ""
        was = "was" if skipped == 1 else "were"
        return f"{told}; {_clauses(skipped)} {was} skipped" if skipped else told

    def records(self) -> list[dict[str, str]]:
        """Give a dictionary for each clause, as for a table of a data frame."""
        return [
            {
                "clause": each.clause,
                "status": each.status.value,
                "text": each.text,
                "reason": each.reason,
                "expected": each.expected,
                "seen": each.seen,
                "calls": "\n".join(each.calls),
            }
            for each in self.results
        ]

    def _names(self, status: ClauseStatus) -> list[str]:
        return [each.clause for each in self.results if each.status is status]

    def __str__(self) -> str:
        return "\n".join([*map(str, self.results), self.badge])

    def _repr_html_(self) -> str:
        """Show it in a notebook: a row for each clause, what is wrong in full."""
        rows = "".join(
            f"<tr><td>{escape(each.clause)}</td><td>{escape(each.status.value)}</td>"
            f"<td><pre>{escape(str(each) if each.is_wrong else each.reason or each.text)}</pre></td></tr>"
            for each in self.results
        )
        return f"<table><caption>{escape(self.badge)}</caption>{rows}</table>"


def _clauses(count: int) -> str:
    return "1 clause" if count == 1 else f"{count} clauses"


class StoreError(AssertionError):
    """A store breaks clauses of the contract.

    Attributes:
        report: all clauses, with what became of them.
    """

    def __init__(self, report: StoreReport) -> None:
        super().__init__(report)
        self.report: StoreReport = report

    def __str__(self) -> str:
        return "\n".join([self.report.badge, *map(str, self.report.wrong)])

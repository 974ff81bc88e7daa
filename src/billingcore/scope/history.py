"""What was billed of an account so far, kept so that a long past costs nothing.

Claims of adjacent days on equal terms are joined as they come, so that ten years of months are one
claim. The lines behind them are kept too, for corrections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from billingcore.records.claims import BilledLine, Claim
from billingcore.values.period import Period

if TYPE_CHECKING:
    from billingcore.invoices.document import Invoice

__all__ = ["History", "joined"]


class History:
    """The invoices of one account as claims and lines, for a store to keep.

    Taking a snapshot of it costs as much as it has billables, not as it has invoices.
    """

    __slots__ = ("_claims", "_lines")

    def __init__(self) -> None:
        self._claims: dict[str, list[Claim]] = {}
        self._lines: dict[str, tuple[BilledLine, ...]] = {}

    def add(self, invoice: Invoice) -> None:
        """Add an invoice; in the order in which they are finalized."""
        for claim in invoice.claims:
            known = self._claims.setdefault(claim.billable, [])
            one = joined(known[-1], claim) if known else None
            if one is None:
                known.append(claim)
            else:
                known[-1] = one
        for line in invoice.lines:
            if line.billable:
                known_lines = self._lines.get(line.billable, ())
                self._lines[line.billable] = (*known_lines, BilledLine(invoice.number, line))

    def claims(self) -> Iterator[Claim]:
        """Yield all claims, joined."""
        for claims in self._claims.values():
            yield from claims

    def lines(self) -> Mapping[str, Sequence[BilledLine]]:
        """Give the lines by what they bill, as they are now."""
        return dict(self._lines)


def joined(one: Claim, following: Claim) -> Claim | None:
    """Join two claims if the second begins where the first ends, and all else is equal.

    >>> from billingcore.records.claims import ClaimState
    >>> january = Claim("S-1/seats", Period.month(2026, 1), "RE-1", ClaimState.FINAL, "")
    >>> february = Claim("S-1/seats", Period.month(2026, 2), "RE-2", ClaimState.FINAL, "")
    >>> both = joined(january, february)
    >>> str(both.period), both.document
    ('2026-01-01/2026-03-01', 'RE-1 to RE-2')
    """
    if one.period is None or following.period is None or one.is_release or following.is_release:
        return None
    if (one.billable, one.state, one.terms) != (
        following.billable,
        following.state,
        following.terms,
    ):
        return None
    (start, border), (begin, stop) = one.period.bounds, following.period.bounds
    if border != begin:
        return None
    first, _, _ = one.document.partition(" to ")
    document = first if first == following.document else f"{first} to {following.document}"
    return one._replace(period=Period(start, stop), document=document)

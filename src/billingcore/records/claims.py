"""What is billed already: which document covers which days of what.

A claim is the trace that a line leaves. All that other systems keep as flags and cursors (billed
until, draft exists, one-time item done) is read from claims, so nothing has to be moved or reset
when a draft is discarded or an invoice is canceled: its claims go, and that is all.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from billingcore.values.period import Period

if TYPE_CHECKING:
    from billingcore.lines.line import LineItem

__all__ = ["BilledLine", "Claim", "ClaimState", "Cover"]


class ClaimState(Enum):
    """What kind of document, or decision, is behind a claim."""

    DRAFT = "draft"
    """On a live draft."""
    FINAL = "final"
    """On a live invoice."""
    WAIVED = "waived"
    """Given up for good, by a policy that says so."""
    CARRIED = "carried"
    """Due, but put off to a later run; covers nothing, and says since when it is due."""
    LINKED = "linked"
    """Usage of a canceled invoice, which is not billed again until it is released."""


class Cover(NamedTuple):
    """What one line bills: a billable, for certain days or once.

    Attributes:
        billable: the name under which it is billed, like ``S-1/seats``.
        period: the days of service, both ends given; None if it is billed once.
        terms: the changed terms that it is billed at, as `Item.version` names them.
        is_release: whether the line takes the days back instead of billing them.
    """

    billable: str
    period: Period | None
    terms: str | None = None
    is_release: bool = False


class Claim(NamedTuple):
    """A cover held by a document.

    A day is covered if more claims cover it than release it. A store may join the claims of
    adjacent days of one billable, state and terms into one, so that a long history stays short.

    Attributes:
        billable: the name under which it is billed, like ``S-1/seats``.
        period: the days of service, both ends given; None if it is billed once.
        document: id of the draft, or number of the invoice.
        state: what kind of document it is.
        terms: the changed terms that were billed, as `Item.version` names them: empty for none.
            None if they are not known, or settled: such days are never corrected.
        is_release: whether the days were taken back, by a correction.
    """

    billable: str
    period: Period | None
    document: str
    state: ClaimState
    terms: str | None = None
    is_release: bool = False


class BilledLine(NamedTuple):
    """A line of an invoice, with what is needed to correct it.

    Attributes:
        document: the number of the invoice.
        line: the line.
    """

    document: str
    line: LineItem

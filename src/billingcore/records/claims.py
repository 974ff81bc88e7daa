"""What is billed already: which document covers which days of what.

A claim is the trace that a line leaves. All that other systems keep as flags and cursors (billed
until, draft exists, one-time item done) is read from claims, so nothing has to be moved or reset
when a draft is discarded or an invoice is cancelled: its claims go, and that is all.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from billingcore.values.period import Period

__all__ = ["Claim", "ClaimState", "Cover"]


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


class Cover(NamedTuple):
    """What one line bills: a billable, for certain days or once.

    Attributes:
        billable: the name under which it is billed, like ``S-1/seats``.
        period: the days of service, both ends given; None if it is billed once.
    """

    billable: str
    period: Period | None


class Claim(NamedTuple):
    """A cover held by a document.

    A store may join the claims of adjacent days of one billable and state into one, so that a
    long history stays short.

    Attributes:
        billable: the name under which it is billed, like ``S-1/seats``.
        period: the days of service, both ends given; None if it is billed once.
        document: id of the draft, or number of the invoice.
        state: what kind of document it is.
    """

    billable: str
    period: Period | None
    document: str
    state: ClaimState

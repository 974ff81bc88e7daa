"""What a cancelled invoice still holds: usage that was handed in as such (behaviour 7.3).

Records of the host, and subscriptions, are free as soon as their invoice is cancelled. Usage of the
account's own stays linked to it until somebody releases it, so that nothing is billed again that
was cancelled on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable

from billingcore.invoices.document import Invoice
from billingcore.lines.origin import UsageOrigin
from billingcore.records.claims import Claim, ClaimState

__all__ = ["claims_after_cancellation", "released"]


def claims_after_cancellation(invoice: Invoice) -> tuple[Claim, ...]:
    """Give the claims that take the place of an invoice's own when it is cancelled.

    They hold its usage, billed or taken back, which is TRANSACTION_LINKED until it is `released`.
    """
    linked = ClaimState.LINKED
    return tuple(
        dict.fromkeys(
            Claim(cover.billable, None, invoice.number, linked, cover.terms, cover.is_release)
            for line in invoice.lines
            if isinstance(line.origin, UsageOrigin) and line.origin.chosen is None
            for cover in line.origin.covers
        )
    )


def released(claims: Iterable[Claim], usage: Iterable[str]) -> tuple[Claim, ...]:
    """Give claims without those that link usage to a cancelled invoice.

    >>> linked = Claim("usage/U-1", None, "RE-1", ClaimState.LINKED, "3 of CALLS on 2026-01-15")
    >>> released([linked], ["usage/U-1"])
    ()

    Args:
        claims: the claims of an account.
        usage: the names of usage records, like ``usage/U-1``; what several items bill of one goes
            with it.
    """
    free = {*usage}
    return tuple(
        claim
        for claim in claims
        if claim.state is not ClaimState.LINKED or _record(claim.billable) not in free
    )


def _record(billable: str) -> str:
    """Give the name of the usage record that a claim is about: ``usage/U-1``."""
    base, colon, party = billable.partition(":")
    return "/".join(base.split("/")[:2]) + colon + party

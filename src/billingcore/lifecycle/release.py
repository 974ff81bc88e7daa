"""What a canceled invoice still holds: usage that was handed in as such (behaviour 7.3).

Records of the host, and subscriptions, are free as soon as their invoice is canceled. Usage of the
account's own stays linked to it until somebody releases it, so that nothing is billed again that
was canceled on purpose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import Invoice
from billingcore.lines.origin import UsageOrigin
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.usage import NATIVE
from billingcore.values.keys import billable_id
from billingcore.values.words import near

__all__ = ["claims_after_cancellation", "released"]


def claims_after_cancellation(invoice: Invoice) -> tuple[Claim, ...]:
    """Give the claims that take the place of an invoice's own when it is canceled.

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


def released(claims: Iterable[Claim], usage: Iterable[str] | None = None) -> tuple[Claim, ...]:
    """Give claims without those that link usage to a canceled invoice.

    >>> linked = Claim("usage/U-1", None, "RE-1", ClaimState.LINKED, "3 of CALLS on 2026-01-15")
    >>> released([linked], ["U-1"]), released([linked], ["usage/U-1"])
    ((), ())

    Args:
        claims: the claims of an account.
        usage: the ids of usage, or its names, like ``usage/U-1``; what several items bill of one
            goes with it. None is all that is linked.

    Raises:
        InvalidInputError: one of them is not linked to a canceled invoice.
    """
    given = tuple(claims)
    linked = {_record(each.billable) for each in given if each.state is ClaimState.LINKED}
    free = linked if usage is None else {_linked(each, linked) for each in usage}
    return tuple(
        claim
        for claim in given
        if claim.state is not ClaimState.LINKED or _record(claim.billable) not in free
    )


def _linked(usage: str, linked: Collection[str]) -> str:
    """Find what is linked by its id or its name."""
    for name in (billable_id(NATIVE, usage), usage):
        if name in linked:
            return name
    fix = near(usage, sorted(linked)) or "give the id or the name of what is TRANSACTION_LINKED"
    rule = "it is not linked to a canceled invoice"
    raise InvalidInputError(rule, field="usage", value=usage, fix=fix)


def _record(billable: str) -> str:
    """Give the name of the usage record that a claim is about: ``usage/U-1``."""
    base, colon, party = billable.partition(":")
    return "/".join(base.split("/")[:2]) + colon + party

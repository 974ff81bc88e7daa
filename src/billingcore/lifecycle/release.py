"""What a canceled invoice still holds: usage that was handed in as such (behaviour 7.3).

Records of the host, and subscriptions, are free as soon as their invoice is canceled. Usage of the
account's own stays linked to it until somebody releases it, so that nothing is billed again that
was canceled on purpose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import Invoice
from billingcore.lines.origin import UsageOrigin
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.terms import FROM_USAGE
from billingcore.records.usage import NATIVE
from billingcore.scope.switches import FirstPeriod
from billingcore.values.keys import billable_id
from billingcore.values.words import near

__all__ = ["claims_after_cancellation", "released"]


def claims_after_cancellation(
    invoice: Invoice, others: Iterable[Invoice] = ()
) -> tuple[Claim, ...]:
    """Give the claims that take the place of an invoice's own when it is canceled.

    They hold its usage, billed or taken back, which is TRANSACTION_LINKED until it is `released`.
    And they keep its first days of an item due, where a policy that begins with the first run
    would take the first days that are still billed for the beginning.

    Args:
        invoice: the document that is canceled.
        others: the documents of its account that stay.
    """
    linked = (
        Claim(
            cover.billable, None, invoice.number, ClaimState.LINKED, cover.terms, cover.is_release
        )
        for line in invoice.lines
        if isinstance(line.origin, UsageOrigin) and line.origin.chosen is None
        for cover in line.origin.covers
    )
    return tuple(dict.fromkeys((*linked, *_first_days(invoice, others))))


def _first_days(invoice: Invoice, others: Iterable[Invoice]) -> Iterator[Claim]:
    """Yield what is due again of items of which no earlier day is billed."""
    is_from_run = invoice.draft.policy.first_period is FirstPeriod.FROM_RUN
    freed = [
        (line.billable, line.service_period)
        for line in invoice.lines
        if line.subscription_id and not line.credit_of
        if line.item.cadence is not None and line.item.recurrence not in FROM_USAGE
    ]
    if not (freed and is_from_run):
        return
    first: dict[str, date] = {}
    for other in others:
        for claim in other.claims:
            if claim.period is not None and not claim.is_release:
                start = claim.period.bounds[0]
                first[claim.billable] = min(start, first.get(claim.billable, start))
    for billable, days in freed:
        if days.bounds[0] <= first.get(billable, date.max):
            yield Claim(billable, days, invoice.number, ClaimState.CARRIED)


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

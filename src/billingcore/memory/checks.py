"""What the store refuses, and in which words."""

from __future__ import annotations

from collections.abc import Sequence

from billingcore.errors import ConflictError, InvalidInputError
from billingcore.invoices.document import DraftInvoice
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import held_days
from billingcore.values.boundary import Boundary
from billingcore.values.period import Period

__all__ = ["check_claim", "conflict", "double_booked", "refused"]


def check_claim(claim: Claim) -> None:
    """Refuse a claim that is wrong."""
    read = Boundary("Claim", claim.billable)
    read.text("document", claim.document)
    read.instance("state", claim.state, ClaimState)
    period = read.optional("period", claim.period, Period)
    if period is not None and not period.is_bounded:
        fix = "give the first and the last day"
        raise read.refuse("period", str(period), "an open end", fix)


def double_booked(claims: Sequence[Claim], held: Sequence[Claim]) -> str:
    """Say what would be billed twice, or taken back without being billed; empty if nothing."""
    once = [-1 if each.is_release else 1 for each in (*held, *claims) if each.period is None]
    if sum(once) > 1 and any(claim.period is None for claim in claims):
        return "once"
    days = held_days((*held, *claims))
    return next((f"{start}/{stop}" for start, stop, count in days if count not in (0, 1)), "")


def refused(
    record: Account | Subscription | SourceRecord, name: str, value: object, rule: str
) -> InvalidInputError:
    """Make the error for a record that cannot be put."""
    where = f"{type(record).__name__} {record.id!r}"
    fix = "use store.change(...)" if name == "id" else ""
    return InvalidInputError(rule, record=where, field=name, value=value, fix=fix)


def conflict(draft: DraftInvoice, stored: DraftInvoice | None) -> ConflictError:
    """Make the error for a draft that somebody else changed."""
    now = "none is stored" if stored is None else f"version {stored.version} is stored"
    made_of = f"it was made of version {draft.version}" if draft.version else "it was new"
    return ConflictError(f"draft {draft.id} was changed meanwhile: {made_of}, now {now}")

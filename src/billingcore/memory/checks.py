"""What the store refuses, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from billingcore.errors import ConflictError, InvalidInputError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.scope.coverage import held_days
from billingcore.values.boundary import Boundary
from billingcore.values.period import Period

__all__ = [
    "check_claim",
    "check_discard",
    "check_freeing",
    "conflict",
    "double_booked",
    "issued_already",
    "refused",
]


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


def check_discard(draft: DraftInvoice, held: Mapping[str, Sequence[Claim]]) -> None:
    """Refuse to discard a draft that takes days back which another document bills anew.

    Args:
        draft: the draft.
        held: all claims of its account, by what they bill.
    """
    for billable, days in _torn(draft.claims, held):
        rule = f"without this draft {billable} would be billed twice for {days}; "
        raise ConflictError(rule + "discard the draft that bills these days anew first")


def check_freeing(
    invoice: Invoice,
    held: Mapping[str, Sequence[Claim]],
    documents: Iterable[DraftInvoice | Invoice],
) -> None:
    """Refuse to give an invoice free without which the corrections of it would not add up.

    Args:
        invoice: the invoice.
        held: all claims of its account, by what they bill.
        documents: all live documents of its account.
    """
    fix = "cancel, or discard, that one first"
    for document in documents:
        if document.kind is InvoiceKind.CANCELLATION:
            continue
        for line in document.lines:
            if line.corrects is not None and line.corrects.document == invoice.number:
                name = document.number if isinstance(document, Invoice) else document.id
                raise ConflictError(f"{name} corrects {invoice.number}; {fix}")
    for billable, days in _torn(invoice.claims, held):
        rule = f"another document bills {billable} anew for {days}"
        raise ConflictError(f"{rule}, which {invoice.number} takes back; {fix}")


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


_ANOTHER: Final = {
    "manual/": "for a second one of the same content, give it a name: reference=...",
    "credit/": "for another credit, make it anew from the books as they are now",
}
"""How the ids of drafts by hand begin → how to make another one like it."""


def issued_already(draft_id: str, number: str) -> InvalidTransitionError:
    """Make the error for a draft that is an invoice."""
    found = [advice for prefix, advice in _ANOTHER.items() if draft_id.startswith(prefix)]
    fix = "; ".join(["an invoice never changes; read it with store.invoice(number)", *found])
    return InvalidTransitionError(
        "the draft is an invoice already",
        record=f"Draft {draft_id!r}",
        field="number",
        value=number,
        fix=fix,
    )


def _torn(
    claims: Iterable[Claim], held: Mapping[str, Sequence[Claim]]
) -> Iterator[tuple[str, str]]:
    """Yield what would be billed twice without a document that takes it back.

    Args:
        claims: those of the document.
        held: all claims, its own among them, by what they bill.
    """
    undone: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.period is not None:
            without = claim._replace(is_release=not claim.is_release)
            undone.setdefault(claim.billable, []).append(without)
    for billable, gone in undone.items():
        if any(claim.is_release for claim in held[billable]):
            days = double_booked(gone, held[billable])
            if days:
                yield billable, days

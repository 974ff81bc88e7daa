"""What every store refuses, and in which words: the rules of the contract that need no database.

A store looks up what is stored, asks one of these functions, and writes if it raises nothing. So
`MemoryStore`, the adapters and a store of the host's own refuse the same, and say the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from billingcore.errors import ConflictError, InvalidInputError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.coverage import held_days
from billingcore.scope.history import joined
from billingcore.values.boundary import Boundary
from billingcore.values.period import Period

__all__ = [
    "check_claim",
    "check_discard",
    "check_free",
    "check_freeing",
    "check_not_issued",
    "check_number",
    "check_version",
    "joined_claims",
    "no_draft",
    "no_invoice",
]

_CARRIED: Final = ClaimState.CARRIED  # looked up slowly in its class

_ANOTHER: Final = {
    "manual/": "for a second one of the same content, give it a name: reference=...",
    "credit/": "for another credit, make it anew from the books as they are now",
}
"""How the ids of drafts by hand begin → how to make another one like it."""


def check_claim(claim: Claim) -> None:
    """Refuse a claim that was handed in and is wrong.

    >>> check_claim(Claim("S-1/seats", Period("2026-01-01", None), "R-1", ClaimState.FINAL))
    Traceback (most recent call last):
    ...
    billingcore.errors.InvalidInputError: Claim 'S-1/seats': period = '2026-01-01/..': an open end...

    Raises:
        InvalidInputError: it names no document, has no state, or its days have no end.
    """
    read = Boundary("Claim", claim.billable)
    read.text("document", claim.document)
    read.instance("state", claim.state, ClaimState)
    period = read.optional("period", claim.period, Period)
    if period is not None and not period.is_bounded:
        fix = "give the first and the last day"
        raise read.refuse("period", str(period), "an open end", fix)


def check_free(claims: Iterable[Claim], others: Iterable[Claim]) -> None:
    """Refuse claims on days that are billed already, or that take back what is not billed.

    >>> january = Claim("S-1/seats", Period.month(2026, 1), "R-1", ClaimState.FINAL)
    >>> check_free([january._replace(document="manual/1")], [january])
    Traceback (most recent call last):
    ...
    billingcore.errors.ConflictError: S-1/seats is billed already for 2026-01-01/2026-02-01

    Args:
        claims: those of a document that is to be stored.
        others: those of all others of its account, and of all accounts that have the same records.
            Only those on what the document bills are needed; more do no harm.

    Raises:
        ConflictError: naming what is billed already, and the days.
    """
    own = _by_billable(claims)
    held = _by_billable(each for each in others if each.billable in own)
    for billable, wanted in own.items():
        days = _double_booked(wanted, held.get(billable, []))
        if days:
            raise ConflictError(f"{billable} is billed already for {days}")


def check_discard(draft: DraftInvoice, held: Iterable[Claim]) -> None:
    """Refuse to discard a draft that takes days back which another document bills anew.

    Args:
        draft: the draft.
        held: all claims of its account, its own among them. Only those on what the draft bills are
            needed; more do no harm.

    Raises:
        ConflictError: naming what would be billed twice, and the days.
    """
    for billable, days in _torn(draft.claims, held):
        rule = f"without this draft {billable} would be billed twice for {days}; "
        raise ConflictError(rule + "discard the draft that bills these days anew first")


def check_freeing(
    invoice: Invoice, held: Iterable[Claim], documents: Iterable[DraftInvoice | Invoice]
) -> None:
    """Refuse to give an invoice free without which the corrections of it would not add up.

    Args:
        invoice: the invoice.
        held: all claims of its account, its own among them. Only those on what the invoice bills
            are needed; more do no harm.
        documents: the live documents of its account. Only those that correct the invoice are
            needed; more do no harm.

    Raises:
        ConflictError: naming the document that is to be canceled or discarded first.
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


def check_version(draft: DraftInvoice, stored: int | None) -> None:
    """Refuse a draft that was made of another version than the stored one.

    Args:
        draft: the draft.
        stored: which version is stored; None if none is.

    Raises:
        ConflictError: somebody else changed, stored or removed it meanwhile.
    """
    if draft.version == (stored or 0):
        return
    now = "none is stored" if stored is None else f"version {stored} is stored"
    made_of = f"it was made of version {draft.version}" if draft.version else "it was new"
    raise ConflictError(f"draft {draft.id} was changed meanwhile: {made_of}, now {now}")


def check_not_issued(draft_id: str, number: str | None) -> None:
    """Refuse a draft that is an invoice.

    >>> check_not_issued("R/acme/1", None)

    Args:
        draft_id: its id.
        number: of the invoice that was made of it; None if none was.

    Raises:
        InvalidTransitionError: with what to do instead.
    """
    if number is None:
        return
    found = [advice for prefix, advice in _ANOTHER.items() if draft_id.startswith(prefix)]
    fix = "; ".join(["an invoice never changes; read it with store.invoice(number)", *found])
    raise InvalidTransitionError(
        "the draft is an invoice already",
        record=f"Draft {draft_id!r}",
        field="number",
        value=number,
        fix=fix,
    )


def check_number(number: str, used: Container[str], *, elsewhere: str | None = None) -> None:
    """Refuse a number that something has already.

    >>> check_number("RE-1", {"RE-1"})
    Traceback (most recent call last):
    ...
    billingcore.errors.InvalidInputError: number = 'RE-1': the number is in use by another series...

    Args:
        number: of an invoice, or one that is skipped.
        used: the numbers of invoices, and those that were skipped.
        elsewhere: the account with a document of this number that was made elsewhere; None if there
            is none.

    Raises:
        InvalidInputError: it is in use.
    """
    if number in used:
        fix = "give each number series its own pattern"
        rule = "the number is in use by another series"
        raise InvalidInputError(rule, field="number", value=number, fix=fix)
    if elsewhere is not None:
        rule = f"a document of {elsewhere!r} that was made elsewhere has this number"
        fix = "start the counter behind it, or skip the number: skip_number(...)"
        raise InvalidInputError(rule, field="number", value=number, fix=fix)


def no_draft(draft_id: str, number: str | None = None) -> InvalidInputError:
    """Make the error for a draft that is not there.

    Args:
        draft_id: its id.
        number: of the invoice that was made of it; None if none was.
    """
    fix = f"it is invoice {number}" if number else "it was discarded, or never stored"
    return InvalidInputError("no live draft of this id", field="draft_id", value=draft_id, fix=fix)


def no_invoice(number: str) -> InvalidInputError:
    """Make the error for an invoice that is not there."""
    return InvalidInputError("no invoice of this number", field="number", value=number)


def joined_claims(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield claims of invoices, those of adjacent days on equal terms as one.

    So ten years of months are one claim, and a snapshot stays short. They come by what they bill, in
    the order in which that was billed first.

    >>> months = [
    ...     Claim("S-1/seats", Period.month(2026, month), f"R-{month}", ClaimState.FINAL, "")
    ...     for month in (1, 2)
    ... ]
    >>> [str(claim.period) for claim in joined_claims(months)]
    ['2026-01-01/2026-03-01']

    Args:
        claims: in the order in which the invoices were finalized.
    """
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        known = found.setdefault(claim.billable, [])
        one = joined(known[-1], claim) if known else None
        if one is None:
            known.append(claim)
        else:
            known[-1] = one
    for each in found.values():
        yield from each


def _by_billable(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Sort claims by what they bill, without those that cover nothing."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.state is not _CARRIED:
            found.setdefault(claim.billable, []).append(claim)
    return found


def _double_booked(claims: Sequence[Claim], held: Sequence[Claim]) -> str:
    """Say what claims bill twice, or take back without being billed; empty if nothing.

    What is held twice elsewhere, on days that the claims do not touch, is not their fault.
    """
    once = [-1 if each.is_release else 1 for each in (*held, *claims) if each.period is None]
    if sum(once) > 1 and any(claim.period is None for claim in claims):
        return "once"
    own = [each.period.bounds for each in claims if each.period is not None]
    for start, stop, count in held_days((*held, *claims)):
        if count not in (0, 1) and any(start < end and begin < stop for begin, end in own):
            return f"{start}/{stop}"
    return ""


def _torn(claims: Iterable[Claim], held: Iterable[Claim]) -> Iterator[tuple[str, str]]:
    """Yield what would be billed twice without a document that takes it back.

    Args:
        claims: those of the document.
        held: all claims, its own among them.
    """
    undone: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.period is not None:
            without = claim._replace(is_release=not claim.is_release)
            undone.setdefault(claim.billable, []).append(without)
    known = _by_billable(each for each in held if each.billable in undone)
    for billable, gone in undone.items():
        if any(claim.is_release for claim in known[billable]):
            days = _double_booked(gone, known[billable])
            if days:
                yield billable, days

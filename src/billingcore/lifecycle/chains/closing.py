"""Close deposits and pro forma invoices that have served their end (behaviour 5.2)."""

from __future__ import annotations

from attrs import evolve

from billingcore.errors import InvalidTransitionError
from billingcore.invoices.document import Invoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.updates import updates
from billingcore.ledger.reversal import reverse
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.paying.posting import post_advances
from billingcore.lifecycle.paying.settling import unlinked
from billingcore.lifecycle.standing import canceled_by, credits_of, final_of, live_but
from billingcore.records.payment import Closing
from billingcore.records.reasons import Problem
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import ZERO

__all__ = ["close"]


def close(books: Books, number: str, *, on: DateLike, reason: str = "") -> Effects:
    """Close a deposit, progress or pro forma invoice: nobody is to pay it any more.

    For a deposit that no final deducts, once the sale is invoiced. What was paid is free again, and
    counts for the next document; its entries are reversed; what it covers can be billed again. A
    document that showed tax has to be canceled, too, before another one shows the same tax: that is
    reported.

    Use it as ``store.record(account, lambda books: close(books, number, on=day))``.

    Args:
        books: of its account.
        number: of the document.
        on: when.
        reason: why; kept with the closing.

    Raises:
        DateRangeError: *on* is no date.
        InvalidInputError: the account has no document of this number.
        InvalidTransitionError: it is of another kind, canceled, closed, credited in part, or deducted
            by a final.
    """
    invoice = books.invoice(number)
    read = Boundary(KINDS[invoice.kind].title, number)
    day, why = read.read("on", on, read_date), read.text("reason", reason)
    _check(books, invoice, read.record)
    asks = KINDS[invoice.kind].asks_for_payment
    closing = Closing(number, invoice.totals.due if asks else ZERO, day, why)
    effects = evolve(unlinked(books, number, on=day), closings=(closing,), canceled=number)
    opposites = reverse(
        books.entries.get(f"invoice/{number}", ()),
        books.setup.accounting,
        source=f"closing/{number}",
        on=day,
        text=f"{KINDS[invoice.kind].title} {number} closed",
    )
    effects = evolve(
        effects,
        entries=(*opposites, *effects.entries),
        updates=updates(invoice, is_gone=True, live=live_but(books, invoice)),
        problems=(*effects.problems, *_shown_tax(books, invoice, read.record)),
    )
    return post_advances(books, effects, on=day)


def _check(books: Books, invoice: Invoice, record: str) -> None:
    number, rules = invoice.number, KINDS[invoice.kind]
    final, credited = final_of(books, number), credits_of(books, number)
    canceled = canceled_by(books, number)
    if not rules.is_interim and rules.asks_for_payment:
        rule, fix = f"a {rules.title.lower()} is paid, not closed", "cancel it, or write it off"
    elif canceled:
        rule, fix = f"{canceled} canceled it already", "nothing is left of it"
    elif number in books.index.closings:
        rule, fix = f"it was closed on {books.index.closings[number].date}", "nothing is left of it"
    elif final is not None:
        rule, fix = f"{final.number} deducts it", "cancel that first"
    elif credited:
        rule = f"parts of it were given back by {', '.join(each.number for each in credited)}"
        fix = "cancel these first"
    else:
        return
    raise InvalidTransitionError(rule, record=record, fix=fix)


def _shown_tax(books: Books, invoice: Invoice, record: str) -> list[Problem]:
    """Report a document that showed tax, which the real invoice will show again."""
    tax = invoice.totals.tax
    if not tax or not KINDS[invoice.kind].asks_for_payment:
        return []
    rule = f"it showed a tax of {tax} {invoice.currency}, which the real invoice shows again"
    fix = "cancel it before that is finalized: cancel(...)"
    error = InvalidTransitionError(rule, record=record, fix=fix)
    return [Problem.of(error, account=books.account.id, record=f"invoice/{invoice.number}")]

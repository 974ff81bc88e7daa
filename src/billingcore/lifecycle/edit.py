"""Edit a draft into another draft: change, add or remove a line, or a discount; sums follow.

No draft changes; every function gives a new one. Edit as often as you like, then keep the last one
with `store.put`, or finalize it; both refuse it if somebody else stored another version meanwhile.

The lines of a draft that cancels or credits a document are parts of that: they are never edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from billingcore.errors import (
    CurrencyMismatchError,
    InvalidInputError,
    InvalidTransitionError,
)
from billingcore.invoices.assembly import Asked, questions_for
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.reopening import open_lines
from billingcore.lifecycle.manual import ask_for, lines_by_hand, nothing_billed
from billingcore.lifecycle.rebuilding import rebuilt
from billingcore.lines.line import LineItem, OpenLine
from billingcore.lines.making import make_line, terms_of
from billingcore.ports import TaxEngine
from billingcore.records.bookkeeping.document import DocumentBooking
from billingcore.records.contact import Contacts
from billingcore.records.discount import Discount
from billingcore.records.item import Item
from billingcore.records.taxes import UNTAXED, TaxAnswer, TaxPurpose
from billingcore.records.terms import LineType
from billingcore.scope.contacts import resolve_contacts
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import exactly
from billingcore.values.period import Period
from billingcore.values.sealing import changed

__all__ = [
    "add_line",
    "change_line",
    "discount_order",
    "readdress",
    "rebook",
    "remove_line",
]


def change_line(
    draft: DraftInvoice, number: int, *, tax: TaxEngine | None = None, **changes: Any
) -> DraftInvoice:
    """Change fields of a line's item, such as quantity, unit price, title or discount.

    The days and the billing factor stay. What the line covers stays too.

    Args:
        draft: the draft to edit.
        number: the line's number, from 1.
        tax: needed if the tax code changes.
        changes: fields of `Item` with their new values.

    Raises:
        InvalidInputError: there is no such line or field, the value is wrong, or the line corrects
            what is billed already, or deducts what was invoiced before.
        InvalidTransitionError: the draft cancels or credits another document.
    """
    _check_own_lines(draft)
    old = _line(draft, number)
    if old.corrects is not None:
        rule = f"the line corrects line {old.corrects.number} of {old.corrects.document}"
        fix = "change the contract and run again, or remove the line"
        raise InvalidInputError(rule, field="number", value=number, fix=fix)
    item = _changed(old.item, changes)
    with exactly():
        lines = open_lines(draft)
        terms = terms_of(old.subscription, old.heading, old.filter, draft.policy, draft.currency)
        new = make_line(item, old.billable, old.span, terms)
        if new.currency != draft.currency:
            fix = f"give the price in {draft.currency}"
            rule = "a document has one currency"
            raise CurrencyMismatchError(rule, field="currency", value=new.currency, fix=fix)
        new.own_key, new.origin, new.type = old.own_key, old.origin, old.type
        new.tax = old.tax
        lines[number - 1] = new
    if item.tax_code != old.item.tax_code:
        new.tax = UNTAXED
        return rebuilt(draft, lines, draft.order_discount, *_asked(draft, [new], tax))
    return rebuilt(draft, lines, draft.order_discount)


def add_line(
    draft: DraftInvoice,
    item: Item,
    *,
    tax: TaxEngine | None = None,
    period: Period | None = None,
) -> DraftInvoice:
    """Add a line by hand at the end, or one for each version of the item; they cover nothing.

    Args:
        draft: the draft to edit.
        item: what is sold; in the draft's currency.
        tax: needed if the item has a tax code.
        period: its days of service; None takes the draft's period.

    Raises:
        CurrencyMismatchError: the item has another currency.
        InvalidInputError: nothing of the item is billed for these days.
        InvalidTransitionError: the draft cancels or credits another document.
    """
    _check_own_lines(draft)
    days = period or draft.period
    if item.currency not in (None, draft.currency):
        rule, fix = "a document has one currency", f"give the price in {draft.currency}"
        raise CurrencyMismatchError(rule, field="currency", value=item.currency, fix=fix)
    with exactly():
        terms = terms_of(None, draft.heading, "", draft.policy, draft.currency)
        added = list(lines_by_hand(item, days, draft.policy, terms))
        if not added:
            raise nothing_billed(days)
        for number, line in enumerate(added, _next_number(draft)):
            line.own_key = f"{draft.id}+{number}"
        lines = [*open_lines(draft), *added]
    return rebuilt(draft, lines, draft.order_discount, *_asked(draft, added, tax))


def remove_line(draft: DraftInvoice, number: int) -> DraftInvoice:
    """Remove a line; what it covered is free again once the edited draft is stored.

    Raises:
        InvalidInputError: there is no such line, it is the only one, or it deducts what was
            invoiced before.
        InvalidTransitionError: the draft cancels or credits another document.
    """
    _check_own_lines(draft)
    _line(draft, number)
    if len(draft.scope) == 1:
        fix = "discard the draft"
        raise InvalidInputError("a draft has at least one line", field="number", value=1, fix=fix)
    lines = open_lines(draft)
    del lines[number - 1]
    return rebuilt(draft, lines, draft.order_discount)


def discount_order(draft: DraftInvoice, discount: Discount | None) -> DraftInvoice:
    """Put an order discount on the document, or take it off; the lines share it.

    It takes the place of that of a coupon, which is free again once the edited draft is stored.

    Raises:
        InvalidTransitionError: the draft cancels or credits another document.
    """
    _check_own_lines(draft)
    return changed(rebuilt(draft, open_lines(draft), discount), coupon="")


def readdress(
    draft: DraftInvoice,
    contacts: Contacts,
    *,
    contact: str | None = None,
    on: DateLike | None = None,
) -> DraftInvoice:
    """Decide anew who gets the document; nothing else changes.

    Args:
        draft: the draft to edit.
        contacts: the contacts of its account, as they are now.
        contact: id of the contact that is its Invoice Contact whoever has that role; None takes
            the one who has it.
        on: the day on which contacts count; None takes the invoice date, else the day for which
            it was decided before, else the last day of the draft's period.

    Raises:
        InvalidInputError: there is no such active contact, or *on* is no day.
    """
    person = None if contact is None else contacts.find(contact)
    if contact is not None and (person is None or not person.active):
        fix = "use one of " + ", ".join(each.id for each in contacts.contacts if each.active)
        raise InvalidInputError("no such contact", field="contact", value=contact, fix=fix)
    day = on or draft.invoice_date or draft.recipients.day or draft.period.bounds[1] - ONE_DAY
    found = resolve_contacts(draft.account.id, contacts, day, explicit=contact)
    return changed(draft, recipients=found)


def rebook(draft: DraftInvoice, booked: DocumentBooking) -> DraftInvoice:
    """Say how the document is booked, where that does not follow from its account and date.

    >>> from billingcore import Account, DocumentBooking, Item, Period, draft
    >>> made = draft(Account("acme", currency="EUR"), [Item("setup", unit_price=50)],
    ...              period=Period.month(2026, 1))
    >>> rebook(made, DocumentBooking(debtor="10042")).booked.debtor
    '10042'

    Raises:
        InvalidInputError: *booked* is no `DocumentBooking`.
    """
    read = Boundary("Draft", draft.id)
    return changed(draft, booked=read.instance("booked", booked, DocumentBooking))


def _check_own_lines(draft: DraftInvoice) -> None:
    """Refuse to edit lines that are parts of another document."""
    if draft.original:
        rule = f"its lines are those of {draft.original}"
        fix = "discard it, and credit other amounts: credit(...)"
        raise InvalidTransitionError(rule, record=f"Draft {draft.id!r}", fix=fix)


def _next_number(draft: DraftInvoice) -> int:
    """Give a number that no line added to this draft has."""
    ends = (line.billing_key.rpartition("+")[2] for line in draft.lines if not line.billable)
    return max((int(end) for end in ends if end.isdigit()), default=0) + 1


def _line(draft: DraftInvoice, number: int) -> LineItem:
    lines, record = draft.scope, f"Draft {draft.id!r}"
    deductions = (each for each in draft.lines if each.type is LineType.DEDUCTION)
    if any(each.number == number for each in deductions):
        rule = "the line deducts what was invoiced before"
        fix = "credit or cancel that invoice instead"
        raise InvalidInputError(rule, record=record, field="number", value=number, fix=fix)
    if not 1 <= number <= len(lines):
        fix = f"use 1 to {len(lines)}"
        raise InvalidInputError(
            "no such line", record=record, field="number", value=number, fix=fix
        )
    return lines[number - 1]


def _changed(item: Item, changes: dict[str, Any]) -> Item:
    try:
        return attrs.evolve(item, **changes)
    except TypeError:
        known = {each.name for each in attrs.fields(Item) if each.init}
        unknown = ", ".join(sorted(set(changes) - known))
        fix = "use one of " + ", ".join(sorted(known))
        raise InvalidInputError(
            "an item has no such field", field="changes", value=unknown, fix=fix
        ) from None


def _asked(
    draft: DraftInvoice, lines: Sequence[OpenLine], tax: TaxEngine | None
) -> tuple[Asked, Sequence[TaxAnswer]]:
    """Ask for the taxes of new lines."""
    asked = questions_for(lines, draft.account)
    return asked, ask_for(asked, tax, TaxPurpose.ESTIMATE)

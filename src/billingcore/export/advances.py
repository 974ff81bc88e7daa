"""What was paid in advance, as plain data for BG-X-45 of Factur-X EXTENDED."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from billingcore.export.en16931.lines import rate_of
from billingcore.export.en16931.rules import EN16931, RuleSet, type_codes
from billingcore.export.en16931.terms import Group, amount_in, group, text
from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import Invoice
from billingcore.render.deducting import by_rate
from billingcore.scope.switches import FinalShape
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import ZERO, total

__all__ = ["advance_payments"]

_CALLER: Final = "export.advance_payments"
_NOTHING: Final[Mapping[str, DateLike]] = {}


def advance_payments(
    invoice: Invoice,
    data: Mapping[str, Any],
    *,
    received: Mapping[str, DateLike] = _NOTHING,
    rules: RuleSet = EN16931,
    is_construction: bool = False,
) -> list[Group]:
    """Give what a final deducts as advances, each with the taxes in it.

    EN 16931 has no terms for them; ``SpecifiedAdvancePayment`` of Factur-X and ZUGFeRD, profile
    EXTENDED, has (BG-X-45). Each advance is a dictionary: ``paid`` is the amount with tax,
    ``received`` the day on which it came, if that is given, and ``taxes`` are dictionaries with
    ``tax``, ``category`` and, where there is one, ``rate`` in percent. ``document``, ``date`` and
    ``type_code`` name the advance invoice. No rule of that profile compares the sum with BT-113, so
    it is done here.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> made = draft(acme, [Item("seats", unit_price=100)], period=Period.month(2026, 1))
    >>> invoice = Invoice("2026-00001", made.period.last, made.period.last, made)
    >>> advance_payments(invoice, {"BT-1": "2026-00001"})  # a document that deducts nothing
    []

    Args:
        invoice: the document.
        data: what ``en16931(invoice, as_prepaid=True)`` gave.
        received: number of an advance invoice → the day on which it was paid.
        rules: the rule set of the type codes.
        is_construction: whether the advance invoices have the type codes of construction work.

    Raises:
        InvalidInputError: an argument is wrong, or the advances are not what is paid by the data.
    """
    read = Boundary(_CALLER)
    document = read.instance("invoice", invoice, Invoice)
    chosen = read.instance("rules", rules, RuleSet)
    is_building = read.flag("is_construction", is_construction)
    codes = type_codes(chosen, is_construction=is_building)
    days = {key: read.read("received", day, read_date) for key, day in received.items()}
    deducted = {each.number: each for each in _deducted(document)}
    for key in days.keys() - deducted.keys():
        fix = "give the numbers of documents that it deducts"
        raise read.refuse("received", key, f"{document.number} deducts nothing of it", fix)
    _check_sum(read, document, data, total(each.gross for each in deducted.values()))
    return [
        group(
            {
                "paid": amount_in(document.currency, each.gross),
                "received": days.get(each.number),
                "taxes": [*_taxes(document.currency, each)],
                "document": text(each.number),
                "date": each.date,
                "type_code": codes[each.kind],
            }
        )
        for each in deducted.values()
    ]


def _deducted(invoice: Invoice) -> Iterator[Deduction]:
    """Yield what is paid already; a final of the remainder has taken it off by lines."""
    if invoice.draft.policy.final_shape is FinalShape.CUMULATIVE:
        yield from (each for each in invoice.deductions if each.gross)


def _check_sum(read: Boundary, invoice: Invoice, data: Mapping[str, Any], paid: Decimal) -> None:
    shown = data.get("BG-22", {}).get("BT-113", ZERO)
    if shown != paid:
        name = "en16931(invoice, as_prepaid=True)" if paid else "en16931(invoice)"
        rule = f"the advances of {invoice.number} are {paid:f}"
        raise read.refuse("BT-113", shown, rule, f"give the data of {name}")


def _taxes(currency: str, deduction: Deduction) -> Iterator[Group]:
    """Yield the taxes by category and rate: BG-X-46."""
    for tax, net, amount in by_rate(deduction.parts):
        if net or amount:
            shown = amount_in(currency, amount)
            yield group({"tax": shown, "category": tax.category.value, "rate": rate_of(tax)})

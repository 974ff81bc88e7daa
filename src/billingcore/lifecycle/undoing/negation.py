"""Turn lines and documents around: what an issued document billed, with the other sign.

The unit price is negated, as the products do it, and the quantity stays. Only where the price
follows from tiers of the line's own item, there is no unit price to negate, and the quantity is.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve

from billingcore.invoices.chain import NO_CHAIN
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lines.line import LineItem
from billingcore.lines.origin import Original, ReversalOrigin
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.pricing import PricePart
from billingcore.values.context import negated
from billingcore.values.sealing import changed

__all__ = ["follow_up", "negated_line", "negated_totals"]


def negated_line(
    line: LineItem, original: Original, own_key: str, before: Decimal, **others: Any
) -> LineItem:
    """Give a line of an issued document with all amounts negated; it covers nothing.

    Args:
        line: the recorded line.
        original: its document.
        own_key: the billing key of the negated line.
        before: what was given back of the line before.
        others: fields that are not simply negated, as they shall be.
    """
    tax_amount = line.tax_amount
    root = None if line.origin is None else line.origin.root
    fields = {
        "item": _negated_item(line.item),
        "amount": negated(line.amount),
        "discount": negated(line.discount),
        "order_discount": negated(line.order_discount),
        "net": negated(line.net),
        "tax_amount": None if tax_amount is None else negated(tax_amount),
    }
    return changed(
        line,
        **(fields | others),
        billable="",
        own_key=own_key,
        corrects=None,
        origin=ReversalOrigin(original, line.number, line.priced, before, root),
    )


def _negated_item(item: Item) -> Item:
    if item.pricing is not None:
        return evolve(item, quantity=negated(item.quantity), changes=())
    part = item.part and _negated_part(item.part)
    return evolve(item, unit_price=negated(item.unit_price), part=part, changes=())


def _negated_part(part: PricePart) -> PricePart:
    """Give a part of a price whose portions say the negated price."""
    portions = [
        portion._replace(price=negated(portion.price), instead=negated(portion.instead))
        for portion in part.portions
    ]
    return part._replace(portions=tuple(portions))


def negated_totals(totals: Totals) -> Totals:
    """Give sums with every amount negated."""
    return Totals(
        line_total=negated(totals.line_total),
        allowance_total=negated(totals.allowance_total),
        charge_total=negated(totals.charge_total),
        net=negated(totals.net),
        tax=negated(totals.tax),
        gross=negated(totals.gross),
        paid=negated(totals.paid),
        rounding=negated(totals.rounding),
        due=negated(totals.due),
        breakdown=tuple(
            TaxSubtotal(row.tax, negated(row.taxable), negated(row.amount))
            for row in totals.breakdown
        ),
    )


def follow_up(
    invoice: Invoice,
    kind: InvoiceKind,
    run_id: str,
    ordinal: int,
    lines: Sequence[LineItem],
    totals: Totals,
) -> DraftInvoice:
    """Make the draft of a document that cancels or credits another.

    Buyer, recipients, seller, terms and policy are those of the original, and so is how it is
    booked, but for the date.
    """
    draft = invoice.draft
    return changed(
        draft,
        run_id=run_id,
        ordinal=ordinal,
        kind=kind,
        lines=tuple(lines),
        totals=totals,
        invoice_date=None,
        order_discount=None,
        version=0,
        original=invoice.number,
        booked=evolve(draft.booked, date=None),
        coupon="",
        chain=NO_CHAIN,
    )

"""Read lines that differ from one read before in nothing but words and numbers.

Records of one kind mostly agree in everything but title, quantity, price and order number. What
they agree in is read once; each further line is a copy of that item. A line that is in any way
unusual is not read here at all, so that all errors come from one place.
"""

from __future__ import annotations

from decimal import Decimal
from types import NoneType
from typing import Any, Final, NamedTuple

from billingcore.records.copying import is_usual_number
from billingcore.records.item import Item
from billingcore.records.source import SourceRecord
from billingcore.records.terms import BillingType, LineType
from billingcore.scope.selection import Filter
from billingcore.values.memo import Memo
from billingcore.values.text import is_plain_text

__all__ = ["COMMON", "QuickLine", "QuickReader"]

COMMON: Final = frozenset({NoneType, bool, str})
"""Types of values that are right or wrong whatever the record; equal ones are the same."""

NUMBERS: Final = frozenset({Decimal, int, str})
"""Types of quantities and prices that an item reads by itself."""

VARYING: Final = ("invoice", "order_no", "quantity", "title", "unit_price")
WRITTEN: Final = frozenset({"error", "last_error", "last_run"})

QuickLine = tuple[str, Item, "Known", object]
"""A line that was read: its order number, the item, what it has in common with others, and the
invoice that the record arrived with."""


class Known(NamedTuple):
    """What lines have in common.

    Attributes:
        item: an item that has it.
        kind: what they are on the document.
        is_simple: whether they are products, billed once for the run's days, in no order.
        can_be_named: whether `Item.named` is for them.
    """

    item: Item
    kind: LineType
    is_simple: bool
    can_be_named: bool


class _Plan(NamedTuple):
    """The real names of the fields of records of one make; None for one that they do not have."""

    invoice: str | None
    order_no: str | None
    quantity: str
    title: str | None
    unit_price: str
    common: tuple[str, ...]


class QuickReader:
    """Remembers what lines of one filter have in common."""

    __slots__ = ("_chosen", "_known", "_plans")

    def __init__(self, chosen: Filter) -> None:
        self._chosen = chosen
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._known: Memo[tuple[object, ...], Known] = Memo()

    def read(self, record: SourceRecord) -> QuickLine | None:
        """Read a line; None if it has to be read with care."""
        mapping: Any = record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plans.get(tuple(mapping))
            if plan is None:
                return None
            invoice, order_no, quantity, title, unit_price, names = plan
            common = [mapping[real] for real in names]
            if not COMMON.issuperset(map(type, common)):
                return None
            known = self._known.get((plan, *common))
            if known is None:
                return None
            number = "" if order_no is None else mapping[order_no] or ""
            if number and not is_plain_text(number):
                return None
            amount: object = mapping[quantity]
            price: object = mapping[unit_price]
            if not NUMBERS.issuperset((type(amount), type(price))):
                return None
            words = number or record.id, ("" if title is None else mapping[title]) or ""
            sold = _sold(known, *words, amount, price)
            return number, sold, known, None if invoice is None else mapping[invoice]
        except Exception:  # noqa: BLE001 - wrong, or the host's code; asked again, with care
            return None

    def learn(self, record: SourceRecord, item: Item, kind: LineType) -> None:
        """Remember a line that was read with care."""
        mapping, fields = record.mapping, self._chosen.fields
        if mapping is None or fields.formulas:
            return
        layout = fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if "quantity" not in reals or "unit_price" not in reals:
            return
        further = [real for name, real in reals.items() if name not in (*VARYING, *WRITTEN)]
        plan = _Plan(
            reals.get("invoice"),
            reals.get("order_no"),
            reals["quantity"],
            reals.get("title"),
            reals["unit_price"],
            (*further, *(real for _, real in layout.extras)),
        )
        common = [mapping[real] for real in plan.common]
        if COMMON.issuperset(map(type, common)):
            self._plans[record.field_names()] = plan
            self._known.keep(
                (plan, *common), Known(item, kind, _is_simple(item, kind), item.can_be_named)
            )


def _sold(known: Known, id: str, title: Any, quantity: Any, price: Any) -> Item:
    """Copy an item with words and numbers of its own."""
    is_usual = known.can_be_named and is_usual_number(quantity) and is_usual_number(price)
    if is_usual and (title == "" or is_plain_text(title)):
        return known.item.named(id, title, quantity, price)
    return known.item.sold(quantity, id=id, title=title, unit_price=price)


def _is_simple(item: Item, kind: LineType) -> bool:
    is_once = item.recurrence is BillingType.ONE_TIME and item.start is None and item.end is None
    is_usual = item.currency is None and item.sequence is None
    return kind is LineType.PRODUCT and is_once and is_usual

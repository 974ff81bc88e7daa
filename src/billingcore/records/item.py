"""What is sold and at what price: one position of a subscription, or of an invoice by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from sys import intern
from typing import Final

from attrs import field, frozen

from billingcore.ports import ProrationConvention
from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.discount import Discount
from billingcore.records.terms import BillingPractice, BillingType, PriceType, SyncWith
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.cadence import AnchorDay, Cadence
from billingcore.values.context import EXACT
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.sealing import fill

__all__ = ["Item"]

SCALE: Final = 5
"""Digits after the point of a unit price and of a quantity (behaviour 2.7)."""


@frozen(init=False, order=False)
class Item:
    """One thing to bill: what, how many, at what price, and when.

    >>> Item("seats", unit_price="99.90", quantity=3).position_price
    Decimal('299.70')

    Attributes:
        id: unique within its subscription.
        title: what the line says; the id if empty.
        unit_price: price of one unit for one unit of the cadence, at most 5 decimals; net
            unless `price_includes_tax`.
        quantity: how many, at most 5 decimals; 0 excludes the item.
        currency: its own currency; None takes the subscription's, then the account's.
        price_type: per unit, or flat (the quantity counts as one).
        price_includes_tax: whether the unit price is gross.
        tax_code: a word of the tax engine; None is billed untaxed, and counted in the report.
        billing_type: once, or recurring with or without proration. A one-time item with cadence,
            start and end is billed like a prorated recurring one, as the documents say.
        cadence: the billing period; without one a recurring item is billed once per run.
        proration: the convention for a part of a period; None takes the billing type's.
        billing_practice: in advance, or in arrears.
        sync_with: the boundary to which its first periods are aligned.
        start: its first day; None is the subscription's.
        end: its last day, inclusive; None is the subscription's.
        active: an inactive item is not billed.
        discount: reduces the line.
        criterion: items of another criterion go to another invoice.
        unit_code: UN/ECE Recommendation 20 code of the quantity's unit; ``C62`` is "one".
        sequence: where its line stands; items without one follow in their given order.
        description: a longer text below the title.
        custom: fields of the host's own, passed through to the line.
        next_service_period_start: migrated data only: all before this day was billed elsewhere.
        position_price: unit price times quantity.
        recurrence: the billing type that counts: the quirk of one-time items considered.
        rhythm_key: all that decides its billing periods but its start and end, as one text.
        terms_key: the same with start and end.
        is_billable: whether it is active and its quantity is not 0.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    id: str
    title: str
    unit_price: Decimal
    quantity: Decimal
    currency: str | None
    price_type: PriceType
    price_includes_tax: bool
    tax_code: str | None
    billing_type: BillingType
    cadence: Cadence | None
    proration: ProrationConvention | None
    billing_practice: BillingPractice
    sync_with: SyncWith | None
    start: date | None
    end: date | None
    active: bool
    discount: Discount | None
    criterion: str
    unit_code: str
    sequence: int | None
    description: str
    custom: Custom
    next_service_period_start: date | None
    position_price: Decimal = field(init=False, eq=False, repr=False)
    recurrence: BillingType = field(init=False, eq=False, repr=False)
    rhythm_key: str = field(init=False, eq=False, repr=False)
    terms_key: str = field(init=False, eq=False, repr=False)
    is_billable: bool = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        id: str,
        *,
        unit_price: AmountLike,
        quantity: NumberLike = 1,
        title: str = "",
        currency: str | None = None,
        price_type: PriceType = PriceType.PER_UNIT,
        price_includes_tax: bool = False,
        tax_code: str | None = None,
        billing_type: BillingType = BillingType.ONE_TIME,
        cadence: Cadence | None = None,
        proration: ProrationConvention | None = None,
        billing_practice: BillingPractice = BillingPractice.ADVANCE,
        sync_with: SyncWith | None = None,
        start: DateLike | None = None,
        end: DateLike | None = None,
        active: bool = True,
        discount: Discount | None = None,
        criterion: str = "",
        unit_code: str = "C62",
        sequence: int | None = None,
        description: str = "",
        custom: CustomFields | Custom = (),
        next_service_period_start: DateLike | None = None,
    ) -> None:
        read = Boundary("Item", id)
        price, price_currency = read.money("unit_price", unit_price, scale=SCALE)
        fill(
            self,
            id=read.id("id", id),
            title=read.text("title", title),
            unit_price=price,
            quantity=read.number("quantity", quantity, scale=SCALE),
            currency=read.currency("currency", currency) or price_currency,
            price_type=read.member("price_type", price_type, PriceType),
            price_includes_tax=read.flag("price_includes_tax", price_includes_tax),
            tax_code=read.optional_id("tax_code", tax_code),
            billing_type=read.member("billing_type", billing_type, BillingType),
            cadence=read.optional("cadence", cadence, Cadence),
            proration=_read_convention(read, proration),
            billing_practice=read.member("billing_practice", billing_practice, BillingPractice),
            sync_with=None if sync_with is None else read.member("sync_with", sync_with, SyncWith),
            start=read.day("start", start),
            end=read.day("end", end),
            active=read.flag("active", active),
            discount=read.optional("discount", discount, Discount),
            criterion=read.text("criterion", criterion),
            unit_code=read.id("unit_code", unit_code),
            sequence=sequence if sequence is None else read.count("sequence", sequence),
            description=read.text("description", description),
            custom=read_custom(read, custom),
            next_service_period_start=read.day(
                "next_service_period_start", next_service_period_start
            ),
        )
        self._check(read, price_currency)
        is_flat = self.price_type is PriceType.FLAT
        product = self.unit_price if is_flat else EXACT.multiply(self.unit_price, self.quantity)
        fill(
            self,
            position_price=product or product.copy_abs(),
            recurrence=self._recurrence(),
            is_billable=self.active and bool(self.quantity),
        )
        rhythm = self._rhythm()
        terms = intern(f"{rhythm}|{self.start}|{self.end}")  # one object for all that are equal
        fill(self, rhythm_key=intern(rhythm), terms_key=terms)

    def _check(self, read: Boundary, price_currency: str | None) -> None:
        """Refuse what no field alone can be blamed for."""
        read.order("end", self.start, self.end)
        if price_currency not in (None, self.currency):
            fix = f"give the price in {self.currency}"
            raise read.refuse("unit_price", price_currency, f"not in {self.currency}", fix)
        is_month_end = self.cadence is not None and self.cadence.day is AnchorDay.MONTH_END
        if self.sync_with is not None and is_month_end:
            fix = "choose one: month ends, or the boundary that it is synchronized with"
            raise read.refuse("sync_with", self.sync_with, "the cadence has its own days", fix)

    def _recurrence(self) -> BillingType:
        """Give the billing type that counts.

        Quirk of the products: a one-time item with billing period, start and end is treated as
        recurring and priced proportionally (behaviour 2.1).
        """
        is_dated = self.start is not None and self.end is not None
        if self.billing_type is BillingType.ONE_TIME and self.cadence is not None and is_dated:
            return BillingType.RECURRING_PRORATED
        return self.billing_type

    def _rhythm(self) -> str:
        cadence = self.cadence
        rhythm = cadence and (cadence.count, cadence.unit.value, cadence.anchor, cadence.day.name)
        parts = (
            self.recurrence.name,
            rhythm,
            self.billing_practice.name,
            self.sync_with and self.sync_with.name,
            self.next_service_period_start,
            self.proration and self.proration.name,
        )
        return "|".join(map(str, parts))

    @property
    def label(self) -> str:
        """What a person calls it: the title, or the id."""
        return self.title or self.id


def _read_convention(read: Boundary, value: object) -> ProrationConvention | None:
    if value is None or isinstance(value, ProrationConvention):
        return value
    fix = "use one of billingcore.proration, or an object with `name` and `factor`"
    raise read.refuse("proration", value, "not a proration convention", fix)

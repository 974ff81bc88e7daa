"""What is sold and at what price: one position of a subscription, or of an invoice by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from sys import intern
from typing import Any, Final

from attrs import evolve, field, frozen

from billingcore.ports import ProrationConvention
from billingcore.records.change import (
    SCALE,
    Change,
    Phase,
    phases,
    read_changes,
    read_share,
    version_text,
)
from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.discount import Discount
from billingcore.records.terms import BillingPractice, BillingType, PriceType, SyncWith
from billingcore.records.timeline import Timeline
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.cadence import AnchorDay, Cadence
from billingcore.values.context import EXACT
from billingcore.values.money import Money
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.sealing import fill

__all__ = ["Item"]

_ONE: Final = Decimal(1)

ALWAYS: Final = Timeline((), (0,))
"""The timeline of an item that never changes."""

WHOLE: Final = "NONE"
"""Name of the convention by which every period that is touched counts whole."""


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
        quantity: how many, at most 5 decimals; 0 excludes the item, less than 0 gives back.
        product: the id of what is sold, where several items sell one thing; the item's id if empty.
        currency: its own currency; None takes the subscription's, then the account's.
        price_type: per unit, or flat (the quantity counts as one, or as minus one).
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
        billed_share: what part of the price is billed, from 0 (nothing) to 1.
        changes: other terms from certain days on.
        version: names the changed terms in force; on lines only, where the library writes it.
        position_price: unit price times quantity times billed share.
        recurrence: the billing type that counts: the quirk of one-time items considered.
        rhythm_key: all that decides its billing periods but its start and end, as one text.
        terms_key: the same with start and end.
        is_billable: whether it is active and its quantity and share are not 0; of an item that
            changes, whether one of its versions is.
        is_plain: whether it is billable and never changes.
        phases: where its versions begin; empty if it does not change.
        timeline: which version is in force on which day.
        versions: the item as it is in each phase, without changes; empty if it does not change.
        timeline_key: the phases and what in them decides its billing periods, as one text.
        is_steady: whether its versions have no part in what is due when, but for the days on which
            a period is cut: all are billable, in one practice, and a part of a period costs less.

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
    product: str
    billed_share: Decimal
    changes: tuple[Change, ...]
    version: str
    position_price: Decimal = field(init=False, eq=False, repr=False)
    recurrence: BillingType = field(init=False, eq=False, repr=False)
    rhythm_key: str = field(init=False, eq=False, repr=False)
    terms_key: str = field(init=False, eq=False, repr=False)
    is_billable: bool = field(init=False, eq=False, repr=False)
    is_plain: bool = field(init=False, eq=False, repr=False)
    phases: tuple[Phase, ...] = field(init=False, eq=False, repr=False)
    timeline: Timeline = field(init=False, eq=False, repr=False)
    versions: tuple[Item, ...] = field(init=False, eq=False, repr=False)
    timeline_key: str = field(init=False, eq=False, repr=False)
    is_steady: bool = field(init=False, eq=False, repr=False)

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
        product: str = "",
        billed_share: NumberLike = _ONE,
        changes: Iterable[Change] = (),
        version: str = "",
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
            product=read.text("product", product),
            billed_share=_ONE if billed_share is _ONE else read_share(read, billed_share),
            changes=read_changes(read, changes),
            version=read.text("version", version),
        )
        self._check(read, price_currency)
        self._derive()

    def _derive(self) -> None:
        """Work out what follows from the fields."""
        is_on = self.active and bool(self.quantity) and bool(self.billed_share)
        fill(self, position_price=self._position_price(), recurrence=self._recurrence())
        fill(self, is_billable=is_on, is_plain=is_on and not self.changes)
        rhythm = self._rhythm()
        terms = intern(f"{rhythm}|{self.start}|{self.end}")  # one object for all that are equal
        fill(self, rhythm_key=intern(rhythm), terms_key=terms)
        if self.changes:
            self._lay_out()
        else:
            fill(self, phases=(), timeline=ALWAYS, versions=(), timeline_key="", is_steady=True)

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

    def _position_price(self) -> Decimal:
        if self.price_type is PriceType.FLAT:
            price = self.unit_price if self.quantity >= 0 else self.unit_price.copy_negate()
        else:
            price = EXACT.multiply(self.unit_price, self.quantity)
        if self.billed_share != 1:
            price = EXACT.multiply(price, self.billed_share)
        return price or price.copy_abs()

    def _lay_out(self) -> None:
        """Lay the changes out on the time line: an item of its own for each phase."""
        laid = phases(self.changes)
        versions = tuple(map(self._version, laid))
        first = versions[0]
        is_steady = self.is_divisible and all(
            each.is_billable and each.billing_practice is first.billing_practice
            for each in versions
        )
        rows = zip(laid, versions, strict=True)
        timeline = ",".join(
            f"{phase.start}{'+' if phase.begins else ''}:"
            f"{each.billing_practice.name}:{each.is_billable}"
            for phase, each in rows
        )
        fill(
            self,
            phases=tuple(laid),
            timeline=Timeline(
                tuple(phase.start for phase in laid if phase.start is not None),
                tuple(range(len(laid))),
            ),
            versions=versions,
            timeline_key=intern(timeline),
            is_steady=is_steady,
            is_billable=any(each.is_billable for each in versions),
        )

    @property
    def is_divisible(self) -> bool:
        """Whether a part of a billing period costs less than the period."""
        if self.cadence is None or self.recurrence is BillingType.ONE_TIME:
            return False
        if self.proration is not None:
            return self.proration.name != WHOLE
        return self.recurrence is not BillingType.RECURRING

    def _version(self, phase: Phase) -> Item:
        """Give the item as it is in one phase; what is billed once cannot be paused."""
        terms: dict[str, Any] = dict(phase.terms)
        if self.recurrence is BillingType.ONE_TIME:
            terms.pop("billed_share", None)
        price = terms.get("unit_price")
        if isinstance(price, Money) and price.currency != self.currency:
            fix = "give the item this currency, or the price as a plain number"
            raise Boundary("Item", self.id).refuse("changes", str(price), "another currency", fix)
        return evolve(self, changes=(), version=version_text(terms), **terms)

    def changed(self, *changes: Change) -> Item:
        """Give this item with further changes.

        >>> seats = Item("seats", unit_price=100).changed(Change("2026-03-10", quantity=5))
        >>> [version.position_price for version in seats.versions]
        [Decimal('100'), Decimal('500')]
        """
        return evolve(self, changes=(*self.changes, *changes))

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

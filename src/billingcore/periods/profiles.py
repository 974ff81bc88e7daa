"""How other systems compute the amount of a part: a table, so that a move can prove equal cents.

A profile is used in two ways. In a run, by its policy or its convention: invoices come out with the
cents of the other system. And as a function, for one contract in a notebook: a part, its billing
period and a price give an amount. There, and nowhere else, a part can be a stretch of time.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Final, cast

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.periods import vendors
from billingcore.periods.day_price import priced_days
from billingcore.periods.proration import Proration
from billingcore.records.conventions import DayPrice
from billingcore.scope.policy import LEVEL, Policy
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.cadence import Cadence
from billingcore.values.context import total
from billingcore.values.currency import quantum_of
from billingcore.values.moments import Moments, Tick
from billingcore.values.numbers import NumberLike, exact
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, round_amount, round_to
from billingcore.values.sealing import fill

__all__ = [
    "CHARGEBEE_DAY",
    "CHARGEBEE_MILLISECOND",
    "DJANGO_SILVER",
    "KILL_BILL",
    "LAGO",
    "PROFILES",
    "SALESFORCE_CALENDAR",
    "SALESFORCE_MONTHLY",
    "STRIPE",
    "ZUORA_30_ACTUAL",
    "ZUORA_30_STRICT",
    "ZUORA_ACTUAL",
    "PlanChange",
    "Profile",
]

_ZUORA: Final = (
    "When prorating a month, assume 30 days in a month or use actual days?, "
    "https://knowledgecenter.zuora.com/Billing/Subscriptions/Subscriptions/G_Proration"
)
_CHARGEBEE: Final = "Billing Mode & Proration, https://www.chargebee.com/docs/2.0/proration.html"
_SALESFORCE: Final = (
    "Subscription Prorate Precision, "
    "https://help.salesforce.com/s/articleView?id=sf.cpq_subscriptions_prorate_precision_1.htm"
)


@frozen
class PlanChange:
    """What a change of the price inside a billing period costs.

    Attributes:
        credit: what is given back of the old price; not positive.
        charge: what the rest of the period costs at the new price.
    """

    credit: Decimal
    charge: Decimal

    @property
    def net(self) -> Decimal:
        """What is to be paid for the change; negative if something is given back."""
        return total([self.credit, self.charge])


_GIVEN: Final = ("title", "source", "proration", "tick", "rounding", "bills_end")


@frozen(init=False, eq=False)
class Profile:
    """How one system computes the amount of a part of a billing period.

    >>> profile = PROFILES["KILL_BILL"]
    >>> from billingcore.values.cadence import monthly
    >>> january = monthly(anchor="2026-01-01")
    >>> profile.amount(300, Period("2026-01-15", "2026-02-01"), january, currency="EUR")
    Decimal('164.52')

    Attributes:
        name: how it is found in `PROFILES`; also the name of its policy.
        title: what the system is called.
        source: where the rule is written: title and address, or repository and path.
        proration: the convention, for parts in days.
        tick: what it counts, where a part is a stretch of time; days if it never does.
        rounding: how amounts are rounded to the digits of the currency.
        bills_end: whether the last day of a period, as the system writes it, is a day of service.
        policy: bills like `LEVEL`, with this convention and this rounding.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    name: str
    title: str
    source: str
    proration: Proration
    tick: Tick
    rounding: Rounding
    bills_end: bool
    policy: Policy = field(init=False)

    def __init__(
        self,
        name: str,
        *,
        title: str,
        source: str,
        proration: Proration,
        tick: Tick = Tick.DAY,
        rounding: Rounding = Rounding.HALF_UP,
        bills_end: bool = False,
    ) -> None:
        read = Boundary("Profile", name)
        convention = read.instance("proration", proration, Proration)
        rule = read.member("rounding", rounding, Rounding)
        fill(
            self,
            name=name,
            title=read.text("title", title),
            source=read.text("source", source),
            proration=convention,
            tick=read.member("tick", tick, Tick),
            rounding=rule,
            bills_end=read.flag("bills_end", bills_end),
            policy=LEVEL.but(name=name, proration=convention, rounding=rule),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Travel by name, so that a profile of the library arrives as itself."""
        if PROFILES.get(self.name) is self:
            return _named, (self.name,)
        values = {name: getattr(self, name) for name in _GIVEN}
        return partial(Profile, self.name, **values), ()

    def period(self, start: DateLike, end: DateLike) -> Period:
        """Read the two dates of a period as the system writes them.

        >>> print(LAGO.period("2026-01-01", "2026-01-31"))
        2026-01-01/2026-02-01
        >>> print(KILL_BILL.period("2026-01-01", "2026-02-01"))
        2026-01-01/2026-02-01
        """
        return Period.closed(start, end) if self.bills_end else Period(start, end)

    def factor(self, part: Period | Moments, whole: Cadence | Moments) -> Fraction:
        """Give the billing factor: for days in unit prices, for moments as a share of the period.

        >>> from billingcore.values.cadence import monthly
        >>> KILL_BILL.factor(Period("2026-01-15", "2026-02-01"), monthly(anchor="2026-01-01"))
        Fraction(548387097, 1000000000)

        Args:
            part: what is billed: days, or a stretch of time where the profile counts it.
            whole: the rhythm of the billing periods, whose anchor decides; for a stretch of time
                the billing period as such a stretch.

        Raises:
            InvalidInputError: the two do not fit each other, or the profile.
            UnitMismatchError: the convention counts months and the cadence weeks.
        """
        if isinstance(part, Moments):
            return self._share(part, whole)
        return self.proration.factor(part, self._anchored(part, whole))

    def _share(self, part: Moments, whole: Cadence | Moments) -> Fraction:
        if self.tick is Tick.DAY:
            fix = "give a Period, and the Cadence that it is in"
            rule = f"{self.title} counts days, not moments"
            raise InvalidInputError(rule, field="part", value=str(part), fix=fix)
        if not isinstance(whole, Moments):
            fix = "give the billing period from instant to instant: Moments(start, stop)"
            raise InvalidInputError("not Moments", field="whole", value=str(whole), fix=fix)
        return Fraction(*part.share_of(whole, self.tick))

    def _anchored(self, part: Period, whole: Cadence | Moments) -> Cadence:
        if not isinstance(whole, Cadence):
            fix = "give the rhythm of the periods, like monthly(anchor=...)"
            raise InvalidInputError("not a Cadence", field="whole", value=str(whole), fix=fix)
        if not isinstance(cast("object", part), Period):
            fix = "use a Period or Moments"
            raise InvalidInputError("neither days nor moments", field="part", value=part, fix=fix)
        start, _ = part.bounds
        return whole.anchored(start)

    def exact_amount(
        self, price: NumberLike, part: Period | Moments, whole: Cadence | Moments, *, currency: str
    ) -> Fraction:
        """Give the amount before it is rounded, with what was rounded on the way to it.

        Takes the arguments of `amount`.
        """
        value, how = exact(price), self.proration.day_price
        factor = self.factor(part, whole)
        if how is DayPrice.EXACT or factor == 1 or isinstance(part, Moments):
            return Fraction(value) * factor
        rhythm = self._anchored(part, whole)
        rows = priced_days(value, part, rhythm, how, quantum_of(currency))
        return sum((row.amount for row in rows), Fraction(0))

    def amount(
        self, price: NumberLike, part: Period | Moments, whole: Cadence | Moments, *, currency: str
    ) -> Decimal:
        """Give what a part costs, to the cent of the other system.

        >>> noon = Moments("2026-01-16T12:00:00Z", "2026-02-01T00:00:00Z")
        >>> month = Moments("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
        >>> STRIPE.amount("9.99", noon, month, currency="EUR")
        Decimal('5.00')

        Args:
            price: what a unit of the cadence costs; for moments, what the period costs.
            part: what is billed.
            whole: the billing periods, or the billing period.
            currency: decides the digits.

        Raises:
            InvalidInputError: part and whole do not fit, or price or currency are wrong.
            UnitMismatchError: the convention counts months and the cadence weeks.
        """
        cost = self.exact_amount(price, part, whole, currency=currency)
        return round_amount(cost, currency, self.rounding)

    def change(
        self,
        old: NumberLike,
        new: NumberLike,
        rest: Period | Moments,
        whole: Cadence | Moments,
        *,
        currency: str,
    ) -> PlanChange:
        """Give credit and charge of a change of price: the rest at the old, and at the new one.

        >>> half = Moments("2026-04-16T00:00:00Z", "2026-05-01T00:00:00Z")
        >>> april = Moments("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")
        >>> made = STRIPE.change(10, 20, half, april, currency="USD")
        >>> made.credit, made.charge, made.net
        (Decimal('-5.00'), Decimal('10.00'), Decimal('5.00'))

        Args:
            old: the price that was billed. Give what was debited where that is credited, such as
                by Stripe's flexible mode, and today's price where that is.
            new: the price from now on.
            rest: from the change to the end of the period.
            whole: the billing periods, or the billing period.
            currency: decides the digits.

        Raises:
            InvalidInputError: part and whole do not fit, or price or currency are wrong.
        """
        unused = self.exact_amount(old, rest, whole, currency=currency)
        credit = round_to(-unused, quantum_of(currency), self.rounding)
        return PlanChange(credit, self.amount(new, rest, whole, currency=currency))

    def __repr__(self) -> str:
        return f"<profile {self.name}>"


KILL_BILL: Final = Profile(
    "KILL_BILL",
    title="Kill Bill",
    source="killbill/killbill, invoice/src/main/java/org/killbill/billing/invoice/generator/"
    "InvoiceDateUtils.java",
    proration=vendors.KILL_BILL,
)
LAGO: Final = Profile(
    "LAGO",
    title="Lago",
    source="getlago/lago-api, app/services/subscriptions/dates_service.rb",
    proration=vendors.LAGO,
    bills_end=True,
)
STRIPE: Final = Profile(
    "STRIPE",
    title="Stripe Billing",
    source="Prorations, https://docs.stripe.com/billing/subscriptions/prorations",
    proration=vendors.STRIPE,
    tick=Tick.SECOND,
)
ZUORA_ACTUAL: Final = Profile(
    "ZUORA_ACTUAL",
    title="Zuora, actual number of days",
    source=_ZUORA,
    proration=vendors.ZUORA_ACTUAL,
    bills_end=True,
)
ZUORA_30_ACTUAL: Final = Profile(
    "ZUORA_30_ACTUAL",
    title="Zuora, 30 days, actual/360",
    source=_ZUORA,
    proration=vendors.ZUORA_30_ACTUAL,
    bills_end=True,
)
ZUORA_30_STRICT: Final = Profile(
    "ZUORA_30_STRICT",
    title="Zuora, 30 days, strict 30/360",
    source=_ZUORA,
    proration=vendors.ZUORA_30_STRICT,
    bills_end=True,
)
CHARGEBEE_DAY: Final = Profile(
    "CHARGEBEE_DAY",
    title="Chargebee, day-based",
    source=_CHARGEBEE,
    proration=vendors.CHARGEBEE,
)
CHARGEBEE_MILLISECOND: Final = Profile(
    "CHARGEBEE_MILLISECOND",
    title="Chargebee, millisecond-based",
    source=_CHARGEBEE,
    proration=vendors.CHARGEBEE,
    tick=Tick.MILLISECOND,
)
SALESFORCE_MONTHLY: Final = Profile(
    "SALESFORCE_MONTHLY",
    title="Salesforce CPQ, Monthly + Daily",
    source=_SALESFORCE,
    proration=vendors.SALESFORCE_MONTHLY,
    bills_end=True,
)
SALESFORCE_CALENDAR: Final = Profile(
    "SALESFORCE_CALENDAR",
    title="Salesforce CPQ, Calendar Monthly + Daily",
    source=_SALESFORCE,
    proration=vendors.SALESFORCE_CALENDAR,
    bills_end=True,
)
DJANGO_SILVER: Final = Profile(
    "DJANGO_SILVER",
    title="django-silver",
    source="silverapp/silver, silver/utils/dates.py",
    proration=vendors.DJANGO_SILVER,
    rounding=Rounding.HALF_EVEN,
    bills_end=True,
)

PROFILES: Final = {
    profile.name: profile
    for profile in (
        KILL_BILL,
        LAGO,
        STRIPE,
        ZUORA_ACTUAL,
        ZUORA_30_ACTUAL,
        ZUORA_30_STRICT,
        CHARGEBEE_DAY,
        CHARGEBEE_MILLISECOND,
        SALESFORCE_MONTHLY,
        SALESFORCE_CALENDAR,
        DJANGO_SILVER,
    )
}
"""All profiles of the library by name."""


def _named(name: str) -> Profile:
    return PROFILES[name]

"""Laws of profiles, and an oracle for each formula: day by day, with numbers of the plainest kind."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import Moments, Period, Tick, profiles
from billingcore.periods.day_price import to_double

ONE_DAY = timedelta(days=1)
BY_NAME = pytest.mark.parametrize("name", sorted(profiles.PROFILES))
PRICES = st.integers(1, 10**6).map(lambda cents: Decimal(cents).scaleb(-2))
DAYS = st.integers(0, 3_000).map(lambda number: date(2019, 1, 1) + number * ONE_DAY)
LENGTHS = st.integers(1, 130)
MONOTONE = sorted({*profiles.PROFILES} - {"SALESFORCE_CALENDAR", "SALESFORCE_MONTHLY"})
"""A row of whole months counts whole, so that by 12/365 a month can cost less than its days."""


def stepped(day, months):
    """Give the same day some months on, or the last of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def size_of(day):
    """Count the days of a day's calendar month."""
    return calendar.monthrange(day.year, day.month)[1]


def periods_in(part, anchor):
    """Cut a part at the months of an anchor, by looking at each day: rows of (piece, whole)."""
    start, stop = part
    begin = start
    while begin.day != min(anchor, size_of(begin)):
        begin -= ONE_DAY
    rows = []
    while begin < stop:
        year, month = divmod(begin.year * 12 + begin.month, 12)
        end = date(year, month + 1, min(anchor, calendar.monthrange(year, month + 1)[1]))
        piece = [day for day in each_day(begin, end) if start <= day < stop]
        rows.append((piece[0], piece[-1] + ONE_DAY, begin, end))
        begin = end
    return rows


def each_day(start, stop):
    """List the days."""
    return [start + number * ONE_DAY for number in range((stop - start).days)]


def by_period(rule):
    """Make an oracle that adds up the pieces of billing months; a whole one counts 1."""

    def oracle(part, anchor):
        return sum(
            Fraction(1) if (start, stop) == (begin, end) else rule(start, stop, begin, end)
            for start, stop, begin, end in periods_in(part, anchor)
        )

    return oracle


def nine_places(start, stop, begin, _):
    """Round the ratio half up to nine places, with whole numbers only."""
    of = (stepped(start, 1) - start if start == begin else stop - stepped(stop, -1)).days
    count = (stop - start).days
    return Fraction((2 * count * 10**9 + of) // (2 * of), 10**9)


def by_days(start, stop, begin, end):
    """Divide days by days."""
    return Fraction((stop - start).days, (end - begin).days)


def by_thirty(start, stop, _, __):
    """Divide days by thirty."""
    return Fraction((stop - start).days, 30)


def strict_thirty(start, stop, _, __):
    """Count every day of a month once but the 31st; the last of February counts what is missing."""
    weights = [0 if day.day == 31 else 1 for day in each_day(start, stop)]
    ends = [day for day in each_day(start, stop) if day.month == 2 and day.day == size_of(day)]
    return Fraction(sum(weights) + sum(30 - day.day for day in ends), 30)


def from_the_first_day(part, _):
    """Step by months from the first day; what is left is days of the month from there."""
    start, stop = part
    months = (stop.year - start.year) * 12 + stop.month - start.month
    border = stepped(start, months)
    if border == stop:
        return Fraction(months)
    before, after = (border, stepped(border, 1)) if border < stop else (stepped(border, -1), border)
    full = months if border < stop else months - 1
    return full + Fraction((stop - before).days, (after - before).days)


def average(part, anchor):
    """Whole months from the first day, and 12/365 of a month for each day that is left."""
    start, stop = part
    if all((a, b) == (c, d) for a, b, c, d in periods_in(part, anchor)):
        return Fraction(len(periods_in(part, anchor)))
    months = max(n for n in range(12) if stepped(start, n) <= stop)
    return months + Fraction(12 * (stop - stepped(start, months)).days, 365)


def calendar_months(part, anchor):
    """Exactly n months count n; else each day is its part of its calendar month."""
    start, stop = part
    if all((a, b) == (c, d) for a, b, c, d in periods_in(part, anchor)):
        return Fraction(len(periods_in(part, anchor)))
    months = [n for n in range(1, 12) if stepped(start, n) == stop]
    if months:
        return Fraction(months[0])
    return sum((Fraction(1, size_of(day)) for day in each_day(start, stop)), Fraction(0))


def whole_or(oracle):
    """Let a row of whole billing months count whole before anything else."""

    def found(part, anchor):
        rows = periods_in(part, anchor)
        if all((a, b) == (c, d) for a, b, c, d in rows):
            return Fraction(len(rows))
        return oracle(part, anchor)

    return found


ORACLES = {
    "CHARGEBEE_DAY": by_period(by_days),
    "CHARGEBEE_MILLISECOND": by_period(by_days),
    "DJANGO_SILVER": whole_or(from_the_first_day),
    "KILL_BILL": by_period(nine_places),
    "LAGO": by_period(by_days),
    "SALESFORCE_CALENDAR": calendar_months,
    "SALESFORCE_MONTHLY": average,
    "STRIPE": by_period(by_days),
    "ZUORA_30_ACTUAL": by_period(by_thirty),
    "ZUORA_30_STRICT": by_period(strict_thirty),
    "ZUORA_ACTUAL": by_period(by_days),
}


def test_every_profile_has_an_oracle():
    """Each formula is written a second time."""
    assert set(ORACLES) == set(profiles.PROFILES)


@BY_NAME
@given(start=DAYS, length=LENGTHS, anchor=st.integers(1, 31))
def test_the_oracle_agrees(name, start, length, anchor):
    """The factor of any part is that of the oracle."""
    part = (start, start + length * ONE_DAY)
    cadence = bc.monthly(anchor=date(2018, 1, anchor))

    found = profiles.PROFILES[name].factor(Period(*part), cadence)

    assert found == ORACLES[name](part, anchor)


@given(start=DAYS, length=st.integers(1, 27), price=PRICES)
def test_amounts_of_lago_are_those_of_machine_numbers(start, length, price):
    """Lago's amount is that of the machine's own numbers: cents / days, times days, rounded."""
    part = (start, start + length * ONE_DAY)
    expected = Decimal(0)
    for first, stop, begin, end in periods_in(part, 1):
        cents = int(price * 100)
        days, of = (stop - first).days, (end - begin).days
        expected += Decimal(cents if days == of else cents / of * days)
    whole = expected.quantize(Decimal(1), "ROUND_HALF_UP") / 100

    cadence = bc.monthly(anchor="2018-01-01")
    assert profiles.LAGO.amount(price, Period(*part), cadence, currency="EUR") == whole


@given(st.fractions(-(10**12), 10**12, max_denominator=10**9))
def test_doubles(value):
    """An exact number becomes the machine number next to it."""
    assert to_double(value) == Fraction(value.numerator / value.denominator)


@BY_NAME
@given(price=PRICES, anchor=DAYS, number=st.integers(0, 40), count=st.integers(1, 3))
def test_a_whole_period_costs_its_price(name, price, anchor, number, count):
    """A whole billing period costs its price in every profile."""
    cadence = bc.monthly(count, anchor=anchor)
    part = cadence.period(number)

    found = profiles.PROFILES[name].amount(price, part, cadence, currency="EUR")

    assert found == price * count


@BY_NAME
@given(start=DAYS, length=LENGTHS, anchor=st.integers(1, 31))
def test_nothing_costs_nothing(name, start, length, anchor):
    """At a price of nothing every part costs nothing."""
    part = Period(start, start + length * ONE_DAY)
    cadence = bc.monthly(anchor=date(2018, 1, anchor))

    assert profiles.PROFILES[name].amount(0, part, cadence, currency="EUR") == 0


@pytest.mark.parametrize("name", MONOTONE)
@given(anchor=st.integers(1, 28), month=st.integers(0, 40), price=PRICES)
def test_a_day_more_never_costs_less(name, anchor, month, price):
    """Within a billing month that begins with its period, a longer part never costs less."""
    cadence = bc.monthly(anchor=date(2018, 1, anchor))
    start, stop = cadence.period(month).bounds
    profile = profiles.PROFILES[name]
    assume(name != "ZUORA_30_ACTUAL" or (stop - start).days >= 30)
    parts = [Period(start, last + ONE_DAY) for last in each_day(start, stop)]

    amounts = [profile.amount(price, part, cadence, currency="EUR") for part in parts]

    assert amounts == sorted(amounts)


@BY_NAME
@given(
    price=PRICES,
    start=DAYS,
    length=st.integers(0, 100),
    anchor=st.integers(1, 31),
    quantity=st.integers(1, 9),
)
def test_a_run_bills_what_the_function_says(name, price, start, length, anchor, quantity):
    """Every line of a run under the policy costs what the function says for its days."""
    profile, cadence = profiles.PROFILES[name], bc.monthly(anchor=date(2018, 1, anchor))
    item = bc.Item(
        "seats",
        unit_price=price,
        quantity=quantity,
        billing_type=bc.RECURRING_PRORATED,
        cadence=cadence,
    )
    end = start + length * ONE_DAY
    contract = bc.Subscription("S-1", account="acme", start=start, end=end, items=[item])
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), [contract])
    run = bc.InvoiceRun(Period.closed(start, end), policy=profile.policy)

    outcome = bc.bill(run, snapshot, bc.TaxTable({}))
    lines = [line for draft in outcome.drafts for line in draft.lines]

    assert sum(line.service_period.days for line in lines) == length + 1
    for line in lines:
        expected = profile.amount(price * quantity, line.service_period, cadence, currency="EUR")
        assert line.net == expected
        step = next(step for step in bc.explain(line).steps if step.name == "amount")
        assert bc.round_amount(step.exact, "EUR", profile.rounding) == line.amount


@given(
    seconds=st.integers(1, 3 * 10**6),
    cut=st.integers(0, 3 * 10**6),
    price=PRICES,
    tick=st.sampled_from([Tick.SECOND, Tick.MILLISECOND]),
)
def test_moments_share_by_time(seconds, cut, price, tick):
    """A stretch of time costs its share, and two shares of a period add up to the whole."""
    profile = profiles.STRIPE if tick is Tick.SECOND else profiles.CHARGEBEE_MILLISECOND
    first = Moments("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z").start
    stop, border = first + seconds * tick.value, first + min(cut, seconds) * tick.value
    whole = Moments(first, stop)
    parts = Moments(first, border), Moments(border, stop)

    shares = [profile.factor(part, whole) for part in parts]

    assert sum(shares) == 1
    assert shares[0] == Fraction(min(cut, seconds), seconds)
    cents = math.floor(Fraction(price) * 100 * shares[0] + Fraction(1, 2))
    assert profile.amount(price, parts[0], whole, currency="EUR") * 100 == cents

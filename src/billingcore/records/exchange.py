"""Amounts of one currency in another: at a rate that has a day and a source, never a bare number.

A rate is used in the direction in which it was published. One over a rate is another number than
the rate of the other direction, and would have to be rounded, so no inverse is ever made up.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Final

from attrs import field, frozen

from billingcore.errors import BillingError, InvalidInputError, PortError, failed_port, show
from billingcore.ports import ExchangeRates
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT
from billingcore.values.currency import check_currency
from billingcore.values.numbers import NumberLike, exact
from billingcore.values.sealing import fill

__all__ = ["Conversion", "ExchangeRate", "ExchangeTable", "ask_rate", "convert_price"]

_PRICE_STEP: Final = Decimal("0.00001")
"""A converted price has the digits that any unit price may have."""

_UNITS: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)

_DATE_OF: Final = attrgetter("date")


@frozen(init=False, order=False)
class ExchangeRate:
    """What one currency is worth in another, on a day, according to somebody.

    >>> dollar = ExchangeRate("USD", "EUR", "0.9123", date="2026-03-31", source="ECB")
    >>> dollar.convert("19.99")
    Decimal('18.236877')
    >>> str(ExchangeRate("JPY", "EUR", "0.61", date="2026-03-31", source="house", units=100))
    '100 JPY = 0.61 EUR (2026-03-31, house)'

    Attributes:
        base: the currency that is exchanged.
        quote: the currency that it is exchanged for.
        rate: how much of *quote* is paid for *units* of *base*; positive.
        date: the day that the rate is of.
        source: who published it, for documents and reports.
        units: 1, 10, 100 and so on up to 1,000,000; small currencies are quoted by many.

    Raises:
        InvalidInputError: the currencies are unknown or one and the same, the rate is not positive
            or the units are no power of ten, the day is no date, or the source is not named.
    """

    base: str
    quote: str
    rate: Decimal
    date: dt.date
    source: str
    units: int

    def __init__(
        self,
        base: str,
        quote: str,
        rate: NumberLike,
        *,
        date: DateLike,
        source: str,
        units: int = 1,
    ) -> None:
        read = Boundary("ExchangeRate")
        fill(
            self,
            base=read.read("base", base, check_currency),
            quote=read.read("quote", quote, check_currency),
            rate=read.number("rate", rate),
            date=read.read("date", date, read_date),
            source=read.id("source", source),
            units=read.count("units", units, least=1, most=_UNITS[-1]),
        )
        if self.base == self.quote:
            fix = "an amount of the currency that is wanted needs no rate"
            raise read.refuse("quote", quote, "a rate of a currency in itself", fix)
        if self.rate <= 0:
            raise read.refuse("rate", rate, "not positive", "say what the units are worth")
        if units not in _UNITS:
            raise read.refuse("units", units, "no power of ten", "use 1, 10, 100 or more")

    def convert(self, amount: NumberLike) -> Decimal:
        """Give an amount of *base* in *quote*, exactly; nothing is rounded.

        Raises:
            InvalidInputError: the amount is no exact number.
        """
        product = EXACT.multiply(exact(amount), self.rate)
        return product.scaleb(-_UNITS.index(self.units), context=EXACT)

    def __str__(self) -> str:
        worth = f"{self.units} {self.base} = {self.rate:f} {self.quote}"
        return f"{worth} ({self.date}, {self.source})"


@frozen
class Conversion:
    """How a price came from one currency into another.

    Attributes:
        price: the price as it was given, in the rate's base.
        converted: the price in the rate's quote, rounded half up to 5 digits after the point.
        rate: the rate, with its day and source.
    """

    price: Decimal
    converted: Decimal
    rate: ExchangeRate

    @property
    def is_rounded(self) -> bool:
        """Whether the exact product had more digits."""
        return self.converted != self.rate.convert(self.price)

    def __str__(self) -> str:
        rounded = ", rounded to 5 digits" if self.is_rounded else ""
        given = f"{self.price:f} {self.rate.base}"
        return f"{given} at {self.rate} is {self.converted:f} {self.rate.quote}{rounded}"


@frozen(init=False, order=False)
class ExchangeTable:
    """Rates as a list; the rate of a day is the latest of that day or before.

    A plain-data implementation of `ExchangeRates`.

    >>> table = ExchangeTable([
    ...     ExchangeRate("USD", "EUR", "0.91", date="2026-03-27", source="ECB"),
    ...     ExchangeRate("USD", "EUR", "0.92", date="2026-03-30", source="ECB"),
    ... ])
    >>> import datetime
    >>> table.rate("USD", "EUR", datetime.date(2026, 3, 29)).rate
    Decimal('0.91')

    Attributes:
        rates: the rates, in the order in which they were given.

    Raises:
        InvalidInputError: two rates of one pair and day.
    """

    rates: tuple[ExchangeRate, ...]
    _by_pair: dict[tuple[str, str], list[ExchangeRate]] = field(init=False, eq=False, repr=False)

    def __init__(self, rates: Iterable[ExchangeRate] = ()) -> None:
        read = Boundary("ExchangeTable")
        given = tuple(read.instance("rates", each, ExchangeRate) for each in rates)
        by_pair: dict[tuple[str, str], list[ExchangeRate]] = {}
        for each in sorted(given, key=_DATE_OF):
            known = by_pair.setdefault((each.base, each.quote), [])
            if known and known[-1].date == each.date:
                fix = "keep one of them"
                raise read.refuse("rates", str(each), "a second rate of its pair and day", fix)
            known.append(each)
        fill(self, rates=given, _by_pair=by_pair)

    def rate(self, base: str, quote: str, on: dt.date, /) -> ExchangeRate:
        """Give the latest rate of a pair that is not after a day.

        Raises:
            InvalidInputError: there is none; the rate of the other direction is none either.
        """
        known = self._by_pair.get((base, quote), [])
        place = bisect_right(known, on, key=_DATE_OF)
        if not place:
            fix = f"add ExchangeRate({base!r}, {quote!r}, ...) of that day or an earlier one"
            rule = f"no rate of {base} in {quote} on or before {on}"
            raise InvalidInputError(rule, fix=fix)
        return known[place - 1]


def ask_rate(rates: ExchangeRates | None, base: str, quote: str, on: dt.date) -> ExchangeRate:
    """Ask for a rate, and check that the answer is one of this pair and not of a later day.

    Raises:
        InvalidInputError: there are no rates at all, or none of this pair and day.
        PortError: the rates could not be asked, or gave something else.
    """
    if rates is None:
        fix = "give the setup its rates: Setup(exchange=ExchangeTable([...]))"
        raise InvalidInputError(f"no rates to convert {base} into {quote}", fix=fix)
    try:
        answer: object = rates.rate(base, quote, on)
    except BillingError:
        raise
    except Exception as error:
        raise failed_port(error, "ExchangeRates") from error
    asked = f"{base} in {quote} on {on}"
    if not isinstance(answer, ExchangeRate):
        rule = f"gave {show(answer)} instead of a rate"
        raise PortError(rule, port="ExchangeRates", question=asked)
    if (answer.base, answer.quote) != (base, quote) or answer.date > on:
        raise PortError(f"gave {answer}", port="ExchangeRates", question=asked)
    return answer


def convert_price(
    price: Decimal, from_currency: str, to_currency: str, on: dt.date, rates: ExchangeRates | None
) -> Conversion:
    """Convert a unit price, and record how; it keeps 5 digits after the point, rounded half up.

    Args:
        price: the price as it was given.
        from_currency: its currency.
        to_currency: another currency, that of the document.
        on: the day whose rate is used.
        rates: the rates of the setup; None if it has none.

    Raises:
        InvalidInputError: there is no such rate, or the converted price is too large, or so small
            that nothing would be left of it.
        PortError: the rates could not be asked, or gave something else.
    """
    rate = ask_rate(rates, from_currency, to_currency, on)
    rounded = rate.convert(price).quantize(_PRICE_STEP, context=EXACT)
    if price and not rounded:
        fix = "bill a larger unit, at the price of a thousand for example"
        rule = f"nothing is left of it in {to_currency} at {rate}"
        raise InvalidInputError(rule, field="unit_price", value=price, fix=fix)
    try:
        converted = exact(EXACT.normalize(rounded))
    except InvalidInputError as error:
        error.value = price
        raise error.at("", "unit_price") from None
    return Conversion(price, converted, rate)

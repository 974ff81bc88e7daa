"""Rates between currencies, tables of them, and what a converted price records."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal, localcontext

import pytest

import billingcore as bc
from billingcore.records.exchange import ask_rate, convert_price
from tests.strategies import HOSTILE_CONTEXTS

DAY = date(2026, 3, 31)
DOLLAR = bc.ExchangeRate("USD", "EUR", "0.9123", date=DAY, source="ECB")


def rate(base="USD", quote="EUR", number="0.9123", **fields):
    """Make a rate with what the test says."""
    return bc.ExchangeRate(base, quote, number, **({"date": DAY, "source": "ECB"} | fields))


class TestRate:
    @pytest.mark.parametrize(
        ("made", "amount", "expected"),
        [
            (rate(), "19.99", "18.236877"),
            (rate(), "-0.01", "-0.009123"),
            (rate(), 0, "0.0000"),
            (rate("JPY", number="0.61", units=100), 1234, "7.5274"),
            (
                rate("IDR", number="50.505050505", units=1_000_000),
                "0.00001",
                "0.00000000050505050505",
            ),
            (rate(number="999999999999999.999999999"), "0.000000001", "999999.999999999999999999"),
        ],
        ids=["price", "negative", "nothing", "per hundred", "per million", "all digits"],
    )
    def test_nothing_is_rounded(self, made, amount, expected):
        """An amount times the rate keeps all of its digits."""
        assert made.convert(amount) == Decimal(expected)

    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS)
    def test_the_hosts_context_decides_nothing(self, context):
        """The product is the same under any decimal context of the host."""
        with localcontext(context):
            found = rate().convert("19.99")

        assert str(found) == "18.236877"

    def test_in_words(self):
        """A rate says its day and its source, and travels."""
        yen = rate("JPY", number="0.6100", units=100, source="house rate")

        assert str(yen) == "100 JPY = 0.6100 EUR (2026-03-31, house rate)"
        assert pickle.loads(pickle.dumps(yen)) == yen  # noqa: S301

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (lambda: rate("usd"), "base = 'usd': not a currency of ISO 4217; write 'USD'"),
            (lambda: rate(quote=None), "quote = None: not a currency"),
            (lambda: rate(quote="USD"), "quote = 'USD': a rate of a currency in itself"),
            (lambda: rate(number=0), "rate = 0: not positive"),
            (lambda: rate(number="-0.9"), "rate = '-0.9': not positive"),
            (lambda: rate(number=0.9), "rate = 0.9 .float.: a float is not exact"),
            (lambda: rate(number="0.0000000001"), "rate = '0.0000000001': not a decimal number"),
            (lambda: rate(units=12), "units = 12: no power of ten"),
            (lambda: rate(units=0), "units = 0: not a count"),
            (lambda: rate(units=10**7), "units = 10000000: not a count"),
            (lambda: rate(date=None), "date = None: not a date"),
            (lambda: rate(date="31.03.2026"), "date = '31.03.2026': not a date"),
            (lambda: rate(source=""), "source = '': not an id"),
            (lambda: DOLLAR.convert(1.5), "a float is not exact"),
        ],
        ids=[
            "base",
            "no quote",
            "one currency",
            "zero",
            "negative",
            "float",
            "too long",
            "units",
            "no units",
            "too many units",
            "no day",
            "day",
            "no source",
            "float amount",
        ],
    )
    def test_errors(self, wrong, message):
        """What is no rate of a pair, a day and a source is refused."""
        with pytest.raises(bc.InvalidInputError, match=message):
            wrong()


MARCH_27 = rate(number="0.91", date="2026-03-27")
MARCH_30 = rate(number="0.92", date="2026-03-30")
BACK = rate("EUR", "USD", "1.09", date="2026-03-30")
TABLE = bc.ExchangeTable([MARCH_30, BACK, MARCH_27])


class TestTable:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            ("2026-03-27", MARCH_27),
            ("2026-03-29", MARCH_27),
            ("2026-03-30", MARCH_30),
            ("2099-12-31", MARCH_30),
        ],
        ids=["its day", "weekend", "next rate", "long after"],
    )
    def test_the_latest_rate_that_is_not_after_the_day(self, day, expected):
        """The rate of a day is that of the day, or else the latest before."""
        assert TABLE.rate("USD", "EUR", date.fromisoformat(day)) is expected

    def test_a_table_is_its_rates(self):
        """A table keeps its rates as they were given, and travels."""
        assert TABLE.rates == (MARCH_30, BACK, MARCH_27)
        assert pickle.loads(pickle.dumps(TABLE)).rate("USD", "EUR", DAY) == MARCH_30  # noqa: S301

    @pytest.mark.parametrize(
        ("pair", "day"),
        [
            (("USD", "EUR"), "2026-03-26"),
            (("CHF", "EUR"), "2026-03-30"),
            (("EUR", "USD"), "2026-03-29"),
            (("EUR", "EUR"), "2026-03-30"),
        ],
        ids=["too early", "no such pair", "other direction only", "one currency"],
    )
    def test_no_rate(self, pair, day):
        """A missing rate is an error that names pair, day and fix; no inverse is made up."""
        base, quote = pair
        expected = (
            f"no rate of {base} in {quote} on or before {day}; "
            f"add ExchangeRate('{base}', '{quote}', ...) of that day or an earlier one"
        )
        with pytest.raises(bc.InvalidInputError) as caught:
            TABLE.rate(base, quote, date.fromisoformat(day))
        assert str(caught.value) == expected

    @pytest.mark.parametrize(
        ("rates", "message"),
        [
            ([MARCH_27, rate(date="2026-03-27")], "a second rate of its pair and day"),
            ([0.91], "not an ExchangeRate"),
        ],
        ids=["twice", "no rate"],
    )
    def test_errors(self, rates, message):
        """Two rates of one pair and day, or what is no rate, are refused."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.ExchangeTable(rates)


class Answering:
    """Rates of a host that always give the same answer."""

    def __init__(self, answer):
        self.answer = answer

    def rate(self, base, quote, on, /):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class TestAsking:
    @pytest.mark.parametrize(
        "answer",
        [
            None,
            Decimal("0.91"),
            BACK,
            rate("CHF"),
            rate(date="2026-04-01"),
            bc.PortError("down", port="ExchangeRates", is_retryable=True),
        ],
        ids=["nothing", "number", "other direction", "other currency", "later day", "down"],
    )
    def test_a_wrong_answer(self, answer):
        """An answer that is no rate of the pair by that day is an error of the host's adapter."""
        with pytest.raises(bc.PortError, match="ExchangeRates"):
            ask_rate(Answering(answer), "USD", "EUR", DAY)

    def test_no_rates_at_all(self):
        """Where nothing can be converted, the error says where rates are given."""
        with pytest.raises(bc.InvalidInputError, match=r"USD into EUR; .*Setup\(exchange="):
            ask_rate(None, "USD", "EUR", DAY)

    def test_rates_of_a_host(self):
        """Any object with the method will do."""
        assert ask_rate(Answering(DOLLAR), "USD", "EUR", DAY) is DOLLAR


class TestPrices:
    @pytest.mark.parametrize(
        ("price", "number", "expected", "is_rounded"),
        [
            ("100", "0.9123", "91.23", False),
            ("19.99", "0.9123", "18.23688", True),
            ("-0.5", "0.00001", "-0.00001", True),
            ("0", "0.9123", "0", False),
            ("50", "20", "1000", False),
        ],
        ids=["exact", "rounded up", "tie away from zero", "free", "no digits"],
    )
    def test_a_converted_price(self, price, number, expected, is_rounded):
        """A price is rounded half up to 5 digits, and the record says price, rate and result."""
        made = rate(number=number)
        found = convert_price(Decimal(price), "USD", "EUR", DAY, bc.ExchangeTable([made]))
        words = f"{price} USD at 1 USD = {number} EUR (2026-03-31, ECB) is {expected} EUR"

        assert (found.price, found.rate) == (Decimal(price), made)
        assert f"{found.converted:f}" == expected
        assert found.is_rounded is is_rounded
        assert str(found) == words + ", rounded to 5 digits" * is_rounded

    def test_nothing_is_left_of_a_price(self):
        """A price that would become nothing is refused, since it would be billed for free."""
        tiny = rate("IDR", number="0.05", units=1000)

        with pytest.raises(bc.InvalidInputError, match="nothing is left of it in EUR at 1000 IDR"):
            convert_price(Decimal("0.09"), "IDR", "EUR", DAY, bc.ExchangeTable([tiny]))
        kept = convert_price(Decimal("0.1"), "IDR", "EUR", DAY, bc.ExchangeTable([tiny]))
        assert kept.converted == Decimal("0.00001")

    def test_a_price_that_grows_too_large(self):
        """A converted price has as many digits as any other, or it is refused with its own value."""
        rates = bc.ExchangeTable([rate(number=1000)])

        with pytest.raises(bc.InvalidInputError, match=r"price = 999999999999999: .*too long"):
            convert_price(Decimal(999_999_999_999_999), "USD", "EUR", DAY, rates)

"""The table of currencies, against lists of others."""

from __future__ import annotations

from decimal import Decimal

import iso4217
import pytest
from babel.numbers import get_currency_precision

from billingcore import InvalidInputError
from billingcore.values.currency import CURRENCY_DIGITS, WITHDRAWN, check_currency, quantum_of

FEWER_IN_CLDR = {
    "AFN": 0,
    "ALL": 0,
    "IQD": 0,
    "IRR": 0,
    "KPW": 0,
    "LAK": 0,
    "LBP": 0,
    "MGA": 0,
    "MMK": 0,
    "RSD": 0,
    "SOS": 0,
    "SYP": 0,
    "YER": 0,
}


class TestTable:
    def test_is_the_independent_list(self):
        """Codes and digits are those of the package iso4217, but for codes without digits."""
        listed = {each.code: each.exponent for each in iso4217.Currency}
        ours = {code: n for code, n in CURRENCY_DIGITS.items() if code not in WITHDRAWN}

        assert ours == {code: n for code, n in listed.items() if n is not None}

    def test_codes_without_digits_are_no_money(self):
        """Metals, bond units and test codes have no digits, and are no currency to bill in."""
        listed = {each.code for each in iso4217.Currency if each.exponent is None}

        assert listed == {
            *("XAG", "XAU", "XPD", "XPT"),
            *("XBA", "XBB", "XBC", "XBD"),
            *("XDR", "XSU", "XTS", "XUA", "XXX"),
        }
        assert not listed & set(CURRENCY_DIGITS)

    def test_withdrawn_codes_are_kept(self):
        """Codes that left the standard lately are still known, with two digits."""
        assert {"ANG", "BGN", "CUC", "HRK", "SLL"} == WITHDRAWN
        assert {CURRENCY_DIGITS[code] for code in WITHDRAWN} == {2}
        assert not WITHDRAWN & {each.code for each in iso4217.Currency}

    def test_where_cldr_differs(self):
        """Babel, which shows CLDR, has other digits for exactly thirteen current currencies."""
        current = set(CURRENCY_DIGITS) - WITHDRAWN
        different = {
            code: get_currency_precision(code)
            for code in current
            if get_currency_precision(code) != CURRENCY_DIGITS[code]
        }

        assert different == FEWER_IN_CLDR


class TestQuantum:
    @pytest.mark.parametrize(
        ("currency", "quantum"),
        [("JPY", "1"), ("EUR", "0.01"), ("KWD", "0.001"), ("IQD", "0.001"), ("CLF", "0.0001")],
    )
    def test_smallest_amount(self, currency, quantum):
        """The smallest amount has the digits of ISO 4217."""
        assert str(quantum_of(currency)) == quantum
        assert quantum_of(currency) == Decimal(quantum)

    def test_unknown(self):
        """There is no smallest amount of what is no currency."""
        with pytest.raises(InvalidInputError, match="not a currency of ISO 4217"):
            quantum_of("XXX")


class TestCheckCurrency:
    @pytest.mark.parametrize(
        ("given", "fix"),
        [
            ("eur", "write 'EUR'"),
            (" EUR ", "write 'EUR'"),
            ("EURO", "use an ISO 4217 code like 'EUR'"),
            ("", "use an ISO 4217 code like 'EUR'"),
            ("XAU", "use an ISO 4217 code like 'EUR'"),
            (None, "use an ISO 4217 code like 'EUR'"),
            (978, "use an ISO 4217 code like 'EUR'"),
            (["EUR"], "use an ISO 4217 code like 'EUR'"),
        ],
        ids=["lower case", "spaces", "name", "empty", "gold", "None", "number", "list"],
    )
    def test_refuses(self, given, fix):
        """What is no code is refused, with the near code if there is one."""
        with pytest.raises(InvalidInputError) as caught:
            check_currency(given)

        assert (caught.value.fix, caught.value.value) == (fix, given)

    def test_gives_the_code_back(self):
        """A code is its own result."""
        assert check_currency("EUR") == "EUR"

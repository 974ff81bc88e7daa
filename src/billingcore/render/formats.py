"""Numbers and dates as a locale writes them: the only door to Babel.

Babel takes the digits of a currency from CLDR, which has 100 RSD for 100.50 RSD. Here they come from
ISO 4217, by way of a copy of the locale's pattern, and no amount is rounded again. Babel also
computes under the ambient decimal context, so whoever formats runs inside `exactly`.
"""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from billingcore.errors import InvalidInputError
from billingcore.values.context import EXACT
from billingcore.values.currency import CURRENCY_DIGITS
from billingcore.values.period import Period

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.numbers import NumberPattern

__all__ = ["Formats"]

# A code set beside the digits: CLDR wants a space there, Babel writes none.
_TOUCHING: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class Formats:
    """Writes the numbers and dates of one document or picture; runs inside `exactly`.

    >>> from billingcore.values.context import exactly
    >>> with exactly():
    ...     Formats("en_US", "USD").amount(Decimal("1234.5"))
    '$1,234.50'

    Args:
        locale: like ``de_DE`` or ``en-GB``.
        currency: of the amounts; empty where there are none.

    Attributes:
        locale: the locale's identifier, like ``de_DE``.

    Raises:
        InvalidInputError: there is no such locale.
    """

    def __init__(self, locale: str, currency: str = "") -> None:
        self._locale = _parsed(locale)
        self.locale: str = str(self._locale)
        self._currency = currency
        self._digits = CURRENCY_DIGITS[currency] if currency else 0

    def of(self, currency: str) -> Formats:
        """Give the formats of the same locale for another currency."""
        return Formats(self.locale, currency)

    def amount(self, value: Decimal) -> str:
        """Write an amount with its currency and all digits that the currency has."""
        return self._money(value, self._digits)

    def price(self, value: Decimal) -> str:
        """Write a price with all its own digits, at least those of the currency."""
        return self._money(value, max(self._digits, _digits(value)))

    def number(self, value: Decimal) -> str:
        """Write a number with the digits that it needs."""
        return self._written(self._locale.decimal_formats[None], value, _digits(value))

    def percent(self, value: Decimal) -> str:
        """Write percent, such as a rate of 19, with the digits that it needs."""
        share = EXACT.divide(value, Decimal(100))
        return self._written(self._locale.percent_formats[None], share, _digits(value))

    def _money(self, value: Decimal, digits: int) -> str:
        pattern = self._locale.currency_formats["standard"]
        return _TOUCHING.sub(
            "\N{NO-BREAK SPACE}", self._written(pattern, value, digits, self._currency)
        )

    def _written(
        self, pattern: NumberPattern, value: Decimal, digits: int, currency: str | None = None
    ) -> str:
        own = copy(pattern)
        own.frac_prec = (digits, digits)
        shown: str = own.apply(value, self._locale, currency=currency, currency_digits=False)
        return shown

    def day(self, day: date) -> str:
        """Write a date."""
        from babel.dates import format_date

        return format_date(day, "medium", self._locale)

    def month(self, day: date) -> str:
        """Write the month of a date, without its year."""
        from babel.dates import format_date

        return format_date(day, "LLL", self._locale)

    def month_and_year(self, day: date) -> str:
        """Write the month of a date with its year."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMM", day, locale=self._locale)

    def country(self, code: str) -> str:
        """Write the name of a country; its code if the locale has no name for it."""
        names = self._locale.territories
        return str(names[code]) if code in names else code

    def days(self, period: Period) -> str:
        """Write the first and the last day; one day alone."""
        first, last = period.first, period.last
        assert first is not None  # noqa: S101 - the periods of documents are bounded
        assert last is not None  # noqa: S101
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"


def _parsed(locale: str) -> Locale:
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError, AttributeError):
        fix = "use one that Babel knows, like 'de_DE', 'en_GB' or 'fr'"
        rule = "no such locale"
        raise InvalidInputError(rule, field="locale", value=locale, fix=fix) from None


def _digits(value: Decimal) -> int:
    """Count the digits after the point without zeros at the end."""
    exponent = EXACT.normalize(value).as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - whatever is on a document is finite
    return max(0, -exponent)

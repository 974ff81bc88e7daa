"""A table of tax rates: the tax engine that comes with the library.

Rates are data of the host: codes, percentages, when each is valid, and for which buyers and
sellers. No country's law is in here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.records.taxes import (
    UNTAXED,
    Tax,
    TaxAnswer,
    TaxCategory,
    TaxPurpose,
    TaxQuestion,
    TaxRefusal,
    TaxSlice,
)
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.memo import Memo
from billingcore.values.numbers import NumberLike
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = ["TaxRate", "TaxTable", "Untaxed"]

ALWAYS: Final = Period(None, None)
MOST_REGIONS: Final = 64
"""Pairs of buyers' and sellers' regions whose taxes are kept at hand."""


@frozen(init=False)
class TaxRate:
    """One rate of a tax code: how much, when, and between whom.

    Attributes:
        rate: percent, like 19.
        category: how the supply is taxed.
        start: the first day that it holds; None was always.
        end: the last day that it holds, inclusive; None is until further notice.
        buyer: the account's `tax_region` that it holds for; None is for all.
        seller: the business entity's `tax_region` that it holds for; None is for all.
        reason: why no tax is due, as text for the document.
        reason_code: the same as a VATEX code.
    """

    rate: NumberLike
    category: TaxCategory
    valid: Period
    buyer: str | None
    seller: str | None
    reason: str
    reason_code: str

    def __init__(
        self,
        rate: NumberLike,
        *,
        category: TaxCategory = TaxCategory.STANDARD,
        start: DateLike | None = None,
        end: DateLike | None = None,
        buyer: str | None = None,
        seller: str | None = None,
        reason: str = "",
        reason_code: str = "",
    ) -> None:
        read = Boundary("TaxRate")
        fill(
            self,
            rate=read.number("rate", rate),
            category=read.member("category", category, TaxCategory),
            valid=_valid(read, start, end),
            buyer=read.optional_id("buyer", buyer),
            seller=read.optional_id("seller", seller),
            reason=read.text("reason", reason),
            reason_code=read.text("reason_code", reason_code),
        )
        try:
            _as_tax("", self)
        except InvalidInputError as error:
            raise read.refuse("rate", rate, error.rule, error.fix) from None

    @classmethod
    def reverse_charge(cls, *, buyer: str, reason: str = "Reverse charge") -> TaxRate:
        """Make the rate for buyers who owe the tax themselves: category AE, rate 0."""
        return cls(
            0,
            category=TaxCategory.REVERSE_CHARGE,
            buyer=buyer,
            reason=reason,
            reason_code="VATEX-EU-AE",
        )

    @classmethod
    def exempt(cls, *, reason: str, reason_code: str = "", buyer: str | None = None) -> TaxRate:
        """Make the rate of what is exempt from tax: category E, rate 0, with the reason."""
        return cls(
            0, category=TaxCategory.EXEMPT, buyer=buyer, reason=reason, reason_code=reason_code
        )


RateLike = NumberLike | TaxRate | Iterable[TaxRate]


class _SingleTaxes(dict[str, Tax]):
    """Code → its tax, worked out when it is looked up; a code without a single one is not in it."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Callable[[str], TaxAnswer]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, code: str) -> Tax | None:
        answer = self._answer(code)
        if isinstance(answer, TaxRefusal) or len(answer) != 1:
            return None
        self[code] = tax = answer[0].tax
        return tax


class TaxTable:
    """Tax codes with their rates.

    >>> table = TaxTable({
    ...     "DE_19": [TaxRate(16, start="2020-07-01", end="2020-12-31"), TaxRate(19),
    ...               TaxRate.reverse_charge(buyer="EU business")],
    ...     "DE_7": "7",
    ... })
    >>> table.tax("DE_19", date(2020, 8, 1)).rate, table.tax("DE_19", date(2021, 1, 1)).rate
    (Decimal('16'), Decimal('19'))
    >>> table.tax("DE_19", date(2026, 1, 1), buyer="EU business").category.value
    'AE'

    Of the rates of a code that hold on a day, the most specific one applies: one for this buyer
    and seller before one for this buyer, before one for this seller, before one for all; among
    these one with dates before one without, then the first in the list.

    Raises:
        InvalidInputError: a rate is none.
    """

    def __init__(self, rates: Mapping[str, RateLike]) -> None:
        read = Boundary("TaxTable")
        self._rates: dict[str, tuple[tuple[TaxRate, Tax], ...]] = {}
        for code, given in rates.items():
            rows = _as_rates(read, code, given)
            self._rates[read.id("code", code)] = tuple((row, _as_tax(code, row)) for row in rows)
        self._known: Memo[tuple[str, date | None, date | None, str, str], TaxAnswer] = Memo()
        self._single: dict[tuple[str, str], Memo[str, _SingleTaxes]] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the table."""
        return tuple(self._rates)

    def tax(self, code: str, day: date, *, buyer: str = "", seller: str = "") -> Tax:
        """Give the tax of a code on a day.

        Raises:
            InvalidInputError: there is no such code, or none of its rates holds on the day.
        """
        answer = self._answer(code, Period.day(day), buyer, seller)
        if isinstance(answer, TaxRefusal):
            read = Boundary("TaxTable")
            raise read.refuse("tax_code", code, answer.rule, answer.fix)
        return answer[0].tax

    def single_taxes(self, days: Period, buyer: str, seller: str) -> Mapping[str, Tax | None]:
        """Give the tax of each code on some days, between a buyer and a seller.

        It is None where the rate changes on these days, or there is none; then there is an answer
        to a question only. Works without questions, for lines by the hundred thousand.
        """
        name = str(days)
        known = self.known_taxes(buyer, seller).get(name)
        if known is None:
            answer = partial(self._answer, days=days, buyer=buyer, seller=seller)
            known = self._single[buyer, seller].keep(name, _SingleTaxes(answer))
        return known

    def known_taxes(self, buyer: str, seller: str) -> Mapping[str, Mapping[str, Tax | None]]:
        """Give what `single_taxes` has told of a buyer and a seller: days as text → their taxes."""
        known = self._single.get((buyer, seller))
        if known is None:
            if len(self._single) >= MOST_REGIONS:
                self._single.clear()
            self._single[buyer, seller] = known = Memo[str, _SingleTaxes]()
        return known

    def taxes(self, questions: Sequence[TaxQuestion], purpose: TaxPurpose) -> Sequence[TaxAnswer]:
        """Answer questions; drafts and invoices are taxed alike."""
        del purpose
        known = self._known
        answers: list[TaxAnswer] = []
        for code, days, account, entity in questions:
            seller = entity.tax_region if entity else ""
            key = (code, days.start, days.stop, account.tax_region, seller)
            answer = known.get(key)
            if answer is None:
                answer = known.keep(key, self._answer(code, days, account.tax_region, seller))
            answers.append(answer)
        return answers

    def _answer(self, code: str, days: Period, buyer: str, seller: str) -> TaxAnswer:
        rows = self._rates.get(code)
        if rows is None:
            known = ", ".join(self._rates) or "none"
            return TaxRefusal(f"unknown tax code {code!r}", f"add it to the table; known: {known}")
        rows = tuple(row for row in rows if _holds_for(row[0], buyer, seller))
        borders = [day for rate, _ in rows for day in (rate.valid.start, rate.valid.stop) if day]
        slices: list[TaxSlice] = []
        for part in days.split(borders):
            found = [row for row in rows if row[0].valid.covers(part)]
            if not found:
                fix = "add a rate that holds then"
                return TaxRefusal(f"tax code {code!r} has no rate on {part.first}", fix)
            tax = min(found, key=_generality)[1]
            if slices and slices[-1].tax is tax:
                slices[-1] = TaxSlice(Period(slices[-1].period.start, part.stop), tax)
            else:
                slices.append(TaxSlice(part, tax))
        return tuple(slices)


def _as_rates(read: Boundary, code: str, given: RateLike) -> tuple[TaxRate, ...]:
    if isinstance(given, TaxRate):
        return (given,)
    if isinstance(given, Iterable) and not isinstance(given, str):
        return tuple(read.instance("rates", rate, TaxRate) for rate in given)
    try:
        return (TaxRate(given),)
    except InvalidInputError as error:
        raise read.refuse(code, given, error.rule, error.fix) from None


def _valid(read: Boundary, start: DateLike | None, end: DateLike | None) -> Period:
    first, last = read.day("start", start), read.day("end", end)
    read.order("end", first, last)
    return Period.closed(first, last)


def _as_tax(code: str, rate: TaxRate) -> Tax:
    return Tax(
        code,
        rate=rate.rate,
        category=rate.category,
        reason=rate.reason,
        reason_code=rate.reason_code,
    )


def _holds_for(rate: TaxRate, buyer: str, seller: str) -> bool:
    return rate.buyer in (None, buyer) and rate.seller in (None, seller)


def _generality(row: tuple[TaxRate, Tax]) -> tuple[bool, bool, bool]:
    rate, _ = row
    return rate.buyer is None, rate.seller is None, rate.valid == ALWAYS


class Untaxed:
    """A tax engine that knows every code and taxes nothing, for amounts without tax."""

    def taxes(self, questions: Sequence[TaxQuestion], purpose: TaxPurpose) -> Sequence[TaxAnswer]:
        """Answer every question with no tax."""
        del purpose
        return [(TaxSlice(question.days, UNTAXED),) for question in questions]

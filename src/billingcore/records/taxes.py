"""Questions to a tax engine, and its answers."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum, StrEnum
from typing import Final, NamedTuple

from attrs import field, frozen

from billingcore.records.account import Account
from billingcore.records.setup import BusinessEntity
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT
from billingcore.values.numbers import NumberLike
from billingcore.values.period import Period
from billingcore.values.sealing import fill

__all__ = [
    "UNTAXED",
    "Tax",
    "TaxAnswer",
    "TaxCategory",
    "TaxPurpose",
    "TaxQuestion",
    "TaxRefusal",
    "TaxSlice",
]


class TaxCategory(StrEnum):
    """How a supply is taxed: UNTDID 5305, as far as EN 16931 admits it."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUT_OF_SCOPE = "O"
    CANARY_ISLANDS = "L"
    CEUTA_MELILLA = "M"


class TaxPurpose(Enum):
    """What a question is for; a remote engine may record the actual ones."""

    ESTIMATE = "estimate"
    """For a draft."""
    ACTUAL = "actual"
    """For an invoice that is being finalized."""


@frozen(init=False, order=False)
class Tax:
    """A tax as it applies to a line.

    >>> Tax("DE_19", rate=19).group
    'S 19'

    Attributes:
        code: the host's tax code; empty for untaxed.
        rate: percent, like 19; 0 in every category but the standard ones.
        category: how the supply is taxed.
        reason: why no tax is due, as text for the document.
        reason_code: the same as a VATEX code.
        share: the rate as a share, like 0.19.
        group: category and rate; lines of one group are taxed together.
    """

    code: str
    rate: Decimal
    category: TaxCategory
    reason: str
    reason_code: str
    share: Decimal = field(init=False, eq=False, repr=False)
    group: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        code: str,
        *,
        rate: NumberLike,
        category: TaxCategory = TaxCategory.STANDARD,
        reason: str = "",
        reason_code: str = "",
    ) -> None:
        read = Boundary("Tax", code or None)
        fill(
            self,
            code=read.text("code", code),
            rate=read.number("rate", rate),
            category=read.member("category", category, TaxCategory),
            reason=read.text("reason", reason),
            reason_code=read.text("reason_code", reason_code),
        )
        if not 0 <= self.rate <= 1000:
            raise read.refuse("rate", rate, "no possible rate", "use percent, like 19 for 19 %")
        if self.rate and self.category not in _WITH_RATE:
            fix = "use rate 0, or a category that is taxed"
            raise read.refuse("rate", rate, f"category {self.category.value} has no rate", fix)
        fill(self, share=EXACT.divide(self.rate, Decimal(100)))
        plain = f"{EXACT.normalize(self.rate):f}"
        fill(self, group=f"{self.category.value} {plain}")


_WITH_RATE: Final = frozenset(
    {TaxCategory.STANDARD, TaxCategory.CANARY_ISLANDS, TaxCategory.CEUTA_MELILLA}
)

UNTAXED: Final = Tax("", rate=0, category=TaxCategory.OUT_OF_SCOPE, reason="no tax code")
"""The tax of a line without a tax code."""


class TaxQuestion(NamedTuple):
    """Which tax applies to a tax code on certain days, between a buyer and a seller."""

    code: str
    days: Period
    account: Account
    entity: BusinessEntity | None


@frozen
class TaxSlice:
    """A tax and the days of the question that it applies to."""

    period: Period
    tax: Tax


@frozen
class TaxRefusal:
    """The answer to a question that has none: what is wrong with the tax code, and the fix."""

    rule: str
    fix: str = ""


TaxAnswer = tuple[TaxSlice, ...] | TaxRefusal
"""The taxes of all days of a question in their order, or why there are none."""

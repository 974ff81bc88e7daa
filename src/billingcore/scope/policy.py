"""How eager a run is and how documents are made: every switch, as data.

A policy is a value. Take a preset and change it: ``DOCUMENTED.but(catch_up=CatchUp.EVERY)``. It
travels with every draft and outcome, and `version` names its content.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, Final, cast

import attrs
from attrs import Attribute, field, frozen

from billingcore.ports import ProrationConvention
from billingcore.records.conventions import read_convention
from billingcore.scope.switches import (
    CatchUp,
    ChainTax,
    ChangeDay,
    ChangeInside,
    Corrections,
    CreditBasis,
    DayUnit,
    DeductProgress,
    FinalShape,
    FirstPeriod,
    LateChildren,
    LateUsage,
    NegativeTotal,
    OnProblem,
    OpenDrafts,
    RecordDays,
    Scope,
    TaxDate,
    TaxLevel,
    ZeroTotal,
)
from billingcore.values.boundary import Boundary
from billingcore.values.currency import check_currency
from billingcore.values.keys import digest
from billingcore.values.memo import Memo
from billingcore.values.numbers import NumberLike
from billingcore.values.rounding import Rounding, mode_of
from billingcore.values.sealing import fill

__all__ = ["DOCUMENTED", "LEVEL", "PER_ACCOUNT", "PER_SUBSCRIPTION", "Criterion", "Policy"]


@frozen
class Criterion:
    """What keeps lines apart: lines with another value go to another document.

    Attributes:
        name: how a split is explained.
        value: what is compared: a path of attributes of the line, like ``item.criterion``, or a
            function of the line (an importable one where policies travel to other processes).
    """

    name: str
    value: str | Callable[[Any], Hashable]

    def of(self, line: object) -> Hashable:
        """Give the value of a line."""
        value = self.value
        return attrgetter(value)(line) if isinstance(value, str) else value(line)


BY_SUBSCRIPTION: Final = Criterion("subscription", "subscription_id")
BY_CRITERION: Final = Criterion("invoice criterion", "item.criterion")
BY_SEPARATE: Final = Criterion("separate subscription", "separate_id")
BY_CREDIT: Final = Criterion("credit", "credit_of")

ALWAYS: Final = (Criterion("currency", "currency"), Criterion("terms", "heading.terms"))
"""The criteria that no policy can take away: a document has one currency, and one set of terms."""

OF_CONTRACT: Final = {"subscription_id", "separate_id", "item.criterion", "credit_of"} | {
    each.value for each in ALWAYS
}
"""What is equal for lines of one contract, heading, invoice criterion and currency that correct
nothing."""

PER_SUBSCRIPTION: Final = (BY_SUBSCRIPTION, BY_CRITERION)
"""One document per subscription and invoice criterion: the default."""
PER_ACCOUNT: Final = (BY_SEPARATE, BY_CRITERION)
"""One document per account and invoice criterion, but for subscriptions that are to be separate."""


@frozen
class _Reader:
    """Reads the values of criteria that are not all paths."""

    criteria: tuple[Criterion, ...]

    def __call__(self, line: object) -> tuple[Hashable, ...]:
        return tuple([criterion.of(line) for criterion in self.criteria])


def _reader(criteria: tuple[Criterion, ...]) -> Callable[[Any], tuple[Hashable, ...]]:
    """Give a reader of all criteria at once; one call in C if all of them are paths."""
    paths = [criterion.value for criterion in criteria if isinstance(criterion.value, str)]
    return attrgetter(*paths) if len(paths) == len(criteria) else _Reader(criteria)


AmountsByCurrency = Mapping[str, NumberLike] | Iterable[tuple[str, NumberLike]]


def _read_amounts(switch: str, value: AmountsByCurrency) -> tuple[tuple[str, Decimal], ...]:
    """Read a switch that has a positive amount for some currencies."""
    read = Boundary("Policy")
    amounts: list[tuple[str, Decimal]] = []
    for currency, given in dict(value).items():
        code = read.read(switch, currency, check_currency)
        amount = read.number(switch, given)
        if amount <= 0:
            raise read.refuse(switch, given, "the amount must be positive")
        amounts.append((code, amount))
    return tuple(sorted(amounts))


def _read_cash_increments(value: AmountsByCurrency) -> tuple[tuple[str, Decimal], ...]:
    return _read_amounts("cash_increments", value)


def _read_correction_threshold(value: AmountsByCurrency) -> tuple[tuple[str, Decimal], ...]:
    return _read_amounts("correction_threshold", value)


def _read_minimum_amount(value: AmountsByCurrency) -> tuple[tuple[str, Decimal], ...]:
    return _read_amounts("minimum_amount", value)


def _read_proration(value: object) -> ProrationConvention | None:
    return read_convention(Boundary("Policy"), value)


def _read_statuses(statuses: Iterable[str]) -> tuple[str, ...]:
    read = Boundary("Policy")
    given = (statuses,) if isinstance(statuses, str) else statuses
    return tuple(sorted({read.text("active_statuses", status) for status in given}))


def _is_member(_: Policy, attribute: Attribute[Any], value: object) -> None:
    """Check an enumerated switch against the type of its default."""
    kind: type[Enum] = type(cast(Enum, attribute.default))
    if not isinstance(value, kind):
        raise Boundary("Policy").no_member(attribute.name, value, kind)


def _is_flag(_: Policy, attribute: Attribute[Any], value: object) -> None:
    Boundary("Policy").flag(attribute.name, value)


def _is_limit(_: Policy, attribute: Attribute[Any], value: object) -> None:
    if value is not None:
        Boundary("Policy").count(attribute.name, value, least=1)


def _is_month(_: Policy, attribute: Attribute[Any], value: object) -> None:
    Boundary("Policy").count(attribute.name, value, least=1, most=12)


@frozen(kw_only=True)
class Policy:
    """Every switch of a run.

    Attributes:
        name: how it is called in reports.
        first_period: where the first billed period begins.
        catch_up: what happens to several due periods.
        open_drafts: whether drafts block or advance.
        scope: which dates are in a run.
        day_unit: what a billing period of unit day counts.
        grouping: the criteria that keep lines on different documents.
        negative_total: what becomes of negative documents.
        zero_total: what becomes of documents of zero.
        tax_level: where tax is rounded.
        tax_date: which day decides the rate.
        tax_delta: with taxes per line, add a hidden line that closes the gap to the taxes per
            category.
        rounding: how amounts are rounded to the currency's digits.
        cash_increments: currency → smallest step of what is to be paid, like 0.05 for CHF.
        on_problem: what a problem holds back.
        active_statuses: the subscription statuses that are billed.
        fiscal_year_start: first month of the fiscal year, for items synchronized with it.
        late_usage: what becomes of usage, and of records, from before the run.
        late_children: what becomes of a child added to a record that was billed already.
        record_days: which days stand on the line of a record that is billed once.
        change_day: on whose terms the day of a change is billed.
        change_inside: what happens to a change inside a billing period.
        corrections: what becomes of a change of days that are billed already.
        credit_basis: at what price such days are taken back.
        correction_threshold: currency → differences of an item below this net amount are left.
        minimum_amount: currency → a document with a smaller gross total is put off to a later run,
            until its contracts end.
        final_shape: what a final invoice bills.
        deduct_progress: what a final deducts of a progress or deposit invoice.
        chain_tax: how the taxes of part invoices of one agreement are worked out.
        max_lines: the most lines on a document; None is any number.
        proration: what a part of a period costs, for prorated items that name no convention of
            their own; None takes the billing type's.
        group_of: line → the values of all criteria.
        groups_by_contract: whether these are equal for lines of one contract, heading, invoice
            criterion and currency that correct nothing.
        rounding_mode: the rounding as the decimal module's own constant.
        spans: first day and the day after the last → what is billed once for them, remembered.
    """

    name: str
    first_period: FirstPeriod = field(default=FirstPeriod.FROM_RUN, validator=_is_member)
    catch_up: CatchUp = field(default=CatchUp.ONE, validator=_is_member)
    open_drafts: OpenDrafts = field(default=OpenDrafts.BLOCK, validator=_is_member)
    scope: Scope = field(default=Scope.OVERLAP, validator=_is_member)
    day_unit: DayUnit = field(default=DayUnit.MONTHS, validator=_is_member)
    grouping: tuple[Criterion, ...] = field(default=PER_SUBSCRIPTION, converter=tuple)
    negative_total: NegativeTotal = field(default=NegativeTotal.CREDIT, validator=_is_member)
    zero_total: ZeroTotal = field(default=ZeroTotal.ISSUE, validator=_is_member)
    tax_level: TaxLevel = field(default=TaxLevel.CATEGORY, validator=_is_member)
    tax_date: TaxDate = field(default=TaxDate.END, validator=_is_member)
    tax_delta: bool = field(default=False, validator=_is_flag)
    rounding: Rounding = field(default=Rounding.HALF_UP, validator=_is_member)
    cash_increments: tuple[tuple[str, Decimal], ...] = field(
        default=(), converter=_read_cash_increments
    )
    on_problem: OnProblem = field(default=OnProblem.RECORD, validator=_is_member)
    active_statuses: tuple[str, ...] = field(default=("Active",), converter=_read_statuses)
    fiscal_year_start: int = field(default=1, validator=_is_month)
    late_usage: LateUsage = field(default=LateUsage.EXCLUDE, validator=_is_member)
    late_children: LateChildren = field(default=LateChildren.EXCLUDE, validator=_is_member)
    record_days: RecordDays = field(default=RecordDays.RUN, validator=_is_member)
    change_day: ChangeDay = field(default=ChangeDay.NEW, validator=_is_member)
    change_inside: ChangeInside = field(default=ChangeInside.SPLIT, validator=_is_member)
    corrections: Corrections = field(default=Corrections.REPORT, validator=_is_member)
    credit_basis: CreditBasis = field(default=CreditBasis.AS_BILLED, validator=_is_member)
    correction_threshold: tuple[tuple[str, Decimal], ...] = field(
        default=(), converter=_read_correction_threshold
    )
    minimum_amount: tuple[tuple[str, Decimal], ...] = field(
        default=(), converter=_read_minimum_amount
    )
    final_shape: FinalShape = field(default=FinalShape.CUMULATIVE, validator=_is_member)
    deduct_progress: DeductProgress = field(default=DeductProgress.PAID, validator=_is_member)
    chain_tax: ChainTax = field(default=ChainTax.CUMULATIVE, validator=_is_member)
    max_lines: int | None = field(default=None, validator=_is_limit)
    proration: ProrationConvention | None = field(default=None, converter=_read_proration)
    group_of: Callable[[Any], tuple[Hashable, ...]] = field(init=False, eq=False, repr=False)
    groups_by_contract: bool = field(init=False, eq=False, repr=False)
    rounding_mode: str = field(init=False, eq=False, repr=False)
    spans: Memo[Hashable, Any] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        criteria = self.criteria
        fill(
            self,
            group_of=_reader(criteria),
            groups_by_contract=all(each.value in OF_CONTRACT for each in criteria),
            rounding_mode=mode_of(self.rounding),
            spans=Memo[Hashable, Any](),
        )

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria that keep lines apart: its own, then the two that always do."""
        is_apart = self.corrections is Corrections.CREDIT_DOCUMENT
        return (*self.grouping, *((BY_CREDIT,) if is_apart else ()), *ALWAYS)

    def but(self, **changes: Any) -> Policy:
        """Give this policy with some switches changed; its name says so.

        >>> DOCUMENTED.but(catch_up=CatchUp.EVERY).name
        'DOCUMENTED but catch_up=EVERY'
        """
        said = ", ".join(f"{switch}={_plain(changes[switch])}" for switch in sorted(changes))
        name = changes.pop("name", f"{self.name} but {said}")
        try:
            return attrs.evolve(self, name=name, **changes)
        except TypeError as error:
            read = Boundary("Policy")
            fix = "use one of " + ", ".join(each.name for each in attrs.fields(Policy))
            raise read.refuse("but", sorted(changes), str(error), fix) from None

    def differences(self, other: Policy) -> tuple[tuple[str, str, str], ...]:
        """Name the switches that another policy has otherwise, with both values.

        >>> DOCUMENTED.differences(DOCUMENTED.but(catch_up=CatchUp.EVERY, max_lines=10))
        (('catch_up', 'ONE', 'EVERY'), ('max_lines', 'None', '10'))
        """
        return tuple(
            (switch, _plain(getattr(self, switch)), _plain(getattr(other, switch)))
            for switch in self._switches()
            if getattr(self, switch) != getattr(other, switch)
        )

    @staticmethod
    def _switches() -> list[str]:
        return [each.name for each in attrs.fields(Policy) if each.init and each.name != "name"]

    @property
    def version(self) -> str:
        """Name the content: equal for equal switches, on every machine."""
        return digest(f"{switch}={_plain(getattr(self, switch))}" for switch in self._switches())


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return ",".join(map(_plain, cast(tuple[object, ...], value)))
    return value.name if isinstance(value, Criterion | ProrationConvention) else str(value)


DOCUMENTED: Final = Policy(name="DOCUMENTED")
"""Bills as the re-implemented products document it: the default."""

LEVEL: Final = Policy(
    name="LEVEL",
    first_period=FirstPeriod.FROM_ITEM,
    catch_up=CatchUp.EVERY,
    open_drafts=OpenDrafts.CONTINUE,
    corrections=Corrections.NEXT_INVOICE,
    late_usage=LateUsage.INCLUDE,
    late_children=LateChildren.BILL,
    record_days=RecordDays.SERVICE_DATE,
)
"""Bills everything that is due and not covered, whatever run finds it."""

"""Strategies for runs: policies, filters, what is selected, and when."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from billingcore.records.field_set import FieldSet
from billingcore.runs.schedules import RunChain, ScheduledRun
from billingcore.scope.criteria import Criteria
from billingcore.scope.policy import DOCUMENTED, LEVEL, PER_ACCOUNT, PER_SUBSCRIPTION, Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter, Selection, StartFrom, UseCase
from billingcore.scope.switches import (
    CatchUp,
    ChangeDay,
    ChangeInside,
    Corrections,
    FirstPeriod,
    LateUsage,
    NegativeTotal,
    OnProblem,
    OpenDrafts,
    Scope,
    TaxDate,
    TaxLevel,
    ZeroTotal,
)
from billingcore.testing.strategies.of_values import (
    cadences,
    currencies,
    days,
    ids,
    optional,
    periods,
    service_days,
)
from billingcore.values.cadence import Unit
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding

__all__ = [
    "criteria",
    "field_sets",
    "filters",
    "policies",
    "run_chains",
    "runs",
    "scheduled_runs",
    "selections",
    "starts",
]

SWITCHES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "first_period": st.sampled_from(FirstPeriod),
    "catch_up": st.sampled_from(CatchUp),
    "open_drafts": st.sampled_from(OpenDrafts),
    "scope": st.sampled_from(Scope),
    "grouping": st.sampled_from([PER_SUBSCRIPTION, PER_ACCOUNT]),
    "negative_total": st.sampled_from(NegativeTotal),
    "zero_total": st.sampled_from(ZeroTotal),
    "tax_level": st.sampled_from(TaxLevel),
    "tax_date": st.sampled_from(TaxDate),
    "rounding": st.sampled_from(Rounding),
    "cash_increments": st.sampled_from([{}, {"CHF": "0.05"}]),
    "on_problem": st.sampled_from(OnProblem),
    "late_usage": st.sampled_from(LateUsage),
    "change_day": st.sampled_from(ChangeDay),
    "change_inside": st.sampled_from(ChangeInside),
    "corrections": st.sampled_from(Corrections),
    "fiscal_year_start": st.integers(1, 12),
}
"""The switches of policies that are drawn, with their values."""


def policies() -> st.SearchStrategy[Policy]:
    """Draw policies: both presets, and changed ones; they shrink to few changes."""
    names = st.lists(st.sampled_from([*SWITCHES]), max_size=4, unique=True)
    given = names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: SWITCHES[name] for name in chosen})
    )
    preset = st.sampled_from([DOCUMENTED, LEVEL])
    return st.builds(lambda base, changes: base.but(**changes), preset, given)


def field_sets() -> st.SearchStrategy[FieldSet]:
    """Draw how fields of records are called."""
    return st.builds(
        FieldSet, suffix=st.sampled_from(["", "Cust", "B2"]), days=optional(service_days())
    )


def filters(use_case: UseCase | None = None) -> st.SearchStrategy[Filter]:
    """Draw filters, without a condition of the host's own.

    Args:
        use_case: what they are for; None draws all.
    """

    def build(name: str, case: UseCase, fields: FieldSet, sequence: int) -> Filter:
        if case is UseCase.SUBSCRIPTION:
            return Filter(name, sequence=sequence)
        relation = "Items" if case is UseCase.GENERIC else ""
        return Filter(
            name,
            use_case=case,
            target="Order" if relation else "Call",
            child_relation=relation,
            fields=fields,
            sequence=sequence,
        )

    cases = st.sampled_from(UseCase) if use_case is None else st.just(use_case)
    return st.builds(build, ids(), cases, field_sets(), st.integers(0, 9))


def criteria() -> st.SearchStrategy[Criteria]:
    """Draw which accounts and items are wanted."""
    months = cadences((Unit.MONTH, Unit.YEAR), anchored=False)
    return st.builds(
        Criteria,
        accounts=st.sets(ids(), max_size=2),
        batch=st.sampled_from([None, "north"]),
        currency=optional(currencies()),
        frequency=optional(months),
    )


def selections() -> st.SearchStrategy[Selection]:
    """Draw what a run bills: with all drawn filters, or with some of them chosen."""
    known = st.lists(
        filters(), max_size=2, unique_by=(lambda each: each.name, lambda each: each.use_case)
    )
    return st.builds(lambda some, wanted: Selection(some, criteria=wanted), known, criteria())


def starts() -> st.SearchStrategy[StartFrom]:
    """Draw records from which a run starts."""
    names = st.sets(ids(), min_size=1, max_size=3)
    return names.map(lambda some: StartFrom([f"Order/{name}" for name in sorted(some)]))


def runs() -> st.SearchStrategy[InvoiceRun]:
    """Draw invoice runs: a month of 2026, or other days; with any policy, over all contracts."""
    months = st.integers(1, 12).map(lambda month: Period.month(2026, month))
    return st.builds(
        InvoiceRun,
        st.one_of(months, periods(90)),
        invoice_date=optional(days()),
        policy=policies(),
    )


def scheduled_runs(name: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[ScheduledRun]:
    """Draw runs that repeat."""
    return st.builds(
        ScheduledRun,
        ids() if name is None else name,
        interval=st.sampled_from(["1m", "3m", "-2w", "10d", "16-15"]),
        shift_days=st.integers(-5, 5),
        start_of_week=st.integers(1, 7),
        invoice_date=st.sampled_from([None, "start", "end-5", "end+3"]),
        policy=policies(),
        months_ahead=st.integers(1, 24),
    )


def run_chains() -> st.SearchStrategy[RunChain]:
    """Draw runs that follow each other."""
    parts = st.lists(scheduled_runs(), min_size=1, max_size=2, unique_by=lambda each: each.name)
    return st.builds(RunChain, ids(), parts)

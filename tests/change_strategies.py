"""Hypothesis strategies for contracts that change while they are billed, and what plays them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

import billingcore as bc

ACME = bc.Account("acme", currency="EUR")
FIRST = date(2025, 1, 1)
LAST = date(2025, 12, 31)
MONTHS = [bc.Period.month(2025, month) for month in range(1, 13)]
SEPARATE_CREDITS = bc.LEVEL.but(corrections=bc.Corrections.CREDIT_DOCUMENT)

early_days = st.dates(FIRST, date(2025, 4, 5))
days = st.one_of(early_days, early_days, st.dates(date(2024, 12, 20), date(2026, 1, 20)))
starts = st.one_of(st.dates(FIRST, date(2025, 2, 15)), st.dates(FIRST, date(2025, 6, 30)))
prices = st.one_of(
    st.sampled_from([Decimal(100), Decimal("99.99"), Decimal("0.01"), Decimal(0)]),
    st.builds(
        lambda units, digits: Decimal(units).scaleb(-digits),
        st.integers(-99_999, 9_999_999),
        st.integers(0, 5),
    ),
)
quantities = st.sampled_from([1, 2, 3, 0, 7, Decimal("0.33333"), Decimal("2.5"), -1])
shares = st.sampled_from([0, 0, Decimal("0.5"), Decimal("0.33333"), 1])
percents = st.one_of(
    st.none(),
    st.sampled_from([10, 50, 100]).map(bc.Discount.percent),
    st.integers(0, 100_000).map(lambda n: bc.Discount.percent(Decimal(n).scaleb(-3))),
)
codes = st.sampled_from([None, "normal", "reduced"])
practices = st.sampled_from(list(bc.BillingPractice))

TERMS = {
    "unit_price": prices,
    "quantity": quantities,
    "billed_share": shares,
    "discount": percents,
    "tax_code": codes,
    "billing_practice": practices,
}
terms = st.lists(st.sampled_from(sorted(TERMS)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: TERMS[name] for name in names})
)


@st.composite
def changes(draw) -> bc.Change:
    """Make a change of one to three fields, for good or for some days."""
    first = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 100), st.integers(27, 31)))
    last = None if length is None else first + timedelta(days=length)
    return bc.Change(first, until=last, **draw(terms))


@st.composite
def rhythms(draw) -> dict[str, object]:
    """Make the fields of an item that say when it is billed, by a convention that conserves."""
    name, units, longest = draw(st.sampled_from(CONSERVING))
    unit, count = draw(st.sampled_from(units)), draw(st.sampled_from([1, 1, 1, 2, 3]))
    count = 1 if name == "CALENDAR_MONTHS" and unit is bc.MONTH else count
    start = draw(starts.filter(lambda day: day.day <= longest))
    # Without an anchor, a grid that neither end of what is billed lies on cannot be found again.
    anchor = draw(st.sampled_from([start, date(2024, 10, draw(st.integers(1, longest)))]))
    is_month_end = longest > 28 and unit not in {bc.DAY, bc.WEEK} and draw(st.booleans())
    day = bc.MONTH_END if is_month_end else bc.SAME_DAY
    return {
        "start": draw(start_days(start, has_anchor=anchor != start)),
        "cadence": bc.Cadence(count, unit, anchor, day=day),
        "proration": bc.proration.CONVENTIONS[name],
    }


def start_days(day: date, *, has_anchor: bool) -> st.SearchStrategy[date]:
    """Give a start on a certain day, or on any if it does not decide the grid."""
    return st.one_of(st.just(day), starts) if has_anchor else st.just(day)


OF_MONTHS = [bc.MONTH, bc.MONTH, bc.QUARTER, bc.HALF_YEAR, bc.YEAR]
ANY = [*OF_MONTHS, bc.WEEK, bc.DAY]
CONSERVING = [
    ("CALENDAR_MONTHS", [bc.MONTH, bc.MONTH, bc.MONTH, bc.DAY], 1),
    ("ACTUAL_DAYS", ANY, 31),
    ("ACT_365", ANY, 31),
    ("ACT_360", ANY, 31),
    ("THIRTY_E_360", OF_MONTHS, 28),
    ("STRICT_30", OF_MONTHS, 28),
    ("MONTH_FRACTIONS", OF_MONTHS, 1),
]
"""Conventions that conserve, with their units, and the latest day of their anchor."""


@st.composite
def other_rhythms(draw) -> dict[str, object]:
    """Make the fields of an item that say when it is billed, by a convention that loses days."""
    name, units, anchors = draw(st.sampled_from(LOSING))
    count = draw(st.sampled_from([1, 1, 2, 3]))
    anchor = date(2024, 10, draw(st.sampled_from(anchors)))
    cadence = bc.Cadence(count, draw(st.sampled_from(units)), draw(st.sampled_from([None, anchor])))
    start = draw(starts)
    return {"start": start, "cadence": cadence, "proration": bc.proration.CONVENTIONS[name]}


LOSING = [
    ("CALENDAR_MONTHS", OF_MONTHS, [1, 15, 28, 30, 31]),
    ("AVERAGE_MONTHS", OF_MONTHS, [1, 15, 30, 31]),
    ("THIRTY_360_US", OF_MONTHS, [1, 15, 28, 30, 31]),
    ("THIRTY_E_360", OF_MONTHS, [29, 30, 31]),
    ("STRICT_30", OF_MONTHS, [29, 30, 31]),
    ("MONTH_FRACTIONS", OF_MONTHS, [2, 15, 31]),
    ("NONE", ANY, [1, 15, 30, 31]),
]
"""Conventions that need not conserve, with their units, and the days of their anchors."""


@st.composite
def items(draw, name: str = "item", *, rhythm: st.SearchStrategy | None = None) -> bc.Item:
    """Make a prorated recurring item."""
    when = draw(rhythms() if rhythm is None else rhythm)
    length = draw(st.one_of(st.none(), st.none(), st.integers(0, 400)))
    start = when["start"]
    cadence = when["cadence"]
    return bc.Item(
        name,
        unit_price=draw(prices),
        quantity=draw(st.sampled_from([1, 1, 2, Decimal("1.5")])),
        price_type=draw(st.sampled_from([bc.PER_UNIT, bc.PER_UNIT, bc.FLAT])),
        billing_type=bc.RECURRING_PRORATED,
        billing_practice=draw(practices),
        tax_code=draw(codes),
        discount=draw(percents),
        end=None if length is None else start + timedelta(days=length),
        price_includes_tax=draw(st.booleans()),
        sync_with=draw(synchronizations(cadence)),
        changes=draw(trials(start)),
        **when,
    )


def trials(start: date) -> st.SearchStrategy[Sequence[bc.Change]]:
    """Give a free trial from the first day on, or none."""
    free = st.integers(0, 60).map(lambda n: [bc.trial(start, start + timedelta(days=n))])
    return st.one_of(st.just([]), st.just([]), free)


def synchronizations(cadence: bc.Cadence) -> st.SearchStrategy[bc.SyncWith | None]:
    """Give a boundary to align with, where the cadence has none of its own."""
    if cadence.day is bc.MONTH_END:
        return st.none()
    return st.sampled_from([None, None, None, None, bc.NEXT_MONTH, bc.NEXT_QUARTER, bc.NEXT_YEAR])


@st.composite
def contracts(draw, *, rhythm: st.SearchStrategy | None = None) -> bc.Subscription:
    """Make a contract of one or two items, without changes."""
    count = draw(st.sampled_from([1, 1, 2]))
    return bc.Subscription(
        "S-1",
        account="acme",
        start=FIRST,
        end=draw(st.one_of(st.none(), st.none(), st.dates(date(2025, 2, 1), date(2026, 2, 1)))),
        items=[draw(items(f"item-{number}", rhythm=rhythm)) for number in range(count)],
    )


@dataclass(frozen=True)
class Step:
    """One thing that happens to a contract: what, to which of its items (-1 all), and how."""

    kind: str
    target: int = -1
    value: object = None


targets = st.sampled_from([0, 0, -1, 1])
edits = st.one_of(
    st.builds(Step, st.just("change"), targets, changes()),
    st.builds(Step, st.just("change"), targets, changes()),
    st.builds(Step, st.just("withdraw"), targets, st.integers(0, 5)),
    st.builds(Step, st.just("withdraw"), targets, st.just(0)),
    st.builds(Step, st.just("end"), targets, st.one_of(st.none(), days)),
    st.builds(Step, st.just("trial"), st.integers(0, 1), st.integers(0, 60)),
)
run_periods = st.one_of(
    st.sampled_from(MONTHS[:4]),
    st.sampled_from(MONTHS),
    st.builds(
        lambda day, n: bc.Period(day, day + timedelta(days=n)), early_days, st.integers(1, 40)
    ),
)
runs = run_periods.map(lambda period: Step("run", value=period))
finalizations = st.sampled_from([-1, -1, -1, 1, 2, 5]).map(lambda n: Step("finalize", value=n))
discards = st.integers(0, 3).map(lambda place: Step("discard", value=place))


@st.composite
def stories(draw) -> list[Step]:
    """Make up to twenty changes with runs before, between and after them."""
    found: list[Step] = []
    for _ in range(draw(st.sampled_from([1, 2, 2, 3, 3, 4, 5, 7]))):
        found += draw(st.sampled_from([[], [draw(edits)], [draw(edits), draw(edits)]]))
        found.append(draw(runs))
        found += draw(st.sampled_from([[], [draw(edits)]]))
        found += draw(st.sampled_from([[], [], [draw(discards)]]))
        found += draw(st.sampled_from([[draw(finalizations)], [draw(finalizations)], []]))
        found += draw(st.sampled_from([[], [], [draw(discards)]]))
    found += draw(st.lists(edits, max_size=3))
    return found


@st.composite
def changed_contracts(draw, *, rhythm: st.SearchStrategy | None = None) -> bc.Subscription:
    """Make a contract that is known to change, from the first run on."""
    contract = draw(contracts(rhythm=rhythm))
    for step in draw(st.lists(edits, max_size=8)):
        contract = changed(contract, step)
    return contract


class Player:
    """Plays the steps of a story on a store."""

    def __init__(self, contract: bc.Subscription, policy: bc.Policy = bc.LEVEL) -> None:
        self.contract = contract
        self.policy = policy
        self.runs = 0
        self.store = bc.MemoryStore(tax=bc.TaxTable({"normal": 19, "reduced": 7}))
        self.store.add(ACME, contract)

    def play(self, step: Step) -> None:
        """Let one thing happen."""
        if step.kind == "run":
            self.run(step.value)
        elif step.kind == "finalize":
            self.finalize(step.value)
        elif step.kind == "discard":
            self.discard(step.value)
        else:
            self.put(changed(self.contract, step))

    def put(self, contract: bc.Subscription) -> None:
        """Put the changed contract in the place of the one before."""
        self.contract = contract
        self.store.change(contract)

    def run(self, period: bc.Period) -> bc.RunReport:
        """Make the drafts of a run; each run has another name, so that it can be repeated."""
        self.runs += 1
        run = bc.InvoiceRun(period, policy=self.policy, id=f"run {self.runs}")
        report = bc.execute(run, self.store)
        assert report.problems == []
        return report

    def finalize(self, chosen: int = -1) -> None:
        """Finalize those drafts whose place is a bit of a number: -1 is all."""
        for place, draft in enumerate([*self.store.drafts()]):
            if chosen >> place & 1:
                bc.finalize(draft, self.store, on=LAST)

    def discard(self, place: int) -> None:
        """Discard a draft, if there are so many, and no other draft builds on it."""
        for draft in [*self.store.drafts()][place : place + 1]:
            with suppress(bc.ConflictError):
                self.store.discard(draft.id)

    def settle(self, period: bc.Period) -> None:
        """Finalize, run and finalize; what is due then is on invoices."""
        self.finalize()
        self.run(period)
        self.finalize()

    def lines(self, billable: str) -> Sequence[bc.LineItem]:
        """Give the lines of an item on all invoices."""
        found = [line for invoice in self.store.invoices() for line in invoice.lines]
        return [line for line in found if line.billable == billable]


def changed(contract: bc.Subscription, step: Step) -> bc.Subscription:
    """Give a contract after a step that changes it; a step that is impossible changes nothing."""
    if step.target < 0:
        return record_after(contract, step)
    found = [*contract.items]
    if step.target < len(found):
        found[step.target] = record_after(found[step.target], step)
    return evolve(contract, items=tuple(found))


def record_after(record, step: Step):
    """Give a contract, or an item, after a step."""
    if step.kind == "change":
        return record.changed(step.value)
    if step.kind == "trial":
        return record.changed(bc.trial(record.start, record.start + timedelta(days=step.value)))
    if step.kind == "withdraw":
        gone = step.value % max(len(record.changes), 1)
        kept = (each for place, each in enumerate(record.changes) if place != gone)
        return evolve(record, changes=tuple(kept))
    end = step.value
    if end is not None and record.start is not None and end < record.start:
        end = record.start
    return evolve(record, end=end)

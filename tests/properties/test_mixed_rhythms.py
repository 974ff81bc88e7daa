"""Items of every rhythm in one subscription: each keeps its own time, and nothing is lost."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

import billingcore as bc

CADENCES = {
    "every 3 days": bc.daily(3),
    "weekly": bc.weekly(),
    "monthly": bc.monthly(),
    "every 2 months": bc.monthly(2),
    "quarterly": bc.quarterly(),
    "half-yearly": bc.half_yearly(),
    "yearly": bc.yearly(),
}
ANCHORS = (None, "2024-12-31")
SYNCS = (None, bc.NEXT_MONTH, bc.NEXT_QUARTER, bc.FISCAL_YEAR)
START = "2025-01-20"
MONTHS = [bc.Period.month(2025, month) for month in range(1, 13)]
YEAR = bc.Period.year(2025)
POLICY = bc.LEVEL.but(day_unit=bc.DayUnit.DAYS, fiscal_year_start=4)
WITHOUT_WEEKS = [
    convention for convention in bc.proration.CONVENTIONS.values() if convention.measures_weeks
]


def items_of(cadence):
    """Make an item for each combination of anchor, practice, sync and convention."""
    conventions = bc.proration.CONVENTIONS.values()
    if cadence.unit is bc.WEEK:
        conventions = WITHOUT_WEEKS
    rows = product(ANCHORS, bc.BillingPractice, SYNCS, conventions)
    return [
        bc.Item(
            f"item-{number}",
            unit_price="99.99",
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.Cadence(cadence.count, cadence.unit, anchor),
            billing_practice=practice,
            sync_with=sync,
            proration=convention,
        )
        for number, (anchor, practice, sync, convention) in enumerate(rows)
    ]


def billed(items, periods, end=None):
    """Bill items of one subscription run by run; give days and amount of each line, by item."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", items=items, start=START, end=end))
    for period in periods:
        report = bc.execute(bc.InvoiceRun(period, policy=POLICY), store)
        report.raise_for_problems()
        for draft in list(report.drafts):
            bc.finalize(draft, store, on=period.last)
    found = {}
    for invoice in store.invoices():
        for line in invoice.lines:
            found.setdefault(line.item.id, []).append((str(line.service_period), line.net))
    return {name: sorted(lines) for name, lines in found.items()}


@pytest.mark.parametrize("cadence", CADENCES.values(), ids=CADENCES)
def test_runs_by_month_are_one_run_over_a_year(cadence):
    """Every rhythm, beside all others of its cadence, is billed by month as in one run."""
    items = items_of(cadence)

    assert billed(items, MONTHS) == billed(items, [YEAR])


@pytest.mark.parametrize("cadence", CADENCES.values(), ids=CADENCES)
def test_each_item_tiles_its_time(cadence):
    """The lines of an item follow each other without gap from its first day to its last."""
    found = billed(items_of(cadence), [YEAR], end="2025-11-11")

    assert len(found) == len(items_of(cadence))
    for lines in found.values():
        periods = [bc.Period.parse(days) for days, _ in lines]
        assert (str(periods[0].first), str(periods[-1].last)) == (START, "2025-11-11")
        assert all(one.stop == other.start for one, other in pairwise(periods))


def test_an_item_does_not_care_for_its_neighbors():
    """One item of each cadence together in a subscription are billed as each of them alone."""
    items = [
        bc.Item(
            name,
            unit_price="99.99",
            billing_type=bc.RECURRING_PRORATED,
            cadence=cadence,
            billing_practice=practice,
            proration=bc.proration.ACTUAL_DAYS,
        )
        for name, (cadence, practice) in zip(
            "abcdefg",
            zip(CADENCES.values(), [bc.ADVANCE, bc.ARREARS] * 4, strict=False),
            strict=True,
        )
    ]
    together = billed(items, MONTHS)

    for item in items:
        assert billed([item], MONTHS).get(item.id) == together.get(item.id)


def test_three_rhythms_of_one_contract():
    """A yearly fee in advance, monthly use in arrears and quarterly support each come in time."""
    items = [
        bc.Item("fee", unit_price=1200, billing_type=bc.RECURRING, cadence=bc.yearly()),
        bc.Item(
            "use",
            unit_price=10,
            billing_type=bc.RECURRING,
            cadence=bc.monthly(),
            billing_practice=bc.ARREARS,
        ),
        bc.Item(
            "support",
            unit_price=90,
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.quarterly(),
            sync_with=bc.NEXT_QUARTER,
        ),
    ]
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", items=items, start="2025-02-10"))
    shown = []
    for month in range(2, 6):
        run = bc.InvoiceRun(bc.Period.month(2025, month), policy=bc.LEVEL)
        for draft in bc.execute(run, store).drafts:
            shown += [
                f"{month}: {line.title} {line.service_period} {line.net}" for line in draft.lines
            ]

    # support: 19 days of February and March of three months: (19/28 + 1) / 3 x 90 = 50.357
    assert shown == [
        "2: fee 2025-02-10/2026-02-10 1200.00",
        "2: support 2025-02-10/2025-04-01 50.36",
        "3: use 2025-02-10/2025-03-10 10.00",
        "4: use 2025-03-10/2025-04-10 10.00",
        "4: support 2025-04-01/2025-07-01 90.00",
        "5: use 2025-04-10/2025-05-10 10.00",
    ]

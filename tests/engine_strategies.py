"""Hypothesis strategies for what goes into the engine: items, contracts, runs, policies, stores."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

import billingcore as bc

FIRST = date(2024, 11, 1)
LAST = date(2026, 3, 31)
RATE_CHANGE = date(2025, 7, 1)
CODES = ("old and new", "reduced", "zero")

days = st.dates(FIRST, LAST)
prices = st.builds(
    lambda units, digits: Decimal(units).scaleb(-digits),
    st.integers(-9_999_999, 9_999_999),
    st.integers(0, 5),
)
quantities = st.one_of(
    st.integers(1, 40),
    st.builds(
        lambda units, digits: Decimal(units).scaleb(-digits),
        st.integers(1, 99_999),
        st.integers(0, 5),
    ),
    st.integers(-3, -1),
)
discounts = st.one_of(
    st.integers(0, 100_000).map(lambda n: bc.Discount.percent(Decimal(n).scaleb(-3))),
    st.integers(0, 99_999).map(lambda n: bc.Discount.amount(Decimal(n).scaleb(-2))),
)
recurring_types = st.sampled_from(
    [
        bc.RECURRING,
        bc.RECURRING_PRORATED,
        bc.RECURRING_PRORATED_AVG,
    ]
)
month_units = st.sampled_from([bc.MONTH, bc.MONTH, bc.MONTH, bc.QUARTER, bc.HALF_YEAR, bc.YEAR])
practices = st.sampled_from(list(bc.BillingPractice))
runs_by_month = st.builds(bc.Period.month, st.just(2025), st.integers(1, 12))


def tax_table() -> bc.TaxTable:
    """Give the tax engine that knows the codes of these strategies."""
    return bc.TaxTable(
        {
            "old and new": [
                bc.TaxRate(16, end=RATE_CHANGE - timedelta(days=1)),
                bc.TaxRate("19.6", start=RATE_CHANGE),
            ],
            "reduced": "5.5",
            "zero": bc.TaxRate.exempt(reason="exempt"),
        }
    )


def rate_of(code: str, day: date) -> Decimal:
    """Give the rate of a code on a day, for the oracle."""
    if code == "old and new":
        return Decimal(16) if day < RATE_CHANGE else Decimal("19.6")
    return Decimal("5.5") if code == "reduced" else Decimal(0)


@st.composite
def cadences(draw, *, anchored: bool | None = None) -> bc.Cadence:
    """Make a cadence of months or longer, with or without an anchor."""
    count = draw(st.sampled_from([1, 1, 1, 2, 3, 5]))
    has_anchor = draw(st.booleans()) if anchored is None else anchored
    anchor = draw(days) if has_anchor else None
    day = draw(st.sampled_from([bc.SAME_DAY, bc.SAME_DAY, bc.MONTH_END]))
    return bc.Cadence(count, draw(month_units), anchor, day=day)


@st.composite
def windows(draw) -> tuple[date, date | None]:
    """Make a first day and perhaps a last one."""
    start = draw(st.one_of(days, st.sampled_from([date(2025, 1, 1), date(2025, 1, 31)])))
    length = draw(st.one_of(st.none(), st.integers(0, 400)))
    return start, None if length is None else start + timedelta(days=length)


@st.composite
def priced(draw) -> dict[str, object]:
    """Make the fields of an item that say how much it costs."""
    return {
        "unit_price": draw(prices),
        "quantity": draw(quantities),
        "price_type": draw(st.sampled_from([bc.PER_UNIT, bc.PER_UNIT, bc.FLAT])),
        "price_includes_tax": draw(st.sampled_from([False, False, True])),
        "tax_code": draw(st.sampled_from([None, *CODES])),
        "discount": draw(st.one_of(st.none(), st.none(), discounts)),
        "criterion": draw(st.sampled_from(["", "", "A", "B"])),
    }


@st.composite
def recurring_items(draw, item_id: str = "item", *, has_own_dates: bool = True) -> bc.Item:
    """Make a recurring item with a cadence."""
    cadence = draw(cadences())
    can_sync = cadence.day is bc.SAME_DAY
    sync = draw(st.sampled_from([None, None, *bc.SyncWith])) if can_sync else None
    start, end = draw(windows()) if has_own_dates and draw(st.booleans()) else (None, None)
    return bc.Item(
        item_id,
        billing_type=draw(recurring_types),
        cadence=cadence,
        billing_practice=draw(practices),
        sync_with=sync,
        start=start,
        end=end,
        **draw(priced()),
    )


@st.composite
def other_items(draw, item_id: str = "item") -> bc.Item:
    """Make an item that is billed once, each run, by days or by weeks."""
    start, end = draw(windows())
    kind, cadence = draw(
        st.sampled_from(
            [
                (bc.ONE_TIME, None),
                (bc.ONE_TIME, bc.monthly()),
                (bc.RECURRING, None),
                (bc.RECURRING, bc.weekly(2)),
                (bc.RECURRING, bc.daily()),
                (bc.RECURRING_PRORATED, bc.daily(2)),
            ]
        )
    )
    return bc.Item(
        item_id,
        billing_type=kind,
        cadence=cadence,
        start=draw(st.sampled_from([None, start])),
        end=end,
        billing_practice=draw(practices),
        **draw(priced()),
    )


@st.composite
def contracts(
    draw,
    name: str = "S-1",
    *,
    account: str = "acme",
    items: st.SearchStrategy[bc.Item] | None = None,
) -> bc.Subscription:
    """Make a contract of one to four items that begins on a certain day."""
    start, end = draw(windows())
    made = []
    for number in range(draw(st.integers(1, 4))):
        kind = items if items is not None else st.one_of(recurring_items(), other_items())
        made.append((number, draw(kind)))
    return bc.Subscription(
        name,
        account=account,
        items=[renamed(item, f"item-{number}") for number, item in made],
        start=start,
        end=end,
    )


def renamed(item: bc.Item, name: str) -> bc.Item:
    """Give an item another id."""
    return changed_item(item, id=name)


def changed_item(item: bc.Item, **changes: object) -> bc.Item:
    """Give an item with some fields changed."""
    from attrs import evolve

    return evolve(item, **changes)


statuses = st.sampled_from(["Active", "Active", "Active", "Draft"])


@st.composite
def messy_contracts(draw, name: str, account: str) -> bc.Subscription:
    """Make a contract whose items may be inactive, empty, of another currency, or wrong."""
    base = draw(contracts(name, account=account))
    items = []
    for item in base.items:
        change = draw(
            st.sampled_from(
                [
                    {},
                    {},
                    {},
                    {"active": False},
                    {"quantity": 0},
                    {"tax_code": "unknown"},
                    {"currency": "JPY"},
                    {"currency": "USD"},
                    {
                        "cadence": bc.weekly(),
                        "billing_type": bc.RECURRING_PRORATED,
                        "sync_with": None,
                    },
                ]
            )
        )
        items.append(changed_item(item, **change))
    return bc.Subscription(
        name,
        account=account,
        items=draw(st.sampled_from([items, items, items, []])),
        start=draw(st.sampled_from([base.start, None])),
        end=base.end,
        status=draw(statuses),
        template=draw(st.sampled_from([None, None, "Default", "Nobody's"])),
        entity=draw(st.sampled_from([None, None, None, "Nobody"])),
        payment_days=draw(st.sampled_from([None, 14])),
        order_discount=draw(st.one_of(st.none(), discounts)),
    )


@st.composite
def accounts(draw, name: str) -> tuple[bc.Account | bc.Subscription, ...]:
    """Make an account with up to three contracts."""
    account = bc.Account(
        name,
        currency=draw(st.sampled_from(["EUR", "EUR", "CHF", "JPY"])),
        active=draw(st.sampled_from([True, True, True, False])),
    )
    count = draw(st.integers(0, 3))
    made = [draw(messy_contracts(f"{name}-{number}", name)) for number in range(count)]
    return (account, *made)


@st.composite
def worlds(draw) -> tuple[bc.Account | bc.Subscription, ...]:
    """Make the records of up to four accounts."""
    count = draw(st.integers(1, 4))
    return tuple(record for number in range(count) for record in draw(accounts(f"A{number}")))


policies = st.builds(
    bc.DOCUMENTED.but,
    first_period=st.sampled_from(list(bc.FirstPeriod)),
    catch_up=st.sampled_from(list(bc.CatchUp)),
    open_drafts=st.sampled_from(list(bc.OpenDrafts)),
    scope=st.sampled_from(list(bc.Scope)),
    day_unit=st.sampled_from(list(bc.DayUnit)),
    grouping=st.sampled_from([bc.PER_SUBSCRIPTION, bc.PER_ACCOUNT]),
    negative_total=st.sampled_from(list(bc.NegativeTotal)),
    zero_total=st.sampled_from(list(bc.ZeroTotal)),
    tax_level=st.sampled_from(list(bc.TaxLevel)),
    tax_date=st.sampled_from(list(bc.TaxDate)),
    tax_delta=st.booleans(),
    rounding=st.sampled_from(list(bc.Rounding)),
    cash_increments=st.sampled_from([{}, {"CHF": "0.05"}]),
    on_problem=st.sampled_from(list(bc.OnProblem)),
)

runs = st.builds(
    lambda period, policy: bc.InvoiceRun(period, policy=policy),
    st.one_of(runs_by_month, st.builds(bc.Period.quarter, st.just(2025), st.integers(1, 4))),
    st.one_of(st.sampled_from([bc.DOCUMENTED, bc.LEVEL]), policies),
)


def store_of(records: tuple[bc.Account | bc.Subscription, ...]) -> bc.MemoryStore:
    """Make a store with these records."""
    store = bc.MemoryStore(tax=tax_table())
    store.add(*records)
    return store

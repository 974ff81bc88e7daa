"""Why amounts differ, with parts that are worked out by hand."""

from __future__ import annotations

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import Cause
from tests.unit.views.comparing_worlds import (
    JANUARY,
    VAT,
    billed,
    contract,
    fates,
    impacts,
    item,
    three,
)

FROM_15TH = {"start": "2026-01-15", "sync_with": bc.NEXT_MONTH}
HALF = bc.Discount.percent(50)
CALLS = {"billing_type": bc.TRANSACTIONAL, "cadence": bc.monthly(anchor="2026-01-01")}
OLD_TIERS = bc.Pricing(bc.TIERED, [bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.20")])
NEW_TIERS = bc.Pricing(bc.TIERED, [bc.Tier(15, "2.60"), bc.Tier(None, "2.00")])


def tiered(pricing, **fields):
    """Make an item that is sold in tiers, by its own quantity."""
    return item("sms", 0, pricing=pricing, **fields)


def used(quantity, **fields):
    """Make usage of January."""
    return [bc.UsageRecord("U-1", "calls", "2026-01-20", quantity, **fields)]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(
            item(quantity=2),
            item(price=110, quantity=3),
            # 1 more at 100.00, then 3 at 10.00 more.
            {Cause.QUANTITY: ("100.00", "19.00"), Cause.PRICE: ("30.00", "5.70")},
            id="quantity, then price",
        ),
        pytest.param(
            item(discount=bc.Discount.percent(10)),
            item(price=120, discount=HALF),
            # 120.00 less 10 % is 108.00, 18.00 more than 90.00; half of 120.00 is 60.00.
            {Cause.PRICE: ("18.00", "3.42"), Cause.DISCOUNT: ("-48.00", "-9.12")},
            id="price, then discount",
        ),
        pytest.param(
            item(),
            item(tax_code="7"),
            {Cause.TAX: ("0.00", "-12.00")},
            id="tax code",
        ),
        pytest.param(
            item(price=119),
            item(price=119, price_includes_tax=True),
            # 119.00 net are taxed 22.61; of 119.00 gross, 19.00 are tax.
            {Cause.TAX: ("-19.00", "-3.61")},
            id="the price includes tax",
        ),
        pytest.param(
            item(price=119, price_includes_tax=True),
            item(price=238, price_includes_tax=True),
            {Cause.PRICE: ("100.00", "19.00")},
            id="a price with tax",
        ),
        pytest.param(
            tiered(OLD_TIERS, quantity=25),
            tiered(NEW_TIERS, quantity=25),
            # 25.00 + 24.00 + 11.00 = 60.00; 39.00 + 20.00 = 59.00.
            {Cause.MODEL: ("-1.00", "-0.19")},
            id="tiers",
        ),
        pytest.param(
            tiered(OLD_TIERS, quantity=25),
            tiered(NEW_TIERS, quantity=30),
            # 5 more at 2.20; then 71.00 become 39.00 + 30.00 = 69.00.
            {Cause.QUANTITY: ("11.00", "2.09"), Cause.MODEL: ("-2.00", "-0.38")},
            id="quantity in the old tiers, then the new ones",
        ),
        pytest.param(
            tiered(bc.Pricing(bc.TIERED, [bc.Tier(10, "2.50")]), quantity=10),
            tiered(NEW_TIERS, quantity=25),
            # 25.00 before; no old tier holds 25, so that all of 34.00 is the model's.
            {Cause.MODEL: ("34.00", "6.46")},
            id="a quantity that no old tier holds",
        ),
        pytest.param(
            item(**FROM_15TH),
            item(**FROM_15TH, billing_type=bc.RECURRING_PRORATED_AVG),
            # 17 of 31 days are 54.84; 17 x 12 / 365 of a month are 55.89.
            {Cause.PRORATION: ("1.05", "0.20")},
            id="proration of the same days",
        ),
        pytest.param(
            item(**FROM_15TH),
            item(**FROM_15TH, proration=bc.proration.THIRTY_E_360),
            # 16 of 30 days are 53.33.
            {Cause.PRORATION: ("-1.51", "-0.29")},
            id="a convention of the item",
        ),
        pytest.param(
            item(**FROM_15TH),
            item(**FROM_15TH | {"start": "2026-01-22"}),
            # 17 of 31 days are 54.84, 10 of 31 are 32.26.
            {Cause.DAYS: ("-22.58", "-4.29")},
            id="days",
        ),
        pytest.param(
            contract(item()),
            contract(item(), order_discount=bc.Discount.percent(10)),
            {Cause.ORDER_DISCOUNT: ("-10.00", "-1.90")},
            id="order discount",
        ),
    ],
)
def test_causes(before, after, wanted):
    """The difference of a line is divided among its causes, in the order of the computation."""
    found = bc.compare(billed(before), billed(after))

    assert impacts(found) == wanted
    assert fates(found) == {"CHANGED": 1}


def test_a_new_price_list_over_the_usage_of_last_year():
    """Twelve months of usage are priced by other tiers, month by month, to the cent."""
    sms = bc.Item("sms", pricing=OLD_TIERS, tax_code="19", **CALLS)
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(sms))
    for month, quantity in ((1, 25), (2, 8), (3, 40)):
        store.add_usage("acme", bc.UsageRecord(f"U-{month}", "sms", f"2026-0{month}-10", quantity))
    year = bc.InvoiceRun(bc.Period.closed("2026-01-01", "2026-12-31"), policy=bc.LEVEL)
    for each in bc.execute(year, store).drafts:
        bc.finalize(each, store, on="2026-12-31")

    found = bc.what_if(year, store, prices={"sms": NEW_TIERS}, as_if_unbilled=True)

    # 25: 60.00 -> 39.00 + 20.00; 8: 20.00 -> 20.80; 40: 93.00 -> 39.00 + 50.00.
    assert [(line.first.month, three(line.difference)) for line in found.lines] == [
        (3, ["-4.00", "-0.76", "-4.76"]),
        (1, ["-1.00", "-0.19", "-1.19"]),
        (2, ["0.80", "0.15", "0.95"]),
    ]
    assert three(found.difference("EUR")) == ["-4.20", "-0.80", "-5.00"]
    assert impacts(found) == {Cause.MODEL: ("-4.20", "-0.80")}
    assert not bc.what_if(year, store, prices={"sms": NEW_TIERS}).is_changed


def test_usage():
    """Of usage, more of it is a quantity, and another price of it a price."""
    calls = bc.Item("calls", unit_price="0.10", **CALLS)
    found = bc.compare(
        billed(calls, usage=used(100)), billed(evolve(calls, unit_price="0.20"), usage=used(150))
    )

    # 50 more at 0.10, then 150 at 0.10 more.
    assert impacts(found) == {Cause.QUANTITY: ("5.00", "0.00"), Cause.PRICE: ("15.00", "0.00")}


def test_usage_with_a_quantity_for_the_tier():
    """What picks the tier counts as quantity, too."""
    pricing = bc.Pricing(bc.VOLUME, [bc.Tier(10, 3), bc.Tier(None, 2)])
    calls = bc.Item("calls", pricing=pricing, **CALLS)
    before = billed(calls, usage=used(5, tier_quantity=10))
    after = billed(calls, usage=used(5, tier_quantity=11))

    assert impacts(bc.compare(before, after)) == {Cause.QUANTITY: ("-5.00", "0.00")}


def test_usage_that_is_taken_back():
    """The difference of usage that a later document takes back is explained as any other."""
    pricing = bc.Pricing(bc.VOLUME, [bc.Tier(10, 3), bc.Tier(None, 2)])
    store = bc.MemoryStore(tax=VAT)
    calls = bc.Item("calls", pricing=pricing, **CALLS)
    store.add(bc.Account("acme", currency="EUR"), contract(calls))
    store.add_usage("acme", *used(5, tier_quantity=10))
    (draft,) = bc.execute(JANUARY, store).drafts
    bc.finalize(draft, store, on="2026-01-31")
    sides = []
    for quantity in (6, 7):
        snapshot = store.snapshot("acme")
        usage = used(quantity, tier_quantity=10)
        run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL, id="again")
        sides.append(bc.bill(run, evolve(snapshot, usage=usage), VAT))
    found = bc.compare(*sides)

    assert three(found.difference("EUR")) == ["3.00", "0.00", "3.00"]


def test_another_rounding_rule():
    """What another rounding rule makes is rounding, and nothing else."""
    run = evolve(JANUARY, policy=bc.LEVEL.but(rounding=bc.Rounding.DOWN))
    third = item(price="0.005")
    found = bc.compare(billed(third), billed(third, run=run))

    assert impacts(found) == {Cause.ROUNDING: ("-0.01", "0.00")}


def test_a_tax_rate():
    """Another rate of the same tax code changes the tax alone."""
    found = bc.compare(
        billed(item(price=300)), billed(item(price=300), tax=bc.TaxTable({"19": 16}))
    )

    assert impacts(found) == {Cause.TAX: ("0.00", "-9.00")}


def test_taxes_rounded_per_line():
    """Lines that have rounded taxes of their own are compared by these; a hidden line is rounding."""
    per_line = bc.LEVEL.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)
    items = [item(name, "10.03") for name in ("one", "two")]
    dearer = [items[0], item("two", "20.03")]
    run = evolve(JANUARY, policy=per_line)
    found = bc.compare(billed(*items, run=run), billed(*dearer, run=run))

    # 10.03 are taxed 1.9057, 20.03 are 3.8057; both sums less a cent: 3.8114, and 5.7114.
    assert three(found.difference("EUR")) == ["10.00", "1.90", "11.90"]
    assert impacts(found) == {Cause.PRICE: ("10.00", "1.90")}
    level = bc.compare(billed(*items), billed(*items, run=evolve(run, policy=per_line)))
    assert not level.is_changed


def test_lines_that_a_rate_change_cuts():
    """The parts of a line that is cut where its rate changes follow from the whole."""
    run = evolve(JANUARY, policy=bc.LEVEL.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE))

    def sold(price, rate):
        rates = [bc.TaxRate(16, end="2026-01-15"), bc.TaxRate(rate, start="2026-01-16")]
        tiers = [bc.Tier(None, price, end="2026-01-15"), bc.Tier(10, 9, start="2026-01-16")]
        sms = tiered(bc.Pricing(bc.VOLUME, tiers), quantity=31)
        return billed(sms, tax=bc.TaxTable({"19": rates}), run=run)

    by_price = bc.compare(sold(2, 19), sold(4, 19))
    by_rate = bc.compare(sold(2, 19), sold(2, 20))

    # 62.00 for 31 days are 30.00 and 32.00. The price of the first day doubles both, though it is
    # no price of the second part's own days.
    assert impacts(by_price) == {Cause.MODEL: ("30.00", "4.80"), Cause.OTHER: ("32.00", "6.08")}
    assert impacts(by_rate) == {Cause.TAX: ("0.00", "0.32")}


def test_shares_of_an_order_discount():
    """A line whose share of an order discount changes is changed, also if its price is the same."""
    before = billed(contract(item(), item("two", 50), order_discount=bc.Discount.amount(30)))
    after = billed(contract(item(), item("two", 200), order_discount=bc.Discount.amount(30)))
    found = bc.compare(before, after)

    # 30.00 in proportion: 20.00 and 10.00; then 10.00 and 20.00.
    assert impacts(found) == {
        Cause.PRICE: ("150.00", "28.50"),
        Cause.ORDER_DISCOUNT: ("0.00", "0.00"),
    }
    assert {line.record: str(line.difference.net) for line in found.lines} == {
        "S-1/seats": "10.00",
        "S-1/two": "140.00",
    }


def test_minimum_fees_follow_from_usage():
    """What usage is short of a minimum follows from the usage; another minimum is a price."""
    calls = bc.Item("calls", unit_price=1, **CALLS)

    def fee(price):
        fields = CALLS | {"billing_type": bc.MINIMUM_FEE}
        return bc.Item("fee", unit_price=price, order_no="calls", **fields)

    by_usage = bc.compare(
        billed(calls, fee(50), usage=used(10)), billed(calls, fee(50), usage=used(20))
    )
    by_price = bc.compare(
        billed(calls, fee(50), usage=used(10)), billed(calls, fee(60), usage=used(10))
    )

    assert impacts(by_usage) == {Cause.QUANTITY: ("10.00", "0.00"), Cause.OTHER: ("-10.00", "0.00")}
    assert impacts(by_price) == {Cause.PRICE: ("10.00", "0.00")}


def test_corrections_follow_from_other_lines():
    """Lines that correct billed days are paired with each other, not with those that bill anew."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(item(price=31)))
    (draft,) = bc.execute(JANUARY, store).drafts
    bc.finalize(draft, store, on="2026-01-31")
    again = evolve(JANUARY, id="again")
    sides = [
        bc.bill(
            again,
            evolve(
                store.snapshot("acme"),
                subscriptions=[contract(item(price=31).changed(bc.Change(day, unit_price=62)))],
            ),
            VAT,
        )
        for day in ("2026-01-11", "2026-01-21")
    ]
    found = bc.compare(*sides)

    # 21 days more at 1.00 a day, or 11 days.
    assert three(found.difference("EUR")) == ["-10.00", "-1.90", "-11.90"]
    assert fates(found) == {"CHANGED": 2}
    assert sorted(str(line.difference.net) for line in found.lines) == ["-20.00", "10.00"]


def test_a_month_with_corrections_beside_the_month_before():
    """A month is paired with the month before, also where that is corrected beside it."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(item(price=31, quantity=2)))
    (draft,) = bc.execute(JANUARY, store).drafts
    january = bc.finalize(draft, store, on="2026-01-31")
    more = item(price=31, quantity=2).changed(bc.Change("2026-01-11", quantity=3))
    february = evolve(JANUARY, period=bc.Period.month(2026, 2), id="February")
    changed = evolve(store.snapshot("acme"), subscriptions=[contract(more)])
    found = bc.compare([january], bc.bill(february, changed, VAT))

    # One seat more in February; of January's last 21 days 42.00 go back, and 63.00 are billed.
    assert fates(found) == {"CHANGED": 1, "ADDED": 2}
    assert impacts(found) == {Cause.QUANTITY: ("31.00", "5.89"), Cause.ADDED: ("21.00", "3.99")}

"""Changes of what is billed in a rare way: split at a rate change, merged, shared, or by hand."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

import billingcore as bc

JANUARY = bc.Period.month(2026, 1)
RATES = bc.TaxTable(
    {
        "normal": [bc.TaxRate(16, end="2026-01-15"), bc.TaxRate(19, start="2026-01-16")],
        "other": 7,
    }
)


def seats(*changes, **fields):
    """Make a prorated item at 100 a month."""
    own = {
        "unit_price": 100,
        "tax_code": "normal",
        "billing_type": bc.RECURRING_PRORATED,
        "cadence": bc.monthly(),
    }
    return bc.Item("seats", changes=changes, **(own | fields))


def contract(*items, **fields):
    """Make a contract of 2026."""
    return bc.Subscription("S-1", account="acme", items=items, start="2026-01-01", **fields)


def billed(policy, *steps, period=JANUARY):
    """Bill each state of a contract after the other; gives the lines of the last invoices."""
    store = bc.MemoryStore(tax=RATES)
    store.add(bc.Account("acme", currency="EUR"), steps[0])
    lines = []
    for step in steps:
        store.change(step)
        report = bc.execute(bc.InvoiceRun(period, policy=policy), store)
        lines = [
            line
            for draft in list(report.drafts)
            for line in bc.finalize(draft, store, on=period.last).lines
        ]
    return lines


SPLIT = bc.LEVEL.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)


def test_a_line_that_was_split_at_a_rate_change():
    """Of 51.61 for 16 days at 19 %, four days stay at 12.90 and twelve go back at 38.71."""
    pause = bc.pause("2026-01-20", "2026-01-31")
    lines = billed(SPLIT, contract(seats()), contract(seats(pause)))

    assert [(line.net, line.tax.rate) for line in lines] == [(Decimal("-38.71"), 19)]
    assert "12/31" in str(bc.explain(lines[0]))


def test_a_full_price_that_was_split_at_a_rate_change():
    """What is not divided stays as billed for the whole period, though its tax was divided."""
    dearer = bc.Change("2026-01-20", unit_price=150)
    whole = {"billing_type": bc.RECURRING}

    assert billed(SPLIT, contract(seats(**whole)), contract(seats(dearer, **whole))) == []


def test_a_month_of_a_merged_line():
    """Of a quarter on one line of 300.00, a paused February goes back at 100.00."""
    policy = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    pause = bc.pause("2026-02-01", "2026-02-28")
    quarter = bc.Period.quarter(2026, 1)
    lines = billed(policy, contract(seats()), contract(seats(pause)), period=quarter)

    assert [line.net for line in lines] == [-100]


def test_another_month_of_a_merged_line():
    """After February has gone back, March goes back at 100.00 too, and January stays."""
    policy = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    february, march = (
        bc.pause("2026-02-01", "2026-02-28"),
        bc.pause("2026-03-01", "2026-03-31"),
    )
    steps = (contract(seats()), contract(seats(february)), contract(seats(february, march)))
    lines = billed(policy, *steps, period=bc.Period.quarter(2026, 1))

    assert [(str(line.service_period), line.net) for line in lines] == [
        ("2026-03-01/2026-04-01", -100)
    ]


def test_what_is_billed_anew_waits_with_its_credit():
    """If a problem holds the document of a credit back, the days are not billed anew elsewhere."""
    policy = bc.LEVEL.but(
        grouping=(bc.Criterion("tax", "item.tax_code"),), on_problem=bc.OnProblem.INVOICE
    )
    wrong = bc.Item(
        "wrong",
        unit_price=1,
        tax_code="normal",
        billing_type=bc.RECURRING_PRORATED,
        cadence=bc.weekly(),
    )
    moved = seats(bc.Change("2026-01-10", tax_code="other"))

    assert billed(policy, contract(seats()), contract(moved, wrong)) == []
    assert [line.net for line in billed(policy, contract(seats()), contract(moved))] == [
        Decimal("-70.97"),
        Decimal("70.97"),
    ]


def test_a_share_of_the_price_is_explained():
    """A fifth of 100.00 for one seat is told as a factor of the price."""
    (line,) = billed(bc.LEVEL, contract(seats(bc.pause("2026-01-01", share="0.2"))))

    assert "position price: 100 x 1 x 0.2 = 20.0 EUR per month" in str(bc.explain(line))
    assert ("billed share", Decimal("0.2")) in bc.explain(line).steps[0].operands


def test_a_one_time_item_has_the_terms_of_its_own_day():
    """A fee of the 20th costs what it costs from the 11th on, though the run begins before."""
    dearer = bc.Change("2026-01-11", unit_price=62)
    fee = bc.Item("fee", unit_price=31, start="2026-01-20", changes=[dearer])

    assert [line.net for line in billed(bc.LEVEL, contract(fee))] == [62]


def test_a_report_tells_what_was_corrected():
    """A run says how many corrections it made, and those that its policy leaves, with sums."""
    store = bc.MemoryStore(tax=RATES)
    store.add(bc.Account("acme", currency="EUR"), contract(seats()))
    for draft in list(bc.execute(bc.InvoiceRun(JANUARY), store).drafts):
        bc.finalize(draft, store, on="2026-01-31")
    store.change(contract(seats(bc.Change("2026-01-10", unit_price=150))))
    left = bc.execute(bc.InvoiceRun(JANUARY), store)
    made = bc.execute(bc.InvoiceRun(JANUARY, policy=bc.LEVEL), store)

    assert "not corrected: 1 (difference 35.48 EUR)" in str(left)
    assert "  corrected: 1 (difference 35.48 EUR)" in str(made)


def test_nothing_to_bill_by_hand():
    """An item that is paused for all days asked for gives no empty draft, but an error."""
    paused = seats(bc.pause("2026-01-01"))
    with pytest.raises(bc.InvalidInputError, match="nothing is billed for these days"):
        bc.draft(bc.Account("acme", currency="EUR"), [paused], period=JANUARY, tax=RATES)


def test_nothing_to_add_by_hand():
    """An item that is paused for all days adds no line to a draft, and says so."""
    draft = bc.draft(bc.Account("acme", currency="EUR"), [seats(tax_code=None)], period=JANUARY)
    paused = seats(bc.pause("2026-01-01"), tax_code=None)
    with pytest.raises(bc.InvalidInputError, match="nothing is billed for these days"):
        bc.edit.add_line(draft, paused)


def test_an_item_without_rhythm_is_replaced():
    """An item without a cadence hands no billing periods on."""
    plain = bc.Item("plain", unit_price=10, billing_type=bc.RECURRING)
    after = bc.replace_item(contract(plain), "plain", seats(), on="2026-03-10")

    assert after.items[1].cadence.anchor is None


def test_an_item_that_always_was_hands_nothing_on():
    """Without a first day and an anchor there are no billing periods that could be kept."""
    always = bc.Subscription("S-1", account="acme", items=[seats()])
    other = bc.Item("other", unit_price=1, billing_type=bc.RECURRING, cadence=bc.monthly())
    after = bc.replace_item(always, "seats", other, on="2026-03-10")

    assert after.items[1].cadence.anchor is None


class Unread(dict):
    """Billed lines that nobody may ask for."""

    def get(self, key, default=None):
        raise AssertionError(key)


@pytest.mark.parametrize(
    ("kind", "switches"),
    [
        (bc.RECURRING, {}),
        (bc.RECURRING_PRORATED, {}),
        (bc.RECURRING_PRORATED, {"change_inside": bc.ChangeInside.NEXT_PERIOD}),
        (bc.RECURRING_PRORATED, {"change_inside": bc.ChangeInside.WHOLE_PERIOD}),
        (bc.RECURRING_PRORATED, {"change_day": bc.ChangeDay.OLD}),
    ],
    ids=["full price", "slices", "next period", "whole period", "old day"],
)
def test_billed_lines_are_not_read_if_nothing_changed(kind, switches):
    """A change inside a month that was billed rightly costs no later run a look at old lines."""
    policy = bc.LEVEL.but(**switches)
    store = bc.MemoryStore(tax=RATES)
    dearer = bc.Change("2026-03-10", unit_price=150)
    store.add(bc.Account("acme", currency="EUR"), contract(seats(dearer, billing_type=kind)))
    for month in range(1, 13):
        run = bc.InvoiceRun(bc.Period.month(2026, month), policy=policy)
        for draft in list(bc.execute(run, store).drafts):
            bc.finalize(draft, store, on=run.period.last)
    snapshot = attrs.evolve(store.snapshot("acme"), lines=Unread())
    run = bc.InvoiceRun(bc.Period.month(2027, 1), policy=policy)
    (draft,) = bc.bill(run, snapshot, RATES).drafts

    assert [line.net for line in draft.lines] == [150]


def test_what_was_billed_once_is_no_part_of_a_correction():
    """An item that was billed once and recurs later is corrected for its periods only."""

    def deal(**fields):
        item = bc.Item("x", unit_price=31, **fields)
        return bc.Subscription("S-1", account="acme", start="2026-01-01", items=[item])

    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"), deal())
    rhythm = {
        "billing_type": bc.RECURRING_PRORATED,
        "cadence": bc.monthly(anchor="2026-01-01"),
    }
    doubled = deal(**rhythm, changes=[bc.Change("2026-01-17", quantity=2)])
    nets = []
    for month, contract in ((1, deal()), (2, deal(**rhythm)), (2, doubled)):
        store.change(contract)
        run = bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL)
        for draft in list(bc.execute(run, store).drafts):
            lines = bc.finalize(draft, store, on="2026-05-01").lines
            nets.append([int(line.net) for line in lines])

    assert nets == [[31], [31, 31], [-15, 30, -31, 62]]


def test_a_change_that_is_withdrawn_from_an_item_of_quantity_zero():
    """What a change billed of an item of quantity 0 is taken back when the change is withdrawn."""

    def deal(*changes):
        item = bc.Item(
            "x",
            unit_price=31,
            quantity=0,
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.monthly(anchor="2026-01-01"),
            changes=changes,
        )
        return bc.Subscription("S-1", account="acme", start="2026-01-01", items=[item])

    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"), deal(bc.Change("2026-01-17", quantity=2)))
    nets = []
    for month, contract in ((1, None), (2, deal()), (3, None)):
        if contract is not None:
            store.change(contract)
        run = bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL)
        report = bc.execute(run, store)
        for draft in list(report.drafts):
            nets += [int(line.net) for line in bc.finalize(draft, store, on="2026-05-01").lines]

    assert nets == [30, -30]
    assert report.excluded == {bc.Reason.ZERO_QUANTITY: 1}

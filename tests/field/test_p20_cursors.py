"""P20: one date for all lines: the first one right, all others a period ahead."""

from __future__ import annotations

from datetime import date

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, show, store_of
from tests.field.runs import months
from tests.unit.engine.changing import books, by_days, decimals, edit, nets, shown_by_item
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import bill, contract, finalize_all, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P20",
    "One cursor for many lines",
    elsewhere="A contract stores the next date, and each line moves it. "
    "The first line is right, the others read what it has moved.",
    here="No date is stored. Each item has its own coverage, and the next date is read from it.",
)
JANUARY = bc.Period.month(2026, 1)


@case(
    "OCA/contract#1448",
    gave="Three lines from 9 June 2026, by quarter in arrears, next on 30 June: "
    "the first line was invoiced until 29 June, the second and third until 29 September.",
    right="All three are billed from 9 to 29 June, 21 of the 92 days before 30 June: "
    "21.00 of 92.00 (our own price). The next date of each is 30 June.",
    prints="""
    first 2026-06-09 2026-06-29 21.00
    second 2026-06-09 2026-06-29 21.00
    third 2026-06-09 2026-06-29 21.00
    S-1/first 2026-06-30
    S-1/second 2026-06-30
    S-1/third 2026-06-30
    """,
)
def test_the_second_line_is_a_quarter_ahead():
    """After the first invoice of three lines, the second and third are a quarter ahead."""
    terms = {"cadence": bc.quarterly(anchor="2026-06-30"), "billing_practice": bc.ARREARS}
    lines = [seats(92, name, **terms) for name in ("first", "second", "third")]
    store = store_of(*lines, start="2026-06-09")
    show(invoice(store, bc.Period.month(2026, 6)))
    for name, covered in bc.coverage_of(store.snapshot("acme").claims).items():
        print(name, bc.next_service_period_start(covered))


def next_starts(store):
    """Give the next start of each item as its claims say it."""
    covered = bc.coverage_of(store.snapshot("acme").claims)
    return {
        billable.partition("/")[2]: bc.next_service_period_start(facts)
        for billable, facts in covered.items()
    }


@case(
    "OCA/contract#1065",
    "OCA/contract#1448",
    "OCA/contract#1214",
    gave="The first line until 7 January, the second until 14 January.",
)
class TestChangesOfOneLine:
    """After a change of one line the others are a period ahead."""

    def test_a_change_of_one_weekly_line(self):
        """#1065: b is corrected by -11.43 + 15.43, a has no line, and both go on on 15 January."""
        a, b = by_days("a", 10, cadence=bc.weekly()), by_days("b", 20, cadence=bc.weekly())
        c, d = (by_days(name, 7, cadence=bc.weekly(), start="2024-01-15") for name in "cd")
        weeks = [bc.Period(f"2024-01-{n:02}", f"2024-01-{n + 7:02}") for n in (1, 8, 15)]
        store = books(a, b, start="2024-01-01")
        first = nets(invoiced(store, weeks[0]))
        dearer = b.changed(bc.Change("2024-01-04", unit_price=27))
        edit(store, a, dearer, start="2024-01-01")

        assert first == decimals("10.00", "20.00")
        assert shown_by_item(invoiced(store, weeks[1])) == [
            "a 2024-01-08 10.00",
            "b 2024-01-04 -11.43",
            "b 2024-01-04 15.43",
            "b 2024-01-08 27.00",
        ]
        assert next_starts(store) == {"a": date(2024, 1, 15), "b": date(2024, 1, 15)}
        edit(store, a, dearer, c, d, start="2024-01-01")
        assert nets(invoiced(store, weeks[2])) == decimals("10.00", "27.00", "7.00", "7.00")

    def test_a_pause_of_one_quarterly_line(self):
        """#1448: a stub of 21 days costs 21.00, with 5 days paused 16.00; all go on on 30 June."""
        arrears = {"cadence": bc.quarterly(anchor="2026-06-30"), "billing_practice": bc.ARREARS}
        one, two, three = (by_days(name, 92, **arrears) for name in ("one", "two", "three"))
        paused = two.changed(bc.pause("2026-06-20", "2026-06-24"))
        store = books(one, paused, three, start="2026-06-09")

        assert shown_by_item(invoiced(store, bc.Period.month(2026, 6))) == [
            "one 2026-06-09 21.00",
            "two 2026-06-09 11.00",
            "two 2026-06-25 5.00",
            "three 2026-06-09 21.00",
        ]
        assert invoiced(store, bc.Period.month(2026, 7)) == []
        lines = invoiced(store, bc.Period.month(2026, 9))
        assert {str(line.service_period) for line in lines} == {"2026-06-30/2026-09-30"}
        assert nets(lines) == decimals("92.00", "92.00", "92.00")

    def test_a_pause_of_one_line_after_billing(self):
        """#1214: 32.26 of the second line go back, the first stays, both go on on 1 February."""
        one, two = (by_days(name, billing_practice=bc.ARREARS) for name in ("one", "two"))
        store = books(one, two, start="2026-01-01")
        invoiced(store, JANUARY)
        edit(store, one, two.changed(bc.pause("2026-01-11", "2026-01-20")), start="2026-01-01")

        assert shown_by_item(invoiced(store, JANUARY)) == ["two 2026-01-11 -32.26"]
        lines = invoiced(store, bc.Period.month(2026, 2))
        assert shown_by_item(lines) == ["one 2026-02-01 100.00", "two 2026-02-01 100.00"]


@case(
    "OCA/contract#570",
    "OCA/contract#989",
    "OCA/contract#1065",
    "OCA/contract#1214",
    "OCA/contract#1448",
    gave="The first line right, all others a period ahead, since 2020.",
    own_numbers=True,
)
class TestLinesOfTheirOwn:
    """Lines that begin at different times share one date."""

    def test_lines_that_begin_at_different_times(self):
        """Items of one contract that began in different months are each billed from their own start."""
        items = [
            monthly("a", start="2026-01-01"),
            monthly("b", start="2026-02-10"),
            monthly("c", start="2026-03-31"),
        ]
        store = stored(contract(*items))
        for month in months(2026, 4):
            bc.execute(run_of(month), store)
            finalize_all(store)
        claims = store.snapshot("acme").claims
        nexts = {
            name: bc.next_service_period_start(covered)
            for name, covered in bc.coverage_of(claims).items()
        }

        assert nexts == {
            "S-1/a": date(2026, 5, 1),
            "S-1/b": date(2026, 5, 10),
            "S-1/c": date(2026, 5, 31),
        }

    def test_a_line_added_later_does_not_move_the_others(self):
        """An item that joins a contract in March is billed from March, the others go on."""
        store = stored(contract(monthly("a")))
        for month in months(2026, 2):
            bc.execute(run_of(month), store)
            finalize_all(store)
        store.change(contract(monthly("a"), monthly("b", start="2026-03-01")))
        (draft,) = bill(store).drafts

        assert [(line.title, str(line.service_period.first)) for line in draft.lines] == [
            ("a", "2026-03-01"),
            ("b", "2026-03-01"),
        ]

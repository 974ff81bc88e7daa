"""P24: weeks, months, quarters and years in one contract."""

from __future__ import annotations

from decimal import Decimal

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, show, store_of
from tests.unit.engine.changing import (
    APRIL,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    invoice_all,
    nets,
    shown_by_item,
    total_net,
)
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import bill, contract, monthly, once
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P24",
    "Mixed cadences",
    elsewhere="A subscription has one cycle. Others are refused, guessed from lengths, "
    "or a special case for yearly plans with monthly charges.",
    here="Each item has its own rhythm, anchor and timing. "
    "An invoice groups lines, and has no period that they must share.",
)
YEAR_2023 = [bc.Period.month(2023, month) for month in range(1, 13)]


@case(
    "ERPNext",
    "OpenMeter",
    "Meteroid",
    gave="One cycle for a subscription; unaligned ones deprecated; lengths guessed by 25 %.",
    right="January holds the first days of four weeks, a month and a year. "
    "The quarter is in arrears and due in March. Prices are our own.",
    own_numbers=True,
    prints="""
    week 2026-01-05 2026-01-11 7.00
    week 2026-01-12 2026-01-18 7.00
    week 2026-01-19 2026-01-25 7.00
    week 2026-01-26 2026-02-01 7.00
    month 2026-01-01 2026-01-31 30.00
    year 2026-01-01 2026-12-31 365.00
    invoices: 1
    quarter 2026-01-01 2026-03-31 90.00
    """,
)
def test_rhythms_are_refused():
    """Items of several rhythms in one contract are refused, or aligned by force."""
    store = store_of(
        seats(7, "week", cadence=bc.weekly(anchor="2026-01-05"), start="2026-01-05"),
        seats(30, "month"),
        seats(90, "quarter", cadence=bc.quarterly(), billing_practice=bc.ARREARS),
        seats(365, "year", cadence=bc.yearly()),
    )
    show(invoice(store, bc.Period.month(2026, 1)))
    print("invoices:", len(list(store.invoices())))
    later = invoice(store, bc.Period.closed("2026-02-01", "2026-03-31"))
    show(line for line in later if line.item.id == "quarter")


@case(
    "getlago/lago-api#1203",
    "getlago/lago-api#5275",
    gave="A yearly plan with monthly charges needed a guard of its own against duplicates.",
    right="1,200.00 once and 10.00 twelve times are 1,320.00 a year (our own prices).",
    prints="""
    fee 1, support 12, together 1320.00
    """,
)
def test_a_yearly_plan_with_monthly_charges():
    """A yearly plan with monthly charges is billed twice, or not at all."""
    items = [seats(1200, "fee", cadence=bc.yearly()), seats(10, "support")]
    store = store_of(*items, start="2023-01-01")
    names, together = [], 0
    for month in range(1, 13):
        for line in invoice(store, bc.Period.month(2023, month)):
            names.append(line.item.id)
            together += line.net
    print(f"fee {names.count('fee')}, support {names.count('support')}, together {together}")


@case(
    "Meteroid",
    "getlago/lago-api#1203",
    "OpenMeter",
    "ERPNext",
    gave="A window of 25 %, an alignment, a refusal.",
    own_numbers=True,
)
class TestChangesOfMixedRhythms:
    """A change of one rhythm moves the others."""

    def test_a_change_in_the_first_part_of_a_month(self):
        """Of a stub of 23 days at 1.00, ten go back at 10.00; 10/23 of a month would be 13.04."""
        item = by_days(price=30, cadence=bc.monthly(anchor="2026-04-01"))
        store = books(item, start="2026-04-08")
        stub = nets(invoiced(store, APRIL))
        edit(store, item.changed(bc.Change("2026-04-21", unit_price=60)), start="2026-04-08")

        assert stub == decimals("23.00")
        assert nets(invoiced(store, MAY)) == decimals("-10.00", "20.00", "60.00")

    def test_one_increase_of_three_rhythms(self):
        """A month, a quarter and a year of one contract rise by 10 % inside their own periods."""
        items = [
            by_days("month", 30, cadence=bc.monthly(anchor="2026-04-01")),
            by_days("quarter", 92, cadence=bc.quarterly(anchor="2026-05-15"), start="2026-05-15"),
            by_days("year", 365, cadence=bc.yearly(anchor="2026-04-16"), start="2026-04-16"),
        ]
        store = books(*items)
        invoice_all(store, [APRIL, MAY, bc.Period.month(2026, 6)])
        before = contract(*items, start="2026-04-01")
        store.change(bc.increase_prices(before, on="2026-07-01", factor="1.1"))
        lines = invoiced(store, bc.Period.month(2026, 7))

        assert shown_by_item(lines) == [
            "month 2026-07-01 33.00",
            "quarter 2026-07-01 -45.00",
            "quarter 2026-07-01 49.50",
            "year 2026-07-01 -289.00",
            "year 2026-07-01 317.90",
        ]
        assert total_net(lines) == Decimal("66.40")
        later = invoiced(store, bc.Period.month(2026, 8))
        assert shown_by_item(later) == ["month 2026-08-01 33.00", "quarter 2026-08-15 101.20"]

    def yearly_and_monthly(self):
        """Give an item of 1,200.00 a year and one of 10.00 a month."""
        return by_days("fee", 1200, cadence=bc.yearly()), by_days("support", 10)

    def test_a_yearly_fee_with_monthly_charges(self):
        """lago-api#1203: twelve runs bill one year and twelve months, 1,320.00, without collision."""
        store = books(*self.yearly_and_monthly(), start="2023-01-01")
        invoice_all(store, YEAR_2023)
        lines = [line for each in store.invoices() for line in each.lines]

        assert sorted(line.item.id for line in lines) == ["fee"] + ["support"] * 12
        assert all_billed(store) == 1320

    def test_a_change_of_the_yearly_fee_leaves_the_months_alone(self):
        """With 1,565.00 from July, 604.93 go back, 788.93 are billed: 1,504.00 in the year."""
        fee, support = self.yearly_and_monthly()
        store = books(fee, support, start="2023-01-01")
        invoice_all(store, YEAR_2023[:6])
        dearer = fee.changed(bc.Change("2023-07-01", unit_price=1565))
        edit(store, dearer, support, start="2023-01-01")

        assert nets(invoiced(store, YEAR_2023[6])) == decimals("-604.93", "788.93", "10.00")
        invoice_all(store, YEAR_2023[7:])
        assert all_billed(store) == 1504

    def test_every_rhythm_in_one_contract(self):
        """Weeks, months, quarters and years, in advance and in arrears, are one contract's."""
        items = [
            by_days("week", 7, cadence=bc.weekly(anchor="2026-04-06"), start="2026-04-06"),
            by_days("month", 30, billing_practice=bc.ARREARS),
            by_days("quarter", 91, cadence=bc.quarterly(), billing_practice=bc.ARREARS),
            by_days("year", 365, cadence=bc.yearly()),
        ]
        store = stored(contract(*items, start="2026-04-01"))
        lines = invoiced(store, APRIL)

        assert shown_by_item(lines) == [
            "week 2026-04-06 7.00",
            "week 2026-04-13 7.00",
            "week 2026-04-20 7.00",
            "week 2026-04-27 7.00",
            "month 2026-04-01 30.00",
            "year 2026-04-01 365.00",
        ]
        june = invoiced(store, bc.Period("2026-05-01", "2026-07-01"))
        assert total_net(line for line in june if line.item.id == "quarter") == 91


@case(
    "ERPNext",
    "getlago/lago-api#1203",
    "getlago/lago-api#5275",
    gave="Refused, or a special case.",
    own_numbers=True,
)
class TestOneInvoiceOfMixedRhythms:
    """Lines of several rhythms cannot share an invoice."""

    def test_every_line_owns_its_rhythm(self):
        """Monthly, quarterly in arrears, yearly and weekly items share an invoice, not a period."""
        items = [
            monthly("month"),
            monthly("quarter", cadence=bc.quarterly(), billing_practice=bc.ARREARS),
            monthly("year", cadence=bc.yearly(anchor="2026-03-15"), start="2026-03-15"),
            monthly("week", cadence=bc.weekly(anchor="2026-02-23")),
            once("once"),
        ]
        (draft,) = bill(stored(contract(*items))).drafts

        assert [(line.title, str(line.service_period)) for line in draft.lines] == [
            ("month", "2026-03-01/2026-04-01"),
            ("quarter", "2026-01-01/2026-04-01"),
            ("year", "2026-03-15/2027-03-15"),
            ("week", "2026-03-01/2026-03-02"),
            ("once", "2026-03-01/2026-04-01"),
        ]
        assert str(draft.period) == "2026-01-01/2027-03-15"

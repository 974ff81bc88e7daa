"""Changes after billing: what goes back, what is billed anew, to the cent.

A month of 100.00 is billed for April 2026 (30 days), then something changes, and the next run
finds it. Days that go back have the price, discounts and tax of the line that billed them.
"""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.changing import (
    APRIL,
    JUNE,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    invoice,
    invoice_all,
    nets,
    plan,
    shown,
    total_net,
)

TEN_OFF = bc.Discount.percent(10)
MID_APRIL = "2026-04-16"


def corrected(before, after, *, contract=None, was=None, **switches):
    """Bill April, put another item (or contract) in the place, and give the lines of a second run."""
    store = books(before, **(was or {}))
    invoice(store, APRIL)
    edit(store, after, **(was or {}) | (contract or {}))
    return invoice(store, APRIL, **switches)


def changes(**terms):
    """Make a change of the middle of April."""
    return bc.Change(MID_APRIL, **terms)


class TestWhatChanges:
    """One field changes on a day of a month that was billed."""

    @pytest.mark.parametrize(
        ("item", "change", "expected"),
        [
            (by_days(), changes(unit_price=150), ("-50.00", "75.00")),
            (by_days(), changes(quantity=3), ("-50.00", "150.00")),
            (by_days(), changes(quantity=0), ("-50.00",)),
            (by_days(), changes(billed_share="0.5"), ("-50.00", "25.00")),
            (by_days(), changes(discount=TEN_OFF), ("-50.00", "45.00")),
            (by_days(discount=TEN_OFF), changes(discount=None), ("-45.00", "50.00")),
            (by_days(discount=TEN_OFF), changes(unit_price=150), ("-45.00", "67.50")),
            (by_days(), changes(discount=bc.Discount.amount(10)), ("-50.00", "45.00")),
            (by_days(quantity=-1), changes(unit_price=150), ("50.00", "-75.00")),
            (by_days(), bc.Change("2026-04-11", unit_price=150), ("-66.67", "100.00")),
            (by_days(), bc.Change("2026-04-01", unit_price=150), ("-100.00", "150.00")),
            (by_days(), bc.Change("2026-03-01", unit_price=150), ("-100.00", "150.00")),
            (by_days(), bc.Change("2026-04-30", unit_price=150), ("-3.33", "5.00")),
        ],
        ids=[
            "price",
            "quantity",
            "nothing any more",
            "share",
            "percent off",
            "no percent off",
            "price under percent off",
            "fixed sum off",
            "what is given back",
            "from the 11th",
            "from the first day",
            "from before",
            "last day",
        ],
    )
    def test_a_credit_and_a_new_line(self, item, change, expected):
        """The days from the change on go back as they were billed, and are billed as they are now."""
        assert nets(corrected(item, item.changed(change))) == decimals(*expected)

    @pytest.mark.parametrize(
        ("discount", "expected"),
        [(TEN_OFF, ("-45.00", "67.50")), (bc.Discount.amount(10), ("-45.00", "67.50"))],
        ids=["percent", "amount"],
    )
    def test_an_order_discount(self, discount, expected):
        """A line that had a tenth off its order gives back what was paid, and keeps the tenth."""
        was = {"order_discount": discount}

        lines = corrected(by_days(), by_days().changed(changes(unit_price=150)), was=was)
        assert nets(lines) == decimals(*expected)

    def test_an_order_discount_of_the_next_invoice(self):
        """A fixed sum off the next order is for its own lines, not for what is corrected."""
        store = books(by_days(), order_discount=bc.Discount.amount(10))
        invoice(store, APRIL)
        dearer = by_days().changed(changes(unit_price=150))
        edit(store, dearer, order_discount=bc.Discount.amount(10))

        assert nets(invoice(store, MAY)) == decimals("-45.00", "67.50", "140.00")

    @pytest.mark.parametrize(
        ("before", "after", "rates", "tax"),
        [("19", "7", [19, 7], "-6.00"), (None, "19", [None, 19], "9.50")],
        ids=["another", "first"],
    )
    def test_a_tax_code(self, before, after, rates, tax):
        """The credit keeps the tax of the line, the new line has the new one."""
        item = by_days(tax_code=before)
        store = books(item)
        invoice(store, APRIL)
        edit(store, item.changed(changes(tax_code=after)))
        lines = invoice(store, APRIL)

        assert nets(lines) == decimals("-50.00", "50.00")
        assert [line.tax.rate if line.tax.code else None for line in lines] == rates
        assert [list(store.invoices())[-1].totals.tax] == decimals(tax)

    def test_tax_is_as_billed_also_when_the_table_moved(self):
        """With 19 now meaning 16 %, a change of quantity gives back and bills anew at 19 %."""
        item = by_days(tax_code="19")
        store = books(item)
        invoice(store, APRIL)
        store.tax = bc.TaxTable({"19": 16})
        edit(store, item.changed(changes(quantity=2)))
        lines = invoice(store, MAY)

        assert [(line.net, line.tax.rate) for line in lines] == [(-50, 19), (100, 19), (200, 16)]

    def test_gross_prices(self):
        """119.00 with tax: 59.50 go back, 119.00 are billed, 50.00 net more and 9.50 of tax."""
        item = by_days(price=119, tax_code="19", price_includes_tax=True)
        store = books(item)
        invoice(store, APRIL)
        edit(store, item.changed(changes(unit_price=238)))
        lines = invoice(store, APRIL)
        totals = list(store.invoices())[-1].totals

        assert [line.amount for line in lines] == decimals("-59.50", "119.00")
        assert [totals.net, totals.tax, totals.gross] == decimals("50.00", "9.50", "59.50")

    def test_no_decimal_places(self):
        """Of 1,000 yen for 30 days, 19 days go back as 633, and cost 1,267 at double the price."""
        item = by_days(price=1000, currency="JPY")
        doubled = item.changed(bc.Change("2026-04-12", unit_price=2000))

        # R(366.67) = 367 stays; 2000 - R(733.33) = 1267
        assert nets(corrected(item, doubled)) == decimals("-633", "1267")


class TestDays:
    """Days that are paused, ended, added or withdrawn after they were billed."""

    def test_a_pause(self):
        """Ten days of the middle go back: 66.67 - 33.33, and nothing is billed for them."""
        item = by_days().changed(bc.pause("2026-04-11", "2026-04-20"))

        assert shown(corrected(by_days(), item)) == ["2026-04-11..2026-04-20 -33.34"]

    def test_a_pause_of_the_contract(self):
        """A pause of the whole contract takes days back from each of its items."""
        pause = bc.pause("2026-04-11", "2026-04-20")
        store = books(by_days("a"), by_days("b", 30))
        invoice(store, APRIL)
        edit(store, by_days("a"), by_days("b", 30), changes=[pause])

        assert nets(invoice(store, APRIL)) == decimals("-33.34", "-10.00")

    @pytest.mark.parametrize("on", ["item", "contract"])
    def test_an_early_end(self, on):
        """What ends with the 15th gives back half a month, once."""
        store = books(by_days())
        invoice(store, APRIL)
        if on == "item":
            edit(store, by_days(end="2026-04-15"))
        else:
            edit(store, by_days(), end="2026-04-15")

        assert shown(invoice(store, APRIL)) == ["2026-04-16..2026-04-30 -50.00"]
        assert invoice(store, MAY) == []

    def test_an_extension(self):
        """Extended from the 10th to the 20th, ten more days cost 66.67 - 33.33."""
        store = books(by_days(), end="2026-04-10")
        first = nets(invoice(store, APRIL))
        edit(store, by_days(), end="2026-04-20")

        assert first == decimals("33.33")
        assert shown(invoice(store, APRIL)) == ["2026-04-11..2026-04-20 33.34"]

    def test_an_end_that_is_taken_back(self):
        """What was given back for an early end is billed again, under a key of its own."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days(), end="2026-04-15")
        invoice(store, APRIL)
        edit(store, by_days())
        (line,) = invoice(store, APRIL)

        assert shown([line]) == ["2026-04-16..2026-04-30 50.00"]
        assert line.billing_key == "S-1/seats@2026-04-16~1"
        assert all_billed(store) == 100

    def test_a_later_beginning(self):
        """What begins with the 11th after all gives back the ten days before."""
        lines = corrected(by_days(), by_days(start="2026-04-11"))

        assert shown(lines) == ["2026-04-01..2026-04-10 -33.33"]

    def test_an_earlier_beginning(self):
        """What began on 22 March after all is billed for ten days of March, April stays."""
        store = books(by_days(cadence=bc.monthly(anchor="2026-04-01")))
        invoice(store, APRIL)
        edit(store, by_days(cadence=bc.monthly(anchor="2026-04-01")), start="2026-03-22")

        # 100 x 10/31
        assert shown(invoice(store, MAY)) == [
            "2026-03-22..2026-03-31 32.26",
            "2026-05-01..2026-05-31 100.00",
        ]

    def test_a_withdrawal(self):
        """What is paused from its first day on gives everything back, and is not billed again."""
        store = books(by_days())
        invoice_all(store, (APRIL, MAY))
        edit(store, by_days().changed(bc.pause("2026-04-01")))

        assert nets(invoice(store, MAY)) == decimals("-100.00", "-100.00")
        assert invoice(store, JUNE) == []
        assert all_billed(store) == 0


class TestSeveral:
    """Several lines, and several corrections of one."""

    def test_of_one_line(self):
        """Three changes, each found by a run of its own, leave four stretches at their prices."""
        found = [
            bc.Change("2026-04-11", unit_price=150),
            bc.Change("2026-04-21", unit_price=60),
            bc.Change("2026-04-06", quantity=2),
        ]
        store = books(by_days())
        invoice(store, APRIL)
        lines = []
        for count in range(1, 4):
            edit(store, by_days().changed(*found[:count]))
            lines.append(nets(invoice(store, APRIL)))

        assert lines == [
            decimals("-66.67", "100.00"),
            # 100.00 less R(150 x 20/30) - R(150 x 10/30) = 50.00; 60.00 - 40.00
            decimals("-50.00", "20.00"),
            # 33.33 - R(16.67) of the first line, then 50.00 and 20.00 twice
            decimals("-16.66", "33.34", "-50.00", "100.00", "-20.00", "40.00"),
        ]
        # 16.67 + 33.34 + 100.00 + 40.00
        assert [all_billed(store)] == decimals("190.01")

    def test_of_several_months(self):
        """A change of April found in June corrects each invoice by lines that name it."""
        store = books(by_days())
        invoice_all(store, (APRIL, MAY))
        edit(store, by_days().changed(changes(unit_price=150)))
        lines = invoice(store, JUNE)

        assert nets(lines) == decimals("-50.00", "75.00", "-100.00", "150.00", "150.00")
        assert [line.corrects and line.corrects.document for line in lines] == [
            "2026-00001",
            "2026-00001",
            "2026-00002",
            "2026-00002",
            None,
        ]

    def test_a_merged_line(self):
        """Of April to June on one line of 90.00, May and June go back together, and cost the double."""
        item = by_days(price=30, cadence=bc.monthly())
        store = books(item)
        invoice(store, bc.Period("2026-04-01", "2026-07-01"), catch_up=bc.CatchUp.MERGED)
        edit(store, item.changed(bc.Change("2026-05-01", unit_price=60)))

        assert shown(invoice(store, JUNE)) == [
            "2026-05-01..2026-06-30 -60.00",
            "2026-05-01..2026-06-30 120.00",
        ]

    def test_of_several_items(self):
        """Only the items that changed are corrected."""
        store = books(by_days("a"), by_days("b"))
        invoice(store, APRIL)
        edit(store, by_days("a"), by_days("b").changed(changes(quantity=2)))

        assert [line.item.id for line in invoice(store, APRIL)] == ["b", "b"]

    def test_back_to_what_was(self):
        """A change that is taken away again is credited at its own price: nothing remains of it."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days().changed(changes(unit_price=150)))
        invoice(store, APRIL)
        edit(store, by_days())

        assert nets(invoice(store, APRIL)) == decimals("-75.00", "50.00")
        assert all_billed(store) == 100
        assert plan(store, APRIL).corrections == ()


class TestConventions:
    """What stays and what goes back add up to what was billed, by every convention."""

    @pytest.mark.parametrize(
        ("convention", "days", "expected"),
        [
            ("AVERAGE_MONTHS", ("2026-04-16", None), ["-50.68"]),  # 49.32 stay
            ("AVERAGE_MONTHS", ("2026-04-11", "2026-04-20"), ["-32.87"]),  # 65.75 - 32.88
            ("THIRTY_360_US", ("2026-04-16", None), ["-50.00"]),
            ("STRICT_30", ("2026-04-16", None), ["-50.00"]),
            ("ACT_360", ("2026-04-11", "2026-04-20"), ["-33.34"]),
            ("NONE", ("2026-04-16", None), []),
            ("NONE", ("2026-04-01", "2026-04-30"), ["-100.00"]),
        ],
        ids=["half by average", "middle by average", "US", "strict", "360", "none", "all of none"],
    )
    def test_a_pause(self, convention, days, expected):
        """A pause of April gives back the month less what the convention leaves of it."""
        chosen = getattr(bc.proration, convention)
        item = by_days(proration=chosen, cadence=bc.monthly(anchor="2026-04-01"))

        lines = corrected(item, item.changed(bc.pause(*days)))
        assert nets(lines) == decimals(*expected)

    def test_an_early_end_of_what_cannot_be_divided(self):
        """By NONE a month that has begun stays; a month after the end goes back."""
        item = by_days(proration=bc.proration.NONE)
        store = books(item)
        invoice_all(store, (APRIL, MAY))
        edit(store, item, end="2026-04-15")

        assert shown(invoice(store, JUNE)) == ["2026-05-01..2026-05-31 -100.00"]

    def test_the_next_period_by_policy(self):
        """With NEXT_PERIOD a change of April, found in May, corrects May and not April."""
        store = books(by_days())
        invoice_all(store, (APRIL, MAY))
        edit(store, by_days().changed(changes(unit_price=150)))
        lines = invoice(store, MAY, change_inside=bc.ChangeInside.NEXT_PERIOD)

        assert total_net(lines) == 50
        assert shown(lines) == [
            "2026-05-01..2026-05-31 -100.00",
            "2026-05-01..2026-05-31 150.00",
        ]

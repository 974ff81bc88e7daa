"""P10: what goes back is not what was paid."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import contract, invoice, seats, show, store_of
from tests.unit.engine.changing import (
    APRIL,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    nets,
    plan,
)
from tests.unit.engine.changing import invoice as invoiced

PAIN = Pain(
    "P10",
    "A credit at the wrong price, discount or tax",
    elsewhere="A change is a credit of the old terms and a charge of the new ones. "
    "The credit is computed from today's price, tax and last discount, "
    "so what nobody paid is given back, or what was paid is not.",
    here="A credit is made of the line that was billed, with its price, discount and tax. "
    "Pricing the past anew is a policy that must be asked for.",
)


@case(
    "stripe/stripe-dotnet#3103",
    gave="One seat at 72 a month was free by a coupon of 100 %. "
    "A second seat was credited and charged as if the first one had been paid.",
    right="The first seat was paid 0.00, so 0.00 goes back. "
    "Two seats, of which one stays free, are 72.00.",
    prints="""
    seats 2025-04-01 2025-04-30 0.00
    then
    seats 2025-04-01 2025-04-30 0.00
    seats 2025-04-01 2025-04-30 72.00
    """,
)
def test_a_free_seat_is_credited_at_its_full_price():
    """A seat that was free is credited at its full price when a second one is added."""
    april = bc.Period.month(2025, 4)
    free = seats(72, discount=bc.Discount.percent(100))
    store = store_of(free, start="2025-04-01")
    show(invoice(store, april))

    second = bc.Change("2025-04-01", quantity=2, discount=bc.Discount.percent(50))
    store.change(contract(free.changed(second), start="2025-04-01"))
    print("then")
    show(invoice(store, april))


@case(
    "laravel/cashier-stripe#1028",
    gave="A sync that set the same tax rates again made prorations of everything.",
    right="The tax code 19 set again is no change, and makes no line. "
    "With our own numbers, 100.00 a month is taxed 21 % instead from 16 April on: "
    "half of it goes back with 9.50 of tax, and is billed with 10.50.",
    own_numbers=True,
    prints="""
    the same code: 0 lines
    another code: -50.00 + 50.00, tax 1.00
    """,
)
def test_a_sync_of_tax_rates_makes_prorations():
    """Setting the tax rates that are in force already makes a credit and a charge of every line."""
    april = bc.Period.month(2026, 4)
    item = seats(100, tax_code="19")
    store = store_of(item, start="2026-04-01")
    invoice(store, april)

    same = item.changed(bc.Change("2026-04-16", tax_code="19"))
    store.change(contract(same, start="2026-04-01"))
    print("the same code:", len(invoice(store, april)), "lines")
    other = item.changed(bc.Change("2026-04-16", tax_code="21"))
    store.change(contract(other, start="2026-04-01"))
    back, anew = invoice(store, april)
    *_, last = store.invoices()
    print(f"another code: {back.net} + {anew.net}, tax {last.totals.tax}")


@case(
    "stripe/stripe-dotnet#3103",
    "laravel/cashier-stripe#1028",
    gave="Credits at today's price, tax and discount; a sync of tax rates made prorations.",
)
class TestCreditsAtThePriceOfTheirLine:
    """A change of quantity, tax or discount gives back what was never paid."""

    def billed(self, item, **fields):
        """Make a store in which April 2026 is billed."""
        store = books(item, **fields)
        invoiced(store, APRIL)
        return store

    @pytest.mark.parametrize(
        ("on", "discount", "expected"),
        [
            ("2026-04-16", bc.Discount.percent(50), ("0.00", "36.00")),
            ("2026-04-16", None, ("0.00", "72.00")),
            ("2026-04-01", bc.Discount.percent(50), ("0.00", "72.00")),
            ("2026-04-01", None, ("0.00", "144.00")),
        ],
        ids=["half month, one free", "half month", "month, one free", "month"],
    )
    def test_a_seat_that_nobody_paid_is_not_credited(self, on, discount, expected):
        """A seat at 72.00 with 100 % off gives back 0.00, whatever the second one costs."""
        item = by_days(price=72, discount=bc.Discount.percent(100))
        store = self.billed(item)
        edit(store, item.changed(bc.Change(on, quantity=2, discount=discount)))

        assert all_billed(store) == 0
        assert nets(invoiced(store, APRIL)) == decimals(*expected)

    def test_a_tax_code_that_stays_changes_nothing(self):
        """cashier-stripe#1028: setting the tax code that is in force already makes no line."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="19")))
        outcome = plan(store, APRIL)

        assert (outcome.drafts, outcome.corrections) == ((), ())

    def test_another_tax_code_moves_tax_only(self):
        """Half of 100.00 goes back with 9.50 of tax and is billed anew with 3.50."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="7")))
        lines = invoiced(store, APRIL)
        document = list(store.invoices())[-1]

        assert nets(lines) == decimals("-50.00", "50.00")
        assert [line.tax.rate for line in lines] == [19, 7]
        assert (document.totals.net, document.totals.tax) == (0, -6)

    def test_another_tax_code_from_the_next_period(self):
        """With NEXT_PERIOD April stays as it was billed, and May has the new code."""
        item = by_days(tax_code="19")
        store = self.billed(item)
        edit(store, item.changed(bc.Change("2026-04-16", tax_code="7")))
        outcome = plan(store, APRIL, change_inside=bc.ChangeInside.NEXT_PERIOD)
        (line,) = invoiced(store, MAY, change_inside=bc.ChangeInside.NEXT_PERIOD)

        assert (outcome.drafts, outcome.corrections) == ((), ())
        assert (line.net, line.tax.rate) == (100, 7)

    THREE = by_days(price=20, quantity=3, discount=bc.Discount.percent(10))
    MORE = bc.Change("2026-04-11", quantity=5)
    CHEAPER = bc.Change("2026-04-21", unit_price=15)

    def test_each_credit_is_at_the_price_of_its_line(self):
        """54.00, then -36.00 + 60.00, then -30.00 + 22.50: 70.50 for ten days each of three sums."""
        store = self.billed(self.THREE)
        edit(store, self.THREE.changed(self.MORE))
        first = nets(invoiced(store, APRIL))
        edit(store, self.THREE.changed(self.MORE, self.CHEAPER))
        second = nets(invoiced(store, APRIL))

        assert first == decimals("-36.00", "60.00")
        assert second == decimals("-30.00", "22.50")
        assert all_billed(store) == decimals("70.50")[0]

    def test_the_same_in_one_go(self):
        """Billed after both changes, the three slices are 18.00, 30.00 and 22.50."""
        store = books(self.THREE.changed(self.MORE, self.CHEAPER))

        assert nets(invoiced(store, APRIL)) == decimals("18.00", "30.00", "22.50")

    def test_a_fixed_discount_is_for_the_whole_period(self):
        """10.00 off a month is 5.00 off each half, billed at once or corrected."""
        item = by_days(discount=bc.Discount.amount(10))
        dearer = item.changed(bc.Change("2026-04-16", unit_price=130))
        store = self.billed(item)
        edit(store, dearer)

        assert nets(invoiced(books(dearer), APRIL)) == decimals("45.00", "60.00")
        assert nets(invoiced(store, APRIL)) == decimals("-45.00", "60.00")

    def test_two_credits_give_back_what_was_paid(self):
        """9.04 for a month, taken back in two halves, are 4.51 and 4.53 and never 9.05."""
        item = by_days(price="10.05", discount=bc.Discount.percent(10))
        store = self.billed(item)
        later = bc.pause("2026-04-16", "2026-04-30")
        edit(store, item.changed(later))
        second_half = nets(invoiced(store, APRIL))
        edit(store, item.changed(later, bc.pause("2026-04-01", "2026-04-15")))

        assert second_half == decimals("-4.51")
        assert nets(invoiced(store, APRIL)) == decimals("-4.53")
        assert all_billed(store) == 0

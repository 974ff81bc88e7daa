"""P1: what is credited in parts is not what was invoiced."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import contract, invoice, seats, store_of
from tests.unit.engine.records import amounts, draft_of, once, sums

PAIN = Pain(
    "P1",
    "Credits and invoices differ by a cent",
    elsewhere="Tax is rounded on the sum of an invoice, and again on every credit. "
    "Given back in parts, the parts are not the whole, and the last credit is refused, "
    "or the check is loosened by a cent.",
    here="A fraction is lost in one place, which has a name. "
    "A credit is a part of a recorded line. "
    "Its tax is that of all credits so far, less that of those before, "
    "so the last one is what is left. "
    "Checks ask for equality.",
)
FEES = ("68.33", "68.33", "57.50", "85.00")
TWENTY = bc.TaxTable({"20": 20})


@case(
    "getlago/lago-api#2643",
    gave="The invoice was 334.99. "
    "Four credits, of one fee each, were 82.00, 69.00, 102.00 and 82.00, in all 335.00.",
    right="The fees are 279.16, and 20 % of that is 55.832: 55.83 of tax, 334.99 in all. "
    "The taxes of the credits add up as 13.67, 25.17, 42.17 and 55.83. "
    "The last one is 55.83 less 42.17, 13.66, and with its fee 81.99.",
    prints="""
    334.99
    -82.00 -69.00 -102.00 -81.99
    -334.99
    """,
)
def test_four_fees_are_credited_one_by_one():
    """Four fees are credited one by one, and a cent more is given back than was invoiced."""
    store = store_of()
    fees = [
        bc.Item(f"fee {number}", unit_price=price, tax_code="20")
        for number, price in enumerate(("68.33", "68.33", "57.50", "85.00"), 1)
    ]
    acme = store.snapshot("acme").account
    made = bc.draft(acme, fees, period=bc.Period.month(2024, 9), tax=store.tax)
    whole = bc.finalize(made, store, on="2024-09-30")

    gross = []
    for number in (1, 3, 4, 2):
        credit = bc.credit(whole.number, store.books("acme"), {number: Fraction(1)})
        gross.append(bc.finalize(credit, store, on="2024-09-30").totals.gross)
    print(whole.totals.gross)
    print(*gross)
    print(sum(gross))


@case(
    "getlago/lago-api#4313",
    gave="29 of 30 days of 200.00 at 25 % were credited as 241.66, "
    "and after a change of the rounding as 241.67.",
    right="29/30 of 200.00 is 193.33 to the cent, and 25 % of that is 48.3325: 48.33. "
    "Together that is 241.66. "
    "The day that stays costs 200.00 less 193.33, 6.67, and 50.00 less 48.33, 1.67.",
    prints="""
    200.00 50.00 250.00
    -193.33 -48.33 -241.66
    6.67 1.67 8.34
    """,
)
def test_29_of_30_days_are_credited():
    """29 of 30 days are credited, and the amount depends on where the share is rounded."""
    april = bc.Period.month(2025, 4)
    item = seats(200, tax_code="25")
    store = store_of(item, start="2025-04-01")
    invoice(store, april)
    paused = item.changed(bc.pause("2025-04-02", "2025-04-30"))
    store.change(contract(paused, start="2025-04-01"))
    invoice(store, april)

    billed, credited = (each.totals for each in store.invoices())
    print(billed.net, billed.tax, billed.gross)
    print(credited.net, credited.tax, credited.gross)
    print(billed.net + credited.net, billed.tax + credited.tax, billed.gross + credited.gross)


@case(
    "getlago/lago-api#4553",
    gave="The check of credits was loosened: a cent more than is left to credit is accepted.",
    right="Of the invoice of 334.99, 335.00 are too much by a cent, and 334.99 are all of it. "
    "The amounts are those of the first case.",
    own_numbers=True,
    prints="""
    335.00: refused
    334.99: -334.99
    left: 0.00
    """,
)
def test_a_cent_too_much_is_accepted():
    """A credit may be a cent more than what is left of its invoice."""
    store = store_of()
    fees = [
        bc.Item(f"fee {number}", unit_price=price, tax_code="20")
        for number, price in enumerate(("68.33", "68.33", "57.50", "85.00"), 1)
    ]
    acme = store.snapshot("acme").account
    made = bc.draft(acme, fees, period=bc.Period.month(2025, 10), tax=store.tax)
    whole = bc.finalize(made, store, on="2025-10-28")
    for amount in ("335.00", "334.99"):
        try:
            credit = bc.credit(whole.number, store.books("acme"), gross=amount)
        except bc.InvalidInputError:
            print(f"{amount}: refused")
        else:
            print(f"{amount}:", bc.finalize(credit, store, on="2025-10-28").totals.gross)
    print("left:", sum(each.totals.gross for each in store.invoices()))


@case(
    "getlago/lago-api#2643",
    gave="The same four fees: 334.99 on the invoice, 335.00 on the credits.",
)
class TestFourFeesInOneGo:
    """The whole invoice is credited, and differs by a cent."""

    def test_the_invoice(self):
        """279.16 and 55.832 tax are 334.99."""
        draft = draft_of(
            *(once(f"{n}", fee, tax_code="20") for n, fee in enumerate(FEES)), tax=TWENTY
        )

        assert sums(draft) == amounts("279.16", "55.83", "334.99")

    def test_the_whole_credited_on_one_document(self):
        """The same four lines negated are exactly the invoice, as a credit."""
        items = [once(f"{n}", fee, quantity=-1, tax_code="20") for n, fee in enumerate(FEES)]
        credit = draft_of(*items, tax=TWENTY)

        assert credit.kind is bc.InvoiceKind.CREDIT
        assert sums(credit) == amounts("-279.16", "-55.83", "-334.99")

    @pytest.mark.parametrize("count", [1, 2, 3, 7])
    def test_an_allocated_tax_adds_up(self, count):
        """Divided among credits by an allocation, the tax of the invoice stays what it was."""
        shares = bc.allocate("55.83", FEES[:count] * 2, currency="EUR")

        assert sum(shares) == Decimal("55.83")

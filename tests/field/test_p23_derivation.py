"""P23: an amount without its derivation."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import contract, invoice, seats, store_of

PAIN = Pain(
    "P23",
    "Amounts without a derivation",
    elsewhere="An invoice shows a sum. Which price, which days and which tier it is from, "
    "and why there is a credit, is to be asked of the support.",
    here="A line keeps what it was computed from, and `explain` turns it into steps: "
    "price, share, tiers, discounts, rounding, tax, and the line that a credit takes back. "
    "A step can be computed again from its operands.",
)


@case(
    "getlago/lago#170",
    gave="After an upgrade a user found a credit note, and asked why it is there.",
    right="With our own prices, 10.00 becomes 100.00 on 11 January, for 21 of 31 days. "
    "The credit is 10.00 x 21/31, 6.774193..., so 6.77, of line 1 of the invoice.",
    prints="""
    seats, 2026-01-11 to 2026-01-31, taken back from line 1 of 2026-00001
      position price: 10 x -1 = -10 EUR per month
      billing factor: 21 of 31 days of 2026-01-01 to 2026-01-31 = 21/31 (ACTUAL_DAYS)
      amount: -10 x 21/31 = -6.774193..., rounded to -6.77 EUR
      net: -6.77 EUR
      tax rate: 19, S 19 %; rounded on the document
    """,
)
def test_why_is_there_a_credit():
    """After an upgrade there is a credit, and nobody can see why."""
    item = seats(10, tax_code="19")
    store = store_of(item)
    invoice(store, bc.Period.month(2026, 1))
    store.change(contract(item.changed(bc.Change("2026-01-11", unit_price=100))))
    credit, _ = invoice(store, bc.Period.month(2026, 1))
    print(bc.explain(credit))


@case(
    "getlago/lago-api#1488",
    "getlago/lago-api#1434",
    "getlago/lago-api#1479",
    "openmeterio/openmeter#1834",
    "stripe-samples/subscription-use-cases#28",
    gave="Lines of usage had no unit price and no tiers, and invoices without them do not comply.",
    right="12 are 10 at 2.50 and 2 at 2.40: 29.80. The second line is 2.40 x 2.",
    own_numbers=True,
    prints="""
    calls, 2026-01-10
      priced together: 2026-01-01 to 2026-01-31
      price model: Tiered, 12: 10 x 2.50 + 2 x 2.40 = 29.80 EUR
      position price: 2.40 x 2 = 4.80 EUR (Tier 2: above 10)
      amount: 4.80 EUR
      net: 4.80 EUR
      tax: none, it has no tax code
    """,
)
def test_a_line_without_a_unit_price():
    """A line of usage has an amount, and no unit price that leads to it."""
    calls = bc.Item(
        "calls",
        pricing=bc.Pricing(bc.TIERED, [bc.Tier(10, "2.50"), bc.Tier(None, "2.40")]),
        billing_type=bc.TRANSACTIONAL,
        cadence=bc.monthly(anchor="2026-01-01"),
    )
    store = store_of(calls)
    store.add_usage("acme", bc.UsageRecord("U-1", "calls", "2026-01-10", 12))
    _, second = invoice(store, bc.Period.month(2026, 1))
    print(bc.explain(second))


@case(
    "getlago/lago-api#1479",
    "openmeterio/openmeter#1834",
    gave="Sums without operands.",
    own_numbers=True,
)
class TestEveryAmountHasADerivation:
    """Only some amounts can be derived."""

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"quantity": 3},
            {"discount": bc.Discount.percent("12.5")},
            {"start": "2026-01-17"},
            {"price_includes_tax": True, "tax_code": "19"},
            {"changes": [bc.pause("2026-01-10", "2026-01-12")]},
        ],
        ids=["plain", "quantity", "discount", "part", "gross", "pause"],
    )
    def test_the_last_step_is_the_net_amount(self, fields):
        """The derivation of each line has a step that ends in its net amount."""
        for line in invoice(store_of(seats("10.05", **fields)), bc.Period.month(2026, 1)):
            (net,) = (step for step in bc.explain(line).steps if step.name == "net")

            assert net.value == line.net

"""P12: usage that comes late, is reversed or corrected."""

from __future__ import annotations

from decimal import Decimal

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, store_of
from tests.field.usage import JANUARY, TIERS, calls, desk, invoiced, used

PAIN = Pain(
    "P12",
    "Late, reversed and corrected usage",
    elsewhere="Usage is priced record by record. "
    "What comes late begins again in the first tier, what is reversed goes back at another price, "
    "and a correction is a second charge.",
    here="The price is a function of all usage of a period. "
    "A run bills the new result less what was billed, tier by tier.",
)


@case(
    "getlago/lago#67",
    "flexprice/flexprice#605",
    "cf-abacus#145",
    gave="A unit in a graduated tier could not be given back, usage that was filled in later was "
    "not priced with the rest, and a corrected record needed everything rated again.",
    right="Up to 10 cost 2.50 each, up to 20 cost 2.40, all further 2.20. "
    "12 are 25.00 + 4.80. One given back leaves 11: less 2.40. "
    "11 more make 22: 9 x 2.40 and 2 x 2.20. "
    "The 12 corrected to 10 leave 20: less 2 x 2.20.",
    own_numbers=True,
    prints="""
    12 calls: 25.00 4.80
    1 given back: -2.40
    11 came late: 21.60 4.40
    12 were 10: -4.40
    """,
)
def test_what_comes_late_is_priced_apart():
    """Usage that is given back, filled in or corrected is priced apart from the rest of its month."""
    tiers = [bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.20")]
    calls = bc.Item(
        "calls",
        pricing=bc.Pricing(bc.TIERED, tiers),
        billing_type=bc.TRANSACTIONAL,
        cadence=bc.monthly(anchor="2026-01-01"),
    )
    store = store_of(calls)
    january, february = bc.Period.month(2026, 1), bc.Period.month(2026, 2)
    for what, record, day, quantity, run in (
        ("12 calls", "U-1", "2026-01-10", 12, january),
        ("1 given back", "U-2", "2026-01-20", -1, january),
        ("11 came late", "U-3", "2026-01-25", 11, february),
        ("12 were 10", "U-1", "2026-01-10", 10, february),
    ):
        store.add_usage("acme", bc.UsageRecord(record, "calls", day, quantity))
        print(f"{what}:", *(line.net for line in invoice(store, run)))


@case(
    "getlago/lago#67",
    "flexprice/flexprice#605",
    "cf-abacus#145",
    gave="No way to reverse a unit in a tier, to fill in usage, or to correct it.",
    own_numbers=True,
)
class TestEachByItself:
    """Late, reversed and corrected usage cannot be billed as a difference."""

    def test_a_unit_in_a_graduated_tier_is_reversed(self):
        """A unit of the second tier is given back at that tier's price (lago#67)."""
        store = desk(calls(pricing=bc.Pricing(bc.TIERED, TIERS)))
        run = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 12)
        first = invoiced(store, run)  # 10 x 2.50 + 2 x 2.40
        used(store, -1, first=2)

        assert first == Decimal("29.80")
        assert invoiced(store, run) == Decimal("-2.40")

    def test_backfilled_usage_is_priced_where_the_window_stands(self):
        """Usage that is filled in later is priced by what the month has already (flexprice#605)."""
        store = desk(calls(pricing=bc.Pricing(bc.TIERED, TIERS)))
        invoice_january = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 15)
        first = invoiced(store, invoice_january)  # 25.00 + 5 x 2.40
        used(store, 10, first=2)
        february = bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL)

        assert first == Decimal("37.00")
        assert invoiced(store, february) == Decimal("23.00")  # 5 x 2.40 + 5 x 2.20

    def test_a_corrected_record_bills_the_difference(self):
        """A record that comes again with another quantity is rated anew less what was billed
        (cf-abacus#145).
        """
        store = desk(calls())
        run = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 100)
        first = invoiced(store, run)
        used(store, 70)

        assert (first, invoiced(store, run)) == (Decimal("10.00"), Decimal("-3.00"))

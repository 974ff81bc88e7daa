"""Tiered items that change after they were billed: every tier goes back, the price comes anew."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import Tier
from tests.unit.engine.changing import (
    APRIL,
    all_billed,
    books,
    decimals,
    edit,
    invoice,
    nets,
    plan,
)
from tests.unit.engine.tiers import MID_APRIL, keys, sms


def changed(change, *, before=None, was=None, **switches):
    """Bill April, let an item change after that, and give the store and the lines of a second run."""
    item = sms() if before is None else before
    store = books(item, **(was or {}))
    invoice(store, APRIL)
    edit(store, item.changed(change), **(was or {}))
    return store, invoice(store, APRIL, **switches)


class TestChangesAfterBilling:
    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            ({"quantity": 12}, ("12.50", "2.40")),
            ({"quantity": 35}, ("12.50", "12.00", "11.50", "5.50")),
            ({"quantity": 0}, ()),
            ({"billed_share": 0}, ()),
            ({"billed_share": "0.5"}, ("6.25", "6.00", "2.87")),
            ({"discount": bc.Discount.percent(10)}, ("11.25", "10.80", "5.18")),
        ],
        ids=["fewer", "more", "none", "paused", "half", "discount"],
    )
    def test_all_tiers_go_back_and_are_billed_anew_once(self, terms, expected):
        """Each tier's line gives the days back, and the price is billed anew, tier by tier."""
        store, lines = changed(bc.Change(MID_APRIL, **terms))

        assert nets(lines) == decimals("-12.50", "-12.00", "-5.75", *expected)
        assert [line.corrects.number for line in lines[:3]] == [1, 2, 3]
        assert all(line.corrects.is_credit == (place < 3) for place, line in enumerate(lines))
        assert len(set(keys(lines))) == len(lines)
        assert invoice(store, APRIL) == []

    def test_keys(self):
        """Credits name the line that they take back; new lines count the revision."""
        _, lines = changed(bc.Change(MID_APRIL, quantity=12))

        assert keys(lines) == [
            "S-1/sms@2026-04-01!2026-04-16",
            "S-1/sms@2026-04-01#2!2026-04-16",
            "S-1/sms@2026-04-01#3!2026-04-16",
            "S-1/sms@2026-04-16~1",
            "S-1/sms@2026-04-16~1#2",
        ]

    def test_there_and_back(self):
        """A change that is undone leaves the month at its price, however it was billed between."""
        store, _ = changed(bc.Change(MID_APRIL, quantity=12))
        edit(store, sms())

        lines = invoice(store, APRIL)
        assert nets(lines) == decimals("-12.50", "-2.40", "12.50", "12.00", "5.75")
        assert all_billed(store) == Decimal("60.50")

    def test_twice(self):
        """A second change takes back what the first billed anew, and nothing else."""
        store, _ = changed(bc.Change(MID_APRIL, quantity=12))
        edit(store, sms().changed(bc.Change(MID_APRIL, quantity=5)))

        assert nets(invoice(store, APRIL)) == decimals("-12.50", "-2.40", "6.25")

    def test_days_due_again(self):
        """Days that went back altogether are billed again, with one key for each tier."""
        store, _ = changed(bc.Change(MID_APRIL, quantity=0))
        edit(store, sms())

        assert keys(invoice(store, APRIL)) == [
            "S-1/sms@2026-04-16~1",
            "S-1/sms@2026-04-16~1#2",
            "S-1/sms@2026-04-16~1#3",
        ]
        assert all_billed(store) == Decimal("60.50")

    def test_in_words(self):
        """One correction tells of all tiers, with the sum that goes back and the sum that is due."""
        store = books(sms())
        invoice(store, APRIL)
        edit(store, sms().changed(bc.Change(MID_APRIL, quantity=12)))
        (correction,) = plan(store, APRIL).corrections

        assert str(correction) == (
            "S-1/sms 2026-04-16 to 2026-04-30: 25 by Tiered -> 12 by Tiered; "
            "-30.25 + 14.90 = -15.35 EUR (line 1 of 2026-00001)"
        )

    def test_only_reported(self):
        """A policy that reports corrections bills none, and names the difference."""
        store, lines = changed(bc.Change(MID_APRIL, quantity=12), corrections=bc.Corrections.REPORT)

        assert lines == []
        (left,) = plan(store, APRIL, corrections=bc.Corrections.REPORT).left_out
        assert dict(left.facts) == {"difference": "-15.35 EUR"}

    @pytest.mark.parametrize("basis", bc.CreditBasis, ids=lambda basis: basis.name)
    def test_parts_go_back_as_they_were_billed(self, basis):
        """Lines of tiers go back at the price they had, whatever the basis of credits."""
        before = sms(pricing=bc.Pricing(bc.TIERED, [Tier(10, 2), Tier(None, 1)]))
        store = books(before)
        invoice(store, APRIL)
        edit(store, sms().changed(bc.Change(MID_APRIL, quantity=12)))

        lines = invoice(store, APRIL, credit_basis=basis)
        assert nets(lines) == decimals("-10.00", "-7.50", "10.00", "1.00")

    def test_an_order_discount(self):
        """A tenth off the order stays a tenth off what goes back and what is billed anew."""
        _, lines = changed(
            bc.Change(MID_APRIL, quantity=12), was={"order_discount": bc.Discount.percent(10)}
        )

        # of 12.50, 12.00 and 5.75 go back 11.25, 10.80 and 5.175; of 12.50 and 2.40 are due
        assert nets(lines) == decimals("-11.25", "-10.80", "-5.18", "11.25", "2.16")

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ({"pricing": None, "unit_price": 4}, {}, ("-50.00", "12.50", "2.40")),
            (
                {},
                {"pricing": None, "unit_price": 4},
                ("-12.50", "-12.00", "-5.75", "24.00"),
            ),
        ],
        ids=["to tiers", "from tiers"],
    )
    def test_another_model_together_with_a_change(self, before, after, expected):
        """Where an item gets or loses its tiers, the changed days are billed anew by the new price."""
        store = books(sms(**before))
        invoice(store, APRIL)
        edit(store, sms(**after).changed(bc.Change(MID_APRIL, quantity=12)))

        assert nets(invoice(store, APRIL)) == decimals(*expected)

    def test_a_split_at_a_rate_change(self):
        """A tax rate that changes inside the month splits every tier's line, and all go back."""
        table = bc.TaxTable(
            {"19": [bc.TaxRate(19, end="2026-04-15"), bc.TaxRate(16, start=MID_APRIL)]}
        )
        store = books(sms(tax_code="19"))
        store.tax = table
        lines = invoice(store, APRIL, tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)

        assert nets(lines) == decimals("12.50", "12.50", "12.00", "12.00", "5.75", "5.75")
        assert len(set(keys(lines))) == 6
        edit(store, sms(tax_code="19").changed(bc.Change("2026-04-26", quantity=0)))
        again = invoice(store, APRIL, tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
        assert sorted(nets(again)) == decimals("-4.17", "-4.00", "-1.92")

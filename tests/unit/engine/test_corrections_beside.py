"""Corrections beside other things: edited drafts, other policies, rhythms, and other currencies."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import check_outcome
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
)
from tests.unit.engine.records import contract, finalize_all, run_of, store_of

DEARER = bc.Change("2026-04-16", unit_price=150)
TENTH = {"order_discount": bc.Discount.percent(10)}
CARRY = {"negative_total": bc.NegativeTotal.CARRY_FORWARD}


class TestEditedDrafts:
    """Drafts with corrections can be edited and taxed like others, and keep what they correct."""

    def drafted(self, **fields):
        """Make a store with a draft of May that corrects April: -45.00, 67.50, 135.00."""
        item = by_days(**fields)
        store = books(item, **TENTH)
        invoice(store, APRIL)
        edit(store, item.changed(DEARER), **TENTH)
        bc.execute(run_of(MAY, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        assert nets(draft.lines) == decimals("-45.00", "67.50", "135.00")
        return store, draft

    def test_an_edit_of_another_line(self):
        """Another line's title changes nothing of what is corrected."""
        _, draft = self.drafted()
        edited = bc.edit.change_line(draft, 3, title="Seats")

        assert nets(edited.lines) == nets(draft.lines)

    @pytest.mark.parametrize("number", [1, 2])
    def test_an_edit_of_a_correction(self, number):
        """A line that corrects another cannot be edited: that would break what they add up to."""
        _, draft = self.drafted()
        with pytest.raises(bc.InvalidInputError, match="the line corrects line 1 of 2026-00001"):
            bc.edit.change_line(draft, number, title="Seats")

    def test_actual_taxes(self):
        """When rates move before the invoice, only taxes change, and not those as billed."""
        store, draft = self.drafted(tax_code="19")
        store.tax = bc.TaxTable({"19": 16})
        done = bc.finalize(draft, store, on="2026-05-31")

        assert [line.tax.rate for line in done.lines] == [19, 19, 16]
        assert nets(done.lines) == nets(draft.lines)

    def test_an_order_discount_by_hand(self):
        """A tenth off that a person gave on the draft comes off what goes back."""
        store = books(by_days())
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
        finalize_all(store)
        edit(store, by_days().changed(bc.pause("2026-04-11", "2026-04-20")))

        assert nets(invoice(store, APRIL)) == decimals("-30.00")

    def test_a_price_by_hand(self):
        """A line that a person priced at 90 gives back at 90; the new price is the change's."""
        store = books(by_days())
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        store.put(bc.edit.change_line(draft, 1, unit_price=90))
        finalize_all(store)
        edit(store, by_days().changed(DEARER))

        assert nets(invoice(store, APRIL)) == decimals("-45.00", "75.00")


class TestOtherPolicies:
    """What another policy does to the documents leaves each day billed once."""

    def changed(self, change=DEARER):
        """Make a store in which April is billed and changed afterwards."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days().changed(change))
        return store

    @pytest.mark.parametrize(
        "switches",
        [{"corrections": bc.Corrections.CREDIT_DOCUMENT}, {"max_lines": 1}],
        ids=["credit document", "one line"],
    )
    def test_a_credit_that_is_carried_keeps_its_new_line(self, switches):
        """If the credit is put off, the days are not billed anew beside what was billed."""
        store = self.changed()
        outcome = plan(store, MAY, **switches, **CARRY)

        check_outcome(outcome, store.snapshot("acme"))

    def test_a_new_line_that_waits(self):
        """With a credit document and a minimum of 80.00, the 75.00 wait and come once."""
        store = self.changed()
        switches = {
            "corrections": bc.Corrections.CREDIT_DOCUMENT,
            "minimum_amount": {"EUR": 80},
        }

        assert nets(invoice(store, APRIL, **switches)) == decimals("-50.00")
        assert nets(invoice(store, MAY, **switches)) == decimals("75.00", "150.00")
        assert all_billed(store) == 275

    def test_the_old_day(self):
        """With OLD the 16th stays as billed: 14 days go back, and cost 70.00."""
        lines = invoice(self.changed(), APRIL, change_day=bc.ChangeDay.OLD)

        assert nets(lines) == decimals("-46.67", "70.00")

    def test_the_whole_period(self):
        """With WHOLE_PERIOD all of April goes back, and costs the new price."""
        lines = invoice(self.changed(), APRIL, change_inside=bc.ChangeInside.WHOLE_PERIOD)

        assert nets(lines) == decimals("-100.00", "150.00")

    def test_a_draft_of_another_month(self):
        """Where May's draft blocks the item, April is corrected all the same."""
        store = books(by_days())
        invoice(store, APRIL)
        bc.execute(run_of(MAY, policy=bc.LEVEL), store)
        edit(store, by_days().changed(DEARER))
        outcome = plan(store, MAY, open_drafts=bc.OpenDrafts.BLOCK)

        check_outcome(outcome, store.snapshot("acme"))
        assert nets(outcome.drafts[0].lines) == decimals("-50.00", "75.00")
        assert [each.reason for each in outcome.left_out] == [bc.Reason.DRAFT_EXISTS]


class TestRhythms:
    """Billing periods stay where they were, whatever was taken back or added."""

    TRIAL = bc.trial("2026-04-01", "2026-04-10")

    @pytest.mark.parametrize(
        ("after", "april"),
        [
            ([], "2026-04-01..2026-04-10 33.33"),
            ([bc.trial("2026-04-01", "2026-04-05")], "2026-04-06..2026-04-10 16.66"),
            ([bc.trial("2026-04-01", "2026-04-15")], "2026-04-11..2026-04-15 -16.67"),
        ],
        ids=["revoked", "shortened", "extended"],
    )
    def test_a_trial_that_changes_afterwards(self, after, april):
        """Days of the trial are billed or given back; May and June are whole months."""
        store = books(by_days().changed(self.TRIAL))
        first = shown(invoice(store, APRIL))
        edit(store, by_days().changed(*after))

        assert first == ["2026-04-11..2026-04-30 66.67"]
        assert shown(invoice(store, MAY)) == [april, "2026-05-01..2026-05-31 100.00"]
        assert shown(invoice(store, JUNE)) == ["2026-06-01..2026-06-30 100.00"]

    def test_an_aligned_item(self):
        """Found after billing or before, a change of April leaves the part up to March alone."""
        item = by_days(
            price=365, cadence=bc.yearly(), sync_with=bc.NEXT_QUARTER, start="2026-02-10"
        )
        dearer = item.changed(bc.Change("2026-04-20", unit_price=730))
        whole = {"change_inside": bc.ChangeInside.WHOLE_PERIOD}
        days = bc.Period("2026-02-01", "2026-05-01")
        late = books(item, start="2026-01-01")
        invoice(late, days)
        edit(late, dearer, start="2026-01-01")

        assert nets(invoice(books(dearer, start="2026-01-01"), days, **whole)) == decimals(
            "50.00", "730.00"
        )
        assert nets(invoice(late, APRIL, **whole)) == decimals("-365.00", "730.00")

    def test_a_move_of_an_unanchored_beginning(self):
        """A contract that began on the 11th after all goes on by calendar months as billed."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days(start="2026-04-11"))

        assert shown(invoice(store, MAY)) == [
            "2026-04-01..2026-04-10 -33.33",
            "2026-05-01..2026-05-31 100.00",
        ]


class TestTaxCodesAndCurrencies:
    """Names of codes are free, and a document has one currency."""

    def test_any_tax_code(self):
        """A tax code with the sign that separates terms is a code like others."""
        store = store_of(
            contract(by_days(tax_code="7"), start="2026-04-01"),
            tax=bc.TaxTable({"7": 7, "DE|19": 19}),
        )
        invoice(store, APRIL)
        edit(store, by_days(tax_code="7").changed(bc.Change("2026-04-16", tax_code="DE|19")))

        assert nets(invoice(store, APRIL)) == decimals("-50.00", "50.00")

    def test_corrections_stay_in_their_currency(self):
        """What was billed in dollars is corrected in dollars, also if the item is in euros now."""
        store = books(by_days(currency="USD"))
        invoice(store, APRIL)
        edit(store, by_days(currency="EUR").changed(DEARER))
        drafts = plan(store, MAY).drafts

        assert [(each.currency, nets(each.lines)) for each in drafts] == [
            ("USD", decimals("-50.00", "75.00")),
            ("EUR", decimals("150.00")),
        ]

    def test_three_pauses_give_back_all_of_a_gross_price(self):
        """A gross price of 9.99 is given back as three times 3.33, tax included."""
        item = by_days(price="9.99", tax_code="19", price_includes_tax=True)
        store = books(item)
        invoice(store, APRIL)
        days = [("01", "10"), ("11", "20"), ("21", "30")]
        pauses = [bc.pause(f"2026-04-{first}", f"2026-04-{last}") for first, last in days]
        for count in (1, 2, 3):
            edit(store, item.changed(*pauses[:count]))
            invoice(store, APRIL)

        assert sum(each.totals.gross for each in store.invoices()) == 0

    def test_the_same_terms_in_other_words(self):
        """A price that is restated corrects nothing; the quantity beside it does."""
        restated = bc.Change("2026-04-11", unit_price="100.00")
        store = books(by_days())
        invoice_all(store, [APRIL])
        edit(store, by_days().changed(restated, bc.Change("2026-04-21", quantity=2)))

        assert shown(invoice(store, APRIL)) == [
            "2026-04-21..2026-04-30 -33.33",
            "2026-04-21..2026-04-30 66.67",
        ]

"""Usage that was chosen, by its own name, by its item's, or by its contract's."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.scope.wanted import ALL
from billingcore.testing import check_outcome
from tests.unit.engine.metering import JANUARY, Book, calls, fee, lines_of, reasons, used
from tests.unit.engine.test_usage_sources import cases, fields, record

NOT_CHOSEN = (("chosen", "no"),)


def nets(outcome):
    """Give what is billed, with its amount."""
    return {line.billable: str(line.net) for line in lines_of(outcome)}


def not_chosen(outcome):
    """Give what was left out since nobody chose it."""
    return {each.record for each in outcome.exclusions if each.facts == NOT_CHOSEN}


class TestUsage:
    """Usage by its own name, by its item's, and by its contract's."""

    USAGE = (used("U-1", 5, 3), used("U-2", 6, 4), used("U-3", 7, 5, "TEXTS"))

    def metered(self, *only, items=None, usage=USAGE, **fields):
        """Bill January 2026 of calls and texts, as far as chosen."""
        book = Book(*(items or (calls(), calls(id="texts", order_no="TEXTS", unit_price=2))))
        book.add(*usage)
        outcome = book.bill(JANUARY, only=only, **fields)
        check_outcome(outcome, book.snapshot())
        return outcome

    @pytest.mark.parametrize(
        ("only", "billed", "left"),
        [
            (["usage/U-1"], {"S-1/calls": "30.00"}, {"usage/U-2", "usage/U-3", "S-1/texts"}),
            (["S-1/calls"], {"S-1/calls": "70.00"}, {"usage/U-3", "S-1/texts"}),
            (["S-1"], {"S-1/calls": "70.00", "S-1/texts": "10.00"}, set()),
            (
                ["usage/U-2", "S-1/texts"],
                {"S-1/calls": "40.00", "S-1/texts": "10.00"},
                {"usage/U-1"},
            ),
            (["S-2"], {}, {"usage/U-1", "usage/U-2", "usage/U-3", "S-1/calls", "S-1/texts"}),
        ],
        ids=["usage", "item", "contract", "usage and item", "another contract"],
    )  # fmt: skip
    def test_only_usage_that_was_chosen_is_billed(self, only, billed, left):
        """An item of which usage is billed is not left out, whoever chose it."""
        outcome = self.metered(*only)

        assert nets(outcome) == billed
        assert not_chosen(outcome) == left
        assert set(reasons(outcome)) == left

    def test_usage_for_two_items_is_billed_to_the_one_that_was_chosen(self):
        """Usage of calls and texts, of which texts were chosen: 3 at 2.00."""
        both = [used("U-1", 5, 3, "CALLS,TEXTS")]

        assert nets(self.metered("S-1/texts", usage=both)) == {"S-1/texts": "6.00"}
        assert nets(self.metered("usage/U-1", usage=both)) == {
            "S-1/calls": "30.00", "S-1/texts": "6.00",
        }  # fmt: skip

    def test_nothing_is_wrong_with_usage_that_was_not_chosen(self):
        """Usage without an item is a problem if it was chosen, and left out if not."""
        strange = [used("U-1", 5, 3, "FAX"), used("U-2", 6, 1, "FAX")]
        outcome = self.metered("S-1", "usage/U-2", usage=strange)

        assert [problem.record for problem in outcome.problems] == ["usage/U-2"]
        assert not_chosen(outcome) == {"usage/U-1"}

    def test_usage_that_was_given_up_is_taken_back_by_a_run_of_its_item(self):
        """3 calls were billed, and were no calls at all: a run of texts leaves them, one of calls not."""
        book = Book(calls(), calls(id="texts", order_no="TEXTS"))
        book.add(used("U-1", 5, 3))
        book.run()
        book.finalize()
        book.add(used("U-1", 5, 0, "TEXTS"))

        assert not_chosen(book.bill(only=["S-1/texts"])) == {"usage/U-1", "S-1/calls"}
        assert nets(book.bill(only=["S-1/calls"])) == {"S-1/calls": "-30.00"}

    def test_what_is_wrong_with_usage_that_was_billed_is_told_if_it_was_chosen(self):
        """3 calls were billed and are faxes now, for which there is no item."""
        book = Book(calls())
        book.add(used("U-1", 5, 3))
        book.run()
        book.finalize()
        book.add(used("U-1", 5, 3, "FAX"))

        assert [each.record for each in book.bill(only=["usage/U-1"]).problems] == ["usage/U-1"]
        assert not book.bill(only=["S-1"]).problems

    def test_a_run_of_all_that_is_left_goes_on_with_no_draft(self):
        """All is chosen, criteria count, and the 4 calls that came later are on a further draft."""
        book = Book(calls(), calls(id="texts", order_no="TEXTS", currency="USD"))
        book.add(used("U-1", 5, 3))
        (first,) = book.run().drafts
        book.add(used("U-2", 6, 4), used("U-3", 6, 1, "TEXTS"))
        selection = bc.Selection(criteria=bc.Criteria(currency="EUR"))
        outcome = book.run(only=ALL, selection=selection, id=first.run_id)

        assert nets(outcome) == {"S-1/calls": "40.00"}
        assert [draft.ordinal for draft in outcome.drafts] == [2]
        assert reasons(outcome) == {
            "usage/U-1": "DRAFT_EXISTS", "usage/U-3": "FILTER_MISMATCH",
            "S-1/texts": "FILTER_MISMATCH",
        }  # fmt: skip

    def test_usage_that_is_billed_already_was_not_chosen_either(self):
        """It is left out for that, whether it was billed before or has no item any more."""
        book = Book(calls(), calls(id="texts", order_no="TEXTS"))
        book.add(used("U-1", 5, 3), used("U-2", 6, 4))
        book.run()
        book.finalize()
        book.add(used("U-2", 6, 4, "FAX"))
        outcome = book.bill(only=["S-1/texts"])

        assert not_chosen(outcome) == {"usage/U-1", "usage/U-2", "S-1/calls"}
        assert not outcome.problems

    def test_usage_on_a_draft_stays_there(self):
        """The run's draft has 3 calls; 4 more that were chosen are on a draft of their own."""
        book = Book(calls())
        book.add(used("U-1", 5, 3))
        (first,) = book.run().drafts
        book.add(used("U-2", 6, 4))
        grown = book.bill()
        outcome = book.run(only=["usage/U-2"])
        (second,) = outcome.drafts
        check_outcome(outcome, book.snapshot())

        assert [draft.id for draft in grown.drafts] == [first.id]
        assert book.store.draft(first.id) == first
        assert second.ordinal == 2
        assert nets(outcome) == {"S-1/calls": "40.00"}
        assert reasons(outcome) == {"usage/U-1": "FILTER_MISMATCH"}

    def test_a_minimum_fee_on_a_draft_is_corrected_on_another(self):
        """20.00 were missing to 50.00; 1 more call takes 10.00 of them back on the second draft."""
        book = Book(calls(), fee(50))
        book.add(used("U-1", 5, 3))
        (first,) = book.run().drafts
        book.add(used("U-2", 6, 1))
        outcome = book.run(only=["S-1"])

        assert [str(line.net) for line in first.lines] == ["30.00", "20.00"]
        assert book.store.draft(first.id) == first
        assert nets(outcome) == {"S-1/calls": "10.00", "S-1/minimum": "-10.00"}

    def test_a_minimum_fee_that_was_not_chosen_waits(self):
        """A run of calls bills them without what is missing to 50.00; one of the fee adds it."""
        items = (calls(), fee(50))
        book = Book(*items)
        book.add(used("U-1", 5, 3))
        usage = book.run(only=["S-1/calls"])
        rest = book.run(only=["S-1/minimum"])

        assert nets(usage) == {"S-1/calls": "30.00"}
        assert not_chosen(usage) == {"S-1/minimum"}
        assert nets(rest) == {"S-1/minimum": "20.00"}


def test_a_case_of_a_party_is_chosen_by_its_name():
    """What was left of a case is billed to the party that was chosen, and to no other."""
    cust, buyer = (
        cases(name, fields=bc.FieldSet(suffix=suffix))
        for name, suffix in (("Cust", "Cust"), ("Buy", "Buy"))
    )
    both = record(**(fields("Cust") | fields("Buy")))
    book = Book(calls(), records=[both])
    selection = bc.Selection([cust, buyer])
    outcome = book.bill(selection=selection, only=["Case/C-1:Cust"])

    assert [line.filter for line in lines_of(outcome)] == ["Cust"]
    assert outcome.billed == {"Case/C-1:Cust"}

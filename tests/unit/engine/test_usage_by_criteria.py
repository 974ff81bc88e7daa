"""Usage under criteria: each run bills the usage of the items that it wants, and leaves the rest."""

from __future__ import annotations

import billingcore as bc
from billingcore.testing import check_outcome
from tests.unit.engine.metering import JANUARY, Book, calls, fee, lines_of, reasons, used


def nets(outcome):
    """Give what is billed, with its amount."""
    return {line.billable: str(line.net) for line in lines_of(outcome)}


def facts(outcome):
    """Give the facts of each record that the run did not want."""
    return {
        each.record: each.facts
        for each in outcome.exclusions
        if each.reason is bc.Reason.FILTER_MISMATCH
    }


def metered(book, **fields):
    """Bill January 2026 of a book by criteria, and check the laws."""
    names = ("accounts", "batch", "currency", "entity", "frequency")
    criteria = bc.Criteria(**{name: fields.pop(name) for name in names if name in fields})
    selection = bc.Selection(criteria=criteria)
    outcome = book.bill(JANUARY, selection=selection, **fields)
    check_outcome(outcome, book.snapshot())
    return outcome


def book_of(*usage, items):
    """Make an account with usage of January 2026."""
    made = Book(*items)
    made.add(*usage)
    return made


DOLLARS = calls(id="texts", order_no="TEXTS", currency="USD", unit_price=2)


class TestUsage:
    """Usage by the items that price it."""

    def test_usage_of_an_item_that_is_not_wanted_waits(self):
        """Calls are in euros, texts in dollars: each is billed by the run for its currency."""
        book = book_of(used("U-1", 5, 3), used("U-2", 6, 4, "TEXTS"), items=(calls(), DOLLARS))
        euros, dollars = metered(book, currency="EUR"), metered(book, currency="USD")

        assert nets(euros) == {"S-1/calls": "30.00"}
        assert facts(euros) == {
            "usage/U-2": (("currency", "USD"), ("wanted", "EUR")),
            "S-1/texts": (("currency", "USD"), ("wanted", "EUR")),
        }
        assert nets(dollars) == {"S-1/texts": "8.00"}
        assert set(facts(dollars)) == {"usage/U-1", "S-1/calls"}
        assert not euros.decisions

    def test_usage_that_nobody_can_price_is_a_problem_of_each_run(self):
        """Without an item its currency is not known, so that every run wants it."""
        book = book_of(used("U-1", 5, 3, "FAX"), items=(calls(),))

        for currency in ("EUR", "USD"):
            (problem,) = metered(book, currency=currency).problems
            assert problem.record == "usage/U-1"

    def test_the_price_of_usage_decides_its_currency(self):
        """Usage with a price in dollars is on a document in dollars, whatever its item's."""
        book = book_of(
            used("U-1", 5, 3, price=bc.Money(4, "USD")), used("U-2", 6, 1), items=(calls(),)
        )

        assert nets(metered(book, currency="USD")) == {"S-1/calls": "12.00"}
        assert nets(metered(book, currency="EUR")) == {"S-1/calls": "10.00"}

    def test_an_item_without_usage_has_one_reason(self):
        """An item that is not wanted is left out once, an active one that is wanted has no usage."""
        book = book_of(items=(calls(), DOLLARS, calls(id="old", order_no="OLD", active=False)))
        outcome = metered(book, currency="EUR")

        assert reasons(outcome) == {
            "S-1/calls": "NO_USAGE", "S-1/texts": "FILTER_MISMATCH", "S-1/old": "ITEM_INACTIVE",
        }  # fmt: skip

    def test_usage_for_two_items_is_billed_to_each_by_its_own_run(self):
        """Usage of calls and texts: 30.00 euros by one run, 6.00 dollars by another, none twice."""
        book = book_of(used("U-1", 5, 3, "CALLS,TEXTS"), items=(calls(), DOLLARS))
        euros = bc.Selection(criteria=bc.Criteria(currency="EUR"))
        dollars = bc.Selection(criteria=bc.Criteria(currency="USD"))

        assert nets(book.run(selection=euros)) == {"S-1/calls": "30.00"}
        again = metered(book, currency="EUR")
        assert not again.drafts
        assert reasons(again)["usage/U-1"] == "DRAFT_EXISTS"
        assert nets(book.run(selection=dollars)) == {"S-1/texts": "6.00"}
        assert not metered(book).drafts

    def test_a_run_corrects_what_it_wants_only(self):
        """Calls in dollars go down from 4 to 1: a run for euros leaves that to one for dollars."""
        book = book_of(used("U-1", 5, 4, "TEXTS"), items=(calls(), DOLLARS))
        book.run()
        book.finalize()
        book.add(used("U-1", 5, 1, "TEXTS"))

        assert facts(metered(book, currency="EUR"))["usage/U-1"] == (
            ("currency", "USD"), ("wanted", "EUR"),
        )  # fmt: skip
        assert nets(metered(book, currency="USD")) == {"S-1/texts": "-6.00"}

    def test_usage_that_changes_its_item_is_taken_back_and_billed_by_two_runs(self):
        """3 calls for 30.00 euros were texts: one run gives the euros back, then another bills 6.00.

        Before they are given back nothing is billed, so that usage is never billed twice.
        """
        book = book_of(used("U-1", 5, 3), items=(calls(), DOLLARS))
        book.run()
        book.finalize()
        book.add(used("U-1", 5, 3, "TEXTS"))
        early = metered(book, currency="USD")
        back = book.run(selection=bc.Selection(criteria=bc.Criteria(currency="EUR")))
        book.finalize()

        assert not early.drafts
        assert facts(early)["usage/U-1"] == (("currency", "EUR"), ("wanted", "USD"))
        assert nets(back) == {"S-1/calls": "-30.00"}
        assert nets(metered(book, currency="USD")) == {"S-1/texts": "6.00"}
        assert not metered(book, currency="EUR").drafts

    def test_a_minimum_fee_of_another_currency_waits(self):
        """Each run has the fee of its currency: 100.00 less 30.00 in euros, 50.00 less 8.00."""
        items = (calls(), DOLLARS, fee(100), fee(50, id="least", currency="USD"))
        book = book_of(used("U-1", 5, 3), used("U-2", 6, 4, "TEXTS"), items=items)
        euros, dollars = metered(book, currency="EUR"), metered(book, currency="USD")

        assert nets(euros) == {"S-1/calls": "30.00", "S-1/minimum": "70.00"}
        assert nets(dollars) == {"S-1/texts": "8.00", "S-1/least": "42.00"}
        assert facts(euros)["S-1/least"] == (("currency", "USD"), ("wanted", "EUR"))

    def test_a_minimum_fee_is_not_billed_without_its_usage(self):
        """A monthly fee counts usage of each run: a run for monthly items would not bill that."""
        book = book_of(used("U-1", 5, 3), items=(calls(), fee(100)))
        outcome = metered(book, frequency="1m")

        assert not outcome.drafts
        assert facts(outcome) == {
            "S-1/calls": (("frequency", ""), ("wanted", "1m")),
            "usage/U-1": (("frequency", ""), ("wanted", "1m")),
            "S-1/minimum": (("frequency", ""), ("wanted", "1m")),
        }

    def test_a_minimum_fee_with_its_usage(self):
        """If both are billed every month, so they are by a run for monthly items."""
        items = (calls(cadence=bc.monthly(anchor="2026-01-01")), fee(100))
        outcome = metered(book_of(used("U-1", 5, 3), items=items), frequency="1m")

        assert nets(outcome) == {"S-1/calls": "30.00", "S-1/minimum": "70.00"}

    def test_nothing_of_usage_on_hold_is_put_off_that_is_not_wanted(self):
        """Both items are on hold; a run for euros puts off calls, and leaves texts as they are."""
        book = Book(calls(), DOLLARS, hold=bc.Hold("2026-06-30"))
        book.add(used("U-1", 5, 3), used("U-2", 6, 4, "TEXTS"))
        outcome = metered(book, currency="EUR")

        assert [claim.billable for claim in outcome.decisions] == ["S-1/calls"]
        assert reasons(outcome) == {
            "usage/U-1": "ON_HOLD", "S-1/calls": "ON_HOLD",
            "usage/U-2": "FILTER_MISMATCH", "S-1/texts": "FILTER_MISMATCH",
        }  # fmt: skip

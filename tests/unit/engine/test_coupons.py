"""Coupons on the documents of runs: which document has one, and how often."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.changing import APRIL, MAY, books, by_days, edit, invoice, plan
from tests.unit.engine.couponing import (
    GO_ON,
    MONTHS,
    TENTH,
    amount_off,
    billed,
    coupon,
    said,
    store_of_100,
)
from tests.unit.engine.records import (
    JANUARY,
    MARCH,
    bill,
    contract,
    draft_of,
    monthly,
    once,
    run_of,
    store_of,
)
from tests.unit.engine.sources import generic_run, order, product, store_with


class TestUse:
    """How a coupon is used."""

    def test_a_percentage(self):
        """A coupon of 20 % takes 20.00 off 100.00, and the document claims its only use."""
        (draft,) = bill(store_of_100(coupon()), run_of(JANUARY)).drafts

        assert said(draft) == [("80.00", "coupon/SOME/1")]
        assert draft.lines[0].order_discount == Decimal("20.00")
        assert draft.order_discount == bc.Discount.percent(20)
        assert [claim.billable for claim in draft.claims] == ["S-1/seats", "coupon/SOME/1"]

    @pytest.mark.parametrize(("off", "net"), [(30, "70.00"), (150, "0.00")])
    def test_an_amount(self, off, net):
        """An amount is taken off up to the whole document, and what is more is lost."""
        store = store_of_100(amount_off(off))

        assert billed(store, run_of(JANUARY)) == [(net, "coupon/AMOUNT/1")]

    @pytest.mark.parametrize(
        ("uses", "expected"),
        [
            (
                3,
                [
                    ("80.00", "coupon/SOME/1"),
                    ("80.00", "coupon/SOME/2"),
                    ("80.00", "coupon/SOME/3"),
                    ("100.00", ""),
                ],
            ),
            (None, [("80.00", "")] * 4),
        ],
        ids=["three times", "always"],
    )
    def test_on_so_many_documents(self, uses, expected):
        """Each document has one use until there is none left; without a number there always is."""
        store = store_of_100(coupon(uses=uses))

        assert [billed(store, run_of(month, **GO_ON))[0] for month in MONTHS] == expected

    @pytest.mark.parametrize(
        ("start", "until", "invoice_date", "net"),
        [
            (None, "2026-03-31", None, "80.00"),
            (None, "2026-03-30", None, "100.00"),
            ("2026-03-31", None, None, "80.00"),
            ("2026-04-01", None, None, "100.00"),
            (None, "2026-03-30", "2026-03-30", "80.00"),
            (None, "2026-03-31", "2026-04-01", "100.00"),
            ("2026-04-01", None, "2026-04-01", "80.00"),
        ],
        ids=[
            "until the last day of the run",
            "until the day before",
            "from the last day of the run on",
            "from the day after on",
            "until the invoice date",
            "until before the invoice date",
            "from the invoice date on",
        ],
    )
    def test_days(self, start, until, invoice_date, net):
        """The invoice date has to lie in its days, or else the last day of the run."""
        store = store_of_100(coupon(start=start, until=until), start="2026-03-01")
        run = run_of(MARCH, invoice_date=invoice_date)

        assert [found for found, _ in billed(store, run)] == [net]

    def test_a_currency(self):
        """A coupon in EUR is left for a document in EUR, even if one in USD comes first."""
        store = store_of(
            contract(once(price=100), id="S-1", currency="USD"),
            contract(once(price=100), id="S-2"),
        )
        store.put_coupons("acme", amount_off(5))

        assert billed(store) == [("100.00", ""), ("95.00", "coupon/AMOUNT/1")]

    def test_several(self):
        """The first coupon that can be used is used, and only one on a document."""
        late = coupon("LATE", 50, start="2027-01-01")
        store = store_of_100(late, coupon("ONE", 10), coupon("TWO", 30, uses=2))

        assert [billed(store, run_of(month, **GO_ON))[0] for month in MONTHS] == [
            ("90.00", "coupon/ONE/1"),
            ("70.00", "coupon/TWO/1"),
            ("70.00", "coupon/TWO/2"),
            ("100.00", ""),
        ]

    def test_it_comes_after_other_discounts(self):
        """100.00 less 10 % of the line less 10.00 of the contract are 80.00, of which 10 % go."""
        item = monthly(price=100, discount=bc.Discount.percent(10))
        store = store_of(contract(item, order_discount=bc.Discount.amount(10)))
        store.put_coupons("acme", TENTH)

        assert billed(store, run_of(JANUARY)) == [("72.00", "coupon/TENTH/1")]

    def test_tax(self):
        """Tax is due on what is left: 19 % of 80.00."""
        (draft,) = bill(store_of_100(coupon(), tax_code="19"), run_of(JANUARY)).drafts

        assert str(draft.totals.tax) == "15.20"

    def test_not_by_hand(self):
        """A draft by hand takes a discount, and no coupon."""
        made = draft_of(once(), discount=coupon().discount)

        assert said(made) == [("40.00", "")]


class TestDocuments:
    """Which documents have a coupon."""

    def test_two_of_a_run(self):
        """Of two documents of one run, the first has the only use."""
        store = store_of(contract(once(price=100)), contract(once(price=200), id="S-2"))
        store.put_coupons("acme", coupon())

        assert billed(store) == [("80.00", "coupon/SOME/1"), ("200.00", "")]

    def test_a_long_one(self):
        """Each document that a long one is divided into takes a use of its own."""
        store = store_of(contract(*(once(f"i{number}", price=100) for number in (1, 2, 3))))
        store.put_coupons("acme", coupon(percent=10, uses=2))

        expected = [("180.00", "coupon/SOME/1"), ("90.00", "coupon/SOME/2")]
        assert billed(store, run_of(max_lines=2)) == expected

    def test_what_stays_below_the_minimum(self):
        """30.00 less 50 % stay below 20.00 and are put off, so that 100.00 have the coupon."""
        store = store_of(contract(once(price=30)), contract(once(price=100), id="S-2"))
        store.put_coupons("acme", coupon(percent=50))
        outcome = bill(store, run_of(minimum_amount={"EUR": 20}))

        assert said(*outcome.drafts) == [("50.00", "coupon/SOME/1")]
        assert [each.reason.name for each in outcome.exclusions] == ["BELOW_MINIMUM"]

    @pytest.mark.parametrize("price", [0, -100])
    def test_nothing_to_pay(self, price):
        """A document of 0 or below is no case for a coupon, and the next one has it."""
        items = [once("a", price=price), once("b", price=100, criterion="other")]
        store = store_of(contract(*items))
        store.put_coupons("acme", coupon())

        assert ("80.00", "coupon/SOME/1") in billed(store)
        assert all(used == "" for net, used in billed(store) if net != "80.00")

    def test_a_free_document(self):
        """With 100 % off the document is made all the same, of 0.00, and uses the coupon."""
        store = store_of_100(coupon(percent=100))

        assert billed(store, run_of(JANUARY)) == [("0.00", "coupon/SOME/1")]
        assert billed(store, run_of(JANUARY)) == []

    def test_one_that_cannot_be_made(self):
        """A document whose total is too large is a problem, and the next one has the coupon."""
        huge = once("huge", price=10**14, quantity=10**9)
        store = store_of(contract(huge), contract(once(price=100), id="S-2"))
        store.put_coupons("acme", coupon())
        outcome = bill(store)

        assert [problem.record for problem in outcome.problems] == ["S-1/huge"]
        assert said(*outcome.drafts) == [("80.00", "coupon/SOME/1")]

    def test_another_discount_on_a_total_that_is_too_large(self):
        """An order discount of the contract costs the account nothing else either."""
        huge = once("huge", price=10**14, quantity=10**9)
        outcome = bill(store_of(contract(huge, order_discount=bc.Discount.percent(10))))

        assert [problem.field for problem in outcome.problems] == ["gross"]

    @staticmethod
    def changed(price, given):
        """Make a store whose April was billed with 100.00, and costs another price, with a coupon.

        May is what April costs less than 100.00, and the price.
        """
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days().changed(bc.Change("2026-04-01", unit_price=price)))
        store.put_coupons("acme", given)
        return store

    @pytest.mark.parametrize(
        ("price", "net", "used"),
        [(80, "52.00", "coupon/TENTH/1"), (50, "0.00", "")],
        ids=["60.00 without it", "0.00 without it"],
    )
    def test_corrections(self, price, net, used):
        """10 % go off the new month only, and none where what is taken back leaves nothing.

        With 80.00 it is -100 + 80 + 80 - 8, with 50.00 it is -100 + 50 + 50.
        """
        (draft,) = plan(self.changed(price, TENTH), MAY, zero_total=bc.ZeroTotal.ISSUE).drafts

        assert said(draft) == [(net, used)]

    def test_what_turns_a_document_around(self):
        """-100 + 60 + 60 - 50 is less than 0 and carried forward, so that the use stays free."""
        store = self.changed(60, amount_off(50))
        outcome = plan(store, MAY, negative_total=bc.NegativeTotal.CARRY_FORWARD)

        assert (len(outcome.drafts), len(outcome.decisions)) == (0, 1)
        assert outcome.decisions[0].billable == "S-1/seats"


class TestGrowth:
    """Drafts that grow when their run is repeated; each product is 20.00."""

    @pytest.mark.parametrize(
        ("given", "before", "after"),
        [(TENTH, "18.00", "36.00"), (amount_off(25), "0.00", "15.00")],
        ids=["10 percent", "25.00"],
    )
    def test_it_grows_with_its_draft(self, given, before, after):
        """The discount is worked out anew, and the draft keeps its use."""
        store = store_with(order(1, product(1)))
        store.put_coupons("acme", given)
        (first,) = billed(store, generic_run())
        store.add(order(2, product(2)))
        (grown,) = billed(store, generic_run())

        assert (first, grown) == ((before, given.use(1)), (after, given.use(1)))
        assert len(list(store.drafts())) == 1

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (
                coupon(percent=10, uses=2),
                [("36.00", "coupon/SOME/1"), ("18.00", "coupon/SOME/2")],
            ),
            (amount_off(15), [("25.00", "coupon/AMOUNT/1"), ("20.00", "")]),
        ],
        ids=["two uses", "one use"],
    )
    def test_a_draft_that_is_full(self, given, expected):
        """What does not fit goes on on another draft, which has a use of its own or none."""
        run = generic_run(max_lines=2)
        store = store_with(order(1, product(1)))
        store.put_coupons("acme", given)
        bc.execute(run, store)
        store.add(order(2, product(2), product(3)))
        bc.execute(run, store)

        assert said(*store.drafts()) == expected
        assert len(bc.execute(run, store).drafts) == 0

    def test_a_draft_without_one(self):
        """A draft that was made before there was a coupon grows without."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(), store)
        store.put_coupons("acme", TENTH)
        store.add(order(2, product(2)))

        assert billed(store, generic_run()) == [("40.00", "")]

    def test_a_draft_that_would_turn_around(self):
        """What would turn its draft into a credit is carried forward, and the draft stays."""
        run = generic_run(negative_total=bc.NegativeTotal.CARRY_FORWARD)
        store = store_with(order(1, product(1)))
        store.put_coupons("acme", TENTH)
        bc.execute(run, store)
        store.add(order(2, product(2, ON_Quantity=-5)))
        bc.execute(run, store)

        assert said(*store.drafts()) == [("18.00", "coupon/TENTH/1")]

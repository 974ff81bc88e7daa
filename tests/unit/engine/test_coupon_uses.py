"""Uses of coupons: what makes them free again, races for them, and how people see them."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.couponing import (
    GO_ON,
    MONTHS,
    TENTH,
    billed,
    coupon,
    said,
    store_of_100,
)
from tests.unit.engine.records import (
    ACME,
    JANUARY,
    bill,
    contract,
    finalize_all,
    once,
    run_of,
    store_of,
)


class TestGivingBack:
    """What makes a use free again, and what does not."""

    @pytest.fixture
    def store(self):
        """Make a store with an unfinished draft of January that has the only use."""
        store = store_of_100(coupon())
        bc.execute(run_of(JANUARY), store)
        return store

    @staticmethod
    def next_month(store):
        """Bill February."""
        return billed(store, run_of(MONTHS[1], **GO_ON))

    def test_a_live_draft_holds_it(self, store):
        """The next document is without."""
        assert self.next_month(store) == [("100.00", "")]

    def test_discarding(self, store):
        """A draft that is discarded gives it back, and the same run takes it again."""
        (draft,) = store.drafts()
        store.discard(draft.id)

        assert billed(store, run_of(JANUARY)) == [("80.00", "coupon/SOME/1")]

    @pytest.mark.parametrize("other", [None, bc.Discount.percent(5)], ids=["none", "another"])
    def test_another_discount(self, store, other):
        """A discount by hand takes its place, also none; stored, it gives it back."""
        (draft,) = store.drafts()
        store.put(bc.edit.discount_order(draft, other))

        assert self.next_month(store) == [("80.00", "coupon/SOME/1")]

    def test_other_edits(self, store):
        """Other edits keep it, and its discount follows: 20 % of 150.00."""
        (draft,) = store.drafts()
        store.put(bc.edit.change_line(draft, 1, unit_price=150))

        assert said(*store.drafts()) == [("120.00", "coupon/SOME/1")]
        assert self.next_month(store) == [("100.00", "")]

    def test_finalizing(self, store):
        """An invoice keeps it."""
        finalize_all(store, "2026-01-31")

        assert self.next_month(store) == [("100.00", "")]

    def test_canceling(self, store):
        """A cancellation gives it back, and what is billed again costs the same."""
        (number,) = finalize_all(store, "2026-01-31")
        undone = cancel(store, number)

        assert said(undone.draft) == [("-80.00", "")]
        assert billed(store, run_of(JANUARY)) == [("80.00", "coupon/SOME/1")]

    def test_a_draft_of_a_cancellation(self, store):
        """As long as the cancellation is a draft, the invoice keeps it."""
        (number,) = finalize_all(store, "2026-01-31")
        store.put(bc.cancel(number, store.books("acme")))

        assert self.next_month(store) == [("100.00", "")]

    def test_crediting(self, store):
        """A credit gives back what was paid, 80.00, and not the coupon."""
        (number,) = finalize_all(store, "2026-01-31")
        credit = bc.credit(number, store.books("acme"))
        bc.finalize(credit, store, on="2026-02-01")

        assert said(credit) == [("-80.00", "")]
        assert self.next_month(store) == [("100.00", "")]


class TestRaces:
    """Nobody uses a coupon twice (field study, P14)."""

    def test_two_runs_at_once(self):
        """Of two runs that saw the same account, the second is refused, and repeats without."""
        store = store_of_100(coupon())
        snapshot = store.snapshot("acme")
        one, other = (bc.bill(run_of(month), snapshot, store.tax) for month in (JANUARY, MONTHS[1]))

        assert said(*one.drafts, *other.drafts) == [("80.00", "coupon/SOME/1")] * 2
        assert list(store.commit([one])) == []
        assert list(store.commit([other])) == ["acme"]
        assert billed(store, run_of(MONTHS[1], **GO_ON)) == [("100.00", "")]

    def test_two_drafts_that_were_never_stored(self):
        """Two drafts with one use cannot both be finalized, in whatever order."""
        store = store_of_100(coupon())
        snapshot = store.snapshot("acme")
        drafts = [
            bc.bill(run_of(month), snapshot, store.tax).drafts[0] for month in (JANUARY, MONTHS[1])
        ]
        bc.finalize(drafts[1], store, on="2026-02-28")

        with pytest.raises(bc.ConflictError, match="coupon/SOME/1"):
            bc.finalize(drafts[0], store, on="2026-02-28")
        assert len(list(store.invoices())) == 1

    def test_an_old_version(self):
        """A draft from which the coupon was taken cannot come back with it."""
        store = store_of_100(coupon())
        (old,) = bc.execute(run_of(JANUARY), store).drafts
        store.put(bc.edit.discount_order(old, None))
        bc.execute(run_of(MONTHS[1]), store)

        with pytest.raises(bc.ConflictError):
            store.put(old)

    def test_two_of_one_name(self):
        """Two coupons of an account have different ids."""
        with pytest.raises(bc.InvalidInputError, match="two have the same id"):
            store_of_100(coupon(), coupon(percent=5))
        with pytest.raises(bc.InvalidInputError, match="two have the same id"):
            bc.AccountSnapshot(ACME, coupons=[coupon(), coupon(percent=5)])


class TestWords:
    """How people see it."""

    @pytest.fixture
    def draft(self):
        """Make a draft of 100.00 with a coupon of 10 % that is called Welcome."""
        (draft,) = bill(store_of_100(TENTH), run_of(JANUARY)).drafts
        return draft

    def test_explain(self, draft):
        """The step names the discount if it is given, and not otherwise."""
        (line,) = draft.lines
        named, plain = (str(bc.explain(line, each)) for each in (draft.order_discount, None))

        words = "its share of the discount on the order, 10.00 EUR"
        assert f"order discount: Welcome, {words}" in named
        assert f"order discount: {words}" in plain

    def test_text(self, draft):
        """The document names it with its percentage."""
        text = bc.render.text(draft, "en")

        assert "Welcome 10%" in text
        assert "-€10.00" in text

    def test_two_order_discounts(self):
        """Those of contract and document are both named; one without a title is the usual word."""
        store = store_of(contract(once(price=100), order_discount=bc.Discount.amount(10)))
        store.put_coupons("acme", TENTH)
        (draft,) = bill(store).drafts

        assert "Share of the order discount, Welcome 10%" in bc.render.text(draft, "en")

    def test_what_is_given_back(self):
        """A cancellation speaks of an order discount, and names none."""
        store = store_of(
            contract(once(price=100), order_discount=bc.Discount.percent(5, title="X"))
        )
        bc.execute(run_of(), store)
        (number,) = finalize_all(store)
        undone = cancel(store, number)

        assert "X 5%" not in bc.render.text(undone, "en")
        assert "Share of the order discount" in bc.render.text(undone, "en")

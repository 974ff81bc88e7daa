"""Coupons under hosts that race: two documents never share a use."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import billingcore as bc

MONTHS = st.integers(1, 12).map(lambda number: bc.Period.month(2026, number))
GO_ON = bc.DOCUMENTED.but(open_drafts=bc.OpenDrafts.CONTINUE)
USES = st.integers(1, 4)


def run_of(month):
    """Make the run of a month."""
    return bc.InvoiceRun(month, policy=GO_ON)


class Host(RuleBasedStateMachine):
    """Bills 100.00 and 60.00 a month to one account, which has coupons of 20 % and of 30.00."""

    @initialize(percent=USES, amount=USES)
    def open(self, percent, amount) -> None:
        """Begin with the account, its contracts and coupons."""
        self.store = bc.MemoryStore()
        self.store.add(bc.Account("acme", currency="EUR"))
        for name, price in (("S-1", 100), ("S-2", 60)):
            item = bc.Item("fee", unit_price=price, billing_type=bc.RECURRING, cadence=bc.monthly())
            self.store.add(bc.Subscription(name, account="acme", start="2026-01-01", items=[item]))
        self.uses = {"PERCENT": percent, "AMOUNT": amount}
        self.store.put_coupons(
            "acme",
            bc.Coupon("PERCENT", bc.Discount.percent(20), uses=percent),
            bc.Coupon("AMOUNT", bc.Discount.amount(30), uses=amount, currency="EUR"),
        )

    def documents(self) -> list[bc.DraftInvoice]:
        """Give the drafts, and those behind invoices that are not canceled; no credits."""
        books = self.store.books("acme")
        issued = [
            invoice.draft
            for invoice in self.store.invoices()
            if not invoice.draft.original
            and bc.standing(books, invoice.number).status is not bc.InvoiceStatus.CANCELED
        ]
        return [*issued, *(draft for draft in self.store.drafts() if not draft.original)]

    def invoices(self) -> list[str]:
        """Give the numbers of invoices that can be canceled or credited."""
        books = self.store.books("acme")
        return [
            invoice.number
            for invoice in self.store.invoices()
            if not invoice.draft.original
            and bc.standing(books, invoice.number).status is not bc.InvoiceStatus.CANCELED
        ]

    @rule(month=MONTHS)
    def run(self, month) -> None:
        """Bill a month."""
        bc.execute(run_of(month), self.store)

    @rule(one=MONTHS, other=MONTHS)
    def race(self, one, other) -> None:
        """Bill two months from what the account was before; the first one wins."""
        snapshot = self.store.snapshot("acme")
        outcomes = [bc.bill(run_of(month), snapshot, self.store.tax) for month in (one, other)]
        refused = [list(self.store.commit([outcome])) for outcome in outcomes]

        assert refused[0] == []
        assert bool(refused[1]) == bool(outcomes[0].drafts and outcomes[1].drafts)

    @rule(one=MONTHS, other=MONTHS)
    def finalize_without_storing(self, one, other) -> None:
        """Finalize the drafts of two months that were made at once and never stored."""
        snapshot = self.store.snapshot("acme")
        for month in (one, other):
            for draft in bc.bill(run_of(month), snapshot, self.store.tax).drafts:
                try:
                    bc.finalize(draft, self.store, on=month.last)
                except (bc.ConflictError, bc.InvalidTransitionError):
                    continue

    @precondition(lambda self: list(self.store.drafts()))
    @rule(data=st.data(), step=st.sampled_from(["discard", "discount", "finalize"]))
    def go_on(self, data, step) -> None:
        """Discard, discount or finalize a draft."""
        draft = data.draw(st.sampled_from(list(self.store.drafts())))
        if step == "discard":
            self.store.discard(draft.id)
        elif step == "discount":
            self.store.put(bc.edit.discount_order(draft, bc.Discount.percent(1)))
        else:
            bc.finalize(draft, self.store, on=draft.period.last)

    @precondition(lambda self: self.invoices())
    @rule(data=st.data(), is_credit=st.booleans())
    def undo(self, data, is_credit) -> None:
        """Cancel an invoice, or give 1.00 of it back, as far as that is possible."""
        number = data.draw(st.sampled_from(self.invoices()))
        books = self.store.books("acme")
        try:
            draft = bc.credit(number, books, {1: 1}) if is_credit else bc.cancel(number, books)
            bc.finalize(draft, self.store, on="2026-12-31")
        except bc.BillingError:
            return

    @invariant()
    def no_use_is_shared(self) -> None:
        """Each use is on one document at most, and the store knows the same ones."""
        if not hasattr(self, "store"):
            return
        used = [draft.coupon for draft in self.documents() if draft.coupon]
        claims = [claim.billable for claim in self.store.snapshot("acme").claims]

        assert len(used) == len({*used})
        assert sorted(used) == sorted(name for name in claims if name.startswith("coupon/"))
        assert {*used} <= {
            f"coupon/{name}/{number}"
            for name, most in self.uses.items()
            for number in range(1, most + 1)
        }

    @invariant()
    def amounts_are_right(self) -> None:
        """A document with a coupon costs a fifth less, or 30.00 less."""
        if not hasattr(self, "store"):
            return
        for draft in self.documents():
            if draft.coupon:
                price = sum((line.amount for line in draft.lines), Decimal(0))
                off = price / 5 if "PERCENT" in draft.coupon else Decimal(30)
                assert draft.totals.net == price - off


TestHost = Host.TestCase
TestHost.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)

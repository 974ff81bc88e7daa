"""The steps of the state machine that compares two stores; `store_machine` makes one."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from billingcore.engine import bill
from billingcore.lifecycle import edit
from billingcore.lifecycle.chains.closing import close
from billingcore.lifecycle.finalize import finalize, finalize_all, skip_number
from billingcore.lifecycle.paying.giving_back import write_off
from billingcore.lifecycle.paying.payments import pay, withdrawn
from billingcore.lifecycle.paying.settling import settled
from billingcore.lifecycle.undoing.cancel import cancel
from billingcore.lifecycle.undoing.credit import credit
from billingcore.records.change import Change, pause
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.contact import Contact, ContactRole, Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.payment import Payment
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.runs.execute import execute
from billingcore.runs.record import RunRecord
from billingcore.runs.stages import RunStage, RunStatus
from billingcore.scope.run import InvoiceRun
from billingcore.testing.faults import Crashing, interleaved
from billingcore.testing.machine_core import ACCOUNTS, Comparison, pick, written
from billingcore.testing.machine_world import POLICIES, SERIES, SOLD, TAX, TODAY
from billingcore.values.period import Period

__all__ = ["TwoStores"]

OWNER: Final = "job"

places: st.SearchStrategy[int] = st.integers(0, 9)
"""Which of several: counted from the first one again if there are fewer."""

accounts: st.SearchStrategy[str] = st.sampled_from(ACCOUNTS)
days: st.SearchStrategy[dt.date] = st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31))


def month_run(month: int, policy: int) -> InvoiceRun:
    """Give the run of a month; a history shows it by its two numbers, not by a whole policy."""
    return InvoiceRun(Period.month(2026, month), policy=POLICIES[policy])


runs: st.SearchStrategy[InvoiceRun] = st.builds(
    month_run, st.integers(1, 4), st.integers(0, len(POLICIES) - 1)
)
amounts: st.SearchStrategy[Decimal] = st.integers(1, 9_999).map(
    lambda cents: Decimal(cents).scaleb(-2)
)


def has(method: str) -> Callable[[Any], bool]:
    """Tell whether the store can be filled in a way."""
    return lambda machine: hasattr(machine.store, method)


def has_drafts(machine: Any) -> bool:
    """Tell whether there are drafts."""
    return bool(machine.drafts)


def has_invoices(machine: Any) -> bool:
    """Tell whether there are invoices."""
    return bool(machine.numbers)


class TwoStores(Comparison):
    """Does the same to a store and to one in memory, in random order."""

    # ---- what a host hands in

    @rule(account=accounts, which=st.lists(places, min_size=1, max_size=3), start=days)
    def subscribe(self, account: str, which: list[int], start: dt.date) -> None:
        """Add a contract."""
        items = {pick(SOLD, place).id: pick(SOLD, place) for place in which}
        name = self.next_name("S")
        made = Subscription(name, account=account, items=items.values(), start=start)
        self.contracts[name] = made
        self.both(lambda store: store.add(made))

    @precondition(lambda self: has("change")(self) and self.contracts)
    @rule(place=places, first=days, is_pause=st.booleans())
    def change(self, place: int, first: dt.date, is_pause: bool) -> None:
        """Let a contract change from a day on, which may be billed already."""
        name = pick([*self.contracts], place)
        new = pause(first, first.replace(day=28)) if is_pause else Change(first, quantity=5)
        changed = self.contracts[name] = self.contracts[name].changed(new)
        self.both(lambda store: store.change(changed))

    @precondition(has("add_usage"))
    @rule(account=accounts, place=places, quantity=st.integers(0, 99), day=days)
    def use(self, account: str, place: int, quantity: int, day: dt.date) -> None:
        """Add usage, or change what was known of it."""
        record = UsageRecord(f"U-{place}", "calls", day, quantity)
        self.both(lambda store: store.add_usage(account, record))

    @precondition(has("add_claims"))
    @rule(place=places, month=st.integers(1, 3))
    def bill_elsewhere(self, place: int, month: int) -> None:
        """Add what was billed by somebody else; that of no account is refused."""
        known = [*self.contracts.values()]
        account, name = (known[-1].account, known[-1].id) if known else ("nobody", "S-1")
        item = pick(SOLD, place).id
        claim = Claim(f"{name}/{item}", Period.month(2026, month), "old", ClaimState.FINAL)
        held = self.model.snapshot(account).claims if known else ()
        if not any(each.billable == claim.billable for each in held):
            self.both(lambda store: store.add_claims(account, claim))

    @precondition(lambda self: has("put_coupons")(self) and has("put_contacts")(self))
    @rule(account=accounts, percent=st.integers(1, 50))
    def welcome(self, account: str, percent: int) -> None:
        """Give an account a coupon and somebody who gets its invoices."""
        coupon = Coupon("welcome", Discount.percent(percent))
        anna = Contact(
            "anna", account=account, email="anna@acme.example", roles=[ContactRole.EMAIL]
        )
        self.both(lambda store: store.put_coupons(account, coupon))
        self.both(lambda store: store.put_contacts(account, Contacts([anna])))

    @precondition(lambda self: has("release")(self) and has_invoices(self))
    @rule(account=accounts)
    def release(self, account: str) -> None:
        """Let usage of canceled invoices be billed again."""
        self.both(lambda store: store.release(account))

    # ---- runs

    @rule(run=runs)
    def bill(self, run: InvoiceRun) -> None:
        """Carry a run out."""
        self.run_ids.add(run.id)
        self.both(lambda store: [*execute(run, store, owner=OWNER).draft_ids])

    @rule(run=runs, at=st.integers(1, 15), when=st.sampled_from(["before", "after"]))
    def crash(self, run: InvoiceRun, at: int, when: Any) -> None:
        """Let a run die at one of its calls."""
        self.run_ids.add(run.id)
        self.both(lambda store: execute(run, Crashing(store, at=at, when=when), owner=OWNER).status)

    @rule(run=runs, other=runs, at=st.integers(2, 9))
    def race(self, run: InvoiceRun, other: InvoiceRun, at: int) -> None:
        """Let another process commit between two calls of a run."""
        self.run_ids.update((run.id, other.id))

        def first(store: Any) -> object:
            return [*execute(run, store, owner=OWNER).draft_ids]

        def second(store: Any) -> object:
            return store.commit([bill(other, store.snapshot(name), TAX) for name in ACCOUNTS])

        self.both(lambda store: interleaved(store, first, second, at=at))

    @rule(run=runs, account=accounts)
    def commit_late(self, run: InvoiceRun, account: str) -> None:
        """Commit what was billed of one snapshot twice; the second time is too late."""
        self.run_ids.add(run.id)

        def act(store: Any) -> object:
            outcome = bill(run, store.snapshot(account), TAX)
            return [store.commit([outcome]), store.commit([outcome])]

        self.both(act)

    @rule(run=runs, owner=st.sampled_from(["", OWNER, "rival"]))
    def begin(self, run: InvoiceRun, owner: str) -> None:
        """Take a lease."""
        record = RunRecord(run.id, run=run, owner=owner)
        self.both(lambda store: store.begin(record))

    @precondition(lambda self: self.model.runs())
    @rule(place=places, is_end=st.booleans())
    def note(self, place: int, is_end: bool) -> None:
        """Say how an execution stands; of one that has ended, this is refused."""
        record = pick([*reversed(self.model.runs())], place)
        status = RunStatus.COMPLETED if is_end else RunStatus.STARTED
        noted = evolve(
            record, status=status, stage=RunStage.GENERATION_IN_PROGRESS, done=record.done + 1
        )
        self.both(lambda store: store.note(noted))

    # ---- drafts

    @precondition(has_drafts)
    @rule(place=places, percent=st.integers(1, 100), is_line=st.booleans())
    def edit(self, place: int, percent: int, is_line: bool) -> None:
        """Discount a draft, or add a line to it, and store it; who does so at once is too late."""
        chosen = pick(self.drafts, place)
        extra = Item("extra", unit_price=percent)

        def act(store: Any) -> object:
            if is_line:
                return store.put(edit.add_line(chosen, extra))
            return store.put(edit.discount_order(chosen, Discount.percent(percent)))

        self.both(act)
        self.both(act)

    @precondition(lambda self: self.seen)
    @rule(place=places)
    def put_old(self, place: int) -> None:
        """Store a version of a draft that was read before."""
        chosen = pick([*reversed(self.seen)], place)
        self.both(lambda store: store.put(chosen))

    @rule(
        account=accounts,
        amount=amounts,
        kind=st.sampled_from(
            [None, InvoiceKind.PARTIAL, InvoiceKind.DEPOSIT, InvoiceKind.FINAL, InvoiceKind.PARTIAL]
        ),
        is_stored=st.booleans(),
    )
    def write(
        self, account: str, amount: Decimal, kind: InvoiceKind | None, is_stored: bool
    ) -> None:
        """Make a document by hand, perhaps one of an agreement; store it, or finalize it at once."""
        name = self.next_name("M")

        def act(store: Any) -> object:
            made = written(store, account, amount, name, kind)
            return store.put(made) if is_stored else finalize(made, store, on=TODAY)

        self.both(act)

    @rule(account=accounts, amount=amounts)
    def invoice_in_parts(self, account: str, amount: Decimal) -> None:
        """Finalize a part invoice, store the final, and pay the part: the final changes by it."""
        name = self.next_name("M")

        def act(store: Any) -> object:
            part = written(store, account, amount, f"{name}-part", InvoiceKind.PROGRESS, name)
            invoice = finalize(part, store, on=TODAY)
            store.put(written(store, account, amount * 2, name, InvoiceKind.FINAL, name))
            payment = Payment(
                f"P-{name}",
                account=account,
                amount=amount,
                currency="EUR",
                date=TODAY,
                invoices=[invoice.number],
            )
            return pay(store, payment, on=TODAY)

        self.both(act)

    @precondition(has_drafts)
    @rule(place=places)
    def discard(self, place: int) -> None:
        """Discard a draft, and fail to do so twice."""
        name = pick(self.drafts, place).id
        self.both(lambda store: store.discard(name))
        self.both(lambda store: store.draft(name))

    @precondition(lambda self: self.seen)
    @rule(place=places, is_old=st.booleans())
    def finalize(self, place: int, is_old: bool) -> None:
        """Finalize a draft, and fail to do so twice; one that was read before may have changed."""
        chosen = pick([*reversed(self.seen)] if is_old or not self.drafts else self.drafts, place)
        self.both(lambda store: finalize(chosen, store, on=TODAY))
        self.both(lambda store: finalize(chosen, store, on=TODAY))

    @precondition(has_drafts)
    @rule()
    def finalize_all(self) -> None:
        """Finalize all drafts in one step, an outdated one among them."""
        chosen = [*self.seen[-1:], *self.drafts]
        self.both(lambda store: finalize_all(chosen, store, on=TODAY).invoices)

    # ---- books

    @rule(account=accounts, amount=amounts, place=places, which=places)
    def pay(self, account: str, amount: Decimal, place: int, which: int) -> None:
        """Record a payment, or another amount of one; for a document or for none."""
        own = self.model.books(account).invoices
        numbers = [pick([*own][::-1], place)] if own else []
        payment = Payment(
            f"P-{which}",
            account=account,
            amount=amount,
            currency="EUR",
            date=TODAY,
            invoices=numbers,
        )
        self.both(lambda store: pay(store, payment, on=TODAY))

    @rule(account=accounts, which=places)
    def withdraw(self, account: str, which: int) -> None:
        """Take a payment back; one that is not known is refused."""
        name = f"P-{which}"
        self.both(
            lambda store: store.record(account, lambda books: withdrawn(books, name, on=TODAY))
        )

    @rule(account=accounts)
    def settle(self, account: str) -> None:
        """Let credits and free balances pay invoices."""
        self.both(lambda store: store.record(account, lambda books: settled(books, on=TODAY)))

    @precondition(has_invoices)
    @rule(place=places, is_close=st.booleans())
    def give_up(self, place: int, is_close: bool) -> None:
        """Give up what is open on a document, or close it."""
        number = pick(self.numbers, place)
        account = self.model.invoice(number).account.id

        def act(store: Any) -> object:
            if is_close:
                return store.record(account, lambda books: close(books, number, on=TODAY))
            return pay(store, write_off(store.books(account), number, on=TODAY), on=TODAY)

        self.both(act)

    @precondition(has_invoices)
    @rule(place=places, is_cancel=st.booleans(), is_stored=st.booleans())
    def undo(self, place: int, is_cancel: bool, is_stored: bool) -> None:
        """Cancel a document, or credit it; as a draft, or at once."""
        number = pick(self.numbers, place)
        account = self.model.invoice(number).account.id

        def act(store: Any) -> object:
            books = store.books(account)
            made = cancel(number, books) if is_cancel else credit(number, books)
            if is_stored:
                return store.put(made)
            return finalize(made, store, on=TODAY)

        self.both(act)

    @rule()
    def skip(self) -> None:
        """Skip a number."""
        self.both(lambda store: skip_number(SERIES, store, on=TODAY, reason="spoiled"))

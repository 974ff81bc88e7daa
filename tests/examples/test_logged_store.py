"""The store of the examples that outlives its process."""

from __future__ import annotations

import pickle
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from event_log import FileJournal, SqliteLog
from logged_store import LoggedStore

import billingcore as bc
from tests.examples.small_store import RUN, contract, make, read, records, seen

LOGS = [pytest.param(FileJournal, id="file"), pytest.param(SqliteLog, id="sqlite")]


@pytest.fixture
def path(tmp_path) -> Path:
    """Give the place of a log."""
    return tmp_path / "log"


@pytest.fixture(params=LOGS)
def kind(request):
    """Give each kind of log."""
    return request.param


@pytest.fixture
def opened(kind, path):
    """Give a function that opens the log again, after it was closed."""
    stores = []

    def again():
        while stores:
            stores.pop().close()
        stores.append(LoggedStore(make, kind(path)))
        return stores[-1]

    yield again
    stores.pop().close()


class TestEvents:
    """Whatever changes the store is there when it is opened again."""

    def check(self, store, opened):
        """Compare a store with what its log gives."""
        known = seen(store)
        assert seen(opened()) == known

    def test_a_life(self, opened):
        """Records, runs, edits, invoices, payments and skipped numbers are all repeated."""
        store = opened()
        store.add(*records(4))
        store.add_usage("A-0", bc.UsageRecord("U-1", "none", "2026-01-05", 1))
        store.put_coupons("A-1", bc.Coupon("C-1", bc.Discount.percent(10)))
        store.put_contacts("A-2", bc.Contacts())
        store.change(contract("S-3", "A-3", "99.00"))
        report = bc.execute(RUN, store)
        assert len(report.problems) == 1  # nothing bills the usage
        store.discard(report.drafts[0].id)
        edited = store.put(store.draft(report.drafts[1].id))
        assert edited.version == 2
        invoice = bc.finalize(edited, store, on="2026-02-01")
        payment = bc.Payment("P-1", account="A-2", amount="5", currency="EUR", date="2026-02-02")
        bc.pay(store, payment)
        bc.skip_number(bc.NumberPattern("X-{000}"), store, on="2026-02-01", reason="misprint")
        bc.post(store, on="2026-02-01", run_id="another")

        assert (invoice.number, len(store.snapshot("A-1").coupons)) == ("2026-00001", 1)
        self.check(store, opened)

    def test_a_cancellation_and_a_release(self, opened):
        """What an invoice covers is free after its cancellation, and so is its usage once released."""
        store = opened()
        calls = bc.Item("calls", unit_price="0.10", billing_type=bc.TRANSACTIONAL)
        store.add(
            bc.Account("acme", currency="EUR"),
            bc.Subscription("S-1", account="acme", items=[calls]),
        )
        store.add_usage("acme", bc.UsageRecord("U-1", "calls", "2026-01-15", 30))
        bc.execute(RUN, store)
        (number,) = bc.post(store, on="2026-02-01").numbers
        bc.finalize(bc.cancel(number, store.books("acme")), store, on="2026-02-03")
        store.release("acme")
        (draft,) = bc.execute(RUN, store).drafts

        assert str(draft.totals.gross) == "3.00"
        self.check(store, opened)

    def test_claims_and_documents_made_elsewhere(self, opened):
        """What was billed before the store was used is repeated, with named arguments too."""
        store = opened()
        store.add(*records(1))
        days = bc.Period.month(2026, 1)
        store.add_claims("A-0", bc.Claim("S-0/seats", days, "old", bc.ClaimState.FINAL))
        store.put_contacts("A-0", contacts=bc.Contacts())

        assert len(bc.execute(RUN, opened()).drafts) == 0

    def test_what_is_refused_is_no_event(self, opened):
        """A step that is refused changes neither the store nor the log, also if it began."""
        store = opened()
        store.add(*records(1))
        (draft,) = bc.execute(RUN, store).drafts
        store.put(draft)
        known = seen(store)

        with pytest.raises(bc.ConflictError):
            store.put(draft)
        with pytest.raises(bc.InvalidInputError):
            store.add(
                bc.Account("new", currency="EUR"), bc.Account("A-0", currency="EUR")
            )  # the first is fine
        assert seen(store) == known
        self.check(store, opened)

    def test_a_draft_that_cannot_be_finalized(self, opened):
        """Of several drafts those are kept that became invoices."""
        store = opened()
        store.add(*records(2))
        first, second = bc.execute(RUN, store).drafts
        store.put(first)  # another version is stored now

        report = bc.finalize_all([first, second], store, on="2026-02-01")

        assert [each.number for each in report.invoices] == ["2026-00001"]
        assert len(report.problems) == 1
        self.check(store, opened)

    def test_an_account_that_changed_since(self, opened):
        """An outcome of an older revision is refused, and is no event."""
        store = opened()
        store.add(*records(2))
        outcomes = list(bc.plan(RUN, store))
        store.change(contract("S-0", "A-0", "99.00"))

        assert store.commit(outcomes) == ["A-0"]
        assert store.commit(outcomes[:1]) == ["A-0"]
        assert [draft.account.id for draft in opened().drafts()] == ["A-1"]

    def test_the_host_adds_records_itself(self, kind, path):
        """Events of an account are repeated also when the host has more records of it by then."""

        def fewer():
            memory = make()
            memory.add(*records(2))
            return memory

        def more():
            memory = fewer()
            memory.add(contract("S-9", "A-0"))
            return memory

        with closing(LoggedStore(fewer, kind(path))) as store:
            bc.execute(RUN, store)
        with closing(LoggedStore(more, kind(path))) as store:
            report = bc.execute(RUN, store)
            assert [each.lines[0].subscription_id for each in report.drafts] == ["S-9"]
            assert len([*store.drafts()]) == 3

    def test_a_repeated_run_writes_little(self, opened):
        """A run that finds nothing to bill logs how it stands, and no accounts."""
        store = opened()
        store.add(*records(40))
        bc.execute(RUN, store)
        before = store._position
        bc.execute(RUN, store)

        names = [read(event)[0] for _, event in store._log.after(before)]
        assert {*names} == {"begin", "note"}
        assert len(names) < 12


class TestFailures:
    """A log that cannot be written."""

    class Full(SqliteLog):
        """A log whose disk is full after some events."""

        left = 100

        def append(self, event):
            self.left -= 1
            if self.left < 0:
                raise sqlite3.OperationalError("database or disk is full")
            return super().append(event)

    def test_nothing_has_changed(self, path):
        """What cannot be written was never decided: the store is as it was, and can be told again."""
        log = self.Full(path)
        store = LoggedStore(make, log)
        store.add(*records(2))
        known, log.left = seen(store), 0

        with pytest.raises(bc.PortError, match="disk is full") as raised:
            store.add(contract("S-2", "A-0"))
        assert raised.value.is_retryable
        assert seen(store) == known
        log.left = 100
        store.add(contract("S-2", "A-0"))
        assert len(bc.execute(RUN, store).drafts) == 3
        store.close()

    def test_what_cannot_be_pickled(self, path):
        """A run with a lambda is refused before it has done anything."""
        store = LoggedStore(make, FileJournal(path))
        store.add(*records(1))
        run = bc.InvoiceRun(bc.Period.month(2026, 1), may_bill=lambda account: True)

        with pytest.raises((pickle.PicklingError, AttributeError)):
            bc.execute(run, store)
        assert [*store.runs()] == []
        store.close()

    def test_an_event_that_cannot_be_repeated(self, kind, path):
        """A host that no longer gives an account cannot open the log, and is told which event."""

        def known():
            memory = make()
            memory.add(*records(1))
            return memory

        with closing(LoggedStore(known, kind(path))) as store:
            bc.execute(RUN, store)

        log = kind(path)
        with (
            closing(log),
            pytest.raises(bc.PortError, match=r"event \d+ cannot be repeated: account = 'A-0'"),
        ):
            LoggedStore(make, log)

    def test_an_invoice_that_cannot_be_repeated(self, kind, path):
        """A host whose accounts have another invoice of a number by now is told so."""
        with closing(LoggedStore(make, kind(path))) as store:
            store.add(*records(1))
            (draft,) = bc.execute(RUN, store).drafts
            bc.finalize(draft, store, on="2026-02-01")
            *_, (_, event) = store._log.after(0)
            with store._log.alone():
                store._log.append(event)

        log = kind(path)
        with (
            closing(log),
            pytest.raises(bc.PortError, match=r"cannot be repeated: .* invoice already"),
        ):
            LoggedStore(make, log)


class TestFile:
    """A log in a file."""

    def test_it_does_not_travel(self, path):
        """A store on a file stays in its process, and says what to use instead."""
        with closing(LoggedStore(make, FileJournal(path))) as store:
            with pytest.raises(bc.InvalidInputError, match="use open_store"):
                pickle.dumps(store)
            with ProcessPoolExecutor(1) as executor, pytest.raises(bc.InvalidInputError):
                bc.execute(RUN, store, executor=executor)

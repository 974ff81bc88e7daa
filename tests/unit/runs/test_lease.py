"""Two executions never hold the same accounts, and one that died gives them free by a decision."""

from __future__ import annotations

import pickle
from copy import deepcopy

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME, JANUARY, accounts, finalize_all, run_of

RUN = "2026-03-01..2026-03-31"
DAY = "2026-04-01"


def abandoned(store, run=None, **fields):
    """Begin an execution that never ends, as that of a process that was killed."""
    return store.begin(bc.RunRecord((run or run_of()).id, run=run or run_of(), **fields))


def criteria(*names, **fields):
    """Make a run of some accounts."""
    chosen = bc.Criteria(accounts=names, **fields)
    return run_of(selection=bc.Selection(criteria=chosen))


class TestRefusal:
    """While an execution has not ended, no other one looks at its accounts."""

    def test_it_names_the_holder_and_what_to_do(self):
        """The error says which execution holds the accounts, and how to go on if it died."""
        store = accounts("a")
        abandoned(store)
        with pytest.raises(bc.ConflictError) as caught:
            bc.execute(run_of(JANUARY), store)

        assert str(caught.value) == (
            f"invoice run {RUN}#1 holds these accounts; "
            f"wait for it, or if its process died: resume('{RUN}#1', store)"
        )
        assert list(store.drafts()) == []

    def test_a_clean_up_that_died(self):
        """One goes on with a clean-up by cleaning up, and not by billing."""
        store = accounts("a")
        bc.execute(run_of(), store)
        dead = abandoned(store, kind=bc.RunKind.CLEAN_UP)
        with pytest.raises(bc.ConflictError, match=rf"died: clean_up\('{dead.id}', store\)"):
            bc.execute(run_of(), store)
        bc.clean_up(dead.id, store)

        assert [each.status.value for each in store.runs()] == ["Completed", "Failed", "Completed"]

    def test_a_posting_run_that_died(self):
        """One goes on with it by posting in its place."""
        store = accounts("a")
        bc.execute(run_of(), store)
        dead = store.begin(bc.RunRecord("posting", kind=bc.RunKind.POSTING))
        with pytest.raises(bc.ConflictError, match=rf"post\(store, on=\.\.\., of='{dead.id}'\)"):
            bc.post(store, on=DAY)
        report = bc.post(store, on=DAY, of=dead.id)

        assert (report.numbers, report.record.of) == (["2026-00001"], "posting#1")
        assert [each.status.value for each in store.runs()] == ["Completed", "Failed", "Completed"]

    def test_a_posting_run_holds_all_accounts(self):
        """No run bills while drafts are posted, since each would change the other's accounts."""
        store = accounts("a")
        store.begin(bc.RunRecord("posting", kind=bc.RunKind.POSTING))

        with pytest.raises(bc.ConflictError, match="posting run posting#1 holds"):
            bc.execute(criteria("a"), store)

    def test_a_second_one_within_the_loop(self):
        """While a loop goes on, the same run is refused; after it, it begins."""
        store = accounts("a", "b")
        for done in bc.Execution(run_of(), store, window=1):
            with pytest.raises(bc.ConflictError, match="holds these accounts"):
                bc.execute(run_of(), store, accounts=[done.account])

        assert bc.execute(run_of(), store).draft_ids == []
        assert [each.attempt for each in store.runs()] == [1, 2]

    def test_a_loop_that_nobody_leaves(self):
        """A generator that is kept, and never closed, holds the accounts as a dead process does."""
        store = accounts("a", "b")
        loop = iter(bc.Execution(run_of(), store, window=1))
        next(loop)
        with pytest.raises(bc.ConflictError):
            bc.execute(run_of(), store)
        report = bc.resume(f"{RUN}#1", store)
        loop.close()  # its process has come back, and finds that another took its place

        assert [draft.account.id for draft in report.drafts] == ["b"]
        assert [each.status.value for each in store.runs()] == ["Failed", "Completed"]

    def test_one_whose_place_was_taken_cannot_go_on(self):
        """It is told when it next reports to the store, and what took its place stays as it is."""
        store = accounts("a", "b")
        loop = iter(bc.Execution(run_of(), store, window=1))
        next(loop)
        bc.resume(f"{RUN}#1", store)
        with pytest.raises(bc.ConflictError) as caught:
            list(loop)

        assert str(caught.value) == (
            f"invoice run {RUN}#1 is not going on: "
            f"ended at Generation In Progress; {RUN}#2 took its place"
        )
        assert [each.status.value for each in store.runs()] == ["Failed", "Completed"]
        assert len(list(store.drafts())) == 2


class TestOwners:
    """Who comes back after a crash is known by name."""

    def test_the_owner_comes_back(self):
        """The same owner takes the place of its own execution, whatever it is to carry out."""
        store = accounts("a")
        dead = abandoned(store, owner="night")
        report = bc.execute(run_of(JANUARY), store, owner="night")
        ended, live = store.runs()

        assert (ended.id, ended.status, ended.stage.value) == (
            dead.id,
            bc.RunStatus.FAILED,
            "Failed",
        )
        assert live == report.record
        assert live.owner == "night"

    def test_a_posting_run_of_the_owner(self):
        """So does a posting run."""
        store = accounts("a")
        bc.execute(run_of(), store)
        store.begin(bc.RunRecord("posting", kind=bc.RunKind.POSTING, owner="night"))

        assert bc.post(store, on=DAY, owner="night").numbers == ["2026-00001"]

    @pytest.mark.parametrize(("one", "other"), [("night", "day"), ("", "")], ids=["other", "none"])
    def test_nobody_else(self, one, other):
        """Another owner is refused, and so is nobody in particular."""
        store = accounts("a")
        abandoned(store, owner=one)

        with pytest.raises(bc.ConflictError):
            bc.execute(run_of(JANUARY), store, owner=other)

    def test_an_owner_with_two_runs(self):
        """What an owner does with other accounts goes on side by side."""
        store = accounts("a", "b")
        abandoned(store, criteria("a"), owner="night")
        bc.execute(criteria("b"), store, owner="night")

        assert [each.status.value for each in store.runs()] == ["Started", "Completed"]


class TestDisjointRuns:
    """Runs that cannot share accounts go side by side."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (criteria("a"), criteria("b")),
            (criteria(batch="north"), criteria(batch="south")),
        ],
        ids=["accounts", "batches"],
    )
    def test_they_go_side_by_side(self, one, other):
        """Other accounts, or other batches, are not held."""
        store = accounts("a", "b")
        abandoned(store, one)

        assert bc.execute(other, store).status is bc.RunStatus.COMPLETED

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (criteria("a", "b"), criteria("b", "c")),
            (criteria("a"), run_of()),
            (criteria(batch="north"), criteria(currency="EUR")),
            (criteria(currency="USD"), criteria(currency="EUR")),
        ],
        ids=["common account", "all", "batch and currency", "currencies of one account"],
    )
    def test_what_may_share_accounts_is_refused(self, one, other):
        """Where it cannot be told that the accounts are others, the second one waits."""
        store = accounts("a", "b")
        abandoned(store, one)

        with pytest.raises(bc.ConflictError):
            bc.execute(other, store)


class TestJoining:
    """The same period and filters are the same run, and its executions are numbered."""

    def test_executions_are_numbered(self):
        """Each has the next number of its run; other runs count for themselves."""
        store = accounts("a")
        for run in (run_of(), run_of(), run_of(JANUARY), run_of()):
            bc.execute(run, store)

        assert [each.id for each in store.runs()] == [
            f"{RUN}#1",
            f"{RUN}#2",
            "2026-01-01..2026-01-31#1",
            f"{RUN}#3",
        ]

    def test_what_comes_later_joins_the_run(self):
        """A contract that is added after the run gets a draft of the same run."""
        store = accounts("a")
        bc.execute(run_of(), store)
        store.add(bc.Account("b", currency="EUR"))
        store.add(bc.Subscription("S-b", account="b", items=[bc.Item("x", unit_price=5)]))
        (draft,) = bc.execute(run_of(), store).drafts

        assert (draft.run_id, draft.account.id) == (RUN, "b")
        assert len(list(store.drafts(RUN))) == 2

    @pytest.mark.parametrize(
        ("first", "second", "message"),
        [
            ("2026-04-01", "2026-04-02", f"'2026-04-02': {RUN}#1 had the invoice date 2026-04-01"),
            (None, "2026-04-02", f"'2026-04-02': {RUN}#1 had no invoice date"),
            ("2026-04-01", None, f"None: {RUN}#1 had the invoice date 2026-04-01"),
        ],
        ids=["another", "one more", "none"],
    )
    def test_another_invoice_date(self, first, second, message):
        """A run is joined with its own invoice date only; nothing begins."""
        store = accounts("a")
        bc.execute(run_of(invoice_date=first), store)
        with pytest.raises(bc.InvalidInputError) as caught:
            bc.execute(run_of(invoice_date=second), store)

        assert message in str(caught.value)
        assert "repeat it with the same date, or give the run an id of its own" in str(caught.value)
        assert len(list(store.runs())) == 1

    def test_another_date_after_the_drafts_are_invoices(self):
        """It is refused also when no draft is left that could have two dates."""
        store = accounts("a")
        bc.execute(run_of(invoice_date="2026-04-01"), store)
        finalize_all(store)

        with pytest.raises(bc.InvalidInputError, match="invoice_date"):
            bc.execute(run_of(invoice_date="2026-05-01"), store)

    def test_another_run_may_have_another_date(self):
        """Other runs, and postings, say nothing about it."""
        store = accounts("a")
        bc.execute(run_of(JANUARY, invoice_date="2026-02-01"), store)
        bc.post(store, on=DAY)

        assert bc.execute(run_of(invoice_date="2026-04-01"), store).status is (
            bc.RunStatus.COMPLETED
        )


class TestRecordsOfRuns:
    """What a store keeps of executions."""

    def test_what_never_began(self):
        """A store is not told of an execution that it did not begin."""
        store = accounts("a")
        with pytest.raises(bc.ConflictError, match="invoice run x#7 is not going on: it never"):
            store.note(bc.RunRecord("x", attempt=7))

    def test_what_has_ended(self):
        """Nor of one that has ended."""
        store = accounts("a")
        record = bc.execute(run_of(), store).record
        with pytest.raises(bc.ConflictError, match="is not going on: it has ended"):
            store.note(record)

    def test_failures_of_some_accounts(self):
        """The error log can be asked for a run, and for some accounts of it."""
        store = bc.MemoryStore()
        wrong = [bc.Item("x", unit_price=1, tax_code="?")]
        for name in ("b", "a"):
            store.add(bc.Account(name, currency="EUR"))
            store.add(bc.Subscription(f"S-{name}", account=name, items=wrong))
        bc.execute(run_of(), store)

        assert [each.account for each in store.failures(RUN)] == ["a", "b"]
        assert [each.account for each in store.failures(RUN, ["b", "z"])] == ["b"]
        assert list(store.failures("other")) == []

    def test_records_are_values(self):
        """A record has the run's criteria, all accounts without a run, and its own id."""
        record = bc.RunRecord("R", attempt=3, run=criteria("a"))

        assert (record.id, record.is_live) == ("R#3", True)
        assert record.criteria == bc.Criteria(accounts=["a"])
        assert bc.RunRecord("posting").criteria == bc.Criteria()


def test_a_store_in_memory_can_be_copied():
    """A copy within the process is a store of its own: what it is told is no news to the first."""
    store = accounts("a")
    begun = abandoned(store)
    copy = deepcopy(store)
    copy.add(bc.Account("b", currency="EUR"))
    report = bc.resume(begun.id, copy)

    assert (store.accounts(), copy.accounts()) == (("a",), ("a", "b"))
    assert [each.status.value for each in store.runs()] == ["Started"]
    assert (len(report.drafts), len(list(store.drafts()))) == (1, 0)


def test_a_store_in_memory_does_not_travel():
    """A copy in another process would lose what it is told, so it is refused, with what to do."""
    store = bc.MemoryStore()
    store.add(ACME)
    with pytest.raises(bc.InvalidInputError, match="use threads, or a store that keeps its data"):
        pickle.dumps(store)

"""After a run died or failed in part it is resumed, recovered, or cleaned up."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.unit.engine.records import JANUARY, VAT, accounts, contract, monthly, run_of

RUN = "2026-03-01..2026-03-31"


def die(store, run=None, done=2):
    """Begin a run, commit some accounts, and die: the store is never told that it ended."""
    begun = store.begin(bc.RunRecord((run or run_of()).id, run=run or run_of()))
    bc.bill_accounts(run or run_of(), store, store.accounts()[:done])
    return begun


def drafted(store):
    """Give the accounts that have a draft."""
    return [draft.account.id for draft in store.drafts()]


def statuses(store):
    """Give kind, status, and what it is of, of all executions."""
    return [(each.kind.value, each.status.value, each.of) for each in store.runs()]


class TestResume:
    """All is billed that was not billed yet."""

    def test_what_died(self):
        """Its id ends it, what was committed stays, and the rest is billed, as by one run."""
        store, whole = accounts("a", "b", "c"), accounts("a", "b", "c")
        dead = die(store)
        report = bc.resume(dead.id, store)
        bc.execute(run_of(), whole)

        assert [draft.account.id for draft in report.drafts] == ["c"]
        assert [*map(canonical, store.drafts())] == [*map(canonical, whole.drafts())]
        assert statuses(store) == [
            ("invoice run", "Failed", ""),
            ("recovery", "Completed", dead.id),
        ]
        ended = next(iter(store.runs()))
        assert ended.error == f"ended at Filtering Started; {RUN}#2 took its place"

    @pytest.mark.parametrize("run", ["latest", RUN, run_of()], ids=["latest", "id", "run"])
    def test_what_may_still_go_on(self, run):
        """By any name but its own an execution that has not ended is not ended, but refused."""
        store = accounts("a")
        die(store)
        with pytest.raises(bc.ConflictError, match=rf"resume\('{RUN}#1', store\)"):
            bc.resume(run, store)

        assert statuses(store) == [("invoice run", "Started", "")]

    def test_what_was_stopped(self):
        """The run stays stopped, and its recovery is completed."""
        store = accounts("a", "b", "c")
        bc.execute(run_of(), store, window=1, should_stop=lambda: True)
        report = bc.resume("latest", store)

        assert [draft.account.id for draft in report.drafts] == ["b", "c"]
        assert statuses(store) == [
            ("invoice run", "Stopped", ""),
            ("recovery", "Completed", f"{RUN}#1"),
        ]

    def test_it_can_die_itself(self):
        """A recovery that dies is resumed in the same way, and nothing is billed twice."""
        store = accounts("a", "b", "c")
        dead = die(store, done=1)
        again = store.begin(bc.RunRecord(RUN, run=run_of(), kind=bc.RunKind.RECOVERY, of=dead.id))
        bc.bill_accounts(run_of(), store, ["b"])
        bc.resume(again.id, store)

        assert drafted(store) == ["a", "b", "c"]
        assert [each.status.value for each in store.runs()] == ["Failed", "Failed", "Completed"]

    def test_as_it_was_configured(self):
        """Policy and invoice date are those of the run that died."""
        store = accounts("a")
        dead = die(store, run_of(policy=bc.LEVEL, invoice_date="2026-04-15"), done=0)
        (draft,) = bc.resume(dead.id, store).drafts

        assert (str(draft.invoice_date), len(draft.lines)) == ("2026-04-15", 3)

    def test_what_could_not_be_posted(self):
        """A run that posts goes on with the drafts that it left, and with their numbers."""
        run = run_of(expected=bc.ExpectedStatus.POSTED)
        store = accounts("a", "b")
        dead = die(store, run, done=1)
        report = bc.resume(dead.id, store, on="2026-04-01")

        assert report.posting.numbers == ["2026-00001", "2026-00002"]


class TestRecover:
    """Only what failed is billed."""

    def store(self):
        """Make a run of a to d, in which b and one item of c have a tax code that nobody knows."""
        store = accounts("a", "b", "c", "d")
        store.change(
            contract(monthly(tax_code="?"), id="S-b", account="b"),
            contract(monthly("x", tax_code="?"), monthly("y"), id="S-c", account="c"),
        )
        bc.execute(run_of(), store)
        store.discard(f"{RUN}/d/S-d")
        return store

    def mend(self, store):
        """Give the items the right tax code, and d nothing: its draft was discarded on purpose."""
        items = [monthly("x", tax_code="19"), monthly("y")]
        store.change(
            contract(monthly(tax_code="19"), id="S-b", account="b"),
            contract(*items, id="S-c", account="c"),
        )

    def test_what_was_mended(self):
        """What failed is billed, drafts that are there stay, and what was discarded stays away."""
        store = self.store()
        before = store.draft(f"{RUN}/c/S-c")
        self.mend(store)
        report = bc.recover("latest", store)

        assert [(each.account.id, each.lines[0].title) for each in report.drafts] == [
            ("b", "seats"),
            ("c", "x"),
        ]
        assert store.draft(before.id) == before
        assert report.record.accounts == 2
        assert list(store.failures(RUN)) == []
        assert statuses(store) == [
            ("invoice run", "Failed", ""),
            ("recovery", "Completed", f"{RUN}#1"),
        ]

    def test_what_fails_again(self):
        """The recovery has failed, too, and the store knows what is wrong still."""
        store = self.store()
        report = bc.recover(run_of(), store)

        assert (report.status, report.failures) == (bc.RunStatus.FAILED, 2)
        assert [each.record for each in store.failures(RUN)] == ["S-b/seats", "S-c/x"]

    def test_a_run_without_failures(self):
        """There is nothing to recover, and no account is looked at."""
        store = accounts("a", "b")
        bc.execute(run_of(), store)
        store.discard(f"{RUN}/a/S-a")
        report = bc.recover("latest", store)

        assert (report.record.accounts, report.draft_ids) == (0, [])

    def test_trouble_that_has_passed(self):
        """What the tax engine could not answer is billed when it can."""

        class Offline:
            def taxes(self, questions, purpose):
                raise bc.PortError("no connection", port="TaxEngine", is_retryable=True)

        store = accounts("a", "b", tax=Offline())
        bc.execute(run_of(), store)
        store.tax = VAT
        report = bc.recover("latest", store)

        assert [draft.account.id for draft in report.drafts] == ["a", "b"]

    def test_an_account_that_could_not_be_read(self):
        """All of it is billed, and of the accounts with failures whatever is left."""
        store, snapshot = accounts("a", "b"), bc.MemoryStore.snapshot

        def broken(account):
            if account == "b":
                raise bc.PortError("disk error", port="Source")
            return snapshot(store, account)

        store.snapshot = broken
        bc.execute(run_of(), store)
        del store.snapshot

        assert [draft.account.id for draft in bc.recover("latest", store).drafts] == ["b"]

    def test_its_accounts_are_those_that_failed(self):
        """Other accounts cannot be asked for."""
        with pytest.raises(TypeError, match="accounts"):
            bc.recover("latest", self.store(), accounts=["a"])


class TestCleanUp:
    """The drafts of a run are discarded."""

    def test_drafts_go_and_invoices_stay(self):
        """What drafts covered is free again; invoices, and drafts of other runs, stay."""
        store = accounts("a", "b", "c")
        bc.execute(
            run_of(JANUARY, selection=bc.Selection(criteria=bc.Criteria(accounts=["c"]))), store
        )
        bc.execute(run_of(), store)
        bc.finalize(store.draft(f"{RUN}/a/S-a"), store, on="2026-04-01")
        report = bc.clean_up(RUN, store)

        assert (drafted(store), len(list(store.invoices()))) == (["c"], 1)
        assert (report.record.done, report.record.documents, report.failures) == (1, 1, 0)
        assert statuses(store)[1:] == [
            ("invoice run", "Completed", ""),
            ("clean-up", "Completed", f"{RUN}#1"),
        ]
        assert bc.execute(run_of(), store).draft_ids == [f"{RUN}/b/S-b"]

    def test_a_run_that_died(self):
        """Its id ends it; what it had committed is discarded."""
        store = accounts("a", "b", "c")
        dead = die(store)
        report = bc.clean_up(dead.id, store, owner="night")

        assert (drafted(store), report.record.documents) == ([], 2)
        assert report.record.owner == "night"
        assert statuses(store)[0] == ("invoice run", "Failed", "")

    def test_a_draft_that_cannot_go(self):
        """A draft that another one builds on stays and is a failure; the others are discarded."""
        store = accounts("a", "b")
        kept, _ = bc.execute(run_of(), store).drafts

        def refuse(draft_id, discard=store.discard):
            if draft_id == kept.id:
                raise bc.ConflictError("another document builds on it")
            discard(draft_id)

        store.discard = refuse
        report = bc.clean_up("latest", store)
        (problem,) = report.problems

        assert drafted(store) == ["a"]
        assert (problem.account, problem.record) == ("a", kept.id)
        assert problem.message == "another document builds on it"
        assert (report.record.done, report.record.documents, report.record.failures) == (2, 1, 1)
        assert (report.status.value, report.stage.value) == ("Failed", "Completed")

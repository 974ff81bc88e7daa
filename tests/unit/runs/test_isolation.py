"""Trouble with one record, account, adapter or step: isolated, reported, retried, recovered."""

from __future__ import annotations

from itertools import chain, repeat

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.unit.engine.records import VAT, contract, monthly, run_of

NAMES = ("a", "b", "c", "d", "e")
OTHERS = ["a", "b", "d", "e"]
RUN = run_of()
LATER = "try again later"


class Troubled(bc.MemoryStore):
    """A store of five accounts that raises where it is told to.

    Attributes:
        reads: account → errors that its next snapshots raise.
        commits: account → errors that the next commits raise that have a draft of it.
        deaf: accounts of which no commit is taken at all.
    """

    def __init__(self, *, tax=VAT):
        super().__init__(tax=tax)
        self.reads, self.commits, self.deaf = {}, {}, set()
        for name in NAMES:
            own = contract(monthly(tax_code="19"), id=f"S-{name}", account=name)
            self.add(bc.Account(name, currency="EUR"), own)

    def snapshot(self, account):
        for error in self.reads.get(account, ()):
            raise error
        return super().snapshot(account)

    def commit(self, outcomes):
        if self.deaf.intersection(each.account for each in outcomes):
            raise bc.PortError("offline", port="Store", is_retryable=True)
        for each in outcomes:
            if each.drafts:
                for error in self.commits.get(each.account, ()):
                    raise error
        return super().commit(outcomes)


class SlowTaxes:
    """A tax engine that does not answer in time, for some accounts or some calls."""

    def __init__(self, *accounts, calls=0):
        self.accounts, self.calls, self.asked = set(accounts), calls, 0

    def taxes(self, questions, purpose):
        self.asked += 1
        known = {each.account.id for each in questions}
        if self.asked <= self.calls or known & self.accounts:
            raise TimeoutError("no answer within 30 seconds")
        return VAT.taxes(questions, purpose)


def drafted(store):
    """Give the accounts that have a draft, one entry for each draft."""
    return [draft.account.id for draft in store.drafts()]


def told(problems):
    """Give record, whether it can be tried again, and what to do, of each problem."""
    return [(each.record, each.is_retryable, each.advice) for each in problems]


def statuses(store):
    """Give kind and status of each execution."""
    return [(each.kind.name, each.status.name) for each in store.runs()]


FAILED_THEN_RECOVERED = [("INVOICING", "FAILED"), ("RECOVERY", "COMPLETED")]


class TestRecords:
    """A record that is wrong."""

    def test_others_are_billed(self):
        """A poisoned record is reported with what to do; all others are billed, of its account too."""
        store = Troubled()
        wrong = contract(monthly(tax_code="none"), id="W-c", account="c")
        store.add(wrong)

        report = bc.execute(RUN, store)

        assert drafted(store) == [*NAMES]
        advice = "add it to the table; known: 19, 7, free"
        assert told(report.problems) == [("W-c/seats", False, advice)]
        assert told(store.failures(RUN.id)) == told(report.problems)

    def test_it_is_recovered_when_it_is_mended(self):
        """Once the record is mended, the recovery bills it, and nothing else."""
        store = Troubled()
        store.add(contract(monthly(tax_code="none"), id="W-c", account="c"))
        bc.execute(RUN, store)
        store.change(contract(monthly(tax_code="7"), id="W-c", account="c"))
        store.discard("2026-03-01..2026-03-31/a/S-a")

        assert [each.name for each in bc.remaining("latest", store)] == ["S-a", "W-c"]
        report = bc.recover("latest", store)

        assert [each.id for each in report.drafts] == ["2026-03-01..2026-03-31/c/W-c"]
        assert store.failures(RUN.id) == []
        assert statuses(store) == FAILED_THEN_RECOVERED

    def test_it_fails_again(self):
        """As long as nothing is mended, a recovery fails with the same problem, and bills nothing."""
        store = Troubled()
        store.add(contract(monthly(tax_code="none"), id="W-c", account="c"))
        first = bc.execute(RUN, store)

        again = bc.recover("latest", store)

        assert told(again.problems) == told(first.problems)
        assert len(again.draft_ids) == 0
        assert statuses(store) == [("INVOICING", "FAILED"), ("RECOVERY", "FAILED")]


READ_ERRORS = [
    pytest.param(KeyError("currency"), False, "", id="key error"),
    pytest.param(ZeroDivisionError("host"), False, "", id="arithmetic"),
    pytest.param(OSError("disk"), True, LATER, id="disk"),
    pytest.param(ConnectionResetError("peer"), True, LATER, id="connection"),
    pytest.param(RecursionError("deep"), False, "", id="recursion"),
    pytest.param(MemoryError(), False, "", id="memory"),
    pytest.param(bc.PortError("busy", is_retryable=True), True, LATER, id="busy"),
    pytest.param(bc.ConflictError("moved"), True, LATER, id="conflict"),
    pytest.param(bc.InvalidInputError("wrong", fix="mend it"), False, "mend it", id="invalid"),
]


class TestSnapshots:
    """An account that cannot be read."""

    @pytest.mark.parametrize(("error", "is_retryable", "advice"), READ_ERRORS)
    def test_others_are_billed(self, error, is_retryable, advice):
        """Whatever a snapshot raises is a problem of its account, and tells whether to try again."""
        store = Troubled()
        store.reads["c"] = repeat(error)

        report = bc.execute(RUN, store)

        assert drafted(store) == OTHERS
        assert told(report.problems) == [("c", is_retryable, advice)]
        assert type(error).__name__ in str(report.problems[0]) or isinstance(error, bc.BillingError)
        assert report.status is bc.RunStatus.FAILED

    def test_another_account_than_was_asked_for(self):
        """A snapshot of another account is a problem of the one that was asked for."""
        store = Troubled()
        read = store.snapshot
        store.snapshot = lambda name: read("a" if name == "c" else name)

        report = bc.execute(RUN, store)

        assert drafted(store) == OTHERS
        assert [(each.account, each.message) for each in report.problems] == [
            ("c", "Source: gave account 'a' (asked: snapshot of 'c')")
        ]

    @pytest.mark.parametrize(("error", "is_retryable", "advice"), READ_ERRORS)
    def test_the_account_is_left_and_recovered(self, error, is_retryable, advice):
        """The account is left with its error; when it can be read again, it alone is billed."""
        store = Troubled()
        store.reads["c"] = repeat(error)
        bc.execute(RUN, store)

        (left,) = bc.remaining("latest", store)
        assert (left.name, left.positions, told([left.last_error])) == (
            "c",
            ("c",),
            [("c", is_retryable, advice)],
        )
        del store.reads["c"]
        assert [each.name for each in bc.remaining("latest", store)] == ["S-c"]
        report = bc.recover("latest", store)

        assert [draft.account.id for draft in report.drafts] == ["c"]
        assert report.accounts == 1
        assert statuses(store) == FAILED_THEN_RECOVERED


class TestTaxes:
    """A tax engine that does not answer in time."""

    def test_some_accounts(self):
        """The records of the accounts that have no answer can be tried again; others are billed."""
        store = Troubled(tax=SlowTaxes("c"))

        report = bc.execute(RUN, store)

        assert drafted(store) == OTHERS
        assert told(report.problems) == [("S-c/seats", True, LATER)]
        assert "TimeoutError: no answer within 30 seconds" in report.problems[0].message

    def test_the_first_call(self):
        """If a call for a window fails, each account is asked for by itself, and all are billed."""
        store = Troubled(tax=SlowTaxes(calls=1))

        report = bc.execute(RUN, store)

        assert drafted(store) == [*NAMES]
        assert report.status is bc.RunStatus.COMPLETED
        assert store.tax.asked == 1 + len(NAMES)

    def test_the_first_calls(self):
        """If the call for a window and the next two fail, two accounts are left, and recovered."""
        store = Troubled(tax=SlowTaxes(calls=3))

        report = bc.execute(RUN, store)
        assert told(report.problems) == [("S-a/seats", True, LATER), ("S-b/seats", True, LATER)]
        assert [each.name for each in bc.remaining("latest", store)] == ["S-a", "S-b"]
        again = bc.recover("latest", store)

        assert [draft.account.id for draft in again.drafts] == ["a", "b"]
        assert drafted(store) == [*NAMES]
        assert statuses(store) == FAILED_THEN_RECOVERED

    def test_posting(self):
        """A draft without its actual taxes stays a draft, and is posted by the next posting run."""
        taxes = SlowTaxes()
        store = Troubled(tax=taxes)
        bc.execute(RUN, store)
        taxes.accounts.add("c")

        report = bc.post(store, on="2026-04-01")
        assert told(report.problems) == [("2026-03-01..2026-03-31/c/S-c", True, LATER)]
        assert (drafted(store), list(report.numbers)[-1]) == (["c"], "2026-00004")
        taxes.accounts.clear()
        again = bc.post(store, on="2026-04-01")

        assert list(again.numbers) == ["2026-00005"]


COMMIT_ERRORS = [
    pytest.param(bc.PortError("busy", is_retryable=True), True, LATER, id="busy"),
    pytest.param(bc.PortError("refused by a rule of the table"), False, "", id="refused"),
    pytest.param(bc.ConflictError("deadlock"), True, LATER, id="conflict"),
]


class TestCommits:
    """A store that does not commit."""

    @pytest.mark.parametrize(("error", "is_retryable", "advice"), COMMIT_ERRORS)
    def test_a_window_once(self, error, is_retryable, advice):
        """A window that is not committed is repeated account by account; then nothing is missing."""
        store = Troubled()
        store.commits["c"] = iter([error])

        report = bc.execute(RUN, store)

        assert drafted(store) == [*NAMES]
        assert report.status is bc.RunStatus.COMPLETED

    @pytest.mark.parametrize(("error", "is_retryable", "advice"), COMMIT_ERRORS)
    def test_an_account_always(self, error, is_retryable, advice):
        """An account that is never committed is a problem, in the store too; others are billed."""
        store = Troubled()
        store.commits["c"] = repeat(error)

        report = bc.execute(RUN, store)

        assert drafted(store) == OTHERS
        assert told(report.problems) == [("c", is_retryable, advice)]
        assert told(store.failures(RUN.id)) == told(report.problems)

    @pytest.mark.parametrize(("error", "is_retryable", "advice"), COMMIT_ERRORS)
    def test_it_is_recovered(self, error, is_retryable, advice):
        """What was not committed is left, and billed by a recovery once the store takes it."""
        store = Troubled()
        store.commits["c"] = chain([error, error])
        bc.execute(RUN, store)

        (left,) = bc.remaining("latest", store)
        assert (left.name, left.last_error.is_retryable) == ("S-c", is_retryable)
        report = bc.recover("latest", store)

        assert [draft.account.id for draft in report.drafts] == ["c"]
        assert store.failures(RUN.id) == []
        assert statuses(store) == FAILED_THEN_RECOVERED

    def test_a_store_that_cannot_be_told(self):
        """What the store cannot even keep as a problem is in the report, and billed by resuming."""
        store = Troubled()
        store.deaf.add("c")

        report = bc.execute(RUN, store)
        assert told(report.problems) == [("c", True, LATER)]
        assert store.failures(RUN.id) == []
        assert [each.name for each in bc.remaining("latest", store)] == ["S-c"]
        store.deaf.clear()
        again = bc.resume("latest", store)

        assert [draft.account.id for draft in again.drafts] == ["c"]

    def test_windows_of_one(self):
        """Also an account that is alone in its window is tried twice."""
        store = Troubled()
        store.commits["c"] = iter([bc.PortError("busy", is_retryable=True)])

        assert bc.execute(RUN, store, window=1).status is bc.RunStatus.COMPLETED
        assert drafted(store) == [*NAMES]


class TestWorkers:
    """An error that is none of this library's: the host's program is wrong, or the machine is."""

    @pytest.mark.parametrize(
        ("error", "shown"),
        [
            pytest.param(RuntimeError("not mine"), "RuntimeError: not mine", id="runtime"),
            pytest.param(OSError("disk full"), "OSError: disk full", id="disk"),
            pytest.param(KeyboardInterrupt(), "KeyboardInterrupt", id="interrupted"),
        ],
    )
    def test_the_run_ends(self, error, shown):
        """It ends the run, which tells it in its record; what was committed stays, none is held."""
        store = Troubled()
        store.commits["c"] = iter([error])

        with pytest.raises(type(error)):
            bc.execute(RUN, store, window=2)

        (record,) = store.runs()
        assert (record.status, record.stage) == (bc.RunStatus.FAILED, bc.RunStage.FAILED)
        assert record.error == shown
        assert (record.done, drafted(store)) == (2, ["a", "b"])

    def test_it_is_resumed(self):
        """When the cause is gone, the run is resumed, and bills what is left."""
        store = Troubled()
        store.commits["c"] = iter([RuntimeError("not mine")])
        with pytest.raises(RuntimeError):
            bc.execute(RUN, store, window=2)

        report = bc.resume("latest", store)

        assert [draft.account.id for draft in report.drafts] == ["c", "d", "e"]
        assert drafted(store) == [*NAMES]
        assert statuses(store) == FAILED_THEN_RECOVERED

    def test_the_result_is_that_of_a_run_without_trouble(self):
        """What all this trouble leaves, once recovered, is what a run without it makes."""
        quiet, store = Troubled(), Troubled(tax=SlowTaxes(calls=2))
        store.reads["d"] = chain([KeyError("d")])
        store.commits["c"] = chain([bc.ConflictError("moved")] * 3)
        store.commits["b"] = iter([RuntimeError("not mine")])
        with pytest.raises(RuntimeError):
            bc.execute(RUN, store, window=2)
        for _ in range(3):
            bc.resume("latest", store, window=2)

        bc.execute(RUN, quiet)
        assert canonical([*store.drafts()]) == canonical([*quiet.drafts()])
        assert store.failures(RUN.id) == []

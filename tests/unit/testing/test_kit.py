"""The conformance kit: right stores pass, and each broken one is rejected for what it breaks."""

from __future__ import annotations

import itertools
import subprocess
import sys
import unittest

import pytest

import billingcore as bc
from billingcore import testing
from billingcore.testing import ClauseStatus
from billingcore.testing import __main__ as command
from billingcore.testing.kit import checking
from billingcore.testing.kit.watching import Watched
from tests.unit.testing import broken_stores as broken

KNOWN = {}
NUMBERS = itertools.count()


def known(place):
    """Give a store that is open."""
    return KNOWN[place]


class SharedStore(bc.MemoryStore):
    """One that travels by its name, and arrives as the same store."""

    def __init__(self, **given):
        super().__init__(**given)
        self.place = next(NUMBERS)
        self.closed = 0
        KNOWN[self.place] = self

    def __reduce__(self):
        return known, (self.place,)

    def close(self):
        """Count how often it is closed."""
        self.closed += 1


PARTS = ("source", "drafts", "invoices", "executions")
NAMES = frozenset(name for part in PARTS for name in testing.PARTS[part])


class BareStore:
    """A store of the Protocols, which can be filled by `add` and by nothing else."""

    def __init__(self, **given):
        self._store = bc.MemoryStore(**given)

    def __getattr__(self, name):
        if name in NAMES:
            return getattr(self._store, name)
        raise AttributeError(name)


class AsciiStore(bc.MemoryStore):
    """A database that knows no letters but the English ones, nor long texts, and says so."""

    def _check(self, *values):
        if any(not str(value).isascii() or len(str(value)) > 300 for value in values):
            raise bc.InvalidInputError("no English text")

    def add(self, *records):
        self._check(*(each.id for each in records))
        super().add(*records)

    def put(self, draft):
        self._check(draft.id, draft.period)
        if draft.lines[0].service_period.start.year in {1, 9999}:
            raise bc.InvalidInputError("no such day")
        return super().put(draft)

    def record(self, account, decide):
        def checked(books):
            effects = decide(books)
            self._check(*(each.reference for each in effects.payments))
            return effects

        return super().record(account, checked)

    def skip(self, counter, make):
        def checked(count):
            skipped = make(count)
            self._check(skipped.reason)
            return skipped

        return super().skip(counter, checked)


@pytest.mark.parametrize("check", testing.CLAUSES)
def test_each_clause_can_be_asked_by_itself(check):
    """A store in memory keeps each clause, asked of it as a test by itself."""
    check(SharedStore if "shared" in check.needs else bc.MemoryStore)


def test_a_shared_store_is_asked_everything():
    """A store that can travel is asked over two handles, too, and all are closed."""
    report = testing.check_store(SharedStore)

    assert {each.status for each in report.results} == {ClauseStatus.KEPT}
    assert report.badge == "conforms to store contract 1"
    assert all(store.closed for store in KNOWN.values())


def test_a_store_with_fewer_methods_is_asked_less():
    """What a store does not have is skipped with the reason, and the badge counts it."""
    report = testing.check_store(BareStore, without=["records"])
    skipped = {e.clause: e.reason for e in report.results if e.status is ClauseStatus.SKIPPED}

    assert report.badge == f"conforms to store contract 1; {len(skipped)} clauses were skipped"
    assert skipped["usage_comes_back"] == "no usage: the store has no add_usage"
    assert skipped["record_raises_all_revisions"] == "the store is said to be without records"
    assert skipped["handles_see_each_other"] == "not shared: the store cannot be pickled"


def test_a_store_may_refuse_texts():
    """A store that refuses what it cannot keep does what the contract asks for."""
    assert not testing.check_store(
        AsciiStore, only=[each.name for each in testing.CLAUSES if "come_back" in each.name]
    ).wrong


def test_a_store_whose_records_never_change():
    """A clause that would change a record does so only if the store can."""
    name = "record_of_unknown_account_is_unresolved"

    assert not testing.check_store(BareStore, only=[name]).wrong


class OneWriter(bc.MemoryStore):
    """A database that refuses a second writer instead of letting it wait."""

    def __init__(self, **given):
        super().__init__(**given)
        self.busy = False

    def record(self, account, decide):
        if self.busy:
            raise bc.ConflictError("another one is writing")
        self.busy = True
        try:
            return super().record(account, decide)
        finally:
            self.busy = False


class LastWriter(OneWriter):
    """A database that lets the second writer win, and refuses the first one."""

    def record(self, account, decide):
        seen = self.books(account).revision
        effects = decide(self.books(account))
        with self.lock:
            if self.books(account).revision != seen:
                raise bc.ConflictError("somebody else has written")
            return bc.MemoryStore.record(self, account, lambda _: effects)


class RetryingStore(LastWriter):
    """Decides again if somebody else was faster."""

    def record(self, account, decide):
        try:
            return super().record(account, decide)
        except bc.ConflictError:
            return self.record(account, decide)


class UnpickledStore(bc.MemoryStore):
    """Says that it travels, and has something in it that does not."""

    def __reduce__(self):
        return known, (lambda: self,)


def test_a_store_that_cannot_travel_after_all():
    """A store whose parts cannot be pickled is not asked for handles."""
    report = testing.check_store(UnpickledStore, only=["handles_see_each_other"])

    assert report.results[0].reason == "not shared: the store cannot be pickled"


@pytest.mark.parametrize("make", [OneWriter, LastWriter, RetryingStore])
def test_a_store_may_refuse_writers(make):
    """Of two that decide at once, a store may refuse one, or let one decide again."""
    assert not testing.check_store(make, only=["several_decide"]).wrong


class TestErrors:
    """A failing clause says what was expected, what was seen, and what was called."""

    def test_one_clause(self):
        """The error of one clause shows both sides, and the calls that led there."""
        (check,) = (each for each in testing.CLAUSES if each.name == "skip_counts")
        with pytest.raises(testing.ClauseError) as caught:
            check(broken.ReusesNumbers)

        assert str(caught.value).splitlines() == [
            (
                "skip_counts: `skip` takes the next number like `finalize`, and keeps why no document "
                "has it."
            ),
            "  expected: the number after it: ['2026-003']",
            (
                "  seen: [\"failed: number = '2026-002': the number is in use by another series; give "
                'each number series its own pattern"]'
            ),
            "  calls:",
            "    add(Account acme)",
            "    finalize([draft manual/a/acme of version 0 by [Year]-{000}#2026])",
            "    skip(Counter, function)",
            "    finalize([draft manual/b/acme of version 0 by [Year]-{000}#2026])",
        ]

    def test_a_store_that_raises(self):
        """Whatever a store raises is what was seen, and its call says so."""
        with pytest.raises(testing.StoreError) as caught:
            testing.check_store(Failing, only=["unknown_account_is_refused", "records_come_back"])
        first, second = caught.value.report.wrong

        assert (first.expected, first.seen) == ("no error", "KeyError: 'acme'")
        assert first.calls[-1] == "snapshot('acme') raised KeyError: 'acme'"
        assert second.expected == "InvalidInputError, since there is no such account"
        assert str(caught.value).startswith("does not conform to store contract 1: 2 clauses\n")

    def test_a_law_that_does_not_hold(self):
        """A law of the library that is broken names the law and the evidence."""
        report = testing.check_store(broken.LosesReleases, on_failure="report")
        (found,) = (e for e in report.wrong if e.clause == "documents_follow_each_other")

        assert found.expected == "the law that no day is claimed twice"
        assert "S-borg/seats" in found.seen

    def test_long_arguments_are_cut(self):
        """The calls show at most 60 characters of a text, and options by their names."""
        calls = []
        Watched(bc.MemoryStore(), calls).references(criteria="x" * 99)

        assert calls == [f"references(criteria='{'x' * 59}…)"]

    def test_unknown_names(self):
        """A clause or part that is not known is refused, with the name that was meant."""
        with pytest.raises(bc.InvalidInputError, match="skip_counts"):
            testing.check_store(bc.MemoryStore, only=["skip_count"])
        with pytest.raises(bc.InvalidInputError, match="nothing of this name"):
            testing.check_store(bc.MemoryStore, without=["xyz"])


class TestMake:
    """What makes stores is called with taxes, a setup, and filters."""

    @pytest.mark.parametrize("make", [bc.Account, None], ids=["another", "nothing"])
    def test_other_arguments_are_refused(self, make):
        """The error says so in one sentence, before a clause is asked."""
        with pytest.raises(bc.InvalidInputError, match="called with tax, setup and filters"):
            testing.check_store(make)

    def test_a_function_that_does_not_tell(self, monkeypatch):
        """It is called as it is."""
        monkeypatch.setattr(checking, "signature", unknown)

        assert not testing.check_store(bc.MemoryStore, only=["skip_counts"]).wrong


def unknown(make):
    """Fail as the standard library does for some built-in functions."""
    raise ValueError(make)


def test_the_badge_counts_one_clause():
    """One clause is not several, broken or skipped."""
    name = ["skip_counts"]
    wrong = testing.check_store(broken.ReusesNumbers, only=name, on_failure="report")
    skipped = testing.check_store(BareStore, only=["usage_comes_back"])

    assert wrong.badge == "does not conform to store contract 1: 1 clause"
    assert skipped.badge == "conforms to store contract 1; 1 clause was skipped"


class Failing(bc.MemoryStore):
    """Raises what its database raises."""

    def snapshot(self, account):
        """Fail."""
        raise KeyError(account)


class TestExpectedFailures:
    """What a store is known to break is said, and is no error as long as it is true."""

    def test_a_failure_that_is_expected(self):
        """It is reported with its reason, and the badge names it."""
        known = {"skip_counts": "issue 7"}
        report = testing.check_store(broken.ReusesNumbers, expected_failures=known, only=known)

        assert report.badge == "conforms to store contract 1, but for skip_counts"
        assert str(report.results[0]) == "skip_counts: broken, as expected (issue 7)"

    def test_one_that_passes(self):
        """A clause that is kept again is an error, so that the list does not grow old."""
        with pytest.raises(testing.StoreError, match="was expected to be broken"):
            testing.check_store(
                bc.MemoryStore, expected_failures={"skip_counts": "issue 7"}, only=["skip_counts"]
            )


class TestReport:
    """A report is text, a table and records."""

    def test_records(self):
        """There is a dictionary for each clause, with texts only."""
        (row,) = testing.check_store(bc.MemoryStore, only=["skip_counts"]).records()

        assert (row["clause"], row["status"], row["calls"]) == ("skip_counts", "kept", "")

    def test_table(self):
        """In a notebook it is a table whose texts are escaped."""
        report = testing.check_store(
            broken.NotesAnything, only=["ended_execution_is_not_noted"], on_failure="report"
        )
        table = report._repr_html_()

        assert "<td>ended_execution_is_not_noted</td><td>broken</td>" in table
        assert "ConflictError, since it was completed" in table

    def test_clauses(self):
        """Each clause has a name of its own, a sentence, and parts that a store can have."""
        names = [each.name for each in testing.CLAUSES]

        assert len(set(names)) == len(names) > 90
        assert all(each.text.endswith(".") for each in testing.CLAUSES)
        assert {part for each in testing.CLAUSES for part in each.needs} <= testing.PARTS.keys()
        assert repr(testing.CLAUSES[0]) == "<clause account_comes_once>"


class TestCommand:
    """The kit on the command line."""

    def test_right(self, capsys):
        """A store that keeps the contract ends the command with 0."""
        asked = ["billingcore:MemoryStore", "--only", "skip_counts", "--without", "records"]

        assert command.main(asked) == 0
        assert capsys.readouterr().out == "skip_counts: kept\nconforms to store contract 1\n"

    def test_wrong(self, capsys):
        """One that does not ends it with 1, unless it is known."""
        store = "tests.unit.testing.broken_stores:ReusesNumbers"

        assert command.main([store, "--only", "skip_counts"]) == 1
        assert command.main([store, "--only", "skip_counts", "--expect", "skip_counts=7"]) == 0
        assert "skip_counts: broken\n" in capsys.readouterr().out

    def test_by_its_name(self):
        """The module can be run."""
        asked = ["-m", "billingcore.testing", "billingcore:MemoryStore", "--only", "skip_counts"]
        done = subprocess.run([sys.executable, *asked], capture_output=True, text=True, check=True)

        assert done.stdout == "skip_counts: kept\nconforms to store contract 1\n"

    @pytest.mark.parametrize("name", ["nothing:make", "billingcore:nothing", "billingcore", ":x"])
    def test_not_found(self, name, capsys):
        """A store that is not found is named on the error stream, and ends it with 2."""
        assert command.main([name]) == 2
        assert "write it as package.module:function" in capsys.readouterr().err


def test_a_skip_is_one_for_unittest():
    """A clause that is not asked of a store raises what unittest and pytest take for a skip."""
    (check,) = (each for each in testing.CLAUSES if each.name == "usage_comes_back")
    with pytest.raises(unittest.SkipTest, match="add_usage"):
        check(BareStore)


def test_what_is_no_store_breaks_the_contract():
    """Without the methods of the Protocols no clause is passed over: each says what is missing."""
    report = testing.check_store(lambda **_: object(), on_failure="report")

    assert {each.status for each in report.results} == {ClauseStatus.BROKEN}
    assert report.results[0].seen.startswith("no references, snapshot")

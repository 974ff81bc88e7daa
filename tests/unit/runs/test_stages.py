"""Stages and status of an execution, its counts, and what its observers and the store are told."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.records import MARCH, accounts, contract, monthly, run_of, store_of

STAGES = [
    "Filtering Started",
    "Filtering In Progress",
    "Filtering Completed",
    "Generation Started",
    "Generation In Progress",
    "Generation Completed",
    "Summarization In Progress",
    "Completed",
    "Failed",
]
NAMES = [f"a{number:03}" for number in range(130)]


def last(store):
    """Give the record of the execution that began last."""
    return list(store.runs())[-1]


def outcome(record):
    """Give how an execution ended."""
    return record.status.value, record.stage.value


def test_stages_have_their_order():
    """The stages are those of an invoice batch run, in their order."""
    assert [stage.value for stage in bc.RunStage] == STAGES


def test_a_run_goes_through_its_stages():
    """Each stage is told in its order, the status says it goes on, and the last event that it is done."""
    heard = []
    bc.execute(run_of(), accounts("a", "b", "c"), window=2, on_progress=heard.append)

    assert [outcome(each) for each in heard] == [
        ("Started", "Filtering Started"),
        ("Started", "Filtering In Progress"),
        ("Started", "Filtering Completed"),
        ("Started", "Generation Started"),
        ("Started", "Generation In Progress"),
        ("Started", "Generation In Progress"),
        ("Started", "Generation Completed"),
        ("Started", "Summarization In Progress"),
        ("Completed", "Completed"),
    ]
    assert {each.id for each in heard} == {"2026-03-01..2026-03-31#1"}


def test_a_run_without_accounts():
    """A run that finds nothing makes no step of generation, and is completed."""
    heard = []
    report = bc.execute(run_of(), bc.MemoryStore(), on_progress=heard.append)

    assert bc.RunStage.GENERATION_IN_PROGRESS not in {each.stage for each in heard}
    assert (report.status, report.stage) == (bc.RunStatus.COMPLETED, bc.RunStage.COMPLETED)


def test_the_store_is_told_of_some_steps():
    """Of 130 steps the store is told of the first and of each 64th after it, an observer of all."""
    store, noted, heard = accounts(*NAMES), [], []
    note = store.note
    store.note = lambda record: (noted.append(record), note(record))
    bc.execute(run_of(), store, window=1, on_progress=heard.append)
    steps = bc.RunStage.GENERATION_IN_PROGRESS

    assert [each.done for each in noted if each.stage is steps] == [1, 65, 129]
    assert [each.done for each in heard if each.stage is steps] == list(range(1, 131))
    assert (last(store).done, last(store).documents) == (130, 130)


class TestHowItEnds:
    """Status and stage at the end of an execution."""

    def test_a_record_that_is_wrong(self):
        """The run came to its end, and has failed, since one of its records is wrong."""
        items = [monthly("a", tax_code="19"), monthly("b", tax_code="?")]
        store = store_of(contract(*items))
        report = bc.execute(run_of(), store)

        assert outcome(report.record) == ("Failed", "Completed")
        assert (report.failures, report.record.failures, report.record.error) == (1, 1, "")
        assert last(store) == report.record
        (problem,) = store.failures(report.run.id)
        assert (problem.record, problem.code) == ("S-1/b", "invalid-input")
        assert problem.message == "tax_code = '?': unknown tax code '?'"
        assert problem.advice == "add it to the table; known: 19, 7, free"
        assert report.problems == [problem]

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (RuntimeError("no rights"), "RuntimeError: no rights"),
            (KeyboardInterrupt(), "KeyboardInterrupt"),
        ],
        ids=["error", "interrupt"],
    )
    def test_an_error_that_ends_it(self, error, told):
        """The stage says that it could not go on, the record why; what was committed stays."""

        store = accounts("a", "b", "c")
        commit = store.commit

        def fails_on_b(outcomes):
            if outcomes[0].account == "b":
                raise error
            return commit(outcomes)

        store.commit = fails_on_b
        with pytest.raises(type(error)):
            bc.execute(run_of(), store, window=1)

        assert outcome(last(store)) == ("Failed", "Failed")
        assert last(store).error == told
        assert [draft.account.id for draft in store.drafts()] == ["a"]

    def test_the_report_of_an_execution_that_an_error_ended(self):
        """The report says where the run stopped being, and which error it was."""

        def fails(outcomes):
            raise RuntimeError("no rights")

        store = accounts("a")
        store.commit = fails
        execution = bc.Execution(run_of(), store)
        with pytest.raises(RuntimeError):
            execution.finish()

        assert str(execution.report).splitlines()[1:3] == [
            "  status: Failed at Failed",
            "  error: RuntimeError: no rights",
        ]

    def test_it_is_told_to_stop(self):
        """What was committed before stays; the stage is the one in which it was stopped."""
        store, answers = accounts("a", "b", "c"), iter([False, True])
        report = bc.execute(run_of(), store, window=1, should_stop=lambda: next(answers))

        assert outcome(report.record) == ("Stopped", "Generation In Progress")
        assert (report.record.done, report.record.accounts) == (2, 3)
        assert [draft.account.id for draft in store.drafts()] == ["a", "b"]
        assert str(report).splitlines()[1] == "  status: Stopped at Generation In Progress"

    def test_what_stopped_goes_on(self):
        """The same run again bills the rest only."""
        store = accounts("a", "b", "c")
        bc.execute(run_of(), store, window=1, should_stop=lambda: True)
        report = bc.execute(run_of(), store)

        assert [draft.account.id for draft in report.drafts] == ["b", "c"]
        assert outcome(report.record) == ("Completed", "Completed")
        assert [each.attempt for each in store.runs()] == [1, 2]

    def test_an_observer_that_fails_at_once(self):
        """An observer that raises ends the run, and the accounts are free again."""

        def broken(record):
            raise RuntimeError("no screen")

        store = accounts("a")
        with pytest.raises(RuntimeError, match="no screen"):
            bc.execute(run_of(), store, on_progress=broken)

        assert outcome(last(store)) == ("Failed", "Failed")
        assert bc.execute(run_of(), store).status is bc.RunStatus.COMPLETED


class TestCounts:
    """What the first pass counts, and what the run adds up."""

    def store(self):
        """Make acme with three items in two currencies, borg with one item, and zeta with none."""
        items = [monthly("a", 10), monthly("b", 20), monthly("c", 5, currency="USD")]
        store = store_of(contract(*items))
        store.add(bc.Account("borg", currency="EUR"), bc.Account("zeta", currency="EUR"))
        store.add(contract(monthly("d", 7), id="S-2", account="borg"))
        return store

    def test_what_filtering_counts(self):
        """Five references, of which two share a grouping key, belong to three accounts."""
        record = bc.execute(run_of(), self.store()).record

        assert (record.candidates, record.groups, record.accounts) == (5, 4, 3)
        assert (record.done, record.documents, record.failures) == (3, 3, 0)

    def test_criteria_are_applied_before(self):
        """References that do not meet the criteria of the run are not counted, nor their accounts."""
        selection = bc.Selection(criteria=bc.Criteria(currency="USD"))
        record = bc.execute(run_of(selection=selection), self.store()).record

        # zeta's reference says the account's currency is not known, so it has to be looked at
        assert (record.candidates, record.groups, record.accounts) == (2, 2, 2)
        assert [str(each) for each in record.totals] == [
            "drafts 1, net 5.00, tax 0.00, gross 5.00",
        ]

    def test_currencies_are_never_added(self):
        """The record has a total for each currency, in the order of their codes."""
        record = bc.execute(run_of(), self.store()).record

        assert [(each.currency, each.documents, each.gross) for each in record.totals] == [
            ("EUR", 2, Decimal("37.00")),
            ("USD", 1, Decimal("5.00")),
        ]

    def test_records_of_nobody_are_failures(self):
        """A record that is handed to no account counts among the failures of the run."""
        orders = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order")
        store = bc.MemoryStore(filters=[orders])
        store.add(bc.SourceRecord("Order", "O-1", {"ON_Account": "nobody"}))
        report = bc.execute(bc.InvoiceRun(MARCH, selection=bc.Selection([orders])), store)

        assert outcome(report.record) == ("Failed", "Completed")
        assert [problem.record for problem in report.problems] == ["Order/O-1"]

    def test_records_of_another_filter(self):
        """A record of nobody that the run's filters do not ask for is no failure of the run."""
        kinds = [
            bc.Filter(name, use_case=bc.UseCase.GENERIC, target=name) for name in ("Order", "Deal")
        ]
        store = bc.MemoryStore(filters=kinds)
        store.add(bc.SourceRecord("Order", "O-1", {"ON_Account": "nobody"}))
        report = bc.execute(bc.InvoiceRun(MARCH, selection=bc.Selection(kinds[1:])), store)

        assert (report.failures, report.status) == (0, bc.RunStatus.COMPLETED)


class TestSizedLoop:
    """An execution is a loop over accounts that knows how many there are."""

    def test_it_knows_its_length_before_and_within(self):
        """The length is the same before the loop, in it, and after it."""
        execution = bc.Execution(run_of(), accounts("a", "b", "c"), window=1)
        before = len(execution)

        assert [(each.account, len(execution)) for each in execution] == [
            ("a", 3),
            ("b", 3),
            ("c", 3),
        ]
        assert (before, len(execution)) == (3, 3)

    def test_a_bar_shows_its_progress(self):
        """What wraps a loop to show its progress needs the length and the loop, and gets both."""

        class Bar:
            def __init__(self, loop):
                self.loop, self.total, self.shown = loop, len(loop), []

            def __iter__(self):
                for number, each in enumerate(self.loop, start=1):
                    yield each
                    self.shown.append(f"{number}/{self.total}")

        bar = Bar(bc.Execution(run_of(), accounts("a", "b")))
        ids = [name for done in bar for name in done.draft_ids]

        assert bar.shown == ["1/2", "2/2"]
        assert ids == ["2026-03-01..2026-03-31/a/S-a", "2026-03-01..2026-03-31/b/S-b"]

    def test_drafts_are_there_while_it_goes_on(self):
        """Each draft can be read from the store, and edited, when its account is done."""
        store = accounts("a", "b")
        nets = []
        for done in bc.Execution(run_of(), store, window=1):
            (draft,) = map(store.draft, done.draft_ids)
            nets.append(store.put(bc.edit.change_line(draft, 1, quantity=2)).totals.net)

        assert nets == [20, 20]
        assert last(store).status is bc.RunStatus.COMPLETED

    def test_problems_come_with_their_accounts(self):
        """What is wrong is told with the account in which it is."""
        store = accounts("a", "b")
        store.change(contract(monthly(tax_code="?"), id="S-b", account="b"))
        problems = {done.account: done.problems for done in bc.Execution(run_of(), store)}

        assert problems["a"] == ()
        assert [problem.record for problem in problems["b"]] == ["S-b/seats"]

    def test_leaving_the_loop_stops_the_run(self):
        """What was committed stays, the run is stopped, and its accounts are free."""
        store = accounts("a", "b", "c")
        execution = bc.Execution(run_of(), store, window=2)
        for _ in execution:
            break

        assert outcome(last(store)) == ("Stopped", "Generation In Progress")
        assert (last(store).done, last(store).documents) == (2, 2)
        assert [draft.account.id for draft in store.drafts()] == ["a", "b"]
        assert len(bc.execute(run_of(), store).drafts) == 1

    def test_an_error_within_the_loop_stops_the_run(self):
        """An error in the body of the loop is the host's, and leaves the loop."""

        def work(execution):
            for done in execution:
                raise ValueError(done.account)

        store = accounts("a", "b")
        with pytest.raises(ValueError, match="a"):
            work(bc.Execution(run_of(), store))

        assert last(store).status is bc.RunStatus.STOPPED

    def test_it_is_carried_out_once(self):
        """Looping over it again is refused, with what to do."""
        execution = bc.Execution(run_of(), accounts("a"))
        execution.finish()

        with pytest.raises(bc.InvalidInputError, match="carried out already; make another"):
            execution.finish()

    def test_only_some_accounts(self):
        """The accounts that are named are billed, and the length is theirs."""
        execution = bc.Execution(run_of(), accounts("a", "b", "c"), accounts=["c", "b"])

        assert len(execution) == 2
        assert [done.account for done in execution] == ["b", "c"]

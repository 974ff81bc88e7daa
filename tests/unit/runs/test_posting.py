"""Posting runs: from drafts to invoices, in an order that is always the same."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.lifecycle.finalize import finalized_in_turn
from billingcore.testing import check_numbers
from tests.unit.engine.records import (
    VAT,
    accounts,
    contract,
    monthly,
    run_of,
    store_of,
)

POSTED = bc.ExpectedStatus.POSTED
DAY = "2026-04-01"


class Changing:
    """Tax tables of which one estimates, and the other knows the actual taxes."""

    def __init__(self, actual, estimate=VAT):
        self.actual = bc.TaxTable(actual)
        self.estimate = estimate

    def taxes(self, questions, purpose):
        is_actual = purpose is bc.TaxPurpose.ACTUAL
        return (self.actual if is_actual else self.estimate).taxes(questions, purpose)


def drafted(*names, **fields):
    """Make a store with a draft of 10.00 plus 19 % for each account."""
    store = accounts(*names, **fields)
    bc.execute(run_of(), store)
    return store


def numbered(store):
    """Give number and account of each invoice, in the order of their numbers' counting."""
    return [(each.number[-1], each.account.id) for each in store.invoices()]


class TestPost:
    """All drafts of a store, or some of them, are finalized."""

    def test_numbers_follow_the_ids_of_the_drafts(self):
        """However accounts were added, the drafts are numbered in the order of their ids."""
        store = drafted("zeta", "acme", "borg")
        report = bc.post(store, on=DAY)

        assert numbered(store) == [("1", "acme"), ("2", "borg"), ("3", "zeta")]
        assert report.numbers == ["2026-00001", "2026-00002", "2026-00003"]
        assert list(store.drafts()) == []
        assert (report.drafts, report.failures, report.retaxed) == (3, 0, 0)
        assert (report.status, report.record.kind) == (bc.RunStatus.COMPLETED, bc.RunKind.POSTING)
        assert {str(each.date) for each in store.invoices()} == {DAY}

    @pytest.mark.parametrize("batch", [1, 2, 100])
    def test_batches_change_nothing(self, batch):
        """However many go in one step of the store, the invoices are the same."""
        store, whole = drafted("a", "b", "c"), drafted("a", "b", "c")
        bc.post(store, on=DAY, batch=batch)
        bc.post(whole, on=DAY)

        assert list(store.invoices()) == list(whole.invoices())

    def test_an_observer_hears_of_each_batch(self):
        """Stages, drafts done, invoices and totals are told batch by batch."""
        heard = []
        bc.post(drafted("a", "b", "c"), on=DAY, batch=2, on_progress=heard.append)

        assert [(each.stage.value, each.done, each.documents) for each in heard] == [
            ("Filtering Started", 0, 0),
            ("Generation Started", 0, 0),
            ("Generation In Progress", 2, 2),
            ("Generation In Progress", 3, 3),
            ("Generation Completed", 3, 3),
            ("Summarization In Progress", 3, 3),
            ("Completed", 3, 3),
        ]
        assert [str(each) for each in heard[-1].totals] == [
            "drafts 3, net 30.00, tax 5.70, gross 35.70",
        ]

    def test_an_invoice_date_of_its_own_stays(self):
        """The day is for drafts that have no invoice date."""
        store = accounts("a")
        bc.execute(run_of(invoice_date="2026-03-31"), store)
        bc.post(store, on=DAY)

        assert [str(each.date) for each in store.invoices()] == ["2026-03-31"]

    def test_only_the_drafts_of_a_run(self):
        """The drafts of another run stay, and the posting run is named after the one it posts."""
        store = accounts("a", "b")
        bc.execute(run_of(only=["S-a"]), store)
        bc.execute(run_of(id="other"), store)
        report = bc.post(store, on=DAY, run_id="other")

        assert numbered(store) == [("1", "b")]
        assert [draft.account.id for draft in store.drafts()] == ["a"]
        assert report.record.id == "posting of other#1"

    def test_only_those_that_meet_a_condition(self):
        """Drafts for which the condition says no stay as they are."""
        store = drafted("a", "b", "c")
        report = bc.post(store, on=DAY, condition=lambda draft: draft.account.id != "b")

        assert numbered(store) == [("1", "a"), ("2", "c")]
        assert [draft.account.id for draft in store.drafts()] == ["b"]
        assert report.drafts == 2

    @pytest.mark.parametrize(
        ("fields", "message"),
        [({"on": "soon"}, "on"), ({"on": DAY, "batch": 0}, "batch")],
        ids=["day", "batch"],
    )
    def test_wrong_arguments(self, fields, message):
        """A day that is none, and a batch of no draft, are refused before anything begins."""
        store = drafted("a")
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.post(store, **fields)

        assert [each.kind for each in store.runs()] == [bc.RunKind.INVOICING]


class TestTaxes:
    """Estimated taxes give way to actual ones, and differences are reported."""

    def test_a_tax_that_was_estimated_otherwise(self):
        """10.00 at 7 instead of 19 percent are 0.70 instead of 1.90 of tax: 1.20 less."""
        store = drafted("a", "b", tax=Changing({"19": 7}))
        report = bc.post(store, on=DAY)
        first, second = report.tax_differences

        assert (report.retaxed, first.number, second.number) == (2, "2026-00001", "2026-00002")
        assert (first.draft_id, first.currency) == ("2026-03-01..2026-03-31/a/S-a", "EUR")
        assert (first.estimated, first.actual) == (Decimal("1.90"), Decimal("0.70"))
        assert first.difference == Decimal("-1.20")
        assert str(report.totals["EUR"]) == "drafts 2, net 20.00, tax 1.40, gross 21.40"

    def test_only_so_many_are_listed(self):
        """Of three differences the first is listed, and all are counted."""
        store = drafted("a", "b", "c", tax=Changing({"19": 7}))
        report = bc.post(store, on=DAY, keep=1)

        assert (report.retaxed, len(report.tax_differences), len(report.numbers)) == (3, 1, 3)


class TestTrouble:
    """A draft that cannot be finalized stays, and the others are numbered without a gap."""

    def store(self):
        """Make three drafts, of which the second has a tax code that is gone when it is posted."""
        store = accounts("a", "b", "c", tax=Changing({"19": 19}))
        store.change(contract(monthly(tax_code="7"), id="S-b", account="b"))
        bc.execute(run_of(), store)
        return store

    @pytest.mark.parametrize("batch", [1, 100])
    def test_partial_failure(self, batch):
        """The first and the third are numbered 1 and 2; the second stays, and is a failure."""
        store = self.store()
        report = bc.post(store, on=DAY, batch=batch)
        (problem,) = report.problems

        assert numbered(store) == [("1", "a"), ("2", "c")]
        assert (problem.account, problem.record) == ("b", "2026-03-01..2026-03-31/b/S-b")
        assert "unknown tax code '7'" in problem.message
        assert (report.drafts, report.failures, len(report.numbers)) == (3, 1, 2)
        assert (report.status, report.record.stage.value) == (bc.RunStatus.FAILED, "Completed")
        assert [draft.account.id for draft in store.drafts()] == ["b"]

    def test_the_rest_goes_on(self):
        """Once the code is known, the same call posts what stayed with the next number."""
        store = self.store()
        bc.post(store, on=DAY)
        store.tax = VAT
        report = bc.post(store, on=DAY)

        assert (report.numbers, report.drafts, report.record.attempt) == (["2026-00003"], 1, 2)
        check_numbers(store.invoices())

    def test_only_so_many_problems_are_listed(self):
        """Problems beyond the limit are counted only."""
        report = bc.post(self.store(), on=DAY, keep=0)

        assert (report.failures, report.problems) == (1, [])

    def test_a_tax_engine_that_is_offline(self):
        """No draft is posted, each is a problem that can be repeated, and no number is used up."""

        class Offline(Changing):
            def taxes(self, questions, purpose):
                if purpose is bc.TaxPurpose.ACTUAL:
                    raise bc.PortError("no connection", port="TaxEngine", is_retryable=True)
                return super().taxes(questions, purpose)

        store = drafted("a", "b", tax=Offline({}))
        report = bc.post(store, on=DAY)
        store.tax = VAT

        assert [problem.is_retryable for problem in report.problems] == [True, True]
        assert bc.post(store, on=DAY).numbers == ["2026-00001", "2026-00002"]

    def test_what_is_not_taxed_is_told_before_the_store_is_asked(self):
        """A store that fails takes nothing away from what is known to be wrong already."""

        class Partly(Changing):
            def taxes(self, questions, purpose):
                if purpose is bc.TaxPurpose.ACTUAL and any(q.account.id == "a" for q in questions):
                    raise bc.PortError("no connection", port="TaxEngine")
                return super().taxes(questions, purpose)

        def broken(pending):
            raise MemoryError

        store = drafted("a", "b", tax=Partly({"19": 19}))
        store.finalize = broken
        turn = finalized_in_turn([*store.drafts()], store, bc.Period.month(2026, 1).first)
        draft, error = next(turn)

        assert draft.account.id == "a"
        assert error.code == bc.PortError.code
        with pytest.raises(MemoryError):
            next(turn)

    def test_told_to_stop(self):
        """After the first batch it stops; the same call goes on with the next number."""
        store = drafted("a", "b", "c")
        stopped = bc.post(store, on=DAY, batch=1, should_stop=lambda: True)
        rest = bc.post(store, on=DAY, batch=1, should_stop=lambda: False)

        assert (stopped.status.value, stopped.record.stage.value) == (
            "Stopped",
            "Generation In Progress",
        )
        assert (stopped.numbers, rest.numbers) == (["2026-00001"], ["2026-00002", "2026-00003"])
        assert rest.status is bc.RunStatus.COMPLETED
        assert numbered(store) == [("1", "a"), ("2", "b"), ("3", "c")]

    def test_a_crash_between_batches(self):
        """What was posted stays posted, and the rest has the numbers that follow."""
        store, finalize = drafted("a", "b", "c"), bc.MemoryStore.finalize

        def broken(pending):
            if list(store.invoices()):
                raise MemoryError
            return finalize(store, pending)

        store.finalize = broken
        with pytest.raises(MemoryError):
            bc.post(store, on=DAY, batch=2)
        del store.finalize
        report = bc.post(store, on=DAY)

        assert [each.status.value for each in store.runs()][1:] == ["Failed", "Completed"]
        assert report.numbers == ["2026-00003"]

    def test_what_is_booked_without_an_account(self):
        """An invoice that cannot be booked as a whole is posted, and what is missing is a problem."""
        store = drafted("a")
        store.setup = bc.Setup(accounting=bc.Accounting())
        report = bc.post(store, on=DAY)

        assert len(report.numbers) == 1
        assert {problem.account for problem in report.problems} == {"a"}
        assert report.failures == len(report.problems) > 0
        assert report.status is bc.RunStatus.FAILED


def test_the_report_reads_well():
    """A report prints how it ended, and what became of the drafts, also as a table."""
    report = bc.post(drafted("a", "b", tax=Changing({"19": 7})), on=DAY)

    assert str(report).splitlines() == [
        "posting run, Completed",
        "  posted: 2 of 2",
        "  posted EUR: drafts 2, net 20.00, tax 1.40, gross 21.40",
        "  with another tax than estimated: 2",
        "  problems of posting: 0",
    ]
    assert "<caption>posting run, Completed</caption>" in report._repr_html_()
    assert '<th scope="row">posted</th><td>2 of 2</td>' in report._repr_html_()


class TestRunsThatPost:
    """An invoice run whose expected status is posted finalizes its drafts at its end."""

    def test_it_leaves_invoices(self):
        """All drafts of the run are invoices, numbered in the order of their ids."""
        store = accounts("zeta", "acme")
        report = bc.execute(run_of(expected=POSTED), store, on=DAY)

        assert numbered(store) == [("1", "acme"), ("2", "zeta")]
        assert report.posting.numbers == ["2026-00001", "2026-00002"]
        assert (report.posting.record, report.posting.status) == (None, bc.RunStatus.COMPLETED)
        assert report.status is bc.RunStatus.COMPLETED
        assert str(report).splitlines()[-4:] == [
            "  posted: 2 of 2",
            "  posted EUR: drafts 2, net 20.00, tax 3.80, gross 23.80",
            "  with another tax than estimated: 0",
            "  problems of posting: 0",
        ]

    def test_the_date_of_the_run_goes_first(self):
        """The invoices have the run's invoice date, and no day has to be given."""
        store = accounts("a")
        bc.execute(run_of(expected=POSTED, invoice_date="2026-03-31"), store)

        assert [str(each.date) for each in store.invoices()] == ["2026-03-31"]

    def test_failures_of_posting_are_failures_of_the_run(self):
        """A draft that cannot be posted stays, and the run has failed, at its end."""
        store = accounts("a", tax=Changing({}))
        report = bc.execute(run_of(expected=POSTED), store, on=DAY)

        assert (report.record.failures, report.failures, report.posting.failures) == (1, 0, 1)
        assert (report.status.value, report.stage.value) == ("Failed", "Completed")
        assert report.posting.status is bc.RunStatus.FAILED
        assert [draft.account.id for draft in store.drafts()] == ["a"]

    def test_it_is_stopped_while_it_posts(self):
        """Of 101 drafts one batch of 100 is posted; the run again posts the last one."""
        store = accounts(*(f"a{number:03}" for number in range(101)))
        run = run_of(expected=POSTED)
        stopped = bc.execute(run, store, on=DAY, should_stop=lambda: any(store.invoices()))
        report = bc.execute(run, store, on=DAY)

        assert (stopped.status, len(stopped.posting.numbers)) == (bc.RunStatus.STOPPED, 100)
        assert report.posting.numbers == ["2026-00101"]
        assert list(store.drafts()) == []

    def test_what_is_billed_by_choice_leaves_other_drafts(self):
        """A re-run of one contract posts its draft, and not one that stayed before."""
        store = accounts("a", "b", tax=Changing({}))
        run = bc.execute(run_of(expected=POSTED), store, on=DAY).run
        store.tax = VAT
        store.discard("2026-03-01..2026-03-31/b/S-b")
        report = bc.rerun(run.id, store, ["S-b"], on=DAY)

        assert report.posting.numbers == ["2026-00001"]
        assert [draft.account.id for draft in store.drafts()] == ["a"]

    @pytest.mark.parametrize(
        ("run", "day", "message"),
        [
            (run_of(expected=POSTED), None, "posts its drafts, and has no invoice date; say when"),
            (run_of(), DAY, "the run leaves drafts; leave it out, or let the run expect"),
            (run_of(), "soon", "on = 'soon'"),
        ],
        ids=["no day", "only drafts", "no date"],
    )
    def test_refusals(self, run, day, message):
        """A run that posts needs a day, one that does not has none; else nothing begins."""
        store = accounts("a")
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.execute(run, store, on=day)

        assert list(store.runs()) == []

    def test_a_plan_posts_nothing(self):
        """What is planned are the drafts of the run, whatever it expects."""
        (planned,) = bc.plan(run_of(expected=POSTED), accounts("a"))
        (drafted,) = bc.plan(run_of(), accounts("a"))

        assert planned.drafts[0].totals == drafted.drafts[0].totals

    def test_a_posted_contract_is_not_billed_again(self):
        """The run again finds nothing to bill and nothing to post."""
        store = store_of(contract(monthly(tax_code="19")))
        run = run_of(expected=POSTED)
        bc.execute(run, store, on=DAY)
        again = bc.execute(run, store, on=DAY)

        assert (again.draft_ids, again.posting.drafts) == ([], 0)

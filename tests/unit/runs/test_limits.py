"""What a recovery reaches: no more than the run that it recovers, and all of what failed."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.values.period import Period
from tests.unit.engine.records import accounts, contract, monthly, run_of, store_of

LATEST = "latest"


def drafted(store):
    """Give the accounts of all drafts."""
    return [draft.account.id for draft in store.drafts()]


class TestResume:
    """An execution that was limited is resumed with its limits."""

    def test_only_its_accounts(self):
        """What was limited to some accounts bills no other ones."""
        store = accounts("a", "b", "c")
        loop = iter(bc.Execution(run_of(), store, window=1, accounts=["a", "b"]))
        next(loop)
        bc.resume(f"{run_of().id}#1", store)

        assert drafted(store) == ["a", "b"]

    def test_only_what_was_chosen(self):
        """A re-run of chosen records bills these, also when it died and is resumed."""
        store = accounts("a", "b", "c")
        bc.execute(run_of(), store)
        for draft in [*store.drafts()]:
            store.discard(draft.id)
        left = [*bc.remaining(LATEST, store)][:2]
        commit = store.commit

        def dies(outcomes):
            if outcomes[0].account == "b":
                raise RuntimeError("out of memory")
            return commit(outcomes)

        store.commit = dies
        with pytest.raises(RuntimeError):
            bc.rerun(LATEST, store, left, window=1)
        store.commit = commit
        bc.resume(f"{run_of().id}#2", store)

        assert drafted(store) == ["a", "b"]

    def test_the_run_itself_has_other_limits_than_its_re_runs(self):
        """By the id of the run all of it is resumed, whatever a re-run was limited to."""
        store = accounts("a", "b", "c")
        bc.execute(run_of(), store)
        for draft in [*store.drafts()]:
            store.discard(draft.id)
        bc.rerun(LATEST, store, ["S-a"])
        bc.resume(run_of().id, store)

        assert drafted(store) == ["a", "b", "c"]

    def test_accounts_that_come_while_others_are_billed(self):
        """A host may add an account within the loop; it is billed by this run or by the next."""
        store = accounts("a", "b")
        for done in bc.Execution(run_of(), store, window=1):
            if done.account == "a":
                store.add(bc.Account("c", currency="EUR"))
                store.add(contract(monthly(), id="S-c", account="c"))
        bc.execute(run_of(), store)

        assert drafted(store) == ["a", "b", "c"]

    def test_what_a_run_never_wanted_is_not_remaining(self):
        """A run of chosen records has no other ones in its scope."""
        store = accounts("a", "b")
        bc.execute(run_of(only=["S-b"]), store)
        assert list(bc.remaining(LATEST, store)) == []

        store.discard(next(store.drafts()).id)
        assert [each.name for each in bc.remaining(LATEST, store)] == ["S-b"]


class TestRecover:
    """All that failed is recovered, also what the error log does not know."""

    def test_after_a_store_that_could_not_be_reached(self):
        """If the log could not be written either, all that is left of the run is billed."""
        store = accounts("a", "b")
        commit = store.commit

        def fails(outcomes):
            raise bc.PortError("down", port="Store", is_retryable=True)

        store.commit = fails
        assert bc.execute(run_of(), store).failures == 2
        store.commit = commit
        bc.recover(LATEST, store)

        assert drafted(store) == ["a", "b"]

    @pytest.mark.parametrize("held", [bc.OnProblem.INVOICE, bc.OnProblem.ACCOUNT])
    def test_what_a_problem_held_back(self, held):
        """Items that waited for a wrong one are billed with it, on one document."""
        policy = bc.DOCUMENTED.but(on_problem=held)
        store = store_of(contract(monthly("a"), monthly("b", tax_code="?")))
        bc.execute(run_of(policy=policy), store)
        store.change(contract(monthly("a"), monthly("b")))
        (draft,) = bc.recover(LATEST, store).drafts

        assert [line.record for line in draft.lines] == ["S-1/a", "S-1/b"]

    def test_what_could_not_be_posted(self):
        """A run that posts its drafts posts those that failed before."""
        store = accounts("a", "b")
        run = run_of(expected=bc.ExpectedStatus.POSTED, invoice_date="2026-03-31")
        finalize = store.finalize
        store.finalize = lambda pending: [bc.PortError("down") for _ in pending]
        assert bc.execute(run, store).posting.failures == 2
        store.finalize = finalize
        report = bc.recover(LATEST, store)

        assert [*report.posting.numbers] == ["2026-00001", "2026-00002"]
        assert drafted(store) == []


class TestChoices:
    """Wrong choices are told, and bill nothing."""

    def test_nothing_is_chosen(self):
        """An empty list is no choice."""
        store = accounts("a")
        bc.execute(run_of(), store)

        with pytest.raises(bc.InvalidInputError, match="nothing is chosen"):
            bc.rerun(LATEST, store, [])

    def test_one_text_is_no_list_of_accounts(self):
        """A text is not taken letter by letter."""
        with pytest.raises(bc.InvalidInputError, match=r"accounts = 'acme'.*one text"):
            bc.execute(run_of(), accounts("a"), accounts="acme")

    @pytest.mark.parametrize("name", [LATEST, "x#1"])
    def test_an_id_that_is_a_word_for_an_execution(self, name):
        """A run cannot have an id that finds another one."""
        with pytest.raises(bc.InvalidInputError, match="taken for that of an execution"):
            bc.InvoiceRun(Period.month(2026, 1), id=name)

    def test_a_posting_run_of_no_execution(self):
        """A posting run takes the place of an execution that is there."""
        with pytest.raises(bc.InvalidInputError, match="no such execution"):
            bc.post(accounts("a"), on="2026-03-31", of="posting#7")

    def test_the_advice_for_a_dead_posting_run_of_one_run(self):
        """The advice names the run, so that nothing else is posted."""
        store = accounts("a")
        store.begin(bc.RunRecord("posting of R-1", kind=bc.RunKind.POSTING))

        advice = r"post\(store, on=\.\.\., run_id='R-1', of='posting of R-1#1'\)"
        with pytest.raises(bc.ConflictError, match=advice):
            bc.execute(run_of(), store)

    def test_runs_of_different_filters_have_different_ids(self):
        """With and without subscriptions, and whatever the names of filters are."""
        generic = bc.UseCase.GENERIC
        a, b, both = (bc.Filter(name, use_case=generic, target="O") for name in ("a", "b", "a+b"))
        selections = [
            bc.Selection([a]),
            bc.Selection([a], has_subscriptions=False),
            bc.Selection([a, b]),
            bc.Selection([both]),
        ]

        names = [each.name for each in selections]
        assert names == ["a", "a+only", "a+b", "a%2Bb"]


class TestFunctionsOfTheHost:
    """A function of the host that fails spoils its account and no other."""

    @pytest.mark.parametrize("engine", [None, "asked"])
    def test_a_condition(self, engine):
        """A filter's condition that fails on one account is a problem that names it."""

        def is_chosen(subscription):
            return {"S-a": True, "S-c": True}[subscription.id]

        store = accounts("a", "b", "c")
        if engine:
            store.tax = Asked(store.tax)
        run = run_of(selection=bc.Selection([bc.Filter("some", is_chosen)]))
        (problem,) = bc.execute(run, store).problems

        assert drafted(store) == ["a", "c"]
        assert problem.account == problem.record == "b"
        assert problem.message == "Account 'b': a function of the run raised KeyError: 'S-b'"

    def test_rates_that_time_out(self):
        """A rate service that fails leaves its draft; the others are posted."""
        store = bc.MemoryStore(setup=bc.Setup(house_currency="EUR", exchange=Down()))
        for name, currency in (("a", "EUR"), ("b", "USD"), ("c", "EUR")):
            store.add(bc.Account(name, currency=currency))
            store.add(contract(monthly(), id=f"S-{name}", account=name))
        bc.execute(run_of(), store)
        report = bc.post(store, on="2026-03-31")

        assert [*report.numbers] == ["2026-00001", "2026-00002"]
        (problem,) = report.problems
        assert (problem.account, problem.is_retryable) == ("b", True)

    def test_a_draft_that_is_gone_when_it_is_posted(self):
        """A re-run that posts its drafts does not miss one that somebody discarded meanwhile."""
        store = accounts("a", "b")
        run = run_of(expected=bc.ExpectedStatus.POSTED, invoice_date="2026-03-31", only=bc.ALL)
        for done in bc.Execution(run, store, window=2):
            if done.account == "a":
                store.discard(done.draft_ids[0])

        assert [each.account.id for each in store.invoices()] == ["b"]


def test_problems_that_are_not_listed():
    """Problems are raised also if none is kept."""
    store = store_of(contract(monthly(tax_code="?")))
    report = bc.execute(run_of(), store, keep=0)

    with pytest.raises(bc.BillingProblemsError, match="1, none of them listed"):
        report.raise_for_problems()


@pytest.mark.parametrize(
    ("name", "field"),
    [("records", "subscription_filter"), ("some", "generic_filters"), ("records", "usage_filters")],
)
def test_a_schedule_names_filters_of_the_right_kind(name, field):
    """A parameter that names a filter for something else is refused."""
    filters = [
        bc.Filter("some"),
        bc.Filter("records", use_case=bc.UseCase.GENERIC, target="Order"),
    ]
    with pytest.raises(bc.InvalidInputError, match="its use case is"):
        bc.ScheduledRun("Nightly", filters=filters, **{field: name})


class Asked:
    """A tax engine that is no table."""

    def __init__(self, table):
        self.table = table

    def taxes(self, questions, purpose):
        """Answer what the table says."""
        return self.table.taxes(questions, purpose)


class Down:
    """Rates that cannot be reached."""

    def rate(self, base, quote, on):
        """Wait for too long."""
        raise TimeoutError("no answer")

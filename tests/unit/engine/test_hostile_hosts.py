"""Hosts that fail: each failure is isolated and reported, and the others are billed."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import check_outcome
from tests.unit.engine.records import ACME, VAT, bill, contract, monthly, once, run_of, store_of

NAMES = ("a", "b", "c", "d", "e")


class Taxes:
    """A tax engine that fails where it is told to."""

    def __init__(self, fails, error=None):
        self.fails = fails
        self.error = error or bc.PortError("down", port="TaxEngine", is_retryable=True)
        self.calls = []

    def taxes(self, questions, purpose):
        accounts = [question.account.id for question in questions]
        self.calls.append(accounts)
        if self.fails(accounts):
            raise self.error
        return VAT.taxes(questions, purpose)


def world(tax, kind=bc.MemoryStore):
    """Make a store of five accounts with one taxed item each."""
    store = kind(tax=tax)
    for name in NAMES:
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(monthly(tax_code="19"), id=f"S-{name}", account=name))
    return store


def test_the_tax_engine_fails_for_one_account():
    """One account that cannot be taxed is a retryable problem; the others of its window are billed."""
    store = world(Taxes(lambda accounts: "c" in accounts))
    report = bc.execute(run_of(), store)
    (problem,) = report.problems

    assert [draft.account.id for draft in report.drafts] == ["a", "b", "d", "e"]
    assert (problem.account, problem.record) == ("c", "S-c/seats")
    assert (problem.code, problem.is_retryable) == ("port", True)
    assert "TaxEngine: down" in str(problem)
    store.tax = VAT
    assert [draft.account.id for draft in bc.execute(run_of(), store).drafts] == ["c"]


def test_the_tax_engine_fails_for_windows():
    """An engine that answers single accounts only costs more calls, and nothing else."""
    tax = Taxes(lambda accounts: len(accounts) > 1)
    report = bc.execute(run_of(), world(tax), window=3)

    assert (len(report.drafts), report.problems) == (5, [])
    assert [len(accounts) for accounts in tax.calls] == [3, 1, 1, 1, 2, 1, 1]


def test_the_tax_engine_is_down():
    """Without any answer nothing is billed, and every record is reported as retryable."""
    store = world(Taxes(lambda _: True))
    report = bc.execute(run_of(), store)

    assert report.draft_ids == []
    assert [(each.record, each.is_retryable) for each in report.problems] == [
        (f"S-{name}/seats", True) for name in NAMES
    ]


def test_a_failure_that_is_not_retryable():
    """Whether asking again can help is said by the adapter, and passed on."""
    report = bc.execute(run_of(), world(Taxes(lambda _: True, bc.PortError("no contract"))))

    assert {problem.is_retryable for problem in report.problems} == {False}


def test_one_account_is_not_asked_for_twice():
    """A failure for a single account is final: it is not asked for again."""
    tax = Taxes(lambda _: True)
    bc.execute(run_of(), world(tax), window=1)

    assert [len(accounts) for accounts in tax.calls] == [1] * 5


def test_a_failed_account_says_what_it_would_have_excluded():
    """What is excluded without any tax is excluded also when the tax engine fails."""
    items = monthly(tax_code="19"), monthly("off", active=False), monthly("untaxed")
    store = store_of(contract(*items), tax=Taxes(lambda _: True))
    (outcome,) = bc.plan(run_of(), store)

    assert outcome.drafts == ()
    assert [problem.record for problem in outcome.problems] == ["S-1/seats", "S-1/untaxed"]
    check_outcome(outcome, store.snapshot("acme"))


def test_accounts_without_tax_codes_need_no_tax_engine():
    """Where there is nothing to ask, a tax engine that is down does not matter."""
    store = store_of(contract(monthly()), tax=Taxes(lambda _: True))

    assert len(bc.execute(run_of(), store).drafts) == 1
    assert store.tax.calls == []


class Wrong:
    """A tax engine whose answers are wrong."""

    def __init__(self, answers):
        self.answers = answers

    def taxes(self, questions, purpose):
        return self.answers(questions)


def slices(*periods):
    """Make an answer of slices over these days."""
    tax = bc.Tax("19", rate=19)
    return tuple(bc.TaxSlice(bc.Period(*period), tax) for period in periods)


MARCH_IN_TWO = ("2026-03-01", "2026-03-10"), ("2026-03-10", "2026-04-01")


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        (lambda _: (), "gave 0 answers to 1 questions"),
        (lambda questions: [slices(MARCH_IN_TWO[0])] * 2, "gave 2 answers to 1 questions"),
        (lambda _: [()], "do not follow each other"),
        (lambda _: [slices(MARCH_IN_TWO[0], ("2026-03-11", "2026-04-01"))], "do not follow"),
        (lambda _: [slices(("2026-02-01", "2026-03-10"), MARCH_IN_TWO[1])], "do not follow"),
        (lambda _: [slices(MARCH_IN_TWO[0], ("2026-03-10", "2026-04-02"))], "do not follow"),
        (lambda _: [slices(("1999-01-01", "1999-01-15"))], "do not follow"),
        (lambda _: [("19 %",)], "gave '19 %' among its slices"),
        (lambda _: ["19 %"], "gave '19 %' instead of slices or a refusal"),
    ],
    ids=[
        "none",
        "too many",
        "no slices",
        "gap",
        "begins early",
        "ends late",
        "other days",
        "no slice",
        "no answer",
    ],
)
def test_wrong_answers(answers, rule):
    """An engine that breaks its contract is named in a problem of each record that it spoils."""
    split = bc.DOCUMENTED.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
    store = store_of(contract(monthly(tax_code="19")), tax=Wrong(answers))
    report = bc.execute(run_of(policy=split), store)

    assert [problem.code for problem in report.problems] == ["port"]
    assert rule in str(report.problems[0])
    assert report.draft_ids == []


def test_wrong_answers_to_a_single_account():
    """`bill` raises what `execute` reports."""
    store = store_of(contract(monthly(tax_code="19")), tax=Wrong(lambda _: ()))

    with pytest.raises(bc.PortError, match="gave 0 answers"):
        bill(store)


class Unreadable(bc.MemoryStore):
    """A store with an account whose record is wrong."""

    def snapshot(self, account):
        if account == "c":
            raise bc.InvalidInputError("broken row", field="start", value="31.12.")
        return super().snapshot(account)


def test_an_account_that_cannot_be_read():
    """A snapshot that cannot be read is a problem of its account; the others are billed."""
    report = bc.execute(run_of(), world(VAT, Unreadable))
    (problem,) = report.problems

    assert (report.accounts, len(report.drafts)) == (5, 4)
    assert (problem.account, problem.record, problem.field) == ("c", "c", "start")
    assert "broken row" in problem.message


def test_an_account_that_is_gone():
    """An account that is listed but unknown is a problem that says so."""
    store = world(VAT)
    store.references = lambda criteria: map(bc.Reference, ("a", "ghost", "b"))
    report = bc.execute(run_of(), store)

    assert [problem.account for problem in report.problems] == ["ghost"]
    assert len(report.drafts) == 2


WRONG = once("wrong", tax_code="?", criterion="A")
SAME_DOCUMENT = once("same", tax_code="19", criterion="A")
OTHER_DOCUMENT = once("other", tax_code="19", criterion="B")
NOT_MEASURABLE = monthly(
    "wrong", cadence=bc.weekly(), billing_type=bc.RECURRING_PRORATED, criterion="A"
)


@pytest.mark.parametrize("wrong", [WRONG, NOT_MEASURABLE], ids=["tax code", "weeks by months"])
@pytest.mark.parametrize(
    ("on_problem", "billed"),
    [
        (bc.OnProblem.RECORD, ["same", "other"]),
        (bc.OnProblem.INVOICE, ["other"]),
        (bc.OnProblem.ACCOUNT, []),
    ],
    ids=["record", "invoice", "account"],
)
def test_what_a_problem_holds_back(wrong, on_problem, billed):
    """A problem spoils its record, by policy also its document or its account; all are reported."""
    store = store_of(contract(wrong, SAME_DOCUMENT, OTHER_DOCUMENT))
    outcome = bill(store, run_of(on_problem=on_problem))
    titles = [line.title for draft in outcome.drafts for line in draft.lines]

    assert titles == billed
    assert [problem.record for problem in outcome.problems] == ["S-1/wrong"]
    assert [(each.record, each.reason) for each in outcome.exclusions] == [
        (f"S-1/{name}", bc.Reason.OTHER_PROBLEM) for name in ("same", "other") if name not in billed
    ]
    check_outcome(outcome, store.snapshot("acme"))


def test_a_problem_names_record_field_and_fix():
    """A problem says which record, which field, which value, and what to do."""
    (problem,) = bill(store_of(contract(WRONG))).problems

    assert (problem.record, problem.field, problem.code) == (
        "S-1/wrong",
        "tax_code",
        "invalid-input",
    )
    assert "'?'" in problem.message
    assert "known: 19, 7, free" in problem.advice
    assert str(problem).startswith("account acme, S-1/wrong: ")


def test_a_record_on_two_documents_is_one_problem():
    """A refused tax code spoils all lines of its record, and is reported once."""
    by_month = bc.Criterion("month", lambda line: line.service_period.first.month)
    run = run_of(policy=bc.LEVEL.but(grouping=[by_month]))
    store = store_of(contract(monthly("wrong", tax_code="?"), monthly("fine")))
    outcome = bill(store, run)

    assert len(outcome.problems) == 1
    assert [len(draft.lines) for draft in outcome.drafts] == [1, 1, 1]
    check_outcome(outcome, store.snapshot("acme"))


def test_a_record_taxed_on_one_document_and_refused_on_another():
    """A record whose rate is missing in one of its months is a problem as a whole."""
    table = bc.TaxTable({"late": [bc.TaxRate(19, start="2026-02-01")]})
    by_month = bc.Criterion("month", lambda line: line.service_period.first.month)
    run = run_of(policy=bc.LEVEL.but(grouping=[by_month]))
    store = store_of(contract(monthly("wrong", tax_code="late"), monthly("fine")), tax=table)
    outcome = bill(store, run)

    assert outcome.billed == {"S-1/fine"}
    check_outcome(outcome, store.snapshot("acme"))


def test_a_document_too_large_spoils_its_records_as_a_whole():
    """A record with lines on two documents, one of them too large, is a problem and not billed."""
    by_month = bc.Criterion("month", lambda line: line.service_period.first.month)
    run = run_of(policy=bc.LEVEL.but(grouping=[by_month]))
    huge = monthly("huge", "900000000000", quantity=999, start="2026-02-01")
    price = monthly("fine", "900000000000", quantity=999)
    store = store_of(contract(huge, price))
    outcome = bill(store, run)

    check_outcome(outcome, store.snapshot("acme"))


def test_no_such_seller():
    """An unknown business entity is a problem of every position of the contract."""
    (one, other) = bill(store_of(contract(monthly("a"), monthly("b"), entity="Nobody"))).problems

    assert (one.record, other.record, one.field) == ("S-1/a", "S-1/b", "entity")


@pytest.mark.parametrize("on_problem", [bc.OnProblem.INVOICE, bc.OnProblem.ACCOUNT])
def test_no_such_seller_holds_back(on_problem):
    """A contract without a seller is on no document; with ACCOUNT it holds back the others."""
    store = store_of(contract(monthly("a"), entity="Nobody"), contract(monthly("b"), id="S-2"))
    outcome = bill(store, run_of(on_problem=on_problem))

    assert len(outcome.drafts) == (on_problem is bc.OnProblem.INVOICE)
    check_outcome(outcome, store.snapshot("acme"))


def test_what_is_held_back_waives_nothing():
    """Periods are not forgiven for a record that a problem elsewhere holds back."""
    forgive = {"catch_up": bc.CatchUp.FORGIVE, "first_period": bc.FirstPeriod.FROM_ITEM}
    store = store_of(contract(monthly("fine"), once("wrong", tax_code="?")))
    outcome = bill(store, run_of(on_problem=bc.OnProblem.ACCOUNT, **forgive))

    assert outcome.decisions == ()
    assert bill(store, run_of(**forgive)).decisions != ()


def test_an_account_without_anything():
    """An account without contracts gives an empty outcome."""
    outcome = bill(store_of(account=ACME))

    assert (outcome.drafts, outcome.exclusions, outcome.problems) == ((), (), ())
    assert repr(outcome) == "<outcome of acme: drafts 0, excluded 0, problems 0>"
    assert (outcome.splits, outcome.billed, outcome.untaxed_lines) == ([], frozenset(), 0)
    outcome.raise_for_problems()


class Unreachable(bc.MemoryStore):
    """A store that cannot reach one account."""

    def snapshot(self, account):
        if account == "c":
            raise bc.PortError("timed out", port="Source", is_retryable=True)
        return super().snapshot(account)


def test_an_account_that_cannot_be_reached():
    """A source that fails for one account spoils that account, which can be retried."""
    report = bc.execute(run_of(), world(VAT, Unreachable))

    assert (len(report.drafts), [each.account for each in report.problems]) == (4, ["c"])
    assert report.problems[0].is_retryable


@pytest.mark.parametrize(
    "answers",
    [lambda _: None, lambda questions: ["19"] * len(questions), iter],
    ids=["nothing", "texts", "an iterator"],
)
def test_answers_that_are_none(answers):
    """An engine whose answers have the wrong type breaks its contract, and is reported."""
    report = bc.execute(run_of(), store_of(contract(monthly(tax_code="19")), tax=Wrong(answers)))

    assert [problem.code for problem in report.problems] == ["port"]


def test_an_account_that_is_listed_twice():
    """A source that yields an account twice gets it billed once, and reported as billed."""
    store = store_of(contract(monthly()))
    store.accounts = lambda: ("acme", "acme")
    report = bc.execute(run_of(), store)

    assert report.draft_ids == [draft.id for draft in store.drafts()]


@pytest.mark.parametrize("window", [0, -1])
def test_a_window_of_nothing(window):
    """A window without accounts is refused; it would bill nobody and say nothing."""
    with pytest.raises(bc.InvalidInputError):
        bc.execute(run_of(), store_of(contract(monthly())), window=window)
    with pytest.raises(bc.InvalidInputError):
        list(bc.plan(run_of(), store_of(contract(monthly())), window=window))

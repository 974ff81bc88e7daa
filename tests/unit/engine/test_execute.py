"""Runs over many accounts: windows, progress, conflicts, and the report."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.unit.engine.records import (
    ACME,
    JANUARY,
    MARCH,
    amounts,
    contract,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)


def many(count, **fields):
    """Make a store of some accounts with a monthly item each."""
    store = bc.MemoryStore()
    for number in range(count):
        name = f"a{number:02}"
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(monthly(**fields), id=f"S{number}", account=name))
    return store


def test_a_run_is_a_run():
    """Each account gets its draft; a second execution adds none and says why."""
    store = many(40)
    report, again = bc.execute(run_of(), store), bc.execute(run_of(), store)

    assert (report.accounts, len(report.drafts), report.lines) == (40, 40, 40)
    assert (again.accounts, len(again.drafts)) == (40, 0)
    assert again.excluded == {bc.Reason.DRAFT_EXISTS: 40}


def test_plan_is_lazy():
    """A plan reads no more accounts than are asked for."""
    read = []

    class Counting(bc.MemoryStore):
        def snapshot(self, account):
            read.append(account)
            return super().snapshot(account)

    store = Counting()
    store.add(*(bc.Account(f"a{number}", currency="EUR") for number in range(100)))
    outcomes = bc.plan(run_of(), store, window=5)
    assert read == []
    next(outcomes)

    assert len(read) == 5


@pytest.mark.parametrize("window", [1, 7, 16, 1000])
def test_windows_change_nothing(window):
    """However many accounts are worked on together, the result is the same."""
    wanted = [canonical(outcome) for outcome in bc.plan(run_of(), many(20))]
    store = many(20)
    bc.execute(run_of(), store, window=window)

    assert [canonical(each) for each in bc.plan(run_of(), many(20), window=window)] == wanted
    assert len(list(store.drafts())) == 20


def test_progress():
    """The host hears of each stage in its order, and of each window how far the run is."""
    store, heard = many(5), []
    bc.execute(run_of(), store, window=2, on_progress=heard.append)

    assert [(each.stage, each.done, each.accounts, each.documents) for each in heard] == [
        (bc.RunStage.FILTERING_STARTED, 0, 0, 0),
        (bc.RunStage.FILTERING_IN_PROGRESS, 0, 0, 0),
        (bc.RunStage.FILTERING_COMPLETED, 0, 5, 0),
        (bc.RunStage.GENERATION_STARTED, 0, 5, 0),
        (bc.RunStage.GENERATION_IN_PROGRESS, 2, 5, 2),
        (bc.RunStage.GENERATION_IN_PROGRESS, 4, 5, 4),
        (bc.RunStage.GENERATION_IN_PROGRESS, 5, 5, 5),
        (bc.RunStage.GENERATION_COMPLETED, 5, 5, 5),
        (bc.RunStage.SUMMARIZATION_IN_PROGRESS, 5, 5, 5),
        (bc.RunStage.COMPLETED, 5, 5, 5),
    ]


class Contended(bc.MemoryStore):
    """A store in which somebody else is faster a few times."""

    def __init__(self, times, names=("acme",)):
        super().__init__()
        self.times = times
        self.names = names
        self.commits = []

    def commit(self, outcomes):
        self.commits.append([outcome.account for outcome in outcomes])
        if self.times:
            self.times -= 1
            for name in self.names:
                self.change(bc.Account(name, currency="EUR"))
        return super().commit(outcomes)


def contended(times, names=("acme",)):
    """Make a store of two accounts, of which some are contended."""
    store = Contended(times, names)
    for name in ("acme", "zeta"):
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(monthly(), id=f"S-{name}", account=name))
    return store


@pytest.mark.parametrize("times", [1, 2, 4])
def test_conflicts_are_repeated(times):
    """An account that was changed meanwhile is read and billed again; others are not."""
    store = contended(times)
    report = bc.execute(run_of(), store)

    assert (report.accounts, len(report.drafts), report.problems) == (2, 2, [])
    assert store.commits == [["acme", "zeta"], *[["acme"]] * times]


def test_an_account_that_is_never_quiet():
    """After five attempts the account is a retryable problem; the other one is billed."""
    store = contended(10**9)
    report = bc.execute(run_of(), store)
    (problem,) = report.problems

    assert [draft.account.id for draft in report.drafts] == ["zeta"]
    assert (problem.account, problem.code, problem.is_retryable) == ("acme", "conflict", True)
    *attempts, left_word = store.commits
    assert attempts == [["acme", "zeta"], *([["acme"]] * 4)]
    assert left_word == ["acme"]
    assert "changed 5 times" in str(problem)


def test_a_conflict_bills_what_is_true_then():
    """After a conflict the account is billed as it is now, not as it was read first."""
    store = contended(1)
    original = Contended.commit

    def commit(outcomes):
        if store.times:
            store.change(contract(monthly(price=99), id="S-acme"))
        return original(store, outcomes)

    store.commit = commit
    bc.execute(run_of(), store)

    assert [draft.totals.net for draft in store.drafts()] == [99, 10]


def test_totals_are_per_currency():
    """Sums are kept per currency, and never added."""
    account = bc.Account("acme", currency="EUR")
    items = [monthly("a", 10), monthly("b", 20, currency="USD"), monthly("c", 5, currency="USD")]
    store = store_of(contract(*items), account=account)
    report = bc.execute(run_of(), store)

    assert {code: (each.documents, each.net) for code, each in report.totals.items()} == {
        "EUR": (1, 10),
        "USD": (1, 25),
    }


def test_the_report_reads_well():
    """A report prints counts, totals, reasons and problems."""
    items = [
        monthly("a", 10, tax_code="19"),
        monthly("b", active=False),
        monthly("c", 1),
        monthly("d", tax_code="?"),
    ]
    report = bc.execute(run_of(), store_of(contract(*items)))

    policy = "time before the first run is not billed under this policy"
    assert str(report).splitlines() == [
        "run 2026-03-01..2026-03-31, policy DOCUMENTED",
        "  accounts: 1",
        "  drafts: 1",
        "  lines: 2",
        "  lines without tax code: 1",
        "  total EUR: drafts 1, net 11.00, tax 1.90, gross 12.90",
        "  not billed: ITEM_INACTIVE: 1 (the item is not active)",
        f"  time left out: BEFORE_FIRST_RUN: 3 ({policy})",
        "  problems: 1",
    ]
    html = report._repr_html_()
    assert html.startswith("<table>")
    assert "Run 2026-03-01..2026-03-31, policy DOCUMENTED" in html


def test_the_report_escapes_its_html():
    """What a policy is called cannot become markup."""
    report = bc.execute(run_of(policy=bc.LEVEL.but(name="<b>")), store_of())

    assert "&lt;b&gt;" in report._repr_html_()


def test_the_report_as_rows():
    """All that was not billed can be put into a table."""
    items = [
        monthly("a"),
        monthly("b", active=False),
        monthly("d", tax_code="?", start="2026-03-01"),
    ]
    report = bc.execute(run_of(), store_of(contract(*items)))
    rows = report.records()

    assert [(row["record"], row["outcome"], row["reason"]) for row in rows] == [
        ("S-1/b", "excluded", "ITEM_INACTIVE"),
        ("S-1/a", "left out", "BEFORE_FIRST_RUN"),
        ("S-1/d", "problem", "invalid-input"),
    ]
    assert [str(row["first"]) for row in rows] == ["None", "2026-01-01", "None"]
    assert [str(row["last"]) for row in rows] == ["None", "2026-02-28", "None"]
    assert all(row["account"] == "acme" for row in rows)
    assert "unknown tax code '?'" in rows[2]["message"]


def test_a_report_lists_only_so_many():
    """Of many exclusions the first are listed; the counts are complete."""
    report = bc.execute(run_of(), many(30, active=False), keep=7)
    left = bc.execute(run_of(), many(30), keep=7)

    assert (len(report.exclusions), report.excluded) == (7, {bc.Reason.ITEM_INACTIVE: 30})
    assert (len(left.left_out_time), left.left_out) == (7, {bc.Reason.BEFORE_FIRST_RUN: 30})


def test_the_drafts_of_a_report_are_a_view():
    """The drafts are read from the store: sized, sliced, and as they are stored now."""
    store = many(3)
    report = bc.execute(run_of(), store)
    store.put(bc.edit.change_line(report.drafts[0], 1, quantity=5))

    assert report.drafts[0].totals.net == 50
    assert [draft.totals.net for draft in report.drafts[1:]] == [10, 10]
    assert (len(report.drafts[:2]), report.drafts[-1].account.id) == (2, "a02")
    assert repr(report.drafts) == "<3 drafts>"


def test_problems_can_be_raised():
    """A host that prefers exceptions gets all problems at once, and none if there are none."""
    items = [monthly(name, tax_code="?") for name in "ab"]
    report = bc.execute(run_of(), store_of(contract(*items, monthly("c"))))

    with pytest.raises(
        bc.BillingProblemsError, match="records that could not be billed: 2"
    ) as caught:
        report.raise_for_problems()
    assert all("unknown tax code" in str(error) for error in caught.value.exceptions)
    bc.execute(run_of(), many(1)).raise_for_problems()


def test_a_group_of_problems_can_be_split():
    """`except*` finds the problems in a group, and what is left keeps the message."""
    outcome = next(bc.plan(run_of(), store_of(contract(monthly(tax_code="?")))))
    seen = []
    try:
        outcome.raise_for_problems()
    except* bc.InvalidInputError as group:
        seen = [group.message, *map(str, group.exceptions)]

    assert seen[0] == "records that could not be billed: 1"
    assert "S-1/seats" in seen[1]


def test_a_period_run_twice_a_quarter():
    """Runs of January and March bill January and, with `LEVEL`, then February and March."""
    store = store_of(contract(monthly(tax_code="19")))
    for period in (JANUARY, MARCH):
        bc.execute(run_of(period, policy=bc.LEVEL), store)
    totals = [draft.totals.net for draft in store.drafts()]

    assert (totals, sum(totals)) == ([10, 20], 30)


def test_merged_and_forgiven_periods():
    """Several due periods become one line, or those before the run are waived for good."""
    merged = store_of(contract(monthly()))
    forgiven = store_of(contract(monthly()))
    since_item = {"first_period": bc.FirstPeriod.FROM_ITEM}
    (one,) = bc.execute(run_of(catch_up=bc.CatchUp.MERGED, **since_item), merged).drafts
    report = bc.execute(run_of(catch_up=bc.CatchUp.FORGIVE, **since_item), forgiven)
    (march,) = report.drafts
    finalize_all(forgiven)

    assert [(str(line.service_period), line.net) for line in one.lines] == [
        ("2026-01-01/2026-04-01", Decimal(30))
    ]
    assert [(str(line.service_period), line.net) for line in march.lines] == [
        ("2026-03-01/2026-04-01", Decimal(10))
    ]
    assert report.left_out == {bc.Reason.FORGIVEN: 2}
    assert bc.execute(run_of(policy=bc.LEVEL), forgiven).draft_ids == []


def test_merged_rows_end_where_something_is_covered():
    """Periods on both sides of a covered month become two lines."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(bc.Period.month(2026, 2)), store)
    finalize_all(store)
    policy = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    (draft,) = bc.execute(run_of(policy=policy), store).drafts

    assert [str(line.service_period) for line in draft.lines] == [
        "2026-01-01/2026-02-01",
        "2026-03-01/2026-04-01",
    ]


def test_a_run_that_covers_the_middle_of_a_run():
    """An item of each run is billed for the days that no document covers."""
    store = store_of(contract(monthly(cadence=None), once()))
    bc.execute(run_of(bc.Period("2026-03-01", "2026-03-16")), store)
    (rest,) = bc.execute(run_of(policy=bc.LEVEL), store).drafts

    assert [str(line.service_period) for line in rest.lines] == ["2026-03-16/2026-04-01"]
    assert rest.lines[0].net == amounts("10.00")[0]
    assert rest.account == ACME

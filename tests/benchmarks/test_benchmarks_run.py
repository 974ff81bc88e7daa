"""The benchmarks still run, and measure two sides that bill the same."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import billingcore as bc

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
TINY = ("--lines", "96", "--repeat", "1")


@pytest.fixture
def sides(monkeypatch):
    """Give the modules of the benchmarks, which import each other as scripts do."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import cases
    import ceiling
    import workload

    return cases, ceiling, workload


@pytest.fixture
def history(monkeypatch):
    """Give the module that measures by the length of the history."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import history

    return history


def output_of(script, *arguments):
    """Run a script of the benchmarks as a user does, and give what it prints."""
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_row_is_printed_with_its_ratios(sides):
    """A run over a tiny workload prints each row, with two ratios above zero."""
    cases, _, _ = sides
    lines = output_of("run.py", *TINY).splitlines()

    for case in cases.CASES:
        (row,) = [line for line in lines if line.startswith(f"{case.title}  ")]
        ratio, median = map(float, row.split()[-2:])
        assert ratio > 0
        assert median > 0


def test_usage_is_measured_beside_a_loop_that_agrees():
    """Usage is billed alike on both sides, and their ratio is printed."""
    lines = output_of("usage.py", "--records", "2000", "--repeat", "1").splitlines()

    assert lines[1] == "2,000 usage records into 200 lines"
    assert float(lines[-1].split()[1].rstrip(",")) > 0


def test_the_profile_finds_every_stage():
    """The table of stages knows the functions of today's library, and finds time in them."""
    text = output_of("run.py", "--profile", "--only", "finalize", *TINY)

    assert "finalizing" in text
    assert "not found" not in text


def test_the_scaling_run_bills_every_account():
    """A streamed run bills all accounts of a source, and says what it took."""
    found = json.loads(output_of("scaling.py", "1000", "1"))

    assert set(found) == {"run", "reading", "peak"}
    assert min(found.values()) > 0


@pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=["DOCUMENTED", "LEVEL"])
@pytest.mark.parametrize(
    "variant",
    [
        {},
        {"prorated": False},
        {"covered": True},
        {"ends": True},
        {"versions": True},
        {"versions": True, "prorated": False},
    ],
    ids=[
        "prorated",
        "whole months",
        "second month",
        "an end per item",
        "versions, one change inside",
        "versions, whole months",
    ],
)
def test_ceiling_and_library_agree(sides, variant, policy):
    """Each invoice has the same net, tax and gross on both sides, to the cent."""
    cases, _, workload = sides
    work = workload.build(300, **variant)
    totals = list(cases.totals_of(work, policy))

    assert len(totals) == 100 // work.slices
    assert [ours for ours, _ in totals] == [theirs for _, theirs in totals]


@pytest.mark.parametrize("loop", ["arithmetic", "with_objects", "full_run"])
def test_a_ceiling_prorates_rounds_and_taxes(sides, loop):
    """3 x 9.99 from 15 March are 29.97 x 17/31 = 16.435 = 16.44, with 3.12 tax at 19 %."""
    _, ceiling, _ = sides
    row = (Decimal("9.99"), Decimal(3), date(2025, 3, 15), 17, 31, "4000", Decimal("0.19"))
    sums = getattr(ceiling, loop)([[row]], date(2025, 3, 31))

    assert sums == (Decimal("16.44"), Decimal("3.12"), Decimal("19.56"))


@pytest.mark.parametrize(("prorated", "slices"), [(True, 2), (False, 1)], ids=["inside", "before"])
def test_the_library_bills_as_many_lines_of_versions_as_are_counted(sides, prorated, slices):
    """A change within the month makes two lines of an item, a change before it none."""
    _, _, workload = sides
    work = workload.build(30, versions=True, prorated=prorated)
    outcomes = [bc.bill(work.run(), each, workload.tax_table()) for each in work.snapshots]
    lines = [line for each in outcomes for draft in each.drafts for line in draft.lines]

    assert len(lines) == work.lines == 30
    assert len({line.billable for line in lines}) == 30 // slices


def test_items_of_the_versions_workload_have_five_versions_on_days_of_their_own(sides):
    """Five versions an item, billed up to the month, and hardly two items with the same days."""
    _, _, workload = sides
    work = workload.build(600, versions=True, covered=True)
    contracts = [contract for each in work.snapshots for contract in each.subscriptions]
    items = [item for contract in contracts for item in contract.items]

    assert {len(item.versions) for item in items} == {5}
    assert len({tuple(phase.start for phase in item.phases) for item in items}) == len(items)
    assert {max(claim.period.stop for claim in each.claims) for each in work.snapshots} == {
        date(2025, 3, 1)
    }


def test_the_ceiling_cuts_the_month_where_a_version_begins(sides):
    """10.00, from 11 March on 20.00: 3.23 for 10/31, then 20.00 less 6.45 for the same 10/31."""
    _, ceiling, _ = sides
    starts = (date(2024, 1, 1), date(2024, 7, 1), date(2025, 3, 11), date.max)
    versions = ((Decimal(5), 1), (Decimal(10), 1), (Decimal(10), 2))
    row = (starts, versions, date(2025, 3, 1), "4000", Decimal("0.19"))
    made = []
    sums = ceiling.with_versions([[row]], date(2025, 3, 31), made.append)

    assert [line.amount for line in made[0].lines] == [Decimal("3.23"), Decimal("13.55")]
    assert sums == (Decimal("16.78"), Decimal("3.19"), Decimal("19.97"))


@pytest.mark.parametrize("kind", ["plain items", "items with 5 versions", "5 versions, full price"])
def test_a_longer_history_is_billed_the_same_and_timed(history, kind):
    """Stores with 1 and with 3 months of invoices bill the same month alike, as often as asked."""
    stores = history.stores_of(kind, 4, (1, 3))
    invoices = {months: len(list(store.invoices())) for months, store in stores.items()}
    assert invoices == {1: 4, 3: 12}

    for operation in history.OPERATIONS:
        spent = history.measure(operation, stores, 2)
        assert {months: len(times) for months, times in spent.items()} == {1: 2, 3: 2}
        assert not list(stores[1].drafts())


def test_the_history_report_compares_with_the_first_length(history, capsys):
    """Each operation has a line for each length of history; the first is compared with itself."""
    history.report(repeat=1, accounts=2, months=(1, 2))
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("plan, ")]

    assert len(rows) == len(history.KINDS)
    assert [row.split()[-2:] for row in rows] == [["1.00", "1.00"]] * len(rows)


def test_records_are_measured_beside_a_loop_that_agrees():
    """Both sides bill the same orders, and leave the same lines out, before they are timed."""
    lines = output_of("records.py", "--orders", "64", "--repeat", "1").splitlines()

    assert [line.split(":")[0].strip() for line in lines if "ratio" in line and "cust" in line] == [
        "1 orders a customer, dropped",
        "1 orders a customer, kept",
        "8 orders a customer, dropped",
        "8 orders a customer, kept",
    ]


def test_finals_are_measured_beside_a_loop_that_agrees():
    """Both sides make the same finals and post the same to every account, before they are timed."""
    lines = output_of("finals.py", "--finals", "3", "--repeat", "1").splitlines()
    rows = [line.split() for line in lines if "ratio" in line and "a final" in line]

    assert [row[0] for row in rows] == ["draft", "finalize"]
    assert all(float(row[-3].rstrip(",")) > 0 for row in rows)
    assert lines[-1].startswith("Both sides were compared first")


def test_the_loop_for_finals_deducts_what_was_paid_and_posts_it(monkeypatch):
    """20.00 + 3.80, less 5.00 + 0.95 that are paid; 1.19 that are not are cleared, and due again."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import finals

    rate, day = Decimal(19), date(2025, 1, 15)
    amounts = [[(rate, Decimal(5), Decimal("0.95"))], [(rate, Decimal(1), Decimal("0.19"))]]
    paid, open_ = (
        finals.Advance(number, finals.KEY, day, gross, each, [("Work", each[0][1])], False)
        for number, gross, each in zip(
            "AB", (Decimal("5.95"), Decimal("1.19")), amounts, strict=True
        )
    )
    rows = [("Work", Decimal(10), Decimal(2), "8400", rate)]
    payments, booked = [("A", Decimal("5.95"))], {"A", "B", "paid A"}
    project = finals.Project(rows, [paid, open_], payments, booked, [], None)
    final = finals.by_hand(1, project)
    sums: dict[str, Decimal] = {}
    for each in finals.post_by_hand(final):
        sums[each.account] = sums.get(each.account, Decimal(0)) + each.debit - each.credit

    assert (final.gross, final.due) == (Decimal("23.80"), Decimal("17.85"))
    assert final.remaining == {rate: (Decimal("15.00"), Decimal("2.85"))}
    assert sums == {
        "8400": Decimal(-20),
        finals.TAX: Decimal("-2.85"),
        finals.ADVANCES_PAID: Decimal(5),
        finals.ADVANCES: Decimal("1.19"),
        finals.RECEIVABLES: Decimal("16.66"),
    }


@pytest.fixture
def streaming(monkeypatch):
    """Give the module with the store that keeps nothing."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import streaming

    return streaming


def test_the_streaming_store_bills_what_the_loop_by_hand_bills(streaming, sides):
    """A run over the first 50 accounts has the totals of their rows, and stores no draft."""
    _, ceiling, workload = sides
    store = streaming.StreamingStore(50)
    report = bc.execute(bc.InvoiceRun(streaming.PERIOD), store)
    sums = report.totals["EUR"]
    rows = workload.build(50 * workload.PER_INVOICE).rows

    assert (sums.net, sums.tax, sums.gross) == ceiling.with_objects(rows, date(2025, 3, 31))
    assert (report.accounts, report.lines, store.committed) == (50, 150, 50)
    assert [record.status for record in store.runs()] == [bc.RunStatus.COMPLETED]
    assert not list(store.drafts())


def test_the_streaming_store_travels_as_a_number(streaming):
    """Pickled it is small, and every piece of work in a process gets the same store."""
    sent = pickle.dumps(streaming.StreamingStore(1_000_000))
    first, second = pickle.loads(sent), pickle.loads(sent)  # noqa: S301

    assert len(sent) < 100
    assert first.size == 1_000_000
    assert second is first


def test_a_copy_of_the_ceiling_does_all_of_its_accounts(streaming):
    """It goes through the thousand kinds again and again, and stops within them."""
    assert streaming.ceiling_copy(2_500) == 2_500


def test_executing_is_measured_by_the_number_of_accounts():
    """Each size is executed in a process of its own, and compared with the first."""
    lines = output_of("executing.py", "scaling", "--sizes", "64", "1100", "--repeat", "1")
    rows = [line.split() for line in lines.splitlines()[3:5]]

    assert [row[0] for row in rows] == ["64", "1,100"]
    assert rows[0][4] == "1.00"


def test_executing_is_measured_beside_planning():
    """Reading, planning, executing and the first pass have a row each, compared with planning."""
    lines = output_of("executing.py", "costs", "--accounts", "64", "--repeat", "1").splitlines()
    rows = [line.rsplit(maxsplit=2) for line in lines[2:6]]

    assert [row[0].strip() for row in rows] == ["reading", "plan", "execute", "first pass"]
    assert rows[1][2] == "1.000"


def test_workers_are_measured_beside_copies_of_the_ceiling():
    """Each way to spread a run has a row, and all made the same drafts in the same order."""
    given = ("--accounts", "96", "--repeat", "1", "--chunk", "16")
    lines = output_of("executing.py", "workers", *given).splitlines()

    assert lines[1] == "96 accounts, 288 lines; chunks of 16"
    assert [line[:22].strip() for line in lines[3:9]] == [
        "ceiling, one copy",
        "ceiling, two copies",
        "serial",
        "two threads",
        "one process",
        "two processes",
    ]
    assert lines[-1] == "All ways made the same drafts, in the same order, with the same totals."

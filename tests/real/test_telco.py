"""7,043 customers of a telephone company: each a subscription at its monthly charge."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document, check_outcome
from tests.data import data_folder

MONTH = bc.Period.month(2026, 1)
LONGEST = 72
EVERYTHING = bc.Period("2020-02-01", MONTH.stop)
RECORDS = tuple[bc.Account, bc.Subscription]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Read the customers."""
    with (data_folder("telco") / "customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first_month(tenure: int) -> bc.Period:
    """Give the month in which a customer of so many months began, counted back from January 2026."""
    years, month = divmod(2026 * 12 - (tenure - 1), 12)
    return bc.Period.month(years, month + 1)


def customer(row: Mapping[str, str]) -> RECORDS:
    """Make an account and its subscription; one of no month yet begins after January."""
    name = row["customerID"]
    item = bc.Item(
        "service",
        unit_price=row["MonthlyCharges"],
        cadence=bc.monthly(),
        billing_type=bc.RECURRING_PRORATED,
    )
    tenure = int(row["tenure"])
    start = first_month(tenure).start if tenure else MONTH.stop
    contract = bc.Subscription(name, account=name, start=start, items=[item])
    return bc.Account(name, currency="USD"), contract


def since_january(row: Mapping[str, str]) -> RECORDS:
    """Make the same customer, who begins in January."""
    account, contract = customer(row)
    items = contract.items
    return account, bc.Subscription(account.id, account=account.id, start=MONTH.start, items=items)


class Customers:
    """A source of these customers; nothing of them is kept."""

    tax = bc.TaxTable({})

    def __init__(self, records: list[RECORDS]) -> None:
        self.records = {account.id: (account, contract) for account, contract in records}

    def references(self, criteria: bc.Criteria) -> Iterator[bc.Reference]:
        """Give one for each account."""
        return map(bc.Reference, self.records)

    def snapshot(self, account: str) -> bc.AccountSnapshot:
        """Give one customer."""
        owner, contract = self.records[account]
        return bc.AccountSnapshot(owner, [contract])


def test_one_month(rows):
    """A run of one month bills every customer once, 456,116.60 in all."""
    store = bc.MemoryStore()
    for row in rows:
        store.add(*since_january(row))
    report = bc.execute(bc.InvoiceRun(MONTH), store)
    sums = report.totals["USD"]

    assert (report.accounts, sums.documents, report.lines) == (7043, 7043, 7043)
    assert (sums.net, sums.gross) == (Decimal("456116.60"), Decimal("456116.60"))
    assert (report.problems, report.excluded) == ([], {})
    assert len(bc.execute(bc.InvoiceRun(MONTH), store).drafts) == 0
    for draft in list(report.drafts)[::50]:
        check_document(draft)


def test_all_months(rows):
    """A run over all months bills every customer tenure x charge, 16,055,091.45 in all."""
    source = Customers([customer(row) for row in rows])
    run = bc.InvoiceRun(EVERYTHING, policy=bc.LEVEL)
    wanted = {
        row["customerID"]: int(row["tenure"]) * Decimal(row["MonthlyCharges"]) for row in rows
    }
    billed: dict[str, Decimal] = {}
    reasons: Counter[bc.Reason] = Counter()
    for number, outcome in enumerate(bc.plan(run, source)):
        billed[outcome.account] = sum((draft.totals.net for draft in outcome.drafts), Decimal(0))
        reasons.update(exclusion.reason for exclusion in outcome.exclusions)
        if number % 50 == 0:
            check_outcome(outcome, source.snapshot(outcome.account))

    assert billed == wanted
    assert sum(billed.values()) == Decimal("16055091.45")
    assert reasons == {bc.Reason.OUT_OF_PERIOD: 11}


def test_one_bad_row(rows):
    """A file with one bad row bills the other 7,042, and names row, column, value and fix."""
    number, bad = 4711, dict(rows[4711])
    charge = Decimal(bad["MonthlyCharges"])
    bad["MonthlyCharges"] = bad["MonthlyCharges"].replace(".", ",")
    spoiled = [*rows[:number], bad, *rows[number + 1 :]]
    customers, errors = bc.read_rows(since_january, spoiled, source="customers.csv")
    source = Customers(customers)
    billed = [
        draft.totals.net
        for outcome in bc.plan(bc.InvoiceRun(MONTH), source)
        for draft in outcome.drafts
    ]

    assert (len(billed), sum(billed)) == (7042, Decimal("456116.60") - charge)
    (error,) = errors
    assert (error.source, error.row, error.column) == ("customers.csv", 4713, "unit_price")
    assert str(error).startswith("customers.csv, row 4713, column unit_price: ")
    assert repr(bad["MonthlyCharges"]) in error.message
    assert repr(str(charge)) in error.message

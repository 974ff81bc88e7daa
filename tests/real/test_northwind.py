"""830 orders of 89 customers, with 2,155 lines, freight per order and a discount per line.

The expected amounts are worked out here from the files, with decimal arithmetic of this module's
own: a line is rounded half up, its discount too, and the rest is sums.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.data import data_folder

CENT = Decimal("0.01")
OWN = Context(prec=40, rounding=ROUND_HALF_UP)
MONTHS = [bc.Period.month(1996 + n // 12, n % 12 + 1) for n in range(6, 12 + 12 + 5)]
FREIGHT = """{"items": {"FREIGHT": {"fields": {
    "Title__c": "Freight", "Quantity__c": 1, "UnitPrice__c": "$Freight", "Type__c": "Shipping Fees"}}}}"""


def of_order(name):
    """Make a formula that gives a column of the order, and nothing on its lines."""
    return lambda record: record.get(name)


def of_line(name):
    """Make a formula that gives a column of a line, and nothing on its order."""
    return lambda record: record.get(name)


def percent(record):
    """Give a discount, written as a share, in percent; 0.15 is fifteen, exactly."""
    share = record.get("Discount")
    return share if share is bc.MISSING else OWN.multiply(Decimal(share), Decimal(100))


FIELDS = bc.FieldSet(
    formulas={
        "account": of_order("CustomerID"),
        "service_date": of_order("OrderDate"),
        "mapping_name": lambda record: "freight",
        "quantity": of_line("Quantity"),
        "unit_price": of_line("UnitPrice"),
        "title": of_line("ProductID"),
        "discount": percent,
    }
)
SINGLE = bc.FieldSet(formulas={**FIELDS.formulas, "single_invoice": lambda record: True})
SETUP = bc.Setup(mappings={"freight": bc.DataMapping(FREIGHT)})


def orders(fields=FIELDS):
    """Make the filter of orders with their details, read by a set of fields."""
    return bc.Filter(
        "Orders",
        use_case=bc.UseCase.GENERIC,
        target="Order",
        child_relation="Details",
        fields=fields,
    )


ROWS = dict[str, str]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[ROWS]]:
    """Read the files."""
    folder = data_folder("northwind")
    found: dict[str, list[ROWS]] = {}
    for name in ("customers", "orders", "order_details"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def details(tables) -> dict[str, list[ROWS]]:
    """Give the lines of each order."""
    found: dict[str, list[ROWS]] = defaultdict(list)
    for row in tables["order_details"]:
        found[row["OrderID"]].append(row)
    return found


def record_of(row: ROWS, lines: Iterable[ROWS]) -> bc.SourceRecord:
    """Wrap an order and its details as they are in the files."""
    children = [
        bc.SourceRecord("Detail", f"{line['OrderID']}-{line['ProductID']}", line) for line in lines
    ]
    return bc.SourceRecord("Order", row["OrderID"], row, children={"Details": children})


def store_of(tables, details, chosen, **fields) -> bc.MemoryStore:
    """Make a store with all customers and orders."""
    store = bc.MemoryStore(setup=SETUP, filters=[chosen], **fields)
    for row in tables["customers"]:
        store.add(bc.Account(row["CustomerID"].strip(), currency="USD"))  # one has a blank
    for row in tables["orders"]:
        store.add(record_of(row, details[row["OrderID"]]))
    return store


def cents(amount: Decimal) -> Decimal:
    """Round half up to cents, not with the library."""
    return amount.quantize(CENT, context=OWN)


def net_of(line: ROWS) -> Decimal:
    """Work out the net amount of a line: price x quantity, less its rounded discount."""
    gross = cents(OWN.multiply(Decimal(line["UnitPrice"]), Decimal(line["Quantity"])))
    return OWN.subtract(gross, cents(OWN.multiply(gross, Decimal(line["Discount"]))))


def order_net(row: ROWS, lines: Iterable[ROWS]) -> Decimal:
    """Work out the net amount of an order with its freight."""
    return sum(map(net_of, lines), cents(Decimal(row["Freight"])))


def run_of(chosen: bc.Filter, period: bc.Period, policy: bc.Policy) -> bc.InvoiceRun:
    """Make a run over the orders."""
    return bc.InvoiceRun(period, selection=bc.Selection([chosen]), policy=policy)


def products_on(drafts: Iterable[bc.DraftInvoice]) -> Iterator[bc.LineItem]:
    """Yield the lines that bill a detail of an order."""
    return (line for draft in drafts for line in draft.lines if line.sources)


def freight_on(drafts: Iterable[bc.DraftInvoice]) -> list[Decimal]:
    """Give the freight on some drafts."""
    return [line.net for draft in drafts for line in draft.lines if not line.sources]


EVERYTHING = bc.Period.closed("1996-07-01", "1998-05-31")


def test_the_facts(tables, details):
    """The files hold what their description says."""
    rows = tables["order_details"]
    gross = [Decimal(row["UnitPrice"]) * Decimal(row["Quantity"]) for row in rows]
    discounts = [Decimal(row["Discount"]) for row in rows]

    assert (len(tables["orders"]), len(rows), len(details)) == (830, 2155, 830)
    assert len({row["CustomerID"] for row in tables["orders"]}) == 89
    assert sum(gross) == Decimal("1354458.59")
    net = sum(amount * (1 - share) for amount, share in zip(gross, discounts, strict=True))
    assert net == Decimal("1265793.0395")
    assert sum(Decimal(row["Freight"]) for row in tables["orders"]) == Decimal("64942.69")


@pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda policy: policy.name)
def test_an_invoice_for_each_order(tables, details, policy):
    """With a single invoice per order, each of the 830 invoices has the order's own net amount."""
    chosen = orders(SINGLE)
    store = store_of(tables, details, chosen)
    run = run_of(chosen, EVERYTHING, policy)
    report = bc.execute(run, store)
    drafts = list(report.drafts)
    found = {draft.lines[0].origin.root.record.id: draft.totals.net for draft in drafts}
    wanted = {row["OrderID"]: order_net(row, details[row["OrderID"]]) for row in tables["orders"]}

    assert (len(drafts), report.lines, report.problems) == (830, 2155 + 830, [])
    assert report.excluded == {}
    assert found == wanted
    assert report.totals["USD"].net == sum(wanted.values())
    assert sum(line.amount for line in products_on(drafts)) == Decimal("1354458.59")
    assert sum(freight_on(drafts)) == Decimal("64942.69")
    assert {draft.lines[-1].type for draft in drafts} == {bc.LineType.SHIPPING}
    for draft in drafts[::40]:
        check_document(draft)

    again = bc.execute(run, store)
    assert (len(again.drafts), again.excluded) == (0, {bc.Reason.DRAFT_EXISTS: 2155})


def test_rounding_each_line_costs_little(tables, details):
    """Lines that are rounded by themselves differ from the unrounded net by less than half a cent each."""
    rounded = sum(net_of(row) for row in tables["order_details"])

    assert abs(rounded - Decimal("1265793.0395")) < Decimal("0.005") * 838  # lines with a discount
    assert sum(Decimal(row["Discount"]) > 0 for row in tables["order_details"]) == 838


def test_an_invoice_for_each_customer_and_month(tables, details):
    """Runs of 23 months give one invoice per customer and month, and bill every detail once."""
    chosen = orders()
    store = store_of(tables, details, chosen)
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in tables["orders"]:
        key = row["CustomerID"], row["OrderDate"][:7]
        wanted[key] += order_net(row, details[row["OrderID"]])
    found: dict[tuple[str, str], Decimal] = {}
    billed: list[str] = []
    for month in MONTHS:
        report = bc.execute(run_of(chosen, month, bc.DOCUMENTED), store)
        assert report.problems == []
        for draft in list(report.drafts):
            invoice = bc.finalize(draft, store, on=month.last)
            key = invoice.account.id, invoice.date.isoformat()[:7]
            assert key not in found
            found[key] = invoice.totals.net
            billed += [line.sources[0].id for line in products_on([draft])]

    assert (len(MONTHS), found) == (23, wanted)
    assert len(billed) == len(set(billed)) == 2155
    assert set(billed) == {
        f"{row['OrderID']}-{row['ProductID']}" for row in tables["order_details"]
    }
    assert sum(len(invoice.lines) for invoice in store.invoices()) == 2155 + 830

    again = [bc.execute(run_of(chosen, month, bc.DOCUMENTED), store) for month in MONTHS[:3]]
    assert [len(report.drafts) for report in again] == [0, 0, 0]


def test_dates_decide_the_month(tables, details):
    """A run of one month bills the orders of that month, and names the others' dates."""
    chosen = orders()
    store = store_of(tables, details, chosen)
    month = bc.Period.month(1997, 3)
    report = bc.execute(run_of(chosen, month, bc.DOCUMENTED), store)
    own = [row for row in tables["orders"] if row["OrderDate"].startswith("1997-03")]
    count = sum(len(details[row["OrderID"]]) for row in own)

    assert report.lines == count + len(own)
    assert report.excluded == {bc.Reason.OUT_OF_PERIOD: 2155 - count}


def test_a_late_line(tables, details):
    """A line added to an order that is billed is left out, or billed alone if the policy says so."""
    chosen = orders()
    store = store_of(tables, details, chosen)
    for draft in list(bc.execute(run_of(chosen, EVERYTHING, bc.DOCUMENTED), store).drafts):
        bc.finalize(draft, store, on="1998-06-01")
    row = tables["orders"][0]
    late = {**details[row["OrderID"]][0], "ProductID": "99", "UnitPrice": "3.50", "Quantity": "2"}
    store.change(record_of(row, [*details[row["OrderID"]], late]))
    left = bc.execute(run_of(chosen, EVERYTHING, bc.DOCUMENTED), store)
    added = bc.execute(run_of(chosen, EVERYTHING, bc.LEVEL), store)
    (told,) = [each for each in left.exclusions if each.record.endswith("-99")]
    (draft,) = added.drafts

    assert (len(left.drafts), told.reason) == (0, bc.Reason.ALREADY_INVOICED)
    assert ("billed with", f"Order/{row['OrderID']}") in told.facts
    assert [(line.record, line.net) for line in draft.lines] == [
        (f"Detail/{row['OrderID']}-99", Decimal("7.00"))
    ]


def test_one_tax_rate(tables, details):
    """With one rate of 8.25 %, each invoice's tax is that of its net amount, rounded once."""
    taxed = FIELDS.formulas | {
        "tax_code": lambda record: "sales tax",
        "single_invoice": lambda record: True,
        "mapping_name": lambda record: None,
    }
    chosen = orders(bc.FieldSet(formulas=taxed))
    store = store_of(tables, details, chosen, tax=bc.TaxTable({"sales tax": "8.25"}))
    report = bc.execute(run_of(chosen, EVERYTHING, bc.DOCUMENTED), store)
    wanted = {
        row["OrderID"]: sum(map(net_of, details[row["OrderID"]]), Decimal(0))
        for row in tables["orders"]
    }
    taxes = {name: cents(OWN.multiply(net, Decimal("0.0825"))) for name, net in wanted.items()}

    assert {
        draft.lines[0].origin.root.record.id: (draft.totals.net, draft.totals.tax)
        for draft in report.drafts
    } == {name: (net, taxes[name]) for name, net in wanted.items()}
    assert report.totals["USD"].tax == sum(taxes.values())


def test_one_bad_order(tables, details):
    """An order with a line that cannot be read costs no other order, and names line and column."""
    chosen = orders(SINGLE)
    rows = tables["orders"][:40]
    number = rows[7]["OrderID"]
    spoiled = {row["OrderID"]: [*details[row["OrderID"]]] for row in rows}
    bad = {**spoiled[number][1], "Quantity": "1,5"}
    spoiled[number][1] = bad
    store = store_of({**tables, "orders": rows}, spoiled, chosen)
    report = bc.execute(run_of(chosen, EVERYTHING, bc.DOCUMENTED), store)
    (problem,) = report.problems

    assert len(report.drafts) == 39
    assert problem.record == f"Detail/{number}-{bad['ProductID']}"
    assert (problem.field, problem.advice) == (
        "ON_Quantity",
        "write the decimal point as a point: '1.5'",
    )
    assert report.excluded == {bc.Reason.OTHER_PROBLEM: len(spoiled[number]) - 1}

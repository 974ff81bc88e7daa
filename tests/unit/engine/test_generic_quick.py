"""Orders that differ from one before in a few fields only: they are read and billed quickly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import attrs
import pytest

import billingcore as bc

ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
MORE = bc.Filter("More", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
MARCH = bc.Period.month(2026, 3)


def order(number, head=(), **line):
    """Make an order of two teas at 2.50, with other fields of the order or its line."""
    fields = {"ON_Account": "acme", "ON_ServiceDate": dt.date(2026, 3, 2), "ON_Invoice": None}
    tea = {
        "ON_Title": "Tea",
        "ON_OrderNo": None,
        "ON_Quantity": Decimal(2),
        "ON_UnitPrice": Decimal("2.50"),
        "ON_Invoice": None,
    }
    row = bc.SourceRecord("Line", f"L-{number}", tea | line)
    return bc.SourceRecord("Order", f"O-{number}", fields | dict(head), children={"Lines": [row]})


def bill(*more, filters=(ORDERS,), policy=bc.DOCUMENTED, currency="EUR"):
    """Bill an ordinary order, and then others."""
    run = bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy)
    account = bc.Account("acme", currency=currency)
    return bc.bill(run, bc.AccountSnapshot(account, records=[order(1), *more]), bc.TaxTable({}))


def last_line(outcome):
    """Give the last line of the only draft, which is that of the second order."""
    (draft,) = outcome.drafts
    assert outcome.billed == {"Line/L-1", "Line/L-2"}
    return draft.lines[-1]


INVOICED = {"ON_Invoice": "R-1"}


@pytest.mark.parametrize(
    ("head", "line", "reason", "fact"),
    [
        pytest.param(
            {"ON_ServiceDate": dt.date(2026, 4, 1)},
            {},
            "OUT_OF_PERIOD",
            ("service date", "2026-04-01"),
            id="after the run",
        ),
        pytest.param(
            {"ON_ServiceDate": dt.date(2026, 2, 28)},
            {"ON_Quantity": Decimal(0)},
            "OUT_OF_PERIOD",
            ("service date", "2026-02-28"),
            id="before the run, and nothing",
        ),
        pytest.param(INVOICED, {}, "ALREADY_INVOICED", ("document", "R-1"), id="order"),
        pytest.param(
            INVOICED, {"ON_Invoice": "R-2"}, "ALREADY_INVOICED", ("document", "R-2"), id="both"
        ),
        pytest.param(
            {}, {"ON_Invoice": 0}, "ALREADY_INVOICED", ("document", "0"), id="a number as invoice"
        ),
    ],
)
def test_reasons(head, line, reason, fact):
    """What is not billed has its reason and its fact, as it has when it is read with care."""
    outcome = bill(order(2, head, **line))
    (exclusion,) = outcome.exclusions

    assert (exclusion.record, exclusion.reason.name) == ("Line/L-2", reason)
    assert exclusion.facts[0] == fact
    assert outcome.billed == {"Line/L-1"}


def test_empty_text_is_no_invoice():
    """An order is billed if it and its line hold empty text where the invoice would stand."""
    line = last_line(bill(order(2, {"ON_Invoice": ""}, ON_Invoice="")))

    assert line.amount == Decimal("5.00")


def test_nothing_of_what_is_invoiced():
    """A quantity of 0 goes before an invoice that the order arrived with."""
    (exclusion,) = bill(order(2, INVOICED, ON_Quantity=Decimal(0))).exclusions

    assert (exclusion.reason.name, exclusion.facts) == ("ZERO_QUANTITY", ())


@pytest.mark.parametrize(
    "fields",
    [
        {"ON_Title": 0},
        {"ON_OrderNo": 0},
        {"ON_UnitPrice": 0.5},
        {"ON_Quantity": 1.0},
    ],
    ids=["title 0", "order number 0", "float price", "float quantity"],
)
def test_what_is_no_text_or_number(fields):
    """A line whose fields are of a wrong kind is a problem that names the field."""
    (problem,) = bill(order(2, **fields)).problems
    (name,) = fields

    assert (problem.record, name in problem.message) == ("Line/L-2", True)


def test_late_orders():
    """An order from before the run that the policy includes is billed for its own day."""
    late = order(2, {"ON_ServiceDate": dt.date(2026, 2, 28)})
    line = last_line(bill(late, policy=bc.DOCUMENTED.but(late_usage=bc.LateUsage.INCLUDE)))

    assert str(line.service_period) == "2026-02-28/2026-03-01"


def test_days_of_service():
    """A policy can put the day of service on lines instead of the days of the run."""
    policy = bc.DOCUMENTED.but(record_days=bc.RecordDays.SERVICE_DATE)
    dated = order(2, {"ON_ServiceDate": dt.date(2026, 3, 31)})

    assert str(last_line(bill(dated, policy=policy)).service_period) == "2026-03-31/2026-04-01"
    assert last_line(bill(dated)).service_period == MARCH


def test_numbers_that_come_as_text():
    """Quantity and price may be text, also where the order before had numbers: 3 x 1.25."""
    line = last_line(bill(order(2, ON_Quantity="3", ON_UnitPrice="1.25", ON_Title="Käse")))

    assert (line.title, str(line.net)) == ("Käse", "3.75")


def test_two_filters():
    """What one filter bills, the next leaves out."""
    outcome = bill(order(2), filters=(ORDERS, MORE))

    assert {(each.record, each.facts) for each in outcome.exclusions} == {
        ("Line/L-1", (("filter", "Orders"),)),
        ("Line/L-2", (("filter", "Orders"),)),
    }
    assert outcome.billed == {"Line/L-1", "Line/L-2"}


def test_a_line_that_is_an_object():
    """A line that is no mapping is read with care, and billed like others."""
    second = order(2)
    (row,) = second.children["Lines"]
    thing = SimpleNamespace(**row.mapping)
    lines = [bc.SourceRecord("Line", "L-2", thing)]
    object_order = bc.SourceRecord("Order", "O-2", second.mapping, children={"Lines": lines})

    assert last_line(bill(object_order)).net == Decimal("5.00")


LONG = "T" * 300
"""A title that is right, but longer than an id may be."""


@pytest.mark.parametrize(
    ("line", "currency", "title", "net"),
    [
        ({"ON_Quantity": Decimal(3), "ON_UnitPrice": Decimal("9.99")}, "EUR", "Tea", "29.97"),
        ({"ON_Quantity": Decimal(3), "ON_UnitPrice": Decimal("1.5")}, "EUR", "Tea", "4.50"),
        ({"ON_Quantity": Decimal(-3), "ON_UnitPrice": Decimal(7)}, "EUR", "Tea", "-21.00"),
        ({"ON_Quantity": Decimal(3), "ON_UnitPrice": Decimal("0.335")}, "EUR", "Tea", "1.01"),
        ({"ON_Quantity": Decimal("1.5"), "ON_UnitPrice": Decimal("0.33")}, "EUR", "Tea", "0.50"),
        ({"ON_Quantity": Decimal(-1), "ON_UnitPrice": Decimal("0.40")}, "JPY", "Tea", "0"),
        ({"ON_Quantity": Decimal(3), "ON_UnitPrice": Decimal("-0.00")}, "EUR", "Tea", "0.00"),
        ({"ON_Title": "Käse", "ON_OrderNo": "7", "ON_Invoice": ""}, "EUR", "Käse", "5.00"),
        ({"ON_Title": None, "ON_OrderNo": "", "ON_Note": "n"}, "EUR", "L-4", "5.00"),
        ({"ON_Title": LONG}, "EUR", LONG, "5.00"),
        ({"ON_Note": 1}, "EUR", "Tea", "5.00"),
    ],
    ids=[
        "cents",
        "a tenth",
        "whole",
        "tenths of cents",
        "a part",
        "less than a yen",
        "0 with a sign",
        "words",
        "another make",
        "a long title",
        "a note of another kind",
    ],
)
def test_lines_at_once(line, currency, title, net):
    """The fourth order of a make is read at once, and billed like the first."""
    rest = [order(number, **{name: "n" for name in line if name == "ON_Note"}) for number in (2, 3)]
    outcome = bill(*rest, order(4, **line), currency=currency)
    (draft,) = outcome.drafts
    last = draft.lines[-1]

    assert (last.billable, last.title, str(last.net)) == ("Line/L-4", title, net)
    assert last.unit_price < 0 or not last.unit_price.is_signed()
    assert last.type is bc.LineType.PRODUCT
    assert not outcome.problems


@pytest.mark.parametrize(
    ("head", "line", "reason", "facts"),
    [
        ({}, {"ON_Quantity": Decimal(0)}, "ZERO_QUANTITY", ()),
        ({}, {"ON_Quantity": Decimal(0), "ON_UnitPrice": "1"}, "ZERO_QUANTITY", ()),
        ({}, INVOICED, "ALREADY_INVOICED", (("document", "R-1"),)),
        (INVOICED, {"ON_Invoice": ""}, "ALREADY_INVOICED", (("document", "R-1"),)),
    ],
    ids=["nothing", "nothing at a price in text", "the line", "the order"],
)
def test_reasons_at_once(head, line, reason, facts):
    """Why the fourth order of a make is not billed, is said as of the first."""
    outcome = bill(order(2), order(3), order(4, head, **line))
    (exclusion,) = outcome.exclusions

    assert (exclusion.record, exclusion.reason.name) == ("Line/L-4", reason)
    assert (exclusion.facts, exclusion.filter, exclusion.account) == (facts, "Orders", "acme")
    assert outcome.billed == {"Line/L-1", "Line/L-2", "Line/L-3"}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"ON_Title": 7}, "ON_Title"),
        ({"ON_OrderNo": 0}, "ON_OrderNo"),
        ({"ON_UnitPrice": Decimal("1E-6")}, "ON_UnitPrice"),
        ({"ON_Quantity": Decimal(0), "ON_UnitPrice": Decimal("1E-6")}, "ON_UnitPrice"),
        ({"ON_Quantity": Decimal("1E+15")}, "ON_Quantity"),
    ],
    ids=["title", "order number", "small price", "small price of nothing", "large quantity"],
)
def test_problems_at_once(line, named):
    """What is wrong with the fourth order of a make, is said as of the first."""
    (problem,) = bill(order(2), order(3), order(4, **line)).problems

    assert (problem.record, named in problem.message) == ("Line/L-4", True)


@pytest.mark.parametrize("number", ["7", None], ids=["one order number", "one name"])
def test_lines_given_twice(number):
    """Two lines of an order with one name or one order number are a problem of the order."""
    (row,) = order(4, ON_OrderNo=number).children["Lines"]
    twin = bc.SourceRecord("Line", "L-5" if number else "L-4", row.mapping)
    head = order(4).mapping
    twice = bc.SourceRecord("Order", "O-4", head, children={"Lines": [row, twin]})
    outcome = bill(order(2), order(3), twice)

    assert [problem.record for problem in outcome.problems] == ["Order/O-4"]
    assert outcome.billed == {"Line/L-1", "Line/L-2", "Line/L-3"}


def test_an_old_error_at_once():
    """An order of which nothing is to be billed loses its old error, also if it is read at once."""
    marked = {"ON_InvoiceBuildError": "it was wrong"}
    orders = [order(number, ON_InvoiceBuildError=None) for number in (2, 3)]
    nothing = order(4, **marked, ON_Quantity=Decimal(0))
    outcome = bill(*orders, nothing)

    assert [record.name for record, _ in outcome.mended] == ["Line/L-4"]


def test_exclusions_are_frozen():
    """An exclusion is made quickly, and is what its class makes of the same fields."""
    (made,) = bill(order(2), order(3), order(4, ON_Quantity=Decimal(0))).exclusions
    fields = {each.name: getattr(made, each.name) for each in attrs.fields(bc.Exclusion)}

    assert type(made) is bc.Exclusion
    assert made == bc.Exclusion(**fields)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.record = "another"

"""Orders that differ from one before in a few fields only: they are read and billed quickly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

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


def bill(*more, filters=(ORDERS,), policy=bc.DOCUMENTED):
    """Bill an ordinary order, and then others."""
    run = bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy)
    account = bc.Account("acme", currency="EUR")
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

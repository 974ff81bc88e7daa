"""The generic run on records that do harm: whatever they do, it is a problem of theirs at most."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.sources import (
    billed,
    deal,
    lines,
    order,
    orders,
    problems,
    product,
    the_draft,
)


class SilentError(Exception):
    """An error that cannot be written."""

    def __str__(self):
        raise RuntimeError("no text")


class Vague:
    """A value that is neither equal nor different, as data frames have for what is missing."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError("ambiguous")


def failing(error):
    """Make a function that raises."""

    def fail(*_):
        raise error

    return fail


LOST = OSError("connection lost")


def row(**members):
    """Make a record of acme as an object of its own class."""
    return type("Row", (), {"ON_Account": "acme", **members})()


class RaisingMapping(dict):
    """A mapping that cannot say which fields it has."""

    def __iter__(self):
        raise LOST


ROWS = {
    "a field raises": row(ON_ServiceDate=property(failing(LOST))),
    "unknown fields raise": row(__getattr__=failing(LOST)),
    "an error without text": row(ON_ServiceDate=property(failing(SilentError()))),
    "no names of fields": row(__dir__=failing(LOST)),
    "a mapping without names": RaisingMapping(ON_Account="acme"),
    "a number as a name": {"ON_Account": "acme", 7: "no name"},
    "a tuple as a name": {"ON_Account": "acme", ("ON_Note",): "no name"},
    "a vague account": {"ON_Account": Vague()},
    "a vague kind": {"ON_Account": "acme", "ON_Type": Vague()},
    "a vague mapping": {"ON_Account": "acme", "ON_Mapping": Vague()},
    "a vague invoice": {"ON_Account": "acme", "ON_Invoice": Vague()},
    "a vague note": {"ON_Account": "acme", "ON_Note": Vague()},
    "a vague template": {"ON_Account": "acme", "ON_Template": Vague()},
    "an account with a broken hash": {"ON_Account": ["acme"]},
}


def check_isolation(outcome):
    """Check that the second product is billed, and the first is either billed or told of."""
    told = {each.record for each in (*outcome.problems, *outcome.exclusions)}

    assert "Product/P-2" in outcome.billed
    assert ("Product/P-1" in outcome.billed) != ("Product/P-1" in told)
    for draft in outcome.drafts:
        assert isinstance(draft.custom, dict)
    assert {update.id for update in outcome.updates} >= {"P-2", "O-2"}


@pytest.mark.parametrize("values", ROWS.values(), ids=list(ROWS))
def test_records(values):
    """A record that does harm when it is read is billed or told of, and the others are billed."""
    bad = bc.SourceRecord("Order", "O-1", values, children={"Items": [product(1)]})

    check_isolation(billed(bad, order(2, product(2))))


FIELDS = ["Title", "Quantity", "UnitPrice", "OrderNo", "Type", "Note", "Discount", "StartDate"]


@pytest.mark.parametrize("field", [*FIELDS, "Invoice", "InvoiceCriterion", "BillingUnit"])
@pytest.mark.parametrize(
    "value", [Vague(), [1], {}, float("nan")], ids=["vague", "list", "dict", "nan"]
)
def test_values(field, value):
    """A value that does harm when it is compared is a problem of its record at most."""
    bad = product(1, **{f"ON_{field}": value})

    check_isolation(billed(order(1, bad), order(2, product(2))))


def test_stores():
    """A store that routes such records keeps them as problems, and hands the others on."""
    store = bc.MemoryStore(filters=[orders()])
    store.add(bc.Account("acme", currency="EUR"))
    for number, values in enumerate(ROWS.values()):
        store.add(bc.SourceRecord("Order", f"R-{number}", values))
    store.add(order(1, product(1)))
    report = bc.execute(
        bc.InvoiceRun(bc.Period.month(2026, 3), selection=bc.Selection([orders()])), store
    )

    assert lines(*report.drafts) == [["Product/P-1 20.00"]]


def test_a_field_that_is_not_asked():
    """A field that has nothing to do with billing is not read."""
    values = row(pdf=property(failing(LOST)))
    record = bc.SourceRecord("Order", "O-1", values, children={"Items": [product(1)]})

    assert lines(the_draft(record)) == [["Product/P-1 20.00"]]


@pytest.mark.parametrize(
    "chosen",
    [
        orders(fields=bc.FieldSet(formulas={"quantity": failing(SilentError())})),
        orders(condition=failing(SilentError())),
        orders(condition=lambda record: Vague()),
    ],
    ids=["formula", "condition", "vague condition"],
)
def test_functions_whose_errors_cannot_be_written(chosen):
    """A formula or condition that fails is a problem, also if its error cannot be written."""
    outcome = billed(order(1, product(1)), filters=[chosen])

    assert outcome.problems
    assert outcome.drafts == ()


def test_an_unknown_object():
    """An object that is no number is a problem of the field."""
    assert problems(billed(deal(ON_Quantity=object()))) == {"Deal/D-1": "ON_Quantity"}


class TestEqualValues:
    """Values that are equal but of another type are read by themselves."""

    @pytest.mark.parametrize(
        ("field", "right", "wrong"),
        [
            ("ON_CreateSingleInvoice", True, 1.0),
            ("ON_IsItem", False, 0.0),
            ("ON_PaymentDue", 14, 14.0),
        ],
    )
    def test_of_records(self, field, right, wrong):
        """A wrong value is a problem, also after a record with an equal right one."""
        outcome = billed(
            order(1, product(1), **{field: right}), order(2, product(2), **{field: wrong})
        )

        assert problems(outcome) == {"Order/O-2": field}
        assert sorted(outcome.billed) == ["Product/P-1"]

    def test_of_further_fields(self):
        """A field that travels along keeps its own type and digits."""
        values = [1, True, Decimal("1.0"), Decimal("1.00")]
        records = [
            order(number, product(number, ON_Note=value)) for number, value in enumerate(values)
        ]
        found = [dict(line.custom)["Note"] for line in the_draft(*records).lines]

        assert [repr(value) for value in found] == [repr(value) for value in values]

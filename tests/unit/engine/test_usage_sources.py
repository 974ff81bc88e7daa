"""Records of the host that are billed as usage: control fields, parties, and what is wrong."""

from __future__ import annotations

import datetime as dt

import pytest

import billingcore as bc
from tests.unit.engine.metering import (
    FEBRUARY,
    JANUARY,
    Book,
    calls,
    lines_of,
    reasons,
    shown,
    used,
)


def fields(suffix="", **values):
    """Give the fields of a usage record, with a party's suffix where control fields have one."""
    control = {
        "Type": "Transaction",
        "OrderNo": "CALLS",
        "Account": "acme",
        "Subscription": None,
        "Invoice": None,
    }
    measures = {"Date": dt.date(2026, 1, 5), "Quantity": 3}
    own = {f"ON_{name}{suffix}": value for name, value in control.items()}
    own |= {f"ON_{name}": value for name, value in measures.items()}
    own |= values
    return {name: value for name, value in own.items() if value is not ...}


def record(id="C-1", suffix="", **values):
    """Make a case with the fields of usage."""
    return bc.SourceRecord("Case", id, fields(suffix, **values))


def cases(name="Cases", **changes):
    """Make a filter of cases as usage."""
    changes.setdefault("use_case", bc.UseCase.USAGE)
    return bc.Filter(name, changes.pop("condition", None), target="Case", **changes)


def bill(records, *filters, items=None, period=JANUARY, **selection):
    """Bill records by filters, without keeping anything."""
    book = Book(*(items or (calls(),)), records=records)
    chosen = bc.Selection(filters or [cases()], **selection)
    return book.bill(period, selection=chosen)


def test_records_of_the_host_are_billed_as_usage():
    """Two cases with 3 and 2 hours are a line of 5, which names both records and the filter."""
    outcome = bill([record("C-1"), record("C-2", ON_Quantity="2")])
    (line,) = lines_of(outcome)

    assert shown([line]) == [("calls", "5", "10", "50.00")]
    assert line.sources == (
        bc.SourceRef("Case", "C-1", "Cases"),
        bc.SourceRef("Case", "C-2", "Cases"),
    )
    assert line.filter == "Cases"
    assert outcome.billed == {"Case/C-1", "Case/C-2"}


def test_native_usage_and_records_are_lines_of_their_own():
    """Usage of the account's own and cases are billed in one run, by filter."""
    book = Book(calls(), records=[record()])
    book.add(used("U-1", 5, 1))
    lines = lines_of(book.bill(selection=bc.Selection([cases()])))

    assert [(line.filter, str(line.quantity)) for line in lines] == [("", "1"), ("Cases", "3")]


def test_a_daily_filter_makes_a_line_a_day():
    """Continuous Daily: 5 January with 3 and 2, 6 January with 1."""
    records = [
        record("C-1"),
        record("C-2", ON_Quantity=2),
        record("C-3", ON_Quantity=1, ON_Date="2026-01-06"),
    ]
    lines = lines_of(bill(records, cases(use_case=bc.UseCase.DAILY_USAGE)))

    assert [(str(line.service_period), str(line.quantity)) for line in lines] == [
        ("2026-01-05/2026-01-06", "5"),
        ("2026-01-06/2026-01-07", "1"),
    ]


def test_the_children_of_a_record_are_its_usage():
    """With a child relation the record names the account, and its children are the usage."""
    children = [
        bc.SourceRecord("CaseItem", "I-1", fields(ON_Account=...)),
        bc.SourceRecord("CaseItem", "I-2", fields(ON_Account=..., ON_Quantity=1)),
    ]
    root = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"}, children={"Items": children})
    empty = bc.SourceRecord("Case", "C-2", {"ON_Account": "acme"})
    outcome = bill([root, empty], cases(child_relation="Items"))

    assert outcome.billed == {"CaseItem/I-1", "CaseItem/I-2"}
    assert reasons(outcome) == {"Case/C-2": "NO_PRODUCTS"}


def test_control_fields_are_read_with_the_suffix_and_measures_without():
    """A party's control fields carry its suffix; day, quantity and price may do without."""
    party = bc.FieldSet(suffix="Par")
    outcome = bill([record(suffix="Par", ON_Price="2.50")], cases(fields=party))

    assert shown(lines_of(outcome)) == [("calls", "3", "2.5", "7.50")]
    assert outcome.billed == {"Case/C-1:Par"}


def test_optional_fields_are_read():
    """Criteria, flags, second order number, subscription and tier quantity are read."""
    values = {
        "ON_OrderNo": "CALLS",
        "ON_OrderNo2": "SMS",
        "ON_InvoiceCriterion": "A",
        "ON_Criterion": "x",
        "ON_AddToCsv": True,
        "ON_AddToTransactionTable": True,
        "ON_Subscription": "S-1",
        "ON_PriceTierQuantity": 7,
    }
    items = [calls(), calls(id="sms", order_no="SMS")]
    lines = lines_of(bill([record(**values)], items=items))

    assert [line.billable for line in lines] == ["S-1/calls", "S-1/sms"]
    (origin, _) = [line.origin for line in lines]
    (usage,) = origin.usage
    assert (origin.key.invoice_criterion, origin.key.criterion) == ("A", "x")
    assert (usage.add_to_csv, usage.add_to_table, usage.tier_quantity) == (True, True, 7)


@pytest.mark.parametrize(
    "name", ["ON_Type", "ON_OrderNo", "ON_Account", "ON_Subscription", "ON_Invoice"]
)
def test_an_unknown_control_field_refuses_the_filter(name):
    """Where no record has a control field, none of the filter is billed, and each says so."""
    records = [record("C-1", **{name: ...}), record("C-2", **{name: ...})]
    outcome = bill(records)

    assert [(each.record, each.code, each.field) for each in outcome.problems] == [
        ("Case/C-1", "missing-field", name),
        ("Case/C-2", "missing-field", name),
    ]
    assert outcome.drafts == ()


def test_an_unknown_control_field_of_children_refuses_the_filter():
    """The children of a record lack a field: the record is the problem, they go with it."""
    child = bc.SourceRecord("CaseItem", "I-1", fields(ON_Type=...))
    root = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"}, children={"Items": [child]})
    outcome = bill([root], cases(child_relation="Items"))

    assert [each.record for each in outcome.problems] == ["Case/C-1"]
    assert reasons(outcome)["CaseItem/I-1"] == "OTHER_PROBLEM"


def test_a_formula_stands_for_a_control_field():
    """A field that no record has can be computed."""
    formulas = {"order_no": order_number, "subscription": nothing}
    records = [record(ON_OrderNo=..., ON_Subscription=..., Product="calls")]
    outcome = bill(records, cases(fields=bc.FieldSet(formulas=formulas)))

    assert outcome.billed == {"Case/C-1"}


def order_number(row):
    """Compute an order number from another field."""
    return row["Product"].upper()


def nothing(row):
    """Give an empty field."""


@pytest.mark.parametrize("value", [None, "", ...], ids=["None", "empty", "not there"])
@pytest.mark.parametrize("name", ["ON_Type", "ON_OrderNo", "ON_Date", "ON_Quantity"])
def test_an_empty_control_field_is_a_problem_of_its_record(name, value):
    """A record without type, order number, day or quantity is a problem, the others are billed."""
    outcome = bill([record("C-1", **{name: value}), record("C-2")])
    (problem,) = outcome.problems

    assert (problem.record, problem.code, problem.field) == ("Case/C-1", "missing-field", name)
    assert outcome.billed == {"Case/C-2"}


def test_an_empty_account_is_a_problem_of_its_record():
    """A record that names no account is a problem."""
    outcome = bill([record("C-1", ON_Account=None), record("C-2")])

    assert [problem.field for problem in outcome.problems] == ["ON_Account"]


@pytest.mark.parametrize(
    ("name", "value", "spelled"),
    [
        ("ON_Quantity", "many", "ON_Quantity"),
        ("ON_Quantity", "1.123456", "ON_Quantity"),
        ("ON_Quantity", 0.5, "ON_Quantity"),
        ("ON_Price", "cheap", "ON_Price"),
        ("ON_Date", "5 January", "ON_Date"),
        ("ON_Date", dt.datetime(2026, 1, 5, tzinfo=dt.UTC), "ON_Date"),
        ("ON_OrderNo", 7, "ON_OrderNo"),
        ("ON_OrderNo", ",", "ON_OrderNo"),
        ("ON_OrderNo", "X", "ON_OrderNo"),
        ("ON_AddToCsv", "yes", "ON_AddToCsv"),
        ("ON_PriceTierQuantity", "many", "ON_PriceTierQuantity"),
        ("ON_Currency", "money", "ON_Currency"),
        ("ON_Type", 7, "ON_Type"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_names_record_and_field(name, value, spelled):
    """A wrong value is a problem of its record, under the host's own names."""
    (problem,) = bill([record(**{name: value})]).problems

    assert (problem.record, problem.field) == ("Case/C-1", spelled)
    assert "Case 'C-1'" in problem.message


@pytest.mark.parametrize("value", ["Detail", "Invoice"], ids=["a detail", "another word"])
def test_only_transactions_are_billed(value):
    """A record of another type than Transaction is none of the run's."""
    outcome = bill([record(ON_Type=value)])

    assert reasons(outcome)["Case/C-1"] == "FILTER_MISMATCH"


def test_a_record_with_its_invoice_is_billed_already():
    """A record that arrives with its invoice is ALREADY_INVOICED."""
    assert reasons(bill([record(ON_Invoice="RE-1")]))["Case/C-1"] == "ALREADY_INVOICED"


def test_records_of_other_accounts_and_types_are_passed_over():
    """A record of another account, or of another type, is none of this account's."""
    outcome = bill([record("C-1", ON_Account="other"), bc.SourceRecord("Note", "N-1", fields())])

    assert reasons(outcome) == {"S-1/calls": "NO_USAGE"}


def test_a_condition_selects_records():
    """What the condition does not select is FILTER_MISMATCH; where it fails, a problem."""
    outcome = bill(
        [record("C-1"), record("C-2", Open=True), record("C-3", Open="boom")],
        cases(condition=is_open),
    )

    assert reasons(outcome) == {"Case/C-1": "FILTER_MISMATCH"}
    assert [problem.record for problem in outcome.problems] == ["Case/C-3"]
    assert outcome.billed == {"Case/C-2"}


def is_open(row):
    """Select what is open."""
    value = row.get("Open", False)
    if value == "boom":
        raise RuntimeError
    return value


def test_a_run_can_start_from_one_record():
    """A run that starts from a record bills nothing else, neither usage nor items."""
    outcome = bill([record("C-1"), record("C-2")], start=bc.StartFrom(["Case/C-2"]))

    assert outcome.billed == {"Case/C-2"}
    assert reasons(outcome) == {}


def test_of_two_filters_of_one_party_the_first_bills():
    """A record that two filters of one party select is billed by the one with the lower sequence."""
    outcome = bill([record()], cases("Late", sequence=2), cases("Early", sequence=1))
    (line,) = lines_of(outcome)

    assert line.filter == "Early"
    (exclusion,) = outcome.exclusions
    assert (exclusion.reason, exclusion.filter) == (bc.Reason.ALREADY_INVOICED, "Late")


def test_exclusive_parties_bill_a_record_once():
    """Of two exclusive parties that both want a record the first has it, in every run."""
    both = record(**{name: value for name, value in fields("Par").items() if name != "ON_Date"})
    first, second = cases("Own"), cases("Partner", fields=bc.FieldSet(suffix="Par"), sequence=1)
    selection = bc.Selection([first, second], exclusive=["", "Par"])
    book = Book(calls(), records=[both])
    outcome = book.run(selection=selection)

    assert outcome.billed == {"Case/C-1"}
    assert reasons(outcome) == {"Case/C-1:Par": "BILLED_TO_OTHER_PARTY"}


def test_a_quantity_that_flips_to_zero_does_not_free_an_exclusive_record():
    """A record billed to one of exclusive parties stays there, when its quantity becomes 0."""
    selection = bc.Selection([cases()], exclusive=["", "Par"])
    book = Book(calls(), records=[record()])
    book.run(selection=selection)
    book.finalize()
    book.records = [record(ON_Quantity=0)]
    outcome = book.bill(FEBRUARY, selection=selection)

    assert reasons(outcome)["Case/C-1"] == "ALREADY_INVOICED"


def test_records_are_corrected_and_reversed_like_usage():
    """3 hours are invoiced; they become 5, and then 0."""
    selection = bc.Selection([cases()])
    book = Book(calls(), records=[record()])
    book.run(selection=selection)
    found = []
    for quantity in (5, 0):
        book.finalize()
        book.records = [record(ON_Quantity=quantity)]
        found += [str(line.amount) for line in lines_of(book.run(FEBRUARY, selection=selection))]

    assert found == ["20.00", "-50.00"]


def test_records_of_a_canceled_invoice_are_free_at_once():
    """Records of the host are not linked to a canceled invoice."""
    book = Book(calls(), records=[record()])
    book.run(selection=bc.Selection([cases()]))
    (invoice,) = book.finalize()

    assert bc.claims_after_cancellation(invoice) == ()


def test_the_updates_of_a_draft_name_subscription_and_document():
    """What is written back to a record is its subscription and its draft, or what is wrong."""
    outcome = bill([record("C-1"), record("C-2", ON_OrderNo="X")])
    by_id = {update.id: dict(update.values) for update in outcome.updates}

    assert by_id["C-1"]["ON_Subscription"] == "S-1"
    assert by_id["C-1"]["ON_Invoice"] == outcome.drafts[0].id
    assert any("no transactional item" in str(value) for value in by_id["C-2"].values())


def test_a_record_without_a_price_for_its_quantity_is_a_problem():
    """A record beyond the last limit is a problem of the record."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(2, 1)])
    outcome = bill([record()], items=[calls(pricing=tiers)])

    assert [problem.record for problem in outcome.problems] == ["Case/C-1"]


def test_a_schema_refuses_a_filter_before_any_run():
    """A filter whose records lack a control field by their schema is refused with the selection."""
    known = fields().keys()
    bc.Selection([cases(schema=known)])
    bc.Selection([cases(schema=known - {"ON_Account"}, child_relation="Items")])
    bc.Selection([cases(schema=known - {"ON_Type"}, use_case=bc.UseCase.GENERIC)])
    bc.Selection([cases(schema={f"{name}__c" for name in known})])
    formulas = bc.FieldSet(formulas={"order_no": order_number})
    bc.Selection([cases(schema=known - {"ON_OrderNo"}, fields=formulas)])

    with pytest.raises(bc.InvalidInputError, match=r"ON_Account.*lack control fields"):
        bc.Selection([cases(schema=known - {"ON_Account"})])


def test_records_without_children_refuse_nothing():
    """Where no record has a child there is no usage whose fields could be missing."""
    root = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"})

    assert reasons(bill([root], cases(child_relation="Items")))["Case/C-1"] == "NO_PRODUCTS"


def test_an_unknown_subscription_is_named_by_its_field():
    """A record that names a subscription nobody has is wrong in that field, as it is spelled."""
    (problem,) = bill([record(ON_Subscription__c="S-l", ON_Subscription=...)]).problems

    assert (problem.record, problem.code) == ("Case/C-1", "no-matching-item")
    assert problem.field == "ON_Subscription__c"
    assert problem.message == (
        "Case 'C-1': ON_Subscription__c = 'S-l': the account has no such subscription"
    )
    assert problem.advice == "did you mean S-1?"


@pytest.mark.parametrize("value", [1, "TRUE", True])
def test_flags_of_usage_in_any_spelling(value):
    """A case is listed in the file of the invoice whether it says so by True, 1 or a word."""
    (line,) = lines_of(bill([record(ON_AddToCsv=value, ON_AddToTransactionTable="false")]))

    assert (len(line.origin.in_csv), len(line.origin.in_table)) == (1, 0)

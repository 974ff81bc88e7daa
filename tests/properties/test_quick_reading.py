"""Records that are read quickly are billed like records that are read with care."""

from __future__ import annotations

from dataclasses import make_dataclass
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import canonical, check_outcome

ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
BOTH = (
    ORDERS,
    bc.Filter("More", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines"),
)
MARCH = bc.Period.month(2026, 3)
RATES = bc.TaxTable({"A": 19, "B": 7})

QUANTITIES = st.sampled_from(
    [0, 1, 2, "3", Decimal("1.5"), Decimal("2.25"), Decimal("0.00001"), -4]
)
PRICES = st.sampled_from(
    [1, "9.99", Decimal("10.00"), Decimal("0.123"), Decimal(7), None, "x", 0.5]
)
TITLES = st.sampled_from(["Chai", "Käse", "", None, "two  words", " odd ", 7])
LINES = st.fixed_dictionaries(
    {"ON_Title": TITLES, "ON_Quantity": QUANTITIES, "ON_UnitPrice": PRICES},
    optional={
        "ON_TaxCode": st.sampled_from(["A", "B", None, "C"]),
        "ON_OrderNo": st.sampled_from(["1", "2", "", None]),
        "ON_Invoice": st.sampled_from([None, "", "R-1"]),
        "ON_Type": st.sampled_from([None, "Product", "Shipping Fees", "Information"]),
        "ON_Sequence": st.sampled_from([None, 1, 2]),
        "ON_InvoiceCriterion": st.sampled_from(["", "X"]),
        "ON_BillingType": st.sampled_from([None, "One-Time", "Recurring"]),
        "ON_Note": st.sampled_from(["n", 1, True, Decimal("1.0")]),
    },
)
HEADS = st.fixed_dictionaries(
    {"ON_Account": st.sampled_from(["acme", "acme", "acme", "other", None])},
    optional={
        "ON_ServiceDate": st.sampled_from(
            [None, "2026-03-05", "2026-04-01", "never", date(2026, 3, 5), date(2026, 4, 1)]
        ),
        "ON_CreateSingleInvoice": st.sampled_from([None, True, False, 1]),
        "ON_Invoice": st.sampled_from([None, "R-2"]),
        "ON_InvoiceCriterion": st.sampled_from(["", "Y"]),
        "ON_Template": st.sampled_from([None, "Nobody"]),
        "ON_IsItem": st.sampled_from([None, False]),
        "ON_Type": st.sampled_from([None, "", "Invoice", "Partial", "final", "Proforma", "Other"]),
        "ON_SubInvoiceKey": st.sampled_from([None, "", "H-1", "H-2"]),
    },
)
MAKES = st.lists(st.tuples(HEADS, st.lists(LINES, max_size=3)), min_size=1, max_size=5)

NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "4",
    "7",
    "10",
    "12",
    "250",
    "-2",
    "1.5",
    "-0",
    "1E+1",
    "NaN",
    "99999999999",
    "1E+15",
]
AMOUNTS = ["0.00", "9.99", "10.00", "1.5", "7", "0.123", "-3.10", "-0.00", "99999999999.99", "1E-6"]
FIELDS = {
    "ON_Title": TITLES,
    "ON_TaxCode": st.sampled_from(["A", "A", "B", None]),
    "ON_OrderNo": st.sampled_from([None, "", "1", "2", "3", 4]),
    "ON_Invoice": st.sampled_from([None, None, None, "", "R-1"]),
    "ON_Note": st.sampled_from(["n", "n", True, 1]),
    "ON_Discount": st.sampled_from([None, None, None, "10"]),
    "Name": st.integers(0, 3),
}
DATED = st.fixed_dictionaries(
    {
        "ON_Account": st.sampled_from(["acme", "acme", "acme", "other"]),
        "ON_ServiceDate": st.sampled_from([None, date(2026, 3, 5), date(2026, 4, 1)]),
        "ON_Invoice": st.sampled_from([None, None, None, "", "R-2"]),
    }
)
PLAIN = {"ON_Title": "Chai", "ON_TaxCode": "A", "ON_Note": "n", "Name": 0}


def alike(names):
    """Draw orders whose lines all have the same fields; the first two of them are plain ones."""
    fields = {
        "ON_Quantity": st.sampled_from([Decimal(number) for number in NUMBERS]),
        "ON_UnitPrice": st.sampled_from([Decimal(amount) for amount in AMOUNTS]),
        **{name: FIELDS[name] for name in names},
    }
    plain = {name: PLAIN.get(name) for name in fields}
    plain |= {"ON_Quantity": Decimal(1), "ON_UnitPrice": Decimal("9.99")}
    head = {"ON_Account": "acme", "ON_ServiceDate": None, "ON_Invoice": None}
    lines = st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=3)
    orders = st.lists(st.tuples(DATED, lines), min_size=1, max_size=6)
    return orders.map(lambda drawn: [(head, [plain]), (head, [plain]), *drawn])


ALIKE = st.sets(st.sampled_from(sorted(FIELDS))).flatmap(lambda names: alike(sorted(names)))


def as_object(values):
    """Give the same fields as attributes, which are always read with care."""
    return make_dataclass("Row", list(values), slots=True)(**values)


def orders(made, wrap):
    """Make orders of their fields."""
    return [
        bc.SourceRecord(
            "Order",
            f"O-{number}",
            wrap(head),
            children={
                "Lines": [
                    bc.SourceRecord("Line", f"L-{number}-{place}", wrap(line))
                    for place, line in enumerate(lines)
                ]
            },
        )
        for number, (head, lines) in enumerate(made)
    ]


def billed(made, wrap, filters, policy, currency="EUR"):
    """Bill orders, and say all that came of it but the records themselves."""
    run = bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy)
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency=currency), records=orders(made, wrap))
    outcome = bc.bill(run, snapshot, RATES)
    check_outcome(outcome, snapshot)
    lines = [
        (draft.id, line.billing_key, line.item, line.type, line.span, line.net, line.tax.code)
        for draft in outcome.drafts
        for line in draft.lines
    ]
    totals = [draft.totals for draft in outcome.drafts]
    places = [(draft.kind, draft.chain) for draft in outcome.drafts]
    return canonical(
        (lines, totals, places, outcome.exclusions, outcome.left_out, outcome.problems)
    )


@given(MAKES, st.sampled_from([(ORDERS,), BOTH]), st.sampled_from([bc.DOCUMENTED, bc.LEVEL]))
def test_mappings_are_billed_like_objects(made, filters, policy):
    """Orders that are mappings, and those with the same attributes, give the same in every detail."""
    assert billed(made, dict, filters, policy) == billed(made, as_object, filters, policy)


@given(
    ALIKE,
    st.sampled_from([(ORDERS,), BOTH]),
    st.sampled_from([bc.DOCUMENTED, bc.LEVEL]),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_lines_of_one_make_are_billed_like_objects(made, filters, policy, currency):
    """Lines with equal fields, read at once, give what lines that are read one by one give."""
    quick = billed(made, dict, filters, policy, currency)

    assert quick == billed(made, as_object, filters, policy, currency)


@given(MAKES)
def test_what_came_before_changes_nothing(made):
    """Each order is billed as it is billed alone, whatever orders were read before it."""
    together = orders(made, dict)
    account = bc.Account("acme", currency="EUR")
    run = bc.InvoiceRun(MARCH, selection=bc.Selection([ORDERS]))
    for record in (*together, *reversed(together)):
        snapshot = bc.AccountSnapshot(account, records=[record])
        fresh = bc.InvoiceRun(MARCH, selection=bc.Selection([ORDERS]))
        ours, alone = bc.bill(run, snapshot, RATES), bc.bill(fresh, snapshot, RATES)

        assert canonical(ours.drafts) == canonical(alone.drafts)
        assert canonical((ours.exclusions, ours.problems)) == canonical(
            (alone.exclusions, alone.problems)
        )

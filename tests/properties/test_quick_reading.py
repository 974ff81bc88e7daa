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


def billed(made, wrap, filters, policy):
    """Bill orders, and say all that came of it but the records themselves."""
    run = bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy)
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), records=orders(made, wrap))
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

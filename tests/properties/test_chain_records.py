"""The law of agreements in a run: whatever the order of records, the same documents are made."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_outcome

ACME = bc.Account("acme", currency="EUR")
TAXES = bc.TaxTable({"19": 19, "7": 7})
ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Items")
SUBS = [bc.InvoiceKind.PARTIAL, bc.InvoiceKind.PROGRESS, bc.InvoiceKind.DEPOSIT]

AMOUNTS = st.decimals("-50", "500", places=2)
LINES = st.lists(st.tuples(AMOUNTS, st.sampled_from(["19", "7"])), min_size=1, max_size=3)
KEYS = st.sampled_from(["A", "B"])
HEADS = st.fixed_dictionaries(
    {
        "ON_Type": st.sampled_from(
            [None, "Partial", "Progress", "Deposit", "Final", "Proforma", "Other"]
        ),
        "ON_SubInvoiceKey": st.sampled_from(["A", "B", None]),
        "ON_Currency": st.sampled_from(["EUR", "EUR", "USD"]),
    }
)
ORDERS_MADE = st.lists(st.tuples(HEADS, LINES), min_size=1, max_size=6)
ISSUED = st.lists(
    st.tuples(st.sampled_from(SUBS), KEYS, st.sampled_from(["EUR", "USD"]), AMOUNTS, st.booleans()),
    max_size=4,
)
POLICIES = st.builds(
    bc.DOCUMENTED.but,
    final_shape=st.sampled_from(list(bc.FinalShape)),
    chain_tax=st.sampled_from(list(bc.ChainTax)),
    deduct_progress=st.sampled_from(list(bc.DeductProgress)),
    zero_total=st.sampled_from(list(bc.ZeroTotal)),
    negative_total=st.sampled_from(list(bc.NegativeTotal)),
)


def records_of(made):
    """Make orders of what they say and of their lines."""
    return [
        bc.SourceRecord("Order", f"O-{number}", {"ON_Account": "acme", **head}, children={"Items": [
            bc.SourceRecord("Line", f"L-{number}-{place}", {
                "ON_Title": "Work", "ON_Quantity": 1, "ON_UnitPrice": price, "ON_TaxCode": code,
            })
            for place, (price, code) in enumerate(lines)
        ]})
        for number, (head, lines) in enumerate(made)
    ]  # fmt: skip


def documents_of(issued):
    """Make the documents that were issued before, some of them paid."""
    found = []
    for number, (kind, key, currency, net, is_paid) in enumerate(issued):
        tax = (net * 19 / 100).quantize(Decimal("0.01"))
        parts = (bc.TaxAmount(bc.Tax("19", rate=19), net, tax),)
        paid = parts if is_paid else ()
        found.append(bc.ChainDocument(
            f"R-{number}", kind=kind, key=key, date="2026-02-01", currency=currency,
            invoiced=parts, paid=paid,
        ))  # fmt: skip
    return found


def summary(draft):
    """Say all of a draft but the order of its lines."""
    lines = sorted((line.record, line.net, line.tax.code) for line in draft.scope)
    taxes = sorted((row.tax.code, row.taxable, row.amount) for row in draft.totals.breakdown)
    sums = (draft.totals.net, draft.totals.tax, draft.totals.gross, draft.totals.due)
    deducted = [(each.number, each.net, each.tax) for each in draft.deductions]
    left = draft.remaining
    return draft.kind, draft.sub_invoice_key, lines, taxes, sums, deducted, left[:3]


def billed(records, chain, policy):
    """Bill records, and give what came of it by the ids of documents and records."""
    snapshot = bc.AccountSnapshot(ACME, records=records, chain=chain)
    run = bc.InvoiceRun(bc.Period.month(2026, 3), selection=bc.Selection([ORDERS]), policy=policy)
    outcome = bc.bill(run, snapshot, TAXES)
    check_outcome(outcome, snapshot)
    drafts = {draft.id: summary(draft) for draft in outcome.drafts}
    return outcome, drafts, {each.record: each.code for each in outcome.problems}


@given(ORDERS_MADE, ISSUED, POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_records(made, issued, policy, random):
    """Shuffled records give the same documents and the same problems."""
    records, chain = records_of(made), documents_of(issued)
    shuffled = [*records]
    random.shuffle(shuffled)

    assert billed(records, chain, policy)[1:] == billed(shuffled, chain, policy)[1:]


@given(ORDERS_MADE, ISSUED, POLICIES)
def test_what_a_final_leaves(made, issued, policy):
    """A final asks for all that its lines cost, less what was deducted, and for nothing else."""
    outcome, _, _ = billed(records_of(made), documents_of(issued), policy)
    for draft in outcome.drafts:
        if draft.kind is not bc.InvoiceKind.FINAL:
            continue
        whole = sum(part.gross for part in draft.chain.contract)
        deducted = sum(each.gross for each in draft.deductions)
        own = [
            f"R-{number}"
            for number, (_, key, currency, _, _) in enumerate(issued)
            if (key, currency) == (draft.sub_invoice_key, draft.currency)
        ]

        assert [each.number for each in draft.deductions] == own
        assert draft.totals.due == draft.remaining.gross == whole - deducted
        assert sum(line.net for line in draft.scope) == sum(
            part.net for part in draft.chain.contract
        )

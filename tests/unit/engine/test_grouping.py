"""Which lines share a document, what it becomes, and why two documents are two."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import (
    ACME,
    MARCH,
    VAT,
    amounts,
    bill,
    contract,
    draft_of,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)

KIND = bc.InvoiceKind


def documents(outcome):
    """Give the titles of the lines of each document."""
    return [[line.title for line in draft.lines] for draft in outcome.drafts]


def test_one_document_per_subscription():
    """Two contracts of one account are two documents."""
    store = store_of(contract(monthly("a")), contract(monthly("b"), id="S-2"))
    outcome = bill(store)

    assert documents(outcome) == [["a"], ["b"]]
    assert [str(each) for each in outcome.splits] == [
        "they differ in subscription: 'S-1' and 'S-2'"
    ]


def test_consolidated_per_account():
    """By policy all contracts of an account share one document, in the order of the contracts."""
    store = store_of(contract(monthly("a")), contract(monthly("b"), id="S-2"))
    outcome = bill(store, run_of(grouping=bc.PER_ACCOUNT))

    assert documents(outcome) == [["a", "b"]]
    assert outcome.splits == []


def test_the_criterion_splits():
    """Fee 1 (2 x 5.00, A) and Fee 2 (3 x 7.00, B) are two invoices, of 10.00 and 21.00."""
    fees = [
        monthly("Fee 1", 5, quantity=2, criterion="A"),
        monthly("Fee 2", 7, quantity=3, criterion="B"),
    ]
    outcome = bill(store_of(contract(*fees)))

    assert documents(outcome) == [["Fee 1"], ["Fee 2"]]
    assert [draft.totals.net for draft in outcome.drafts] == [10, 21]
    assert outcome.splits == [bc.Difference("invoice criterion", "A", "B")]


def test_the_criterion_never_merges_subscriptions():
    """Equal criteria of two contracts stay on two invoices."""
    store = store_of(
        contract(monthly("a", criterion="A")), contract(monthly("b", criterion="A"), id="S-2")
    )

    assert documents(bill(store)) == [["a"], ["b"]]


@pytest.mark.parametrize(
    "grouping", [bc.PER_SUBSCRIPTION, bc.PER_ACCOUNT, ()], ids=["subscription", "account", "none"]
)
def test_currencies_never_mix(grouping):
    """Items of two currencies are on two documents under every policy."""
    store = store_of(contract(monthly("a"), monthly("b", currency="USD")))
    outcome = bill(store, run_of(grouping=grouping))

    assert [draft.currency for draft in outcome.drafts] == ["EUR", "USD"]
    assert outcome.splits == [bc.Difference("currency", "EUR", "USD")]


def test_the_currency_is_the_nearest():
    """The item's currency goes before the subscription's, and that before the account's."""
    items = monthly("a"), monthly("b", bc.Money(3, "JPY"))
    store = store_of(contract(*items, currency="CHF"), contract(monthly("c"), id="S-2"))

    assert [draft.currency for draft in bill(store).drafts] == ["CHF", "JPY", "EUR"]


def test_terms_never_mix():
    """Another template, seller or payment term is another document, even without criteria."""
    setup = bc.Setup(
        [bc.Template("Default"), bc.Template("German")], [bc.BusinessEntity("Acme AG")]
    )
    contracts = [
        contract(monthly("a")),
        contract(monthly("b"), id="S-2", template="German"),
        contract(monthly("c"), id="S-3", entity="Acme AG"),
        contract(monthly("d"), id="S-4", payment_days=14),
        contract(monthly("e"), id="S-5", template="Default", payment_days=0),
    ]
    outcome = bill(store_of(*contracts, setup=setup), run_of(grouping=()))

    assert documents(outcome) == [["a", "e"], ["b"], ["c"], ["d"]]
    assert [each.criterion for each in outcome.splits] == ["terms"] * 3


def test_a_criterion_of_the_host():
    """A policy may group by any function of a line; the split is explained by its name."""
    by_month = bc.Criterion("month", lambda line: line.service_period.first.month)
    run = run_of(policy=bc.LEVEL, grouping=[*bc.PER_SUBSCRIPTION, by_month])
    outcome = bill(store_of(contract(monthly())), run)

    assert [draft.group[2] for draft in outcome.drafts] == [1, 2, 3]
    assert len({draft.id for draft in outcome.drafts}) == 3
    assert [str(each) for each in outcome.splits] == [
        "they differ in month: 1 and 2",
        "they differ in month: 1 and 3",
    ]


ALIKE = {
    "a criterion like a currency": (
        [monthly("a", currency="USD"), monthly("b", criterion="USD")],
        bc.PER_SUBSCRIPTION,
    ),
    "a criterion like a part of an id": (
        [monthly("a", currency="USD"), monthly("b", criterion="currency=USD")],
        bc.PER_SUBSCRIPTION,
    ),
    "a number and a text": (
        [monthly("a"), monthly("b")],
        [bc.Criterion("value", lambda line: 1 if line.title == "a" else "1")],
    ),
    "one value under two criteria": (
        [monthly("a", criterion="X"), monthly("b", unit_code="X")],
        [
            bc.Criterion("invoice criterion", lambda line: line.item.criterion),
            bc.Criterion("unit", lambda line: line.unit_code.replace("C62", "")),
        ],
    ),
}


@pytest.mark.parametrize(("items", "grouping"), ALIKE.values(), ids=ALIKE)
def test_documents_of_different_groups_have_different_ids(items, grouping):
    """Two groups whose values read alike are two documents, and both are stored."""
    store = store_of(contract(*items))
    report = bc.execute(run_of(grouping=grouping), store)

    assert len(set(report.draft_ids)) == len(report.draft_ids) == 2
    assert len(list(store.drafts())) == 2


def test_lines_follow_sequence_then_order():
    """Items with a sequence come first, in its order; the others keep the order they came in."""
    items = [
        monthly("c"),
        monthly("b", sequence=2),
        monthly("d"),
        monthly("a", sequence=1),
    ]

    assert documents(bill(store_of(contract(*items)))) == [["a", "b", "c", "d"]]


NEGATIVE = [monthly("fee", 10), monthly("refund", -25)]


@pytest.mark.parametrize(
    ("rule", "kind"),
    [(bc.NegativeTotal.CREDIT, KIND.CREDIT), (bc.NegativeTotal.INVOICE, KIND.STANDARD)],
    ids=["credit", "invoice"],
)
def test_a_negative_total(rule, kind):
    """A document below zero becomes a credit by default, or stays an invoice."""
    (draft,) = bill(store_of(contract(*NEGATIVE)), run_of(negative_total=rule)).drafts

    assert (draft.kind, draft.totals.gross) == (kind, -15)


def test_a_negative_total_is_carried_forward():
    """A carried document is not made; a later run bills it together with what is due then."""
    run = {"negative_total": bc.NegativeTotal.CARRY_FORWARD, "catch_up": bc.CatchUp.EVERY}
    refund = monthly("refund", -25, end="2026-01-31")
    store = store_of(contract(monthly("fee", 10), refund))
    january = bc.execute(run_of(bc.Period.month(2026, 1), **run), store)
    february = bc.execute(run_of(bc.Period.month(2026, 2), **run), store)
    march = bc.execute(run_of(MARCH, **run), store)

    assert [list(january.drafts), list(february.drafts)] == [[], []]
    assert january.excluded == {bc.Reason.CARRIED_FORWARD: 2}
    (draft,) = march.drafts
    assert [(line.title, str(line.service_period.first)) for line in draft.lines] == [
        ("fee", "2026-01-01"),
        ("fee", "2026-02-01"),
        ("fee", "2026-03-01"),
        ("refund", "2026-01-01"),
    ]
    assert draft.totals.net == 5


def test_a_carried_item_is_not_lost_by_a_run_that_begins_with_the_run():
    """What was carried is due since then, although the first period would begin with the run."""
    store = store_of(contract(monthly("refund", -25)))
    carry = run_of(bc.Period.month(2026, 1), negative_total=bc.NegativeTotal.CARRY_FORWARD)
    bc.execute(carry, store)
    (draft,) = bc.execute(run_of(), store).drafts

    assert str(draft.lines[0].service_period) == "2026-01-01/2026-02-01"


def test_a_carried_one_time_item_stays_due():
    """A one-time item on a carried document is billed by the next run that meets it."""
    store = store_of(contract(once("refund", -25)))
    carry = run_of(bc.Period.month(2026, 1), negative_total=bc.NegativeTotal.CARRY_FORWARD)
    assert bc.execute(carry, store).draft_ids == []

    assert len(bc.execute(run_of(), store).drafts) == 1


@pytest.mark.parametrize(
    "item",
    [
        once("refund", -25, start="2026-01-10", end="2026-01-10"),
        monthly("refund", -25, cadence=None, end="2026-01-31"),
    ],
    ids=["one-time", "each run"],
)
def test_a_carried_item_that_has_ended_is_not_lost(item):
    """What was due and carried is billed later, also if its dates lie before that run."""
    store = store_of(contract(item))
    carry = run_of(bc.Period.month(2026, 1), negative_total=bc.NegativeTotal.CARRY_FORWARD)
    bc.execute(carry, store)
    report = bc.execute(run_of(), store)

    assert [draft.totals.net for draft in report.drafts] == [-25]


@pytest.mark.parametrize("rule", bc.ZeroTotal)
def test_a_total_of_zero(rule):
    """A document of zero is issued by default; skipped, its periods are waived for good."""
    items = [monthly("fee", 10), monthly("rebate", -10), once("gift", 0)]
    store = store_of(contract(*items))
    report = bc.execute(run_of(bc.Period.month(2026, 1), zero_total=rule), store)
    is_issued = rule is bc.ZeroTotal.ISSUE

    assert len(report.drafts) == is_issued
    assert report.excluded == ({} if is_issued else {bc.Reason.ZERO_TOTAL: 3})
    if not is_issued:
        again = bc.execute(run_of(bc.Period.month(2026, 1)), store)
        assert again.excluded == {bc.Reason.COVERED: 2, bc.Reason.ONE_TIME_DONE: 1}


def test_a_zero_total_is_an_invoice():
    """A document of exactly zero is an invoice, never a credit."""
    (draft,) = bill(store_of(contract(monthly("free", 0)))).drafts

    assert (draft.kind, str(draft.totals.gross)) == (KIND.STANDARD, "0.00")


def test_a_record_billed_on_one_document_and_skipped_on_another():
    """Where a record is on two documents and one is skipped, that part is reported as left out."""
    by_month = bc.Criterion("month", lambda line: line.service_period.first.month)
    policy = bc.LEVEL.but(grouping=[by_month], zero_total=bc.ZeroTotal.SKIP)
    items = [
        monthly("fee", 10, start="2026-02-01"),
        monthly("rebate", -10, start="2026-02-01", end="2026-02-28"),
    ]
    outcome = bill(store_of(contract(*items)), run_of(policy=policy))

    assert documents(outcome) == [["fee"]]
    assert [(each.record, each.reason) for each in outcome.left_out] == [
        ("S-1/fee", bc.Reason.ZERO_TOTAL)
    ]
    assert [each.record for each in outcome.exclusions] == ["S-1/rebate"]


def test_ids_of_drafts_are_derived():
    """A draft's id comes from run, account and group, whatever its lines are."""
    store = store_of(contract(monthly("a", criterion="A/B", quantity=1), id="S 1"))
    (draft,) = bill(store).drafts

    assert draft.id == "2026-03-01..2026-03-31/acme/S%201/A%2FB"


def test_the_next_document_of_the_same_run_has_the_next_id():
    """After finalizing, the same run bills the next period under an id of its own."""
    store = store_of(contract(monthly()))
    quarter = run_of(bc.Period.quarter(2026, 1))
    for _ in range(3):
        bc.execute(quarter, store)
        finalize_all(store)

    base = "2026-01-01..2026-03-31/acme/S-1"
    assert [invoice.draft.id for invoice in store.invoices()] == [base, f"{base}#2", f"{base}#3"]


def test_order_discounts_are_shared_per_document():
    """A subscription's order discount reduces each of its documents, by the lines' shares."""
    ten = bc.Discount.percent(10, title="Loyalty")
    items = [monthly("a", 50), monthly("b", 100), monthly("c", 30, criterion="X")]
    outcome = bill(store_of(contract(*items, order_discount=ten)))

    assert [[line.order_discount for line in draft.lines] for draft in outcome.drafts] == [
        [*amounts("5.00", "10.00")],
        [*amounts("3.00")],
    ]


def test_order_discounts_of_two_contracts_on_one_document():
    """On a consolidated document each contract's discount reduces its own lines only."""
    contracts = [
        contract(monthly("a", 100), order_discount=bc.Discount.amount(10)),
        contract(monthly("b", 100), id="S-2"),
        contract(monthly("c", 100), id="S-3", order_discount=bc.Discount.percent(50)),
    ]
    (draft,) = bill(store_of(*contracts), run_of(grouping=bc.PER_ACCOUNT)).drafts

    assert [line.order_discount for line in draft.lines] == [10, 0, 50]
    assert draft.totals.net == 240


def test_drafts_by_hand_are_split_and_explained():
    """`drafts` gives one per criterion and currency; `draft` refuses and says why."""
    items = [once("a", criterion="A"), once("b", criterion="B"), once("c", currency="USD")]

    assert len(bc.drafts(ACME, items, period=MARCH, tax=VAT)) == 3
    with pytest.raises(bc.InvalidInputError, match="invoice criterion: 'A' and 'B'"):
        draft_of(*items)


def test_a_long_criterion_gives_a_short_id():
    """Two criteria of 10,000 letters that differ in the last one are two documents with short ids."""
    fees = [monthly(last, 5, criterion="x" * 9_999 + last) for last in "ab"]
    store = store_of(contract(*fees))
    ids = [draft.id for draft in bill(store).drafts]

    assert [len(each) < 100 for each in ids] == [True, True]
    assert len({*ids}) == 2
    assert [draft.id for draft in bill(store).drafts] == ids

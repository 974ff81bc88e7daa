"""In which order a run can make the documents of an agreement (behaviour 5.7)."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.building import (
    KIND,
    ORDERS,
    amounts_of,
    billed,
    earlier,
    issue,
    part,
    party,
    pay,
    priced,
    record,
    run_for,
    said,
    store_of,
)
from tests.unit.engine.records import ACME, VAT


def problem_of(outcome):
    """Give code, record and message of the only problem."""
    (problem,) = outcome.problems
    return problem.code, problem.record, problem.message


@pytest.mark.parametrize(
    ("chain", "code", "message", "advice"),
    [
        (
            [earlier("R-1"), earlier("draft-2", is_draft=True, paid=())],
            "subs-in-draft",
            "Order 'O-9': there are drafts of 'house': draft-2",
            "finalize or discard them first",
        ),
        (
            [earlier("R-1", is_booked=False), earlier("R-2"), earlier("R-3", is_booked=False)],
            "subs-not-booked",
            "Order 'O-9': not booked yet, or not all of their payments: R-1, R-3",
            "book them first: book_documents, book_payments",
        ),
        (
            [earlier("R-1"), earlier("R-2", KIND.FINAL)],
            "final-exists",
            "Order 'O-9': R-2 is the final of 'house' already",
            "cancel R-2 first",
        ),
        (
            [earlier("R-1"), earlier("draft-2", KIND.FINAL, is_draft=True)],
            "final-exists",
            "Order 'O-9': draft-2 is the final of 'house' already",
            "discard draft-2 first",
        ),
    ],
    ids=["draft subs", "subs not booked", "second final", "draft final"],
)
def test_a_final_that_cannot_be_made(chain, code, message, advice):
    """A final that cannot be made is a problem of its records, which names what is in the way."""
    outcome = billed(part("O-9", "Final", 10_000), chain=chain)

    assert outcome.drafts == ()
    assert problem_of(outcome) == (code, "OrderLine/O-9-1", message)
    assert outcome.problems[0].advice == advice
    errors = {update.id: update.values["ON_InvoiceBuildError"] for update in outcome.updates}
    assert set(errors) == {"O-9", "O-9-1"}
    assert all(message in error for error in errors.values())


@pytest.mark.parametrize("kind", ["Partial", "Progress", "Deposit"])
def test_a_part_after_the_final(kind):
    """After the final no part of the agreement is invoiced, and the problem names the final."""
    outcome = billed(part("O-3", kind, 100), chain=[earlier("R-9", KIND.FINAL)])

    assert problem_of(outcome)[::2] == (
        "final-exists",
        "Order 'O-3': R-9 is the final of 'house' already",
    )


def test_a_part_beside_a_draft_of_the_final():
    """A draft of the final is in nobody's way; it is made anew when the part is issued."""
    chain = [earlier("draft-2", KIND.FINAL, is_draft=True)]

    assert [draft.kind for draft in billed(part("O-3", "Partial", 9), chain=chain).drafts] == [
        KIND.PARTIAL
    ]


@pytest.mark.parametrize("key", [None, "", ...], ids=["empty", "no text", "no field"])
def test_a_final_without_key(key):
    """A final that names no key is a problem, which names the field as the record spells it."""
    values = said("Sub", "Final", key)
    if key is ...:
        del values["ON_SubInvoiceKeySub"]
    chosen = party("Sub")
    outcome = billed(record("O-9", values, priced("Sub", "All", 9)), filters=[chosen])

    assert outcome.drafts == ()
    (problem,) = outcome.problems
    assert (problem.code, problem.record) == ("missing-field", "Order/O-9:Sub")
    assert problem.field == "ON_SubInvoiceKeySub"
    assert problem.message == (
        "Order 'O-9': ON_SubInvoiceKeySub: a final invoice names what it deducts by a sub invoice "
        "key"
    )


def test_both_names_of_the_key():
    """The key may have the longer one of its names, with or without an ending."""
    values = {"ON_Account": "acme", "ON_Type": "Final", "ON_SubInvoiceAssignmentKey__c": "house"}
    (draft,) = billed(record("O-9", values, priced("", "All", 9)), chain=[earlier("R-1")]).drafts

    assert draft.sub_invoice_key == "house"
    assert [each.number for each in draft.deductions] == ["R-1"]


def test_drafts_of_the_same_run():
    """A final waits for the parts that its own run makes, wherever its record stands."""
    records = [part("O-9", "Final", 10_000), part("O-1", "Progress", 100)]
    outcome = billed(*records)

    assert [draft.kind for draft in outcome.drafts] == [KIND.PROGRESS]
    assert problem_of(outcome)[2] == (
        f"Order 'O-9': there are drafts of 'house': {outcome.drafts[0].id}"
    )


def test_two_finals_in_one_run():
    """Of two finals of one key, whose terms keep them apart, the first one is made."""
    records = [part("O-8", "Final", 100), part("O-9", "Final", 200, CreateSingleInvoice=True)]
    outcome = billed(*records, chain=[earlier("R-1")])

    (draft,) = outcome.drafts
    assert [line.record for line in draft.lines] == ["OrderLine/O-8-1"]
    assert problem_of(outcome)[1:] == (
        "OrderLine/O-9-1",
        f"Order 'O-9': {draft.id} is the final of 'house' already",
    )


def test_two_orders_on_one_final():
    """Two records with one key and the same terms are one final."""
    (draft,) = billed(part("O-8", "Final", 100), part("O-9", "final", 200)).drafts

    assert (len(draft.lines), draft.totals.net) == (2, 300)
    assert draft.deductions == ()


@pytest.mark.parametrize(
    ("value", "shown"),
    [("Part", "'Part'"), ("Credit", "'Credit'"), (KIND.CREDIT, "'credit'"), (7, "7")],
    ids=["unknown", "a credit", "a kind that no record has", "a number"],
)
def test_kinds_that_there_are_not(value, shown):
    """A kind that no document of a record has is a problem, which says what there is."""
    outcome = billed(part("O-1", value, 100))
    (problem,) = outcome.problems

    assert problem.message == (
        f"Order 'O-1': ON_Type = {shown}: no document of this kind is made of records"
    )
    assert problem.advice == (
        "use one of Invoice, Partial, Progress, Final, Deposit, Proforma, or leave it empty"
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, KIND.STANDARD),
        ("", KIND.STANDARD),
        ("invoice", KIND.STANDARD),
        (KIND.STANDARD, KIND.STANDARD),
        ("PARTIAL", KIND.PARTIAL),
        (KIND.PROGRESS, KIND.PROGRESS),
        ("final", KIND.FINAL),
        ("Proforma", KIND.PRO_FORMA),
        ("Pro Forma", KIND.PRO_FORMA),
        ("pro-forma", KIND.PRO_FORMA),
        (KIND.PRO_FORMA, KIND.PRO_FORMA),
    ],
)
def test_spellings_of_kinds(value, kind):
    """A kind is read in any case, with or without a blank, and as a member."""
    (draft,) = billed(part("O-1", value, 100)).drafts

    assert draft.kind is kind


@pytest.mark.parametrize("value", [7, ["house"], " house"], ids=["number", "list", "blank"])
def test_keys_that_are_none(value):
    """A key that is no plain text is a problem, which names the field."""
    (problem,) = billed(part("O-1", "Partial", 100, key=value)).problems

    assert (problem.field, problem.record) == ("ON_SubInvoiceKey", "Order/O-1")


@pytest.mark.parametrize("kind", [None, "Invoice", "Proforma"])
def test_keys_that_say_nothing(kind):
    """A key of what belongs to no agreement is not even read."""
    drafts = billed(part("O-1", kind, 100, key=7), part("O-2", kind, 100)).drafts

    assert [(draft.sub_invoice_key, len(draft.lines)) for draft in drafts] == [("", 2)]


def test_a_kind_of_a_line():
    """The type of a line says what the line is, and a kind of a document is wrong there."""
    wrong = priced("", "Part", 9, Type="Partial")
    (problem,) = billed(record("O-1", said("", "Partial"), wrong)).problems

    assert (problem.record, problem.field) == ("OrderLine/O-1-1", "ON_Type")


def test_a_part_that_is_canceled_before_the_final():
    """A canceled part is free again, and the final deducts only what is left."""
    store = store_of(part("O-1", "Partial", 1000), part("O-2", "Partial", 2000, "garden"))
    first, other = issue(store)
    bc.finalize(bc.cancel(first, store.books("acme")), store, on="2026-04-02")
    store.change(part("O-1", "Invoice", 0))
    store.add(part("O-9", "Final", 3000), part("O-10", "Final", 5000, "garden"))
    report = bc.execute(run_for(ORDERS), store)

    assert {
        draft.sub_invoice_key: [each.number for each in draft.deductions]
        for draft in report.drafts
        if draft.kind is KIND.FINAL
    } == {"house": [], "garden": [other.number]}


def test_a_final_that_is_canceled():
    """After a final was canceled its records are free, and its parts can be deducted again."""
    store = store_of(part("O-1", "Progress", 1000), part("O-9", "Final", 3000))
    report = bc.execute(run_for(ORDERS), store)
    (progress,) = [bc.finalize(draft, store, on="2026-04-01") for draft in report.drafts]
    pay(store, progress)
    (final,) = issue(store)
    refused = billed(part("O-2", "Partial", 1), chain=store.snapshot("acme").chain)
    bc.finalize(bc.cancel(final, store.books("acme")), store, on="2026-04-20")
    (again,) = issue(store, on="2026-05-01")

    assert problem_of(refused)[0] == "final-exists"
    assert again.kind is KIND.FINAL
    assert again.lines[0].record == final.lines[0].record
    assert (
        amounts_of(again.remaining)
        == amounts_of(final.remaining)
        == (
            "2000.00",
            "380.00",
            "2380.00",
        )
    )


def test_what_a_check_finds():
    """A check of a setup finds wrong kinds and finals without key in sample records."""
    records = [part("O-1", "Part", 1), part("O-2", "Final", 1, key=None), part("O-3", "Final", 1)]
    found = bc.check(run_for(ORDERS), records=records, accounts=[ACME], tax=VAT)
    errors = [(each.field, each.message) for each in found if each.severity is bc.Severity.ERROR]

    assert errors == [
        ("ON_Type", "'Part': no document of this kind is made of records, as in Order 'O-1'"),
        (
            "ON_SubInvoiceKey",
            "a final invoice names what it deducts by a sub invoice key, as in Order 'O-2'",
        ),
    ]


def test_why_not():
    """The question why a record is not billed is answered with what is in the way of its final."""
    snapshot = bc.AccountSnapshot(
        ACME, records=[part("O-9", "Final", 9)], chain=[earlier("R-2", KIND.FINAL)]
    )
    answer = bc.why_not(run_for(ORDERS), snapshot, "OrderLine/O-9-1")

    assert isinstance(answer, bc.Problem)
    assert answer.advice == "cancel R-2 first"


def test_candidates():
    """Candidates show the kind of the document, also if the record cannot be billed."""
    records = [part("O-1", "Progress", 10), part("O-2", None, 20), part("O-3", "Part", 30)]
    records.append(part("O-9", "Final", 100))
    calls = bc.Filter("Calls", use_case=bc.UseCase.USAGE, target="Call")
    values = {"ON_Account": "acme", "ON_Type": "Detail", "ON_Subscription": None}
    values |= {"ON_OrderNo": "1", "ON_Invoice": None}
    run = run_for(ORDERS, calls)
    snapshot = bc.AccountSnapshot(ACME, records=[*records, bc.SourceRecord("Call", "C-1", values)])
    found = bc.candidates(run, snapshot, VAT)

    assert [each.kind for each in found] == [
        KIND.PROGRESS,
        KIND.STANDARD,
        None,
        KIND.FINAL,
        KIND.STANDARD,
    ]
    assert [row["kind"] for row in found.records()] == [
        *("progress", "invoice", "", "final", "invoice")
    ]
    assert str(found[:2]).splitlines() == [
        "filter  record     kind      billed  amount  currency",
        "------  ---------  --------  ------  ------  --------",
        "Order   Order/O-1  progress  yes      10.00  EUR",
        "Order   Order/O-2            yes      20.00  EUR",
    ]

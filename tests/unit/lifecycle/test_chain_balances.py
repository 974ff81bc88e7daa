"""What is open on part invoices and finals: paid, folded in, closed, over-invoiced (behaviour 5)."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

import billingcore as bc
from billingcore.testing import check_books, check_document
from tests.chains import (
    DEPOSIT,
    FINAL,
    PARTIAL,
    PRO_FORMA,
    PROGRESS,
    cancel,
    issue,
    made,
    pay,
    states,
    store_with,
)
from tests.unit.ledger.chains import ACCOUNTING as BOOKED

REMAINDER = bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER)
INVOICED = bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED)
SHAPES = [bc.DOCUMENTED, REMAINDER]
SHAPE_IDS = ["all that was agreed", "the remainder"]


def close(store, number, on="2026-06-01", **options):
    """Close a document."""
    return store.record("acme", partial(bc.close, number=number, on=on, **options))


def credit(store, number, amount=100):
    """Give a part of a document's first line back."""
    draft = bc.credit(number, store.books("acme"), {1: amount})
    return bc.finalize(draft, store, on="2026-04-01")


@pytest.mark.parametrize("policy", SHAPES, ids=SHAPE_IDS)
def test_two_paid_progress_invoices_of_behaviour_5_4(policy):
    """10,000 + 1,900 less twice 2,500 + 475 leaves 5,000 + 950 = 5,950, in either shape."""
    store = store_with()
    for name in ("Z-1", "Z-2"):
        pay(store, name, "2975.00", issue(store, PROGRESS, 2500).number)

    final = issue(store, FINAL, 10000, policy=policy)

    left = final.remaining
    assert (left.net, left.tax, left.gross) == (Decimal(5000), Decimal(950), Decimal(5950))
    assert [(each.net, each.tax, each.gross) for each in final.deductions] == [
        (Decimal(2500), Decimal(475), Decimal(2975)),
        (Decimal(2500), Decimal(475), Decimal(2975)),
    ]
    assert final.totals.due == Decimal(5950)
    check_document(final)
    assert {number: each[0] for number, each in states(store).items()} == {
        "2026-00001": "paid", "2026-00002": "paid", "2026-00003": "open",
    }  # fmt: skip


@pytest.mark.parametrize("policy", SHAPES, ids=SHAPE_IDS)
@pytest.mark.parametrize(
    ("paid", "due"),
    [("0", "11900.00"), ("1190.00", "10710.00"), ("2975.00", "8925.00")],
    ids=["not paid", "paid in part", "paid"],
)
def test_what_is_open_of_a_progress_invoice_moves_to_the_final(policy, paid, due):
    """A final deducts what was paid; it asks for the rest, and the progress invoice is closed."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", paid, sub.number)

    final = issue(store, FINAL, 10000, policy=policy)

    assert final.totals.due == Decimal(due)
    state = "paid" if paid == "2975.00" else "closed"
    assert states(store) == {sub.number: (state, 0), final.number: ("open", Decimal(due))}


def test_a_partial_invoice_stays_a_claim_of_its_own():
    """A final deducts a partial invoice as it was invoiced, though nobody paid it yet."""
    store = store_with()
    sub = issue(store, PARTIAL, 2500)

    final = issue(store, FINAL, 10000)

    assert states(store) == {
        sub.number: ("open", Decimal("2975.00")),
        final.number: ("open", Decimal("8925.00")),
    }


def test_progress_can_be_deducted_as_invoiced():
    """With the policy for it, a progress invoice is deducted unpaid and stays open."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190.00", sub.number)

    final = issue(store, FINAL, 10000, policy=INVOICED)

    assert states(store) == {
        sub.number: ("open", Decimal("1785.00")),
        final.number: ("open", Decimal("8925.00")),
    }


def test_over_invoicing_gives_a_negative_remainder_and_stays_a_final():
    """Of 4,000 + 760, 5,950.00 were paid: the final asks for -1,190.00, open until it is paid out."""
    store = store_with()
    for name in ("Z-1", "Z-2"):
        pay(store, name, "2975.00", issue(store, PROGRESS, 2500).number)

    final = issue(store, FINAL, 4000)

    left = final.remaining
    assert final.kind is FINAL
    assert (left.net, left.tax, left.gross) == (Decimal(-1000), Decimal(-190), Decimal(-1190))
    assert states(store)[final.number] == ("open", Decimal("-1190.00"))
    bc.pay(store, bc.payout(store.books("acme"), final.number, on="2026-07-01"))
    assert states(store)[final.number] == ("settled", 0)


def test_a_prepaid_final_is_paid_at_once():
    """A down payment of all leaves exactly 0.00, as a final and not as a credit."""
    store = store_with()
    pay(store, "Z-1", "172.61", issue(store, DEPOSIT, "145.05").number)

    final = issue(store, FINAL, "145.05")

    assert final.totals.due == 0
    assert (final.kind, states(store)[final.number]) == (FINAL, ("paid", 0))


def test_a_rate_that_changed_meanwhile_is_deducted_at_its_own():
    """1,000 at 16 % of 5,000 at 19 %: 19 % on 5,000 remain, less 16 % on 1,000."""
    store = store_with()
    pay(store, "Z-1", "1160.00", issue(store, PROGRESS, (1000, "DE_16")).number)

    for policy in SHAPES:
        final = made(store, FINAL, 5000, policy=policy)
        found = {part.tax.code: (part.net, part.amount) for part in final.remaining.parts}
        assert found == {
            "DE_19": (Decimal(5000), Decimal(950)),
            "DE_16": (Decimal(-1000), Decimal(-160)),
        }
        assert final.totals.due == Decimal("4790.00")
        check_document(final)


def test_a_credit_against_a_part_invoice_reduces_its_deduction():
    """2,975.00 less a credit of 595.00 are 2,380.00 to be deducted."""
    store = store_with()
    sub = issue(store, PARTIAL, 2500)
    credit(store, sub.number, 500)

    final = made(store, FINAL, 10000)

    (deduction,) = final.deductions
    assert (deduction.net, deduction.tax) == (Decimal(2000), Decimal(380))
    assert deduction.document.credited_by == ("2026-00002",)
    assert final.totals.due == Decimal("9520.00")


def test_a_payment_for_a_closed_progress_invoice_pays_the_final():
    """Who pays the progress invoice that a final took over has paid a part of the final."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    final = issue(store, FINAL, 10000)

    pay(store, "Z-1", "2975.00", sub.number, on="2026-03-05")

    assert states(store)[final.number] == ("open", Decimal("8925.00"))


def test_a_payment_taken_back_after_the_final_is_open_on_its_progress_invoice():
    """The final deducts what was paid; what the bank takes back later is owed where it was paid."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "2975.00", sub.number)
    final = issue(store, FINAL, 10000)

    pay(store, "Z-1", "0", sub.number)

    assert states(store) == {
        sub.number: ("open", Decimal("2975.00")),
        final.number: ("open", Decimal("8925.00")),
    }


def test_a_fee_on_a_progress_invoice_is_not_deducted():
    """A dunning fee stays where it is; the final takes over what the document itself asked for."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    fee = bc.Payment(
        "F-1", account="acme", amount=5, currency="EUR", date="2026-03-01",
        kind=bc.PaymentKind.DUNNING_FEE, invoices=[sub.number],
    )  # fmt: skip
    bc.pay(store, fee)
    pay(store, "Z-1", "1190.00", sub.number)

    final = issue(store, FINAL, 10000)

    assert final.totals.due == Decimal("10710.00")
    assert states(store)[sub.number] == ("open", Decimal("5.00"))


def test_a_settlement_counts_as_received():
    """What a credit pays of a progress invoice is deducted like a payment."""
    store = store_with()
    credit = bc.draft(
        store.books("acme").account,
        [bc.Item("gift", unit_price=-1190)],
        period=bc.Period.month(2026, 1),
    )
    giver = bc.finalize(credit, store, on="2026-02-01").number
    sub = issue(store, PROGRESS, 2500).number
    store.record("acme", partial(bc.settle, debit=sub, credit=giver, on="2026-03-01"))

    final = made(store, FINAL, 10000)

    (deduction,) = final.deductions
    assert (deduction.net, deduction.tax) == (Decimal(1000), Decimal(190))
    assert deduction.folded == Decimal("1785.00")


def test_closing_a_deposit_frees_what_was_paid():
    """A deposit without a key is closed after the sale; its payment counts for the real invoice."""
    store = store_with()
    deposit = issue(store, DEPOSIT, 300, key="")
    pay(store, "Z-1", "357.00", deposit.number)

    effects = close(store, deposit.number, reason="sold")

    assert states(store)[deposit.number] == ("closed", 0)
    assert effects.closings[0].reason == "sold"
    (problem,) = effects.problems
    assert "57.00 EUR" in problem.message
    cancel(store, deposit)
    real = issue(store, bc.InvoiceKind.STANDARD, 1000, key="", on="2026-10-01")
    assert states(store) == {
        deposit.number: ("canceled", 0),
        "2026-00002": ("settled", 0),
        real.number: ("open", Decimal("833.00")),
    }


def test_a_deposit_without_tax_is_closed_without_a_problem():
    """Nothing is reported of a closed deposit that shows no tax."""
    store = store_with()
    deposit = issue(store, DEPOSIT, (300, None), key="")

    assert close(store, deposit.number).problems == ()


def test_a_closed_deposit_of_an_agreement_is_not_deducted():
    """A deposit with a key that was closed is no part of the agreement any more."""
    store = store_with()
    deposit = issue(store, DEPOSIT, 300)
    close(store, deposit.number)

    assert made(store, FINAL, 1000).deductions == ()


def test_a_deposit_with_a_key_is_deducted_like_a_progress_invoice():
    """A paid deposit of an agreement is deducted by its final."""
    store = store_with()
    deposit = issue(store, DEPOSIT, 300)
    pay(store, "Z-1", "357.00", deposit.number)

    assert made(store, FINAL, 1000).totals.due == Decimal("833.00")


def test_a_pro_forma_invoice_asks_for_nothing():
    """A pro forma has no balance, takes no payment, is not canceled, and is closed in the end."""
    store = store_with()
    pay(store, "Z-1", "100.00")
    pro_forma = issue(store, PRO_FORMA, 1000, key="")
    books = store.books("acme")

    assert states(store) == {pro_forma.number: ("open", 0)}
    assert books.assignments == ()
    for undo in (bc.cancel, bc.credit):
        with pytest.raises(bc.InvalidTransitionError, match="pro forma invoice"):
            undo(pro_forma, books)
    assert close(store, pro_forma.number).problems == ()
    assert states(store) == {pro_forma.number: ("closed", 0)}


def test_a_deposit_is_not_credited():
    """Nothing is given back of a deposit; it is canceled or closed as a whole."""
    store = store_with()
    deposit = issue(store, DEPOSIT, 300)

    with pytest.raises(bc.InvalidTransitionError, match="deposit invoice"):
        bc.credit(deposit, store.books("acme"))


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda store: issue(store, PARTIAL, 300), "a partial invoice is paid, not closed"),
        (lambda store: (issue(store, DEPOSIT, 300), cancel(store, "2026-00001")), "canceled it"),
        (lambda store: (issue(store, DEPOSIT, 300), close(store, "2026-00001")), "was closed on"),
        (lambda store: (issue(store, DEPOSIT, 300), issue(store, FINAL, 1000)), "deducts it"),
        (lambda store: (issue(store, PROGRESS, 300), credit(store, "2026-00001")), "2026-00002"),
    ],
    ids=["another kind", "canceled", "closed", "deducted", "credited"],
)
def test_what_cannot_be_closed_is_refused(prepare, said):
    """Only open or paid deposits, progress invoices and pro forma invoices are closed."""
    store = store_with()
    prepare(store)

    with pytest.raises(bc.InvalidTransitionError, match=said):
        close(store, "2026-00001")


def test_a_closed_document_is_not_credited():
    """Nothing is given back of a document that was closed: nobody is to pay it."""
    store = store_with()
    sub = issue(store, PROGRESS, 300)
    close(store, sub.number)

    with pytest.raises(bc.InvalidTransitionError, match="was closed on 2026-06-01"):
        credit(store, sub.number)


def test_a_credit_of_a_part_invoice_is_not_credited():
    """What was given back of a part invoice is canceled as a whole, never taken back in part."""
    store = store_with()
    issue(store, PROGRESS, 300)
    given = credit(store, "2026-00001")

    with pytest.raises(bc.InvalidTransitionError, match="a part of 2026-00001"):
        credit(store, given.number, amount=-50)


def test_a_credit_of_what_a_live_final_deducts_is_not_canceled():
    """The credit of a part invoice stays as long as a final deducts what it left."""
    store = store_with()
    issue(store, PROGRESS, 300)
    given = credit(store, "2026-00001")
    final = issue(store, FINAL, 1000, on="2026-05-01")

    with pytest.raises(bc.InvalidTransitionError, match=f"{final.number} deducts 2026-00001"):
        bc.cancel(given, store.books("acme"))


def test_cents_that_cash_cannot_pay_are_never_an_advance():
    """Of 0.02 nothing is asked for in steps of 0.05, so a final deducts nothing of it."""
    swiss = bc.Account("swiss", currency="CHF", debtor="10000")
    store = store_with(account=swiss, accounting=BOOKED)
    policy = INVOICED.but(cash_increments={"CHF": "0.05"})
    issue(store, PROGRESS, ("0.02", "DE_7"), account="swiss", policy=policy)

    final = issue(store, FINAL, (10, "DE_7"), account="swiss", policy=policy)

    assert (final.deductions[0].gross, final.totals.due) == (0, Decimal("10.70"))
    check_books(store.books("swiss"))

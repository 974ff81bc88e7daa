"""A project from its first claim to its final, over a store."""

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.unit.lifecycle.agreements import ACME, VAT, amounts, project, remaining, sums

HOUSE = project(10000)


@pytest.fixture
def store():
    """Give a store that knows the account."""
    found = bc.MemoryStore(tax=VAT)
    found.add(ACME)
    return found


def books(store):
    """Give the books of the account."""
    return store.books("acme")


def issue(store, draft, on="2026-04-30"):
    """Finalize a draft, and check the document."""
    invoice = bc.finalize(draft, store, on=on)
    check_document(invoice)
    return invoice


def claimed(store, percent):
    """Issue a claim by completion."""
    return issue(store, bc.claim(HOUSE, books(store), completion=percent))


def pay(store, invoice, amount=None, on="2026-05-10"):
    """Pay a document, or a part of it."""
    asked = invoice.totals.due if amount is None else amount
    name = f"bank-{invoice.number}"
    bc.pay(
        store,
        bc.Payment(
            name,
            account="acme",
            amount=asked,
            currency="EUR",
            date=on,
            invoices=[invoice.number],
        ),
    )


def test_paid_claims_are_deducted(store):
    """The worked example: 5,950.00 are left after two claims of 2,975.00."""
    for percent in (25, 50):
        pay(store, claimed(store, percent))

    final = issue(store, bc.final(HOUSE, books(store)))

    assert sums(final) == amounts("10000", "1900", "11900")
    assert remaining(final.draft) == amounts("5000", "950", "5950")
    assert final.totals.due == 5950


def test_what_is_open_of_a_claim_is_asked_for_by_the_final(store):
    """1,190.00 of 2,975.00 are paid; so 10,710.00 are left, and the claim is closed."""
    first = claimed(store, 25)
    pay(store, first, "1190.00")

    final = issue(store, bc.final(HOUSE, books(store)))

    assert remaining(final.draft) == amounts("9000", "1710", "10710")
    assert bc.standing(books(store), first.number).status is bc.InvoiceStatus.CLOSED
    assert bc.standing(books(store), final.number).balance == 10710


def test_a_paid_deposit_is_deducted(store):
    """All is prepaid; nothing is to be paid of the final, and it is paid at once."""
    pay(store, issue(store, bc.deposit(HOUSE, books(store), rate=100)))

    final = issue(store, bc.final(HOUSE, books(store)))

    assert remaining(final.draft) == amounts("0", "0", "0")
    assert bc.standing(books(store), final.number).status is bc.InvoiceStatus.PAID


def test_two_drafts_of_the_same_books_are_never_both_issued(store):
    """The second does not know of the first, and is refused."""
    drafts = [bc.claim(HOUSE, books(store), completion=done) for done in (30, 40)]
    issue(store, drafts[0])

    with pytest.raises(bc.InvalidTransitionError, match="the draft is an invoice already"):
        issue(store, drafts[1])


def test_a_canceled_claim_is_claimed_again(store):
    """The number on the line is the same, the draft is another one."""
    first = claimed(store, 30)
    issue(store, bc.cancel(first.number, books(store)))

    again = claimed(store, 30)

    assert again.totals.net == 3000
    assert again.lines[0].title == "Progress claim 1: 30 % of House 7"


def test_after_its_final_is_canceled_a_project_goes_on(store):
    """More is claimed, and another final is made."""
    pay(store, claimed(store, 25))
    final = issue(store, bc.final(HOUSE, books(store)))
    with pytest.raises(bc.InvalidTransitionError, match=f"cancel {final.number} first"):
        claimed(store, 50)

    issue(store, bc.cancel(final.number, books(store)))
    claimed(store, 50)
    second = issue(store, bc.final(HOUSE, books(store)))

    assert [each.number for each in second.deductions] == ["2026-00001", "2026-00004"]
    assert second.totals.due == Decimal("8925.00")


def test_a_pro_forma_invoice_is_nobodys_claim(store):
    """It is issued, and nothing is open."""
    made = issue(store, bc.pro_forma(HOUSE))

    assert bc.standing(books(store), made.number).balance == 0


def test_a_claim_that_others_have_overtaken_is_refused(store):
    """A claim that was worked out before another one was canceled is made anew, not finalized."""
    first = claimed(store, 30)
    second = bc.claim(HOUSE, books(store), completion=60)
    bc.finalize(bc.cancel(first, books(store)), store, on="2026-05-31")

    with pytest.raises(bc.InvalidTransitionError, match=first.number):
        bc.finalize(second, store, on="2026-06-30")

    assert claimed(store, 60).totals.net == Decimal(6000)


def test_the_line_of_a_deposit_says_so(store):
    """A deposit has one line, of a type of its own."""
    (line,) = bc.deposit(HOUSE, books(store), rate=30).lines

    assert line.type is bc.LineType.DEPOSIT


def test_a_stored_draft_of_a_claim_stops_the_final(store):
    """A final is not made beside the draft of a claim, though both have the same place."""
    claimed(store, 30)
    draft = store.put(bc.claim(HOUSE, books(store), completion=60))

    with pytest.raises(bc.SubsInDraftError) as caught:
        bc.final(HOUSE, books(store))

    assert draft.id in str(caught.value)

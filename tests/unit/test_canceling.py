"""What a store gives free, and what it keeps, as documents come and go."""

from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore import testing

ANEW = bc.LEVEL.but(corrections=bc.Corrections.CREDIT_DOCUMENT)


def contract(*changes):
    """Give a contract of 31.00 a month with dated changes."""
    rent = bc.Item("rent", unit_price=31, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly())
    return bc.Subscription("S-1", account="acme", start="2026-01-01", items=[rent], changes=changes)


def store_of(*records):
    """Give a store with one account and its records."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"), *records)
    return store


def run_of(month, policy=bc.LEVEL):
    """Give the run of a month."""
    return bc.InvoiceRun(bc.Period.month(2026, month), policy=policy)


def invoices_of(store, month, policy=bc.LEVEL):
    """Bill a month and finalize its drafts."""
    drafts = list(bc.execute(run_of(month, policy), store).drafts)
    return [bc.finalize(draft, store, on="2026-12-31") for draft in drafts]


def due_in(store, month):
    """Give days and net amounts of what a month's run would bill."""
    outcome = bc.bill(run_of(month), store.snapshot("acme"), store.tax)
    return [
        (str(line.service_period.first), str(line.service_period.last), str(line.net))
        for draft in outcome.drafts
        for line in draft.lines
    ]


def corrected(policy=bc.LEVEL):
    """Give a store in which the second seat of January was entered late, and its invoices."""
    store = store_of(contract())
    (first,) = invoices_of(store, 1)
    store.change(contract(bc.Change("2026-01-11", quantity=2)))
    return store, first, invoices_of(store, 2, policy)


def test_an_invoice_that_was_corrected_is_not_given_free_alone():
    """January is paid by one invoice and partly taken back by another, so the first one stays."""
    store, first, _ = corrected()
    before = store.snapshot("acme")

    with pytest.raises(bc.ConflictError, match="2026-00002 corrects 2026-00001"):
        store.void(first.number)

    assert store.snapshot("acme") == before
    testing.check_claims(before.claims)


def test_a_draft_that_corrects_an_invoice_keeps_it():
    """While a draft takes days of an invoice back, the invoice is not given free."""
    store = store_of(contract())
    (first,) = invoices_of(store, 1)
    store.change(contract(bc.pause("2026-01-11", "2026-01-20")))
    (draft,) = bc.execute(run_of(1), store).drafts

    with pytest.raises(bc.ConflictError, match="acme/S-1#2 corrects 2026-00001"):
        store.void(first.number)
    store.discard(draft.id)
    store.void(first.number)

    assert due_in(store, 1) == [
        ("2026-01-01", "2026-01-10", "10.00"),
        ("2026-01-21", "2026-01-31", "11.00"),
    ]


def test_a_credit_is_not_given_free_while_its_days_are_billed_anew():
    """Without the credit, 21 days of January would be billed by two invoices."""
    store, _, (credit, anew) = corrected(ANEW)

    with pytest.raises(bc.ConflictError, match="bills S-1/rent anew for 2026-01-11/2026-02-01"):
        store.void(credit.number)
    store.void(anew.number)
    store.void(credit.number)

    testing.check_claims(store.snapshot("acme").claims)
    assert [claim.document for claim in store.snapshot("acme").claims] == ["2026-00001"]


def test_corrections_are_given_free_before_what_they_correct():
    """After both invoices, January is due at one seat and then at two: 10.00 and 42.00."""
    store, first, (correction,) = corrected()

    store.void(correction.number)
    store.void(first.number)

    assert due_in(store, 1) == [
        ("2026-01-01", "2026-01-10", "10.00"),
        ("2026-01-11", "2026-01-31", "42.00"),
    ]


@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "oldest first"])
def test_corrected_usage_is_claimed_once_also_when_its_invoices_are_cancelled(newest_first):
    """3 calls corrected to 5 stay one claim of one record, and are due as 5.00 when released."""
    calls = bc.Item("calls", unit_price=1, billing_type=bc.TRANSACTIONAL)
    store = store_of(bc.Subscription("S-1", account="acme", items=[calls]))
    numbers = []
    for month, quantity in ((1, 3), (2, 5)):
        store.add_usage("acme", bc.UsageRecord("U-1", "calls", "2026-01-15", quantity))
        numbers += [invoice.number for invoice in invoices_of(store, month)]

    for number in sorted(numbers, reverse=newest_first):
        store.void(number)
        testing.check_claims(store.snapshot("acme").claims)
        assert due_in(store, 3) == []
    store.release("acme", "U-1")

    (draft,) = bc.bill(run_of(3), store.snapshot("acme"), store.tax).drafts
    assert draft.totals.net == Decimal("5.00")


def test_what_was_put_off_is_no_obstacle_to_a_draft():
    """January was put off for a minimum of 50.00; a draft of it by another policy can be stored."""
    store = store_of(contract())
    bc.execute(run_of(1, bc.LEVEL.but(minimum_amount={"EUR": 50})), store)
    assert [claim.state for claim in store.snapshot("acme").claims] == [bc.ClaimState.CARRIED]
    (draft,) = bc.bill(run_of(1), store.snapshot("acme"), store.tax).drafts

    kept = store.put(bc.edit.change_line(attrs.evolve(draft, version=0), 1, unit_price=30))

    assert (kept.version, kept.totals.net) == (1, 30)

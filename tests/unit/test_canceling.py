"""What a store gives free, and what it keeps, as documents come and go."""

from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore import testing
from tests.canceling import cancel

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


def test_an_invoice_that_was_corrected_is_not_canceled_alone():
    """January is paid by one invoice and partly taken back by another, so the first one stays."""
    store, first, _ = corrected()
    before = store.snapshot("acme")

    with pytest.raises(bc.InvalidTransitionError, match="2026-00002 corrects it; cancel that"):
        cancel(store, first.number)

    assert store.snapshot("acme") == before
    testing.check_claims(before.claims)


def test_a_draft_that_corrects_an_invoice_keeps_it():
    """While a draft takes days of an invoice back, the invoice is not given free."""
    store = store_of(contract())
    (first,) = invoices_of(store, 1)
    store.change(contract(bc.pause("2026-01-11", "2026-01-20")))
    (draft,) = bc.execute(run_of(1), store).drafts

    with pytest.raises(bc.ConflictError, match="acme/S-1#2 corrects 2026-00001"):
        cancel(store, first.number)
    store.discard(draft.id)
    cancel(store, first.number)

    assert due_in(store, 1) == [
        ("2026-01-01", "2026-01-10", "10.00"),
        ("2026-01-21", "2026-01-31", "11.00"),
    ]


def test_a_credit_is_not_given_free_while_its_days_are_billed_anew():
    """Without the credit, 21 days of January would be billed by two invoices."""
    store, _, (credit, anew) = corrected(ANEW)

    with pytest.raises(bc.ConflictError, match="bills S-1/rent anew for 2026-01-11/2026-02-01"):
        cancel(store, credit.number)
    cancel(store, anew.number)
    cancel(store, credit.number)

    testing.check_claims(store.snapshot("acme").claims)
    assert [claim.document for claim in store.snapshot("acme").claims] == ["2026-00001"]


def test_corrections_are_given_free_before_what_they_correct():
    """After both invoices, January is due at one seat and then at two: 10.00 and 42.00."""
    store, first, (correction,) = corrected()

    cancel(store, correction.number)
    cancel(store, first.number)

    assert due_in(store, 1) == [
        ("2026-01-01", "2026-01-10", "10.00"),
        ("2026-01-11", "2026-01-31", "42.00"),
    ]


@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "oldest first"])
def test_corrected_usage_is_claimed_once_also_when_its_invoices_are_canceled(newest_first):
    """3 calls corrected to 5 stay one claim of one record, and are due as 5.00 when released."""
    calls = bc.Item("calls", unit_price=1, billing_type=bc.TRANSACTIONAL)
    store = store_of(bc.Subscription("S-1", account="acme", items=[calls]))
    numbers = []
    for month, quantity in ((1, 3), (2, 5)):
        store.add_usage("acme", bc.UsageRecord("U-1", "calls", "2026-01-15", quantity))
        numbers += [invoice.number for invoice in invoices_of(store, month)]

    for number in sorted(numbers, reverse=newest_first):
        cancel(store, number)
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


def canceled(*names):
    """Give a store whose invoice of some calls was canceled."""
    calls = bc.Item("calls", unit_price=1, billing_type=bc.TRANSACTIONAL)
    store = store_of(bc.Subscription("S-1", account="acme", items=[calls]))
    store.add_usage("acme", *(bc.UsageRecord(name, "calls", "2026-01-15", 2) for name in names))
    (invoice,) = invoices_of(store, 1)
    cancel(store, invoice.number)
    return store


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (["U-1"], "2.00"),
        (["usage/U-1"], "2.00"),
        (["usage/U-1", "U-2"], "4.00"),
        (["usage/U-1", "U-1"], "2.00"),
        (["A/B"], "2.00"),
        (["usage/A%2FB"], "2.00"),
        ([], "6.00"),
    ],
    ids=["id", "name", "both", "twice", "id with a slash", "its name", "all"],
)
def test_usage_is_released_by_its_id_or_by_its_name(released, expected):
    """Of three records of 2.00 those that are named are due again, and all if none is."""
    store = canceled("U-1", "U-2", "A/B")

    store.release("acme", *released)

    (draft,) = bc.bill(run_of(3), store.snapshot("acme"), store.tax).drafts
    assert draft.totals.net == Decimal(expected)


@pytest.mark.parametrize(
    ("usage", "fix"),
    [
        ("usage/U-11", "did you mean usage/U-1?"),
        ("other", "give the id or the name of what is TRANSACTION_LINKED"),
        ("S-1/calls", "give the id or the name of what is TRANSACTION_LINKED"),
    ],
    ids=["nearly", "unknown", "an item"],
)
def test_what_is_not_linked_is_not_released(usage, fix):
    """A name of nothing that is linked is refused with the account, and releases nothing else."""
    store = canceled("U-1")
    before = store.snapshot("acme")

    with pytest.raises(bc.InvalidInputError) as caught:
        store.release("acme", "U-1", usage)

    rule = "it is not linked to a canceled invoice"
    assert str(caught.value) == f"Account 'acme': usage = {usage!r}: {rule}; {fix}"
    assert store.snapshot("acme") == before


def test_released_usage_is_not_released_again():
    """What was released once is linked no more."""
    store = canceled("U-1")
    store.release("acme", "U-1")

    with pytest.raises(bc.InvalidInputError, match="not linked"):
        store.release("acme", "U-1")

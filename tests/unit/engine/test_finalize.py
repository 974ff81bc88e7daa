"""From draft to invoice: number, date, due date, actual taxes (behaviour 7.2)."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_numbers
from tests.unit.engine.records import (
    ACME,
    MARCH,
    contract,
    draft_of,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
    sums,
)

DAY = date(2026, 4, 1)
Reset = bc.Reset


def numbered(series, **fields):
    """Make a store whose only template has a number series."""
    setup = bc.Setup([bc.Template("Default", series=series, **fields)])
    return store_of(setup=setup)


def manual(store, name, account=ACME, **fields):
    """Make a draft by hand with the setup of a store."""
    item = once(name, tax_code="19")
    return bc.draft(account, [item], period=MARCH, tax=store.tax, setup=store.setup, **fields)


def test_the_series_of_the_seller_goes_first():
    """The business entity's own series numbers its invoices, else the template's does."""
    entities = [
        bc.BusinessEntity("North", series=bc.NumberPattern("N-{0}")),
        bc.BusinessEntity("South"),
    ]
    store = store_of(setup=bc.Setup(entities=entities))
    found = [
        bc.finalize(manual(store, name, entity=name), store, on=DAY).number
        for name in ("North", "South")
    ]

    assert found == ["N-1", "2026-00001"]


def test_two_series_that_meet():
    """A number in use by another series is refused, and nothing is used up."""
    entities = [
        bc.BusinessEntity("North", series=bc.NumberPattern("X{0}")),
        bc.BusinessEntity("South", series=bc.NumberPattern("X{00}", start=9)),
    ]
    store = store_of(setup=bc.Setup(entities=entities))
    bc.finalize(manual(store, "ten", entity="South"), store, on=DAY)
    for count in range(9):
        bc.finalize(manual(store, f"n{count}", entity="North"), store, on=DAY)
    draft = manual(store, "n9", entity="North")

    for _ in range(2):
        with pytest.raises(bc.InvalidInputError, match="'X10': the number is in use"):
            bc.finalize(draft, store, on=DAY)


def test_a_draft_has_no_number():
    """A draft does not even have a field for it."""
    assert not hasattr(draft_of(once()), "number")


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({}, "2026-04-11"),
        ({"account": 5}, "2026-04-06"),
        ({"account": 5, "subscription": 0}, "2026-04-01"),
        ({"subscription": 31}, "2026-05-02"),
    ],
    ids=["template", "account", "subscription", "subscription over template"],
)
def test_the_due_date(terms, due):
    """Payment days are the subscription's, else the account's, else the template's."""
    account = bc.Account("acme", currency="EUR", payment_days=terms.get("account"))
    setup = bc.Setup([bc.Template("Default", payment_days=10)])
    days = terms.get("subscription")
    store = store_of(contract(monthly(), payment_days=days), account=account, setup=setup)
    bc.execute(run_of(), store)
    (draft,) = store.drafts()

    assert str(bc.finalize(draft, store, on=DAY).due_date) == due


def test_the_date_of_the_run_goes_first():
    """A date given with the run is the invoice date; else the day of finalizing is."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(invoice_date="2026-03-31"), store)
    (draft,) = store.drafts()
    invoice = bc.finalize(draft, store, on=DAY)

    assert (draft.invoice_date, invoice.date) == (date(2026, 3, 31), date(2026, 3, 31))
    assert bc.finalize(manual(store, "x"), store, on="2026-04-02").date == date(2026, 4, 2)


def test_no_date_at_all():
    """Without any date the draft is refused, and no number is used up."""
    store = store_of()

    with pytest.raises(bc.InvalidInputError, match="date"):
        bc.finalize(manual(store, "x"), store, on=None)
    assert bc.finalize(manual(store, "x"), store, on=DAY).number == "2026-00001"


def test_an_invoice_shows_what_its_draft_had():
    """Account, kind, lines, sums, seller, days and claims of an invoice are those of its draft."""
    store = store_of(contract(monthly(tax_code="19")))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    invoice = bc.finalize(draft, store, on=DAY)

    assert (invoice.account, invoice.kind, invoice.currency) == (ACME, draft.kind, "EUR")
    assert (invoice.lines, invoice.totals, invoice.seller) == (draft.lines, draft.totals, None)
    assert (invoice.period, invoice.breakdown) == (MARCH, draft.totals.breakdown)
    assert invoice.amount_due == bc.Money("11.90", "EUR")
    (claim,) = invoice.claims
    assert (claim.document, claim.state, claim.period) == (
        "2026-00001",
        bc.ClaimState.FINAL,
        MARCH,
    )
    assert repr(invoice) == "<invoice 2026-00001 of 2026-04-01: 11.90 EUR>"


def test_an_invoice_never_changes():
    """Its fields are frozen, and so is everything in it."""
    store = store_of()
    invoice = bc.finalize(manual(store, "x"), store, on=DAY)

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        invoice.number = "1"


def test_an_invoice_is_finalized_once():
    """A draft that is an invoice already is refused, by its number, also in an older version."""
    store = store_of()
    draft = manual(store, "x")
    bc.finalize(draft, store, on=DAY)

    for again in (draft, bc.edit.change_line(draft, 1, quantity=2)):
        with pytest.raises(bc.InvalidTransitionError, match="2026-00001"):
            bc.finalize(again, store, on=DAY)
        with pytest.raises(bc.InvalidTransitionError):
            store.put(again)


def test_an_old_version_is_refused():
    """A draft that was edited since is refused as a conflict, and nothing is used up."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    store.put(bc.edit.change_line(draft, 1, quantity=2))

    with pytest.raises(bc.ConflictError, match="made of version 1, now version 2 is stored"):
        bc.finalize(draft, store, on=DAY)
    assert finalize_all(store) == ["2026-00001"]


class Moody:
    """A tax engine that answers drafts and invoices differently, or not at all."""

    def __init__(self, actual):
        self.actual = actual

    def taxes(self, questions, purpose):
        if purpose is bc.TaxPurpose.ESTIMATE:
            return bc.TaxTable({"19": 19}).taxes(questions, purpose)
        if isinstance(self.actual, Exception):
            raise self.actual
        return self.actual.taxes(questions, purpose)


def test_actual_taxes_replace_estimates():
    """A rate that changed since the draft is on the invoice; the draft keeps its estimate."""
    store = store_of(
        contract(monthly(tax_code="19"), monthly("b")), tax=Moody(bc.TaxTable({"19": 20}))
    )
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    invoice = bc.finalize(draft, store, on=DAY)

    assert [str(draft.totals.tax), str(invoice.totals.tax)] == ["1.90", "2.00"]
    assert (invoice.draft.id, invoice.draft.version) == (draft.id, draft.version)
    assert invoice.claims[0].billable == draft.claims[0].billable


def test_equal_actual_taxes_keep_the_draft():
    """Where the actual taxes are the estimated ones, the invoice holds the very draft."""
    store = store_of(contract(monthly(tax_code="19")), tax=Moody(bc.TaxTable({"19": 19})))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()

    assert bc.finalize(draft, store, on=DAY).draft == draft


@pytest.mark.parametrize(
    ("actual", "error"),
    [
        (bc.PortError("down", port="TaxEngine", is_retryable=True), bc.PortError),
        (bc.TaxTable({}), bc.BillingProblemsError),
    ],
    ids=["unreachable", "refused"],
)
def test_no_number_is_lost_when_taxes_fail(actual, error):
    """Without actual taxes nothing changes: the draft stays, and no number is used up."""
    store = store_of(contract(monthly(tax_code="19")), tax=Moody(actual))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()

    with pytest.raises(error):
        bc.finalize(draft, store, on=DAY)
    assert list(store.drafts()) == [draft]
    store.tax = Moody(bc.TaxTable({"19": 19}))
    assert bc.finalize(draft, store, on=DAY).number == "2026-00001"


def test_no_number_is_lost_when_issuing_fails():
    """If making the invoice fails, the counter, the draft and the invoices are as before."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    counter = bc.Counter("2026", 0)
    given = []

    def issue(count, books):
        given.append((count, books.account.id))
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            store.finalize([bc.PendingInvoice(draft, counter, issue)])
    assert given == [(1, "acme")] * 2
    assert (list(store.drafts()), list(store.invoices())) == ([draft], [])


def test_numbers_have_no_gaps():
    """Whatever fails between, the numbers of a store follow each other."""
    store = store_of()
    for count in range(12):
        draft = manual(store, f"x{count}")
        if count % 3:
            bc.finalize(draft, store, on=DAY)
        with pytest.raises(bc.BillingError):
            bc.finalize(draft, store, on=DAY if count % 3 else None)

    check_numbers(store.invoices())
    assert [invoice.number[-2:] for invoice in store.invoices()] == [
        f"{count:02}" for count in range(1, 9)
    ]


def test_a_due_date_outside_the_calendar():
    """A due date beyond the last day of the calendar is a clear error, and loses no number."""
    store = numbered(bc.NumberPattern("{0}"), payment_days=3650)

    with pytest.raises(bc.BillingError):
        bc.finalize(manual(store, "x"), store, on="9999-01-01")
    assert list(store.invoices()) == []


def test_one_time_items_are_done_when_finalized():
    """On a draft a one-time item is blocked, on an invoice it is done, discarded it is due."""
    store = store_of(contract(once()))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    store.discard(draft.id)
    (again,) = bc.execute(run_of(), store).drafts
    bc.finalize(again, store, on=DAY)

    assert again == draft
    reason = bc.why_not(run_of(), store.snapshot("acme"), "setup").reason
    assert reason is bc.Reason.ONE_TIME_DONE


def test_the_next_service_period_start_moves_when_finalized():
    """Creating a draft does not touch the next service period start, finalizing moves it."""
    store = store_of(contract(monthly()))
    starts = []
    for step in (lambda: bc.execute(run_of(), store), lambda: finalize_all(store)):
        step()
        covered = bc.coverage_of(store.snapshot("acme").claims)["S-1/seats"]
        starts.append(bc.next_service_period_start(covered))

    assert starts == [None, date(2026, 4, 1)]


def test_sums_of_an_invoice_by_hand():
    """A draft that was never stored becomes an invoice in one step."""
    store = store_of()
    draft = manual(store, "x")
    invoice = bc.finalize(draft, store, on=DAY)

    assert store.invoice(invoice.number) is invoice
    assert sums(invoice) == sums(draft)

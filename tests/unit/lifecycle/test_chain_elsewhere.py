"""Documents of an agreement that were made elsewhere, and those made here."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.bookkeeping import ACCOUNTING
from tests.chains import (
    FINAL,
    PARTIAL,
    PROGRESS,
    cancel,
    issue,
    made,
    pay,
    states,
    store_with,
)


def test_a_document_made_elsewhere_that_is_not_booked_stops_the_final():
    """A host says of what it invoiced elsewhere whether it is booked; the final waits for it."""
    store = store_with()
    earlier = bc.ChainDocument(
        "A-1", kind=PROGRESS, key="house", date="2025-12-01", currency="EUR",
        invoiced=[bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(1000), Decimal(190))],
        is_booked=False,
    )  # fmt: skip
    store.put_earlier("acme", earlier)

    with pytest.raises(bc.SubsNotBookedError, match="A-1"):
        made(store, FINAL, 10000)


def elsewhere(number="A-1", **changes):
    """Give a partial invoice of 1,000 + 190 that was made elsewhere."""
    given = {
        "kind": PARTIAL, "key": "house", "date": "2025-12-01", "currency": "EUR",
        "invoiced": [bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(1000), Decimal(190))],
    }  # fmt: skip
    return bc.ChainDocument(number, **(given | changes))


def test_a_document_made_elsewhere_can_be_put_again():
    """What was paid of a document made elsewhere is said by putting it again; drafts follow."""
    store = store_with()
    store.put_earlier("acme", elsewhere(kind=PROGRESS))
    draft = store.put(made(store, FINAL, 10000))
    paid = [bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(500), Decimal(95))]

    store.put_earlier("acme", elsewhere(kind=PROGRESS, paid=paid))

    assert draft.totals.due == Decimal("11900.00")
    assert store.draft(draft.id).totals.due == Decimal("11305.00")
    assert bc.finalize(store.draft(draft.id), store, on="2026-06-01").totals.due == Decimal(
        "11305.00"
    )


def test_numbers_of_documents_made_elsewhere_are_not_given_again():
    """A document made elsewhere keeps its number: no own one has it, nor one of another account."""
    store = store_with()
    store.add(bc.Account("other", currency="EUR"))
    store.put_earlier("acme", elsewhere("2026-00001"))
    series = bc.Template("Default").series

    with pytest.raises(bc.InvalidInputError, match="made elsewhere has this number"):
        issue(store, PROGRESS, 100)
    with pytest.raises(bc.InvalidInputError, match="a document has this number already"):
        store.put_earlier("other", elsewhere("2026-00001"))

    bc.skip_number(series, store, on="2026-02-01", reason="used by the system before")
    own = issue(store, PROGRESS, 100)
    assert own.number == "2026-00002"
    with pytest.raises(bc.InvalidInputError, match="a document has this number already"):
        store.put_earlier("acme", elsewhere(own.number))


def test_a_document_made_elsewhere_comes_before_the_final():
    """Once there is a final, no document made elsewhere joins its agreement."""
    store = store_with()
    final = issue(store, FINAL, 10000)

    with pytest.raises(bc.FinalExistsError, match=final.number):
        store.put_earlier("acme", elsewhere())


def test_a_part_invoice_that_a_final_made_elsewhere_deducts_is_not_deducted_again():
    """A host says of a document which final deducts it; there is no second final then."""
    store = store_with()
    earlier = bc.ChainDocument(
        "A-1", kind=PARTIAL, key="house", date="2025-12-01", currency="EUR",
        invoiced=[bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(1000), Decimal(190))],
        final="A-2",
    )  # fmt: skip
    store.put_earlier("acme", earlier)

    for kind in (FINAL, PROGRESS):
        with pytest.raises(bc.FinalExistsError, match="A-2"):
            made(store, kind, 10000)


@pytest.mark.parametrize(
    "amounts", [("2975.00",), ("975.00", "2000.00")], ids=["at once", "in two"]
)
def test_payments_that_are_not_booked_need_no_advance(amounts):
    """Where payments are booked elsewhere, a paid progress invoice is booked by itself."""
    given = ("chart", "rules", "collective", "periods")
    plain = {name: getattr(ACCOUNTING, name) for name in given}
    store = store_with(accounting=bc.Accounting(books_payments=False, **plain))
    sub = issue(store, PROGRESS, 2500)
    for name, amount in enumerate(amounts):
        pay(store, f"Z-{name}", amount, sub.number)

    assert made(store, FINAL, 10000).totals.due == Decimal("8925.00")


def test_the_final_of_a_document_made_elsewhere_is_canceled():
    """Canceling a final leaves what was made elsewhere as it is, and balances the books."""
    store = store_with(accounting=ACCOUNTING)
    store.put_earlier("acme", elsewhere())
    own = issue(store, PROGRESS, 100)
    final = issue(store, FINAL, 10000)

    cancel(store, final)

    assert states(store)[own.number] == ("open", Decimal("119.00"))
    assert made(store, FINAL, 10000).totals.due == Decimal("10710.00")

"""What a document says of lines that correct others, or bill a share of the price."""

from __future__ import annotations

import pytest

import billingcore as bc

SEATS = bc.Item(
    "seats",
    title="Seats",
    unit_price=100,
    billing_type=bc.RECURRING_PRORATED,
    cadence=bc.monthly(),
)


def corrected():
    """Bill January, change it on the 10th, and give the draft that corrects it."""
    store = bc.MemoryStore()
    contract = bc.Subscription("S-1", account="acme", items=[SEATS], start="2026-01-01")
    store.add(bc.Account("acme", currency="EUR"), contract)
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL)
    for draft in list(bc.execute(run, store).drafts):
        bc.finalize(draft, store, on="2026-01-31")
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))
    (draft,) = bc.execute(run, store).drafts
    return draft


@pytest.mark.parametrize(
    ("locale", "taken_back", "billed_anew"),
    [
        (
            "en_US",
            "Taken back from line 1 of 2026-00001",
            "Billed anew instead of line 1 of 2026-00001",
        ),
        (
            "de_DE",
            "Rücknahme aus Position 1 von 2026-00001",
            "Neu berechnet statt Position 1 von 2026-00001",
        ),
    ],
    ids=["English", "German"],
)
def test_a_correction_names_the_line_it_corrects(locale, taken_back, billed_anew):
    """Below the days of a credit, and of what is billed anew, stands which line it concerns."""
    said = " ".join(bc.render.text(corrected(), locale=locale).split())

    assert said.index(taken_back) < said.index(billed_anew)


def test_a_share_of_the_price_is_told():
    """A position of which a fifth is billed says so, since price and quantity alone do not."""
    held = SEATS.changed(bc.pause("2026-01-01", share="0.2"))
    draft = bc.draft(bc.Account("acme", currency="EUR"), [held], period=bc.Period.month(2026, 1))

    assert draft.totals.net == 20
    assert "20% of the price are billed" in bc.render.text(draft, locale="en_US")

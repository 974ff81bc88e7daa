"""The picture of an agreement while there is no final: what was invoiced, and what is not paid."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.finals import P_1, P_2, TAXES, final, sub, work
from tests.unit.render.pictures import Picture

HALF_PAID = sub("P-3", ("DE_19", "2500.00", "475.00"), paid=[("DE_19", "1250.00", "237.50")])


def drawn(*documents, locale="en_GB"):
    """Draw and read a picture."""
    return Picture(bc.render.chain_svg(documents, locale))


def test_documents_follow_each_other():
    """Two claims of 2,975: one is paid, of the other a half is left; 5,950 are 640 units."""
    picture = drawn(P_1, HALF_PAID)

    assert picture.boxes == [
        ("bar", 10, 640),
        ("bar", 10, 320),
        ("full", 10, 320),
        ("bar", 330, 320),
        ("full", 330, 160),
        ("bar", 490, 160),
        ("left", 490, 160),
    ]
    assert picture.title == "house: €5,950.00 invoiced until now, €1,487.50 not paid"
    assert picture.texts[:2] == ["Invoiced until now", "€5,950.00"]
    assert picture.texts[-2:] == ["Not paid yet", "€1,487.50"]
    assert picture.told.count("Progress invoice P-") == 2


def test_all_is_paid():
    """Then nothing is left to draw of what is not paid."""
    assert drawn(P_1, P_2).boxes[-1] == ("left", 650, 0)


def test_a_draft_is_not_invoiced_yet():
    """It stands behind the others, beyond what was invoiced, and is called a draft."""
    amounts = [bc.TaxAmount(TAXES["DE_19"], Decimal(2500), Decimal(475))]
    draft = bc.ChainDocument(
        "manual/1", kind=bc.InvoiceKind.PROGRESS, key="house", date="2026-02-01", currency="EUR",
        invoiced=amounts, is_draft=True,
    )  # fmt: skip
    picture = drawn(draft, P_1)

    assert picture.boxes == [
        ("bar", 10, 320),
        ("bar", 10, 320),
        ("full", 10, 320),
        ("bar", 330, 320),
        ("full", 330, 0),
        ("bar", 330, 0),
        ("left", 330, 0),
    ]
    assert "Progress invoice (draft): manual/1" in picture.texts


def test_the_documents_of_books():
    """What `chain_documents` gives of a project can be drawn as it is, before and after the final."""
    acme = bc.Account("acme", currency="EUR")
    store = bc.MemoryStore()
    store.add(acme)
    shop = bc.Project("shop", acme, [work(1000, code=None)], period=bc.Period.month(2026, 1))
    bc.finalize(bc.claim(shop, store.books("acme"), amount=400), store, on="2026-01-31")
    before = bc.render.chain_svg(bc.chain_documents(store.books("acme"), "shop"))
    bc.finalize(bc.final(shop, store.books("acme")), store, on="2026-02-28")

    assert Picture(before).title == "shop: bisher 400,00 € berechnet, 400,00 € nicht bezahlt"
    with pytest.raises(bc.InvalidInputError, match="a final among them; draw the final itself"):
        bc.render.chain_svg(bc.chain_documents(store.books("acme"), "shop"))


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "document = 0: there are no documents"),
        ([P_1, sub("Q-1", ("DE_19", "1.00", "0.19"), key="other")], "key = 'house, other'"),
        ([P_1, sub("Q-1", ("JP_10", "100", "10"), currency="JPY")], "currency = 'EUR, JPY'"),
        ([5], "document = 5: not a ChainDocument"),
        (["P-1"], "document = 'P-1': not a ChainDocument"),
        (5, "document = 5: no final, and no documents"),
    ],
    ids=["none", "two agreements", "two currencies", "a number", "text", "not several"],
)
def test_mistakes(documents, message):
    """What does not belong together is refused, with what to draw instead."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.render.chain_svg(documents)

    assert message in str(caught.value)


def test_a_final_still_is_drawn_alone():
    """The draft of a final is drawn with all that was agreed."""
    assert Picture(bc.render.chain_svg(final([P_1], work(10000)))).texts[0] == "Gesamtleistung"

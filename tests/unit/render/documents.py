"""The documents whose texts and pages are kept in `snapshots`, and the program that writes them.

What is kept was read by a person. After a change of the layout, run
``python -m tests.unit.render.documents``, read what changed, and keep it; no test writes it.
"""

from __future__ import annotations

from pathlib import Path

import billingcore as bc
from tests.unit.finals import JUNE, RATES, SELLER, house, issued, plain, work

SNAPSHOTS = Path(__file__).parent / "snapshots"
LOCALES = ("de_DE", "en_GB")
TERMS = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=2)])
SETUP = bc.Setup(
    [bc.Template("Default", payment_days=14, payment_terms=TERMS, intro="Hello", footer="Bye")],
    [SELLER],
)


def _store():
    """Give a store with a customer whose name reads from right to left."""
    store = bc.MemoryStore(tax=RATES, setup=SETUP)
    store.add(
        bc.Account(
            "acme",
            name="חברת בדיקה <1>",
            currency="EUR",
            address="Nebenweg 2\n20095 Hamburg",
            entity=SELLER.name,
            payment_days=14,
        )
    )
    return store


def documents():
    """Give the documents by their names."""
    store = _store()
    items = [
        work(100, title="Seats", quantity=3, unit_code="H87", description="Row A\nRow B"),
        work("12.345", "DE_7", title="Books", discount=bc.Discount.percent(10, title="Loyal")),
        work(119, title="Gross", price_includes_tax=True),
        work(10, None, title="Untaxed"),
    ]
    made = bc.draft(store.books("acme").account, items, period=JUNE, tax=RATES, setup=SETUP)
    draft = store.put(made)
    invoice = bc.finalize(draft, store, on="2026-07-01")
    given_back = bc.credit(invoice.number, store.books("acme"), {1: "100.00"}, reason="Late")
    credit = bc.finalize(given_back, store, on="2026-07-15")
    again = bc.draft(draft.account, items[:1], period=JUNE, tax=RATES, setup=SETUP)
    wrong = bc.finalize(store.put(again), store, on="2026-07-20")
    undone = bc.cancel(wrong.number, store.books("acme"), reason="wrong buyer")
    cancellation = bc.finalize(undone, store, on="2026-07-31")
    return {
        "draft": draft,
        "standard": invoice,
        "final": issued(house()),
        "credit": credit,
        "cancellation": cancellation,
    }


def written():
    """Give each document as it is written now: name of the file → content."""
    found = {}
    for name, document in documents().items():
        for locale in LOCALES:
            text = bc.render.text(document, locale) + "\n"
            found[f"{name}.{locale}.txt"] = plain(text)
            found[f"{name}.{locale}.html"] = plain(bc.render.page(document, locale))
    return found


def write(folder=SNAPSHOTS):
    """Write all of them, and take away what stands for no document."""
    folder.mkdir(exist_ok=True)
    now = written()
    for path in folder.iterdir():
        if path.name not in now:
            path.unlink()
    for name, content in now.items():
        (folder / name).write_text(content, "utf-8")


if __name__ == "__main__":
    write()

"""Draw a final with what it deducts: the picture of docs/explanation/invoicing-in-parts.md.

    python docs/examples/chain_picture.py > docs/explanation/chain.svg

The library draws it, in the language and with the numbers of a locale.
"""

from __future__ import annotations

import billingcore as bc

TAX = bc.TaxTable({"DE_19": 19})
ACME = bc.Account("acme", name="Acme GmbH", currency="EUR")
SHOP = bc.Project(
    "shop",
    ACME,
    [bc.Item("shop", title="Web shop", unit_price=10_000, tax_code="DE_19")],
    period=bc.Period.closed("2026-01-01", "2026-06-30"),
    tax=TAX,
)
CLAIMS = (("2026-01-31", "2026-02-14"), ("2026-03-31", "2026-04-14"))
"""When 2,500.00 net are claimed, and when they are paid."""


def chain_picture() -> str:
    """Issue two progress invoices, which are paid, and the final, and draw them as SVG."""
    store = bc.MemoryStore(tax=TAX)
    store.add(ACME)
    for issued, paid in CLAIMS:
        draft = bc.claim(SHOP, store.books("acme"), amount=2_500)
        invoice = bc.finalize(draft, store, on=issued)
        payment = bc.Payment(
            f"for {invoice.number}",
            account="acme",
            amount=invoice.totals.due,
            currency="EUR",
            date=paid,
            invoices=[invoice.number],
        )
        bc.pay(store, payment)
    final = bc.finalize(bc.final(SHOP, store.books("acme")), store, on="2026-07-01")
    return bc.render.chain_svg(final, "en_GB")


if __name__ == "__main__":
    print(chain_picture())

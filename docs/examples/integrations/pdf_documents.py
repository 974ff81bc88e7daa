"""Make PDF files of the drafts of a run, and of its invoices: WeasyPrint.

    pip install billingcore weasyprint
    python docs/examples/integrations/pdf_documents.py documents

WeasyPrint lays HTML out with the library Pango, which the system must have.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from document_targets import Folder
from weasyprint import HTML

import billingcore as bc

JANUARY: Final = bc.InvoiceRun(bc.Period.month(2026, 1))


def pdf(document: bc.DraftInvoice | bc.Invoice, locale: str) -> bytes:
    """Make a PDF file: the same bytes for the same document, with tags for screen readers.

    The page says on each sheet of a draft what it is. It names nothing that could be loaded; should
    it do so some day, it is not.
    """
    page = HTML(string=bc.render.page(document, locale), url_fetcher=_refuse)
    made: bytes = page.write_pdf(pdf_tags=True)
    return made


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a document loads nothing, and wanted {url[:100]}")


def shop() -> bc.MemoryStore:
    """Make a shop with a customer in Germany and one in Britain, who has ordered a lot."""
    seller = bc.BusinessEntity(
        "Schmidt Büromöbel", address="Weg 1\n20095 Hamburg", tax_id="DE123456789"
    )
    store = bc.MemoryStore(tax=bc.TaxTable({"standard": 19}), setup=bc.Setup(entities=[seller]))
    desk = bc.Item("desk", title="Schreibtisch", unit_price="249.00", tax_code="standard")
    chairs = [
        bc.Item(f"chair-{number}", title=f"Chair {number}", unit_price=number, tax_code="standard")
        for number in range(1, 61)
    ]
    for name, locale, items in (("jäger", "de_DE", [desk]), ("smith", "en_GB", chairs)):
        store.add(
            bc.Account(name, name=name.title(), currency="EUR", locale=locale, entity=seller.name)
        )
        store.add(bc.Subscription(f"S-{name}", account=name, items=items))
    return store


def main(folder: str) -> None:
    """Make documents of drafts for review, then finalize them and make those of the invoices."""
    root, store = Path(folder), shop()
    targets = [
        Folder("review", root / "drafts", is_for_drafts=True),
        Folder("archive", root / "invoices", is_for_drafts=False),
    ]
    bc.execute(JANUARY, store)
    report = bc.render_drafts(store, targets, pdf, media_type="application/pdf", run_id=JANUARY.id)
    print(report)
    bc.post(store, on="2026-02-01")
    report = bc.render_invoices(store.invoices(), targets, pdf, media_type="application/pdf")
    print(report)
    for document, name in report.kept["archive"]:
        print(document, name)


if __name__ == "__main__":
    main(*sys.argv[1:])

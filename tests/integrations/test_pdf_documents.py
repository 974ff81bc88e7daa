"""The example's targets keep the contract, and its PDF files say on every page what they are."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from document_targets import Folder, Tray

import billingcore as bc
from billingcore.testing import check_document_target
from tests.documents import drafted, invoiced
from tests.integrations.needs import needs

PDF = "application/pdf"
MARKS = {
    "jäger": "Entwurf, Fassung 1 – keine Rechnung",
    "smith": "Draft, version 1 – not an invoice",
}


@pytest.fixture
def example():
    """Give the module that makes PDF files, where WeasyPrint finds the libraries of the system."""
    try:
        import weasyprint  # noqa: F401 - the module needs it
    except OSError as error:
        pytest.skip(f"weasyprint finds no Pango: {error}"[:200])
    import pdf_documents

    return pdf_documents


def files(folder):
    """Give the files of a folder by their names."""
    return {each.name: each.read_bytes() for each in folder.path.iterdir()}


def pages(content):
    """Give the text of each page of a PDF file."""
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def text_of(document, locale):
    """Write a document as text."""
    return bc.render.text(document, locale)


def rendered(name="invoice-7.pdf", content=b"%PDF", **facts):
    """Make a document for a target."""
    facts = {"media_type": PDF, "document": "7", "language": "de"} | facts
    return bc.RenderedDocument(name, content, **facts)


def test_a_folder_keeps_the_contract(tmp_path):
    """A folder of files keeps every clause."""
    places = (tmp_path / str(number) for number in range(100))
    check_document_target(lambda **facts: Folder("folder", next(places), **facts), files)


def test_a_tray_keeps_the_contract():
    """The target in memory keeps every clause."""

    def held(tray):
        return {name: each.encoded for name, each in tray.held.items()}

    check_document_target(Tray, held)


def test_a_folder_has_no_half_files(tmp_path, monkeypatch):
    """If a file cannot be written to its end, nothing of it is left, and the draft before stays."""
    folder = Folder("drafts", tmp_path, is_for_drafts=True)
    folder.keep(rendered("draft-a.pdf", b"first", is_draft=True))

    def full(number):
        raise OSError("no space left on device")

    monkeypatch.setattr("document_targets.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        folder.keep(rendered("draft-a.pdf", b"second", is_draft=True))

    assert files(folder) == {"draft-a.pdf": b"first"}


def test_many_write_one_invoice(tmp_path):
    """Of many that keep the same invoice with other contents at once, one is kept, whole."""
    folder = Folder("archive", tmp_path, is_for_drafts=False)
    contents = [bytes([number]) * 100_000 for number in range(65, 81)]

    def keep(content):
        try:
            folder.keep(rendered(content=content))
        except bc.InvalidInputError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as executor:
        kept = sum(executor.map(keep, contents))

    assert kept == 1
    assert [*files(folder)] == ["invoice-7.pdf"]
    assert files(folder)["invoice-7.pdf"] in contents


def test_a_folder_that_is_gone_can_be_tried_again(tmp_path):
    """If its folder is gone, each document is a problem that is worth a retry, for this target only."""
    lost = Folder("lost", tmp_path / "lost", is_for_drafts=True)
    tray = Tray(is_for_drafts=True)
    lost.path.rmdir()
    report = bc.render_drafts(drafted("acme"), [lost, tray], text_of, media_type="text/plain")
    (found,) = report.problems

    assert (found.target, found.problem.is_retryable) == ("lost", True)
    assert len(tray.held) == 1


def test_drafts_and_invoices_lie_apart(tmp_path):
    """The same call with all targets puts drafts into one folder and invoices into the other."""
    targets = [
        Folder("review", tmp_path / "drafts", is_for_drafts=True),
        Folder("archive", tmp_path / "invoices", is_for_drafts=False),
    ]
    bc.render_drafts(drafted("acme"), targets, text_of, media_type="text/plain")
    bc.render_invoices(invoiced("acme"), targets, text_of, media_type="text/plain")
    (draft,), (invoice,) = map(files, targets)

    assert draft.startswith("draft-")
    assert invoice == "invoice-2026-00001.txt"


@needs("weasyprint", "pypdf")
class TestPdf:
    """PDF files."""

    def test_every_page_of_a_draft_says_so(self, example):
        """Each page has the mark in the language of the account, also where there are several."""
        store, tray = example.shop(), Tray(is_for_drafts=True)
        bc.execute(example.JANUARY, store)
        bc.render_drafts(store, [tray], example.pdf, media_type=PDF)
        found = {}
        for each in tray.held.values():
            name = store.draft(each.document).account.id
            found[name] = [MARKS[name] in page for page in pages(each.content)]

        assert found == {"jäger": [True], "smith": [True] * len(found["smith"])}
        assert len(found["smith"]) > 1

    def test_no_page_of_an_invoice_speaks_of_a_draft(self, example):
        """An invoice has its number and no mark."""
        store, tray = example.shop(), Tray(is_for_drafts=False)
        bc.execute(example.JANUARY, store)
        bc.post(store, on="2026-02-01")
        bc.render_invoices(store.invoices(), [tray], example.pdf, media_type=PDF)
        german, english = (pages(each.content) for each in tray.held.values())

        assert "Rechnung 2026-00001" in german[0]
        assert "Invoice 2026-00002" in english[0]
        assert not any(word in page for page in german + english for word in ("Entwurf", "raft"))

    def test_the_same_document_has_the_same_bytes(self, example):
        """A file that is made again is equal, so an archive takes it without a conflict."""
        (invoice,) = invoiced("acme")
        tray = Tray(is_for_drafts=False)
        for _ in range(2):
            report = bc.render_invoices([invoice], [tray], example.pdf, media_type=PDF)
            assert report.problems == []

    def test_hostile_texts_load_nothing(self, example):
        """A title with elements and addresses in it is shown as it is, and nothing is loaded."""
        title = (
            '</title><img src="file:///etc/hostname"><style>@import "http://127.0.0.1:9/"</style>'
        )
        acme = bc.Account("acme", name=title, currency="EUR")
        item = bc.Item("desk", title=title, unit_price=9)
        draft = bc.draft(acme, [item], period=bc.Period.month(2026, 1))

        assert "<img" in " ".join(pages(example.pdf(draft, "de_DE"))[0].split())

    def test_nothing_may_be_loaded(self, example):
        """Whatever a page might name is refused."""
        with pytest.raises(ValueError, match="a document loads nothing"):
            example._refuse("http://127.0.0.1:9/logo.png")

    def test_the_script(self, example, integrations, tmp_path):
        """The script, started as its first lines say, makes all four files, and can be repeated."""
        command = [sys.executable, integrations / "pdf_documents.py", tmp_path / "documents"]
        for _ in range(2):
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=120
            )
            assert "kept in archive: 2" in done.stdout
            assert "problems: 0" in done.stdout
        found = [each for each in Path(tmp_path).rglob("*") if each.is_file()]

        assert len(found) == 4
        assert all(each.read_bytes().startswith(b"%PDF") for each in found)

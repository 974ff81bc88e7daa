"""What files of documents are called, what a target can rely on, and what every draft says."""

from __future__ import annotations

from importlib.metadata import version

import attrs
import pytest

import billingcore as bc
from billingcore.render.versions import LIBRARY
from tests.documents import TEXT, invoice_of
from tests.unit.engine.records import JANUARY, draft_of, once

PDF = "application/pdf"
FACTS = {
    "name": "invoice-7.txt",
    "content": "Rechnung",
    "media_type": TEXT,
    "document": "7",
    "language": "de-DE",
}


def draft_in(run_id):
    """Make a draft whose id is made of a run's."""
    return attrs.evolve(draft_of(once()), run_id=run_id)


class TestNames:
    """What files are called."""

    @pytest.mark.parametrize(
        ("number", "name"),
        [
            pytest.param("2026-00001", "invoice-2026-00001.pdf", id="digits"),
            pytest.param("INV-7", "invoice-INV-7.pdf", id="capitals"),
            pytest.param("A" * 60, f"invoice-{'A' * 60}.pdf", id="as long as may be"),
        ],
    )
    def test_a_plain_number_stands_as_it_is(self, number, name):
        """Capital letters, digits and hyphens are taken over."""
        assert bc.render.document_name(invoice_of(number)) == name

    @pytest.mark.parametrize(
        ("number", "begins"),
        [
            pytest.param("../../etc/passwd", "invoice-etc-passwd_", id="path"),
            pytest.param("..\\..\\boot.ini", "invoice-boot-ini_", id="path of Windows"),
            pytest.param("/", "invoice-_", id="nothing but a slash"),
            pytest.param("R\0\n1", "invoice-R-1_", id="control characters"),
            pytest.param("inv-7", "invoice-inv-7_", id="small letters"),
            pytest.param("2026/17", "invoice-2026-17_", id="slash"),
            pytest.param("Müller 7", "invoice-Muller-7_", id="umlaut"),
            pytest.param("請求書", "invoice-_", id="no Latin letter"),
            pytest.param("A" * 61, f"invoice-{'A' * 60}_", id="too long"),
            pytest.param("A-" * 100, f"invoice-{'A-' * 29}A_", id="cut at a hyphen"),
            pytest.param("A%2FB", "invoice-A-B_", id="escaped"),
            pytest.param("RE-", "invoice-RE_", id="hyphen at the end"),
        ],
    )
    def test_any_other_number_has_a_digest(self, number, begins):
        """Of other numbers letters and digits are left, with 16 digits of a digest behind them."""
        name = bc.render.document_name(invoice_of(number))

        assert name.startswith(begins)
        assert len(name) == len(begins) + 16 + len(".pdf")
        assert name.removesuffix(".pdf").replace("-", "").replace("_", "").isalnum()

    def test_reserved_names_have_something_before_them(self):
        """No name is one that an operating system keeps for itself."""
        assert bc.render.document_name(invoice_of("NUL")) == "invoice-NUL.pdf"
        assert bc.render.document_name(invoice_of("con")).startswith("invoice-con_")

    def test_numbers_that_look_alike_have_names_of_their_own(self):
        """Also where upper and lower case are the same, and for a number that imitates a digest."""
        first = bc.render.document_name(invoice_of("a/b"))
        imitation = first.removeprefix("invoice-").removesuffix(".pdf")
        numbers = ["a/b", "a-b", "A-B", "a b", "á-b", "A-b", "a\\b", imitation, imitation.upper()]
        names = {bc.render.document_name(invoice_of(each)).casefold() for each in numbers}

        assert len(names) == len(numbers)

    def test_drafts_that_look_alike_have_names_of_their_own(self):
        """Two drafts whose ids have the same letters and digits do not share a name."""
        names = {bc.render.document_name(draft_in(each)) for each in ("a/b", "a-b", "A/B", "a:b")}

        assert len({each.casefold() for each in names}) == 4
        assert all(each.startswith("draft-") for each in names)

    def test_versions_of_a_draft_share_a_name(self):
        """Whatever is edited on a draft, its name stays."""
        draft = draft_of(once())
        edited = bc.edit.discount_order(draft, bc.Discount.percent(10))

        assert bc.render.document_name(edited) == bc.render.document_name(draft)

    def test_the_kind_stands_in_front(self):
        """The name begins with what an invoice is."""
        draft = attrs.evolve(draft_of(once()), kind=bc.InvoiceKind.PRO_FORMA)
        invoice = bc.Invoice("7", JANUARY.first, JANUARY.last, draft)

        assert bc.render.document_name(invoice, "xml") == "pro-forma-7.xml"

    @pytest.mark.parametrize("extension", ["", ".pdf", "PDF", "p/f", "a" * 11, 7, None, "pdf\n"])
    def test_what_is_no_extension_is_refused(self, extension):
        """An extension is a few small letters and digits."""
        with pytest.raises(bc.InvalidInputError, match="not an extension"):
            bc.render.document_name(draft_of(once()), extension)


class TestRenderedDocument:
    """What a target can rely on."""

    def test_text_is_encoded_in_utf8(self):
        """Text has the bytes of UTF-8, and bytes are themselves."""
        text = bc.RenderedDocument(**FACTS | {"content": "Größe €"})
        pdf = bc.RenderedDocument(**FACTS | {"content": b"%PDF", "media_type": PDF})

        assert text.encoded == b"Gr\xc3\xb6\xc3\x9fe \xe2\x82\xac"
        assert pdf.encoded == b"%PDF"

    @pytest.mark.parametrize(
        ("field", "value", "rule"),
        [
            pytest.param("name", "../invoice.txt", "not a name of a file", id="path upwards"),
            pytest.param("name", "a/b.txt", "not a name of a file", id="path"),
            pytest.param("name", "invoice\0.txt", "cannot be written", id="NUL"),
            pytest.param("name", "invoice", "not a name of a file", id="no ending"),
            pytest.param("name", ".hidden", "not a name of a file", id="hidden"),
            pytest.param("name", "a.txt\n", "not a name of a file", id="line feed"),
            pytest.param("name", "a" * 117 + ".txt", "longer than 120", id="long name"),
            pytest.param("name", None, "not text", id="no name"),
            pytest.param("media_type", "pdf", "not a media type", id="ending for type"),
            pytest.param(
                "media_type", "text/html; charset=utf-8", "not a media type", id="parameters"
            ),
            pytest.param("media_type", None, "not a media type", id="no media type"),
            pytest.param("content", "", "there is none", id="no text"),
            pytest.param("content", b"", "there is none", id="no bytes"),
            pytest.param("content", None, "neither text nor bytes", id="no content"),
            pytest.param("content", b"%PDF", "bytes instead of text", id="bytes for text"),
            pytest.param("content", "half \ud83d", "a lone surrogate", id="half a character"),
            pytest.param("document", 7, "not text", id="number of a document"),
            pytest.param("language", 7, "not text", id="language"),
            pytest.param("is_draft", "no", "not a truth value", id="draft or not"),
            pytest.param("version", -1, "not a count", id="version"),
        ],
    )
    def test_what_is_wrong_is_refused(self, field, value, rule):
        """A document with a path for a name, without content, or of another type is refused."""
        with pytest.raises(bc.InvalidInputError, match=rule):
            bc.RenderedDocument(**FACTS | {field: value})

    def test_it_does_not_change(self):
        """A rendered document is frozen."""
        made = bc.RenderedDocument(**FACTS)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            made.content = ""

    def test_the_version_is_the_installed_one(self):
        """What it says of the library is what is installed."""
        assert f"billingcore {version('billingcore')}" == LIBRARY


class TestMark:
    """What stands on every page of a draft."""

    def test_a_draft_says_so_in_its_language(self):
        """German and English, with the version, in the account's locale or the one asked for."""
        draft = attrs.evolve(draft_of(once()), version=1234)

        assert bc.render.draft_mark(draft) == "Draft, version 1,234 – not an invoice"
        assert bc.render.draft_mark(draft, "de_DE") == "Entwurf, Fassung 1.234 – keine Rechnung"
        own = {"draft_mark": "Preview ({version})"}
        assert bc.render.draft_mark(draft, texts=own) == "Preview (1,234)"

    def test_an_invoice_has_none(self):
        """An invoice says nothing of a draft."""
        assert bc.render.draft_mark(invoice_of("7")) == ""

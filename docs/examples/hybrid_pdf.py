"""Make a PDF file that people and programs read: an invoice with its XML inside, as Factur-X.

    pip install billingcore 'factur-x>=7.8,<8' weasyprint
    python docs/examples/hybrid_pdf.py invoice.pdf

Factur-X of the profile EN 16931 is ZUGFeRD 2 as well; that of the profile EXTENDED also says what was
paid in advance, and which tax is in that. WeasyPrint lays the page out, with the library Pango, which
the system must have; factur-x writes the XML and puts it into the file.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Unpack

from facturx import (
    generate_from_binary,
    generate_xml,
    get_facturx_xml_from_pdf,
    parse_ubl_cii_xml,
    xml_check_xsd,
)
from lxml import etree
from weasyprint import HTML

import billingcore as bc
from billingcore import export

JANUARY: Final = bc.InvoiceRun(bc.Period.month(2026, 1))
LEVEL: Final = "en16931"


def cross_industry_invoice(invoice: bc.Invoice, **options: Unpack[export.EInvoiceOptions]) -> bytes:
    """Write an invoice as CII, the XML of Factur-X; its schema is checked."""
    return written(export.en16931(invoice, **options), LEVEL)


def written(data: Mapping[str, object], level: str) -> bytes:
    """Write terms as CII of a profile."""
    terms = export.factur_x(data)
    made: bytes = generate_xml(terms, flavor="factur-x", level=level, check_schematron=False)
    return made


def page(invoice: bc.Invoice, locale: str) -> bytes:
    """Lay out what people see, as PDF/A-3, which Factur-X asks for; nothing is loaded for it."""
    html = HTML(string=bc.render.page(invoice, locale), url_fetcher=_refuse)
    made: bytes = html.write_pdf(pdf_variant="pdf/a-3b")
    return made


def _refuse(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"an invoice loads nothing, and wanted {url[:100]}")


def hybrid_pdf(invoice: bc.Invoice, **options: Unpack[export.EInvoiceOptions]) -> bytes:
    """Make the file: the page with the XML inside, in the language of the options."""
    xml = cross_industry_invoice(invoice, **options)
    return put_together(invoice, xml, LEVEL, options.get("locale") or "en_GB")


def put_together(invoice: bc.Invoice, xml: bytes, level: str, locale: str) -> bytes:
    """Lay the page out, and put the XML into it."""
    made: bytes = generate_from_binary(
        page(invoice, locale),
        xml,
        flavor="factur-x",
        level=level,
        check_xsd=False,  # it was when the XML was written
        lang=locale.replace("_", "-"),
        afrelationship="alternative",  # the XML says the same as the page
    )
    return made


def what_is_inside(pdf: bytes) -> dict[str, object]:
    """Read the terms back out of a file, as its receiver would."""
    _, xml = get_facturx_xml_from_pdf(pdf)
    found: dict[str, object] = parse_ubl_cii_xml(xml)
    return found


EXTENDED: Final = "extended"
SPACES: Final = {
    name: f"urn:un:unece:uncefact:data:standard:{space}:100"
    for name, space in (
        ("ram", "ReusableAggregateBusinessInformationEntity"),
        ("qdt", "QualifiedDataType"),
    )
}


def extended_invoice(
    invoice: bc.Invoice,
    received: Mapping[str, dt.date] | None = None,
    **options: Unpack[export.EInvoiceOptions],
) -> bytes:
    """Write an invoice as CII of the profile EXTENDED: what a final deducts is paid in advance."""
    options["as_prepaid"] = bool(invoice.deductions)
    data = export.en16931(invoice, **options)
    is_construction = options.get("is_construction", False)
    advances = export.advance_payments(
        invoice, data, received=received or {}, is_construction=is_construction
    )
    made = with_advances(written(data, EXTENDED), advances)
    xml_check_xsd(made, flavor="factur-x", level=EXTENDED)
    return made


def with_advances(xml: bytes, advances: Iterable[Mapping[str, Any]]) -> bytes:
    """Put advances where the schema wants them: last in the settlement."""
    root = etree.fromstring(xml)
    settlement = root.find(".//{*}ApplicableHeaderTradeSettlement")
    for each in advances:
        made = _add(settlement, "ram:SpecifiedAdvancePayment")
        _add(made, "ram:PaidAmount", each["paid"])
        if "received" in each:
            _add_day(_add(made, "ram:FormattedReceivedDateTime"), each["received"])
        for tax in each["taxes"]:
            included = _add(made, "ram:IncludedTradeTax")
            _add(included, "ram:CalculatedAmount", tax["tax"])
            _add(included, "ram:TypeCode", "VAT")
            _add(included, "ram:CategoryCode", tax["category"])
            if "rate" in tax:
                _add(included, "ram:RateApplicablePercent", tax["rate"])
        document = _add(made, "ram:InvoiceSpecifiedReferencedDocument")
        _add(document, "ram:IssuerAssignedID", each["document"])
        _add(document, "ram:TypeCode", each["type_code"])
        _add_day(_add(document, "ram:FormattedIssueDateTime"), each["date"])
    etree.indent(root)
    made_text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made_text


def _add(parent: etree._Element, name: str, text: object = None) -> etree._Element:
    prefix, _, local = name.partition(":")
    child = etree.SubElement(parent, f"{{{SPACES[prefix]}}}{local}", nsmap=SPACES)
    child.text = None if text is None else f"{text}"
    return child


def _add_day(parent: etree._Element, day: dt.date) -> None:
    _add(parent, "qdt:DateTimeString", f"{day:%Y%m%d}").set("format", "102")


def extended_pdf(
    invoice: bc.Invoice,
    received: Mapping[str, dt.date] | None = None,
    **options: Unpack[export.EInvoiceOptions],
) -> bytes:
    """Make the file with the XML of the profile EXTENDED."""
    xml = extended_invoice(invoice, received, **options)
    return put_together(invoice, xml, EXTENDED, options.get("locale") or "en_GB")


def sample_invoice() -> bc.Invoice:
    """Bill three seats in January."""
    seller = bc.Party(
        "Tidy Software GmbH",
        vat_id="DE123456788",
        address=bc.PostalAddress("DE", lines=["Hafen 1"], city="Kiel", postcode="24103"),
        electronic_address=bc.Identifier("billing@tidy.example", scheme="EM"),
    )
    buyer = bc.Party(
        "Müller & Söhne",
        address=bc.PostalAddress("DE", lines=["Weg 2"], city="Bonn", postcode="53111"),
        electronic_address=bc.Identifier("invoices@mueller.example", scheme="EM"),
    )
    transfer = bc.PaymentMeans("58", account="DE02120300000000202051")
    entity = bc.BusinessEntity(
        seller.name, address="Hafen 1\n24103 Kiel", tax_id=seller.vat_id,
        bank="DE02 1203 0000 0000 2020 51", party=seller, payment_means=transfer,
    )  # fmt: skip
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}), setup=bc.Setup(entities=[entity]))
    address = "Weg 2\n53111 Bonn"
    store.add(bc.Account("mueller", name=buyer.name, currency="EUR", address=address, party=buyer))
    seats = bc.Item(
        "seats", title="Seats", unit_price="24.90", quantity=3, tax_code="DE_19",
        billing_type=bc.RECURRING, cadence=bc.monthly(),
    )  # fmt: skip
    contract = bc.Subscription(
        "S-1", account="mueller", entity=entity.name, start="2026-01-01", items=[seats]
    )
    store.add(contract)
    (draft,) = bc.execute(JANUARY, store).drafts
    return bc.finalize(draft, store, on="2026-01-31")


def main() -> None:
    """Write the file that is named, and say what a program reads in it."""
    target = Path(sys.argv[1])
    target.write_bytes(hybrid_pdf(sample_invoice(), locale="de_DE"))
    read = what_is_inside(target.read_bytes())
    print(f"{target.name}: invoice {read['BT-1']}, to be paid {read['BT-115']} {read['BT-5']}")


if __name__ == "__main__":
    main()

"""UBL 2.1 as two tables: which element holds which term of EN 16931, in the order of the schema.

Where each term goes is laid down in CEN/TS 16931-3-2, the syntax binding of UBL. The few texts that
no term gives are those of that binding and of Peppol BIS Billing 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from billingcore.export.ubl_element import (
    Element,
    adjustment,
    amount,
    group,
    identifier,
    quantity,
    tax_category,
)
from billingcore.export.ubl_parties import PARTIES

__all__ = ["CREDIT_NOTE", "INVOICE", "REPEATED", "TERMS"]

_SCHEMA: Final = "urn:oasis:names:specification:ubl:schema:xsd"


def _document(name: str, *children: Element) -> Element:
    spaces = (
        ("xmlns", f"{_SCHEMA}:{name}-2"),
        ("xmlns:cac", f"{_SCHEMA}:CommonAggregateComponents-2"),
        ("xmlns:cbc", f"{_SCHEMA}:CommonBasicComponents-2"),
    )
    return Element(name, children=children, attributes=spaces)


_PROCESS: Final = (
    Element("cbc:CustomizationID", "BT-24"),
    Element("cbc:ProfileID", "BT-23"),
    Element("cbc:ID", "BT-1"),
    Element("cbc:IssueDate", "BT-2"),
)

_NOTES: Final = Element("cbc:Note", "BT-22", each="BG-1", subject="BT-21")
_TAX_POINT: Final = Element("cbc:TaxPointDate", "BT-7")

_HEADER: Final = (
    Element("cbc:DocumentCurrencyCode", "BT-5"),
    Element("cbc:TaxCurrencyCode", "BT-6"),
    Element("cbc:AccountingCost", "BT-19"),
    Element("cbc:BuyerReference", "BT-10"),
    group(
        "cac:InvoicePeriod",
        Element("cbc:StartDate", "BT-73"),
        Element("cbc:EndDate", "BT-74"),
        Element("cbc:DescriptionCode", "BT-8"),
    ),
    group(
        "cac:OrderReference",
        Element("cbc:ID", "BT-13", otherwise="NA"),
        Element("cbc:SalesOrderID", "BT-14"),
    ),
    group(
        "cac:BillingReference",
        group(
            "cac:InvoiceDocumentReference",
            Element("cbc:ID", "BT-25"),
            Element("cbc:IssueDate", "BT-26"),
        ),
        each="BG-3",
    ),
    group("cac:DespatchDocumentReference", Element("cbc:ID", "BT-16")),
    group("cac:ReceiptDocumentReference", Element("cbc:ID", "BT-15")),
)

_TENDER: Final = group("cac:OriginatorDocumentReference", Element("cbc:ID", "BT-17"))
_CONTRACT: Final = group("cac:ContractDocumentReference", Element("cbc:ID", "BT-12"))
_DOCUMENTS: Final = (
    group(
        "cac:AdditionalDocumentReference",
        identifier("cbc:ID", "BT-18"),
        Element("cbc:DocumentTypeCode", otherwise="130"),
    ),
    group(
        "cac:AdditionalDocumentReference",
        Element("cbc:ID", "BT-122"),
        Element("cbc:DocumentDescription", "BT-123"),
        group(
            "cac:Attachment",
            Element(
                "cbc:EmbeddedDocumentBinaryObject",
                "BT-125",
                attributes=(("mimeCode", "BT-125-1"), ("filename", "BT-125-2")),
            ),
            group("cac:ExternalReference", Element("cbc:URI", "BT-124")),
        ),
        each="BG-24",
    ),
)


def _payment(*code: Element) -> Element:
    return group(
        "cac:PaymentMeans",
        *code,
        Element("cbc:PaymentID", "BT-83"),
        group(
            "cac:CardAccount",
            Element("cbc:PrimaryAccountNumberID", "BT-87"),
            Element("cbc:NetworkID", otherwise="NA"),
            Element("cbc:HolderName", "BT-88"),
        ),
        group(
            "cac:PayeeFinancialAccount",
            Element("cbc:ID", "BT-84"),
            Element("cbc:Name", "BT-85"),
            group("cac:FinancialInstitutionBranch", Element("cbc:ID", "BT-86")),
        ),
        group(
            "cac:PaymentMandate",
            Element("cbc:ID", "BT-89"),
            group("cac:PayerFinancialAccount", Element("cbc:ID", "BT-91")),
        ),
        each="BG-17",
    )


_PAYMENT_CODE: Final = (("name", "BT-82"),)

_TOTALS: Final = (
    group("cac:PaymentTerms", Element("cbc:Note", "BT-20")),
    adjustment(
        "BG-20",
        "false",
        ("BT-92", "BT-93", "BT-94", "BT-97", "BT-98"),
        tax_category("cac:TaxCategory", "BT-95", "BT-96"),
    ),
    adjustment(
        "BG-21",
        "true",
        ("BT-99", "BT-100", "BT-101", "BT-104", "BT-105"),
        tax_category("cac:TaxCategory", "BT-102", "BT-103"),
    ),
    group(
        "cac:TaxTotal",
        amount("cbc:TaxAmount", "BT-110"),
        group(
            "cac:TaxSubtotal",
            amount("cbc:TaxableAmount", "BT-116"),
            amount("cbc:TaxAmount", "BT-117"),
            tax_category(
                "cac:TaxCategory",
                "BT-118",
                "BT-119",
                Element("cbc:TaxExemptionReasonCode", "BT-121"),
                Element("cbc:TaxExemptionReason", "BT-120"),
            ),
            each="BG-23",
        ),
    ),
    group("cac:TaxTotal", amount("cbc:TaxAmount", "BT-111", currency="BT-6")),
    group(
        "cac:LegalMonetaryTotal",
        amount("cbc:LineExtensionAmount", "BT-106"),
        amount("cbc:TaxExclusiveAmount", "BT-109"),
        amount("cbc:TaxInclusiveAmount", "BT-112"),
        amount("cbc:AllowanceTotalAmount", "BT-107"),
        amount("cbc:ChargeTotalAmount", "BT-108"),
        amount("cbc:PrepaidAmount", "BT-113"),
        amount("cbc:PayableRoundingAmount", "BT-114"),
        amount("cbc:PayableAmount", "BT-115"),
    ),
)

# ---- its lines

_ITEM: Final = group(
    "cac:Item",
    Element("cbc:Description", "BT-154"),
    Element("cbc:Name", "BT-153"),
    group("cac:BuyersItemIdentification", Element("cbc:ID", "BT-156")),
    group("cac:SellersItemIdentification", Element("cbc:ID", "BT-155")),
    group("cac:StandardItemIdentification", identifier("cbc:ID", "BT-157")),
    group("cac:OriginCountry", Element("cbc:IdentificationCode", "BT-159")),
    group(
        "cac:CommodityClassification",
        Element(
            "cbc:ItemClassificationCode",
            "BT-158",
            attributes=(("listID", "BT-158-1"), ("listVersionID", "BT-158-2")),
        ),
        each="BT-158",
    ),
    tax_category("cac:ClassifiedTaxCategory", "BT-151", "BT-152"),
    group(
        "cac:AdditionalItemProperty",
        Element("cbc:Name", "BT-160"),
        Element("cbc:Value", "BT-161"),
        each="BG-32",
    ),
)

_PRICE: Final = group(
    "cac:Price",
    amount("cbc:PriceAmount", "BT-146"),
    quantity("cbc:BaseQuantity", "BT-149", "BT-150"),
    group(
        "cac:AllowanceCharge",
        Element("cbc:ChargeIndicator", otherwise="false"),
        amount("cbc:Amount", "BT-147", otherwise="0"),
        amount("cbc:BaseAmount", "BT-148"),
    ),
)


def _line(name: str, quantity_name: str) -> Element:
    return group(
        name,
        Element("cbc:ID", "BT-126"),
        Element("cbc:Note", "BT-127"),
        quantity(quantity_name, "BT-129", "BT-130"),
        amount("cbc:LineExtensionAmount", "BT-131"),
        Element("cbc:AccountingCost", "BT-133"),
        group(
            "cac:InvoicePeriod",
            Element("cbc:StartDate", "BT-134"),
            Element("cbc:EndDate", "BT-135"),
        ),
        group("cac:OrderLineReference", Element("cbc:LineID", "BT-132")),
        group(
            "cac:DocumentReference",
            identifier("cbc:ID", "BT-128"),
            Element("cbc:DocumentTypeCode", otherwise="130"),
        ),
        adjustment("BG-27", "false", ("BT-136", "BT-137", "BT-138", "BT-139", "BT-140")),
        adjustment("BG-28", "true", ("BT-141", "BT-142", "BT-143", "BT-144", "BT-145")),
        _ITEM,
        _PRICE,
        each="BG-25",
    )


INVOICE: Final = _document(
    "Invoice",
    *_PROCESS,
    Element("cbc:DueDate", "BT-9"),
    Element("cbc:InvoiceTypeCode", "BT-3"),
    _NOTES,
    _TAX_POINT,
    *_HEADER,
    _TENDER,
    _CONTRACT,
    *_DOCUMENTS,
    group("cac:ProjectReference", Element("cbc:ID", "BT-11")),
    *PARTIES,
    _payment(Element("cbc:PaymentMeansCode", "BT-81", attributes=_PAYMENT_CODE)),
    *_TOTALS,
    _line("cac:InvoiceLine", "cbc:InvoicedQuantity"),
)

CREDIT_NOTE: Final = _document(
    "CreditNote",
    *_PROCESS,
    _TAX_POINT,
    Element("cbc:CreditNoteTypeCode", "BT-3"),
    _NOTES,
    *_HEADER,
    _CONTRACT,
    *_DOCUMENTS,
    group(
        "cac:AdditionalDocumentReference",
        Element("cbc:ID", "BT-11"),
        Element("cbc:DocumentTypeCode", otherwise="50"),
    ),
    _TENDER,
    *PARTIES,
    _payment(
        # A credit note has no other place for its day; 1 is no payment means of a kind.
        Element("cbc:PaymentMeansCode", "BT-81", attributes=_PAYMENT_CODE, otherwise="1"),
        Element("cbc:PaymentDueDate", "BT-9"),
    ),
    *_TOTALS,
    _line("cac:CreditNoteLine", "cbc:CreditedQuantity"),
)


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _elements(child)


_EVERY: Final = (*_elements(INVOICE), *_elements(CREDIT_NOTE))
TERMS: Final = frozenset(term for each in _EVERY for term in each.terms)
"""The codes of all terms of EN 16931, and of their schemes."""

REPEATED: Final = frozenset(each.each for each in _EVERY if each.each)
"""The codes of groups and terms that may stand several times."""

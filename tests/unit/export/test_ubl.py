"""UBL text: a whole document as written by hand, the order of the schema, and hostile text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from billingcore.export.ubl_documents import CREDIT_NOTE, INVOICE, REPEATED, TERMS
from tests.einvoice_data import EVERY_TERM, PLAIN

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd"
SPACES = {
    "cac": f"{SCHEMA}:CommonAggregateComponents-2",
    "cbc": f"{SCHEMA}:CommonBasicComponents-2",
}

WRITTEN = """\
<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" \
xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" \
xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0\
</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>2026-00001</cbc:ID>
  <cbc:IssueDate>2026-01-31</cbc:IssueDate>
  <cbc:DueDate>2026-02-14</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>
  <cac:AccountingSupplierParty>
    <cac:Party>
      <cbc:EndpointID schemeID="EM">billing@tidy.example</cbc:EndpointID>
      <cac:PostalAddress>
        <cbc:StreetName>Hafen 1</cbc:StreetName>
        <cbc:CityName>Kiel</cbc:CityName>
        <cbc:PostalZone>24103</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>DE</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>DE123456788</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Tidy Software GmbH</cbc:RegistrationName>
      </cac:PartyLegalEntity>
      <cac:Contact>
        <cbc:Name>Ada</cbc:Name>
        <cbc:Telephone>+49 431 555</cbc:Telephone>
        <cbc:ElectronicMail>ada@tidy.example</cbc:ElectronicMail>
      </cac:Contact>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cbc:EndpointID schemeID="0204">04011000-12345-03</cbc:EndpointID>
      <cac:PostalAddress>
        <cbc:StreetName>Weg 2</cbc:StreetName>
        <cbc:CityName>Bonn</cbc:CityName>
        <cbc:PostalZone>53111</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>DE</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Müller &amp; Söhne &lt;Nord&gt;</cbc:RegistrationName>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingCustomerParty>
  <cac:Delivery>
    <cbc:ActualDeliveryDate>2026-01-31</cbc:ActualDeliveryDate>
  </cac:Delivery>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>
    <cac:PayeeFinancialAccount>
      <cbc:ID>DE02120300000000202051</cbc:ID>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">190.00</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">1000.00</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">190.00</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>19</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">1000.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">1000.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">1190.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">1190.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine>
    <cbc:ID>1</cbc:ID>
    <cbc:InvoicedQuantity unitCode="HUR">10</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">1000.00</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Name>Advice</cbc:Name>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>19</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount>
    </cac:Price>
  </cac:InvoiceLine>
</Invoice>
"""

ORDERS = {
    "Invoice": "CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note TaxPointDate "
    "DocumentCurrencyCode TaxCurrencyCode AccountingCost BuyerReference InvoicePeriod "
    "OrderReference BillingReference DespatchDocumentReference ReceiptDocumentReference "
    "OriginatorDocumentReference ContractDocumentReference AdditionalDocumentReference "
    "ProjectReference AccountingSupplierParty AccountingCustomerParty PayeeParty "
    "TaxRepresentativeParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal "
    "LegalMonetaryTotal InvoiceLine",
    "CreditNote": "CustomizationID ProfileID ID IssueDate TaxPointDate CreditNoteTypeCode Note "
    "DocumentCurrencyCode TaxCurrencyCode AccountingCost BuyerReference InvoicePeriod "
    "OrderReference BillingReference DespatchDocumentReference ReceiptDocumentReference "
    "ContractDocumentReference AdditionalDocumentReference OriginatorDocumentReference "
    "AccountingSupplierParty AccountingCustomerParty PayeeParty TaxRepresentativeParty Delivery "
    "PaymentMeans PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal CreditNoteLine",
    "Party": "EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme "
    "PartyLegalEntity Contact",
    "PostalAddress": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity "
    "AddressLine Country",
    "PaymentMeans": "PaymentMeansCode PaymentDueDate PaymentID CardAccount PayeeFinancialAccount "
    "PaymentMandate",
    "AllowanceCharge": "ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason "
    "MultiplierFactorNumeric Amount BaseAmount TaxCategory",
    "TaxCategory": "ID Percent TaxExemptionReasonCode TaxExemptionReason TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount "
    "AllowanceTotalAmount ChargeTotalAmount PrepaidAmount PayableRoundingAmount PayableAmount",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount AccountingCost InvoicePeriod "
    "OrderLineReference DocumentReference AllowanceCharge Item Price",
    "CreditNoteLine": "ID Note CreditedQuantity LineExtensionAmount AccountingCost InvoicePeriod "
    "OrderLineReference DocumentReference AllowanceCharge Item Price",
    "Item": "Description Name BuyersItemIdentification SellersItemIdentification "
    "StandardItemIdentification OriginCountry CommodityClassification ClassifiedTaxCategory "
    "AdditionalItemProperty",
    "Price": "PriceAmount BaseQuantity AllowanceCharge",
}
"""What stands in an element, in the order of the schemas of UBL 2.1."""

NORM = {f"BT-{number}" for number in range(1, 166)} - {"BT-4"}
"""The terms of EN 16931-1; there is no BT-4."""


def parsed(data):
    """Write and parse a document."""
    return ET.fromstring(export.ubl(data).encode())  # noqa: S314 - it is our own


def local(element):
    """Give the name of an element without its namespace."""
    return element.tag.partition("}")[2]


def texts(document, path):
    """Give the texts of all elements at a path."""
    return [each.text for each in document.findall(path, SPACES)]


def elements(element):
    """Give an element of a table with all that stands in it."""
    return [element, *(inner for child in element.children for inner in elements(child))]


def test_a_whole_document():
    """Ten hours at 100.00 are the text that was written by hand."""
    assert export.ubl(PLAIN) == WRITTEN


@pytest.mark.parametrize("code", ["380", "381"], ids=["invoice", "credit-note"])
def test_everything_stands_in_the_order_of_the_schema(code):
    """With every term there is, each element has its children in the order of the schema."""
    document = parsed({**EVERY_TERM, "BT-3": code, "BT-7": EVERY_TERM["BT-2"]})
    seen = set()
    for element in document.iter():
        names = list(dict.fromkeys(local(child) for child in element))
        order = ORDERS.get(local(element), "").split()
        if order:
            seen.add(local(element))
            assert names == [name for name in order if name in names]

    roots = {"Invoice", "InvoiceLine"} if code == "380" else {"CreditNote", "CreditNoteLine"}
    everywhere = {"Invoice", "InvoiceLine", "CreditNote", "CreditNoteLine"}
    assert seen == (ORDERS.keys() - everywhere) | roots


@pytest.mark.parametrize("table", [INVOICE, CREDIT_NOTE], ids=["invoice", "credit-note"])
def test_every_term_has_one_place(table):
    """Every term of the norm has exactly one place in each table, as a text or in an attribute."""
    every = elements(table)
    placed = [each.term or each.subject for each in every] + [each.subject for each in every]
    attributes = {source for each in every for _, source in each.attributes}
    counted = Counter(code for code in placed if code in NORM)

    assert {code: count for code, count in counted.items() if count > 1} == {}
    assert NORM - counted.keys() <= attributes


def test_the_known_terms_are_those_of_the_norm():
    """What may be written is every term, and the schemes of some."""
    schemes = {code for code in TERMS if code.count("-") == 2}
    assert TERMS - schemes == NORM
    assert {code.rpartition("-")[0] for code in schemes} == {
        *("BT-18", "BT-29", "BT-30", "BT-34", "BT-46", "BT-47", "BT-49", "BT-60", "BT-61"),
        *("BT-71", "BT-125", "BT-128", "BT-157", "BT-158"),
    }
    assert {code for code in REPEATED if code.startswith("BG")} == {
        *("BG-1", "BG-3", "BG-17", "BG-20", "BG-21", "BG-23", "BG-24", "BG-25"),
        *("BG-27", "BG-28", "BG-32"),
    }


def test_all_terms_are_written():
    """Whatever the data says is found in the text, and nothing twice."""
    text = export.ubl(EVERY_TERM)
    numbered = ["Seller 27", "Trade 28", "Door 162", "Buyer 44", "Payee 59", "Yard 65", "Region 79"]
    numbered += ["mandate 89", "Exempt 120", "document 122", "Note 127", "Description 154"]

    assert [text.count(f">{each}<") for each in numbered] == [1] * len(numbered)
    assert '<cbc:TaxAmount currencyID="EUR">39.44</cbc:TaxAmount>' in text
    assert '<cbc:ID schemeID="SEPA">DE98ZZZ09999999999</cbc:ID>' in text
    assert '<cbc:BaseQuantity unitCode="HUR">2</cbc:BaseQuantity>' in text
    assert '<cbc:PaymentMeansCode name="SEPA direct debit">59</cbc:PaymentMeansCode>' in text
    assert 'listID="STI" listVersionID="158.2">65434568<' in text
    assert 'mimeCode="text/csv" filename="hours.csv">ZGF5O2hvdXJzCg==<' in text


def test_a_note_has_its_subject():
    """The code of a note stands before it between number signs."""
    assert texts(parsed(EVERY_TERM), "cbc:Note") == ["#AAI#General note", "Another note"]


@pytest.mark.parametrize(
    ("code", "root"),
    [("380", "Invoice"), ("384", "Invoice"), ("877", "Invoice"), ("381", "CreditNote"),
     ("396", "CreditNote")],
)  # fmt: skip
def test_the_type_code_decides_the_root(code, root):
    """The codes of credit notes have a root of their own."""
    document = parsed({**PLAIN, "BT-3": code})

    assert document.tag == f"{{{SCHEMA}:{root}-2}}{root}"
    assert texts(document, f"cbc:{root}TypeCode") == [code]


@pytest.mark.parametrize(
    ("means", "code"),
    [({"BT-81": "30"}, "30"), ({}, "1")],
    ids=["with-means", "without-means"],
)
def test_the_due_date_of_a_credit_note(means, code):
    """A credit note has its due date with the payment means, which needs a code."""
    document = parsed({**PLAIN, "BT-3": "381", "BG-16": means})

    assert texts(document, "cac:PaymentMeans/cbc:PaymentDueDate") == ["2026-02-14"]
    assert texts(document, "cac:PaymentMeans/cbc:PaymentMeansCode") == [code]


def test_means_of_payment_without_an_account():
    """A means without an account is written once, and one with two accounts twice."""
    two = [{"BT-84": "A"}, {"BT-84": "B"}]
    path = "cac:PaymentMeans/cbc:PaymentMeansCode"

    assert texts(parsed({**PLAIN, "BG-16": {"BT-81": "10"}}), path) == ["10"]
    assert texts(parsed({**PLAIN, "BG-16": {"BT-81": "58", "BG-17": two}}), path) == ["58", "58"]
    assert texts(parsed({**PLAIN, "BG-16": {}}), path) == []


def test_what_the_schema_asks_for_beside_terms():
    """A gross price without a discount, and a sales order without an order, are completed."""
    line = {**PLAIN["BG-25"][0], "BG-29": {"BT-146": Decimal(100), "BT-148": Decimal(100)}}
    document = parsed({**PLAIN, "BG-25": [line], "BT-14": "S-1"})

    assert texts(document, "cac:InvoiceLine/cac:Price/cac:AllowanceCharge/cbc:Amount") == ["0"]
    assert texts(document, "cac:OrderReference/cbc:ID") == ["NA"]
    assert texts(document, "cac:OrderReference/cbc:SalesOrderID") == ["S-1"]


def test_what_is_blank_is_left_out():
    """Blank text and None are no elements, and an empty list is no entries."""
    blank = {**PLAIN, "BT-13": "", "BT-19": " \n", "BT-20": None, "BG-3": [], "BG-24": [{}]}

    assert export.ubl(blank) == WRITTEN


def test_groups_and_order_of_the_data_do_not_matter():
    """The codes are unique, so data that is flat or in another order gives the same text."""
    flat = {**PLAIN["BG-2"], **dict(reversed(PLAIN.items()))}
    del flat["BG-2"]

    assert export.ubl(flat) == WRITTEN


def billed(**options):
    """Bill three seats at 24.90 to a customer, and write the invoice."""
    address = bc.PostalAddress("DE", lines=["Weg 2"], city="Bonn", postcode="53111")
    acme = bc.Account("acme", currency="EUR", party=bc.Party("Acme", address=address))
    item = bc.Item("seats", unit_price="24.90", quantity=3, tax_code="19")
    made = bc.draft(acme, [item], period=bc.Period.month(2026, 1), tax=bc.TaxTable({"19": 19}))
    invoice = bc.Invoice("2026-00001", made.period.last, made.period.last, made)
    return export.ubl(
        invoice, seller=bc.Party("Tidy", vat_id="DE123456788", address=address), **options
    )


def test_an_invoice_goes_through_the_norm():
    """An invoice is exported first, with the arguments of that: 74.70, with 19 % 88.89."""
    document = ET.fromstring(billed().encode())  # noqa: S314 - it is our own
    seller = "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"

    assert texts(document, seller) == ["Tidy"]
    assert texts(document, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["88.89"]


def test_rules_that_an_invoice_breaks_are_said():
    """What a rule set asks for is missed before anything is written."""
    with pytest.raises(bc.BillingProblemsError) as missed:
        billed(rules=export.XRECHNUNG)

    assert "BR-DE-15, BT-10: it is missing" in str(missed.value.exceptions[-1])


@pytest.mark.parametrize("other", [None, "<Invoice/>", 380, []], ids=repr)
def test_what_is_neither_invoice_nor_data(other):
    """Something else than an invoice or its data is refused."""
    with pytest.raises(bc.InvalidInputError):
        export.ubl(other)

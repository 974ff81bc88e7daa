"""The words of a document, by language: a plain table that a host chains its own in front of.

A word is looked up in the host's texts, then for the locale (``en_GB``), then for its language
(``en``), and at last in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.pricing import PHRASES

__all__ = ["WORDS", "Words"]

_ENGLISH: Final = {
    InvoiceKind.STANDARD.value: "Invoice",
    InvoiceKind.PARTIAL.value: "Partial invoice",
    InvoiceKind.PROGRESS.value: "Progress invoice",
    InvoiceKind.DEPOSIT.value: "Deposit invoice",
    InvoiceKind.FINAL.value: "Final invoice",
    InvoiceKind.PRO_FORMA.value: "Pro forma invoice",
    InvoiceKind.CREDIT.value: "Credit note",
    InvoiceKind.CANCELLATION.value: "Cancellation",
    f"{InvoiceKind.STANDARD.value}_of": "Takes back",
    f"{InvoiceKind.PARTIAL.value}_of": "Takes back",
    f"{InvoiceKind.PROGRESS.value}_of": "Takes back",
    f"{InvoiceKind.DEPOSIT.value}_of": "Takes back",
    f"{InvoiceKind.FINAL.value}_of": "Takes back",
    f"{InvoiceKind.PRO_FORMA.value}_of": "Takes back",
    f"{InvoiceKind.CREDIT.value}_of": "Credits",
    f"{InvoiceKind.CANCELLATION.value}_of": "Cancels",
    "document_of": "{kind} {number} of {date}",
    "reason": "Reason",
    "draft": "draft",
    "tax_id": "VAT ID",
    "tax_number": "Tax number",
    "invoice_date": "Invoice date",
    "due_date": "Due date",
    "period": "Period",
    "reference": "Your reference",
    "number": "No.",
    "title": "Description",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "amount": "Amount",
    "discount": "Discount",
    "order_discount": "Share of the order discount",
    "flat": "flat price for any quantity",
    "includes_tax": "The price includes tax.",
    "billed_share": "{share} of the price are billed",
    "concerns": "Concerns line {number} of {document}",
    "taken_back": "Taken back from line {number} of {document}",
    "billed_anew": "Billed anew instead of line {number} of {document}",
    "line_total": "Sum of the lines",
    "allowance_total": "Allowances",
    "charge_total": "Charges",
    "net": "Net",
    "tax": "Tax {rate} on {base}",
    "untaxed": "Without tax on {base}",
    "gross": "Total",
    "paid": "Paid already",
    "rounding": "Cash rounding",
    "due": "Amount due",
    "in_your_favor": "In your favor",
    "offset": "Offset against {document}",
    "date": "Date",
    "agreement": "Agreement",
    "milestone": "Milestone",
    f"hint_{InvoiceKind.PROGRESS.value}": "This asks for a payment on account before all is supplied.",
    f"hint_{InvoiceKind.DEPOSIT.value}": "This asks for a payment before anything is supplied.",
    f"hint_{InvoiceKind.PRO_FORMA.value}": (
        "This is no invoice for VAT purposes and no request for payment."
    ),
    "hint_deducted": "It belongs to agreement {agreement}; the final invoice deducts it.",
    "positions": "Positions",
    "disclosed": "{document}, line {number}: {amount} net",
    "less": "less {document}",
    "tax_on_it": "tax {rate} on it: {amount}",
    "sums": "Sums",
    "deductions": "Less earlier invoices",
    "column_document": "Document",
    "column_rate": "Rate",
    "column_net": "Net",
    "column_tax": "Tax",
    "column_gross": "Gross",
    "contract": "All that was agreed",
    "remaining": "Remaining",
    "of_that": "of that",
    "after_credit": "after {documents} gave a part of it back",
    "state_paid": "paid",
    "state_partly": "paid in part",
    "state_unpaid": "not paid",
    "state_invoiced": "as invoiced",
    "still_due": "Still to be paid",
    "folded": "The open {amount} of {document} are part of this invoice, and no longer due on their own.",
    "tax_gap": (
        "The remaining tax differs by {difference} from {rate} of {base},"
        " since earlier amounts are deducted as they were invoiced."
    ),
    "chain": "{document}: {contract} in all, {remaining} remaining",
    "of_it_paid": "{amount}, {paid} of it paid",
    "category_AE": "Reverse charge: the recipient is liable for the tax.",
    "category_E": "Exempt from tax.",
    "category_G": "Tax-free export.",
    "category_K": "Tax-free intra-community supply.",
    "payable_by": "Please pay {amount} by {date}.",
    "payable_at_once": "Please pay {amount} on receipt.",
    "retained": "You may keep back {amount} as security; please pay it by {date}.",
    "payable_early": "By {date} you may deduct {percent}: {discount}, and pay {amount}.",
    "bank": "Bank details",
    "unit_day": "day|days",
    "unit_week": "week|weeks",
    "unit_month": "month|months",
    "unit_quarter": "quarter|quarters",
    "unit_half_year": "half-year|half-years",
    "unit_year": "year|years",
    "code_C62": "",
    "code_H87": "pc.|pcs.",
    "code_MIN": "min",
    "code_HUR": "hour|hours",
    "code_DAY": "day|days",
    "code_WEE": "week|weeks",
    "code_MON": "month|months",
    "code_QAN": "quarter|quarters",
    "code_ANN": "year|years",
    "code_LS": "lump sum",
    "code_E48": "service|services",
    "code_KGM": "kg",
    "code_KMT": "km",
    "code_KWH": "kWh",
    "code_LTR": "l",
    "code_MTR": "m",
    "code_MTK": "m²",
    "code_MTQ": "m³",
    "code_4L": "MB",
    "code_E34": "GB",
    "code_E35": "TB",
    **PHRASES,
}

_GERMAN: Final = {
    InvoiceKind.STANDARD.value: "Rechnung",
    InvoiceKind.PARTIAL.value: "Teilrechnung",
    InvoiceKind.PROGRESS.value: "Abschlagsrechnung",
    InvoiceKind.DEPOSIT.value: "Anzahlungsrechnung",
    InvoiceKind.FINAL.value: "Schlussrechnung",
    InvoiceKind.PRO_FORMA.value: "Proforma-Rechnung",
    InvoiceKind.CREDIT.value: "Gutschrift",
    InvoiceKind.CANCELLATION.value: "Stornorechnung",
    f"{InvoiceKind.STANDARD.value}_of": "Nimmt zurück",
    f"{InvoiceKind.PARTIAL.value}_of": "Nimmt zurück",
    f"{InvoiceKind.PROGRESS.value}_of": "Nimmt zurück",
    f"{InvoiceKind.DEPOSIT.value}_of": "Nimmt zurück",
    f"{InvoiceKind.FINAL.value}_of": "Nimmt zurück",
    f"{InvoiceKind.PRO_FORMA.value}_of": "Nimmt zurück",
    f"{InvoiceKind.CREDIT.value}_of": "Gutschrift zu",
    f"{InvoiceKind.CANCELLATION.value}_of": "Storniert",
    "document_of": "{kind} {number} vom {date}",
    "reason": "Grund",
    "draft": "Entwurf",
    "tax_id": "USt-IdNr.",
    "tax_number": "Steuernummer",
    "invoice_date": "Rechnungsdatum",
    "due_date": "Fällig am",
    "period": "Leistungszeitraum",
    "reference": "Ihre Referenz",
    "number": "Pos.",
    "title": "Bezeichnung",
    "quantity": "Menge",
    "unit_price": "Einzelpreis",
    "amount": "Betrag",
    "discount": "Rabatt",
    "order_discount": "Anteil am Auftragsrabatt",
    "flat": "Festpreis für jede Menge",
    "includes_tax": "Der Preis enthält die Umsatzsteuer.",
    "billed_share": "{share} des Preises werden berechnet",
    "concerns": "Betrifft Position {number} von {document}",
    "taken_back": "Rücknahme aus Position {number} von {document}",
    "billed_anew": "Neu berechnet statt Position {number} von {document}",
    "line_total": "Summe der Positionen",
    "allowance_total": "Nachlässe",
    "charge_total": "Zuschläge",
    "net": "Nettobetrag",
    "tax": "Umsatzsteuer {rate} auf {base}",
    "untaxed": "Ohne Umsatzsteuer auf {base}",
    "gross": "Bruttobetrag",
    "paid": "Bereits gezahlt",
    "rounding": "Rundung",
    "due": "Zu zahlen",
    "in_your_favor": "Zu Ihren Gunsten",
    "offset": "Verrechnet mit {document}",
    "date": "Datum",
    "agreement": "Vereinbarung",
    "milestone": "Meilenstein",
    f"hint_{InvoiceKind.PROGRESS.value}": (
        "Diese Rechnung fordert eine Abschlagszahlung an, bevor die Leistung ganz erbracht ist."
    ),
    f"hint_{InvoiceKind.DEPOSIT.value}": (
        "Diese Rechnung fordert eine Anzahlung an, bevor die Leistung erbracht ist."
    ),
    f"hint_{InvoiceKind.PRO_FORMA.value}": (
        "Dies ist keine Rechnung im Sinne der Umsatzsteuer und keine Aufforderung zur Zahlung."
    ),
    "hint_deducted": ("Sie gehört zur Vereinbarung {agreement}; die Schlussrechnung zieht sie ab."),
    "positions": "Positionen",
    "disclosed": "{document}, Position {number}: {amount} netto",
    "less": "abzüglich {document}",
    "tax_on_it": "Umsatzsteuer {rate} darauf: {amount}",
    "sums": "Summen",
    "deductions": "Abzüglich vorangegangener Rechnungen",
    "column_document": "Beleg",
    "column_rate": "Satz",
    "column_net": "Netto",
    "column_tax": "USt",
    "column_gross": "Brutto",
    "contract": "Gesamtleistung",
    "remaining": "Verbleibender Betrag",
    "of_that": "davon",
    "after_credit": "nach Gutschrift {documents}",
    "state_paid": "bezahlt",
    "state_partly": "teilweise bezahlt",
    "state_unpaid": "nicht bezahlt",
    "state_invoiced": "wie berechnet",
    "still_due": "Noch zu zahlen",
    "folded": (
        "Der offene Betrag von {amount} ist in dieser Rechnung enthalten;"
        " die {document} ist damit erledigt."
    ),
    "tax_gap": (
        "Die verbleibende Umsatzsteuer weicht um {difference} von {rate} auf {base} ab,"
        " weil frühere Beträge so abgezogen sind, wie sie berechnet wurden."
    ),
    "chain": "{document}: insgesamt {contract}, verbleibend {remaining}",
    "of_it_paid": "{amount}, davon {paid} bezahlt",
    "category_AE": "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
    "category_E": "Steuerfrei.",
    "category_G": "Steuerfreie Ausfuhrlieferung.",
    "category_K": "Steuerfreie innergemeinschaftliche Lieferung.",
    "payable_by": "Bitte zahlen Sie {amount} bis zum {date}.",
    "payable_at_once": "Bitte zahlen Sie {amount} sofort nach Erhalt.",
    "retained": "Als Sicherheit dürfen Sie {amount} einbehalten, zahlbar bis zum {date}.",
    "payable_early": "Bis zum {date} {percent} Skonto: {discount}, dann sind es {amount}.",
    "bank": "Bankverbindung",
    "unit_day": "Tag|Tage",
    "unit_week": "Woche|Wochen",
    "unit_month": "Monat|Monate",
    "unit_quarter": "Quartal|Quartale",
    "unit_half_year": "Halbjahr|Halbjahre",
    "unit_year": "Jahr|Jahre",
    "code_H87": "Stk.",
    "code_MIN": "Min.",
    "code_HUR": "Std.",
    "code_DAY": "Tag|Tage",
    "code_WEE": "Woche|Wochen",
    "code_MON": "Monat|Monate",
    "code_QAN": "Quartal|Quartale",
    "code_ANN": "Jahr|Jahre",
    "code_LS": "pauschal",
    "code_E48": "Leistung|Leistungen",
    "tier_first": "Staffel {number}: bis {limit}",
    "tier_middle": "Staffel {number}: über {above} bis {limit}",
    "tier_last": "Staffel {number}: über {above}",
    "rate_first": "Staffel {number}: Preis unter {limit}",
    "rate_middle": "Staffel {number}: Preis ab {above} bis unter {limit}",
    "rate_last": "Staffel {number}: Preis ab {above}",
    "percent": "{percent} des Preises",
    "packages": "Pakete zu {size}",
    "minimum": "Mindestbetrag",
    "maximum": "Höchstbetrag",
}

_BRITISH: Final = {
    "tax": "VAT {rate} on {base}",
    "tax_on_it": "VAT {rate} on it: {amount}",
    "column_tax": "VAT",
    "in_your_favor": "In your favour",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _ENGLISH,
    "en_GB": _BRITISH,
    "en_IE": _BRITISH,
    "de": _GERMAN,
    "de_CH": {
        "tax": "MWST {rate} auf {base}",
        "tax_id": "UID/MWST-Nr.",
        "tax_on_it": "MWST {rate} darauf: {amount}",
        "column_tax": "MWST",
        "untaxed": "Ohne MWST auf {base}",
        "includes_tax": "Der Preis enthält die MWST.",
    },
}
"""Locale or language → its words. A word with a bar has a singular and a plural."""


class Words:
    """Looks words up for one document.

    >>> Words("de_AT", {"net": "Summe netto"})("net"), Words("fr")("net")
    ('Summe netto', 'Net')

    Attributes:
        language: of the words, as HTML names it; that of the locale where the host has texts.
    """

    __slots__ = ("_tables", "language")

    def __init__(self, locale: str, texts: Mapping[str, str] | None = None) -> None:
        tables = [texts, WORDS.get(locale), WORDS.get(locale.partition("_")[0]), _ENGLISH]
        self._tables = [table for table in tables if table]
        is_known = bool(texts) or locale.partition("_")[0] in WORDS
        self.language: str = locale.replace("_", "-") if is_known else "en"

    def __call__(self, name: str, **values: str) -> str:
        """Give a word, its placeholders filled in."""
        word = self.find(name) or ""
        for placeholder, value in values.items():
            word = word.replace(f"{{{placeholder}}}", value)
        return word

    def find(self, name: str) -> str | None:
        """Give a word as it stands in a table, None if no table has it."""
        return next((table[name] for table in self._tables if name in table), None)

    def counted(self, name: str, fallback: str, *, is_one: bool) -> str:
        """Give a unit in its singular or plural."""
        word = self.find(name)
        one, _, many = (fallback if word is None else word).partition("|")
        return one if is_one or not many else many

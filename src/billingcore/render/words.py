"""The words of a document, by language: a plain table that a host chains its own in front of.

A word is looked up in the host's texts, then for the locale (``en_GB``), then for its language
(``en``), and at last in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billingcore.invoices.kinds import InvoiceKind
from billingcore.records.pricing import PHRASES

__all__ = ["WORDS", "Words"]

_ENGLISH: Final = {
    InvoiceKind.STANDARD.value: "Invoice",
    InvoiceKind.CREDIT.value: "Credit note",
    InvoiceKind.CANCELLATION.value: "Cancellation",
    f"{InvoiceKind.STANDARD.value}_of": "Takes back",
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
    "category_AE": "Reverse charge: the recipient is liable for the tax.",
    "category_E": "Exempt from tax.",
    "category_G": "Tax-free export.",
    "category_K": "Tax-free intra-community supply.",
    "payable_by": "Please pay {amount} by {date}.",
    "payable_at_once": "Please pay {amount} on receipt.",
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
    InvoiceKind.CREDIT.value: "Gutschrift",
    InvoiceKind.CANCELLATION.value: "Stornorechnung",
    f"{InvoiceKind.STANDARD.value}_of": "Nimmt zurück",
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
    "category_AE": "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
    "category_E": "Steuerfrei.",
    "category_G": "Steuerfreie Ausfuhrlieferung.",
    "category_K": "Steuerfreie innergemeinschaftliche Lieferung.",
    "payable_by": "Bitte zahlen Sie {amount} bis zum {date}.",
    "payable_at_once": "Bitte zahlen Sie {amount} sofort nach Erhalt.",
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

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _ENGLISH,
    "en_GB": {"tax": "VAT {rate} on {base}", "in_your_favor": "In your favour"},
    "en_IE": {"tax": "VAT {rate} on {base}", "in_your_favor": "In your favour"},
    "de": _GERMAN,
    "de_CH": {
        "tax": "MWST {rate} auf {base}",
        "tax_id": "UID/MWST-Nr.",
        "untaxed": "Ohne MWST auf {base}",
        "includes_tax": "Der Preis enthält die MWST.",
    },
}
"""Locale or language → its words. A word with a bar has a singular and a plural."""


class Words:
    """Looks words up for one document.

    >>> Words("de_AT", {"net": "Summe netto"})("net"), Words("fr")("net")
    ('Summe netto', 'Net')
    """

    __slots__ = ("_tables",)

    def __init__(self, locale: str, texts: Mapping[str, str] | None = None) -> None:
        tables = [texts, WORDS.get(locale), WORDS.get(locale.partition("_")[0]), _ENGLISH]
        self._tables = [table for table in tables if table]

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

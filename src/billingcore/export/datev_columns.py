"""The columns of a DATEV file, version 13, and how their cells are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from billingcore.export.texts import in_windows_1252, on_one_line, told_apart
from billingcore.values.context import EXACT

__all__ = ["COLUMNS", "COLUMN_LINE", "comma", "document_field", "free_text", "row_of"]


def _numbered(names: tuple[str, str], count: int) -> list[str]:
    return [f"{name} {number}" for number in range(1, count + 1) for name in names]


COLUMNS: Final = (
    *("Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs"),
    *("Basis-Umsatz", "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)"),
    *("BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext"),
    *("Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt"),
    *("Zinssperre", "Beleglink"),
    *_numbered(("Beleginfo - Art", "Beleginfo - Inhalt"), 8),
    *("KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge"),
    *("EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart"),
    *("Sachverhalt L+L", "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp"),
    *("BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung"),
    *_numbered(("Zusatzinformation - Art", "Zusatzinformation- Inhalt"), 20),
    *("Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr"),
    *("Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp"),
    *("USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)"),
    *("EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID"),
    *("KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername"),
    *("Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer", "Postensperre bis"),
    *("Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung"),
    *("Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)"),
    *("Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position"),
    *("EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto"),
)
"""The names of the 125 columns, by which programs recognize the version."""

COLUMN_LINE: Final = ";".join(COLUMNS)

_TEXTS: Final = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, 20, *range(21, 39), 40, 42, *range(48, 88), 91, 95, 96, 98}
    | {102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123}
)
"""Numbers of the columns whose cells stand in quotation marks, also if they are empty."""

_BLANK: Final = dict.fromkeys(COLUMNS, "")
_IS_TEXT: Final = [number in _TEXTS for number in range(1, len(COLUMNS) + 1)]

_CENT: Final = Decimal("0.01")
_FORMULA: Final = "=+-@ "
_STRANGE: Final = re.compile(r"[^\w$%&*+/-]", re.ASCII)
_LONGEST_FIELD: Final = 36


def row_of(cells: Mapping[str, str]) -> str:
    """Write a row: the cells of some columns; the others are empty."""
    every = zip({**_BLANK, **cells}.values(), _IS_TEXT, strict=True)
    return ";".join(_quoted(cell) if is_text else cell for cell, is_text in every)


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def comma(amount: Decimal, step: Decimal = _CENT) -> str:
    """Write a number with a decimal comma, to a number of digits.

    >>> comma(Decimal("1190"))
    '1190,00'
    """
    return f"{amount.quantize(step, context=EXACT):f}".replace(".", ",")


def free_text(text: str, longest: int) -> str:
    """Write text of a customer: one line of Windows-1252, cut, and never a formula.

    >>> free_text("=SUM(A1)\\nGmbH", 60)
    'SUM(A1) GmbH'
    """
    return in_windows_1252(on_one_line(text)).lstrip(_FORMULA)[:longest].rstrip()


def document_field(text: str) -> str:
    """Write a document's number as Belegfeld 1: letters without marks, digits and ``_$%&*+/-``.

    A number that had to be changed gets a digest of it, so that two never become one.

    >>> document_field("2026-00001"), document_field("RE 1")
    ('2026-00001', 'RE-1-ddb8f3fb40f04363')
    """
    return told_apart(text, _STRANGE.sub("-", text).lstrip(_FORMULA), _LONGEST_FIELD)

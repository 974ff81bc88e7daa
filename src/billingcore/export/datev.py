"""Journal entries as a batch of bookings for DATEV: EXTF, version 700, category 21, format 13."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from billingcore.errors import BillingProblemsError, InvalidInputError
from billingcore.export.balances import in_order
from billingcore.export.datev_checks import (
    BASE,
    RATE_STEP,
    BatchRules,
    center_of,
    quoted,
    rules_of,
    wrong,
)
from billingcore.export.datev_columns import COLUMN_LINE, comma, document_field, free_text, row_of
from billingcore.export.datev_header import DatevHeader
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.ports import ExchangeRates
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.exchange import ExchangeRate
from billingcore.values.boundary import Boundary

__all__ = ["datev"]

_NO_KEYS: Final[Mapping[str, str]] = MappingProxyType({})
_MOST_ROWS: Final = 99_999
_LONGEST_TEXT: Final = 60
_FLAGS: Final = {Side.DEBIT: "S", Side.CREDIT: "H"}
_VAT_ID: Final = re.compile(
    "(?:AT|BE|BG|CY|CZ|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
    "[0-9A-Z+*]{2,13}",
    re.ASCII,
)
"""Of customers in the other states of the European Union."""


def datev(
    entries: Iterable[JournalEntry],
    accounting: Accounting,
    header: DatevHeader,
    *,
    tax_keys: Mapping[str, str] = _NO_KEYS,
    rates: ExchangeRates | None = None,
) -> str:
    r"""Write journal entries as a batch of bookings in the DATEV format, a row for each detail.

    Write it with ``.encode("cp1252")`` into a file named like ``EXTF_2026-01.csv``, as bytes, since
    its lines end with ``\r\n`` already. What Windows-1252 does not have is replaced: a Latin letter
    with a mark by the letter, anything else by its Unicode name in braces.

    In every row Konto is the account on the other side, often the customer's. A row of an entry
    that undoes another is a Generalumkehr. Text is cut to 60 characters. An entry without an account
    that was undone is left out if what undid it is given, too, whatever its day, and so is that.

    Args:
        entries: in any order; they are written by date.
        accounting: whose chart says which accounts work out tax by themselves.
        header: whose books, which fiscal year, and which days.
        tax_keys: tax code → BU-Schlüssel, for gross amounts on accounts that are not automatic.
        rates: what other currencies are worth in euros, by the day of the document; each row is
            rounded by itself.

    Raises:
        BillingProblemsError: entries that do not fit, one inner `InvalidInputError` for each
            mistake: a day outside the header's, no account or none that DATEV takes, an amount
            that it cannot hold, tax that would be worked out twice or never.
        InvalidInputError: something else than journal entries, or too many for a file.
    """
    read = Boundary("export.datev")
    read.instance("header", header, DatevHeader)
    read.instance("accounting", accounting, Accounting)
    journal = _without_gaps(in_order("export.datev", entries))
    rules = rules_of(header, accounting, tax_keys, rates)
    count = sum(len(entry.details) for entry in journal)
    if count > _MOST_ROWS:
        fix = f"make files of up to {_MOST_ROWS} rows, like one for each month"
        raise read.refuse("entries", count, "too many rows", fix)
    errors: list[InvalidInputError] = [error for entry in journal for error in wrong(rules, entry)]
    if errors:
        raise BillingProblemsError(f"entries that do not fit into the file: {len(errors)}", errors)
    rows = [row for entry in journal for row in _rows(rules, entry)]
    return "".join(f"{line}\r\n" for line in (header.line, COLUMN_LINE, *rows))


def _without_gaps(journal: list[JournalEntry]) -> list[JournalEntry]:
    """Leave out entries without an account that were undone, together with what undid them."""
    undone = {each.reverses for each in journal} & {each.id for each in journal if each.has_gap}
    return [each for each in journal if each.id not in undone and each.reverses not in undone]


def _rows(rules: BatchRules, entry: JournalEntry) -> Iterator[str]:
    rate = rules.rate(entry)
    for detail in entry.details:
        yield _row(rules, entry, detail, rate)


def _row(
    rules: BatchRules, entry: JournalEntry, detail: JournalLine, rate: ExchangeRate | None
) -> str:
    undoes = bool(entry.reverses)
    side = detail.side if undoes else detail.side.other
    text = ", ".join(part for part in (entry.name, entry.text) if part)
    cells = {
        "Umsatz (ohne Soll/Haben-Kz)": comma(detail.amount),
        "Soll/Haben-Kennzeichen": _FLAGS[side],
        "WKZ Umsatz": entry.currency,
        **_in_base(detail.amount, rate),
        "Konto": detail.contra,
        "Gegenkonto (ohne BU-Schlüssel)": detail.account,
        "BU-Schlüssel": rules.tax_key(entry, detail),
        "Belegdatum": f"{entry.date:%d%m}",
        "Belegfeld 1": document_field(entry.document or entry.source.partition("/")[2]),
        "Buchungstext": free_text(text, _LONGEST_TEXT),
        "KOST1 - Kostenstelle": center_of(detail.center),
        "KOST2 - Kostenstelle": center_of(detail.cost_object),
        "EU-Land u. UStID (Bestimmung)": _vat_id(entry, detail),
        "Festschreibung": str(int(rules.header.is_final)),
        "Generalumkehr (GU)": str(int(undoes)),
    }
    return row_of(cells)


def _in_base(amount: Decimal, rate: ExchangeRate | None) -> dict[str, str]:
    """Write what an amount of another currency is worth in euros, and by which rate."""
    if rate is None:
        return {}
    return {
        "Kurs": comma(quoted(rate), RATE_STEP),
        "Basis-Umsatz": comma(rate.convert(amount)),
        "WKZ Basis-Umsatz": BASE,
    }


def _vat_id(entry: JournalEntry, detail: JournalLine) -> str:
    given = entry.tax_id.replace(" ", "")
    is_abroad = detail.type is EntryType.REVENUE and _VAT_ID.fullmatch(given)
    return given if is_abroad else ""

"""What DATEV cannot take, or would book otherwise than the journal: refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.export.datev_header import DatevHeader
from billingcore.export.texts import in_windows_1252, on_one_line
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.ports import ExchangeRates
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.exchange import ExchangeRate, ask_rate
from billingcore.values.context import EXACT

__all__ = ["BASE", "RATE_STEP", "BatchRules", "center_of", "quoted", "rules_of", "wrong"]

BASE: Final = "EUR"
_CENT: Final = Decimal("0.01")
RATE_STEP: Final = Decimal("0.000001")

_GROSS: Final = frozenset(
    {
        EntryType.REVENUE,
        EntryType.GRANT,
        EntryType.WRITE_OFF,
        EntryType.CASH_DISCOUNT,
        EntryType.DUNNING_FEE,
        EntryType.PROVIDER_FEE,
        EntryType.INTERIM_PAYMENT,
        EntryType.INTERIM_PAYMENT_CLEARING,
    }
)
"""What can hold its tax, if the entry does not book it by itself."""

_ADVANCES: Final = frozenset(
    {
        EntryType.INTERIM_REVENUE,
        EntryType.INTERIM_PAYMENT,
        EntryType.INTERIM_TAX,
        EntryType.INTERIM_PAYMENT_CLEARING,
    }
)
"""What may stand on an automatic account without its tax, which is suppressed then."""

_SUPPRESSED: Final = "0040"
"""The key for a row in which an automatic account works out no tax (Aufhebung der Automatik)."""

_TAXES: Final = frozenset({EntryType.TAX, EntryType.INTERIM_TAX})
_OTHER_MONTHS: Final = frozenset({EntryType.DEFERRED, EntryType.UNBILLED_REVENUE})
_NUMBER: Final = re.compile("[0-9]+", re.ASCII)
_KEY: Final = re.compile("[0-9]{1,4}", re.ASCII)
_LARGEST: Final = Decimal(10**10)
_LARGEST_RATE: Final = Decimal(10**5)
_LONGEST__CENTER: Final = 36


@frozen
class BatchRules:
    """What the rows of a file are made by.

    Attributes:
        header: whose books, and which days.
        automatic: numbers of the accounts that work out tax by themselves.
        other_months: numbers of the accounts of deferred and unbilled revenue.
        tax_keys: tax code → BU-Schlüssel of four digits.
        rates: what currencies are worth in euros; None if that is not known.
    """

    header: DatevHeader
    automatic: frozenset[str]
    other_months: frozenset[str]
    tax_keys: Mapping[str, str]
    rates: ExchangeRates | None

    def holds_tax(self, entry: JournalEntry, detail: JournalLine) -> bool:
        """Tell whether an amount is gross: its tax is not booked, here or in another month."""
        return (
            detail.type in _GROSS
            and not {detail.account, detail.contra} & self.other_months
            and not (detail.type in _ADVANCES and detail.contra in self.automatic)
            and not any(
                each.type in _TAXES and each.tax_code == detail.tax_code for each in entry.details
            )
        )

    def is_automatic(self, detail: JournalLine) -> bool:
        """Tell whether one of the accounts works out tax by itself."""
        return not self.automatic.isdisjoint((detail.account, detail.contra))

    def is_suppressed(self, entry: JournalEntry, detail: JournalLine) -> bool:
        """Tell whether the account of an advance must not work out tax, though it would."""
        return (
            detail.type in _ADVANCES
            and detail.account in self.automatic
            and detail.contra not in self.automatic
            and not self.holds_tax(entry, detail)
        )

    def tax_key(self, entry: JournalEntry, detail: JournalLine) -> str:
        """Give the key by which DATEV works out the tax of an amount, or none; empty if it need not."""
        if self.is_suppressed(entry, detail):
            return _SUPPRESSED
        if self.is_automatic(detail) or not self.holds_tax(entry, detail):
            return ""
        return self.tax_keys.get(detail.tax_code, "")

    def rate(self, entry: JournalEntry) -> ExchangeRate | None:
        """Give the rate of an entry's currency on the day of its document; None for euros.

        Raises:
            InvalidInputError: there is none.
        """
        if entry.currency == BASE:
            return None
        if self.rates is None:
            fix = "give rates=ExchangeTable([...])"
            raise refused(entry, "currency", entry.currency, f"not in {BASE}", fix)
        try:
            found = ask_rate(self.rates, entry.currency, BASE, entry.document_date)
        except InvalidInputError as error:
            error.value = entry.currency
            raise error.at(_record(entry), "currency") from None
        if not RATE_STEP <= quoted(found) < _LARGEST_RATE:
            fix = "book it in euros"
            raise refused(entry, "currency", entry.currency, f"no rate for DATEV: {found}", fix)
        return found


def quoted(rate: ExchangeRate) -> Decimal:
    """Give a rate as DATEV writes it: how much of the other currency is one euro, to 6 digits."""
    inverse = EXACT.divide(Decimal(rate.units), rate.rate)
    return inverse.quantize(RATE_STEP, context=EXACT)


def rules_of(
    header: DatevHeader,
    accounting: Accounting,
    tax_keys: Mapping[str, str],
    rates: ExchangeRates | None,
) -> BatchRules:
    """Gather what the rows are made by.

    Raises:
        InvalidInputError: a tax key has other characters than one to four digits.
    """
    for code, key in tax_keys.items():
        if not _KEY.fullmatch(key):
            fix = f"write one to four digits, like {{{code!r}: '9'}}"
            raise InvalidInputError("no BU-Schlüssel", field="tax_keys", value=key, fix=fix)
    return BatchRules(
        header,
        frozenset(each.number for each in accounting.chart if each.is_automatic),
        frozenset(each.account for each in accounting.collective if each.type in _OTHER_MONTHS),
        {code: key.zfill(4) for code, key in tax_keys.items()},
        rates,
    )


def wrong(rules: BatchRules, entry: JournalEntry) -> Iterator[InvalidInputError]:
    """Find everything that keeps an entry out of the file."""
    header = rules.header
    if not header.first <= entry.date <= header.last:
        rule = f"not from {header.first} to {header.last}"
        yield refused(entry, "date", entry.date, rule, "put it into the file of its days")
    rate: ExchangeRate | None = None
    try:
        rate = rules.rate(entry)
    except InvalidInputError as error:
        yield error
    for detail in entry.details:
        yield from _wrong_accounts(header.account_length, entry, detail)
        yield from _wrong_amount(entry, detail.amount, rate)
        yield from _wrong_tax(rules, entry, detail)
        yield from _wrong_centers(entry, detail)


def _wrong_accounts(
    length: int, entry: JournalEntry, detail: JournalLine
) -> Iterator[InvalidInputError]:
    for field, number in (("account", detail.account), ("contra", detail.contra)):
        if not number:
            rule = f"no account was found for {detail.type.value}"
            fix = "add a rule or a collective account, and book again: see book_documents"
            yield refused(entry, field, number, rule, fix)
        elif not _NUMBER.fullmatch(number) or len(number) > length + 1:
            fix = f"use digits: up to {length} for the general ledger, {length + 1} for customers"
            yield refused(entry, field, number, "no number of an account for DATEV", fix)


def _wrong_amount(
    entry: JournalEntry, amount: Decimal, rate: ExchangeRate | None
) -> Iterator[InvalidInputError]:
    if amount >= _LARGEST or amount != amount.quantize(_CENT, context=EXACT):
        fix = "book it in parts, or in a currency of cents"
        yield refused(entry, "amount", amount, "not up to 10 digits and 2 after the comma", fix)
    elif (
        rate is not None
        and not _CENT <= rate.convert(amount).quantize(_CENT, context=EXACT) < _LARGEST
    ):
        yield refused(entry, "amount", amount, f"no amount of {BASE} at {rate}", "check the rate")


def _wrong_tax(
    rules: BatchRules, entry: JournalEntry, detail: JournalLine
) -> Iterator[InvalidInputError]:
    is_automatic, holds_tax = rules.is_automatic(detail), rules.holds_tax(entry, detail)
    if is_automatic and not holds_tax and not rules.is_suppressed(entry, detail):
        number = detail.account if detail.account in rules.automatic else detail.contra
        rule = f"the account works out tax by itself, and {detail.type.value} is booked without it"
        fix = "choose an account that is not automatic, or book in gross values"
        yield refused(entry, "account", number, rule, fix)
    is_taxed = holds_tax and bool(detail.tax_rate)
    if is_taxed and _is_split(entry, detail):
        rule = "a part of it is deferred, so DATEV would work out the tax of the rest only"
        fix = "book deferred revenue with its tax by itself, not in gross values"
        yield refused(entry, "amount", detail.amount, rule, fix)
    elif is_taxed and not is_automatic and detail.tax_code not in rules.tax_keys:
        rule = "the tax in the amount would be lost"
        fix = f"give its key, tax_keys={{{detail.tax_code!r}: ...}}, or use an automatic account"
        yield refused(entry, "tax_code", detail.tax_code, rule, fix)


def _is_split(entry: JournalEntry, detail: JournalLine) -> bool:
    """Tell whether revenue with the same tax is deferred by the same entry."""
    return any(
        each.type is EntryType.DEFERRED and each.tax_code == detail.tax_code
        for each in entry.details
    )


def _wrong_centers(entry: JournalEntry, detail: JournalLine) -> Iterator[InvalidInputError]:
    for field, center in (("center", detail.center), ("cost_object", detail.cost_object)):
        length = len(center_of(center))
        if length > _LONGEST__CENTER:
            rule = f"longer than {_LONGEST__CENTER} characters: {length} in Windows-1252"
            yield refused(entry, field, center, rule, "use a shorter name")


def center_of(text: str) -> str:
    """Write a cost center or cost object."""
    return in_windows_1252(on_one_line(text))


def refused(
    entry: JournalEntry, field: str, value: object, rule: str, fix: str
) -> InvalidInputError:
    """Name what is wrong in an entry."""
    return InvalidInputError(rule, record=_record(entry), field=field, value=value, fix=fix)


def _record(entry: JournalEntry) -> str:
    return f"JournalEntry {entry.id!r}"

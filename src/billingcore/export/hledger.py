"""Journal entries as a file that hledger and ledger read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from billingcore.export.balances import Balance, by_day, in_order, plain
from billingcore.export.facts import Facts, facts_of_entry, facts_of_line
from billingcore.export.naming import account_names
from billingcore.export.texts import on_one_line
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.values.boundary import Boundary
from billingcore.values.context import ZERO

__all__ = ["hledger"]

_SPECIAL: Final = str.maketrans(dict.fromkeys(";|[](),", " "))
"""What begins a comment, a note, a date, a code, or another tag."""

_MARKS: Final = "*!= "
_LONGEST: Final = 300  # ledger takes lines of 4096 bytes
_ENTRY_TAGS: Final = ("entry", "document", "period", "reverses")
_LINE_TAGS: Final = ("tax-code", "center", "cost-object", "clears")


def hledger(
    entries: Iterable[JournalEntry], accounting: Accounting, *, assertions: Iterable[Balance] = ()
) -> str:
    """Write journal entries as a file that both hledger and ledger read, also strictly.

    Every account, currency and tag that is used is declared. Every entry is a transaction: the
    document's number as its code, the customer and the text, cut to 300 characters each and
    without characters that have a meaning there, and the ids as tags. Amounts keep all their
    digits.

    Args:
        entries: in any order; they are written by date.
        accounting: whose chart names the accounts.
        assertions: balances that both programs have to check, like those of `balances`.

    Raises:
        InvalidInputError: something else than journal entries or balances.
    """
    caller = "export.hledger"
    Boundary(caller).instance("accounting", accounting, Accounting)
    journal = in_order(caller, entries)
    days = list(by_day(caller, assertions))
    asserted = [each for _, listed in days for each in listed]
    names = account_names(accounting, journal, asserted)
    dated = [(entry.date, 0, [*_transaction(entry, names)]) for entry in journal]
    dated += [(day, 1, [*_assertion(day, listed, names)]) for day, listed in days]
    dated.sort(key=lambda each: each[:2])
    blocks = [
        [*_currencies(journal, asserted)],
        [f"tag {name}" for name in (*_ENTRY_TAGS, *_LINE_TAGS)],
        [f"account {name}" for name in names.values()],
        *(block for _, _, block in dated),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _currencies(journal: Sequence[JournalEntry], asserted: Sequence[Balance]) -> Iterator[str]:
    """Declare the currencies, with as many digits as any amount has: hledger balances by them."""
    digits: dict[str, int] = {}
    amounts = [(each.currency, each.amount) for each in asserted]
    amounts += [(entry.currency, line.amount) for entry in journal for line in entry.lines]
    for currency, amount in amounts:
        _, _, fraction = plain(amount, currency).partition(".")
        digits[currency] = max(digits.get(currency, 1), len(fraction))
    for currency in sorted(digits):
        yield f"commodity {currency}"
        yield f"    format 1000.{'0' * digits[currency]} {currency}"


def _transaction(entry: JournalEntry, names: dict[str, str]) -> Iterator[str]:
    code = f"({_clean(entry.document)}) " if _clean(entry.document) else ""
    told = (_clean(entry.name), _clean(entry.text or entry.source))
    said = " | ".join(part for part in told if part)
    yield f"{entry.date} * {code}{said}"
    yield from _tags(facts_of_entry(entry))
    for line in entry.lines:
        yield from _posting(line, entry.currency, names)


def _posting(line: JournalLine, currency: str, names: dict[str, str]) -> Iterator[str]:
    yield f"    {names[line.account]}  {plain(line.signed, currency)} {currency}"
    yield from _tags(facts_of_line(line))


def _tags(facts: Facts) -> Iterator[str]:
    for name, value in facts:
        if _clean(value):
            yield f"    ; {name}: {_clean(value)}"


def _assertion(day: dt.date, listed: Sequence[Balance], names: dict[str, str]) -> Iterator[str]:
    yield f"{day} * balances"
    for each in listed:
        nothing, amount = plain(ZERO, each.currency), plain(each.amount, each.currency)
        yield (f"    {names[each.account]}  {nothing} {each.currency} = {amount} {each.currency}")


def _clean(text: str) -> str:
    """Leave out what has a meaning in a journal."""
    return on_one_line(on_one_line(text).translate(_SPECIAL).lstrip(_MARKS))[:_LONGEST].rstrip()

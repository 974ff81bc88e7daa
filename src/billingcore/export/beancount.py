"""Journal entries as a file of beancount 3."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from billingcore.export.balances import Balance, by_day, in_order, plain
from billingcore.export.facts import Facts, facts_of_entry, facts_of_line
from billingcore.export.naming import account_names
from billingcore.export.texts import escaped, told_apart
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import ONE_DAY

__all__ = ["beancount"]

_EXACT: Final = 'option "tolerance_multiplier" "0"'
"""Without it, beancount takes half a cent for nothing."""

_STRANGE: Final = re.compile(r"[^A-Za-z0-9_./-]", re.ASCII)
_LONGEST_LINK: Final = 100


def beancount(
    entries: Iterable[JournalEntry], accounting: Accounting, *, assertions: Iterable[Balance] = ()
) -> str:
    """Write journal entries as a file of beancount 3, the whole journal at once.

    Every account that is booked is opened on its first day, with its currencies. Every entry is a
    transaction with a link to its document, and with the ids of both. Amounts keep all their
    digits, and beancount is told to tolerate no difference.

    Args:
        entries: in any order; they are written by date.
        accounting: whose chart names the accounts.
        assertions: balances that beancount has to check, like those of `balances`.

    Raises:
        InvalidInputError: something else than journal entries or balances.
    """
    caller = "export.beancount"
    Boundary(caller).instance("accounting", accounting, Accounting)
    journal = in_order(caller, entries)
    days = list(by_day(caller, assertions))
    asserted = [each for _, listed in days for each in listed]
    names = account_names(accounting, journal, asserted)
    blocks = [[_EXACT], [*_openings(journal, asserted, names)]]
    blocks += [[*_transaction(entry, names)] for entry in journal]
    blocks += [[_assertion(each, names) for each in listed] for _, listed in days]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _openings(
    journal: Sequence[JournalEntry], asserted: Sequence[Balance], names: dict[str, str]
) -> Iterator[str]:
    first: dict[str, dt.date] = {}
    currencies: dict[str, set[str]] = {}
    seen = [(each.account, each.date, each.currency) for each in asserted]
    seen += [
        (line.account, entry.date, entry.currency) for entry in journal for line in entry.lines
    ]
    for number, day, currency in seen:
        first[number] = min(first.get(number, day), day)
        currencies.setdefault(number, set()).add(currency)
    for number, name in names.items():
        yield f"{first[number]} open {name} {','.join(sorted(currencies[number]))}"


def _transaction(entry: JournalEntry, names: dict[str, str]) -> Iterator[str]:
    payee = f"{escaped(entry.name)} " if entry.name else ""
    shown = _STRANGE.sub("-", entry.document or entry.source)
    link = told_apart(entry.document or entry.source, shown, _LONGEST_LINK)
    yield f"{entry.date} * {payee}{escaped(entry.text or entry.source)} ^{link}"
    yield from _shown(2, facts_of_entry(entry))
    for line in entry.lines:
        yield from _posting(line, entry.currency, names)


def _posting(line: JournalLine, currency: str, names: dict[str, str]) -> Iterator[str]:
    yield f"  {names[line.account]}  {plain(line.signed, currency)} {currency}"
    yield from _shown(4, facts_of_line(line))


def _shown(indent: int, facts: Facts) -> Iterator[str]:
    for key, value in facts:
        if value:
            yield f"{' ' * indent}{key}: {escaped(value)}"


def _assertion(each: Balance, names: dict[str, str]) -> str:
    """Assert a balance at the end of a day: beancount looks at the beginning of one."""
    amount = plain(each.amount, each.currency)
    return f"{each.date + ONE_DAY} balance {names[each.account]} {amount} {each.currency}"

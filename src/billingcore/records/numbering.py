"""Patterns of invoice numbers, and the counters behind them.

A pattern is text with placeholders: ``[Year]``, ``[Month]``, ``[Day]`` and ``[AccountNo]`` are filled
from the document, ``{00000}`` is the counter with at least as many digits. A counter may start
anew each year, month or day, and may be kept per account; the pattern must then show that year,
month, day or account, else two documents would get one number. Numbers that another system gave
can be gone on from.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from attrs import field, frozen

from billingcore.values.boundary import Boundary
from billingcore.values.keys import escape
from billingcore.values.memo import Memo
from billingcore.values.sealing import fill

__all__ = ["Counter", "NumberPattern", "Reset", "SkippedNumber"]


class Reset(Enum):
    """When a counter starts anew; the value names the placeholders that must then be shown."""

    NONE = ()
    YEARLY = ("[Year]",)
    MONTHLY = ("[Year]", "[Month]")
    DAILY = ("[Year]", "[Month]", "[Day]")


@frozen
class Counter:
    """One row of numbers that a store counts up, without gaps.

    Attributes:
        name: which row, like ``[Year]-{00000}#2026``.
        start: what was counted before the first: the first number is start + 1.
    """

    name: str
    start: int


@frozen
class SkippedNumber:
    """A number that no document has, and why: what an auditor asks for.

    Attributes:
        number: the number.
        date: when it was skipped.
        reason: why.
    """

    number: str
    date: dt.date
    reason: str


_COUNTER: Final = re.compile(r"\{(0+)\}")
_DATE_PARTS: Final[dict[str, Callable[[date], str]]] = {
    "[Year]": lambda day: f"{day.year:04}",
    "[Month]": lambda day: f"{day.month:02}",
    "[Day]": lambda day: f"{day.day:02}",
}
_ACCOUNT: Final = "[AccountNo]"
_SHOWN: Final = {
    "[Year]": "[0-9]{4}",
    "[Month]": "0[1-9]|1[0-2]",
    "[Day]": "0[1-9]|[12][0-9]|3[01]",
    _ACCOUNT: ".+",
}
"""Placeholder → what can stand in its place, as a regular expression."""
_PIECES: Final = re.compile(r"(\[[^\]]*\]|\{0+\})")
_ADJOINING: Final = re.compile(r"\[AccountNo\]\{|\}\[AccountNo\]")
_BRACKETED: Final = re.compile(r"\[[^\]]*\]")


class _Form(NamedTuple):
    """A pattern on one day: its counter, and what stands before and after the digits.

    It also says whether that shows the account.
    """

    counter: Counter
    before: str
    width: int
    after: str
    shows_account: bool


@frozen(init=False)
class NumberPattern:
    """How a series of documents is numbered.

    >>> series = NumberPattern("RE-[Year]-{0000}", reset=Reset.YEARLY)
    >>> series.number(7, date(2026, 2, 1), account="acme")
    'RE-2026-0007'

    Attributes:
        pattern: text with placeholders and exactly one counter.
        reset: when the counter starts anew.
        start: the number before the first one; counts anew from it after each reset.
        per_account: whether each account has a counter of its own.
        after: the last numbers that another system gave, one for each counter that goes on from
            there; all others begin at `start`.

    Raises:
        InvalidInputError: no counter, an unknown placeholder, or one that a reset needs is missing;
            a number to go on from is none of this pattern, or two are of one counter.
    """

    pattern: str
    reset: Reset
    start: int
    per_account: bool
    after: tuple[str, ...]
    _counted: Mapping[str, int] = field(init=False, eq=False, repr=False)
    _forms: Memo[date, _Form] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        pattern: str,
        *,
        reset: Reset = Reset.NONE,
        start: int = 0,
        per_account: bool = False,
        after: Iterable[str] = (),
    ) -> None:
        read = Boundary("NumberPattern")
        fill(
            self,
            pattern=read.id("pattern", pattern),
            reset=read.member("reset", reset, Reset),
            start=read.count("start", start, most=10**12),
            per_account=read.flag("per_account", per_account),
            _forms=Memo[date, _Form](),
        )
        self._check(read)
        fill(self, after=_numbers(read, after))
        fill(self, _counted=self._count(read))

    def _check(self, read: Boundary) -> None:
        """Refuse a pattern by which two documents could get one number."""
        if len(_COUNTER.findall(self.pattern)) != 1:
            fix = "write one counter like {00000}"
            raise read.refuse("pattern", self.pattern, "not exactly one counter", fix)
        known = {*_DATE_PARTS, _ACCOUNT}
        unknown = [part for part in _BRACKETED.findall(self.pattern) if part not in known]
        if unknown:
            fix = "use " + ", ".join(sorted(known))
            raise read.refuse("pattern", self.pattern, f"unknown placeholder {unknown[0]}", fix)
        needed = (*self.reset.value, *((_ACCOUNT,) if self.per_account else ()))
        missing = [part for part in needed if part not in self.pattern]
        if missing:
            fix = f"add {', '.join(missing)}, or number without this reset"
            raise read.refuse("pattern", self.pattern, "the same number would come again", fix)
        if self.per_account and _ADJOINING.search(self.pattern):
            fix = "write something between [AccountNo] and the counter, like a dash"
            raise read.refuse(
                "pattern", self.pattern, "account and counter would run together", fix
            )

    def _count(self, read: Boundary) -> dict[str, int]:
        """Find out which counters the numbers to go on from are of, and how far these were."""
        counted: dict[str, int] = {}
        for number in self.after:
            found = _shape(self.pattern).fullmatch(number)
            if found is None:
                fix = f"give the last number that was made by {self.pattern}"
                raise read.refuse("after", number, "no number of this pattern", fix)
            scope = "-".join(found[part[1:-1]] for part in self.reset.value)
            name = f"{self.pattern}#{scope}"
            if self.per_account:
                name = f"{name}#{escape(found[_ACCOUNT[1:-1]])}"
            if name in counted:
                rule, fix = "another number is of the same counter", "give the last one only"
                raise read.refuse("after", number, rule, fix)
            counted[name] = int(found["count"])
        return counted

    @property
    def shows_account(self) -> bool:
        """Whether its numbers show the account."""
        return _ACCOUNT in self.pattern

    def counter(self, on: date, account: str) -> Counter:
        """Name the counter for a document of this day and account."""
        counter = self._on(on).counter
        if self.per_account:
            name = f"{counter.name}#{escape(account)}"
            return Counter(name, self._counted.get(name, self.start))
        return counter

    def number(self, count: int, on: date, account: str) -> str:
        """Write the number of the *count*-th document of its counter."""
        _, before, width, after, shows_account = self._forms.get(on) or self._on(on)
        if shows_account:
            before, after = before.replace(_ACCOUNT, account), after.replace(_ACCOUNT, account)
        return f"{before}{str(count).zfill(width)}{after}"  # a format costs twice as much

    def _on(self, day: date) -> _Form:
        """Fill in a day, once."""
        known = self._forms.get(day)
        if known is not None:
            return known
        text = self.pattern
        for part, write in _DATE_PARTS.items():
            text = text.replace(part, write(day))
        before, zeros, after = _COUNTER.split(text)
        scope = "-".join(_DATE_PARTS[part](day) for part in self.reset.value)
        name = f"{self.pattern}#{scope}"
        counter = Counter(name, self._counted.get(name, self.start))
        form = _Form(counter, before, len(zeros), after, self.shows_account)
        return self._forms.keep(day, form)


def _numbers(read: Boundary, given: Iterable[str]) -> tuple[str, ...]:
    """Read numbers; one text is no list of them."""
    if isinstance(given, str):
        raise read.refuse("after", given, "one text", f"use a list: [{given!r}]")
    return tuple(read.id("after", number) for number in given)


def _shape(pattern: str) -> re.Pattern[str]:
    """Give the regular expression of the numbers of a pattern."""
    known: set[str] = set()
    pieces: list[str] = []
    for piece in _PIECES.split(pattern):
        name = piece[1:-1]
        if piece in known:
            pieces.append(f"(?P={name})")
        elif piece in _SHOWN:
            pieces.append(f"(?P<{name}>{_SHOWN[piece]})")
            known.add(piece)
        elif _COUNTER.fullmatch(piece):
            longer = f"[1-9][0-9]{{{len(name)},}}"
            pieces.append(f"(?P<count>[0-9]{{{len(name)}}}|{longer})")
        else:
            pieces.append(re.escape(piece))
    return re.compile("".join(pieces))

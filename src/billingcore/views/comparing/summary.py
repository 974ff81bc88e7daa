"""The sums of a comparison, and what changes most; its size does not grow with the accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from heapq import heappush, heappushpop
from typing import Final, Generic, TypeVar

from attrs import define, field

from billingcore.runs.counts import counts_html, counts_text
from billingcore.scope.policy import Policy
from billingcore.views.comparing.differences import (
    NOTHING,
    AccountComparison,
    Amounts,
    Cause,
    Fate,
    LineComparison,
    TotalComparison,
)
from billingcore.views.table import Cell, html_table, text_table, without_empty

__all__ = ["KEEP", "Comparison"]

T = TypeVar("T")

KEEP: Final = 1000
"""How many of the biggest changes are listed per currency."""

SHOWN: Final = 20
"""How many of them are printed and drawn."""

_CAUSES: Final = tuple(Cause)


class _Biggest(Generic[T]):
    """Keeps the biggest of many, per currency; of equal ones the first."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._heaps: dict[str, list[tuple[Decimal, int, T]]] = {}
        self._count = 0

    def add(self, currency: str, difference: Amounts, value: T) -> None:
        """Offer one; the size of its gross amount counts."""
        self._count += 1
        entry = difference.gross.copy_abs(), -self._count, value
        heap = self._heaps.setdefault(currency, [])
        if len(heap) < self._keep:
            heappush(heap, entry)
        elif heap:
            heappushpop(heap, entry)

    def __iter__(self) -> Iterator[T]:
        for currency in sorted(self._heaps):
            yield from (value for *_, value in sorted(self._heaps[currency], reverse=True))


@define(eq=False)
class Comparison:
    """What changes between two sides: sums of all accounts, and the biggest changes.

    Sums and counts are complete. Of lines and accounts that changed, the *keep* biggest of each
    currency are listed, by gross amount.

    Attributes:
        keep: how many are listed per currency.
        accounts: accounts that were compared.
        changed_accounts: those of which anything differs.
        same: lines, or prices, that are the same.
        fates: how many became what.
        totals: currency → the documents before and after; never added.
        causes: (currency, cause) → how many lines it changes, and by how much.
        policies_before: by which the side before was billed.
        policies_after: the same after.
        problems: records that were wrong, before and after.
        notes: what else is to be known about it.
    """

    keep: int = KEEP
    accounts: int = 0
    changed_accounts: int = 0
    same: int = 0
    fates: Counter[Fate] = field(factory=Counter[Fate])
    totals: dict[str, TotalComparison] = field(factory=dict[str, TotalComparison])
    causes: dict[tuple[str, Cause], tuple[int, Amounts]] = field(
        factory=dict[tuple[str, Cause], tuple[int, Amounts]]
    )
    policies_before: list[Policy] = field(factory=list[Policy])
    policies_after: list[Policy] = field(factory=list[Policy])
    problems: tuple[int, int] = (0, 0)
    notes: list[str] = field(factory=list[str])
    _lines: _Biggest[LineComparison] = field(init=False, repr=False)
    _accounts: _Biggest[tuple[str, TotalComparison]] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._lines, self._accounts = _Biggest(self.keep), _Biggest(self.keep)

    def add(self, account: AccountComparison) -> None:
        """Count an account."""
        self.accounts += 1
        self.same += account.same
        for known, policies in zip(
            (self.policies_before, self.policies_after), account.policies, strict=True
        ):
            known += [each for each in policies if each not in known]
        before, after = account.problems
        self.problems = self.problems[0] + before, self.problems[1] + after
        for code, compared in account.totals.items():
            known_total = self.totals.get(code)
            self.totals[code] = compared if known_total is None else known_total.and_also(compared)
        if account.is_changed:
            self.changed_accounts += 1
            self._add_lines(account)

    def _add_lines(self, account: AccountComparison) -> None:
        for line in account.lines:
            self.fates[line.fate] += 1
            self._lines.add(line.currency, line.difference, line)
            for cause, amounts in line.impacts:
                count, sums = self.causes.get((line.currency, cause), (0, NOTHING))
                self.causes[line.currency, cause] = count + 1, sums.plus(amounts)
        for code in dict.fromkeys(line.currency for line in account.lines):
            compared = account.totals[code]
            self._accounts.add(code, compared.difference, (account.account, compared))

    @property
    def is_changed(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed_accounts)

    @property
    def lines(self) -> list[LineComparison]:
        """The biggest changes of lines, currency by currency, the biggest first."""
        return [*self._lines]

    def difference(self, currency: str) -> Amounts:
        """Give what changes in one currency; 0 if there is nothing in it."""
        found = self.totals.get(currency)
        return NOTHING if found is None else found.difference

    def impact(self, currency: str, cause: Cause) -> Amounts:
        """Give what one cause changes in one currency; 0 if nothing."""
        return self.causes.get((currency, cause), (0, NOTHING))[1]

    @property
    def switches(self) -> tuple[tuple[str, str, str], ...]:
        """The switches in which the policies differ, with both values.

        Empty if one of the sides was billed by several policies.
        """
        if len(self.policies_before) != 1 or len(self.policies_after) != 1:
            return ()
        return self.policies_before[0].differences(self.policies_after[0])

    def records(self) -> list[dict[str, object]]:
        """Give the listed lines as flat rows, for a table or a data frame; days are inclusive."""
        return [line.record_row() for line in self.lines]

    def records_of_causes(self) -> list[dict[str, object]]:
        """Give what each cause changes as flat rows, per currency; they add up to the difference."""
        return [
            {
                "currency": code,
                "cause": cause.value,
                "lines": count,
                "net": sums.net,
                "tax": sums.tax,
                "gross": sums.gross,
            }
            for (code, cause), (count, sums) in self._sorted_causes()
        ]

    def records_of_accounts(self) -> list[dict[str, object]]:
        """Give the listed accounts as flat rows, per currency, the biggest change first."""
        return [
            {
                "account": account,
                "currency": each.currency,
                "documents_before": each.before.documents,
                "documents_after": each.after.documents,
                "net_before": each.before.net,
                "net_after": each.after.net,
                "net": each.difference.net,
                "tax_before": each.before.tax,
                "tax_after": each.after.tax,
                "tax": each.difference.tax,
                "gross_before": each.before.gross,
                "gross_after": each.after.gross,
                "gross": each.difference.gross,
            }
            for account, each in self._accounts
        ]

    def _sorted_causes(self) -> list[tuple[tuple[str, Cause], tuple[int, Amounts]]]:
        """Give currencies in the order of their codes, and causes in that of the computation."""
        return sorted(self.causes.items(), key=lambda each: (each[0][0], _CAUSES.index(each[0][1])))

    def _title(self) -> str:
        names = [
            ", ".join(each.name for each in policies) or "nothing"
            for policies in (self.policies_before, self.policies_after)
        ]
        before, after = names
        return f"before: {before}; after: {after}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        """Yield which switches differ, what is counted, and what else is to be known."""
        yield from ((switch, f"{one} -> {other}") for switch, one, other in self.switches)
        yield "accounts", f"{self.accounts}, of which {self.changed_accounts} change"
        counts = [f"{fate.value} {self.fates[fate]}" for fate in Fate if self.fates[fate]]
        yield "lines", ", ".join([f"the same {self.same}", *counts])
        if any(self.problems):
            yield "problems", "before {}, after {}".format(*self.problems)
        yield from (("note", note) for note in self.notes)

    def _tables(self) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]:
        """Yield the tables that have rows: caption, head and rows."""
        yield "totals", _TOTALS, [row for each in self._totals() for row in each]
        causes: list[Sequence[Cell]] = [
            (cause.value, count, *sums, sums.gross, code)
            for (code, cause), (count, sums) in self._sorted_causes()
        ]
        yield "causes", _CAUSES_HEAD, causes
        accounts = self.records_of_accounts()
        names = ("account", "gross_before", "gross_after", "gross", "currency")
        rows = [[row[name] for name in names] for row in accounts[:SHOWN]]
        yield _caption("accounts", len(accounts)), _ACCOUNTS, rows
        lines = self.lines
        yield _caption("lines", len(lines)), *without_empty(_LINES, [*map(_row, lines[:SHOWN])])

    def _totals(self) -> Iterator[list[Sequence[Cell]]]:
        for code, each in sorted(self.totals.items()):
            one, other, difference = each.before, each.after, each.difference
            more = other.documents - one.documents
            yield [
                ("documents", one.documents, other.documents, more, code),
                ("net", one.net, other.net, difference.net, code),
                ("tax", one.tax, other.tax, difference.tax, code),
                ("gross", one.gross, other.gross, difference.gross, code),
            ]

    def __str__(self) -> str:
        parts = [counts_text(self._title(), self._facts())]
        for caption, head, rows in self._tables():
            if rows:
                parts += ["", caption, *text_table(head, rows)]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        told = counts_html(self._title(), self._facts())
        tables = (html_table(*table) for table in self._tables() if table[2])
        return "".join([told, *tables])

    def __repr__(self) -> str:
        counts = f"accounts {self.accounts}, changed {self.changed_accounts}"
        return f"<comparison: {counts}>"


_TOTALS: Final = ("amount", "before", "after", "difference", "currency")
_CAUSES_HEAD: Final = ("cause", "lines", "net", "tax", "gross", "currency")
_ACCOUNTS: Final = ("account", "gross before", "gross after", "difference", "currency")
_LINES: Final = (
    "account", "record", "first", "last", "line", "before", "after", "difference",
    "currency", "cause", "why",
)  # fmt: skip


def _caption(name: str, count: int) -> str:
    return f"{name}, the biggest {SHOWN} of {count} listed" if count > SHOWN else name


def _row(line: LineComparison) -> Sequence[Cell]:
    return (
        line.account,
        line.record or line.title,
        line.first,
        line.last,
        line.fate.value,
        line.before.gross,
        line.after.gross,
        line.difference.gross,
        line.currency,
        line.causes,
        line.why or None,
    )

"""Whether sums are what the norm works them out to be, and no amount has too many decimals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.rules import EN16931
from billingcore.export.en16931.terms import Group, groups_at
from billingcore.values.context import ZERO, total

__all__ = ["wrong_sums"]

_DIGITS: Final = 2
"""Decimals that an amount may have: BR-DEC-01 to BR-DEC-28."""

_SLACK: Final = Decimal("0.02")
"""What quantity x price may be off the amount of a line: PEPPOL-EN16931-R120 and R040."""


class _Sum(NamedTuple):
    """A term of BG-22 and what it has to be."""

    rule: str
    term: str
    field: str
    words: str
    work_out: Callable[[Group], Decimal]


def _listed(data: Group, group: str, term: str) -> Decimal:
    return total(each.get(term, ZERO) for each in groups_at(data, group))


def _in(data: Group, term: str) -> Decimal:
    found: Decimal = data.get("BG-22", {}).get(term, ZERO)
    return found


def _net(data: Group) -> Decimal:
    return _in(data, "BT-106") - _in(data, "BT-107") + _in(data, "BT-108")


def _due(data: Group) -> Decimal:
    return _in(data, "BT-112") - _in(data, "BT-113") + _in(data, "BT-114")


def _sum_of(group: str, term: str) -> Callable[[Group], Decimal]:
    return partial(_listed, group=group, term=term)


def _gross(data: Group) -> Decimal:
    return _in(data, "BT-109") + _in(data, "BT-110")


_SUMS: Final = (
    _Sum("BR-CO-10", "BT-106", "totals.line_total", "the sum of BT-131 of all lines",
         _sum_of("BG-25", "BT-131")),
    _Sum("BR-CO-11", "BT-107", "totals.allowance_total", "the sum of BT-92 of all allowances",
         _sum_of("BG-20", "BT-92")),
    _Sum("BR-CO-12", "BT-108", "totals.charge_total", "the sum of BT-99 of all charges",
         _sum_of("BG-21", "BT-99")),
    _Sum("BR-CO-13", "BT-109", "totals.net", "BT-106 - BT-107 + BT-108", _net),
    _Sum("BR-CO-14", "BT-110", "totals.tax", "the sum of BT-117 of all rows of the breakdown",
         _sum_of("BG-23", "BT-117")),
    _Sum("BR-CO-15", "BT-112", "totals.gross", "BT-109 + BT-110", _gross),
    _Sum("BR-CO-16", "BT-115", "totals.due", "BT-112 - BT-113 + BT-114", _due),
)  # fmt: skip

_DECIMALS: Final = {
    "BT-106": "BR-DEC-09", "BT-107": "BR-DEC-10", "BT-108": "BR-DEC-11", "BT-109": "BR-DEC-12",
    "BT-110": "BR-DEC-13", "BT-112": "BR-DEC-14", "BT-111": "BR-DEC-15", "BT-113": "BR-DEC-16",
    "BT-114": "BR-DEC-17", "BT-115": "BR-DEC-18", "BT-116": "BR-DEC-19", "BT-117": "BR-DEC-20",
    "BT-131": "BR-DEC-23", "BT-136": "BR-DEC-24", "BT-137": "BR-DEC-25", "BT-141": "BR-DEC-27",
    "BT-142": "BR-DEC-28", "BT-92": "BR-DEC-01", "BT-93": "BR-DEC-02", "BT-99": "BR-DEC-05",
    "BT-100": "BR-DEC-06",
}  # fmt: skip
"""Amount → the rule on its decimals; prices, quantities and percentages may have any number."""

_PLACES: Final = (
    ("BG-22",), ("BG-23",), ("BG-20",), ("BG-21",), ("BG-25",), ("BG-25", "BG-27"),
    ("BG-25", "BG-28"),
)  # fmt: skip


def wrong_sums(checked: Checked) -> Iterator[RuleFinding]:
    """Yield the sums that are not what they have to be; runs inside `exactly`."""
    for each in _SUMS:
        found, wanted = _in(checked.data, each.term), each.work_out(checked.data)
        if found != wanted:
            message = f"{each.words} is {wanted:f}"
            yield _of_document(checked, each.rule, each.term, each.field, message, found)
    yield from _too_long(checked)
    yield from _due_without_terms(checked)
    if not checked.rules.follows(EN16931):
        for line in groups_at(checked.data, "BG-25"):
            yield from _wrong_line(checked, line)


def _of_document(
    checked: Checked, rule: str, term: str, field: str, message: str, value: object
) -> RuleFinding:
    fix = "leave the amounts as the export gives them"
    return RuleFinding(rule, term, checked.names.document, field, message, fix, value)


def _too_long(checked: Checked) -> Iterator[RuleFinding]:
    """Yield one finding for each sort of amount that no electronic invoice can carry."""
    told: set[str] = set()
    for place in _PLACES:
        for found in groups_at(checked.data, *place):
            for term in _DECIMALS.keys() & found.keys() - told:
                exponent = found[term].as_tuple().exponent
                if -exponent > _DIGITS:
                    told.add(term)
                    message = f"{-exponent} decimals, and electronic invoices have two"
                    fix = "send another document: amounts are not rounded to fit"
                    rule, name = _DECIMALS[term], checked.names.document
                    yield RuleFinding(rule, term, name, "currency", message, fix, found[term])


def _due_without_terms(checked: Checked) -> Iterator[RuleFinding]:
    due = _in(checked.data, "BT-115")
    if due > 0 and not {"BT-9", "BT-20"} & checked.data.keys():
        message = "something is due, and neither BT-9 nor BT-20 says when"
        name, fix = checked.names.document, "give a due date"
        yield RuleFinding("BR-CO-25", "BT-9", name, "due_date", message, fix, due)


def _wrong_line(checked: Checked, line: Group) -> Iterator[RuleFinding]:
    """Yield a line whose amount is not quantity x price, or a percentage that does not fit."""
    price = line.get("BG-29", {})
    base = price.get("BT-149", Decimal(1))
    if base <= 0:
        rule, message = "PEPPOL-EN16931-R121", "a base quantity is above 0"
        yield RuleFinding(rule, "BT-149", checked.of(line), "quantity", message, "leave it", base)
        return
    off = _listed(line, "BG-27", "BT-136") - _listed(line, "BG-28", "BT-141")
    wanted = line.get("BT-129", ZERO) * price.get("BT-146", ZERO) / base - off
    net = line.get("BT-131", ZERO)
    if abs(net - wanted) > _SLACK:
        message = f"quantity x price / base quantity, less discounts, is {wanted:f}"
        rule, fix = "PEPPOL-EN16931-R120", "leave the amounts as the export gives them"
        yield RuleFinding(rule, "BT-131", checked.of(line), "net", message, fix, net)
    for code, (amount, whole, percent) in _REDUCTIONS.items():
        for each in groups_at(line, code):
            yield from _wrong_percentage(checked, line, each, (amount, whole, percent))


_REDUCTIONS: Final = {
    "BG-27": ("BT-136", "BT-137", "BT-138"),
    "BG-28": ("BT-141", "BT-142", "BT-143"),
}
"""Group of a discount or surcharge → its amount, its base, and its percentage."""


def _wrong_percentage(
    checked: Checked, line: Group, found: Group, terms: tuple[str, str, str]
) -> Iterator[RuleFinding]:
    amount, whole, percent = terms
    if percent not in found and whole not in found:
        return
    name = checked.of(line)
    if percent not in found or whole not in found:
        rule = "PEPPOL-EN16931-R041" if percent in found else "PEPPOL-EN16931-R042"
        message, fix = "base and percentage go together", "give both, or none"
        yield RuleFinding(rule, amount, name, "discount", message, fix)
        return
    wanted = found[whole] * found[percent] / 100
    if abs(found[amount] - wanted) > _SLACK:
        message, fix = f"its percentage gives {wanted:f}", "leave base and percentage out"
        rule = "PEPPOL-EN16931-R040"
        yield RuleFinding(rule, amount, name, "discount", message, fix, found[amount])

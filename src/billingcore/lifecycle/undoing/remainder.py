"""What is left of an issued document, and which tax goes with a part of it (behaviour 7.4).

A credit is a part of recorded lines, at their own price, discount and tax (field P1, P10). Amounts
are given back as they are on the document. Taxes are counted up: what all credits so far give back
is worked out as one sum, rounded as the document was, and the credit has what is new of it. So the
cents never drift, and the credit that gives back the last of it gives back exactly the rest.

Four fees of 68.33, 68.33, 57.50 and 85.00 at 20 % have a tax of 55.83 on their sum. Credited one
by one they have 13.67, 13.66, 11.50 and 17.00; four documents of their own would have 55.84.

What is rounded together is a `Unit`: a line where tax is rounded per line or the price includes
tax, all net lines of a category otherwise, and the hidden line of a tax delta.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, cast

from attrs import frozen

from billingcore.invoices.document import Invoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.standing import credits_of
from billingcore.lifecycle.undoing.transitions import corrections_of
from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.records.taxes import Tax
from billingcore.scope.switches import TaxLevel
from billingcore.values.context import ZERO, total
from billingcore.values.rounding import allocate, round_amount, round_to_sum

__all__ = ["Left", "Remainder", "Shares", "Unit"]

_NOTHING: Final = Fraction(0)


class Left(NamedTuple):
    """A line of an issued document, with what was given back of it before.

    Attributes:
        line: the recorded line.
        discount: of its own discount.
        order_discount: of its share of the order discount.
        priced: of what it costs: net, or gross if its price includes tax.
        net: of its net amount.
        tax: of its own tax, where tax is rounded per line.
        limit: what can still be given back of what it costs; 0 if nothing can.
    """

    line: LineItem
    discount: Decimal
    order_discount: Decimal
    priced: Decimal
    net: Decimal
    tax: Decimal
    limit: Decimal

    @property
    def is_gross(self) -> bool:
        """Whether its price includes tax."""
        return self.line.item.price_includes_tax


class Shares(NamedTuple):
    """What a credit gives back, with the signs of the original.

    Attributes:
        priced: number of a line → what of its price: net, or gross if that includes tax.
        taxes: the units concerned, each with its tax.
    """

    priced: Mapping[int, Decimal]
    taxes: Sequence[tuple[Unit, Decimal]]

    @property
    def gross(self) -> Iterator[tuple[Unit, Decimal, Decimal]]:
        """Yield the units concerned with tax and gross amount; both of all that is left of it."""
        for unit, tax in self.taxes:
            yield unit, tax, unit.left if unit.is_gross else unit.left + tax


@frozen(eq=False)
class Unit:
    """Lines whose tax is one rounded amount.

    Attributes:
        lines: the lines that it follows from.
        tax: category and rate.
        share: its exact share of what the lines cost.
        recorded: how much it is on the document.
        given: how much of it was given back before.
        rounded_with: units with the same value are rounded as one sum.
        number: of the line whose own tax it is; 0 if it is that of a category.
        is_delta: whether it is the gap that a hidden line closes.
    """

    lines: tuple[Left, ...]
    tax: Tax
    share: Fraction
    recorded: Decimal
    given: Decimal
    rounded_with: Hashable
    number: int = 0
    is_delta: bool = False

    @property
    def left(self) -> Decimal:
        """What can be given back of what its own lines cost; nothing for a delta."""
        return ZERO if self.is_delta else total(each.limit for each in self.lines)

    @property
    def is_gross(self) -> bool:
        """Whether the tax is a part of what its lines cost."""
        return not self.is_delta and self.lines[0].is_gross

    @property
    def is_given_back(self) -> bool:
        """Whether nothing of its lines is left."""
        return all(each.priced == each.line.priced for each in self.lines)

    @property
    def largest(self) -> int:
        """The number of the line that costs most."""
        return max(self.lines, key=_size).line.number

    def upto(self, priced: Mapping[int, Decimal], remainder: Remainder) -> Fraction:
        """Give the exact tax of all that was and will be given back; all of it if that is all.

        Where the recorded tax is not the rounded tax of the sum, since it was rounded per line or
        per document, each part has its share of that gap.
        """
        whole = [Fraction(each.line.priced) for each in self.lines]
        after = [
            Fraction(each.priced) + Fraction(priced.get(each.line.number, ZERO))
            for each in self.lines
        ]
        if after == whole:
            return Fraction(self.recorded)
        rounded = remainder.rounded(sum(whole, _NOTHING) * self.share)
        gap = Fraction(self.recorded) - Fraction(rounded)
        part = sum(map(abs, after), _NOTHING) / sum(map(abs, whole), _NOTHING)
        return sum(after, _NOTHING) * self.share + gap * part


class Remainder:
    """What is left of an issued document after the credits and corrections of it so far.

    All amounts have the signs of the document. Made, and used, inside `exactly`.

    Attributes:
        invoice: the document.
        lines: number → line, hidden ones too.
        units: what its taxes are made of.
        gross: the gross amount that was given back before.
        rounding: the cash rounding that was given back before.
    """

    def __init__(self, invoice: Invoice, books: Books) -> None:
        self.invoice = invoice
        self._policy = invoice.draft.policy
        self._credits = credits_of(books, invoice.number)
        self.lines: dict[int, Left] = self._read_lines(books)
        self.units: list[Unit] = list(self._units())
        self.gross: Decimal = -total(each.totals.gross for each in self._credits)
        self.rounding: Decimal = -total(each.totals.rounding for each in self._credits)

    @property
    def limits(self) -> dict[int, Decimal]:
        """The lines of which something is left, with what that is.

        After gross amounts it can be that only tax is left: of a line then, of which 0 is left.
        """
        found = {number: each.limit for number, each in self.lines.items() if each.limit}
        for unit in self.units:
            if unit.given != unit.recorded and unit.is_given_back:
                found.setdefault(unit.largest, ZERO)
        return dict(sorted(found.items()))

    def rounded(self, amount: Fraction) -> Decimal:
        """Round an amount as the document does."""
        return round_amount(amount, self.invoice.currency, self._policy.rounding)

    def is_all(self, shares: Shares) -> bool:
        """Tell whether nothing is left after some shares are given back."""
        taxes = {id(unit): tax for unit, tax in shares.taxes}
        priced = shares.priced
        return all(
            each.priced + priced.get(number, ZERO) == each.line.priced
            for number, each in self.lines.items()
        ) and all(unit.given + taxes.get(id(unit), ZERO) == unit.recorded for unit in self.units)

    def shares(self, priced: Mapping[int, Decimal]) -> Shares:
        """Give some shares of lines with their taxes."""
        touched: dict[Hashable, list[tuple[Unit, Fraction]]] = {}
        for unit in self.units:
            if any(each.line.number in priced for each in unit.lines):
                found = (unit, unit.upto(priced, self))
                touched.setdefault(unit.rounded_with, []).append(found)
        taxes: list[tuple[Unit, Decimal]] = []
        for together in touched.values():
            before = total(unit.given for unit, _ in together)
            whole = self.rounded(sum((upto for _, upto in together), _NOTHING)) - before
            exact = [upto - Fraction(unit.given) for unit, upto in together]
            parts = round_to_sum(whole, exact, currency=self.invoice.currency)
            taxes += [(unit, part) for (unit, _), part in zip(together, parts, strict=True)]
        return Shares(priced, taxes)

    def spread(self, gross: Decimal, everything: Shares) -> Shares:
        """Spread a gross amount over all that is left; net and tax add up to it.

        The tax is not counted up here, since not every gross amount is a net amount with its
        rounded tax. It is the share of the tax that is left.
        """
        currency = self.invoice.currency
        left = [*everything.gross]
        parts = allocate(gross, [whole for _, _, whole in left], currency=currency)
        priced: dict[int, Decimal] = {}
        taxes: list[tuple[Unit, Decimal]] = []
        for (unit, tax_left, whole), part in zip(left, parts, strict=True):
            if part:
                tax = self.rounded(Fraction(part) * Fraction(tax_left) / Fraction(whole))
                taxes.append((unit, tax))
                if not unit.is_delta:
                    priced |= _divided(unit, part if unit.is_gross else part - tax, currency)
        for unit, _ in taxes:
            if not any(each.line.number in priced for each in unit.lines):
                priced[unit.largest] = ZERO  # its tax needs a line
        return Shares(dict(sorted(priced.items())), taxes)

    def _read_lines(self, books: Books) -> dict[int, Left]:
        number = self.invoice.number
        given: dict[int, list[LineItem]] = {}
        for credit in self._credits:
            for line in credit.lines:
                origin = cast("ReversalOrigin", line.origin)  # nobody edits such lines
                given.setdefault(origin.number, []).append(line)
        taken: dict[int, Decimal] = {}
        for _, line in corrections_of(books, number):
            if line.corrects is not None and line.corrects.is_credit:
                taken[line.corrects.number] = taken.get(line.corrects.number, ZERO) + line.priced
        return {
            line.number: _left(line, given.get(line.number, ()), taken.get(line.number, ZERO))
            for line in self.invoice.lines
        }

    def _units(self) -> Iterator[Unit]:
        """Yield what is rounded by itself, then the rest of each category."""
        level = self._policy.tax_level
        by_group: dict[str, list[Left]] = {}
        own: list[Unit] = []
        for each in self.lines.values():
            if not each.line.is_hidden and not each.is_gross:
                by_group.setdefault(each.line.tax.group, []).append(each)
        for each in self.lines.values():
            if each.line.is_hidden:
                own.append(_delta_unit(each, by_group[each.line.tax.group]))
            elif each.is_gross or level is TaxLevel.LINE:
                own.append(_line_unit(each, level))
        yield from own
        for group, lines in by_group.items() if level is not TaxLevel.LINE else ():
            tax = lines[0].line.tax
            beside = [unit for unit in own if unit.tax.group == group]
            yield Unit(
                tuple(lines),
                tax,
                Fraction(tax.share),
                self._tax_of(self.invoice, group) - total(unit.recorded for unit in beside),
                -total(self._tax_of(each, group) for each in self._credits)
                - total(unit.given for unit in beside),
                _rounded_with(level, group, "net"),
            )

    def _tax_of(self, invoice: Invoice, group: str) -> Decimal:
        return total(row.amount for row in invoice.breakdown if row.tax.group == group)


def _left(line: LineItem, given: Sequence[LineItem], taken: Decimal) -> Left:
    """Sum up what was given back of a line; what a correction took back cannot be given back."""
    priced = -total(each.priced for each in given)
    left = line.priced - priced + taken
    return Left(
        line=line,
        discount=-total(each.discount for each in given),
        order_discount=-total(each.order_discount for each in given),
        priced=priced,
        net=-total(each.net for each in given),
        tax=-total(each.tax_amount or ZERO for each in given),
        limit=left if left * line.priced > ZERO else ZERO,
    )


def _line_unit(each: Left, level: TaxLevel) -> Unit:
    """Make the unit of a line that has a tax of its own."""
    line, tax = each.line, each.line.tax
    share = Fraction(tax.share)
    if each.is_gross:
        recorded, given = line.priced - line.net, each.priced - each.net
        share = share / (1 + share)
    else:
        recorded, given = line.tax_amount or ZERO, each.tax
    name = line.number if level is TaxLevel.LINE else tax.group
    together = _rounded_with(level, name, "gross")
    return Unit((each,), tax, share, recorded, given, together, line.number)


def _delta_unit(each: Left, lines: Sequence[Left]) -> Unit:
    """Make the unit of a hidden line: it follows its category, line by line."""
    line = each.line
    return Unit(
        tuple(lines),
        line.tax,
        _NOTHING,
        line.tax_amount or ZERO,
        each.tax,
        ("delta", line.number),
        line.number,
        is_delta=True,
    )


def _rounded_with(level: TaxLevel, name: Hashable, kind: str) -> Hashable:
    return "document" if level is TaxLevel.DOCUMENT else (kind, name)


def _divided(unit: Unit, priced: Decimal, currency: str) -> dict[int, Decimal]:
    """Divide an amount among the lines of a unit by what is left of them."""
    parts = allocate(priced, [each.limit for each in unit.lines], currency=currency)
    rows = zip(unit.lines, parts, strict=True)
    return {each.line.number: part for each, part in rows if part}


def _size(left: Left) -> Decimal:
    return left.line.priced.copy_abs()

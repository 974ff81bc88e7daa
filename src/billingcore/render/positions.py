"""The positions of a document, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from billingcore.invoices.chain import Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.lines.explain import without_directions
from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.records.chain_document import TaxAmount
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.pricing import PricePart
from billingcore.records.terms import LineType, PriceType
from billingcore.render.formats import Formats
from billingcore.render.layout import Row
from billingcore.render.page import Table
from billingcore.render.voice import Voice
from billingcore.render.words import Words
from billingcore.values.context import EXACT, negated

__all__ = ["Positions", "positions"]

_MARK: Final = " *"  # behind prices that include tax


def positions(voice: Voice) -> Table:
    """Give the table of the shown positions."""
    words, lines = voice.words, voice.draft.visible_lines
    has_gross = any(line.item.price_includes_tax for line in lines)
    numbers = (words("quantity"), words("unit_price"), words("amount"))
    made = Positions(voice)
    return Table(
        "positions",
        words("positions"),
        Row(words("title"), words("number"), numbers),
        (tuple(row for line in lines for row in made.rows(line)),),
        note=f"{_MARK.strip()} {words('includes_tax')}" if has_gross else "",
    )


class Positions:
    """Writes the rows of positions; each deducted amount and disclosed position once."""

    def __init__(self, voice: Voice) -> None:
        self.draft: DraftInvoice = voice.draft
        self.voice: Voice = voice
        self.words: Words = voice.words
        self.formats: Formats = voice.formats
        self.disclosed: dict[str, list[str]] = _disclosed(voice)
        self.deducted: Iterator[tuple[Deduction, TaxAmount]] = iter(
            [(each, part) for each in self.draft.deductions for part in each.parts]
        )

    def rows(self, line: LineItem) -> Iterator[Row]:
        """Write a position: title and numbers, then what stands below."""
        if line.type is LineType.DEDUCTION and self.draft.deductions:
            yield from self.deduction(line, *next(self.deducted))
        else:
            yield from self.position(line)

    def deduction(self, line: LineItem, deduction: Deduction, part: TaxAmount) -> Iterator[Row]:
        """Write a position that takes off what was invoiced before, and the tax on it."""
        words, formats = self.words, self.formats
        title = words("less", document=self.voice.deducted(deduction))
        yield Row(title, str(line.number), ("", "", formats.amount(line.amount)))
        if part.tax.code or part.tax.rate:
            off = formats.amount(negated(part.amount))
            yield Row(words("tax_on_it", rate=formats.percent(part.tax.rate), amount=off))

    def position(self, line: LineItem) -> Iterator[Row]:
        """Write a position that bills something."""
        formats = self.formats
        mark = _MARK if line.item.price_includes_tax else ""
        numbers = (self.quantity(line), formats.price(line.unit_price), formats.amount(line.amount))
        yield Row(without_directions(line.title), str(line.number), numbers, mark)
        yield Row(self.service(line))
        yield from map(Row, self.details(line))
        own = line.item.discount
        if own is not None and line.discount:
            yield self.reduction(self.discount(own), line.discount, mark)
        if line.order_discount:
            yield self.reduction(self.order_discount(line), line.order_discount, mark)
        yield from map(Row, self.disclosed.pop(line.title, ()))

    def details(self, line: LineItem) -> Iterator[str]:
        """Say what stands below a position, without amounts."""
        yield from self.remarks(line)
        if line.description:
            yield without_directions(line.description)

    def remarks(self, line: LineItem) -> Iterator[str]:
        """Say what belongs to the price of a position, and to which other line it belongs."""
        yield from self.related(line)
        if line.item.price_type is PriceType.FLAT:
            yield self.words("flat")
        if line.item.billed_share != 1:
            share = EXACT.multiply(line.item.billed_share, Decimal(100))
            yield self.words("billed_share", share=self.formats.percent(share))
        if line.item.part is not None:
            yield from self.part(line.item.part)

    def related(self, line: LineItem) -> Iterator[str]:
        """Say which line of another document a position corrects or gives back."""
        if line.corrects is not None:
            what = "taken_back" if line.corrects.is_credit else "billed_anew"
            document = without_directions(line.corrects.document)
            yield self.words(what, number=str(line.corrects.number), document=document)
        origin = line.origin
        if isinstance(origin, ReversalOrigin) and self.draft.kind is not InvoiceKind.CANCELLATION:
            document = without_directions(origin.original.number)
            yield self.words("concerns", number=str(origin.number), document=document)

    def reduction(self, title: str, off: Decimal, mark: str) -> Row:
        """Write what a discount takes off."""
        return Row(title, "", ("", "", self.formats.amount(off.copy_negate())), mark)

    def discount(self, discount: Discount) -> str:
        """Name a line's own discount."""
        title = without_directions(discount.title) or self.words("discount")
        is_percent = discount.kind is DiscountKind.PERCENT
        return f"{title} {self.formats.percent(discount.value)}" if is_percent else title

    def order_discount(self, line: LineItem) -> str:
        """Name the order discounts that a line has a share of, as far as they have titles."""
        found = line.order_discounts(self.draft.order_discount)
        word = self.words("order_discount")
        names = [self.discount(each) if each.title else word for each in found]
        return ", ".join(dict.fromkeys(names)) or word

    def part(self, part: PricePart) -> Iterator[str]:
        """Say which part of a price a position is: its tier, percentage or package."""
        written = {"percent": self.formats.percent}
        for name, facts in part.facts():
            number = written.get(name, self.formats.number)
            yield self.words(name, **{key: number(value) for key, value in facts.items()})

    def quantity(self, line: LineItem) -> str:
        """Write a quantity with its unit."""
        is_one = line.quantity == 1
        unit = self.words.counted(f"code_{line.unit_code}", line.unit_code, is_one=is_one)
        return f"{self.formats.number(line.quantity)} {without_directions(unit)}".rstrip()

    def service(self, line: LineItem) -> str:
        """Write the days of service, and how many units of time they cost unless it is one."""
        days, factor = self.formats.days(line.service_period), line.factor
        unit = line.span.shares[0].unit
        if not unit or factor == 1:
            return days
        name = self.words.counted(f"unit_{unit}", unit, is_one=0 < factor < 1)
        return f"{days} ({factor}\N{NO-BREAK SPACE}{name})"


def _disclosed(voice: Voice) -> dict[str, list[str]]:
    """Describe the positions of what a final deducts by their titles, in the order of issue.

    They stand below the first position of the final that has the same title (behaviour 5.5).
    """
    found: dict[str, list[str]] = {}
    for each in voice.draft.deductions:
        for title, net, number in each.lines:
            amount, document = voice.formats.amount(net), voice.deducted(each)
            words = voice.words("disclosed", document=document, number=str(number), amount=amount)
            found.setdefault(title, []).append(words)
    return found

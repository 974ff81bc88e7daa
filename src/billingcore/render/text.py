"""A draft or an invoice as text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import InvoiceKind
from billingcore.invoices.payment_terms import cash_discounts, installments
from billingcore.invoices.totals import TaxSubtotal
from billingcore.lines.explain import without_directions
from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.pricing import PricePart
from billingcore.records.terms import PriceType
from billingcore.render.formats import Formats
from billingcore.render.layout import GAP, Row, pad, paragraph, table, width_of
from billingcore.render.words import Words
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, exactly

__all__ = ["text"]

_NARROWEST: Final = 40
_LEAST_TITLE: Final = 24
_LEAST_REASON: Final = 40
_MARK: Final = " *"  # behind prices that include tax

_SUMS_BEFORE_TAX: Final = ("line_total", "allowance_total", "charge_total", "net")
_SUMS_AFTER_TAX: Final = ("gross", "paid", "rounding")
_ALWAYS: Final = frozenset({"net", "gross"})
"""Sums that are shown also if they are zero or say nothing new."""


def text(
    document: DraftInvoice | Invoice,
    locale: str | None = "de_DE",
    *,
    texts: Mapping[str, str] | None = None,
    width: int = 78,
) -> str:
    """Write a draft or an invoice as text, as its buyer reads it.

    A draft does not ask for payment. Amounts have the digits of their currency, unit prices all of
    their digits. Wide numbers make the table wider than *width*, never crooked.

    Args:
        document: what to write; hidden lines are not shown.
        locale: how numbers and dates are written, and the language if it is German or English;
            None takes the account's, then the template's, then ``en``.
        texts: words that go before those of `billingcore.render.words`, by the same names.
        width: columns, at least 40.

    Raises:
        InvalidInputError: there is no such locale, or the width is too small.
    """
    Boundary("render.text").count("width", width, least=_NARROWEST, most=1000)
    draft = document.draft if isinstance(document, Invoice) else document
    chosen = locale or draft.account.locale or draft.template.locale or "en"
    with exactly():
        formats = Formats(chosen, draft.currency)
        page = _Page(document, draft, formats, Words(formats.locale, texts), width)
        blocks = [block for block in page.blocks() if block]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks)


class _Page:
    """Writes the blocks of one document."""

    def __init__(
        self,
        document: DraftInvoice | Invoice,
        draft: DraftInvoice,
        formats: Formats,
        words: Words,
        width: int,
    ) -> None:
        self.invoice = document if isinstance(document, Invoice) else None
        self.draft = draft
        self.formats = formats
        self.words = words
        self.width = width
        self.has_gross = any(line.item.price_includes_tax for line in draft.visible_lines)
        self.is_offset = draft.kind is InvoiceKind.CANCELLATION

    def blocks(self) -> Iterator[list[str]]:
        """Yield the blocks from top to bottom; an empty one is not shown."""
        draft = self.draft
        buyer, seller, template = draft.billing, draft.seller, draft.template
        if seller is not None:
            yield self.party(seller.name, seller.address, seller.tax_id)
        yield self.party(buyer.names, buyer.address, draft.account.tax_id)
        yield self.heading()
        yield self.facts()
        yield self.prose(template.intro)
        positions = self.positions()
        yield positions
        yield self.sums(width_of(positions[0]) - (len(_MARK) if self.has_gross else 0))
        yield self.terms()
        if self.invoice is not None and seller is not None and seller.bank:
            yield [self.words("bank"), *self.prose(seller.bank)]
        yield self.prose(template.footer)

    def prose(self, prose: str) -> list[str]:
        """Wrap text of the host."""
        return paragraph(without_directions(prose), self.width)

    def party(self, name: str, address: str, tax_id: str) -> list[str]:
        """Write name, address and tax registration; one that begins with letters is for VAT."""
        lines = [*self.prose(name), *self.prose(address)]
        if tax_id:
            label = self.words("tax_id" if tax_id[:2].isalpha() else "tax_number")
            lines += self.prose(f"{label} {tax_id}")
        return lines

    def heading(self) -> list[str]:
        """Write kind and number, or that it is a draft."""
        kind = self.words(self.draft.kind.value)
        number = self.invoice.number if self.invoice else f"({self.words('draft')})"
        title = f"{kind} {without_directions(number)}"
        return [title, "=" * width_of(title)]

    def facts(self) -> list[str]:
        """Write dates, period and references, one below the other."""
        draft, formats, period = self.draft, self.formats, self.draft.period
        day = self.invoice.date if self.invoice else draft.invoice_date
        is_owed = draft.totals.due > 0 and not self.is_offset
        every = (
            *self.original(),
            ("invoice_date", day and formats.day(day)),
            ("due_date", day and is_owed and formats.day(self.due_date(day))),
            ("period", formats.days(period)),
            ("reference", without_directions(", ".join(draft.references))),
        )
        found = [(name, value) for name, value in every if value]
        labels = {name: self.words(name) for name, _ in found}
        broad = max(map(width_of, labels.values()), default=0)
        return [f"{pad(labels[name], broad)}{GAP}{value}" for name, value in found]

    def original(self) -> Iterator[tuple[str, str]]:
        """Yield which document it cancels or credits, and why."""
        found = self.draft.undoes
        if found is not None:
            number, date = without_directions(found.number), self.formats.day(found.date)
            kind = self.words(found.kind)
            name = self.words("document_of", kind=kind, number=number, date=date)
            yield f"{self.draft.kind.value}_of", name
            yield "reason", " ".join(without_directions(found.reason).split())

    def positions(self) -> list[str]:
        """Write the table of positions, and what its marks mean."""
        words = self.words
        numbers = (words("quantity"), words("unit_price"), words("amount"))
        rows = [row for line in self.draft.visible_lines for row in self.rows(line)]
        head = Row(words("title"), words("number"), numbers)
        found = table(head, rows, self.width, _LEAST_TITLE)
        return [*found, f"{_MARK.strip()} {words('includes_tax')}"] if self.has_gross else found

    def rows(self, line: LineItem) -> Iterator[Row]:
        """Write a position: title and numbers, then days, description and discounts below."""
        formats, words = self.formats, self.words
        mark = _MARK if line.item.price_includes_tax else ""
        numbers = (self.quantity(line), formats.price(line.unit_price), formats.amount(line.amount))
        yield Row(without_directions(line.title), str(line.number), numbers, mark)
        yield Row(self.service(line))
        yield from map(Row, self.related(line))
        if line.item.price_type is PriceType.FLAT:
            yield Row(words("flat"))
        if line.item.billed_share != 1:
            share = EXACT.multiply(line.item.billed_share, Decimal(100))
            yield Row(words("billed_share", share=formats.percent(share)))
        if line.item.part is not None:
            yield from map(Row, self.part(line.item.part))
        if line.description:
            yield Row(without_directions(line.description))
        own = line.item.discount
        if own is not None and line.discount:
            yield self.reduction(self.discount(own), line.discount, mark)
        if line.order_discount:
            yield self.reduction(self.order_discount(line), line.order_discount, mark)

    def related(self, line: LineItem) -> Iterator[str]:
        """Say which line of another document a position corrects or gives back."""
        if line.corrects is not None:
            what = "taken_back" if line.corrects.is_credit else "billed_anew"
            document = without_directions(line.corrects.document)
            yield self.words(what, number=str(line.corrects.number), document=document)
        origin = line.origin
        if isinstance(origin, ReversalOrigin) and not self.is_offset:
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

    def sums(self, width: int) -> list[str]:
        """Write the sums, their amounts below those of the positions."""
        rows = [*self.chosen(_SUMS_BEFORE_TAX)]
        for row in self.draft.totals.breakdown:
            rows += self.tax(row)
        rows += self.chosen(_SUMS_AFTER_TAX)
        rows.append(self.last_sum())
        reasons = [width_of(label) for label, amount in rows if not amount]
        labels = [width_of(label) for label, amount in rows if amount]
        broad = max(*labels, min(_LEAST_REASON, max(reasons, default=0)))
        right = max(width_of(amount) for _, amount in rows)
        indent = " " * (width - broad - len(GAP) - right)
        lines = [
            f"{indent}{pad(part, broad)}{GAP}{pad(amount if not place else '', right, to_the_right=True)}"
            for label, amount in rows
            for place, part in enumerate(paragraph(label, broad))
        ]
        rule = indent + "-" * (broad + len(GAP) + right)
        return [*lines[:-1], rule, lines[-1]]

    def last_sum(self) -> tuple[str, str]:
        """Write what is to be paid, and to whom; nothing is to be paid for a cancellation."""
        due, words, formats = self.draft.totals.due, self.words, self.formats
        if self.is_offset:
            document = without_directions(self.draft.original)
            return words("offset", document=document), formats.amount(due)
        if due >= 0:
            return words("due"), formats.amount(due)
        return words("in_your_favor"), formats.amount(due.copy_negate())

    def chosen(self, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield the sums that say something: label and amount."""
        totals = self.draft.totals
        for name in names:
            value: Decimal = getattr(totals, name)
            is_new = name != "line_total" or value != totals.net
            if name in _ALWAYS or (value and is_new):
                yield self.words(name), self.formats.amount(value)

    def tax(self, row: TaxSubtotal) -> Iterator[tuple[str, str]]:
        """Yield a row of the tax breakdown, and below it why no tax is due."""
        tax, words, formats = row.tax, self.words, self.formats
        is_taxed = bool(tax.code or tax.rate)
        base = formats.amount(row.taxable)
        label = words("tax" if is_taxed else "untaxed", rate=formats.percent(tax.rate), base=base)
        yield label, formats.amount(row.amount)
        reason = without_directions(tax.reason) or words(f"category_{tax.category.value}")
        if is_taxed and reason:
            yield reason, ""

    def terms(self) -> list[str]:
        """Write until when what is to be paid; nothing if nothing is, or not yet: on a draft."""
        invoice, draft, formats = self.invoice, self.draft, self.formats
        if invoice is None or self.is_offset or draft.totals.due <= 0:
            return []
        if draft.payment_days:
            found = [
                self.words("payable_by", amount=formats.amount(amount), date=formats.day(day))
                for day, amount in installments(invoice)
            ]
        else:
            amount = formats.amount(draft.totals.due)
            found = [self.words("payable_at_once", amount=amount)]
        return [row for each in (*found, *self.early(invoice)) for row in self.prose(each)]

    def early(self, invoice: Invoice) -> Iterator[str]:
        """Yield what may be kept for paying early."""
        formats = self.formats
        for offer in cash_discounts(invoice):
            yield self.words(
                "payable_early",
                date=formats.day(offer.date),
                percent=formats.percent(offer.percent),
                discount=formats.amount(offer.discount),
                amount=formats.amount(offer.amount),
            )

    def due_date(self, day: date) -> date:
        """Give the last day for payment of a document of a day."""
        return self.invoice.due_date if self.invoice else day + timedelta(self.draft.payment_days)

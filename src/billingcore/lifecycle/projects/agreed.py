"""What was agreed on a project, what of it was claimed before, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from attrs import frozen

from billingcore.errors import CurrencyMismatchError, InvalidTransitionError
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import tax_parts
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.placing import agreement
from billingcore.lifecycle.projects.project import Project, made_for
from billingcore.records.chain_document import ChainDocument, TaxAmount
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import CURRENCY_DIGITS
from billingcore.values.numbers import AmountLike

__all__ = ["Agreed", "Position", "agreed_on", "check_no_drafts"]


class Position(NamedTuple):
    """What was agreed of one tax code, and what of it was claimed.

    Attributes:
        tax_code: the word of the tax engine; None if it is not taxed.
        rate: of the tax, in percent; 0 if it was claimed, but is not agreed any more.
        agreed: the amount that was agreed.
        claimed: what live documents claim of it.
    """

    tax_code: str | None
    rate: Decimal
    agreed: Decimal
    claimed: Decimal

    @property
    def left(self) -> Decimal:
        """What can still be claimed; negative if too much was."""
        return EXACT.subtract(self.agreed, self.claimed)


@frozen
class Agreed:
    """The amounts of a project, all net or all gross.

    Attributes:
        project: what was agreed.
        currency: of all amounts.
        is_gross: whether they include tax.
        positions: one for each tax code.
        documents: what was issued on it, and drafts.
    """

    project: Project
    currency: str
    is_gross: bool
    positions: tuple[Position, ...]
    documents: Sequence[ChainDocument]

    @property
    def total(self) -> Decimal:
        """All that was agreed."""
        return total(each.agreed for each in self.positions)

    @property
    def claimed(self) -> Decimal:
        """All that live documents claim."""
        return total(each.claimed for each in self.positions)

    @property
    def left(self) -> Decimal:
        """All that can still be claimed."""
        return EXACT.subtract(self.total, self.claimed)

    @property
    def rest(self) -> str:
        """What can still be claimed, in words."""
        return f"left: {self.said(self.left)} of {self.said(self.total)}"

    def said(self, amount: Decimal) -> str:
        """Write an amount."""
        return f"{amount} {self.currency} {'gross' if self.is_gross else 'net'}"

    def read(self, field: str, given: AmountLike) -> Decimal:
        """Read an amount that is to be claimed.

        Raises:
            CurrencyMismatchError: it is of another currency.
            InvalidInputError: it is no amount above 0, or more than is left.
        """
        read = Boundary("Project", self.project.id)
        amount, currency = read.money(field, given, scale=CURRENCY_DIGITS[self.currency])
        if currency not in (None, self.currency):
            rule, fix = "the project is in another currency", f"give it in {self.currency}"
            raise CurrencyMismatchError(
                rule, record=read.record, field=field, value=currency, fix=fix
            )
        if amount <= ZERO:
            raise read.refuse(field, amount, "nothing to claim", "use an amount above 0")
        self.check(field, amount)
        return amount

    def check(self, field: str, amount: Decimal) -> None:
        """Refuse to claim more than is left."""
        if amount > self.left:
            read = Boundary("Project", self.project.id)
            raise read.refuse(field, amount, "more than is left to claim", self.rest)

    @property
    def issued(self) -> tuple[str, ...]:
        """The numbers of its live documents."""
        return tuple(each.number for each in self.documents if not each.is_draft)

    def count(self, kind: InvoiceKind) -> int:
        """Count its live documents of a kind."""
        return sum(each.kind is kind and not each.is_draft for each in self.documents)

    def items(self, name: str, title: str, amounts: Sequence[Decimal]) -> list[Item]:
        """Make an item for each tax code of which something is claimed."""
        return [
            Item(
                name,
                title=title,
                unit_price=amount.copy_abs(),
                quantity=1 if amount > ZERO else -1,
                currency=self.currency,
                tax_code=each.tax_code,
                price_includes_tax=self.is_gross,
            )
            for each, amount in zip(self.positions, amounts, strict=True)
            if amount
        ]


def agreed_on(
    project: Project, books: Books, *, is_gross: bool, discount: Discount | None
) -> Agreed:
    """Say what was agreed, and what of it was claimed; drafts claim nothing.

    Args:
        project: what was agreed.
        books: of its account.
        is_gross: whether amounts include tax.
        discount: the order discount that counts.
    """
    scope = made_for(project, project.items, discount=discount)
    documents = agreement(books, project.id, scope)
    found: dict[str, Position] = {}
    for part in tax_parts(scope):
        amount = EXACT.add(part.net, part.amount) if is_gross else part.net
        known = found.get(part.tax.code, Position(None, ZERO, ZERO, ZERO))
        rate = max(known.rate, part.tax.rate)
        code = part.lines[0].item.tax_code
        found[part.tax.code] = Position(code, rate, EXACT.add(known.agreed, amount), ZERO)
    for each in documents:
        if KINDS[each.kind].is_sub and not each.is_draft:
            for claimed in each.invoiced:
                _claim(found, claimed, is_gross=is_gross)
    return Agreed(project, scope.currency, is_gross, tuple(found.values()), documents)


def _claim(found: dict[str, Position], part: TaxAmount, *, is_gross: bool) -> None:
    """Note what a document claims of a tax code, whatever the rate was."""
    code = part.tax.code
    known = found.get(code, Position(code or None, ZERO, ZERO, ZERO))
    amount = part.gross if is_gross else part.net
    found[code] = known._replace(claimed=EXACT.add(known.claimed, amount))


def check_no_drafts(agreed: Agreed, own: str) -> None:
    """Refuse a claim that would not know of another one that is still a draft.

    Raises:
        InvalidTransitionError: there are drafts of part invoices; their ids.
    """
    subs = (each for each in agreed.documents if each.is_draft and KINDS[each.kind].is_sub)
    others = [each.number for each in subs if each.number != own]
    if others:
        rule = f"a claim counts up from those before, and there are drafts: {', '.join(others)}"
        record = f"Project {agreed.project.id!r}"
        raise InvalidTransitionError(rule, record=record, fix="finalize or discard them first")

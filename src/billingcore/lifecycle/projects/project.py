"""What was agreed, and is invoiced in parts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

from attrs import frozen

from billingcore.invoices.document import DraftInvoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.manual import DraftOptions, draft
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.payment_terms import Retention
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.numbers import NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, round_to
from billingcore.values.sealing import fill

__all__ = ["Milestone", "Project", "made_for", "percent_text", "read_percent"]

_HUNDRED: Final = 100
_HUNDREDTH: Final = Decimal("0.01")


@frozen(init=False, order=False)
class Milestone:
    """A step of a project, and what part of the whole may be claimed when it is reached.

    >>> Milestone("Foundation", share=30).share
    Fraction(30, 1)

    Attributes:
        name: unique within its project.
        share: percent of all that was agreed, above 0 and at most 100; a third is
            ``Fraction(100, 3)``.

    Raises:
        InvalidInputError: a field is wrong.
    """

    name: str
    share: Fraction

    def __init__(self, name: str, *, share: NumberLike | Fraction) -> None:
        read = Boundary("Milestone", name)
        fill(self, name=read.id("name", name), share=read_percent(read, "share", share))


@frozen(init=False, order=False, repr=False)
class Project:
    """An agreement with one customer that is invoiced in parts: `deposit`, `claim`, `final`.

    It is a value, and remembers nothing: what was invoiced before is in the books. If more or less
    is agreed later, make it anew with the same id and other items.

    >>> house = Project("house-7", Account("acme", currency="EUR"),
    ...                 [Item("shell", unit_price=7000), Item("roof", unit_price=3000)],
    ...                 period=Period.closed("2026-03-01", "2026-09-30"), title="House 7")
    >>> house
    <project house-7 of acme: 2 items>

    Attributes:
        id: the sub invoice key: what all its documents share.
        account: who pays.
        items: all that was agreed: what the final invoice bills. All are priced net, or all gross.
        period: the days of service.
        title: what its documents call it; the id if empty.
        tax: the tax engine; needed if an item has a tax code.
        setup: templates and business entities.
        policy: how documents are taxed and rounded.
        discount: an order discount; it is part of what was agreed, but deposits ignore it.
        milestones: a plan of payments; what they do not cover is claimed otherwise.
        retention: what the customer keeps back of the final invoice; None takes the template's.
        template: name of a template of the setup; None takes the account's, then Default.
        entity: name of the business entity that sells; None takes the account's.

    Raises:
        InvalidInputError: a field is wrong, milestones are more than the whole, two of them have
            one name, or items are priced both net and gross.
    """

    id: str
    account: Account
    items: tuple[Item, ...]
    period: Period
    title: str
    tax: TaxEngine | None
    setup: Setup
    policy: Policy
    discount: Discount | None
    milestones: tuple[Milestone, ...]
    retention: Retention | None
    template: str | None
    entity: str | None

    def __init__(
        self,
        id: str,
        account: Account,
        items: Iterable[Item],
        *,
        period: Period,
        title: str = "",
        tax: TaxEngine | None = None,
        setup: Setup = DEFAULT_SETUP,
        policy: Policy = DOCUMENTED,
        discount: Discount | None = None,
        milestones: Iterable[Milestone] = (),
        retention: Retention | None = None,
        template: str | None = None,
        entity: str | None = None,
    ) -> None:
        read = Boundary("Project", id)
        fill(
            self,
            id=read.id("id", id),
            account=read.instance("account", account, Account),
            items=tuple(read.instance("items", item, Item) for item in _listed(read, items)),
            period=read.instance("period", period, Period),
            title=read.text("title", title),
            tax=tax,
            setup=read.instance("setup", setup, Setup),
            policy=read.instance("policy", policy, Policy),
            discount=read.optional("discount", discount, Discount),
            milestones=tuple(read.instance("milestones", each, Milestone) for each in milestones),
            retention=read.optional("retention", retention, Retention),
            template=read.optional_id("template", template),
            entity=read.optional_id("entity", entity),
        )
        if tax is not None and not hasattr(tax, "taxes"):
            fix = "use an engine, like TaxTable({'DE_19': 19})"
            raise read.refuse("tax", tax, "no tax engine", fix)
        self._check(read)

    def _check(self, read: Boundary) -> None:
        """Refuse what no field alone can be blamed for."""
        if not self.items:
            raise read.refuse("items", 0, "nothing was agreed", "give at least one item")
        if len({item.price_includes_tax for item in self.items}) > 1:
            rule = "some are priced net, others gross"
            raise read.refuse("items", len(self.items), rule, "price all in one way")
        names = [each.name for each in self.milestones]
        if len(set(names)) < len(names):
            fix = "give each its own name"
            raise read.refuse("milestones", len(names), "two have the same name", fix)
        whole = sum((each.share for each in self.milestones), Fraction(0))
        if whole > _HUNDRED:
            rule = f"together {percent_text(whole)}, which is more than the whole"
            raise read.refuse("milestones", len(names), rule, "lower a share")

    @property
    def label(self) -> str:
        """What its documents call it: its title, or its id."""
        return self.title or self.id

    @property
    def is_gross(self) -> bool:
        """Whether its prices include tax."""
        return self.items[0].price_includes_tax

    def __repr__(self) -> str:
        count = f"{len(self.items)} item" + "s" * (len(self.items) > 1)
        return f"<project {self.id} of {self.account.id}: {count}>"


def _listed(read: Boundary, items: Iterable[Item]) -> Iterable[Item]:
    """Refuse what is no list of items."""
    if not isinstance(cast("object", items), Iterable):
        raise read.refuse("items", items, "no list", "use a list: items=[...]")
    return items


def made_for(
    project: Project,
    items: Iterable[Item],
    kind: InvoiceKind = InvoiceKind.STANDARD,
    *,
    books: Books | None = None,
    period: Period | None = None,
    discount: Discount | None = None,
    reference: str = "",
    invoice_date: DateLike | None = None,
) -> DraftInvoice:
    """Make a document of a project; with books, as one of those that share its key."""
    is_final = kind is InvoiceKind.FINAL
    options = DraftOptions(
        period=project.period if period is None else period,
        tax=project.tax,
        discount=discount,
        reference=_name(project, reference, books, kind),
        template=project.template,
        entity=project.entity,
        invoice_date=invoice_date,
        setup=project.setup,
        policy=project.policy,
        kind=kind,
        sub_invoice_key="" if books is None else project.id,
        books=books,
        retention=project.retention if is_final else None,
    )
    return draft(project.account, tuple(items), **options)


def _name(project: Project, reference: str, books: Books | None, kind: InvoiceKind) -> str:
    """Name a document by its place, so that no second one is issued that does not know of it.

    A final has a name of its own there: it waits for the other drafts, and does not replace them.
    """
    if reference or books is None:
        return reference
    issued = (each for each in books.invoices.values() if each.sub_invoice_key == project.id)
    earlier = (each for each in books.earlier if each.key == project.id)
    place = len([*issued, *earlier]) + 1
    return f"{project.id}/final-{place}" if kind is InvoiceKind.FINAL else f"{project.id}/{place}"


def read_percent(read: Boundary, field: str, value: NumberLike | Fraction) -> Fraction:
    """Read a part of the whole in percent, which may be a fraction."""
    percent = value if isinstance(value, Fraction) else Fraction(read.number(field, value))
    if not 0 < percent <= _HUNDRED:
        fix = "use a number above 0, and at most 100"
        raise read.refuse(field, percent_text(percent), "not a part of the whole", fix)
    return percent


def percent_text(percent: Fraction) -> str:
    """Write a percentage with at most two digits after the point."""
    text = f"{round_to(percent, _HUNDREDTH, Rounding.HALF_UP):f}".rstrip("0").removesuffix(".")
    return f"{text} %"

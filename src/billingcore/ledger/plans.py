"""How documents of one sort are booked: worked out once, for thousands of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from attrs import frozen

from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.kinds import KINDS
from billingcore.ledger.booking import Assignment
from billingcore.ledger.matching import Wanted, match
from billingcore.lines.line import LineItem
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.records.terms import ARREARS, LineType
from billingcore.values.memo import Memo

__all__ = ["DocumentPlan", "LinePlan", "TaxPlan", "plan_of"]

INVOICE_CLASS: Final = "Invoice"
CREDIT_CLASS: Final = "Credit"

PLAIN: Final = (InvoiceKind.STANDARD, InvoiceKind.PARTIAL, InvoiceKind.CREDIT)
"""Kinds that are booked as revenue and tax, and nothing else."""

# A member of an enumeration is looked up slowly in its class, and so is its value.
STANDARD: Final = InvoiceKind.STANDARD
TAX_DELTA: Final = LineType.TAX_DELTA


@frozen(eq=False)
class TaxPlan:
    """How the tax of one code and rate is booked.

    Attributes:
        wanted: what its account was looked for by.
        found: its account.
        is_plain: whether there is one account, and it is booked against the debtor.
        group: its category and rate.
    """

    wanted: Wanted
    found: Match
    is_plain: bool
    group: str


@frozen(eq=False)
class LinePlan:
    """How the revenue of lines of one sort is booked.

    Attributes:
        place: lines of one place are one detail; a text, which keeps its hash.
        tax: how their tax is booked.
        wanted: what their account was looked for by.
        found: their account.
        is_clear: whether there is an account, and only one rule that names it.
        is_spread: whether their revenue is spread over months.
        is_plain: whether it is clear, not spread, and against the debtor.
        assignment: what their details say besides.
    """

    place: str
    tax: TaxPlan
    wanted: Wanted
    found: Match
    is_clear: bool
    is_spread: bool
    is_plain: bool
    assignment: Assignment

    def asked(self, type: EntryType) -> Wanted:
        """Give what a collective account of another type is looked for by, for the same lines."""
        return Wanted(
            type,
            entity=self.wanted.entity,
            custom_rule=self.wanted.custom_rule,
            billing_practice=self.wanted.billing_practice,
            region=self.wanted.region,
        )


LinePlans = Memo[tuple[str, str, str, bool], LinePlan]
"""Booking terms, tax code, tax category and rate, and whether in arrears → how lines are booked."""


class DocumentPlan:
    """How documents of one entity, kind, payment method and tax region are booked.

    Attributes:
        entity: name of the business entity; empty if there is none.
        title: what the kind of document is called.
        accounting: how they are booked.
        is_plain: whether revenue and tax are booked, each by itself, and nothing goes along.
        is_interim: whether its tax is due when it is paid.
        lines: what `line` has told.
    """

    __slots__ = (
        "_kind", "_method", "_region", "_taxes", "accounting", "entity", "is_interim", "is_plain",
        "lines", "title",
    )  # fmt: skip

    def __init__(
        self, accounting: Accounting, entity: str, kind: InvoiceKind, region: str, method: str
    ) -> None:
        self.entity: str = entity
        self.title: str = KINDS[kind].title
        self.accounting: Accounting = accounting
        is_bare = not (accounting.is_gross or accounting.copied_fields)
        self.is_plain: bool = kind in PLAIN and is_bare
        self.is_interim: bool = KINDS[kind].is_interim
        self._kind: InvoiceKind = kind
        self._region: str = region
        self._method: str = method
        self._taxes: Memo[tuple[str, str], TaxPlan] = Memo()
        self.lines: LinePlans = Memo()

    def tax(self, tax: Tax) -> TaxPlan:
        """Give how a tax is booked."""
        key = (tax.code, tax.group)
        known = self._taxes.get(key)
        if known is not None:
            return known
        wanted = Wanted(EntryType.TAX, self.entity, tax.code, self._region)
        found = match(wanted, self.accounting)
        is_plain = bool(found.account) and not found.ties and not found.contra
        return self._taxes.keep(key, TaxPlan(wanted, found, is_plain, tax.group))

    def line(self, line: LineItem) -> LinePlan:
        """Give how the revenue of a line is booked."""
        item, tax = line.item, line.tax
        key = (item.booking.key, tax.code, tax.group, item.billing_practice is ARREARS)
        return self.lines.get(key) or self.lines.keep(key, self._line(line))

    def cells(self, lines: Iterable[LineItem]) -> Collection[tuple[LinePlan, list[LineItem]]]:
        """Sort visible lines by how they are booked: those of one detail stand together."""
        found: dict[str, tuple[LinePlan, list[LineItem]]] = {}
        for line in lines:
            if line.type is TAX_DELTA:
                continue
            plan = self.line(line)
            known = found.get(plan.place)
            if known is None:
                found[plan.place] = (plan, [line])
            else:
                known[1].append(line)
        return found.values()

    def revenue(self, tax: Tax) -> Wanted:
        """Give what the revenue account of a tax code is looked for by, where no item says more."""
        return Wanted(
            EntryType.REVENUE,
            entity=self.entity,
            tax_code=tax.code,
            tax_rule=self._region,
            invoice_class=CREDIT_CLASS if self._kind is InvoiceKind.CREDIT else INVOICE_CLASS,
            invoice_type=self._kind.value,
            payment_method=self._method,
        )

    def _line(self, line: LineItem) -> LinePlan:
        """Find the account of a line: its own, or the one that a rule chooses."""
        terms, tax, practice = line.item.booking, line.tax, line.item.billing_practice.value
        wanted = self.revenue(tax)._replace(
            custom_rule=terms.custom_rule,
            billing_practice=practice,
            region=terms.region,
            product_group=terms.product_group,
        )
        found = Match(terms.account) if terms.account else match(wanted, self.accounting)
        is_clear, is_spread = bool(found.account) and not found.ties, terms.recognition is not None
        rate = tax.rate if tax.code else None
        assignment = (tax.code, rate, terms.center, terms.cost_object, terms.region, practice)
        place = (
            *(found.account, found.contra, tax.code, tax.group),
            *(terms.center, terms.cost_object, terms.region, practice),
            terms.key if is_spread else "",
            None if is_clear else wanted,  # since it is reported
        )
        is_plain = is_clear and not is_spread and not found.contra
        booked = self.tax(tax)
        return LinePlan(
            repr(place), booked, wanted, found, is_clear, is_spread, is_plain, assignment
        )


def plan_of(draft: DraftInvoice, accounting: Accounting) -> DocumentPlan:
    """Give how documents like this one are booked."""
    account, seller = draft.account, draft.heading.entity
    entity = "" if seller is None else seller.name
    region, method = account.tax_region, draft.booked.payment_method or account.payment_method
    kind = "" if draft.kind is STANDARD else draft.kind.value
    key = (entity, kind, region, method)
    known: DocumentPlan | None = accounting.plans.get(key)
    if known is None:
        known = DocumentPlan(accounting, entity, draft.kind, region, method)
        accounting.plans.keep(key, known)
    return known

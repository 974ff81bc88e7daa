"""Claim a part of what was agreed: by completion, amount or milestone, or item by item.

Claims are cumulative: each is what should be claimed by now, less what live documents claim. So
whatever is credited or canceled can be claimed again, and the last one claims exactly the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

from attrs import evolve

from billingcore.invoices.document import DraftInvoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.projects.agreed import Agreed, agreed_on, check_no_drafts
from billingcore.lifecycle.projects.project import Project, made_for, percent_text, read_percent
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import allocate, round_amount, round_to_sum
from billingcore.values.sealing import changed
from billingcore.values.words import near

__all__ = ["claim", "one_of", "reading"]

Amounts = Sequence[Decimal]
"""What is claimed of each position, in their order."""

_WORDS: Final = {InvoiceKind.PROGRESS: "Progress claim", InvoiceKind.PARTIAL: "Partial claim"}


def claim(
    project: Project,
    books: Books,
    *,
    completion: NumberLike | Fraction | None = None,
    amount: AmountLike | None = None,
    gross: AmountLike | None = None,
    milestone: str | None = None,
    items: Iterable[Item] | None = None,
    kind: InvoiceKind = InvoiceKind.PROGRESS,
    title: str = "",
    period: Period | None = None,
    reference: str = "",
    invoice_date: DateLike | None = None,
) -> DraftInvoice:
    """Make the next claim of a project; finalize it before the one after it.

    Say in one way what is claimed. It has a line for each tax code; an amount is divided among them
    in proportion to what is left of each, to the cent. Without a reference its place among the
    documents names it, so that two drafts made of the same books are never both issued.

    >>> from billingcore import Account, TaxTable
    >>> house = Project("house-7", Account("acme", currency="EUR"),
    ...                 [Item("shell", unit_price="145.05", tax_code="DE_19")],
    ...                 period=Period.month(2026, 3), tax=TaxTable({"DE_19": 19}))
    >>> first = claim(house, Books(house.account), completion=30)
    >>> first.lines[0].title, first.totals.net, first.totals.gross
    ('Progress claim 1: 30 % of house-7', Decimal('43.52'), Decimal('51.79'))

    Args:
        project: what was agreed.
        books: of its account, as they are now.
        completion: percent that is done by now, with all that was claimed before; two thirds are
            ``Fraction(200, 3)``.
        amount: what is claimed now: net, or gross if the project is priced gross.
        gross: the same with tax, whatever the project is priced.
        milestone: name of the milestone that is reached.
        items: a part with its exact price, as a partial invoice has it.
        kind: progress, or partial for what was delivered.
        title: what its lines say, instead of the library's words.
        period: the days of service, instead of the project's.
        reference: names the draft, instead of its place among the documents.
        invoice_date: the date of the invoice; None is decided when it is finalized.

    Raises:
        InvalidInputError: nothing or too much is claimed, with what is left; the milestone is
            unknown or claimed already; or several ways are used.
        InvalidTransitionError: there is a final already, or a draft of another part invoice.
    """
    read = reading(project, books)
    ways = {"completion": completion, "amount": amount, "gross": gross, "milestone": milestone}
    kind = _kind(read, kind)
    way = one_of(read, {**ways, "items": items})
    is_gross = project.is_gross or way == "gross"
    agreed = agreed_on(project, books, is_gross=is_gross, discount=project.discount)
    made = made_for(
        project,
        _items(agreed, books, kind, title, way, ways[way]) if items is None else items,
        kind,
        books=books,
        period=period,
        reference=reference,
        invoice_date=invoice_date,
    )
    agreed.check(way, made.totals.gross if is_gross else made.totals.net)
    check_no_drafts(agreed, made.id)
    issued = None if items is not None else agreed.issued
    chain = evolve(made.chain, counted=issued, milestone=milestone or "")
    return changed(made, chain=chain)


def reading(project: Project, books: Books) -> Boundary:
    """Give what reads the arguments for a document of a project.

    Raises:
        InvalidInputError: there is no project, or there are no books.
    """
    plain = Boundary("Project")
    read = Boundary("Project", plain.instance("project", project, Project).id)
    read.instance("books", books, Books)
    return read


def _kind(read: Boundary, given: InvoiceKind) -> InvoiceKind:
    kind = read.member("kind", given, InvoiceKind)
    if kind not in _WORDS:
        fix = "use progress or partial, or deposit(...)"
        raise read.refuse("kind", kind.value, "no claim is of this kind", fix)
    return kind


def _items(
    agreed: Agreed, books: Books, kind: InvoiceKind, title: str, way: str, given: Any
) -> list[Item]:
    """Make the items of a claim: one for each tax code, with the words of the claim."""
    number = agreed.count(kind) + 1
    amounts, what = _WAYS[way](agreed, books, given)
    text = title or f"{_WORDS[kind]} {number}{what} of {agreed.project.label}"
    return agreed.items(f"claim-{number}", text, amounts)


def one_of(read: Boundary, ways: dict[str, Any]) -> str:
    """Say which way is used.

    Raises:
        InvalidInputError: none, or several.
    """
    used = [name for name, value in ways.items() if value is not None]
    if len(used) != 1:
        rule = "nothing says how much" if not used else "several ways to say how much"
        fix = "use one of " + ", ".join(ways)
        raise read.refuse("amount", ", ".join(used) or None, rule, fix)
    return used[0]


def _by_completion(agreed: Agreed, _: Books, given: NumberLike | Fraction) -> tuple[Amounts, str]:
    """Claim what is done by now, less what was claimed."""
    read = Boundary("Project", agreed.project.id)
    percent = read_percent(read, "completion", given)
    exact = [Fraction(each.agreed) * percent / 100 for each in agreed.positions]
    rounding, currency = agreed.project.policy.rounding, agreed.currency
    whole = round_amount(sum(exact, Fraction(0)), currency, rounding)
    if whole <= agreed.claimed:
        done, before = percent_text(percent), agreed.said(agreed.claimed)
        rule = f"{done} of all are {agreed.said(whole)}, and {before} are claimed already"
        raise read.refuse("completion", done, rule, agreed.rest)
    targets = round_to_sum(whole, exact, currency=currency)
    pairs = zip(targets, agreed.positions, strict=True)
    amounts = [EXACT.subtract(target, each.claimed) for target, each in pairs]
    return amounts, f": {percent_text(percent)}"


def _by_amount(agreed: Agreed, _: Books, given: AmountLike) -> tuple[Amounts, str]:
    """Claim an amount, divided among the tax codes by what is left of each."""
    name = "gross" if agreed.is_gross else "amount"
    amount = agreed.read(name, given)
    weights = [each.left for each in agreed.positions]
    return allocate(amount, weights, currency=agreed.currency), ""


def _by_milestone(agreed: Agreed, books: Books, given: str) -> tuple[Amounts, str]:
    """Claim the share of a milestone, once."""
    read = Boundary("Project", agreed.project.id)
    read.text("milestone", given)
    plan = [each.name for each in agreed.project.milestones]
    if given not in plan:
        fix = near(given, plan) or f"use one of {', '.join(plan) or '... (there are none)'}"
        raise read.refuse("milestone", given, "no such milestone", fix)
    claimed = _claimed_milestones(agreed, books)
    if given in claimed:
        open_ones = [name for name in plan if name not in claimed]
        fix = f"credit or cancel that first; left: {', '.join(open_ones) or 'none'}"
        raise read.refuse("milestone", given, f"{claimed[given]} claims it already", fix)
    place = plan.index(given)
    before, upto = _milestone_targets(agreed)[place : place + 2]
    amounts = [EXACT.subtract(new, old) for new, old in zip(upto, before, strict=True)]
    agreed.check("milestone", total(amounts))
    return amounts, f": {given}"


def _milestone_targets(agreed: Agreed) -> list[Amounts]:
    """Say what is claimed of each position before each milestone, and after the last one.

    The whole is divided among the milestones first, then what they add up to among the positions.
    """
    shares = [each.share for each in agreed.project.milestones]
    rest = 100 - sum(shares, Fraction(0))
    amounts = allocate(agreed.total, [*shares, rest], currency=agreed.currency)
    sums = accumulate(amounts[:-1], EXACT.add, initial=ZERO)
    whole = Fraction(agreed.total)
    return [
        round_to_sum(
            upto,
            [Fraction(each.agreed) * Fraction(upto) / whole for each in agreed.positions],
            currency=agreed.currency,
        )
        for upto in sums
    ]


def _claimed_milestones(agreed: Agreed, books: Books) -> dict[str, str]:
    """Give the milestones that live documents claim: name → number."""
    issued = (books.invoices.get(each.number) for each in agreed.documents if not each.is_draft)
    found = (each for each in issued if each is not None)
    return {each.draft.chain.milestone: each.number for each in found}


_WAYS: Final[dict[str, Callable[[Agreed, Books, Any], tuple[Amounts, str]]]] = {
    "completion": _by_completion,
    "amount": _by_amount,
    "gross": _by_amount,
    "milestone": _by_milestone,
}

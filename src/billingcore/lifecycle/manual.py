"""An invoice without a run: items in, a draft out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NotRequired, Required, TypedDict, Unpack

from attrs import evolve

from billingcore.errors import InvalidInputError, PortError
from billingcore.grouping import Key, differences, group
from billingcore.invoices.assembly import Asked, Assembly, questions_for, share_order_discount
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import raise_for
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.placing import Place
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line, make_lines, terms_of
from billingcore.periods.shares import span_over, whole_span
from billingcore.periods.slices import slices_of
from billingcore.periods.timeline import timeline_of
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.discount import Discount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.payment_terms import Retention
from billingcore.records.setup import DEFAULT_TEMPLATE, Heading, Setup
from billingcore.records.snapshot import DEFAULT_SETUP, AccountSnapshot
from billingcore.records.taxes import TaxAnswer, TaxPurpose, TaxQuestion
from billingcore.scope.policy import DOCUMENTED, Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import NegativeTotal, ZeroTotal
from billingcore.tax.answers import ask
from billingcore.tax.drafts import finish
from billingcore.values.boundary import DateLike
from billingcore.values.context import exactly
from billingcore.values.keys import digest
from billingcore.values.memo import Memo
from billingcore.values.period import Period
from billingcore.values.sealing import new_tuple
from billingcore.values.words import near

__all__ = ["DraftOptions", "ask_for", "draft", "drafts", "lines_by_hand", "nothing_billed"]

Groups = dict[Key, list[OpenLine]]
"""The lines of each document."""


class DraftOptions(TypedDict):
    """What can be said about a draft by hand.

    Attributes:
        period: the days of service.
        tax: the tax engine; needed if an item has a tax code.
        discount: an order discount, shared over the lines.
        reference: names the draft; without it, its content does.
        template: name of a template of the setup; None takes the account's, then Default.
        entity: name of the business entity that sells; None takes the account's.
        invoice_date: the date of the invoice; None is decided when it is finalized.
        setup: templates and business entities.
        policy: how it is grouped, taxed and rounded.
        kind: what it is; by default an invoice, or a credit if its total is negative.
        sub_invoice_key: what it shares with the other documents of its agreement, of a partial,
            progress, deposit or final invoice.
        books: of the account; needed with a key, since they say what was invoiced before.
        retention: what the customer keeps back; goes before that of the template.
    """

    period: Required[Period]
    tax: NotRequired[TaxEngine | None]
    discount: NotRequired[Discount | None]
    reference: NotRequired[str]
    template: NotRequired[str | None]
    entity: NotRequired[str | None]
    invoice_date: NotRequired[DateLike | None]
    setup: NotRequired[Setup]
    policy: NotRequired[Policy]
    kind: NotRequired[InvoiceKind]
    sub_invoice_key: NotRequired[str]
    books: NotRequired[Books | None]
    retention: NotRequired[Retention | None]


def draft(account: Account, items: Sequence[Item], **options: Unpack[DraftOptions]) -> DraftInvoice:
    """Make one draft by hand; *options* are those of `DraftOptions`.

    An item with a billing period costs its factor over the period.

    >>> from billingcore import TaxTable
    >>> consulting = Item("consulting", title="Consulting", unit_price=120, quantity="7.5",
    ...                   tax_code="DE_19", unit_code="HUR")
    >>> made = draft(Account("acme", currency="EUR"), [consulting],
    ...              period=Period.month(2026, 1), tax=TaxTable({"DE_19": 19}))
    >>> made.totals.net, made.totals.gross
    (Decimal('900.00'), Decimal('1071.00'))

    Raises:
        InvalidInputError: there are no items, they belong on different documents (use
            `drafts`), a name is unknown, or the kind and the key do not go together.
        InvalidTransitionError: a part invoice or a final cannot be made, or not before others are.
        MissingFieldError: a final has no key.
        BillingProblemsError: a tax code is unknown.
    """
    place = _check(account, options)
    first, *others = _made(account, items, options)
    if others:
        why = "; ".join(map(str, differences(first.group, others[0].group, first.policy)))
        rule = f"the items belong on {len(others) + 1} documents, {why}"
        raise InvalidInputError(rule, field="items", value=len(items), fix="use drafts(...)")
    return place.of(first, options.get("discount"))


def drafts(
    account: Account, items: Sequence[Item], **options: Unpack[DraftOptions]
) -> tuple[DraftInvoice, ...]:
    """Make drafts by hand: one per invoice criterion and currency of the items.

    Takes the arguments of `draft`; a discount is taken off every one of the documents. With a sub
    invoice key there can be only one.
    """
    place = _check(account, options)
    made = _made(account, items, options)
    place.check_single(len(made))
    discount = options.get("discount")
    return tuple([place.of(each, discount) for each in made])


def _made(
    account: Account, items: Sequence[Item], options: DraftOptions
) -> tuple[DraftInvoice, ...]:
    """Make documents that stand alone, whatever their kind, without what is said of them."""
    if not items:
        fix = "give at least one"
        raise InvalidInputError("an invoice needs an item", field="items", value=0, fix=fix)
    period, discount = options["period"], options.get("discount")
    policy = _issuing(options.get("policy", DOCUMENTED))
    name = options.get("reference") or digest([account.id, str(period), *map(repr, items)])
    run = InvoiceRun(
        period,
        invoice_date=options.get("invoice_date"),
        policy=policy,
        id=f"manual/{name}",
    )
    heading = _heading(account, options)
    with exactly():
        groups, asked = _plain_lines(run, account, items, heading) or _grouped(
            run, account, items, heading
        )
        if discount is not None:
            for own in groups.values():
                share_order_discount(discount, own, policy)
        snapshot = AccountSnapshot(account)
    assembly = Assembly(run, snapshot, Harvest(run, snapshot), groups, asked)
    answers = ask_for(asked, options.get("tax"), TaxPurpose.ESTIMATE)
    with exactly():
        outcome = finish(assembly, answers)
    raise_for(outcome.problems)
    return outcome.drafts


def _check(account: Account, options: DraftOptions) -> Place:
    """Refuse options that there are not, and no period; say what the documents are to be."""
    known, given = DraftOptions.__annotations__, [*options]
    for name in given:
        if name not in known:
            fix = near(name, list(known)) or "use one of " + ", ".join(known)
            raise InvalidInputError(
                "a draft has no such option", field="options", value=name, fix=fix
            )
    if "period" not in given:
        fix = "give the days of service: period=Period.month(2026, 1)"
        raise InvalidInputError("a draft needs its days", field="period", value=None, fix=fix)
    kind, key = options.get("kind", InvoiceKind.STANDARD), options.get("sub_invoice_key", "")
    return Place(kind, key, options.get("books"), account)


def ask_for(asked: Asked, tax: TaxEngine | None, purpose: TaxPurpose) -> Sequence[TaxAnswer]:
    """Ask what lines wait for.

    Raises:
        PortError: there is something to ask and nobody to ask it of.
    """
    if not asked.questions:
        return ()
    if tax is None:
        code = asked.questions[0].code
        rule = f"an item has tax code {code!r}, but there is no tax engine; pass tax=..."
        raise PortError(rule, port="TaxEngine", question=code)
    return ask(tax, asked.questions, purpose)


def _issuing(policy: Policy) -> Policy:
    """Give the policy as it applies by hand: what is asked for is issued, whatever its total."""
    is_carried = policy.negative_total is NegativeTotal.CARRY_FORWARD
    negative = NegativeTotal.CREDIT if is_carried else policy.negative_total
    if (policy.zero_total, policy.negative_total) == (ZeroTotal.ISSUE, negative):
        return policy
    return evolve(policy, zero_total=ZeroTotal.ISSUE, negative_total=negative)


def _heading(account: Account, options: DraftOptions) -> Heading:
    setup = options.get("setup", DEFAULT_SETUP)
    wanted = options.get("template") or account.template
    seller = options.get("entity") or account.entity
    heading = setup.heading(wanted, seller, account.payment_days)
    if heading is None:
        fix = "add it to the setup"
        value = wanted or DEFAULT_TEMPLATE
        raise InvalidInputError("no such template", field="template", value=value, fix=fix)
    retention = options.get("retention")
    if retention is None:
        return heading
    terms = evolve(heading.template.payment_terms, retention=retention)
    return evolve(heading, template=evolve(heading.template, payment_terms=terms))


def _plain_lines(
    run: InvoiceRun, account: Account, items: Sequence[Item], heading: Heading
) -> tuple[Groups, Asked] | None:
    """Make the lines of items that are all plain, and for one document; None if one is not.

    A plain item has one price, in the currency of the account.
    """
    span, criterion = whole_span(run.policy, run.period, None), items[0].criterion
    terms, name = terms_of(None, heading, "", run.policy, account.currency), run.id
    lines: list[OpenLine] = []
    waiting: dict[str, list[OpenLine]] = {}
    for number, item in enumerate(items, 1):
        if item.cadence is not None or item.pricing is not None or item.versions:
            return None
        if item.currency is not None or item.criterion != criterion:
            return None
        line = make_line(item, "", span, terms)
        line.own_key = f"{name}+{number}"
        lines.append(line)
        code = item.tax_code
        if code in waiting:
            waiting[code].append(line)
        elif code is not None:
            waiting[code] = [line]
    return _together(lines, run.policy), _asked_of(lines[0], waiting, account)


def _together(lines: list[OpenLine], policy: Policy) -> Groups:
    """Put lines on one document that differ in nothing that the usual criteria look at."""
    return {policy.group_of(lines[0]): lines} if policy.groups_by_contract else group(lines, policy)


def _asked_of(line: OpenLine, waiting: Mapping[str, list[OpenLine]], account: Account) -> Asked:
    """Give the questions of lines of the same days and seller, of which one is given."""
    said = (line.span.tax_days, account, line.heading.entity)
    questions = [new_tuple(TaxQuestion, (code, *said)) for code in waiting]
    return Asked(questions, [*waiting.values()])


def _grouped(
    run: InvoiceRun, account: Account, items: Sequence[Item], heading: Heading
) -> tuple[Groups, Asked]:
    """Make the lines of items, sort them by document, and collect what is to be asked of taxes."""
    terms = terms_of(None, heading, "", run.policy, account.currency)
    whole = whole_span(run.policy, run.period, None)
    lines: list[OpenLine] = []
    for item in items:
        if item.cadence is None and item.pricing is None and not item.versions:
            lines.append(make_line(item, "", whole, terms))
        else:
            lines += lines_by_hand(item, run.period, run.policy, terms)
    if not lines:
        raise nothing_billed(run.period)
    name = run.id
    for number, line in enumerate(lines, 1):
        line.own_key = f"{name}+{number}"
    return group(lines, run.policy), questions_for(lines, account)


def nothing_billed(days: Period) -> InvalidInputError:
    """Make the error for days of which nothing is billed, such as those of a pause."""
    fix = "choose other days, or items that are not paused"
    rule = "nothing is billed for these days"
    return InvalidInputError(rule, field="period", value=str(days), fix=fix)


def lines_by_hand(item: Item, days: Period, policy: Policy, terms: Terms) -> Iterator[OpenLine]:
    """Make the line of an item over certain days, or one for each of its versions and tiers.

    Raises:
        InvalidInputError: its convention cannot measure its billing period, or no tier applies.
    """
    span = span_over(item, days, policy)
    if not item.versions:
        yield from make_lines(item, "", span, terms)
        return
    timeline = timeline_of(item, policy)
    for version, part in slices_of(item, span, timeline, policy, Memo()):
        yield from make_lines(version, "", part, terms)

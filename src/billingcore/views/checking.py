"""Checks of a setup before a run: filters, fields, mappings, templates, tax codes, bookkeeping.

Nothing is billed or stored. Filters are compared with each other and with samples of the records
that they are for; samples are read as the run reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from billingcore.errors import PortError, told
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.setup import DEFAULT_TEMPLATE, Setup
from billingcore.records.snapshot import DEFAULT_SETUP
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.taxes import TaxPurpose, TaxQuestion, TaxRefusal
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Selection
from billingcore.tax.answers import ask
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import ONE_DAY
from billingcore.values.period import Period
from billingcore.values.words import near
from billingcore.views.accounting_checks import check_accounting
from billingcore.views.field_checks import check_fields
from billingcore.views.filter_checks import check_filters
from billingcore.views.findings import Finding, Findings, Given, Severity
from billingcore.views.sample_checks import Named, check_samples, named_by

__all__ = ["check"]

ANYBODY: Final = Account("anybody", currency="EUR")
"""Who buys, where that is not known."""


def check(
    run: InvoiceRun | Selection,
    setup: Setup = DEFAULT_SETUP,
    *,
    records: Iterable[SourceRecord] = (),
    accounts: Iterable[Account] = (),
    subscriptions: Iterable[Subscription] = (),
    tax: TaxEngine | None = None,
) -> tuple[Finding, ...]:
    """Check a setup before a run; each finding says what is wrong, and how to mend it.

    The more samples it gets, the more it can check: all are optional, and a few of each kind do.
    What a run would make a problem of is an error here.

    >>> from billingcore import Filter, Period, UseCase
    >>> orders = Filter("Orders", use_case=UseCase.GENERIC, target="Order", columns=["Staus"])
    >>> order = SourceRecord("Order", "O-1", {"ON_Account": "acme", "Status": "New",
    ...                                       "ON_UnitPrice": "9.50"})
    >>> for finding in check(Selection([orders]), records=[order]):
    ...     print(finding)
    ERROR: filter 'Orders': columns: no Order has a field 'Staus'; did you mean Status?

    Args:
        run: the run, or only its filters; then no tax codes are checked.
        setup: templates, business entities, data mappings and bookkeeping.
        records: samples of the host's records, with children; their fields are those of the type.
        accounts: samples of accounts.
        subscriptions: samples of contracts.
        tax: asked about every tax code of the samples; without it, they are taken as known.

    Returns:
        The findings, errors first; empty if nothing was found. What constructors refuse is not
        among them.

    Raises:
        InvalidInputError: an argument is of a wrong type.
    """
    read = Boundary("check")
    whole = run if isinstance(run, InvoiceRun) else None
    selection = read.instance("run", run, Selection) if whole is None else whole.selection
    buyers = (read.instance("accounts", each, Account) for each in accounts)
    contracts = (read.instance("subscriptions", each, Subscription) for each in subscriptions)
    given = Given(
        selection,
        read.instance("setup", setup, Setup),
        tuple(read.instance("records", each, SourceRecord) for each in records),
        {account.id: account for account in buyers},
        tuple(contracts),
    )
    found = Findings()
    check_filters(found, given)
    check_fields(found, given)
    named = [*check_samples(found, given), *_contracts(given)]
    named += _others(given, named)
    _check_templates(found, setup, named)
    _check_entities(found, setup, named)
    check_accounting(found, given, named)
    if tax is not None:
        _check_taxes(found, setup, named, tax, whole)
    return found.in_order


def _contracts(given: Given) -> Iterator[Named]:
    """Yield what subscriptions name."""
    for contract in given.subscriptions:
        codes = [
            version.tax_code
            for item, _ in contract.positions
            for version in (item, *item.versions)
            if version.tax_code is not None
        ]
        account, who = given.accounts.get(contract.account), f"Subscription {contract.id!r}"
        yield named_by(who, account, contract.template, contract.entity, codes)


def _others(given: Given, named: Sequence[Named]) -> list[Named]:
    """Give what accounts name of which there is no other sample."""
    told = {each.account.id for each in named if each.account is not None}
    return [
        named_by(f"Account {account.id!r}", account, None, None)
        for account in given.accounts.values()
        if account.id not in told
    ]


def _check_templates(found: Findings, setup: Setup, named: Sequence[Named]) -> None:
    known = [name for each in setup.templates for name in each.names]
    if DEFAULT_TEMPLATE not in known:
        without = [each.who for each in named if each.template is None and each.account is not None]
        severity = Severity.ERROR if without or not known else Severity.WARNING
        what = f"there is no template named {DEFAULT_TEMPLATE}"
        message = f"{what}, and {without[0]} names no other" if without else what
        fix = f"add Template({DEFAULT_TEMPLATE!r}), or name a template at every account"
        found.add(severity, "setup", "templates", message, fix)
    for each in named:
        if each.template is not None and each.template not in known:
            fix = near(each.template, known) or "add it to the setup"
            message = f"{each.template!r}: there is no template of this name"
            found.add(Severity.ERROR, each.who, "template", message, fix)


def _check_entities(found: Findings, setup: Setup, named: Sequence[Named]) -> None:
    known = [name for each in setup.entities for name in each.names]
    for each in named:
        if each.entity is not None and each.entity not in known:
            fix = near(each.entity, known) or "add it to the setup"
            message = f"{each.entity!r}: there is no business entity of this name"
            found.add(Severity.ERROR, each.who, "entity", message, fix)


def _check_taxes(
    found: Findings,
    setup: Setup,
    named: Sequence[Named],
    tax: TaxEngine,
    run: InvoiceRun | None,
) -> None:
    """Ask the tax engine about every code, for the last day of the run."""
    if run is None:
        message = "tax codes are not checked, since their rates depend on the day"
        found.add(Severity.NOTE, "tax", "run", message, "give the run instead of its filters")
        return
    day = Period.day(run.period.bounds[1] - ONE_DAY)
    sellers = {name: each for each in setup.entities for name in each.names}
    asked = {
        TaxQuestion(code, day, each.account or ANYBODY, sellers.get(each.entity or "")): each.who
        for each in reversed(named)
        for code in each.codes
    }
    try:
        answers = ask(tax, list(asked), TaxPurpose.ESTIMATE)
    except PortError as error:
        message = f"it cannot be asked: {told(error.__cause__ or error)}"
        found.add(Severity.ERROR, "tax", "taxes", message, "mend the tax engine")
        return
    for (question, who), answer in zip(asked.items(), answers, strict=True):
        if isinstance(answer, TaxRefusal):
            message = f"{answer.rule}, as in {who}"
            fix = answer.fix or "use a code that the tax engine knows"
            found.add(Severity.ERROR, f"tax code {question.code!r}", "tax_code", message, fix)

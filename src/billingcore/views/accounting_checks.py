"""Checks of the bookkeeping: rules without accounts, rules that compete, and what none is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from billingcore.ledger.matching import (
    TAX_CRITERIA,
    TAXED,
    Wanted,
    criteria_of,
    match,
    words_of,
    wrong_with,
)
from billingcore.ledger.plans import CREDIT_CLASS, INVOICE_CLASS
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import AssignmentRule, CollectiveAccount, EntryType
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.payment import PAYMENT_KINDS
from billingcore.records.terms import BillingPractice
from billingcore.values.words import near
from billingcore.views.findings import Findings, Given, Severity
from billingcore.views.sample_checks import Named

__all__ = ["check_accounting"]

Rule = AssignmentRule | CollectiveAccount

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "invoice_class": (INVOICE_CLASS, CREDIT_CLASS),
    "invoice_type": tuple(kind.value for kind in InvoiceKind),
    "billing_practice": tuple(practice.value for practice in BillingPractice),
}
"""Criteria whose values are all known."""


ADVANCES: Final[Mapping[EntryType, bool]] = {
    EntryType.INTERIM_REVENUE: False,
    EntryType.INTERIM_PAYMENT: True,
    EntryType.INTERIM_TAX: True,
    EntryType.INTERIM_PAYMENT_CLEARING: False,
}
"""What advances are booked as, and whether it is taken off the account of type Interim Revenue."""


def check_accounting(found: Findings, given: Given, named: Sequence[Named]) -> None:
    """Check how documents and payments are booked, if they are."""
    accounting = given.setup.accounting
    if not accounting.is_on:
        return
    rules: list[Rule] = [*accounting.rules, *accounting.collective]
    _check_chart(found, accounting, rules)
    _check_debtors(found, given, accounting)
    _check_words(found, given, rules)
    _check_missing(found, given, accounting)
    _check_advances(found, accounting)
    _check_ties(found, accounting.rules)
    for kind in EntryType:
        _check_ties(found, [each for each in accounting.collective if each.type is kind])
    for each in named:
        _check_sample(found, given, accounting, each)
    _check_revenue(found, given, accounting)


def _who(rule: Rule) -> str:
    return f"{type(rule).__name__} {rule.name!r}"


def _check_chart(found: Findings, accounting: Accounting, rules: Sequence[Rule]) -> None:
    """Find numbers that are not in the chart of accounts; debtors need not be there."""
    if not accounting.chart:
        return
    for rule in rules:
        further = "second_account" if isinstance(rule, AssignmentRule) else "contra"
        for field in ("account", further):
            number = getattr(rule, field)
            if number and number not in accounting.accounts:
                message = f"{number!r}: there is no such account in the chart"
                fix = "add it to the chart, or name another one"
                found.add(Severity.ERROR, _who(rule), field, message, fix)


def _check_debtors(found: Findings, given: Given, accounting: Accounting) -> None:
    """Find debtor numbers of rules and samples that are numbers of the chart."""
    debtors = [(_who(each), each.debtor) for each in accounting.collective]
    debtors += [(f"Account {each.id!r}", each.debtor) for each in given.accounts.values()]
    for who, number in debtors:
        if number in accounting.accounts:
            message = (
                f"{number!r}: it is a number of the chart: {accounting.accounts[number].label}"
            )
            fix = "give the customer a number that nothing else has"
            found.add(Severity.WARNING, who, "debtor", message, fix)


def _check_words(found: Findings, given: Given, rules: Sequence[Rule]) -> None:
    """Find words that nothing can have, and criteria that are not asked."""
    entities = tuple(each.name for each in given.setup.entities)
    known = {**WORDS, "entity": entities}
    for period in given.setup.accounting.periods:
        if period.entity and period.entity not in entities:
            _unknown(found, f"BookingPeriod {period.name!r}", "entity", period.entity, entities)
    for rule in rules:
        for field, words in known.items():
            for word in sorted(words_of(rule, field) - {*words}):
                _unknown(found, _who(rule), field, word, words)
        ignored = [name for name in TAX_CRITERIA if words_of(rule, name)]
        if ignored and isinstance(rule, CollectiveAccount) and rule.type not in TAXED:
            message = f"it is not asked of type {rule.type.value}"
            found.add(Severity.NOTE, _who(rule), ignored[0], message, "take it out")


def _unknown(found: Findings, who: str, field: str, word: str, known: Sequence[str]) -> None:
    fix = near(word, known) or "use one of " + (", ".join(known) or "... (none is set up)")
    found.add(Severity.ERROR, who, field, f"{word!r}: nothing has this value", fix)


def _check_missing(found: Findings, given: Given, accounting: Accounting) -> None:
    """Find types of entries for which there is no collective account at all."""
    present = {each.type for each in accounting.collective}
    needed = [] if accounting.is_gross else [EntryType.TAX]
    further: list[str] = []
    if accounting.books_payments:
        needed.append(EntryType.PAYMENT)
        kinds = dict.fromkeys(rules.entry for rules in PAYMENT_KINDS.values())
        further = [kind.value for kind in kinds if kind not in {*present, EntryType.PAYMENT}]
    if any(item.booking.recognition for item in _items(given)):
        needed.append(EntryType.DEFERRED)
    for kind in needed:
        if kind not in present:
            fix = f"add a CollectiveAccount of type {kind.value}"
            message = f"there is none of type {kind.value}"
            found.add(Severity.ERROR, "accounting", "collective", message, fix)
    if further:
        message = f"there is none of type {', '.join(further)}; such payments find no account"
        fix = "add those that you will need"
        found.add(Severity.WARNING, "accounting", "collective", message, fix)


def _check_advances(found: Findings, accounting: Accounting) -> None:
    """Find what advances need, if any of it is set up, or deposits are booked."""
    of_type = {kind: [e for e in accounting.collective if e.type is kind] for kind in ADVANCES}
    if not (accounting.books_deposits or any(of_type.values())):
        return
    for kind, is_taken_off in ADVANCES.items():
        if is_taken_off and not accounting.books_payments:
            continue
        if not of_type[kind] and not (accounting.is_gross and kind is EntryType.INTERIM_TAX):
            message = f"there is none of type {kind.value}, which advances need"
            fix = f"add a CollectiveAccount of type {kind.value}"
            found.add(Severity.ERROR, "accounting", "collective", message, fix)
    holders = {each.account for each in of_type[EntryType.INTERIM_REVENUE]}
    for kind in (kind for kind, is_taken_off in ADVANCES.items() if is_taken_off):
        for each in of_type[kind]:
            if each.contra not in holders:
                message = f"{each.contra!r}: what is paid of an advance would not leave its account"
                fix = "name the account of type Interim Revenue: " + ", ".join(sorted(holders))
                found.add(Severity.WARNING, _who(each), "contra", message, fix)


def _items(given: Given) -> Iterator[Item]:
    for contract in given.subscriptions:
        for item, _ in contract.positions:
            yield item


def _check_ties(found: Findings, rules: Sequence[Rule]) -> None:
    """Find pairs of rules that fit the same as well, unless a further one fits better."""
    for one, other in combinations(sorted(rules, key=_name), 2):
        both = _common(one, other)
        if both is not None and not any(
            _settles(each, both, len(criteria_of(one))) for each in rules
        ):
            facts = " and ".join(f"{name} {min(words)!r}" for name, words in both.items())
            where = f" for {facts}" if facts else ""
            message = f"it fits as well as {one.name!r}, which goes first by its name{where}"
            fix = "name one more criterion in the one that is meant"
            found.add(Severity.WARNING, _who(other), "name", message, fix)


def _name(rule: Rule) -> str:
    return rule.name


def _common(one: Rule, other: Rule) -> dict[str, frozenset[str]] | None:
    """Give what both of two rules of the same rank fit; None if there is nothing."""
    names = criteria_of(one)
    if len(names) != len(criteria_of(other)) or _goes_before(one) != _goes_before(other):
        return None
    both: dict[str, frozenset[str]] = {}
    for name in dict.fromkeys([*names, *criteria_of(other)]):
        first, second = words_of(one, name), words_of(other, name)
        both[name] = first & second if first and second else first or second
    return both if all(both.values()) else None


def _goes_before(rule: Rule) -> bool:
    """Tell whether a rule wins a tie: among taxes, one that names the tax rule."""
    is_taxed = isinstance(rule, CollectiveAccount) and rule.type in TAXED
    return is_taxed and bool(rule.tax_rule)


def _settles(rule: Rule, both: dict[str, frozenset[str]], count: int) -> bool:
    """Tell whether a rule goes before two others in all that both fit."""
    named = criteria_of(rule)
    return len(named) > count and all(
        name in both and both[name] <= words_of(rule, name) for name in named
    )


def _check_sample(found: Findings, given: Given, accounting: Accounting, named: Named) -> None:
    """Find customers without a debtor number, and tax codes without an account."""
    account = named.account
    if account is not None and not account.debtor:
        who, message = f"Account {account.id!r}", "there is no debtor number"
        fix = "give it one, or one to each of its documents"
        found.add(Severity.WARNING, who, "debtor", message, fix)
    if accounting.is_gross:
        return
    region = "" if account is None else account.tax_region
    for code in named.codes:
        wanted = Wanted(EntryType.TAX, _entity(given, named.entity), code, region)
        answer = match(wanted, accounting)
        if not answer.account:
            error, who = wrong_with(wanted, answer), f"tax code {code!r}"
            message = f"{error.rule}, as in {named.who}"
            fix = f"{error.fix}, unless its rate is 0"
            found.add(Severity.WARNING, who, "collective", message, fix)


def _entity(given: Given, name: str | None) -> str:
    """Give the name of a seller as documents say it."""
    called = {known: each.name for each in given.setup.entities for known in each.names}
    return called.get(name or "", "")


def _check_revenue(found: Findings, given: Given, accounting: Accounting) -> None:
    """Find items of contracts whose revenue finds no account."""
    for contract in given.subscriptions:
        account = given.accounts.get(contract.account)
        entity = contract.entity or (account.entity if account else None)
        for item, _ in contract.positions:
            terms = item.booking
            wanted = Wanted(
                EntryType.REVENUE,
                entity=_entity(given, entity),
                tax_code=item.tax_code or "",
                tax_rule=account.tax_region if account else "",
                custom_rule=terms.custom_rule,
                billing_practice=item.billing_practice.value,
                region=terms.region,
                product_group=terms.product_group,
                invoice_class=INVOICE_CLASS,
                invoice_type=InvoiceKind.STANDARD.value,
                payment_method=account.payment_method if account else "",
            )
            answer = match(wanted, accounting)
            if not terms.account and not answer.account:
                error, who = wrong_with(wanted, answer), f"Subscription {contract.id!r}"
                message = f"{error.rule}, as in item {item.id!r}"
                found.add(Severity.ERROR, who, "booking", message, error.fix)

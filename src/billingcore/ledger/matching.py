"""Which rule or collective account fits best (behaviour 6.3).

A rule fits if each criterion that it names has the value of what is booked. Of those that fit, the
one that names most wins. On a tie the name decides, which is reported; of tax accounts, one that
names the tax rule goes before one that names the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

from billingcore.errors import NoMatchingAccountError
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import (
    NO_MATCH,
    AssignmentRule,
    CollectiveAccount,
    EntryType,
    Match,
)

__all__ = [
    "COLLECTIVE_CRITERIA",
    "RULE_CRITERIA",
    "TAXED",
    "TAX_CRITERIA",
    "Wanted",
    "best_of",
    "criteria_of",
    "match",
    "without_debtor",
    "words_of",
    "wrong_with",
]

R = TypeVar("R", AssignmentRule, CollectiveAccount)

NOTHING_NAMED: Final[frozenset[str]] = frozenset()
TAX_CRITERIA: Final = ("tax_code", "tax_rule")
RULE_CRITERIA: Final = (
    "custom_rule",
    "invoice_class",
    "invoice_type",
    "payment_method",
    "product_group",
    *TAX_CRITERIA,
    "entity",
)
COLLECTIVE_CRITERIA: Final = (
    "entity",
    "bank_account",
    "billing_practice",
    "clearing_reason",
    "custom_rule",
    "payment_provider",
    "region",
)
TAXED: Final = frozenset(
    {
        EntryType.TAX,
        EntryType.CASH_DISCOUNT,  # ours: its net amounts are per tax code, as its accounts are
        EntryType.INTERIM_REVENUE,
        EntryType.INTERIM_TAX,
        EntryType.INTERIM_PAYMENT,
        EntryType.INTERIM_PAYMENT_CLEARING,
    }
)
"""Types of entries whose collective accounts may name tax code and tax rule."""


class Wanted(NamedTuple):
    """What an account is looked for, in the words that rules name."""

    type: EntryType
    entity: str = ""
    tax_code: str = ""
    tax_rule: str = ""
    custom_rule: str = ""
    billing_practice: str = ""
    region: str = ""
    product_group: str = ""
    invoice_class: str = ""
    invoice_type: str = ""
    payment_method: str = ""
    bank_account: str = ""
    payment_provider: str = ""
    clearing_reason: str = ""


def match(wanted: Wanted, accounting: Accounting) -> Match:
    """Give the account for something that is booked; each question is answered once."""
    known = accounting.matches.get(wanted)
    return accounting.matches.keep(wanted, _match(wanted, accounting)) if known is None else known


def _match(wanted: Wanted, accounting: Accounting) -> Match:
    """Look among the rules if it is revenue, then among the collective accounts."""
    if wanted.type is EntryType.REVENUE:
        rules = best_of(accounting.rules, wanted)
        if rules:
            first, *ties = rules
            names = tuple(each.name for each in ties)
            return Match(first.account, first.name, "", first.second_account, names)
    found = best_of([each for each in accounting.collective if each.type is wanted.type], wanted)
    if not found:
        return NO_MATCH
    best, *others = found
    contra = best.contra or best.debtor
    return Match(best.account, best.name, contra, ties=tuple(each.name for each in others))


def criteria_of(rule: AssignmentRule | CollectiveAccount) -> tuple[str, ...]:
    """Give the criteria that a rule names, of those that are asked of its type."""
    if isinstance(rule, AssignmentRule):
        asked: tuple[str, ...] = RULE_CRITERIA
    else:
        asked = COLLECTIVE_CRITERIA + (TAX_CRITERIA if rule.type in TAXED else ())
    return tuple(name for name in asked if words_of(rule, name))


def words_of(rule: AssignmentRule | CollectiveAccount, criterion: str) -> frozenset[str]:
    """Give the words of a criterion; empty if the rule does not name it, or has no such one."""
    words: frozenset[str] = getattr(rule, criterion, NOTHING_NAMED)
    return words


def best_of(rules: Sequence[R], wanted: Wanted) -> list[R]:
    """Give the rules that fit best, by their names; the first one wins."""
    fitting: dict[tuple[int, bool], list[R]] = {}
    for rule in rules:
        named = criteria_of(rule)
        if all(getattr(wanted, name).strip() in words_of(rule, name) for name in named):
            is_behind = wanted.type in TAXED and not rule.tax_rule
            fitting.setdefault((-len(named), is_behind), []).append(rule)
    return sorted(fitting[min(fitting)], key=_name) if fitting else []


def _name(rule: AssignmentRule | CollectiveAccount) -> str:
    return rule.name


def wrong_with(wanted: Wanted, found: Match) -> NoMatchingAccountError:
    """Say what is wrong with an answer: others fit as well, or it names no account."""
    kind, facts = wanted.type.value, _facts(wanted)
    if found.ties:
        names = ", ".join(found.ties)
        rule = f"{kind}: {found.rule} is taken by its name, but {names} would do as well{facts}"
        fix = "let the one that is meant name one more criterion"
    else:
        also = "an AssignmentRule, or " if wanted.type is EntryType.REVENUE else ""
        rule = f"{kind}: no account fits{facts}"
        fix = f"add {also}a CollectiveAccount of type {kind}"
    return NoMatchingAccountError(rule, fix=fix)


def without_debtor() -> NoMatchingAccountError:
    """Make the error for a booking without an account on the other side."""
    rule = "there is no debtor number"
    return NoMatchingAccountError(rule, fix="give the account one: Account(..., debtor=...)")


def _facts(wanted: Wanted) -> str:
    _, *names = wanted._fields
    given = [(name, getattr(wanted, name)) for name in names]
    facts = ", ".join(f"{name} {value!r}" for name, value in given if value)
    return f" for {facts}" if facts else ""

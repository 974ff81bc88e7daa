"""Which rule or collective account wins: behavior 6.3."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.ledger.matching import Wanted, match
from tests.unit.ledger.books import accounting

TAX, PAYMENT, REVENUE = bc.EntryType.TAX, bc.EntryType.PAYMENT, bc.EntryType.REVENUE


def collective(name, type=PAYMENT, **criteria):
    """Make a collective account whose number is its name."""
    return bc.CollectiveAccount(name, type, account=name, **criteria)


def rule(name, **criteria):
    """Make an assignment rule whose account is its name."""
    return bc.AssignmentRule(name, account=name, **criteria)


RULE_CRITERIA = (
    "custom_rule",
    "invoice_class",
    "invoice_type",
    "payment_method",
    "product_group",
    "tax_code",
    "tax_rule",
    "entity",
)
COLLECTIVE_CRITERIA = (
    "entity",
    "bank_account",
    "billing_practice",
    "clearing_reason",
    "custom_rule",
    "payment_provider",
    "region",
)


@pytest.mark.parametrize("criterion", RULE_CRITERIA)
def test_every_criterion_of_rules(criterion):
    """A rule that names the value goes before one that names nothing; another value does not fit."""
    books = accounting(rules=[rule("A"), rule("B", **{criterion: "x, y"})])

    assert match(Wanted(REVENUE, **{criterion: "y"}), books).account == "B"
    assert match(Wanted(REVENUE, **{criterion: "z"}), books).account == "A"
    assert match(Wanted(REVENUE, **{criterion: "X"}), books).account == "A"


@pytest.mark.parametrize("criterion", COLLECTIVE_CRITERIA)
def test_every_criterion_of_collective_accounts(criterion):
    """A collective account that names the value goes before one that names nothing."""
    named = collective("B", **{criterion: ["x", "y"]})
    books = accounting(collective=[collective("A"), named])

    assert match(Wanted(PAYMENT, **{criterion: " y "}), books).account == "B"
    assert match(Wanted(PAYMENT, **{criterion: "z"}), books).account == "A"


WINNERS = {
    "most criteria win": (
        [collective("A", entity="E"), collective("B", entity="E", region="R")],
        Wanted(PAYMENT, entity="E", region="R"),
        ("B", ()),
    ),
    "a criterion that is not met counts nothing": (
        [collective("A", entity="E"), collective("B", entity="E", region="R")],
        Wanted(PAYMENT, entity="E"),
        ("A", ()),
    ),
    "a tie is decided by name, and reported": (
        [collective("B", region="R"), collective("A", entity="E")],
        Wanted(PAYMENT, entity="E", region="R"),
        ("A", ("B",)),
    ),
    "another type is no candidate": (
        [collective("A", TAX), collective("B")],
        Wanted(PAYMENT),
        ("B", ()),
    ),
    "a bank with a tax code is a bank": (
        [collective("1200", tax_code="DE_19")],
        Wanted(PAYMENT, tax_code="DE_7"),
        ("1200", ()),
    ),
    "and no better one than without": (
        [collective("B", tax_code="DE_19"), collective("A")],
        Wanted(PAYMENT, tax_code="DE_19"),
        ("A", ("B",)),
    ),
    "tax: rule and code": (
        [
            collective("type", TAX),
            collective("rule", TAX, tax_rule="EU"),
            collective("both", TAX, tax_rule="EU", tax_code="DE_19"),
        ],
        Wanted(TAX, tax_code="DE_19", tax_rule="EU"),
        ("both", ()),
    ),
    "tax: the rule goes before the code": (
        [collective("code", TAX, tax_code="DE_19"), collective("rule", TAX, tax_rule="EU")],
        Wanted(TAX, tax_code="DE_19", tax_rule="EU"),
        ("rule", ()),
    ),
    "tax: the type alone": (
        [collective("type", TAX), collective("code", TAX, tax_code="DE_19")],
        Wanted(TAX, tax_code="DE_7"),
        ("type", ()),
    ),
    "nothing fits": ([collective("A", TAX)], Wanted(PAYMENT), ("", ())),
}


@pytest.mark.parametrize(("rules", "wanted", "answer"), WINNERS.values(), ids=WINNERS)
def test_which_collective_account_wins(rules, wanted, answer):
    """The one with most criteria; among taxes the rule before the code; then the name."""
    found = match(wanted, accounting(collective=rules))

    assert (found.account, found.ties) == answer


def test_rules_go_before_collective_accounts_of_revenue():
    """A collective account of type Revenue is for what no assignment rule fits."""
    books = accounting(
        rules=[rule("8400", tax_code="DE_19")], collective=[collective("8000", REVENUE, entity="E")]
    )

    assert match(Wanted(REVENUE, entity="E", tax_code="DE_19"), books).account == "8400"
    assert match(Wanted(REVENUE, entity="E", tax_code="DE_7"), books).account == "8000"


def test_the_second_account_goes_along():
    """An entry's detail has the further number of the rule that chose its account."""
    books = accounting(rules=[bc.AssignmentRule("A", account="8400", second_account="8401")])

    assert match(Wanted(REVENUE), books).second_account == "8401"


def test_a_question_is_answered_once():
    """The same question finds the same answer, without another look at the rules."""
    books = accounting()
    wanted = Wanted(PAYMENT)

    assert match(wanted, books) is match(Wanted(PAYMENT), books)

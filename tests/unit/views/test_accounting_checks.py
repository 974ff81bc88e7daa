"""`check` looks at the bookkeeping, too: behavior 6.3."""

from __future__ import annotations

import attrs
import pytest

import billingcore as bc
from tests.unit.ledger.books import COLLECTIVE, RULES, accounting, customer, item

EVERY = bc.Selection()
TYPE = bc.EntryType


def found(books, *items, entities=(), account=None, **fields):
    """Show what a check of a bookkeeping finds."""
    setup = bc.Setup(entities=entities, accounting=books)
    contracts = [bc.Subscription("S-1", account="acme", items=items)] if items else []
    accounts = [account or customer()]
    given = {"accounts": accounts, "subscriptions": contracts, **fields}
    return [str(each) for each in bc.check(EVERY, setup, **given)]


def test_all_is_well():
    """A bookkeeping with all that its samples need has no findings."""
    terms = bc.BookingTerms(recognition=bc.Recognition.DAYS)
    books = accounting(
        periods=[bc.BookingPeriod(2026, 1, entity="Acme"), bc.BookingPeriod(2026, 1)]
    )

    assert found(books, item("1"), item("2", "DE_7", "b", booking=terms), entities=SELLERS) == []


def test_nothing_is_checked_without_bookkeeping():
    """What is not booked needs no accounts."""
    assert found(bc.NO_BOOKKEEPING, item("1"), account=customer(debtor="")) == []


def rule(name="R", **criteria):
    """Make a rule."""
    return bc.AssignmentRule(name, **{"account": "8400", **criteria})


def tax(name, **criteria):
    """Make a collective account of tax."""
    return bc.CollectiveAccount(name, TYPE.TAX, account="1776", **criteria)


CHART = [
    bc.GLAccount(number, "", bc.AccountKind.ASSET)
    for number in {"8400", *(each.account for each in (*RULES, *COLLECTIVE))}
]
SELLERS = [bc.BusinessEntity("Acme", aliases=["001"])]
FINDINGS = {
    "an account that is not in the chart": (
        {"chart": CHART, "rules": [*RULES, rule(account="8410", entity="Acme")]},
        (
            "ERROR: AssignmentRule 'R': account: '8410': there is no such account in the chart; "
            "add it to the chart, or name another one"
        ),
    ),
    "a second account that is not in the chart": (
        {"chart": CHART, "rules": [*RULES, rule(second_account="0", entity="Acme")]},
        (
            "ERROR: AssignmentRule 'R': second_account: '0': there is no such account in the chart; "
            "add it to the chart, or name another one"
        ),
    ),
    "a contra account that is not in the chart": (
        {
            "chart": CHART,
            "collective": [*COLLECTIVE, tax("T", contra="abc", entity="Acme")],
        },
        (
            "ERROR: CollectiveAccount 'T': contra: 'abc': there is no such account in the chart; "
            "add it to the chart, or name another one"
        ),
    ),
    "a debtor that is a number of the chart": (
        {
            "chart": CHART,
            "collective": [*COLLECTIVE, tax("T", debtor="8400", entity="Acme")],
        },
        (
            "WARNING: CollectiveAccount 'T': debtor: '8400': it is a number of the chart: 8400; "
            "give the customer a number that nothing else has"
        ),
    ),
    "an entity that is not set up": (
        {"rules": [*RULES, rule(entity="Acne")]},
        "ERROR: AssignmentRule 'R': entity: 'Acne': nothing has this value; did you mean Acme?",
    ),
    "a kind of document that there is not": (
        {"rules": [*RULES, rule(invoice_type="bill")]},
        (
            "ERROR: AssignmentRule 'R': invoice_type: 'bill': nothing has this value; "
            "use one of invoice, partial, progress, deposit, final, pro forma, credit, cancellation"
        ),
    ),
    "a practice in other words": (
        {
            "collective": [
                *COLLECTIVE,
                bc.CollectiveAccount("T", TYPE.TAX, account="1776", billing_practice="advance"),
            ]
        },
        (
            "ERROR: CollectiveAccount 'T': billing_practice: 'advance': nothing has this value; "
            "did you mean Advance?"
        ),
    ),
    "a period of an entity that is not set up": (
        {"periods": [bc.BookingPeriod(2026, 1, entity="Acne")]},
        (
            "ERROR: BookingPeriod 'Acne-2026-01': entity: 'Acne': nothing has this value; "
            "did you mean Acme?"
        ),
    ),
    "a criterion that is not asked": (
        {
            "collective": [
                *COLLECTIVE,
                bc.CollectiveAccount(
                    "P", TYPE.PAYMENT, account="1200", tax_code="DE_19", entity="Acme"
                ),
            ]
        },
        "NOTE: CollectiveAccount 'P': tax_code: it is not asked of type Payment; take it out",
    ),
    "no account of tax": (
        {"collective": [each for each in COLLECTIVE if each.type is not TYPE.TAX]},
        (
            "ERROR: accounting: collective: there is none of type Tax; "
            "add a CollectiveAccount of type Tax"
        ),
    ),
    "no account of payments": (
        {"collective": [each for each in COLLECTIVE if each.type is not TYPE.PAYMENT]},
        (
            "ERROR: accounting: collective: there is none of type Payment; "
            "add a CollectiveAccount of type Payment"
        ),
    ),
    "no account of some payments": (
        {
            "collective": [
                each for each in COLLECTIVE if each.type not in {TYPE.REFUND, TYPE.PAYOUT}
            ]
        },
        (
            "WARNING: accounting: collective: there is none of type Refund, Payout; "
            "such payments find no account; add those that you will need"
        ),
    ),
    "rules that are as good": (
        {"rules": [*RULES, rule("Z", product_group="Books")]},
        (
            "WARNING: AssignmentRule 'Z': name: it fits as well as 'Revenue 19', which goes first by "
            "its name for tax_code 'DE_19' and product_group 'Books'; "
            "name one more criterion in the one that is meant"
        ),
    ),
    "rules that name nothing": (
        {"rules": [rule("A"), rule("B")]},
        (
            "WARNING: AssignmentRule 'B': name: it fits as well as 'A', which goes first by its name; "
            "name one more criterion in the one that is meant"
        ),
    ),
    "tax accounts that are as good": (
        {"collective": [*COLLECTIVE, tax("Z", tax_code=["DE_19", "DE_1"])]},
        (
            "WARNING: CollectiveAccount 'Z': name: it fits as well as 'Tax 19', which goes first by "
            "its name for tax_code 'DE_19'; name one more criterion in the one that is meant"
        ),
    ),
}


def test_advances_need_all_their_accounts():
    """Whoever books deposits, or has one of the accounts, is told which others are missing."""
    deposits = found(accounting(books_deposits=True))
    clearing = bc.CollectiveAccount("C", TYPE.INTERIM_PAYMENT_CLEARING, account="1718")
    some = found(accounting(collective=[*COLLECTIVE, clearing], is_gross=True))

    message = "ERROR: accounting: collective: there is none of type {}, which advances need; "
    kinds = ["Interim Revenue", "Interim Payment", "Interim Tax", "Interim Payment Clearing"]
    said = [message.format(kind) + f"add a CollectiveAccount of type {kind}" for kind in kinds]
    assert deposits == said
    assert some == said[:2]


def test_advances_that_are_paid_elsewhere_need_fewer_accounts():
    """Where payments are not booked, only what documents book is asked for."""
    books = found(accounting(books_deposits=True, books_payments=False))

    assert [each.split(" of type ")[1].split(",")[0] for each in books] == [
        "Interim Revenue", "Interim Payment Clearing",
    ]  # fmt: skip


def test_paid_advances_have_to_leave_their_account():
    """Interim Payment and Interim Tax without the contra account 1593 leave the debtor wrong."""
    given = [
        bc.CollectiveAccount("R", TYPE.INTERIM_REVENUE, account="1593"),
        bc.CollectiveAccount("P", TYPE.INTERIM_PAYMENT, account="1718"),
        bc.CollectiveAccount(
            "Q", TYPE.INTERIM_PAYMENT, account="1711", contra="1593", tax_code="A"
        ),
        bc.CollectiveAccount("T", TYPE.INTERIM_TAX, account="1776", contra="1594"),
        bc.CollectiveAccount("C", TYPE.INTERIM_PAYMENT_CLEARING, account="1718"),
    ]
    rest = "what is paid of an advance would not leave its account; "
    fix = "name the account of type Interim Revenue: 1593"

    assert found(accounting(collective=[*COLLECTIVE, *given])) == [
        f"WARNING: CollectiveAccount 'P': contra: '': {rest}{fix}",
        f"WARNING: CollectiveAccount 'T': contra: '1594': {rest}{fix}",
    ]


@pytest.mark.parametrize(("changes", "wanted"), FINDINGS.values(), ids=FINDINGS)
def test_findings(changes, wanted):
    """Each finding says what is wrong, and how to mend it."""
    assert wanted in found(accounting(**changes), entities=SELLERS)


def test_a_customer_with_a_number_of_the_chart():
    """A customer 8400 would be booked on the account of revenue; 10001 is nobody else's."""
    books = accounting(chart=CHART)

    assert found(books, account=customer(debtor="8400")) == [
        (
            "WARNING: Account 'acme': debtor: '8400': it is a number of the chart: 8400; "
            "give the customer a number that nothing else has"
        )
    ]
    assert found(books) == []


RESOLVED = {
    "other words": [rule("A", tax_code="a"), rule("B", tax_code="b")],
    "more criteria": [rule("A", tax_code="a"), rule("B", tax_code="a", tax_rule="x")],
    "a third one that is better": [
        rule("A", tax_code="a"),
        rule("B", tax_rule="x"),
        rule("C", tax_code="a, c", tax_rule="x, y"),
    ],
    "the tax rule before the code": [tax("A", tax_code="a"), tax("B", tax_rule="x")],
}


@pytest.mark.parametrize("rules", RESOLVED.values(), ids=RESOLVED)
def test_rules_that_do_not_compete(rules):
    """Rules that never fit the same, or of which one is better, are no finding."""
    field = "collective" if isinstance(rules[0], bc.CollectiveAccount) else "rules"

    assert not any("fits as well" in each for each in found(accounting(**{field: rules})))


def test_a_better_rule_must_be_better_for_all():
    """A third rule that is only better for some of what two rules fit does not settle it."""
    rules = [
        rule("A", tax_code="a, b"),
        rule("B", tax_rule="x"),
        rule("C", tax_code="a", tax_rule="x"),
    ]

    assert any("fits as well" in each for each in found(accounting(rules=rules)))


def test_gross_books_need_no_account_of_tax():
    """Where tax is not booked by itself, nothing is said of it; nor of payments that are not."""
    books = accounting(is_gross=True, books_payments=False, collective=[])

    assert found(books, item("1")) == []


def test_deferred_revenue_needs_an_account():
    """An item that is spread over months needs a collective account of type Deferred."""
    terms = bc.BookingTerms(recognition=bc.Recognition.DAYS)
    books = accounting(collective=[each for each in COLLECTIVE if each.type is not TYPE.DEFERRED])

    assert found(books, item("1", booking=terms)) == [
        (
            "ERROR: accounting: collective: there is none of type Deferred; "
            "add a CollectiveAccount of type Deferred"
        )
    ]
    assert found(books, item("1")) == []


def test_samples_are_booked_on_trial():
    """A tax code, the revenue of an item and a debtor for which there is nothing are told."""
    account = customer(debtor="", entity="001", tax_region="EU")
    said = found(accounting(), item("1", "DE_5"), entities=SELLERS, account=account)

    assert said == [
        (
            "ERROR: Subscription 'S-1': booking: Revenue: no account fits for entity 'Acme', "
            "tax_code 'DE_5', tax_rule 'EU', billing_practice 'Advance', invoice_class 'Invoice', "
            "invoice_type 'invoice', as in item 'license'; "
            "add an AssignmentRule, or a CollectiveAccount of type Revenue"
        ),
        (
            "WARNING: Account 'acme': debtor: there is no debtor number; "
            "give it one, or one to each of its documents"
        ),
        (
            "WARNING: tax code 'DE_5': collective: Tax: no account fits for entity 'Acme', "
            "tax_code 'DE_5', tax_rule 'EU', as in Subscription 'S-1'; "
            "add a CollectiveAccount of type Tax, unless its rate is 0"
        ),
    ]


def test_samples_without_account():
    """A contract of somebody who is not among the samples is booked on trial, too."""
    contract = bc.Subscription("S-1", account="acme", items=[item("1", None)])
    setup = bc.Setup(accounting=attrs.evolve(accounting(), rules=[rule(payment_method="Cash")]))
    said = bc.check(EVERY, setup, subscriptions=[contract])

    assert [each.field for each in said] == ["booking"]


def test_an_item_can_have_its_own_account():
    """An item that names its account needs no rule."""
    terms = bc.BookingTerms(account="8400")

    assert found(accounting(rules=[]), item("1", booking=terms)) == []

"""The entries of documents: behavior 6.2 and 6.4."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_entries
from tests.unit.ledger.books import (
    COLLECTIVE,
    RULES,
    accounting,
    by_account,
    customer,
    draft,
    invoice,
    issued,
    item,
    rows,
)

PER_LINE = attrs.evolve(bc.DOCUMENTED, tax_level=bc.TaxLevel.LINE, tax_delta=True)
CASH = attrs.evolve(bc.DOCUMENTED, cash_increments=(("EUR", Decimal("0.05")),))
BY_DOCUMENT = {
    "one rate": (
        [item("1000")],
        [("Revenue", "10001", "8400", "1000.00"), ("Tax", "10001", "1776", "190.00")],
    ),
    "two rates": (
        [item("1000"), item("100", "DE_7", "book")],
        [
            ("Revenue", "10001", "8400", "1000.00"),
            ("Revenue", "10001", "8300", "100.00"),
            ("Tax", "10001", "1776", "190.00"),
            ("Tax", "10001", "1771", "7.00"),
        ],
    ),
    "three lines of one account": (
        [item("10"), item("20", name="b"), item("30", name="c")],
        [("Revenue", "10001", "8400", "60.00"), ("Tax", "10001", "1776", "11.40")],
    ),
    "no tax at a rate of 0": (
        [item("10", "DE_0", booking=bc.BookingTerms(account="8120"))],
        [("Revenue", "10001", "8120", "10.00")],
    ),
    "a reduction stays on its side of the sum": (
        [item("100"), item("-30", name="refund")],
        [("Revenue", "10001", "8400", "70.00"), ("Tax", "10001", "1776", "13.30")],
    ),
    "two accounts, one of them in debit": (
        [item("100"), item("-30", name="rebate", booking=bc.BookingTerms(account="8790"))],
        [
            ("Revenue", "10001", "8400", "100.00"),
            ("Revenue", "8790", "10001", "30.00"),
            ("Tax", "10001", "1776", "13.30"),
        ],
    ),
    "a credit": (
        [item("-1000")],
        [("Revenue", "8400", "10001", "1000.00"), ("Tax", "1776", "10001", "190.00")],
    ),
}


@pytest.mark.parametrize(("items", "wanted"), BY_DOCUMENT.values(), ids=BY_DOCUMENT)
def test_net_booking(items, wanted):
    """Each revenue account has one detail, each tax code one, all against the debtor."""
    document = invoice(*items)
    booked = bc.invoice_entries(document, accounting())

    assert rows(booked.entries) == wanted
    assert booked.problems == ()
    assert [entry.id for entry in booked.entries] == ["invoice/R-1"]
    check_entries(document, booked.entries)


def test_the_debtor_owes_the_gross_amount():
    """1,000.00 and 190.00 of tax are 1,190.00 on 10001."""
    booked = bc.invoice_entries(invoice(item("1000")), accounting())

    assert by_account(booked.entries) == {"10001": "1190.00", "8400": "-1000.00", "1776": "-190.00"}


def test_gross_booking():
    """Accounting in gross values books 1,190.00 and 107.00, and no tax."""
    document = invoice(item("1000"), item("100", "DE_7", "book"))
    booked = bc.invoice_entries(document, accounting(is_gross=True))

    assert rows(booked.entries) == [
        ("Revenue", "10001", "8400", "1190.00"),
        ("Revenue", "10001", "8300", "107.00"),
    ]
    check_entries(document, booked.entries)


def test_gross_amounts_of_one_code_add_up():
    """Of 0.06 tax on three times 0.10 no line has more than a cent too much, and none is lost."""
    names = ("a", "b", "c")
    items = [item("0.10", name=name, booking=bc.BookingTerms(account=name)) for name in names]
    document = invoice(*items)
    booked = bc.invoice_entries(document, accounting(is_gross=True))

    assert [(line[2], line[3]) for line in rows(booked.entries)] == [
        ("a", "0.12"),
        ("b", "0.12"),
        ("c", "0.12"),
    ]
    check_entries(document, booked.entries)


def test_codes_of_one_rate_share_a_row():
    """0.03 and 0.03 at 19 % are taxed 0.01 together; the first code has 0.01, the last the rest."""
    tax = bc.CollectiveAccount(
        "Service", bc.EntryType.TAX, account="1777", tax_code="DE_19_SERVICE"
    )
    document = invoice(item("0.03"), item("0.03", "DE_19_SERVICE", "hour"))
    booked = bc.invoice_entries(document, accounting(collective=[*COLLECTIVE, tax]))

    assert document.totals.tax == Decimal("0.01")
    assert rows(booked.entries) == [
        ("Revenue", "10001", "8400", "0.03"),
        ("Revenue", "10001", "8400", "0.03"),
        ("Tax", "10001", "1776", "0.01"),
    ]
    check_entries(document, booked.entries)


@pytest.mark.parametrize("is_gross", [False, True], ids=["net", "gross"])
def test_hidden_lines_count_for_tax(is_gross):
    """Three times 0.03 are taxed 0.03 by line, and 0.02 in all: a hidden line takes a cent back."""
    items = [item("0.03", name=name) for name in ("a", "b", "c")]
    document = invoice(*items, policy=PER_LINE)
    booked = bc.invoice_entries(document, accounting(is_gross=is_gross))

    assert document.lines[-1].is_hidden
    assert by_account(booked.entries) == (
        {"10001": "0.11", "8400": "-0.11"}
        if is_gross
        else {"10001": "0.11", "8400": "-0.09", "1776": "-0.02"}
    )
    check_entries(document, booked.entries)


def test_taxes_of_lines_are_those_of_their_codes():
    """Rounded by line, 0.13 and 0.14 of two codes are booked as they are."""
    tax = bc.CollectiveAccount(
        "Service", bc.EntryType.TAX, account="1777", tax_code="DE_19_SERVICE"
    )
    policy = attrs.evolve(PER_LINE, tax_delta=False)
    document = invoice(item("0.69"), item("0.74", "DE_19_SERVICE", "hour"), policy=policy)
    booked = bc.invoice_entries(document, accounting(collective=[*COLLECTIVE, tax]))

    assert [line[1:] for line in rows(booked.entries)][2:] == [
        ("10001", "1776", "0.13"),
        ("10001", "1777", "0.14"),
    ]
    check_entries(document, booked.entries)


def test_rounding_the_amount_due_is_a_detail():
    """11.88 are paid as 11.90 in cash: the debtor owes 0.02 more, which is on an account of its own."""
    document = invoice(item("9.98"), policy=CASH)
    booked = bc.invoice_entries(document, accounting())

    assert document.totals.due == Decimal("11.90")
    assert rows(booked.entries)[-1] == ("Rounding", "10001", "8740", "0.02")
    assert by_account(booked.entries)["10001"] == "11.90"
    check_entries(document, booked.entries)


def test_a_document_of_nothing_has_no_entry():
    """Zero amounts make no detail, and an entry without details is none."""
    assert bc.invoice_entries(invoice(item("0")), accounting()) == ((), ())


@pytest.mark.parametrize(
    ("document", "books"),
    [
        (invoice(item("10")), bc.NO_BOOKKEEPING),
        (issued(attrs.evolve(draft(item("-10")), kind=bc.InvoiceKind.CANCELLATION)), accounting()),
    ],
    ids=["bookkeeping is off", "a cancellation"],
)
def test_what_is_not_booked(document, books):
    """Nothing is booked without bookkeeping, nor of a cancellation, which reverses entries."""
    assert bc.invoice_entries(document, books) == ((), ())


def test_an_entry_says_what_it_is_of():
    """Entry and details have the fields that the products' booking details have."""
    account = customer(
        name="Acme GmbH", tax_id="DE123", custom={"IBAN": "DE02", "Fax": "1", "Branch": "North"}
    )
    terms = bc.BookingTerms(center="C-1", cost_object="O-1", region="EU", product_group="Software")
    document = invoice(item("1000", booking=terms), account=account)
    (entry,), _ = bc.invoice_entries(document, accounting(copied_fields=["Branch"]))
    detail = entry.details[0]

    assert (entry.source, entry.document, entry.text) == ("invoice/R-1", "R-1", "Invoice R-1")
    assert (entry.account, entry.name, entry.tax_id) == ("acme", "Acme GmbH", "DE123")
    assert (entry.date, entry.document_date, entry.period) == (
        date(2026, 1, 15),
        date(2026, 1, 15),
        "2026-01",
    )
    assert entry.custom == (("Branch", "North"), ("IBAN", "DE02"))
    assert (detail.rule, detail.tax_code, detail.tax_rate) == ("Revenue 19", "DE_19", 19)
    assert (detail.center, detail.cost_object, detail.region) == ("C-1", "O-1", "EU")
    assert (detail.billing_practice, detail.lines, detail.subscriptions) == (
        "Advance",
        (1,),
        ("S-1",),
    )


def test_iban_always_goes_along():
    """IBAN and BIC are copied where no field is named."""
    account = customer(custom={"BIC": "X", "Branch": "North"})
    (entry,), _ = bc.invoice_entries(invoice(item("1"), account=account), accounting())

    assert entry.custom == (("BIC", "X"),)


def test_cost_centers_are_kept_apart():
    """Two cost centers of one account are two details, and two lines of one center are one."""
    items = [
        item("10", name="a", booking=bc.BookingTerms(center="A")),
        item("20", name="b", booking=bc.BookingTerms(center="B")),
        item("40", name="c", booking=bc.BookingTerms(center="A")),
    ]
    (entry,), _ = bc.invoice_entries(invoice(*items), accounting())

    assert [(line.center, str(line.amount), line.lines) for line in entry.details[:2]] == [
        ("A", "50.00", (1, 3)),
        ("B", "20.00", (2,)),
    ]


def test_different_terms_of_one_account_are_one_detail():
    """Two product groups that lead to one account add up on it."""
    items = [
        item("10", name="a", booking=bc.BookingTerms(product_group="A")),
        item("20", name="b", booking=bc.BookingTerms(product_group="B")),
    ]

    assert rows(bc.invoice_entries(invoice(*items), accounting()).entries)[0][3] == "30.00"


def test_practices_are_kept_apart():
    """What is billed in advance and what in arrears are two details."""
    items = [item("10", name="a"), item("20", name="b", billing_practice=bc.ARREARS)]
    (entry,), _ = bc.invoice_entries(invoice(*items), accounting())

    assert [line.billing_practice for line in entry.details[:2]] == ["Advance", "Arrears"]


def test_lines_by_hand_name_no_contract():
    """A line without a contract has an empty list of contracts, also beside another one."""
    made = draft(item("10"), item("20", name="b"))
    lines = [attrs.evolve(line, subscription=None, subscription_id="") for line in made.lines]
    both = issued(attrs.evolve(made, lines=tuple(lines)))
    one = issued(attrs.evolve(made, lines=tuple(lines[:1])))

    for document in (both, one):
        (entry,), _ = bc.invoice_entries(document, accounting())
        assert entry.details[0].subscriptions == ()


def test_lines_of_several_contracts():
    """A detail names all contracts of its lines, each once."""
    made = draft(item("10"), item("20", name="b"), item("30", name="c"))
    names = ("S-1", "S-2", "S-1")
    lines = [
        attrs.evolve(line, subscription_id=name)
        for line, name in zip(made.lines, names, strict=True)
    ]
    (entry,), _ = bc.invoice_entries(issued(attrs.evolve(made, lines=tuple(lines))), accounting())

    assert entry.details[0].subscriptions == ("S-1", "S-2")


def test_only_tax_finds_no_account():
    """Revenue has its account, and tax is reported."""
    booked = bc.invoice_entries(invoice(item("100")), accounting(collective=[]))

    assert rows(booked.entries) == [
        ("Revenue", "10001", "8400", "100.00"),
        ("Tax", "10001", "", "19.00"),
    ]
    assert len(booked.problems) == 1


def test_what_finds_no_account_is_reported():
    """Without rules the lines keep an empty account, each problem says what was looked for."""
    document = invoice(item("1000"))
    booked = bc.invoice_entries(document, bc.Accounting())

    assert rows(booked.entries) == [
        ("Revenue", "10001", "", "1000.00"),
        ("Tax", "10001", "", "190.00"),
    ]
    assert [line.type.value for line in booked.entries[0].unassigned] == ["Revenue", "Tax"]
    assert [str(problem) for problem in booked.problems] == [
        (
            "account acme, invoice/R-1: Revenue: no account fits for tax_code 'DE_19', "
            "billing_practice 'Advance', invoice_class 'Invoice', invoice_type 'invoice'; "
            "add an AssignmentRule, or a CollectiveAccount of type Revenue"
        ),
        (
            "account acme, invoice/R-1: Tax: no account fits for tax_code 'DE_19'; "
            "add a CollectiveAccount of type Tax"
        ),
    ]
    assert {problem.code for problem in booked.problems} == {"no-matching-account"}
    check_entries(document, booked.entries)


def test_a_missing_debtor_is_reported():
    """Without a debtor number the other side is empty, and one problem says so."""
    booked = bc.invoice_entries(invoice(item("10"), account=customer(debtor="")), accounting())

    assert rows(booked.entries)[0] == ("Revenue", "", "8400", "10.00")
    assert [problem.message for problem in booked.problems] == ["there is no debtor number"]


def test_a_tie_is_reported_once():
    """Two rules that fit as well: the name decides, and the document says so once."""
    rule = bc.AssignmentRule("Revenue 20", account="8401", tax_code="DE_19")
    document = invoice(item("10"), item("20", name="b", booking=bc.BookingTerms(center="B")))
    booked = bc.invoice_entries(document, accounting(rules=[rule, *RULES]))

    assert [line[2] for line in rows(booked.entries)] == ["8400", "8400", "1776"]
    assert [problem.message for problem in booked.problems] == [
        (
            "Revenue: Revenue 19 is taken by its name, but Revenue 20 would do as well for "
            "tax_code 'DE_19', billing_practice 'Advance', invoice_class 'Invoice', "
            "invoice_type 'invoice'"
        )
    ]


DEBTORS = {
    "the account's": ({}, {}, "10001"),
    "the document's goes before": ({}, {"debtor": "10"}, "10"),
    "the collective debtor goes before": ({"debtor": "20"}, {"debtor": "10"}, "20"),
    "the contra account goes before all": (
        {"debtor": "20", "contra": "30"},
        {"debtor": "10"},
        "30",
    ),
}


@pytest.mark.parametrize(("collective", "document", "wanted"), DEBTORS.values(), ids=DEBTORS)
def test_the_other_side(collective, document, wanted):
    """Contra account: the collective account's, its debtor, the document's, the customer's."""
    revenue = bc.CollectiveAccount("Revenue", bc.EntryType.REVENUE, account="8400", **collective)
    made = attrs.evolve(draft(item("10", "DE_0")), booked=bc.DocumentBooking(**document))
    (entry,), _ = bc.invoice_entries(issued(made), accounting(rules=[], collective=[revenue]))

    assert entry.details[0].contra == wanted


def test_what_a_document_says_of_its_booking():
    """Payment method, debtor and date of a document go before those of its account."""
    cash = bc.AssignmentRule("Cash", account="8405", tax_code="DE_19", payment_method="Cash")
    said = bc.DocumentBooking(debtor="77", payment_method="Cash", date="2026-02-03")
    made = attrs.evolve(draft(item("10"), account=customer(payment_method="SEPA")), booked=said)
    (entry,), _ = bc.invoice_entries(issued(made), accounting(rules=[*RULES, cash]))

    assert rows([entry])[0] == ("Revenue", "77", "8405", "10.00")
    assert (entry.date, entry.document_date) == (date(2026, 2, 3), date(2026, 1, 15))


def test_a_closed_period_moves_the_entry():
    """January of Acme is closed, so its invoice of 15 January is booked on 1 February."""
    seller = bc.BusinessEntity("Acme")
    setup = bc.Setup(entities=[seller])
    document = invoice(item("10"), account=customer(entity="Acme"), setup=setup)
    closed = bc.BookingPeriod(2026, 1, entity="Acme", is_closed=True)
    (entry,), _ = bc.invoice_entries(document, accounting(periods=[closed]))

    assert (entry.date, entry.period, entry.entity) == (date(2026, 2, 1), "Acme-2026-02", "Acme")
    assert entry.document_date == date(2026, 1, 15)

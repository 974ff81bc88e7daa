"""Journal entries as text for beancount, hledger and ledger: every line worked out by hand."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import export
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import AccountKind, EntryType, GLAccount
from tests import journal
from tests.journal import CREDIT, DEBIT
from tests.strategies import hostile_contexts

DAY = dt.date(2026, 1, 31)
CHART = journal.ACCOUNTING
BOOKED = [kind for kind in EntryType if kind is not EntryType.CONTRA_ACCOUNT]
WRITERS = {"beancount": export.beancount, "hledger": export.hledger}


def invoice(**fields):
    """Book 1,000.00 net at 19 % for debtor 10042."""
    made = {"name": 'The "Old" Inn', "center": "C-1", **fields}
    center = made.pop("center")
    revenue = journal.detail(
        "8200", "10042", -100_000, EntryType.REVENUE, tax_code="DE_19", center=center
    )
    tax = journal.detail("1776", "10042", -19_000, EntryType.TAX, tax_code="DE_19")
    return journal.entry_of(
        "invoice/2026-00001",
        DAY,
        [revenue, tax],
        **{"document": "2026-00001", "text": "Invoice 2026-00001", **made},
    )


@pytest.fixture(params=WRITERS)
def write(request):
    """Give one of the two writers."""
    return WRITERS[request.param]


def test_beancount_line_by_line():
    """An invoice, the payment that undoes it, and a balance at the end of the year."""
    payment = journal.payment("P-1", dt.date(2026, 2, 3), "10042", 119_000, reverses="P-0")
    zero = export.Balance("10042", 0, "EUR", date="2026-12-31")

    assert export.beancount([payment, invoice()], CHART, assertions=[zero]) == (
        'option "tolerance_multiplier" "0"\n'
        "\n"
        "2026-01-31 open Assets:Receivable:10042 EUR\n"
        "2026-02-03 open Assets:1200-Bank EUR\n"
        "2026-01-31 open Liabilities:1776-VAT-19 EUR\n"
        "2026-01-31 open Income:8200-Revenue-services-more EUR\n"
        "\n"
        '2026-01-31 * "The \\"Old\\" Inn" "Invoice 2026-00001" ^2026-00001\n'
        '  entry: "invoice/2026-00001"\n'
        '  document: "2026-00001"\n'
        '  period: "2026-01"\n'
        "  Income:8200-Revenue-services-more  -1000.00 EUR\n"
        '    tax-code: "DE_19"\n'
        '    center: "C-1"\n'
        "  Liabilities:1776-VAT-19  -190.00 EUR\n"
        '    tax-code: "DE_19"\n'
        "  Assets:Receivable:10042  1190.00 EUR\n"
        "\n"
        '2026-02-03 * "Payment" ^payment/P-1\n'
        '  entry: "payment/P-1"\n'
        '  period: "2026-02"\n'
        '  reverses: "P-0"\n'
        "  Assets:1200-Bank  1190.00 EUR\n"
        "  Assets:Receivable:10042  -1190.00 EUR\n"
        "\n"
        "2027-01-01 balance Assets:Receivable:10042 0.00 EUR\n"
    )


def test_hledger_line_by_line():
    """The same for hledger and ledger: everything is declared, and text has no marks."""
    payment = journal.payment("P-1", dt.date(2026, 2, 3), "10042", 119_000)
    zero = export.Balance("10042", 0, "EUR", date="2026-02-03")
    named = invoice(name="A;B|C\n[D] (E), F", text="*! Invoice", center="")

    assert export.hledger([payment, named], CHART, assertions=[zero]) == (
        "commodity EUR\n"
        "    format 1000.00 EUR\n"
        "\n"
        "tag entry\ntag document\ntag period\ntag reverses\n"
        "tag tax-code\ntag center\ntag cost-object\ntag clears\n"
        "\n"
        "account Assets:Receivable:10042\n"
        "account Assets:1200-Bank\n"
        "account Liabilities:1776-VAT-19\n"
        "account Income:8200-Revenue-services-more\n"
        "\n"
        "2026-01-31 * (2026-00001) A B C D E F | Invoice\n"
        "    ; entry: invoice/2026-00001\n"
        "    ; document: 2026-00001\n"
        "    ; period: 2026-01\n"
        "    Income:8200-Revenue-services-more  -1000.00 EUR\n"
        "    ; tax-code: DE_19\n"
        "    Liabilities:1776-VAT-19  -190.00 EUR\n"
        "    ; tax-code: DE_19\n"
        "    Assets:Receivable:10042  1190.00 EUR\n"
        "\n"
        "2026-02-03 * Payment\n"
        "    ; entry: payment/P-1\n"
        "    ; period: 2026-02\n"
        "    Assets:1200-Bank  1190.00 EUR\n"
        "    Assets:Receivable:10042  -1190.00 EUR\n"
        "\n"
        "2026-02-03 * balances\n"
        "    Assets:Receivable:10042  0.00 EUR = 0.00 EUR\n"
    )


def test_nothing_is_a_file_too(write):
    """Without entries there are only declarations."""
    assert " * " not in write([], CHART)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    ("currency", "amount", "written"),
    [
        ("JPY", "1234", "1234 JPY"),
        ("KWD", "1.5", "1.500 KWD"),
        ("EUR", "1E+3", "1000.00 EUR"),
        ("EUR", "123456789012345.67", "123456789012345.67 EUR"),
    ],
    ids=["yen", "dinar", "exponent", "long"],
)
@given(context=hostile_contexts())
def test_amounts_keep_all_their_digits(context, writer, currency, amount, written):
    """Amounts are written with all digits, whatever the host did to decimal numbers."""
    import decimal

    lines = [
        JournalLine("1200", DEBIT, Decimal(amount), EntryType.PAYMENT, "10042"),
        JournalLine("10042", CREDIT, Decimal(amount), EntryType.CONTRA_ACCOUNT),
    ]
    entry = journal.entry_of("P", DAY, [], currency=currency, lines=lines)
    with decimal.localcontext(context):
        text = WRITERS[writer]([entry], CHART)

    assert f"Assets:1200-Bank  {written}\n" in text
    assert f"Assets:Receivable:10042  -{written}\n" in text


def test_hledger_declares_the_most_digits():
    """Hledger balances by the digits of the currency, so half a cent asks for three."""
    half = export.Balance("1200", "0.005", "EUR", date=DAY)
    yen = export.Balance("1200", "5", "JPY", date=DAY)

    assert export.hledger([], CHART, assertions=[half, yen]).startswith(
        "commodity EUR\n    format 1000.000 EUR\ncommodity JPY\n    format 1000.0 JPY\n"
    )


def names_of(*lines, chart=()):
    """Give the names of accounts in the order of their numbers."""
    entry = journal.entry_of("E", DAY, [], lines=lines)
    text = export.hledger([entry], Accounting(chart=chart))
    return re.findall(r"^account (.*)$", text, re.MULTILINE)


def pair(number, kind, contra="1"):
    """Book 1.00 on an account."""
    return [
        JournalLine(number, DEBIT, Decimal(1), kind, contra),
        JournalLine(contra, CREDIT, Decimal(1), EntryType.CONTRA_ACCOUNT),
    ]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("10042", "10042"),
        ("D-7", "D-7"),
        ("Ärzte", "Ärzte"),
        ("D 7", "D-7-c876d5e44a40e7fd"),
        ("d7", "D7-"),
        ("أحمد", "Xأحمد-"),
        ("ßa", "SSa-"),
        ("-", "X-"),
        ("x" * 300, "X" + "x" * 42 + "-"),
        ("a-0123456789abcdef", "A-0123456789abcdef-"),
        ("\ud800", "X-"),
    ],
    ids=["plain", "hyphen", "capital-umlaut", "space", "small", "no-capital", "two", "none",
         "long", "like-a-digest", "half-a-character"],
)  # fmt: skip
def test_numbers_become_names(number, name):
    """A number that cannot stand as it is gets a digest, so that no two become one."""
    (shown,) = (each for each in names_of(*pair("1", EntryType.REVENUE, number)) if "Rec" in each)
    start = f"Assets:Receivable:{name}"

    assert re.fullmatch(re.escape(start) + ("[0-9a-f]{16}" if name.endswith("-") else ""), shown)


def test_names_of_the_chart():
    """Kind, number and name make a name, and two that would be the same are told apart."""
    chart = [
        GLAccount("84", "00 x", AccountKind.INCOME),
        GLAccount("84-00", "x", AccountKind.INCOME),
        GLAccount("1593", "", AccountKind.EQUITY),
    ]
    lines = [*pair("84", EntryType.REVENUE), *pair("84-00", EntryType.REVENUE)]
    names = names_of(*lines, *pair("1593", EntryType.REVENUE), chart=chart)

    assert names[:3] == [
        "Assets:Receivable:1",
        "Equity:1593",
        "Income:84-00-x",
    ]
    assert re.fullmatch("Income:84-00-x-[0-9a-f]{16}", names[3])


@pytest.mark.parametrize("kind", BOOKED, ids=lambda kind: kind.name)
def test_every_type_has_a_place(kind):
    """Whatever is booked on an account that is not in the chart, it belongs somewhere."""
    roots = r"(Assets|Liabilities|Income|Expenses)"

    assert any(re.fullmatch(f"{roots}:9", name) for name in names_of(*pair("9", kind)))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (EntryType.REVENUE, "Income:9"),
        (EntryType.TAX, "Liabilities:9"),
        (EntryType.DEFERRED, "Liabilities:9"),
        (EntryType.PAYMENT, "Assets:9"),
        (EntryType.WRITE_OFF, "Expenses:9"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_accounts_that_are_not_in_the_chart(kind, name):
    """What is booked on an account says where it belongs."""
    assert name in names_of(*pair("9", kind))


def test_once_on_the_other_side_is_a_debtor():
    """An account that stands on both sides is a debtor's, in whichever order."""
    lines = [*pair("7", EntryType.REVENUE, "9"), *pair("9", EntryType.CLEARING, "8")]

    assert "Assets:Receivable:9" in names_of(*lines)
    assert "Assets:Receivable:9" in names_of(*lines[2:], *lines[:2])


def test_what_found_no_account(write):
    """Lines without an account are booked on an account that says so."""
    text = write([journal.payment("P", DAY, "", 100)], CHART)

    assert "  Equity:Unassigned  -1.00 EUR" in text


def test_balances_by_day():
    """Balances are those at the end of a day; an account that was emptied has 0."""
    entries = [
        journal.payment("P-2", dt.date(2026, 2, 1), "10042", -50),
        journal.payment("P-1", DAY, "10042", 50),
        journal.payment("P-3", dt.date(2026, 3, 1), "10042", 9),
    ]
    found = export.closing_balances(entries, "2026-02-01")

    assert [(each.account, each.amount, each.currency) for each in found] == [
        ("10042", Decimal("0.00"), "EUR"),
        ("1200", Decimal("0.00"), "EUR"),
    ]
    assert export.closing_balances(entries, DAY)[1] == export.Balance(
        "1200", "0.50", "EUR", date=DAY
    )


@pytest.mark.parametrize(
    "refused",
    [
        lambda: export.beancount(["x"], CHART),
        lambda: export.hledger(["x"], CHART),
        lambda: export.rows(["x"]),
        lambda: export.beancount([], CHART, assertions=[("1200", 0)]),
        lambda: export.closing_balances([], "some day"),
        lambda: export.Balance("1200", 0.5, "EUR", date=DAY),
        lambda: export.Balance("1200", 5, "EUR", date=dt.date.max),
        lambda: export.Balance("1200", 5, "Euro", date=DAY),
    ],
    ids=["entry", "entry-h", "entry-rows", "assertion", "day", "float", "last-day", "currency"],
)
def test_other_things_are_refused(refused):
    """What is no entry, no balance, no day or no exact amount is refused by name."""
    with pytest.raises(bc.InvalidInputError):
        refused()


@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=10))
def test_any_text_is_one_transaction(texts):
    """Whatever names hold, even halves of characters, lines begin with what we wrote."""
    entries = [
        JournalEntry(
            f"{n}{text}",
            source=text,
            date=DAY,
            document_date=DAY,
            period=text,
            currency="EUR",
            lines=pair(text, EntryType.PAYMENT, f"{text}!"),
            account=text,
            name=text,
            document=text,
            text=text,
        )
        for n, text in enumerate(texts)
    ]
    for writer in WRITERS.values():
        written = writer(entries, CHART)
        written.encode()
        starts = [line for line in written.splitlines() if line.startswith("2026-01-31 *")]
        assert len(starts) == len(texts)
        assert sum(
            line.lstrip().startswith(("Assets:", "Equity:")) for line in written.split("\n")
        ) == 2 * len(texts)

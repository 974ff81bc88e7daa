"""Journal entries in the DATEV format: every cell worked out by hand from its description."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import export
from billingcore.ledger.entry import JournalEntry, JournalLine
from billingcore.records.bookkeeping.accounts import EntryType
from tests import journal
from tests.journal import CREDIT, DEBIT
from tests.strategies import hostile_contexts
from tests.unit.export.test_datev_header import FIELDS

DAY = dt.date(2026, 1, 31)
CHART = journal.ACCOUNTING
HEADER = export.DatevHeader(**FIELDS)
RATES = bc.ExchangeTable(
    [
        bc.ExchangeRate("USD", "EUR", "0.8", date="2026-01-01", source="house"),
        bc.ExchangeRate("KWD", "EUR", "2.8", date="2026-01-01", source="house"),
    ]
)


def table(entries, **options):
    """Write entries, and read the rows by the names of their columns."""
    text = export.datev(entries, CHART, options.pop("header", HEADER), **options)
    lines = text.removesuffix("\r\n").split("\r\n")
    return [*csv.DictReader(StringIO("\n".join(lines[1:])), delimiter=";")]


def filled(row):
    """Give the cells that hold something."""
    return {name: cell for name, cell in row.items() if cell}


def booked(number, cents, kind, contra="10042", *, name="", **more):
    """Book one detail of signed cents."""
    fields = {key: more.pop(key) for key in ("currency", "reverses", "tax_id", "document", "source", "text", "date", "lines") if key in more}  # fmt: skip
    details = [journal.detail(number, contra, cents, kind, **more)]
    day = fields.pop("date", DAY)
    return journal.entry_of("E-1", day, details, **{"document": "R-1", "name": name, **fields})


def refusals(entries, **options):
    """Give what is said of entries that are refused."""
    with pytest.raises(bc.BillingProblemsError) as caught:
        table(entries, **options)
    return [str(error) for error in caught.value.exceptions]


def test_the_file():
    """Lines end with CR and LF, and all rows have the 125 columns of version 13."""
    lines = export.datev([booked("1200", 100, EntryType.PAYMENT)], CHART, HEADER).split("\r\n")

    assert lines[0] == HEADER.line
    assert lines[1].split(";")[:3] == [
        "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz",
    ]  # fmt: skip
    assert lines[1].split(";")[117] == "Generalumkehr (GU)"
    assert [line.count(";") for line in lines[1:3]] == [124, 124]
    assert lines[2].startswith('1,00;"H";"EUR";;;"";10042;1200;"";3101;"R-1";"";;"";;"";;;;"";"";')
    assert lines[3:] == [""]


def test_an_invoice_and_its_payment():
    """Konto is the customer's: debited by the invoice, credited by the payment."""
    invoice = journal.invoice("R-1", DAY, "10042", 100_000, 0, name="Acme")
    payment = journal.payment("P-1", DAY, "10042", 119_000, name="Acme")
    net, tax, paid = map(filled, table([invoice, payment]))

    assert net == {
        "Umsatz (ohne Soll/Haben-Kz)": "1000,00",
        "Soll/Haben-Kennzeichen": "S",
        "WKZ Umsatz": "EUR",
        "Konto": "10042",
        "Gegenkonto (ohne BU-Schlüssel)": "8200",
        "Belegdatum": "3101",
        "Belegfeld 1": "R-1",
        "Buchungstext": "Acme, Invoice R-1",
        "Festschreibung": "0",
        "Generalumkehr (GU)": "0",
    }
    assert tax == {
        **net,
        "Umsatz (ohne Soll/Haben-Kz)": "190,00",
        "Gegenkonto (ohne BU-Schlüssel)": "1776",
    }
    assert paid == {
        **net,
        "Umsatz (ohne Soll/Haben-Kz)": "1190,00",
        "Soll/Haben-Kennzeichen": "H",
        "Gegenkonto (ohne BU-Schlüssel)": "1200",
        "Belegfeld 1": "P-1",
        "Buchungstext": "Acme, Payment",
    }


def test_a_reversal_keeps_the_side():
    """What undoes an entry stands on the same side as it, marked as Generalumkehr."""
    payment = journal.payment("P-1", DAY, "10042", 100)
    first, second = table([payment, journal.reversal(payment, DAY)])
    columns = ("Soll/Haben-Kennzeichen", "Generalumkehr (GU)")

    assert [[row[name] for name in columns] for row in (first, second)] == [["H", "0"], ["H", "1"]]


@pytest.mark.parametrize(
    ("account", "more", "key"),
    [
        ("8200", {"tax_code": "DE_19", "tax_rate": Decimal(19)}, "0009"),
        ("8400", {"tax_code": "DE_19", "tax_rate": Decimal(19)}, ""),
        ("8200", {"tax_code": "EU", "tax_rate": Decimal(0)}, "0010"),
        ("8200", {"tax_code": "NONE", "tax_rate": Decimal(0)}, ""),
        ("8200", {"tax_code": "DE_19", "tax_rate": Decimal(19), "contra": "0990"}, ""),
    ],
    ids=["gross", "automatic", "reverse-charge", "no-key", "deferred"],
)
def test_tax_keys(account, more, key):
    """A gross amount has a key, but not on an automatic account, and no deferred amount has."""
    made = booked(account, -11_900, EntryType.REVENUE, **more)
    (row,) = table([made], tax_keys={"DE_19": "9", "EU": "10"})

    assert row["BU-Schlüssel"] == key


def test_no_key_where_tax_is_booked():
    """An entry that books its tax by itself has no keys, since DATEV would book it again."""
    rows = table([journal.invoice("R-1", DAY, "10042", 100, 0)], tax_keys={"DE_19": "0009"})

    assert {row["BU-Schlüssel"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("account", "kind", "more"),
    [
        ("8400", EntryType.DEFERRED, {}),
        ("8400", EntryType.REVENUE, {"contra": "0990"}),
        ("1200", EntryType.INTERIM_PAYMENT, {"contra": "8400"}),
    ],
    ids=["deferred", "month-of-deferred", "contra"],
)
def test_automatic_accounts_take_gross_amounts_only(account, kind, more):
    """What holds no tax is refused on an account that would take tax out of it."""
    made = booked(account, -100, kind, **more)

    assert refusals([made]) == [
        (
            "JournalEntry 'E-1': account = '8400': the account works out tax by itself, and "
            f"{kind.value} is booked without it; choose an account that is not automatic, or book "
            "in gross values"
        )
    ]


def test_tax_is_not_booked_twice():
    """Net revenue on an automatic account is refused where the entry books its tax, too."""
    net = journal.detail("8400", "10042", -100, EntryType.REVENUE, tax_code="DE_19")
    tax = journal.detail("1776", "10042", -19, EntryType.TAX, tax_code="DE_19")
    (said,) = refusals([journal.entry_of("E-1", DAY, [net, tax])])

    assert "works out tax by itself, and Revenue is booked without it" in said


def test_tax_is_not_lost():
    """A gross amount whose tax nobody would work out is refused."""
    made = booked("8200", -119, EntryType.REVENUE, tax_code="DE_19", tax_rate=Decimal(19))

    assert refusals([made]) == [
        (
            "JournalEntry 'E-1': tax_code = 'DE_19': the tax in the amount would be lost; give its "
            "key, tax_keys={'DE_19': ...}, or use an automatic account"
        )
    ]


def test_deferred_revenue_in_gross_values():
    """Revenue with all its tax, of which later months are deferred, has no rate that is right."""
    tax = {"tax_code": "DE_19", "tax_rate": Decimal(19)}
    first = journal.detail("8400", "10042", -32_800, EntryType.REVENUE, **tax)
    later = journal.detail("0990", "10042", -110_000, EntryType.DEFERRED, **tax)

    assert refusals([journal.entry_of("E-1", DAY, [first, later])]) == [
        (
            "JournalEntry 'E-1': amount = 328.00: a part of it is deferred, so DATEV would work "
            "out the tax of the rest only; book deferred revenue with its tax by itself, not in "
            "gross values"
        )
    ]


def test_another_currency():
    """Dollars are given with their value in euros, and with the rate as dollars for a euro."""
    made = booked("1200", 10_001, EntryType.PAYMENT, currency="USD")
    (row,) = table([made], rates=RATES)

    assert [row[name] for name in (*row,)[:6]] == ["100,01", "H", "USD", "1,250000", "80,01", "EUR"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (booked("", 1, EntryType.PAYMENT), "account = '': no account was found for Payment; add"),
        (booked("1200", 1, EntryType.PAYMENT, ""), "contra = '': no account was found for Paym"),
        (booked("Bank", 1, EntryType.PAYMENT), "account = 'Bank': no number of an account"),
        (booked("١٢", 1, EntryType.PAYMENT), "account = '١٢': no number of an account"),
        (booked("120000", 1, EntryType.PAYMENT), "account = '120000': no number of an account"),
        (booked("1200", 10**12, EntryType.PAYMENT), "amount = 10000000000.00: not up to 10 dig"),
        (booked("1200", 1, EntryType.PAYMENT, center="c" * 37), "center = "),
        (booked("1200", 1, EntryType.PAYMENT, cost_object="c" * 37), "cost_object = "),
        (booked("1200", 1, EntryType.PAYMENT, center="\u2192" * 3),
         "center = '\u2192\u2192\u2192': longer than 36 characters: 54 in Windows-1252; use"),
        (booked("1200", 1, EntryType.PAYMENT, currency="CHF"), "currency = 'CHF': no rate of CHF"),
        (booked("1200", 1, EntryType.PAYMENT, date=dt.date(2025, 12, 31)),
         "date = 2025-12-31: not from 2026-01-01 to 2026-12-31; put it into the file of its days"),
        (booked("1200", 1, EntryType.PAYMENT, currency="KWD", lines=[
            JournalLine("1200", DEBIT, Decimal("0.005"), EntryType.PAYMENT, "1"),
            JournalLine("1", CREDIT, Decimal("0.005"), EntryType.CONTRA_ACCOUNT),
        ]), "amount = 0.005: not up to 10 digits and 2 after the comma"),
    ],
    ids=["account", "contra", "letters", "other-digits", "too-long", "large", "center",
         "cost-object", "center-of-arrows", "currency", "date", "half-a-cent"],
)  # fmt: skip
def test_what_does_not_fit_is_refused(made, said):
    """Each mistake is named with the entry, the field and its value."""
    (found,) = refusals([made], rates=RATES)

    assert found.startswith(f"JournalEntry 'E-1': {said}")


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        (None, "not in EUR; give rates=ExchangeTable([...])"),
        (("0.000000001", 1), "no rate for DATEV: 1 USD = 0.000000001 EUR (2026-01-01, house)"),
        (("10000000", 1), "no rate for DATEV: 1 USD = 10000000 EUR (2026-01-01, house)"),
    ],
    ids=["no-rates", "too-small", "too-large"],
)
def test_rates_that_cannot_be_written(rates, said):
    """A currency without a rate that the format can hold is refused."""
    if rates is not None:
        rate, units = rates
        one = bc.ExchangeRate("USD", "EUR", rate, date="2026-01-01", source="house", units=units)
        rates = bc.ExchangeTable([one])
    (found,) = refusals([booked("1200", 10_000, EntryType.PAYMENT, currency="USD")], rates=rates)

    assert said in found


def test_nothing_is_left_in_euros():
    """An amount that is worth less than half a cent cannot be booked, and is refused."""
    rate = bc.ExchangeRate("IDR", "EUR", "0.00005", date="2026-01-01", source="house")
    (said,) = refusals(
        [booked("1200", 100, EntryType.PAYMENT, currency="IDR")], rates=bc.ExchangeTable([rate])
    )

    assert "amount = 1.00: no amount of EUR at 1 IDR = 0.00005 EUR" in said


def test_all_mistakes_are_told_at_once():
    """Every mistake of every entry is listed, and nothing is written."""
    wrong = [booked("", 1, EntryType.PAYMENT, ""), booked("x", 1, EntryType.PAYMENT)]

    assert len(refusals(wrong)) == 3


@pytest.mark.parametrize(
    ("tax_id", "kind", "written"),
    [
        ("AT U1234 5678", EntryType.REVENUE, "ATU12345678"),
        ("DE123456789", EntryType.REVENUE, ""),
        ("12/345/678", EntryType.REVENUE, ""),
        ("ATU12345678", EntryType.PAYMENT, ""),
    ],
    ids=["abroad", "at-home", "tax-number", "payment"],
)
def test_vat_ids_of_customers_abroad(tax_id, kind, written):
    """The registration of a customer in another state of the Union stands at its revenue."""
    (row,) = table([booked("8200", -100, kind, tax_id=tax_id)])

    assert row["EU-Land u. UStID (Bestimmung)"] == written


@pytest.mark.parametrize(
    ("document", "source", "written"),
    [
        ("2026-00001", "invoice/2026-00001", "2026-00001"),
        ("", "payment/P-1", "P-1"),
        ("", "2b0c8e9a-1111-4222-8333-444455556666", ""),
        ("RE 1", "", "RE-1-ddb8f3fb40f04363"),
        ("=+1", "", "1-"),
        ("x" * 40, "", "x" * 19 + "-"),
    ],
    ids=["document", "payment", "no-source", "space", "formula", "long"],
)
def test_document_fields(document, source, written):
    """Belegfeld 1 is the document or payment, in at most 36 of the characters that it may have."""
    made = booked("1200", 1, EntryType.PAYMENT, document=document, source=source)
    (row,) = table([made])
    field = row["Belegfeld 1"]

    assert field.startswith(written)
    assert len(field) == len(written) + 16 * written.endswith("-")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('The "Old"; Inn', 'The "Old"; Inn'),
        ("Łukasz Żak,\nŁódź", "Lukasz Zak, Lódz"),
        ("10 € – Ωmega", "10 € – {GREEK CAPITAL LETTER OMEGA}mega"),
        ("Diyarbak\u0131r \ufb01n", "Diyarbakir fin"),
        ("株", "{CJK UNIFIED IDEOGRAPH-682A}"),
        ("\ue000", "{U+E000}"),
        ("=cmd|' /C calc'!A0", "cmd|' /C calc'!A0"),
        ("\uff1d1", "1"),
        ("x" * 300, "x" * 60),
        ("a\u202e\x00b", "a b"),
    ],
    ids=["quotes", "Polish", "Greek", "forms", "Chinese", "private", "formula", "wide-formula",
         "long", "controls"],
)  # fmt: skip
def test_names_in_windows_1252(name, written):
    """What the encoding does not have is replaced by its name, and no text is a formula."""
    text = export.datev([booked("1200", 1, EntryType.PAYMENT, name=name)], CHART, HEADER)
    (row,) = table([booked("1200", 1, EntryType.PAYMENT, name=name)])

    assert row["Buchungstext"] == written
    assert text.encode("cp1252").decode("cp1252") == text


def test_a_fiscal_year_of_its_own():
    """A fiscal year may begin in July; one file holds days of both calendar years."""
    days = {"fiscal_year_start": "2026-07-01", "first": "2026-07-01", "last": "2027-06-30"}
    header = export.DatevHeader(**{**FIELDS, **days})
    (row,) = table([booked("1200", 1, EntryType.PAYMENT, date=dt.date(2027, 2, 1))], header=header)

    assert row["Belegdatum"] == "0102"


@pytest.mark.parametrize(
    "refused",
    [
        lambda: table([booked("1200", 1, EntryType.PAYMENT)], tax_keys={"DE_19": "x"}),
        lambda: export.datev([], CHART, "header"),
        lambda: table([booked("1200", 1, EntryType.PAYMENT)] * 100_000),
    ],
    ids=["key", "header", "rows"],
)
def test_wrong_calls_are_refused(refused):
    """A wrong key, a wrong header and too many rows are refused before anything is written."""
    with pytest.raises(bc.InvalidInputError):
        refused()


@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=10), hostile_contexts())
def test_any_text_is_one_row(texts, context):
    """Whatever texts hold, there are as many rows of 125 cells, all in the encoding."""
    import decimal

    lines = booked("1200", 12345, EntryType.PAYMENT).lines
    entries = [
        JournalEntry(
            text,
            source=text,
            date=DAY,
            document_date=DAY,
            period=text,
            currency="EUR",
            lines=lines,
            account=text,
            name=text,
            tax_id=text,
            document=text,
            text=text,
        )
        for text in texts
    ]
    with decimal.localcontext(context):
        raw = export.datev(entries, CHART, HEADER).encode("cp1252").decode("cp1252")
    rows = [*csv.reader(StringIO(raw, newline=""), delimiter=";", strict=True)][2:]

    assert [(len(row), row[0]) for row in rows] == [(125, "123,45")] * len(texts)
    assert all(len(row[10]) <= 36 and len(row[13]) <= 60 for row in rows)

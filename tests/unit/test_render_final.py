"""Part and final invoices as text."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.invoices.chain import Chain
from billingcore.render.layout import width_of
from tests.unit.finals import P_1, P_2, TAXES, final, house, issued, plain, sub, work

KIND = bc.InvoiceKind
REMAINDER = bc.FinalShape.REMAINDER

GERMAN = """\
Bau GmbH
Hauptstraße 1
10115 Berlin
USt-IdNr. DE123456789

Acme GmbH
Nebenweg 2
20095 Hamburg

Schlussrechnung S-1
===================

Rechnungsdatum     01.07.2026
Fällig am          15.07.2026
Leistungszeitraum  01.06.2026 – 30.06.2026
Vereinbarung       house

------------------------------------------------------------------------------
Pos.  Bezeichnung                               Menge  Einzelpreis      Betrag
------------------------------------------------------------------------------
   1  Rohbau                                        1   6.000,00 €  6.000,00 €
      01.06.2026 – 30.06.2026
      Abschlagsrechnung P-1 vom 01.03.2026,
      Position 1: 2.500,00 € netto
   2  Ausbau                                        1   4.000,00 €  4.000,00 €
      01.06.2026 – 30.06.2026
------------------------------------------------------------------------------

                                Nettobetrag                        10.000,00 €
                                Umsatzsteuer 19 % auf 10.000,00 €   1.900,00 €
                                Bruttobetrag                       11.900,00 €

Abzüglich vorangegangener Rechnungen
------------------------------------------------------------------------------
Beleg                               Satz        Netto         USt       Brutto
------------------------------------------------------------------------------
Gesamtleistung                      19 %  10.000,00 €  1.900,00 €  11.900,00 €
abzüglich Abschlagsrechnung P-1     19 %  -2.500,00 €   -475,00 €  -2.975,00 €
vom 01.03.2026, bezahlt
abzüglich Abschlagsrechnung P-2     19 %  -2.500,00 €   -475,00 €  -2.975,00 €
vom 01.04.2026, bezahlt
------------------------------------------------------------------------------
Verbleibender Betrag                19 %   5.000,00 €    950,00 €   5.950,00 €
------------------------------------------------------------------------------

                                                    Noch zu zahlen  5.950,00 €

Bitte zahlen Sie 5.950,00 € bis zum 15.07.2026.

Bankverbindung
IBAN DE02 1203 0000 0000 2020 51"""

PART_PAID = sub("P-2", ("DE_19", "2500.00", "475.00"), paid=[("DE_19", "1000.00", "190.00")])
UNPAID = sub("P-2", ("DE_19", "2500.00", "475.00"), paid=[])
PARTIAL = sub("T-1", ("DE_19", "2500.00", "475.00"), paid=[], kind=KIND.PARTIAL)


def shown(draft, locale="de_DE", **options):
    """Write a document with single spaces, all on one line."""
    return " ".join(plain(bc.render.text(draft, locale, **options)).split())


def table_of(draft, locale="de_DE", width=120):
    """Give the rows of the table of deductions, single-spaced."""
    page = plain(bc.render.text(draft, locale, width=width))
    caption = {"de_DE": "Abzüglich vorangegangener Rechnungen"}.get(locale, "Less earlier invoices")
    lines = page[page.index(caption) :].split("\n\n")[0].splitlines()
    return [re.sub(" +", " ", line).strip() for line in lines if not line.startswith("-")][2:]


def test_a_german_final():
    """A final shows its full scope, what it deducts with the tax of it, and what is left to pay."""
    assert plain(bc.render.text(issued(house()))) == GERMAN


def test_a_final_as_a_remainder():
    """Lines take off the earlier invoices, with the tax on them; the sums are the remainder."""
    text = plain(bc.render.text(issued(house(shape=REMAINDER)), width=90))
    lines = [re.sub(" {2,}", "  ", line).strip() for line in text.splitlines()]
    first = lines.index("3  abzüglich Abschlagsrechnung P-1 vom 01.03.2026  -2.500,00 €")

    assert lines[first + 1] == "Umsatzsteuer 19 % darauf: -475,00 €"
    assert lines[first + 2] == "4  abzüglich Abschlagsrechnung P-2 vom 01.04.2026  -2.500,00 €"
    assert "Nettobetrag  5.000,00 €" in lines
    assert "Umsatzsteuer 19 % auf 5.000,00 €  950,00 €" in lines
    assert "Noch zu zahlen  5.950,00 €" in lines
    assert "Abzüglich vorangegangener Rechnungen" not in lines


def test_an_untaxed_deduction_as_a_line_names_no_tax():
    """Where there is no tax, none is deducted."""
    before = bc.ChainDocument("P-1", kind=KIND.PROGRESS, key="house", date="2026-03-01",
                              currency="EUR", invoiced=[bc.TaxAmount(bc.Tax("", rate=0), Decimal(100), Decimal(0))],
                              paid=[bc.TaxAmount(bc.Tax("", rate=0), Decimal(100), Decimal(0))])  # fmt: skip
    made = final([before], work(300, code=None), shape=REMAINDER)

    assert "less Progress invoice P-1 of Mar 1, 2026 -€100.00 -" in shown(made, "en_US", width=90)


@pytest.mark.parametrize(
    ("documents", "rows"),
    [
        pytest.param(
            [P_1, PART_PAID],
            [
                "Gesamtleistung 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
                ("abzüglich Abschlagsrechnung P-1 vom 01.03.2026, bezahlt 19 %"
                " -2.500,00 € -475,00 € -2.975,00 €"),
                ("abzüglich Abschlagsrechnung P-2 vom 01.03.2026, teilweise bezahlt 19 %"
                " -1.000,00 € -190,00 € -1.190,00 €"),
                "Verbleibender Betrag 19 % 6.500,00 € 1.235,00 € 7.735,00 €",
            ],
            id="paid-in-part",
        ),
        pytest.param(
            [UNPAID],
            [
                "Gesamtleistung 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
                ("abzüglich Abschlagsrechnung P-2 vom 01.03.2026, nicht bezahlt"
                " 0,00 € 0,00 € 0,00 €"),
                "Verbleibender Betrag 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
            ],
            id="not-paid",
        ),
        pytest.param(
            [PARTIAL],
            [
                "Gesamtleistung 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
                ("abzüglich Teilrechnung T-1 vom 01.03.2026, wie berechnet 19 %"
                " -2.500,00 € -475,00 € -2.975,00 €"),
                "Verbleibender Betrag 19 % 7.500,00 € 1.425,00 € 8.925,00 €",
            ],
            id="partial-unpaid",
        ),
        pytest.param(
            [sub("P-1", ("DE_16", "2500.00", "400.00"))],
            [
                "Gesamtleistung 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
                ("abzüglich Abschlagsrechnung P-1 vom 01.03.2026, bezahlt 16 %"
                " -2.500,00 € -400,00 € -2.900,00 €"),
                "Verbleibender Betrag 7.500,00 € 1.500,00 € 9.000,00 €",
                "davon 19 % 10.000,00 € 1.900,00 € 11.900,00 €",
                "davon 16 % -2.500,00 € -400,00 € -2.900,00 €",
            ],
            id="rate-change",
        ),
    ],
)  # fmt: skip
def test_the_table_of_deductions(documents, rows):
    """Each invoice before has its amounts by rate, and how far it was paid."""
    assert table_of(final(documents, work(10000))) == rows


def test_two_rates():
    """A document of several rates has its sum first, then a row for each rate."""
    before = sub("P-1", ("DE_19", "2500.00", "475.00"), ("DE_7", "500.00", "35.00"))
    made = final([before], work(10000), work(1000, "DE_7", "Pflanzen"))

    assert table_of(made, "en_US") == [
        "All that was agreed €11,000.00 €1,970.00 €12,970.00",
        "of that 19% €10,000.00 €1,900.00 €11,900.00",
        "of that 7% €1,000.00 €70.00 €1,070.00",
        "less Progress invoice P-1 of Mar 1, 2026, paid -€3,000.00 -€510.00 -€3,510.00",
        "of that 19% -€2,500.00 -€475.00 -€2,975.00",
        "of that 7% -€500.00 -€35.00 -€535.00",
        "Remaining €8,000.00 €1,460.00 €9,460.00",
        "of that 19% €7,500.00 €1,425.00 €8,925.00",
        "of that 7% €500.00 €35.00 €535.00",
    ]


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name.lower())
def test_too_much_was_invoiced(shape):
    """The remainder is negative, and what is due is in the buyer's favor (behaviour 5.6)."""
    text = shown(issued(final([P_1, P_2], work(4000), shape=shape)))

    assert "Schlussrechnung S-1" in text
    assert "Zu Ihren Gunsten 1.190,00 €" in text
    assert "Fällig" not in text


def test_too_much_was_invoiced_in_the_table():
    """The table ends below zero: 4,000 + 760 less twice 2,500 + 475."""
    rows = table_of(final([P_1, P_2], work(4000)))

    assert rows[-1] == "Verbleibender Betrag 19 % -1.000,00 € -190,00 € -1.190,00 €"


def test_prepaid():
    """A final of which all is paid already says that nothing is to be paid."""
    text = shown(issued(final([P_1], work(2500))))

    assert "Noch zu zahlen 0,00 €" in text
    assert "Bitte" not in text


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name.lower())
@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "de_DE",
            (
                "Der offene Betrag von 1.785,00 € ist in dieser Rechnung enthalten;"
                " die Abschlagsrechnung P-2 vom 01.03.2026 ist damit erledigt."
            ),
        ),
        (
            "en_GB",
            (
                "The open €1,785.00 of Progress invoice P-2 of 1 Mar 2026 are part of this invoice,"
                " and no longer due on their own."
            ),
        ),
    ],
    ids=["German", "English"],
)
def test_what_a_final_asks_for_of_an_earlier_invoice(locale, expected, shape):
    """What is open of a progress invoice is said to be part of the final; what is paid is not."""
    text = shown(final([P_1, PART_PAID], work(10000), shape=shape), locale)

    assert text.endswith(expected)
    assert text.count("1.785,00" if locale == "de_DE" else "1,785.00") == 1


def test_roundings_of_earlier_invoices():
    """Where the remaining tax is not that of the remaining net amount, the difference is told."""
    # 33.33 at 19 % is 6.3327, so 6.33; three of them leave 100 - 99.99 and 19 - 18.99.
    documents = [sub(f"P-{each}", ("DE_19", "33.33", "6.33")) for each in (1, 2, 3)]
    text = shown(final(documents, work(100)), "en_US")

    assert text.endswith(
        "The remaining tax differs by €0.01 from 19% of €0.01,"
        " since earlier amounts are deducted as they were invoiced."
    )


def test_codes_of_one_rate_are_one_row():
    """Two tax codes of one category and rate are one row, as in the breakdown."""
    other = bc.TaxAmount(bc.Tax("DE_19B", rate=19), Decimal(500), Decimal(95))
    invoiced = [bc.TaxAmount(TAXES["DE_19"], Decimal(500), Decimal(95)), other]
    before = bc.ChainDocument("T-1", kind=KIND.PARTIAL, key="house", date="2026-03-01",
                              currency="EUR", invoiced=invoiced)  # fmt: skip
    rows = table_of(final([before], work(10000)))

    assert rows[1:] == [
        (
            "abzüglich Teilrechnung T-1 vom 01.03.2026, wie berechnet 19 %"
            " -1.000,00 € -190,00 € -1.190,00 €"
        ),
        "Verbleibender Betrag 19 % 9.000,00 € 1.710,00 € 10.710,00 €",
    ]


@pytest.mark.parametrize(
    ("currency", "price", "amounts", "row", "due"),
    [
        (
            "JPY",
            10000,
            ("JP_10", "2500", "250"),
            "Remaining 10% ¥7,500 ¥750 ¥8,250",
            "Still to be paid ¥8,250",
        ),
        (
            "KWD",
            10,
            ("KW_5", "2.500", "0.125"),
            "Remaining 5% KWD 7.500 KWD 0.375 KWD 7.875",
            "Still to be paid KWD 7.875",
        ),
    ],
    ids=["no-digits", "three-digits"],
)
def test_digits_of_the_currency(currency, price, amounts, row, due):
    """Amounts of deductions have the digits of their currency."""
    before = sub("P-1", amounts, currency=currency)
    made = final([before], work(price, amounts[0]), currency=currency)

    assert table_of(made, "en_US")[-1] == row
    assert shown(made, "en_US").endswith(due)


def test_cash_rounding_of_the_remainder():
    """What is left to pay is rounded to cash, below the table: 108.10 - 36.03 is 72.07."""
    before = sub("P-1", ("CH_8", "33.33", "2.70"), currency="CHF")
    policy = bc.DOCUMENTED.but(cash_increments={"CHF": "0.05"})
    made = final([before], work(100, "CH_8"), currency="CHF", policy=policy)
    page = plain(bc.render.text(made, "en_US")).split("\n\n")[-1]

    assert [re.sub(" {2,}", "  ", line).strip() for line in page.splitlines()] == [
        "Cash rounding  -CHF 0.02",
        "-" * 27,
        "Still to be paid  CHF 72.05",
    ]  # fmt: skip


def test_disclosed_positions():
    """Positions of one title stand below the first line of that title, in the order of issue."""
    amounts = ("DE_19", "300.00", "57.00")
    first = sub("T-1", amounts, kind=KIND.PARTIAL,
                lines=[bc.ChainLine("Wand", Decimal(100), 1), bc.ChainLine("Dach", Decimal(200), 2)])  # fmt: skip
    second = sub("T-2", amounts, kind=KIND.PARTIAL, lines=[bc.ChainLine("Wand", Decimal(300), 1)])
    made = final([first, second], work(500, title="Wand"), work(400, title="Wand."))
    text = plain(bc.render.text(made, "en_US", width=120))
    lines = [re.sub(" {2,}", "  ", line).strip() for line in text.splitlines()]
    start = lines.index("1  Wand  1  €500.00  €500.00")

    assert lines[start + 2 : start + 5] == [
        "Partial invoice T-1 of Mar 1, 2026, line 1: €100.00 net",
        "Partial invoice T-2 of Mar 1, 2026, line 1: €300.00 net",
        "2  Wand.  1  €400.00  €400.00",
    ]
    assert "€200.00" not in text


def test_equal_titles_disclose_once():
    """Of two lines with one title only the first shows what was invoiced before."""
    made = final([P_1], work(5000, title="Rohbau"), bc.Item("b", title="Rohbau", unit_price=1))

    assert shown(made).count("Position 1: 2.500,00 € netto") == 1


@pytest.mark.parametrize("width", [40, 60, 78, 200])
def test_columns_line_up(width):
    """At any width, the amounts of a table end in one column, and those of the sums below it."""
    rows = [sub(f"P-{'x' * 30}-{each}", ("DE_19", "33.33", "6.33")) for each in (1, 2, 3)]
    made = final([*rows, PARTIAL], work(10000), work(1000, "DE_7", "Pflanzen"))
    blocks = plain(bc.render.text(made, width=width)).split("\n\n")
    first = next(place for place, block in enumerate(blocks) if block.startswith("Abzüglich"))
    table, closing = blocks[first : first + 2]
    ends = {width_of(line) for line in table.splitlines() if line.endswith(" €")}

    assert ends == {width_of(table.splitlines()[1])}
    assert ends == {width_of(line) for line in closing.splitlines()}
    assert max(ends) == max(width, 60)  # 16 of text, 4, 11, 10 and 11 of numbers


def test_directions_are_taken_out():
    """Numbers and keys of the host cannot turn around the amounts beside them."""
    before = sub(
        "P\u202e-1", ("DE_19", "100.00", "19.00"), lines=[bc.ChainLine("Haus", Decimal(100), 1)]
    )
    text = bc.render.text(final([before], work(500), chain=Chain("ho\u2066use")))

    assert "Abschlagsrechnung P-1" in text
    assert "house" in text
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name.lower())
def test_no_amount_is_minus_zero(shape):
    """What is deducted at a rate of 0 has a tax of 0, without a sign."""
    made = final([sub("P-1", ("EU_0", "100.00", "0.00"))], work(300, "EU_0"), shape=shape)
    text = shown(made, "en_US")

    assert "€0.00" in text
    assert "-€0.00" not in text

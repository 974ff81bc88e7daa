"""Documents as text: what a customer reads on a terminal or in a mail."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.render.layout import width_of
from billingcore.render.words import WORDS

JANUARY = bc.Period.month(2026, 1)
RATES = bc.TaxTable(
    {
        "DE_19": 19,
        "DE_7": 7,
        "CH": "7.7",
        "EU": bc.TaxRate(0, category=bc.TaxCategory.REVERSE_CHARGE),
        "OLD": bc.TaxRate(0, category=bc.TaxCategory.EXEMPT, reason="Small\u202e business"),
        "ZERO": bc.TaxRate(0, category=bc.TaxCategory.ZERO),
    }
)


def plain(text):
    """Replace the spaces that hold a number and its unit together by plain ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


def rendered(*items, locale="en_US", account=None, texts=None, width=78, **options):
    """Bill items by hand and write the draft."""
    account = account or bc.Account("acme", name="Acme GmbH", currency="EUR")
    made = bc.draft(account, items, **{"period": JANUARY, "tax": RATES, **options})
    return plain(bc.render.text(made, locale, texts=texts, width=width))


@pytest.mark.parametrize(
    ("of_account", "of_template", "expected"),
    [
        ("de-DE", "fr", "Rechnung (Entwurf)"),
        (None, "de_AT", "Rechnung (Entwurf)"),
        (None, None, "Invoice (draft)"),
    ],
    ids=["the-accounts", "the-templates", "English"],
)
def test_locale_by_account_and_template(of_account, of_template, expected):
    """Without a locale the account's is taken, then the template's, then English."""
    setup = bc.Setup([bc.Template("Default", locale=of_template)])
    account = bc.Account("acme", currency="EUR", locale=of_account)
    item = bc.Item("a", unit_price=1)

    assert expected in rendered(item, locale=None, account=account, setup=setup)


@pytest.mark.parametrize("locale", ["xx_YY", "German", "not a locale", "../../etc", "de_"])
def test_unknown_locales_are_refused(locale):
    """A locale that does not exist is refused by name, with locales that do."""
    with pytest.raises(bc.InvalidInputError, match="no such locale; use one that Babel knows"):
        rendered(bc.Item("a", unit_price=1), locale=locale)


@pytest.mark.parametrize("width", [39, 1001, True])
def test_impossible_widths_are_refused(width):
    """A page is 40 to 1,000 columns wide."""
    with pytest.raises(bc.InvalidInputError, match="use a whole number from 40 to 1000"):
        rendered(bc.Item("a", unit_price=1), width=width)


@pytest.mark.parametrize(
    ("currency", "locale", "price", "expected"),
    [
        ("RSD", "sr_Latn_RS", "1100.50", "1.100,50 RSD"),
        ("IQD", "en_US", "100.500", "IQD 100.500"),
        ("KWD", "en_US", "1.234", "KWD 1.234"),
        ("JPY", "ja_JP", "1234", "￥1,234"),
        ("CLF", "en_US", "1.2345", "CLF 1.2345"),
        ("CHF", "de_CH", "1234.5", "CHF 1’234.50"),
        ("EUR", "fr_FR", "1234.5", "1 234,50 €"),
        ("EUR", "en_IE", "-0.5", "-€0.50"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(currency, locale, price, expected):
    """Amounts are written as the locale does it, with the digits of ISO 4217 and a code set apart."""
    account = bc.Account("acme", currency=currency)
    text = rendered(bc.Item("a", title="A", unit_price=price), account=account, locale=locale)
    (position,) = [line for line in text.splitlines() if re.match(r" +1  A", line)]

    assert position.split("  ")[-1].strip() == expected


@pytest.mark.parametrize(
    ("price", "expected"),
    [("0.00125", "€0.00125"), ("1.2", "€1.20"), ("1234.50000", "€1,234.50"), ("2", "€2.00")],
)
def test_unit_prices_have_all_their_digits(price, expected):
    """A unit price is not rounded: it has its own digits, at least those of the currency."""
    assert f" {expected} " in rendered(bc.Item("a", unit_price=price, quantity=1000))


@pytest.mark.parametrize(
    ("code", "quantity", "locale", "expected"),
    [
        ("C62", "2", "en_US", "2"),
        ("HUR", "1", "en_US", "1 hour"),
        ("HUR", "1.5", "de_DE", "1,5 Std."),
        ("DAY", "2", "de_DE", "2 Tage"),
        ("MON", "1", "de_DE", "1 Monat"),
        ("KGM", "0.25", "de_DE", "0,25 kg"),
        ("H87", "3", "en_US", "3 pcs."),
        ("QQQ", "1000", "en_US", "1,000 QQQ"),
    ],
)
def test_quantities_have_units(code, quantity, locale, expected):
    """A quantity has the unit of its code in words, or the code itself; "one" has none."""
    item = bc.Item("a", unit_price=1, quantity=quantity, unit_code=code)
    position = next(line for line in rendered(item, locale=locale).splitlines() if "1  a" in line)

    assert re.split(" {2,}", position.strip())[2] == expected


def test_words_of_the_host():
    """Texts of the host go before the library's, units included."""
    texts = {"net": "Subtotal", "code_QQQ": "crate|crates", "tax": "GST {rate} of {base}"}
    item = bc.Item("a", unit_price=5, quantity=2, unit_code="QQQ", tax_code="DE_19")
    text = rendered(item, texts=texts)

    assert "  2 crates  " in text
    assert "  Subtotal " in text
    assert "  GST 19% of €10.00 " in text


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en_GB", "  VAT 7.7% on £10.00  £0.77"),
        ("de_CH", "  MWST 7.7% auf £ 10.00   £ 0.77"),
        ("nl_NL", "  Tax 7,7% on £ 10,00   £ 0,77"),
    ],
)
def test_tax_by_country(locale, expected):
    """A tax is called as the country of the locale calls it; other languages read English."""
    account = bc.Account("acme", currency="GBP")
    text = rendered(bc.Item("a", unit_price=10, tax_code="CH"), locale=locale, account=account)

    assert re.sub(" {2,}", "  ", expected) in re.sub(" {2,}", "  ", text)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("OLD", ["Tax 0% on €10.00   €0.00", "Small business", "Total             €10.00"]),
        ("EU", ["Tax 0% on €10.00                           €0.00",
                "Reverse charge: the recipient is liable",
                "for the tax."]),
        ("ZERO", ["Tax 0% on €10.00   €0.00", "Total             €10.00"]),
        (None, ["Without tax on €10.00   €0.00", "Total                  €10.00"]),
    ],
    ids=["given-reason", "reason-of-the-category", "no-reason", "no-code"],
)  # fmt: skip
def test_reasons_without_tax(code, expected):
    """A row without tax says why: the reason of the tax, or that of its category."""
    lines = [
        line.strip() for line in rendered(bc.Item("a", unit_price=10, tax_code=code)).splitlines()
    ]
    first = lines.index(expected[0])

    assert lines[first : first + len(expected)] == expected


def test_cash_rounding():
    """What is to be paid in cash is written below the gross amount, with the difference."""
    policy = bc.DOCUMENTED.but(cash_increments={"CHF": "0.05"})
    account = bc.Account("acme", currency="CHF")
    item = bc.Item("a", unit_price="11.92")

    lines = [line.strip() for line in rendered(item, account=account, policy=policy).splitlines()]

    assert lines[-4:] == [
        "Total                     CHF 11.92",
        "Cash rounding             -CHF 0.02",
        "-----------------------------------",
        "Amount due                CHF 11.90",
    ]


@pytest.mark.parametrize(
    ("days", "due", "expected"),
    [
        pytest.param(0, "Feb 1, 2026", "Please pay €5.00 on receipt.", id="at once"),
        pytest.param(1, "Feb 2, 2026", "Please pay €5.00 by Feb 2, 2026.", id="in a day"),
        pytest.param(30, "Mar 3, 2026", "Please pay €5.00 by Mar 3, 2026.", id="in 30 days"),
    ],
)
def test_payment_terms(days, due, expected):
    """An invoice says until when to pay; its draft has the due date, and does not ask for it."""
    setup = bc.Setup([bc.Template("Default", payment_days=days)])
    store = bc.MemoryStore(setup=setup)
    store.add(bc.Account("acme", currency="EUR"))
    draft = bc.draft(
        store.snapshot("acme").account,
        [bc.Item("a", unit_price=5)],
        period=JANUARY,
        setup=setup,
        invoice_date="2026-02-01",
    )
    invoice = bc.finalize(draft, store, on="2026-02-01")
    of_draft, of_invoice = (bc.render.text(each, locale="en_US") for each in (draft, invoice))

    assert of_invoice.splitlines()[-1] == expected
    assert f"Due date      {due}" in of_draft
    assert "Please pay" not in of_draft


def test_a_credit_is_not_to_be_paid():
    """A credit says what is in the buyer's favor, and has no due date."""
    text = rendered(bc.Item("a", unit_price=-5), invoice_date="2026-02-01")

    assert text.splitlines()[-1].split("  ")[-1].strip() == "€5.00"
    assert "In your favor" in text
    assert "Credit note (draft)" in text
    assert "Due date" not in text
    assert "Please pay" not in text


def test_hidden_lines_are_not_shown():
    """A Tax Delta line counts in the sums and is no position."""
    policy = bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)
    # 0.3933 and 0.7524 are 0.39 and 0.75; the tax on 6.03 is 1.1457.
    items = [bc.Item("a", unit_price="2.07", tax_code="DE_19"),
             bc.Item("b", unit_price="3.96", tax_code="DE_19")]  # fmt: skip
    text = rendered(*items, policy=policy)

    assert "Delta" not in text
    assert "Tax 19% on €6.03  €1.15" in text


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(
            {"price_type": bc.FLAT, "quantity": 7}, "flat price for any quantity", id="flat"
        ),
        pytest.param({"discount": bc.Discount.amount(1)}, "Discount  -€1.00", id="fixed-discount"),
        pytest.param({"discount": bc.Discount.percent(10)}, "Discount 10%  -€0.50", id="percent"),
        pytest.param(
            {"cadence": bc.daily(), "billing_type": bc.RECURRING_PRORATED},
            "Jan 1, 2026 – Jan 31, 2026 (31 days)",
            id="days",
        ),
        pytest.param(
            {"cadence": bc.yearly(), "billing_type": bc.RECURRING_PRORATED},
            "Jan 1, 2026 – Jan 31, 2026 (1/12 year)",
            id="part-of-a-year",
        ),
    ],
)
def test_what_stands_below_a_position(item, expected):
    """Below the title stand the days, what they cost of a unit, and what is taken off."""
    text = rendered(bc.Item("a", unit_price=5, **item), width=100)

    assert expected in re.sub(" {2,}", "  ", text)


def test_a_single_day():
    """A service period of one day is one date."""
    text = rendered(bc.Item("a", unit_price=5), period=bc.Period.day("2026-01-05"))

    assert "Period  Jan 5, 2026\n" in text


def test_tax_numbers():
    """A registration that begins with digits is a tax number, no VAT ID."""
    account = bc.Account("acme", currency="EUR", tax_id="12-3456789")

    assert "acme\nTax number 12-3456789\n" in rendered(bc.Item("a", unit_price=5), account=account)


def test_directions_are_taken_out():
    """Titles, addresses and references cannot turn around what stands beside them."""
    account = bc.Account("acme", name="Ac\u202eme", address="Way\u2066 2", currency="EUR")
    item = bc.Item("a", title="Sea\u202ets", description="fi\u200bne", unit_price=5)
    text = rendered(item, account=account)

    assert "Acme\nWay 2\n" in text
    assert "Seats" in text
    assert "fine" in text
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", text)


def columns_end(text):
    """Give the columns in which the lines of a table with an amount end."""
    return {width_of(line) for line in text.splitlines() if line.rstrip().endswith(" €")}


def test_wide_numbers_line_up():
    """Amounts end in one column, however wide they are, also with wide characters before them."""
    items = [
        bc.Item("a", title="料金 " * 30, unit_price="99999999.99999", quantity="9999.99999"),
        bc.Item("b", title="x" * 200, unit_price="0.01", discount=bc.Discount.percent(50)),
        bc.Item("c", unit_price="-3", quantity="0.5"),
    ]
    text = rendered(*items, locale="de_DE", width=40)
    page = text.split("\n\n")[3:5]

    assert len(columns_end("\n".join(page))) == 1
    assert "999.999.998.999,90 €" in page[0]


def test_nothing_is_wider_than_the_page():
    """As long as the numbers leave room, no line is wider than asked for."""
    item = bc.Item("a", title="word " * 60, description="x" * 300, unit_price=5, tax_code="EU")
    for width in (60, 78, 120):
        assert max(map(width_of, rendered(item, width=width).splitlines())) == width


def test_the_tables_of_words_agree():
    """Every word of a language exists in English, with the same placeholders."""
    english = WORDS["en"]
    for words in WORDS.values():
        for name, word in words.items():
            assert re.findall(r"\{\w+}", word) == re.findall(r"\{\w+}", english[name]), name


def test_german_is_complete():
    """German has every English word except for units that are symbols in both languages."""
    missing = set(WORDS["en"]) - set(WORDS["de"])

    assert {name for name in missing if not name.startswith("code_")} == set()
    assert Decimal(len(missing)) < 15

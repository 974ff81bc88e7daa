"""Documents written by hand: every term of the norm, and every mistake that has to be found."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billingcore import export
from tests.einvoice_data import EVERY_TERM, PLAIN
from tests.einvoices.judges import CII, UBL, UBL_OF_CEN, check_schema, cii, comparable, read_again

# The packages' own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("default")

BY_TRANSFER = {**EVERY_TERM["BG-16"], "BT-81": "30"}
"""Direct debits have no account of the payee in XRechnung (BR-DE-25-b)."""


def ubl_issues(judge, data):
    """Write data as UBL, and give the rules that it breaks."""
    text = export.ubl(data)
    check_schema(text)
    return judge.issues(text, UBL)


@pytest.mark.parametrize("code", ["380", "381"], ids=["invoice", "credit-note"])
def test_every_term_of_the_norm(judge, code):
    """A document with every term is right by schema and norm, as an invoice and a credit note."""
    data = {**EVERY_TERM, "BT-3": code}
    text = export.ubl(data)
    check_schema(text)

    assert judge.issues(text, UBL_OF_CEN) == {}
    assert judge.issues(cii(data), CII) == {}


TOTALS = PLAIN["BG-22"]
LINE = PLAIN["BG-25"][0]
SELLER, BUYER = PLAIN["BG-4"], PLAIN["BG-7"]
SUBTOTAL = PLAIN["BG-23"][0]


def with_line(**changes):
    """Give the plain document with another line."""
    return {"BG-25": [{**LINE, **{code.replace("_", "-"): each for code, each in changes.items()}}]}


def without(group, *codes):
    """Give a group without some of its terms."""
    return {code: value for code, value in group.items() if code not in codes}


def sums(net, tax, **more):
    """Give the sums of one line at 19 %, and the line that has them."""
    net, tax = Decimal(net), Decimal(tax)
    found = {"BT-106": net, "BT-109": net, "BT-110": tax, "BT-112": net + tax}
    return {
        "BG-22": {**found, "BT-115": net + tax, **more},
        "BG-23": [{**SUBTOTAL, "BT-116": net, "BT-117": tax}],
        **with_line(BT_131=net, BT_129=net / 100),
    }


MISTAKES = {
    "amount-due": (
        {"BG-22": {**TOTALS, "BT-115": Decimal("1190.01")}},
        {"BR-CO-16"},
    ),
    "gross": (
        {"BG-22": {**TOTALS, "BT-112": Decimal("1190.01")}},
        {"BR-CO-15", "BR-CO-16"},
    ),
    "tax": (
        {"BG-22": {**TOTALS, "BT-110": Decimal("190.01")}},
        {"BR-CO-14", "BR-CO-15"},
    ),
    "net": (
        {"BG-22": {**TOTALS, "BT-109": Decimal("1000.01")}},
        {"BR-CO-13", "BR-CO-15"},
    ),
    "tax-of-a-rate": (
        {**sums("1000", "189"), "BG-25": PLAIN["BG-25"]},
        {"BR-CO-17", "BR-S-09"},
    ),
    "base-of-a-rate": (
        {"BG-23": [{**SUBTOTAL, "BT-116": Decimal("1002.00")}]},
        {"BR-S-08"},
    ),
    "three-decimals": (
        with_line(BT_131=Decimal("1000.006")),
        {"BR-DEC-23", "UBL-DT-01", "BR-CO-10"},
    ),
    "three-decimals-of-the-sum": (
        {"BG-22": {**TOTALS, "BT-106": Decimal("1000.006")}},
        {"BR-DEC-09", "UBL-DT-01", "BR-CO-10", "BR-CO-13"},
    ),
    "negative-price": (
        with_line(**{"BG-29": {"BT-146": Decimal(-100)}, "BT-129": Decimal(-10)}),
        {"BR-27"},
    ),
    "price-times-quantity": (
        with_line(BT_129=Decimal(9)),
        {"PEPPOL-EN16931-R120"},
    ),
    "period-before-its-start": (
        with_line(**{"BG-26": {"BT-134": PLAIN["BT-9"], "BT-135": PLAIN["BT-2"]}}),
        {"BR-30"},
    ),
    "code-that-xrechnung-does-not-have": ({"BT-3": "386"}, {"BR-DE-17"}),
    "correction-without-what-it-corrects": ({"BT-3": "384"}, {"BR-DE-26"}),
    "no-currency-of-the-tax": ({"BT-6": "CHF"}, {"BR-53"}),
    "no-payment-means": ({"BG-16": {}}, {"BR-DE-1"}),
    "no-contact": ({"BG-4": without(SELLER, "BG-6")}, {"BR-DE-2"}),
    "no-city-of-the-seller": (
        {"BG-4": {**SELLER, "BG-5": without(SELLER["BG-5"], "BT-37")}},
        {"BR-DE-3"},
    ),
    "no-postcode-of-the-seller": (
        {"BG-4": {**SELLER, "BG-5": without(SELLER["BG-5"], "BT-38")}},
        {"BR-DE-4"},
    ),
    "no-name-of-the-contact": (
        {"BG-4": {**SELLER, "BG-6": without(SELLER["BG-6"], "BT-41")}},
        {"BR-DE-5"},
    ),
    "no-phone-of-the-contact": (
        {"BG-4": {**SELLER, "BG-6": without(SELLER["BG-6"], "BT-42")}},
        {"BR-DE-6"},
    ),
    "no-mail-of-the-contact": (
        {"BG-4": {**SELLER, "BG-6": without(SELLER["BG-6"], "BT-43")}},
        {"BR-DE-7"},
    ),
    "no-city-of-the-buyer": (
        {"BG-7": {**BUYER, "BG-8": without(BUYER["BG-8"], "BT-52")}},
        {"BR-DE-8"},
    ),
    "no-postcode-of-the-buyer": (
        {"BG-7": {**BUYER, "BG-8": without(BUYER["BG-8"], "BT-53")}},
        {"BR-DE-9"},
    ),
    "no-rate": ({"BG-23": [without(SUBTOTAL, "BT-119")]}, {"BR-DE-14"}),
    "no-buyer-reference": ({"BT-10": ""}, {"BR-DE-15"}),
    "no-tax-id": ({"BG-4": without(SELLER, "BT-31")}, {"BR-DE-16", "BR-S-02"}),
    "no-process": ({"BG-2": without(PLAIN["BG-2"], "BT-23")}, {"PEPPOL-EN16931-R001"}),
    "no-address-of-the-buyer": (
        {"BG-7": without(BUYER, "BT-49", "BT-49-1")},
        {"PEPPOL-EN16931-R010"},
    ),
    "no-address-of-the-seller": (
        {"BG-4": without(SELLER, "BT-34", "BT-34-1")},
        {"PEPPOL-EN16931-R020"},
    ),
    "no-day-of-the-supply": ({"BG-13": {}}, {"BR-DE-TMP-32"}),
}
"""What is changed in the plain document, and rules that have to find it."""


@pytest.mark.parametrize(("change", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_found(judge, change, expected):
    """A document with one mistake breaks the rules of that mistake, so acceptance says something."""
    assert expected <= ubl_issues(judge, {**PLAIN, **change}).keys()


IBAN, OTHER = "DE02120300000000202051", "DE02500105170137075030"

RIGHT = {
    "plain": {},
    "nothing-due": sums("0.00", "0.00"),
    "given-back": sums("-1000.00", "-190.00"),
    "prepaid-without-a-due-date": {
        **sums("1000.00", "190.00", **{"BT-113": Decimal("1190.00"), "BT-115": Decimal("0.00")}),
        "BT-9": None,
    },
    "cash-rounding": sums(
        "1000.00", "190.00", **{"BT-114": Decimal("-0.02"), "BT-115": Decimal("1189.98")}
    ),
    "yen": {**sums("1000", "190"), "BT-5": "JPY"},
    "two-invoices-before": {"BG-3": [{"BT-25": "A1"}, {"BT-25": "A2", "BT-26": PLAIN["BT-2"]}]},
    "two-accounts": {"BG-16": {"BT-81": "58", "BG-17": [{"BT-84": IBAN}, {"BT-84": OTHER}]}},
    "credit-note": {"BT-3": "381"},
    "long-text": {"BT-20": "first line\nsecond line", "BG-1": [{"BT-22": "<&>" * 500}]},
    "cash-discount": {"BT-20": "#SKONTO#TAGE=14#PROZENT=2.00#\n"},
}


@pytest.mark.parametrize("change", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_accepted(judge, change):
    """Documents at the edge of the rules are accepted, as UBL and as CII."""
    data = {**PLAIN, **change}

    assert ubl_issues(judge, data) == {}
    assert judge.issues(cii(data), CII) == {}


QUIRKS = {"BG-4": ("identifiers",), "BG-10": ("name", "biz_name"), "BG-11": ("name", "biz_name")}
"""What factur-x reads elsewhere in UBL: names of these, and the creditor's id as the seller's."""


def without_quirks(data):
    """Give data without what factur-x reads elsewhere."""
    parties = {key: without(data[key], *names) for key, names in QUIRKS.items()}
    return comparable(data | parties)


def test_every_term_is_read_again(judge):
    """Whatever is said is found again by factur-x, in its own CII and in the UBL of the library."""
    told = export.factur_x(EVERY_TERM)

    assert comparable(read_again(cii(EVERY_TERM))) == comparable(told)
    assert without_quirks(read_again(export.ubl(EVERY_TERM))) == without_quirks(told)

"""Every kind of document as EN 16931 names it; sums and taxes were worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from tests.unit.export.selling import issue, part, sold, store_with

KIND = bc.InvoiceKind
RULES = (export.EN16931, export.XRECHNUNG, export.PEPPOL_BIS)


def sums(data):
    """Give BG-22 with amounts as text."""
    return {code: str(amount) for code, amount in data["BG-22"].items()}


def rows(data):
    """Give base, tax, category and rate of each row of BG-23."""
    return [" ".join(str(each[f"BT-{n}"]) for n in (116, 117, 118, 119)) for each in data["BG-23"]]


def lines(data):
    """Give quantity, price and amount of each line."""
    return [
        f"{each['BT-129']} x {each['BG-29']['BT-146']} = {each['BT-131']}" for each in data["BG-25"]
    ]


def test_an_invoice_is_told_in_full():
    """Number, dates, parties, payment, sums, taxes and lines stand where the norm has them."""
    invoice = issue(store_with(), sold(100, quantity=3), sold(50, "DE_7"))

    assert export.en16931(invoice) == {
        "BT-1": "2026-00001",
        "BT-2": dt.date(2026, 2, 1),
        "BT-3": "380",
        "BT-5": "EUR",
        "BT-9": dt.date(2026, 2, 15),
        "BT-10": "04011000-12345-67",
        "BG-2": {"BT-24": "urn:cen.eu:en16931:2017"},
        "BG-4": {
            "BT-27": "Sales GmbH",
            "BT-31": "DE123456789",
            "BT-34": "eva@sales.example",
            "BT-34-1": "EM",
            "BG-5": {
                "BT-35": "Weg 1",
                "BT-36": "Hof",
                "BT-162": "2. OG",
                "BT-37": "Berlin",
                "BT-38": "10115",
                "BT-40": "DE",
            },
            "BG-6": {"BT-41": "Eva", "BT-42": "+49 30 1234", "BT-43": "eva@sales.example"},
        },
        "BG-7": {
            "BT-44": "Acme GmbH",
            "BT-48": "DE987654321",
            "BT-49": "4012345000009",
            "BT-49-1": "0088",
            "BG-8": {"BT-52": "Bonn", "BT-53": "53111", "BT-55": "DE"},
        },
        "BG-13": {"BG-14": {"BT-73": dt.date(2026, 1, 1), "BT-74": dt.date(2026, 1, 31)}},
        "BG-16": {
            "BT-81": "58",
            "BT-83": "2026-00001",
            "BG-17": [{"BT-84": "DE89370400440532013000", "BT-86": "COBADEFFXXX"}],
        },
        "BG-22": {
            "BT-106": Decimal("350.00"),
            "BT-109": Decimal("350.00"),
            "BT-110": Decimal("60.50"),
            "BT-112": Decimal("410.50"),
            "BT-115": Decimal("410.50"),
        },
        "BG-23": [
            {
                "BT-116": Decimal("300.00"),
                "BT-117": Decimal("57.00"),
                "BT-118": "S",
                "BT-119": Decimal(19),
            },
            {
                "BT-116": Decimal("50.00"),
                "BT-117": Decimal("3.50"),
                "BT-118": "S",
                "BT-119": Decimal(7),
            },
        ],
        "BG-25": [
            {
                "BT-126": "1",
                "BT-129": Decimal(3),
                "BT-130": "C62",
                "BT-131": Decimal("300.00"),
                "BG-26": {"BT-134": dt.date(2026, 1, 1), "BT-135": dt.date(2026, 1, 31)},
                "BG-29": {"BT-146": Decimal(100)},
                "BG-30": {"BT-151": "S", "BT-152": Decimal(19)},
                "BG-31": {"BT-153": "Work"},
            },
            {
                "BT-126": "2",
                "BT-129": Decimal(1),
                "BT-130": "C62",
                "BT-131": Decimal("50.00"),
                "BG-26": {"BT-134": dt.date(2026, 1, 1), "BT-135": dt.date(2026, 1, 31)},
                "BG-29": {"BT-146": Decimal(50)},
                "BG-30": {"BT-151": "S", "BT-152": Decimal(7)},
                "BG-31": {"BT-153": "Work"},
            },
        ],
    }


@pytest.mark.parametrize(
    ("kind", "codes", "construction"),
    [
        (KIND.STANDARD, ("380", "380", "380"), "380"),
        (KIND.DEPOSIT, ("386", "326", "386"), "386"),
        (KIND.PROGRESS, ("326", "326", "386"), "875"),
        (KIND.PARTIAL, ("326", "326", "380"), "876"),
        (KIND.FINAL, ("380", "380", "380"), "877"),
    ],
    ids=lambda value: value.value if isinstance(value, KIND) else None,
)
def test_type_codes(kind, codes, construction):
    """Each rule set has a code for each kind, and construction work has codes of its own."""
    invoice = part(store_with(), kind, (100, "DE_19"))
    found = tuple(export.en16931(invoice, rules=rules)["BT-3"] for rules in RULES)

    assert found == codes
    assert export.en16931(invoice, is_construction=True)["BT-3"] == construction


@pytest.mark.parametrize(
    ("kind", "code"),
    [(KIND.DEPOSIT, "432"), (KIND.PROGRESS, "432"), (KIND.PARTIAL, None), (KIND.FINAL, None)],
    ids=lambda value: value.value if isinstance(value, KIND) else None,
)
def test_advances_are_taxed_when_they_are_paid(kind, code):
    """Of a deposit and a progress invoice the tax is due on payment: code 432 of UNTDID 2005."""
    assert export.en16931(part(store_with(), kind, (100, "DE_19"))).get("BT-8") == code


def test_a_credit_has_positive_amounts():
    """A credit is a 381 that names what it credits; what is given back is above 0."""
    store = store_with()
    invoice = issue(store, sold(100, quantity=3))
    credit = bc.finalize(bc.credit(invoice.number, store.books("acme")), store, on="2026-02-02")
    data = export.en16931(credit)

    assert (data["BT-3"], data["BG-3"]) == (
        "381",
        [{"BT-25": "2026-00001", "BT-26": dt.date(2026, 2, 1)}],
    )
    assert sums(data)["BT-115"] == "357.00"
    assert rows(data) == ["300.00 57.00 S 19"]
    assert lines(data) == ["3 x 100 = 300.00"]
    assert data["BT-9"] == dt.date(2026, 2, 16)


def test_a_credit_of_a_run_can_bill_something():
    """On a document that became a credit by its sign, what is billed has a quantity below 0."""
    invoice = issue(store_with(), sold(-100, quantity=3), sold(10))
    data = export.en16931(invoice)

    assert (invoice.kind, data["BT-3"]) == (KIND.CREDIT, "381")
    assert lines(data) == ["3 x 100 = 300.00", "-1 x 10 = -10.00"]
    assert sums(data)["BT-115"] == "345.10"  # 290 x 1.19


def test_an_invoice_below_zero_stays_an_invoice():
    """Where the policy keeps a negative total an invoice, it is a 380 with amounts below 0."""
    policy = bc.Policy(name="negative", negative_total=bc.NegativeTotal.INVOICE)
    data = export.en16931(issue(store_with(), sold(-100), policy=policy))

    assert (data["BT-3"], sums(data)["BT-115"]) == ("380", "-119.00")
    assert lines(data) == ["-1 x 100 = -100.00"]
    assert "BT-9" not in data


@pytest.mark.parametrize(
    ("rules", "code", "line", "due"),
    [
        (export.EN16931, "384", "-3 x 100 = -300.00", "-357.00"),
        (export.PEPPOL_BIS, "381", "3 x 100 = 300.00", "357.00"),
    ],
    ids=["correction", "credit note"],
)
def test_a_cancellation(rules, code, line, due):
    """A cancellation is a correction with amounts below 0, or where that is not taken a credit note."""
    store = store_with()
    invoice = issue(store, sold(100, quantity=3))
    undone = bc.finalize(
        bc.cancel(invoice.number, store.books("acme"), reason="twice"), store, on="2026-02-02"
    )
    data = export.en16931(undone, rules=rules)

    assert (data["BT-3"], data["BG-3"][0]["BT-25"]) == (code, "2026-00001")
    assert (lines(data), sums(data)["BT-115"]) == ([line], due)
    assert data["BT-20"] == "Offset against Invoice 2026-00001 of Feb 1, 2026"
    assert "BT-9" not in data
    assert {"BT-22": "Reason: twice"} in data["BG-1"]


def test_the_tax_in_the_house_currency():
    """An invoice in dollars states its tax in euros: 19.00 x 0.90 = 17.10; of a credit above 0, too."""
    store = store_with(currency="USD")
    invoice = issue(store, sold(100))
    credit = bc.finalize(bc.credit(invoice.number, store.books("acme")), store, on="2026-02-02")

    for document in (invoice, credit):
        data = export.en16931(document)
        assert (data["BT-5"], data["BT-6"]) == ("USD", "EUR")
        assert sums(data)["BT-111"] == "17.10"


def test_cash_rounding():
    """What rounding to what cash can pay adds is BT-114: 11.92 becomes 11.90."""
    policy = bc.Policy(name="cash", cash_increments=[("EUR", "0.05")])
    data = export.en16931(issue(store_with(), sold("10.02"), policy=policy))

    assert (sums(data)["BT-112"], sums(data)["BT-114"], sums(data)["BT-115"]) == (
        "11.92",
        "-0.02",
        "11.90",
    )


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("Z", {"BT-118": "Z"}),
        ("E", {"BT-118": "E", "BT-120": "UStG 4 Nr. 21"}),
        (
            "AE",
            {
                "BT-118": "AE",
                "BT-120": "Reverse charge: the recipient is liable for the tax.",
                "BT-121": "VATEX-EU-AE",
            },
        ),
        ("K", {"BT-118": "K", "BT-121": "VATEX-EU-IC"}),
        ("G", {"BT-118": "G", "BT-120": "Export", "BT-121": "VATEX-EU-G"}),
        ("O", {"BT-118": "O", "BT-121": "VATEX-EU-O"}),
        (None, {"BT-118": "O", "BT-121": "VATEX-EU-O"}),
    ],
    ids=[
        "zero",
        "exempt",
        "reverse charge",
        "intra-community",
        "export",
        "out of scope",
        "untaxed",
    ],
)
def test_what_is_not_taxed_says_why(code, row):
    """A category without tax has the reason of the tax engine, or the words and code of the category."""
    buyer = bc.Party(
        "Acme", vat_id="FR12345678901", address=bc.PostalAddress("FR"),
        delivery=bc.PostalAddress("FR", city="Paris", lines=["Rue 1"]),
    )  # fmt: skip
    registered = bc.Party(
        "Sales", vat_id="DE1", registration=bc.Identifier("HRB 1"), address=bc.PostalAddress("DE")
    )
    data = export.en16931(issue(store_with(registered, buyer), sold(100, code)))
    is_untaxed = row["BT-118"] == "O"

    assert data["BG-23"] == [
        {"BT-116": Decimal("100.00"), "BT-117": Decimal("0.00"), "BT-119": Decimal(0), **row}
    ]
    assert ("BT-152" in data["BG-25"][0]["BG-30"]) is not is_untaxed
    assert ("BT-31" in data["BG-4"], "BT-48" in data["BG-7"]) == (not is_untaxed,) * 2
    assert data["BG-13"]["BG-15"] == {"BT-75": "Rue 1", "BT-77": "Paris", "BT-80": "FR"}


def test_drafts_and_pro_forma_are_refused():
    """A draft has no number, a pro forma is no invoice, and anything else is none at all."""
    store = store_with()
    invoice = issue(store, sold(100), kind=KIND.PRO_FORMA)

    with pytest.raises(bc.InvalidTransitionError, match="no number; finalize it"):
        export.en16931(invoice.draft)
    with pytest.raises(bc.InvalidTransitionError, match="a pro forma is no invoice for VAT"):
        export.en16931(invoice)
    with pytest.raises(bc.InvalidInputError, match="not an Invoice"):
        export.en16931("2026-00001")
    with pytest.raises(TypeError, match="takes no 'colour'"):
        export.en16931(issue(store, sold(100)), colour="red")

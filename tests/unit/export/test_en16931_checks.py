"""Each rule that is checked before a validator is asked: it is found, with the field and a fix."""

from __future__ import annotations

import copy
import datetime as dt
import decimal
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import export
from billingcore.export.en16931.terms import groups_at
from tests.unit.export.selling import BUYER, MEANS, SELLER, issue, sold, store_with

GERMAN, PEPPOL, NORM = export.XRECHNUNG, export.PEPPOL_BIS, export.EN16931
R = "PEPPOL-EN16931-"
ADDRESS = "set Party(address=PostalAddress(...))"
ENDPOINT = "set Party(electronic_address=Identifier(..., scheme='EM'))"
LEITWEG = "set Party(buyer_reference=...) of the buyer, for public bodies the Leitweg-ID"


def data_of(rules=NORM):
    """Give an invoice over 300.00 less 10 %, as a rule set has it."""
    item = sold(100, quantity=3, discount=bc.Discount.percent(10))
    return export.en16931(issue(store_with(), item), rules=rules)


DATA = {rules.name: data_of(rules) for rules in (NORM, GERMAN, PEPPOL)}


def without(path):
    """Give a change that takes a term or group away."""

    def change(data):
        *place, code = path.split()
        for found in groups_at(data, *place):
            del found[code]

    return change


def having(path, value):
    """Give a change that gives a term or group a value, also where its group is missing."""

    def change(data):
        *place, code = path.split()
        group = data
        for each in place:
            inside = group.setdefault(each, {})
            group = inside[0] if isinstance(inside, list) else inside
        group[code] = value

    return change


def together(*changes):
    """Give a change that makes several."""

    def change(data):
        for each in changes:
            each(data)

    return change


ROW = {"BT-116": Decimal("270.00"), "BT-117": Decimal(0), "BT-119": Decimal(0)}


def of_category(category, rate=Decimal(0), **row):
    """Give a change that makes the whole invoice one of a category, without any reason or tax."""
    zero = Decimal("0.00")
    changes = [
        having("BG-23", [ROW | {"BT-118": category, "BT-119": rate} | row]),
        having("BG-25 BG-30", {"BT-151": category, "BT-152": rate}),
        having("BG-22 BT-110", zero),
        having("BG-22 BT-112", Decimal("270.00")),
        having("BG-22 BT-115", Decimal("270.00")),
    ]
    return together(*changes)


NEEDED = [
    ("BR-01", NORM, without("BG-2 BT-24"), "BT-24"),
    ("BR-02", NORM, without("BT-1"), "BT-1"),
    ("BR-03", NORM, without("BT-2"), "BT-2"),
    ("BR-04", NORM, without("BT-3"), "BT-3"),
    ("BR-05", NORM, without("BT-5"), "BT-5"),
    ("BR-06", NORM, without("BG-4 BT-27"), "BT-27"),
    ("BR-07", NORM, without("BG-7 BT-44"), "BT-44"),
    ("BR-08", NORM, without("BG-4 BG-5"), "BG-5"),
    ("BR-09", NORM, without("BG-4 BG-5 BT-40"), "BT-40"),
    ("BR-10", NORM, without("BG-7 BG-8"), "BG-8"),
    ("BR-11", NORM, without("BG-7 BG-8 BT-55"), "BT-55"),
    ("BR-12", NORM, without("BG-22 BT-106"), "BT-106"),
    ("BR-13", NORM, without("BG-22 BT-109"), "BT-109"),
    ("BR-14", NORM, without("BG-22 BT-112"), "BT-112"),
    ("BR-15", NORM, without("BG-22 BT-115"), "BT-115"),
    ("BR-16", NORM, without("BG-25"), "BG-25"),
    ("BR-21", NORM, without("BG-25 BT-126"), "BT-126"),
    ("BR-22", NORM, without("BG-25 BT-129"), "BT-129"),
    ("BR-23", NORM, without("BG-25 BT-130"), "BT-130"),
    ("BR-24", NORM, without("BG-25 BT-131"), "BT-131"),
    ("BR-25", NORM, without("BG-25 BG-31 BT-153"), "BT-153"),
    ("BR-26", NORM, without("BG-25 BG-29 BT-146"), "BT-146"),
    ("BR-31", NORM, having("BG-20", [{"BT-97": "x", "BT-95": "S"}]), "BT-92"),
    ("BR-32", NORM, having("BG-20", [{"BT-97": "x", "BT-92": Decimal(0)}]), "BT-95"),
    ("BR-33", NORM, having("BG-20", [{"BT-95": "S", "BT-92": Decimal(0)}]), "BT-97"),
    ("BR-36", NORM, having("BG-21", [{"BT-104": "x", "BT-102": "S"}]), "BT-99"),
    ("BR-37", NORM, having("BG-21", [{"BT-105": "x", "BT-99": Decimal(0)}]), "BT-102"),
    ("BR-38", NORM, having("BG-21", [{"BT-102": "S", "BT-99": Decimal(0)}]), "BT-104"),
    ("BR-41", NORM, without("BG-25 BG-27 BT-136"), "BT-136"),
    ("BR-42", NORM, together(without("BG-25 BG-27 BT-139"), without("BG-25 BG-27 BT-140")),
     "BT-139"),
    ("BR-43", NORM, having("BG-25 BG-28", [{"BT-144": "x"}]), "BT-141"),
    ("BR-44", NORM, having("BG-25 BG-28", [{"BT-141": Decimal(0)}]), "BT-144"),
    ("BR-45", NORM, without("BG-23 BT-116"), "BT-116"),
    ("BR-46", NORM, without("BG-23 BT-117"), "BT-117"),
    ("BR-47", NORM, without("BG-23 BT-118"), "BT-118"),
    ("BR-48", NORM, without("BG-23 BT-119"), "BT-119"),
    ("BR-49", NORM, without("BG-16 BT-81"), "BT-81"),
    ("BR-50", NORM, without("BG-16 BG-17 BT-84"), "BT-84"),
    ("BR-52", NORM, having("BG-24", [{"BT-123": "Sheet"}]), "BT-122"),
    ("BR-53", NORM, having("BT-6", "USD"), "BT-111"),
    ("BR-55", NORM, having("BG-3", [{"BT-26": dt.date(2026, 1, 1)}]), "BT-25"),
    ("BR-57", NORM, having("BG-13 BG-15", {"BT-77": "Paris"}), "BT-80"),
    ("BR-61", NORM, without("BG-16 BG-17"), "BG-17"),
    ("BR-62", NORM, without("BG-4 BT-34-1"), "BT-34-1"),
    ("BR-63", NORM, without("BG-7 BT-49-1"), "BT-49-1"),
    ("BR-CO-04", NORM, without("BG-25 BG-30 BT-151"), "BT-151"),
    ("BR-CO-18", NORM, without("BG-23"), "BG-23"),
    ("BR-DE-1", GERMAN, without("BG-16"), "BG-16"),
    ("BR-DE-2", GERMAN, without("BG-4 BG-6"), "BG-6"),
    ("BR-DE-3", GERMAN, without("BG-4 BG-5 BT-37"), "BT-37"),
    ("BR-DE-4", GERMAN, without("BG-4 BG-5 BT-38"), "BT-38"),
    ("BR-DE-5", GERMAN, without("BG-4 BG-6 BT-41"), "BT-41"),
    ("BR-DE-6", GERMAN, without("BG-4 BG-6 BT-42"), "BT-42"),
    ("BR-DE-7", GERMAN, without("BG-4 BG-6 BT-43"), "BT-43"),
    ("BR-DE-8", GERMAN, without("BG-7 BG-8 BT-52"), "BT-52"),
    ("BR-DE-9", GERMAN, without("BG-7 BG-8 BT-53"), "BT-53"),
    ("BR-DE-10", GERMAN, having("BG-13 BG-15", {"BT-80": "FR", "BT-78": "1"}), "BT-77"),
    ("BR-DE-11", GERMAN, having("BG-13 BG-15", {"BT-80": "FR", "BT-77": "P"}), "BT-78"),
    ("BR-DE-14", GERMAN, without("BG-23 BT-119"), "BT-119"),
    ("BR-DE-15", GERMAN, without("BT-10"), "BT-10"),
    ("BR-DE-30", GERMAN, having("BG-16 BG-19", {"BT-89": "M", "BT-91": "x"}), "BT-90"),
    ("BR-DE-31", GERMAN, having("BG-16 BG-19", {"BT-89": "M", "BT-90": "x"}), "BT-91"),
    (f"{R}R001", PEPPOL, without("BG-2 BT-23"), "BT-23"),
    (f"{R}R003", PEPPOL, without("BT-10"), "BT-10"),
    (f"{R}R010", GERMAN, without("BG-7 BT-49"), "BT-49"),
    (f"{R}R020", PEPPOL, without("BG-4 BT-34"), "BT-34"),
    (f"{R}R061", PEPPOL, having("BG-16 BG-19", {"BT-90": "x"}), "BT-89"),
]  # fmt: skip
"""Rule, rule set, what is taken away, and the term that is then missing."""

WRONG = [
    ("BR-CO-10", NORM, having("BG-22 BT-106", Decimal("270.01")), "BT-106"),
    ("BR-CO-11", NORM, having("BG-22 BT-107", Decimal("1.00")), "BT-107"),
    ("BR-CO-12", NORM, having("BG-22 BT-108", Decimal("1.00")), "BT-108"),
    ("BR-CO-13", NORM, having("BG-22 BT-109", Decimal("270.01")), "BT-109"),
    ("BR-CO-14", NORM, having("BG-22 BT-110", Decimal("51.31")), "BT-110"),
    ("BR-CO-15", NORM, having("BG-22 BT-112", Decimal("321.31")), "BT-112"),
    ("BR-CO-16", NORM, having("BG-22 BT-115", Decimal("321.31")), "BT-115"),
    ("BR-CO-17", NORM, having("BG-23 BT-117", Decimal("52.30")), "BT-117"),
    ("BR-CO-25", NORM, without("BT-9"), "BT-9"),
    ("BR-DEC-12", NORM, having("BG-22 BT-109", Decimal("270.000")), "BT-109"),
    ("BR-DEC-24", NORM, having("BG-25 BG-27 BT-136", Decimal("30.000")), "BT-136"),
    ("BR-CO-03", NORM, together(having("BT-7", dt.date(2026, 1, 1)), having("BT-8", "432")), "BT-7"),
    ("BR-CO-19", NORM, having("BG-13 BG-14", {"BT-0": "x"}), "BT-73"),
    ("BR-CO-20", NORM, having("BG-25 BG-26", {"BT-0": "x"}), "BT-134"),
    ("BR-29", NORM, having("BG-13 BG-14 BT-74", dt.date(2025, 1, 1)), "BT-74"),
    ("BR-30", NORM, having("BG-25 BG-26 BT-135", dt.date(2025, 1, 1)), "BT-135"),
    ("BR-27", NORM, having("BG-25 BG-29 BT-146", Decimal(-100)), "BT-146"),
    ("BR-28", NORM, having("BG-25 BG-29 BT-148", Decimal(-100)), "BT-148"),
    ("BR-CO-09", NORM, having("BG-4 BT-31", "123456789"), "BT-31"),
    ("BR-CO-09", NORM, having("BG-7 BT-48", "12"), "BT-48"),
    ("BR-CO-26", NORM, together(without("BG-4 BT-31"), having("BG-4 BT-32", "27/1")), "BT-31"),
    ("BR-CL-01", NORM, having("BT-3", "999"), "BT-3"),
    ("BR-CL-04", NORM, having("BT-5", "XXX"), "BT-5"),
    ("BR-CL-05", NORM, having("BT-6", "XXX"), "BT-6"),
    ("BR-CL-10", NORM, having("BG-4 BT-29-1", "EM"), "BT-29-1"),
    ("BR-CL-11", NORM, having("BG-7 BT-47-1", "12345"), "BT-47-1"),
    ("BR-CL-14", NORM, having("BG-7 BG-8 BT-55", "UK"), "BT-55"),
    ("BR-CL-16", NORM, having("BG-16 BT-81", "71"), "BT-81"),
    ("BR-CL-17", NORM, having("BG-23 BT-118", "X"), "BT-118"),
    ("BR-CL-18", NORM, having("BG-25 BG-30 BT-151", "X"), "BT-151"),
    ("BR-CL-22", NORM, having("BG-23 BT-121", "AE"), "BT-121"),
    ("BR-CL-23", NORM, having("BG-25 BT-130", "pieces"), "BT-130"),
    ("BR-CL-25", NORM, having("BG-4 BT-34-1", "MAIL"), "BT-34-1"),
    ("BR-S-01", NORM, together(having("BG-23 BT-118", "Z"), having("BG-23 BT-119", Decimal(0))),
     "BT-118"),
    ("BR-S-02", NORM, without("BG-4 BT-31"), "BT-31"),
    ("BR-S-05", NORM, having("BG-23 BT-119", Decimal(0)), "BT-119"),
    ("BR-S-05", NORM, without("BG-25 BG-30 BT-152"), "BT-152"),
    ("BR-S-08", NORM, having("BG-23 BT-116", Decimal("270.01")), "BT-116"),
    ("BR-S-10", NORM, having("BG-23 BT-120", "why not"), "BT-120"),
    ("BR-Z-05", NORM, together(of_category("Z"), having("BG-25 BG-30 BT-152", Decimal(7))), "BT-152"),
    ("BR-Z-10", NORM, of_category("Z", **{"BT-120": "why not"}), "BT-120"),
    ("BR-E-10", NORM, of_category("E"), "BT-120"),
    ("BR-AE-02", NORM, together(of_category("AE"), without("BG-7 BT-48")), "BT-48"),
    ("BR-AE-10", NORM, of_category("AE"), "BT-120"),
    ("BR-G-02", NORM, together(of_category("G"), without("BG-4 BT-31")), "BT-31"),
    ("BR-IC-02", NORM, together(of_category("K"), without("BG-7 BT-48")), "BT-48"),
    ("BR-IC-11", NORM, together(of_category("K"), having("BG-13", {})), "BT-72"),
    ("BR-IC-12", NORM, of_category("K"), "BT-80"),
    ("BR-AF-10", NORM, of_category("L", Decimal(7), **{"BT-121": "VATEX-EU-O"}), "BT-120"),
    ("BR-O-02", NORM, of_category("O"), "BT-31"),
    ("BR-O-05", NORM, of_category("O"), "BT-152"),
    ("BR-O-11", NORM, having("BG-23", [ROW | {"BT-118": "O"}, ROW | {"BT-118": "Z"}]), "BT-118"),
    ("BR-DE-17", GERMAN, having("BT-3", "386"), "BT-3"),
    ("BR-DE-18", GERMAN, having("BT-20", "#SKONTO#TAGE=7#PROZENT=2#\n"), "BT-20"),
    ("BR-DE-18", GERMAN, having("BT-20", "#SKONTO#TAGE=7#PROZENT=2.00#"), "BT-20"),
    ("BR-DE-23-a", GERMAN, without("BG-16 BG-17"), "BG-17"),
    ("BR-DE-23-b", GERMAN, having("BG-16 BG-18", {"BT-87": "1234"}), "BG-18"),
    ("BR-DE-24-a", GERMAN, having("BG-16", {"BT-81": "48"}), "BG-18"),
    ("BR-DE-25-a", GERMAN, having("BG-16", {"BT-81": "59"}), "BG-19"),
    ("BR-DE-26", GERMAN, having("BT-3", "384"), "BG-3"),
    ("BR-DE-27", GERMAN, having("BG-4 BG-6 BT-42", "12"), "BT-42"),
    ("BR-DE-28", GERMAN, having("BG-4 BG-6 BT-43", "eva"), "BT-43"),
    (f"{R}R005", GERMAN, having("BT-6", "EUR"), "BT-6"),
    (f"{R}R008", GERMAN, having("BT-11", "  "), "BT-11"),
    (f"{R}R008", NORM, having("BG-1", []), "BG-1"),
    (f"{R}R040", PEPPOL, having("BG-25 BG-27 BT-138", Decimal(11)), "BT-136"),
    (f"{R}R041", PEPPOL, without("BG-25 BG-27 BT-137"), "BT-136"),
    (f"{R}R042", PEPPOL, without("BG-25 BG-27 BT-138"), "BT-136"),
    (f"{R}R110", GERMAN, having("BG-13 BG-14 BT-73", dt.date(2026, 1, 2)), "BT-134"),
    (f"{R}R111", GERMAN, having("BG-13 BG-14 BT-74", dt.date(2026, 1, 30)), "BT-135"),
    (f"{R}R120", GERMAN, having("BG-25 BG-29 BT-146", Decimal("100.01")), "BT-131"),
    (f"{R}R121", GERMAN, having("BG-25 BG-29 BT-149", Decimal(0)), "BT-149"),
    ("XML-Char", NORM, having("BG-25 BG-31 BT-153", "a\x0bb"), "BT-153"),
    ("XML-Char", NORM, having("BT-1", "\ud800"), "BT-1"),
    ("XML-Char", NORM, having("BT-1", "\ufffe"), "BT-1"),
]  # fmt: skip
"""Rule, rule set, what is made wrong, and the term that is named."""


PAYMENTS = {
    "30": "set PaymentMeans(account=...)",
    "48": "set PaymentMeans(card=...)",
    "59": "set PaymentMeans(mandate=..., creditor_id=..., debited_account=...)",
}


@pytest.mark.parametrize(("code", "fix"), PAYMENTS.items(), ids=PAYMENTS)
def test_what_a_means_of_payment_needs_is_named(code, fix):
    """Each code of XRechnung says which fields fill its group."""
    data = copy.deepcopy(DATA[GERMAN.name])
    having("BG-16", {"BT-81": code})(data)
    found = export.en16931_findings(data, rules=GERMAN)

    assert fix in [each.fix for each in found if each.rule.startswith("BR-DE-2")]


@pytest.mark.parametrize("rules", [NORM, GERMAN, PEPPOL], ids=lambda rules: rules.name)
def test_what_was_exported_breaks_no_rule(rules):
    """The data from which all other cases start breaks no rule of its rule set."""
    assert export.en16931_findings(DATA[rules.name], rules=rules) == ()


@pytest.mark.parametrize(
    ("rule", "rules", "change", "term"),
    [*NEEDED, *WRONG],
    ids=[f"{place} {rule}" for place, (rule, *_) in enumerate([*NEEDED, *WRONG])],
)
def test_a_broken_rule_is_found(rule, rules, change, term):
    """What is wrong or missing is found under the rule's own id, with term, record, field and fix."""
    data = copy.deepcopy(DATA[rules.name])
    change(data)
    found = [
        each
        for each in export.en16931_findings(data, rules=rules)
        if (each.rule, each.term) == (rule, term)
    ]

    assert len(found) == 1
    assert all((found[0].record, found[0].field, found[0].message, found[0].fix))
    assert str(found[0]).count(rule) == 1


def test_rules_of_one_set_are_no_rules_of_another():
    """What only XRechnung asks for is not missing in an invoice by the norm alone."""
    data = copy.deepcopy(DATA["EN 16931"])
    without("BT-10")(data)
    without("BG-4 BG-6")(data)

    assert export.en16931_findings(data) == ()
    assert {each.rule for each in export.en16931_findings(data, rules=GERMAN)} >= {"BR-DE-15"}


def test_all_that_is_wrong_is_raised_at_once():
    """The export raises every finding as an error of its own, with the record to mend."""
    buyer = bc.Party("Acme GmbH", address=bc.PostalAddress("DE"))
    invoice = issue(store_with(buyer=buyer), sold(100))

    with pytest.raises(
        bc.BillingProblemsError, match="2026-00001 breaks 4 rules of XRech"
    ) as found:
        export.en16931(invoice, rules=GERMAN)
    assert {each.record for each in found.value.exceptions} == {"Account 'acme'"}
    assert [(each.field, each.rule, each.fix) for each in found.value.exceptions] == [
        ("party.address.city", "BR-DE-8, BT-52: it is missing", ADDRESS),
        ("party.address.postcode", "BR-DE-9, BT-53: it is missing", ADDRESS),
        ("party.electronic_address", f"{R}R010, BT-49: it is missing", ENDPOINT),
        ("party.buyer_reference", "BR-DE-15, BT-10: it is missing", LEITWEG),
    ]


def test_one_broken_rule_is_told_as_one():
    """A single finding is counted as such."""
    invoice = issue(store_with(), sold(100, unit_code="pieces"))

    with pytest.raises(bc.BillingProblemsError, match=r"breaks 1 rule of EN 16931") as found:
        export.en16931(invoice)
    (error,) = found.value.exceptions
    assert str(error) == (
        "Invoice '2026-00001', line 1: item.unit_code = 'pieces': BR-CL-23, BT-130: no code of its "
        "list; use UN/ECE Recommendation 20, like 'C62', 'HUR' or 'KGM'"
    )


def test_currencies_with_three_decimals_cannot_be_carried():
    """Amounts of dinars have three decimals, e-invoices two: one finding for each sort of amount."""
    rates = [bc.ExchangeRate("KWD", "EUR", 3, date="2026-01-01", source="ECB")]
    setup = bc.Setup(
        entities=[bc.BusinessEntity("Sales", party=SELLER, payment_means=MEANS)],
        exchange=bc.ExchangeTable(rates),
    )
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}), setup=setup)
    store.add(bc.Account("acme", currency="KWD", entity="Sales", party=BUYER))
    invoice = issue(store, sold("1.234"), sold("2.345"))
    found = export.en16931_findings(invoice)

    assert {(each.rule, each.term) for each in found} == {
        ("BR-DEC-09", "BT-106"), ("BR-DEC-12", "BT-109"), ("BR-DEC-13", "BT-110"),
        ("BR-DEC-14", "BT-112"), ("BR-DEC-18", "BT-115"), ("BR-DEC-19", "BT-116"),
        ("BR-DEC-20", "BT-117"), ("BR-DEC-23", "BT-131"),
    }  # fmt: skip
    assert len(found) == 8


def test_a_cash_discount_is_never_rounded():
    """A cash discount with three decimals is refused for an XRechnung, which has two."""
    terms = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent="2.125")])
    (found,) = export.en16931_findings(issue(store_with(terms=terms), sold(100)), rules=GERMAN)

    assert (found.rule, found.value) == ("BR-DE-18", "#SKONTO#TAGE=7#PROZENT=2.125#")


def test_untaxed_lines_beside_taxed_ones():
    """A line without a tax code beside a taxed one is told as what it is."""
    found = export.en16931_findings(issue(store_with(), sold(100), sold(5, None)))

    assert [(each.rule, each.fix) for each in found if each.rule == "BR-O-11"] == [
        ("BR-O-11", "give the untaxed items a tax code, or bill them apart")
    ]


def test_hostile_text_is_found_wherever_it_is():
    """A number that no XML can hold is named by its place, and never written."""
    invoice = issue(store_with(), sold(100))
    hostile = bc.Invoice("R\x001", invoice.date, invoice.due_date, invoice.draft)
    found = export.en16931_findings(hostile)

    assert {(each.rule, each.term) for each in found} == {
        ("XML-Char", "BT-1"),
        ("XML-Char", "BT-83"),
    }
    assert "U+0000 at position 1" in found[0].message


def test_findings_do_not_depend_on_the_context_of_the_host():
    """An ambient context of three digits changes neither data nor findings."""
    invoice = issue(store_with(), sold("12345.67", quantity=3))
    expected = export.en16931(invoice, rules=GERMAN)
    with decimal.localcontext(prec=3):
        assert export.en16931(invoice, rules=GERMAN) == expected
        assert export.en16931_findings(expected, rules=GERMAN) == ()

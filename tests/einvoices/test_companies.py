"""Invoices of contracts, usage and single documents are accepted by all official rules."""

from __future__ import annotations

import pytest

from billingcore import export
from tests.einvoices.companies import MIXES, SELLER, TRANSFER, exported, of_company
from tests.einvoices.judges import UBL_OF_CEN, UBL_OF_KOSIT, accepted

# The packages' own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("default")

SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_documents_of_a_company(judge, seed):
    """Whatever is billed, credited and canceled passes the rules of the norm and of XRechnung."""
    for invoice, options in of_company(seed):
        accepted(judge, exported(invoice, options))


def test_there_is_something_of_everything():
    """The documents have all kinds, VAT categories, currencies, and what changes a price."""
    made = [(each, exported(each, options)) for seed in SEEDS for each, options in of_company(seed)]
    data = [terms for _, terms in made]
    lines = [line for terms in data for line in terms["BG-25"]]
    prices = [line["BG-29"] for line in lines]

    assert len(made) > 150
    assert {each.kind.value for each, _ in made} == {"invoice", "credit", "cancellation"}
    assert {terms["BT-3"] for terms in data} == {"380", "381", "384"}
    assert {terms["BT-5"] for terms in data} == {"EUR", "USD", "JPY", "CHF"}
    assert {row["BT-118"] for terms in data for row in terms["BG-23"]} == {
        *("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
    }
    assert all("BT-111" in terms["BG-22"] for terms in data if terms["BT-5"] != "EUR")
    assert any("BT-114" in terms["BG-22"] for terms in data)
    assert {line["BT-126"] for line in lines} >= {"1", "2", "3", "4", "5"}
    assert any("BT-149" in price for price in prices)
    assert any(
        "BT-147" in price or "BG-27" in line for price, line in zip(prices, lines, strict=True)
    )
    assert any("BG-26" in line for line in lines)
    assert any(line.item.price_includes_tax for each, _ in made for line in each.lines)
    assert any(line.order_discount for each, _ in made for line in each.lines)
    assert len(MIXES) == 8


def test_other_rule_sets(judge):
    """The same documents by the norm alone and by Peppol are accepted by the norm's rules."""
    for rules in (export.EN16931, export.PEPPOL_BIS):
        for invoice, options in of_company(2):
            text = export.ubl(
                invoice, rules=rules, seller=SELLER, payment_means=TRANSFER, **options
            )
            assert judge.issues(text, UBL_OF_CEN) == {}


def test_what_xrechnung_asks_for_is_found_before(judge):
    """What the exporter would refuse is what the official rules refuse."""
    invoice, options = of_company(0)[0]
    data = exported(invoice, options)
    del data["BT-10"], data["BG-4"]["BG-6"]
    found = {each.rule for each in export.en16931_findings(data, rules=export.XRECHNUNG)}

    assert found == {"BR-DE-15", "BR-DE-2"}
    assert judge.issues(export.ubl(data), UBL_OF_KOSIT).keys() == found

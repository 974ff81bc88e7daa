"""Invoices of agreements that are billed in parts are accepted by all official rules."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore import export
from tests.einvoices.companies import exported, of_chain, of_prepaid
from tests.einvoices.judges import UBL_OF_CEN, UBL_OF_KOSIT, accepted

# The packages' own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("default")

SEEDS = range(50)
TOO_FAR = {41}
"""Agreements in yen whose rest differs by more than one yen from its own tax.

The tax of a chain is that of the whole, so that a rest can differ by the roundings of its parts;
EN 16931 tolerates one unit of the currency (BR-CO-17), which yen use up with two parts.
"""


def documents(seeds):
    """Give the documents of agreements with their data."""
    pairs = [pair for seed in seeds for pair in of_chain(seed)]
    return [(invoice, exported(invoice, options)) for invoice, options in pairs]


@pytest.mark.parametrize("seed", sorted({*SEEDS} - TOO_FAR))
def test_the_documents_of_an_agreement(judge, seed):
    """Deposits, parts, finals of each shape and what undoes them pass the norm and XRechnung."""
    for _, data in documents([seed]):
        accepted(judge, data)


@pytest.mark.parametrize("seed", range(12))
def test_a_final_of_what_is_paid_before(judge, seed):
    """A final of which nothing is left passes, in both ways to deduct and without a due date."""
    data = [exported(invoice, options) for invoice, options in of_prepaid(seed)]
    for each in data:
        accepted(judge, each)

    assert all(each["BG-22"]["BT-115"] == 0 and "BT-9" not in each for each in data[1:])


@pytest.mark.parametrize("seed", sorted(TOO_FAR))
def test_what_the_norm_cannot_state(seed):
    """A rest whose tax is too far from its rate is refused by name before it is sent."""
    refused = []
    for invoice, options in of_chain(seed):
        try:
            exported(invoice, options)
        except bc.BillingProblemsError as problems:
            refused += [(invoice.currency, str(each)) for each in problems.exceptions]

    assert refused
    assert all(code == "JPY" and "BR-CO-17" in text for code, text in refused)


def test_there_is_something_of_everything():
    """The documents have all kinds of a chain in both shapes, and all ways to deduct."""
    made = documents({*SEEDS} - TOO_FAR)
    data = [terms for _, terms in made]
    finals = [each for each, _ in made if each.kind is bc.InvoiceKind.FINAL]

    assert len(made) > 200
    assert {each.kind.value for each, _ in made} == {
        *("deposit", "partial", "progress", "final", "credit", "cancellation")
    }
    assert {terms["BT-3"] for terms in data} == {*("326", "380", "381", "384", "875", "876", "877")}
    assert {each.draft.policy.final_shape for each in finals} == {*bc.FinalShape}
    assert any(len(each.breakdown) > 1 for each in finals)
    assert {terms["BT-5"] for terms in data} == {"EUR", "CHF", "JPY"}
    assert any("BT-113" in terms["BG-22"] for terms in data)
    assert any(terms["BG-22"]["BT-115"] < 0 for terms in data)
    assert any("BT-114" in terms["BG-22"] for terms in data)
    assert any(len(terms.get("BG-3", ())) > 1 for terms in data)


def test_a_deposit_by_the_norm(judge):
    """The norm has a code of its own for deposits, at which XRechnung warns."""
    pairs = [pair for seed in range(10) for pair in of_chain(seed)]
    deposit, options = next(pair for pair in pairs if pair[0].kind is bc.InvoiceKind.DEPOSIT)
    data = exported(deposit, options, rules=export.EN16931)
    text = export.ubl(data)

    assert data["BT-3"] == "386"
    assert judge.issues(text, UBL_OF_CEN) == {}
    assert "BR-DE-17" in judge.issues(text, UBL_OF_KOSIT)

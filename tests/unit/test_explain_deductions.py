"""How each amount that a final deducts came about."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.finals import final, house, sub, work

KIND = bc.InvoiceKind
CLAIM = ("DE_19", "2500.00", "475.00")
INVOICED = bc.DOCUMENTED.but(deduct_progress=bc.DeductProgress.INVOICED)


def explained(document, policy=bc.DOCUMENTED):
    """Explain what a final of 10,000 deducts of a document."""
    (deduction,) = final([document], work(10000), policy=policy).deductions
    return bc.explain_deduction(deduction)


@pytest.mark.parametrize(
    ("document", "policy", "expected"),
    [
        pytest.param(
            sub("P-1", CLAIM),
            bc.DOCUMENTED,
            """\
Progress invoice P-1 of 2026-03-01
  agreement: house
  rule: a progress invoice is deducted as far as it was paid
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  paid: 2975.00 of 2975.00 EUR
  deducted, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR""",
            id="paid",
        ),
        pytest.param(
            sub("P-1", CLAIM, paid=[("DE_19", "1000.00", "190.00")]),
            bc.DOCUMENTED,
            """\
Progress invoice P-1 of 2026-03-01
  agreement: house
  rule: a progress invoice is deducted as far as it was paid
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  paid: 1190.00 of 2975.00 EUR
  deducted, DE_19, S 19 %: 1000.00 net + 190.00 tax = 1190.00 EUR
  part of the final: 2975.00 - 1190.00 = 1785.00 EUR is open; the final asks for it, and closes P-1""",
            id="paid-in-part",
        ),
        pytest.param(
            sub("D-1", CLAIM, paid=[], kind=KIND.DEPOSIT),
            bc.DOCUMENTED,
            """\
Deposit invoice D-1 of 2026-03-01
  agreement: house
  rule: a deposit invoice is deducted as far as it was paid
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  paid: 0 of 2975.00 EUR
  deducted: 0 EUR in all
  part of the final: 2975.00 EUR is open; the final asks for it, and closes D-1""",
            id="not-paid",
        ),
        pytest.param(
            sub("T-1", CLAIM, paid=[], kind=KIND.PARTIAL, credited_by=["G-1", "G-2"]),
            bc.DOCUMENTED,
            """\
Partial invoice T-1 of 2026-03-01
  agreement: house
  given back in part by: G-1, G-2
  rule: a partial invoice is deducted as it was invoiced, paid or not
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR, less what was given back
  deducted, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  still claimed: 2975.00 EUR is open; it stays to be paid on T-1 itself""",
            id="partial-credited",
        ),
        pytest.param(
            sub("P-1", CLAIM, ("DE_7", "100.00", "7.00")),
            INVOICED,
            """\
Progress invoice P-1 of 2026-03-01
  agreement: house
  rule: the policy deducts a progress invoice as it was invoiced, paid or not
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  invoiced, DE_7, S 7 %: 100.00 net + 7.00 tax = 107.00 EUR
  deducted, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  deducted, DE_7, S 7 %: 100.00 net + 7.00 tax = 107.00 EUR
  deducted: 3082.00 EUR in all""",
            id="as-invoiced-by-policy",
        ),
        pytest.param(
            sub("P-1", CLAIM, paid=[("DE_19", "1000.00", "190.00")], open="1785.10"),
            bc.DOCUMENTED,
            """\
Progress invoice P-1 of 2026-03-01
  agreement: house
  rule: a progress invoice is deducted as far as it was paid
  invoiced, DE_19, S 19 %: 2500.00 net + 475.00 tax = 2975.00 EUR
  paid: 1190.00 of 2975.00 EUR
  deducted, DE_19, S 19 %: 1000.00 net + 190.00 tax = 1190.00 EUR
  part of the final: 1785.10 EUR is open; the final asks for it, and closes P-1""",
            id="open-as-the-host-says",
        ),
    ],
)
def test_explanations(document, policy, expected):
    """An explanation names the rule, what was invoiced and paid, the deduction, and the rest."""
    assert str(explained(document, policy)) == expected


def test_untaxed_amounts():
    """An amount without a tax code is named by its category."""
    untaxed = [bc.TaxAmount(bc.Tax("", rate=0, category=bc.TaxCategory.OUT_OF_SCOPE),
                            Decimal(50), Decimal(0))]  # fmt: skip
    document = bc.ChainDocument("P-1", kind=KIND.PROGRESS, key="house", date="2026-03-01",
                                currency="EUR", invoiced=untaxed, paid=untaxed)  # fmt: skip

    assert explained(document).steps[0].name == "invoiced, O 0 %"


def test_steps_can_be_computed_again():
    """Each step has its operands as numbers, and they lead to its value."""
    paid = [("DE_19", "1000.00", "190.00")]
    invoiced, _, deducted, rest = explained(sub("P-1", CLAIM, paid=paid)).steps

    assert invoiced.operands == (("net", Decimal(2500)), ("tax", Decimal(475)))
    assert sum(dict(deducted.operands).values()) == deducted.value == Decimal(1190)
    assert rest.operands == (("invoiced", Decimal(2975)), ("paid", Decimal(1190)))
    assert rest.value == Decimal(1785)


def test_the_deductions_of_a_final_add_up():
    """The values of all explanations are what the final deducts."""
    made = house()
    found = [bc.explain_deduction(each).steps[-1].value for each in made.deductions]

    assert sum(found) == made.totals.paid == Decimal(5950)


def test_texts_of_the_host_stay_on_their_line():
    """A number or a key cannot turn text around."""
    document = sub("P\u202e-1", CLAIM, credited_by=["G\u2066-1"])

    assert not {"\u202e", "\u2066"} & set(str(explained(document)))

"""The law that nothing is lost, of records of the host: `check_accounting` misses what is gone."""

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_accounting

SALES = bc.Filter("Sales", use_case=bc.UseCase.GENERIC, target="Sale")
RUN = bc.InvoiceRun(
    bc.Period.month(2026, 1), selection=bc.Selection([SALES], has_subscriptions=False)
)


def sale(number, account):
    """Give a sale to an account; None names nobody."""
    values = {"ON_Account": account, "ON_Title": "Lamp", "ON_UnitPrice": 30}
    return bc.SourceRecord("Sale", number, values)


def billed(*records):
    """Give the outcome of an account, and what it was worked out from."""
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), records=records)
    return bc.bill(RUN, snapshot, bc.TaxTable({})), snapshot


def evidence_of(outcome, snapshot):
    """Give the evidence of the violation."""
    with pytest.raises(bc.InvariantViolationError) as caught:
        check_accounting(outcome, snapshot)
    return caught.value.law, caught.value.evidence


def test_a_record_of_another_account_need_not_leave():
    """Sale 2 names borg, so the outcome of acme says nothing of it."""
    outcome, snapshot = billed(sale("1", "acme"), sale("2", "borg"))

    check_accounting(outcome, snapshot)

    assert outcome.billed == {"Sale/1"}


def test_a_record_that_is_gone_is_missed():
    """An outcome without its drafts has lost sale 1."""
    outcome, snapshot = billed(sale("1", "acme"))
    law, evidence = evidence_of(bc.AccountOutcome(outcome.run, "acme"), snapshot)

    assert (law, evidence) == ("every record that enters leaves", [("Sale/1", "Sales")])


def test_a_record_that_cannot_be_read_is_missed_too():
    """Sale 1 names nobody, which is a problem that somebody has to be told of."""
    outcome, snapshot = billed(sale("1", None))
    check_accounting(outcome, snapshot)
    law, evidence = evidence_of(bc.AccountOutcome(outcome.run, "acme"), snapshot)

    assert (law, evidence) == ("every record that enters leaves", [("Sale/1", "Sales")])


def test_time_is_left_out_of_what_entered_only():
    """An entry for time of a contract that nobody knows is found, and is the only evidence."""
    outcome, snapshot = billed(sale("1", "acme"))
    stray = bc.Exclusion("acme", "S-9/seats", bc.Reason.NOT_DUE, None)
    own = bc.Exclusion("acme", "Sale/1", bc.Reason.NOT_DUE, None)
    law, evidence = evidence_of(attrs.evolve(outcome, left_out=(own, stray)), snapshot)

    assert (law, evidence) == ("time is left out of records that entered", ["S-9/seats"])

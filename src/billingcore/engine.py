"""The engine: what to bill of one account, and why; a pure function.

Two halves with one seam. `assemble` goes from records to groups of lines; `finish` from the taxes
to drafts. Between them stand the questions to the tax engine, so that a run can ask for a window of
accounts at once.
"""

from __future__ import annotations

from billingcore.invoices.assembly import assemble
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import TaxEngine
from billingcore.records.reasons import Exclusion, Problem
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.taxes import TaxPurpose
from billingcore.scope.run import InvoiceRun
from billingcore.tax.answers import ask
from billingcore.tax.drafts import finish, finish_by_table
from billingcore.tax.ordinary_account import ordinary_outcome
from billingcore.tax.table import TaxTable, Untaxed
from billingcore.values.context import EXACT, host_context, switch_context

__all__ = ["bill", "why_not"]


def bill(run: InvoiceRun, snapshot: AccountSnapshot, tax: TaxEngine) -> AccountOutcome:
    """Work out the drafts of one account, and a reason for all that is on none.

    Pure: equal arguments give equal outcomes, on any machine and in any order, and nothing is
    stored. A preview is this call; `execute` commits what it returns.

    Args:
        run: what to bill, and how.
        snapshot: all that is known of the account.
        tax: asked once, for all lines.

    Raises:
        PortError: the tax engine could not answer.

    >>> from billingcore import Account, Item, Period, Subscription, TaxTable
    >>> seats = Item("seats", unit_price="100", quantity=3, tax_code="DE_19")
    >>> snapshot = AccountSnapshot(Account("acme", currency="EUR"),
    ...                            [Subscription("S-1", account="acme", items=[seats])])
    >>> outcome = bill(InvoiceRun(Period.month(2026, 1)), snapshot, TaxTable({"DE_19": 19}))
    >>> outcome.drafts[0].totals.gross
    Decimal('357.00')
    """
    host = host_context()
    switch_context(EXACT)
    try:
        if type(tax) is TaxTable:  # computes nothing, so it needs no context of its own
            ordinary = ordinary_outcome(run, snapshot, tax)
            return ordinary or finish_by_table(assemble(run, snapshot), tax)
        assembly = assemble(run, snapshot)
        questions = assembly.asked.questions
        switch_context(host)
        answers = ask(tax, questions, TaxPurpose.ESTIMATE)
        switch_context(EXACT)
        return finish(assembly, answers)
    finally:
        switch_context(host)


def why_not(
    run: InvoiceRun, snapshot: AccountSnapshot, name: str, tax: TaxEngine | None = None
) -> Exclusion | Problem | None:
    """Say why one item, record or usage is not billed by one run; None if it is.

    Args:
        run: the run in question.
        snapshot: its account.
        name: an item's id, or ``subscription/item`` where several have this id; or the name of a
            record as reports show it, like ``Order/O-1`` or, for a party, ``Order/O-1:Cust``.
        tax: the tax engine; without one, tax codes are taken as known.

    Raises:
        InvalidInputError: the account has nothing of this name, or several items.
    """
    outcome = bill(run, snapshot, Untaxed() if tax is None else tax)
    answers: tuple[Exclusion | Problem, ...] = (*outcome.exclusions, *outcome.problems)
    known = {answer.record for answer in answers} | outcome.billed
    record = name if name in known else snapshot.position_named(name)[2]
    return next((answer for answer in answers if answer.record == record), None)

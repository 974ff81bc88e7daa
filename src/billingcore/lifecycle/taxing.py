"""Actual taxes in the place of estimated ones, for many drafts with one call of the tax engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from billingcore.errors import BillingError, PortError
from billingcore.invoices.assembly import Asked, questions_for
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.reopening import open_lines
from billingcore.lifecycle.rebuilding import NOTHING, rebuilt
from billingcore.ports import TaxEngine
from billingcore.records.taxes import TaxAnswer, TaxPurpose
from billingcore.tax.answers import ask, known_taxes, single_tax
from billingcore.tax.table import TaxTable

__all__ = ["with_actual_taxes"]


def with_actual_taxes(
    drafts: Sequence[DraftInvoice], tax: TaxEngine
) -> Iterator[DraftInvoice | BillingError]:
    """Yield each draft with its actual taxes, or what is wrong with it.

    A draft whose taxes are as they were estimated comes back itself. What cancels or credits a
    document has the taxes of that, and nobody is asked. If the call fails, each draft is asked for
    by itself, so that only those that fail alone are not taxed.
    """
    if type(tax) is not TaxTable:
        yield from _with_answers(drafts, tax)
        return
    for draft in drafts:  # a table computes nothing, so it is asked only where taxes changed
        if draft.original or _is_as_told(draft, tax) or _is_as_in_table(draft, tax):
            yield draft
        else:
            yield from _with_answers([draft], tax)


def _is_as_told(draft: DraftInvoice, table: TaxTable) -> bool:
    """Tell at a glance that each line has the very tax that a table has told of its days before."""
    heading = draft.heading
    told = table.known_taxes(draft.account.tax_region, heading.tax_region)
    for line in draft.lines:
        taxes = told.get(line.span.tax_key)
        if taxes is None or line.heading is not heading:
            return False
        if taxes.get(line.item.tax_code or "") is not line.tax:
            return False
    return True


def _is_as_in_table(draft: DraftInvoice, table: TaxTable) -> bool:
    """Tell whether each line has the one tax that a table has for it, without a question.

    If one that bills nothing seems to differ, the answers are asked for, and say that none does.
    """
    lines = draft.lines
    return known_taxes(table, lines, draft.account) == [line.tax for line in lines]


def _with_answers(
    drafts: Sequence[DraftInvoice], tax: TaxEngine
) -> Iterator[DraftInvoice | BillingError]:
    """Yield what becomes of each draft by the answers of an engine."""
    asked = [_questions(draft) for draft in drafts]
    try:
        questions = [question for each in asked for question in each.questions]
        answers = iter(ask(tax, questions, TaxPurpose.ACTUAL))
    except PortError as error:
        if len(drafts) == 1:
            yield error
        else:
            for draft in drafts:
                yield from _with_answers([draft], tax)
        return
    for draft, each in zip(drafts, asked, strict=True):
        given = list(islice(answers, len(each.questions)))
        try:
            yield draft if _is_as_estimated(each, given) else _taxed(draft, given)
        except BillingError as error:
            yield error


def _questions(draft: DraftInvoice) -> Asked:
    return NOTHING if draft.original else questions_for(draft.scope, draft.account)


def _is_as_estimated(asked: Asked, answers: Sequence[TaxAnswer]) -> bool:
    """Tell whether each answer is the one tax that all lines of its question have."""
    for question, lines, answer in zip(asked.questions, asked.waiting, answers, strict=True):
        actual = single_tax(question, answer)
        if actual is None or any(line.tax is not actual and line.tax != actual for line in lines):
            return False
    return True


def _taxed(draft: DraftInvoice, answers: Sequence[TaxAnswer]) -> DraftInvoice:
    """Put other taxes on a draft."""
    opened = open_lines(draft)
    return rebuilt(
        draft, opened, draft.order_discount, questions_for(opened, draft.account), answers
    )

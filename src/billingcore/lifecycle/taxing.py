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
from billingcore.tax.answers import ask

__all__ = ["with_actual_taxes"]


def with_actual_taxes(
    drafts: Sequence[DraftInvoice], tax: TaxEngine
) -> Iterator[DraftInvoice | BillingError]:
    """Yield each draft with its actual taxes, or what is wrong with it.

    A draft whose taxes are as they were estimated comes back itself. What cancels or credits a
    document has the taxes of that, and nobody is asked. If the call fails, each draft is asked for
    by itself, so that only those that fail alone are not taxed.
    """
    asked = [_questions(draft) for draft in drafts]
    try:
        questions = [question for each in asked for question in each.questions]
        answers = iter(ask(tax, questions, TaxPurpose.ACTUAL))
    except PortError as error:
        if len(drafts) == 1:
            yield error
        else:
            for draft in drafts:
                yield from with_actual_taxes([draft], tax)
        return
    for draft, each in zip(drafts, asked, strict=True):
        try:
            yield _taxed(draft, each, list(islice(answers, len(each.questions))))
        except BillingError as error:
            yield error


def _questions(draft: DraftInvoice) -> Asked:
    return NOTHING if draft.original else questions_for(draft.scope, draft.account)


def _taxed(draft: DraftInvoice, asked: Asked, answers: Sequence[TaxAnswer]) -> DraftInvoice:
    """Put other taxes on a draft, if one differs."""
    for lines, answer in zip(asked.waiting, answers, strict=True):
        if not isinstance(answer, tuple) or len(answer) != 1:
            break
        actual = answer[0].tax
        if any(line.tax is not actual and line.tax != actual for line in lines):
            break
    else:
        return draft
    opened = open_lines(draft)
    return rebuilt(
        draft, opened, draft.order_discount, questions_for(opened, draft.account), answers
    )

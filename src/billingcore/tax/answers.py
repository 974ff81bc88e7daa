"""The answers of the tax engine, put on the lines that wait for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, cast

from billingcore.errors import BillingError, InvalidInputError, PortError, failed_port, show
from billingcore.invoices.assembly import Asked
from billingcore.lines.line import OpenLine, reopen
from billingcore.periods.span import Share, Span
from billingcore.ports import TaxEngine
from billingcore.records.account import Account
from billingcore.records.taxes import Tax, TaxAnswer, TaxPurpose, TaxQuestion, TaxRefusal, TaxSlice
from billingcore.tax.table import TaxTable
from billingcore.values.rounding import allocate

__all__ = [
    "Refused",
    "ask",
    "known_taxes",
    "put_known_taxes",
    "put_single_taxes",
    "put_taxes",
    "single_tax",
]


class Refused(NamedTuple):
    """A line whose tax code has no tax, and why."""

    line: OpenLine
    error: InvalidInputError


def ask(
    engine: TaxEngine, questions: Sequence[TaxQuestion], purpose: TaxPurpose
) -> Sequence[TaxAnswer]:
    """Ask a tax engine, and check that it answered every question.

    Raises:
        PortError: it gave another number of answers, or failed itself.
    """
    if not questions:
        return ()
    try:
        answers = engine.taxes(questions, purpose)
    except BillingError:
        raise
    except Exception as error:
        raise failed_port(error, "TaxEngine") from error
    if not _is_sequence(answers):
        rule = f"gave {show(answers)} instead of a sequence of answers"
        raise PortError(rule, port="TaxEngine")
    if len(answers) != len(questions):
        rule = f"gave {len(answers)} answers to {len(questions)} questions"
        raise PortError(rule, port="TaxEngine")
    return answers


def _is_sequence(value: object) -> bool:
    return isinstance(value, (list, Sequence))  # a list is told in no time


def _check_slices(question: TaxQuestion, answer: object) -> Sequence[TaxSlice]:
    """Give the slices of an answer, which follow each other over the days asked."""
    asked = f"{question.code} {question.days}"
    if not isinstance(answer, tuple):
        rule = f"gave {show(answer)} instead of slices or a refusal"
        raise PortError(rule, port="TaxEngine", question=asked)
    slices: list[TaxSlice] = []
    for each in cast("tuple[object, ...]", answer):
        if not isinstance(each, TaxSlice):
            raise PortError(f"gave {show(each)} among its slices", port="TaxEngine", question=asked)
        slices.append(each)
    days = [question.days.start, *(each.period.stop for each in slices)]
    if days != [*(each.period.start for each in slices), question.days.stop]:
        rule = "the slices of its answer do not follow each other over the days asked"
        raise PortError(rule, port="TaxEngine", question=asked)
    return slices


def single_tax(question: TaxQuestion, answer: TaxAnswer) -> Tax | None:
    """Give the tax of all days of a question; None if its answer is another, or none at all."""
    if type(answer) is tuple and len(answer) == 1:
        (only,) = answer
        if type(only) is TaxSlice and only.period == question.days:
            return only.tax
    return None


def put_single_taxes(asked: Asked, answers: Sequence[TaxAnswer]) -> bool:
    """Give every line its tax, if each answer is one tax: most are. Tell whether they were."""
    for question, lines, answer in zip(asked.questions, asked.waiting, answers, strict=True):
        tax = single_tax(question, answer)
        if tax is None:
            return False
        for line in lines:
            line.tax = tax
    return True


def known_taxes(table: TaxTable, lines: Iterable[OpenLine], account: Account) -> list[Tax] | None:
    """Give the tax of each line as a table has it, without a question.

    None if the rate changes within the days of one, or there is none. A line that is not asked for
    keeps its own.
    """
    found: list[Tax] = []
    told: Mapping[str, Mapping[str, Tax | None]] = {}
    heading, seller, buyer = None, "", account.tax_region
    for line in lines:
        code, corrects, span = line.item.tax_code, line.corrects, line.span
        if code is None or (corrects is not None and corrects.keeps_tax):
            found.append(line.tax)
            continue
        if line.heading is not heading:  # most lines have that of the line before
            heading = line.heading
            seller = heading.tax_region
            told = table.known_taxes(buyer, seller)
        taxes = told.get(span.tax_key)
        if taxes is None:
            taxes = table.single_taxes(span.tax_days, buyer, seller)
        tax = taxes[code]
        if tax is None:
            return None
        found.append(tax)
    return found


def put_known_taxes(table: TaxTable, lines: Sequence[OpenLine], account: Account) -> bool:
    """Give every line its tax from a table, without a question; tell whether all have one."""
    taxes = known_taxes(table, lines, account)
    if taxes is None:
        return False
    for line, tax in zip(lines, taxes, strict=True):
        line.tax = tax
    return True


def put_taxes(
    asked: Asked, answers: Sequence[TaxAnswer]
) -> tuple[dict[int, list[OpenLine]], list[Refused]]:
    """Give every line its tax; runs inside `exactly`.

    A line during which the rate changes is split: the first thing that comes back says, by the
    `id` of such a line, which lines stand for it. The second are the lines without an answer.

    Raises:
        PortError: an answer is no answer, or its slices are not those of the days asked.
    """
    split: dict[int, list[OpenLine]] = {}
    refused: list[Refused] = []
    for question, lines, answer in zip(asked.questions, asked.waiting, answers, strict=True):
        tax = single_tax(question, answer)
        if tax is not None:
            for line in lines:
                line.tax = tax
        elif isinstance(answer, TaxRefusal):
            for line in lines:
                rule, fix = answer.rule, answer.fix
                error = InvalidInputError(rule, field="tax_code", value=question.code, fix=fix)
                refused.append(Refused(line, error))
        else:
            slices = _check_slices(question, answer)
            for line in lines:
                split[id(line)] = _split(line, slices)
    return split, refused


def _split(line: OpenLine, slices: Sequence[TaxSlice]) -> list[OpenLine]:
    """Cut a line where its rate changes; its amounts are divided by days and add up to it.

    What is billed once cannot be cut: the tax of its last day applies to all of it.
    """
    if line.span.cover is None:
        line.tax = slices[-1].tax
        return [line]
    days = [each.period.days for each in slices]

    def divide(amount: Decimal) -> tuple[Decimal, ...]:
        return allocate(amount, days, currency=line.currency)

    rows = zip(
        slices,
        divide(line.amount),
        divide(line.discount),
        divide(line.order_discount),
        strict=True,
    )
    parts: list[OpenLine] = []
    for each, amount, discount, order_discount in rows:
        part = reopen(line)
        part.span = span = _slice(line.span, each)
        part.amount, part.discount, part.order_discount = amount, discount, order_discount
        part.tax = each.tax
        part.own_key = f"{line.own_key}@{span.key}" if line.own_key else ""
        part.net = part.priced
        parts.append(part)
    return parts


def _slice(span: Span, part: TaxSlice) -> Span:
    """Give the span of one slice: its share is the whole's by days."""
    days = part.period
    share = Fraction(days.days, span.service_period.days)
    names = " + ".join(dict.fromkeys(each.convention for each in span.shares if each.convention))
    label = f"{names}, split by days at the rate change" if names else "split at the rate change"
    unit = span.shares[0].unit
    only = Share(days, span.service_period, span.factor * share, label, unit)
    return Span(days, days, (only,), days)

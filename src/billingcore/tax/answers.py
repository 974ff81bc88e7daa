"""The answers of the tax engine, put on the lines that wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, cast

from attrs import evolve

from billingcore.errors import InvalidInputError, PortError, show
from billingcore.invoices.assembly import Asked
from billingcore.lines.line import OpenLine
from billingcore.periods.span import Share, Span
from billingcore.ports import TaxEngine
from billingcore.records.taxes import TaxAnswer, TaxPurpose, TaxQuestion, TaxRefusal, TaxSlice
from billingcore.values.rounding import allocate

__all__ = ["Refused", "ask", "put_taxes"]


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
    answers = engine.taxes(questions, purpose)
    if not _is_sequence(answers):
        rule = f"gave {show(answers)} instead of a sequence of answers"
        raise PortError(rule, port="TaxEngine")
    if len(answers) != len(questions):
        rule = f"gave {len(answers)} answers to {len(questions)} questions"
        raise PortError(rule, port="TaxEngine")
    return answers


def _is_sequence(value: object) -> bool:
    return isinstance(value, (list, Sequence))  # a list is told in no time


def _check_slices(question: TaxQuestion, answer: object) -> None:
    if not isinstance(answer, tuple):
        rule = f"gave {show(answer)} instead of slices or a refusal"
        raise PortError(rule, port="TaxEngine", question=f"{question.code} {question.days}")
    slices = cast("tuple[TaxSlice, ...]", answer)
    days = [question.days.start, *(each.period.stop for each in slices)]
    starts = [each.period.start for each in slices]
    if days != [*starts, question.days.stop]:
        rule = "the slices of its answer do not follow each other over the days asked"
        raise PortError(rule, port="TaxEngine", question=f"{question.code} {question.days}")


def put_taxes(
    asked: Asked, answers: Sequence[TaxAnswer]
) -> tuple[dict[int, list[OpenLine]], list[Refused]]:
    """Give every line its tax; runs inside `exactly`.

    A line during which the rate changes is split: the first thing that comes back says, by the
    `id` of such a line, which lines stand for it. The second are the lines without an answer.

    Raises:
        PortError: the slices of an answer leave days out.
    """
    split: dict[int, list[OpenLine]] = {}
    refused: list[Refused] = []
    for question, lines, answer in zip(asked.questions, asked.waiting, answers, strict=True):
        if type(answer) is tuple and len(answer) == 1:
            tax = answer[0].tax
            for line in lines:
                line.tax = tax
        elif isinstance(answer, TaxRefusal):
            for line in lines:
                rule, fix = answer.rule, answer.fix
                error = InvalidInputError(rule, field="tax_code", value=question.code, fix=fix)
                refused.append(Refused(line, error))
        else:
            _check_slices(question, answer)
            for line in lines:
                split[id(line)] = _split(line, answer)
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
        span = _slice(line.span, each)
        part = evolve(
            line,
            span=span,
            amount=amount,
            discount=discount,
            order_discount=order_discount,
            tax=each.tax,
            own_key=f"{line.own_key}@{span.key}" if line.own_key else "",
        )
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

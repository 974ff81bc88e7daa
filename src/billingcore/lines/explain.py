"""How each number of a line came about: steps that are made when somebody reads them.

A line keeps the few facts it was computed from; `explain` walks the same way again and names every
operand, so that an explanation costs nothing until it is wanted. The steps are values too: whoever
computes them again, from operands to result, arrives at the line's amounts.

A line does not keep the rounding rule of its policy. A step names a rule only where it matters:
where a tie, or a rule that is not "to the nearest", decided the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

from billingcore.lines.day_prices import amount_by_day, day_price_steps
from billingcore.lines.line import LineItem
from billingcore.lines.origin import ReversalOrigin
from billingcore.lines.steps import Operands, Step, plain, price_steps, share_step
from billingcore.periods.derivation import Derivation, as_given, as_slice, dates, per_day
from billingcore.periods.proration import Proration
from billingcore.periods.span import Share
from billingcore.periods.vendors import LIBRARY
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.item import Item
from billingcore.values.context import EXACT, ZERO
from billingcore.values.currency import CURRENCY_DIGITS
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, round_amount
from billingcore.values.text import escaped, without_directions

__all__ = ["Explanation", "Step", "explain", "without_directions"]

_MOST_NAMED: Final = 3  # records that a line bills, and facts of one kind
_MORE_DIGITS: Final = 4  # that are shown behind those of the currency
_SPLIT: Final = "at the rate change"  # how the convention of a slice ends

_ROUNDED: Final = {
    Rounding.HALF_UP: "rounded half up to",
    Rounding.HALF_EVEN: "rounded half to even to",
    Rounding.UP: "rounded away from zero to",
    Rounding.DOWN: "rounded towards zero to",
}
"""Rule → words. A value rounded by another rule went either away from zero or towards it."""


@frozen
class Explanation:
    """The way to an amount: of a line from its price, or of a deduction from what was invoiced.

    Attributes:
        title: the line and its days, or the document that is deducted.
        steps: in the order of the computation.
        facts: where it comes from and what was decided about it, as pairs of a word and a value.
    """

    title: str
    steps: tuple[Step, ...]
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        facts = (f"  {word}: {value}" for word, value in self.facts)
        return "\n".join([self.title, *facts, *(f"  {step}" for step in self.steps)])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Step", "How", "Value"))
        facts = "".join(
            f'<tr><th scope="row">{escaped(word)}</th><td>{escaped(value)}</td><td></td></tr>'
            for word, value in self.facts
        )
        rows = "".join(
            f'<tr><th scope="row">{escaped(step.name)}</th><td>{escaped(step.how)}</td>'
            f'<td style="text-align: right">{plain(step.value)}</td></tr>'
            for step in self.steps
        )
        caption = f"<caption>{escaped(self.title)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{facts}{rows}</tbody></table>"


def explain(line: LineItem, order_discount: Discount | None = None) -> Explanation:
    """Explain a line, from quantity and price over the billing factor, discounts and rounding to tax.

    >>> from billingcore import Account, Item, Period, RECURRING_PRORATED, draft, monthly
    >>> seats = Item("seats", title="Seats", unit_price=100, quantity=3, cadence=monthly(),
    ...              billing_type=RECURRING_PRORATED)
    >>> made = draft(Account("acme", currency="EUR"), [seats],
    ...              period=Period.closed("2025-02-10", "2025-03-31"))
    >>> print(explain(made.lines[0]))
    Seats, 2025-02-10 to 2025-03-31
      position price: 100 x 3 = 300 EUR per month
      billing factor: 19/28 of February 2025 + 1 of March 2025 = 47/28 (CALENDAR_MONTHS)
      amount: 300 x 47/28 = 503.571428..., rounded to 503.57 EUR
      net: 503.57 EUR
      tax: none, it has no tax code

    Args:
        line: the line of a draft or an invoice.
        order_discount: the discount on its document, whose title is named: that of
            `DraftInvoice.order_discount`.
    """
    title = _title(line)
    if line.is_hidden:
        return Explanation(title, (_delta_step(line),))
    share = share_step(line)
    steps = tuple(_price_and_discounts(line, order_discount)) if share is None else (share,)
    return Explanation(title, (*steps, *_net_and_tax(line)), _facts(line))


def _price_and_discounts(line: LineItem, order_discount: Discount | None) -> Iterator[Step]:
    yield from price_steps(line)
    yield from _factor_steps(line)
    yield from day_price_steps(line)
    yield _amount_step(line)
    yield from _discount_steps(line, order_discount)


def _facts(line: LineItem) -> tuple[tuple[str, str], ...]:
    """Say which records a line bills, and what was decided about them."""
    if line.origin is None:
        return ()
    names = [f"{each.type} {each.id}" for each in line.sources]
    more = [f"and {len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    sources = [("source", ", ".join([*names[:_MOST_NAMED], *more]))] if names else []
    facts = (*sources, *_most_of(line.origin.facts))
    return tuple((word, _on_one_line(value)) for word, value in facts)


def _most_of(facts: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield facts, but of many with one word the first only, and how many more there are."""
    values: dict[str, list[str]] = {}
    for word, value in facts:
        values.setdefault(word, []).append(value)
    for word, found in values.items():
        yield from ((word, value) for value in found[:_MOST_NAMED])
        if len(found) > _MOST_NAMED:
            yield word, f"and {len(found) - _MOST_NAMED} more"


def _title(line: LineItem) -> str:
    title = f"{_on_one_line(line.title)}, {dates(line.service_period)}"
    origin = line.origin
    if isinstance(origin, ReversalOrigin):
        undone = "undone" if share_step(line) is None else "undone in part"
        return f"{title}, line {origin.number} of {origin.original.number}, {undone}"
    if line.corrects is None:
        return title
    what = "taken back from" if line.corrects.is_credit else "billed anew instead of"
    return f"{title}, {what} line {line.corrects.number} of {line.corrects.document}"


def _on_one_line(text: str) -> str:
    return " ".join(without_directions(text).split())


def _expanded(value: Fraction, currency: str) -> str:
    """Write a fraction as a decimal, cut some digits behind those of the currency."""
    places = CURRENCY_DIGITS[currency] + _MORE_DIGITS
    digits, rest = divmod(abs(value.numerator) * 10**places, value.denominator)
    number = Decimal(digits).scaleb(-places, EXACT)
    text = f"{number:f}..." if rest else plain(EXACT.normalize(number))
    return f"-{text}" if value < 0 else text


def _result(
    terms: str, exact: Fraction, value: Decimal, currency: str, *, is_part: bool = False
) -> tuple[str, Rounding | None]:
    """Write "terms = exact, rounded to value", and give the rule if something was rounded.

    The parts of a whole are not rounded by a rule: some get a cent more or less than they would.
    """
    result = f"{plain(value)} {currency}"
    if exact == Fraction(value):
        return f"{terms} = {result}" if terms else result, None
    shown = _expanded(exact, currency)
    shown = f"{terms} = {shown}" if terms else shown
    rules = [rule for rule in Rounding if round_amount(exact, currency, rule) == value]
    is_nearest = Rounding.HALF_UP in rules and Rounding.HALF_EVEN in rules
    if not rules or (is_part and not is_nearest):
        return f"{shown}; {result}, so that parts and whole agree", None
    return f"{shown}, {'rounded to' if is_nearest else _ROUNDED[rules[0]]} {result}", rules[0]


def _factor_steps(line: LineItem) -> Iterator[Step]:
    shares = [(share, share.full) for share in line.span.shares if share.full is not None]
    is_one = len(shares) == 1
    steps = [
        _share_step("billing factor" if is_one else f"period {number}", line.item, share, whole)
        for number, (share, whole) in enumerate(shares, start=1)
    ]
    yield from steps
    if len(steps) > 1:
        terms = " + ".join(plain(step.value) for step in steps)
        operands = tuple((step.name, step.value) for step in steps)
        factor = line.factor
        yield Step("billing factor", factor, f"{terms} = {factor}", operands, factor)
    if line.span.of != line.span.undivided:
        yield _loss_step(line)


def _loss_step(line: LineItem) -> Step:
    """Say what a convention by which slices do not add up loses or gains."""
    of, undivided = line.span.of, line.span.undivided
    loss = of - undivided
    name = line.span.shares[0].convention
    words = f"all slices of these days add up to {of}, in one piece they are {undivided} ({name})"
    operands: Operands = (("slices", of), ("in one piece", undivided))
    return Step("gained by slicing" if loss > 0 else "lost by slicing", abs(loss), words, operands)


def _share_step(name: str, item: Item, share: Share, whole: Period) -> Step:
    found = _derivation(item, share, whole)
    is_named = share.convention and share.unit != "day"
    how = f"{found} ({share.convention})" if is_named else str(found)
    operands: Operands = tuple((term.words, term.value) for term in found.terms)
    if found.scaled:
        operands = (*operands, ("scale", found.scale))
    return Step(name, share.factor, how, operands, share.factor, derivation=found)


def _derivation(item: Item, share: Share, whole: Period) -> Derivation:
    """Find the way to a share's factor; a factor without a known way is named as it is."""
    part, factor = share.part, share.factor
    if share.unit == "day" and factor == part.days:
        return per_day(part)
    if share.unit == "day" and factor == whole.days:
        return per_day(whole, " of the whole period")
    if share.convention.endswith(_SPLIT):
        return as_slice(part, whole, factor * whole.days / part.days)
    found = _derived(item, share)
    return found if found is not None and found.value == factor else as_given(part, factor)


def _derived(item: Item, share: Share) -> Derivation | None:
    """Let the convention describe a share; None if item and share do not belong together.

    They may not: an edited item has other terms than those its days were counted by.
    """
    convention = item.proration or LIBRARY.get(share.convention)
    if not isinstance(convention, Proration) or convention.name != share.convention:
        return None
    rhythm = share.rhythm
    return None if rhythm is None else convention.derive(share.part, rhythm)


def _amount_step(line: LineItem) -> Step:
    price, factor = line.item.position_price, line.factor
    exact = Fraction(price) * factor
    terms = "" if factor == 1 else f"{plain(price)} x {factor}"
    if line.span.is_by_day and factor != 1:
        exact, terms = amount_by_day(line)
    is_split = line.span.shares[0].convention.endswith(_SPLIT)
    is_part = is_split or line.span.is_slice or _is_part_of_another(line)
    how, rule = _result(terms, exact, line.amount, line.currency, is_part=is_part)
    operands: Operands = (("position price", price), ("billing factor", factor))
    return Step("amount", line.amount, how, operands, exact, rule)


def _is_part_of_another(line: LineItem) -> bool:
    """Tell whether amounts were divided so that they agree with those of another line."""
    return line.corrects is not None or isinstance(line.origin, ReversalOrigin)


def _discount_steps(line: LineItem, order_discount: Discount | None) -> Iterator[Step]:
    if line.item.discount is not None:
        yield _discount_step(line, line.item.discount)
    if line.order_discount:
        share = f"{plain(line.order_discount)} {line.currency}"
        titles = (_on_one_line(each.title) for each in line.order_discounts(order_discount))
        how = "".join(f"{title}, " for title in titles if title)
        how += f"its share of the discount on the order, {share}"
        yield Step("order discount", line.order_discount, how)


def _discount_step(line: LineItem, discount: Discount) -> Step:
    amount, off = line.amount, line.discount
    name = f"{_on_one_line(discount.title)}, " if discount.title else ""
    if discount.kind is DiscountKind.PERCENT:
        exact = Fraction(amount) * Fraction(discount.value) / 100
        terms = f"{plain(discount.value)} % of {plain(amount)}"
        operands: Operands = (("amount", amount), ("percent", discount.value))
    else:
        most = abs(Fraction(amount))
        exact = min(Fraction(discount.value), most) * (1 if amount >= 0 else -1)
        terms = ""
        is_more = Fraction(discount.value) > most
        name += f"{plain(discount.value)} at most the amount, " if is_more else ""
        operands = (("amount", amount), ("discount", discount.value))
    is_part = line.span.is_slice or _is_part_of_another(line)
    how, rule = _result(terms, exact, off, line.currency, is_part=is_part)
    if rule is None and exact != Fraction(off):  # of a line that was split
        how = f"its part by days of {discount}, {plain(off)} {line.currency}"
        return Step("discount", off, f"{name}{how}")
    return Step("discount", off, f"{name}{how}", operands, exact, rule)


def _net_and_tax(line: LineItem) -> Iterator[Step]:
    if line.item.price_includes_tax:
        yield _priced_step("gross", line)
        yield _tax_step(line)
        yield _net_of_gross_step(line)
    else:
        yield _priced_step("net", line)
        yield _tax_step(line)


def _priced_step(name: str, line: LineItem) -> Step:
    """Take the discounts off the amount."""
    priced, terms = line.priced, ""
    operands: Operands = (("amount", line.amount),)
    for what, off in (("discount", line.discount), ("order discount", line.order_discount)):
        if off:
            terms = terms or plain(line.amount)
            terms += f" {'-' if off > 0 else '+'} {plain(off.copy_abs())}"
            operands = (*operands, (what, off))
    how, _ = _result(terms, Fraction(priced), priced, line.currency)
    return Step(name, priced, how, operands, Fraction(priced))


def _tax_step(line: LineItem) -> Step:
    tax, priced, amount = line.tax, line.priced, line.tax_amount
    if not (tax.code or tax.rate):
        return Step("tax", ZERO, "none, it has no tax code")
    if amount is None:
        return Step("tax rate", tax.rate, f"{_named(line)}; rounded on the document")
    rate = Fraction(tax.rate)
    if line.item.price_includes_tax:
        exact = Fraction(priced) * rate / (100 + rate)
        terms = f"{plain(priced)} x {plain(tax.rate)}/{_with_100(tax.rate)}"
        operands: Operands = (("gross", priced), ("percent", tax.rate))
    else:
        exact = Fraction(priced) * rate / 100
        terms = f"{plain(priced)} x {plain(tax.rate)} %"
        operands = (("net", priced), ("percent", tax.rate))
    is_part = isinstance(line.origin, ReversalOrigin)
    how, rule = _result(terms, exact, amount, line.currency, is_part=is_part)
    return Step("tax", amount, f"{_named(line)}; {how}", operands, exact, rule)


def _net_of_gross_step(line: LineItem) -> Step:
    priced, net, amount = line.priced, line.net, line.tax_amount
    if amount is not None:
        how = f"{plain(priced)} - {plain(amount)} = {plain(net)} {line.currency}"
        operands: Operands = (("gross", priced), ("tax", amount))
        return Step("net", net, how, operands, Fraction(net))
    rate = line.tax.rate
    exact = Fraction(priced) * 100 / (100 + Fraction(rate))
    terms = f"{plain(priced)} x 100/{_with_100(rate)}" if rate else ""
    how, rule = _result(terms, exact, net, line.currency, is_part=True)
    operands = (("gross", priced), ("percent", rate))
    return Step("net", net, how, operands, exact, rule)


def _delta_step(line: LineItem) -> Step:
    gap = line.tax_amount or ZERO
    how = f"{plain(gap)} {line.currency} from the taxes rounded per line to the tax on their sum"
    return Step("tax", gap, f"{_named(line)}; {how}")


def _named(line: LineItem) -> str:
    """Name a tax: code, category and rate, and the reason if none is due."""
    tax = line.tax
    return ", ".join(filter(None, (tax.code, f"{tax.group} %", tax.reason)))


def _with_100(rate: Decimal) -> str:
    return plain(EXACT.add(rate, Decimal(100)))

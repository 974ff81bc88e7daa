"""What a loop written by hand can reach: the ceilings that the library is measured against.

Each loop does nothing but the work that no engine can avoid, over plain tuples: no validation,
no configuration, no reasons, no explanation. What a loop makes goes to *sink*, or is dropped.
Amounts are the library's: price x quantity x days / days in the month, rounded once per line;
tax per rate on the sum of an invoice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
RECEIVABLES = "1400"

Row = tuple[Decimal, Decimal, date, int, int, str, Decimal]
"""Price, quantity, first day, days, days in the month, revenue account, tax rate."""
Changing = tuple[tuple[date, ...], tuple[tuple[Decimal, Decimal], ...], date, str, Decimal]
"""First days of the versions and `date.max`, price and quantity of each version, first day that is
not billed yet, revenue account, tax rate."""
Sums = tuple[Decimal, Decimal, Decimal]
"""Net, tax, gross."""
Sink = Callable[[object], object]


class Line:
    __slots__ = ("account", "amount", "end", "number", "price", "quantity", "rate", "start")

    def __init__(self, number, account, rate, start, end, quantity, price, amount):
        self.number = number
        self.account = account
        self.rate = rate
        self.start = start
        self.end = end
        self.quantity = quantity
        self.price = price
        self.amount = amount


class Invoice:
    __slots__ = ("gross", "lines", "net", "number", "tax", "taxes")

    def __init__(self, number, lines, taxes, net, tax, gross):
        self.number = number
        self.lines = lines
        self.taxes = taxes
        self.net = net
        self.tax = tax
        self.gross = gross


class Posting:
    __slots__ = ("account", "credit", "debit", "invoice")

    def __init__(self, invoice, account, debit, credit):
        self.invoice = invoice
        self.account = account
        self.debit = debit
        self.credit = credit


def arithmetic(invoices: Sequence[Sequence[Row]], last: date, sink: Sink | None = None) -> Sums:
    """Do the arithmetic only; nothing is made but the sums."""
    half_up, cent, zero = ROUND_HALF_UP, CENT, Decimal(0)
    revenue: dict[str, Decimal] = {}
    all_net = all_tax = zero
    for rows in invoices:
        nets: dict[Decimal, Decimal] = {}
        for price, quantity, _, days, of_days, account, rate in rows:
            amount = price * quantity
            if days != of_days:
                amount = (amount * days / of_days).quantize(cent, half_up)
            revenue[account] = revenue.get(account, zero) + amount
            nets[rate] = nets.get(rate, zero) + amount
        for rate, net in nets.items():
            all_net += net
            all_tax += (net * rate).quantize(cent, half_up)
    return all_net, all_tax, all_net + all_tax


def with_objects(invoices: Sequence[Sequence[Row]], last: date, sink: Sink | None = None) -> Sums:
    """Do the arithmetic, and make an object per line and per invoice: the ceiling for `bill`."""
    half_up, cent, zero = ROUND_HALF_UP, CENT, Decimal(0)
    revenue: dict[str, Decimal] = {}
    all_net = all_tax = all_gross = zero
    for number, rows in enumerate(invoices):
        lines = []
        nets: dict[Decimal, Decimal] = {}
        for price, quantity, start, days, of_days, account, rate in rows:
            amount = price * quantity
            if days != of_days:
                amount = (amount * days / of_days).quantize(cent, half_up)
            revenue[account] = revenue.get(account, zero) + amount
            nets[rate] = nets.get(rate, zero) + amount
            lines.append(Line(number, account, rate, start, last, quantity, price, amount))
        taxes = {rate: (net * rate).quantize(cent, half_up) for rate, net in nets.items()}
        net = sum(nets.values())
        tax = sum(taxes.values())
        gross = net + tax
        all_net += net
        all_tax += tax
        all_gross += gross
        invoice = Invoice(number, lines, taxes, net, tax, gross)
        if sink is not None:
            sink(invoice)
    return all_net, all_tax, all_gross


def full_run(invoices: Sequence[Sequence[Row]], last: date, sink: Sink | None = None) -> Sums:
    """Work out the days too, and post to a ledger that balances: the ceiling with `finalize`."""
    half_up, cent, zero = ROUND_HALF_UP, CENT, Decimal(0)
    first, after = last.replace(day=1), date.fromordinal(last.toordinal() + 1)
    of_days = (after - first).days
    ledger: dict[str, Decimal] = {}
    all_net = all_tax = all_gross = zero
    for number, rows in enumerate(invoices):
        lines = []
        nets: dict[Decimal, Decimal] = {}
        credits_: dict[object, Decimal] = {}
        for price, quantity, start, _, _, account, rate in rows:
            begin = start if start > first else first  # noqa: FURB136 - a call costs more
            days = (after - begin).days
            amount = price * quantity
            if days != of_days:
                amount = (amount * days / of_days).quantize(cent, half_up)
            credits_[account] = credits_.get(account, zero) + amount
            nets[rate] = nets.get(rate, zero) + amount
            lines.append(Line(number, account, rate, begin, last, quantity, price, amount))
        taxes = {}
        net = tax = zero
        for rate, base in nets.items():
            taxes[rate] = credits_[rate] = part = (base * rate).quantize(cent, half_up)
            net += base
            tax += part
        gross = net + tax
        all_net += net
        all_tax += tax
        all_gross += gross
        invoice = Invoice(number, lines, taxes, net, tax, gross)
        postings = _post(number, gross, credits_, ledger)
        if sink is not None:
            sink((invoice, postings))
    return all_net, all_tax, all_gross


def with_versions(  # noqa: PLR0915 - a call costs more
    invoices: Sequence[Sequence[Changing]], last: date, sink: Sink | None = None
) -> Sums:
    """Bill items whose terms changed on some days: the ceiling with versions.

    A slice of the month costs what the running total at its price grows by, so that slices at one
    price add up to the cent.
    """
    half_up, cent, zero = ROUND_HALF_UP, CENT, Decimal(0)
    first, after = last.replace(day=1), date.fromordinal(last.toordinal() + 1)
    of_days = (after - first).days
    revenue: dict[str, Decimal] = {}
    all_net = all_tax = all_gross = zero
    for number, rows in enumerate(invoices):
        lines = []
        nets: dict[Decimal, Decimal] = {}
        for starts, versions, since, account, rate in rows:
            begin, place = since, bisect_right(starts, since)
            while begin < after:
                price, quantity = versions[place - 1]
                stop = starts[place]
                amount = whole = price * quantity
                if stop < after:
                    amount = (whole * (stop - first).days / of_days).quantize(cent, half_up)
                else:
                    stop = after
                if begin > first:
                    amount -= (whole * (begin - first).days / of_days).quantize(cent, half_up)
                revenue[account] = revenue.get(account, zero) + amount
                nets[rate] = nets.get(rate, zero) + amount
                lines.append(Line(number, account, rate, begin, stop, quantity, price, amount))
                begin = stop
                place += 1
        taxes = {rate: (net * rate).quantize(cent, half_up) for rate, net in nets.items()}
        net = sum(nets.values())
        tax = sum(taxes.values())
        gross = net + tax
        all_net += net
        all_tax += tax
        all_gross += gross
        invoice = Invoice(number, lines, taxes, net, tax, gross)
        if sink is not None:
            sink(invoice)
    return all_net, all_tax, all_gross


def _post(number, gross, credits_, ledger, zero=Decimal(0)):
    """Book one invoice: one posting for what is owed, one per revenue account and tax rate."""
    postings = [Posting(number, RECEIVABLES, gross, zero)]
    ledger[RECEIVABLES] = ledger.get(RECEIVABLES, zero) + gross
    balance = gross
    for account, amount in credits_.items():
        postings.append(Posting(number, account, zero, amount))
        ledger[account] = ledger.get(account, zero) - amount
        balance -= amount
    if balance:
        raise AssertionError(number)
    return postings

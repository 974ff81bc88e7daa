"""What documents of an agreement ask for, worked out slowly and plainly, without the library.

Amounts are fractions, tables are plain dictionaries: tax code → net amount and tax. The rules are
those of behaviour 5.4 and 6.5, as they are written down there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

RATES = {"S19": Fraction(19, 100), "S7": Fraction(7, 100), "Z0": Fraction(0), "": Fraction(0)}
"""Tax code → rate; the last is untaxed."""

STEPS = {
    "EUR": Fraction(1, 100),
    "CHF": Fraction(1, 100),
    "JPY": Fraction(1),
    "KWD": Fraction(1, 1000),
}
"""Currency → its smallest amount."""

INTERIM = ("progress", "deposit")
SUBS = ("partial", *INTERIM)

Parts = dict[str, tuple[Fraction, Fraction]]
"""Tax code → net amount and tax."""


def rounded(value: Fraction, step: Fraction) -> Fraction:
    """Round to the nearest step, a tie away from zero."""
    count = abs(value) / step + Fraction(1, 2)
    whole = count.numerator // count.denominator * step
    return whole if value >= 0 else -whole


def plus(*every: Mapping[str, tuple[Fraction, Fraction]]) -> Parts:
    """Add up parts by tax code."""
    found: Parts = {}
    for parts in every:
        for code, (net, tax) in parts.items():
            known = found.get(code, (Fraction(0), Fraction(0)))
            found[code] = (known[0] + net, known[1] + tax)
    return found


def minus(parts: Mapping[str, tuple[Fraction, Fraction]]) -> Parts:
    """Turn parts around."""
    return {code: (-net, -tax) for code, (net, tax) in parts.items()}


def plain(parts: Mapping[str, tuple[Fraction, Fraction]]) -> Parts:
    """Leave out what is nothing."""
    return {code: pair for code, pair in parts.items() if any(pair)}


def gross(parts: Mapping[str, tuple[Fraction, Fraction]]) -> Fraction:
    """Add up net amounts and taxes."""
    return sum((net + tax for net, tax in parts.values()), Fraction(0))


def taxed(nets: Mapping[str, Fraction], before: Parts, step: Fraction) -> Parts:
    """Tax net amounts so that all that is invoiced so far has the tax of its sum."""
    found: Parts = {}
    for code, net in nets.items():
        base, known = before.get(code, (Fraction(0), Fraction(0)))
        found[code] = (net, rounded((base + net) * RATES[code], step) - known)
    return found


def spread(
    whole: Parts, due: Fraction, receipts: Sequence[Fraction], step: Fraction
) -> Parts | None:
    """Say what receipts pay of net amounts and taxes, by the plain rule of behaviour 6.5.

    None if the plain rule does not say it: money went back, or rounding would take more of a code
    than there is of it.
    """
    paid: Parts = {code: (Fraction(0), Fraction(0)) for code in whole}
    received = Fraction(0)
    if any(receipt < 0 for receipt in receipts):
        return None
    for receipt in receipts:
        received += receipt
        if received >= due:
            return {**whole}
        left = receipt
        for code in whole:
            part = rounded(receipt * gross({code: whole[code]}) / gross(whole), step)
            part = left if code == [*whole][-1] else part
            left -= part
            net = rounded(part / (1 + RATES[code]), step)
            paid[code] = (paid[code][0] + net, paid[code][1] + part - net)
            for is_paid, most in zip(paid[code], whole[code], strict=True):
                if not 0 <= is_paid <= most:
                    return None
    return paid


@dataclass
class Document:
    """A document as the oracle knows it."""

    kind: str
    key: str
    parts: Parts
    due: Fraction
    original: str = ""
    canceled: bool = False
    closed: bool = False
    deducted: dict[str, Parts] = field(default_factory=dict)
    closing: dict[str, Fraction] = field(default_factory=dict)

    @property
    def rounding(self) -> Fraction:
        """What cash rounding adds to what is asked for."""
        return self.due - gross(plus(self.parts, *map(minus, self.deducted.values())))


@dataclass
class Money:
    """What was given to documents: by payments, and by documents to each other."""

    given: list[tuple[str, str, Fraction]] = field(default_factory=list)
    """Payment, document and what its balance changes by, in order."""
    cleared: list[tuple[str, str, str, Fraction]] = field(default_factory=list)
    """Clearing, the document that is paid, the one that pays, and the amount, in order."""


class Oracle:
    """The documents of an account."""

    def __init__(
        self, currency: str, *, cash: Fraction | None = None, each: bool = False,
        invoiced: bool = False, books_deposits: bool = True,
    ) -> None:  # fmt: skip
        self.step = STEPS[currency]
        self.cash = cash
        self.is_each = each
        self.is_invoiced = invoiced
        self.books_deposits = books_deposits
        self.documents: dict[str, Document] = {}
        self.money = Money()

    # ---- documents

    def live(self, key: str, kinds: Iterable[str] = SUBS) -> dict[str, Document]:
        """Give the live documents of an agreement, in the order of issue."""
        return {
            number: each
            for number, each in self.documents.items()
            if each.key == key and each.kind in kinds and not (each.canceled or each.closed)
        }

    def final_of(self, number: str) -> str:
        """Give the live final that deducts a document, if there is one."""
        for name, each in self.documents.items():
            if number in each.deducted and not each.canceled:
                return name
        return ""

    def credits_of(self, number: str) -> list[str]:
        """Give the live credits of a document."""
        every = self.documents.items()
        return [name for name, each in every if each.original == number and each.kind == "credit"
                and not each.canceled]  # fmt: skip

    def invoiced(self, number: str) -> Parts:
        """Give what a document asks for, less what was credited."""
        return plus(*(self.documents[name].parts for name in (number, *self.credits_of(number))))

    def due(self, number: str) -> Fraction:
        """Give what is to be paid of a document, less what was credited."""
        every = (self.documents[name].due for name in (number, *self.credits_of(number)))
        return sum(every, Fraction(0))

    def payable(self, amount: Fraction) -> Fraction:
        """Round to what cash can pay."""
        return amount if self.cash is None else rounded(amount, self.cash)

    def sub_parts(self, key: str, nets: Mapping[str, Fraction]) -> Parts:
        """Give what a new part invoice asks for."""
        known = () if self.is_each or not key else self.live(key)
        return taxed(nets, plus(*map(self.invoiced, known)), self.step)

    def final_parts(self, nets: Mapping[str, Fraction]) -> Parts:
        """Give what a final bills in all."""
        return taxed(nets, {}, self.step)

    def deductions(self, key: str) -> dict[str, Parts]:
        """Give what a final of an agreement would deduct now: number → parts."""
        found: dict[str, Parts] = {}
        for number, each in self.live(key).items():
            by_payment = each.kind in INTERIM and not self.is_invoiced
            found[number] = self.paid_parts[number] if by_payment else self.invoiced(number)
        return found

    def folds(self, key: str) -> dict[str, Fraction]:
        """Give what a final of an agreement would take over of what is open: number → amount."""
        if self.is_invoiced:
            return {}
        return {
            number: max(self.due(number) - sum(self.receipts(number), Fraction(0)), Fraction(0))
            for number in self.live(key, INTERIM)
        }

    # ---- money

    paid_parts: dict[str, Parts]
    """Document on account → what was paid of it, by tax code."""

    def receipts(self, number: str) -> list[Fraction]:
        """Give what was received of a document, one for each payment or other document."""
        found: dict[str, Fraction] = {}
        own = {name for name, each in self.documents.items() if each.original == number}
        if self.documents[number].canceled:
            return []
        for payment, document, change in self.money.given:
            if document == number:
                found[payment] = found.get(payment, Fraction(0)) - change
        for clearing, debit, credit, amount in self.money.cleared:
            if number in (debit, credit) and not {debit, credit} & own:
                found["clearing " + clearing] = amount if debit == number else -amount
        return [*found.values()]

    def is_frozen(self, number: str) -> bool:
        """Tell whether a final took a document over."""
        final = self.final_of(number)
        return bool(final) and number in self.documents[final].closing

    def balance(self, number: str) -> Fraction:
        """Give what is open on a document."""
        own = self.documents[number]
        changes = [own.due]
        if not own.canceled:
            changes += [change for _, name, change in self.money.given if name == number]
        for _, debit, credit, amount in self.money.cleared:
            changes += [-amount] * (debit == number) + [amount] * (credit == number)
        final = self.final_of(number)
        if final:
            changes.append(-self.documents[final].closing.get(number, Fraction(0)))
        return Fraction(0) if own.closed and not own.canceled else sum(changes, Fraction(0))

    # ---- the general ledger

    def is_booked(self, each: Document) -> bool:
        """Tell whether a document is booked at all."""
        return each.kind != "pro forma" and (each.kind != "deposit" or self.books_deposits)

    def ledger(self) -> dict[str, Fraction]:
        """Give what is on each account but bank and debtor; debit is above 0."""
        found: Counter[str] = Counter()
        for number, each in self.documents.items():
            if each.canceled or each.closed or each.kind == "cancellation":
                continue
            of = self.documents[each.original].kind if each.original else each.kind
            if of not in INTERIM:
                self._book(found, each.parts, -1)
                found["rounding"] -= each.rounding
                self._book_deductions(found, each)
            elif self.is_booked(each) and not self.is_frozen(each.original or number):
                self._book_interim(found, number, each)
        return {name: amount for name, amount in found.items() if amount}

    def unbooked(self) -> Fraction:
        """Give what documents ask for that is not on the debtor, since they are not booked."""
        return sum(
            (
                each.due
                for number, each in self.documents.items()
                if not (self.is_booked(each) or each.canceled or each.closed)
                and not self.final_of(number)
            ),
            Fraction(0),
        )

    def _book(self, found: Counter[str], parts: Parts, sign: int, account: str = "8400") -> None:
        for code, (net, tax) in parts.items():
            found[account + code] += sign * net
            found["1776" + code] += sign * tax

    def _book_interim(self, found: Counter[str], number: str, each: Document) -> None:
        """An advance is on the interim account as far as it is open, and taxed as far as paid."""
        found["1593"] -= gross(each.parts)
        found["rounding"] -= each.rounding
        if each.kind in INTERIM:
            paid = self.paid_parts[number]
            found["1593"] += gross(paid)
            self._book(found, paid, -1, "1718")

    def _book_deductions(self, found: Counter[str], final: Document) -> None:
        """A final has its revenue less that of partial invoices, and ends what it takes over."""
        for number, parts in final.deducted.items():
            sub = self.documents[number]
            if sub.kind == "partial":
                self._book(found, parts, 1)
            elif number not in final.closing and self.is_booked(sub):
                self._book(found, parts, 1, "1718")
            else:
                found["rounding"] -= self.due(number) - final.closing.get(number, 0) - gross(parts)

"""What an invoice in a foreign currency amounts to in the seller's own books."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.records.exchange import ExchangeRate
from billingcore.values.context import negated, total
from billingcore.values.rounding import Rounding, round_amount

__all__ = ["HouseTotals", "house_totals"]


@frozen
class HouseTotals:
    """The sums of an invoice in the house currency, at one rate that was fixed at finalizing.

    Each amount of the tax breakdown is converted and rounded by itself, and the sums are added up
    from there; so the rows add up to the sums, and net and tax to gross, to the cent. Converting
    the gross total itself may give a cent more or less.

    Attributes:
        rate: the rate, with its day and source.
        net: sum of the taxable amounts.
        tax: sum of the taxes, BT-111.
        gross: net + tax.
        breakdown: the rows of the invoice's tax breakdown, converted.
    """

    rate: ExchangeRate
    net: Decimal
    tax: Decimal
    gross: Decimal
    breakdown: tuple[TaxSubtotal, ...]

    @property
    def currency(self) -> str:
        """The house currency."""
        return self.rate.quote

    @property
    def negated(self) -> HouseTotals:
        """The same with the other sign: what cancels it."""
        rows = tuple(
            TaxSubtotal(row.tax, negated(row.taxable), negated(row.amount))
            for row in self.breakdown
        )
        net, tax, gross = map(negated, (self.net, self.tax, self.gross))
        return HouseTotals(self.rate, net, tax, gross, rows)


def house_totals(totals: Totals, rate: ExchangeRate, rounding: Rounding) -> HouseTotals:
    """Convert the sums of a document, row by row."""

    def convert(amount: Decimal) -> Decimal:
        return round_amount(Fraction(rate.convert(amount)), rate.quote, rounding)

    rows = tuple(
        TaxSubtotal(row.tax, convert(row.taxable), convert(row.amount)) for row in totals.breakdown
    )
    net = total(row.taxable for row in rows)
    tax = total(row.amount for row in rows)
    return HouseTotals(rate, net, tax, total((net, tax)), rows)

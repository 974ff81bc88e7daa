"""Counts of a run: what can be added up, from parts that were worked out anywhere."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

from attrs import define, field, frozen

from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lines.corrections import Correction
from billingcore.records.exchange import ExchangeRate
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.values.context import EXACT, ZERO
from billingcore.values.rounding import round_amount
from billingcore.values.texts import Texts

__all__ = ["KEEP", "CurrencyTotal", "Tally", "added"]

KEEP = 10_000
"""How much of what was not billed is listed; counts are always complete."""


@frozen
class CurrencyTotal:
    """The documents of one currency; amounts of different currencies are never added.

    Attributes:
        currency: ISO 4217 code.
        documents: how many.
        net: sum of their net totals.
        tax: sum of their taxes.
        gross: sum of their gross totals.
    """

    currency: str
    documents: int = 0
    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    def __str__(self) -> str:
        amounts = f"net {self.net}, tax {self.tax}, gross {self.gross}"
        return f"drafts {self.documents}, {amounts}"

    def plus(self, draft: DraftInvoice) -> CurrencyTotal:
        """Add a draft."""
        sums = draft.totals
        return CurrencyTotal(
            self.currency,
            self.documents + 1,
            EXACT.add(self.net, sums.net),
            EXACT.add(self.tax, sums.tax),
            EXACT.add(self.gross, sums.gross),
        )

    def and_also(self, other: CurrencyTotal) -> CurrencyTotal:
        """Add the sums of other documents of this currency."""
        return CurrencyTotal(
            self.currency,
            self.documents + other.documents,
            EXACT.add(self.net, other.net),
            EXACT.add(self.tax, other.tax),
            EXACT.add(self.gross, other.gross),
        )

    def at(self, rate: ExchangeRate) -> CurrencyTotal:
        """Convert it at a rate; net and tax are rounded half up, gross is their sum."""
        net, tax = (
            round_amount(Fraction(rate.convert(amount)), rate.quote)
            for amount in (self.net, self.tax)
        )
        return CurrencyTotal(rate.quote, self.documents, net, tax, EXACT.add(net, tax))


def added(totals: dict[str, CurrencyTotal], draft: DraftInvoice) -> None:
    """Add a draft to the sums of its currency."""
    known = totals.get(draft.currency)
    totals[draft.currency] = (known or CurrencyTotal(draft.currency)).plus(draft)


@define
class Tally:
    """What was done for some accounts.

    Counts and totals are complete. Of exclusions, left-out time, problems and corrections the first
    *keep* of each are listed.

    Attributes:
        keep: how many of each are listed.
        accounts: accounts that were looked at.
        draft_ids: ids of the drafts that were made.
        lines: lines on them.
        untaxed_lines: lines among them without a tax code.
        totals: currency → sums of the drafts.
        excluded: reason → how many records it left out.
        left_out: reason → how often it left out a part of a record's time.
        failures: how many records are wrong.
        corrected: (currency, whether it was left as it is) → how many differences, and their sum.
        exclusions: records that the rules left out.
        left_out_time: time that the policy left out of records that are billed.
        problems: records that are wrong.
        corrections: differences between what was billed and what is due now, corrected or left.
    """

    keep: int = KEEP
    accounts: int = 0
    draft_ids: Texts = field(factory=Texts)
    lines: int = 0
    untaxed_lines: int = 0
    totals: dict[str, CurrencyTotal] = field(factory=dict[str, CurrencyTotal])
    excluded: Counter[Reason] = field(factory=Counter[Reason])
    left_out: Counter[Reason] = field(factory=Counter[Reason])
    failures: int = 0
    corrected: dict[tuple[str, bool], tuple[int, Decimal]] = field(
        factory=dict[tuple[str, bool], tuple[int, Decimal]]
    )
    exclusions: list[Exclusion] = field(factory=list[Exclusion])
    left_out_time: list[Exclusion] = field(factory=list[Exclusion])
    problems: list[Problem] = field(factory=list[Problem])
    corrections: list[Correction] = field(factory=list[Correction])

    def note(self, outcome: AccountOutcome) -> tuple[str, ...]:
        """Count what was committed for one account, and give the ids of its drafts."""
        self.accounts += 1
        ids = tuple([draft.id for draft in outcome.drafts])
        self.draft_ids.extend(ids)
        for draft in outcome.drafts:
            codes = [line.tax.code for line in draft.visible_lines]
            self.lines += len(codes)
            self.untaxed_lines += codes.count("")
            added(self.totals, draft)
        if outcome.exclusions:
            self.excluded.update(each.reason for each in outcome.exclusions)
            self.exclusions += outcome.exclusions[: self.keep - len(self.exclusions)]
        if outcome.left_out:
            self.left_out.update(each.reason for each in outcome.left_out)
            self.left_out_time += outcome.left_out[: self.keep - len(self.left_out_time)]
        for problem in outcome.problems:
            self.note_problem(problem)
        for each in outcome.corrections:
            self._note_correction(each)
        return ids

    def note_problem(self, problem: Problem) -> None:
        """Count a record that is wrong."""
        self.failures += 1
        if len(self.problems) < self.keep:
            self.problems.append(problem)

    def _note_correction(self, found: Correction) -> None:
        key = found.currency, found.left is not None
        count, amount = self.corrected.get(key, (0, ZERO))
        self.corrected[key] = count + 1, EXACT.add(amount, found.difference)
        if len(self.corrections) < self.keep:
            self.corrections.append(found)

    def merge(self, other: Tally) -> None:
        """Add what was done for the accounts that follow; the order decides what is listed."""
        self.accounts += other.accounts
        self.draft_ids.extend(other.draft_ids)
        self.lines += other.lines
        self.untaxed_lines += other.untaxed_lines
        for code, sums in other.totals.items():
            known = self.totals.get(code)
            self.totals[code] = sums if known is None else known.and_also(sums)
        self.excluded.update(other.excluded)
        self.left_out.update(other.left_out)
        self.failures += other.failures
        for key, (count, amount) in other.corrected.items():
            own, sum_ = self.corrected.get(key, (0, ZERO))
            self.corrected[key] = own + count, EXACT.add(sum_, amount)
        self.exclusions += other.exclusions[: self.keep - len(self.exclusions)]
        self.left_out_time += other.left_out_time[: self.keep - len(self.left_out_time)]
        self.problems += other.problems[: self.keep - len(self.problems)]
        self.corrections += other.corrections[: self.keep - len(self.corrections)]

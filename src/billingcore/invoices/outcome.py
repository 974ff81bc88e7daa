"""What a run decided for one account."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from billingcore.errors import BillingProblemsError, InvalidInputError
from billingcore.grouping import Difference, differences
from billingcore.invoices.document import DraftInvoice, records_of
from billingcore.invoices.updates import (
    Failed,
    Mended,
    Update,
    failed_updates,
    mended_updates,
    once,
    updates,
)
from billingcore.lines.corrections import Correction
from billingcore.records.claims import Claim
from billingcore.records.reasons import Exclusion, Problem
from billingcore.scope.run import InvoiceRun
from billingcore.values.sealing import Sealed

__all__ = ["AccountOutcome", "raise_for"]


@define(weakref_slot=False)
class OpenOutcome:
    """An outcome that is still being put together."""

    run: InvoiceRun
    account: str
    revision: int = 0
    drafts: tuple[DraftInvoice, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    left_out: tuple[Exclusion, ...] = ()
    problems: tuple[Problem, ...] = ()
    decisions: tuple[Claim, ...] = ()
    corrections: tuple[Correction, ...] = ()
    failed: tuple[Failed, ...] = ()
    kept: frozenset[tuple[str, str]] = frozenset()
    mended: tuple[Mended, ...] = ()


class AccountOutcome(Sealed, OpenOutcome):
    """The drafts of an account, and a reason for every record that is on none of them.

    Attributes:
        run: the run, with its policy.
        account: the account's id.
        revision: the revision of the account that it was decided from.
        drafts: the documents to be kept.
        exclusions: records that the rules left out, one entry each.
        left_out: time that the policy left out, besides what whole records are excluded for.
        problems: records that are wrong, one entry each.
        decisions: periods that are waived for good, or carried to a later run.
        corrections: differences between what was billed and what is due now; those that the
            policy does not correct say why.
        failed: records of the host that are wrong, with their filters.
        kept: records that were on its drafts before, with their filters.
        mended: records of the host with an old error of which nothing is to be billed any more,
            with their filters.
    """

    __slots__ = ()

    @property
    def billed(self) -> frozenset[str]:
        """The records that are billed now, like ``S-1/seats``."""
        return frozenset(name for name, _ in self.entered)

    @property
    def entered(self) -> frozenset[tuple[str, str]]:
        """The records that are billed now, each with the filter under which it entered."""
        made = {pair for draft in self.drafts for pair in records_of(draft)}
        return frozenset(made - self.kept)

    @property
    def updates(self) -> tuple[Update, ...]:
        """What is to be written back to the records of the host, once for each and its party.

        An error goes before what a document of another line of the record says.
        """
        failed = failed_updates(self.run.id, self.failed)
        billed = (each for draft in self.drafts for each in updates(draft))
        return once((*failed, *billed, *mended_updates(self.mended)))

    @property
    def untaxed_lines(self) -> int:
        """How many lines have no tax code."""
        return sum(not line.tax.code for draft in self.drafts for line in draft.visible_lines)

    @property
    def splits(self) -> Sequence[Difference]:
        """Why there is more than one draft: how each differs from the first."""
        first, *others = self.drafts or (None,)
        if first is None:
            return []
        return [each for other in others for each in self._differences(first, other)]

    def _differences(self, one: DraftInvoice, other: DraftInvoice) -> Sequence[Difference]:
        """Say why two drafts are two; those of one group are parts of a long document."""
        if one.group == other.group:
            part = f"part of at most {self.run.policy.max_lines} lines"
            return [Difference(part, one.ordinal, other.ordinal)]
        return differences(one.group, other.group, self.run.policy)

    def __repr__(self) -> str:
        counts = f"drafts {len(self.drafts)}, excluded {len(self.exclusions)}"
        return f"<outcome of {self.account}: {counts}, problems {len(self.problems)}>"

    def raise_for_problems(self) -> None:
        """Raise all problems at once, if there are any.

        Raises:
            BillingProblemsError: with one inner error per problem.
        """
        raise_for(self.problems)


def raise_for(problems: Sequence[Problem]) -> None:
    """Raise problems as one group of errors, if there are any."""
    if problems:
        errors = [InvalidInputError(str(problem)) for problem in problems]
        raise BillingProblemsError(f"records that could not be billed: {len(errors)}", errors)

"""What became of documents: which were kept where, and which were not."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen

from billingcore.invoices.outcome import raise_for
from billingcore.records.reasons import Problem
from billingcore.runs.counts import counts_html, counts_text
from billingcore.runs.tally import KEEP
from billingcore.values.texts import Texts

__all__ = ["DocumentProblem", "DocumentReport", "Kept"]


@define
class Kept:
    """What one target has kept, in the order in which it came; small, also for a million.

    Attributes:
        documents: the number of each invoice, or the id of each draft.
        names: the name of each.
    """

    documents: Texts = field(factory=Texts)
    names: Texts = field(factory=Texts)

    def note(self, document: str, name: str) -> None:
        """Add a document."""
        self.documents.append(document)
        self.names.append(name)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return zip(self.documents, self.names, strict=True)


@frozen
class DocumentProblem:
    """A document that could not be made, or that a target did not keep.

    Attributes:
        target: the name of the target; empty if the document could not be made at all.
        problem: what is wrong with which document, what to do, and whether it is worth a retry.
    """

    target: str
    problem: Problem

    def __str__(self) -> str:
        return f"target {self.target}, {self.problem}" if self.target else str(self.problem)


@define
class DocumentReport:
    """What became of documents.

    Counts and names are complete. Of problems the first *keep* are listed.

    Attributes:
        keep: how many problems are listed.
        documents: documents that were looked at.
        kept: target → what it has kept: pairs of the number or id of a document, and its name.
        failures: how many problems there are.
        problems: documents that could not be made, or that a target did not keep.
    """

    keep: int = KEEP
    documents: int = 0
    kept: dict[str, Kept] = field(factory=dict[str, Kept])
    failures: int = 0
    problems: list[DocumentProblem] = field(factory=list[DocumentProblem])

    def note_problem(self, problem: Problem, target: str = "") -> None:
        """Count what is wrong."""
        self.failures += 1
        if len(self.problems) < self.keep:
            self.problems.append(DocumentProblem(target, problem))

    def raise_for_problems(self) -> None:
        """Raise all problems that are listed at once, if there are any.

        Raises:
            BillingProblemsError: with one inner error per problem.
        """
        raise_for([each.problem for each in self.problems])

    def records(self) -> list[dict[str, object]]:
        """Give a row for each document and target, and for each problem, for a data frame."""
        rows: list[dict[str, object]] = [
            _row(target, document, name=name, is_kept=True)
            for target, kept in self.kept.items()
            for document, name in kept
        ]
        return [*rows, *(_problem_row(each) for each in self.problems)]

    def counts(self) -> Iterator[tuple[str, str]]:
        """Yield names and values to show."""
        yield "looked at", f"{self.documents}"
        for target, kept in self.kept.items():
            yield f"kept in {target}", f"{len(kept)}"
        yield "problems", f"{self.failures}"

    def __str__(self) -> str:
        return counts_text("documents", self.counts())

    def _repr_html_(self) -> str:
        return counts_html("Documents", self.counts())


def _problem_row(each: DocumentProblem) -> dict[str, object]:
    found = each.problem
    return _row(
        each.target, found.record, message=str(found), advice=found.advice, again=found.is_retryable
    )


def _row(
    target: str,
    document: str,
    *,
    name: str = "",
    is_kept: bool = False,
    message: str = "",
    advice: str = "",
    again: bool = False,
) -> dict[str, object]:
    return {
        "target": target,
        "document": document,
        "name": name,
        "is_kept": is_kept,
        "message": message,
        "advice": advice,
        "is_retryable": again,
    }

"""The kit: asks a store every clause of the contract, and reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from inspect import signature
from typing import Literal
from unittest import SkipTest

from billingcore.errors import InvalidInputError
from billingcore.testing.kit.clauses import CLAUSES
from billingcore.testing.kit.report import ClauseResult, ClauseStatus, StoreError, StoreReport
from billingcore.testing.kit.scene import PARTS, Clause, ClauseError, MakeStore
from billingcore.testing.machine_world import SETUP, TAX
from billingcore.values.words import near

__all__ = ["check_store"]

NONE_EXPECTED: Mapping[str, str] = {}


def check_store(
    make: MakeStore,
    *,
    only: Iterable[str] = (),
    without: Collection[str] = (),
    expected_failures: Mapping[str, str] = NONE_EXPECTED,
    on_failure: Literal["raise", "report"] = "raise",
) -> StoreReport:
    """Ask a store all clauses of the contract; see `billingcore.ports`.

    >>> from billingcore import MemoryStore
    >>> check_store(MemoryStore, only=["overlap_is_refused"]).badge
    'conforms to store contract 1'

    Args:
        make: gives a new, empty store: ``make(tax=..., setup=..., filters=...)``, the arguments of
            `MemoryStore`. The kit fills it by `add`, and by the other methods by which a
            `MemoryStore` is filled, if the store has them. One with a `close` is closed.
        only: names of clauses; by default all.
        without: what the store does not have and that shows in no method, like ``records``.
        expected_failures: name of a clause → why the store is known to break it.
        on_failure: whether a wrong store raises, or is reported only.

    Raises:
        StoreError: a clause is broken, or kept although it was expected to be broken.
        InvalidInputError: there is no such clause or part, or *make* takes other arguments.
    """
    _check_make(make)
    names = {each.name: each for each in CLAUSES}
    chosen = [*only]
    _check_known("only", chosen, names)
    _check_known("expected_failures", expected_failures, names)
    _check_known("without", without, PARTS)
    report = StoreReport(
        tuple(
            _asked(each, make, without, expected_failures.get(each.name, ""))
            for each in CLAUSES
            if not chosen or each.name in chosen
        )
    )
    if report.wrong and on_failure == "raise":
        raise StoreError(report)
    return report


def _check_make(make: MakeStore) -> None:
    """Refuse what cannot be called as the kit does; what the call does is asked by the clauses."""
    try:
        signature(make).bind(tax=TAX, setup=SETUP, filters=())
    except ValueError:
        return  # some built-in functions do not tell what they take
    except TypeError as error:
        rule = f"it cannot be called with tax, setup and filters ({error})"
        fix = "write a function: def make(*, tax, setup, filters)"
        name = getattr(make, "__name__", type(make).__name__)
        raise InvalidInputError(
            rule, record="check_store", field="make", value=name, fix=fix
        ) from None


def _check_known(field: str, names: Iterable[str], known: Mapping[str, object]) -> None:
    for name in names:
        if name not in known:
            fix = near(name, [*known]) or "see billingcore.testing.CLAUSES"
            rule = "the contract has nothing of this name"
            raise InvalidInputError(rule, record="check_store", field=field, value=name, fix=fix)


def _asked(asked: Clause, make: MakeStore, without: Collection[str], known: str) -> ClauseResult:
    """Ask one clause."""
    row = ClauseResult(asked.name, asked.text, ClauseStatus.KEPT)
    try:
        asked(make, without=without)
    except SkipTest as skipped:
        return row._replace(status=ClauseStatus.SKIPPED, reason=str(skipped))
    except ClauseError as error:
        status = ClauseStatus.KNOWN if known else ClauseStatus.BROKEN
        return row._replace(
            status=status, reason=known, expected=error.expected, seen=error.seen, calls=error.calls
        )
    return row._replace(status=ClauseStatus.MENDED, reason=known) if known else row

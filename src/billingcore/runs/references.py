"""The first pass of a run: over references, without reading an account (behaviour 10.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from billingcore.ports import Source
from billingcore.records.reference import Reference
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY

__all__ = ["Chunk", "Survey", "accounts_of", "chunks_of", "survey"]


class Survey(NamedTuple):
    """What a first pass counted.

    Attributes:
        candidates: references that met the criteria.
        groups: different grouping keys among them.
        accounts: accounts that they belong to.
    """

    candidates: int
    groups: int
    accounts: int


class Chunk(NamedTuple):
    """Accounts that are worked on together, by one worker.

    Attributes:
        accounts: their ids.
        candidates: how many references they have.
    """

    accounts: tuple[str, ...]
    candidates: int


Accounts = Collection[str] | None
"""Only these of the accounts that a run wants; None for all."""


def _wanted(run: InvoiceRun, source: Source, only: Accounts) -> Iterator[Reference]:
    """Yield the references that meet the criteria of a run."""
    criteria, last = run.selection.criteria, run.period.bounds[1] - ONE_DAY
    for each in source.references(criteria):
        if criteria.wants(each, last) and (only is None or each.account in only):
            yield each


def _by_account(references: Iterable[Reference]) -> Iterator[tuple[str, int]]:
    """Yield each account with the number of its references, which follow each other."""
    account, count = None, 0
    for reference in references:
        if reference.account == account:
            count += 1
            continue
        if account is not None:
            yield account, count
        account, count = reference.account, 1
    if account is not None:
        yield account, count


def survey(run: InvoiceRun, source: Source, only: Accounts = None) -> Survey:
    """Count what a run will look at; memory does not grow with it."""
    candidates = groups = accounts = 0
    account: str | None = None
    keys: set[tuple[str, str]] = set()  # without the account: a part of the grouping key
    for reference in _wanted(run, source, only):
        candidates += 1
        if reference.account != account:
            groups += len(keys)
            accounts += 1
            account, keys = reference.account, set()
        keys.add((reference.currency or "", reference.entity or ""))
    return Survey(candidates, groups + len(keys), accounts)


def accounts_of(run: InvoiceRun, source: Source, only: Accounts = None) -> Iterator[str]:
    """Yield the accounts that a run looks at."""
    return (account for account, _ in _by_account(_wanted(run, source, only)))


def chunks_of(
    run: InvoiceRun,
    source: Source,
    only: Accounts = None,
    *,
    most_accounts: int,
    most_candidates: int,
) -> Iterator[Chunk]:
    """Cut the accounts of a run into pieces of work.

    A piece ends when it has so many accounts or references; an account is never cut, so that one
    with very many references is a piece of its own.
    """
    accounts: list[str] = []
    weight = 0
    for account, count in _by_account(_wanted(run, source, only)):
        if accounts and weight + count > most_candidates:
            yield Chunk(tuple(accounts), weight)
            accounts, weight = [], 0
        accounts.append(account)
        weight += count
        if len(accounts) == most_accounts:
            yield Chunk(tuple(accounts), weight)
            accounts, weight = [], 0
    if accounts:
        yield Chunk(tuple(accounts), weight)

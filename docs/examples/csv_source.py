"""Read CSV files into a store, and say of every row that cannot be used where and what is wrong.

A mistake in a row costs that row and what refers to it; each of these rows is named. Three files are
read more carefully, so that a mistake can never bill a wrong amount:

* A bad row of claims.csv holds its account back.
* A bad row of changes.csv puts the subscription that it names on hold, with all its items, since a
  discount on the order is shared by them. If there is no such subscription, or no such item in it,
  either of the two cells can be the wrong one: then each subscription that the row can mean is on
  hold. These are all with an item of this name, and everybody's if the row names no item either.
* A bad row of taxes.csv takes its tax code out.

If a file as a whole cannot be told, such as one with a misspelled column, nothing is billed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import csv_form as form
from csv_files import Files, Row

import billingcore as bc


@dataclass
class Loaded:
    """What the files hold.

    Attributes:
        store: accounts, subscriptions and claims, ready to be billed.
        errors: every mistake, in the order of the files.
        unreadable: files that could not be read at all; then the store is empty.
        held: accounts that wait until a mistake in claims.csv is mended.
        on_hold: subscriptions that wait until a mistake in changes.csv is mended.
    """

    store: bc.MemoryStore = field(default_factory=bc.MemoryStore)
    errors: list[bc.RowError] = field(default_factory=list[bc.RowError])
    unreadable: list[str] = field(default_factory=list[str])
    held: frozenset[str] = frozenset()
    on_hold: frozenset[str] = frozenset()

    def run(self, period: bc.Period, policy: bc.Policy = bc.DOCUMENTED) -> bc.InvoiceRun:
        """Make the run that bills a period of these files."""
        own = bc.Selection([bc.Filter("billed by us", is_billed_by_us)])
        return bc.InvoiceRun(period, selection=own, policy=policy, may_bill=self.may_bill)

    def may_bill(self, account: bc.Account) -> bool:
        """Tell whether an account may be billed, and its claims are known."""
        return account.id not in self.held and bool(dict(account.custom).get("may_bill", True))


def is_billed_by_us(subscription: bc.Subscription) -> bool:
    """Tell whether nobody else bills a subscription."""
    return "billed_by" not in dict(subscription.custom)


def load(folder: Path, accounting: bc.Accounting = bc.NO_BOOKKEEPING) -> Loaded:
    """Read the files of a folder; what is billed is booked as the accounting says."""
    files = Files(folder)
    accounts, subscriptions = files.rows(form.ACCOUNTS), files.rows(form.SUBSCRIPTIONS)
    items, changes = files.rows(form.ITEMS), files.rows(form.CHANGES)
    claims, taxes = files.rows(form.CLAIMS), files.rows(form.TAXES)
    templates, entities = files.rows(form.TEMPLATES), files.rows(form.ENTITIES)
    if files.unreadable:
        return Loaded(errors=files.errors, unreadable=files.unreadable)
    setup = _setup(templates, entities, accounting)
    store = bc.MemoryStore(tax=_tax_table(taxes), setup=setup)
    store.add(*(row.record for row in accounts if row.record is not None))
    owner = {row["id"]: row["account"] for row in subscriptions if row.record is not None}
    holds = _holds(changes, {row["id"] for row in subscriptions}, items)
    store.add(*_contracts(subscriptions, items, changes, holds))
    for row in claims:
        if row.record is not None:
            store.add_claims(row["account"], row.record)
    held = _held(claims, owner, frozenset(store.accounts()))
    return Loaded(store, files.errors, held=held, on_hold=frozenset(holds.keys() & owner.keys()))


def _contracts(
    subscriptions: list[Row[Callable[..., bc.Subscription]]],
    items: list[Row[bc.Item]],
    changes: list[Row[bc.Change]],
    holds: dict[str, bc.Hold],
) -> Iterator[bc.Subscription]:
    """Put subscriptions together with their items, and both with their changes."""
    changed: dict[tuple[str, str], list[bc.Change]] = {}
    for row in changes:
        if row.record is not None:
            changed.setdefault((row["subscription"], row["item"]), []).append(row.record)
    sold: dict[str, list[bc.Item]] = {}
    for row in items:
        if row.record is not None:
            own = changed.get((row["subscription"], row["id"]), ())
            sold.setdefault(row["subscription"], []).append(row.record.changed(*own))
    for row in subscriptions:
        if row.record is not None:
            name, make = row["id"], row.record
            if name in holds:
                make = partial(make, hold=holds[name])
            yield make(items=sold.get(name, ()), changes=changed.get((name, ""), ()))


def _holds(
    changes: list[Row[bc.Change]], contracts: set[str], items: list[Row[bc.Item]]
) -> dict[str, bc.Hold]:
    """Put the subscriptions on hold of which it is not known what changes in them.

    A change of a row that has a mistake holds nothing back, since that row is not billed.
    """
    sold = {(row["subscription"], row["id"]) for row in items if row["id"]}
    holds: dict[str, bc.Hold] = {}
    for row in changes:
        if row.record is None and not row.is_cut_off:
            hold = bc.Hold(reason=f"row {row.number} of changes.csv has a mistake")
            for contract in _meant(row, contracts, sold):
                holds.setdefault(contract, hold)
    return holds


def _meant(row: Row[bc.Change], contracts: set[str], sold: set[tuple[str, str]]) -> set[str]:
    """Find the subscriptions that a wrong row can mean."""
    named = {row["subscription"]} & contracts
    if not row.is_told:
        return contracts
    if named and (not row["item"] or (row["subscription"], row["item"]) in sold):
        return named
    return named | {contract for contract, item in sold if item == row["item"]} or contracts


def _setup(
    templates: list[Row[bc.Template]],
    entities: list[Row[bc.BusinessEntity]],
    accounting: bc.Accounting,
) -> bc.Setup:
    """Set up who sells and how; without templates there is the one named Default."""
    sellers = [row.record for row in entities if row.record is not None]
    if not templates:
        return bc.Setup(entities=sellers, accounting=accounting)
    known = [row.record for row in templates if row.record is not None]
    return bc.Setup(known, sellers, accounting=accounting)


def _tax_table(rows: list[Row[bc.TaxRate]]) -> bc.TaxTable:
    """Make the table of the codes without a mistake; a broken row can be of any code."""
    bad = {row["code"] for row in rows if row.record is None}
    rates: dict[str, list[bc.TaxRate]] = {}
    for row in rows:
        if row.record is not None and not bad & {row["code"], ""}:
            rates.setdefault(row["code"], []).append(row.record)
    return bc.TaxTable(rates)


def _held(
    rows: list[Row[bc.Claim]], owner: dict[str, str], everybody: frozenset[str]
) -> frozenset[str]:
    """Find the accounts of which it is not known what is billed already.

    A claim that is wrong holds the account that it names, and the owner of the subscription that
    it names; a row of which the cells cannot be told holds everybody. A claim on a row that has a
    mistake holds nobody, since that row is not billed.
    """
    bad = [row for row in rows if row.record is None and not row.is_cut_off]
    if not all(row.is_told for row in bad):
        return everybody
    named = {name for row in bad for name in (row["account"], owner.get(row["subscription"], ""))}
    return everybody & named

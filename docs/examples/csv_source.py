"""Read CSV files into a store, and say of every row that cannot be used where and what is wrong.

A mistake in a row costs that row and what refers to it; each of these rows is named. Two files are
read more carefully, so that a mistake can never bill a wrong amount: a bad row of claims.csv holds
its account back, and a bad row of taxes.csv takes its tax code out. If a file as a whole cannot be
told, such as one with a misspelled column, nothing is billed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """

    store: bc.MemoryStore = field(default_factory=bc.MemoryStore)
    errors: list[bc.RowError] = field(default_factory=list[bc.RowError])
    unreadable: list[str] = field(default_factory=list[str])
    held: frozenset[str] = frozenset()

    def run(self, period: bc.Period, policy: bc.Policy = bc.DOCUMENTED) -> bc.InvoiceRun:
        """Make the run that bills a period of these files."""
        own = bc.Selection([bc.Filter("billed by us", is_billed_by_us)])
        return bc.InvoiceRun(period, selection=own, policy=policy, may_bill=self.may_bill)

    def may_bill(self, account: bc.Account) -> bool:
        """Tell whether an account is not on hold."""
        return account.id not in self.held and not dict(account.custom).get("on_hold")


def is_billed_by_us(subscription: bc.Subscription) -> bool:
    """Tell whether nobody else bills a subscription."""
    return "billed_by" not in dict(subscription.custom)


def load(folder: Path) -> Loaded:
    """Read the files of a folder."""
    files = Files(folder)
    accounts, subscriptions = files.rows(form.ACCOUNTS), files.rows(form.SUBSCRIPTIONS)
    items, claims = files.rows(form.ITEMS), files.rows(form.CLAIMS)
    taxes = files.rows(form.TAXES)
    templates, entities = files.rows(form.TEMPLATES), files.rows(form.ENTITIES)
    if files.unreadable:
        return Loaded(errors=files.errors, unreadable=files.unreadable)
    store = bc.MemoryStore(tax=_tax_table(taxes), setup=_setup(templates, entities))
    store.add(*(row.record for row in accounts if row.record is not None))
    sold = _by_subscription(items)
    owner: dict[str, str] = {}
    for contract in subscriptions:
        if contract.record is not None:
            owner[contract["id"]] = contract["account"]
            store.add(contract.record(items=sold.get(contract["id"], ())))
    for row in claims:
        if row.record is not None:
            store.add_claims(row["account"], row.record)
    held = _held(claims, owner, frozenset(store.accounts()))
    return Loaded(store, files.errors, held=held)


def _by_subscription(rows: list[Row[bc.Item]]) -> dict[str, list[bc.Item]]:
    items: dict[str, list[bc.Item]] = {}
    for row in rows:
        if row.record is not None:
            items.setdefault(row["subscription"], []).append(row.record)
    return items


def _setup(templates: list[Row[bc.Template]], entities: list[Row[bc.BusinessEntity]]) -> bc.Setup:
    """Set up who sells and how; without templates there is the one named Default."""
    sellers = [row.record for row in entities if row.record is not None]
    if not templates:
        return bc.Setup(entities=sellers)
    return bc.Setup([row.record for row in templates if row.record is not None], sellers)


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
    it names; a row that is broken as a whole holds everybody. A claim on a row that has a mistake
    holds nobody, since that row is not billed.
    """
    bad = [row for row in rows if row.record is None and not row.is_cut_off]
    if not all(row.cells for row in bad):
        return everybody
    named = {name for row in bad for name in (row["account"], owner.get(row["subscription"], ""))}
    return everybody & named

"""The store of the Django app, filled as the conformance kit fills a store.

The kit has any records, and the tables of the shop only some. So the records stand beside the tables
here, and the rest of the store is that of the app.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any

from django.db import connection, connections
from django.db.models import F
from shop import models
from shop.store import SETUP, TAX, DjangoStore

import billingcore as bc


class KitStore(DjangoStore):
    """Keeps what it was given of each account, and gives it to a memory whenever that is asked.

    Each has a database of its own, a copy of an empty one. Django has one at a time, so whoever is
    asked for something puts its own in the place of the last one's.
    """

    _numbers = count(1)

    def __init__(self, empty: Path, *, tax=None, setup=SETUP, filters=()):
        self.tax = TAX if tax is None else tax
        self.setup = setup
        self.given: dict[str, list[tuple[str, tuple[Any, ...]]]] = {}
        self._path = str(copyfile(empty, empty.with_name(f"kit{next(self._numbers)}.sqlite3")))

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            used = connections.settings["default"]
            if used["NAME"] != self._path:
                connection.close()
                used["NAME"] = self._path
        return super().__getattribute__(name)

    def fill(self, memory, customer):
        for method, given in self.given[customer.id]:
            getattr(memory, method)(*given)

    def accounts(self):
        return [*self.given]

    def references(self, criteria=None, /):
        return map(bc.Reference, self.given)

    def add(self, *records):
        for record in records:
            is_account = isinstance(record, bc.Account)
            account = record.id if is_account else record.account
            if is_account:
                self.given[account] = []
                models.Customer.objects.create(pk=account)
            self._keep(account, "add", record)

    def change(self, *records):
        for record in records:
            account = record.id if isinstance(record, bc.Account) else record.account
            self._keep(account, "change", record)

    def add_usage(self, account, *records):
        self._keep(account, "add_usage", account, *records)

    def add_claims(self, account, *claims):
        self._keep(account, "add_claims", account, *claims)

    def put_contacts(self, account, contacts):
        self._keep(account, "put_contacts", account, contacts)

    def put_coupons(self, account, *coupons):
        self._keep(account, "put_coupons", account, *coupons)

    def _keep(self, account, method, *given):
        self.given[account].append((method, given))
        models.Ledger.objects.filter(pk=account).update(revision=F("revision") + 1)

    def invoice(self, number):
        row = models.Invoice.objects.filter(pk=number).first()
        if row is None:
            raise bc.InvalidInputError("no invoice of this number", field="number", value=number)
        return bc.from_json(row.document, bc.Invoice)

    def invoices(self):
        texts = models.Entry.objects.filter(invoice__isnull=False).order_by("pk")
        for text in texts.values_list("invoice__document", flat=True):
            yield bc.from_json(text, bc.Invoice)

    def skipped(self):
        for row in models.Skipped.objects.order_by("pk"):
            yield bc.SkippedNumber(row.number, row.date, row.reason)

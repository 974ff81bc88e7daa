"""Usage in a store: run by run, as a host bills it."""

from __future__ import annotations

from decimal import Decimal

import attrs

import billingcore as bc

ACCOUNT = bc.Account("acme", currency="EUR")
JANUARY = bc.Period.month(2026, 1)
FEBRUARY = bc.Period.month(2026, 2)
MONTHLY = bc.monthly(anchor="2026-01-01")
INCLUDE = bc.DOCUMENTED.but(late_usage=bc.LateUsage.INCLUDE)


def calls(**fields):
    """Make a transactional item with the order number CALLS, at 10.00 if nothing else is said."""
    if "pricing" not in fields:
        fields.setdefault("unit_price", 10)
    fields.setdefault("billing_type", bc.TRANSACTIONAL)
    return bc.Item(fields.pop("id", "calls"), order_no=fields.pop("order_no", "CALLS"), **fields)


def fee(amount, **fields):
    """Make a minimum fee."""
    fields.setdefault("cadence", MONTHLY)
    return bc.Item(
        fields.pop("id", "minimum"), unit_price=amount, billing_type=bc.MINIMUM_FEE, **fields
    )


def used(id, day, quantity, order_no="CALLS", **fields):
    """Make a usage record of a day of January 2026, or of any day."""
    date = f"2026-01-{day:02}" if isinstance(day, int) else day
    return bc.UsageRecord(id, order_no, date, quantity, **fields)


class Book:
    """An account with usage, and what was billed of it."""

    def __init__(self, *items, policy=bc.DOCUMENTED, filters=(), records=(), **contract):
        self.store = bc.MemoryStore(filters=filters)
        self.store.add(ACCOUNT)
        if items:
            self.store.add(bc.Subscription("S-1", account="acme", items=items, **contract))
        self.policy = policy
        self.usage = {}
        self.records = records
        self.claims = ()
        self.days = 0

    def add(self, *usage):
        """Hand usage in; with a known id it takes the place of the other."""
        for record in usage:
            self.usage[record.id] = record

    def snapshot(self):
        """Give what is known of the account, with its usage."""
        known = self.store.snapshot("acme")
        claims = (*known.claims, *self.claims)
        given = {"records": self.records} if self.records else {}
        return attrs.evolve(known, usage=self.usage.values(), claims=claims, **given)

    def bill(self, period=JANUARY, **run):
        """Run without keeping anything."""
        run.setdefault("policy", self.policy)
        return bc.bill(bc.InvoiceRun(period, **run), self.snapshot(), self.store.tax)

    def run(self, period=JANUARY, **run):
        """Run, and keep the drafts."""
        outcome = self.bill(period, **run)
        assert not self.store.commit([outcome])
        return outcome

    def finalize(self, on="2026-03-31"):
        """Turn all drafts into invoices."""
        return [bc.finalize(draft, self.store, on=on) for draft in list(self.store.drafts())]

    def lines(self):
        """Give the lines of all live documents."""
        drafts = [line for draft in self.store.drafts() for line in draft.lines]
        rows = self.store.snapshot("acme").lines.values()
        return [*drafts, *(line for row in rows for _, line in row)]

    def net(self):
        """Give what all live documents bill."""
        return sum((line.priced for line in self.lines()), Decimal(0))


def book(*usage, items=None, **contract):
    """Make an account with usage, of one item at 10.00 if nothing else is said."""
    made = Book(*(items or (calls(),)), **contract)
    made.add(*usage)
    return made


def shown(lines):
    """Give title, quantity, unit price and amount of lines."""
    return [
        (line.title, str(line.quantity), str(line.unit_price), str(line.amount)) for line in lines
    ]


def reasons(outcome):
    """Give record and reason of what was left out."""
    return {each.record: each.reason.name for each in outcome.exclusions}


def lines_of(outcome):
    """Give the lines of the drafts of an outcome."""
    return [line for draft in outcome.drafts for line in draft.lines]

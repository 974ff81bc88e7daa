"""To whom the documents of a run go: names and addresses as they are when the drafts are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from attrs import evolve

from billingcore.lines.line import OpenLine
from billingcore.records.snapshot import AccountSnapshot
from billingcore.scope.contacts import Recipients, resolve_contacts
from billingcore.scope.run import InvoiceRun
from billingcore.values.calendar import ONE_DAY

__all__ = ["addressing"]


def addressing(
    run: InvoiceRun, snapshot: AccountSnapshot
) -> Callable[[Sequence[OpenLine]], Recipients] | None:
    """Give what finds the recipients of a document by its lines; None if nobody is named.

    Contacts count as they are on the invoice date, or else on the last day of the run.
    """
    if not snapshot.contacts.contacts:
        for each in snapshot.subscriptions:
            if each.contact is not None:
                break
        else:
            return None
    return partial(_recipients, snapshot, run.invoice_date or run.period.bounds[1] - ONE_DAY)


def _recipients(snapshot: AccountSnapshot, day: date, lines: Sequence[OpenLine]) -> Recipients:
    """Resolve the contacts; of several that subscriptions name, the first line's is taken."""
    contracts = (line.subscription for line in lines if line.subscription is not None)
    named = [*dict.fromkeys(each.contact for each in contracts if each.contact is not None)]
    first = named[0] if named else None
    found = resolve_contacts(snapshot.account.id, snapshot.contacts, day, explicit=first)
    if len(named) < 2:
        return found
    clash = f"the subscriptions name different contacts: {', '.join(named)}; {first} is taken"
    return evolve(found, warnings=(clash, *found.warnings))

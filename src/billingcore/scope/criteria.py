"""Ready-made criteria of a run: what can be told of a record without reading it (behaviour 10.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from attrs import field, frozen

from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.reference import Reference
from billingcore.records.terms import ONE_TIME
from billingcore.values.boundary import Boundary
from billingcore.values.cadence import DAYS, MONTHS, Cadence
from billingcore.values.keys import escape
from billingcore.values.length import Length, read_length
from billingcore.values.sealing import fill

__all__ = ["ALL_ACCOUNTS", "Criteria", "frequency_of", "item_frequency", "read_names"]


def frequency_of(cadence: Cadence | Length | None) -> str:
    """Write how often something is billed: months as ``3m``, days as ``7d``, once as nothing.

    >>> from billingcore.values.cadence import weekly, yearly
    >>> frequency_of(yearly()), frequency_of(weekly()), frequency_of(None)
    ('12m', '7d', '')
    """
    if cadence is None:
        return ""
    months = MONTHS.get(cadence.unit)
    if months is not None:
        return f"{cadence.count * months}m"
    return f"{cadence.count * DAYS[cadence.unit]}d"


def item_frequency(item: Item) -> str:
    """Write how often an item is billed, like ``3m``; empty for once, and for each run."""
    return "" if item.recurrence is ONE_TIME else frequency_of(item.cadence)


@frozen(init=False)
class Criteria:
    """What a run wants, by facts that a source can look up in an index.

    Each that is given must hold. They become part of the run's name, so that runs with other
    criteria are other runs.

    >>> Criteria(currency="EUR", frequency="3m").name
    'currency=EUR,frequency=3m'

    Attributes:
        accounts: ids of the accounts; empty for all.
        batch: the batch of the accounts; None for all.
        currency: of the documents, by ISO 4217; None for all.
        entity: name of the business entity that sells, empty for none; None for all.
        frequency: how often it is billed, like ``1m``, ``1y`` or ``7d``, or a cadence; None for
            all. What is billed once has none, and is then not wanted.
        name: all of it as one text; empty if everything is wanted.

    Raises:
        InvalidInputError: a field is wrong.
    """

    accounts: frozenset[str]
    batch: str | None
    currency: str | None
    entity: str | None
    frequency: str | None
    name: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        *,
        accounts: Iterable[str] = (),
        batch: str | None = None,
        currency: str | None = None,
        entity: str | None = None,
        frequency: Cadence | str | None = None,
    ) -> None:
        read = Boundary("Criteria")
        fill(
            self,
            accounts=read_names(read, "accounts", accounts),
            batch=None if batch is None else read.text("batch", batch),
            currency=read.currency("currency", currency),
            entity=None if entity is None else read.text("entity", entity),
            frequency=None if frequency is None else _read_frequency(read, frequency),
        )
        own = [("account", each) for each in sorted(self.accounts)]
        wanted = [*own, *((each, getattr(self, each)) for each in _NAMED)]
        shown = [f"{name}={escape(value)}" for name, value in wanted if value is not None]
        fill(self, name=",".join(shown))

    def wants_account(self, account: str, batch: str | None) -> bool:
        """Tell whether something of an account may be wanted; a batch of None is not known."""
        if self.accounts and account not in self.accounts:
            return False
        return self.batch is None or batch is None or batch == self.batch

    def account_mismatch(self, account: str, batch: str) -> LeftOut | None:
        """Say why nothing of an account is wanted; None if something may be."""
        if self.wants_account(account, batch):
            return None
        is_other = bool(self.accounts) and account not in self.accounts
        batches = (("batch", batch), ("wanted", self.batch or ""))
        facts = (("account", account),) if is_other else batches
        return LeftOut(Reason.FILTER_MISMATCH, facts=facts)

    def wants(self, reference: Reference, last: date) -> bool:
        """Tell whether what a reference stands for may be billed by a run.

        Args:
            reference: what is known of it.
            last: the last day of the run: what is billed for the first time later is not wanted.
        """
        account, _, currency, entity, frequency, batch, next_billing = reference
        if next_billing is not None and next_billing > last:
            return False
        if not self.name:
            return True
        return self.wants_account(account, batch) and (
            self.mismatch(currency, entity, frequency) is None
        )

    def mismatch(
        self, currency: str | None, entity: str | None, frequency: str | None
    ) -> LeftOut | None:
        """Say which criterion something does not meet; None if it meets all. None is not known."""
        for name, given, wanted in (
            ("currency", currency, self.currency),
            ("entity", entity, self.entity),
            ("frequency", frequency, self.frequency),
        ):
            if wanted is not None and given is not None and given != wanted:
                facts = ((name, given), ("wanted", wanted))
                return LeftOut(Reason.FILTER_MISMATCH, facts=facts)
        return None

    def may_share_accounts(self, other: Criteria) -> bool:
        """Tell whether two runs may look at the same accounts."""
        if self.accounts and other.accounts and self.accounts.isdisjoint(other.accounts):
            return False
        return self.batch is None or other.batch is None or self.batch == other.batch


_NAMED: Final = ("batch", "currency", "entity", "frequency")
"""The criteria that a name shows as they are."""


def read_names(read: Boundary, field: str, names: Iterable[str]) -> frozenset[str]:
    """Read ids or names, of which there may be any number."""
    if isinstance(names, str):
        raise read.refuse(field, names, "one text", f"use a list: [{names!r}]")
    return frozenset(read.id(field, each) for each in names)


def _read_frequency(read: Boundary, value: object) -> str:
    if isinstance(value, Cadence):
        return frequency_of(value)
    text = read.text("frequency", value)
    return frequency_of(read.read("frequency", text, read_length))


ALL_ACCOUNTS: Final = Criteria()
"""No criteria: everything is wanted."""

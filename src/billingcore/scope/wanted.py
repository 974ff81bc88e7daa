"""What a run wants of the records of an account, where that is not everything.

A source may hand in more than a run asked for, never less; so all is asked again of each record.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.subscription import Subscription
from billingcore.scope.criteria import Criteria, item_frequency

__all__ = ["ALL", "NOT_CHOSEN", "Wanted", "root_of", "wanted_of"]

NOT_CHOSEN: Final = LeftOut(Reason.FILTER_MISMATCH, facts=(("chosen", "no"),))
"""The reason for what a run of chosen records leaves out."""


ALL: Final = frozenset({"*"})
"""All that a run left: chosen in the place of names."""


@frozen
class Wanted:
    """What a run wants by currency, entity, frequency and name.

    Attributes:
        criteria: facts that records must have.
        only: names of what was chosen; None if all is wanted.
    """

    criteria: Criteria
    only: frozenset[str] | None

    def names(self, *names: str) -> bool:
        """Tell whether something was chosen by one of its names."""
        return self.only is None or self.only == ALL or not self.only.isdisjoint(names)

    def of_item(
        self, snapshot: AccountSnapshot, contract: Subscription, item: Item | None, name: str
    ) -> LeftOut | None:
        """Say why an item is not wanted, or a contract without any; None if it is."""
        if not self.names(contract.id, name):
            return NOT_CHOSEN
        if item is None:
            return self.mismatch(snapshot, contract.currency, contract.entity)
        currency = item.currency or contract.currency
        return self.mismatch(snapshot, currency, contract.entity, item_frequency(item))

    def of_frequency(self, item: Item) -> LeftOut | None:
        """Say why something is not wanted for how often it is billed; None if it is."""
        return self.criteria.mismatch(None, None, item_frequency(item))

    def mismatch(
        self,
        snapshot: AccountSnapshot,
        currency: str | None,
        entity: str | None,
        frequency: str | None = None,
    ) -> LeftOut | None:
        """Say which criterion is not met by facts of an account; None if all are.

        The account's own currency and entity stand where None is given; a frequency of None is
        not known.
        """
        account = snapshot.account
        seller = snapshot.setup.entity_name(entity or account.entity)
        return self.criteria.mismatch(currency or account.currency, seller, frequency)


def root_of(record: str) -> str:
    """Give the record that a name belongs to, for the same party.

    >>> root_of("Order/O-1/OrderItem/1:Cust"), root_of("S-1/seats")
    ('Order/O-1:Cust', 'S-1/seats')
    """
    path, colon, party = record.partition(":")
    return "/".join(path.split("/")[:2]) + colon + party


def wanted_of(criteria: Criteria, only: frozenset[str] | None) -> Wanted | None:
    """Say what is wanted of an account's records; None if all of them are."""
    has_terms = {criteria.currency, criteria.entity, criteria.frequency} != {None}
    return Wanted(criteria, only) if has_terms or only is not None else None

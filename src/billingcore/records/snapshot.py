"""All that a source knows of one account, as it was when it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from billingcore.records.account import Account
from billingcore.records.claims import Claim
from billingcore.records.setup import Setup
from billingcore.records.subscription import Subscription
from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = ["AccountSnapshot"]

DEFAULT_SETUP: Final = Setup()


@frozen(init=False, order=False)
class AccountSnapshot:
    """One account with its records: the whole input of `bill` besides the run.

    Attributes:
        account: who pays.
        subscriptions: all of its contracts, in the order of its documents.
        claims: what is billed already, on drafts and on invoices.
        documents: ids of the account's live drafts and of the drafts its invoices were made of.
        setup: templates and business entities.
        revision: counts the changes of the account in its store; a commit of what was billed
            from another revision is refused.

    Raises:
        InvalidInputError: a subscription belongs to another account, or two have one id.
    """

    account: Account
    subscriptions: tuple[Subscription, ...]
    claims: tuple[Claim, ...]
    documents: frozenset[str]
    setup: Setup
    revision: int

    def __init__(
        self,
        account: Account,
        subscriptions: Iterable[Subscription] = (),
        *,
        claims: Iterable[Claim] = (),
        documents: Iterable[str] = (),
        setup: Setup = DEFAULT_SETUP,
        revision: int = 0,
    ) -> None:
        contracts = tuple(subscriptions)
        fill(
            self,
            account=account,
            subscriptions=contracts,
            claims=tuple(claims),
            documents=frozenset(documents),
            setup=setup,
            revision=revision,
        )
        if len({contract.id for contract in contracts}) < len(contracts):
            read = Boundary("AccountSnapshot", account.id)
            raise read.refuse("subscriptions", len(contracts), "two have the same id")
        for contract in contracts:
            if contract.account != account.id:
                read = Boundary("Subscription", contract.id)
                rule = f"given to account {account.id!r}"
                raise read.refuse("account", contract.account, rule, "hand it to its own account")

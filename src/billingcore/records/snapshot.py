"""All that a source knows of one account, as it was when it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

from attrs import frozen

from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import BilledLine, Claim
from billingcore.records.contact import NO_CONTACTS, Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.item import Item
from billingcore.records.setup import Heading, Setup
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.usage import UsageRecord
from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

if TYPE_CHECKING:
    from billingcore.invoices.document import DraftInvoice

__all__ = ["AccountSnapshot"]

DEFAULT_SETUP: Final = Setup()
NO_LINES: Final[Mapping[str, Sequence[BilledLine]]] = {}
NO_DRAFTS: Final[Mapping[str, DraftInvoice]] = {}


@frozen(init=False, order=False)
class AccountSnapshot:
    """One account with its records: the whole input of `bill` besides the run.

    Attributes:
        account: who pays.
        subscriptions: all of its contracts, in the order of its documents.
        claims: what is billed already, on drafts and on invoices.
        documents: ids of the account's live drafts and of the drafts its invoices were made of.
        lines: billable → its lines on live invoices, corrections included, in the order in which
            they were finalized. Read only for what changed after it was billed, so that a
            mapping may fetch them when it is asked.
        records: records of the host that may be billed to the account, with their children.
        usage: what was used, as far as it is at hand; what was billed of it need not be there.
        drafts: id → live draft, to which the same run adds what it finds later. Read only for
            drafts that are to grow, so that a mapping may fetch them when it is asked.
        chain: part invoices and finals that it has, drafts too.
        coupons: discounts that its documents may use, in the order in which they are tried.
        setup: templates and business entities.
        contacts: who gets its documents; without any, the account itself does.
        revision: counts the changes of the account in its store; a commit of what was billed
            from another revision is refused.

    Raises:
        InvalidInputError: a subscription belongs to another account, or two of them, two usage
            records, or two coupons, have one id.
    """

    account: Account
    subscriptions: tuple[Subscription, ...]
    claims: tuple[Claim, ...]
    documents: AbstractSet[str]
    lines: Mapping[str, Sequence[BilledLine]]
    records: tuple[SourceRecord, ...]
    usage: tuple[UsageRecord, ...]
    drafts: Mapping[str, DraftInvoice]
    chain: tuple[ChainDocument, ...]
    coupons: tuple[Coupon, ...]
    setup: Setup
    contacts: Contacts
    revision: int

    def __init__(
        self,
        account: Account,
        subscriptions: Iterable[Subscription] = (),
        *,
        claims: Iterable[Claim] = (),
        documents: Iterable[str] = (),
        lines: Mapping[str, Sequence[BilledLine]] = NO_LINES,
        records: Iterable[SourceRecord] = (),
        usage: Iterable[UsageRecord] = (),
        drafts: Mapping[str, DraftInvoice] = NO_DRAFTS,
        chain: Iterable[ChainDocument] = (),
        coupons: Iterable[Coupon] = (),
        setup: Setup = DEFAULT_SETUP,
        contacts: Contacts = NO_CONTACTS,
        revision: int = 0,
    ) -> None:
        contracts = tuple(subscriptions)
        fill(
            self,
            account=account,
            subscriptions=contracts,
            claims=tuple(claims),
            documents=documents if isinstance(documents, AbstractSet) else frozenset(documents),
            lines=lines,
            records=tuple(records),
            usage=tuple(usage),
            drafts=drafts,
            chain=tuple(chain),
            coupons=tuple(coupons),
            setup=setup,
            contacts=contacts,
            revision=revision,
        )
        if len({contract.id for contract in contracts}) < len(contracts):
            read = Boundary("AccountSnapshot", account.id)
            raise read.refuse("subscriptions", len(contracts), "two have the same id")
        if len({record.name for record in self.usage}) < len(self.usage):
            read = Boundary("AccountSnapshot", account.id)
            raise read.refuse("usage", len(self.usage), "two have the same id")
        if len({coupon.id for coupon in self.coupons}) < len(self.coupons):
            read = Boundary("AccountSnapshot", account.id)
            raise read.refuse("coupons", len(self.coupons), "two have the same id")
        for contract in contracts:
            if contract.account != account.id:
                read = Boundary("Subscription", contract.id)
                rule = f"given to account {account.id!r}"
                raise read.refuse("account", contract.account, rule, "hand it to its own account")

    def heading(
        self, template: str | None, entity: str | None, payment_days: int | None
    ) -> Heading | None:
        """Resolve template, seller and payment days, where None takes the account's.

        None if there is no such template.

        Raises:
            InvalidInputError: there is no such seller.
        """
        account = self.account
        return self.setup.heading(
            template or account.template,
            entity or account.entity,
            account.payment_days if payment_days is None else payment_days,
        )

    def position_named(self, name: str) -> tuple[Subscription, Item, str]:
        """Find an item by its id, or by ``subscription/item`` where several have this id.

        Returns:
            Its subscription, the item, and the name under which it is billed.

        Raises:
            InvalidInputError: the account has no such item, or several.
        """
        every = [
            (subscription, item, billable)
            for subscription in self.subscriptions
            for item, billable in subscription.positions
        ]
        named = [
            (subscription, item, billable)
            for subscription, item, billable in every
            if name in (item.id, billable, f"{subscription.id}/{item.id}")
        ]
        if len(named) == 1:
            return named[0]
        rule = "several items have this id" if named else "the account has no such item"
        fix = "use one of " + ", ".join(billable for _, _, billable in named or every)
        raise Boundary("Account", self.account.id).refuse("item_id", name, rule, fix)

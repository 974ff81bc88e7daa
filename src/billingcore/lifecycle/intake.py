"""What every store does with what a host hands in: refuse what is wrong, and find whom it concerns.

The rules need no database: a store looks up what is stored, asks one of these functions, and
writes. So `MemoryStore`, the adapters and a store of the host's own do the same, in the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.invoices.chain_rules import chain_of, check_chain
from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.contact import Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.source import SourceRecord
from billingcore.records.subscription import Subscription
from billingcore.records.terms import FROM_USAGE
from billingcore.records.usage import UsageRecord
from billingcore.scope.criteria import item_frequency
from billingcore.scope.routing import Resolve, recipients
from billingcore.scope.selection import Filter
from billingcore.values.boundary import Boundary

__all__ = [
    "Position",
    "Routed",
    "base_of",
    "check_contacts",
    "check_coupons",
    "check_earlier",
    "check_names",
    "check_record",
    "family_of",
    "names_of",
    "no_account",
    "no_contract",
    "no_record",
    "positions_of",
    "routed",
    "there_already",
]


class Position(NamedTuple):
    """What a reference says of an item of a contract, for a store to keep in an index.

    Attributes:
        record: the name under which it is billed, like ``S-1/seats``.
        currency: of its documents; None for metered items, whose usage may have prices of its own.
        entity: name or alias of the business entity that sells, as the contract or the account says
            it; `Setup.entity_name` gives the name. None if neither says one.
        frequency: how often it is billed, like ``1m``; empty for once.
    """

    record: str
    currency: str | None
    entity: str | None
    frequency: str


class Routed(NamedTuple):
    """Who is to have a record of the host.

    Attributes:
        accounts: ids of the accounts.
        problems: why filters hand it to nobody.
    """

    accounts: frozenset[str]
    problems: tuple[Problem, ...]


def positions_of(account: Account, contract: Subscription) -> Iterator[Position]:
    """Yield what references say of the items of a contract; one reference for each.

    >>> from billingcore import Item
    >>> contract = Subscription("S-1", account="acme", items=[Item("setup", unit_price=5)])
    >>> next(positions_of(Account("acme", currency="EUR"), contract))
    Position(record='S-1/setup', currency='EUR', entity=None, frequency='')
    """
    currency = contract.currency or account.currency
    entity = contract.entity or account.entity
    for item, name in contract.positions:
        money = None if item.recurrence in FROM_USAGE else item.currency or currency
        yield Position(name, money, entity, item_frequency(item))


def names_of(account: Account | None) -> frozenset[tuple[str, str]]:
    """Give what an account is called besides its id: external ids by field, and by any field.

    >>> sorted(names_of(Account("acme", currency="EUR", external_ids={"CRM": "77"})))
    [('', '77'), ('CRM', '77')]
    """
    if account is None:
        return frozenset()
    return frozenset((*account.external_ids, *(("", value) for _, value in account.external_ids)))


def check_names(account: Account, owners: Iterable[str], taken: Collection[str]) -> None:
    """Refuse an account with a name by which a record would mean two accounts.

    Args:
        account: the account.
        owners: the accounts one of whose external ids is its id.
        taken: which of its external ids are the ids of accounts.

    Raises:
        InvalidInputError: its id is an external id of another account, or the other way round.
    """
    others = {*owners} - {account.id}
    fix = "give each account names of its own"
    read = Boundary("Account", account.id)
    if others:
        raise read.refuse("id", account.id, f"an external id of account {min(others)!r}", fix)
    for _, value in account.external_ids:
        if value in taken and value != account.id:
            raise read.refuse("external_ids", value, f"the id of account {value!r}", fix)


def check_record(record: object) -> None:
    """Refuse what is no account, subscription or record of the host.

    >>> check_record([Account("acme", currency="EUR")])
    Traceback (most recent call last):
    ...
    billingcore.errors.InvalidInputError: records = 'list': not an Account, Subscription or ...

    Raises:
        InvalidInputError: with what to do instead.
    """
    if isinstance(record, Account | Subscription | SourceRecord):
        return
    rule = "not an Account, Subscription or SourceRecord"
    fix = "hand records in one by one: store.add(*records)"
    if isinstance(record, UsageRecord):
        fix = "usage belongs to an account: store.add_usage(account, record)"
    shown = record if isinstance(record, str) or record is None else type(record).__name__
    raise InvalidInputError(rule, field="records", value=shown, fix=fix)


def check_contacts(account: str, contacts: object) -> None:
    """Refuse what are no contacts of an account.

    Raises:
        InvalidInputError: they are not.
    """
    Boundary("Account", account).instance("contacts", contacts, Contacts)


def check_coupons(account: str, coupons: Sequence[Coupon]) -> None:
    """Refuse coupons of an account of which two have the same id.

    Raises:
        InvalidInputError: two have.
    """
    if len({coupon.id for coupon in coupons}) < len(coupons):
        rule, fix = "two have the same id", "give each its own"
        raise Boundary("Account", account).refuse("coupons", len(coupons), rule, fix)


def check_earlier(
    document: ChainDocument, known: Iterable[ChainDocument], *, is_used: bool
) -> None:
    """Refuse a document made elsewhere that its agreement does not allow.

    Args:
        document: the document.
        known: all of the agreements of its account.
        is_used: whether an invoice of the account, or a document of another one, has its number.

    Raises:
        InvalidInputError: another document has its number.
        FinalExistsError: there is a final of its agreement already.
    """
    read = Boundary("ChainDocument", document.number)
    if is_used:
        rule, fix = "a document has this number already", "give each its own"
        raise read.refuse("number", document.number, rule, fix)
    others = chain_of(known, document.key, document.currency, document.entity)
    check_chain(document.kind, document.key, others, record=read.record, own=document.number)


def routed(
    record: SourceRecord, filters: Sequence[Filter], resolve: Resolve, setup: Setup
) -> Routed:
    """Say to which accounts a record goes, and what is wrong with it.

    >>> routed(SourceRecord("Order", "O-1", {}), [], lambda name: None, Setup()).problems[0].field
    'type'

    Args:
        record: the record, without parent.
        filters: those of the store.
        resolve: how the record names its account → the account's id, None if there is no such
            account.
        setup: where data mappings are looked up.
    """
    found = recipients(record, filters, resolve, setup)
    problems = [each.problem for each in found if each.problem is not None]
    if all(each.target != record.type for each in filters):
        problems.append(_unknown(record))
    accounts = frozenset(each.account for each in found if each.account is not None)
    return Routed(accounts, tuple(problems))


def base_of(billable: str) -> str:
    """Give the name of the record that something billed is of, also for a line of a mapping.

    >>> base_of("Order/O-1/line-2:seller"), base_of("Order/O-1")
    ('Order/O-1', 'Order/O-1')
    """
    return "/".join(billable.partition(":")[0].split("/", 2)[:2])


def family_of(record: SourceRecord) -> Iterator[str]:
    """Yield the names of a record and of its children: what claims on it are of."""
    yield record.name
    for children in record.children.values():
        for child in children:
            yield child.name


def no_account(account: str) -> InvalidInputError:
    """Make the error for an account that is not there."""
    fix = "add the account first: store.add(Account(...))"
    return InvalidInputError("no such account", field="account", value=account, fix=fix)


def there_already(record: Account | Subscription | SourceRecord) -> InvalidInputError:
    """Make the error for a record that is there already."""
    return _refused(record, "id", record.id, "it is there already", "use store.change(...)")


def no_record(record: SourceRecord) -> InvalidInputError:
    """Make the error for a record of the host that is to be changed and is not there."""
    return _refused(record, "type", record.name, "there is no such record")


def no_contract(contract: Subscription) -> InvalidInputError:
    """Make the error for a subscription that is to be changed, and that its account has not."""
    rule = "there is no such subscription of this account"
    return _refused(contract, "account", contract.account, rule)


def _refused(
    record: Account | Subscription | SourceRecord, field: str, value: str, rule: str, fix: str = ""
) -> InvalidInputError:
    where = f"{type(record).__name__} {record.id!r}"
    return InvalidInputError(rule, record=where, field=field, value=value, fix=fix)


def _unknown(record: SourceRecord) -> Problem:
    """Make the problem of a record of a type for which the store has no filter."""
    return Problem(
        account="",
        record=record.name,
        code=InvalidInputError.code,
        field="type",
        message=f"the store has no filter for records of type {record.type}",
        advice="make the store with the filters of its runs: filters=[...]",
    )

"""What accounts are called: their ids, and their numbers elsewhere by which records name them."""

from __future__ import annotations

from billingcore.errors import InvalidInputError
from billingcore.records.account import Account
from billingcore.scope.routing import AccountName

__all__ = ["AccountNames"]


class AccountNames:
    """The names of all accounts of a store."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._owners: dict[tuple[str, str], set[str]] = {}

    def put(self, account: Account) -> set[str]:
        """Keep the names of an account, in the place of those it had; give all of these names.

        Raises:
            InvalidInputError: its id is a number of another account, or the other way round.
        """
        self._check(account)
        before, now = _names(self._accounts.get(account.id)), _names(account)
        for pair in before:
            self._owners[pair].discard(account.id)
        for pair in now:
            self._owners.setdefault(pair, set()).add(account.id)
        self._accounts[account.id] = account
        return {account.id, *(value for _, value in before | now)}

    def resolve(self, name: AccountName) -> str | None:
        """Give the account that is called by a name; None if none is, or several are."""
        if not name.external_field and name.value in self._accounts:
            return name.value
        owners = self._owners.get((name.external_field, name.value), set[str]())
        return next(iter(owners)) if len(owners) == 1 else None

    def _check(self, account: Account) -> None:
        """Refuse a name by which a record would mean two accounts."""
        others = self._owners.get(("", account.id), set[str]()) - {account.id}
        if others:
            rule = f"an external id of account {min(others)!r}"
            raise _refused(account, "id", account.id, rule)
        for _, value in account.external_ids:
            if value in self._accounts and value != account.id:
                rule = f"the id of account {value!r}"
                raise _refused(account, "external_ids", value, rule)


def _names(account: Account | None) -> set[tuple[str, str]]:
    """Give the names of an account besides its id: by field, and by any field."""
    if account is None:
        return set()
    return {*account.external_ids, *(("", value) for _, value in account.external_ids)}


def _refused(account: Account, field: str, value: str, rule: str) -> InvalidInputError:
    fix = "give each account names of its own"
    record = f"Account {account.id!r}"
    return InvalidInputError(rule, record=record, field=field, value=value, fix=fix)

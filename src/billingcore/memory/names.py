"""What accounts are called: their ids, and their numbers elsewhere by which records name them."""

from __future__ import annotations

from collections.abc import Sequence

from billingcore.errors import InvalidInputError
from billingcore.lifecycle.intake import check_names, names_of
from billingcore.records.account import Account
from billingcore.scope.routing import AccountName

__all__ = ["AccountNames"]


class AccountNames:
    """The names of all accounts of a store."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._owners: dict[tuple[str, str], set[str]] = {}

    def put(self, accounts: Sequence[Account]) -> set[str]:
        """Keep the names of accounts, in the place of those they had; give all of these names.

        Raises:
            InvalidInputError: an id is a number of another account, or the other way round; none of
                the names are kept.
        """
        before = [self._accounts.get(each.id) for each in accounts]
        names: set[str] = set()
        for place, account in enumerate(accounts):
            try:
                check_names(account, self._owners.get(("", account.id), ()), self._accounts)
            except InvalidInputError:
                for each, known in zip(accounts[:place], before, strict=False):
                    self._set(each.id, known)
                raise
            names |= self._set(account.id, account)
        return names

    def _set(self, name: str, account: Account | None) -> set[str]:
        """Keep an account, or none of this id; give what it is called now, and was before."""
        before, now = names_of(self._accounts.pop(name, None)), names_of(account)
        for pair in before:
            self._owners[pair].discard(name)
        for pair in now:
            self._owners.setdefault(pair, set()).add(name)
        if account is not None:
            self._accounts[name] = account
        return {name, *(value for _, value in before | now)}

    def resolve(self, name: AccountName) -> str | None:
        """Give the account that is called by a name; None if none is, or several are."""
        if not name.external_field and name.value in self._accounts:
            return name.value
        owners = self._owners.get((name.external_field, name.value), set[str]())
        return next(iter(owners)) if len(owners) == 1 else None

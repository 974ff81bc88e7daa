"""Who gets what: which contact holds each role on a day, and why (behaviour 8).

For each role the levels of `RoleLevel` are asked in their order; the first at which somebody holds
the role decides. If nobody does at any level, its fallback is asked in the same way. So Anna, who is
the Invoice Contact by her own record, gets the letters, and Ben, who is the Invoice Email Contact
by his relation to the account, gets the mails.

Validity goes first: a relation that does not count on the day does not exist on it. A contact with
a role on a relation to the account holds there no roles of its own record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.records.account import Account
from billingcore.records.contact import Contact, ContactRole, Contacts
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date

__all__ = [
    "NOBODY",
    "Addressee",
    "Recipient",
    "Recipients",
    "RoleLevel",
    "resolve_contacts",
]


class RoleLevel(Enum):
    """How a contact comes to a role, the highest level first; the value says it in words."""

    EXPLICIT = "named on the document or the subscription"
    LEGACY = "legacy role of the account"
    DIRECT = "role on a direct relation"
    INDIRECT = "role on an indirect relation"
    CONTACT = "role on the contact"


class Addressee(NamedTuple):
    """Who and where, as on an envelope.

    >>> print(Addressee("Acme GmbH", "Anna", "Nebenweg 2"))
    Acme GmbH
    Anna
    Nebenweg 2

    Attributes:
        account: what the account is called.
        name: the contact's name; empty if there is none.
        address: lines of the address; the contact's, or else the account's.
    """

    account: str
    name: str
    address: str

    @property
    def names(self) -> str:
        """Account and contact, one below the other; once if they are the same."""
        return "\n".join(filter(None, dict.fromkeys((self.account, self.name))))

    def __str__(self) -> str:
        return f"{self.names}\n{self.address}".strip()


@frozen
class Recipient:
    """A contact in a role.

    Attributes:
        role: what the contact is taken for.
        contact: the contact, as it was on that day.
        held_as: the role that the contact holds; another one if it is the fallback.
        level: how the contact comes to it.
    """

    role: ContactRole
    contact: Contact
    held_as: ContactRole
    level: RoleLevel

    def __str__(self) -> str:
        held = "" if self.held_as is self.role else f" as {self.held_as.value}"
        return f"{self.role.value}: {self.contact.id}{held}, {self.level.value}"


@frozen
class Recipients:
    """Who holds each role on a day.

    Attributes:
        day: the day that was asked for; None if there were no contacts to ask.
        holders: in the order of the roles; only `ContactRole.is_shared` roles occur twice.
        warnings: what was decided by the order of ids, or could not be followed.
    """

    day: date | None
    holders: tuple[Recipient, ...]
    warnings: tuple[str, ...]

    def of(self, role: ContactRole) -> tuple[Recipient, ...]:
        """Give who holds a role: nobody, one, or several of a shared role."""
        return tuple([each for each in self.holders if each.role is role])

    def addressee(self, role: ContactRole, account: Account) -> Addressee:
        """Give name and address of a role's holder; what is missing is the account's."""
        for each in self.of(role):
            person = each.contact
            return Addressee(account.label, person.name, person.address or account.address)
        return Addressee(account.label, "", account.address)


NOBODY: Final = Recipients(None, (), ())

_Held = dict[tuple[ContactRole, RoleLevel], set[str]]
"""Ids of the contacts who hold a role at a level."""


def resolve_contacts(
    account: str,
    contacts: Contacts,
    day: DateLike,
    *,
    explicit: str | None = None,
) -> Recipients:
    """Say who holds each role for an account on a day, and why; pure, and in any order the same.

    Where two hold a role that only one can have, the one with the lowest id is taken, and a
    warning says so.

    >>> anna = Contact("anna", account="acme", roles=[ContactRole.INVOICE])
    >>> for recipient in resolve_contacts("acme", Contacts([anna]), "2026-01-31").holders[:2]:
    ...     print(recipient)
    Invoice Contact: anna, role on the contact
    Invoice Mailing Contact: anna as Invoice Contact, role on the contact

    Args:
        account: id of the account.
        contacts: the contacts with their roles.
        day: the day of validity, such as the invoice date.
        explicit: id of the contact that a document or subscription names as its Invoice Contact.

    Raises:
        InvalidInputError: the day is none.
    """
    on = Boundary("resolve_contacts").read("day", day, read_date)
    people = {each.id: each for each in contacts.contacts if each.active}
    held: _Held = {}
    for level, name, roles in _roles_held(account, contacts, on):
        for role in roles if name in people else ():
            held.setdefault((role, level), set()).add(name)
    warnings: list[str] = []
    if explicit in people:
        held[ContactRole.INVOICE, RoleLevel.EXPLICIT] = {explicit}
    elif explicit is not None:
        warnings.append(f"contact {explicit!r} is named, but is no active contact of the account")
    holders: list[Recipient] = []
    for role in ContactRole:
        decided = _decided(held, role)
        if decided is not None:
            held_as, level, names = decided
            taken = names if role.is_shared else names[:1]
            holders += [Recipient(role, people[name], held_as, level) for name in taken]
            if len(taken) < len(names):
                tie = f"{held_as.value}: {', '.join(names)} hold it, {level.value}"
                warnings.append(f"{tie}; {names[0]} is taken")
    return Recipients(on, tuple(holders), tuple(dict.fromkeys(warnings)))


def _roles_held(
    account: str, contacts: Contacts, day: date
) -> Iterator[tuple[RoleLevel, str, Iterable[ContactRole]]]:
    """Yield who holds which roles at which level; the explicit contact is not known here."""
    for legacy in contacts.legacy_roles:
        if legacy.account == account:
            yield RoleLevel.LEGACY, legacy.contact, [legacy.role]
    own = {each.id: each.held_roles for each in contacts.contacts if each.account == account}
    direct = set(own)
    for relation in contacts.relations:
        if relation.account == account and relation.roles and relation.is_valid_on(day):
            own.pop(relation.contact, None)
            level = RoleLevel.DIRECT if relation.contact in direct else RoleLevel.INDIRECT
            yield level, relation.contact, relation.roles
    for contact, roles in own.items():
        yield RoleLevel.CONTACT, contact, roles


def _decided(held: _Held, role: ContactRole) -> tuple[ContactRole, RoleLevel, list[str]] | None:
    """Give what decides a role: the role itself or a fallback, the level, and the ids."""
    asked: ContactRole | None = role
    while asked is not None:
        for level in RoleLevel:
            if (asked, level) in held:
                return asked, level, sorted(held[asked, level])
        asked = asked.fallback
    return None

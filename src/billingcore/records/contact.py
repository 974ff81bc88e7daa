"""The people of an account, and for which letters and mails they stand.

A contact can stand for a use case in three ways: by a role on the contact itself, by a role on its
relation to an account, or by a legacy role of the account. `resolve_contacts` says who counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.sealing import fill
from billingcore.values.text import check_id

__all__ = [
    "FALLBACKS",
    "NO_CONTACTS",
    "SHARED_ROLES",
    "Contact",
    "ContactRelation",
    "ContactRole",
    "Contacts",
    "LegacyRole",
]


class ContactRole(Enum):
    """What a contact is for; the value is its usual name.

    >>> ContactRole("Invoice Email Contact").fallback
    <ContactRole.INVOICE: 'Invoice Contact'>
    """

    INVOICE = "Invoice Contact"
    MAILING = "Invoice Mailing Contact"
    EMAIL = "Invoice Email Contact"
    CC = "Email CC"
    BCC = "Email BCC"
    DUNNING = "Dunning Contact"
    DUNNING_MAILING = "Dunning Mailing Contact"
    DUNNING_EMAIL = "Dunning Email Contact"
    DUNNING_CC = "Dunning CC"
    DUNNING_BCC = "Dunning BCC"

    @property
    def fallback(self) -> ContactRole | None:
        """The role whose holder is taken where nobody holds this one; None if there is none."""
        return FALLBACKS.get(self)

    @property
    def is_shared(self) -> bool:
        """Whether several contacts can hold it together."""
        return self in SHARED_ROLES


FALLBACKS: Final[Mapping[ContactRole, ContactRole]] = MappingProxyType(
    {
        ContactRole.MAILING: ContactRole.INVOICE,
        ContactRole.EMAIL: ContactRole.INVOICE,
        ContactRole.DUNNING: ContactRole.INVOICE,
        ContactRole.DUNNING_MAILING: ContactRole.MAILING,
        ContactRole.DUNNING_EMAIL: ContactRole.EMAIL,
        ContactRole.DUNNING_CC: ContactRole.CC,
        ContactRole.DUNNING_BCC: ContactRole.BCC,
    }
)
"""Role → the role that is asked next where nobody holds it (behaviour 8)."""

SHARED_ROLES: Final = frozenset(
    {ContactRole.CC, ContactRole.BCC, ContactRole.DUNNING_CC, ContactRole.DUNNING_BCC}
)
"""Copies of a mail go to everybody who holds the role; each other role has one holder."""

_MAIL_ADDRESS: Final = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+")


@frozen(init=False, order=False)
class Contact:
    """A person or a department that letters and mails go to.

    >>> anna = Contact("anna", account="acme", name="Anna", email="anna@acme.example",
    ...                roles=[ContactRole.INVOICE])
    >>> anna.held_roles
    (<ContactRole.INVOICE: 'Invoice Contact'>,)

    Attributes:
        id: unique within its account's contacts; of two who hold a role, the lowest id goes first.
        account: id of the primary account; None is none.
        name: what stands on a letter; may be empty.
        email: the address for mails; empty is none.
        address: lines of the postal address; empty takes the account's.
        roles: what the contact is for, at its primary account only.
        custom_roles: the same from a field of the host's own; if there are any, `roles` says
            nothing.
        active: letters and mails go to active contacts only.

    Raises:
        InvalidInputError: a field is wrong.
    """

    id: str
    account: str | None
    name: str
    email: str
    address: str
    roles: tuple[ContactRole, ...]
    custom_roles: tuple[ContactRole, ...]
    active: bool

    def __init__(
        self,
        id: str,
        *,
        account: str | None = None,
        name: str = "",
        email: str = "",
        address: str = "",
        roles: Iterable[ContactRole | str] = (),
        custom_roles: Iterable[ContactRole | str] = (),
        active: bool = True,
    ) -> None:
        read = Boundary("Contact", id)
        fill(
            self,
            id=read.id("id", id),
            account=read.optional_id("account", account),
            name="" if name == "" else read.id("name", name),
            email=read.read("email", email, _read_mail_address),
            address=read.text("address", address),
            roles=_read_roles(read, "roles", roles),
            custom_roles=_read_roles(read, "custom_roles", custom_roles),
            active=read.flag("active", active),
        )

    @property
    def held_roles(self) -> tuple[ContactRole, ...]:
        """The roles that count: those of the custom field, else the usual ones."""
        return self.custom_roles or self.roles


@frozen(init=False, order=False)
class ContactRelation:
    """A contact has to do with an account, for a time; direct if it is its primary account.

    >>> ContactRelation("ben", "acme", roles=["Invoice Email Contact"], end="2026-06-30").end
    datetime.date(2026, 6, 30)

    Attributes:
        contact: id of the contact.
        account: id of the account.
        roles: what the contact is for at this account.
        start: the first day of the relation; None was always.
        end: its last day, inclusive; None is open.
        active: an inactive relation counts on no day.

    Raises:
        InvalidInputError: a field is wrong.
    """

    contact: str
    account: str
    roles: tuple[ContactRole, ...]
    start: date | None
    end: date | None
    active: bool

    def __init__(
        self,
        contact: str,
        account: str,
        *,
        roles: Iterable[ContactRole | str] = (),
        start: DateLike | None = None,
        end: DateLike | None = None,
        active: bool = True,
    ) -> None:
        read = Boundary("ContactRelation")
        fill(
            self,
            contact=read.id("contact", contact),
            account=read.id("account", account),
            roles=_read_roles(read, "roles", roles),
            start=read.day("start", start),
            end=read.day("end", end),
            active=read.flag("active", active),
        )
        read.order("end", self.start, self.end)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether it counts on a day."""
        has_begun = self.start is None or self.start <= day
        return self.active and has_begun and (self.end is None or day <= self.end)


@frozen(init=False, order=False)
class LegacyRole:
    """A contact role of an account in the older way: it goes before all relations.

    Attributes:
        contact: id of the contact.
        account: id of the account.
        role: what the contact is for at this account.

    Raises:
        InvalidInputError: a field is wrong.
    """

    contact: str
    account: str
    role: ContactRole

    def __init__(self, contact: str, account: str, role: ContactRole | str) -> None:
        read = Boundary("LegacyRole")
        fill(
            self,
            contact=read.id("contact", contact),
            account=read.id("account", account),
            role=read.member("role", role, ContactRole),
        )


@frozen(init=False, order=False)
class Contacts:
    """All contacts that have to do with one account, and how.

    >>> Contacts([Contact("anna")]).find("anna").id
    'anna'

    Attributes:
        contacts: in the order of their ids, which differ.
        relations: between these contacts and accounts; those of other accounts are ignored.
        legacy_roles: older roles of these contacts; those of other accounts are ignored.

    Raises:
        InvalidInputError: two contacts have one id, or a relation or role names none of them.
    """

    contacts: tuple[Contact, ...]
    relations: tuple[ContactRelation, ...]
    legacy_roles: tuple[LegacyRole, ...]
    _by_id: dict[str, Contact] = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        contacts: Iterable[Contact] = (),
        *,
        relations: Iterable[ContactRelation] = (),
        legacy_roles: Iterable[LegacyRole] = (),
    ) -> None:
        read = Boundary("Contacts")
        people = [read.instance("contacts", each, Contact) for each in contacts]
        by_id = {each.id: each for each in people}
        fill(
            self,
            contacts=tuple(by_id[key] for key in sorted(by_id)),
            relations=tuple(read.instance("relations", r, ContactRelation) for r in relations),
            legacy_roles=tuple(read.instance("legacy_roles", r, LegacyRole) for r in legacy_roles),
            _by_id=by_id,
        )
        if len(by_id) < len(people):
            raise read.refuse("contacts", len(people), "two have the same id")
        for name, links in (("relations", self.relations), ("legacy_roles", self.legacy_roles)):
            for link in links:
                if link.contact not in by_id:
                    fix = "hand in the contact, too"
                    raise read.refuse(name, link.contact, "there is no such contact", fix)

    def find(self, contact: str) -> Contact | None:
        """Give the contact of an id; None if there is no such contact."""
        return self._by_id.get(contact)


NO_CONTACTS: Final = Contacts()


def _read_roles(
    read: Boundary, name: str, roles: Iterable[ContactRole | str]
) -> tuple[ContactRole, ...]:
    """Keep roles each once and in one order, so that equal roles make equal records."""
    chosen = {read.member(name, role, ContactRole) for role in roles}
    return tuple(role for role in ContactRole if role in chosen)


def _read_mail_address(value: object) -> str:
    """Read a mail address, or nothing; whether a mail arrives there is not for this library."""
    if value == "":
        return ""
    text = check_id(value)
    if not text.isprintable() or not _MAIL_ADDRESS.fullmatch(text):
        fix = "use one address like anna@acme.example, without a name"
        raise InvalidInputError("not a mail address", value=value, fix=fix)
    return text

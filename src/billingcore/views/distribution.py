"""How a document reaches its buyer: the envelope, the recipients of the mail, and what goes along.

Nothing is sent: the values say what a host has to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.contact import ContactRole
from billingcore.records.setup import AttachmentMode, Template
from billingcore.records.source import SourceDocument
from billingcore.scope.contacts import Addressee, Recipients

__all__ = ["Distribution", "Mailbox", "distribution"]


_MAIL_ROLES: Final = (ContactRole.EMAIL, ContactRole.CC, ContactRole.BCC)


class Mailbox(NamedTuple):
    """Somebody who gets a mail; a pair as `email.utils.formataddr` of Python takes it.

    Attributes:
        name: may be empty.
        email: the address.
    """

    name: str
    email: str


@frozen
class Distribution:
    """To whom a document goes, and with which files.

    Attributes:
        document: the number of the invoice, or the id of the draft.
        is_draft: whether it is a draft, which must not be taken for the invoice: it goes only to
            where a host keeps drafts, and takes no files along.
        billing: billing name and address.
        postal: name and address for a letter.
        to: who gets the mail; empty if nobody does.
        cc: who gets a copy that all see.
        bcc: who gets a copy that the others do not see.
        attachments: the files that go along as they are.
        links: the files that go along as links.
        warnings: what was decided for want of better data.
    """

    document: str
    is_draft: bool
    billing: Addressee
    postal: Addressee
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    bcc: tuple[Mailbox, ...]
    attachments: tuple[SourceDocument, ...]
    links: tuple[SourceDocument, ...]
    warnings: tuple[str, ...]


def distribution(document: DraftInvoice | Invoice) -> Distribution:
    """Say to whom a document goes, and with which files.

    Names and addresses are those that were stamped on the draft. A mail address gets one mail: in
    To before CC before BCC. The template decides about files: those of excluded types do not go
    along, and its mode says whether the others are attached or linked.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", name="Acme GmbH", currency="EUR", address="Nebenweg 2")
    >>> made = draft(acme, [Item("desk", unit_price=100)], period=Period.month(2026, 1))
    >>> print(distribution(made).postal)
    Acme GmbH
    Nebenweg 2

    Args:
        document: the draft or invoice.
    """
    draft = document.draft if isinstance(document, Invoice) else document
    is_draft = draft is document
    (to, cc, bcc), warnings = _mailboxes(draft.recipients)
    attachments, links = ((), ()) if is_draft else _files(draft.documents, draft.template)
    return Distribution(
        document=document.number if isinstance(document, Invoice) else document.id,
        is_draft=is_draft,
        billing=draft.billing,
        postal=draft.recipients.addressee(ContactRole.MAILING, draft.account),
        to=to,
        cc=cc,
        bcc=bcc,
        attachments=attachments,
        links=links,
        warnings=(*draft.recipients.warnings, *warnings),
    )


def _mailboxes(recipients: Recipients) -> tuple[list[tuple[Mailbox, ...]], list[str]]:
    """Give the mailboxes of each role that gets mails, and who of them has no address."""
    taken: set[str] = set()
    rows: list[tuple[Mailbox, ...]] = []
    warnings: list[str] = []
    for role in _MAIL_ROLES:
        row: list[Mailbox] = []
        for each in recipients.of(role):
            person, key = each.contact, each.contact.email.casefold()
            if not key:
                warnings.append(f"{role.value}: contact {person.id!r} has no mail address")
            elif key not in taken:
                taken.add(key)
                row.append(Mailbox(person.name, person.email))
        rows.append(tuple(row))
    return rows, warnings


def _files(
    documents: Iterable[SourceDocument], template: Template
) -> tuple[tuple[SourceDocument, ...], tuple[SourceDocument, ...]]:
    """Divide files into attachments and links."""
    excluded, mode = template.excluded_file_types, template.attachments
    files = tuple(each for each in documents if each.file_type not in excluded)
    is_small = sum(each.size for each in files) <= template.attachment_limit
    if mode is AttachmentMode.ATTACH or (mode is AttachmentMode.ATTACH_UP_TO_LIMIT and is_small):
        return files, ()
    return (), files

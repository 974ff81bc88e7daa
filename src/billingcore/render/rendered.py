"""A document as it is handed to a target: its content, and the name that it is kept under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.render.versions import LIBRARY
from billingcore.values.boundary import Boundary
from billingcore.values.keys import digest
from billingcore.values.sealing import fill
from billingcore.values.text import check_text

__all__ = ["EXTENSIONS", "RenderedDocument", "document_id", "document_name", "read_extension"]

EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "application/json": "json",
        "application/pdf": "pdf",
        "application/xml": "xml",
        "image/svg+xml": "svg",
        "text/html": "html",
        "text/plain": "txt",
        "text/xml": "xml",
    }
)
"""Media type → how the names of such files end."""

_LONGEST_NAME: Final = 120
_LONGEST_SLUG: Final = 60
_NAME: Final = re.compile(r"[a-z][A-Za-z0-9_-]*\.[a-z0-9]{1,10}")
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,10}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_PLAIN_ID: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")
# The id of a draft has %2F for a slash.
_BETWEEN_WORDS: Final = re.compile(r"(%[0-9A-F]{2}|[^A-Za-z0-9])+")


@frozen(init=False, order=False)
class RenderedDocument:
    """A draft or an invoice as somebody reads it, for a `DocumentTarget`.

    >>> RenderedDocument(
    ...     "../invoice.txt", "Invoice", media_type="text/plain", document="2026-00001", language="en"
    ... )
    Traceback (most recent call last):
        ...
    billingcore.errors.InvalidInputError: RenderedDocument '2026-00001': name = '../invoice.txt': \
not a name of a file; use letters, digits, - and _, with an ending, as document_name gives it

    Attributes:
        name: what to call its file: never a path, and another one for any other document, also where
            file systems take upper and lower case for the same.
        content: text or bytes; of a media type that begins with ``text/`` it is text.
        media_type: what the content is, like ``application/pdf``.
        document: the number of the invoice, or the id of the draft.
        language: of the locale that was asked for, like ``de-DE``.
        is_draft: whether it is a draft, which has no number and must not be taken for the invoice.
        version: of the draft that it was made of; 0 of an invoice, and of a draft that was never
            stored.
        library: what it was made with.
        locale_data: by which numbers and dates were written; empty if it is not known.

    Raises:
        InvalidInputError: the name is a path, or the content is empty or not of its media type.
    """

    name: str
    content: str | bytes = field(repr=False)
    media_type: str
    document: str
    language: str
    is_draft: bool
    version: int
    library: str
    locale_data: str

    def __init__(
        self,
        name: str,
        content: str | bytes,
        *,
        media_type: str,
        document: str,
        language: str,
        is_draft: bool = False,
        version: int = 0,
        library: str = LIBRARY,
        locale_data: str = "",
    ) -> None:
        own = Boundary("RenderedDocument").text("document", document)
        read = Boundary(f"RenderedDocument {own!r}")
        own_type = read.read("media_type", media_type, _read_media_type)
        fill(
            self,
            name=read.read("name", name, _read_name),
            content=_read_content(read, content, own_type),
            media_type=own_type,
            document=own,
            language=read.text("language", language),
            is_draft=read.flag("is_draft", is_draft),
            version=read.count("version", version, most=10**9),
            library=read.text("library", library),
            locale_data=read.text("locale_data", locale_data),
        )

    @property
    def encoded(self) -> bytes:
        """The content as bytes; text in UTF-8."""
        return self.content.encode() if isinstance(self.content, str) else self.content


def document_id(document: DraftInvoice | Invoice) -> str:
    """Give the number of an invoice, or the id of a draft."""
    return document.number if isinstance(document, Invoice) else document.id


def document_name(document: DraftInvoice | Invoice, extension: str = "pdf") -> str:
    """Give the name of the file of a document.

    It begins with ``draft``, or with what the invoice is. A number of capital letters, digits and
    hyphens stands as it is. All else has its letters and digits, and a digest behind a ``_``, so that
    no two documents of a store share a name. All versions of a draft have the same.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> document_name(draft(acme, [Item("desk", unit_price=9)], period=Period.month(2026, 1)))
    'draft-manual-8541bd6e0dfd6abf-acme_c397dc03ec1e9f80.pdf'

    Args:
        document: the draft or invoice.
        extension: how the name ends, without a dot.

    Raises:
        InvalidInputError: *extension* is none.
    """
    kind = document.kind.value.replace(" ", "-") if isinstance(document, Invoice) else "draft"
    return f"{kind}-{_slug(document_id(document))}.{read_extension(extension)}"


def _slug(text: str) -> str:
    """Write an id so that it can be a part of a name: the same for no other id."""
    if _PLAIN_ID.fullmatch(text) and len(text) <= _LONGEST_SLUG:
        return text
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = _BETWEEN_WORDS.sub("-", letters)[:_LONGEST_SLUG].strip("-")
    return f"{words}_{digest([text])}"


def read_extension(value: object) -> str:
    """Read how a name ends.

    Raises:
        InvalidInputError: it is no extension.
    """
    if not isinstance(value, str) or not _EXTENSION.fullmatch(value):
        fix = "use 1 to 10 small letters and digits, without a dot, like 'pdf'"
        raise InvalidInputError("not an extension", field="extension", value=value, fix=fix)
    return value


def _read_name(value: object) -> str:
    text = check_text(value, longest=_LONGEST_NAME)
    if not _NAME.fullmatch(text):
        fix = "use letters, digits, - and _, with an ending, as document_name gives it"
        raise InvalidInputError("not a name of a file", fix=fix)
    return text


def _read_media_type(value: object) -> str:
    if not isinstance(value, str) or not _MEDIA_TYPE.fullmatch(value):
        fix = "write it in small letters and without parameters, like 'application/pdf'"
        raise InvalidInputError("not a media type", value=value, fix=fix)
    return value


def _read_content(read: Boundary, content: object, media_type: str) -> str | bytes:
    if not isinstance(content, (str, bytes)):
        raise read.refuse("content", content, "neither text nor bytes", "mend the renderer")
    if not content:
        raise read.refuse("content", content, "there is none", "mend the renderer")
    if isinstance(content, bytes) and media_type.startswith("text/"):
        fix = f"give text, or say which media type it is; {media_type} is text"
        raise read.refuse("content", content, "bytes instead of text", fix)
    if isinstance(content, str) and _HALF_CHARACTER.search(content):
        fix = "mend the renderer: such text has no bytes"
        raise read.refuse("content", content, "a lone surrogate in it", fix)
    return content

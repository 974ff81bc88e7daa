"""Where documents are kept: in a folder, or in memory for tests, with nothing but the standard library.

A `DocumentTarget` has a name, says whether it is active and whether it is for drafts, and keeps one
document after the other. `billingcore.testing.check_document_target` asks both of these the contract.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

import billingcore as bc


class Folder:
    """A folder of files; several processes may write into it at once.

    A file is written beside its place, and moved there when it is complete, so nobody reads half a
    document, and a crash leaves no more than a file whose name begins with a dot.

    Args:
        name: what reports call it.
        path: of the folder, which is made if it is not there. Each store needs one of its own, since
            two stores can have the same number.
        is_for_drafts: whether it is for drafts alone, or for invoices alone.
        is_active: whether it takes documents at present.
    """

    def __init__(
        self, name: str, path: Path, *, is_for_drafts: bool, is_active: bool = True
    ) -> None:
        self.name = name
        self.path = path
        self.is_for_drafts = is_for_drafts
        self.is_active = is_active
        path.mkdir(parents=True, exist_ok=True)

    def keep(self, document: bc.RenderedDocument) -> None:
        """Keep a document; the name is a plain one, so the file lies in this folder."""
        place = self.path / document.name
        new = self.path / f".{document.name}.{token_hex(8)}"
        try:
            with new.open("xb") as file:
                file.write(document.encoded)
                file.flush()
                os.fsync(file.fileno())
            if document.is_draft:
                new.replace(place)
            else:
                self._keep_once(document, new, place)
        finally:
            new.unlink(missing_ok=True)

    def _keep_once(self, document: bc.RenderedDocument, new: Path, place: Path) -> None:
        """Give a file its name, unless another one has it; of two at once only one can."""
        try:
            place.hardlink_to(new)
        except FileExistsError:
            if place.read_bytes() != document.encoded:
                raise _another(document) from None


class Tray:
    """Holds documents in memory, for tests.

    Attributes:
        held: name → document.
    """

    def __init__(self, name: str = "tray", *, is_for_drafts: bool, is_active: bool = True) -> None:
        self.name = name
        self.is_for_drafts = is_for_drafts
        self.is_active = is_active
        self.held: dict[str, bc.RenderedDocument] = {}

    def keep(self, document: bc.RenderedDocument) -> None:
        """Keep a document."""
        known = self.held.setdefault(document.name, document)
        if known.content != document.content:
            if not document.is_draft:
                raise _another(document)
            self.held[document.name] = document


def _another(document: bc.RenderedDocument) -> bc.InvalidInputError:
    return bc.InvalidInputError(
        "another content is kept under this name, and an invoice never changes",
        record=document.document,
        field="name",
        value=document.name,
        fix="compare both; if the first one is to go, remove it by hand",
    )

"""What a document target must do, clause by clause; see `DocumentTarget` in `billingcore.ports`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from billingcore.errors import InvalidInputError, told
from billingcore.ports import DocumentTarget
from billingcore.render.rendered import RenderedDocument
from billingcore.testing.kit.scene import ClauseError

__all__ = ["MakeTarget", "ReadTarget", "check_document_target"]

TEXT: Final = "Größe: 3 m², 1.234,50\N{NO-BREAK SPACE}€\n"
BINARY: Final = b"%PDF-1.7\r\n\x00\xff\xfe\n"


class MakeTarget(Protocol):
    """Gives a new target that holds nothing."""

    def __call__(self, *, is_for_drafts: bool, is_active: bool) -> DocumentTarget:
        """Make it for drafts or for invoices, active or not."""
        ...


ReadTarget = Callable[[Any], Mapping[str, bytes]]
"""Gives all that a target holds: name → content."""


def check_document_target(make: MakeTarget, read: ReadTarget) -> None:
    """Check that a target keeps the contract of `DocumentTarget`.

    >>> class Tray:
    ...     def __init__(self, *, is_for_drafts, is_active):
    ...         self.name, self.held = "tray", {}
    ...         self.is_for_drafts, self.is_active = is_for_drafts, is_active
    ...
    ...     def keep(self, document):
    ...         self.held[document.name] = document.encoded
    >>> try:
    ...     check_document_target(Tray, lambda tray: tray.held)
    ... except AssertionError as error:
    ...     print(error)
    invoice_stays: An invoice that is kept never changes: another content under its name is refused.
      expected: InvalidInputError
      seen: it is not refused
      calls:
        keep invoice-2026-00001.pdf
        keep invoice-2026-00001.pdf

    Args:
        make: gives a new target that holds nothing: ``make(is_for_drafts=..., is_active=...)``.
        read: gives all that a target holds, name by name.

    Raises:
        ClauseError: it breaks a clause.
    """
    for play in _CLAUSES:
        scene = _Scene(play, make, read)
        try:
            play(scene)
        except ClauseError:
            raise
        except Exception as error:
            raise scene.error("no error", told(error)) from error


class _Scene:
    """A target on trial, for one clause."""

    def __init__(self, play: Callable[[_Scene], None], make: MakeTarget, read: ReadTarget) -> None:
        self.clause = play.__name__.removeprefix("_")
        self.text = " ".join((play.__doc__ or "").split())
        self.make = make
        self.read = read
        self.calls: list[str] = []

    def keep(self, target: DocumentTarget, *documents: RenderedDocument) -> None:
        """Hand documents to a target."""
        for each in documents:
            self.calls.append(f"keep {each.name}")
            target.keep(each)

    def same(self, what: str, seen: object, expected: object) -> None:
        """Compare."""
        if seen != expected:
            raise self.error(f"{what}: {expected}", f"{seen}")

    def holds(self, target: DocumentTarget, *documents: RenderedDocument) -> None:
        """Require that a target holds some documents, and nothing else."""
        held = {name: bytes(content) for name, content in self.read(target).items()}
        self.same("names", sorted(held), sorted(each.name for each in documents))
        for each in documents:
            self.same(f"content of {each.name}", held[each.name], each.encoded)

    def error(self, expected: str, seen: str) -> ClauseError:
        """Make the error for what is broken."""
        return ClauseError(self.clause, self.text, expected, seen, tuple(self.calls))


def _draft(name: str = "draft-acme_0011223344556677", *, version: int = 1) -> RenderedDocument:
    return RenderedDocument(
        f"{name}.html",
        f"{TEXT}{version}",
        media_type="text/html",
        document="January/acme",
        language="de-DE",
        is_draft=True,
        version=version,
    )


def _invoice(ending: str = "pdf", content: bytes = BINARY) -> RenderedDocument:
    return RenderedDocument(
        f"invoice-2026-00001.{ending}",
        content,
        media_type="application/octet-stream",
        document="2026-00001",
        language="de-DE",
    )


def _says_what_it_is(scene: _Scene) -> None:
    """A target says whether it is active, and whether it is for drafts, and stays with it."""
    for is_for_drafts in (True, False):
        for is_active in (True, False):
            target = scene.make(is_for_drafts=is_for_drafts, is_active=is_active)
            facts = [(target.name, target.is_for_drafts, target.is_active) for _ in range(2)]
            wanted = (facts[0][0], is_for_drafts, is_active)
            scene.same("name, is_for_drafts and is_active", facts, [wanted, wanted])
            scene.same("the type of its name", type(target.name), str)


def _keeps_every_byte(scene: _Scene) -> None:
    """A document is kept under its name with every byte of its content; text is UTF-8."""
    target = scene.make(is_for_drafts=True, is_active=True)
    scene.keep(target, _draft())
    scene.holds(target, _draft())
    target = scene.make(is_for_drafts=False, is_active=True)
    scene.keep(target, _invoice())
    scene.holds(target, _invoice())


def _same_again_changes_nothing(scene: _Scene) -> None:
    """The same document again is neither refused nor there twice."""
    for document in (_draft(), _invoice()):
        target = scene.make(is_for_drafts=document.is_draft, is_active=True)
        scene.keep(target, document, document)
        scene.holds(target, document)


def _later_version_takes_the_place(scene: _Scene) -> None:
    """A later version of a draft takes the place of the earlier one."""
    target = scene.make(is_for_drafts=True, is_active=True)
    scene.keep(target, _draft(), _draft(version=2))
    scene.holds(target, _draft(version=2))


def _invoice_stays(scene: _Scene) -> None:
    """An invoice that is kept never changes: another content under its name is refused."""
    target = scene.make(is_for_drafts=False, is_active=True)
    scene.keep(target, _invoice())
    try:
        scene.keep(target, _invoice(content=b"another"))
    except InvalidInputError:
        scene.holds(target, _invoice())
        return
    except Exception as error:
        raise scene.error("InvalidInputError", told(error)) from error
    raise scene.error("InvalidInputError", "it is not refused")


def _names_are_apart(scene: _Scene) -> None:
    """Documents of different names are kept side by side, however alike or long the names are."""
    names = ["draft-acme_0011223344556677", "draft-acme_0011223344556678", f"draft-{'a' * 100}"]
    drafts = [_draft(name) for name in names]
    target = scene.make(is_for_drafts=True, is_active=True)
    scene.keep(target, *drafts)
    scene.holds(target, *drafts)
    invoices = [_invoice(), _invoice("xml")]
    target = scene.make(is_for_drafts=False, is_active=True)
    scene.keep(target, *invoices)
    scene.holds(target, *invoices)


_CLAUSES: Final = (
    _says_what_it_is,
    _keeps_every_byte,
    _same_again_changes_nothing,
    _later_version_takes_the_place,
    _invoice_stays,
    _names_are_apart,
)

"""Documents of drafts and of invoices, each handed to the targets that are for it (behaviour 9).

A draft is handed to no target for invoices, and an invoice to none for drafts. One document is made
at a time, once for all targets, so memory does not grow with their number, but for what the report
lists. A store is only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import attrs
from attrs import frozen

from billingcore.errors import BillingError, InvalidInputError, failed_port, show
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.ports import DocumentTarget, Renderer, Store
from billingcore.records.reasons import Problem
from billingcore.render.document_report import DocumentReport, Kept
from billingcore.render.rendered import (
    EXTENSIONS,
    RenderedDocument,
    document_id,
    document_name,
    read_extension,
)
from billingcore.render.versions import locale_data
from billingcore.runs.tally import KEEP
from billingcore.values.boundary import Boundary

__all__ = ["render_drafts", "render_invoices"]

_MEND: Final = "mend what raised it, and call again: what is kept is not kept twice"


def render_drafts(
    store: Store,
    targets: Iterable[DocumentTarget],
    renderer: Renderer,
    *,
    media_type: str,
    run_id: str | None = None,
    ids: Iterable[str] | None = None,
    condition: Callable[[DraftInvoice], bool] | None = None,
    locale: str | None = None,
    extension: str = "",
    keep: int = KEEP,
) -> DocumentReport:
    """Make documents of drafts, and hand them to the active targets that are for drafts.

    They have no number, their names begin with ``draft``, and no invoice knows of them. Whoever calls
    again after a draft was edited gets its new version in the place of the old one. The store stays
    as it is.

    Args:
        store: has the drafts.
        targets: of all kinds; those that are for invoices, or not active, are passed over.
        renderer: makes the content: `render.text`, `render.page`, or a function of the host.
        media_type: what the content is, like ``text/plain`` or ``application/pdf``.
        run_id: only drafts of this run; None for all.
        ids: only drafts of these ids, in this order, instead of those of a run; one that is no draft
            any more is a problem.
        condition: draft → whether it is wanted; None for all.
        locale: how numbers and dates are written, and in which language; None takes the account's,
            then the template's, then ``en``.
        extension: how names end; by default by the media type.
        keep: how many problems are listed.

    Raises:
        InvalidInputError: *store* is none; no target is active and for drafts; targets share a name;
            both *run_id* and *ids* are given; renderer, condition, media type or extension are none.
    """
    read = Boundary("render_drafts")
    if not callable(getattr(store, "drafts", None)):
        raise read.refuse("store", store, "no store", "give the store that has the drafts")
    if ids is not None and (run_id is not None or isinstance(ids, str)):
        fix = "give a run, or a list of ids like report.drafts.ids"
        raise read.refuse("ids", ids, "no ids of drafts beside a run, and no single text", fix)
    if condition is not None:
        _check_function(read, "condition", condition, "give a function of a draft")
    making = _Making.of(read, targets, renderer, media_type, locale, extension, is_draft=True)
    found = store.drafts(run_id) if ids is None else _live(read, store, ids)
    report = making.report(read.count("keep", keep))
    for each in found:
        if isinstance(each, Problem):
            report.documents += 1
            report.note_problem(each)
        elif condition is None or condition(each):
            making.make(each, report)
    return report


def render_invoices(
    invoices: Iterable[Invoice],
    targets: Iterable[DocumentTarget],
    renderer: Renderer,
    *,
    media_type: str,
    locale: str | None = None,
    extension: str = "",
    keep: int = KEEP,
) -> DocumentReport:
    """Make documents of invoices, and hand them to the active targets that are not for drafts.

    An invoice that is kept already stays as it is, so the call can be repeated.

    Args:
        invoices: what was issued; read one after the other.
        targets: as in `render_drafts`; those that are for drafts, or not active, are passed over.
        renderer: as in `render_drafts`.
        media_type: as in `render_drafts`.
        locale: as in `render_drafts`.
        extension: as in `render_drafts`.
        keep: how many problems are listed.

    Raises:
        InvalidInputError: no target is active and for invoices; targets share a name; renderer, media
            type or extension are none; one of the *invoices* is none, as a draft is.
    """
    read = Boundary("render_invoices")
    _check_several(read, "invoices", invoices, "use store.invoices(), or a list: [invoice]")
    making = _Making.of(read, targets, renderer, media_type, locale, extension, is_draft=False)
    report = making.report(read.count("keep", keep))
    for each in invoices:
        making.make(read.instance("invoices", each, Invoice), report)
    return report


@frozen
class _Making:
    """How documents are made, and for whom."""

    targets: dict[str, DocumentTarget]
    renderer: Renderer
    media_type: str
    extension: str
    locale: str | None
    locale_data: str

    @classmethod
    def of(
        cls,
        read: Boundary,
        targets: Iterable[DocumentTarget],
        renderer: Renderer,
        media_type: str,
        locale: str | None,
        extension: str,
        *,
        is_draft: bool,
    ) -> _Making:
        """Check what a call asks for, before anything is made."""
        _check_several(read, "targets", targets, "use a list: [target]")
        fix = "give render.text, render.page, or a function of a document and a locale"
        _check_function(read, "renderer", renderer, fix)
        if not extension and media_type not in EXTENSIONS:
            fix = f"say how names end: extension=...; known without: {', '.join(EXTENSIONS)}"
            raise read.refuse("media_type", media_type, "no known media type", fix)
        ending = read.read("extension", extension or EXTENSIONS[media_type], read_extension)
        chosen = _chosen(read, targets, is_draft=is_draft)
        return cls(chosen, renderer, media_type, ending, locale, locale_data())

    def report(self, keep: int) -> DocumentReport:
        """Begin a report, in which each target has kept nothing."""
        return DocumentReport(keep, kept={name: Kept() for name in self.targets})

    def make(self, document: DraftInvoice | Invoice, report: DocumentReport) -> None:
        """Make a document once, and hand it to every target."""
        report.documents += 1
        try:
            made = self.rendered(document)
        except BillingError as error:
            report.note_problem(_problem(document, error))
            return
        for name, target in self.targets.items():
            try:
                _keep(target, made)
            except BillingError as error:
                report.note_problem(_problem(document, error), name)
            else:
                report.kept[name].note(made.document, made.name)

    def rendered(self, document: DraftInvoice | Invoice) -> RenderedDocument:
        """Make a document.

        Raises:
            BillingError: it cannot be made.
        """
        is_draft = isinstance(document, DraftInvoice)
        draft = document if isinstance(document, DraftInvoice) else document.draft
        locale = self.locale or draft.account.locale or draft.template.locale or "en"
        return RenderedDocument(
            document_name(document, self.extension),
            self.content(document, locale),
            media_type=self.media_type,
            document=document_id(document),
            language=locale.replace("_", "-"),
            is_draft=is_draft,
            version=draft.version if is_draft else 0,
            locale_data=self.locale_data,
        )

    def content(self, document: DraftInvoice | Invoice, locale: str) -> str | bytes:
        """Ask the renderer."""
        try:
            return self.renderer(document, locale)
        except BillingError:
            raise
        except Exception as error:
            raise failed_port(error, "Renderer") from error


def _check_several(read: Boundary, field: str, given: object, fix: str) -> None:
    """Refuse one where several are asked for."""
    if not isinstance(given, Iterable):
        raise read.refuse(field, given, "no list", fix)


def _check_function(read: Boundary, field: str, given: object, fix: str) -> None:
    """Refuse before the first document what would fail for each of them."""
    if not callable(given):
        raise read.refuse(field, given, "not a function", fix)


def _live(read: Boundary, store: Store, ids: Iterable[str]) -> Iterator[DraftInvoice | Problem]:
    """Read drafts; one that is none any more is a problem."""
    for each in ids:
        draft_id = read.text("ids", each)
        try:
            yield store.draft(draft_id)
        except BillingError as error:
            yield Problem.of(error, account="", record=draft_id)


def _chosen(
    read: Boundary, targets: Iterable[DocumentTarget], *, is_draft: bool
) -> dict[str, DocumentTarget]:
    """Give the active targets for drafts, or those for invoices, by their names."""
    known: dict[str, DocumentTarget] = {}
    chosen: dict[str, DocumentTarget] = {}
    for each in targets:
        name, is_wanted = _read_target(each, is_draft=is_draft)
        if name in known:
            raise read.refuse("targets", name, "two targets share this name", "rename one")
        known[name] = each
        if is_wanted:
            chosen[name] = each
    if not chosen:
        kind = "drafts" if is_draft else "invoices"
        rule = f"none is active and for {kind} (there are: {', '.join(known) or 'none'})"
        fix = f"add a target with is_active=True and is_for_drafts={is_draft}"
        raise InvalidInputError(rule, record=read.record, field="targets", fix=fix)
    return chosen


def _read_target(target: DocumentTarget, *, is_draft: bool) -> tuple[str, bool]:
    """Read the name of a target, and whether it is wanted."""
    name = Boundary(f"DocumentTarget {show(target)}").id("name", getattr(target, "name", None))
    read = Boundary("DocumentTarget", name)
    is_active = read.flag("is_active", target.is_active)
    return name, is_active and read.flag("is_for_drafts", target.is_for_drafts) is is_draft


def _keep(target: DocumentTarget, document: RenderedDocument) -> None:
    try:
        target.keep(document)
    except BillingError:
        raise
    except Exception as error:
        raise failed_port(error, "DocumentTarget") from error


def _problem(document: DraftInvoice | Invoice, error: BillingError) -> Problem:
    draft = document if isinstance(document, DraftInvoice) else document.draft
    found = Problem.of(error, account=draft.account.id, record=document_id(document))
    return found if found.advice else attrs.evolve(found, advice=_MEND)

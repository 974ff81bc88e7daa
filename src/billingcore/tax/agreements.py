"""What a run has to know of an agreement to make one of its documents (behaviour 5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from billingcore.grouping import Key
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.chain import NO_CHAIN, Chain
from billingcore.invoices.chain_rules import chain_of, check_advance, check_chain
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.invoices.kinds import KINDS
from billingcore.lines.line import OpenLine
from billingcore.lines.origin import Root
from billingcore.records.chain_document import ChainDocument
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.tax.chain import invoiced_before, with_deductions
from billingcore.values.calendar import ONE_DAY

__all__ = ["ALONE", "Place", "finals_last", "kind_of", "place_of", "takes_coupons"]

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class


class Place(NamedTuple):
    """What a document is, and where it stands among those of its agreement.

    Attributes:
        kind: what it is.
        chain: key, and what its taxes count up from.
        documents: all that the agreement has.
    """

    kind: InvoiceKind
    chain: Chain
    documents: Sequence[ChainDocument]

    def deducted(self, draft: DraftInvoice) -> DraftInvoice:
        """Give a draft with its deductions, if it is a final.

        Raises:
            InvalidInputError: it is an advance below 0.
        """
        check_advance(self.kind, draft.totals.gross, record=f"Draft {draft.id!r}")
        is_final = self.kind is InvoiceKind.FINAL
        return with_deductions(draft, self.documents) if is_final else draft


ALONE: Final = Place(InvoiceKind.STANDARD, NO_CHAIN, ())
"""The place of an invoice that belongs to no agreement."""


def kind_of(lines: Sequence[OpenLine]) -> InvoiceKind:
    """Give what the document of lines is; lines of different kinds never share one."""
    root = _root_of(lines)
    return STANDARD if root is None else root.kind


def _root_of(lines: Sequence[OpenLine]) -> Root | None:
    origin = lines[0].origin
    return None if origin is None else origin.root


def finals_last(groups: dict[Key, list[OpenLine]]) -> Iterable[tuple[Key, list[OpenLine]]]:
    """Give groups of lines with those of finals behind what they may deduct, else in order."""
    if all(kind_of(lines) is STANDARD for lines in groups.values()):
        return groups.items()
    return sorted(groups.items(), key=lambda group: kind_of(group[1]) is InvoiceKind.FINAL)


def takes_coupons(kind: InvoiceKind) -> bool:
    """Tell whether coupons are used for a document: not for a deposit, or where nothing is due."""
    return KINDS[kind].asks_for_payment and kind is not InvoiceKind.DEPOSIT


def place_of(
    assembly: Assembly,
    lines: Sequence[OpenLine],
    key: Key,
    ordinal: int,
    made: Iterable[DraftInvoice],
) -> Place:
    """Find the place of a document among those of its agreement.

    Args:
        assembly: the run and the account.
        lines: of the document.
        key: its group.
        ordinal: which one of its group it is.
        made: the documents that the run has made already.

    Raises:
        FinalExistsError: there is a final already.
        SubsInDraftError: a final would deduct documents that are drafts.
        SubsNotBookedError: a final would deduct documents that are not booked yet.
    """
    root = _root_of(lines)
    if root is None or root.kind is STANDARD:
        return ALONE
    if not root.key:
        return Place(root.kind, NO_CHAIN, ())
    run, account, first = assembly.run, assembly.snapshot.account, lines[0]
    made_now = [_described(each, assembly) for each in made if each.chain.key]
    numbers = {each.number for each in made_now}
    known = (each for each in assembly.snapshot.chain if each.number not in numbers)
    seller = first.heading.entity
    entity = "" if seller is None else seller.name
    documents = chain_of((*known, *made_now), root.key, first.currency, entity)
    record, own = f"{root.record.type} {root.record.id!r}", draft_id(run.id, account, key, ordinal)
    check_chain(root.kind, root.key, documents, record=record, own=own)
    is_sub = KINDS[root.kind].is_sub
    before = invoiced_before(documents, run.policy, own) if is_sub else ()
    return Place(root.kind, Chain(root.key, before), documents)


def _described(draft: DraftInvoice, assembly: Assembly) -> ChainDocument:
    """Describe a draft of this run, as far as it can be in the way of another document."""
    return ChainDocument(
        draft.id,
        kind=draft.kind,
        key=draft.chain.key,
        date=draft.invoice_date or assembly.run.period.bounds[1] - ONE_DAY,
        currency=draft.currency,
        invoiced=(),
        entity="" if draft.seller is None else draft.seller.name,
        is_draft=True,
    )

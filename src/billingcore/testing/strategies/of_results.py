"""Draw what comparisons and targets of documents give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

from billingcore.errors import PortError
from billingcore.invoices.document import Invoice
from billingcore.render.document_report import DocumentProblem, DocumentReport
from billingcore.render.documents import render_invoices
from billingcore.render.rendered import RenderedDocument
from billingcore.render.text import text
from billingcore.testing.strategies.of_worlds import World, of_world, one_of_world
from billingcore.views.comparing.compare import compare, compare_accounts
from billingcore.views.comparing.differences import (
    AccountComparison,
    Amounts,
    Impact,
    LineComparison,
    TotalComparison,
)
from billingcore.views.comparing.summary import Comparison

__all__ = ["CLASSES_OF_RESULTS"]


class _Tray:
    """A target that keeps invoices in memory, or refuses them all."""

    is_active = True
    is_for_drafts = False

    def __init__(self, *, is_full: bool) -> None:
        self.name = "full tray" if is_full else "tray"
        self.is_full = is_full
        self.kept: list[RenderedDocument] = []

    def keep(self, document: RenderedDocument) -> None:
        if self.is_full:
            raise PortError("there is no room left", port="DocumentTarget", is_retryable=True)
        self.kept.append(document)


def _rendered(invoices: Sequence[Invoice]) -> tuple[DocumentReport, _Tray]:
    trays = [_Tray(is_full=False), _Tray(is_full=True)]
    return render_invoices(invoices, trays, text, media_type="text/plain"), trays[0]


def _issued(world: World) -> AccountComparison:
    """Compare nothing with all that was issued."""
    (found,) = compare_accounts([], world.invoices)
    return found


CLASSES_OF_RESULTS: Final[dict[type, st.SearchStrategy[Any]]] = {
    AccountComparison: of_world(_issued),
    Amounts: one_of_world(lambda world: [each.difference for each in _issued(world).lines]),
    Comparison: of_world(lambda world: compare(world.invoices, [])),
    DocumentProblem: one_of_world(lambda world: _rendered(world.invoices)[0].problems),
    DocumentReport: of_world(lambda world: _rendered(world.invoices)[0]),
    Impact: one_of_world(
        lambda world: [impact for line in _issued(world).lines for impact in line.impacts]
    ),
    LineComparison: one_of_world(lambda world: _issued(world).lines),
    RenderedDocument: one_of_world(lambda world: _rendered(world.invoices)[1].kept),
    TotalComparison: one_of_world(lambda world: _issued(world).totals.values()),
}

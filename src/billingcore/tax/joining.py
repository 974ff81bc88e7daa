"""Lines of records and usage join the draft that the same run made before (behaviour 1.3, 1.4).

A line that bills the same as one of the draft takes its place: it is that line with what was found
since. The order discounts of subscriptions are shared anew among all lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from billingcore.grouping import Key
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.invoices.reopening import open_lines, share_anew
from billingcore.lines.line import OpenLine, is_fee

__all__ = ["draft_to_join", "joined_lines"]


def draft_to_join(assembly: Assembly, key: Key, lines: Sequence[OpenLine]) -> DraftInvoice | None:
    """Give the live draft of the same run and group; None if the lines need one of their own.

    Only lines of records and usage look for one, and not if their record has a document of its own.
    A run of chosen records leaves drafts as they are.
    """
    drafts = assembly.snapshot.drafts
    if not drafts or assembly.run.only is not None or not any(line.origin for line in lines):
        return None
    if any(line.origin and line.origin.is_single for line in lines):
        return None
    taken, run_id = assembly.snapshot.documents, assembly.run.id
    ordinal = 1
    while (name := draft_id(run_id, assembly.snapshot.account, key, ordinal)) in taken:
        if name in drafts:
            return drafts[name]
        ordinal += 1
    return None


def joined_lines(draft: DraftInvoice, lines: Sequence[OpenLine]) -> list[OpenLine]:
    """Give the lines of a draft with further ones; runs inside `exactly`.

    They are without the discount on the document, since not all of them may be on it.
    """
    new = {line.billing_key: line for line in lines}
    joined = [new.pop(line.billing_key, line) for line in open_lines(draft)]
    joined += new.values()
    joined.sort(key=is_fee)
    share_anew(joined, None, draft.policy)
    return joined

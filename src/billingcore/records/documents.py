"""Which files of records are linked to an invoice (behaviour 9)."""

from __future__ import annotations

from collections.abc import Iterable

from billingcore.records.source import SourceDocument

__all__ = ["linked_documents"]


def linked_documents(groups: Iterable[Iterable[SourceDocument]]) -> tuple[SourceDocument, ...]:
    """Collect the files that are linked, each once, in the order in which they are found.

    The latest version of a file decides, also whether it is linked.

    >>> old = SourceDocument("D-1", title="Sheet", link=True)
    >>> new = SourceDocument("D-1", title="Sheet, signed", link=True, version=2)
    >>> [each.title for each in linked_documents([[old], [new], [old]])]
    ['Sheet, signed']

    Args:
        groups: the files of each record behind the lines of one invoice, and of their parents.
    """
    latest: dict[str, SourceDocument] = {}
    for group in groups:
        for each in group:
            known = latest.setdefault(each.id, each)
            if each.version > known.version:
                latest[each.id] = each
    return tuple(each for each in latest.values() if each.link)

"""Short words for cases about runs."""

from __future__ import annotations

from collections.abc import Iterator

import billingcore as bc


def months(year: int = 2026, count: int = 12) -> list[bc.Period]:
    """Give the months of a year in their order."""
    return [bc.Period.month(year, month) for month in range(1, count + 1)]


def billed(store: bc.MemoryStore) -> list[str]:
    """Give the days of service of all drafts and invoices, in their order."""
    return sorted(str(line.service_period) for line in _lines(store))


def _lines(store: bc.MemoryStore) -> Iterator[bc.LineItem]:
    for document in (*store.drafts(), *store.invoices()):
        yield from document.lines

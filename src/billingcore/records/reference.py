"""References: what is known of a record before it is read."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from billingcore.values.keys import escape

__all__ = ["Reference"]


class Reference(NamedTuple):
    """What a source says of something that may be billed, without reading it.

    A run first passes over references: it counts them and leaves out what it does not want, so
    that their accounts need not be read. What a source does not know is None; such a reference
    is taken, and the engine decides when the record is read.

    >>> Reference("acme", "S-1/seats", currency="EUR", entity="north").grouping_key
    'acme/EUR/north'

    Attributes:
        account: id of the account.
        record: what may be billed, like ``S-1/seats`` or ``Order/O-1``; empty for the account as a
            whole.
        currency: of its documents, by ISO 4217.
        entity: name of the business entity that sells; empty for none.
        frequency: how often it is billed, like ``1m``, ``3m`` or ``7d``; empty for once.
        batch: of the account.
        next_billing: the first day on which a run that ends on it bills something of it.
    """

    account: str
    record: str = ""
    currency: str | None = None
    entity: str | None = None
    frequency: str | None = None
    batch: str | None = None
    next_billing: dt.date | None = None

    @property
    def grouping_key(self) -> str:
        """What the records of one invoice have in common, as far as references tell."""
        parts = (self.account, self.currency or "", self.entity or "")
        return "/".join(escape(part) for part in parts).rstrip("/")

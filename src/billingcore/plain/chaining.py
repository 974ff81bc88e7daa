"""Tamper evidence: documents of one number series, chained by their hashes."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

__all__ = ["chain_hash"]

_PREFIX: Final = "billingcore/1"
"""Names what is hashed, and how; another way would have another prefix."""


def chain_hash(previous: str, text: str) -> str:
    """Give the hash of a document that follows another one of its series.

    A store keeps it beside each document, as canonical text. If a stored text is altered later,
    its hash does not fit any more, nor does that of any document after it, so the first one that
    does not fit is the one that was altered.

    It is no signature: who can write to the store can work out all hashes anew. Keep the latest
    hash somewhere else from time to time, with an auditor for instance, to notice that, too.

    >>> first = chain_hash("", '{"number":"2026-00001"}')
    >>> second = chain_hash(first, '{"number":"2026-00002"}')
    >>> first[:12], second[:12]
    ('33fd8798d4d4', 'b3917358d417')

    Args:
        previous: the hash of the document before; empty for the first of a series.
        text: the document, as `to_json` writes it.

    Returns:
        SHA-256 of prefix, previous hash and text, each on a line of its own, in hexadecimal digits.
    """
    return sha256(f"{_PREFIX}\n{previous}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()

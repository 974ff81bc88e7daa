"""The hash chain of documents."""

from __future__ import annotations

import hashlib

import billingcore as bc


def test_the_hash_is_that_of_three_lines():
    """The hash is SHA-256 of a prefix with a version, the previous hash and the text, on lines."""
    expected = hashlib.sha256(b'billingcore/1\nabc\n{"schema":1}').hexdigest()

    assert bc.chain_hash("abc", '{"schema":1}') == expected


def test_an_altered_document_changes_all_later_hashes():
    """Another amount in one document gives it, and each document after it, another hash."""

    def chained(texts):
        hashes = [""]
        for text in texts:
            hashes.append(bc.chain_hash(hashes[-1], text))
        return hashes[1:]

    honest, altered = chained(["a", "10.50", "c"]), chained(["a", "10.5", "c"])

    assert [one == two for one, two in zip(honest, altered, strict=True)] == [True, False, False]


def test_any_text_can_be_hashed():
    """A text with a lone surrogate, which no encoding has, is hashed too."""
    assert len(bc.chain_hash("", "\ud800")) == 64

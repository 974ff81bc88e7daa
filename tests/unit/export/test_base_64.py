"""Bytes as letters, for files inside of an invoice."""

from __future__ import annotations

import base64

import pytest

from billingcore.export.texts import in_base_64

# RFC 4648, section 10.
VECTORS = {
    b"": "",
    b"f": "Zg==",
    b"fo": "Zm8=",
    b"foo": "Zm9v",
    b"foob": "Zm9vYg==",
    b"fooba": "Zm9vYmE=",
    b"foobar": "Zm9vYmFy",
}


@pytest.mark.parametrize(("content", "text"), VECTORS.items(), ids=map(repr, VECTORS))
def test_the_examples_of_the_standard(content, text):
    """The test vectors of RFC 4648 come out as they stand there."""
    assert in_base_64(content) == text


@pytest.mark.parametrize("length", [254, 255, 256, 768])
def test_every_byte_is_written(length):
    """All values of a byte, at each place of a group, are read again by another program."""
    content = bytes(each % 256 for each in range(length))

    assert base64.b64decode(in_base_64(content), validate=True) == content

"""Whole documents, as they were read and found right by a person."""

from __future__ import annotations

import re

import pytest

from tests.unit.render.documents import SNAPSHOTS, documents, write, written
from tests.unit.render.pages import Page

NOW = written()


@pytest.mark.parametrize("name", NOW)
def test_a_document_is_written_as_it_was_read(name):
    """Each document has the text and the page that are kept, byte for byte."""
    assert NOW[name].encode() == (SNAPSHOTS / name).read_bytes()


def test_nothing_else_is_kept():
    """Each kept file stands for a document and a language."""
    assert {path.name for path in SNAPSHOTS.iterdir()} == set(NOW)
    assert len(NOW) == 4 * len(documents())


@pytest.mark.parametrize("name", [name for name in NOW if name.endswith("html")])
def test_a_page_is_whole(name):
    """Each page is well-formed, its tables have captions and heads, and it has one heading."""
    page = Page(NOW[name])

    assert page.tables
    assert NOW[name].count("<h1>") == 1
    assert not re.search("<h[2-6]", NOW[name])


def test_the_program_writes_what_is_kept(tmp_path):
    """The program writes the same files into a folder, and takes others away."""
    (tmp_path / "old.txt").write_text("old", "utf-8")
    write(tmp_path)

    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == NOW

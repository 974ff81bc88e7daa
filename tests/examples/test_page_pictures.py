"""The pictures in docs/how-to/draw-pictures.md are what the code of that page draws."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import page_pictures
import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    """Run the page once: file → picture."""
    return page_pictures.page_pictures()


def test_the_files_are_what_is_drawn(drawn):
    """Each file beside the page has exactly the picture that the page's code makes."""
    assert {
        file.name: file.read_text(encoding="utf-8") == picture for file, picture in drawn.items()
    } == {file.name: True for file in drawn}


def test_every_file_is_shown(drawn):
    """No picture lies there that the page does not show."""
    kept = page_pictures.PAGE.parent / "pictures"

    assert {*kept.iterdir()} == {*drawn}


def test_every_kind_is_shown(drawn):
    """The page has each kind of picture at least once, and all are well-formed."""
    kinds = [ET.fromstring(picture).get("class").split()[1] for picture in drawn.values()]  # noqa: S314

    assert {kind.removeprefix("billingcore-") for kind in kinds} == {
        "chain", "coverage", "deferral", "progress", "proration",
    }  # fmt: skip


def test_the_gap_of_the_page(drawn):
    """February is due and nothing else of the rent; the storage is due from 15 April on."""
    told = next(
        ET.fromstring(picture).findtext(f"{SVG}desc")  # noqa: S314
        for file, picture in drawn.items()
        if file.stem == "coverage"
    )

    assert "due 1 Feb 2026 – 28 Feb 2026; next from 1 Feb 2026" in told
    assert "S-1/storage): due 15 Apr 2026 – 30 Jun 2026" in told

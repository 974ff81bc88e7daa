"""Reads pictures as a browser would: their boxes, lines and texts, and what is said of them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "desc", "style", "rect", "line", "text"}
LEGEND = 24  # units of a box in a legend


class Picture:
    """A picture that was read; spaces that hold a number and its unit together are plain ones."""

    def __init__(self, svg):
        self.svg = svg
        self.root = ET.fromstring(re.sub("[\u00a0\u202f]", " ", svg))  # noqa: S314
        assert {each.tag.removeprefix(SVG) for each in self.root.iter()} <= TAGS

    @property
    def title(self):
        """Give its title."""
        return self.root.findtext(f"{SVG}title")

    @property
    def told(self):
        """Give its description."""
        return self.root.findtext(f"{SVG}desc")

    @property
    def texts(self):
        """Give the texts that are drawn, from top to bottom as they were written."""
        return [each.text for each in self.root.iter(f"{SVG}text")]

    @property
    def boxes(self):
        """Give look, start and width of the boxes but for the page."""
        return [
            (each.get("class"), int(each.get("x")), int(each.get("width")))
            for each in self.root.iter(f"{SVG}rect")
            if each.get("class") != "page"
        ]

    @property
    def bars(self):
        """Give the boxes but for those of a legend."""
        return [box for box in self.boxes if box[2] != LEGEND]

    def uprights(self, look):
        """Give the places of upright lines of a look."""
        return [
            int(each.get("x1"))
            for each in self.root.iter(f"{SVG}line")
            if each.get("class") == look
        ]

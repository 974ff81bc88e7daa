"""Reads HTML strictly: what a notebook or a browser shows, and that nothing of it is broken."""

from __future__ import annotations

import re
from html.parser import HTMLParser

EMPTY = {"br", "meta"}
TAGS = {
    "article", "body", "br", "caption", "circle", "dd", "desc", "div", "dl", "dt", "g", "h1",
    "head", "html", "line", "meta", "p", "path", "polyline", "rect", "span", "strong", "style",
    "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "title", "tr", "tspan",
}  # fmt: skip
EVIL = "<script>x</script> \" ' ]]> & \u202e\u2066 \x00\x1b[2J\x9b \ud800 \u2028</td></table>"
"""Text that nobody wishes to see in a page."""


class Page(HTMLParser):
    """A page: its elements must be closed in order, and its tables must say what they are.

    Attributes:
        texts: what can be read, style sheets left out.
        tables: of each table, the elements in it.
    """

    def __init__(self, text):
        super().__init__()
        self.texts, self.tables, self.open = [], [], []
        text.encode("utf-8")
        self.feed(text)
        self.close()
        assert self.open == []
        for elements in self.tables:
            assert elements[0] == ("caption", None)
            assert any(scope in ("row", "col") for tag, scope in elements if tag == "th")
            assert all(scope in ("row", "col") for tag, scope in elements if tag == "th")

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert all(not name.startswith("on") and name != "src" for name, _ in attrs)
        if tag == "table":
            self.tables.append([])
        elif "table" in self.open:
            self.tables[-1].append((tag, dict(attrs).get("scope")))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert "svg" in self.open
        assert tag in TAGS

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    def unknown_decl(self, data):
        raise AssertionError(data)

    @property
    def text(self):
        """All that can be read."""
        return " ".join(" ".join(self.texts).split())


def rows(value):
    """Give the rows of tables as texts, cells divided by bars."""
    drawn = value._repr_html_()
    Page(drawn)
    cells = re.findall("<tr>.*?</tr>", drawn)
    return [
        "|".join(re.sub("<.*?>", "", cell) for cell in re.findall("<t[hd].*?</t[hd]>", row))
        for row in cells
    ]


def captions(value):
    """Give the captions of tables."""
    return re.findall("<caption.*?>(.*?)</caption>", value._repr_html_())

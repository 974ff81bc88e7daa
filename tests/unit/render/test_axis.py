"""Days from left to right, with ticks at months or years."""

from __future__ import annotations

from datetime import date

import pytest

from billingcore.render.axis import Axis
from billingcore.render.canvas import Canvas
from billingcore.render.formats import Formats
from billingcore.values.context import exactly
from tests.unit.render.pictures import Picture


def days(text):
    """Read days like 2026-01-05/2026-01-09, half-open."""
    start, stop = map(date.fromisoformat, text.split("/"))
    return start, stop


def ticks(text):
    """Give the ticks of some days as year and month."""
    return [f"{day:%Y-%m}".lstrip("0") for day in Axis.around([days(text)]).ticks()]


@pytest.mark.parametrize(
    ("given", "start", "stop"),
    [
        ("2026-06-10/2026-06-11", "2026-06-01", "2026-07-01"),
        ("2026-06-01/2026-07-01", "2026-06-01", "2026-07-01"),
        ("2024-02-29/2024-03-02", "2024-02-01", "2024-04-01"),
        ("9999-12-05/9999-12-31", "9999-12-01", "9999-12-31"),
        ("0001-01-01/0001-01-02", "0001-01-01", "0001-02-01"),
    ],
    ids=["a day", "a month", "two months", "the last days", "the first day"],
)
def test_whole_months_are_drawn(given, start, stop):
    """The axis begins and ends with a month, or with the calendar."""
    axis = Axis.around([days(given)])

    assert (axis.start.isoformat(), axis.stop.isoformat()) == (start, stop)


def test_places_of_days():
    """June has 30 days and 640 units: its 16th is in the middle."""
    axis = Axis.around([days("2026-06-10/2026-06-11")])

    assert axis.span(days("2026-06-01/2026-06-16")) == (10, 330)
    assert axis.at(date(2026, 7, 1)) == 650


@pytest.mark.parametrize(
    ("given", "places"),
    [("2000-01-01/2000-01-02", (10, 12)), ("4999-12-31/5000-01-01", (648, 650))],
    ids=["first", "last"],
)
def test_a_day_among_thousands_of_years(given, places):
    """Days that are less than a unit are drawn as two, inside of the picture."""
    axis = Axis.around([days("2000-01-01/5000-01-01")])

    assert axis.span(days(given)) == places


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-06-10/2026-06-11", ["2026-06"]),
        ("9999-12-05/9999-12-31", ["9999-12"]),
        ("2026-01-01/2026-04-01", ["2026-01", "2026-02", "2026-03"]),
        ("2024-12-01/2026-01-01", [f"2025-{month:02}" for month in range(1, 13, 2)]),
        ("2024-02-01/2027-01-01", [f"{y}-{m:02}" for y in (2024, 2025, 2026) for m in (1, 4, 7, 10)][1:]),
        ("2020-01-01/2032-01-01", [f"{year}-01" for year in range(2020, 2032)]),
        ("0001-01-01/9999-12-31", [f"{year}-01" for year in range(1000, 10000, 1000)]),
    ],
    ids=["month", "last month", "quarter", "13 months", "3 years", "12 years", "the calendar"],
)  # fmt: skip
def test_ticks(given, expected):
    """There are at most 12 ticks; their distance is a round number of months or years."""
    assert ticks(given) == expected


def test_names_of_months_and_years():
    """A month has its name, and the first of each year its year below."""
    canvas = Canvas("test", "de")
    with exactly():
        Axis.around([days("2025-11-03/2026-03-01")]).draw(canvas, Formats("de_DE"), 0)

    assert Picture(canvas.svg("", [])).texts == ["Nov", "2025", "Dez", "Jan", "2026", "Feb"]


def test_years_alone():
    """Where ticks are years, there is one line; a name without room at the right is left out."""
    canvas = Canvas("test", "de")
    with exactly():
        Axis.around([days("2023-01-01/2034-02-01")]).draw(canvas, Formats("de_DE"), 0)
    picture = Picture(canvas.svg("", []))

    assert picture.texts == [str(year) for year in range(2023, 2034)]
    assert len(picture.uprights("grid")) == 13
    assert canvas.top == 24

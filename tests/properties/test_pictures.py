"""Laws of pictures: whatever is drawn lies within its frame, and says what was drawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.scope.coverage import coverage_of
from billingcore.testing import strategies
from tests.unit.render.pictures import Picture

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CADENCES = st.builds(
    bc.Cadence, st.integers(1, 4), st.sampled_from([unit for unit in bc.Unit if unit.name != "WEEK"]), DAYS
)  # fmt: skip


def check(svg):
    """Check that all of a picture lies within its frame, and give it."""
    picture = Picture(svg)
    high = int(picture.root.get("height"))
    for each in picture.root:
        place = {
            name: int(each.get(name)) for name in ("x", "y", "width", "height") if each.get(name)
        }
        assert 0 <= place.get("x", 0) <= place.get("x", 0) + place.get("width", 0) <= 660
        assert 0 <= place.get("y", 0) + place.get("height", 0) <= high
    return picture


def drawn(draw, *arguments, **options):
    """Draw and check a picture; None if it is refused, as what has no days is."""
    try:
        svg = draw(*arguments, **options)
    except bc.InvalidInputError:
        return None
    return check(svg)


@st.composite
def parts(draw):
    """Make days of up to three years."""
    start = draw(DAYS)
    return bc.Period(start, date.fromordinal(start.toordinal() + draw(st.integers(1, 1100))))


@given(strategies.snapshots(), DAYS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_account(snapshot, until):
    """An account can be drawn up to any day; each billable has its row."""
    picture = drawn(bc.render.coverage_svg, snapshot, until=until)

    if picture is not None:
        assert picture.title.startswith("Abgerechnete Zeit von ")


@given(strategies.drafts())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_document(draft):
    """Each line of a document has a bar, and those with a billing period have a picture."""
    picture = check(bc.render.coverage_svg(draft))

    assert len(picture.bars) == min(len(draft.visible_lines), 40)
    for line in draft.visible_lines:
        check(bc.render.deferral_svg(line, rule="Days"))
        drawn(bc.render.proration_svg, line)


@given(parts(), CADENCES, st.sampled_from([*bc.proration.CONVENTIONS.values()]))
def test_any_part(part, cadence, convention):
    """The billed days of a picture are those of the part, and its factor is the convention's."""
    picture = check(bc.render.proration_svg(part, cadence, convention, "en"))
    first = cadence.period_of(part.start).start.toordinal()
    last = cadence.period_of(part.last).stop.toordinal()
    (_, left, width), *_ = [box for box in picture.boxes if box[0] == "full"]
    scale = Decimal(last - first) / 640

    assert abs((left - 10) * scale - (part.start.toordinal() - first)) <= scale
    assert abs(width * scale - part.days) <= 2 * scale
    assert picture.title.endswith(f"billing factor {convention.factor(part, cadence)}")


@given(st.lists(strategies.claims(), min_size=1, max_size=12))
def test_any_claims(claims):
    """What is covered for good, and what is on drafts, is told; the picture has a row for each."""
    picture = drawn(bc.render.coverage_svg, claims, "en")
    billables = coverage_of(claims)

    if picture is not None:
        assert all(f"{name}: " in picture.told for name in billables)


@given(
    st.integers(-(10**9), 10**9),
    parts(),
    st.sampled_from(bc.Recognition),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_any_deferral(amount, period, rule, currency):
    """The shares of a picture cover the whole breadth once, from one end to the other."""
    months = bc.recognize(amount, period, rule, currency=currency)
    shares = [box for box in check(bc.render.deferral_svg(months, currency=currency)).boxes if box[0] != "bar"]  # fmt: skip

    assert sum(width for _, _, width in shares) == (640 if amount else 0)


def test_the_checks_find_what_is_outside():
    """A box that leaves the frame is found: the law is none that always holds."""
    svg = check(bc.render.deferral_svg([(date(2026, 1, 1), 1)], currency="EUR")).svg
    for broken in (svg.replace('width="640"', 'width="651"'), svg.replace('x="10"', 'x="-1"')):
        try:
            check(broken)
        except AssertionError:
            continue
        raise AssertionError(broken)

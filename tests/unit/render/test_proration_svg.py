"""The picture of a proration: billing periods in days, and how conventions count them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.periods.derivation import Derivation, Term
from billingcore.periods.proration import Proration
from tests.unit.render.pictures import Picture

JUNE = bc.monthly(anchor="2026-06-01")
SECOND_HALF = bc.Period.closed("2026-06-16", "2026-06-30")
WORKED = bc.Period.closed("2025-02-10", "2025-03-31")
ACME = bc.Account("acme", currency="EUR")


class Halves:
    """A convention of a host that cannot say how it counts."""

    name = "HALVES"

    def factor(self, part, cadence):
        """Count everything as a half."""
        return Fraction(1, 2)


def spelled(*terms):
    """Make a convention that describes its factor with given terms, all of the same days."""
    value = sum((Fraction(*term) for term in terms), Fraction(0))
    return Proration(
        name="SPELLED",
        formula="",
        source="",
        remark="",
        measure=lambda _part, _cadence: value,
        conserves=lambda _: False,
        describe=lambda part, _cadence, _factor: Derivation(
            tuple(Term(*term, "", part) for term in terms)
        ),
    )


def drawn(value, *arguments, locale="en_GB", **options):
    """Draw and read a picture."""
    return Picture(bc.render.proration_svg(value, *arguments, locale=locale, **options))


def line(policy=bc.LEVEL, period=WORKED, start=None, **fields):
    """Make the line of an item under a contract, or without one."""
    own = {"unit_price": 100, "billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()}
    item = bc.Item("seats", **own | fields)
    if start is None:
        return bc.draft(ACME, [item], period=period).lines[0]
    contract = bc.Subscription("S-1", account="acme", start=start, items=[item])
    snapshot = bc.AccountSnapshot(ACME, [contract])
    return (
        bc.bill(bc.InvoiceRun(period, policy=policy), snapshot, bc.TaxTable({})).drafts[0].lines[0]
    )


def test_half_of_a_month():
    """June has 640 units for 30 days: the 15 last ones are 320, and their bar leaves 2 to the next."""
    picture = drawn(SECOND_HALF, JUNE, bc.proration.ACTUAL_DAYS)

    assert picture.boxes == [("bar", 10, 640), ("full", 330, 320), ("left", 330, 318)]
    assert len(picture.uprights("day")) == 29
    assert picture.texts == [
        "16 Jun 2026 – 30 Jun 2026: billing factor 1/2",
        "Billing period: 1 month",
        "15 of 30 days",
        "30 Jun 2026",
        "1 Jun 2026",
        "ACTUAL_DAYS",
        "15/30 = 1/2",
        "15/30",
    ]


def test_what_a_screen_reader_says():
    """The description names the billing periods, and each term with its days."""
    picture = drawn(WORKED, bc.monthly(), bc.proration.CALENDAR_MONTHS)

    assert picture.title == "10 Feb 2025 – 31 Mar 2025: billing factor 47/28"
    assert picture.told == (
        "Billing period: 1 month, 50 of 59 days:"
        " 10 Feb 2025 – 9 Mar 2025, 10 Mar 2025 – 9 Apr 2025."
        " CALENDAR_MONTHS: 19/28 + 1 = 47/28: 19/28 (10 Feb 2025 – 28 Feb 2025),"
        " 1 (1 Mar 2025 – 31 Mar 2025)"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NONE", "2"),
        ("CALENDAR_MONTHS", "19/28 + 1 = 47/28"),
        ("AVERAGE_MONTHS", "1 + 264/365 = 629/365"),
        ("ACTUAL_DAYS", "1 + 22/31 = 53/31"),
        ("ACT_365", "600/365 = 120/73"),
        ("ACT_360", "600/360 = 5/3"),
        ("THIRTY_360_US", "2 − 9/30 = 17/10"),
        ("THIRTY_E_360", "2 − 9/30 = 17/10"),
        ("STRICT_30", "2 − 9/30 = 17/10"),
        ("MONTH_FRACTIONS", "19/28 + 1 = 47/28"),
    ],
)
def test_worked_examples(name, text):
    """Every convention shows the sum that the page on proration works out for it."""
    texts = drawn(WORKED, bc.monthly()).texts

    assert texts[texts.index(name) + 1] == text


def test_conventions_side_by_side():
    """Those that are asked for are drawn below each other, in their order."""
    chosen = [bc.proration.ACT_360, bc.proration.NONE]
    picture = drawn(SECOND_HALF, JUNE, chosen)

    assert picture.title == "16 Jun 2026 – 30 Jun 2026: billing factors by 2 conventions"
    assert [text for text in picture.texts if text.isupper()] == ["ACT_360", "NONE"]
    assert picture.boxes[2:] == [("left", 330, 318)] * 2


def test_all_that_can_measure_weeks():
    """Without a choice all are drawn that can measure the cadence: four can measure weeks."""
    picture = drawn(bc.Period.closed("2026-02-03", "2026-02-10"), bc.weekly())

    assert picture.title.endswith("billing factors by 4 conventions")
    assert "8/7" in picture.texts
    assert "Billing period: 1 week" in picture.texts


def test_a_scale():
    """Months are turned into quarters: a day of February, March, and a day of April."""
    part = bc.Period.closed("2024-02-29", "2024-04-01")
    picture = drawn(
        part, bc.quarterly(anchor="2024-01-01"), bc.proration.MONTH_FRACTIONS, locale="de_DE"
    )

    # 1/29 + 1 + 1/30 = 929/870, and a third of it is 929/2610.
    assert "(1/29 + 1 + 1/30) × 1/3 = 929/2610" in picture.texts
    assert "Abrechnungszeitraum: 1 Quartal" in picture.texts


def test_a_convention_of_the_host():
    """One that cannot say how it counts has its factor as the only term."""
    assert drawn(SECOND_HALF, JUNE, Halves()).texts[-2:] == ["1/2", "1/2"]


def test_a_day_has_no_room_for_its_fraction():
    """A fraction that is broader than its days stands in the sum alone: a day is 21 units of June."""
    picture = drawn(bc.Period.day("2026-06-30"), JUNE, bc.proration.ACTUAL_DAYS)

    assert picture.texts[-2:] == ["ACTUAL_DAYS", "1/30"]
    assert picture.boxes[-1] == ("left", 629, 19)


def test_a_leap_day():
    """The 29th day of February 2024 is the last 29th of its month."""
    part = bc.Period.day("2024-02-29")
    texts = drawn(part, bc.monthly(anchor="2024-02-01"), bc.proration.ACTUAL_DAYS).texts

    assert texts[:3] == [
        "29 Feb 2024: billing factor 1/29",
        "Billing period: 1 month",
        "1 of 29 days",
    ]


def test_too_many_terms():
    """A sum of nine terms is written as its value, and the description has eight of their days."""
    nine = drawn(SECOND_HALF, JUNE, spelled(*[(1, 3)] * 9))
    eight = drawn(SECOND_HALF, JUNE, spelled(*[(1, 3)] * 8))

    assert nine.texts[6] == "3"
    assert eight.texts[6] == " + ".join(["1/3"] * 8) + " = 8/3"


def test_a_sum_without_room():
    """A sum that is broader than the picture stands below, in as many lines as it needs."""
    digits = 10**11
    picture = drawn(SECOND_HALF, JUNE, spelled(*[(digits + n, digits) for n in range(6)]))
    _, *below = picture.texts[picture.texts.index("SPELLED") :]

    # 6 and 15 of 10^11, of which 5 can be cut.
    assert below[0] == "100000000000/100000000000 + 100000000001/100000000000 +"
    assert " ".join(below).endswith("100000000005/100000000000 = 120000000003/20000000000")
    assert len(below) == 4


@pytest.mark.parametrize(
    ("days", "boxes"), [(120, 120), (121, 1)], ids=["each has a box", "too many"]
)
def test_many_billing_periods(days, boxes):
    """More than 120 billing periods are drawn as one box."""
    part = bc.Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days))
    looks = [look for look, _, _ in drawn(part, bc.daily(), bc.proration.NONE).boxes]

    assert looks.count("bar") == boxes


def test_days_have_lines_while_there_is_room():
    """160 days of 4 units have lines between them, 161 have none."""
    start = date(2026, 1, 1)
    counts = [
        len(drawn(bc.Period(start, start + timedelta(n)), bc.daily(n), bc.proration.NONE).uprights("day"))
        for n in (160, 161)
    ]  # fmt: skip

    assert counts == [159, 0]


def test_borders_of_billing_periods():
    """A line stands between two billing periods: 28 of 59 days are 304 units."""
    picture = drawn(WORKED, bc.monthly(), bc.proration.NONE)

    assert picture.uprights("border") == [314]


def test_dates_that_have_no_room():
    """The first days of billing periods are named as far as they do not touch.

    365 days are 640 units, and a date with the space behind it takes 108 or 105: the next one has
    room at 118, at 273 and at 383. All have to end before 533, and 1 Sept would begin at 436.
    """
    part = bc.Period.closed("2026-01-01", "2026-12-31")
    texts = drawn(part, bc.monthly(), bc.proration.NONE).texts

    assert texts[3:8] == ["31 Dec 2026", "1 Jan 2026", "1 Apr 2026", "1 Jun 2026", "NONE"]


def test_a_line():
    """A line brings its days, billing periods and convention."""
    picture = drawn(line())

    assert picture.title == "seats, 10 Feb 2025 – 31 Mar 2025: billing factor 47/28"
    assert picture.texts[1:3] == ["Billing period: 1 month", "50 of 59 days"]
    assert picture.texts[6:8] == ["CALENDAR_MONTHS", "19/28 + 1 = 47/28"]


def test_a_line_of_several_billing_periods():
    """Periods that are merged on one line have a part each: 17/31 of January, and two months."""
    merged = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    made = line(merged, bc.Period.month(2026, 3), "2026-01-15", sync_with=bc.NEXT_MONTH)
    picture = drawn(made)

    assert "17/31 + 1 + 1 = 79/31" in picture.texts
    assert len(picture.boxes) == 3 + 3 + 3


def test_a_scaled_line_of_several_billing_periods():
    """Each billing period has its own scale: two quarters counted in months."""
    merged = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    made = line(merged, bc.Period.month(2026, 7), "2026-01-15", cadence=bc.quarterly(), sync_with=bc.NEXT_QUARTER)  # fmt: skip
    picture = drawn(made)

    # 17/31 of January and two months are 79/31 months, 79/93 of a quarter.
    assert "(17/31 + 2) × 1/3 + 1 + 1 = 265/93" in picture.texts


def test_a_line_that_is_split_by_days():
    """A month that is split where a tax rate changes has no rhythm any more, but its month."""
    rates = [bc.TaxRate(19, end="2026-06-15"), bc.TaxRate(16, start="2026-06-16")]
    item = bc.Item(
        "seats", unit_price=100, tax_code="DE", billing_type=bc.RECURRING_PRORATED,
        cadence=bc.monthly(),
    )  # fmt: skip
    contract = bc.Subscription("S-1", account="acme", start="2026-06-01", items=[item])
    policy = bc.LEVEL.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
    run = bc.InvoiceRun(bc.Period.month(2026, 6), policy=policy)
    snapshot = bc.AccountSnapshot(ACME, [contract])
    _, second = bc.bill(run, snapshot, bc.TaxTable({"DE": rates})).drafts[0].lines
    picture = drawn(second)

    assert picture.boxes[:2] == [("bar", 10, 640), ("full", 330, 320)]
    assert picture.title == "seats, 16 Jun 2026 – 30 Jun 2026: billing factor 1/2"


def test_a_line_by_days():
    """A price per day is multiplied by days."""
    picture = drawn(line(cadence=bc.daily(), period=bc.Period.closed("2026-06-01", "2026-06-03")))

    assert picture.texts[1:3] == ["Billing period: 1 day", "3 of 3 days"]
    assert picture.texts[-2:] == ["3", "3"]


def test_a_long_title():
    """The title is cut where it is drawn, and whole where it is read."""
    picture = drawn(line(title="word " * 40 + "end"))

    assert picture.texts[:2] == [
        "word word word word word word …ord word word end, 10 Feb",
        "2025 – 31 Mar 2025: billing factor 47/28",
    ]
    assert picture.title.startswith("word " * 40 + "end, 10 Feb")


def test_german():
    """Words and numbers are German; the convention keeps its name."""
    picture = drawn(WORKED, bc.monthly(3), bc.proration.NONE, locale="de_DE")

    assert picture.texts[0] == "10.02.2025 – 31.03.2025: Abrechnungsfaktor 3"
    assert picture.texts[1:3] == ["Abrechnungszeitraum: 3 Monate", "50 von 89 Tagen"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((line(cadence=None, billing_type=bc.RECURRING),), "it is not priced by billing periods"),
        ((line(), bc.monthly()), "cadence = 'Cadence': a line has its own"),
        ((line(), None, bc.proration.NONE), "conventions = 'Proration': a line has its own"),
        ((SECOND_HALF,), "cadence = None: not a Cadence"),
        ((SECOND_HALF, JUNE, []), "conventions = 0: there is none"),
        ((SECOND_HALF, JUNE, ["ACT_360"]), "conventions = 'ACT_360': no proration convention"),
        ((SECOND_HALF, JUNE, 5), "no proration convention"),
        ((bc.Period("2026-01-01", None), JUNE), "an open end"),
        ((bc.Period("1900-01-01", "2001-01-01"), JUNE), "more than a hundred years"),
        (("2026-06", JUNE), "value = '2026-06': not a Period"),
    ],
    ids=["no period", "a cadence too many", "a convention too many", "no cadence", "none", "a name",
         "a number", "open", "too long", "text"],
)  # fmt: skip
def test_mistakes(arguments, message):
    """What cannot be drawn is refused, with what is wrong and what to do instead."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.render.proration_svg(*arguments)

    assert message in str(caught.value)


def test_months_cannot_measure_weeks():
    """The error of the convention is passed on."""
    with pytest.raises(bc.UnitMismatchError, match="months cannot measure weeks"):
        bc.render.proration_svg(SECOND_HALF, bc.weekly(), bc.proration.STRICT_30)

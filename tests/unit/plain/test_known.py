"""Functions and objects of the host are written by their names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

import pytest

import billingcore as bc
from billingcore.plain.names import Unknown, UnknownZone
from billingcore.testing.canonical import canonical
from tests.plain_values import is_open

BERLIN = ZoneInfo("Europe/Berlin")


class Half:
    """A proration convention of the host."""

    name = "HALF"

    def factor(self, part, cadence):
        """Half of everything."""
        return Fraction(1, 2)

    def chooses(self, record):
        """Choose everything."""
        return True


class Engine:
    """A tax engine of the host, without a name."""

    def taxes(self, questions, purpose):
        """Know nothing."""
        return []


class Rates:
    """Exchange rates of the host."""

    name = "bank"

    def rate(self, base, quote, on):
        """Know nothing."""


HALF = Half()


def round_trip(value, known=()):
    """Write a value with a codec, and read it with another that knows the same."""
    return bc.Codec(known).from_json(bc.Codec(known).to_json(value), object)


def fields_of(**options):
    """Give a field set whose days are those of a zone."""
    return bc.FieldSet(days=bc.ServiceDays(**options))


class TestFunctions:
    """Conditions and formulas."""

    def test_a_function_has_the_name_under_which_it_is_imported(self):
        """A function of a module is written as module and name, without any help."""
        text = bc.to_json(bc.Filter("Open", is_open))

        assert '"condition":{"known":"tests.plain_values:is_open"}' in text

    def test_it_is_found_among_what_is_known(self):
        """A codec that knows the function gives it back."""
        assert round_trip(bc.Filter("Open", is_open), [is_open]).condition is is_open

    def test_a_function_can_have_another_name(self):
        """A codec writes the name that the host chose, and reads the other one, too."""
        codec = bc.Codec({"open": is_open})
        text = codec.to_json(bc.Filter("Open", is_open))

        assert '{"known":"open"}' in text
        assert codec.from_json(text, bc.Filter).condition is is_open
        assert (
            codec.from_json(bc.to_json(bc.Filter("Open", is_open)), bc.Filter).condition is is_open
        )

    def test_one_that_is_not_known_is_a_placeholder(self):
        """Without the function the filter is read, written back equal, and refuses to choose."""
        text = bc.to_json(bc.Filter("Open", is_open))
        again = bc.from_json(text, bc.Filter)

        assert bc.to_json(again) == text
        assert again == bc.from_json(text, bc.Filter)
        with pytest.raises(bc.InvalidInputError) as caught:
            again.selects(None)
        assert str(caught.value) == (
            "name = 'tests.plain_values:is_open': not known here; give it to the codec that reads: "
            "Codec(known={'tests.plain_values:is_open': ...})"
        )

    def test_methods_are_known_by_a_name(self):
        """A method of an object, which is another object each time, is found by its name."""
        known = {"every": HALF.chooses}

        assert round_trip(bc.Filter("All", HALF.chooses), known).selects(None)

    def test_a_method_that_is_not_known_is_refused(self):
        """A method of an object has no name by which it can be found."""
        with pytest.raises(
            bc.InvalidInputError, match=r"the function Half\.chooses cannot be found"
        ):
            bc.Codec({"other": HALF.factor}).to_json(bc.Filter("All", HALF.chooses))

    def test_partial_functions_are_known_by_a_name(self):
        """A function with arguments is refused by itself, and written with a name."""
        some = bc.Filter("Some", partial(is_open))

        assert round_trip(some, {"some": some.condition}).condition is some.condition
        with pytest.raises(bc.InvalidInputError, match="an object of type partial cannot be"):
            bc.to_json(some)


class TestObjects:
    """Conventions, engines and rates."""

    def test_conventions_of_the_library_have_their_name(self):
        """A convention of the library is written by its name and found again."""
        item = bc.Item("seats", unit_price=1, proration=bc.proration.ACT_360)

        assert '"proration":{"convention":"ACT_360"}' in bc.to_json(item)
        assert round_trip(item).proration is bc.proration.ACT_360

    def test_conventions_of_the_host_have_theirs(self):
        """A convention of the host is written by its name, and found among what is known."""
        item = bc.Item("seats", unit_price=1, proration=HALF)

        assert '"proration":{"known":"HALF"}' in bc.to_json(item)
        assert round_trip(item, [HALF]).proration is HALF

    def test_a_convention_that_is_not_known_cannot_prorate(self):
        """Without the convention its item is read, and prorating it is refused."""
        found = round_trip(bc.Item("seats", unit_price=1, proration=HALF)).proration

        assert found.name == "HALF"
        with pytest.raises(bc.InvalidInputError, match="not known here"):
            found.factor(bc.Period.month(2026, 1), bc.monthly())

    def test_a_convention_cannot_take_a_name_of_the_library(self):
        """A convention of the host with the name of one of the library is refused."""
        own = Half()
        own.name = "ACT_360"

        with pytest.raises(bc.InvalidInputError, match="a convention of the library has its name"):
            bc.to_json(bc.Item("seats", unit_price=1, proration=own))

    def test_engines_and_rates_are_known_by_a_name(self):
        """A tax engine and exchange rates of the host are written by the names they are given."""
        engine, rates = Engine(), Rates()
        project = bc.Project(
            "house",
            bc.Account("acme", currency="EUR"),
            [bc.Item("shell", unit_price=1)],
            period=bc.Period.month(2026, 1),
            tax=engine,
            setup=bc.Setup(exchange=rates),
        )
        known = {"engine": engine, "rates": rates}
        again = round_trip(project, known)

        assert (again.tax, again.setup.exchange) == (engine, rates)
        with pytest.raises(bc.InvalidInputError, match="Project 'house': tax: an object of type"):
            bc.Codec([rates]).to_json(project)
        lost = bc.from_json(bc.Codec(known).to_json(project), bc.Project)
        for ask in (lambda: lost.tax.taxes([], None), lambda: lost.setup.exchange.rate("", "", "")):
            with pytest.raises(bc.InvalidInputError, match="not known here"):
                ask()


class TestZones:
    """Time zones of rules that turn instants into days."""

    @pytest.mark.parametrize(
        ("zone", "text"),
        [
            (UTC, "+00:00"),
            (timezone(timedelta(hours=-5, minutes=-30)), "-05:30"),
            (timezone(timedelta(seconds=1, microseconds=2)), "+00:00:01.000002"),
        ],
        ids=str,
    )
    def test_offsets(self, zone, text):
        """A zone that is an offset is written as that, to the microsecond."""
        fields = fields_of(zone=zone)

        assert f'"zone":{{"offset":"{text}"}}' in bc.to_json(fields)
        assert round_trip(fields).days == fields.days

    def test_a_zone_has_its_name(self):
        """A zone with a key is written by that, and found among what is known."""
        fields = fields_of(zone=BERLIN)

        assert '"zone":{"zone":"Europe/Berlin"}' in bc.to_json(fields)
        assert round_trip(fields, [BERLIN]).days.zone is BERLIN

    def test_a_zone_can_have_another_name(self):
        """A zone that is known by another name is written so, and is found by its key, too."""
        codec, fields = bc.Codec({"here": BERLIN}), fields_of(zone=BERLIN)
        text = codec.to_json(fields)

        assert '"zone":{"zone":"here"}' in text
        assert codec.from_json(bc.to_json(fields), bc.FieldSet).days.zone is BERLIN
        assert bc.to_json(bc.from_json(text, bc.FieldSet)) == text

    def test_a_zone_that_is_not_known_is_a_placeholder(self):
        """Without the zone the rule is read, written back equal, and refuses to find a day."""
        fields = fields_of(zone=BERLIN, naive=BERLIN, version="2026a")
        again = round_trip(fields)

        assert canonical(again.days.name) == canonical(fields.days.name)
        assert again.days.zone == UnknownZone("Europe/Berlin") != UnknownZone("Europe/Paris")
        assert len({again.days.zone, again.days.naive}) == 1
        assert bc.to_json(again) == bc.to_json(fields)
        with pytest.raises(bc.InvalidInputError, match="a zone that is not known here"):
            again.days.of(datetime(2026, 1, 1, tzinfo=UTC))

    @pytest.mark.parametrize("method", ["utcoffset", "dst", "tzname", "fromutc"])
    def test_nothing_is_told_of_a_zone_that_is_not_known(self, method):
        """A placeholder refuses every question about its zone, and names it."""
        zone = UnknownZone("Europe/Berlin")

        with pytest.raises(bc.InvalidInputError, match="Europe/Berlin"):
            getattr(zone, method)(datetime(2026, 1, 1, tzinfo=zone))

    def test_only_the_zone_of_naive_times_may_be_unknown(self):
        """A rule whose own zone is known works for instants that bring a zone."""
        again = round_trip(fields_of(zone=UTC, naive=BERLIN))

        assert str(again.days.of(datetime(2026, 1, 1, tzinfo=UTC)).day) == "2026-01-01"


class TestNames:
    """What a host gives."""

    @pytest.mark.parametrize(
        ("known", "message"),
        [
            (
                [Engine()],
                "known = an object of type Engine: it has no name of its own; give it one",
            ),
            ([lambda: 1], "known = an object of type function: it has no name of its own"),
            ({"": is_open}, "known = '': no name; use a text"),
            ({1: is_open}, "known = 1: no name; use a text"),
            ([Half(), Half()], "known = 'HALF': two of one name; give each its own"),
        ],
        ids=["object", "lambda", "empty name", "no text", "two of one name"],
    )
    def test_wrong_names(self, known, message):
        """What has no name, or the name of another one, is refused."""
        with pytest.raises(bc.InvalidInputError) as caught:
            bc.Codec(known)

        assert message in str(caught.value)

    def test_one_thing_can_have_two_names(self):
        """Of two names of one thing the first is written, and both are read."""
        codec = bc.Codec({"one": is_open, "two": is_open})

        assert '{"known":"one"}' in codec.to_json(bc.Filter("Open", is_open))
        assert codec.names.find("two") is is_open

    def test_a_placeholder_equals_one_of_its_name(self):
        """Two placeholders of one name are equal."""
        assert Unknown("a") == Unknown("a") != Unknown("b")

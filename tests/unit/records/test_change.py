"""Dated changes: how they are read, which one is in force, and what an item is on each day."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext

import pytest

import billingcore as bc
from billingcore.records.change import phases, read_changes, version_text
from billingcore.values.boundary import Boundary
from tests.strategies import HOSTILE_CONTEXTS

Change = bc.Change
TEN_OFF = bc.Discount.percent(10)
DAY = "2026-03-10"

WRONG = [
    ("nope", {"quantity": 1}, "on", "nope", "not a date"),
    (datetime(2026, 3, 10, 12, tzinfo=UTC), {"quantity": 1}, "on", ..., "choose a zone"),
    (DAY, {}, "terms", "", "nothing changes"),
    (DAY, {"price": 1}, "terms", "price", "use one of billed_share"),
    (DAY, {"cadence": 1, "start": 2}, "terms", "cadence, start", "end the item"),
    (DAY, {"until": "2026-03-09", "quantity": 1}, "until", ..., "before the start"),
    (DAY, {"until": "x", "quantity": 1}, "until", "x", "not a date"),
    (DAY, {"until": date.max, "quantity": 1}, "until", ..., "leave the end open"),
    (DAY, {"quantity": 0.5}, "quantity", 0.5, "write '0.5' or Decimal('0.5')"),
    (DAY, {"quantity": None}, "quantity", None, "not a number"),
    (DAY, {"quantity": "1.000001"}, "quantity", ..., "more than 5 digits"),
    (DAY, {"unit_price": "abc"}, "unit_price", "abc", "plain digits"),
    (DAY, {"billed_share": 2}, "billed_share", 2, "use 0 (nothing) to 1 (all)"),
    (DAY, {"billed_share": "-0.1"}, "billed_share", "-0.1", "no share"),
    (DAY, {"discount": 5}, "discount", 5, "use a Discount"),
    (DAY, {"tax_code": " "}, "tax_code", " ", "without spaces around it"),
    (DAY, {"billing_practice": "?"}, "billing_practice", "?", "BillingPractice.ARREARS"),
    (DAY, {"title": 5}, "title", 5, "use a str"),
    (DAY, {"reason": 5, "quantity": 1}, "reason", 5, "use a str"),
]


def item(*changes, **fields):
    """Make a recurring item at 100 with changes."""
    own = {"unit_price": 100, "billing_type": bc.RECURRING, "cadence": bc.monthly()}
    return bc.Item("seats", changes=changes, **(own | fields))


def laid_out(*changes):
    """Write the phases of changes: first day and terms."""
    return [
        f"{phase.start or '..'}: " + ", ".join(f"{k}={v}" for k, v in sorted(phase.terms.items()))
        for phase in phases(read_changes(Boundary("Item"), changes))
    ]


def copy(record):
    """Pickle a record and read it again."""
    return pickle.loads(pickle.dumps(record))  # noqa: S301


class TestReading:
    """A change is right once it exists."""

    def test_terms_are_read_like_the_item_s_fields(self):
        """Text, whole numbers and money become exact values, in the order of the alphabet."""
        change = Change(
            date(2026, 3, 10),
            until="2026-03-31",
            unit_price="99.90",
            quantity=3,
            discount=TEN_OFF,
            tax_code="19",
            billing_practice=bc.ARREARS,
            billed_share="0.5",
            title="Seats",
        )

        assert (change.on, change.until) == (date(2026, 3, 10), date(2026, 3, 31))
        assert change.stop == date(2026, 4, 1)
        assert change.terms == (
            ("billed_share", Decimal("0.5")),
            ("billing_practice", bc.ARREARS),
            ("discount", TEN_OFF),
            ("quantity", Decimal(3)),
            ("tax_code", "19"),
            ("title", "Seats"),
            ("unit_price", Decimal("99.90")),
        )

    def test_equal_values_make_equal_changes(self):
        """A day as text and as date, a number with and without idle zeros, are the same."""
        one, other = Change("2026-03-10", quantity=5), Change(date(2026, 3, 10), quantity="5.00")

        assert one == other
        assert len({one, other}) == 1

    def test_an_open_change_has_no_first_day_after(self):
        """A change for good does not stop."""
        assert Change("2026-03-10", quantity=5).stop is None

    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[::9], ids=str)
    def test_the_host_s_number_settings_decide_nothing(self, context):
        """Under any context of the decimal module the values are those given."""
        with localcontext(context):
            change = Change("2026-03-10", unit_price="12345.67891", quantity="0.00001")

        assert [str(value) for _, value in change.terms] == ["0.00001", "12345.67891"]

    @pytest.mark.parametrize(
        ("on", "fields", "field", "value", "said"),
        WRONG,
        ids=[f"{row[2]} {row[-1]}" for row in WRONG],
    )
    def test_errors_name_record_field_value_and_fix(self, on, fields, field, value, said):
        """What is wrong is refused with the change's day, the field, its value and what to write."""
        with pytest.raises(bc.InvalidInputError) as raised:
            Change(on, **fields)
        error = raised.value

        assert error.record == f"Change '{on}'"
        assert error.field == field
        assert value is ... or error.value == value
        assert said in str(error)

    def test_an_empty_day_is_named_as_the_day(self):
        """An empty text for the day is a fault of `on`."""
        with pytest.raises(bc.InvalidInputError) as raised:
            Change("", quantity=1)

        assert raised.value.field == "on"

    def test_a_practice_by_its_word(self):
        """Members can be given by their value, as in an item."""
        assert Change("2026-03-10", billing_practice="Arrears").terms == (
            ("billing_practice", bc.ARREARS),
        )

    @pytest.mark.parametrize("wrong", ["x", None, {"quantity": 1}], ids=repr)
    def test_records_take_changes_only(self, wrong):
        """An item and a subscription refuse what is no change."""
        with pytest.raises(bc.InvalidInputError, match=r"changes = .*use a Change"):
            item(wrong)
        with pytest.raises(bc.InvalidInputError, match="Subscription 'S': changes"):
            bc.Subscription("S", account="a", items=[], changes=[wrong])

    def test_a_price_in_another_currency(self):
        """An item in euros cannot come to cost dollars."""
        change = Change("2026-03-10", unit_price=bc.Money(1, "USD"))
        with pytest.raises(bc.InvalidInputError, match="'1 USD': another currency; give the item"):
            item(change, currency="EUR")


class TestWords:
    """How changes read, and how they travel."""

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            (Change("2026-03-10", quantity="5.00"), "from 2026-03-10: quantity=5"),
            (
                Change("2026-03-10", until="2026-04-30", unit_price=80, reason="spring"),
                "from 2026-03-10 to 2026-04-30: unit_price=80 (spring)",
            ),
            (
                Change("2026-03-10", discount=None, tax_code=None, billing_practice=bc.ARREARS),
                "from 2026-03-10: billing_practice=Arrears, discount=none, tax_code=none",
            ),
            (
                bc.pause("2026-03-10", "2026-03-15"),
                "from 2026-03-10 to 2026-03-15: billed_share=0 (pause)",
            ),
            (
                bc.pause("2026-03-10", share="0.5", reason="winter"),
                "from 2026-03-10: billed_share=0.5 (winter)",
            ),
            (
                bc.trial("2026-03-01", "2026-03-14"),
                "from 2026-03-01 to 2026-03-14: billed_share=0 (trial)",
            ),
            (
                bc.trial("2026-03-01", "2026-03-14", share="0.25"),
                "from 2026-03-01 to 2026-03-14: billed_share=0.25 (trial)",
            ),
        ],
        ids=["for good", "until", "taken away", "pause", "share", "trial", "cheap trial"],
    )
    def test_a_change_in_words(self, change, expected):
        """A change says its days, its terms without idle zeros, and its reason."""
        assert str(change) == expected

    @pytest.mark.parametrize(
        "change",
        [
            Change("2026-03-10", quantity=5),
            Change("2026-03-10", until="2026-04-30", discount=None, reason="over"),
            Change("2026-03-10", unit_price=bc.Money("5.50", "EUR"), billing_practice=bc.ARREARS),
            Change("2026-03-10", discount=TEN_OFF, title="New"),
        ],
        ids=str,
    )
    def test_a_change_travels(self, change):
        """Pickled and back it is equal, and so is an item that has it, with its versions."""
        one = item(change, currency="EUR")
        again = copy(one)

        assert copy(change) == change
        assert again == one
        assert again.versions == one.versions

    def test_versions_are_named_by_what_decides_a_price(self):
        """Equal terms have equal names, however they are written; title and practice are no part."""
        one = version_text({"quantity": Decimal("5.00"), "title": "a", "discount": TEN_OFF})
        other = version_text({"discount": TEN_OFF, "quantity": Decimal(5)})

        assert one == other == "discount=percent%2010|quantity=5"
        assert version_text({"title": "a", "billing_practice": bc.ARREARS}) == ""

    def test_names_of_versions_are_unambiguous(self):
        """No tax code, a code named None, and signs of the name itself do not collide."""
        values = [None, "None", "none", "a|quantity=5", "a=5"]
        names = {version_text({"tax_code": value}) for value in values}

        assert len(names) == len(values)
        assert not any("|" in name for name in names)


class TestPrecedence:
    """Of several changes of one field, the one that begins last is in force."""

    def test_no_change(self):
        """Without changes there is one phase, of ever."""
        assert laid_out() == ["..: "]

    def test_fields_add_up(self):
        """Changes of different fields are in force together, whatever their order."""
        changes = [Change("2026-03-10", quantity=5), Change("2026-02-10", unit_price=80)]

        expected = ["..: ", "2026-02-10: unit_price=80", "2026-03-10: quantity=5, unit_price=80"]
        assert laid_out(*changes) == laid_out(*reversed(changes)) == expected

    def test_the_later_one_wins(self):
        """A field has the value of the change that began last, and keeps it."""
        assert laid_out(Change("2026-03-10", quantity=5), Change("2026-02-10", quantity=3)) == [
            "..: ",
            "2026-02-10: quantity=3",
            "2026-03-10: quantity=5",
        ]

    def test_of_one_day_the_last_given_wins(self):
        """Of two changes that begin on one day, the later in the list is in force."""
        three, five = Change("2026-03-10", quantity=3), Change("2026-03-10", quantity=5)

        assert laid_out(three, five)[1:] == ["2026-03-10: quantity=5"]
        assert laid_out(five, three)[1:] == ["2026-03-10: quantity=3"]

    def test_what_ends_gives_way_to_what_was(self):
        """A promotion inside an upgrade ends on its last day, and the upgrade is back."""
        upgrade = Change("2026-02-01", unit_price=150)
        promotion = Change("2026-03-10", until="2026-03-20", unit_price=120)

        assert laid_out(upgrade, promotion) == [
            "..: ",
            "2026-02-01: unit_price=150",
            "2026-03-10: unit_price=120",
            "2026-03-21: unit_price=150",
        ]

    def test_an_upgrade_inside_a_promotion_ends_it(self):
        """A price that begins during a promotion is in force at once, and after it."""
        promotion = Change("2026-03-01", until="2026-03-31", unit_price=80)

        assert laid_out(promotion, Change("2026-03-10", unit_price=150)) == [
            "..: ",
            "2026-03-01: unit_price=80",
            "2026-03-10: unit_price=150",
        ]

    def test_one_day(self):
        """A change of one day has its first day as its last."""
        assert laid_out(Change("2026-03-10", until="2026-03-10", quantity=5)) == [
            "..: ",
            "2026-03-10: quantity=5",
            "2026-03-11: ",
        ]

    def test_changes_that_touch(self):
        """What begins on the day after another one's last day follows without a phase between."""
        first = Change("2026-03-01", until="2026-03-09", quantity=5)

        assert laid_out(first, Change("2026-03-10", until="2026-03-19", quantity=6)) == [
            "..: ",
            "2026-03-01: quantity=5",
            "2026-03-10: quantity=6",
            "2026-03-20: ",
        ]

    def test_overlapping_pauses_are_one(self):
        """Days in two pauses are paused; what remains of the second one goes on."""
        first, second = bc.pause("2026-03-01", "2026-03-20"), bc.pause("2026-03-10", "2026-03-31")

        assert laid_out(first, second) == ["..: ", "2026-03-01: billed_share=0", "2026-04-01: "]

    def test_a_pause_without_end_is_resumed(self):
        """A further change of the share ends a pause that was open."""
        resumed = Change("2026-04-01", billed_share=1)
        one = item(bc.pause("2026-03-10"), resumed)

        assert [version.is_billable for version in one.versions] == [True, False, True]

    def test_the_same_again_is_no_phase(self):
        """A change to what is changed already begins nothing."""
        changes = [Change("2026-02-01", quantity=5), Change("2026-03-01", quantity="5.0")]

        assert laid_out(*changes) == ["..: ", "2026-02-01: quantity=5"]

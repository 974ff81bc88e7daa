"""What a host hands in: accounts, items, subscriptions, discounts, setup, snapshots."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from billingcore import (
    MONTH_END,
    NEXT_MONTH,
    RECURRING,
    Account,
    AccountSnapshot,
    BusinessEntity,
    Discount,
    InvalidInputError,
    Item,
    NumberPattern,
    Setup,
    Subscription,
    Template,
    monthly,
)
from billingcore.records.discount import DiscountKind
from tests.strategies import HOSTILE_CONTEXTS


def item(**fields):
    """Make an item with what the test says."""
    return Item("seats", **{"unit_price": 1, **fields})


def contract(*items, **fields):
    """Make a subscription with what the test says."""
    return Subscription("S-1", **{"account": "acme", "items": items, **fields})


WRONG = [
    pytest.param(
        lambda: Account(" a", currency="EUR"), "Account: id = ' a': not an id", id="account id"
    ),
    pytest.param(
        lambda: Account("a", currency="eur"), "Account 'a': currency = 'eur'", id="account currency"
    ),
    pytest.param(
        lambda: Account("a", currency=None), "currency = None: not a currency", id="no currency"
    ),
    pytest.param(
        lambda: Account("a", currency="EUR", active=1), "active = 1: not a truth", id="active"
    ),
    pytest.param(
        lambda: Account("a", currency="EUR", payment_days=-1),
        "payment_days = -1",
        id="payment days",
    ),
    pytest.param(
        lambda: Account("a", currency="EUR", custom={"": 1}),
        "custom = '': not an id",
        id="custom name",
    ),
    pytest.param(
        lambda: item(unit_price=0.5), "Item 'seats': unit_price = 0.5 (float)", id="float price"
    ),
    pytest.param(lambda: item(unit_price="0.000001"), "more than 5 digits", id="price scale"),
    pytest.param(
        lambda: item(quantity="0.000001"), "quantity = 0.000001: more than 5", id="quantity scale"
    ),
    pytest.param(lambda: item(quantity=None), "quantity = None: not a number", id="no quantity"),
    pytest.param(
        lambda: item(cadence="monthly"), "cadence = 'monthly': not a Cadence", id="cadence"
    ),
    pytest.param(lambda: item(proration="ACT_365"), "not a proration convention", id="proration"),
    pytest.param(lambda: item(billing_type="Weekly"), "not a BillingType", id="billing type"),
    pytest.param(lambda: item(sync_with="next"), "sync_with = 'next': not a SyncWith", id="sync"),
    pytest.param(lambda: item(discount=5), "discount = 5: not a Discount", id="discount"),
    pytest.param(lambda: item(sequence=-1), "sequence = -1: not a count", id="sequence"),
    pytest.param(
        lambda: item(start="2026-01-02", end="2026-01-01"),
        "end = '2026-01-01': before the start 2026-01-02; end is the last day",
        id="item dates",
    ),
    pytest.param(
        lambda: item(sync_with=NEXT_MONTH, cadence=monthly(day=MONTH_END)),
        "the cadence has its own days",
        id="sync and month end",
    ),
    pytest.param(
        lambda: item(unit_price=SimpleNamespace(amount=1, currency="USD"), currency="EUR"),
        "unit_price = 'USD': not in EUR; give the price in EUR",
        id="two currencies",
    ),
    pytest.param(
        lambda: contract(items=["x"]), "Subscription 'S-1': items = 'x': not an Item", id="no item"
    ),
    pytest.param(
        lambda: contract(item(), item()), "items = 'seats': two items have this id", id="twice"
    ),
    pytest.param(
        lambda: contract(start="2026-01-02", end="2026-01-01"),
        "before the start",
        id="contract dates",
    ),
    pytest.param(lambda: contract(order_discount="5"), "not a Discount", id="order discount"),
    pytest.param(lambda: contract(account=""), "account = '': not an id", id="no account"),
    pytest.param(
        lambda: Discount.percent(101), "value = 101: no possible discount; use 0 to 100", id="101 %"
    ),
    pytest.param(lambda: Discount.percent("1.0001"), "more than 3 digits", id="percent scale"),
    pytest.param(
        lambda: Discount.amount(-1), "use a positive amount; a surcharge is an item", id="surcharge"
    ),
    pytest.param(lambda: Discount.amount("0.000001"), "more than 5 digits", id="amount scale"),
    pytest.param(lambda: Discount("rebate", 1), "kind = 'rebate': not a DiscountKind", id="kind"),
    pytest.param(lambda: Template(""), "Template: id = '': not an id", id="template name"),
    pytest.param(
        lambda: Template("A", series="A-{0}"), "series = 'A-{0}': not a NumberPattern", id="series"
    ),
    pytest.param(
        lambda: BusinessEntity("E", series=1), "series = 1: not a NumberPattern", id="entity series"
    ),
    pytest.param(
        lambda: Setup([Template("A"), Template("A")]),
        "templates = 2: two have the same",
        id="names",
    ),
    pytest.param(
        lambda: Setup(entities=["E"]), "entities = 'E': not a BusinessEntity", id="entities"
    ),
]


class TestRefusals:
    @pytest.mark.parametrize(("make", "message"), WRONG)
    def test_names_record_field_and_value(self, make, message):
        """A wrong field is refused where the record is made, with its name and value."""
        with pytest.raises(InvalidInputError) as caught:
            make()

        assert message in str(caught.value)


class TestAccount:
    def test_label(self):
        """An account is called by its name, or by its id."""
        assert Account("a", currency="EUR").label == "a"
        assert Account("a", currency="EUR", name="Acme").label == "Acme"

    def test_custom_fields(self):
        """Custom fields are kept in the order of their names, from a mapping or from pairs."""
        first = Account("a", currency="EUR", custom={"b": 2, "a": [1]})

        assert first.custom == (("a", [1]), ("b", 2))
        assert Account("a", currency="EUR", custom=first.custom) == first


class TestItem:
    def test_texts_stand_for_values(self):
        """Days, numbers and terms can be given as text, as a table has them."""
        given = item(
            unit_price="99.90",
            quantity="3",
            start="2026-01-15",
            billing_type="Recurring",
            active=True,
        )

        assert (given.unit_price, given.quantity) == (Decimal("99.90"), 3)
        assert (given.start, given.billing_type) == (date(2026, 1, 15), RECURRING)
        assert (given.label, item(title="Seats").label) == ("seats", "Seats")

    @pytest.mark.parametrize(
        ("fields", "currency"),
        [
            ({}, None),
            ({"currency": "EUR"}, "EUR"),
            ({"unit_price": SimpleNamespace(amount=Decimal(5), currency="USD")}, "USD"),
            ({"unit_price": SimpleNamespace(amount=5, currency="USD"), "currency": "USD"}, "USD"),
        ],
        ids=["none", "own", "of the price", "both"],
    )
    def test_currency(self, fields, currency):
        """An item's currency is its own, or that of its price."""
        assert item(**fields).currency == currency

    def test_terms_decide_when_it_is_due(self):
        """Items that differ only in words and prices have equal terms; other dates are others."""
        terms = item(cadence=monthly(), start="2026-01-01").terms_key

        assert (
            item(cadence=monthly(), start="2026-01-01", title="B", unit_price=9).terms_key == terms
        )
        assert item(cadence=monthly(), start="2026-01-02").terms_key != terms
        assert item(cadence=monthly(2), start="2026-01-01").terms_key != terms
        assert item(cadence=monthly(day=MONTH_END), start="2026-01-01").terms_key != terms

    def test_survives_pickling(self):
        """An item arrives equal, with what was derived from it."""
        given = item(unit_price="99.90", quantity=3, cadence=monthly(), custom={"a": 1})
        arrived = pickle.loads(pickle.dumps(given))  # noqa: S301

        assert arrived == given
        assert (arrived.position_price, arrived.terms_key) == (
            given.position_price,
            given.terms_key,
        )


class TestSubscription:
    def test_positions_are_in_the_order_of_the_lines(self):
        """Items with a sequence come first, in its order; the others follow as they were given."""
        items = [
            Item(name, unit_price=1, sequence=place)
            for name, place in [("a", None), ("b", 20), ("c", 10), ("d", None), ("e", 0)]
        ]
        found = contract(*items)

        assert [name for _, name in found.positions] == [
            "S-1/e",
            "S-1/c",
            "S-1/b",
            "S-1/a",
            "S-1/d",
        ]
        assert [each.id for each in found.items] == ["a", "b", "c", "d", "e"]
        assert contract(start="2026-01-01").window_key == "2026-01-01|None"


class TestDiscount:
    def test_writes_what_it_takes_off(self):
        """A discount is written as percent or amount."""
        assert str(Discount.percent("12.5", title="Friends")) == "12.5 %"
        assert str(Discount.amount("5.00")) == "5.00"
        assert Discount(DiscountKind.PERCENT, 5) == Discount.percent(5)

    @pytest.mark.parametrize("context", HOSTILE_CONTEXTS[::9], ids=range(6))
    def test_the_host_decides_nothing(self, context):
        """The ambient decimal context changes neither value nor text."""
        import decimal

        with decimal.localcontext(context):
            assert str(Discount.amount("123456789.00001")) == "123456789.00001"


class TestSetup:
    def test_default(self):
        """Without names there is one template named Default, and no seller."""
        heading = Setup().heading(None, None, None)

        assert (heading.template.name, heading.entity, heading.payment_days) == ("Default", None, 0)
        assert heading.terms == ""
        assert Setup().template("Other") is None
        assert Setup([]).heading(None, None, None) is None

    def test_names(self):
        """A contract's names are resolved; its payment days go before the template's."""
        setup = Setup(
            [Template("A, B", payment_days=14)],
            [BusinessEntity("E", series=NumberPattern("E-{0}"), bank="IBAN"), BusinessEntity("F")],
        )
        heading = setup.heading("A, B", "E", None)

        assert (heading.template.name, heading.entity.bank, heading.payment_days) == (
            "A, B",
            "IBAN",
            14,
        )
        assert setup.heading("A, B", "E", None) is heading
        assert setup.heading("A, B", "F", 30).payment_days == 30
        assert setup.heading("A, B", "E", 0).payment_days == 0

    def test_terms_differ_for_different_headings(self):
        """No two headings that differ have the same terms."""
        setup = Setup([Template("Default"), Template("A"), Template("A,E")], [BusinessEntity("E")])
        headings = [
            setup.heading(template, entity, days)
            for template in (None, "A", "A,E")
            for entity in (None, "E")
            for days in (0, 14)
        ]

        assert len({heading.terms for heading in headings}) == 12

    def test_an_unknown_entity(self):
        """A seller that is not set up is refused, with those that are."""
        with pytest.raises(
            InvalidInputError, match="entity = 'X': no business entity of this name; use one of E"
        ):
            Setup(entities=[BusinessEntity("E")]).entity("X")
        with pytest.raises(InvalidInputError, match="none is set up"):
            Setup().entity("X")


class TestSnapshot:
    def test_holds_what_belongs_to_the_account(self):
        """A snapshot keeps the contracts in their order."""
        account = Account("acme", currency="EUR")
        snapshot = AccountSnapshot(account, [contract()], documents=["D1", "D1"], revision=3)

        assert [each.id for each in snapshot.subscriptions] == ["S-1"]
        assert (snapshot.documents, snapshot.revision, snapshot.claims) == ({"D1"}, 3, ())

    @pytest.mark.parametrize(
        ("contracts", "message"),
        [
            (
                [contract(), contract()],
                "AccountSnapshot 'acme': subscriptions = 2: two have the same id",
            ),
            (
                [contract(account="other")],
                "Subscription 'S-1': account = 'other': given to account 'acme'",
            ),
        ],
        ids=["twice", "foreign"],
    )
    def test_refuses(self, contracts, message):
        """A contract of another account, or one that is there twice, is refused."""
        with pytest.raises(InvalidInputError) as caught:
            AccountSnapshot(Account("acme", currency="EUR"), contracts)

        assert message in str(caught.value)

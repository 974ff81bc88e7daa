"""Two previews of one run: other prices, taxes, policies, records."""

from __future__ import annotations

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import Cause
from billingcore.views.comparing.what_if import Imagined
from tests.unit.views.comparing_worlds import JANUARY, VAT, contract, impacts, item, three

PACKAGES = bc.Pricing(bc.PACKAGE, package_size=10)


def store_of(*items):
    """Make a store with a contract of some items."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(*items))
    return store


@pytest.mark.parametrize(
    ("sold", "price", "wanted"),
    [
        pytest.param(item(quantity=2), "110", "20.00", id="unit price"),
        pytest.param(item(quantity=20), PACKAGES, "-1800.00", id="packages of the old price"),
        pytest.param(item(quantity=20, pricing=PACKAGES), 70, "-60.00", id="price of packages"),
        pytest.param(
            item(quantity=2),
            bc.Pricing(bc.TIERED, [bc.Tier(1, 90), bc.Tier(None, 80)]),
            "-30.00",
            id="tiers instead of a price",
        ),
        pytest.param(
            item(price=0, quantity=2, pricing=bc.Pricing(bc.TIERED, [bc.Tier(None, 80)])),
            100,
            "40.00",
            id="a price instead of tiers",
        ),
    ],
)
def test_other_prices(sold, price, wanted):
    """A new price or pricing takes the place of the old one."""
    found = bc.what_if(JANUARY, store_of(sold, item("hosting")), prices={"seats": price})

    assert str(found.difference("EUR").net) == wanted
    assert found.same == 1
    assert found.notes == ["other price of 'seats'"]


def test_products_have_prices():
    """A price list names products, so that all items that sell one have its price."""
    store = store_of(item("one", product="seat"), item("two", product="seat"), item("seat-3"))
    found = bc.what_if(JANUARY, store, prices={"seat": 101, "saet": 101})

    assert three(found.difference("EUR")) == ["2.00", "0.38", "2.38"]
    assert found.notes[1] == "no item sells 'saet', whose price was given"


def test_another_policy_and_other_prices():
    """Several things can be other at once; the policy is named with its switches."""
    policy = JANUARY.policy.but(rounding=bc.Rounding.DOWN)
    found = bc.what_if(JANUARY, store_of(item()), policy=policy, prices={"seats": "100.009"})

    assert impacts(found) == {Cause.PRICE: ("0.01", "0.00"), Cause.ROUNDING: ("-0.01", "0.00")}
    assert found.switches == (("rounding", "HALF_UP", "DOWN"),)


def test_other_taxes():
    """Another tax engine changes the taxes alone."""
    found = bc.what_if(JANUARY, store_of(item()), tax=bc.TaxTable({"19": 16}))

    assert impacts(found) == {Cause.TAX: ("0.00", "-3.00")}
    assert found.notes == ["another tax engine"]


def test_other_records():
    """A function can change anything of an account; nothing of it is stored."""
    store = store_of(item())

    def without_contracts(snapshot):
        return evolve(snapshot, subscriptions=())

    found = bc.what_if(JANUARY, store, change=without_contracts)

    assert three(found.difference("EUR")) == ["-100.00", "-19.00", "-119.00"]
    assert found.notes == ["other records"]
    assert len(store.snapshot("acme").subscriptions) == 1


def test_as_if_unbilled():
    """A time that is billed can be asked about as if it were not."""
    store = store_of(item())
    for draft in bc.execute(JANUARY, store).drafts:
        bc.finalize(draft, store, on="2026-01-31")

    billed = bc.what_if(JANUARY, store, prices={"seats": 110})
    asked = bc.what_if(JANUARY, store, prices={"seats": 110}, as_if_unbilled=True)

    assert not billed.is_changed
    assert billed.notes[-1].startswith("neither side bills anything; of a time that is billed")
    assert three(asked.difference("EUR")) == ["10.00", "1.90", "11.90"]
    assert asked.notes[-1] == "as if nothing had been billed"


def test_the_imagined_source():
    """A source that is imagined hands on what the real one says of records that nobody gets."""
    source = bc.MemoryStore(
        tax=VAT, filters=[bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order")]
    )
    source.add(bc.SourceRecord("Order", "O-1", {"ON_Account": "nobody"}))

    (problem,) = Imagined(source, VAT, ()).unresolved()

    assert problem == next(iter(source.unresolved()))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({}, "nothing is to change; give policy, prices, tax or change", id="nothing"),
        pytest.param({"prices": {}}, "nothing is to change", id="no prices"),
        pytest.param({"prices": ["seats"]}, "prices = ", id="a list of prices"),
        pytest.param({"prices": {"seats": "cheap"}}, "unit_price = 'cheap'", id="no price"),
        pytest.param({"tax": {"DE_19": 7}}, "no tax engine; give one", id="no tax engine"),
        pytest.param({"change": 0}, "change = 0: not a function", id="no function"),
    ],
)
def test_what_is_refused(given, words):
    """A question about nothing, and a price that is none, are refused before anything is read."""
    with pytest.raises(bc.InvalidInputError, match=words):
        bc.what_if(JANUARY, store_of(item()), **given)


def test_a_run_is_needed():
    """What is no run is refused by name."""
    with pytest.raises(bc.InvalidInputError, match="what_if: run = '2026-01'"):
        bc.what_if("2026-01", store_of(item()), policy=bc.DOCUMENTED)


def test_a_change_that_gives_nothing():
    """A function that forgets to give the account back is named, and spoils its accounts only."""
    found = bc.what_if(JANUARY, store_of(item()), change=lambda snapshot: None)

    assert found.problems == (0, 1)
    assert "what_if: change = None" in found.lines[0].why

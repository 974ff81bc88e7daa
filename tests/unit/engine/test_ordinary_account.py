"""What is ordinary of an account, and that whatever is not comes out the same by the other way."""

from __future__ import annotations

from unittest.mock import patch

import pytest

import billingcore as bc
from billingcore.tax.ordinary_account import ordinary_outcome
from billingcore.values.context import exactly

MARCH = bc.Period.month(2026, 3)
FEBRUARY = bc.Period.month(2026, 2)
TABLE = {"DE": 19, "reduced": 7, "2027": [bc.TaxRate(20, start="2027-01-01")]}
ACME = bc.Account("acme", currency="EUR")
BIG = 10**14


def item(name="seats", **fields):
    """Make a monthly item of 100.00 at 19 %."""
    given = {"unit_price": 100, "tax_code": "DE", "cadence": bc.monthly()} | fields
    return bc.Item(name, billing_type=bc.RECURRING_PRORATED, **given)


def contract(*items, **fields):
    """Make a contract of the account."""
    return bc.Subscription("S-1", account="acme", items=items or [item()], **fields)


def snapshot(*contracts, account=ACME, **fields):
    """Give the account with its contracts."""
    return bc.AccountSnapshot(account, contracts or [contract()], **fields)


def claim(period=FEBRUARY, state=bc.ClaimState.FINAL, **fields):
    """Say that the item is billed for some days."""
    return bc.Claim("S-1/seats", period, "R-1", state, **fields)


def billed(given, run=None):
    """Bill an account a second time, when all schedules are known: by the short way, and by the long.

    Gives what the short way gave, after both were compared.
    """
    run, tax = run or bc.InvoiceRun(MARCH), bc.TaxTable(TABLE)
    with patch("billingcore.engine.ordinary_outcome", return_value=None):
        careful = bc.bill(run, given, tax)
    with exactly():
        found = ordinary_outcome(run, given, bc.TaxTable(TABLE))

    assert bc.bill(run, given, tax) == careful
    assert found is None or found == careful
    return found


def run(policy=None, **fields):
    """Make a run over March."""
    return bc.InvoiceRun(MARCH, policy=policy or bc.DOCUMENTED, **fields)


FILTERS = [
    bc.Filter("active", condition=lambda contract: True),
    bc.Filter("orders", use_case=bc.UseCase.GENERIC, target="Order"),
]


@pytest.mark.parametrize(
    ("given", "gross"),
    [
        (snapshot(), "119.00"),
        (snapshot(contract(item(), item("support", unit_price=10, tax_code="reduced"))), "129.70"),
        (snapshot(contract(item(), item("support", unit_price=10))), "130.90"),
        (snapshot(contract(item(discount=bc.Discount.percent(10)))), "107.10"),
        (snapshot(claims=[claim()]), "119.00"),
        (snapshot(contract(item(), item("support")), claims=[claim()]), "238.00"),
        (snapshot(documents=["another/draft"]), "119.00"),
        (snapshot(records=[bc.SourceRecord("Order", "O-1", {})]), "119.00"),
    ],
    ids=[
        "one item",
        "two rates",
        "two items of one rate",
        "a discount of its own",
        "billed before",
        "one billed before, one not",
        "other documents",
        "records that nobody asks for",
    ],
)
def test_an_ordinary_account(given, gross):
    """Plain items of the only contract are a document, made in one go."""
    (draft,) = billed(given).drafts

    assert str(draft.totals.gross) == gross


@pytest.mark.parametrize(
    "given",
    [
        snapshot(contract(), bc.Subscription("S-2", account="acme", items=[item()])),
        bc.AccountSnapshot(ACME),
        snapshot(account=bc.Account("acme", currency="EUR", active=False)),
        snapshot(account=bc.Account("acme", currency="EUR", hold=bc.Hold())),
        snapshot(account=bc.Account("acme", currency="EUR", template="none")),
        snapshot(account=bc.Account("acme", currency="EUR", entity="nobody")),
        snapshot(usage=[bc.UsageRecord("U-1", "NO-1", "2026-03-05", 3)]),
        snapshot(coupons=[bc.Coupon("WELCOME", discount=bc.Discount.percent(10))]),
        snapshot(contract(status="Draft")),
        snapshot(contract(hold=bc.Hold())),
        snapshot(contract(order_discount=bc.Discount.percent(10))),
        snapshot(contract(custom={"project": "P-1"})),
        snapshot(contract(contact="C-1")),
        snapshot(contract(item(quantity=0))),
        snapshot(contract(item(tax_code=None))),
        snapshot(contract(item(tax_code="unknown"))),
        snapshot(contract(item(tax_code="2027"))),
        snapshot(contract(item(currency="USD"))),
        snapshot(contract(item(price_includes_tax=True))),
        snapshot(contract(item(), item("support", criterion="B"))),
        snapshot(contract(item(changes=[bc.Change("2026-03-10", quantity=2)]))),
        snapshot(contract(changes=[bc.Change("2026-03-10", quantity=2)])),
        snapshot(contract(item(start="2026-04-01"))),
        snapshot(contract(item(unit_price=0))),
        snapshot(contract(item(unit_price=-5))),
        snapshot(contract(item(unit_price=BIG, quantity=BIG))),
        snapshot(claims=[claim(MARCH)]),
        snapshot(claims=[claim(state=bc.ClaimState.DRAFT)]),
        snapshot(claims=[claim(terms="old")]),
        snapshot(
            claims=[claim(bc.Period("2025-01-01", "2026-03-01"))],
        ),
        snapshot(documents=bc.bill(run(), snapshot(), bc.TaxTable(TABLE)).drafts[0].id.split(" ")),
    ],
    ids=[
        "two contracts",
        "no contract",
        "not active",
        "on hold",
        "no such template",
        "no such seller",
        "usage",
        "a coupon",
        "contract not active",
        "contract on hold",
        "order discount",
        "fields of the host",
        "contact",
        "quantity 0",
        "no tax code",
        "unknown tax code",
        "no rate on these days",
        "currency of its own",
        "price with tax",
        "two criteria",
        "a change",
        "a change of the contract",
        "not yet due",
        "free",
        "negative",
        "too large",
        "billed already",
        "on a draft",
        "billed at other terms",
        "long history",
        "the id is taken",
    ],
)
def test_an_account_that_is_not_ordinary(given):
    """It is billed with care, and comes out as if there were no other way."""
    found = billed(given)

    assert found is None or found.drafts


@pytest.mark.parametrize(
    "special",
    [
        run(may_bill=lambda account: True),
        run(only=["S-1"]),
        run(selection=bc.Selection(FILTERS, chosen=["active"])),
        run(selection=bc.Selection(FILTERS, chosen=["orders"])),
        run(selection=bc.Selection(has_subscriptions=False)),
        run(selection=bc.Selection(criteria=bc.Criteria(accounts=["acme"]))),
        run(bc.DOCUMENTED.but(max_lines=1)),
        run(bc.DOCUMENTED.but(minimum_amount={"EUR": 5})),
        run(bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE)),
        run(bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)),
        run(bc.DOCUMENTED.but(grouping=[bc.Criterion("id", lambda line: line.item.id)])),
    ],
    ids=[
        "permission",
        "chosen records",
        "filter",
        "records",
        "no subscriptions",
        "criteria",
        "most lines",
        "least amount",
        "tax by line",
        "tax delta",
        "own grouping",
    ],
)
def test_a_run_that_is_not_ordinary(special):
    """All of its accounts are billed with care."""
    assert billed(snapshot(), special) is None


def test_drafts_that_are_there_are_looked_at():
    """An account with a live draft is billed with care, since the draft may grow."""
    draft = bc.bill(run(), snapshot(), bc.TaxTable(TABLE)).drafts[0]

    assert billed(snapshot(drafts={draft.id: draft}, claims=draft.claims)) is None


def test_contacts_are_looked_at():
    """An account with contacts is billed with care, since they are written on the document."""
    contacts = bc.Contacts([bc.Contact("C-1", name="Ada")])

    assert billed(snapshot(contacts=contacts)) is None


def test_cash_is_rounded():
    """What cash can pay is rounded in the short way, too: 100.01 and 19 % are 119.01, paid 119.00."""
    policy = bc.DOCUMENTED.but(cash_increments={"EUR": "0.05"})
    (draft,) = billed(snapshot(contract(item(unit_price="100.01"))), run(policy)).drafts

    assert str(draft.totals.gross) == "119.01"
    assert str(draft.totals.due) == "119.00"

"""Records that several accounts read: whatever is done in which order, each is billed once."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.records import MARCH, VAT
from tests.unit.engine.trading import (
    BUYER,
    MERCHANT,
    billed,
    facts,
    item,
    market,
    order,
    party,
    reasons,
    run,
)

EXCLUSIVE = bc.InvoiceRun(
    MARCH, selection=bc.Selection([BUYER, MERCHANT], exclusive=("Buy", "Merch"))
)
RUN = bc.InvoiceRun(MARCH, selection=bc.Selection([BUYER, MERCHANT]))
ORDER = "2026-03-01..2026-03-31/Buy"


def read(store, account, march=RUN):
    """Bill an account as it is now, and keep nothing."""
    return bc.bill(march, store.snapshot(account), VAT)


class TestRevisions:
    """A change of what is billed of a record is a change of all accounts that read it."""

    def test_a_commit_of_one_party_refuses_the_other(self):
        """Two outcomes from before either commit are not both kept."""
        store = market(order(item(), ON_AccountMerch="shop"))
        flipped = bc.InvoiceRun(
            MARCH,
            selection=bc.Selection([MERCHANT, BUYER], exclusive=("Merch", "Buy")),
        )
        one, other = read(store, "acme", EXCLUSIVE), read(store, "shop", flipped)

        assert (len(one.drafts), len(other.drafts)) == (1, 1)
        assert store.commit([one, other]) == ["shop"]
        assert facts(read(store, "shop", flipped), "Item/I-1:Merch") == {
            "party": "Buy",
            "document": one.drafts[0].id,
        }

    @pytest.mark.parametrize("act", ["discard", "finalize", "void", "put", "claim", "change"])
    def test_what_changes_the_other_account(self, act):
        """Whatever changes what is billed of a record raises the revision of all its readers."""
        store = market(order(), order(item(2), number=2, ON_AccountMerch="third"), accounts="")
        for name in ("acme", "shop", "third", "far"):
            store.add(bc.Account(name, currency="EUR"))
        run(store, BUYER)
        (draft,) = store.drafts()
        number = bc.finalize(draft, store, on="2026-04-01").number if act == "void" else ""
        before = {name: store.snapshot(name).revision for name in store.accounts()}
        {
            "discard": lambda: store.discard(draft.id),
            "finalize": lambda: bc.finalize(draft, store, on="2026-04-01"),
            "void": lambda: cancel(store, number),
            "put": lambda: store.put(bc.edit.change_line(draft, 1, title="Other")),
            "claim": lambda: store.add_claims(
                "acme", bc.Claim("Item/I-1:Fin", None, "R-1", bc.ClaimState.FINAL)
            ),
            "change": lambda: store.change(order(item(), Size=3)),
        }[act]()
        moved = {name for name in before if store.snapshot(name).revision > before[name]}
        both = {"acme", "shop", "third"} if act not in ("claim", "change") else {"acme", "shop"}

        assert moved == both

    def test_subscriptions_concern_nobody_else(self):
        """What is billed of a subscription is no change of accounts that share records."""
        store = market(order())
        fee = bc.Item("fee", unit_price=5)
        store.add(bc.Subscription("S-1", account="acme", start="2026-01-01", items=[fee]))
        before = store.snapshot("shop").revision
        report = run(store, chosen=[])

        assert billed(*report.drafts) == {("acme", "S-1/fee"): Decimal("5.00")}
        assert store.snapshot("shop").revision == before

    def test_a_record_that_moves(self):
        """What was read before a record named another account is not kept for the old one."""
        store = market(order())
        old = read(store, "acme")
        store.change(order(ON_AccountBuy="shop"))

        assert store.commit([old]) == ["acme"]
        assert read(store, "acme").drafts == ()
        assert ("shop", "Item/I-1:Buy") in billed(*read(store, "shop").drafts)

    def test_a_child_that_moves(self):
        """A child that is in two orders for a while is billed to one of their accounts."""
        store = market(
            order(item(1), item(2)), order(item(3), number=2, ON_AccountBuy="third"), accounts=""
        )
        for name in ("acme", "shop", "third"):
            store.add(bc.Account(name, currency="EUR"))
        old = read(store, "acme")
        store.change(order(item(3), item(2), number=2, ON_AccountBuy="third"))
        run(store, BUYER, chosen="Buy")

        assert store.commit([old]) == ["acme"]
        assert [account for account, name in billed(*store.drafts()) if "I-2" in name] == ["acme"]


class TestRoutesThatChange:
    """A record that names another account now stays billed to the one that it named before."""

    @pytest.mark.parametrize("is_final", [False, True], ids=["draft", "invoice"])
    def test_it_is_not_billed_again(self, is_final):
        """The new account finds what the old one was billed."""
        store = market(order())
        document = run(store, BUYER).draft_ids[0]
        if is_final:
            document = bc.finalize(store.draft(document), store, on="2026-04-01").number
        store.change(order(ON_AccountBuy="shop"))
        report = run(store, BUYER)
        why = {"document": document} if is_final else {"draft": document}

        assert len(report.drafts) == 0
        assert facts(report, "Item/I-1:Buy") == why

    def test_lines_of_a_data_mapping(self):
        """Freight that a mapping added for the old account is not added for the new one."""
        freight = {"items": {"SHIP": {"fields": {"Title": "Ship", "Quantity": 1, "UnitPrice": 5}}}}
        store = market(order(ON_MappingBuy=freight))
        first = billed(*run(store, BUYER).drafts)
        store.change(order(item(), item(2), ON_MappingBuy=freight, ON_AccountBuy="shop"))
        second = billed(*run(store, BUYER, late_children=bc.LateChildren.BILL).drafts)

        assert first == {
            ("acme", "Item/I-1:Buy"): Decimal("60.00"),
            ("acme", "Order/O-1/SHIP:Buy"): Decimal("5.00"),
        }
        assert second == {("shop", "Item/I-2:Buy"): Decimal("60.00")}

    def test_a_draft_that_was_discarded(self):
        """A discarded draft is not finalized any more once another account was billed."""
        store = market(order())
        run(store, BUYER)
        (old,) = store.drafts()
        store.discard(old.id)
        store.change(order(ON_AccountBuy="shop"))
        run(store, BUYER)
        with pytest.raises(bc.ConflictError, match="Item/I-1:Buy is billed already"):
            bc.finalize(old, store, on="2026-04-01")

        assert billed(*store.drafts()) == {("shop", "Item/I-1:Buy"): Decimal("60.00")}

    @pytest.mark.parametrize("is_early", [True, False], ids=["before", "after"])
    def test_claims_of_another_system(self, is_early):
        """What an account was billed elsewhere counts for all, come the record before or after."""
        claim = bc.Claim("Item/I-1:Buy", None, "R-1", bc.ClaimState.FINAL)
        store = market()
        if is_early:
            store.add_claims("shop", claim)
        store.add(order())
        if not is_early:
            store.add_claims("shop", claim)
        report = run(store, BUYER)

        assert reasons(report) == {("acme", "Item/I-1:Buy"): "ALREADY_INVOICED"}
        assert facts(report, "Item/I-1:Buy") == {"document": "R-1"}

    def test_waived_time(self):
        """Months that were waived for the old account are not billed to the new one."""
        monthly = {"billing_type": "Recurring", "billing_unit": "Month"}
        buyer = party("Buy", **{name: lambda _, v=value: v for name, value in monthly.items()})
        child = item(ON_StartDateBuy="2026-01-01")
        store = market(order(child), filters=(buyer,))
        forgive = bc.LEVEL.but(catch_up=bc.CatchUp.FORGIVE)
        first = run(store, buyer, policy=forgive)
        store.change(order(child, ON_AccountBuy="shop"))
        second = run(store, buyer, policy=bc.LEVEL)

        assert [line.service_period for line in first.drafts[0].lines] == [MARCH]
        assert len(second.drafts) == 0


class TestManyAccounts:
    """Accounts of one window that all trade with each other."""

    @pytest.mark.parametrize("exclusive", [(), ("Buy", "Merch")], ids=["both", "exclusive"])
    def test_everybody_sells_to_everybody(self, exclusive):
        """One run bills all orders of eight accounts that refuse each other's commits."""
        names = [f"T-{number}" for number in range(8)]
        pairs = [(one, other) for one in names for other in names if one != other]
        records = [
            order(item(number), number=number, ON_AccountBuy=one, ON_AccountMerch=other)
            for number, (one, other) in enumerate(pairs)
        ]
        report = run(market(*records, accounts=names), exclusive=exclusive)

        assert report.problems == []
        assert report.lines == (56 if exclusive else 112)

    def test_a_store_that_is_never_quiet(self):
        """An account that is refused again and again without any progress is a problem."""

        class Busy(bc.MemoryStore):
            def commit(self, outcomes):
                return [outcome.account for outcome in outcomes]

        store = Busy(filters=[BUYER])
        store.add(bc.Account("acme", currency="EUR"), order())
        report = run(store, BUYER)

        assert [each.code for each in report.problems] == ["conflict"]

    def test_the_order_of_records(self):
        """Records stand on documents in the order in which they came, also after a detour."""
        store = market(*(order(item(number), number=number) for number in (2, 1, 3)))
        store.change(order(item(2), number=2, ON_AccountBuy="shop"))
        store.change(order(item(2), number=2))
        (draft,) = run(store, BUYER).drafts

        assert [line.record for line in draft.lines] == [
            "Item/I-2:Buy",
            "Item/I-1:Buy",
            "Item/I-3:Buy",
        ]

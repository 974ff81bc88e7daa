"""A run of chosen records bills them, leaves all others out, and touches no draft that is there."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import canonical, check_outcome
from tests.unit.engine.metering import calls, lines_of, reasons
from tests.unit.engine.records import ACME, MARCH, VAT, contract, monthly, once
from tests.unit.engine.sources import DEALS, ORDERS, deal, order, orders, product, store_with

NOT_CHOSEN = (("chosen", "no"),)
OWN = bc.Filter("Own", use_case=bc.UseCase.USAGE, target="Case")
ROWS = bc.Filter("Rows", use_case=bc.UseCase.USAGE, target="Log", child_relation="Rows")


def bill(only, *contracts, filters=(), start=None, **snapshot):
    """Bill what was chosen of acme for March 2026, and check that all that entered left."""
    selection = bc.Selection(filters, start=start)
    run = bc.InvoiceRun(MARCH, selection=selection, only=only)
    known = bc.AccountSnapshot(ACME, contracts, **snapshot)
    outcome = bc.bill(run, known, VAT)
    check_outcome(outcome, known)
    return outcome


def nets(outcome):
    """Give what is billed, with its amount."""
    return {line.billable: str(line.net) for line in lines_of(outcome)}


def not_chosen(outcome):
    """Give what was left out since nobody chose it."""
    return {each.record for each in outcome.exclusions if each.facts == NOT_CHOSEN}


def case(id="C-1", **values):
    """Make a case that is billed as 3 units of CALLS on 5 March."""
    own = {"Type": "Transaction", "OrderNo": "CALLS", "Account": "acme", "Subscription": None}
    own |= {"Invoice": None, "Date": MARCH.first.replace(day=5), "Quantity": 3}
    return bc.SourceRecord(
        "Case", id, {f"ON_{name}": value for name, value in own.items()} | values
    )


def log(id, *rows, **values):
    """Make a log whose rows are billed as cases are."""
    own = case().values | values
    children = [bc.SourceRecord("Row", row.id, row.values) for row in rows]
    return bc.SourceRecord("Log", id, own, children={"Rows": children})


class TestSubscriptions:
    """Items by their contract's id, or by their own names."""

    CONTRACTS = (
        contract(monthly(), once()),
        contract(monthly(), id="S-2"),
        contract(monthly(), id="A/3"),
    )

    @pytest.mark.parametrize(
        ("only", "billed"),
        [
            (["S-1"], {"S-1/seats": "10.00", "S-1/setup": "50.00"}),
            (["S-1/setup", "S-2"], {"S-1/setup": "50.00", "S-2/seats": "10.00"}),
            (["A/3"], {"A%2F3/seats": "10.00"}),
            (["A%2F3/seats"], {"A%2F3/seats": "10.00"}),
            (["S-9"], {}),
            ([], {}),
        ],
        ids=["contract", "item and contract", "strange id", "its item", "nobody", "nothing"],
    )
    def test_only_what_was_chosen_is_billed(self, only, billed):
        """Each of the others is left out since it was not chosen."""
        outcome = bill(only, *self.CONTRACTS)

        assert nets(outcome) == billed
        everything = {"S-1/seats", "S-1/setup", "S-2/seats", "A%2F3/seats"}
        assert not_chosen(outcome) == everything - set(billed)

    def test_nothing_happens_to_what_was_not_chosen(self):
        """It is no problem, is not put off, and says that it was not chosen whatever its state."""
        outcome = bill(
            ["S-1"],
            contract(monthly(), hold=bc.Hold("2026-06-30")),
            contract(monthly(), id="S-2", hold=bc.Hold("2026-06-30")),
            contract(once(tax_code="unknown"), monthly(), id="S-3", entity="Nobody"),
            contract(monthly(), id="S-4", template="Nobody's"),
            contract(id="S-5"),
        )

        assert reasons(outcome) == {"S-1/seats": "ON_HOLD"} | dict.fromkeys(
            ["S-2/seats", "S-3/setup", "S-3/seats", "S-4/seats", "S-5"], "FILTER_MISMATCH"
        )
        assert [claim.billable for claim in outcome.decisions] == ["S-1/seats"]
        assert not outcome.problems

    def test_what_was_chosen_must_meet_the_criteria_too(self):
        """A run for euros of S-1 leaves out its item in dollars by its currency."""
        selection = bc.Selection(criteria=bc.Criteria(currency="EUR"))
        run = bc.InvoiceRun(MARCH, selection=selection, only=["S-1"])
        items = (monthly(), monthly("support", currency="USD"))
        known = bc.AccountSnapshot(ACME, [contract(*items), contract(*items, id="S-2")])
        outcome = bc.bill(run, known, VAT)

        assert nets(outcome) == {"S-1/seats": "10.00"}
        assert not_chosen(outcome) == {"S-2/seats", "S-2/support"}
        assert outcome.exclusions[0].facts == (("currency", "USD"), ("wanted", "EUR"))


class TestRecords:
    """Records of the host by their names."""

    def test_only_the_record_that_was_chosen_is_billed(self):
        """It is billed with all of its lines; those of the others are left out."""
        records = [order(1, product(1), product(2)), order(2, product(3)), deal(1), deal(2)]
        outcome = bill(["Order/O-1", "Deal/D-2"], filters=[ORDERS, DEALS], records=records)

        assert nets(outcome) == {
            "Product/P-1": "20.00", "Product/P-2": "20.00", "Deal/D-2": "100.00",
        }  # fmt: skip
        assert not_chosen(outcome) == {"Product/P-3", "Deal/D-1"}

    def test_a_line_stands_for_its_record(self):
        """A line is billed with its record, so that its name chooses that with all of its lines."""
        records = [order(1, product(1), product(2)), order(2, product(3))]
        outcome = bill(["Product/P-2"], filters=[ORDERS], records=records)

        assert nets(outcome) == {"Product/P-1": "20.00", "Product/P-2": "20.00"}
        assert not_chosen(outcome) == {"Product/P-3"}

    @pytest.mark.parametrize(
        ("only", "billed"),
        [
            (["Deal/D-1"], {"Deal/D-1:Buy", "Deal/D-1:Sell"}),
            (["Deal/D-1:Buy"], {"Deal/D-1:Buy"}),
        ],
        ids=["record", "party"],
    )
    def test_a_record_is_chosen_for_all_parties_or_for_one(self, only, billed):
        """Its own name is for all; the name with a party, as reports show it, for one."""
        filters = [
            bc.Filter(
                suffix,
                use_case=bc.UseCase.GENERIC,
                target="Deal",
                fields=bc.FieldSet(suffix=suffix),
            )
            for suffix in ("Buy", "Sell")
        ]
        values = {
            f"ON_{name}{suffix}": value
            for suffix in ("Buy", "Sell")
            for name, value in {"Account": "acme", "Title": "Flat", "UnitPrice": 9}.items()
        }
        outcome = bill(only, filters=filters, records=[bc.SourceRecord("Deal", "D-1", values)])

        assert set(nets(outcome)) == billed
        assert not_chosen(outcome) == {"Deal/D-1:Buy", "Deal/D-1:Sell"} - billed

    def test_nothing_is_wrong_with_a_record_that_was_not_chosen(self):
        """Neither a condition that fails, nor a price that is none; other accounts' are theirs."""
        records = [
            order(1, product(1, ON_UnitPrice="free")),
            order(2, product(2), ON_Account="other"),
            order(3, product(3), ON_Account=...),
        ]
        broken = orders(condition=lambda record: record["Nothing"])
        outcome = bill(["S-1"], filters=[broken], records=records)

        assert not outcome.problems
        assert not_chosen(outcome) == {"Product/P-1", "Product/P-3"}

    def test_a_run_from_a_record_does_not_look_at_others(self):
        """Of orders, the run starts from O-1 and O-2, and O-1 was chosen; O-3 is not mentioned."""
        records = [order(number, product(number)) for number in (1, 2, 3)]
        start = bc.StartFrom(["Order/O-1", "Order/O-2"])
        outcome = bill(["Order/O-1"], filters=[ORDERS], start=start, records=records)

        assert nets(outcome) == {"Product/P-1": "20.00"}
        assert reasons(outcome) == {"Product/P-2": "FILTER_MISMATCH"}

    def test_a_draft_that_is_there_is_not_touched(self):
        """O-2 comes later: the run itself adds it to its draft, a run of chosen records does not."""
        store = store_with(order(1, product(1)), filters=[ORDERS])
        run = bc.InvoiceRun(MARCH, selection=bc.Selection([ORDERS]))
        again = bc.InvoiceRun(MARCH, selection=bc.Selection([ORDERS]), only=["Order/O-2"])
        (first,) = bc.execute(run, store).drafts
        store.add(order(2, product(2)))
        grown = bc.bill(run, store.snapshot("acme"), store.tax)
        (second,) = bc.execute(again, store).drafts

        assert [draft.id for draft in grown.drafts] == [first.id]
        assert store.draft(first.id) == first
        assert (second.ordinal, second.run_id) == (2, first.run_id)
        assert [line.billable for line in second.lines] == ["Product/P-2"]

    def test_a_draft_that_was_discarded_comes_back_the_same(self):
        """Chosen by name, both orders are billed on the same draft as before."""
        store = store_with(order(1, product(1)), order(2, product(2)), filters=[ORDERS])
        selection = bc.Selection([ORDERS])
        (before,) = bc.execute(bc.InvoiceRun(MARCH, selection=selection), store).drafts
        store.discard(before.id)
        only = ["Order/O-1", "Order/O-2"]
        (after,) = bc.execute(bc.InvoiceRun(MARCH, selection=selection, only=only), store).drafts

        assert canonical(after) == canonical(before)


class TestUsageOfRecords:
    """Records of the host that are billed as usage, by their names and by their contract's."""

    @pytest.mark.parametrize(
        ("only", "billed", "left"),
        [
            (["Case/C-1"], {"S-1/calls": "30.00"}, {"Case/C-2", "Row/R-1", "Row/R-2"}),
            (["Log/L-1"], {"S-1/calls": "60.00"}, {"Case/C-1", "Case/C-2"}),
            (["Row/R-2"], {"S-1/calls": "30.00"}, {"Case/C-1", "Case/C-2", "Row/R-1"}),
            (["S-1"], {"S-1/calls": "120.00"}, set()),
        ],
        ids=["record", "root", "row", "contract"],
    )
    def test_records_are_chosen_by_any_of_their_names(self, only, billed, left):
        """Two cases and two rows of a log, each 3 calls at 10.00."""
        records = [case("C-1"), case("C-2"), log("L-1", case("R-1"), case("R-2"))]
        outcome = bill(only, contract(calls()), filters=[OWN, ROWS], records=records)

        found = {}
        for line in lines_of(outcome):
            found[line.billable] = found.get(line.billable, 0) + line.net
        assert {name: str(net) for name, net in found.items()} == billed
        assert not_chosen(outcome) == left

    def test_nothing_is_wrong_with_records_that_were_not_chosen(self):
        """What cannot be read is a problem if it was chosen; if not, nobody asks."""
        records = [
            case("C-1", ON_Quantity="many"),
            case("C-2", ON_Quantity="many"),
            case("C-3", ON_Account=None),
            case("C-4", ON_Account=None),
            log("L-1", case("R-1"), ON_Account=None),
            log("L-2", ON_Account=None),
            log("L-3", case("R-2"), ON_Account=None),
        ]
        only = ["Case/C-1", "Case/C-3", "Row/R-2"]
        outcome = bill(only, contract(calls()), filters=[OWN, ROWS], records=records)

        wrong = {"Case/C-1", "Case/C-3", "Log/L-3"}
        assert {problem.record for problem in outcome.problems} == wrong
        left = {"Case/C-2", "Case/C-4", "Row/R-1", "Log/L-2", "S-1/calls"}
        assert not_chosen(outcome) == left

    def test_a_record_without_rows_says_so_if_it_was_chosen(self):
        """Of two empty logs, the one that was chosen has no products."""
        records = [log("L-1"), log("L-2"), log("L-3", case("R-1"))]
        outcome = bill(["Log/L-1"], contract(calls()), filters=[ROWS], records=records)

        assert reasons(outcome)["Log/L-1"] == "NO_PRODUCTS"
        assert not_chosen(outcome) == {"Log/L-2", "Row/R-1", "S-1/calls"}

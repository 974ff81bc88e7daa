"""Policies, runs, selections and coverage: the values that decide who is in."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from billingcore.scope.coverage import first_gap
from tests.unit.engine.records import MARCH, bill, contract, monthly, run_of, store_of


class TestPolicy:
    """Policies are data, with a version."""

    def test_the_presets(self):
        """The presets differ in how eager a run is, and in whether it corrects, in nothing else."""
        eager = {
            "first_period": bc.FirstPeriod.FROM_ITEM,
            "catch_up": bc.CatchUp.EVERY,
            "open_drafts": bc.OpenDrafts.CONTINUE,
            "corrections": bc.Corrections.NEXT_INVOICE,
            "late_usage": bc.LateUsage.INCLUDE,
            "late_children": bc.LateChildren.BILL,
            "record_days": bc.RecordDays.SERVICE_DATE,
        }

        assert bc.DOCUMENTED.but(name="LEVEL", **eager) == bc.LEVEL

    def test_a_changed_policy_says_so(self):
        """The name of a changed policy says what was changed, unless it is given one."""
        both = bc.LEVEL.but(tax_delta=True, scope=bc.Scope.STRICT)

        assert both.name == "LEVEL but scope=STRICT, tax_delta=True"
        assert bc.LEVEL.but(name="ours", tax_delta=True).name == "ours"

    def test_versions_name_the_content(self):
        """Equal switches have equal versions whatever their name; one other switch another one."""
        policies = [
            bc.DOCUMENTED,
            bc.LEVEL,
            bc.DOCUMENTED.but(tax_delta=True),
            bc.DOCUMENTED.but(grouping=bc.PER_ACCOUNT),
            bc.DOCUMENTED.but(cash_increments={"CHF": "0.05"}),
            bc.DOCUMENTED.but(active_statuses=["Active", "Trial"]),
            bc.DOCUMENTED.but(fiscal_year_start=4),
            bc.DOCUMENTED.but(rounding=bc.Rounding.HALF_EVEN),
        ]

        assert len({policy.version for policy in policies}) == len(policies)
        assert bc.DOCUMENTED.but(name="x").version == bc.DOCUMENTED.version

    @pytest.mark.parametrize(
        "change",
        [
            {"catch_up": "ONE"},
            {"scope": bc.CatchUp.ONE},
            {"tax_level": None},
            {"fiscal_year_start": 13},
            {"fiscal_year_start": True},
            {"cash_increments": {"CHF": 0}},
            {"cash_increments": {"XXXX": 1}},
            {"cash_increments": {"CHF": 0.05}},
            {"no_such_switch": 1},
        ],
        ids=str,
    )
    def test_wrong_switches(self, change):
        """A value of the wrong kind, and a switch that there is not, are refused."""
        with pytest.raises(bc.InvalidInputError):
            bc.DOCUMENTED.but(**change)

    def test_active_statuses(self):
        """Which statuses are billed is policy."""
        store = store_of(contract(monthly(), status="Trial"))

        assert bill(store).drafts == ()
        assert len(bill(store, run_of(active_statuses={"Trial"})).drafts) == 1

    def test_day_unit(self):
        """A period of one day is billed monthly by days, or by policy day by day."""
        item = monthly(price=1, cadence=bc.daily())
        store = store_of(contract(item, start="2026-03-01"))
        days = run_of(day_unit=bc.DayUnit.DAYS, policy=bc.LEVEL)
        (documented,), (daily,) = bill(store).drafts, bill(store, days).drafts

        assert [(line.factor, line.net) for line in documented.lines] == [(31, 31)]
        assert [(line.factor, line.net) for line in daily.lines] == [(1, 1)] * 31

    def test_rounding_of_lines(self):
        """Lines are rounded by the policy: a third of 0.05 is 0.016…, half of it 0.025."""
        item = monthly(price="0.05", quantity="0.5")
        found = {
            rounding.name: str(
                bill(store_of(contract(item)), run_of(rounding=rounding)).drafts[0].totals.net
            )
            for rounding in bc.Rounding
        }

        assert found == {
            "HALF_UP": "0.03",
            "HALF_EVEN": "0.02",
            "UP": "0.03",
            "DOWN": "0.02",
            "CEILING": "0.03",
            "FLOOR": "0.02",
        }


class TestInvoiceRun:
    """A run is its parameters, and is named by them."""

    def test_runs_are_named_by_period_and_filter(self):
        """Equal period and filter make the same run; a name of its own makes another."""
        german = bc.Selection([bc.Filter("German customers")])

        assert run_of().id == "2026-03-01..2026-03-31"
        assert run_of(selection=german).id == "2026-03-01..2026-03-31/German%20customers"
        assert run_of(id="test").id == "test"
        assert run_of() == run_of()

    @pytest.mark.parametrize(
        "fields",
        [
            {"period": bc.Period("2026-03-01", None)},
            {"period": bc.Period(None, "2026-03-01")},
            {"period": "March"},
            {"period": MARCH, "selection": "all"},
            {"period": MARCH, "policy": "LEVEL"},
            {"period": MARCH, "invoice_date": "31.03.2026"},
            {"period": MARCH, "id": ""},
        ],
        ids=["no end", "no start", "text", "selection", "policy", "date", "empty id"],
    )
    def test_wrong_parameters(self, fields):
        """A parameter of the wrong kind is refused when the run is made."""
        with pytest.raises(bc.InvalidInputError):
            bc.InvoiceRun(fields.pop("period"), **fields)


class TestSelection:
    """Filters select; of several one must be chosen."""

    def test_no_filter_selects_all(self):
        """Without filters every subscription is selected."""
        assert (bc.Selection().applied, bc.Selection().applied_name) == (None, "")

    def test_one_filter_always_applies(self):
        """The only filter need not be chosen, and selects what matches it."""
        selection = bc.Selection([bc.Filter("S", lambda each: each.id == "S-1")])
        store = store_of(contract(monthly()), contract(monthly("b"), id="S-2"))
        outcome = bill(store, run_of(selection=selection))

        assert outcome.billed == {"S-1/seats"}
        assert [each.reason for each in outcome.exclusions] == [bc.Reason.FILTER_MISMATCH]

    def test_the_chosen_filter_applies(self):
        """Of several filters the chosen one applies; one without a condition selects all."""
        filters = [bc.Filter("none", lambda _: False), bc.Filter("all")]
        selection = bc.Selection(filters, chosen="all")

        assert selection.applied_name == "all"
        assert selection.applied.selects(contract(monthly()))

    @pytest.mark.parametrize(
        ("names", "chosen", "rule"),
        [
            (["a", "b"], None, "several filters and none chosen; choose one of a, b"),
            (["a", "b"], "c", "no filter of this name"),
            (["a"], "c", "no filter of this name"),
            ([], "c", "no filter of this name"),
            (["a", "a"], "a", "two have the same name"),
        ],
    )
    def test_wrong_selections(self, names, chosen, rule):
        """A choice that is missing or not there is refused."""
        with pytest.raises(bc.InvalidInputError, match=rule):
            bc.Selection(map(bc.Filter, names), chosen=chosen)


def claim(first, stop, state=bc.ClaimState.FINAL, document="1"):
    """Make a claim on days of S-1/seats."""
    return bc.Claim("S-1/seats", bc.Period(first, stop), document, state)


DRAFT, WAIVED, CARRIED = bc.ClaimState.DRAFT, bc.ClaimState.WAIVED, bc.ClaimState.CARRIED


def covered_by(*claims):
    """Sort the claims of one billable."""
    return bc.coverage_of(claims)["S-1/seats"]


class TestCoverage:
    """What is covered is read from claims, in any order."""

    def test_adjacent_and_overlapping_claims_join(self):
        """Claims that touch or overlap are one stretch; a gap keeps two."""
        covered = covered_by(
            claim("2026-03-01", "2026-04-01"),
            claim("2026-01-01", "2026-02-01"),
            claim("2026-02-01", "2026-02-15"),
            claim("2026-02-10", "2026-02-20"),
        )

        assert covered.stretches == (
            (date(2026, 1, 1), date(2026, 2, 20)),
            (date(2026, 3, 1), date(2026, 4, 1)),
        )

    def test_drafts_count_apart(self):
        """Drafts cover days, but only invoices and waivers are final."""
        covered = covered_by(
            claim("2026-02-01", "2026-03-01", DRAFT, "d"), claim("2026-01-01", "2026-02-01", WAIVED)
        )

        assert covered.stretches == ((date(2026, 1, 1), date(2026, 3, 1)),)
        assert covered.final == ((date(2026, 1, 1), date(2026, 2, 1)),)
        assert (covered.draft, covered.is_done) == ("d", False)

    def test_carried_days_are_due(self):
        """What was put off covers nothing, and says since when it is due."""
        covered = covered_by(
            claim("2026-02-01", "2026-03-01", CARRIED), claim("2026-01-01", "2026-02-01", CARRIED)
        )

        assert (covered.stretches, covered.due_since) == ((), date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("state", "is_done"),
        [(bc.ClaimState.FINAL, True), (WAIVED, True), (DRAFT, False), (CARRIED, False)],
    )
    def test_once(self, state, is_done):
        """What is billed once is done by an invoice or a waiver."""
        covered = covered_by(bc.Claim("S-1/seats", None, "1", state))

        assert covered.is_done is is_done

    def test_the_first_unbroken_stretch_ends_where_the_next_period_starts(self):
        """After the second of three invoices is canceled, the next start is in its place."""
        covered = covered_by(
            claim("2026-01-01", "2026-02-01"), claim("2026-03-01", "2026-04-01", document="3")
        )

        assert bc.next_service_period_start(covered) == date(2026, 2, 1)
        assert bc.next_service_period_start(covered, date(2026, 1, 1)) == date(2026, 2, 1)
        assert bc.next_service_period_start(bc.Covered()) is None
        assert bc.next_service_period_start(bc.Covered(), date(2026, 5, 1)) == date(2026, 5, 1)

    def test_a_gap_is_billed_again_and_ends_where_coverage_begins(self):
        """A canceled February is billed anew, and no more than February."""
        store = store_of(contract(monthly()))
        store.add_claims(
            "acme",
            claim("2026-01-01", "2026-02-01"),
            claim("2026-02-15", "2026-04-01", document="3"),
        )
        (draft,) = bill(store).drafts

        assert [str(line.service_period) for line in draft.lines] == ["2026-02-01/2026-02-15"]

    def test_days_that_no_document_covers(self):
        """Days covered by a migrated start alone name no document, whatever else was billed."""
        item = monthly(next_service_period_start="2026-04-01")
        store = store_of(contract(item))
        store.add_claims("acme", claim("2026-01-01", "2026-02-01"))
        (exclusion,) = bill(store).exclusions

        assert (exclusion.reason, exclusion.facts) == (bc.Reason.COVERED, ())

    def test_the_first_gap_of_any_days(self):
        """The first uncovered day is found behind every stretch that begins on it."""
        stretches = [
            (date(2026, 1, 1), date(2026, 1, 3)),
            (date(2026, 1, 3), date(2026, 1, 5)),
            (date(2026, 2, 1), date(2026, 3, 1)),
        ]

        assert first_gap(stretches, date(2026, 1, 1)) == date(2026, 1, 5)
        assert first_gap(stretches, date(2025, 12, 31)) == date(2025, 12, 31)
        assert first_gap(stretches, date(2026, 2, 28)) == date(2026, 3, 1)


class TestWhyNot:
    """Why one item is not billed by one run."""

    STORE = store_of(
        contract(monthly("a"), monthly("b", tax_code="?"), monthly("off", active=False)),
        contract(monthly("a"), id="S-2"),
    )

    def why(self, item_id, tax=None):
        """Ask without changing anything."""
        return bc.why_not(run_of(), self.STORE.snapshot("acme"), item_id, tax)

    @pytest.mark.parametrize("name", ["S-1/a", "S-2/a"])
    def test_an_item_that_is_billed(self, name):
        """There is no reason; items of one id are told apart by their subscription."""
        assert self.why(name) is None

    def test_a_problem_is_an_answer(self):
        """With a tax engine a wrong code is a problem; without one codes are taken as known."""
        problem = self.why("b", self.STORE.tax)

        assert isinstance(problem, bc.Problem)
        assert self.why("b") is None

    @pytest.mark.parametrize(
        ("item_id", "rule"),
        [
            ("a", "several items have this id; use one of S-1/a, S-2/a"),
            ("z", "the account has no such item; use one of S-1/a, S-1/b, S-1/off, S-2/a"),
        ],
    )
    def test_which_item(self, item_id, rule):
        """An id that is unknown, or not one item's, is refused with those that there are."""
        with pytest.raises(bc.InvalidInputError, match=rule):
            self.why(item_id)

    def test_names_that_need_escaping(self):
        """An item is found by its plain id and by the name under which it is billed."""
        store = store_of(contract(monthly("a b", active=False), id="S/1"))
        snapshot = store.snapshot("acme")
        answers = {
            name: bc.why_not(run_of(), snapshot, name).reason.name
            for name in ("a b", "S/1/a b", "S%2F1/a%20b")
        }

        assert set(answers.values()) == {"ITEM_INACTIVE"}

    def test_an_item_without_an_account_that_is_active(self):
        """The account's reason is the answer for each of its items."""
        store = store_of(
            contract(monthly()), account=bc.Account("acme", currency="EUR", active=False)
        )

        assert bc.why_not(run_of(), store.snapshot("acme"), "seats").reason is (
            bc.Reason.ACCOUNT_NOT_ACTIVE
        )

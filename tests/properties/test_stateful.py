"""A host that adds, runs, discards, edits, finalizes and runs again, in any order."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import billingcore as bc
from billingcore.testing import check_claims, check_document, check_numbers, check_outcome
from tests.engine_strategies import discounts, messy_contracts, quantities, runs_by_month, tax_table


class Host(RuleBasedStateMachine):
    """Does to a store what hosts do."""

    policy = bc.DOCUMENTED

    def __init__(self) -> None:
        super().__init__()
        series = bc.NumberPattern("[Year]-{000}", reset=bc.Reset.YEARLY)
        setup = bc.Setup([bc.Template("Default", series=series)])
        self.store = bc.MemoryStore(tax=tax_table(), setup=setup)
        self.count = 0
        self.issued: list[bc.Invoice] = []

    @initialize()
    def open(self) -> None:
        """Begin with two accounts."""
        self.store.add(bc.Account("acme", currency="EUR"), bc.Account("zeta", currency="CHF"))

    @rule(data=st.data(), account=st.sampled_from(["acme", "zeta"]))
    def subscribe(self, data, account) -> None:
        """Add a contract."""
        self.count += 1
        self.store.add(data.draw(messy_contracts(f"S-{self.count}", account)))

    @rule(period=runs_by_month)
    def run(self, period) -> None:
        """Preview a month, bill it, and compare."""
        run = bc.InvoiceRun(period, policy=self.policy)
        planned = []
        for outcome in bc.plan(run, self.store):
            check_outcome(outcome, self.store.snapshot(outcome.account))
            planned += outcome.drafts
        report = bc.execute(run, self.store)

        assert list(report.drafts) == planned
        again = bc.execute(run, self.store)
        assert again.draft_ids == []

    def drafts(self) -> list[bc.DraftInvoice]:
        """Give the live drafts."""
        return list(self.store.drafts())

    @precondition(lambda self: self.drafts())
    @rule(data=st.data())
    def discard(self, data) -> None:
        """Discard a draft."""
        self.store.discard(data.draw(st.sampled_from(self.drafts())).id)

    @precondition(lambda self: self.drafts())
    @rule(data=st.data(), quantity=quantities, discount=discounts)
    def edit(self, data, quantity, discount) -> None:
        """Change, remove, add or discount."""
        draft = data.draw(st.sampled_from(self.drafts()))
        number = data.draw(st.integers(1, len(draft.visible_lines)))
        extra = bc.Item("extra", unit_price="9.99", tax_code="reduced")
        edits = {
            "change": lambda: bc.edit.change_line(draft, number, quantity=quantity),
            "remove": lambda: bc.edit.remove_line(draft, number),
            "add": lambda: bc.edit.add_line(draft, extra, tax=self.store.tax),
            "discount": lambda: bc.edit.discount_order(draft, discount),
        }
        names = [name for name in edits if name != "remove" or len(draft.visible_lines) > 1]
        self.store.put(edits[data.draw(st.sampled_from(names))]())

    @precondition(lambda self: self.drafts())
    @rule(data=st.data(), day=st.dates(bc.Period.year(2025).start, bc.Period.year(2026).last))
    def finalize(self, data, day) -> None:
        """Finalize a draft, and fail to do so twice."""
        draft = data.draw(st.sampled_from(self.drafts()))
        self.issued.append(bc.finalize(draft, self.store, on=day))
        with pytest.raises(bc.InvalidTransitionError):
            bc.finalize(draft, self.store, on=day)

    @invariant()
    def documents_add_up(self) -> None:
        """Every document conserves."""
        for draft in self.drafts():
            check_document(draft)

    @invariant()
    def nothing_is_billed_twice(self) -> None:
        """No claims overlap."""
        for account in self.store.accounts():
            check_claims(self.store.snapshot(account).claims)

    @invariant()
    def invoices_stay_and_are_numbered(self) -> None:
        """Invoices are numbered without gap, and never change."""
        assert list(self.store.invoices()) == self.issued
        check_numbers(self.store.invoices())


class LevelHost(Host):
    """The same under the other preset."""

    policy = bc.LEVEL


TestDocumented = Host.TestCase
TestLevel = LevelHost.TestCase
TestDocumented.settings = TestLevel.settings = settings(max_examples=25, stateful_step_count=20)

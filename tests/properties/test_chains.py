"""Law 4 over arbitrary agreements: deductions and remainder are the contract, in documents and books."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import billingcore as bc
from tests.chain_driver import Agreement
from tests.chain_oracle import INTERIM, RATES, SUBS, gross

CASH = {"CHF": "0.05"}
KEYS = ("house", "house", "house", "garden")

currencies = st.sampled_from(["EUR", "CHF", "CHF", "JPY", "KWD"])
counts = st.one_of(st.integers(1, 30), st.integers(1, 100_000))
nets = st.dictionaries(st.sampled_from(sorted(RATES)), counts, min_size=1)


class Chains(RuleBasedStateMachine):
    """Does what a company does with its agreements, in any order."""

    @initialize(
        currency=currencies,
        shape=st.sampled_from(bc.FinalShape),
        deducted=st.sampled_from(bc.DeductProgress),
        tax=st.sampled_from(bc.ChainTax),
        books_deposits=st.booleans(),
    )
    def begin(self, currency, shape, deducted, tax, books_deposits) -> None:
        """Choose a currency and the rules; cash is rounded where open advances are taken over."""
        cash = CASH if deducted is bc.DeductProgress.PAID else {}
        policy = bc.DOCUMENTED.but(
            final_shape=shape, deduct_progress=deducted, chain_tax=tax, cash_increments=cash
        )
        self.run = Agreement(currency, policy, books_deposits=books_deposits)

    # ---- what there is

    @property
    def oracle(self):
        """The books of the oracle."""
        return self.run.oracle

    def numbers(self, *, with_closed: bool = False) -> list[str]:
        """Documents that are neither canceled nor cancel others."""
        return [
            number
            for number, each in self.oracle.documents.items()
            if not each.canceled
            and each.kind != "cancellation"
            and (with_closed or not each.closed)
        ]

    def open_ones(self) -> list[str]:
        """Documents that are to be paid."""
        return [number for number in self.numbers() if self.oracle.balance(number) > 0]

    def drafts(self, key: str, *kinds: str) -> list[bc.DraftInvoice]:
        """Drafts of an agreement."""
        every = self.run.store.drafts()
        return [e for e in every if e.sub_invoice_key == key and e.kind.value in kinds]

    def final(self, key: str) -> list[str]:
        """The live final of an agreement, if there is one."""
        return [*self.oracle.live(key, ["final"])]

    def units(self, given) -> dict[str, Fraction]:
        """Net amounts of the smallest units."""
        return {code: count * self.oracle.step for code, count in given.items()}

    # ---- documents

    @rule(
        kind=st.sampled_from(SUBS), given=nets, key=st.sampled_from(KEYS),
        is_draft=st.sampled_from([False, False, True]), is_alone=st.booleans(),
    )  # fmt: skip
    def sub(self, kind, given, key, is_draft, is_alone) -> None:
        """Claim a part; after the final that is refused."""
        if kind == "deposit":
            given = dict([*given.items()][:1])
            key = "" if is_alone else key
        finals = self.final(key) if key else []
        if finals:
            with pytest.raises(bc.InvalidTransitionError, match=finals[0]):
                self.run.draft(kind, self.units(given), key)
            return
        draft = self.run.draft(kind, self.units(given), key)
        if is_draft:
            self.run.store.put(draft)
            self.run.check()
        else:
            self.run.finalize(draft)

    @rule(
        key=st.sampled_from(KEYS), given=nets, how=st.sampled_from(["exact", "more", "any"]),
        is_draft=st.sampled_from([False, False, True]),
    )  # fmt: skip
    def bill_all(self, key, given, how, is_draft) -> None:
        """Make the final; there is one, and only after all drafts of parts are decided."""
        wanted = self.contract(key, how, self.units(given))
        in_the_way = self.final(key) or [e.id for e in self.drafts(key, "final", *SUBS)]
        if in_the_way:
            with pytest.raises(bc.InvalidTransitionError) as refusal:
                self.run.draft("final", wanted, key)
            assert any(name in str(refusal.value) for name in in_the_way)
            return
        draft = self.run.draft("final", wanted, key)
        if is_draft:
            self.run.store.put(draft)
            self.run.check()
        else:
            self.run.finalize(draft)

    def contract(self, key, how, given) -> dict[str, Fraction]:
        """What is agreed: as much as is invoiced, more than that, or anything."""
        found: dict[str, Fraction] = {} if how == "exact" else dict(given)
        if how != "any":
            for number in self.oracle.live(key):
                for code, (net, _) in self.oracle.invoiced(number).items():
                    found[code] = found.get(code, Fraction(0)) + net
        return found or given

    @precondition(lambda self: [*self.run.store.drafts()])
    @rule(data=st.data(), is_kept=st.booleans())
    def decide(self, data, is_kept) -> None:
        """Finalize or discard a draft."""
        names = [each.id for each in self.run.store.drafts()]
        draft = self.run.store.draft(data.draw(st.sampled_from(names)))
        key = draft.sub_invoice_key
        in_the_way = self.final(key) if key else []
        if draft.kind is bc.InvoiceKind.FINAL:
            in_the_way = in_the_way or [e.id for e in self.drafts(key, *SUBS)]
        if not is_kept:
            self.run.store.discard(draft.id)
            self.run.check()
        elif in_the_way:
            with pytest.raises(bc.InvalidTransitionError) as refusal:
                bc.finalize(draft, self.run.store, on="2026-02-01")
            assert any(name in str(refusal.value) for name in in_the_way)
        else:
            self.run.finalize(draft)

    @precondition(lambda self: self.numbers())
    @rule(data=st.data(), share=st.fractions(Fraction(1, 100), 1))
    def credit(self, data, share) -> None:
        """Give a part of a document back, but not of one that a final deducts."""
        number = data.draw(st.sampled_from(self.numbers()))
        own = self.oracle.documents[number]
        left = gross(own.parts) + sum(
            (gross(self.oracle.documents[e].parts) for e in self.oracle.credits_of(number)),
            Fraction(0),
        )
        amount = left * share // self.oracle.step * self.oracle.step
        final = self.oracle.final_of(number)
        is_rest = self.run.policy.final_shape is bc.FinalShape.REMAINDER
        if amount <= 0 or (own.kind == "final" and (is_rest or own.due <= 0)):
            return
        of_credit = own.original and self.oracle.documents[own.original].kind in SUBS
        if final or own.closed or own.kind == "deposit" or of_credit:
            with pytest.raises(bc.InvalidTransitionError) as refusal:
                self.run.credit(number, amount)
            assert own.kind == "deposit" or final in str(refusal.value)
        else:
            self.run.credit(number, amount)

    @precondition(lambda self: self.numbers(with_closed=True))
    @rule(data=st.data())
    def cancel(self, data) -> None:
        """Cancel a document, or hear what is in the way."""
        number = data.draw(st.sampled_from(self.numbers(with_closed=True)))
        own = self.oracle.documents[number]
        final = self.oracle.final_of(own.original or number)
        in_the_way = [final] if final else self.oracle.credits_of(number)
        if in_the_way:
            with pytest.raises(bc.InvalidTransitionError, match=in_the_way[0]):
                self.run.cancel(number)
        else:
            self.run.cancel(number)

    @precondition(lambda self: self.final("house"))
    @rule()
    def begin_again(self) -> None:
        """Cancel the final, unless a part of it was given back; all before it is available again."""
        (number,) = self.final("house")
        if not self.oracle.credits_of(number):
            self.run.cancel(number)

    @precondition(lambda self: self.numbers())
    @rule(data=st.data())
    def close(self, data) -> None:
        """Close a payment on account; what a final deducts is not closed."""
        number = data.draw(st.sampled_from(self.numbers()))
        own = self.oracle.documents[number]
        in_the_way = self.oracle.final_of(number) or self.oracle.credits_of(number)
        if own.kind not in INTERIM or in_the_way:
            with pytest.raises(bc.InvalidTransitionError):
                self.run.close(number)
        else:
            self.run.close(number)

    # ---- money

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data(), share=st.sampled_from([Fraction(1, 3), Fraction(2, 3), Fraction(1)]))
    def pay(self, data, share) -> None:
        """Pay a document, in part or in full."""
        number = data.draw(st.sampled_from(self.open_ones()))
        amount = self.oracle.balance(number) * share // self.oracle.step * self.oracle.step
        self.run.pay(self.run.name("payment"), amount, number)

    @precondition(lambda self: self.open_ones() or self.run.paid)
    @rule(data=st.data(), is_exact=st.booleans(), count=counts)
    def pay_several(self, data, is_exact, count) -> None:
        """Pay several documents or none, perhaps too much; or change a payment."""
        several = st.lists(st.sampled_from(self.open_ones() or [None]), unique=True, max_size=3)
        chosen = [number for number in data.draw(several) if number]
        known = sorted(each for each in self.run.paid if each.startswith("payment"))
        name = data.draw(st.sampled_from([self.run.name("payment"), *known]))
        whole = sum((max(self.oracle.balance(e), Fraction(0)) for e in chosen), Fraction(0))
        self.run.pay(name, whole if is_exact else count * self.oracle.step, *chosen)

    @precondition(lambda self: self.run.paid)
    @rule(data=st.data())
    def withdraw(self, data) -> None:
        """Have a payment refused late."""
        self.run.withdraw(data.draw(st.sampled_from(sorted(self.run.paid))))

    @precondition(lambda self: self.numbers())
    @rule(data=st.data(), count=counts)
    def pay_back(self, data, count) -> None:
        """Give money back for a document."""
        self.run.pay_back(count * self.oracle.step, data.draw(st.sampled_from(self.numbers())))

    @precondition(lambda self: self.open_ones())
    @rule(data=st.data())
    def write_off(self, data) -> None:
        """Give up what is open on a document."""
        self.run.write_off(data.draw(st.sampled_from(self.open_ones())))

    @precondition(lambda self: any(self.oracle.balance(number) < 0 for number in self.numbers()))
    @rule()
    def settle(self) -> None:
        """Let credits pay documents."""
        self.run.settle()

    def teardown(self) -> None:
        """Bill and pay all that is agreed: nothing is left but revenue, tax and money."""
        if sys.exc_info()[0] is not None or not hasattr(self, "run"):
            return
        for draft in [*self.run.store.drafts()]:
            self.run.store.discard(draft.id)
        for number in self.numbers():
            own = self.oracle.documents[number]
            if own.kind == "deposit" and not own.key:
                self.run.close(number)
        for key in sorted(set(KEYS)):
            if self.oracle.live(key) and not self.final(key):
                self.run.issue("final", self.contract(key, "exact", {"S19": Fraction(1)}), key)
        self.run.pay_all()
        self.run.check_end()


TestChains = Chains.TestCase
TestChains.settings = settings(stateful_step_count=25)

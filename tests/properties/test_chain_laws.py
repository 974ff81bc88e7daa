"""Laws of agreements that compare two ways to the same end."""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction
from unittest import mock

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import testing
from tests.chain_driver import Agreement, parts_of
from tests.chain_oracle import RATES, plain
from tests.many_chains import RandomChain

seeds = st.integers(0, 10**9)
nets = st.dictionaries(st.sampled_from(sorted(RATES)), st.integers(1, 100_000), min_size=1)


class BookedLater(RandomChain):
    """Books payments by a job, which a final has to wait for."""

    def __init__(self, seed: int, twin: RandomChain) -> None:
        super().__init__(seed, is_immediate=False)
        self.twin = twin
        self.refusals = 0

    def bill_all(self, nets: dict[str, Fraction]) -> bc.Invoice:
        """Make the final, as soon as all advances are booked."""
        if self.advances() != self.twin.booked[len(self.finals)]:
            with pytest.raises(bc.SubsNotBookedError):
                self.agreement.draft("final", nets)
            self.agreement.book()
        return super().bill_all(nets)


@given(seeds)
def test_both_shapes_say_the_same(seed):
    """A final of all that was agreed and one of the remainder are equal in every total."""
    chains = [RandomChain(seed, shape) for shape in bc.FinalShape]
    for chain in chains:
        chain.live()
        chain.check()
    whole, rest = chains

    assert len(whole.finals) == len(rest.finals)
    for full, remainder in zip(whole.finals, rest.finals, strict=True):
        assert full.totals.due == remainder.totals.due
        assert full.totals.gross - full.totals.paid == remainder.totals.gross
        assert plain(parts_of(full.remaining.parts)) == plain(parts_of(remainder.remaining.parts))
        assert full.remaining.net == remainder.totals.net
        assert full.remaining.tax == remainder.totals.tax
    assert whole.balances() == rest.balances()


@given(seeds)
def test_booked_later_is_booked_the_same(seed):
    """A final waits for the job that books payments; then all is as if booked at once."""
    at_once = RandomChain(seed)
    at_once.live()
    later = BookedLater(seed, at_once)
    later.live()
    later.agreement.book()

    later.check()
    testing.check_books(later.books)
    assert later.balances() == at_once.balances()
    assert bc.book_payments(later.books).entries == ()


QUICK = (
    "billingcore.lifecycle.chains.documents._PlainDocuments.document",
    "billingcore.lifecycle.chains.posting.plain_final",
    "billingcore.lifecycle.manual._plain_lines",
)
"""What answers for the ordinary case only, and says nothing where care is needed."""


@given(seeds, st.booleans())
def test_the_quick_ways_are_as_the_careful_ones(seed, is_immediate):
    """Without what answers in the ordinary case, all documents and all entries are the same."""
    quick = RandomChain(seed, is_immediate=is_immediate)
    careful = RandomChain(seed, is_immediate=is_immediate)
    for chain, names in ((quick, ()), (careful, QUICK)):
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(mock.patch(name, return_value=None))
            try:
                chain.live()
            except bc.SubsNotBookedError as error:
                chain.refused = str(error)
            else:
                chain.refused = ""
            chain.chain = bc.chain_documents(chain.books)

    assert quick.refused == careful.refused
    assert quick.books == careful.books
    assert repr(quick.chain) == repr(careful.chain)
    for entries, others in zip(
        quick.books.entries.values(), careful.books.entries.values(), strict=True
    ):
        assert [repr(each.lines) for each in entries] == [repr(each.lines) for each in others]


@given(
    st.lists(st.tuples(st.sampled_from(["partial", "progress"]), nets), min_size=1, max_size=4),
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.sampled_from(bc.FinalShape),
    st.sampled_from(bc.DeductProgress),
)
def test_what_is_paid_before_leaves_nothing(claims, currency, shape, deducted):
    """If all that is agreed was claimed and paid, the final is an invoice of exactly 0."""
    policy = bc.DOCUMENTED.but(final_shape=shape, deduct_progress=deducted)
    agreement = Agreement(currency, policy)
    whole: dict[str, Fraction] = {}
    for kind, counts in claims:
        claimed = {code: count * agreement.oracle.step for code, count in counts.items()}
        number = agreement.issue(kind, claimed).number
        agreement.pay(f"P-{number}", agreement.oracle.balance(number), number)
        for code, net in claimed.items():
            whole[code] = whole.get(code, Fraction(0)) + net
    final = agreement.issue("final", whole)

    assert final.kind is bc.InvoiceKind.FINAL
    assert final.totals.due == final.remaining.net == final.remaining.tax == 0
    assert not any(part.net or part.amount for part in final.remaining.parts)
    assert bc.standing(agreement.books, final).status is bc.InvoiceStatus.PAID
    agreement.check_end()


@given(nets, st.fractions(Fraction(1, 50), 1))
def test_a_canceled_credit_leaves_a_paid_claim_as_it_was(counts, share):
    """If a credit of a paid progress invoice is canceled, the books are as if there were none."""
    agreement = Agreement()
    number = agreement.issue("progress", {c: Fraction(n, 100) for c, n in counts.items()}).number
    whole = agreement.oracle.balance(number)
    agreement.pay("P-1", whole, number)
    before = agreement.ledger(agreement.books)
    amount = whole * 100 * share // 1 / Fraction(100)
    assume(0 < amount < whole)  # a credit of all frees the payment first
    credit = agreement.credit(number, amount)
    agreement.cancel(credit.number)

    assert {n: a for n, a in agreement.ledger(agreement.books).items() if a} == {
        n: a for n, a in before.items() if a
    }

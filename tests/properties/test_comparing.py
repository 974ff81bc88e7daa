"""Laws of comparisons: nothing differs from itself, and all parts add up to the difference."""

from __future__ import annotations

import decimal
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import strategies
from billingcore.testing.strategies.of_worlds import agreement
from billingcore.views.comparing.compare import compare, compare_accounts
from billingcore.views.comparing.differences import Fate
from tests import change_strategies, engine_strategies
from tests.change_strategies import Player, stories
from tests.strategies import hostile_contexts

ACME = bc.Account("acme", currency="EUR")
YEAR = bc.Period.closed("2025-01-01", "2025-12-31")


def drafts_of(side):
    """Give the documents of outcomes, drafts or invoices."""
    found = []
    for each in side:
        found += each.drafts if isinstance(each, bc.AccountOutcome) else [each]
    return found


def totals_of(side):
    """Add the documents of a side: (account, currency) → net, tax, gross."""
    sums = defaultdict(lambda: [Decimal(0)] * 3)
    for draft in drafts_of(side):
        amounts = draft.totals.net, draft.totals.tax, draft.totals.gross
        known = sums[draft.account.id, draft.currency]
        sums[draft.account.id, draft.currency] = [
            a + b for a, b in zip(known, amounts, strict=True)
        ]
    return sums


def three(amounts):
    """Give net, tax and gross."""
    return [amounts.net, amounts.tax, amounts.gross]


def added(found):
    """Add amounts."""
    return [sum(column, Decimal(0)) for column in zip([0] * 3, *map(three, found), strict=True)]


def said(comparison):
    """Give all that a comparison says."""
    return str(comparison), comparison.records(), comparison.records_of_causes()


def check(before, after):
    """Check the laws that hold for every two sides."""
    one, other = totals_of(before), totals_of(after)
    wanted = {
        key: [a - b for a, b in zip(other[key], one[key], strict=True)] for key in {*one, *other}
    }
    for account in compare_accounts(before, after):
        for code in account.totals:
            assert three(account.difference(code)) == wanted.pop((account.account, code))
            lines = [line for line in account.lines if line.currency == code]
            assert added(line.difference for line in lines) == three(account.difference(code))
        for line in account.lines:
            assert added(each.amounts for each in line.impacts) == three(line.difference)
            assert len({each.cause for each in line.impacts}) == len(line.impacts) > 0
            assert line.fate is not Fate.MOVED or not line.difference.is_something
    assert not wanted
    forth, back = compare(before, after), compare(after, before)
    for code in {code for _, code in one} | {code for _, code in other}:
        assert three(forth.difference(code)) == [-each for each in three(back.difference(code))]
        causes = [sums for (currency, _), (_, sums) in forth.causes.items() if currency == code]
        assert added(causes) == three(forth.difference(code))
    for side in (before, after):
        assert not compare(side, side).is_changed


@given(strategies.worlds(), strategies.policies())
def test_any_two_sides_of_a_world(world, policy):
    """For previews by two policies and for invoices of a world, differences and causes add up."""
    sides = [
        [world.outcome],
        [bc.bill(evolve(world.run, policy=policy), world.before, world.store.tax)],
        [*world.invoices],
        [*world.outcome.drafts],
    ]
    for before in sides:
        for after in sides:
            check(before, after)


@given(
    engine_strategies.contracts(),
    engine_strategies.contracts(),
    strategies.policies(),
    st.integers(1, 12),
    st.integers(1, 12),
)
def test_any_two_contracts(contract, other, policy, month, later):
    """For two contracts of one name, in two months and by two policies, everything adds up."""
    tax = engine_strategies.tax_table()
    before = bc.InvoiceRun(bc.Period.month(2025, month), policy=bc.LEVEL)
    after = bc.InvoiceRun(bc.Period.month(2025, later), policy=policy)
    check(
        [bc.bill(before, bc.AccountSnapshot(ACME, [contract]), tax)],
        [bc.bill(after, bc.AccountSnapshot(ACME, [other]), tax)],
    )


@st.composite
def finals(draw):
    """Make a final of one agreement, after a deposit and a claim, by one of the shapes."""
    policy = bc.DOCUMENTED.but(final_shape=draw(st.sampled_from(bc.FinalShape)))
    project = evolve(agreement(draw(st.integers(1000, 10**6))), policy=policy)
    store = bc.MemoryStore(tax=project.tax, setup=project.setup)
    store.add(project.account)
    asked = bc.deposit(project, store.books("acme"), rate=draw(st.integers(1, 50)))
    bc.finalize(asked, store, on="2026-01-31")
    done = bc.claim(project, store.books("acme"), completion=draw(st.integers(51, 99)))
    bc.finalize(done, store, on="2026-01-31")
    return bc.final(project, store.books("acme"))


@given(strategies.worlds(), hostile_contexts())
def test_ambient_contexts(world, context):
    """What a host does to the ambient decimal context changes no digit."""
    sides = [*world.outcome.drafts], [*world.invoices]
    wanted = said(compare(*sides))

    with decimal.localcontext(context):
        found = said(compare(*sides))

    assert found == wanted


@given(finals(), finals())
def test_finals(before, after):
    """Finals, whose lines may deduct what was invoiced before, are compared as any other."""
    check([before], [after])


@given(change_strategies.contracts(), stories())
def test_invoices_of_contracts_that_change(contract, story):
    """What was invoiced before a change is compared with what is invoiced after it."""
    player = Player(contract)
    seen = []
    for step in story:
        player.play(step)
        seen.append([*player.store.invoices(), *player.store.drafts()])
    for before, after in pairwise(seen):
        check(before, after)


@given(st.lists(engine_strategies.worlds(), min_size=1, max_size=2), st.booleans())
def test_accounts_in_any_order(worlds, is_turned):
    """Whether outcomes come in one order or another, the sums are the same."""
    run = bc.InvoiceRun(YEAR, policy=bc.LEVEL)
    one, other = ([*bc.plan(run, engine_strategies.store_of(worlds[n]))] for n in (0, -1))
    straight = compare(iter(one), iter(other))
    turned = compare(iter(one), iter(other[::-1] if is_turned else other))

    check(one, other)
    assert straight.totals == turned.totals
    assert straight.causes == turned.causes
    assert straight.fates == turned.fates

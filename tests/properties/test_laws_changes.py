"""Laws 2, 7, 8 and 11 of contracts that change before, between and after their runs."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import (
    canonical,
    check_corrections,
    check_document,
    check_preview,
    check_split,
)
from tests.change_strategies import (
    MONTHS,
    SEPARATE_CREDITS,
    Player,
    Step,
    changed_contracts,
    changes,
    contracts,
    other_rhythms,
    rhythms,
    stories,
)
from tests.oracle_changes import Oracle, billed, held, spread

JANUARY, FEBRUARY, DECEMBER = MONTHS[0], MONTHS[1], MONTHS[-1]
SEATS = bc.Item("seats", unit_price=100, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly())
CONTRACT = bc.Subscription("S-1", account="acme", start="2025-01-01", items=[SEATS])
UPGRADE = Step("change", 0, bc.Change("2025-01-11", unit_price=150))
RUN, FINALIZE = Step("run", value=JANUARY), Step("finalize", value=-1)
BILLED, UPGRADED = [RUN, FINALIZE], [RUN, FINALIZE, UPGRADE, RUN]


def since(start, *changes, **fields):
    """Give a contract of seats that begin on a day, with changes and other fields."""
    item = evolve(SEATS, start=start, changes=changes, **fields)
    return evolve(CONTRACT, items=(item,))


BY_DAYS = since(
    date(2025, 1, 10), bc.trial("2025-01-10", "2025-01-19"), proration=bc.proration.ACTUAL_DAYS
)
ALIGNED = since(
    date(2025, 2, 10),
    bc.trial("2025-02-10", "2025-04-15"),
    cadence=bc.monthly(anchor="2025-01-05"),
    proration=bc.proration.ACTUAL_DAYS,
    sync_with=bc.NEXT_QUARTER,
)
ENDING = since(
    date(2025, 1, 25),
    bc.trial("2025-01-25", "2025-02-01"),
    cadence=bc.monthly(anchor="2024-10-02"),
    proration=bc.proration.ACTUAL_DAYS,
    sync_with=bc.NEXT_MONTH,
    end="2025-02-02",
)


def check_days(player, run_last):
    """Compare what was billed of each day with what is due of it."""
    for item in player.contract.items:
        oracle = Oracle(player.contract, item)
        lines = player.lines(f"S-1/{item.id}")
        for line in lines:
            check_spread(oracle, line)
        found, counts = billed(oracle.rhythm, lines), held(lines)
        assert set(counts.values()) <= {0, 1}
        day, last = oracle.begin, max([run_last, *counts])
        while day <= last:
            is_billed = counts.get(day, 0) == 1
            wanted = oracle.due(day) if is_billed else {}
            assert found.get(day, {}) == wanted, (item.id, day)
            if oracle.must_be_billed(day, run_last):
                assert is_billed, (item.id, day)
            if is_billed:
                assert oracle.may_be_billed(day, run_last), (item.id, day)
            day += timedelta(days=1)


def check_spread(oracle, line):
    """Check that a line bills what its days cost together."""
    total = sum(amount for _, _, amount in spread(oracle.rhythm, line))
    assert line.priced * 100 == total, (line.billing_key, line.priced, total)


def tell(contract, story, policy):
    """Play a story, settle all that is due, and check every day."""
    player = Player(contract, policy)
    for step in story:
        player.play(step)
    player.settle(DECEMBER)
    report = player.run(DECEMBER)
    assert not report.draft_ids
    check_days(player, DECEMBER.last)
    keys = [line.billing_key for each in player.store.invoices() for line in each.lines]
    assert len(set(keys)) == len(keys)
    for invoice in player.store.invoices():
        check_document(invoice)
    snapshot = player.store.snapshot("acme")
    check_corrections(each for lines in snapshot.lines.values() for each in lines)


@example(
    CONTRACT,
    [
        *BILLED,
        Step("end", -1, date(2025, 1, 10)),
        RUN,
        Step("end", -1, None),
        RUN,
        Step("discard", value=0),
    ],
)
@example(BY_DAYS, [*BILLED, Step("withdraw", 0, 0)])
@example(ALIGNED, [Step("run", value=MONTHS[3]), FINALIZE, Step("withdraw", 0, 0)])
@example(ENDING, [Step("run", value=MONTHS[1]), Step("withdraw", 0, 0), FINALIZE])
@settings(max_examples=100)
@given(contracts(), stories())
def test_every_day_is_billed_at_what_is_due(contract, story):
    """Whatever the order of changes and runs, each day is billed at what the oracle says is due."""
    tell(contract, story, bc.LEVEL)


@example(CONTRACT, [*UPGRADED, Step("discard", value=1)])
@example(CONTRACT, [*UPGRADED, Step("finalize", value=1), Step("discard", value=0)])
@example(CONTRACT, [*UPGRADED, Step("finalize", value=2), Step("discard", value=0)])
@given(contracts(), stories())
def test_every_day_is_billed_with_credits_apart(contract, story):
    """The same holds if what is taken back is on documents of its own."""
    tell(contract, story, SEPARATE_CREDITS)


@given(changed_contracts())
def test_known_changes_are_billed_as_the_oracle_says(contract):
    """One run over a year bills each day at its own terms, with nothing to correct."""
    player = Player(contract)
    player.settle(bc.Period.year(2025))

    check_days(player, DECEMBER.last)
    assert all(line.corrects is None for line in lines_of(player))


@given(changed_contracts(), st.lists(st.integers(1, 364), max_size=4))
def test_a_run_of_known_changes_can_be_cut(contract, cuts):
    """Known changes are billed by one run over a year as by any runs that share it among them."""
    year = bc.Period.year(2025)
    check_split(
        bc.InvoiceRun(year, policy=bc.LEVEL),
        lambda: Player(contract).store,
        [year.start + timedelta(days=cut) for cut in cuts],
    )


@given(changed_contracts(rhythm=st.one_of(rhythms(), other_rhythms())), st.integers(0, 11))
def test_what_is_taken_back_and_due_again_is_billed_as_before(contract, month):
    """A pause of everything takes back all, to the cent; its withdrawal bills the same again."""
    player = Player(contract)
    player.settle(MONTHS[month])
    before = amounts_of(lines_of(player))
    player.put(paused_for_good(contract))
    player.settle(MONTHS[month])
    taken = [line for line in lines_of(player) if line.credit_of]

    assert amounts_of(taken, sign=-1) == before
    player.put(contract)
    player.settle(MONTHS[month])
    again = lines_of(player)[len(before) + len(taken) :]
    assert amounts_of(again) == before


@given(changed_contracts(), stories())
def test_a_discarded_draft_of_corrections_comes_back(contract, story):
    """Drafts of a run that are discarded come back from the same run exactly as they were."""
    player = played(contract, story)
    player.finalize()
    run = bc.InvoiceRun(DECEMBER, policy=bc.LEVEL, id="last")
    bc.execute(run, player.store)
    before = {draft.id: canonical(draft) for draft in player.store.drafts()}
    for draft_id in before:
        player.store.discard(draft_id)
    bc.execute(run, player.store)

    assert {draft.id: canonical(draft) for draft in player.store.drafts()} == before


@given(contracts(), stories())
def test_the_preview_of_corrections_is_the_invoice(contract, story):
    """What `plan` yields of a changed contract is what `execute` commits."""
    check_preview(
        bc.InvoiceRun(DECEMBER, policy=bc.LEVEL, id="last"),
        lambda: played(contract, story).store,
    )


@given(contracts(), st.lists(changes(), min_size=2, max_size=6), st.data())
def test_the_order_in_which_changes_are_given_does_not_matter(contract, given_changes, data):
    """Changes of different days make the same documents in whatever order they are given."""
    own = list({change.on: change for change in given_changes}.values())
    written = []
    for order in (own, data.draw(st.permutations(own))):
        player = Player(contract)
        player.settle(MONTHS[2])
        player.put(contract.changed(*order))
        player.run(DECEMBER)
        text = canonical([*player.store.drafts()])
        written.append(text.replace(canonical(player.contract), "the contract"))

    assert written[0] == written[1]


@example(
    since(date(2025, 1, 15)),
    [*BILLED, Step("change", 0, bc.pause("2025-01-15", "2025-02-13")), RUN, FINALIZE],
)
@given(contracts(rhythm=other_rhythms()), stories())
def test_no_more_is_taken_back_than_was_billed(contract, story):
    """By a convention that loses days, a line is taken back at most, and in the end exactly."""
    player = played(evolve(contract, order_discount=bc.Discount.percent("7.5")), story)
    player.settle(DECEMBER)
    assert not player.run(DECEMBER).draft_ids
    check_taken_back(player, is_all=False)
    player.put(paused_for_good(player.contract))
    player.settle(DECEMBER)

    assert not player.run(DECEMBER).draft_ids
    check_taken_back(player, is_all=True)


def test_a_fixed_discount_comes_back_with_its_days():
    """Five days of 100.00 less 10.00 are taken back at 14.51, and billed at the same again."""
    contract = since(date(2025, 1, 1), discount=bc.Discount.amount(10))
    player = Player(contract)
    player.settle(JANUARY)
    player.put(
        since(
            date(2025, 1, 1), bc.pause("2025-01-10", "2025-01-14"), discount=bc.Discount.amount(10)
        )
    )
    player.settle(JANUARY)
    player.put(contract)
    player.settle(JANUARY)

    assert [str(line.net) for line in lines_of(player)] == ["90.00", "-14.51", "14.51"]


def check_taken_back(player, *, is_all):
    """Compare what was taken back of each line with what it billed."""
    taken = {}
    billed_tax = {
        (invoice.number, line.number): line.tax
        for invoice in player.store.invoices()
        for line in invoice.lines
    }
    for line in lines_of(player):
        if line.credit_of:
            key = line.corrects.document, line.corrects.number
            assert line.tax == billed_tax[key]
            taken[key] = taken.get(key, 0) - line.priced
    for invoice in player.store.invoices():
        for line in invoice.lines:
            if not line.credit_of:
                amount = taken.get((invoice.number, line.number), 0)
                least, most = sorted([0, line.priced])
                assert least <= amount <= most, (line.billing_key, line.priced, amount)
                assert amount == line.priced or not is_all, (line.billing_key, line.priced, amount)


def played(contract, story):
    """Give the player of a story that was played."""
    player = Player(contract)
    for step in story:
        player.play(step)
    return player


def lines_of(player):
    """Give the lines of all invoices in their order."""
    return [line for invoice in player.store.invoices() for line in invoice.lines]


def amounts_of(lines, sign=1):
    """Say what lines bill, for which days, in the order of the alphabet."""
    return sorted(
        (line.billable, line.service_period.bounds, sign * line.priced, str(line.item.tax_code))
        for line in lines
    )


def paused_for_good(contract):
    """Give a contract of which nothing is due: every item is paused from its first day on."""
    still = [evolve(item, changes=(bc.pause("2020-01-01"),)) for item in contract.items]
    return evolve(contract, items=tuple(still), changes=())

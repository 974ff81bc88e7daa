"""Records that several accounts share, while hosts read, bill, commit and change in any order.

The model knows what each record says now and nothing of the engine. Whatever happens: a record is
billed to a party once, of exclusive parties to one, to the account that it names for the party when
it is billed; and what a run finds due is billed, or said why not.
"""

from __future__ import annotations

from collections import defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import billingcore as bc
from billingcore.testing import check_claims, check_document
from tests.canceling import cancel

MONTHS = [bc.Period.month(2026, month) for month in (1, 2)]
PARTIES = ("Cust", "Par")
ACCOUNTS = ("a", "b", "c")
NAMES = {"a": "a", "b": "b", "c": "c", "no. 2": "b", "nobody": None, "": None}
"""How a record may name an account, and which one it is."""

OTHER = {"Cust": "Par", "Par": "Cust"}
ORDERS = ("O-1", "O-2", "O-3")
CHILDREN = {"once": {}, "monthly": {"BillingType": "Recurring", "BillingUnit": "Month"}}

named = st.sampled_from([*NAMES, "a", "b", "c"])
quantities = st.sampled_from([0, 1, 2, 0, 3, 1, "x"])
entries = st.fixed_dictionaries(
    {
        "accounts": st.fixed_dictionaries(dict.fromkeys(PARTIES, named)),
        "quantities": st.fixed_dictionaries(
            {child: st.fixed_dictionaries(dict.fromkeys(PARTIES, quantities)) for child in CHILDREN}
        ),
    }
)


def quantity(party, kind):
    """Make a formula for a quantity: its own field, that of the other party, or what is left."""

    def formula(record):
        own, other = record[f"Q{party}"], record[f"Q{OTHER[party]}"]
        return {"own": own, "swapped": other, "complement": own if other == 0 else 0}[kind]

    return formula


KINDS = ("own", "swapped", "complement")


def filters_of(kinds):
    """Make the filters of both parties with formulas of some kinds; the customer goes first."""
    return [
        bc.Filter(
            party,
            use_case=bc.UseCase.GENERIC,
            target="Order",
            child_relation="Items",
            fields=bc.FieldSet(suffix=party, formulas={"quantity": quantity(party, kind)}),
            sequence=place,
        )
        for place, (party, kind) in enumerate(zip(PARTIES, kinds, strict=True))
    ]


def record_of(number, entry):
    """Write what the model knows of an order as a record of a host."""
    children = []
    for child, fields in CHILDREN.items():
        values = {f"Q{party}": entry["quantities"][child][party] for party in PARTIES}
        for party in PARTIES:
            values |= {f"ON_{name}{party}": value for name, value in fields.items()}
            values |= {f"ON_Title{party}": child, f"ON_UnitPrice{party}": "3.00"}
        children.append(bc.SourceRecord("Item", f"{number}.{child}", values))
    values = {f"ON_Account{party}": account for party, account in entry["accounts"].items()}
    return bc.SourceRecord("Order", number, values, children={"Items": children})


class Sharing(RuleBasedStateMachine):
    """Hosts that share records between accounts; here a record may be billed to both parties."""

    exclusive: tuple[str, ...] = ()

    @initialize(entries=st.fixed_dictionaries(dict.fromkeys(ORDERS, entries)))
    def open(self, entries) -> None:
        """Begin with three accounts, one of which is known by a number, and three orders."""
        self.tax = bc.TaxTable({})
        self.store = bc.MemoryStore(tax=self.tax, filters=filters_of(("own", "own")))
        numbers = {"b": {"Number": "no. 2"}}
        for account in ACCOUNTS:
            ids = numbers.get(account, {})
            self.store.add(bc.Account(account, currency="EUR", external_ids=ids))
        self.entries = dict(entries)
        self.store.add(*(record_of(number, entry) for number, entry in entries.items()))
        self.open_outcomes: list[tuple[bc.AccountOutcome, int]] = []
        self.live: dict[str, bc.Invoice] = {}
        self.seen: dict[str, frozenset[str]] = {}

    def who(self, record, party):
        """Give the account that the record behind a line names for a party now."""
        order = record.split("/")[1].split(".")[0]
        return NAMES[self.entries[order]["accounts"][party]]

    def make_run(self, chosen, kinds, month) -> bc.InvoiceRun:
        """Make a run for some parties."""
        selection = bc.Selection(filters_of(kinds), chosen=chosen, exclusive=self.exclusive)
        policy = bc.LEVEL.but(late_children=bc.LateChildren.BILL)
        return bc.InvoiceRun(month, selection=selection, policy=policy)

    def documents(self):
        """Give all live documents."""
        yield from self.store.drafts()
        yield from self.live.values()

    def holders(self):
        """Give what is billed, with the accounts that it is billed to."""
        found = defaultdict(set)
        for document in self.documents():
            account = (document.draft if isinstance(document, bc.Invoice) else document).account.id
            for claim in document.claims:
                found[claim.billable].add(account)
        return found

    def note_new_lines(self) -> None:
        """Check that what is billed now and was not before is billed to who is named now."""
        now = {}
        for draft in self.store.drafts():
            now[draft.id] = frozenset(line.billing_key for line in draft.lines)
            for line in draft.lines:
                if line.billing_key not in self.seen.get(draft.id, frozenset()):
                    party = line.origin.sources[0].party
                    assert self.who(line.record, party) == draft.account.id
        self.seen = now

    @rule(number=st.sampled_from(ORDERS), party=st.sampled_from(PARTIES), account=named)
    def move(self, number, party, account) -> None:
        """Let an order name another account for a party."""
        entry = self.entries[number]
        self.write(number, entry | {"accounts": entry["accounts"] | {party: account}})

    @rule(number=st.sampled_from(ORDERS), entry=entries)
    def change(self, number, entry) -> None:
        """Change the quantities of an order."""
        self.write(number, self.entries[number] | {"quantities": entry["quantities"]})

    def write(self, number, entry) -> None:
        """Keep what an order says now, here and in the store."""
        self.entries[number] = entry
        self.store.change(record_of(number, entry))

    @rule(
        account=st.sampled_from(ACCOUNTS),
        chosen=st.sampled_from([("Cust",), ("Par",), PARTIES]),
        kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)),
        month=st.sampled_from(MONTHS),
    )
    def read(self, account, chosen, kinds, month) -> None:
        """Bill an account as it is now; the outcome waits to be committed."""
        snapshot = self.store.snapshot(account)
        outcome = bc.bill(self.make_run(chosen, kinds, month), snapshot, self.tax)
        self.open_outcomes.append((outcome, snapshot.revision))

    @precondition(lambda self: self.open_outcomes)
    @rule(data=st.data())
    def commit(self, data) -> None:
        """Commit an outcome, however old it is: it is kept as a whole, or refused."""
        place = data.draw(st.integers(0, len(self.open_outcomes) - 1))
        outcome, revision = self.open_outcomes.pop(place)
        is_stale = self.store.snapshot(outcome.account).revision != revision
        has_content = bool(outcome.drafts or outcome.decisions)
        before = [draft.id for draft in self.store.drafts()]
        refused = self.store.commit([outcome])

        assert refused == ([outcome.account] if is_stale and has_content else [])
        if refused:
            assert [draft.id for draft in self.store.drafts()] == before
            self.open_outcomes.append(self.again(outcome))
        self.note_new_lines()

    def again(self, outcome):
        """Read and bill an account that was refused."""
        snapshot = self.store.snapshot(outcome.account)
        return bc.bill(outcome.run, snapshot, self.tax), snapshot.revision

    @rule(
        chosen=st.sampled_from([("Cust",), ("Par",), PARTIES]),
        kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)),
        month=st.sampled_from(MONTHS),
    )
    def run(self, chosen, kinds, month) -> None:
        """Run: what is due is billed, and all else has a reason."""
        before = self.holders()
        report = bc.execute(self.make_run(chosen, kinds, month), self.store)
        self.note_new_lines()
        held = self.holders()
        told = {each.record for each in (*report.exclusions, *report.problems)}
        for number in self.entries:
            for party in chosen:
                self.check_order(number, party, dict(zip(PARTIES, kinds, strict=True)), before)
                for child in CHILDREN:
                    name = f"Item/{number}.{child}:{party}"
                    assert name in held or {name, f"Order/{number}:{party}"} & told
        assert bc.execute(self.make_run(chosen, kinds, month), self.store).draft_ids == []

    def check_order(self, number, party, kinds, before) -> None:
        """Check that what is due once is billed to a party, unless another one goes before."""
        entry, held = self.entries[number], self.holders()
        wanted = {
            (child, each): quantity(each, kinds[each])(
                {f"Q{name}": entry["quantities"][child][name] for name in PARTIES}
            )
            for child in CHILDREN
            for each in PARTIES
        }
        if self.exclusive and party == "Par":
            for child in CHILDREN:
                name = f"Item/{number}.{child}:Par"
                assert name not in held or name in before or wanted[child, "Cust"] == 0
        is_wrong = "x" in (wanted[child, party] for child in CHILDREN)
        if NAMES[entry["accounts"][party]] is None or is_wrong:
            return
        is_free = not self.exclusive or (
            f"Item/{number}.once:{OTHER[party]}" not in held
            and not (party == "Par" and wanted["once", "Cust"] != 0)
        )
        if wanted["once", party] != 0 and is_free:
            assert f"Item/{number}.once:{party}" in held

    @precondition(lambda self: any(True for _ in self.store.drafts()))
    @rule(data=st.data(), is_kept=st.booleans())
    def end_a_draft(self, data, is_kept) -> None:
        """Finalize or discard a draft."""
        draft = data.draw(st.sampled_from(list(self.store.drafts())))
        if is_kept:
            invoice = bc.finalize(draft, self.store, on="2026-03-01")
            self.live[invoice.number] = invoice
        else:
            self.store.discard(draft.id)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def void(self, data) -> None:
        """Cancel an invoice."""
        number = data.draw(st.sampled_from(sorted(self.live)))
        cancel(self.store, number)
        del self.live[number]

    @invariant()
    def nothing_is_billed_twice(self) -> None:
        """No day of a record is billed twice to one party, whatever the account."""
        documents = list(self.documents())
        check_claims(claim for document in documents for claim in document.claims)
        for document in documents:
            check_document(document.draft if isinstance(document, bc.Invoice) else document)

    @invariant()
    def exclusive_parties_exclude_each_other(self) -> None:
        """A record is billed to one of the exclusive parties."""
        names = [name.partition(":")[0] for name in self.holders()]
        if self.exclusive:
            assert len(names) == len(set(names))


class Excluding(Sharing):
    """The same with parties of which only one may be billed for a record."""

    exclusive = PARTIES


TestSharing = Sharing.TestCase
TestExcluding = Excluding.TestCase
TestSharing.settings = TestExcluding.settings = settings(max_examples=50, stateful_step_count=25)

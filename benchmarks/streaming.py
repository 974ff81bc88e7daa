"""A store of any number of accounts that keeps nothing: what a run costs by itself.

Accounts are made as they are read, drafts are counted and dropped. The store travels to another
process as a number, and is made anew there, once, like one that opens its database where it is
needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

import ceiling
from attrs import evolve
from scaling import KINDS
from workload import MONTH, PER_INVOICE, build, contract_of, invoices, tax_table

import billingcore as bc

PERIOD = bc.Period.month(MONTH.year, MONTH.month)


class StreamingStore:
    """Makes accounts on the fly, counts what is committed, and remembers executions only.

    Accounts share items, of which a thousand kinds are kept, so that reading one costs little.
    """

    def __init__(self, accounts: int) -> None:
        self.size = accounts
        self.tax = tax_table()
        kinds = enumerate(invoices(KINDS * PER_INVOICE, prorated=True))
        self.items = [contract_of(number, sales).items for number, sales in kinds]
        self.committed = 0
        self.executions: dict[str, bc.RunRecord] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return store_of, (self.size,)

    def references(self, criteria: bc.Criteria) -> Iterator[bc.Reference]:
        return (bc.Reference(f"A{number}") for number in range(self.size))

    def snapshot(self, account: str) -> bc.AccountSnapshot:
        number = account[1:]
        contract = bc.Subscription(
            f"S{number}", account=account, items=self.items[int(number) % KINDS]
        )
        payer = bc.Account(account, currency="EUR", debtor=number)
        return bc.AccountSnapshot(payer, [contract], revision=1)

    def unresolved(self) -> Iterable[bc.Problem]:
        return ()

    def commit(self, outcomes: Sequence[bc.AccountOutcome]) -> Sequence[str]:
        self.committed += sum(len(outcome.drafts) for outcome in outcomes)
        return ()

    def draft(self, draft_id: str) -> bc.DraftInvoice:
        raise KeyError(draft_id)

    def drafts(self, run_id: str | None = None) -> Iterator[bc.DraftInvoice]:
        return iter(())

    def begin(self, record: bc.RunRecord) -> bc.RunRecord:
        begun = evolve(record, attempt=len(self.executions) + 1)
        self.note(begun)
        return begun

    def note(self, record: bc.RunRecord) -> None:
        self.executions[record.id] = record

    def runs(self) -> Iterable[bc.RunRecord]:
        return list(self.executions.values())

    def failures(
        self, run_id: str, accounts: Collection[str] | None = None
    ) -> Iterable[bc.Problem]:
        return ()


@lru_cache(maxsize=1)
def store_of(accounts: int) -> StreamingStore:
    """Give the store of this process."""
    return StreamingStore(accounts)


@lru_cache(maxsize=1)
def _rows() -> list[list[ceiling.Row]]:
    return build(KINDS * PER_INVOICE).rows


def ceiling_copy(accounts: int) -> int:
    """Do by hand what a run over so many accounts does at least, and give how many they were."""
    rows, done = _rows(), 0
    while done < accounts:
        some = rows[: accounts - done]
        ceiling.with_objects(some, PERIOD.last)
        done += len(some)
    return done

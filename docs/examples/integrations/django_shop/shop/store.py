"""A `Store` of billingcore in the tables of the shop.

Its rules are those of `MemoryStore`. Each step locks one account, puts what the tables have of it
into a memory, lets that decide, and writes what has come of it, all in one transaction. So there is
no rule of billing in here, and an account with a thousand documents is read as a thousand documents;
docs/examples/adapters has stores that read less.

What it leaves out: records and filters of the host's own (`Order`, `Case`), which several accounts
may share, and coupons. Contracts and usage are what the shop has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import attrs
from django.db import transaction

import billingcore as bc
from shop import models
from shop.runs import Runs

TAX: Final = bc.TaxTable({"DE_19": 19, "DE_7": 7})
SETUP: Final = bc.Setup()
ANY: Final = bc.InvoiceRun(bc.Period.month(2000, 1), id="as it was")
AS_IT_WAS: Final = bc.Counter("as it was", 0)


class Account:
    """One account as the tables have it, in a memory; locked until the transaction ends."""

    def __init__(self, store: DjangoStore, name: str, *, is_locked: bool = True) -> None:
        ledgers = models.Ledger.objects.select_related("customer")
        # The revision is read first: data that change meanwhile make it an old one.
        rows = ledgers.select_for_update(of=("self",)) if is_locked else ledgers
        found = rows.filter(pk=name).first()
        if found is None:
            raise bc.InvalidInputError("no such account", field="account", value=name)
        self.ledger: models.Ledger = found
        self.customer: models.Customer = found.customer
        self.memory = bc.MemoryStore(tax=store.tax, setup=store.setup)
        store.fill(self.memory, self.customer)
        for entry in self.customer.entries.select_related("invoice").order_by("pk"):
            self._repeat(entry)
        documents = self.customer.drafts.values_list("document", flat=True)
        self._take(*(bc.from_json(text, bc.DraftInvoice) for text in documents))
        self._before = {draft.id: draft for draft in self.memory.drafts()}

    def _take(self, *drafts: bc.DraftInvoice) -> None:
        """Put live drafts into the memory as they are."""
        self.commit(bc.AccountOutcome(ANY, self.customer.id, 0, drafts))

    def _repeat(self, entry: models.Entry) -> None:
        """Let the memory know what was decided once."""
        effects = bc.from_json(entry.effects, bc.Effects)
        if entry.invoice is None:
            self.memory.record(self.customer.id, lambda books: effects)
            return
        invoice = bc.from_json(entry.invoice.document, bc.Invoice)
        self._take(invoice.draft)
        decided = bc.Finalization(invoice, effects)
        pending = bc.PendingInvoice(invoice.draft, AS_IT_WAS, lambda count, books: decided)
        (result,) = self.memory.finalize([pending])
        if isinstance(result, bc.BillingError):
            rule = f"{invoice.number} cannot be read as it was issued: {result}"
            raise bc.PortError(rule, port="Store")

    def commit(self, outcome: bc.AccountOutcome) -> None:
        """Keep what a run has made of the account."""
        now = self.memory.snapshot(self.customer.id).revision
        self.memory.commit([attrs.evolve(outcome, revision=now)])

    def write(self, effects: bc.Effects | None = None, invoice: bc.Invoice | None = None) -> None:
        """Write what has changed in the memory."""
        after = {draft.id: draft for draft in self.memory.drafts()}
        models.Draft.objects.filter(pk__in=self._before.keys() - after.keys()).delete()
        for name, draft in after.items():
            if self._before.get(name) is not draft:
                self._write_draft(name, draft)
        row = None if invoice is None else self._write_invoice(invoice)
        if effects is not None:
            text = bc.to_json(effects)
            models.Entry.objects.create(customer=self.customer, invoice=row, effects=text)
        self.ledger.revision += 1
        self.ledger.save()

    def _write_draft(self, name: str, draft: bc.DraftInvoice) -> None:
        sums = {each: getattr(draft.totals, each) for each in ("net", "tax", "gross")}
        columns = {"run_id": draft.run_id, "currency": draft.currency, **sums}
        defaults = {"customer": self.customer, "document": bc.to_json(draft), **columns}
        models.Draft.objects.update_or_create(pk=name, defaults=defaults)

    def _write_invoice(self, invoice: bc.Invoice) -> models.Invoice:
        return models.Invoice.objects.create(
            number=invoice.number,
            customer=self.customer,
            draft_id=invoice.draft.id,
            date=invoice.date,
            currency=invoice.currency,
            gross=invoice.totals.gross,
            document=bc.to_json(invoice),
        )


class DjangoStore(Runs):
    """Accounts, drafts, invoices and counters in the database of the site."""

    tax: bc.TaxEngine = TAX
    setup: bc.Setup = SETUP

    def fill(self, memory: bc.MemoryStore, customer: models.Customer) -> None:
        """Put what a customer has into a memory: contracts and usage."""
        memory.add(customer.record())
        memory.add(*(each.record() for each in customer.contracts.order_by("pk")))
        memory.add_usage(customer.id, *(each.record() for each in customer.usage.order_by("pk")))

    def references(self, criteria: bc.Criteria, /) -> Iterator[bc.Reference]:
        """Yield a reference for each customer."""
        for name in list(models.Customer.objects.order_by("pk").values_list("pk", flat=True)):
            if criteria.wants_account(name, ""):
                yield bc.Reference(name)

    def unresolved(self) -> Iterable[bc.Problem]:
        """Give nothing: contracts and usage always have a customer."""
        return ()

    def snapshot(self, account: str, /) -> bc.AccountSnapshot:
        """Read one account."""
        found = Account(self, account, is_locked=False)
        return attrs.evolve(found.memory.snapshot(account), revision=found.ledger.revision)

    def books(self, account: str, /) -> bc.Books:
        """Give what was issued, paid and booked of an account."""
        found = Account(self, account, is_locked=False)
        return attrs.evolve(found.memory.books(account), revision=found.ledger.revision)

    def commit(self, outcomes: Sequence[bc.AccountOutcome], /) -> Sequence[str]:
        """Keep what a run has made; give back the accounts that have changed meanwhile."""
        return [outcome.account for outcome in outcomes if not self._commit(outcome)]

    @transaction.atomic
    def _commit(self, outcome: bc.AccountOutcome) -> bool:
        if outcome.drafts or outcome.decisions:
            account = Account(self, outcome.account)
            if account.ledger.revision != outcome.revision:
                return False
            account.commit(outcome)
            decided = bc.Effects(outcome.account, claims=tuple(outcome.decisions))
            account.write(decided if outcome.decisions else None)
        failures = models.Failure.objects
        failures.filter(run_id=outcome.run.id, account=outcome.account).delete()
        failures.bulk_create(
            models.Failure(run_id=outcome.run.id, **attrs.asdict(each)) for each in outcome.problems
        )
        return True

    def draft(self, draft_id: str, /) -> bc.DraftInvoice:
        """Give a live draft."""
        row = models.Draft.objects.filter(pk=draft_id).first()
        if row is None:
            issued = models.Invoice.objects.filter(draft_id=draft_id).first()
            fix = f"it is invoice {issued}" if issued else "it was discarded, or never stored"
            rule = "no live draft of this id"
            raise bc.InvalidInputError(rule, field="draft_id", value=draft_id, fix=fix)
        return bc.from_json(row.document, bc.DraftInvoice)

    def drafts(self, run_id: str | None = None, /) -> Iterator[bc.DraftInvoice]:
        """Yield all live drafts, or those of one run, in the order of their ids."""
        rows = models.Draft.objects.all()
        chosen = rows if run_id is None else rows.filter(run_id=run_id)
        for name in sorted(chosen.values_list("pk", flat=True)):
            for text in rows.filter(pk=name).values_list("document", flat=True):  # if still there
                yield bc.from_json(text, bc.DraftInvoice)

    @transaction.atomic
    def put(self, draft: bc.DraftInvoice, /) -> bc.DraftInvoice:
        """Keep a draft that was made or edited by hand."""
        account = Account(self, draft.account.id)
        kept = account.memory.put(draft)
        account.write()
        return kept

    @transaction.atomic
    def discard(self, draft_id: str, /) -> None:
        """Delete a live draft."""
        account = Account(self, self.draft(draft_id).account.id)
        account.memory.discard(draft_id)
        account.write()

    @transaction.atomic
    def finalize(
        self, pending: Sequence[bc.PendingInvoice], /
    ) -> Sequence[bc.Finalization | bc.BillingError]:
        """Turn drafts into invoices, in one step; one that fails costs no other."""
        for counter in sorted({each.counter for each in pending}, key=lambda each: each.name):
            _locked(counter)  # before any account, so that nobody waits in a circle
        results: list[bc.Finalization | bc.BillingError] = []
        for each in pending:
            try:
                with transaction.atomic():
                    results.append(self._finalize(*each))
            except bc.BillingError as error:
                results.append(error)
        return results

    def _finalize(
        self,
        draft: bc.DraftInvoice,
        counter: bc.Counter,
        issue: Callable[[int, bc.Books], bc.Finalization],
    ) -> bc.Finalization:
        account, row = Account(self, draft.account.id), _locked(counter)
        here = bc.Counter(counter.name, start=row.count)
        (result,) = account.memory.finalize([bc.PendingInvoice(draft, here, issue)])
        if isinstance(result, bc.BillingError):
            raise result
        _take_number(row, result.invoice.number)
        account.write(result.effects, result.invoice)
        return result

    @transaction.atomic
    def record(self, account: str, decide: Callable[[bc.Books], bc.Effects], /) -> bc.Effects:
        """Keep what a decision adds to the books of an account."""
        found = Account(self, account)
        effects = found.memory.record(account, decide)
        found.write(effects)
        return effects

    @transaction.atomic
    def skip(
        self, counter: bc.Counter, make: Callable[[int], bc.SkippedNumber], /
    ) -> bc.SkippedNumber:
        """Take the next number of a counter, and keep why no document has it."""
        row = _locked(counter)
        skipped = make(row.count + 1)
        _take_number(row, skipped.number)
        models.Skipped.objects.create(
            number=skipped.number, date=skipped.date, reason=skipped.reason
        )
        return skipped


def _locked(counter: bc.Counter) -> models.Counter:
    """Give the row of a counter, which nobody else counts until the transaction ends."""
    rows = models.Counter.objects
    rows.get_or_create(pk=counter.name, defaults={"count": counter.start})
    return rows.select_for_update().get(pk=counter.name)


def _take_number(row: models.Counter, number: str) -> None:
    """Use up the next number of a counter."""
    for kind in (models.Invoice, models.Skipped):
        if kind.objects.filter(pk=number).exists():
            rule, fix = "another series has this number", "give each series a pattern of its own"
            raise bc.InvalidInputError(rule, field="number", value=number, fix=fix)
    row.count += 1
    row.save()

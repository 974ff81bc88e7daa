"""Invoices, numbers and books: steps that keep all that a document does, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sql_drafts import Drafts
from sql_step import BY_DRAFT, BY_INVOICE, GIVEN, Step

import billingcore as bc

__all__ = ["Invoices"]

_ADD_INVOICE: Final = (
    "INSERT INTO invoice (number, account, draft_id, chain_key, since, series, place, body,"
    " previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_LINE: Final = "INSERT INTO line (account, billable, number, place) VALUES (?, ?, ?, ?)"
_ADD_PAYMENT: Final = (
    "INSERT INTO payment (account, id, body) VALUES (?, ?, ?) "
    "ON CONFLICT (account, id) DO UPDATE SET body = excluded.body"
)
_ADD_ASSIGNMENT: Final = (
    "INSERT INTO assignment (account, payment, invoice, body) VALUES (?, ?, ?, ?)"
)
_ADD_CLEARING: Final = "INSERT INTO clearing (account, debit, credit, body) VALUES (?, ?, ?, ?)"
_ADD_CLOSING: Final = "INSERT INTO closing (account, invoice, body) VALUES (?, ?, ?)"
_ADD_ENTRY: Final = "INSERT INTO entry (account, source, body) VALUES (?, ?, ?)"
_ADD_SKIPPED: Final = (
    "INSERT INTO skipped (number, series, place, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)"
)


class _Count(NamedTuple):
    """How far a number series is, and the hash of its last link."""

    count: int
    hash: str


class _ClashError(Exception):
    """Drafts of one batch got in each other's way: they have to be finalized one by one."""


class _Batch:
    """What is known of drafts that are to be finalized together.

    Attributes:
        step: the step.
        counts: counter → how far it is.
        versions: draft → which version is stored, of those that are.
        issued: draft → the number of its invoice, of those that have one.
        books: account → its books, as long as nothing changes them.
        numbers: those that were given; None if each is looked up at once.
    """

    def __init__(self, store: Invoices, pending: Sequence[bc.PendingInvoice], step: Step) -> None:
        self.step = step
        self.counts = store.lock_counters(pending)
        names = [each.draft.id for each in pending]
        ask = store.database.ask_in
        self.versions = dict(ask("SELECT id, version FROM draft WHERE id IN ({})", names))
        question = "SELECT draft_id, number FROM invoice WHERE draft_id IN ({})"
        self.issued = dict(ask(question, names))
        self.books: dict[str, bc.Books] = {}
        self.numbers: set[str] | None = set()


class Invoices(Drafts):
    """Keeps invoices, numbers and books."""

    # ---- invoices

    def finalize(
        self, pending: Sequence[bc.PendingInvoice]
    ) -> Sequence[bc.Finalization | bc.BillingError]:
        """Turn drafts into invoices with the next numbers of their counters, in this order.

        A draft that cannot be finalized stays, has its error in the place of its result, and uses
        up no number.
        """
        try:
            return self.database.write(lambda: self._finalize_together(pending))
        except (_ClashError, bc.InvalidInputError):  # of one of them, found when all were written
            return self.database.write(lambda: [*self._finalize_each(pending)])

    def _finalize_together(
        self, pending: Sequence[bc.PendingInvoice]
    ) -> Sequence[bc.Finalization | bc.BillingError]:
        """Finalize drafts with what is read, and written, together."""
        batch = self._batch(pending)
        batch.books = self._books(dict.fromkeys(each.draft.account.id for each in pending))
        results: list[bc.Finalization | bc.BillingError] = []
        for each in pending:
            try:
                results.append(self._finalize(batch, each))
            except bc.BillingError as error:
                results.append(error)
        if batch.numbers and self._used(batch.numbers):
            raise _ClashError
        self._write_counts(batch)
        return results

    def _finalize_each(
        self, pending: Sequence[bc.PendingInvoice]
    ) -> Iterator[bc.Finalization | bc.BillingError]:
        """Finalize drafts in one step, and each by itself: what one cannot keep spoils no other."""
        for each in pending:
            try:
                yield self.database.part(lambda each=each: self._finalize_one(each))
            except bc.BillingError as error:
                yield error

    def _finalize_one(self, pending: bc.PendingInvoice) -> bc.Finalization:
        batch = self._batch([pending])
        batch.numbers = None
        result = self._finalize(batch, pending)
        self._write_counts(batch)
        return result

    def _batch(self, pending: Sequence[bc.PendingInvoice]) -> _Batch:
        """Lock the accounts of drafts, those that read the same records, and the counters."""
        step = Step(self.database)
        accounts = {each.draft.account.id for each in pending}
        claims = (claim for each in pending for claim in each.draft.claims)
        step.lock(accounts | step.readers(claims))
        return _Batch(self, pending, step)

    def _finalize(self, batch: _Batch, pending: bc.PendingInvoice) -> bc.Finalization:
        draft, counter, issue = pending
        step, name, account = batch.step, draft.id, draft.account.id
        if account in step.changed:
            self._flush(batch, account)
        bc.keeping.check_not_issued(name, batch.issued.get(name))
        step.account(account)
        version = batch.versions.get(name)
        if version is None:
            self._check_free(step, draft)
        else:
            bc.keeping.check_version(draft, version)
        known = batch.counts[counter.name]
        result = issue(known.count + 1, self._books_in(batch, account))
        invoice, effects = result
        self._check_number(batch, invoice.number)
        freed = self._to_be_freed(step, account, effects.canceled)
        batch.counts[counter.name] = self._issue(step, invoice, counter.name, known)
        if version is not None:
            self._drop(step, name)
            del batch.versions[name]
        batch.issued[name] = invoice.number
        self._keep_effects(step, account, effects, freed)
        if batch.books[account].drafts:
            self._flush(batch, account)
            self._refresh(step, self._books_in(batch, account))
        return result

    def _flush(self, batch: _Batch, account: str) -> None:
        """Write what was gathered, since an account is to be read again."""
        batch.step.flush()
        batch.books.pop(account, None)

    def _books_in(self, batch: _Batch, account: str) -> bc.Books:
        if account not in batch.books:
            batch.books.update(self._books([account]))
        return batch.books[account]

    def _issue(self, step: Step, invoice: bc.Invoice, series: str, known: _Count) -> _Count:
        """Keep a document with what it covers, as the next link of its series."""
        number, account = invoice.number, invoice.account.id
        text, place = self.codec.to_json(invoice), known.count + 1
        link = bc.chain_hash(known.hash, text)
        since, key = step.next_revision(account), invoice.sub_invoice_key
        row = (number, account, invoice.draft.id, key, since, series, place, text)
        step.add(_ADD_INVOICE, *row, known.hash, link)
        for index, line in enumerate(invoice.lines):
            if line.billable:
                step.add(_ADD_LINE, account, line.billable, number, index)
        step.hold(account, invoice.claims, BY_INVOICE, number)
        step.correct(invoice, BY_INVOICE, number)
        return _Count(place, link)

    def _used(self, numbers: Iterable[str]) -> bool:
        """Tell whether one of some numbers is in use."""
        given = sorted(numbers)
        for table in ("invoice", "skipped", "earlier"):
            question = f"SELECT number FROM {table} WHERE number IN ({{}})"
            if any(True for _ in self.database.ask_in(question, given)):
                return True
        return False

    def _check_number(self, batch: _Batch, number: str) -> None:
        """Refuse a number that is in use; those of a batch are looked up together at its end."""
        if batch.numbers is None:
            found = self.database.ask("SELECT account FROM earlier WHERE number = ?", number)
            elsewhere = found[0][0] if found else None
            bc.keeping.check_number(number, self._numbers_like(number), elsewhere=elsewhere)
        elif number in batch.numbers:
            raise _ClashError
        else:
            batch.numbers.add(number)

    def _numbers_like(self, number: str) -> set[str]:
        """Give a number, if an invoice has it or it was skipped."""
        question = (
            "SELECT number FROM invoice WHERE number = ? UNION ALL "
            "SELECT number FROM skipped WHERE number = ?"
        )
        return {each for (each,) in self.database.ask(question, number, number)}

    def _to_be_freed(self, step: Step, account: str, number: str | None) -> bc.Invoice | None:
        """Give a document that is canceled or closed, unless it covers nothing any more.

        Raises:
            ConflictError: other documents build on what it covers.
        """
        question = "SELECT 1 FROM invoice WHERE number = ? AND account = ? AND until IS NULL"
        if number is None or not self.database.ask(question, number, account):
            return None
        invoice = self.invoice(number)
        held = step.claims_on(account, {claim.billable for claim in invoice.claims})
        bc.keeping.check_freeing(invoice, held, self._correcting(number))
        return invoice

    def _correcting(self, number: str) -> Iterator[bc.DraftInvoice | bc.Invoice]:
        """Yield the live documents that correct an invoice."""
        drafts = (
            "SELECT body FROM draft JOIN correction ON holder = id WHERE source = ? AND number = ?"
        )
        for (text,) in self.database.ask(f"{drafts} ORDER BY seq", BY_DRAFT, number):
            yield self.draft_of(text)
        invoices = (
            "SELECT invoice.number FROM invoice JOIN correction ON holder = invoice.number "
            "WHERE source = ? AND correction.number = ? AND until IS NULL ORDER BY seq"
        )
        for (name,) in self.database.ask(invoices, BY_INVOICE, number):
            yield self.invoice(name)

    # ---- books

    def record(self, account: str, decide: Callable[[bc.Books], bc.Effects]) -> bc.Effects:
        """Keep what a decision adds to the books of an account, and give it back.

        Raises:
            InvalidInputError: there is no such account.
        """
        return self.database.write(lambda: self._record(account, decide))

    def _record(self, account: str, decide: Callable[[bc.Books], bc.Effects]) -> bc.Effects:
        step = Step(self.database)
        step.account(account)
        books = self._books([account])[account]
        effects = decide(books)
        freed = self._to_be_freed(step, account, effects.canceled)
        self._keep_effects(step, account, effects, freed)
        step.flush()
        if books.drafts:
            self._refresh(step, self._books([account])[account])
            step.flush()
        return effects

    def _keep_effects(
        self, step: Step, account: str, effects: bc.Effects, freed: bc.Invoice | None
    ) -> None:
        """Keep what a decision adds, and give free what it frees."""
        if freed is not None:
            free = "UPDATE invoice SET until = ? WHERE number = ?"
            step.remove(free, step.next_revision(account), freed.number)
            step.free(BY_INVOICE, freed.number)
            step.touch([account])
        write = self.codec.to_json
        for payment in effects.payments:
            step.add(_ADD_PAYMENT, account, payment.id, write(payment))
        for given in effects.assignments:
            step.add(_ADD_ASSIGNMENT, account, given.payment, given.invoice, write(given))
        for cleared in effects.clearings:
            step.add(_ADD_CLEARING, account, cleared.debit, cleared.credit, write(cleared))
        for closed in effects.closings:
            step.add(_ADD_CLOSING, account, closed.invoice, write(closed))
        for entry in effects.entries:
            step.add(_ADD_ENTRY, account, entry.source, write(entry))
        step.hold(account, effects.claims, GIVEN, "")
        step.touch([account])

    # ---- numbers

    def lock_counters(self, pending: Iterable[bc.PendingInvoice]) -> dict[str, _Count]:
        """Lock the counters of drafts, always in the order of their names."""
        return self._lock_counters({each.counter.name: each.counter.start for each in pending})

    def _lock_counters(self, starts: dict[str, int]) -> dict[str, _Count]:
        names = sorted(starts)
        rows = [(name, starts[name], starts[name]) for name in names]
        question = (
            "SELECT name, count, hash FROM counter WHERE name IN ({}) ORDER BY name"
            + self.database.dialect.lock
        )
        found = {name: _Count(*rest) for name, *rest in self.database.ask_in(question, names)}
        if len(found) < len(names):
            add = "INSERT INTO counter VALUES (?, ?, ?, '') ON CONFLICT DO NOTHING"
            self.database.run_many(add, rows)
            asked = self.database.ask_in(question, names)
            found = {name: _Count(*rest) for name, *rest in asked}
        return found

    def _write_counts(self, batch: _Batch) -> None:
        """Write how far the counters are, with all that was gathered."""
        self._write_counters(batch.step, batch.counts)
        batch.step.flush()

    @staticmethod
    def _write_counters(step: Step, counts: dict[str, _Count]) -> None:
        for name, (count, link) in sorted(counts.items()):
            step.add("UPDATE counter SET count = ?, hash = ? WHERE name = ?", count, link, name)

    def skip(
        self, counter: bc.Counter, make: Callable[[int], bc.SkippedNumber]
    ) -> bc.SkippedNumber:
        """Take the next number of a counter, and keep why no document has it.

        Raises:
            InvalidInputError: the number is in use by another series.
        """
        return self.database.write(lambda: self._skip(counter, make))

    def _skip(
        self, counter: bc.Counter, make: Callable[[int], bc.SkippedNumber]
    ) -> bc.SkippedNumber:
        step, name = Step(self.database), counter.name
        known = self._lock_counters({name: counter.start})[name]
        skipped, place = make(known.count + 1), known.count + 1
        bc.keeping.check_number(skipped.number, self._numbers_like(skipped.number))
        text = self.codec.to_json(skipped)
        link = bc.chain_hash(known.hash, text)
        step.add(_ADD_SKIPPED, skipped.number, name, place, text, known.hash, link)
        self._write_counters(step, {name: _Count(place, link)})
        step.flush()
        return skipped

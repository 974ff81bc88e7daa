"""An agreement in a store and, step by step, in the books of the oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import billingcore as bc
from billingcore import testing
from tests.chain_accounts import COLLECTIVE, RULES, TAX, TYPES
from tests.chain_oracle import (
    INTERIM,
    RATES,
    SUBS,
    Document,
    Oracle,
    Parts,
    gross,
    minus,
    plain,
    plus,
    spread,
)

KINDS = {kind.value: kind for kind in bc.InvoiceKind}
DAYS = bc.Period.month(2026, 1)
DAY = "2026-02-01"


def parts_of(amounts: Sequence[bc.TaxAmount]) -> Parts:
    """Read amounts by tax code as the oracle has them."""
    return plus(*({each.tax.code: (Fraction(each.net), Fraction(each.amount))} for each in amounts))


class Agreement:
    """The documents of one customer, kept by the library and by the oracle."""

    def __init__(
        self,
        currency: str = "EUR",
        policy: bc.Policy = bc.DOCUMENTED,
        *,
        books_deposits: bool = True,
        is_immediate: bool = True,
    ) -> None:
        self.currency = currency
        step = dict(policy.cash_increments).get(currency)
        self.policy = policy
        self.oracle = Oracle(
            currency,
            cash=None if step is None else Fraction(step),
            each=policy.chain_tax is bc.ChainTax.EACH,
            invoiced=policy.deduct_progress is bc.DeductProgress.INVOICED,
            books_deposits=books_deposits,
        )
        accounting = bc.Accounting(
            rules=RULES, collective=COLLECTIVE, books_deposits=books_deposits,
            is_immediate=is_immediate,
        )  # fmt: skip
        self.store = bc.MemoryStore(tax=TAX, setup=bc.Setup(accounting=accounting))
        self.store.add(bc.Account("acme", currency=currency, debtor="10000"))
        self.paid: dict[str, Fraction] = {}
        self.count = 0

    @property
    def books(self) -> bc.Books:
        """The books as they are."""
        return self.store.books("acme")

    def name(self, kind: str) -> str:
        """Give a name that nothing has yet."""
        self.count += 1
        return f"{kind}-{self.count}"

    def amount(self, value: Fraction) -> Decimal:
        """Write a fraction as an amount of the currency."""
        whole = value / self.oracle.step
        assert whole.denominator == 1
        return Decimal(whole.numerator) * (Decimal(1) / int(1 / self.oracle.step))

    # ---- documents

    def draft(self, kind: str, nets: Mapping[str, Fraction], key: str = "house") -> bc.DraftInvoice:
        """Make a draft of a kind, with one line for each net amount."""
        items = [
            bc.Item(
                f"work-{code}", title=f"Work {code}", unit_price=self.amount(net),
                tax_code=code or None,
            )
            for code, net in nets.items()
        ]  # fmt: skip
        return bc.draft(
            self.books.account, items, period=DAYS, tax=TAX, policy=self.policy,
            kind=KINDS[kind], sub_invoice_key=key, books=self.books if key else None,
            reference=self.name(kind), setup=self.store.setup,
        )  # fmt: skip

    def finalize(self, draft: bc.DraftInvoice) -> bc.Invoice:
        """Finalize a draft, and compare it with what the oracle says."""
        kind, key = draft.kind.value, draft.sub_invoice_key
        nets = {line.tax.code: Fraction(line.net) for line in draft.scope}
        made = self._final(key, nets) if kind == "final" else self._sub(kind, key, nets)
        invoice = bc.finalize(draft, self.store, on=DAY)
        self.compare(made, invoice.draft)
        self.oracle.documents[invoice.number] = made
        self.check()
        return invoice

    def issue(self, kind: str, nets: Mapping[str, Fraction], key: str = "house") -> bc.Invoice:
        """Make a document."""
        return self.finalize(self.draft(kind, nets, key))

    def _sub(self, kind: str, key: str, nets: Mapping[str, Fraction]) -> Document:
        parts = self.oracle.sub_parts(key, nets)
        return Document(kind, key, parts, self.oracle.payable(gross(parts)))

    def _final(self, key: str, nets: Mapping[str, Fraction]) -> Document:
        oracle = self.oracle
        parts, deducted = oracle.final_parts(nets), oracle.deductions(key)
        due = oracle.payable(gross(parts) - sum(map(gross, deducted.values())))
        return Document("final", key, parts, due, deducted=deducted, closing=oracle.folds(key))

    def compare(self, wanted: Document, draft: bc.DraftInvoice) -> None:
        """Compare a document with what it shall be, net amount, tax and gross by tax code."""
        sums = draft.totals
        assert Fraction(sums.due) == wanted.due
        rows = {row.tax.group: (row.taxable, row.amount) for row in sums.breakdown}
        of_lines = {line.tax.code: rows[line.tax.group] for line in draft.lines}
        found = {code: (Fraction(net), Fraction(tax)) for code, (net, tax) in of_lines.items()}
        left = plus(wanted.parts, *map(minus, wanted.deducted.values()))
        if wanted.kind != "final":
            assert found == wanted.parts
            return
        is_rest = self.policy.final_shape is bc.FinalShape.REMAINDER
        assert plain(found) == plain(left if is_rest else wanted.parts)
        assert Fraction(sums.gross) - Fraction(sums.paid) == gross(left)
        assert {e.number: plain(parts_of(e.parts)) for e in draft.deductions} == {
            number: plain(parts) for number, parts in wanted.deducted.items()
        }
        rest = draft.remaining
        assert plain(parts_of(rest.parts)) == plain(left)
        assert rest.gross == rest.net + rest.tax
        assert Fraction(rest.gross) == gross(left)
        closing = {e.number: Fraction(e.folded) for e in draft.deductions if e.is_closing}
        assert closing == wanted.closing

    def credit(self, number: str, amount: Fraction) -> bc.Invoice | None:
        """Give back a gross amount of a document."""
        draft = bc.credit(number, self.books, gross=self.amount(amount))
        invoice = bc.finalize(draft, self.store, on=DAY)
        rows = {row.tax.group: row for row in invoice.totals.breakdown}
        codes = {line.tax.code: rows[line.tax.group] for line in invoice.lines}
        parts = {code: (Fraction(e.taxable), Fraction(e.amount)) for code, e in codes.items()}
        due = Fraction(invoice.totals.due)
        self.oracle.documents[invoice.number] = Document("credit", "", parts, due, number)
        assert gross(parts) == -amount
        self.check()
        return invoice

    def cancel(self, number: str) -> bc.Invoice:
        """Cancel a document."""
        invoice = bc.finalize(bc.cancel(number, self.books), self.store, on=DAY)
        own = self.oracle.documents[number]
        own.canceled = True
        made = Document("cancellation", "", minus(own.parts), -own.due, number)
        self.oracle.documents[invoice.number] = made
        self.check()
        return invoice

    def close(self, number: str) -> None:
        """Close a deposit or progress invoice."""
        self.store.record("acme", lambda books: bc.close(books, number, on=DAY))
        self.oracle.documents[number].closed = True
        self.check()

    # ---- money

    def pay(self, name: str, amount: Fraction, *numbers: str) -> None:
        """Record a payment, or change one."""
        payment = bc.Payment(
            name, account="acme", amount=self.amount(amount), currency=self.currency,
            date=DAY, invoices=numbers,
        )  # fmt: skip
        bc.pay(self.store, payment)
        self.paid[name] = amount
        self.check()

    def pay_back(self, amount: Fraction, *numbers: str, reference: str = "") -> None:
        """Pay something back to the customer: of documents, or of a payment that is free."""
        name = self.name("back")
        payment = bc.Payment(
            name, account="acme", amount=self.amount(amount), currency=self.currency,
            date=DAY, invoices=numbers, kind=bc.PaymentKind.REFUND, reference=reference,
        )  # fmt: skip
        bc.pay(self.store, payment)
        self.paid[name] = -amount
        self.check()

    def withdraw(self, name: str) -> None:
        """Delete a payment, as if the bank had refused it."""
        self.store.record("acme", lambda books: bc.withdrawn(books, name))
        self.paid[name] = Fraction(0)
        self.check()

    def write_off(self, number: str) -> None:
        """Give up what is open on a document."""
        payment = bc.write_off(self.books, number, on=DAY)
        bc.pay(self.store, payment)
        self.check()

    def settle(self) -> None:
        """Let credits pay documents."""
        self.store.record("acme", lambda books: bc.settled(books, on=DAY))
        self.check()

    def book(self) -> None:
        """Run the job that books payments."""
        self.store.record("acme", bc.book_payments)

    # ---- laws

    def check(self) -> None:
        """Compare all that the library says with what the oracle says."""
        books = self.books
        self.read(books)
        self.check_documents(books)
        self.check_money(books)
        if books.setup.accounting.is_immediate:
            self.check_ledger(books)

    def read(self, books: bc.Books) -> None:
        """Take over what payments were decided to be for, and say what they pay."""
        oracle = self.oracle
        oracle.money.given = [(e.payment, e.invoice, Fraction(e.amount)) for e in books.assignments]
        oracle.money.cleared = [
            (each.id, each.debit, each.credit, Fraction(each.amount)) for each in books.clearings
        ]
        for each in books.payments.values():  # what is given up follows the documents
            if each.kind is bc.PaymentKind.WRITE_OFF:
                self.paid[each.id] = Fraction(each.amount)
        known = {each.number: each for each in bc.chain_documents(books)}
        oracle.paid_parts = {}
        for number, each in oracle.documents.items():
            if each.kind not in INTERIM or each.canceled or each.closed or oracle.is_frozen(number):
                continue
            whole, due = oracle.invoiced(number), oracle.due(number)
            receipts = oracle.receipts(number)
            wanted = spread(whole, due, receipts, oracle.step)
            if not each.key:
                if wanted is None and oracle.is_booked(each):
                    wanted = self.posted(books, number)
                    self.is_possible(wanted, whole, due, receipts)
                oracle.paid_parts[number] = wanted or {}
                continue
            found = parts_of(known[number].paid)
            self.is_possible(found, whole, due, receipts)
            if wanted is not None:
                assert plain(found) == plain(wanted), number
            oracle.paid_parts[number] = found
            assert plain(parts_of(known[number].invoiced)) == plain(whole)

    @staticmethod
    def posted(books: bc.Books, number: str) -> Parts:
        """Read what is booked of payments of a deposit that belongs to no agreement."""
        found: Parts = {}
        for source, entries in books.entries.items():
            for line in (line for entry in entries for line in entry.details):
                if source.startswith(f"interim/{number}/"):
                    amount = -Fraction(line.signed)
                    pair = (amount, 0) if line.type is TYPES.INTERIM_PAYMENT else (0, amount)
                    found = plus(found, {line.tax_code: pair})
        return found

    @staticmethod
    def is_possible(
        found: Parts, whole: Parts, due: Fraction, receipts: Sequence[Fraction]
    ) -> None:
        """What was paid is what was received, and of nothing more than there is of it."""
        received = sum(receipts, Fraction(0))
        if receipts and received >= due:
            assert plain(found) == plain(whole)
        else:
            assert gross(found) == min(max(received, Fraction(0)), gross(whole))
        for code, pair in found.items():
            for is_paid, most in zip(pair, whole[code], strict=True):
                assert 0 <= is_paid <= most

    def check_documents(self, books: bc.Books) -> None:
        """Every document adds up; drafts of finals and part invoices are as they would be made now."""
        assert [*books.invoices] == [*self.oracle.documents]
        for invoice in books.invoices.values():
            testing.check_document(invoice)
        for key in {each.key for each in self.oracle.documents.values() if each.key}:
            testing.check_chain(books, key)
        for draft in self.store.drafts():
            testing.check_document(draft)
            key, nets = draft.sub_invoice_key, {e.tax.code: Fraction(e.net) for e in draft.scope}
            if draft.kind.value == "final":
                self.compare(self._final(key, nets), draft)
            elif draft.kind.value in SUBS:
                self.compare(self._sub(draft.kind.value, key, nets), draft)

    def check_money(self, books: bc.Books) -> None:
        """What documents ask for less what was paid is what is open and what is free."""
        oracle, balances = self.oracle, Fraction(0)
        for number in books.invoices:
            balance = Fraction(bc.balance_of(books, number))
            assert balance == oracle.balance(number), number
            balances += balance
        self.balances = balances
        self.free = sum((Fraction(bc.free_of(books, name)) for name in books.payments), Fraction(0))
        asked = sum((each.due for each in oracle.documents.values()), Fraction(0))
        for number, each in oracle.documents.items():
            final = oracle.final_of(number)
            if each.closed and not each.canceled:
                asked -= each.due
            elif final:
                asked -= oracle.documents[final].closing.get(number, 0)
        assert balances + self.free == asked - sum(self.paid.values(), Fraction(0))

    def check_ledger(self, books: bc.Books) -> None:
        """The general ledger says what the documents say."""
        testing.check_books(books)
        found = self.ledger(books)
        assert sum(found.values()) == 0
        debtor = found.pop("10000", Fraction(0))
        money = found.pop("1200", Fraction(0)) + found.pop("2400", Fraction(0))
        assert money == sum(self.paid.values(), Fraction(0))
        wanted = self.oracle.ledger()
        assert {name: amount for name, amount in found.items() if amount} == wanted
        assert debtor == self.balances + self.free - self.oracle.unbooked()

    def ledger(self, books: bc.Books) -> dict[str, Fraction]:
        """Give the trial balance."""
        entries = [entry for rows in books.entries.values() for entry in rows]
        return {name: Fraction(amount) for (name, _), amount in bc.balances(entries).items()}

    def pay_all(self) -> None:
        """Pay, or pay back, whatever is open, and what is free."""
        self.settle()
        for number in [*self.oracle.documents]:
            balance = self.oracle.balance(number)
            if balance > 0:
                self.pay(self.name("rest"), balance, number)
            elif balance < 0:
                self.pay_back(-balance, number)
        if self.free:
            self.pay_back(-self.free)

    def check_end(self) -> None:
        """After a paid chain nothing is left but revenue, tax and money."""
        self.check()
        assert self.balances == self.free == 0
        found = self.ledger(self.books)
        for name, amount in found.items():
            if name == "10000" or name.startswith(("1593", "1718")):
                assert amount == 0, name
        finals = {n for n, e in self.oracle.documents.items() if e.kind == "final"}
        billed = plus(
            *(
                each.parts
                for number, each in self.oracle.documents.items()
                if not each.canceled and (number in finals or each.original in finals)
                and each.kind != "cancellation"
            )
        )  # fmt: skip
        for code in RATES:
            net, tax = billed.get(code, (Fraction(0), Fraction(0)))
            assert found.get("8400" + code, 0) == -net
            assert found.get("1776" + code, 0) == -tax

"""Small agreements at random, each billed and paid to its end, with little besides the library."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import billingcore as bc
from tests.chain_driver import Agreement
from tests.chain_oracle import RATES, SUBS

CODES = [*RATES]
ZERO = Decimal(0)


class RandomChain:
    """One agreement, by the numbers of a generator.

    Chains of one seed do the same, whatever the shape of the final is and when payments are booked.
    """

    def __init__(
        self, seed: int, shape: bc.FinalShape | None = None, *, is_immediate: bool = True
    ) -> None:
        self.random = Random(seed)  # noqa: S311
        pick = self.random.choice
        currency, drawn = pick(["EUR", "CHF", "CHF", "JPY", "KWD"]), pick([*bc.FinalShape])
        deducted = pick([*bc.DeductProgress])
        cash = {"CHF": "0.05"} if deducted is bc.DeductProgress.PAID else {}
        policy = bc.DOCUMENTED.but(
            final_shape=shape or drawn,
            deduct_progress=deducted,
            chain_tax=pick([*bc.ChainTax]),
            cash_increments=cash,
        )
        self.agreement = Agreement(
            currency, policy, books_deposits=pick([True, False]), is_immediate=is_immediate
        )
        self.store = self.agreement.store
        self.step = self.agreement.oracle.step
        self.subs: list[str] = []
        self.payments: list[str] = []
        self.finals: list[bc.Invoice] = []
        self.booked: list[dict[str, Decimal]] = []

    @property
    def books(self) -> bc.Books:
        """The books as they are."""
        return self.store.books("acme")

    def nets(self, count: int) -> dict[str, Fraction]:
        """Give net amounts of some tax codes, small ones as often as large ones."""
        most = self.random.choice([10, 1_000, 100_000])
        codes = self.random.sample(CODES, count)
        return {code: self.random.randint(1, most) * self.step for code in codes}

    def bill(self, kind: str, nets: dict[str, Fraction]) -> bc.Invoice:
        """Make a document."""
        return bc.finalize(self.agreement.draft(kind, nets), self.store, on="2026-02-01")

    def bill_all(self, nets: dict[str, Fraction]) -> bc.Invoice:
        """Make the final."""
        self.booked.append(self.advances())
        self.finals.append(self.bill("final", nets))
        return self.finals[-1]

    def claim(self) -> None:
        """Claim a part, and let something happen to it."""
        kind = self.random.choice(SUBS)
        count = 1 if kind == "deposit" else self.random.randint(1, 3)
        self.subs.append(self.bill(kind, self.nets(count)).number)
        self.random.choice(
            [self.pay, self.pay, self.pay_in_part, self.pay_several, self.nothing, self.change]
        )()
        if self.random.random() < 0.25:
            self.random.choice([self.credit, self.cancel, self.give_up])()

    def nothing(self) -> None:
        """Wait."""

    def record(
        self, name: str, amount: Decimal, *numbers: str, kind=bc.PaymentKind.PAYMENT
    ) -> None:
        """Record a payment, or change one."""
        payment = bc.Payment(
            name, account="acme", amount=amount, currency=self.agreement.currency,
            date="2026-03-01", invoices=numbers, kind=kind,
        )  # fmt: skip
        bc.pay(self.store, payment)
        if name not in self.payments and kind is bc.PaymentKind.PAYMENT:
            self.payments.append(name)

    def open_on(self, *numbers: str) -> Decimal:
        """Give what is open on documents."""
        return sum((max(bc.balance_of(self.books, e), ZERO) for e in numbers), ZERO)

    def some(self, amount: Decimal) -> Decimal:
        """Give a part of an amount."""
        units = int(Fraction(amount) / self.step)
        return self.agreement.amount(self.random.randint(0, units) * self.step)

    def pay(self) -> None:
        """Pay the last claim, sometimes too much."""
        number = self.subs[-1]
        more = self.random.choice([ZERO, ZERO, ZERO, self.agreement.amount(self.step * 7)])
        self.record(self.agreement.name("payment"), self.open_on(number) + more, number)

    def pay_in_part(self) -> None:
        """Pay parts of the last claim."""
        number = self.subs[-1]
        for _ in range(self.random.randint(1, 3)):
            self.record(self.agreement.name("payment"), self.some(self.open_on(number)), number)

    def pay_several(self) -> None:
        """Pay all claims so far with one payment."""
        live = [e for e in self.subs if self.is_live(e)]
        whole = self.open_on(*live)
        if whole:
            amount = self.random.choice([whole, self.some(whole)])
            self.record(self.agreement.name("payment"), amount, *live)

    def change(self) -> None:
        """Change a payment, or have it refused."""
        if self.payments:
            payment = self.books.payments[self.random.choice(self.payments)]
            amount = self.random.choice([ZERO, self.some(payment.amount)])
            self.record(payment.id, amount, *payment.invoices)

    def is_live(self, number: str) -> bool:
        """Tell whether a document is not canceled."""
        return bc.standing(self.books, number).status is not bc.InvoiceStatus.CANCELED

    def credit(self) -> None:
        """Give a part of the last claim back."""
        number = self.subs[-1]
        invoice = self.books.invoices[number]
        amount = self.some(invoice.totals.gross)
        if amount and invoice.kind is not bc.InvoiceKind.DEPOSIT:
            draft = bc.credit(number, self.books, gross=amount)
            bc.finalize(draft, self.store, on="2026-02-01")

    def cancel(self) -> None:
        """Cancel the last claim."""
        bc.finalize(bc.cancel(self.subs[-1], self.books), self.store, on="2026-02-01")

    def give_up(self) -> None:
        """Give up what is open on the last claim."""
        if self.open_on(self.subs[-1]):
            bc.pay(self.store, bc.write_off(self.books, self.subs[-1], on="2026-03-01"))

    def live(self) -> None:
        """Claim parts, make the final, perhaps twice, and pay or pay back all that is open."""
        for _ in range(self.random.randint(2, 4)):
            self.claim()
        nets = self.nets(self.random.randint(1, 3))
        final = self.bill_all(nets)
        if self.random.random() < 0.3:
            self.change()
            bc.finalize(bc.cancel(final, self.books), self.store, on="2026-02-01")
            if self.random.random() < 0.5:
                self.claim()
            self.bill_all(nets)
        self.change()
        self.store.record("acme", lambda books: bc.settled(books, on="2026-03-01"))
        for number in [*self.books.invoices]:
            balance = bc.balance_of(self.books, number)
            if balance:
                kind = bc.PaymentKind.PAYMENT if balance > 0 else bc.PaymentKind.REFUND
                self.record(self.agreement.name("rest"), abs(balance), number, kind=kind)
        free = -sum((bc.free_of(self.books, e) for e in self.books.payments), ZERO)
        if free:
            self.record(self.agreement.name("back"), free, kind=bc.PaymentKind.REFUND)
        self.contract = self.agreement.oracle.final_parts(nets)

    def advances(self) -> dict[str, Decimal]:
        """Give what is booked of payments on live claims: source and account → amount."""
        found: dict[str, Decimal] = {}
        for source, entries in self.books.entries.items():
            of = source.split("/")
            if of[0] == "interim" and of[1] in self.books.invoices and self.is_live(of[1]):
                for (account, _), amount in bc.balances(entries).items():
                    found[f"{source} {account}"] = amount
        return {name: amount for name, amount in found.items() if amount}

    def balances(self) -> dict[str, Decimal]:
        """Give the trial balance."""
        entries = [entry for rows in self.books.entries.values() for entry in rows]
        return {name: amount for (name, _), amount in bc.balances(entries).items() if amount}

    def check(self) -> None:
        """Every entry balances; advances and debtor are zero, revenue and tax are the contract."""
        books = self.books
        assert not any(bc.balance_of(books, number) for number in books.invoices)
        entries = [entry for rows in books.entries.values() for entry in rows]
        assert not any(sum(line.signed for line in entry.lines) for entry in entries)
        found = {name: Fraction(amount) for (name, _), amount in bc.balances(entries).items()}
        for name, amount in found.items():
            if name in ("10000", "1593") or name.startswith("1718"):
                assert amount == 0, name
        for code in CODES:
            net, tax = self.contract.get(code, (0, 0))
            assert found.get("8400" + code, 0) == -net
            assert found.get("1776" + code, 0) == -tax

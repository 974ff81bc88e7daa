"""Invoices of all kinds, billed by the library from numbers that a seed gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import billingcore as bc
from billingcore import export
from tests.many_chains import RandomChain

DAY = date(2026, 4, 1)
MARCH = bc.Period.month(2026, 3)
KIEL = bc.PostalAddress("DE", lines=["Hafen 1", "Hof 2"], city="Kiel", postcode="24103")
SELLER = bc.Party(
    "Tidy Software & Söhne GmbH",
    vat_id="DE123456788",
    registration=bc.Identifier("HRB 1 Kiel"),
    electronic_address=bc.Identifier("billing@tidy.example", scheme="EM"),
    address=KIEL,
    contact=bc.PartyContact("Ada", phone="+49 431 5550", email="ada@tidy.example"),
)
TRANSFER = bc.PaymentMeans("58", account="DE02120300000000202051")


def party(country, vat_id, name="Müller <Nord>", **more):
    """Make a buyer of a country."""
    return bc.Party(
        name,
        vat_id=vat_id,
        electronic_address=bc.Identifier("0204:991-1234512345-06", scheme="0204"),
        address=bc.PostalAddress(country, lines=["Weg 2"], city="Ort", postcode="53111"),
        buyer_reference="991-1234512345-06",
        **more,
    )


VIENNA = bc.PostalAddress("AT", city="Wien", postcode="1010")
BUYER = party("DE", "DE987654321")
ABROAD = party("AT", "ATU12345678", delivery=VIENNA)
ISLAND = party("ES", "ESX1234567X")


def rate(percent, category, reason=""):
    """Make a rate of another category than the standard one."""
    return bc.TaxRate(percent, category=bc.TaxCategory(category), reason=reason)


TAX = bc.TaxTable(
    {
        "S19": 19,
        "S7": 7,
        "Z": rate(0, "Z"),
        "E": rate(0, "E", "Exempt under § 4 Nr. 21 UStG"),
        "AE": rate(0, "AE", "Reverse charge"),
        "K": rate(0, "K", "Intra-community supply"),
        "G": rate(0, "G", "Export"),
        "L": rate(7, "L"),
        "M": rate(4, "M"),
    }
)

MIXES = {
    "one rate": (("S19",), BUYER),
    "two rates": (("S19", "S7"), BUYER),
    "with zero and exempt": (("S19", "S7", "Z", "E"), BUYER),
    "reverse charge": (("AE",), ABROAD),
    "intra-community": (("K",), ABROAD),
    "export": (("G",), party("US", "", "Acme Inc.")),
    "islands": (("L", "M"), ISLAND),
    "out of scope": (("",), BUYER),
}
"""Tax codes that can stand on one invoice, and who buys."""

RATES = bc.ExchangeTable(
    [
        bc.ExchangeRate("USD", "EUR", "0.9123", date="2026-03-31", source="ECB"),
        bc.ExchangeRate("CHF", "EUR", "1.0457", date="2026-03-31", source="ECB"),
        bc.ExchangeRate("JPY", "EUR", "0.61", date="2026-03-31", source="ECB", units=100),
    ]
)
SETUP = bc.Setup(exchange=RATES, house_currency="EUR")


class Company:
    """A customer with contracts, usage and single documents."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        names = [*MIXES]
        self.mix = names[seed % len(names)]
        self.codes, self.buyer = MIXES[self.mix]
        currency = ("EUR", "EUR", "USD", "JPY", "CHF")[seed % 5]
        self.step = Decimal(1) if currency == "JPY" else Decimal("0.01")
        self.policy = bc.DOCUMENTED.but(
            tax_level=self.random.choice([bc.TaxLevel.CATEGORY, bc.TaxLevel.LINE]),
            cash_increments={"CHF": "0.05"},
        )
        self.account = bc.Account("acme", currency=currency, party=self.buyer)
        self.store = bc.MemoryStore(tax=TAX, setup=SETUP)
        self.store.add(self.account)

    def price(self) -> Decimal:
        """Give a price with the digits that prices may have."""
        return self.random.choice([1, 7, 1234]) * self.step * self.random.randint(1, 999)

    def discount(self) -> bc.Discount | None:
        """Give a discount, or none."""
        share = bc.Discount.percent(self.random.choice(["5", "12.5", "100"]), title="Loyal & true")
        amount = bc.Discount.amount(self.random.randint(1, 30), title="Sorry")
        return self.random.choice([None, None, share, amount])

    def fields(self) -> dict[str, object]:
        """Give what any item can have."""
        made = {
            "title": self.random.choice(["Seats <b>", "Träger & Söhne", "\N{GRINNING FACE}"]),
            "tax_code": self.random.choice(self.codes) or None,
            "discount": self.discount(),
            "unit_price": self.price(),
            "quantity": self.random.choice(["1", "3", "2.5", "0.125", "1000"]),
        }
        return made | {"description": "Two\nlines"} if self.random.random() < 0.3 else made

    def priced(self) -> dict[str, object]:
        """Give how an item of a document by hand is priced; tiers have the prices themselves."""
        tiers = [bc.Tier(2, self.price()), bc.Tier(10, self.price()), bc.Tier(None, self.price())]
        return self.random.choice(
            [
                {},
                {"price_type": bc.FLAT},
                {"price_includes_tax": True},
                {"unit_price": None, "pricing": bc.Pricing(bc.VOLUME, tiers)},
                {"unit_price": None, "pricing": bc.Pricing(bc.TIERED, tiers)},
                {"pricing": bc.Pricing(bc.PACKAGE, package_size=2)},
                {"pricing": bc.Pricing(bc.COMMISSION, percent="2.5")},
                {"pricing": bc.Pricing(bc.MARK_UP, percent=15)},
                {"pricing": bc.Pricing(minimum=20, maximum=50)},
            ]
        )

    def single(self) -> bc.Invoice:
        """Make a document by hand."""
        count = self.random.randint(1, 5)
        items = [bc.Item(f"i{n}", **self.fields() | self.priced()) for n in range(count)]
        made = bc.draft(
            self.account, items, period=MARCH, tax=TAX, policy=self.policy, setup=SETUP,
            discount=self.discount(), reference=f"single-{self.random.random()}",
        )  # fmt: skip
        return bc.finalize(made, self.store, on=DAY)

    def contract(self) -> list[bc.Invoice]:
        """Bill a contract that begins on some day: shares of months, usage, and a year."""
        monthly = {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()}
        kinds = [
            bc.Item("seats", **self.fields(), **monthly),
            bc.Item("year", **self.fields(), billing_type=bc.RECURRING, cadence=bc.yearly()),
            bc.Item(
                "calls", **self.fields() | {"quantity": 1}, order_no="CALLS",
                billing_type=bc.TRANSACTIONAL, cadence=bc.monthly(anchor="2026-01-01"),
            ),
        ]  # fmt: skip
        start = date(2026, 1, self.random.randint(1, 28))
        bill = bc.Subscription("S-1", account="acme", start=start, items=kinds, reference="PO 7")
        self.store.add(bill)
        for number in range(3):
            amount = self.random.randint(1, 10_000)
            self.store.add_usage(
                "acme", bc.UsageRecord(f"U-{number}", "CALLS", "2026-01-31", amount)
            )
        drafts = []
        for month in (1, 2, 3):
            run = bc.InvoiceRun(bc.Period.month(2026, month), policy=self.policy)
            made = [*bc.execute(run, self.store).drafts]
            drafts += [bc.finalize(draft, self.store, on=DAY) for draft in made]
        return drafts

    def undo(self, invoice: bc.Invoice) -> bc.Invoice:
        """Give a part of an invoice back, or cancel it."""
        books = self.store.books("acme")
        whole = invoice.totals.gross
        if whole > 1 and self.random.random() < 0.6:
            part = (whole / self.random.randint(1, 5)).quantize(self.step)
            made = bc.credit(invoice.number, books, gross=part)
        else:
            made = bc.cancel(invoice.number, books)
        return bc.finalize(made, self.store, on=DAY)

    def invoices(self) -> list[bc.Invoice]:
        """Make all of its documents."""
        made = [self.single(), self.single(), *self.contract()]
        return [*made, *(self.undo(each) for each in self.random.sample(made, 2))]


class TaxedChain(RandomChain):
    """An agreement with tax codes on all lines: untaxed ones cannot stand beside them (BR-O-11)."""

    def nets(self, count):
        """Give net amounts of some tax codes."""
        codes = self.random.sample(["S19", "S7", "Z0"], count)
        most = self.random.choice([10, 1_000, 100_000])
        return {code: self.random.randint(1, most) * self.step for code in codes}


def of_company(seed):
    """Give the documents of a company, each with what an export has to be told."""
    company = Company(seed)
    return [(invoice, {"buyer": company.buyer}) for invoice in company.invoices()]


def of_chain(seed):
    """Give the documents of an agreement that is billed in parts, finals in two ways.

    Dinars have three decimals, which the norm does not have (BR-DEC-23 and its like).
    """
    chain = TaxedChain(seed)
    if chain.agreement.currency == "KWD":
        return []
    chain.live()
    return _documents(chain, is_construction=seed % 2 == 0)


def of_prepaid(seed):
    """Give the documents of an agreement that is invoiced and paid before its final."""
    chain = TaxedChain(seed)
    if chain.agreement.currency == "KWD":
        return []
    nets = chain.nets(2)
    chain.subs.append(chain.bill("progress", nets).number)
    chain.pay()
    chain.bill_all(nets)
    return _documents(chain, is_construction=False)


def _documents(chain, **known):
    found = []
    for invoice in chain.books.invoices.values():
        options = {"buyer": BUYER, **known}
        found.append((invoice, options | _original(chain.books, invoice)))
        if invoice.totals.paid:
            found.append((invoice, options | {"as_prepaid": True}))
            found.append((invoice, options | {"as_prepaid": True, "with_statement": True}))
    return found


def _original(books, invoice):
    """Give the final that a cancellation cancels, which has the deductions."""
    original = books.invoices.get(invoice.draft.original)
    is_of_final = original is not None and original.kind is bc.InvoiceKind.FINAL
    is_needed = is_of_final and invoice.kind is bc.InvoiceKind.CANCELLATION
    return {"original": original} if is_needed else {}


def exported(invoice, options, rules=export.XRECHNUNG):
    """Export an invoice of the company."""
    return export.en16931(invoice, rules=rules, seller=SELLER, payment_means=TRANSFER, **options)

"""A seller and a buyer with all that an electronic invoice asks for, and documents between them."""

from __future__ import annotations

from attrs import evolve

import billingcore as bc

BERLIN = bc.PostalAddress("DE", lines=["Weg 1", "Hof", "2. OG"], city="Berlin", postcode="10115")
BONN = bc.PostalAddress("DE", city="Bonn", postcode="53111")
SELLER = bc.Party(
    "Sales GmbH",
    vat_id="DE123456789",
    address=BERLIN,
    contact=bc.PartyContact("Eva", phone="+49 30 1234", email="eva@sales.example"),
    electronic_address=bc.Identifier("eva@sales.example", scheme="EM"),
)
BUYER = bc.Party(
    "Acme GmbH",
    vat_id="DE987654321",
    address=BONN,
    electronic_address=bc.Identifier("4012345000009", scheme="0088"),
    buyer_reference="04011000-12345-67",
)
MEANS = bc.PaymentMeans("58", account="DE89370400440532013000", bic="COBADEFFXXX")
JANUARY = bc.Period.month(2026, 1)
NO_TERMS = bc.PaymentTerms()


def rate(category, reason="", code=""):
    """Give the rate of what is not taxed."""
    return [bc.TaxRate(0, category=category, reason=reason, reason_code=code)]


TAX = bc.TaxTable(
    {
        "DE_19": 19,
        "DE_7": 7,
        "Z": rate(bc.TaxCategory.ZERO),
        "E": rate(bc.TaxCategory.EXEMPT, "UStG 4 Nr. 21"),
        "AE": rate(bc.TaxCategory.REVERSE_CHARGE),
        "K": rate(bc.TaxCategory.INTRA_COMMUNITY, code="VATEX-EU-IC"),
        "G": rate(bc.TaxCategory.EXPORT, "Export"),
        "O": rate(bc.TaxCategory.OUT_OF_SCOPE),
        "L": [bc.TaxRate(7, category=bc.TaxCategory.CANARY_ISLANDS)],
    }
)


def store_with(
    seller=SELLER, buyer=BUYER, means=MEANS, terms=NO_TERMS, currency="EUR", template=None,
    filters=(), **options
):  # fmt: skip
    """Give a store with the account of the buyer; options are fields of that."""
    entity = bc.BusinessEntity("Sales", party=seller, payment_means=means)
    paper = bc.Template("Default", payment_days=14, payment_terms=terms, **(template or {}))
    house = {}
    if currency != "EUR":
        rates = [bc.ExchangeRate(currency, "EUR", "0.90", date="2026-01-01", source="ECB")]
        house = {"exchange": bc.ExchangeTable(rates), "house_currency": "EUR"}
    store = bc.MemoryStore(tax=TAX, setup=bc.Setup([paper], [entity], **house), filters=filters)
    fields = {"entity": "Sales", "party": buyer, "name": "Acme"} | options
    store.add(bc.Account("acme", currency=currency, **fields))
    return store


def sold(price=100, code="DE_19", **fields):
    """Give an item."""
    return bc.Item("work", title="Work", unit_price=price, tax_code=code, **fields)


def issue(store, *items, on="2026-02-01", policy=bc.DOCUMENTED, period=JANUARY, **options):
    """Make a document of items, finalize it, and give it back."""
    books = store.books("acme")
    options.setdefault("reference", f"by-hand-{len(books.invoices)}")
    made = bc.draft(
        books.account, items, period=period, tax=TAX, setup=store.setup, policy=policy,
        books=books, **options,
    )  # fmt: skip
    return bc.finalize(made, store, on=on)


def part(store, kind, *amounts, **options):
    """Make a document of an agreement; each amount is a net one with its tax code."""
    items = [
        bc.Item(f"work-{place}", title=f"Work {place}", unit_price=net, tax_code=code)
        for place, (net, code) in enumerate(amounts, 1)
    ]
    key = "" if kind is bc.InvoiceKind.STANDARD else "house"
    return issue(store, *items, kind=kind, sub_invoice_key=key, **options)


def pay(store, name, amount, number):
    """Pay a document."""
    payment = bc.Payment(
        name, account="acme", amount=amount, currency="EUR", date="2026-02-05", invoices=[number]
    )
    bc.pay(store, payment)


def final(shape):
    """Give store and final of an agreement over 4,000 and 70 net, of which parts were invoiced.

    A deposit of 1,000 is paid (1,190.00 with tax), a partial invoice of 500 is not (595.00).
    """
    store = store_with()
    policy = evolve(bc.DOCUMENTED, name="shape", final_shape=shape)
    first = part(store, bc.InvoiceKind.DEPOSIT, (1000, "DE_19"), policy=policy)
    pay(store, "P-1", "1190.00", first.number)
    part(store, bc.InvoiceKind.PARTIAL, (500, "DE_19"), policy=policy)
    amounts = ((4000, "DE_19"), (70, "DE_7"))
    return store, part(store, bc.InvoiceKind.FINAL, *amounts, policy=policy, on="2026-03-01")

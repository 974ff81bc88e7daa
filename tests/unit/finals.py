"""Finals and part invoices made by hand, with amounts that the tests state."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import billingcore as bc
from billingcore.invoices.chain import Chain
from billingcore.tax.chain import with_deductions
from billingcore.values.sealing import changed

JUNE = bc.Period.month(2026, 6)
RATES = bc.TaxTable({"DE_19": 19, "DE_7": 7, "JP_10": 10, "KW_5": 5, "CH_8": "8.1", "EU_0": 0})
TAXES = {code: bc.Tax(code, rate=rate) for code, rate in
         {"DE_19": 19, "DE_16": 16, "DE_7": 7, "JP_10": 10, "KW_5": 5, "CH_8": "8.1", "EU_0": 0}.items()}  # fmt: skip
SELLER = bc.BusinessEntity(
    "Bau GmbH",
    address="Hauptstraße 1\n10115 Berlin",
    tax_id="DE123456789",
    bank="IBAN DE02 1203 0000 0000 2020 51",
)
SETUP = bc.Setup([bc.Template("Default", payment_days=14)], [SELLER])


def plain(text):
    """Replace the spaces that hold a number and its unit together by plain ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


def parts(*amounts):
    """Make amounts of (code, net, tax)."""
    return [bc.TaxAmount(TAXES[code], Decimal(net), Decimal(tax)) for code, net, tax in amounts]


def sub(number, *amounts, paid=None, kind=bc.InvoiceKind.PROGRESS, **options):
    """Make a part invoice of March 2026 that is paid as a whole, or as said."""
    fields = {"key": "house", "date": "2026-03-01", "currency": "EUR"} | options
    invoiced = parts(*amounts)
    received = invoiced if paid is None else parts(*paid)
    return bc.ChainDocument(number, kind=kind, invoiced=invoiced, paid=received, **fields)


P_1 = sub(
    "P-1",
    ("DE_19", "2500.00", "475.00"),
    lines=[bc.ChainLine("Rohbau", Decimal("2500.00"), 1)],
)
P_2 = sub(
    "P-2",
    ("DE_19", "2500.00", "475.00"),
    date="2026-04-01",
    lines=[bc.ChainLine("Zweiter Abschlag", Decimal("2500.00"), 1)],
)


def paper(kind, *items, currency="EUR", chain=None, policy=bc.DOCUMENTED, setup=SETUP):
    """Make a draft of a kind."""
    account = bc.Account(
        "acme",
        name="Acme GmbH",
        currency=currency,
        address="Nebenweg 2\n20095 Hamburg",
        entity=SELLER.name,
    )
    made = bc.draft(account, items, period=JUNE, tax=RATES, setup=setup, policy=policy)
    return changed(made, kind=kind, chain=chain or Chain("house"))


def final(documents, *items, shape=bc.FinalShape.CUMULATIVE, policy=bc.DOCUMENTED, **options):
    """Make the draft of a final that deducts documents."""
    made = paper(bc.InvoiceKind.FINAL, *items, policy=policy.but(final_shape=shape), **options)
    return with_deductions(made, documents)


def work(price, code="DE_19", title="Haus", **options):
    """Make an item."""
    return bc.Item(title, title=title, unit_price=price, tax_code=code, **options)


def issued(draft, number="S-1", payment_days=14):
    """Issue a draft on 1 July 2026."""
    day = date(2026, 7, 1)
    return bc.Invoice(number, day, day + timedelta(payment_days), draft)


def house(**options):
    """Make the final of a house: 10,000 + 1,900, of which two claims are paid."""
    items = work(6000, title="Rohbau"), work(4000, title="Ausbau")
    return final([P_1, P_2], *items, **options)

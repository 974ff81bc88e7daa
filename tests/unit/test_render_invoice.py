"""A whole invoice and a whole draft, as their reader sees them."""

from __future__ import annotations

import decimal
import re
from datetime import date

import billingcore as bc

JANUARY = bc.Period.month(2026, 1)
RATES = bc.TaxTable({"DE_19": 19, "EU": bc.TaxRate(0, category=bc.TaxCategory.REVERSE_CHARGE)})
SELLER = bc.BusinessEntity(
    "Muster Software GmbH",
    address="Hauptstraße 1\n10115 Berlin",
    tax_id="DE123456789",
    bank="IBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001",
)
TEMPLATE = bc.Template(
    "Default", payment_days=14, intro="Vielen Dank für Ihren Auftrag.", footer="Amtsgericht Berlin"
)


def plain(text):
    """Replace the spaces that hold a number and its unit together by plain ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


def billed():
    """Make the draft of a run with all that an invoice shows, and the store that keeps it."""
    store = bc.MemoryStore(setup=bc.Setup([TEMPLATE], [SELLER]), tax=RATES)
    store.add(
        bc.Account(
            "acme",
            name="Acme GmbH",
            currency="EUR",
            address="Nebenweg 2\n20095 Hamburg",
            tax_id="DE987654321",
            entity=SELLER.name,
        ),
        bc.Subscription(
            "S-1",
            account="acme",
            start=date(2026, 1, 15),
            reference="PO-4711",
            order_discount=bc.Discount.percent(5),
            items=[
                bc.Item(
                    "seats",
                    title="Seats of the large and beautiful workspace edition",
                    unit_price="100",
                    quantity=3,
                    tax_code="DE_19",
                    billing_type=bc.RECURRING_PRORATED,
                    cadence=bc.monthly(),
                    sync_with=bc.NEXT_MONTH,
                    discount=bc.Discount.percent("12.5", title="Treuerabatt"),
                ),
                bc.Item(
                    "work",
                    title="Beratung",
                    description="Workshop for three,\nin person",
                    unit_price="119.00",
                    quantity="7.5",
                    unit_code="HUR",
                    tax_code="DE_19",
                    price_includes_tax=True,
                ),
                bc.Item("calls", title="API", unit_price="0.00125", quantity=123456, tax_code="EU"),
            ],
        ),
    )
    (draft,) = bc.execute(bc.InvoiceRun(JANUARY), store).drafts
    return draft, store


# 300 x 17/31 = 164.52; 12.5 % of it 20.57, so 143.95. 119 x 7.5 = 892.50. 123456 x 0.00125 = 154.32.
# 5 % of 1190.77 is 59.54, shared 7.1975..., 44.6250..., 7.7160...: 7.20, 44.62, 7.72.
# Net and tax: 136.75 + (847.88 - 135.38) + 146.60 = 995.85; tax 25.98 + 135.38 = 161.36.
GERMAN = """\
Muster Software GmbH
Hauptstraße 1
10115 Berlin
USt-IdNr. DE123456789

Acme GmbH
Nebenweg 2
20095 Hamburg
USt-IdNr. DE987654321

Rechnung 2026-00001
===================

Rechnungsdatum     01.02.2026
Fällig am          15.02.2026
Leistungszeitraum  01.01.2026 – 31.01.2026
Ihre Referenz      PO-4711

Vielen Dank für Ihren Auftrag.

------------------------------------------------------------------------------
Pos.  Bezeichnung                               Menge  Einzelpreis    Betrag
------------------------------------------------------------------------------
   1  Seats of the large and beautiful              3     100,00 €  164,52 €
      workspace edition
      15.01.2026 – 31.01.2026 (17/31 Monat)
      Treuerabatt 12,5 %                                            -20,57 €
      Anteil am Auftragsrabatt                                       -7,20 €
   2  Beratung                               7,5 Std.     119,00 €  892,50 € *
      01.01.2026 – 31.01.2026
      Workshop for three,
      in person
      Anteil am Auftragsrabatt                                      -44,62 € *
   3  API                                     123.456    0,00125 €  154,32 €
      01.01.2026 – 31.01.2026
      Anteil am Auftragsrabatt                                       -7,72 €
------------------------------------------------------------------------------
* Der Preis enthält die Umsatzsteuer.

                        Nettobetrag                                 995,85 €
                        Umsatzsteuer 19 % auf 849,25 €              161,36 €
                        Umsatzsteuer 0 % auf 146,60 €                 0,00 €
                        Steuerschuldnerschaft des
                        Leistungsempfängers (Reverse Charge).
                        Bruttobetrag                              1.157,21 €
                        ----------------------------------------------------
                        Zu zahlen                                 1.157,21 €

Bitte zahlen Sie 1.157,21 € bis zum 15.02.2026.

Bankverbindung
IBAN DE02 1203 0000 0000 2020 51
BIC BYLADEM1001

Amtsgericht Berlin"""

ENGLISH = """\
Muster Software GmbH
Hauptstraße 1
10115 Berlin
VAT ID DE123456789

Acme GmbH
Nebenweg 2
20095 Hamburg
VAT ID DE987654321

Invoice (draft)
===============

Period          Jan 1, 2026 – Jan 31, 2026
Your reference  PO-4711

Vielen Dank für Ihren Auftrag.

------------------------------------------------------------------------------
No.  Description                               Quantity  Unit price   Amount
------------------------------------------------------------------------------
  1  Seats of the large and beautiful                 3     €100.00  €164.52
     workspace edition
     Jan 15, 2026 – Jan 31, 2026
     (17/31 month)
     Treuerabatt 12.5%                                               -€20.57
     Share of the order discount                                      -€7.20
  2  Beratung                                 7.5 hours     €119.00  €892.50 *
     Jan 1, 2026 – Jan 31, 2026
     Workshop for three,
     in person
     Share of the order discount                                     -€44.62 *
  3  API                                        123,456    €0.00125  €154.32
     Jan 1, 2026 – Jan 31, 2026
     Share of the order discount                                      -€7.72
------------------------------------------------------------------------------
* The price includes tax.

                         Net                                         €995.85
                         Tax 19% on €849.25                          €161.36
                         Tax 0% on €146.60                             €0.00
                         Reverse charge: the recipient is liable
                         for the tax.
                         Total                                     €1,157.21
                         ---------------------------------------------------
                         Amount due                                €1,157.21

Amtsgericht Berlin"""


def test_a_german_invoice():
    """An invoice is written in German by default, with number, dates, lines, taxes and sums."""
    draft, store = billed()
    invoice = bc.finalize(draft, store, on=date(2026, 2, 1))

    assert plain(bc.render.text(invoice)) == GERMAN


def test_an_english_draft():
    """A draft is written in English without number and dates, and does not ask for payment."""
    draft, _ = billed()

    assert plain(bc.render.text(draft, locale="en_US")) == ENGLISH


def test_the_hosts_decimal_context_does_not_matter():
    """A document is the same under a context of three digits that traps everything."""
    draft, _ = billed()
    hostile = decimal.Context(prec=3, rounding=decimal.ROUND_UP, capitals=0, Emax=3, Emin=-3)
    for signal in hostile.traps:
        hostile.traps[signal] = True
    with decimal.localcontext(hostile):
        assert plain(bc.render.text(draft, locale="en_US")) == ENGLISH

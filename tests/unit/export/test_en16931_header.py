"""References, notes, terms of payment, and parties with or without details."""

from __future__ import annotations

import datetime as dt

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import export
from billingcore.export.en16931.parties import buyer
from billingcore.export.en16931.sheet import Sheet
from tests.unit.export.selling import BUYER, MEANS, SELLER, issue, part, sold, store_with

KIND = bc.InvoiceKind
IN_PARTS = "Please pay €59.50 by Feb 11, 2026.\nPlease pay €59.50 by Feb 21, 2026."
DISCOUNTS = [bc.CashDiscount(7, percent=2), bc.CashDiscount(10, percent="1.5")]


def exported(store, *items, rules=export.EN16931, **options):
    """Export an invoice over items, or over one."""
    return export.en16931(issue(store, *(items or (sold(),)), **options), rules=rules)


def test_terms_in_words():
    """Installments, what is kept back and cash discounts are told; the first day is the due date."""
    terms = bc.PaymentTerms(
        installments=[bc.Installment(10), bc.Installment(20)],
        cash_discounts=DISCOUNTS[:1],
        retention=bc.Retention(365, percent=5),
    )
    data = exported(store_with(terms=terms))

    # 119.00, of which 5.95 are kept back, and 113.05 paid in halves.
    assert data["BT-9"] == dt.date(2026, 2, 11)
    assert data["BT-20"].splitlines() == [
        "Please pay €56.53 by Feb 11, 2026.",
        "Please pay €56.52 by Feb 21, 2026.",
        "You may keep back €5.95 as security; please pay it by Feb 1, 2027.",
        "By Feb 8, 2026 you may deduct 2%: €2.38, and pay €116.62.",
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (bc.PaymentTerms(), None),
        (
            bc.PaymentTerms(cash_discounts=DISCOUNTS),
            "#SKONTO#TAGE=7#PROZENT=2.00#\n#SKONTO#TAGE=10#PROZENT=1.50#\n",
        ),
        (
            bc.PaymentTerms(
                installments=[bc.Installment(10), bc.Installment(20)], cash_discounts=DISCOUNTS[:1]
            ),
            f"{IN_PARTS}\n#SKONTO#TAGE=7#PROZENT=2.00#\n",
        ),
        (
            bc.PaymentTerms(installments=[bc.Installment(10), bc.Installment(20)]),
            IN_PARTS,
        ),
    ],
    ids=["due date only", "discounts", "parts and a discount", "parts"],
)
def test_xrechnung_reads_cash_discounts(terms, expected):
    """In an XRechnung cash discounts are lines that programs read, each closed by a line break."""
    assert exported(store_with(terms=terms), rules=export.XRECHNUNG).get("BT-20") == expected


def test_notes_and_words_of_the_account():
    """Intro, hint and footer are notes, in the language of the account or the one asked for."""
    store = store_with(locale="de_DE", template={"intro": "Guten Tag", "footer": "Danke"})
    invoice = part(store, KIND.PROGRESS, (100, "DE_19"))
    notes = [each["BT-22"] for each in export.en16931(invoice)["BG-1"]]
    english = export.en16931(invoice, locale="en")["BG-1"]

    assert notes[0] == "Guten Tag"
    assert notes[1].startswith("Diese Rechnung fordert eine Abschlagszahlung an")
    assert notes[-1] == "Danke"
    assert english[1] == {"BT-22": "This asks for a payment on account before all is supplied."}


def test_peppol_takes_one_note():
    """All notes are one for Peppol, which takes no second one (R002)."""
    store = store_with(template={"intro": "Hello", "footer": "Bye"})
    invoice = issue(store, sold())

    assert export.en16931(invoice)["BG-1"] == [{"BT-22": "Hello"}, {"BT-22": "Bye"}]
    assert export.en16931(invoice, rules=export.PEPPOL_BIS)["BG-1"] == [{"BT-22": "Hello\nBye"}]


def test_a_later_version_of_a_rule_set():
    """A rule set with another specification asks for the same as the one that it is a version of."""
    later = evolve(export.XRECHNUNG, specification="urn:later")
    terms = bc.PaymentTerms(cash_discounts=DISCOUNTS[:1])
    invoice = issue(store_with(buyer=None, terms=terms), sold())
    data = export.en16931(invoice, rules=later, buyer=BUYER)

    assert data["BG-2"]["BT-24"] == "urn:later"
    assert data["BT-20"] == "#SKONTO#TAGE=7#PROZENT=2.00#\n"
    assert "BR-DE-15" in {each.rule for each in export.en16931_findings(invoice, rules=later)}


def test_references():
    """A buyer's reference is the order if there is one; several are a note. A contract is named."""
    store = store_with()
    monthly = {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly(), "tax_code": "DE_19"}
    for name in ("S-1", "S-2"):
        item = bc.Item("seats", unit_price=10, **monthly)
        store.add(bc.Subscription(name, account="acme", items=[item], reference=f"PO {name}"))
    together = bc.Policy(name="together", grouping=bc.PER_ACCOUNT)
    apart = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts
    one, _ = (export.en16931(bc.finalize(each, store, on="2026-02-01")) for each in [*apart])
    run = bc.InvoiceRun(bc.Period.month(2026, 2), policy=together)
    (draft,) = bc.execute(run, store).drafts
    both = export.en16931(bc.finalize(draft, store, on="2026-03-01"))

    assert (one["BT-12"], one["BT-13"]) == ("S-1", "PO S-1")
    assert "BG-1" not in one
    assert not {"BT-12", "BT-13"} & both.keys()
    assert both["BG-1"] == [{"BT-22": "Your reference: PO S-1, PO S-2"}]


def test_one_day_of_service_is_the_day_of_delivery():
    """Where all service is on one day, that is the day of delivery, too."""
    data = exported(store_with(), period=bc.Period.closed("2026-01-05", "2026-01-05"))
    day = dt.date(2026, 1, 5)

    assert data["BG-13"] == {"BT-72": day, "BG-14": {"BT-73": day, "BT-74": day}}


def test_linked_files_are_named():
    """A file of a record that is linked stands in BG-24 with its id and title."""
    file = bc.SourceDocument("F-1", title="Time sheet", link=True)
    values = {"ON_Account": "acme", "ON_Quantity": 2, "ON_UnitPrice": 50, "ON_Title": "Work"}
    values["ON_TaxCode"] = "DE_19"
    orders = bc.Filter("Work", use_case=bc.UseCase.GENERIC, target="Work")
    store = store_with(filters=[orders])
    store.add(bc.SourceRecord("Work", "W-1", values, documents=[file]))
    run = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([orders]))
    (draft,) = bc.execute(run, store).drafts
    data = export.en16931(bc.finalize(draft, store, on="2026-02-01"))

    assert data["BG-24"] == [{"BT-122": "F-1", "BT-123": "Time sheet"}]


def test_what_a_correction_takes_back_is_named():
    """A document with lines that correct others names these, without their dates."""
    store = store_with()
    item = bc.Item(
        "seats", unit_price=31, quantity=2, tax_code="DE_19", cadence=bc.monthly(),
        billing_type=bc.RECURRING_PRORATED, start="2026-01-01",
    )  # fmt: skip
    contract = bc.Subscription("S-1", account="acme", items=[item])
    store.add(contract)
    policy = bc.Policy(name="corrections", corrections=bc.Corrections.NEXT_INVOICE)
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=policy)
    (draft,) = bc.execute(run, store).drafts
    bc.finalize(draft, store, on="2026-01-31")
    changed = item.changed(bc.Change("2026-01-16", quantity=1))
    store.change(bc.Subscription("S-1", account="acme", items=[changed]))
    run = bc.InvoiceRun(bc.Period.month(2026, 2), policy=policy)
    (draft,) = bc.execute(run, store).drafts
    data = export.en16931(bc.finalize(draft, store, on="2026-02-28"))

    assert data["BG-3"] == [{"BT-25": "2026-00001"}]


def test_free_text_stands_in_for_parties():
    """Without a party, name, tax id and three lines of the address are what there is."""
    account = bc.Account(
        "acme", name="Acme", currency="EUR", tax_id="27/1/2", address="A\n\n B \nC\nD", entity="Us"
    )
    entity = bc.BusinessEntity("Us", tax_id="DE123456789", address="Weg 1")
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}), setup=bc.Setup(entities=[entity]))
    store.add(account)
    person = bc.Contact("anna", account="acme", name="Anna", email="anna@acme.example",
                        roles=[bc.ContactRole.INVOICE])  # fmt: skip
    store.put_contacts("acme", bc.Contacts([person]))
    store.add(bc.Subscription("S-1", account="acme", items=[sold()], start="2026-01-01"))
    (draft,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts
    invoice = bc.finalize(draft, store, on="2026-02-01")
    found = export.en16931_findings(invoice)
    germany = bc.PostalAddress("DE")
    data = export.en16931(invoice, seller=bc.Party("Us", address=germany), buyer=BUYER)

    assert [(each.rule, each.record) for each in found] == [
        ("BR-09", "BusinessEntity 'Us'"),
        ("BR-11", "Account 'acme'"),
    ]
    assert data["BG-4"] == {"BT-27": "Us", "BT-31": "DE123456789", "BG-5": {"BT-40": "DE"}}
    assert data["BG-7"]["BG-9"] == {"BT-56": "Anna", "BT-58": "anna@acme.example"}


def test_free_addresses_have_three_lines():
    """Of an address in free text the first three lines that say something are kept."""
    store = store_with(buyer=None, address="A\n\n B \nC\nD")
    invoice = issue(store, sold())
    sheet = Sheet(invoice, export.EN16931, "380", None, None, None, None, None, False, False)

    assert buyer(sheet) == {"BT-44": "Acme", "BG-8": {"BT-50": "A", "BT-51": "B", "BT-163": "C"}}


def test_all_that_is_known_of_parties():
    """Trading names, identifiers, registrations and legal information have their terms."""
    seller = bc.Party(
        "Sales GmbH", trading_name="Sales", identifier=bc.Identifier("K-1"),
        registration=bc.Identifier("HRB 1", scheme="0204"), vat_id="DE1", tax_number="27/1",
        legal_info="Seat: Berlin", address=bc.PostalAddress("DE", region="Berlin"),
    )  # fmt: skip
    customer = bc.Party(
        "Acme GmbH", trading_name="Acme", identifier=bc.Identifier("4012345000009", scheme="0088"),
        registration=bc.Identifier("HRB 2"), address=bc.PostalAddress("DE", region="NRW"),
        contact=bc.PartyContact("Ben", phone="123"),
    )  # fmt: skip
    data = exported(store_with(seller, customer))

    assert data["BG-4"] == {
        "BT-27": "Sales GmbH", "BT-28": "Sales", "BT-29": "K-1", "BT-30": "HRB 1",
        "BT-30-1": "0204", "BT-31": "DE1", "BT-32": "27/1", "BT-33": "Seat: Berlin",
        "BG-5": {"BT-39": "Berlin", "BT-40": "DE"},
    }  # fmt: skip
    assert data["BG-7"] == {
        "BT-44": "Acme GmbH", "BT-45": "Acme", "BT-46": "4012345000009", "BT-46-1": "0088",
        "BT-47": "HRB 2", "BG-8": {"BT-54": "NRW", "BT-55": "DE"},
        "BG-9": {"BT-56": "Ben", "BT-57": "123"},
    }  # fmt: skip


def test_hosts_can_keep_parties_elsewhere():
    """Seller, buyer and payment means that are handed in go before those of the records."""
    invoice = issue(store_with(seller=None, buyer=None, means=None), sold())
    means = bc.PaymentMeans("30", account="123")
    data = export.en16931(invoice, seller=SELLER, buyer=BUYER, payment_means=means)

    assert (data["BG-4"]["BT-27"], data["BG-7"]["BT-44"]) == ("Sales GmbH", "Acme GmbH")
    assert data["BG-16"] == {"BT-81": "30", "BT-83": "2026-00001", "BG-17": [{"BT-84": "123"}]}


def test_without_a_business_entity_the_setup_is_named():
    """If nobody is named as the seller, the finding names the setup."""
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}))
    store.add(bc.Account("acme", currency="EUR", party=BUYER))
    found = export.en16931_findings(issue(store, sold()))

    assert {each.record for each in found} == {"Setup"}
    assert [each.rule for each in found] == ["BR-06", "BR-08", "BR-S-02", "BR-CO-26"]


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        (
            bc.PaymentMeans("59", mandate="M-1", debited_account="DE89370400440532013000"),
            {"BG-19": {"BT-89": "M-1", "BT-90": "C-1", "BT-91": "DE89370400440532013000"}},
        ),
        (
            bc.PaymentMeans("59", mandate="M-1", creditor_id="C-2"),
            {"BG-19": {"BT-89": "M-1", "BT-90": "C-2"}},
        ),
        (
            bc.PaymentMeans("48", card="1234", card_holder="Anna"),
            {"BG-18": {"BT-87": "1234", "BT-88": "Anna"}},
        ),
        (bc.PaymentMeans("10", text="cash"), {"BT-82": "cash"}),
        (
            bc.PaymentMeans("58", account=MEANS.account, account_name="Sales", remittance="R 7"),
            {"BT-83": "R 7", "BG-17": [{"BT-84": MEANS.account, "BT-85": "Sales"}]},
        ),
    ],
    ids=["debit", "own creditor", "card", "cash", "transfer"],
)
def test_payment_means(means, expected):
    """The account's way to pay goes first; of a direct debit the creditor is the seller."""
    of_seller = bc.PaymentMeans("58", account=MEANS.account, creditor_id="C-1")
    data = exported(store_with(means=of_seller, payment_means=means))

    assert data["BG-16"] == {"BT-81": means.code, "BT-83": "2026-00001"} | expected


def test_a_creditor_needs_a_seller():
    """Without a business entity nobody but the account names the creditor of a direct debit."""
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}))
    means = bc.PaymentMeans("59", mandate="M-1")
    store.add(bc.Account("acme", currency="EUR", party=BUYER, payment_means=means))
    data = export.en16931(issue(store, sold()), seller=SELLER)

    assert data["BG-16"]["BG-19"] == {"BT-89": "M-1"}

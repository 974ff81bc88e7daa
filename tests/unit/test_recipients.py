"""Who gets a document: what is stamped on drafts, and how that is decided anew."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME, VAT, contract, draft_of, monthly, once, run_of, store_of

INVOICE, EMAIL = bc.ContactRole.INVOICE, bc.ContactRole.EMAIL
ANNA = bc.Contact("anna", account="acme", name="Anna", address="Weg 1", roles=[INVOICE])
BEN = bc.Contact("ben", account="acme", name="Ben")


def names(found, *roles):
    """Give the ids of the holders of roles, each as one text."""
    return [", ".join(each.contact.id for each in found.of(role)) for role in roles]


def with_contacts(*contracts, contacts, **fields):
    """Make a store with contracts of acme and its contacts."""
    store = store_of(*contracts, **fields)
    store.put_contacts("acme", contacts)
    return store


def billed(store, **fields):
    """Give the drafts of March."""
    return bc.bill(run_of(**fields), store.snapshot("acme"), VAT).drafts


class TestDrafts:
    """What is stamped on drafts."""

    def test_names_and_addresses_are_stamped(self):
        """A draft keeps who got it when it was made, until it is an invoice and after."""
        store = with_contacts(contract(monthly()), contacts=bc.Contacts([ANNA]))
        (draft,) = bc.execute(run_of(), store).drafts
        moved = bc.Contact("anna", account="acme", address="Platz 2", roles=[INVOICE])
        store.put_contacts("acme", bc.Contacts([moved]))
        invoice = bc.finalize(bc.edit.change_line(draft, 1, title="Seat"), store, on="2026-05-01")

        assert invoice.draft.billing == ("Acme GmbH", "Anna", "Weg 1")
        assert invoice.recipients == draft.recipients
        assert str(invoice.recipients.day) == "2026-03-31"

    @pytest.mark.parametrize(
        ("invoice_date", "expected"),
        [(None, "anna"), ("2026-04-01", "anna"), ("2026-04-02", "ben")],
        ids=["end of the run", "last day", "day after"],
    )
    def test_the_day_of_validity(self, invoice_date, expected):
        """Contacts count as on the invoice date, or else on the last day of the run."""
        relations = [
            bc.ContactRelation("anna", "acme", roles=[INVOICE], end="2026-04-01"),
            bc.ContactRelation("ben", "acme", roles=[INVOICE], start="2026-03-31"),
        ]
        contacts = bc.Contacts([ANNA, BEN], relations=relations)
        store = with_contacts(contract(monthly()), contacts=contacts)
        (draft,) = billed(store, invoice_date=invoice_date)

        assert names(draft.recipients, INVOICE) == [expected]

    def test_a_subscription_names_its_contact(self):
        """A contact of a subscription gets its documents, and not those of others."""
        store = with_contacts(
            contract(monthly(), contact="ben"),
            contract(monthly(), id="S-2"),
            contacts=bc.Contacts([ANNA, BEN]),
        )

        assert [names(draft.recipients, INVOICE) for draft in billed(store)] == [["ben"], ["anna"]]

    @pytest.mark.parametrize(
        ("named", "expected", "warnings"),
        [
            (["ben", "anna"], "ben", ["ben, anna; ben is taken"]),
            (["anna", "ben"], "anna", ["anna, ben; anna is taken"]),
            ([None, "ben"], "ben", []),
            (["ben", "ben"], "ben", []),
        ],
        ids=["two", "two the other way", "one", "the same"],
    )
    def test_subscriptions_on_one_document(self, named, expected, warnings):
        """On a shared document the first named contact is taken, with a warning if they differ."""
        contracts = [
            contract(monthly(), id=f"S-{number}", contact=name) for number, name in enumerate(named)
        ]
        store = with_contacts(*contracts, contacts=bc.Contacts([ANNA, BEN]))
        (draft,) = billed(store, grouping=bc.PER_ACCOUNT)
        said = [
            text.removeprefix("the subscriptions name different contacts: ")
            for text in draft.recipients.warnings
        ]

        assert names(draft.recipients, INVOICE) == [expected]
        assert said == warnings

    def test_a_document_for_each_contact(self):
        """A criterion of contacts keeps the lines of different contacts on different documents."""
        by_contact = bc.Criterion("contact", "subscription.contact")
        store = with_contacts(
            contract(monthly(), contact="ben"),
            contract(monthly(), id="S-2", contact="anna"),
            contract(monthly(), id="S-3", contact="ben"),
            contacts=bc.Contacts([ANNA, BEN]),
        )
        drafts = billed(store, grouping=(by_contact,))

        assert [names(draft.recipients, INVOICE) for draft in drafts] == [["ben"], ["anna"]]

    def test_a_named_contact_and_none_to_ask(self):
        """A subscription that names a contact nobody has handed in is billed, with a warning."""
        (draft,) = billed(store_of(contract(monthly(), contact="ben")))

        assert draft.recipients.holders == ()
        assert draft.recipients.warnings == (
            "contact 'ben' is named, but is no active contact of the account",
        )

    def test_nobody(self):
        """Without contacts the account itself is billed."""
        (draft,) = billed(store_of(contract(monthly())))

        assert draft.recipients == bc.Recipients(None, (), ())
        assert draft.billing == ("Acme GmbH", "", "")

    def test_a_transferred_subscription(self):
        """A contact that a contract names does not follow it to another account."""
        old, new = bc.transfer(
            contract(monthly(), contact="ben"), to="b", on="2026-02-01", id="S-2"
        )

        assert (old.contact, new.contact) == ("ben", None)


class TestReaddress:
    """A draft that somebody else shall get."""

    def test_another_contact(self):
        """A draft gets another contact, and keeps its lines, sums and later edits."""
        draft = draft_of(once())
        other_one = bc.edit.readdress(draft, bc.Contacts([ANNA, BEN]), contact="ben")
        edited = bc.edit.discount_order(other_one, bc.Discount.percent(10))

        assert names(other_one.recipients, INVOICE, EMAIL) == ["ben", "ben"]
        assert edited.recipients == other_one.recipients
        assert (other_one.totals, other_one.lines) == (draft.totals, draft.lines)
        assert names(bc.edit.readdress(edited, bc.Contacts([ANNA])).recipients, INVOICE) == ["anna"]

    @pytest.mark.parametrize(
        ("invoice_date", "known", "on", "day"),
        [
            (None, None, None, "2026-03-31"),
            (None, "2026-04-10", None, "2026-04-10"),
            ("2026-04-05", "2026-04-10", None, "2026-04-05"),
            ("2026-04-05", None, "2026-04-20", "2026-04-20"),
        ],
        ids=["end of its period", "as before", "invoice date", "given"],
    )
    def test_the_day(self, invoice_date, known, on, day):
        """The day is the given one, else the invoice date, else as before, else the last day."""
        draft = draft_of(once(), invoice_date=invoice_date)
        if known is not None:
            draft = bc.edit.readdress(draft, bc.Contacts([ANNA]), on=known)

        assert str(bc.edit.readdress(draft, bc.Contacts([ANNA]), on=on).recipients.day) == day

    @pytest.mark.parametrize("name", ["carla", "gone"])
    def test_errors(self, name):
        """A contact that is unknown or inactive is refused."""
        contacts = bc.Contacts([ANNA, BEN, bc.Contact("gone", active=False)])

        with pytest.raises(bc.InvalidInputError, match="no such contact; use one of anna, ben"):
            bc.edit.readdress(draft_of(once()), contacts, contact=name)


def test_contacts_of_an_unknown_account():
    """A store refuses contacts of an account that it does not know."""
    with pytest.raises(bc.InvalidInputError, match="no such account"):
        bc.MemoryStore().put_contacts("acme", bc.Contacts())


def test_changed_contacts_refuse_a_stale_commit():
    """What was billed before contacts changed is not stored after it."""
    store = with_contacts(contract(monthly()), contacts=bc.Contacts([ANNA]))
    outcome = bc.bill(run_of(), store.snapshot("acme"), VAT)
    store.put_contacts("acme", bc.Contacts([BEN]))

    assert store.commit([outcome]) == [ACME.id]


def test_rendered_documents_show_the_billing_address():
    """A rendered document shows account, Invoice Contact and address, one below the other."""
    draft = bc.edit.readdress(draft_of(once()), bc.Contacts([ANNA]))
    page = bc.render.text(draft)

    assert page.startswith("Acme GmbH\nAnna\nWeg 1\n\nRechnung")

"""How a document reaches its buyer: envelope, recipients of the mail, attachments and links."""

from __future__ import annotations

from email.utils import formataddr

import pytest

import billingcore as bc
from tests.unit.engine.records import MARCH, draft_of, once, store_of

ROLE = bc.ContactRole
ACME = bc.Account("acme", name="Acme GmbH", currency="EUR", address="Nebenweg 2\n20095 Hamburg")
ANNA = bc.Contact("anna", name="Anna", email="anna@acme.example", address="Weg 1")
BEN = bc.Contact("ben", name="Ben, Mail", email="ben@acme.example")
MIB = 1024**2


def draft_for(*held, account=ACME, **template):
    """Make a draft for contacts with their roles."""
    setup = bc.Setup([bc.Template("Default", **template)])
    draft = bc.draft(account, [once()], period=MARCH, setup=setup)
    relations = [bc.ContactRelation(each.id, "acme", roles=roles) for each, *roles in held]
    contacts = {each.id: each for each, *_ in held}
    return bc.edit.readdress(draft, bc.Contacts(contacts.values(), relations=relations))


def invoice_for(*held, **template):
    """Make an invoice for contacts with their roles."""
    return bc.finalize(draft_for(*held, **template), store_of(account=ACME), on="2026-04-01")


def paper(name, file_type="pdf", size=100, **fields):
    """Make a file that is linked."""
    fields = {"link": True} | fields
    return bc.SourceDocument(name, file_type=file_type, size=size, **fields)


def draft_with(*files, **template):
    """Bill a record that has files, and give the store and the draft."""
    deals = bc.Filter("Deals", use_case=bc.UseCase.GENERIC, target="Deal")
    fields = {"ON_Account": "acme", "ON_Title": "Audit", "ON_UnitPrice": 100}
    setup = bc.Setup([bc.Template("Default", **template)])
    store = bc.MemoryStore(setup=setup, filters=[deals])
    store.add(ACME, bc.SourceRecord("Deal", "D-1", fields, documents=files))
    run = bc.InvoiceRun(MARCH, selection=bc.Selection([deals]))
    (draft,) = bc.execute(run, store).drafts
    return store, draft


def invoice_with(*files, **template):
    """Make an invoice for a record that has files."""
    store, draft = draft_with(*files, **template)
    return bc.finalize(draft, store, on="2026-04-01")


class TestRecipients:
    """Envelope and mail."""

    def test_each_role_has_its_place(self):
        """Invoice, mailing and e-mail contact, CC and BCC stand where they belong."""
        carla = bc.Contact("carla", name="Carla", email="carla@acme.example")
        dora = bc.Contact("dora", email="dora@acme.example")
        emil = bc.Contact("emil", name="Emil", address="Platz 3")
        sent = bc.distribution(
            draft_for(
                (ANNA, ROLE.INVOICE),
                (BEN, ROLE.EMAIL),
                (carla, ROLE.CC),
                (dora, ROLE.CC, ROLE.BCC),
                (emil, ROLE.MAILING),
            )
        )

        assert str(sent.billing) == "Acme GmbH\nAnna\nWeg 1"
        assert str(sent.postal) == "Acme GmbH\nEmil\nPlatz 3"
        assert sent.to == (("Ben, Mail", "ben@acme.example"),)
        assert sent.cc == (("Carla", "carla@acme.example"), ("", "dora@acme.example"))
        assert sent.bcc == ()
        assert sent.warnings == ()
        assert [formataddr(each) for each in sent.to] == ['"Ben, Mail" <ben@acme.example>']

    def test_everything_falls_back_to_the_invoice_contact(self):
        """An Invoice Contact alone gets letter and mail."""
        sent = bc.distribution(draft_for((ANNA, ROLE.INVOICE)))

        assert sent.billing == sent.postal == ("Acme GmbH", "Anna", "Weg 1")
        assert (sent.to, sent.cc, sent.bcc) == ((("Anna", "anna@acme.example"),), (), ())

    def test_nobody(self):
        """Without contacts the letter goes to the account, and no mail to anybody."""
        sent = bc.distribution(draft_for())

        assert sent.billing == sent.postal == ("Acme GmbH", "", "Nebenweg 2\n20095 Hamburg")
        assert (sent.to, sent.cc, sent.bcc, sent.warnings) == ((), (), (), ())

    @pytest.mark.parametrize(
        ("account", "contact", "shown"),
        [
            ("Acme GmbH", {"name": "Ben"}, "Acme GmbH\nBen\nNebenweg 2"),
            ("Acme GmbH", {}, "Acme GmbH\nNebenweg 2"),
            ("Ben", {"name": "Ben", "address": "Weg 1"}, "Ben\nWeg 1"),
            ("", {"name": "Ben"}, "acme\nBen\nNebenweg 2"),
        ],
        ids=["address of the account", "no name", "a person is the account", "account by its id"],
    )
    def test_envelopes(self, account, contact, shown):
        """What a contact does not say is the account's, and a name stands once."""
        buyer = bc.Account("acme", name=account, currency="EUR", address="Nebenweg 2")
        sent = bc.distribution(
            draft_for((bc.Contact("ben", **contact), ROLE.INVOICE), account=buyer)
        )

        assert str(sent.postal) == shown

    def test_an_empty_envelope(self):
        """An account without an address has its name on the envelope, and nothing below."""
        assert str(bc.distribution(draft_of(once())).postal) == "Acme GmbH"

    def test_one_mail_for_one_address(self):
        """An address that stands in To gets no copies, and one in CC no hidden one."""
        same = bc.Contact("zoe", name="Zoe", email="BEN@acme.example")
        sent = bc.distribution(
            draft_for((BEN, ROLE.EMAIL), (same, ROLE.CC), (ANNA, ROLE.CC, ROLE.BCC))
        )

        assert sent.to == (("Ben, Mail", "ben@acme.example"),)
        assert sent.cc == (("Anna", "anna@acme.example"),)
        assert sent.bcc == ()

    def test_warnings(self):
        """Warnings name ties, and holders of a role who have no mail address."""
        mute = bc.Contact("abel", name="Abel")
        sent = bc.distribution(draft_for((mute, ROLE.EMAIL, ROLE.BCC), (BEN, ROLE.EMAIL)))

        assert (sent.to, sent.bcc) == ((), ())
        assert sent.warnings == (
            "Invoice Email Contact: abel, ben hold it, role on an indirect relation; abel is taken",
            "Invoice Email Contact: contact 'abel' has no mail address",
            "Email BCC: contact 'abel' has no mail address",
        )


class TestFiles:
    """Attachments and links."""

    @pytest.mark.parametrize(
        ("mode", "sizes", "attached"),
        [
            ("ATTACH", [25 * MIB, 1], True),
            ("LINK", [1], False),
            ("ATTACH_UP_TO_LIMIT", [25 * MIB - 1, 1], True),
            ("ATTACH_UP_TO_LIMIT", [25 * MIB, 1], False),
        ],
        ids=["attach", "link", "up to the limit", "above the limit, all are links"],
    )
    def test_modes(self, mode, sizes, attached):
        """The mode decides for all files together; 25 x 1024^2 bytes are still attached."""
        files = tuple(paper(f"D-{number}", size=size) for number, size in enumerate(sizes))
        sent = bc.distribution(invoice_with(*files, attachments=bc.AttachmentMode[mode]))

        assert (sent.attachments, sent.links) == ((files, ()) if attached else ((), files))

    def test_the_usual_mode(self):
        """A template attaches files up to 25 x 1024^2 bytes if it does not say otherwise."""
        template = bc.Template("Default")

        assert template.attachments is bc.AttachmentMode.ATTACH_UP_TO_LIMIT
        assert template.attachment_limit == 26_214_400

    def test_a_limit_of_its_own(self):
        """A template can have another limit."""
        files = (paper("D-1", size=11),)

        small, large = (invoice_with(*files, attachment_limit=limit) for limit in (11, 10))

        assert bc.distribution(small).attachments == files
        assert bc.distribution(large).links == files

    @pytest.mark.parametrize("mode", bc.AttachmentMode)
    def test_excluded_types(self, mode):
        """Files of excluded types are neither attached nor linked, and do not count for the limit."""
        files = [
            paper("D-1", "XML", 10**9),
            paper("D-2", ".pdf"),
            paper("D-3", ".zip", 10**9),
            paper("D-4", ""),
        ]
        invoice = invoice_with(*files, attachments=mode, excluded_file_types=[".Xml", "zip"])
        sent = bc.distribution(invoice)
        expected = (files[1], files[3])

        assert invoice.draft.template.excluded_file_types == ("xml", "zip")
        assert (
            (sent.links, sent.attachments)
            if mode is bc.AttachmentMode.LINK
            else (sent.attachments, sent.links)
        ) == (expected, ())

    def test_only_what_is_linked(self):
        """Files that are not linked stay behind, and of several versions the latest goes along."""
        files = [
            paper("D-1", size=1),
            paper("D-1", size=2, version=2),
            paper("D-2", link=False),
            paper("D-3", version=1),
            paper("D-3", version=2, link=False),
        ]

        assert bc.distribution(invoice_with(*files)).attachments == (files[1],)

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"attachments": "attach"}, "attachments = 'attach': not an AttachmentMode"),
            ({"attachment_limit": -1}, "attachment_limit = -1"),
            ({"excluded_file_types": "xml"}, r"'xml': one text; use a list: \['xml'\]"),
            ({"excluded_file_types": [7]}, "excluded_file_types = 7"),
        ],
        ids=["mode", "limit", "one text", "no text"],
    )
    def test_errors(self, fields, message):
        """A template refuses what is no mode, limit or type of file."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.Template("Default", **fields)


class TestDraftsAndInvoices:
    """A draft is not taken for the invoice."""

    def test_a_draft_says_that_it_is_one(self):
        """A draft is named by its id, says that it is a draft, and takes no files along."""
        _, draft = draft_with(paper("D-1"))
        sent = bc.distribution(draft)

        assert draft.documents == (paper("D-1"),)
        assert (sent.document, sent.is_draft) == (draft.id, True)
        assert (sent.attachments, sent.links) == ((), ())

    def test_an_invoice_has_its_number(self):
        """An invoice is named by its number, and goes to whom its draft went."""
        invoice = invoice_for((ANNA, ROLE.INVOICE))
        sent = bc.distribution(invoice)

        assert (sent.document, sent.is_draft) == (invoice.number, False)
        assert sent.to == (("Anna", "anna@acme.example"),)
        assert bc.distribution(invoice_with(paper("D-1"))).attachments == (paper("D-1"),)

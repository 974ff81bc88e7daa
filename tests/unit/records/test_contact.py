"""Contacts, their relations and roles: what is read, and what is refused."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

import billingcore as bc
from billingcore.records.contact import FALLBACKS, NO_CONTACTS, SHARED_ROLES
from billingcore.records.documents import linked_documents

ROLE = bc.ContactRole
ANNA = bc.Contact("anna", account="acme", name="Anna", email="anna@acme.example")


class TestRoles:
    """The table of roles."""

    @pytest.mark.parametrize(
        ("role", "fallback"),
        [
            (ROLE.INVOICE, None),
            (ROLE.MAILING, ROLE.INVOICE),
            (ROLE.EMAIL, ROLE.INVOICE),
            (ROLE.CC, None),
            (ROLE.BCC, None),
            (ROLE.DUNNING, ROLE.INVOICE),
            (ROLE.DUNNING_MAILING, ROLE.MAILING),
            (ROLE.DUNNING_EMAIL, ROLE.EMAIL),
            (ROLE.DUNNING_CC, ROLE.CC),
            (ROLE.DUNNING_BCC, ROLE.BCC),
        ],
        ids=lambda role: role.name if role else "none",
    )
    def test_fallbacks(self, role, fallback):
        """Each role has the fallback that is documented for it, or none."""
        assert role.fallback is fallback

    def test_every_role_is_decided(self):
        """No fallback leads back to where it began, and shared roles fall back to shared ones."""
        for role in ROLE:
            seen = [role]
            while seen[-1].fallback is not None:
                seen.append(seen[-1].fallback)
            assert len(set(seen)) == len(seen)
        assert {role for role in ROLE if role.is_shared} == SHARED_ROLES
        assert all(one.is_shared is other.is_shared for one, other in FALLBACKS.items())


class TestContact:
    """A contact."""

    def test_roles_are_a_set(self):
        """Roles count once, in one order, as members or by their names, and travel."""
        one = bc.Contact("anna", roles=[ROLE.CC, "Invoice Contact", ROLE.CC])

        assert one.roles == (ROLE.INVOICE, ROLE.CC)
        assert one == bc.Contact("anna", roles=[ROLE.INVOICE, ROLE.CC])
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301

    @pytest.mark.parametrize(
        ("usual", "custom", "held"),
        [
            ([ROLE.INVOICE], [], (ROLE.INVOICE,)),
            ([ROLE.INVOICE], [ROLE.EMAIL], (ROLE.EMAIL,)),
            ([], [ROLE.EMAIL], (ROLE.EMAIL,)),
        ],
        ids=["usual only", "custom goes first", "custom only"],
    )
    def test_the_custom_field_goes_first(self, usual, custom, held):
        """Where the host's own field has roles, the usual field says nothing."""
        assert bc.Contact("anna", roles=usual, custom_roles=custom).held_roles == held

    @pytest.mark.parametrize(
        "email",
        [
            "anna",
            "@acme.example",
            "anna@",
            "anna@acme@example",
            "Anna <anna@acme.example>",
            "anna@acme.example, ben@acme.example",
            "anna@acme.example\nBcc: eve@evil.example",
            "anna\u00a0b@acme.example",
            "anna\u202eb@acme.example",
            " anna@acme.example",
            7,
        ],
    )
    def test_wrong_mail_addresses(self, email):
        """What is not exactly one mail address is refused, so that nobody adds a recipient."""
        with pytest.raises(bc.InvalidInputError, match=r"Contact 'anna': email"):
            bc.Contact("anna", email=email)

    @pytest.mark.parametrize("email", ["", "a@b", "anna.b+c@acme.example", "ännä@äcme.example"])
    def test_right_mail_addresses(self, email):
        """One address is kept as it is written, and none is fine."""
        assert bc.Contact("anna", email=email).email == email

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (lambda: bc.Contact(""), "Contact: id = ''"),
            (lambda: bc.Contact("a", name="Anna\nBen"), "Contact 'a': name"),
            (lambda: bc.Contact("a", account=7), "Contact 'a': account"),
            (lambda: bc.Contact("a", address=None), "Contact 'a': address"),
            (lambda: bc.Contact("a", roles=["Boss"]), "Contact 'a': roles = 'Boss'"),
            (lambda: bc.Contact("a", custom_roles=[1]), "Contact 'a': custom_roles = 1"),
            (lambda: bc.Contact("a", active=1), "Contact 'a': active"),
            (lambda: bc.Subscription("S", account="a", items=[], contact=""), "contact = ''"),
        ],
        ids=["id", "name", "account", "address", "role", "custom role", "active", "subscription"],
    )
    def test_errors(self, wrong, message):
        """A wrong field is named with its record."""
        with pytest.raises(bc.InvalidInputError, match=message):
            wrong()


class TestRelation:
    """A relation between a contact and an account."""

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, [True, True, True, True]),
            ({"start": "2026-03-10"}, [False, True, True, True]),
            ({"end": "2026-03-20"}, [True, True, True, False]),
            ({"start": "2026-03-10", "end": "2026-03-20"}, [False, True, True, False]),
            ({"active": False}, [False, False, False, False]),
        ],
        ids=["always", "from", "until", "between", "inactive"],
    )
    def test_validity(self, fields, expected):
        """A relation counts from its first to its last day, both inclusive, while it is active."""
        relation = bc.ContactRelation("anna", "acme", **fields)
        days = [date(2026, 3, day) for day in (9, 10, 20, 21)]

        assert [relation.is_valid_on(day) for day in days] == expected

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (lambda: bc.ContactRelation("", "acme"), "ContactRelation: contact"),
            (lambda: bc.ContactRelation("anna", None), "ContactRelation: account"),
            (lambda: bc.ContactRelation("anna", "acme", roles=["CC"]), "roles = 'CC'"),
            (
                lambda: bc.ContactRelation("anna", "acme", start="2026-02-01", end="2026-01-31"),
                "before the start 2026-02-01",
            ),
            (lambda: bc.LegacyRole("anna", "acme", "CC"), "LegacyRole: role = 'CC'"),
        ],
        ids=["contact", "account", "role", "order of days", "legacy role"],
    )
    def test_errors(self, wrong, message):
        """A wrong field of a relation or a legacy role is named."""
        with pytest.raises(bc.InvalidInputError, match=message):
            wrong()


class TestContacts:
    """All contacts of an account."""

    def test_contacts_are_sorted(self):
        """Contacts stand in the order of their ids, in whatever order they come, and are found."""
        ben = bc.Contact("ben")
        contacts = bc.Contacts([ben, ANNA])

        assert contacts.contacts == (ANNA, ben)
        assert contacts == bc.Contacts([ANNA, ben])
        assert [contacts.find(name) for name in ("ben", "carla")] == [ben, None]
        assert NO_CONTACTS.contacts == ()
        assert pickle.loads(pickle.dumps(contacts)).find("anna") == ANNA  # noqa: S301

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (lambda: bc.Contacts(["anna"]), "contacts = 'anna': not a Contact"),
            (lambda: bc.Contacts([ANNA, ANNA]), "contacts = 2: two have the same id"),
            (lambda: bc.Contacts([ANNA], relations=[ANNA]), "relations"),
            (lambda: bc.Contacts([ANNA], legacy_roles=[ANNA]), "legacy_roles"),
            (
                lambda: bc.Contacts([ANNA], relations=[bc.ContactRelation("ben", "acme")]),
                "relations = 'ben': there is no such contact; hand in the contact, too",
            ),
            (
                lambda: bc.Contacts([ANNA], legacy_roles=[bc.LegacyRole("ben", "a", "Email CC")]),
                "legacy_roles = 'ben': there is no such contact",
            ),
        ],
        ids=[
            "no contact",
            "twice",
            "no relation",
            "no role",
            "relation of nobody",
            "role of nobody",
        ],
    )
    def test_errors(self, wrong, message):
        """What is no contact, or belongs to none, is refused."""
        with pytest.raises(bc.InvalidInputError, match=f"Contacts: .*{message}"):
            wrong()


def paper(name, version=1, *, link=True):
    """Make a file."""
    return bc.SourceDocument(name, title=f"{name} v{version}", link=link, version=version)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], []),
        ([[paper("A"), paper("B")], [paper("C")]], ["A v1", "B v1", "C v1"]),
        ([[paper("A"), paper("B")], [paper("A")]], ["A v1", "B v1"]),
        ([[paper("A"), paper("B")], [paper("A", 2)]], ["A v2", "B v1"]),
        ([[paper("A", 3)], [paper("A", 2)]], ["A v3"]),
        ([[paper("A", link=False), paper("B")]], ["B v1"]),
        ([[paper("A"), paper("A", 2, link=False)]], []),
        ([[paper("A", link=False)], [paper("A", 2)]], ["A v2"]),
    ],
    ids=[
        "nothing",
        "in the order in which they are found",
        "on two records",
        "a later version on another record",
        "an older version found later",
        "not linked",
        "no longer linked",
        "linked now",
    ],
)
def test_linked_documents(groups, expected):
    """Each file is linked once, if its latest version is to be linked."""
    assert [each.title for each in linked_documents(groups)] == expected

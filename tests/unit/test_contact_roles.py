"""Who gets what: the priorities of contact roles, their fallbacks, days, ties and warnings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc

ROLE, LEVEL = bc.ContactRole, bc.RoleLevel
INVOICE, MAILING, EMAIL = ROLE.INVOICE, ROLE.MAILING, ROLE.EMAIL
DAY = "2026-03-31"


def own(name, *roles, **fields):
    """Make a contact of X with roles on its own record."""
    return bc.Contact(name, account="X", roles=roles, **fields)


def other(name, *roles):
    """Make a contact of another account, with roles on its own record."""
    return bc.Contact(name, account="Y", roles=roles)


def related(name, *roles, account="X", **fields):
    """Make a relation to X."""
    return bc.ContactRelation(name, account, roles=roles, **fields)


def legacy(name, role, account="X"):
    """Make a legacy role at X."""
    return bc.LegacyRole(name, account, role)


def resolve(*records, explicit=None, day=DAY):
    """Resolve records of all kinds for X."""
    kinds = (bc.Contact, bc.ContactRelation, bc.LegacyRole)
    contacts, relations, roles = ([r for r in records if isinstance(r, kind)] for kind in kinds)
    everybody = bc.Contacts(contacts, relations=relations, legacy_roles=roles)
    return bc.resolve_contacts("X", everybody, day, explicit=explicit)


def names(found, *roles):
    """Give the ids of the holders of roles, each as one text."""
    return [", ".join(each.contact.id for each in found.of(role)) for role in roles]


class TestExamples:
    """The documented examples."""

    @pytest.mark.parametrize(
        ("records", "expected"),
        [
            ([own("Anna", INVOICE)], ["Anna", "Anna", "Anna"]),
            ([own("Anna", INVOICE), other("Ben"), related("Ben", INVOICE)], ["Ben", "Ben", "Ben"]),
            (
                [own("Anna"), related("Anna", INVOICE), other("Ben"), related("Ben", INVOICE)],
                ["Anna", "Anna", "Anna"],
            ),
            ([other("Ben", INVOICE), related("Ben")], ["", "", ""]),
            (
                [own("Anna", INVOICE), other("Ben"), related("Ben", EMAIL)],
                ["Anna", "Anna", "Ben"],
            ),
            (
                [other("Carla"), legacy("Carla", INVOICE), own("Anna"), related("Anna", INVOICE)],
                ["Carla", "Carla", "Carla"],
            ),
            ([own("Anna", INVOICE), related("Anna", EMAIL)], ["", "", "Anna"]),
        ],
        ids=[
            "Anna primary, role on contact",
            "Anna primary with role on contact, Ben indirect relation with role",
            "Anna direct relation with role, Ben indirect relation with role",
            "Ben indirect, role only on his contact record",
            "Anna contact role Invoice Contact, Ben relation role Invoice Email Contact",
            "legacy role Carla and Anna on a relation",
            "relation role Invoice Email and contact role Invoice Contact of one contact",
        ],
    )
    def test_example(self, records, expected):
        """Each documented example gives the invoice, mailing and e-mail contact that it says."""
        found = resolve(*records)

        assert names(found, INVOICE, MAILING, EMAIL) == expected
        assert found.warnings == ()


class TestPriorities:
    """Five levels, highest first."""

    LADDER = (
        (LEVEL.EXPLICIT, "e", [other("e")], "e"),
        (LEVEL.LEGACY, "d", [other("d"), legacy("d", INVOICE)], None),
        (LEVEL.DIRECT, "c", [own("c"), related("c", INVOICE)], None),
        (LEVEL.INDIRECT, "b", [other("b"), related("b", INVOICE)], None),
        (LEVEL.CONTACT, "a", [own("a", INVOICE)], None),
    )

    @pytest.mark.parametrize("step", range(5), ids=[level.name for level, *_ in LADDER])
    def test_the_highest_level_decides(self, step):
        """Of holders at several levels the one at the highest is taken, whatever the ids are."""
        rest = self.LADDER[step:]
        level, name, _, explicit = rest[0]
        found = resolve(*(each for _, _, records, _ in rest for each in records), explicit=explicit)

        assert [(each.contact.id, each.level) for each in found.of(INVOICE)] == [(name, level)]
        assert found.warnings == ()

    def test_a_lower_level_goes_before_the_fallback(self):
        """Who holds a role by any level goes before who holds only its fallback."""
        found = resolve(own("low", EMAIL), other("high"), legacy("high", INVOICE))

        assert names(found, INVOICE, MAILING, EMAIL) == ["high", "high", "low"]

    def test_fallbacks_of_fallbacks(self):
        """Dunning goes to who gets the invoice, in the same way, step by step."""
        dunning = [ROLE.DUNNING, ROLE.DUNNING_MAILING, ROLE.DUNNING_EMAIL]
        copies = [ROLE.CC, ROLE.BCC, ROLE.DUNNING_CC, ROLE.DUNNING_BCC]
        found = resolve(own("a", INVOICE, ROLE.CC), own("b", EMAIL), own("c", ROLE.DUNNING_BCC))

        assert names(found, *dunning) == ["a", "a", "b"]
        assert names(found, *copies) == ["a", "", "a", "c"]
        assert [str(each) for each in found.of(ROLE.DUNNING_MAILING)] == [
            "Dunning Mailing Contact: a as Invoice Contact, role on the contact"
        ]
        assert [str(each) for each in found.of(ROLE.DUNNING_BCC)] == [
            "Dunning BCC: c, role on the contact"
        ]

    def test_an_explicit_contact_is_the_invoice_contact_only(self):
        """An explicit contact is Invoice Contact, and the fallback of others, but nothing else."""
        found = resolve(own("a", INVOICE, EMAIL), own("b"), explicit="b")

        assert names(found, INVOICE, MAILING, EMAIL, ROLE.CC) == ["b", "b", "a", ""]

    @pytest.mark.parametrize("name", ["ghost", "gone"])
    def test_an_explicit_contact_that_cannot_be_asked(self, name):
        """An explicit contact that is unknown or inactive is passed over with a warning."""
        found = resolve(own("a", INVOICE), own("gone", active=False), explicit=name)

        assert names(found, INVOICE) == ["a"]
        assert found.warnings == (
            f"contact '{name}' is named, but is no active contact of the account",
        )

    @pytest.mark.parametrize(
        "records",
        [
            [own("a", INVOICE, active=False)],
            [own("a", active=False), related("a", INVOICE)],
            [own("a", active=False), legacy("a", INVOICE)],
            [own("a"), related("a", INVOICE, account="Z")],
            [own("a"), legacy("a", INVOICE, account="Z")],
            [bc.Contact("a", roles=[INVOICE])],
        ],
        ids=[
            "inactive contact",
            "inactive contact with a relation",
            "inactive contact with a legacy role",
            "relation to another account",
            "legacy role at another account",
            "contact without an account",
        ],
    )
    def test_who_does_not_count(self, records):
        """Inactive contacts, and roles at other accounts, do not count."""
        assert resolve(*records).holders == ()

    def test_roles_on_a_relation_elsewhere(self):
        """A relation to another account takes nothing away from the roles of a contact here."""
        found = resolve(own("a", INVOICE), related("a", EMAIL, account="Z"), related("a"))

        assert names(found, INVOICE, EMAIL) == ["a", "a"]


class TestDays:
    """Relations count on their days."""

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            ("2026-03-09", ["a", "a"]),
            ("2026-03-10", ["", "a"]),
            ("2026-03-20", ["", "a"]),
            ("2026-03-21", ["a", "a"]),
        ],
        ids=["before", "first day", "last day", "after"],
    )
    def test_validity_goes_first(self, day, expected):
        """Outside of its days a relation does not exist, and the contact's own role counts again."""
        relation = related("a", EMAIL, start="2026-03-10", end="2026-03-20")

        assert names(resolve(own("a", INVOICE), relation, day=day), INVOICE, EMAIL) == expected

    def test_an_inactive_relation(self):
        """An inactive relation leaves its role to the next level."""
        found = resolve(
            own("a"), related("a", INVOICE, active=False), other("b"), related("b", INVOICE)
        )

        assert names(found, INVOICE) == ["b"]

    def test_no_day(self):
        """What is no day is refused."""
        with pytest.raises(bc.InvalidInputError, match="resolve_contacts: day = 'soon'"):
            resolve(day="soon")


class TestTies:
    """Two who hold one role at one level."""

    def test_the_lowest_id_is_taken(self):
        """Of two on one level the one with the lowest id is taken, with one warning."""
        found = resolve(own("b", INVOICE), own("a", INVOICE), own("c", INVOICE))

        assert names(found, INVOICE, MAILING, ROLE.DUNNING) == ["a", "a", "a"]
        assert found.warnings == (
            "Invoice Contact: a, b, c hold it, role on the contact; a is taken",
        )

    def test_one_contact_twice(self):
        """A contact with two relations of one role ties with nobody."""
        early, late = related("a", INVOICE, end=DAY), related("a", INVOICE, start=DAY)
        found = resolve(own("a"), early, late)

        assert names(found, INVOICE) == ["a"]
        assert found.warnings == ()

    def test_copies_go_to_all(self):
        """All who hold CC or BCC at the highest level get copies; lower levels get none."""
        found = resolve(
            own("a", ROLE.CC),
            own("c"),
            related("c", ROLE.CC, ROLE.BCC),
            own("b"),
            related("b", ROLE.CC),
        )

        assert names(found, ROLE.CC, ROLE.BCC, ROLE.DUNNING_CC) == ["b, c", "c", "b, c"]
        assert found.warnings == ()


roles = st.lists(st.sampled_from(ROLE), max_size=3)
ids = st.sampled_from("abcd")
accounts = st.sampled_from("XXY")
people = st.tuples(
    *(st.builds(bc.Contact, st.just(n), account=accounts, roles=roles) for n in "abcd")
)
relations = st.lists(st.builds(bc.ContactRelation, ids, accounts, roles=roles), max_size=6)
old_roles = st.lists(st.builds(bc.LegacyRole, ids, accounts, st.sampled_from(ROLE)), max_size=3)


class TestLaws:
    """What holds for all contacts."""

    @given(people, relations, old_roles, st.sampled_from([None, *"abcd"]), st.randoms())
    def test_order_does_not_matter(self, contacts, links, old, explicit, random):
        """Contacts, relations and roles in any order give the same recipients and warnings."""
        first = resolve(*contacts, *links, *old, explicit=explicit)
        shuffled = [*contacts, *links, *old]
        random.shuffle(shuffled)

        assert resolve(*shuffled, explicit=explicit) == first

    @given(people, relations, old_roles, st.sampled_from([None, *"abcd"]))
    def test_as_worked_out_level_by_level(self, contacts, links, old, explicit):
        """Each holder is who a plain reading of the levels names, one role after the other."""
        found = resolve(*contacts, *links, *old, explicit=explicit)

        for role in ROLE:
            expected = by_levels(role, contacts, links, old, explicit)
            taken = expected if role.is_shared else expected[:1]
            assert [each.contact.id for each in found.of(role)] == taken


def by_levels(role, contacts, links, old, explicit):
    """Give the ids of all who hold a role at its highest level, by reading the levels aloud."""
    home = {each.id for each in contacts if each.account == "X"}
    here = [link for link in links if link.account == "X" and link.roles]
    busy = {link.contact for link in here}
    levels = [
        {explicit} - {None} if role is INVOICE else set(),
        {each.contact for each in old if each.account == "X" and each.role is role},
        {link.contact for link in here if role in link.roles} & home,
        {link.contact for link in here if role in link.roles} - home,
        {each.id for each in contacts if role in each.roles} & home - busy,
    ]
    highest = next(filter(None, levels), None)
    if highest is None and role.fallback is not None:
        return by_levels(role.fallback, contacts, links, old, explicit)
    return sorted(highest or ())

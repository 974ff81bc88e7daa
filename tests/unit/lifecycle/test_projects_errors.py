"""What cannot be agreed, claimed or deducted, and what the error says."""

from fractions import Fraction

import pytest
from attrs import evolve

import billingcore as bc
from tests.unit.lifecycle.agreements import ACME, SPRING, THIRD, books_of, done, project

PLAN = [
    bc.Milestone("Foundation", share=30),
    bc.Milestone("Roof", share="45.5"),
    bc.Milestone("Keys", share="24.5"),
]


class TestOrder:
    """Documents that do not know of each other are not made."""

    def test_drafts_of_the_same_books_have_one_name(self):
        """So the second one can never be issued beside the first."""
        made = project(1000)
        books = books_of(made)

        assert bc.claim(made, books, completion=30).id == bc.deposit(made, books, rate=5).id

    def test_a_draft_is_in_the_way_of_another_claim(self):
        """But not of its own successor."""
        made = project(1000)
        draft = bc.claim(made, books_of(made), completion=30)
        books = evolve(books_of(made), drafts={draft.id: draft})

        assert bc.claim(made, books, completion=40).totals.net == 400
        with pytest.raises(bc.InvalidTransitionError, match="manual/house-7/1/acme"):
            bc.claim(made, books, completion=40, reference="another")
        with pytest.raises(bc.InvalidTransitionError, match="finalize or discard them first"):
            bc.deposit(made, books, rate=40, reference="another")

    def test_nothing_is_claimed_after_the_final(self):
        """The final is named."""
        made = project(1000)
        books = books_of(made, bc.final)

        for make in (lambda: bc.claim(made, books, completion=10), lambda: bc.final(made, books)):
            with pytest.raises(bc.InvalidTransitionError, match="cancel P-1 first"):
                make()

    def test_a_final_remembers_the_retention_of_its_project(self):
        """Claims do not have it."""
        made = project(1000, retention=bc.Retention(days=1825, percent=5))

        claim, final = bc.claim(made, books_of(made), completion=10), bc.final(made, books_of(made))

        assert claim.template.payment_terms.retention is None
        assert final.template.payment_terms.retention == made.retention


CLAIMED = project(1000, milestones=PLAN)
HALF = books_of(CLAIMED, *done(50))
ROOF = books_of(CLAIMED, lambda made, books: bc.claim(made, books, milestone="Roof"))


class TestClearErrors:
    """What cannot be claimed is refused, with what is left."""

    @pytest.mark.parametrize(
        ("how", "message"),
        [
            ({}, "nothing says how much; use one of completion, amount, gross, milestone, items"),
            ({"amount": 1, "gross": 1}, "amount, gross.*several ways to say how much"),
            ({"completion": 50}, r"500.00 EUR net are claimed already; left: 500.00 EUR net"),
            ({"completion": 30}, "30 % of all are 300.00 EUR net"),
            ({"completion": 101}, "'101 %': not a part of the whole; use a number above 0"),
            ({"completion": 0.5}, "a float is not exact"),
            ({"completion": Fraction(-1, 3)}, "not a part of the whole"),
            ({"amount": "500.01"}, "more than is left to claim; left: 500.00 EUR net"),
            ({"gross": "595.01"}, "more than is left to claim; left: 595.00 EUR gross"),
            ({"amount": 0}, "nothing to claim; use an amount above 0"),
            ({"amount": "1.001"}, "more than 2 digits after the point"),
            ({"amount": bc.Money("1", "USD")}, "the project is in another currency"),
            ({"milestone": "Rof"}, "no such milestone; did you mean Roof?"),
            ({"milestone": "X"}, "no such milestone; use one of Foundation, Roof, Keys"),
            ({"completion": 60, "kind": bc.InvoiceKind.DEPOSIT}, "no claim is of this kind"),
        ],
    )
    def test_claims(self, how, message):
        """Half of 1,000 is claimed already."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.claim(CLAIMED, HALF, **how)

    def test_a_milestone_is_claimed_once(self):
        """The claim is named, and what is left of the plan."""
        with pytest.raises(bc.InvalidInputError, match=r"P-1 claims it.*left: Foundation, Keys"):
            bc.claim(CLAIMED, ROOF, milestone="Roof")

    def test_a_milestone_has_to_be_left(self):
        """80 % are claimed, and the roof is 45.5 %."""
        books = books_of(CLAIMED, *done(80))

        with pytest.raises(bc.InvalidInputError, match="more than is left to claim"):
            bc.claim(CLAIMED, books, milestone="Roof")

    def test_there_may_be_no_plan(self):
        """Then no milestone is known."""
        with pytest.raises(bc.InvalidInputError, match="there are none"):
            bc.claim(project(1), books_of(project(1)), milestone="Roof")

    @pytest.mark.parametrize(
        ("how", "message"),
        [
            ({}, "nothing says how much; use one of rate, amount, gross"),
            ({"rate": 10, "amount": 1}, "several ways"),
            ({"rate": 60}, "rate = 600.00: more than is left to claim"),
            ({"rate": "0.0001"}, "nothing to claim"),
            ({"amount": -5}, "nothing to claim"),
        ],
    )
    def test_deposits(self, how, message):
        """Half of 1,000 is claimed already."""
        with pytest.raises(bc.InvalidInputError, match=message):
            bc.deposit(CLAIMED, HALF, **how)

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (project, "nothing was agreed"),
            (lambda: project(1, milestones=[*PLAN, PLAN[0]]), "two have the same name"),
            (
                lambda: project(1, milestones=[*PLAN, bc.Milestone("Snow", share=THIRD)]),
                "together 133.33 %, which is more than the whole",
            ),
            (lambda: bc.Milestone("Roof", share=0), "share = '0 %': not a part of the whole"),
            (
                lambda: bc.Project(
                    "p",
                    ACME,
                    [*project(1).items, *project(1, gross=True).items],
                    period=SPRING,
                ),
                "some are priced net, others gross",
            ),
            (lambda: bc.Project("p", "acme", [], period=SPRING), "not an Account"),
        ],
        ids=["no item", "twice", "too much", "no share", "mixed prices", "no account"],
    )
    def test_projects(self, make, message):
        """The record, the field and the fix are named."""
        with pytest.raises(bc.InvalidInputError, match=message):
            make()

    def test_books_are_those_of_the_account(self):
        """Books of somebody else say nothing about this agreement."""
        with pytest.raises(bc.InvalidInputError, match="they are of another account"):
            bc.final(project(1), bc.Books(bc.Account("other", currency="EUR")))


def test_a_project_is_a_value():
    """It can be changed into another one, and is short to read."""
    made = bc.Project("p", ACME, project(1).items, period=SPRING)

    assert repr(made) == "<project p of acme: 1 item>"
    assert evolve(made, title="P").label == "P"
    assert made.label == "p"
    assert evolve(made, items=project(1, 2).items) != made


HOUSE = project(1000, milestones=PLAN)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (lambda: bc.claim("house", books_of(HOUSE), completion=30), "Project: project"),
        (lambda: bc.claim(HOUSE, None, completion=30), "books"),
        (lambda: bc.final(HOUSE, "books"), "books"),
        (lambda: bc.claim(HOUSE, books_of(HOUSE), milestone=5), "milestone"),
        (lambda: bc.claim(HOUSE, books_of(HOUSE), completion=30, kind="later"), "kind"),
        (
            lambda: bc.Project("p", ACME, HOUSE.items, period=SPRING, tax={"19": 19}),
            "no tax engine",
        ),
        (lambda: bc.Project("p", ACME, bc.Item, period=SPRING), "no list"),
        (lambda: bc.explain_deduction("x"), "explain_deduction"),
    ],
    ids=["project", "no books", "text", "milestone", "kind", "tax", "items", "deduction"],
)
def test_what_is_no_record_is_refused_by_name(step, said):
    """An argument of another type is refused with its name, not with an error of Python."""
    with pytest.raises(bc.InvalidInputError) as caught:
        step()

    assert said in str(caught.value)


def test_the_kind_of_a_claim_can_be_text():
    """A kind is known by its word, too."""
    assert (
        bc.claim(HOUSE, books_of(HOUSE), completion=30, kind="partial").kind
        is bc.InvoiceKind.PARTIAL
    )

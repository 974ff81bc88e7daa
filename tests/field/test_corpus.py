"""The corpus is whole: all pains have cases, all cases say what they must, and the page shows them."""

from __future__ import annotations

import re

import pytest

from tests.field.corpus import HERE, Pain, cases_of, modules, printing
from tests.field.page import PAGE, page
from tests.field.reports import FOUND_LATER, SUBJECT_ONLY, SURVEYED

MODULES = {module.PAIN.id: module for module in modules()}
CASES = [
    pytest.param(module.PAIN, case, id=f"{pain}: {case.title}")
    for pain, module in MODULES.items()
    for case in cases_of(module)
]
FREQUENT = [*(f"P{number}" for number in range(1, 12)), "P13", "P14", "P21", "P22"]


def test_all_twenty_five_pains_are_there():
    """Each pain of the survey has a file of its own, in the survey's order."""
    assert [*MODULES] == [*SURVEYED] == [f"P{number}" for number in range(1, 26)]
    assert len(list(HERE.glob("test_p[0-9]*.py"))) == 25


@pytest.mark.parametrize("pain", SURVEYED)
def test_every_pain_is_shown_and_named(pain):
    """A pain has a case with code, and the words for what goes wrong and why not here."""
    module = MODULES[pain]
    shown = [case for case in cases_of(module) if case.code]

    assert isinstance(module.PAIN, Pain)
    assert len(shown) >= (2 if pain in FREQUENT else 1)
    assert module.PAIN.elsewhere.endswith(".")
    assert module.PAIN.here.endswith(".")
    assert module.__doc__.startswith(f"{pain}: ")


@pytest.mark.parametrize("pain", SURVEYED)
def test_every_test_of_a_pain_belongs_to_a_case(pain):
    """No test stands beside the cases."""
    module = MODULES[pain]
    tests = [each for name, each in vars(module).items() if name.lower().startswith("test")]

    assert [each for each in tests if not hasattr(each, "case")] == []


@pytest.mark.parametrize(("pain", "case"), CASES)
def test_every_case_cites_the_survey(pain, case):
    """A case names reports of its pain, and no other ones."""
    known = {*SURVEYED[pain.id], *FOUND_LATER.get(pain.id, ())}

    assert case.reports
    assert set(case.reports) <= known


@pytest.mark.parametrize(("pain", "case"), CASES)
def test_every_case_says_what_was_given_and_what_is_right(pain, case):
    """A case has one sentence, what was given, and what is right: told, or by its tests."""
    assert re.fullmatch(r"(?!.*\. )[A-Z0-9].*\.", case.title)
    assert case.gave.endswith(".")
    if case.code:
        assert case.right.endswith(".")
        assert case.prints
        assert not case.checks
    else:
        assert case.checks


def test_a_case_that_prints_something_else_fails():
    """What a case prints is compared with what is right, line by line."""
    printing(lambda: print("1.00"), "1.00")()
    with pytest.raises(pytest.fail.Exception, match=r"printed:\n1\.00\n\nright:\n1\.01"):
        printing(lambda: print("1.00"), "1.01")()


def test_numbers_are_not_taken_from_subjects():
    """A case whose reports are all known by their subject only has numbers of our own."""
    cases = [param.values[1] for param in CASES]
    unread = [case for case in cases if SUBJECT_ONLY.issuperset(case.reports)]

    assert [case.title for case in unread if not case.own_numbers] == []


def test_the_subjects_are_of_the_survey():
    """Each report of which only the subject is known is one of the survey."""
    assert {report for reports in SURVEYED.values() for report in reports} >= SUBJECT_ONLY


def test_the_page_is_up_to_date():
    """The page of the documentation is what the cases say today."""
    assert PAGE.read_text(encoding="utf-8") == page()

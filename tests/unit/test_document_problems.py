"""What goes wrong with documents: it spoils one document for one target, and is told."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.errors import LONGEST_TOLD
from tests.documents import MARCH_RUN, drafted, make, review


class TestFailures:
    """A failure spoils its own document, for one target."""

    @pytest.mark.parametrize(
        ("error", "code", "retryable", "advice"),
        [
            pytest.param(OSError("disk full"), "port", True, "try again later", id="system"),
            pytest.param(
                bc.PortError("busy", is_retryable=True), "port", True, "try again later", id="busy"
            ),
            pytest.param(
                bc.InvalidInputError("too big", fix="make it smaller"),
                "invalid-input",
                False,
                "make it smaller",
                id="refused",
            ),
            pytest.param(
                KeyError("x"),
                "port",
                False,
                "mend what raised it, and call again: what is kept is not kept twice",
                id="defect",
            ),
            pytest.param(
                bc.PortError("closed"),
                "port",
                False,
                "mend what raised it, and call again: what is kept is not kept twice",
                id="closed",
            ),
        ],
    )
    def test_a_target_that_fails(self, error, code, retryable, advice):
        """The problem names target, account, document and advice; all else is kept."""
        weak, strong = review("weak", fails="borg", error=error), review("strong")
        report = make(drafted("acme", "borg", "zeta"), weak, strong)
        (found,) = report.problems

        assert [len(each.held) for each in (weak, strong)] == [2, 3]
        assert (found.target, found.problem.account) == ("weak", "borg")
        assert found.problem.record == f"{MARCH_RUN}/borg/S-borg"
        assert (found.problem.code, found.problem.is_retryable) == (code, retryable)
        assert found.problem.advice == advice
        assert str(found).startswith("target weak, account borg, ")

    def test_repeating_doubles_nothing(self):
        """The same call again keeps what was missing, and no document twice."""
        store = drafted("acme", "borg")
        target = review(fails="borg", error=OSError("away"))
        make(store, target)
        target.fails = None
        report = make(store, target)

        assert len(target.held) == 2
        assert report.failures == 0

    @pytest.mark.parametrize(
        ("content", "code", "words"),
        [
            pytest.param(
                ZeroDivisionError("by zero"), "port", "Renderer: raised Zero", id="defect"
            ),
            pytest.param(bc.InvalidInputError("no VAT"), "invalid-input", "no VAT", id="refused"),
            pytest.param(None, "invalid-input", "neither text nor bytes", id="nothing"),
            pytest.param(b"%PDF", "invalid-input", "bytes instead of text", id="bytes"),
            pytest.param("", "invalid-input", "there is none", id="empty"),
        ],
    )
    def test_a_renderer_that_fails(self, content, code, words):
        """A document that cannot be made is a problem of its own, and no target hears of it."""

        def renderer(document, locale):
            if document.account.id != "borg":
                return "fine"
            if isinstance(content, Exception):
                raise content
            return content

        target = review()
        report = make(drafted("acme", "borg"), target, renderer=renderer)
        (found,) = report.problems

        assert target.calls == [f"{MARCH_RUN}/acme/S-acme"]
        assert (found.target, found.problem.account) == ("", "borg")
        assert found.problem.code == code
        assert words in found.problem.message
        assert found.problem.advice

    def test_an_error_of_the_host_is_told_in_bounds(self):
        """A message of any length is cut."""
        target = review(fails="", error=ValueError("x" * 10_000))
        (found,) = make(drafted("acme"), target).problems

        assert len(found.problem.message) < LONGEST_TOLD + 100

    def test_what_is_no_error_goes_through(self):
        """Whoever breaks the process off is not held up."""
        with pytest.raises(KeyboardInterrupt):
            make(drafted("acme"), review(fails="", error=KeyboardInterrupt()))

    def test_problems_are_counted_and_the_first_listed(self):
        """All problems are counted, and as many listed as are wanted."""
        target = review(fails="", error=OSError("away"))
        report = make(drafted("a", "b", "c"), target, keep=2)

        assert (report.failures, len(report.problems)) == (3, 2)


class TestReport:
    """What became of documents, to be read."""

    def test_it_shows_itself(self):
        """Counts as text and as a table, with names escaped."""
        targets = [review("a<b"), review("weak", fails="borg", error=OSError("away"))]
        report = make(drafted("acme", "borg"), *targets)

        assert str(report) == (
            "documents\n  looked at: 2\n  kept in a<b: 2\n  kept in weak: 1\n  problems: 1"
        )
        assert "a&lt;b" in report._repr_html_()

    def test_rows(self):
        """A row for each document and target, and for each problem."""
        target = review(fails="borg", error=OSError("away"))
        kept, failed = make(drafted("acme", "borg"), target).records()

        assert (kept["target"], kept["is_kept"], kept["message"]) == ("review", True, "")
        assert kept["document"] == f"{MARCH_RUN}/acme/S-acme"
        assert kept["name"] in target.held
        assert (failed["target"], failed["is_kept"], failed["name"]) == ("review", False, "")
        assert (failed["is_retryable"], failed["advice"]) == (True, "try again later")
        assert kept.keys() == failed.keys()

    def test_problems_are_raised_on_request(self):
        """All problems are raised at once, if there are any."""
        make(drafted("acme"), review()).raise_for_problems()
        report = make(drafted("acme"), review(fails="", error=OSError("away")))
        with pytest.raises(bc.BillingProblemsError, match="1"):
            report.raise_for_problems()

    def test_a_problem_without_a_target(self):
        """A document that could not be made says so without a target."""
        report = make(drafted("acme"), review(), ids=["lost"])

        assert str(report.problems[0]).startswith("lost: ")

"""Each broken store is rejected for what it breaks, and for nothing else."""

from __future__ import annotations

import pytest

from billingcore import testing
from tests.unit.testing import broken_stores as broken
from tests.unit.testing import forgiving_stores as forgiving

BROKEN = {
    broken.AccountsApart: "account_comes_once",
    broken.WrongIndex: "criteria_leave_out_nothing_wanted",
    broken.HalfCommits: "commit_is_whole",
    broken.IgnoresRevision: (
        "stale_revision_is_refused commit_is_whole decisions_are_kept "
        "stale_bill_of_a_record_is_refused one_of_several_commits"
    ),
    broken.RefusesAll: "commit_keeps_others",
    broken.RefusesProblems: "problems_are_never_refused",
    broken.AppendsProblems: "problems_take_the_place",
    broken.LosesDecisions: "decisions_are_kept",
    broken.LosesReleases: "claims_come_back documents_follow_each_other",
    # Nothing is corrected any more, so that four clauses cannot be shown.
    broken.LosesTerms: (
        "claims_come_back decisions_are_kept snapshot_has_claims_of_drafts drafts_grow "
        "invoice_covers_what_its_draft_did claims_of_a_record_are_everybodys "
        "release_needs_a_claim discard_of_a_correction_is_refused failed_decision_keeps_nothing "
        "corrected_invoice_is_not_canceled"
    ),
    broken.SilentAdd: "revision_is_raised_by_records",
    broken.AcceptsOverlap: (
        "overlap_is_refused release_needs_a_claim overlap_is_not_finalized "
        "routed_record_is_not_billed_again"
    ),
    broken.PutsAnyVersion: "other_version_is_not_put one_of_several_edits",
    # Whatever is done with a draft that was put is refused.
    broken.ForgetsVersion: (
        "put_gives_the_next_version other_version_is_not_put revision_is_raised_by_decisions "
        "numbers_follow_each_other failed_draft_leaves_no_gap failed_draft_stops_no_other "
        "invoice_is_not_finalized_again edited_draft_need_not_be_put "
        "other_version_is_not_finalized drafts_follow_the_books earlier_documents_come_back "
        "texts_of_documents_come_back one_of_several_edits"
    ),
    broken.KeepsClaims: "discard_frees discard_of_a_correction_is_refused",
    broken.DiscardsAnything: "discard_of_a_correction_is_refused",
    broken.InOrderOfTime: "drafts_are_in_order",
    broken.LivesOnCursor: "drafts_go_on",
    broken.BurnsNumbers: (
        "failed_draft_leaves_no_gap skip_that_fails_leaves_no_gap error_of_the_host_leaves_no_gap"
    ),
    broken.ReusesNumbers: "skip_counts",
    broken.OneCounter: "numbers_of_counters_are_their_own number_in_use_is_refused",
    broken.StopsAtFirst: (
        "failed_draft_leaves_no_gap failed_draft_stops_no_other invoice_is_not_finalized_again "
        "other_version_is_not_finalized"
    ),
    broken.IssuesTwice: "issue_is_called_once issue_sees_the_books_as_they_are",
    broken.ReadsBooksFirst: "issue_sees_the_books_as_they_are",
    broken.FinalizesAnyVersion: "other_version_is_not_finalized",
    broken.KeepsIssuedDrafts: (
        "invoice_is_not_put_again drafts_go_on discard_of_a_correction_is_refused "
        "failed_draft_stops_no_other finalize_removes_the_draft corrected_invoice_is_not_canceled"
    ),
    broken.HalfEffects: "effects_are_kept_as_a_whole",
    broken.HalfRecords: "failed_decision_keeps_nothing several_decide",
    broken.CancelsWithoutFreeing: (
        "canceled_document_frees canceled_usage_stays_linked corrected_invoice_is_not_canceled "
        "record_frees_what_is_closed release_frees_what_is_named"
    ),
    broken.CancelsAnything: "failed_decision_keeps_nothing corrected_invoice_is_not_canceled",
    broken.ReleasesUsage: (
        "effects_are_kept_as_a_whole effects_of_an_invoice_are_kept canceled_usage_stays_linked "
        "release_frees_what_is_named"
    ),
    broken.StaleDrafts: "drafts_follow_the_books earlier_documents_come_back",
    broken.NotesAnything: "ended_execution_is_not_noted",
    broken.IgnoresLeases: (
        "begin_refuses_held_accounts other_accounts_are_free begin_takes_the_place "
        "ended_execution_is_not_noted one_of_several_runs_begins"
    ),
    broken.EndsNothing: "begin_takes_the_place ended_execution_is_not_noted",
    broken.OwnClaimsOnly: ("claims_of_a_record_are_everybodys routed_record_is_not_billed_again"),
    broken.ForgetsReaders: "record_raises_all_revisions stale_bill_of_a_record_is_refused",
    broken.CutsTexts: "texts_of_payments_come_back",
    broken.WithoutLock: "several_decide",
    forgiving.NumbersTwice: "number_in_use_is_refused",
    forgiving.CountsFirst: "error_of_the_host_leaves_no_gap",
    forgiving.ReleasesAll: "release_frees_what_is_named",
    forgiving.KeepsContacts: "contacts_take_the_place",
    forgiving.FoldsCase: "ids_are_told_apart",
    forgiving.PadsTexts: "ids_are_told_apart",
}
"""Store → the clauses that its fault breaks, and no others."""


@pytest.mark.parametrize("make", BROKEN, ids=lambda make: make.__name__)
def test_a_broken_store_is_rejected_for_what_it_breaks(make):
    """Each broken store breaks the clauses that its fault concerns, and keeps all others."""
    report = testing.check_store(make, on_failure="report")

    assert sorted(each.clause for each in report.wrong) == sorted(BROKEN[make].split())

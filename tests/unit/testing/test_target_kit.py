"""The check of document targets lets a good one pass, and rejects those with one fault each."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import ClauseError, check_document_target


class Tray:
    """A good target, in memory."""

    def __init__(self, *, is_for_drafts, is_active):
        self.name = "tray"
        self.is_for_drafts = is_for_drafts
        self.is_active = is_active
        self.held = {}

    def keep(self, document):
        known = self.held.get(document.name)
        if not document.is_draft and known not in {None, document.encoded}:
            raise bc.InvalidInputError("another content", field="name", value=document.name)
        self.put(document)

    def put(self, document):
        self.held[document.name] = document.encoded


class Appends(Tray):
    """Gives each file that comes a name of its own."""

    def put(self, document):
        self.held[f"{len(self.held)}-{document.name}"] = document.encoded


class FirstStays(Tray):
    """Keeps what came first, also of a draft."""

    def put(self, document):
        self.held.setdefault(document.name, document.encoded)


class Overwrites(Tray):
    """Writes over whatever is there."""

    def keep(self, document):
        self.put(document)


class ReplacesAndRefuses(Tray):
    """Refuses another content for an invoice when it has been written."""

    def keep(self, document):
        try:
            super().keep(document)
        finally:
            self.put(document)


class PassesErrorsOn(Tray):
    """Passes on what the file system says of a file that is there."""

    def keep(self, document):
        try:
            super().keep(document)
        except bc.InvalidInputError as error:
            raise FileExistsError(document.name) from error


class RefusesRepeats(Tray):
    """Takes no document twice."""

    def keep(self, document):
        if self.held.get(document.name) == document.encoded:
            raise bc.InvalidInputError("is there already")
        super().keep(document)


class WindowsLines(Tray):
    """Opens its files for text."""

    def put(self, document):
        self.held[document.name] = document.encoded.replace(b"\n", b"\r\n")


class ShortNames(Tray):
    """Cuts names off."""

    def put(self, document):
        self.held[document.name[:40]] = document.encoded


class ForInvoicesOnly(Tray):
    """Forgets that it is for drafts."""

    def __init__(self, **facts):
        super().__init__(**facts | {"is_for_drafts": False})


class Nameless(Tray):
    """Has no name that can be shown."""

    def __init__(self, **facts):
        super().__init__(**facts)
        self.name = 7


def held(tray):
    """Give what a tray holds."""
    return tray.held


def test_a_good_target_passes():
    """A target that keeps the contract is not found fault with."""
    check_document_target(Tray, held)


@pytest.mark.parametrize(
    ("target", "clause", "expected", "seen"),
    [
        (ForInvoicesOnly, "says_what_it_is", "is_for_drafts", "False"),
        (Nameless, "says_what_it_is", "the type of its name", "int"),
        (WindowsLines, "keeps_every_byte", "content of draft", "\\r\\n"),
        (Appends, "keeps_every_byte", "names", "0-draft"),
        (RefusesRepeats, "same_again_changes_nothing", "no error", "is there already"),
        (FirstStays, "later_version_takes_the_place", "content of draft", "1"),
        (Overwrites, "invoice_stays", "InvalidInputError", "it is not refused"),
        (ReplacesAndRefuses, "invoice_stays", "content of invoice", "another"),
        (PassesErrorsOn, "invoice_stays", "InvalidInputError", "FileExistsError"),
        (ShortNames, "names_are_apart", "names", "aaaa"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_broken_target_is_rejected(target, clause, expected, seen):
    """Each is rejected for the clause that it breaks, with what was expected and what was seen."""
    with pytest.raises(ClauseError) as caught:
        check_document_target(target, held)
    error = caught.value

    assert error.clause == clause
    assert expected in error.expected
    assert seen in error.seen
    assert error.text.endswith(".")


def test_the_calls_that_led_there_are_told():
    """An error names the documents that were handed over."""
    with pytest.raises(ClauseError) as caught:
        check_document_target(Overwrites, held)

    assert caught.value.calls == ("keep invoice-2026-00001.pdf", "keep invoice-2026-00001.pdf")

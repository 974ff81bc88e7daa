"""Whether every text can be written as XML, and nothing is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.terms import Group, listed

__all__ = ["wrong_texts"]

_NO_CHAR: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is outside of the production Char of XML 1.0: such a file is not well-formed."""


def wrong_texts(checked: Checked) -> Iterator[RuleFinding]:
    """Yield texts that no XML can hold, and terms and groups without content (R008)."""
    yield from _in_group(checked, checked.data, {})


def _in_group(checked: Checked, found: Group, line: Group) -> Iterator[RuleFinding]:
    for code, value in found.items():
        for each in listed(value) or [None]:
            if isinstance(each, dict) and each:
                inside = cast("Group", each)
                yield from _in_group(checked, inside, inside if "BT-126" in inside else line)
            else:
                yield from _of_value(checked, code, each, line)


def _of_value(checked: Checked, code: str, value: Any, line: Group) -> Iterator[RuleFinding]:
    name = checked.of(line)
    if value is None or value == {} or (isinstance(value, str) and not value.strip()):
        rule, fix = "PEPPOL-EN16931-R008", "leave it out"
        yield RuleFinding(rule, code, name, code, "it is empty", fix)
        return
    wrong = _NO_CHAR.search(value) if isinstance(value, str) else None
    if wrong is not None:
        character = f"U+{ord(wrong[0]):04X} at position {wrong.start()}"
        message, fix = f"a character that XML does not have, {character}", "remove the character"
        yield RuleFinding("XML-Char", code, name, code, message, fix, value)

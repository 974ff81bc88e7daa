"""What a validator would refuse: a rule, the term, and the field of the library that fills it."""

from __future__ import annotations

from typing import NamedTuple

from attrs import frozen

from billingcore.errors import InvalidInputError
from billingcore.export.en16931.rules import RuleSet
from billingcore.export.en16931.terms import Group

__all__ = ["Checked", "Names", "RuleFinding"]


@frozen
class RuleFinding:
    """A rule that an electronic invoice breaks, and what to do about it.

    >>> found = RuleFinding("BR-DE-15", "BT-10", "Account 'acme'", "party.buyer_reference",
    ...                     "it is missing", "set Party(buyer_reference=...)")
    >>> print(found)
    Account 'acme': party.buyer_reference: BR-DE-15, BT-10: it is missing; \
set Party(buyer_reference=...)

    Attributes:
        rule: its id, as validators name it.
        term: the term or group that it is about.
        record: the record that fills the term.
        field: the field of the record.
        message: what is wrong.
        fix: what to do.
        value: what the term has; None if nothing.
    """

    rule: str
    term: str
    record: str
    field: str
    message: str
    fix: str
    value: object = None

    @property
    def error(self) -> InvalidInputError:
        """The finding as an error."""
        return InvalidInputError(
            f"{self.rule}, {self.term}: {self.message}",
            record=self.record,
            field=self.field,
            value=... if self.value is None else self.value,
            fix=self.fix,
        )

    def __str__(self) -> str:
        return str(self.error)


class Names(NamedTuple):
    """What records are called in findings.

    Attributes:
        document: the invoice.
        seller: the business entity.
        buyer: the account.
    """

    document: str
    seller: str
    buyer: str


class Checked(NamedTuple):
    """What a check looks at.

    Attributes:
        data: the terms and groups.
        rules: the rule set.
        names: of the records that filled them.
    """

    data: Group
    rules: RuleSet
    names: Names

    def of(self, part: Group) -> str:
        """Name a line, or the document for what is no line."""
        number = part.get("BT-126")
        return f"{self.names.document}, line {number}" if number else self.names.document

"""The chart of accounts, and the rules that choose one (behaviour 6.3).

A rule names what it is for; an empty criterion takes everything. Of the rules that fit, the one
that names most wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = [
    "NO_MATCH",
    "AccountKind",
    "AssignmentRule",
    "CollectiveAccount",
    "EntryType",
    "GLAccount",
    "Match",
]

Words = str | Iterable[str]
"""One text with commas between the words, as the products write it, or the words."""


class AccountKind(Enum):
    """What an account of the general ledger holds."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class EntryType(Enum):
    """What a line of a journal entry is for (behaviour 6.2)."""

    REVENUE = "Revenue"
    TAX = "Tax"
    DEFERRED = "Deferred"
    UNBILLED_REVENUE = "Unbilled Revenue"
    PAYMENT = "Payment"
    PREPAYMENT = "Prepayment"
    GRANT = "Grant"
    REFUND = "Refund"
    PAYOUT = "Payout"
    WRITE_OFF = "Write-off"
    CASH_DISCOUNT = "Cash Discount"
    CLEARING = "Clearing"
    DUNNING_FEE = "Dunning Fee"
    PROVIDER_FEE = "Provider Fee"
    ROUNDING = "Rounding"
    """What rounding the amount due to what cash can pay adds: BT-114."""
    CONTRA_ACCOUNT = "Contra Account"
    """The sum on the other side of booking details."""
    INTERIM_REVENUE = "Interim Revenue"
    INTERIM_TAX = "Interim Tax"
    INTERIM_PAYMENT = "Interim Payment"
    INTERIM_PAYMENT_CLEARING = "Interim Payment Clearing"


@frozen(init=False, order=False)
class GLAccount:
    """One account of the general ledger.

    >>> GLAccount("8400", "Revenue 19 %", AccountKind.INCOME).label
    '8400 Revenue 19 %'

    Attributes:
        number: its number in the chart, like ``8400``.
        name: what it is called.
        kind: what it holds.
        is_automatic: whether the accounting program works out tax on it by itself, as DATEV does
            on its automatic accounts.

    Raises:
        InvalidInputError: a field is wrong.
    """

    number: str
    name: str
    kind: AccountKind
    is_automatic: bool

    def __init__(
        self, number: str, name: str, kind: AccountKind, *, is_automatic: bool = False
    ) -> None:
        read = Boundary("GLAccount", number)
        fill(
            self,
            number=read.id("number", number),
            name=read.text("name", name),
            kind=read.member("kind", kind, AccountKind),
            is_automatic=read.flag("is_automatic", is_automatic),
        )

    @property
    def label(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}".strip()


def read_words(read: Boundary, field: str, given: Words | None) -> frozenset[str]:
    """Read the words of a criterion, each trimmed; empty takes everything."""
    if not isinstance(given, Iterable):
        fix = "write 'A, B' or ['A', 'B'], or leave it out to take everything"
        raise read.refuse(field, given, "no words", fix)
    words = given.split(",") if isinstance(given, str) else given
    return frozenset(word for word in (read.text(field, each).strip() for each in words) if word)


@frozen(init=False, order=False)
class AssignmentRule:
    """Chooses the account that the revenue of a line goes to: a G/L assignment rule.

    >>> rule = AssignmentRule("Revenue 19 %", account="8400", tax_code="DE_19")
    >>> sorted(rule.tax_code), rule.account
    (['DE_19'], '8400')

    Each criterion is one or several words, with commas between them; the case counts.

    Attributes:
        name: how entries name it.
        account: the number of the account.
        second_account: a further number that exports may need; empty if none.
        custom_rule: of the line's booking terms.
        invoice_class: ``Invoice`` or ``Credit``.
        invoice_type: the kind of the document: a value of `InvoiceKind`.
        payment_method: of the document.
        product_group: of the line's booking terms.
        tax_code: of the line.
        tax_rule: where the buyer is taxed: the account's tax region.
        entity: name of the business entity that sells.

    Raises:
        InvalidInputError: a field is wrong.
    """

    name: str
    account: str
    second_account: str
    custom_rule: frozenset[str]
    invoice_class: frozenset[str]
    invoice_type: frozenset[str]
    payment_method: frozenset[str]
    product_group: frozenset[str]
    tax_code: frozenset[str]
    tax_rule: frozenset[str]
    entity: frozenset[str]

    def __init__(
        self,
        name: str,
        *,
        account: str,
        second_account: str = "",
        custom_rule: Words = (),
        invoice_class: Words = (),
        invoice_type: Words = (),
        payment_method: Words = (),
        product_group: Words = (),
        tax_code: Words = (),
        tax_rule: Words = (),
        entity: Words = (),
    ) -> None:
        read = Boundary("AssignmentRule", name)
        fill(
            self,
            name=read.id("name", name),
            account=read.id("account", account),
            second_account=read.text("second_account", second_account),
            custom_rule=read_words(read, "custom_rule", custom_rule),
            invoice_class=read_words(read, "invoice_class", invoice_class),
            invoice_type=read_words(read, "invoice_type", invoice_type),
            payment_method=read_words(read, "payment_method", payment_method),
            product_group=read_words(read, "product_group", product_group),
            tax_code=read_words(read, "tax_code", tax_code),
            tax_rule=read_words(read, "tax_rule", tax_rule),
            entity=read_words(read, "entity", entity),
        )


@frozen(init=False, order=False)
class CollectiveAccount:
    """Chooses an account for everything that is not revenue, and for revenue without a rule.

    >>> bank = CollectiveAccount("Bank", EntryType.PAYMENT, account="1200")
    >>> bank.contra
    ''

    Attributes:
        name: how entries name it.
        type: what kind of line it is for.
        account: the number of the account.
        contra: the account on the other side; empty takes the debtor's.
        debtor: the debtor's number where the document and the account have none.
        entity: names of business entities.
        bank_account: of the payment.
        billing_practice: of the line's item: ``Advance`` or ``Arrears``.
        clearing_reason: of the clearing.
        custom_rule: of the payment, or of the line's booking terms.
        payment_provider: of the payment.
        region: of the line's booking terms.
        tax_code: of the line; only asked of tax, interim postings and cash discounts.
        tax_rule: where the buyer is taxed; only asked of the same.

    Raises:
        InvalidInputError: a field is wrong.
    """

    name: str
    type: EntryType
    account: str
    contra: str
    debtor: str
    entity: frozenset[str]
    bank_account: frozenset[str]
    billing_practice: frozenset[str]
    clearing_reason: frozenset[str]
    custom_rule: frozenset[str]
    payment_provider: frozenset[str]
    region: frozenset[str]
    tax_code: frozenset[str]
    tax_rule: frozenset[str]

    def __init__(
        self,
        name: str,
        type: EntryType,
        *,
        account: str,
        contra: str = "",
        debtor: str = "",
        entity: Words = (),
        bank_account: Words = (),
        billing_practice: Words = (),
        clearing_reason: Words = (),
        custom_rule: Words = (),
        payment_provider: Words = (),
        region: Words = (),
        tax_code: Words = (),
        tax_rule: Words = (),
    ) -> None:
        read = Boundary("CollectiveAccount", name)
        fill(
            self,
            name=read.id("name", name),
            type=read.member("type", type, EntryType),
            account=read.id("account", account),
            contra=read.text("contra", contra),
            debtor=read.text("debtor", debtor),
            entity=read_words(read, "entity", entity),
            bank_account=read_words(read, "bank_account", bank_account),
            billing_practice=read_words(read, "billing_practice", billing_practice),
            clearing_reason=read_words(read, "clearing_reason", clearing_reason),
            custom_rule=read_words(read, "custom_rule", custom_rule),
            payment_provider=read_words(read, "payment_provider", payment_provider),
            region=read_words(read, "region", region),
            tax_code=read_words(read, "tax_code", tax_code),
            tax_rule=read_words(read, "tax_rule", tax_rule),
        )


class Match(NamedTuple):
    """Which account was chosen, and by what.

    Attributes:
        account: the number of the account; empty if nothing fits.
        rule: name of the rule or collective account that chose it; empty if none did.
        contra: the account on the other side, where a collective account has one; else empty.
        second_account: the further number of an assignment rule; empty if none.
        ties: names of others that fit as well and come later by their names.
    """

    account: str
    rule: str = ""
    contra: str = ""
    second_account: str = ""
    ties: tuple[str, ...] = ()


NO_MATCH: Final = Match("")
"""Nothing fits."""

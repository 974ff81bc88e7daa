"""Strategies for how things are billed and booked: set-ups, taxes, books, agreements."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from billingcore.lifecycle.projects.project import Milestone, Project
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import (
    AccountKind,
    AssignmentRule,
    CollectiveAccount,
    EntryType,
    GLAccount,
)
from billingcore.records.bookkeeping.periods import BookingPeriod
from billingcore.records.bookkeeping.terms import BookingTerms, Recognition
from billingcore.records.exchange import ExchangeRate, ExchangeTable
from billingcore.records.item import Item
from billingcore.records.mapping import DataMapping, Mapped
from billingcore.records.numbering import NumberPattern, Reset
from billingcore.records.payment_terms import CashDiscount, Installment, PaymentTerms, Retention
from billingcore.records.setup import AttachmentMode, BusinessEntity, Setup, Template
from billingcore.records.source import SourceRecord
from billingcore.records.taxes import Tax, TaxCategory
from billingcore.tax.table import TaxRate, TaxTable
from billingcore.testing.strategies.of_items import (
    TAX_CODES,
    discounts,
)
from billingcore.testing.strategies.of_parties import parties, payment_means
from billingcore.testing.strategies.of_records import (
    accounts,
)
from billingcore.testing.strategies.of_values import (
    days,
    ids,
    optional,
    percentages,
    periods,
    positive_amounts,
    texts,
)

__all__ = [
    "accountings",
    "booking_terms",
    "entities",
    "exchange_rates",
    "exchange_tables",
    "mapped",
    "mappings",
    "number_patterns",
    "payment_terms",
    "projects",
    "setups",
    "tax_rates",
    "tax_tables",
    "taxes",
    "templates",
]


def taxes() -> st.SearchStrategy[Tax]:
    """Draw taxes: rates of the standard category, and what is exempt."""
    return st.one_of(
        st.builds(lambda code, rate: Tax(code, rate=rate), ids(), percentages(30)),
        st.builds(
            lambda code: Tax(code, rate=0, category=TaxCategory.EXEMPT, reason="exempt"), ids()
        ),
    )


def tax_rates() -> st.SearchStrategy[TaxRate]:
    """Draw rates, valid always or from a day on."""
    return st.builds(
        TaxRate, percentages(30), start=optional(days()), buyer=st.sampled_from([None, "FR"])
    )


def tax_tables() -> st.SearchStrategy[TaxTable]:
    """Draw tax engines that know the codes of drawn items on every day."""
    return st.builds(
        lambda normal, reduced: TaxTable(dict(zip(TAX_CODES, (normal, reduced, 0), strict=True))),
        percentages(30),
        percentages(30),
    )


def number_patterns() -> st.SearchStrategy[NumberPattern]:
    """Draw number series, whose numbers begin anew or not."""

    def build(
        reset: Reset, head: str, width: int, start: int, *, per_account: bool
    ) -> NumberPattern:
        parts = [head, *reset.value, *(["[AccountNo]"] if per_account else [])]
        pattern = "-".join([*parts, "{" + "0" * width + "}"])
        return NumberPattern(pattern, reset=reset, start=start, per_account=per_account)

    return st.builds(
        build,
        st.sampled_from(Reset),
        st.sampled_from(["RE", "R", "INV"]),
        st.integers(1, 8),
        st.integers(0, 10_000),
        per_account=st.booleans(),
    )


def payment_terms() -> st.SearchStrategy[PaymentTerms]:
    """Draw terms: installments, cash discounts that fall, and what is kept back until later."""

    def build(
        due: set[int], percents: list[int], kept: int | None, shares: list[int]
    ) -> PaymentTerms:
        parts = [
            Installment(each, share=share) for each, share in zip(sorted(due), shares, strict=False)
        ]
        offers = [
            CashDiscount(place + 1, percent=percent)
            for place, percent in enumerate(sorted(percents, reverse=True))
        ]
        retention = None if kept is None else Retention(1000, percent=kept)
        return PaymentTerms(installments=parts, cash_discounts=offers, retention=retention)

    return st.builds(
        build,
        st.sets(st.integers(0, 90), max_size=3),
        st.lists(st.integers(1, 20), max_size=2, unique=True),
        optional(st.integers(1, 20)),
        st.lists(st.integers(1, 5), min_size=3, max_size=3),
    )


def templates(template: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Template]:
    """Draw templates of documents."""
    return st.builds(
        Template,
        ids() if template is None else template,
        payment_days=st.integers(0, 60),
        series=number_patterns(),
        locale=st.sampled_from([None, "en_US", "de_DE"]),
        intro=texts(),
        footer=texts(),
        attachments=st.sampled_from(AttachmentMode),
        excluded_file_types=st.sampled_from([(), ("exe",)]),
        payment_terms=payment_terms(),
    )


def entities(entity: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[BusinessEntity]:
    """Draw sellers."""
    return st.builds(
        BusinessEntity,
        ids() if entity is None else entity,
        address=texts(),
        tax_id=st.sampled_from(["", "DE123456789"]),
        tax_region=st.sampled_from(["", "DE"]),
        bank=texts(),
        series=optional(number_patterns()),
        party=optional(parties()),
        payment_means=optional(payment_means()),
    )


def exchange_rates() -> st.SearchStrategy[ExchangeRate]:
    """Draw what a currency is worth in EUR."""
    return st.builds(
        ExchangeRate,
        st.sampled_from(["JPY", "KWD", "CLF"]),
        st.just("EUR"),
        positive_amounts("CLF"),
        date=days(),
        source=st.sampled_from(["ECB", "bank"]),
        units=st.sampled_from([1, 100]),
    )


def exchange_tables() -> st.SearchStrategy[ExchangeTable]:
    """Draw rates of several days and pairs."""
    rates = st.lists(
        exchange_rates(), max_size=4, unique_by=lambda rate: (rate.base, rate.quote, rate.date)
    )
    return st.builds(ExchangeTable, rates)


def booking_terms() -> st.SearchStrategy[BookingTerms]:
    """Draw on which accounts something is booked, and how its revenue is spread."""
    return st.builds(
        BookingTerms,
        account=st.sampled_from(["", "4400"]),
        center=st.sampled_from(["", "C-1"]),
        recognition=st.sampled_from([None, *Recognition]),
    )


def accountings() -> st.SearchStrategy[Accounting]:
    """Draw books: none, or those of a small company, with its switches and closed months."""
    names = {"4000": "INCOME", "3800": "LIABILITY", "1800": "ASSET", "3900": "LIABILITY"}
    chart = [GLAccount(number, kind.title(), AccountKind[kind]) for number, kind in names.items()]
    collective = [
        CollectiveAccount("Tax", EntryType.TAX, account="3800"),
        CollectiveAccount("Bank", EntryType.PAYMENT, account="1800"),
        CollectiveAccount("Deferred", EntryType.DEFERRED, account="3900"),
    ]
    closed = st.integers(1, 6).map(lambda month: BookingPeriod(2025, month, is_closed=True))
    return st.one_of(
        st.just(Accounting(is_on=False)),
        st.builds(
            Accounting,
            chart=st.just(chart),
            rules=st.just([AssignmentRule("Revenue", account="4000")]),
            collective=st.just(collective),
            periods=st.lists(closed, max_size=2),
            books_payments=st.booleans(),
            is_gross=st.booleans(),
        ),
    )


def setups() -> st.SearchStrategy[Setup]:
    """Draw set-ups: a default template, perhaps sellers, data mappings, and books."""
    names = st.sampled_from(["North", "South"])
    return st.builds(
        lambda template, sellers, mapping, books: Setup(
            [template],
            sellers,
            {"M-1": mapping} if mapping is not None else None,
            accounting=books,
        ),
        templates(st.just("Default")),
        st.lists(entities(names), max_size=2, unique_by=lambda seller: seller.name),
        optional(mappings()),
        accountings(),
    )


def mappings() -> st.SearchStrategy[DataMapping]:
    """Draw data mappings: constants, fields of records, and a line of their own."""
    values = st.one_of(st.just("$PoNumber__c"), st.just("$HW.SerialNo__c"), st.integers(0, 99))
    shipping = {"fields": {"Title__c": "Shipping", "Quantity__c": 1, "UnitPrice__c": "4.90"}}
    return st.builds(
        lambda value, has_line: DataMapping(
            {"fields": {"Remark__c": value}, "items": {"SHIP": shipping} if has_line else {}}
        ),
        values,
        st.booleans(),
    )


def mapped() -> st.SearchStrategy[Mapped]:
    """Draw what data mappings make of an order."""

    def build(mapping: DataMapping) -> Mapped:
        server = SourceRecord("OrderProduct", "P-1", {"SerialNo__c": "X-500"})
        order = SourceRecord("Order", "O-1", {"PoNumber__c": "PO-1"})
        return mapping.evaluate(order, {"HW": server, "SHIP": server})

    return mappings().map(build)


def projects() -> st.SearchStrategy[Project]:
    """Draw agreements that are invoiced in parts."""
    work = st.builds(
        lambda price, count: [
            Item(f"work-{place}", unit_price=price, tax_code=TAX_CODES[0]) for place in range(count)
        ],
        st.integers(1000, 10**6).map(lambda units: Decimal(units).scaleb(-2)),
        st.integers(1, 3),
    )
    plan = st.lists(st.integers(1, 40), max_size=2).map(
        lambda shares: [Milestone(f"M-{place}", share=share) for place, share in enumerate(shares)]
    )
    payer = accounts(st.just("acme"))
    return st.builds(
        Project,
        ids(),
        payer,
        work,
        period=periods(),
        title=texts(),
        tax=tax_tables(),
        milestones=plan,
        discount=optional(discounts()),
    )

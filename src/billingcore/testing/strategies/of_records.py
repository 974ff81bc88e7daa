"""Strategies for what a host hands in: accounts, contracts, prices, usage, records of its own."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.contact import Contact, ContactRelation, ContactRole, Contacts, LegacyRole
from billingcore.records.coupon import Coupon
from billingcore.records.payment import Payment, PaymentKind
from billingcore.records.source import SourceDocument, SourceRecord
from billingcore.records.terms import (
    UsageType,
)
from billingcore.records.usage import UsageRecord
from billingcore.testing.strategies.of_items import custom_fields, discounts, holds
from billingcore.testing.strategies.of_parties import parties
from billingcore.testing.strategies.of_values import (
    currencies,
    days,
    decimals,
    ids,
    optional,
    periods,
    positive_amounts,
    prices,
    quantities,
    texts,
    windows,
)

__all__ = [
    "accounts",
    "claims",
    "contact_lists",
    "contacts",
    "coupons",
    "payments",
    "source_documents",
    "source_records",
    "usage",
]


def accounts(
    account: st.SearchStrategy[str] | None = None, *, entities: tuple[str, ...] = ()
) -> st.SearchStrategy[Account]:
    """Draw accounts.

    Args:
        account: draws the ids.
        entities: names of business entities that they may have.
    """
    return st.builds(
        Account,
        ids() if account is None else account,
        currency=currencies(),
        name=texts(),
        active=st.sampled_from([True, True, True, False]),
        entity=st.sampled_from([None, *entities]),
        payment_days=optional(st.integers(0, 90)),
        tax_region=st.sampled_from(["", "DE", "FR"]),
        tax_id=st.sampled_from(["", "DE123456789"]),
        address=texts(),
        custom=custom_fields(),
        hold=st.one_of(st.none(), st.none(), holds()),
        debtor=st.sampled_from(["", "10000", "10001"]),
        payment_method=st.sampled_from(["", "transfer"]),
        external_ids=st.dictionaries(ids(), ids(), max_size=1),
        batch=st.sampled_from(["", "north", "south"]),
        party=optional(parties()),
    )


def contacts(
    contact: st.SearchStrategy[str] | None = None, account: str | None = None
) -> st.SearchStrategy[Contact]:
    """Draw people, with what they are asked for."""
    roles = st.lists(st.sampled_from(ContactRole), max_size=3, unique=True)
    return st.builds(
        Contact,
        ids() if contact is None else contact,
        account=st.just(account),
        name=st.sampled_from(["", "Anna", "Bo B."]),
        email=st.sampled_from(["", "anna@acme.example", "bo@borg.example"]),
        address=texts(),
        roles=roles,
        custom_roles=roles,
        active=st.sampled_from([True, True, False]),
    )


@st.composite
def contact_lists(draw: st.DrawFn, account: str = "acme") -> Contacts:
    """Draw the contacts of an account, with their relations to it."""
    people = draw(st.lists(contacts(account=account), max_size=3, unique_by=lambda one: one.id))
    names = [each.id for each in people]
    roles = st.lists(st.sampled_from(ContactRole), max_size=2, unique=True)
    relations = [
        ContactRelation(name, account, roles=draw(roles), start=start, end=end)
        for name in names
        for start, end in [draw(windows())]
    ]
    legacy = [LegacyRole(name, account, draw(st.sampled_from(ContactRole))) for name in names[:1]]
    return Contacts(people, relations=relations, legacy_roles=legacy)


def coupons() -> st.SearchStrategy[Coupon]:
    """Draw coupons."""
    return st.builds(
        lambda name, discount, uses, window: Coupon(
            name, discount, uses=uses, start=window[0], until=window[1], currency="EUR"
        ),
        ids(),
        discounts(),
        optional(st.integers(1, 12)),
        windows(),
    )


def usage(
    record: st.SearchStrategy[str] | None = None,
    order_no: st.SearchStrategy[str] | None = None,
    *,
    first: dt.date = dt.date(2026, 1, 1),
    last: dt.date = dt.date(2026, 12, 31),
) -> st.SearchStrategy[UsageRecord]:
    """Draw usage.

    Args:
        record: draws the ids.
        order_no: draws by which items find it.
        first: the first day on which something was used.
        last: the last one.
    """
    return st.builds(
        UsageRecord,
        ids() if record is None else record,
        ids() if order_no is None else order_no,
        days(first, last),
        quantities(),
        price=st.one_of(st.none(), st.none(), prices()),
        type=st.sampled_from([UsageType.TRANSACTION, UsageType.TRANSACTION, UsageType.DETAIL]),
        criterion=st.sampled_from(["", "north"]),
        tier_quantity=optional(decimals(1, 1000)),
        add_to_csv=st.booleans(),
        add_to_table=st.booleans(),
        custom=custom_fields(),
    )


def source_documents() -> st.SearchStrategy[SourceDocument]:
    """Draw files of records."""
    return st.builds(
        SourceDocument,
        ids(),
        title=texts(),
        file_type=st.sampled_from(["", "pdf", ".CSV"]),
        size=st.integers(0, 10**8),
        link=st.booleans(),
        version=st.integers(1, 9),
    )


def source_records(
    record: st.SearchStrategy[str] | None = None, account: str = "acme"
) -> st.SearchStrategy[SourceRecord]:
    """Draw orders of a host, with lines as children, for `order_filters`.

    Args:
        record: draws the ids.
        account: who is billed.
    """

    def line(name: str, price: Decimal, quantity: Decimal, title: str) -> SourceRecord:
        values = {"ON_Title": title or name, "ON_UnitPrice": price, "ON_Quantity": quantity}
        return SourceRecord("OrderItem", name, values)

    lines = st.lists(
        st.builds(line, ids(), prices(), quantities(), texts()),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each.id,
    )
    return st.builds(
        lambda name, children, files: SourceRecord(
            "Order",
            name,
            {"ON_Account": account},
            children={"Items": children},
            documents=files,
        ),
        ids() if record is None else record,
        lines,
        st.lists(source_documents(), max_size=1),
    )


def claims(billable: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Claim]:
    """Draw claims: that something is billed, once or for some days."""
    return st.builds(
        Claim,
        ids() if billable is None else billable,
        optional(periods()),
        ids(),
        st.sampled_from(ClaimState),
        st.sampled_from(["", None]),
    )


def payments(account: str = "acme", *, currency: str = "EUR") -> st.SearchStrategy[Payment]:
    """Draw payments of a customer, for no document in particular.

    Args:
        account: who pays.
        currency: in which currency.
    """
    return st.builds(
        Payment,
        ids(),
        account=st.just(account),
        amount=positive_amounts(currency),
        date=days(),
        currency=st.just(currency),
        kind=st.sampled_from([PaymentKind.PAYMENT, PaymentKind.PREPAYMENT, PaymentKind.GRANT]),
        method=st.sampled_from(["", "transfer"]),
        provider=st.sampled_from(["", "bank"]),
        reference=texts(),
        custom=custom_fields(),
    )

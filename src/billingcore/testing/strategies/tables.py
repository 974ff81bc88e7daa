"""From every public class to a strategy that draws its values."""

# What `builds` hands to a function is known to it, and not to the type checker.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar, cast

from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing.machine_world import SETUP
from billingcore.testing.strategies import (
    of_items,
    of_records,
    of_runs,
    of_setups,
    of_values,
    of_worlds,
)
from billingcore.testing.strategies.of_parties import CLASSES_OF_PARTIES
from billingcore.testing.strategies.of_profiles import CLASSES_OF_PROFILES
from billingcore.testing.strategies.of_results import CLASSES_OF_RESULTS
from billingcore.testing.strategies.of_values import days, ids, optional, texts
from billingcore.testing.strategies.of_worlds import (
    ACCOUNT,
    FINALS,
    LAST,
    World,
    entries_of,
    of_world,
    one_of_world,
)

__all__ = ["NONE_OF", "OF", "of"]

T = TypeVar("T")

NONE_OF: Final[dict[str, str]] = {
    "ChangedTerms": "names of arguments, for type checkers",
    "Codec": "it works; it is no value",
    "DocumentTarget": "a Protocol; a list may take what is kept",
    "DraftOptions": "names of arguments, for type checkers",
    "Execution": "it works, and can be looped over once; draw a run, and a store",
    "ExchangeRates": "a Protocol; draw an ExchangeTable",
    "MoneyLike": "a Protocol; draw Money",
    "PendingInvoice": "it lives only inside of finalize",
    "ProrationConvention": "a Protocol; draw a Proration",
    "Renderer": "a Protocol; take render.text",
    "Source": "a Protocol; draw a MemoryStore",
    "Store": "a Protocol; draw a MemoryStore",
    "TaxEngine": "a Protocol; draw a TaxTable",
}
"""Public classes without a strategy, each with the reason."""

AMOUNTS: Final = of_values.positive_amounts()
NUMBERS: Final = st.sampled_from(["2026-00001", "2026-00002"])
YEAR: Final = bc.Period.year(2026)


def _house(price: Decimal) -> bc.HouseTotals:
    """Give what an invoice states in the currency of the house."""
    rate = bc.ExchangeRate("EUR", "JPY", 160, date="2025-01-01", source="bank")
    setup = bc.Setup(exchange=bc.ExchangeTable([rate]), house_currency="JPY")
    store = bc.MemoryStore(setup=setup)
    store.add(bc.Account(ACCOUNT, currency="EUR"))
    items = [bc.Item("work", unit_price=price)]
    made = bc.draft(bc.Account(ACCOUNT, currency="EUR"), items, period=YEAR, setup=setup)
    return cast("bc.HouseTotals", bc.finalize(made, store, on=LAST).house)


def _route(record: bc.SourceRecord) -> bc.Route:
    (route,) = bc.recipients(record, [of_worlds.ORDERS], lambda name: name.value)
    return route


def _books(world: World) -> bc.Books:
    return world.store.books(ACCOUNT)


def _candidates(world: World) -> bc.Candidates:
    return bc.candidates(world.run, world.before, world.store.tax)


def _schedule(world: World) -> bc.ItemSchedule:
    return bc.schedule(world.before, "S-0/seats", tax=world.store.tax, until="2026-03-31")


def _forecast(world: World) -> bc.Forecast:
    tax = world.store.tax
    return bc.forecast(world.before, tax, start="2026-01-01", months=2, policy=bc.LEVEL)


def _findings(world: World) -> tuple[bc.Finding, ...]:
    unknown = bc.Item("odd", unit_price=1, tax_code="nobody's")
    contract = bc.Subscription("S-9", account=ACCOUNT, items=[unknown])
    return bc.check(world.run, SETUP, subscriptions=[contract], tax=bc.TaxTable({}))


def _terms(terms: bc.PaymentTerms, price: Decimal) -> bc.Invoice:
    """Give an invoice that is paid by terms."""
    setup = bc.Setup([bc.Template("Default", payment_terms=terms)])
    store = bc.MemoryStore(setup=setup)
    payer = bc.Account(ACCOUNT, currency="EUR")
    store.add(payer)
    items = [bc.Item("work", unit_price=price)]
    return bc.finalize(bc.draft(payer, items, period=YEAR, setup=setup), store, on=LAST)


def _offer(price: Decimal, percent: int) -> bc.DiscountOffer:
    terms = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=percent)])
    return bc.cash_discounts(_terms(terms, price))[0]


CLASSES_OF_VALUES: Final[dict[type, st.SearchStrategy[Any]]] = {
    bc.Cadence: of_values.cadences(),
    bc.Length: of_values.lengths(),
    bc.Money: of_values.money(),
    bc.Period: of_values.periods(),
    bc.Proration: of_values.prorations(),
    bc.ServiceDay: of_values.days_of_instants(),
    bc.ServiceDays: of_values.service_days(),
    bc.Share: of_values.shares(),
    bc.Span: of_values.spans(),
}

CLASSES_OF_RECORDS: Final[dict[type, st.SearchStrategy[Any]]] = {
    bc.Account: of_records.accounts(),
    bc.Change: of_items.changes(),
    bc.Claim: of_records.claims(),
    bc.Contact: of_records.contacts(),
    bc.Contacts: of_records.contact_lists(),
    bc.Coupon: of_records.coupons(),
    bc.Discount: of_items.discounts(),
    bc.Hold: of_items.holds(),
    bc.Item: of_items.items(),
    bc.Payment: of_records.payments(),
    bc.Pricing: of_items.pricings(),
    bc.SourceDocument: of_records.source_documents(),
    bc.SourceRecord: of_records.source_records(),
    bc.Subscription: of_items.subscriptions(),
    bc.Tier: of_items.tiers(),
    bc.UsageRecord: of_records.usage(),
    bc.AccountName: st.builds(bc.AccountName, ids(), st.sampled_from(["", "CustomerNo"])),
    bc.Assignment: st.builds(bc.Assignment, ids(), ids(), NUMBERS, AMOUNTS, days()),
    bc.Clearing: st.builds(bc.Clearing, ids(), NUMBERS, NUMBERS, AMOUNTS, days(), texts()),
    bc.Closing: st.builds(bc.Closing, NUMBERS, AMOUNTS, days(), texts()),
    bc.ContactRelation: st.builds(
        bc.ContactRelation,
        ids(),
        ids(),
        roles=st.lists(st.sampled_from(bc.ContactRole), max_size=2),
    ),
    bc.LegacyRole: st.builds(bc.LegacyRole, ids(), ids(), st.sampled_from(bc.ContactRole)),
    bc.Cover: st.builds(bc.Cover, ids(), optional(of_values.periods()), st.just("")),
    bc.Covered: st.lists(of_records.claims(st.just("S-1/seats")), min_size=1, max_size=2).map(
        lambda some: bc.coverage_of(some)["S-1/seats"]
    ),
    bc.Reference: st.builds(
        bc.Reference, ids(), ids(), optional(of_values.currencies()), batch=optional(texts())
    ),
    bc.SourceRef: st.builds(bc.SourceRef, ids(), ids(), ids(), st.sampled_from(["", "Cust"])),
    bc.RowError: st.builds(bc.RowError, ids(), st.integers(2, 999), ids(), texts()),
}

CLASSES_OF_SETUPS: Final[dict[type, st.SearchStrategy[Any]]] = {
    bc.Accounting: of_setups.accountings(),
    bc.BookingTerms: of_setups.booking_terms(),
    bc.BusinessEntity: of_setups.entities(),
    bc.Criteria: of_runs.criteria(),
    bc.DataMapping: of_setups.mappings(),
    bc.ExchangeRate: of_setups.exchange_rates(),
    bc.ExchangeTable: of_setups.exchange_tables(),
    bc.FieldSet: of_runs.field_sets(),
    bc.Filter: of_runs.filters(),
    bc.InvoiceRun: of_runs.runs(),
    bc.NumberPattern: of_setups.number_patterns(),
    bc.PaymentTerms: of_setups.payment_terms(),
    bc.Policy: of_runs.policies(),
    bc.Project: of_setups.projects(),
    bc.RunChain: of_runs.run_chains(),
    bc.ScheduledRun: of_runs.scheduled_runs(),
    bc.Selection: of_runs.selections(),
    bc.Setup: of_setups.setups(),
    bc.StartFrom: of_runs.starts(),
    bc.Tax: of_setups.taxes(),
    bc.TaxRate: of_setups.tax_rates(),
    bc.TaxTable: of_setups.tax_tables(),
    bc.Template: of_setups.templates(),
    bc.AssignmentRule: st.builds(
        bc.AssignmentRule,
        ids(),
        account=st.just("4000"),
        tax_code=st.sampled_from([(), ["normal"]]),
    ),
    bc.BookingPeriod: st.builds(
        bc.BookingPeriod, st.integers(2020, 2030), st.integers(1, 12), is_closed=st.booleans()
    ),
    bc.CashDiscount: st.builds(bc.CashDiscount, st.integers(0, 30), percent=st.integers(1, 20)),
    bc.CollectiveAccount: st.builds(
        bc.CollectiveAccount, ids(), st.sampled_from(bc.EntryType), account=st.just("3800")
    ),
    bc.Counter: st.builds(bc.Counter, ids(), st.integers(0, 1000)),
    bc.Criterion: st.sampled_from([*bc.PER_SUBSCRIPTION, *bc.PER_ACCOUNT]),
    bc.DayRange: st.builds(bc.DayRange, st.integers(1, 31), st.integers(1, 31)),
    bc.DocumentBooking: st.builds(
        bc.DocumentBooking, debtor=st.sampled_from(["", "10000"]), date=optional(days())
    ),
    bc.GLAccount: st.builds(bc.GLAccount, ids(), texts(), st.sampled_from(bc.AccountKind)),
    bc.Heading: st.builds(
        bc.Heading,
        of_setups.templates(),
        optional(of_setups.entities()),
        st.integers(0, 60),
        texts(),
    ),
    bc.Installment: st.builds(bc.Installment, st.integers(0, 90), share=st.integers(1, 5)),
    bc.Interval: st.builds(
        bc.Interval, st.integers(1, 12), st.sampled_from("dwm"), st.integers(1, 7)
    ),
    bc.InvoiceDateRule: st.builds(bc.InvoiceDateRule, st.booleans(), st.integers(-30, 30)),
    bc.Mapped: of_setups.mapped(),
    bc.MappedLine: st.builds(
        bc.MappedLine, st.just({"title": "Shipping"}), st.just({}), st.just({}), st.booleans()
    ),
    bc.Milestone: st.builds(bc.Milestone, ids(), share=st.integers(1, 100)),
    bc.Retention: st.builds(bc.Retention, st.integers(1, 400), percent=st.integers(1, 20)),
    bc.SkippedNumber: st.builds(bc.SkippedNumber, NUMBERS, days(), texts()),
    bc.TaxQuestion: st.builds(
        bc.TaxQuestion,
        st.sampled_from(of_items.TAX_CODES),
        of_values.periods(),
        of_records.accounts(),
        optional(of_setups.entities()),
    ),
    bc.TaxRefusal: st.builds(bc.TaxRefusal, texts(), texts()),
    bc.TaxSlice: st.builds(bc.TaxSlice, of_values.periods(), of_setups.taxes()),
}

CLASSES_OF_DOCUMENTS: Final[dict[type, st.SearchStrategy[Any]]] = {
    bc.AccountOutcome: of_worlds.outcomes(),
    bc.AccountSnapshot: of_worlds.snapshots(),
    bc.Books: of_worlds.books(),
    bc.DraftInvoice: of_worlds.drafts(),
    bc.Invoice: of_worlds.invoices(),
    bc.JournalEntry: of_worlds.journal_entries(),
    bc.LineItem: of_worlds.line_items(),
    bc.MemoryStore: of_world(lambda world: world.store),
    bc.Addressee: of_world(lambda world: bc.distribution(world.invoices[0]).billing),
    bc.BilledLine: one_of_world(
        lambda world: [bc.BilledLine(each.number, each.lines[0]) for each in world.invoices]
    ),
    bc.Booked: of_world(lambda world: bc.invoice_entries(world.invoices[0], SETUP.accounting)),
    bc.Chain: FINALS.map(lambda draft: draft.chain),
    bc.ChainDocument: FINALS.map(lambda draft: draft.deductions[0].document),
    bc.ChainLine: FINALS.map(lambda draft: draft.deductions[0].document.lines[0]),
    bc.Conversion: st.builds(
        lambda price, rate: bc.Conversion(price, price * rate.rate, rate),
        of_values.prices(),
        of_setups.exchange_rates(),
    ),
    bc.Corrected: st.builds(bc.Corrected, NUMBERS, st.integers(1, 9), st.booleans(), st.booleans()),
    bc.Correction: st.builds(
        bc.Correction,
        ids(),
        of_values.periods(),
        NUMBERS,
        st.integers(1, 9),
        texts(),
        texts(),
        AMOUNTS,
        AMOUNTS,
        st.just("EUR"),
        optional(st.sampled_from(bc.Reason)),
    ),
    bc.Deduction: FINALS.map(lambda draft: draft.deductions[0]),
    bc.Difference: st.builds(bc.Difference, st.just("currency"), st.just("EUR"), st.just("JPY")),
    bc.DiscountOffer: st.builds(_offer, AMOUNTS, st.integers(1, 20)),
    bc.Distribution: one_of_world(lambda world: [*map(bc.distribution, world.invoices)]),
    bc.DocumentStanding: one_of_world(
        lambda world: [bc.standing(_books(world), each.number) for each in world.invoices]
    ),
    bc.DuePart: st.builds(bc.DuePart, days(), AMOUNTS),
    bc.Effects: of_world(
        lambda world: bc.Effects(ACCOUNT, (world.payment,), entries=(*entries_of(world),))
    ),
    bc.Explanation: of_worlds.line_items().map(bc.explain),
    bc.Finalization: of_world(
        lambda world: bc.Finalization(world.invoices[0], bc.Effects(ACCOUNT))
    ),
    bc.HouseTotals: AMOUNTS.map(_house),
    bc.JournalLine: one_of_world(
        lambda world: [line for entry in entries_of(world) for line in entry.lines]
    ),
    bc.Mailbox: st.builds(bc.Mailbox, texts(), st.just("anna@acme.example")),
    bc.Movement: one_of_world(
        lambda world: (
            bc.standing(_books(world), world.invoices[0].number).movements
            or [bc.Movement(LAST, "payment/P-1", Decimal(1))]
        )
    ),
    bc.Portion: of_items.items(has_changes=False).map(
        lambda item: bc.Portion(item.quantity, item.unit_price, item.price_type)
    ),
    bc.PricePart: st.builds(
        lambda item: bc.PricePart(
            item, item.quantity, (bc.Portion(item.quantity, item.unit_price),), 1
        ),
        of_items.items(has_changes=False),
    ),
    bc.Recipient: st.builds(
        bc.Recipient,
        st.sampled_from(bc.ContactRole),
        of_records.contacts(),
        st.sampled_from(bc.ContactRole),
        st.sampled_from(bc.RoleLevel),
    ),
    bc.Recipients: of_records.contact_lists().map(
        lambda known: bc.resolve_contacts(ACCOUNT, known, dt.date(2026, 1, 1))
    ),
    bc.Remaining: FINALS.map(lambda draft: draft.chain.remaining),
    bc.Step: of_worlds.line_items().map(lambda line: bc.explain(line).steps[0]),
    bc.TaxAmount: FINALS.map(lambda draft: draft.chain.contract[0]),
    bc.TaxSubtotal: of_worlds.drafts().map(lambda draft: draft.totals.breakdown[0]),
    bc.Totals: of_worlds.drafts().map(lambda draft: draft.totals),
    bc.Update: st.builds(
        bc.Update, st.just("Order"), ids(), st.just(""), st.just({"ON_Invoice": "2026-00001"})
    ),
}

CLASSES_OF_RUNS: Final[dict[type, st.SearchStrategy[Any]]] = {
    bc.AccountReport: st.builds(bc.AccountReport, ids(), st.just(()), st.just(())),
    bc.AccountStanding: of_world(lambda world: bc.account_standing(_books(world))),
    bc.Candidate: one_of_world(_candidates),
    bc.Candidates: of_world(_candidates),
    bc.CurrencyTotal: st.builds(
        bc.CurrencyTotal, of_values.currencies(), st.integers(0, 99), AMOUNTS, AMOUNTS, AMOUNTS
    ),
    bc.Drafts: of_world(lambda world: bc.Drafts(world.report.draft_ids[:0], world.store.draft)),
    bc.Exclusion: st.builds(
        bc.Exclusion, ids(), ids(), st.sampled_from(bc.Reason), optional(of_values.periods())
    ),
    bc.FinalizeReport: of_world(lambda world: bc.FinalizeReport(world.invoices, (), ())),
    bc.Finding: one_of_world(_findings),
    bc.Forecast: of_world(_forecast),
    bc.ItemSchedule: of_world(_schedule),
    bc.OpenAmount: st.builds(bc.OpenAmount, st.just("EUR"), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS),
    bc.PostingReport: of_world(lambda world: bc.post(world.store, on=LAST)),
    bc.Problem: st.builds(bc.Problem, ids(), ids(), st.just("invalid-input"), texts()),
    bc.RemainingRecord: st.builds(bc.RemainingRecord, ids(), ids(), st.just(()), st.none()),
    bc.Route: of_records.source_records().map(_route),
    bc.RunMonitor: of_world(lambda world: bc.RunMonitor(world.store.runs())),
    bc.RunRecord: of_world(lambda world: world.report.record),
    bc.RunReport: of_world(lambda world: world.report),
    bc.ScheduleGroup: of_world(
        lambda world: bc.schedule_group(world.before, "S-0", tax=world.store.tax, until=LAST)
    ),
    bc.StandingRow: one_of_world(lambda world: bc.account_standing(_books(world)).documents),
    bc.TaxDifference: st.builds(bc.TaxDifference, NUMBERS, ids(), st.just("EUR"), AMOUNTS, AMOUNTS),
    bc.Upcoming: of_world(lambda world: _schedule(world).upcoming[0]),
}


OF: Final[dict[type, st.SearchStrategy[Any]]] = {
    **CLASSES_OF_VALUES,
    **CLASSES_OF_RECORDS,
    **CLASSES_OF_PARTIES,
    **CLASSES_OF_SETUPS,
    **CLASSES_OF_DOCUMENTS,
    **CLASSES_OF_RUNS,
    **CLASSES_OF_PROFILES,
    **CLASSES_OF_RESULTS,
}
"""Public class → a strategy of its values; for enumerations ask `of`."""


def of(kind: type[T]) -> st.SearchStrategy[T]:
    """Give a strategy of the values of a public class.

    >>> from billingcore import Item, PriceModel
    >>> of(Item) is OF[Item]
    True
    >>> of(PriceModel)
    sampled_from(billingcore.records.terms.PriceModel)

    Raises:
        LookupError: there is none; `NONE_OF` says why.
    """
    if issubclass(kind, Enum):
        return cast("st.SearchStrategy[T]", st.sampled_from(kind))
    if kind not in OF:
        reason = NONE_OF.get(kind.__name__, "it is no public class of data")
        raise LookupError(f"no strategy of {kind.__name__}: {reason}")
    return OF[kind]

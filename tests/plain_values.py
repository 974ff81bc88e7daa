"""Values that stores keep, as tests of their plain form need them: real documents and records."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import billingcore as bc
from billingcore.lines.origin import Original, ReversalOrigin, TrueUpOrigin
from billingcore.plain.registry import RECORDS
from billingcore.plain.shapes import shape_of
from billingcore.runs.tally import Tally
from billingcore.values.texts import Texts
from tests.bookkeeping import ACCOUNTING
from tests.chains import DEPOSIT, PARTIAL, issue, pay, store_with

ZERO = Decimal(0)
TAXES = bc.TaxTable({"DE_19": 19, "DE_7": [bc.TaxRate("7", start="2020-01-01"), bc.TaxRate(5)]})
JANUARY = bc.Period.month(2026, 1)
RATES = bc.ExchangeTable([bc.ExchangeRate("USD", "EUR", "0.91", date="2026-01-02", source="ECB")])
TERMS = bc.PaymentTerms(
    installments=[bc.Installment(10, share="40"), bc.Installment(30, share="60")],
    cash_discounts=[bc.CashDiscount(7, percent="2.0")],
    retention=bc.Retention(90, percent=5),
)
MAPPING = bc.DataMapping(
    {
        "fields": {"Remark__c": "$Note", "Center": "$$5", "service_date": "2026-01-09"},
        "items": {"SHIP": {"fields": {"Title__c": "Shipping", "Quantity": 1, "UnitPrice": "4.90"}}},
        "externalIdFields": {"Account__c": "Erp"},
        "fieldsToUpdate": {},
    },
    name="orders",
)
SETUP = bc.Setup(
    [bc.Template("Default", payment_terms=TERMS, intro="Thank you"), bc.Template("Plain")],
    [bc.BusinessEntity("Seller GmbH", tax_id="DE1", series=bc.NumberPattern("S-{000}"))],
    {"orders": MAPPING},
    exchange=RATES,
    house_currency="EUR",
    accounting=ACCOUNTING,
)
ACME = bc.Account(
    "acme",
    name="Acme “& Söhne”",
    currency="USD",
    entity="Seller GmbH",
    address="Main Street 1\nBerlin",
    custom={"Region": "North", "Weight": 2, "Tags": ["a", "b"]},
    debtor="10000",
)
ANNA = bc.Contact("anna", account="acme", name="Anna", roles=[bc.ContactRole.INVOICE])
BEN = bc.Contact("ben", email="ben@acme.example")
CONTACTS = bc.Contacts(
    [ANNA, BEN],
    relations=[bc.ContactRelation("ben", "acme", roles=["Email CC"], end="2027-12-31")],
    legacy_roles=[bc.LegacyRole("ben", "acme", "Dunning Contact")],
)
COUPON = bc.Coupon("WELCOME", bc.Discount.percent(5, title="Welcome"), uses=2)


def is_open(record):
    """Choose records that are not closed."""
    return record["Status"] == "Open"


def title_of(record):
    """Give a line its title."""
    return f"Product {record['No']}"


KNOWN = (is_open, title_of)

ORDERS = bc.Filter(
    "Orders",
    is_open,
    use_case=bc.UseCase.GENERIC,
    target="Order",
    child_relation="Items",
    fields=bc.FieldSet(
        suffix="Buy", formulas={"title": title_of}, days=bc.ServiceDays(UTC, cut_off=time(6))
    ),
    parents={"Account": "Account"},
    columns=["Status"],
    schema=["Status", "ON_AccountBuy"],
)


def contract():
    """Give a contract with a discount, a price model, a change and a fee that is billed once."""
    monthly = {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()}
    seats = bc.Item(
        "seats",
        unit_price="33.30",
        quantity=3,
        tax_code="DE_19",
        discount=bc.Discount.percent("10"),
        changes=[bc.Change("2026-01-16", quantity=4, reason="upgrade")],
        proration=bc.proration.ACTUAL_DAYS,
        booking=bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH, center="C-1"),
        **monthly,
    )
    tiers = [bc.Tier(10, "2.50"), bc.Tier(None, "2.20")]
    sms = bc.Item("sms", pricing=bc.Pricing(bc.TIERED, tiers), quantity=15, tax_code="DE_7")
    return bc.Subscription(
        "S-1",
        account="acme",
        start="2026-01-01",
        auto_renewal="12m",
        items=[seats, sms, bc.Item("setup", unit_price="49.90", tax_code="DE_7")],
        reference="PO 7",
    )


def order():
    """Give an order with two products, one of them with a file."""
    files = [bc.SourceDocument("F-1", title="Plan", file_type="pdf", size=1000, link=True)]
    products = [
        bc.SourceRecord(
            "Product",
            f"P-{number}",
            {"No": number, "ON_QuantityBuy": Decimal("2.50"), "ON_UnitPriceBuy": "10.00"},
            documents=files[: 2 - number],
        )
        for number in (1, 2)
    ]
    account = bc.SourceRecord("Account", "A-1", {"Name": "Acme"})
    values = {"Status": "Open", "ON_AccountBuy": "acme", "ON_DateBuy": "2026-01-10T03:00:00Z"}
    values |= {"ON_NoteBuy": "Careful", "Seen": datetime(2026, 1, 9, 12, tzinfo=UTC)}
    return bc.SourceRecord(
        "Order", "O-1", values, children={"Items": products}, parents={"Account": account}
    )


def store():
    """Give a store with an account, its contract, usage, an order, contacts and a coupon."""
    kept = bc.MemoryStore(tax=TAXES, setup=SETUP, filters=[ORDERS])
    calls = bc.Item("calls", unit_price="0.10", billing_type=bc.TRANSACTIONAL, tax_code="DE_19")
    phone = bc.Subscription("S-2", account="acme", items=[calls], start="2026-01-01")
    kept.add(ACME, contract(), phone, order())
    kept.add_usage(
        "acme",
        bc.UsageRecord("U-1", "calls", "2026-01-05", "120"),
        bc.UsageRecord("U-2", "calls", "2026-01-06", "7", criterion="abroad"),
        bc.UsageRecord("U-3", "texts", "2026-01-07", 1),
    )
    kept.put_contacts("acme", CONTACTS)
    kept.put_coupons("acme", COUPON)
    return kept


def run():
    """Give a run over contracts, orders and usage."""
    return bc.InvoiceRun(JANUARY, selection=bc.Selection([ORDERS]), invoice_date="2026-01-31")


def chain():
    """Give a store with a deposit that is paid, a part invoice, and their final."""
    kept = store_with(accounting=ACCOUNTING)
    first = issue(kept, DEPOSIT, 1000)
    pay(kept, "P-1", "1190.00", first.number)
    issue(kept, PARTIAL, 2000, (500, "DE_7"))
    issue(kept, bc.InvoiceKind.FINAL, 6000, (500, "DE_7"))
    return kept


def scenarios():
    """Give the values that are kept as golden files, by name."""
    kept = store()
    january = run()
    outcome = bc.bill(january, kept.snapshot("acme"), kept.tax)
    report = bc.execute(january, kept)
    drafts = {draft.lines[0].record.partition("/")[0]: draft for draft in kept.drafts()}
    snapshot = kept.snapshot("acme")
    invoice = bc.finalize(drafts["S-1"], kept, on="2026-02-01")
    bc.pay(
        kept,
        bc.Payment(
            "P-1",
            account="acme",
            amount="100.00",
            currency="USD",
            date="2026-02-10",
            invoices=[invoice.number],
            custom={"Bank": Fraction(1, 3)},
        ),
    )
    chained = chain()
    return {
        "outcome": outcome,
        "draft_of_records": drafts["Product"],
        "draft_of_usage": drafts["S-2"],
        "invoice": invoice,
        "snapshot": snapshot,
        "books": kept.books("acme"),
        "final": [*chained.books("acme").invoices.values()][-1],
        "books_of_a_chain": chained.books("acme"),
        "run_record": report.record,
        "setup": SETUP,
    }


def inside(value, found):
    """Collect the first value of each registered class that is in a value, itself included."""
    if isinstance(value, dict):
        for each in (*value, *value.values()):
            inside(each, found)
    elif isinstance(value, (list, frozenset)) or type(value) is tuple:
        for each in value:
            inside(each, found)
    elif RECORDS.get(type(value).__name__) is type(value):
        found.setdefault(type(value).__name__, value)
        for part in shape_of(type(value)).parts:
            inside(part.get(value), found)
    return found


def others(found):
    """Give values of the classes that no scenario has, made of what the scenarios have."""
    problem, exclusion = found["Problem"], bc.Exclusion("acme", "S-1/seats", bc.Reason.COVERED)
    day, tax, account = date(2026, 1, 31), found["Tax"], found["Account"]
    line, entry = found["LineItem"], found["JournalEntry"]
    rate = found["ExchangeRate"]
    original = Original("2026-00001", "invoice", day, "wrong", ("2026-00002",))
    update = bc.Update("Order", "O-1", "Buy", {"ON_InvoiceBuy": "2026-00001"})
    claim = bc.Claim("S-1/seats", JANUARY, "2026-00001", bc.ClaimState.FINAL)
    totals = {"EUR": bc.CurrencyTotal("EUR", 1, Decimal("1.00"), Decimal("0.19"), Decimal("1.19"))}
    difference = bc.TaxDifference("2026-00001", "D-1", "EUR", Decimal(1), Decimal("1.5"))
    correction = bc.Correction(
        "S-1/seats", JANUARY, "2026-00001", 1, "1", "2", Decimal(-1), Decimal(2), "EUR"
    )
    usage_orders = bc.Filter("Usage", use_case=bc.UseCase.USAGE, target="Call")
    monthly = bc.ScheduledRun(
        "Monthly",
        interval="-2m",
        alignment=bc.Alignment.CURRENT,
        shift_days=-3,
        invoice_date="end-5",
        filters=[ORDERS, usage_orders, bc.Filter("Contracts")],
        subscription_filter="Contracts",
        generic_filters="Orders",
        usage_filters=["Usage"],
        criteria=bc.Criteria(currency="EUR"),
        expected=bc.ExpectedStatus.POSTED,
    )
    days = bc.ScheduledRun("Days", interval="16-15")
    mapped = bc.MappedLine({"title": "Lamp"}, {"Note": Decimal("1.0")}, {"title": "fields"}, True)
    project = bc.Project(
        "house",
        bc.Account("acme", currency="EUR"),
        [bc.Item("shell", unit_price=7000, tax_code="DE_19")],
        period=JANUARY,
        tax=TAXES,
        milestones=[bc.Milestone("Roof", share=Fraction(100, 3))],
    )
    tally = Tally(
        keep=5,
        draft_ids=Texts(["D-1"]),
        totals=totals,
        excluded=Counter({bc.Reason.COVERED: 2}),
        corrected={("EUR", True): (1, Decimal("-1.00"))},
        exclusions=[exclusion],
        corrections=[correction],
    )
    party = bc.Party(
        "Acme GmbH",
        vat_id="DE123456789",
        electronic_address=bc.Identifier("4012345000009", scheme="0088"),
        address=bc.PostalAddress("DE", lines=["Main Street 1"], city="Berlin", postcode="10115"),
        contact=bc.PartyContact("Anna", phone="+49 30 1234"),
    )
    posting = bc.PostingReport(
        numbers=Texts(["2026-00001"]), totals=totals, tax_differences=[difference]
    )
    return [
        bc.AccountName("K-1", "Erp"),
        bc.AccountReport("acme", ("D-1",), (problem,)),
        bc.Addressee("acme", "Acme", "Berlin"),
        bc.BilledLine("2026-00001", line),
        bc.Booked((entry,), (problem,)),
        bc.BookingPeriod(2026, 1, is_closed=True),
        bc.Clearing("C-1", "2026-00001", "2026-00002", Decimal("1.50"), day, "credit"),
        bc.Closing("2026-00001", Decimal(1), day),
        bc.Conversion(Decimal("1.00"), Decimal("0.91"), rate),
        bc.Corrected("2026-00001", 1, is_credit=True),
        correction,
        bc.Counter("invoice/2026", 7),
        bc.Cover("S-1/seats", JANUARY, "quantity=5"),
        bc.Covered(stretches=((date(2026, 1, 1), day),), claims=[claim]),
        days.interval,
        bc.Difference("currency", "EUR", ("USD", 1)),
        bc.DiscountOffer(day, Decimal(2), Decimal("0.20"), Decimal("9.80")),
        bc.DocumentStanding(
            "2026-00001",
            bc.InvoiceStatus.PAID,
            Decimal("0.00"),
            day,
            (bc.Movement(day, "payment/P-1", Decimal("-1.19")),),
        ),
        bc.DuePart(day, Decimal("9.80")),
        bc.Effects("acme", entries=(entry,), canceled="2026-00001", updates=(update,)),
        exclusion,
        bc.Finalization(found["Invoice"], bc.Effects("acme")),
        bc.FinalizeReport((found["Invoice"],), (problem,), (update,)),
        bc.Hold("2026-02-28", reason="checked"),
        monthly.interval,
        monthly.invoice_date,
        bc.Mapped({"account": "acme"}, {}, {}, {"SHIP": mapped}, {"account": "Erp"}),
        mapped,
        bc.Money("1.50", "EUR"),
        project,
        project.milestones[0],
        bc.Movement(day, "invoice/2026-00001", Decimal("1.19")),
        original,
        party,
        bc.PaymentMeans("59", mandate="M-1", creditor_id="DE98ZZZ09999999999"),
        posting,
        bc.Reference("acme", record="S-1"),
        bc.Remaining(Decimal(1), Decimal(0), Decimal(1), (bc.TaxAmount(tax, Decimal(1), ZERO),)),
        bc.RemainingRecord("acme", "Orders", ("P-1",), problem),
        ReversalOrigin(original, 1, Decimal("1.00"), ZERO, None),
        bc.Route(ORDERS, None, problem),
        bc.RowError("orders.csv", 2, "price", "not a number"),
        bc.RunChain("Night", [monthly, days]),
        monthly,
        bc.ServiceDay(day, "2026-01-31 in UTC"),
        bc.SkippedNumber("2026-00003", day, "misprint"),
        bc.SourceRef("Order", "O-1"),
        bc.StartFrom(["Order/O-1"], parents={"Account": "A-1"}),
        tally,
        difference,
        bc.TaxQuestion("DE_19", JANUARY, account, None),
        bc.TaxRate.reverse_charge(buyer="EU"),
        bc.TaxRefusal("no rate", "add one"),
        bc.TaxSlice(JANUARY, tax),
        TAXES,
        TrueUpOrigin("S-1/fee", JANUARY, Decimal(100), Decimal("20.5"), (("S-1/calls", ZERO),)),
        update,
    ]


def examples():
    """Give a value of each registered class, by the name of the class."""
    found = inside(scenarios(), {})
    return found | inside(others(found), {})

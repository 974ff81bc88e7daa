"""Every text field of the records behind an invoice, through every output: text stays text."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import attrs
import pytest

import billingcore as bc
from tests.bookkeeping import ACCOUNTING

WORST = "=<script>alert('1')</script> \" onload=\"x ]]> & ; | \u202e\n2026-01-01 open Evil"
MILD = "=<script>alert('1')</script> \" onload=\"x ]]> & ; |"
"""For what stands on one line, where line breaks and directions are refused."""
SHORT = "=<b>'&;|\""
"""For what may not be long, or not be blank."""

MONTH = bc.Period.month(2026, 1)
ADDRESS = bc.PostalAddress("DE", lines=["Weg 1"], city="Berlin", postcode="10115", region="BE")
PERSON = bc.PartyContact("Eva", phone="+49 30 1234", email="eva@acme.example")
SEATS = bc.Item(
    "seats",
    unit_price=300,
    tax_code="DE_19",
    billing_type=bc.RECURRING_PRORATED,
    cadence=bc.monthly(),
    sync_with=bc.NEXT_MONTH,
)
RECORDS = {
    "account": bc.Account("acme", currency="EUR", debtor="10042"),
    "entity": bc.BusinessEntity("Sales", tax_id="DE123456789"),
    "template": bc.Template("Default", payment_days=14),
    "contract": bc.Subscription("S-1", account="acme", items=[SEATS], start="2026-01-15"),
    "item": SEATS,
    "discount": bc.Discount.percent(10),
    "contact": bc.Contact("anna", roles=[bc.ContactRole.INVOICE]),
    "party": bc.Party(
        "Acme GmbH",
        vat_id="DE123456789",
        electronic_address=bc.Identifier("eva@acme.example", scheme="EM"),
        buyer_reference="04011000-12345-67",
    ),
    "address": ADDRESS,
    "person": PERSON,
    "means": bc.PaymentMeans("58", account="DE89370400440532013000"),
    "payment": bc.Payment("P-1", account="acme", amount=1, currency="EUR", date="2026-02-05"),
}
LINKS = {
    ("account", "entity"),
    ("account", "locale"),
    ("account", "template"),
    ("contact", "account"),
    ("contract", "account"),
    ("contract", "contact"),
    ("contract", "entity"),
    ("contract", "status"),
    ("contract", "template"),
    ("payment", "account"),
    ("payment", "rule"),
    ("template", "locale"),
}
"""What names another record, a locale or a state: a name of nothing is an error elsewhere."""
REFUSED = {
    ("account", "currency"),
    ("address", "country"),
    ("contact", "email"),
    ("contract", "currency"),
    ("item", "currency"),
    ("means", "account"),
    ("means", "bic"),
    ("means", "card"),
    ("means", "code"),
    ("payment", "currency"),
}
"""What has a form of its own."""
DRAWN = {"svg", "title", "desc", "style", "g", "rect", "line", "text", "tspan", "path"}


def accepted(record, field):
    """Give the worst text that a field takes; None if it takes none of them."""
    for text in (WORST, MILD, SHORT):
        try:
            attrs.evolve(record, **{field: text})
        except bc.InvalidInputError:
            continue
        return text
    return None


FIELDS = [
    (name, field.name)
    for name, record in RECORDS.items()
    for field in attrs.fields(type(record))
    if field.init and field.type in {"str", "str | None"}
]
TRIED = [
    (name, field)
    for name, field in FIELDS
    if (name, field) not in LINKS and accepted(RECORDS[name], field)
]


def world(name="", field="", text=""):
    """Bill, issue, pay and book an invoice, with a text in one field of one record."""
    made = dict(RECORDS)
    if name:
        made[name] = attrs.evolve(made[name], **{field: text})
    party = attrs.evolve(made["party"], address=made["address"], contact=made["person"])
    entity = attrs.evolve(made["entity"], party=party, payment_means=made["means"])
    account = attrs.evolve(
        made["account"], entity=entity.name, template=made["template"].name, party=party
    )
    item = attrs.evolve(made["item"], discount=made["discount"])
    contract = attrs.evolve(made["contract"], account=account.id, items=[item])
    setup = bc.Setup([made["template"]], [entity], accounting=ACCOUNTING)
    store = bc.MemoryStore(tax=bc.TaxTable({item.tax_code: 19}), setup=setup)
    store.add(account, contract)
    contact = attrs.evolve(made["contact"], account=account.id)
    store.put_contacts(account.id, bc.Contacts([contact]))
    report = bc.execute(bc.InvoiceRun(MONTH), store)
    invoice = bc.finalize(report.drafts[0], store, on="2026-02-01")
    due = invoice.totals.due
    payment = attrs.evolve(
        made["payment"], account=account.id, amount=due, invoices=[invoice.number]
    )
    bc.pay(store, payment)
    return store, report, invoice, store.books(account.id)


def pages(store, report, invoice, books):
    """Yield all that is HTML."""
    line = invoice.lines[0]
    yield bc.render.html(invoice)
    yield bc.render.page(invoice)
    yield bc.render.page(invoice.draft)
    for value in (
        *(invoice, invoice.draft, line, bc.explain(line), books, invoice.account, report),
        *(line.item, line.subscription, store.setup, store.snapshot(invoice.account.id)),
        *(bc.compare([], [invoice]), bc.account_standing(books), bc.RunMonitor(store.runs())),
        *(*books.payments.values(), bc.render.table(next(iter(books.entries.values())))),
    ):
        yield value._repr_html_()


def pictures(store, report, invoice, books):
    """Yield all that is XML."""
    yield bc.render.coverage_svg(store.snapshot(invoice.account.id), until="2026-03-31")
    yield bc.render.coverage_svg(invoice)
    yield bc.render.proration_svg(invoice.lines[0])
    yield bc.render.deferral_svg(invoice.lines[0])
    yield bc.render.progress_svg(report)


def texts(store, report, invoice, books):
    """Yield all that a terminal shows."""
    yield bc.render.text(invoice)
    yield bc.render.text(invoice.draft)
    yield str(bc.explain(invoice.lines[0]))
    yield str(bc.compare([], [invoice]))


def journals(store, report, invoice, books):
    """Yield all that an accounting program reads, line by line."""
    entries = [entry for booked in books.entries.values() for entry in booked]
    yield bc.export.beancount(entries, ACCOUNTING)
    yield bc.export.hledger(entries, ACCOUNTING)


class Reader(HTMLParser):
    """Reads a page, and remembers what could run."""

    def __init__(self, page):
        super().__init__()
        self.running = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.running += [tag] * (tag in {"script", "b", "iframe"})
        self.running += [name for name, _ in attrs if name.startswith("on")]


def tags_of(written):
    """Read XML, which has to be well-formed, and give the names of its elements."""
    root = ET.fromstring(written)  # noqa: S314 - the library wrote it
    return {each.tag.rpartition("}")[2] for each in root.iter()}


def test_every_field_is_tried():
    """Whatever is a text is tried, but for names of other records, and codes that refuse it."""
    assert {*FIELDS} - {*TRIED} == LINKS | REFUSED


@pytest.mark.parametrize(("name", "field"), TRIED, ids=map(".".join, TRIED))
def test_text_stays_text(name, field):
    """A text that is markup, a formula or a line of a journal is none of these in any output."""
    made = world(name, field, accepted(RECORDS[name], field))
    invoice = made[2]

    for page in pages(*made):
        assert Reader(page).running == []
    for picture in pictures(*made):
        assert tags_of(picture) <= DRAWN
    for text in texts(*made):
        assert {c for c in text if unicodedata.category(c) in {"Cc", "Cf"}} <= {"\n"}
    for journal in journals(*made):
        assert {c for c in journal if unicodedata.category(c) in {"Cc", "Cf"}} <= {"\n"}
        assert not any(line.startswith("2026-01-01 open Evil") for line in journal.splitlines())
    rows = bc.export.spreadsheet_safe([*bc.export.invoice_rows([invoice]), *bc.export.rows([])])
    assert not any(str(cell).startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(("name", "field"), TRIED, ids=map(".".join, TRIED))
def test_an_electronic_invoice_has_it_as_text_or_says_what_is_wrong(name, field):
    """UBL is well-formed and has the text as text; what it cannot hold is a finding with its place."""
    _, _, invoice, _ = world(name, field, accepted(RECORDS[name], field))
    if bc.export.en16931_findings(invoice):
        with pytest.raises(bc.BillingProblemsError):
            bc.export.ubl(invoice)
    else:
        assert not tags_of(bc.export.ubl(invoice)) & {"script", "b"}

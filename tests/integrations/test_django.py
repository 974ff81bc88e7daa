"""The Django app: from an empty database, through the admin and the command, to numbered invoices."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from threading import Thread

import pytest

import billingcore as bc
from billingcore import testing
from billingcore.testing import canonical
from tests.integrations.needs import needs
from tests.integrations.programs import manage

# The packages' own warnings are none of ours.
pytestmark = [needs("django"), pytest.mark.filterwarnings("default")]

JANUARY = bc.InvoiceRun(bc.Period.month(2026, 1))
CUSTOMER = {"id": "acme", "name": "Acme & Sons", "currency": "EUR", "address": "1 Long Road"}
SEATS = {
    "code": "seats",
    "title": "Seats <b>",
    "unit_price": "24.90",
    "quantity": "12",
    "kind": "monthly",
    "tax_code": "DE_19",
}
CONTRACT = {"id": "S-1", "customer": "acme", "start": "2025-12-01", "end": ""}


@pytest.fixture
def store(site):
    """Give a store on an empty database."""
    from django.db import connection
    from shop.store import DjangoStore

    manage("flush", interactive=False)
    yield DjangoStore()
    connection.close()


@pytest.fixture
def browser(store):
    """Give the browser of an administrator."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    return client


def contract_form(*items, **changed):
    """Fill in the form of a contract."""
    form = {**CONTRACT, **changed, "items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        form |= {f"items-{number}-{name}": value for name, value in item.items()}
    return form


def add(browser, model, form):
    """Send a form that adds a row, and give the page that comes back."""
    page = browser.post(f"/admin/shop/{model}/add/", form, follow=True)
    return page.content.decode()


def sell(customers=1, start="2026-01-01"):
    """Put customers with a contract each into the tables."""
    from shop import models

    for number in range(customers):
        customer = models.Customer.objects.create(id=f"A-{number}", name=f"Customer {number}")
        contract = models.Contract.objects.create(id=f"S-{number}", customer=customer, start=start)
        models.Item.objects.create(contract=contract, **SEATS)


def test_a_month_in_the_admin(browser):
    """What is entered in the admin is billed by the command, seen as a draft, and finalized."""
    add(browser, "customer", CUSTOMER)
    add(browser, "contract", contract_form(SEATS))
    assert "net 298.80, tax 56.77, gross 355.57" in manage("bill_month", "2026-01")

    drafts = browser.get("/admin/shop/draft/").content.decode()
    assert all(amount in drafts for amount in ("298.80 EUR", "56.77 EUR", "355.57 EUR"))
    name = "2026-01-01..2026-01-31/acme/S-1"
    (row,) = drafts.partition('class="field-id"><a href="')[2].split('"')[:1]
    page = browser.get(row).content.decode()
    assert "Acme &amp; Sons" in page
    assert "Seats &lt;b&gt;" in page
    assert "€355.57" in page

    action = {"action": "finalize", "_selected_action": [name]}
    done = browser.post("/admin/shop/draft/", action, follow=True).content.decode()
    assert re.search(r"\d{4}-00001: 355.57 EUR", done)
    invoices = browser.get("/admin/shop/invoice/").content.decode()
    assert re.search(r"\d{4}-00001", invoices)
    assert "0 drafts" in browser.get("/admin/shop/draft/").content.decode()


def test_a_second_run_bills_nothing_twice(browser, store):
    """The command once more makes no draft: neither of a draft nor of an invoice."""
    sell()
    manage("bill_month", "2026-01")
    assert "drafts: 0" in manage("bill_month", "2026-01")
    bc.finalize_all(store.drafts(), store, on="2026-02-01")
    assert "drafts: 0" in manage("bill_month", "2026-01")
    assert "drafts: 1" in manage("bill_month", "2026-02")


@pytest.mark.parametrize(
    ("model", "form", "shown"),
    [
        pytest.param(
            "customer",
            {**CUSTOMER, "currency": "EUX"},
            "not a currency of ISO 4217; use an ISO 4217 code like &#x27;EUR&#x27;",
            id="no currency",
        ),
        pytest.param(
            "contract",
            contract_form(SEATS, end="2025-11-30"),
            "before the start 2025-12-01; end is the last day, inclusive",
            id="an end before the start",
        ),
        pytest.param(
            "contract",
            contract_form({**SEATS, "code": "a"}, {**SEATS, "code": "a"}),
            "Please correct the duplicate data for code",
            id="an item twice",
        ),
    ],
)
def test_wrong_input_is_refused_on_the_form(browser, model, form, shown):
    """What cannot be billed comes back on the form, with what the library says of it."""
    from shop import models

    if model == "contract":
        models.Customer.objects.create(**CUSTOMER)
    page = add(browser, model, form)
    assert shown in page
    assert "errorlist" in page
    assert not models.Contract.objects.exists()


def test_a_wrong_record_costs_no_other_customer(store):
    """A tax code that nobody knows is shown and kept; the command fails, the others are billed."""
    from django.core.management import CommandError
    from shop import models

    sell(2)
    models.Item.objects.filter(contract_id="S-1").update(tax_code="DE_91")
    with pytest.raises(CommandError, match="1 records are wrong"):
        manage("bill_month", "2026-01")

    assert [draft.account.id for draft in store.drafts()] == ["A-0"]
    (failure,) = models.Failure.objects.all()
    assert (failure.account, failure.field) == ("A-1", "tax_code")
    models.Item.objects.get(contract_id="S-1").save()
    models.Item.objects.filter(contract_id="S-1").update(tax_code="DE_7")
    manage("bill_month", "2026-01")
    assert not models.Failure.objects.exists()


def test_a_row_that_is_no_record_costs_no_other_customer(store):
    """A row that was made wrong behind the back of the forms is a problem of its customer only."""
    from shop import models

    sell(2)
    models.Customer.objects.filter(pk="A-1").update(currency="EUX")
    report = bc.execute(JANUARY, store)
    assert [draft.account.id for draft in report.drafts] == ["A-0"]
    assert [(each.account, each.field) for each in report.problems] == [("A-1", "currency")]


def test_an_item_keeps_its_code(store):
    """An item is billed under its code, so a form that changes it is refused."""
    from django.core.exceptions import ValidationError
    from shop import models

    sell()
    item = models.Item.objects.get()
    item.code = "chairs"
    with pytest.raises(ValidationError, match="add another item"):
        item.full_clean()


@pytest.mark.parametrize("month", ["January", "2026-13", "2026"])
def test_the_command_refuses_what_is_no_month(store, month):
    """A month that is none is refused in one line."""
    from django.core.management import CommandError

    with pytest.raises(CommandError):
        manage("bill_month", month)


def test_a_crashed_command_goes_on(store):
    """What died holds no accounts when the command comes back; another owner is refused."""
    sell(3)
    loop = iter(bc.Execution(JANUARY, store, window=1, owner="bill_month"))
    next(loop)  # and nobody ever goes on with this loop
    with pytest.raises(bc.ConflictError, match="holds these accounts"):
        bc.execute(JANUARY, store)
    assert "drafts: 2" in manage("bill_month", "2026-01")
    assert [run.status for run in store.runs()] == [bc.RunStatus.FAILED, bc.RunStatus.COMPLETED]
    with pytest.raises(bc.ConflictError, match="has ended"):
        store.note(store.runs()[0])


def test_a_change_meanwhile_is_not_billed_from_old_data(store):
    """An account that changes between reading and committing is refused, and read again."""
    from shop import models

    sell()
    stale = list(bc.plan(JANUARY, store))
    item = models.Item.objects.get()
    item.quantity = 1
    item.save()
    assert store.commit(stale) == ["A-0"]
    (draft,) = bc.execute(JANUARY, store).drafts
    assert str(draft.totals.net) == "24.90"


def story(store):
    """Bill, edit, finalize, cancel, pay and bill again, and write down all that is known then."""
    (draft,) = bc.execute(JANUARY, store).drafts
    bc.finalize(draft, store, on="2026-02-01")
    (draft,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 2)), store).drafts
    edited = store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
    with pytest.raises(bc.ConflictError):
        bc.finalize(draft, store, on="2026-03-01")
    with pytest.raises(bc.ConflictError):
        store.put(draft)
    invoice = bc.finalize(edited, store, on="2026-03-01")
    undone = bc.cancel("2026-00001", store.books("A-0"), reason="Wrong")
    bc.finalize(undone, store, on="2026-03-02")
    with pytest.raises(bc.InvalidTransitionError):
        bc.finalize(edited, store, on="2026-03-02")
    details = {"account": "A-0", "amount": "100", "currency": "EUR", "date": "2026-03-03"}
    bc.pay(store, bc.Payment("P-1", invoices=[invoice.number], **details))
    series = store.setup.templates[0].series
    bc.skip_number(series, store, on="2026-03-03", reason="Spoiled form")
    (again,) = bc.execute(JANUARY, store).drafts
    store.discard(again.id)
    bc.execute(JANUARY, store)
    known = store.snapshot("A-0")
    seen = [known.claims, known.documents, dict(known.drafts), store.books("A-0").entries]
    seen += [store.books("A-0").payments, store.books("A-0").invoices, list(store.drafts())]
    return [canonical(each) for each in seen]


def test_it_decides_like_the_store_in_memory(store):
    """The same story leaves the same documents, claims and books as in a `MemoryStore`."""
    from shop import models
    from shop.store import TAX

    sell()
    memory = bc.MemoryStore(tax=TAX)
    memory.add(models.Customer.objects.get().record(), models.Contract.objects.get().record())
    assert story(store) == story(memory)


def test_the_laws_hold(store):
    """Previews are what runs make, numbers have no gaps, and nothing is claimed twice."""
    sell(3)
    testing.check_independence(JANUARY, store)
    bc.execute(JANUARY, store)
    done = bc.finalize_all(store.drafts(), store, on="2026-02-01")
    testing.check_numbers(done.invoices, [])
    for account in ("A-0", "A-1", "A-2"):
        testing.check_claims(store.snapshot(account).claims)


def test_threads_take_numbers_in_turn(store):
    """Four threads that finalize at once give each number once, and leave no gap."""
    from django.db import connection

    sell(12)
    drafts = list(bc.execute(JANUARY, store).drafts)
    numbers, errors = [], []

    def work(own):
        try:
            numbers.extend(bc.finalize(draft, store, on="2026-02-01").number for draft in own)
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(drafts[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(numbers) == [f"2026-{number:05}" for number in range(1, 13)]


def test_usage_is_billed(store):
    """Usage that is entered is billed by the item that it names."""
    from shop import models

    sell()
    contract = models.Contract.objects.get()
    calls = {**SEATS, "code": "calls", "unit_price": "0.0125", "quantity": "1", "kind": "usage"}
    models.Item.objects.create(contract=contract, **calls)
    owner = contract.customer
    models.Usage.objects.create(
        id="U-1", customer=owner, item="calls", date="2026-01-03", quantity=4534
    )
    (draft,) = bc.execute(JANUARY, store).drafts
    assert [str(line.net) for line in draft.lines] == ["298.80", "56.68"]


def test_nobody_finalizes_without_the_right(store):
    """A person who may only look sees drafts, and cannot finalize them."""
    from django.contrib.auth.models import Permission, User
    from django.test import Client

    sell()
    bc.execute(JANUARY, store)
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_draft"))
    browser = Client()
    browser.force_login(clerk)
    assert "355.57" in browser.get("/admin/shop/draft/").content.decode()
    action = {"action": "finalize", "_selected_action": ["2026-01-01..2026-01-31/A-0/S-0"]}
    browser.post("/admin/shop/draft/", action)
    assert len(list(store.drafts())) == 1


def test_migrations_are_complete(site):
    """The models have not changed since the migrations were written."""
    assert "No changes detected" in manage("makemigrations", "--check", "--dry-run")


def test_the_site_starts(site, tmp_path):
    """The commands of the page, typed by a newcomer, migrate an empty database and bill a month."""
    place = {**os.environ, "SHOP_DATABASE": str(tmp_path / "new.sqlite3")}
    for command in ("migrate", "bill_month 2026-01"):
        done = subprocess.run(
            [sys.executable, "manage.py", *command.split()],
            cwd=site,
            env=place,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert "accounts: 0" in done.stdout

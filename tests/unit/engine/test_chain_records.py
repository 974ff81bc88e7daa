"""Part and final invoices of records: the three use cases, over a store (behaviour 5.4, 5.5)."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.building import (
    FINAL,
    KIND,
    SUB,
    SUB2,
    amounts_of,
    issue,
    party,
    pay,
    priced,
    record,
    run_for,
    said,
    store_of,
    sums_of,
)
from tests.unit.engine.records import ACME, VAT

DELIVERIES = party(target="Delivery")
ORDERS = party()


def house():
    """Make an order of 10,000.00 that is billed in two parts of 2,500.00, and then as a whole."""
    values = said("Sub", "Progress") | said("Sub2", "Progress") | said("Final", "Final")
    shell = priced("Sub", "Shell", 1500) | priced("Sub2", "Shell", 1500)
    roof = priced("Sub", "Roof", 1000) | priced("Sub2", "Roof", 1000)
    return record(
        "O-1",
        values,
        shell | priced("Final", "Shell", 6000),
        roof | priced("Final", "Roof", 2000, 2),
    )


def built():
    """Give a store in which the two parts of the house are issued and paid, with the two."""
    store = store_of(house(), filters=(SUB, SUB2, FINAL))
    parts = [issue(store, SUB)[0], issue(store, SUB2)[0]]
    for each in parts:
        pay(store, each)
    return store, parts


def delivery(number, *lines, key="order-7"):
    """Make a delivery, which is billed by itself."""
    return record(f"D-{number}", said("", "Partial", key), *lines, target="Delivery")


def desks(price_title="Desk"):
    """Make a store with two deliveries and the order that they are of."""
    first = delivery(1, priced("", "Desk", 100, 3))
    second = delivery(2, priced("", "Desk", 100, 2), priced("", "Lamp", 50))
    lines = (priced("", price_title, 100, 10), priced("", f"{price_title} lamp", 50, 4))
    whole = record("O-7", said("", "Final", "order-7"), *lines)
    return store_of(first, second, whole, filters=(DELIVERIES, ORDERS))


class TestOneRecord:
    """Use case 1: the fields of a part and of the whole stand on the same order products."""

    def test_the_parts(self):
        """Each suffix makes a progress invoice of its own fields, with the key."""
        _, parts = built()

        assert [each.kind for each in parts] == [KIND.PROGRESS, KIND.PROGRESS]
        assert [sums_of(each) for each in parts] == [
            ("2500.00", "475.00", "2975.00", "2975.00")
        ] * 2
        assert {each.sub_invoice_key for each in parts} == {"house"}

    def test_the_final(self):
        """The final bills 10,000.00 and 1,900.00, deducts both parts, and 5,950.00 is left."""
        store, parts = built()
        (final,) = issue(store, FINAL)

        assert (final.kind, sums_of(final)) == (
            KIND.FINAL,
            ("10000.00", "1900.00", "11900.00", "5950.00"),
        )
        assert [(each.number, *amounts_of(each)) for each in final.deductions] == [
            (parts[0].number, "2500.00", "475.00", "2975.00"),
            (parts[1].number, "2500.00", "475.00", "2975.00"),
        ]
        assert amounts_of(final.remaining) == ("5000.00", "950.00", "5950.00")
        assert bc.standing(store.books("acme"), final.number).balance == final.remaining.gross

    def test_all_in_one_run(self):
        """One run with all filters makes the parts, and the final waits for them."""
        store = store_of(house(), filters=(SUB, SUB2, FINAL))
        report = bc.execute(run_for(SUB, SUB2, FINAL), store)

        assert [draft.kind for draft in report.drafts] == [KIND.PROGRESS, KIND.PROGRESS]
        assert [each.record for each in report.problems] == [
            "OrderLine/O-1-1:Final",
            "OrderLine/O-1-2:Final",
        ]
        assert all(draft.id in report.problems[0].message for draft in report.drafts)

    def test_what_is_written_back(self):
        """Each party gets the number of its own document, and a final that waits its error."""
        store, parts = built()
        (final,) = issue(store, FINAL)
        written = {}
        for each in (*parts, final):
            for update in bc.updates(each):
                assert update.values[f"ON_InvoiceBuildError{update.party}"] is None
                written.setdefault(update.id, {}).update(update.values)

        for name in ("O-1", "O-1-1", "O-1-2"):
            assert written[name]["ON_InvoiceSub"] == parts[0].number
            assert written[name]["ON_InvoiceSub2"] == parts[1].number
            assert written[name]["ON_InvoiceFinal"] == final.number

    def test_the_error_of_a_final_that_waits(self):
        """A final that has to wait writes its error to its lines and to the order."""
        store = store_of(house(), filters=(SUB, SUB2, FINAL))
        (outcome,) = bc.plan(run_for(SUB, FINAL), store)
        errors = {
            update.id: update.values["ON_InvoiceBuildErrorFinal"]
            for update in outcome.updates
            if update.party == "Final"
        }

        assert set(errors) == {"O-1", "O-1-1", "O-1-2"}
        assert all("there are drafts of 'house'" in error for error in errors.values())

    def test_formulas(self):
        """Formulas of a field set give kind and key, for records that have no such fields."""
        formulas = {
            "account": lambda found: "acme",
            "type": lambda found: "Progress",
            "sub_invoice_key": lambda found: f"project {found['Project']}",
            "title": lambda found: "Part",
            "quantity": lambda found: 1,
            "unit_price": lambda found: found["Part"],
        }
        chosen = party("Sub", fields=bc.FieldSet(suffix="Sub", formulas=formulas))
        store = store_of(record("O-1", {"Project": 7}, {"Part": 250}), filters=[chosen])
        (invoice,) = issue(store, chosen)

        assert (invoice.kind, invoice.sub_invoice_key) == (KIND.PROGRESS, "project 7")
        assert invoice.lines[0].type is bc.LineType.PRODUCT

    def test_a_data_mapping(self):
        """A data mapping sets kind and key, and goes before the fields of the record."""
        mapping = '{"fields": {"Type__c": "$Stage", "SubInvoiceKey__c": "$Project"}}'
        values = said("", "Invoice", "other") | {"ON_Mapping": mapping}
        values |= {"Stage": "Partial", "Project": "P-7"}
        store = store_of(record("O-1", values, priced("", "Part", 250)))
        (invoice,) = issue(store)

        assert (invoice.kind, invoice.sub_invoice_key) == (KIND.PARTIAL, "P-7")

    def test_what_a_data_mapping_says_wrong(self):
        """A kind of a data mapping that there is not is named by its place in it."""
        values = said("", None, None) | {"ON_Mapping": '{"fields": {"Type__c": "Part"}}'}
        snapshot = bc.AccountSnapshot(
            ACME, records=[record("O-1", values, priced("", "Part", 250))]
        )
        (problem,) = bc.bill(run_for(ORDERS), snapshot, VAT).problems

        assert problem.field == "fields.Type__c"

    def test_a_second_run_finds_nothing(self):
        """What was billed is not billed again, whatever the kind of its document."""
        store, _ = built()
        issue(store, FINAL)
        report = bc.execute(run_for(SUB, SUB2, FINAL), store)

        assert not report.drafts
        assert not report.problems
        assert {each.reason for each in report.exclusions} == {bc.Reason.ALREADY_INVOICED}


class TestTwoRecords:
    """Use cases 2 and 3: deliveries and orders, which are different records."""

    @pytest.mark.parametrize(
        ("title", "disclosed"),
        [("Desk", {"Desk"}), ("Furniture", set())],
        ids=["equal titles", "different titles"],
    )
    def test_the_final(self, title, disclosed):
        """A partial invoice is deducted as it was invoiced, paid or not; titles change no amount.

        300.00 + 57.00 and 250.00 + 47.50 of 1,200.00 + 228.00 leave 650.00 + 123.50.
        """
        store = desks(title)
        (partial,) = issue(store, DELIVERIES)
        assert sums_of(partial) == ("550.00", "104.50", "654.50", "654.50")
        (final,) = issue(store, ORDERS)

        assert sums_of(final) == ("1200.00", "228.00", "1428.00", "773.50")
        assert amounts_of(final.remaining) == ("650.00", "123.50", "773.50")
        own = {line.title for line in final.draft.scope}
        assert {line.title for each in final.deductions for line in each.lines} & own == disclosed
        assert bc.standing(store.books("acme"), partial.number).balance == partial.totals.gross

    def test_one_document_for_each_delivery(self):
        """Deliveries that come one by one are invoiced one by one, and all are deducted."""
        first = delivery(1, priced("", "Desk", 100, 3))
        whole = record("O-7", said("", "Final", "order-7"), priced("", "Desk", 100, 10))
        store = store_of(first, whole, filters=(DELIVERIES, ORDERS))
        issue(store, DELIVERIES)
        store.add(delivery(2, priced("", "Desk", 100, 2), priced("", "Lamp", 50)))
        issue(store, DELIVERIES)
        (final,) = issue(store, ORDERS)

        assert [amounts_of(each) for each in final.deductions] == [
            ("300.00", "57.00", "357.00"),
            ("250.00", "47.50", "297.50"),
        ]


class TestOtherKinds:
    """Deposits and pro forma invoices of records."""

    def test_deposit(self):
        """A deposit has the lines of its record, and a paid one is deducted by the final."""
        lines = (priced("", "Payment in advance", 300),)
        whole = record("O-2", said("", "Final", "boat"), priced("", "Boat", 1000))
        store = store_of(record("O-1", said("", "Deposit", "boat"), *lines))
        (deposit,) = issue(store)
        pay(store, deposit)
        store.add(whole)
        (final,) = issue(store)

        assert (deposit.kind, sums_of(deposit)) == (
            KIND.DEPOSIT,
            ("300.00", "57.00", "357.00", "357.00"),
        )
        assert amounts_of(final.remaining) == ("700.00", "133.00", "833.00")

    def test_pro_forma_and_invoice_under_two_suffixes(self):
        """A pro forma under a suffix leaves its record free for the invoice under another."""
        pro = party("Pro")
        values = said("Pro", "Proforma") | said("", None, None)
        line = priced("Pro", "Boat", 1000) | priced("", "Boat", 1000)
        store = store_of(record("O-1", values, line), filters=(pro, ORDERS))
        (pro_forma,) = issue(store, pro)
        (invoice,) = issue(store, ORDERS)

        assert (pro_forma.kind, invoice.kind) == (KIND.PRO_FORMA, KIND.STANDARD)
        assert pro_forma.sub_invoice_key == ""
        assert [line.billable for line in pro_forma.lines] == ["OrderLine/O-1-1:Pro"]

    def test_pro_forma_and_invoice_under_one_suffix(self):
        """A closed pro forma frees its record, which then is billed as its type says."""
        store = store_of(record("O-1", said("", "Pro Forma"), priced("", "Boat", 1000)))
        (pro_forma,) = issue(store)
        real = record("O-1", said("", None), priced("", "Boat", 1000))
        store.change(real)
        assert not bc.execute(run_for(ORDERS), store).drafts
        store.record("acme", lambda books: bc.close(books, pro_forma.number, on="2026-04-02"))
        (invoice,) = issue(store)

        assert (invoice.kind, invoice.totals.gross) == (KIND.STANDARD, pro_forma.totals.gross)


def test_the_kinds_of_a_run():
    """Records of each kind have documents of their own, and the splits say why."""
    names = ["Invoice", "PARTIAL", "progress", "Deposit", "pro forma"]
    records = [
        record(f"O-{place}", said("", name, "house"), priced("", name, 100))
        for place, name in enumerate(names)
    ]
    snapshot = bc.AccountSnapshot(ACME, records=records)
    outcome = bc.bill(run_for(ORDERS), snapshot, VAT)

    assert [draft.kind for draft in outcome.drafts] == [
        KIND.STANDARD,
        KIND.PARTIAL,
        KIND.PROGRESS,
        KIND.DEPOSIT,
        KIND.PRO_FORMA,
    ]
    assert [str(each) for each in outcome.splits][:2] == [
        "they differ in terms: '' and 'type=partial,key=house'",
        "they differ in terms: '' and 'type=progress,key=house'",
    ]
    assert [draft.sub_invoice_key for draft in outcome.drafts] == [
        "",
        "house",
        "house",
        "house",
        "",
    ]

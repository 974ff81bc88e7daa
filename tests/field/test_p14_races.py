"""P14: two that look at the same time both find it free."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import seats, store_of

PAIN = Pain(
    "P14",
    "Races: a coupon used twice, a credit applied twice",
    elsewhere="A check looks whether a coupon or a credit is left, and a later step uses it. "
    "Two invoices at the same time both pass the check. Locks are added, one by one.",
    here="Computing changes nothing. "
    "What a document uses is written in the step in which the document is kept, all or nothing, "
    "and only if the account is still what it was. "
    "The second one is refused and looks again.",
)


@case(
    "getlago/lago-api#5980",
    "getlago/lago-api#5020",
    gave="Requests at the same time applied a coupon that can be used once several times.",
    right="Both runs plan half of 100.00 (our own). "
    "The first one is kept, the second one refused. "
    "Repeated, it bills the second month in full.",
    prints="""
    planned 50.00 50.00
    refused [] ['acme']
    2026-01-01 50.00
    2026-02-01 100.00
    """,
)
def test_a_coupon_is_used_twice():
    """Two runs at the same time use a coupon that was for one invoice."""
    store = store_of(seats(100))
    store.put_coupons("acme", bc.Coupon("ONCE", bc.Discount.percent(50)))
    runs = [bc.InvoiceRun(bc.Period.month(2026, month)) for month in (1, 2)]
    seen = store.snapshot("acme")
    one, other = (bc.bill(run, seen, store.tax) for run in runs)
    print("planned", one.drafts[0].totals.net, other.drafts[0].totals.net)
    print("refused", store.commit([one]), store.commit([other]))

    for draft in list(store.drafts()):
        bc.finalize(draft, store, on="2026-01-31")
    bc.execute(runs[1], store)
    for document in (*store.invoices(), *store.drafts()):
        print(document.lines[0].service_period.first, document.totals.net)


@case(
    "getlago/lago-api#4945",
    "getlago/lago-api#5495",
    "getlago/lago-api#5993",
    gave="Invoices that were made at the same time each took the same credit.",
    right="A credit of 100.00 pays one invoice of 80.00 and 20.00 of the other, "
    "whichever comes first: 0.00 and 60.00 are left to pay.",
    own_numbers=True,
    prints="""
    0.00 60.00
    """,
)
def test_a_credit_pays_two_invoices():
    """Two invoices that are made at the same time are both paid by the same credit."""
    store = store_of()
    gift = {"kind": bc.PaymentKind.GRANT, "amount": 100, "currency": "EUR", "date": "2026-01-05"}
    bc.pay(store, bc.Payment("GIFT", account="acme", **gift))
    acme = store.snapshot("acme").account
    for month in (1, 2):
        work = bc.Item("work", unit_price=80)
        store.put(bc.draft(acme, [work], period=bc.Period.month(2026, month)))

    with ThreadPoolExecutor(2) as pool:
        drafts = list(store.drafts())
        made = list(pool.map(lambda draft: bc.finalize(draft, store, on="2026-02-28"), drafts))
    books = store.books("acme")
    print(*sorted(bc.balance_of(books, each.number) for each in made))


@case(
    "getlago/lago-api#4945",
    "getlago/lago-api#5980",
    gave="Checks that two pass at the same time.",
    own_numbers=True,
)
class TestManyAtTheSameTime:
    """What is scarce is used more often than it is there when many ask at the same time."""

    @pytest.mark.parametrize("uses", [1, 3, 8])
    def test_a_coupon_of_so_many_uses(self, uses):
        """Eight threads bill a month each: so many are at half price, and all others in full."""
        store = store_of(seats(100))
        store.put_coupons("acme", bc.Coupon("FEW", bc.Discount.percent(50), uses=uses))

        def bill(month):
            run = bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL)
            while store.commit([bc.bill(run, store.snapshot("acme"), store.tax)]):
                pass

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(bill, range(1, 9)))

        claims = [each.billable for each in store.snapshot("acme").claims]
        used = [each for each in claims if each.startswith("coupon/")]
        documents = list(store.drafts())
        assert len(used) == len(set(used)) == sum(bool(each.coupon) for each in documents)
        assert len(used) == min(uses, len(documents))

    @pytest.mark.parametrize("count", [2, 5, 9])
    def test_a_credit_pays_no_more_than_it_has(self, count):
        """A credit of 100.00 and some invoices of 30.00: what is left to pay is what it cannot."""
        store = store_of()
        gift = bc.Payment(
            "GIFT",
            account="acme",
            amount=100,
            currency="EUR",
            date="2026-01-05",
            kind=bc.PaymentKind.GRANT,
        )
        bc.pay(store, gift)
        acme = store.snapshot("acme").account
        for month in range(1, count + 1):
            work = bc.Item("work", unit_price=30)
            store.put(bc.draft(acme, [work], period=bc.Period.month(2026, month)))

        with ThreadPoolExecutor(8) as pool:
            drafts = list(store.drafts())
            made = list(pool.map(lambda each: bc.finalize(each, store, on="2026-12-31"), drafts))
        books = store.books("acme")

        left = sum(bc.balance_of(books, each.number) for each in made)
        assert left == max(0, 30 * count - 100)

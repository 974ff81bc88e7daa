"""What is sold to whom, and what was billed of it.

The upper half are tables of the host: the library reads them as records, which `record()` makes. The
lower half is written by `store.py`, and by nobody else: documents as canonical JSON, with the columns
beside them that people look for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

import billingcore as bc

KINDS: Final = {
    "monthly": {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()},
    "yearly": {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.yearly()},
    "usage": {"billing_type": bc.TRANSACTIONAL},
    "once": {"billing_type": bc.ONE_TIME},
}


def check(model: models.Model, make: Callable[[], object]) -> None:
    """Show on a form what the library says of a record, at the field that it names.

    Raises:
        ValidationError: the record cannot be billed.
    """
    try:
        make()
    except bc.InvalidInputError as error:
        names = {field.name for field in model._meta.get_fields()}  # noqa: SLF001 - documented
        place = error.field if error.field in names else NON_FIELD_ERRORS
        text = f"{error.rule}; {error.fix}" if error.fix else error.rule
        raise ValidationError({place: text}) from error


class Customer(models.Model):
    """Who pays."""

    id = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="EUR")
    address = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name

    def record(self) -> bc.Account:
        """Give it as the library knows it."""
        return bc.Account(self.id, name=self.name, currency=self.currency, address=self.address)

    def clean(self) -> None:
        """Refuse what cannot be billed."""
        check(self, self.record)


class Contract(models.Model):
    """What a customer has subscribed to."""

    id = models.CharField(primary_key=True, max_length=40)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contracts")
    start = models.DateField()
    end = models.DateField(null=True, blank=True, help_text="the last day, inclusive")

    def __str__(self) -> str:
        return self.id

    def record(self) -> bc.Subscription:
        """Give it with its items."""
        items = [item.record() for item in self.items.all()]
        return bc.Subscription(
            self.id, account=self.customer_id, items=items, start=self.start, end=self.end
        )

    def clean(self) -> None:
        """Refuse what cannot be billed."""
        check(self, self.record)


class Item(models.Model):
    """A position of a contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="items")
    code = models.SlugField()
    title = models.CharField(max_length=200)
    unit_price = models.DecimalField(max_digits=14, decimal_places=5)
    quantity = models.DecimalField(max_digits=14, decimal_places=5, default=1)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    tax_code = models.CharField(max_length=20, blank=True)

    class Meta:
        """A contract has an item once, in the order in which they were entered."""

        constraints = (models.UniqueConstraint(fields=("contract", "code"), name="item_once"),)
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

    def record(self) -> bc.Item:
        """Give it as the library knows it."""
        return bc.Item(
            self.code,
            title=self.title,
            unit_price=self.unit_price,
            quantity=self.quantity,
            tax_code=self.tax_code or None,
            **KINDS[self.kind],
        )

    def clean(self) -> None:
        """Refuse what cannot be billed, and another name for what was billed."""
        if Item.objects.filter(pk=self.pk).exclude(code=self.code).exists():
            text = "it may have been billed under its code; end it, and add another item"
            raise ValidationError({"code": text})
        if self.kind in KINDS and None not in (self.unit_price, self.quantity):
            check(self, self.record)


class Usage(models.Model):
    """What a customer has used."""

    id = models.CharField(primary_key=True, max_length=40)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="usage")
    item = models.SlugField(help_text="code of the item that prices it")
    date = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=5)

    def __str__(self) -> str:
        return self.id

    def record(self) -> bc.UsageRecord:
        """Give it as the library knows it."""
        return bc.UsageRecord(self.id, self.item, self.date, self.quantity)


# ---- what the store writes


class Ledger(models.Model):
    """Counts the changes of an account, and is locked by who changes it.

    It is no column of the customer, since saving the form of a customer would write an old count.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True)
    revision = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.customer_id}, revision {self.revision}"


class Draft(models.Model):
    """A live draft."""

    id = models.CharField(primary_key=True, max_length=400)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="drafts")
    run_id = models.CharField(max_length=200, db_index=True)
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=20, decimal_places=4)
    tax = models.DecimalField(max_digits=20, decimal_places=4)
    gross = models.DecimalField(max_digits=20, decimal_places=4)
    document = models.TextField()

    def __str__(self) -> str:
        return self.id


class Invoice(models.Model):
    """An invoice; it never changes."""

    number = models.CharField(primary_key=True, max_length=100)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="invoices")
    draft_id = models.CharField(max_length=400, unique=True)
    date = models.DateField()
    currency = models.CharField(max_length=3)
    gross = models.DecimalField(max_digits=20, decimal_places=4)
    document = models.TextField()

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One decision about the books of an account: what it adds, and the invoice that it issues."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="entries")
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True)
    effects = models.TextField()

    def __str__(self) -> str:
        return f"{self.pk} of {self.customer_id}"


class Counter(models.Model):
    """The last number of a series."""

    name = models.CharField(primary_key=True, max_length=200)
    count = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Skipped(models.Model):
    """A number that no document has, and why."""

    number = models.CharField(primary_key=True, max_length=100)
    date = models.DateField()
    reason = models.TextField()

    def __str__(self) -> str:
        return self.number


class Execution(models.Model):
    """One execution of a run; as long as it is live it holds the accounts."""

    name = models.CharField(max_length=220, unique=True)
    run_id = models.CharField(max_length=200, db_index=True)
    is_live = models.BooleanField(db_index=True)
    document = models.TextField()

    def __str__(self) -> str:
        return self.name


class Failure(models.Model):
    """What was wrong when a run last looked at an account."""

    run_id = models.CharField(max_length=200, db_index=True)
    account = models.CharField(max_length=40, db_index=True)
    record = models.TextField()
    code = models.CharField(max_length=50)
    message = models.TextField()
    field = models.CharField(max_length=50, blank=True)
    advice = models.TextField(blank=True)
    is_retryable = models.BooleanField()
    filter = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.record}: {self.message}"


@receiver([post_save, post_delete])
def count_change(sender: type[models.Model], instance: models.Model, **rest: object) -> None:
    """Raise the revision of the account whose data have changed; `QuerySet.update` does not."""
    owner = instance.contract if isinstance(instance, Item) else instance
    if isinstance(owner, Customer):
        customers = Customer.objects.filter(pk=owner.pk)
    elif isinstance(owner, Contract | Usage):
        customers = Customer.objects.filter(pk=owner.customer_id)
    else:
        return
    for customer in customers:  # none, if it was deleted
        Ledger.objects.get_or_create(pk=customer.pk)
        Ledger.objects.filter(pk=customer.pk).update(revision=F("revision") + 1)

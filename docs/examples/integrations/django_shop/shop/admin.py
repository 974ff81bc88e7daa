"""The shop in the admin: what is sold can be edited, what was billed can be seen and finalized."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

import billingcore as bc
from shop import models
from shop.store import DjangoStore


class Fixed(admin.ModelAdmin):
    """Rows whose key, and whose owner, stay what they are: documents name them."""

    fixed: tuple[str, ...] = ("id", "customer")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Let them be entered once."""
        return () if obj is None else self.fixed


class Written(admin.ModelAdmin):
    """Rows that the store writes, and people read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody enters a document here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody edits a document here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a document here."""
        return False


class ItemInline(admin.TabularInline):
    """The items of a contract."""

    model = models.Item
    extra = 1


@admin.register(models.Customer)
class CustomerAdmin(Fixed):
    """Customers."""

    list_display = ("id", "name", "currency")
    fixed = ("id",)


@admin.register(models.Contract)
class ContractAdmin(Fixed):
    """Contracts with their items."""

    list_display = ("id", "customer", "start", "end")
    inlines = (ItemInline,)


@admin.register(models.Usage)
class UsageAdmin(Fixed):
    """Usage."""

    list_display = ("id", "customer", "item", "date", "quantity")


@admin.register(models.Draft)
class DraftAdmin(Written):
    """Drafts, each as its buyer will read it."""

    list_display = ("id", "customer", "net_total", "tax_total", "gross_total")
    list_filter = ("run_id", "currency")
    search_fields = ("customer__name", "customer__id")
    fields = ("customer", "run_id", "page")
    actions = ("finalize", "discard")

    @admin.display(description="net", ordering="net")
    def net_total(self, row: models.Draft) -> str:
        """Show an amount with the digits of its currency."""
        return _amount(row.net, row.currency)

    @admin.display(description="tax", ordering="tax")
    def tax_total(self, row: models.Draft) -> str:
        """Show an amount with the digits of its currency."""
        return _amount(row.tax, row.currency)

    @admin.display(description="gross", ordering="gross")
    def gross_total(self, row: models.Draft) -> str:
        """Show an amount with the digits of its currency."""
        return _amount(row.gross, row.currency)

    @admin.display(description="document")
    def page(self, row: models.Draft) -> SafeString:
        """Show the draft; `render.html` has escaped all texts."""
        return mark_safe(bc.render.html(DjangoStore().draft(row.pk), "en_GB"))  # noqa: S308

    @admin.action(description="Finalize: make invoices", permissions=["finalize"])
    def finalize(self, request: HttpRequest, rows: QuerySet[models.Draft]) -> None:
        """Finalize drafts in the order of their ids, and say what could not be."""
        store = DjangoStore()
        drafts = [store.draft(name) for name in sorted(rows.values_list("pk", flat=True))]
        done = bc.finalize_all(drafts, store, on=timezone.localdate())
        for invoice in done.invoices:
            self.message_user(request, f"{invoice.number}: {invoice.amount_due}")
        for problem in done.problems:
            self.message_user(request, str(problem), messages.ERROR)

    @admin.action(description="Discard", permissions=["finalize"])
    def discard(self, request: HttpRequest, rows: QuerySet[models.Draft]) -> None:
        """Delete drafts; what is on them is due again."""
        store = DjangoStore()
        for name in sorted(rows.values_list("pk", flat=True)):
            try:
                store.discard(name)
            except bc.BillingError as error:
                self.message_user(request, str(error), messages.ERROR)

    def has_finalize_permission(self, request: HttpRequest) -> bool:
        """Let those make invoices who may add them."""
        return request.user.has_perm("shop.add_invoice")


@admin.register(models.Invoice)
class InvoiceAdmin(Written):
    """Invoices."""

    list_display = ("number", "customer", "date", "gross_total")
    list_filter = ("date", "currency")
    fields = ("customer", "page")

    @admin.display(description="gross", ordering="gross")
    def gross_total(self, row: models.Invoice) -> str:
        """Show an amount with the digits of its currency."""
        return _amount(row.gross, row.currency)

    @admin.display(description="document")
    def page(self, row: models.Invoice) -> SafeString:
        """Show the invoice; `render.html` has escaped all texts."""
        document = bc.from_json(row.document, bc.Invoice)
        return mark_safe(bc.render.html(document, "en_GB"))  # noqa: S308


@admin.register(models.Failure)
class FailureAdmin(Written):
    """What was wrong when runs last looked."""

    list_display = ("run_id", "account", "record", "message", "advice")


def _amount(amount: Decimal, currency: str) -> str:
    """Write an amount with the digits of its currency; the table keeps more."""
    return f"{bc.round_amount(amount, currency)} {currency}"

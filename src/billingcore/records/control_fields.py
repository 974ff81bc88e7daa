"""The control fields: what a record of the host can say, under the names of the products."""

from __future__ import annotations

from typing import Final

__all__ = ["CONTROL", "DOCUMENT", "INHERITED", "LINE", "MEASURES", "product_name"]

CONTROL: Final[dict[str, tuple[str, ...]]] = {
    "account": ("Account",),
    "add_to_csv": ("AddToCsv",),
    "add_to_table": ("AddToTransactionTable",),
    "billing_period": ("BillingPeriod",),
    "billing_practice": ("BillingPractice",),
    "billing_type": ("BillingType",),
    "billing_unit": ("BillingUnit",),
    "booking_date": ("BookingDate",),
    "center": ("Center", "CostCenter"),
    "cost_object": ("CostObject",),
    "criterion": ("Criterion",),
    "currency": ("Currency",),
    "custom_rule": ("CustomGLRule",),
    "date": ("Date",),
    "debtor": ("DebtorNo",),
    "description": ("Description",),
    "discount": ("Discount",),
    "end": ("EndDate",),
    "entity": ("BusinessEntity", "Entity"),
    "error": ("InvoiceBuildError",),
    "gl_account": ("GLAccount",),
    "invoice": ("Invoice",),
    "invoice_criterion": ("InvoiceCriterion",),
    "is_item": ("IsItem",),
    "last_error": ("LastError",),
    "last_run": ("LastInvoiceRun", "InvoiceRun"),
    "mapping": ("Mapping",),
    "mapping_id": ("MappingId",),
    "mapping_name": ("MappingName",),
    "next_service_period_start": ("NextInvoice",),
    "order_no": ("OrderNo",),
    "order_no_2": ("OrderNo2",),
    "payment_days": ("PaymentDays", "PaymentDue"),
    "payment_method": ("PaymentMethod",),
    "price": ("Price",),
    "price_currency": ("PriceCurrency",),
    "price_includes_tax": ("GrossInvoice",),
    "price_type": ("PriceType",),
    "product": ("Product",),
    "product_group": ("ProductGroup",),
    "quantity": ("Quantity",),
    "recognition": ("RevenueRecognitionRule",),
    "reference": ("Reference",),
    "region": ("Region",),
    "sequence": ("Sequence",),
    "service_date": ("ServiceDate",),
    "single_invoice": ("CreateSingleInvoice",),
    "start": ("StartDate",),
    "sub_invoice_key": ("SubInvoiceKey", "SubInvoiceAssignmentKey"),
    "subscription": ("Subscription",),
    "sync_with": ("SyncWith",),
    "tax_code": ("TaxCode",),
    "template": ("Template",),
    "tier_quantity": ("PriceTierQuantity",),
    "title": ("Title",),
    "type": ("Type",),
    "unit_code": ("UnitCode", "Unit"),
    "unit_price": ("UnitPrice",),
}
"""The library's name of a field → the products' names, the preferred one first."""

INHERITED: Final = ("invoice_criterion", "center", "cost_object", "region")
"""Fields of a record that count for those of its lines that do not say otherwise."""

DOCUMENT: Final = frozenset(
    {
        "account",
        "booking_date",
        "center",
        "cost_object",
        "currency",
        "debtor",
        "entity",
        "invoice",
        "invoice_criterion",
        "is_item",
        "mapping",
        "mapping_id",
        "mapping_name",
        "order_no",
        "payment_days",
        "payment_method",
        "reference",
        "region",
        "service_date",
        "single_invoice",
        "sub_invoice_key",
        "template",
        "type",
    }
)
"""Fields that are asked of a record with lines; the others are asked of its lines only."""

LINE: Final = frozenset(CONTROL) - DOCUMENT | {"invoice", "order_no", "type", *INHERITED}
"""Fields that are asked of lines."""

MEASURES: Final = frozenset({"date", "price", "quantity"})
"""The measures of usage, which fall back to the field without suffix."""


def product_name(name: str) -> str:
    """Give the preferred product name of a field."""
    return CONTROL[name][0]

"""The first tables; written by `manage.py makemigrations`."""
# ruff: noqa: D101, RUF012

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("count", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("address", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Execution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=220, unique=True)),
                ("run_id", models.CharField(db_index=True, max_length=200)),
                ("is_live", models.BooleanField(db_index=True)),
                ("document", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Failure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run_id", models.CharField(db_index=True, max_length=200)),
                ("account", models.CharField(db_index=True, max_length=40)),
                ("record", models.TextField()),
                ("code", models.CharField(max_length=50)),
                ("message", models.TextField()),
                ("field", models.CharField(blank=True, max_length=50)),
                ("advice", models.TextField(blank=True)),
                ("is_retryable", models.BooleanField()),
                ("filter", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Skipped",
            fields=[
                ("number", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("date", models.DateField()),
                ("reason", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Ledger",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="shop.customer",
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("start", models.DateField()),
                (
                    "end",
                    models.DateField(blank=True, help_text="the last day, inclusive", null=True),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="shop.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.CharField(max_length=400, primary_key=True, serialize=False)),
                ("run_id", models.CharField(db_index=True, max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("net", models.DecimalField(decimal_places=4, max_digits=20)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=20)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=20)),
                ("document", models.TextField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="shop.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("number", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("draft_id", models.CharField(max_length=400, unique=True)),
                ("date", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=20)),
                ("document", models.TextField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="shop.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effects", models.TextField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="shop.customer",
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="shop.invoice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("item", models.SlugField(help_text="code of the item that prices it")),
                ("date", models.DateField()),
                ("quantity", models.DecimalField(decimal_places=5, max_digits=14)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="usage",
                        to="shop.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("title", models.CharField(max_length=200)),
                ("unit_price", models.DecimalField(decimal_places=5, max_digits=14)),
                ("quantity", models.DecimalField(decimal_places=5, default=1, max_digits=14)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monthly", "monthly"),
                            ("yearly", "yearly"),
                            ("usage", "usage"),
                            ("once", "once"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tax_code", models.CharField(blank=True, max_length=20)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="shop.contract",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "code"), name="item_once")
                ],
            },
        ),
    ]

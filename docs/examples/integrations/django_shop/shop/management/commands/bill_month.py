"""Bill a month: `python manage.py bill_month 2026-01`."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

import billingcore as bc
from shop.store import DjangoStore


class Command(BaseCommand):
    """Bills a month; started again, it bills what has come in since, and goes on after a crash."""

    help = "Make drafts of all that is due in a month"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the month."""
        parser.add_argument("month", help="like 2026-01")

    def handle(self, *args: object, month: str, **options: object) -> None:
        """Bill the month, print what came of it, and fail if something is wrong."""
        try:
            year, number = map(int, month.split("-"))
            run = bc.InvoiceRun(bc.Period.month(year, number))
            # The owner tells a crashed job that comes back from a second one beside it.
            report = bc.execute(run, DjangoStore(), owner="bill_month")
        except (ValueError, bc.BillingError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.failures:
            raise CommandError(f"{report.failures} records are wrong; mend them, and run it again")

"""The commands of the Django site."""

from __future__ import annotations

from io import StringIO


def manage(*command, **options):
    """Run a command of the site, and give what it prints."""
    from django.core.management import call_command

    printed = StringIO()
    call_command(*command, stdout=printed, stderr=printed, **options)
    return printed.getvalue()

"""Check a store on the command line: ``python -m billingcore.testing package.module:make``.

Prints what became of each clause, and ends with 1 if the store breaks one. This is a command, which
imports what it is told to; the engine never does.
"""

from __future__ import annotations

import importlib
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any

from billingcore.errors import InvalidInputError
from billingcore.testing.kit.checking import check_store

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a store; give 0 if it keeps the contract, 1 if it does not, 2 if it was not found.

    Args:
        arguments: of the command; by default those of this process.
    """
    asked = _parser().parse_args(arguments)
    expected = dict(_pair(each) for each in asked.expect)
    try:
        report = check_store(
            _made(asked.make),
            only=asked.only,
            without=asked.without,
            expected_failures=expected,
            on_failure="report",
        )
    except InvalidInputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{report}\n")
    return 1 if report.wrong else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser("python -m billingcore.testing", description="Check a store.")
    parser.add_argument("make", help="package.module:function, which makes a new empty store")
    parser.add_argument("--only", action="append", default=[], help="name of a clause")
    parser.add_argument("--without", action="append", default=[], help="what the store has not")
    parser.add_argument(
        "--expect", action="append", default=[], help="clause=reason: it is known to be broken"
    )
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, _, reason = text.partition("=")
    return name, reason or "expected"


def _made(name: str) -> Callable[..., Any]:
    """Import the function that makes stores."""
    module, _, attribute = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        rule, fix = f"not found ({error})", "write it as package.module:function"
        raise InvalidInputError(rule, field="make", value=name, fix=fix) from error
    return found


if __name__ == "__main__":
    sys.exit(main())

"""The form of the corpus: what a pain and a case say of themselves, and where all of them are.

Each file ``test_p..`` beside this one is one pain: it has a `Pain`, and cases. A case is a function
that prints, or a class of tests; `case` says which report it is from. The page of the documentation
is written of nothing else, by ``python -m tests.field.page``.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import wraps
from importlib import import_module
from io import StringIO
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any, TypeVar

import pytest
from attrs import frozen

HERE = Path(__file__).parent
T = TypeVar("T", bound=Callable[..., Any])


@frozen
class Pain:
    """What users of billing engines complain about, and what keeps it away from here."""

    id: str
    title: str
    elsewhere: str
    here: str


@frozen
class Case:
    """One complaint: who reported it, what they got, and what is right."""

    title: str
    """The complaint, in one sentence."""
    reports: tuple[str, ...]
    """Repository and number, or the name of a product whose documentation says it."""
    gave: str
    """What the reported system gave."""
    right: str
    """What is right, worked out by hand; of a class, each test says it."""
    own_numbers: bool
    """Whether the amounts are ours, because the report has none."""
    code: str
    """What is printed on the page and run; empty for a class."""
    prints: str
    """What the code prints, if it is right."""
    checks: tuple[str, ...]
    """The sentences of the tests of a class."""


def case(
    *reports: str, gave: str, right: str = "", prints: str = "", own_numbers: bool = False
) -> Callable[[T], T]:
    """Make a case of a function that prints, or of a class of tests."""

    def made(subject: T) -> T:
        shows = not isinstance(subject, type)
        record = Case(
            title=sentence(subject),
            reports=reports,
            gave=gave,
            right=right,
            own_numbers=own_numbers,
            code=body(subject) if shows else "",
            prints=inspect.cleandoc(prints),
            checks=() if shows else tuple(map(sentence, tests_of(subject))),
        )
        found = printing(subject, record.prints) if shows else subject
        found.case = record
        return found

    return made


def sentence(subject: Any) -> str:
    """Give a docstring as one line."""
    return " ".join((inspect.getdoc(subject) or "").split())


def tests_of(subject: type) -> list[Any]:
    """Give the tests of a class, in their order."""
    return [each for name, each in vars(subject).items() if name.startswith("test_")]


def body(function: Callable[..., Any]) -> str:
    """Give the source of a function without its head and its docstring, with what it imports."""
    source = dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    code = dedent("\n".join(source.splitlines()[node.body[1].lineno - 1 :]))
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    imports = "".join(f"{line}\n" for line in imported(Path(inspect.getfile(function)), names))
    return f"{imports}\n{code}" if imports else code


def imported(path: Path, names: set[str]) -> Iterator[str]:
    """Yield the imports of some names that a module has from the standard library."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [each for each in node.names if (each.asname or each.name) in names]
            places = [getattr(node, "module", None) or each.name for each in node.names]
            if any(place.partition(".")[0] in sys.stdlib_module_names for place in places):
                yield ast.unparse(node)


def printing(function: T, right: str) -> T:
    """Make a test of a function: it prints what is right."""

    @wraps(function)
    def test() -> None:
        printed = StringIO()
        with redirect_stdout(printed):
            function()
        shown = "\n".join(line.rstrip() for line in printed.getvalue().splitlines())
        if shown != right:
            pytest.fail(f"printed:\n{shown}\n\nright:\n{right}", pytrace=False)

    return test


def modules() -> Iterator[ModuleType]:
    """Yield the files of all pains, in their order."""
    for path in sorted(HERE.glob("test_p[0-9]*.py")):
        yield import_module(f"tests.field.{path.stem}")


def cases_of(module: ModuleType) -> list[Case]:
    """Give the cases of a pain, in their order."""
    return [each.case for each in vars(module).values() if hasattr(each, "case")]

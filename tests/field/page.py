"""Write the page of the documentation that shows the corpus: docs/explanation/field.md.

    python -m tests.field.page

All of it is written of the cases: what was reported, what is right, the code, and what it prints.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.field import desk
from tests.field.corpus import Case, cases_of, modules
from tests.field.reports import SUBJECT_ONLY

PAGE: Final = Path(__file__).parents[2] / "docs" / "explanation" / "field.md"
HEAD: Final = """\
# What the field gets wrong

Users of billing engines report the same pains again and again.
A survey of public issue trackers and of product documentation found twenty-five of them.
This page shows each with what was reported, what is right, and what this library gives.

The cases are tests of this repository, and this page is written of them, by `python -m tests.field.page`.
All code on it is run whenever the tests are run.
The amounts are those of the reports where these have some; else the case says that they are ours.
What is right was worked out by hand, and stands in front of the code.

Many of the reports are closed, some of them for years.
A report says that something went wrong, not that it still does.
No engine is safe from these pains, this one included: the cases are there to see them first.
"""
WORDS: Final = """\
## Words of this page

All cases share these few functions, so that their code shows what is particular to them.
`invoice` runs under `LEVEL`, the policy that bills all that is due; the default bills one period at a time, see [](policies.md).
"""
HOME: Final = "https://github.com"


def page() -> str:
    """Write the page."""
    found = [(module, cases_of(module)) for module in modules()]
    parts = [HEAD, *_table(found), "\n", WORDS, "\n", _block("python", words())]
    for module, cases in found:
        parts += ["\n", *_pain(module, cases)]
    return "".join(parts)


def words() -> str:
    """Give the functions of the desk, and the import that all cases share."""
    tree = ast.parse(inspect.getsource(desk))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    head = "import billingcore as bc"
    return "\n\n\n".join([head, *(_unhinted(getattr(desk, name)) for name in defined)])


def _unhinted(function: object) -> str:
    """Give a function without the hints of its types, which need imports of their own."""
    lines = inspect.getsource(function).rstrip().splitlines()  # type: ignore[arg-type]
    (node,) = ast.parse("\n".join(lines)).body
    assert isinstance(node, ast.FunctionDef)
    spread = [*node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    for argument in filter(None, spread):
        argument.annotation = None
    head = f"def {node.name}({ast.unparse(node.args)}):"
    return "\n".join([head.replace("'", '"'), *lines[node.body[0].lineno - 1 :]])


def _table(found: list[tuple[ModuleType, list[Case]]]) -> Iterator[str]:
    yield "\n| | Pain | Reports | Shown here | Tests |\n| --- | --- | --- | --- | --- |\n"
    for module, cases in found:
        pain = module.PAIN
        reports = {report for case in cases for report in case.reports}
        shown = sum(bool(case.code) for case in cases)
        tests = sum(len(case.checks) for case in cases) + shown
        link = f"[{pain.title}](#{pain.id.lower()})"
        yield f"| {pain.id} | {link} | {len(reports)} | {shown} | {tests} |\n"


def _pain(module: ModuleType, cases: list[Case]) -> Iterator[str]:
    pain = module.PAIN
    yield f"({pain.id.lower()})=\n## {pain.id}. {pain.title}\n\n"
    yield f"**Elsewhere.**\n{_lines(pain.elsewhere)}\n\n**Here.**\n{_lines(pain.here)}\n"
    for case in cases:
        if case.code:
            yield from _shown(case)
    if further := [case for case in cases if case.checks]:
        path = Path(inspect.getfile(module)).name
        yield f"\n### Further cases of {pain.id}\n\nThese are in `tests/field/{path}`.\n\n"
        yield "\n".join(map(_further, further)) + "\n"


def _shown(case: Case) -> Iterator[str]:
    yield f"\n### {case.title.rstrip('.')}\n\n{_source(case)}\n\n"
    yield f"**They got.**\n{_lines(case.gave)}\n\n**Right is.**\n{_lines(case.right)}\n\n"
    yield _block("python", case.code)
    yield "\n" + _block("output", case.prints)


def _further(case: Case) -> str:
    sentences = "\n".join(f"  - {each}" for each in case.checks)
    told = f"- *{case.title}*\n{_source(case)}\nThey got: {_lines(case.gave)}\nHere:"
    return told.replace("\n", "\n  ") + f"\n\n{sentences}"


def _source(case: Case) -> str:
    said = f"Reported in {', '.join(_link(each) for each in case.reports)}."
    if case.own_numbers:
        said += "\nThe numbers are ours."
    if only := [each for each in case.reports if each in SUBJECT_ONLY]:
        which = " and ".join(each.partition("/")[2] for each in only)
        said += f"\nOf {which} only the subject is known."
    return said


def _link(report: str) -> str:
    repository, _, number = report.partition("#")
    if "/" not in repository:
        return report
    return f"[{repository.partition('/')[2]}#{number}]({HOME}/{repository}/issues/{number})"


def _lines(text: str) -> str:
    """Put each sentence on a line of its own."""
    return text.replace(". ", ".\n")


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

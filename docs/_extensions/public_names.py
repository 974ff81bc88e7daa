"""Fill the reference with every public name of the package, and resolve references to them.

The page ``reference/api.md`` and the pages of the rooms below it hold a mark; what stands there is made
from ``billingcore.__all__`` when the pages are built. A name is documented as the host writes it,
so ``billingcore.values.period.Period`` in an annotation leads to ``billingcore.Period``.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import pkgutil
import re
import tomllib
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

from docutils.nodes import Text
from pygments.lexers.special import TextLexer
from sphinx.addnodes import pending_xref
from sphinx.util import logging

import billingcore

ROOT = Path(__file__).resolve().parents[2]
PAGE = "reference/api"
MARK = "<!-- public names -->"
PACKAGE = "package"  # the page of what is at home in no room
SHOWN = 72  # characters of a constant's value
# Where a name that stands alone in an annotation may come from, besides our own modules.
COMMON = (
    "collections.abc",
    "concurrent.futures",
    "datetime",
    "decimal",
    "fractions",
    "types",
    "typing",
)

# Code with a letter right behind it, as in a plural: Markdown takes it, reStructuredText does not.
CODE_AND_LETTER = re.compile(r"(?<![`\w])`(?=\S)([^`]*[^`\s])`(?=\w)")
# Napoleon, which works at priority 500, reads what stands before a colon of a property as its type.
HIDDEN_COLON = "\uf8ff"

logger = logging.getLogger(__name__)


def room_of(value: object) -> str:
    """Tell the room in which a public value is at home, "" for the package itself."""
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    if not isinstance(home, str) or not home.startswith("billingcore"):
        home = type(value).__module__
    parts = home.split(".")
    return parts[1] if parts[0] == "billingcore" and len(parts) > 1 else ""


def directive(name: str, value: object) -> list[str]:
    """Write the reStructuredText that documents one value."""
    if isinstance(value, type):
        lines = [f".. autoclass:: {name}", "   :members:"]
        if issubclass(value, Enum):
            lines.append("   :undoc-members:")
        return [*lines, ""]
    if inspect.isroutine(value):
        return [f".. autofunction:: {name}", ""]
    shown = " ".join(repr(value).split())
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    lines = [f".. py:data:: {name}", f"   :value: {shown}"]
    if type(value).__module__ != "builtins":
        lines.append(f"   :type: {type(value).__qualname__}")
    return [*lines, ""]


def of_module(module: ModuleType) -> list[str]:
    """Write what a public module holds."""
    lines = [f".. automodule:: {module.__name__}", ""]
    for name in getattr(module, "__all__", ()):
        lines += directive(f"{module.__name__}.{name}", getattr(module, name))
    return lines


def kind_of(value: object) -> int:
    """Order the names of a room: classes, functions, constants, modules."""
    if isinstance(value, ModuleType):
        return 3
    return 0 if isinstance(value, type) else 1 if inspect.isroutine(value) else 2


def rooms_in_order() -> list[str]:
    """Read the rooms, the first one first, from the contract that the checks enforce."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (rooms,) = (
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return ["", *(room.strip("()") for room in reversed(rooms))]


def names_by_room() -> dict[str, list[tuple[str, object]]]:
    """Give the public names of each room, in the order in which the data walks."""
    rooms: dict[str, list[tuple[int, str, object]]] = {room: [] for room in rooms_in_order()}
    for name in billingcore.__all__:
        value = getattr(billingcore, name)
        rooms[room_of(value)].append((kind_of(value), name, value))
    return {
        room or PACKAGE: [
            (name, value) for _, name, value in sorted(found, key=lambda each: each[:2])
        ]
        for room, found in rooms.items()
        if found
    }


def about(room: str) -> str:
    """Say in a line what a room is for."""
    home = billingcore if room == PACKAGE else importlib.import_module(f"billingcore.{room}")
    return (home.__doc__ or "").strip().partition("\n")[0]


def overview() -> str:
    """Write a section for each room: what it is for, and its names."""
    text: list[str] = []
    for room, entries in names_by_room().items():
        if not (ROOT / "docs" / PAGE / f"{room}.md").exists():
            logger.warning("the room %s has no page in docs/%s", room, PAGE)
        text += [f"## [{room}](api/{room}.md)", "", about(room), ""]
        links = []
        for name, value in entries:
            role = "mod" if isinstance(value, ModuleType) else "obj"
            links.append(f"{{py:{role}}}`{name} <billingcore.{name}>`")
        text += [",\n".join(links), ""]
    return "\n".join(text)


def page_of(room: str) -> str:
    """Write all that is public of a room."""
    entries = names_by_room().get(room, [])
    if not entries:
        logger.warning("there are no public names in %s", room)
    is_module = any(isinstance(value, ModuleType) for _, value in entries)
    text = ["" if is_module else about(room), "", "```{eval-rst}"]
    for name, value in entries:
        if isinstance(value, ModuleType):
            text += of_module(value)
        else:
            text += directive(f"billingcore.{name}", value)
    return "\n".join([*text, "```", ""])


def fill(_app: object, docname: str, source: list[str]) -> None:
    """Put the public names where a page has its mark."""
    if docname == PAGE or docname.startswith(f"{PAGE}/"):
        if MARK not in source[0]:
            logger.warning("%s has no mark for the public names", docname)
        made = overview() if docname == PAGE else page_of(docname.rpartition("/")[2])
        source[0] = source[0].replace(MARK, made)


def own_modules() -> list[ModuleType]:
    """Load every module of the package."""
    found = pkgutil.walk_packages(billingcore.__path__, "billingcore.")
    return [billingcore, *(importlib.import_module(module.name) for module in found)]


def is_known(target: str) -> bool:
    """Tell whether a reference names something that exists, here or in another library."""
    first, _, rest = target.partition(".")
    for module in [*own_modules(), *map(importlib.import_module, COMMON)]:
        value = vars(module).get(first)
        if value is not None and all(hasattr(value, part) for part in rest.split(".") if part):
            return True
    try:
        pkgutil.resolve_name(target)
    except (AttributeError, ImportError, ValueError):
        return False
    return bool(rest)


def resolve(_app: object, env: Any, node: Any, contnode: Any) -> Any:
    """Lead a reference to the public name, or leave it as plain text if it is none of ours."""
    if node.get("refdomain") != "py":
        return None
    target: str = node["reftarget"]
    parts = target.split(".")
    if parts[0] == "billingcore" or parts[0] in billingcore.__all__:
        for position, part in enumerate(parts):
            if part in billingcore.__all__:
                name = ".".join(["billingcore", *parts[position:]])
                found = env.get_domain("py").resolve_xref(
                    env, node["refdoc"], env.app.builder, "obj", name, node, contnode
                )
                if found is not None:
                    return found
    return contnode if is_known(target) else None


def unlink(_app: object, doctree: Any) -> None:
    """Leave builtins as plain text: `type` is no reference to an attribute of that name."""
    for node in [*doctree.findall(pending_xref)]:
        if node.get("refdomain") == "py" and hasattr(builtins, node["reftarget"]):
            node.replace_self(Text(node["reftarget"]))


def hide(
    _app: object, what: str, _name: str, _value: object, _opts: object, lines: list[str]
) -> None:
    """Keep code and the letter behind it apart, and hide colons that name no type."""
    lines[:] = [CODE_AND_LETTER.sub(r"``\1``\\ ", line) for line in lines]
    if what in {"attribute", "data", "property"} and lines:
        lines[0] = lines[0].replace(":", HIDDEN_COLON)


def show(
    _app: object, _what: str, _name: str, _value: object, _opts: object, lines: list[str]
) -> None:
    """Give the hidden colons back."""
    lines[:] = [line.replace(HIDDEN_COLON, ":") for line in lines]


def show_values(_app: object, routine: Any, _is_bound: bool) -> None:
    """Show the values of defaults where the source of a routine is made, and names nothing."""
    if "attr_dict" in getattr(routine, "__globals__", {}):
        vars(routine).pop("__signature__", None)
        signature = inspect.signature(routine)
        parameters = [
            each if is_expression(each.default) else each.replace(default=...)
            for each in signature.parameters.values()
        ]
        routine.__signature__ = signature.replace(parameters=parameters)


def is_expression(value: object) -> bool:
    """Tell whether a value is written in a way that Python, and so Sphinx, can read again."""
    try:
        ast.parse(repr(value), mode="eval")
    except SyntaxError:
        return value is inspect.Parameter.empty
    return True


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx, and teach it how our pages and docstrings are written."""
    app.connect("autodoc-process-docstring", hide, priority=400)
    app.connect("autodoc-process-docstring", show, priority=600)
    app.connect("autodoc-before-process-signature", show_values, priority=600)
    app.add_lexer("mermaid", TextLexer)
    app.connect("source-read", fill)
    app.connect("doctree-read", unlink)
    app.connect("missing-reference", resolve)
    return {"parallel_read_safe": True}

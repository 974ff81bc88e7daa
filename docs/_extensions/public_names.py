"""Fill the reference with every public name of the package, and resolve references to them.

The page ``reference/api.md`` holds a mark; what stands there is made from ``billingcore.__all__``
when the pages are built, one section for each room. A name is documented as the host writes it, so
``billingcore.values.period.Period`` in an annotation leads to ``billingcore.Period``.
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
MARK = "<!-- the public names, by room -->"
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


def page() -> str:
    """Write the sections of the page, in the order in which the data walks."""
    rooms: dict[str, list[tuple[int, str, object]]] = {}
    for name in billingcore.__all__:
        value = getattr(billingcore, name)
        rooms.setdefault(room_of(value), []).append((kind_of(value), name, value))
    text: list[str] = []
    order = rooms_in_order()
    for room, entries in sorted(rooms.items(), key=lambda entry: order.index(entry[0])):
        home = importlib.import_module(f"billingcore.{room}" if room else "billingcore")
        about = "" if home in [entry[2] for entry in entries] else home.__doc__ or ""
        text += [f"## {room or 'The package'}", "", about.strip().partition("\n")[0], ""]
        text += ["```{eval-rst}"]
        for _, name, value in sorted(entries, key=lambda entry: entry[:2]):
            if isinstance(value, ModuleType):
                text += of_module(value)
            else:
                text += directive(f"billingcore.{name}", value)
        text += ["```", ""]
    return "\n".join(text)


def fill(_app: object, docname: str, source: list[str]) -> None:
    """Put the public names where the page has its mark."""
    if docname == PAGE:
        if MARK not in source[0]:
            logger.warning("%s has no mark for the public names", docname)
        source[0] = source[0].replace(MARK, page())


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

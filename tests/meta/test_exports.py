"""The names that the package offers."""

from __future__ import annotations

import importlib
import pkgutil
import re
from types import ModuleType

import billingcore


def in_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Sort constants before classes before functions, and numbers in a name by their value."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    parts = re.findall(r"\d+|\D+", name)
    return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def is_offered(name: str) -> bool:
    """Tell whether a name stands in the package for its users: modules only do if listed."""
    value = getattr(billingcore, name)
    return (
        not name.startswith("_")
        and name != "annotations"
        and (not isinstance(value, ModuleType) or name in billingcore.__all__)
    )


def test_all_is_sorted():
    """`billingcore.__all__` lists constants, classes and functions, each in order, and each once."""
    assert list(billingcore.__all__) == sorted(set(billingcore.__all__), key=in_order)


def test_all_is_complete():
    """`billingcore.__all__` lists every public name of the package and no other."""
    public = {name for name in billingcore.__all__ if not name.startswith("__")}

    assert public == {name for name in dir(billingcore) if is_offered(name)}


def test_every_module_offers_what_it_lists():
    """Every name in the `__all__` of a module exists in that module."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(billingcore.__path__, "billingcore.")
    ]

    assert [
        f"{module.__name__}.{name}"
        for module in modules
        for name in getattr(module, "__all__", ())
        if not hasattr(module, name)
    ] == []


def test_public_names_say_where_they_are_at_home():
    """Every public class and function is defined in the package, not passed on from another."""
    assert [
        name
        for name in billingcore.__all__
        if not getattr(getattr(billingcore, name), "__module__", "billingcore").startswith(
            "billingcore"
        )
        and not isinstance(getattr(billingcore, name), ModuleType)
        and callable(getattr(billingcore, name))
    ] == []

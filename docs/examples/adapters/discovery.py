"""Find an adapter by its name, as it stands in a configuration file.

A package that brings an adapter says so in its ``pyproject.toml``, under the group of what it is:

    [project.entry-points."billingcore.stores"]
    jsonl = "jsonl_store:open_store"

and its factory says which version of the contract it was written for:

    open_store.contract = 1

Whoever has installed it writes ``jsonl`` in a configuration, and calls:

    make = discovery.find(discovery.STORES, "jsonl")
    store = make("billing.jsonl", tax=taxes)

Nothing is imported before it is asked for, and of the group only the one that was named. An object
that is at hand is better handed over as it is: names are for what is only known at run time. This is
code of the host, since looking into installed packages reads files, and the engine reads none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import billingcore as bc

STORES: Final = "billingcore.stores"
TAXES: Final = "billingcore.tax"
EXPORTERS: Final = "billingcore.exporters"
RENDERERS: Final = "billingcore.renderers"


def find(group: str, name: str, *, disabled: Collection[str] = ()) -> Any:
    """Load what an installed package offers under a name.

    Args:
        group: of what kind it is, like ``billingcore.stores``.
        name: what it is called there.
        disabled: names that are not to be found: of adapters, or of the packages that bring them.

    Returns:
        What the package named, as a rule a function that makes a store.

    Raises:
        InvalidInputError: nothing has the name, or packages have it that do not offer the same; it
            is disabled; or it was written for another version of the contract.
        PortError: it cannot be imported.
    """
    found = [each for each in entry_points(group=group) if each.name == name]
    allowed = [each for each in found if _is_allowed(each, disabled)]
    if not allowed:
        rule = "it is disabled" if found else f"no installed package offers it in {group}"
        raise _refused(group, name, rule, "" if found else _near(name, names(group, disabled)))
    offers = {f"{_package(each)} ({each.value})" for each in allowed}
    if len(offers) > 1:  # a package may be on the path twice
        packages = " and ".join(sorted(offers))
        fix = "uninstall one, or name its package in disabled"
        raise _refused(group, name, f"{packages} both offer it", fix)
    return _checked(group, allowed[0])


def names(group: str, disabled: Collection[str] = ()) -> list[str]:
    """Give the names that can be found in a group; nothing is imported."""
    known = entry_points(group=group)
    return sorted({each.name for each in known if _is_allowed(each, disabled)})


def _is_allowed(entry: EntryPoint, disabled: Collection[str]) -> bool:
    """Tell whether neither the name nor the package of an entry point is disabled."""
    off = {_normal(each) for each in disabled}
    return _normal(entry.name) not in off and _normal(_package(entry)) not in off


def _normal(name: str) -> str:
    """Write the name of a package in the one way in which it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _checked(group: str, entry: EntryPoint) -> Any:
    """Load what an entry point names, and check which contract it keeps."""
    try:
        made = entry.load()
    except (ImportError, AttributeError) as error:
        why = f"{entry.name} of {_package(entry)} cannot be loaded: {error}"
        raise bc.PortError(why, port=group) from error
    contract = getattr(made, "contract", None)
    if contract != bc.CONTRACT:
        kept = "says of no contract that it keeps it" if contract is None else f"keeps {contract}"
        rule = f"{_package(entry)} {kept}; this is version {bc.CONTRACT} of the contract"
        fix = f"use a version of {_package(entry)} for it, with contract = {bc.CONTRACT}"
        raise _refused(group, entry.name, rule, fix)
    return made


def _package(entry: EntryPoint) -> str:
    """Give the name of the package that an entry point is of."""
    return "" if entry.dist is None else entry.dist.name


def _near(name: str, known: Iterable[str]) -> str:
    """Name what may have been meant, or what there is."""
    others = list(known)
    if near := get_close_matches(name, others, n=3):
        return f"did you mean {' or '.join(near)}?"
    return f"there is {', '.join(others)}" if others else "install a package that offers it"


def _refused(group: str, name: str, rule: str, fix: str) -> bc.InvalidInputError:
    return bc.InvalidInputError(rule, record=group, field="name", value=name, fix=fix)

"""Refuse a wheel that lacks a file of the package, or holds anything else."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile


def complaints(names: set[str], source: Path) -> list[str]:
    """Compare the names in a wheel with the files of the source."""
    package = {
        path.relative_to(source).as_posix()
        for path in (source / "billingcore").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inside = {name for name in names if ".dist-info/" not in name}
    found = [f"{name} is missing" for name in sorted(package - inside)]
    found += [f"{name} does not belong there" for name in sorted(inside - package)]
    if "billingcore/py.typed" not in inside:
        found.append("py.typed is missing, so that hosts see no types")
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        found.append("the license is missing")
    return found


if __name__ == "__main__":
    with ZipFile(sys.argv[1]) as wheel:
        found = complaints(set(wheel.namelist()), Path(__file__).resolve().parent.parent / "src")
    print("\n".join(found) or f"{Path(sys.argv[1]).name}: complete")
    sys.exit(bool(found))

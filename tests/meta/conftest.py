"""What the tests about the repository itself look at."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import billingcore

# What builds, tests and editors leave behind; no part of the repository.
LEFT_BEHIND = {"__pycache__", "_build", "build", "dist", "node_modules", "venv"}
HIDDEN_BUT_OURS = {".ci", ".editorconfig", ".gitignore"}
TEXT = {
    "",
    ".cfg",
    ".css",
    ".csv",
    ".html",
    ".json",
    ".md",
    ".py",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
}

Sources = dict[str, ast.Module]


def is_ours(name: str) -> bool:
    """Tell whether a file or folder can belong to the repository."""
    return name not in LEFT_BEHIND and (not name.startswith(".") or name in HIDDEN_BUT_OURS)


def files(folder: Path) -> list[Path]:
    """List the repository's own files below a folder, in a stable order."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if is_ours(name)]
        found += [Path(place, name) for name in names if is_ours(name)]
    return sorted(found)


def parsed(folder: Path) -> Sources:
    """Parse every Python file below a folder."""
    return {
        path.relative_to(folder).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in files(folder)
        if path.suffix == ".py"
    }


@pytest.fixture(scope="session")
def root() -> Path:
    """Find the repository."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def package() -> Path:
    """Find the package under test, be it the source or an installed wheel."""
    return Path(billingcore.__file__).resolve().parent


@pytest.fixture(scope="session")
def source(package: Path) -> Sources:
    """Parse the modules of the package."""
    return parsed(package)


@pytest.fixture(scope="session")
def tests(root: Path) -> Sources:
    """Parse the modules of the tests."""
    return parsed(root / "tests")


@pytest.fixture(scope="session")
def texts(root: Path) -> dict[str, str]:
    """Read every text file of the repository."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in files(root)
        if path.suffix in TEXT
    }

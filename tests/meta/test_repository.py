"""What belongs into the repository, and what a newcomer is told to type."""

from __future__ import annotations

import re
import runpy
import tomllib
from importlib.metadata import version

TRY_IT = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet . "
    "&& .venv/bin/python docs/examples/first_run.py"
)
TEST_IT = (
    'python3 -m venv .venv && .venv/bin/pip install --quiet --editable ".[test]" '
    "&& .venv/bin/pytest"
)
# Places of one machine, and hosts that packages come from.
MACHINE = re.compile(r"(?<![\w.~}*-])/(root|work|tmp|home|Users|opt)/\w|[A-Z]:\\\\?Users")
REGISTRY = re.compile(r"\b(crates|debian|npmjs|pypi|pythonhosted|yarnpkg)\.(com|io|org)\b")


def found(pattern, texts):
    """List where a pattern occurs."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_path_of_a_machine(texts):
    """No file names a directory that only one machine has."""
    assert found(MACHINE, texts) == []


def test_no_host_of_a_registry(texts):
    """No file names the host of a package registry; which one to use is up to the installation."""
    assert found(REGISTRY, texts) == []


def test_the_page_shows_the_two_commands(root, texts):
    """The README's console blocks are the two commands, and what `.ci/run` reads from it."""
    reader = runpy.run_path(str(root / ".ci" / "readme_commands.py"))

    assert reader["commands"](texts["README.md"]) == [TRY_IT, TEST_IT]
    assert "readme_commands.py" in texts[".ci/run"]


def test_three_runtime_packages(texts):
    """The package needs attrs, Babel and python-dateutil at run time, each from a version on."""
    needed = tomllib.loads(texts["pyproject.toml"])["project"]["dependencies"]

    assert [re.split("(?=>=)", name)[0] for name in needed] == ["attrs", "babel", "python-dateutil"]
    assert all(">=" in name for name in needed)


def test_the_version_is_the_installed_one(texts):
    """The version in pyproject.toml is that of the installed distribution."""
    assert tomllib.loads(texts["pyproject.toml"])["project"]["version"] == version("billingcore")


def test_the_package_carries_its_types(package):
    """The package has the mark that tells type checkers to read it."""
    assert (package / "py.typed").is_file()

"""How the source is written: sizes, descriptions, and what it never does."""

from __future__ import annotations

import ast

LONGEST_FILE = 400
LONGEST_FUNCTION = 70
NEVER_CALLED = {"__import__", "breakpoint", "eval", "exec", "float", "input", "open", "print"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_files_are_short(texts):
    """No Python file of the repository has more than 400 lines."""
    lengths = {path: text.count("\n") for path, text in texts.items() if path.endswith(".py")}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short(source):
    """No function of the package has more than 70 lines, its decorators and docstring included."""
    lengths = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1 + len(node.decorator_list)
        for path, tree in source.items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_modules_are_described(source):
    """Every module of the package begins with a docstring."""
    assert [path for path, tree in source.items() if not ast.get_docstring(tree)] == []


def test_no_input_and_no_output(source):
    """No module of the package opens, prints, asks, evaluates text, or converts to float."""
    assert [
        f"{path}:{node.lineno}: {node.func.id}"
        for path, tree in source.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in NEVER_CALLED
    ] == []


def test_no_float_is_written(source):
    """No module of the package contains a number with binary fractions."""
    assert [
        f"{path}:{node.lineno}: {node.value}"
        for path, tree in source.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
    ] == []


def test_every_test_is_a_sentence(tests):
    """Every test says in a docstring, which ends like a sentence, what behavior it shows."""
    silent = [
        f"{path}:{node.lineno}: {node.name}"
        for path, tree in tests.items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").endswith(".")
    ]

    assert silent == []

"""The store that the tutorial builds: a file of JSON lines."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from itertools import count
from pathlib import Path
from subprocess import run
from threading import Thread

import jsonl_store
import pytest

import billingcore as bc
from billingcore.testing import CLAUSES, check_store
from tests.programs import EXAMPLES

PAGE = EXAMPLES.parent / "tutorial" / "write-an-adapter.md"
RUN = bc.InvoiceRun(bc.Period.month(2026, 1))
SEATS = bc.Item("seats", unit_price=30, billing_type=bc.RECURRING, cadence=bc.monthly())

CALLS = [
    lambda store: store.accounts(),
    lambda store: store.add(bc.Account("borg", currency="EUR")),
]
FOLDERS = (str(EXAMPLES / "adapters"), os.environ.get("PYTHONPATH", ""))
ENV = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
ENV["PYTHONPATH"] = os.pathsep.join(filter(None, FOLDERS))
FULL = """
import os, resource, signal, sys
import billingcore as bc, jsonl_store

path, endless = sys.argv[1], resource.RLIM_INFINITY
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
borg = bc.Account("borg", currency="EUR")


class Store(jsonl_store.JsonlStore):
    def _forget(self):  # somebody makes room, before the file is closed
        resource.setrlimit(resource.RLIMIT_FSIZE, (endless, endless))
        super()._forget()


store = Store(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path) + 30, endless))
try:
    store.add(borg)
except bc.PortError as error:
    print(error.port, error.is_retryable)
print(os.path.getsize(path))
store.add(borg)
print(store.accounts())
"""
"""Adds an account where 30 bytes are left, and again where there is room."""


@pytest.fixture
def path(tmp_path) -> Path:
    """Give the name of a file that is not there yet."""
    return tmp_path / "billing.jsonl"


@pytest.fixture
def store(path):
    """Give a store with one account and its contract."""
    made = jsonl_store.open_store(path)
    made.add(bc.Account("acme", currency="EUR"))
    made.add(bc.Subscription("S-1", account="acme", start="2026-01-01", items=[SEATS]))
    return made


def invoice(store):
    """Bill January and finalize it."""
    (draft,) = bc.execute(RUN, store).drafts
    return bc.finalize(draft, store, on="2026-02-01")


class TestKit:
    @pytest.mark.parametrize("clause", CLAUSES, ids=str)
    def test_each_clause(self, clause, tmp_path):
        """The store keeps each clause of the contract."""
        numbers = count(1)

        def make(**given):
            return jsonl_store.open_store(tmp_path / f"{next(numbers)}.jsonl", **given)

        clause(make)

    def test_nothing_is_skipped(self, tmp_path):
        """The store has all that a clause can ask for."""
        numbers = count(1)

        def make(**given):
            return jsonl_store.open_store(tmp_path / f"{next(numbers)}.jsonl", **given)

        assert check_store(make).badge == f"conforms to store contract {bc.CONTRACT}"


class TestReopening:
    def test_all_that_was_decided(self, store, path):
        """Who opens the file again has the same books, claims, executions and numbers."""
        invoice(store)
        bc.pay(store, bc.Payment("P", account="acme", amount=30, currency="EUR", date="2026-02-02"))
        series = store.setup.heading(None, None, None).template.series
        bc.skip_number(series, store, on="2026-02-02", reason="spoiled")

        again = jsonl_store.open_store(path)

        assert again.books("acme") == store.books("acme")
        assert again.snapshot("acme") == store.snapshot("acme")
        assert [*again.runs()] == [*store.runs()]
        assert [*again.skipped()] == [*store.skipped()]
        assert not bc.execute(RUN, again).drafts

    def test_lines_are_plain_text(self, store, path):
        """Each line is a JSON document with the version of its form."""
        invoice(store)

        lines = [json.loads(line) for line in path.read_text("ascii").splitlines()]

        assert {line["schema"] for line in lines} == {bc.SCHEMA}

    def test_two_handles(self, store, path):
        """What one handle decides is seen by another one that was open before."""
        other = jsonl_store.open_store(path)

        number = invoice(store).number

        assert other.invoice(number).number == number

    def test_another_setup_is_given_anew(self, path):
        """Setup and taxes are no part of the file."""
        jsonl_store.open_store(path).add(bc.Account("acme", currency="EUR"))
        setup = bc.Setup([bc.Template("Default", payment_days=14)])

        assert jsonl_store.open_store(path, setup=setup).books("acme").setup == setup

    def test_functions_of_the_host(self, path):
        """A run whose filter has a function is kept if the function is known by a name."""
        few = bc.Filter("few", lambda contract: len(contract.items) < 5)
        store = jsonl_store.open_store(path, known={"few": few.condition})
        run = bc.InvoiceRun(RUN.period, selection=bc.Selection([few]))
        bc.execute(run, store)

        (known,) = jsonl_store.open_store(path, known={"few": few.condition}).runs()

        assert known.run == run

    def test_threads(self, store, path):
        """Threads with handles of their own bill each account once, without a gap in the numbers."""
        names = [f"A-{n}" for n in range(6)]
        for name in names:
            store.add(bc.Account(name, currency="EUR"))

        def work(name):
            own = jsonl_store.open_store(path)
            item = bc.Item("work", unit_price=1)
            draft = bc.draft(own.books(name).account, [item], period=RUN.period)
            bc.finalize(draft, own, on="2026-02-01")

        threads = [Thread(target=work, args=[name]) for name in names]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        found = sorted(each.number for each in store.invoices())
        assert found == [f"2026-{n:05}" for n in range(1, 7)]


class TestAccidents:
    @pytest.mark.parametrize("left", [1, 40, -1], ids=["a byte", "some bytes", "all but the end"])
    def test_half_a_line(self, store, path, left):
        """A writer that died in the middle of a line has decided nothing, and nothing is lost."""
        before = path.read_bytes()
        invoice(store)
        written = path.read_bytes()
        last = written[:-1].rindex(b"\n") + 1
        path.write_bytes(written[: last + left] if left > 0 else written[:left])

        again = jsonl_store.open_store(path)
        again.add(bc.Account("borg", currency="EUR"))

        assert not [*again.invoices()]
        assert path.read_bytes().startswith(before)
        assert [*jsonl_store.open_store(path).accounts()] == ["acme", "borg"]
        assert bc.finalize(next(again.drafts()), again, on="2026-02-01").number == "2026-00001"

    def test_a_damaged_line(self, store, path):
        """A line that is whole and cannot be read is no accident of a writer: nothing is opened."""
        invoice(store)
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([lines[0], b"{}\n", *lines[1:]]))

        with pytest.raises(bc.PortError, match=f"damaged at byte {len(lines[0])}"):
            jsonl_store.open_store(path)
        with pytest.raises(bc.PortError, match="damaged"):
            store.snapshot("acme")

    @pytest.mark.parametrize(
        "line",
        [b"no JSON\n", b"\xff\n", b'{"schema":1,"value":["burn"]}\n', b'{"schema":1,"value":1}\n'],
        ids=["no JSON", "no text", "no such method", "no event"],
    )
    def test_another_file(self, path, line):
        """A file of something else is refused."""
        path.write_bytes(line)

        with pytest.raises(bc.PortError, match="damaged at byte 0"):
            jsonl_store.open_store(path)

    def test_a_refused_call(self, store, path):
        """What is refused in the middle leaves the store as the file has it."""
        with pytest.raises(bc.InvalidInputError):
            store.add(bc.Account("borg", currency="EUR"), bc.Account("acme", currency="EUR"))

        assert store.accounts() == ("acme",) == jsonl_store.open_store(path).accounts()

    def test_a_disk_that_fails(self, store, path, monkeypatch):
        """What is not safe on the disk was not decided, and can be tried again."""
        before = path.read_bytes()

        def fails(_):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "fsync", fails)
        with pytest.raises(bc.PortError, match="Input/output error") as caught:
            store.add(bc.Account("borg", currency="EUR"))
        monkeypatch.undo()

        assert caught.value.is_retryable
        assert path.read_bytes() == before
        assert store.accounts() == ("acme",)

    def test_a_full_disk(self, store, path):
        """What finds no room is not written later either, and can be tried again."""
        before = path.read_bytes()
        program = [sys.executable, "-c", FULL, path]
        found = run(program, env=ENV, capture_output=True, text=True, check=False)

        assert (found.stderr, found.returncode) == ("", 0)
        told, at_once, accounts = found.stdout.splitlines()
        assert told == "Store True"
        assert at_once == str(len(before))
        assert accounts == "('acme', 'borg')"
        assert jsonl_store.open_store(path).accounts() == ("acme", "borg")

    def test_a_write_takes_a_part(self, store, path, monkeypatch):
        """A line is whole in the file though the system takes seven bytes at a time."""
        write = os.pwrite
        monkeypatch.setattr(os, "pwrite", lambda number, line, at: write(number, line[:7], at))
        store.add(bc.Account("borg", currency="EUR"))

        assert jsonl_store.open_store(path).accounts() == ("acme", "borg")

    @pytest.mark.parametrize("call", CALLS, ids=["reads", "writes"])
    def test_an_older_file_in_its_place(self, store, path, call):
        """A file shorter than what was read is refused and left as it is."""
        now = path.read_bytes()
        older = now[: now.index(b"\n") + 1]
        path.write_bytes(older)

        for _ in range(2):
            with pytest.raises(bc.PortError, match="open the store anew") as caught:
                call(store)
            assert not caught.value.is_retryable
            assert path.read_bytes() == older

        assert not jsonl_store.open_store(path).snapshot("acme").subscriptions
        path.write_bytes(now)
        call(store)

    @pytest.mark.parametrize("call", CALLS, ids=["reads", "writes"])
    def test_another_file_in_its_place(self, store, path, call):
        """A file that took the place of the one that was read is refused and left as it is."""
        away = path.rename(path.with_name("away.jsonl"))
        path.write_bytes(other := away.read_bytes() * 2)

        with pytest.raises(bc.PortError, match="replaced or shortened") as caught:
            call(store)

        assert not caught.value.is_retryable
        assert path.read_bytes() == other

    @pytest.mark.parametrize("call", CALLS, ids=["reads", "writes"])
    def test_a_file_that_was_moved_away(self, store, path, call):
        """A store in use makes no new file, and goes on when its own is back."""
        away = path.rename(path.with_name("away.jsonl"))

        with pytest.raises(bc.PortError, match="stay at its place") as caught:
            call(store)

        assert not caught.value.is_retryable
        assert not path.exists()
        away.rename(path)
        call(store)

    @pytest.mark.parametrize("name", [".", "missing/billing.jsonl"], ids=["a folder", "no folder"])
    def test_no_file(self, tmp_path, name):
        """A path at which no file can be is refused."""
        with pytest.raises(bc.PortError, match="it must be a file") as caught:
            jsonl_store.open_store(tmp_path / name)

        assert not caught.value.is_retryable
        assert not [*tmp_path.iterdir()]

    def test_a_decision_that_calls_the_store(self, store):
        """A function that the store calls must decide from what it is given."""
        with pytest.raises(bc.PortError, match="must not call the store"):
            store.record("acme", lambda _: store.books("acme"))

        assert store.books("acme").account.id == "acme"


class Plain(ast.NodeTransformer):
    """Takes types and docstrings out of a program."""

    def visit_FunctionDef(self, node):
        """Leave the names of the arguments, and what a function does."""
        self.generic_visit(node)
        node.returns = None
        return self.visit_ClassDef(node)

    def visit_ClassDef(self, node):
        """Leave out the docstring."""
        if not isinstance(node, ast.FunctionDef):
            self.generic_visit(node)
        node.body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        return node

    def visit_arg(self, node):
        """Leave the name."""
        node.annotation = None
        return node

    def visit_AnnAssign(self, node):
        """Leave name and value."""
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def parts(code):
    """Give the functions and tables of a program by name, without docstrings and types."""
    tree, found = Plain().visit(ast.parse(code)), {}
    for place in ast.walk(tree):
        if isinstance(place, ast.Module | ast.ClassDef):
            for node in place.body:
                if isinstance(node, ast.FunctionDef):
                    found[node.name] = ast.unparse(node)
                elif isinstance(node, ast.Assign):
                    found[ast.unparse(node.targets[0])] = ast.unparse(node)
    return found


def test_the_tutorial_builds_this_store():
    """All that the store is made of stands in the tutorial as it is here, in its last form there."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    wanted = parts(Path(jsonl_store.__file__).read_text("utf-8"))
    for name in ("T", "Result", "Event"):  # names of types
        del wanted[name]
    built = parts("\n".join(blocks))

    assert {name: built.get(name) for name in wanted} == wanted

"""What the golden files hold, and the program that writes those that are missing.

A golden file is written once and never again: it stands for a text that somebody stored years ago.
After a class or a field was added, run ``python -m tests.golden.values`` to write what is missing,
in the folder of the version that the library writes now.
"""

from __future__ import annotations

import json
from pathlib import Path

import billingcore as bc
from billingcore.plain.registry import ENUMS, RECORDS
from billingcore.plain.shapes import NEEDED, shape_of
from billingcore.testing.canonical import canonical
from tests.plain_values import KNOWN, examples, scenarios

HERE = Path(__file__).parent
NEWEST = HERE / f"v{bc.SCHEMA}"
CODEC = bc.Codec(known=KNOWN)


def shapes():
    """Give each field of each class with its default: what decides how a text is read."""
    added = added_fields(NEWEST)
    rows = [
        f"{name}.{part.name}: "
        + ("needed" if part.default is NEEDED else canonical(part.default, added))
        for name, kind in RECORDS.items()
        for part in shape_of(kind).parts
    ]
    rows += [f"{name}: {member}" for name, kind in ENUMS.items() for member in kind.__members__]
    return sorted(rows)


def added_fields(folder):
    """Give the fields that classes got after texts of a version were kept, with their defaults.

    In a text that is older they are missing, so that its value has the defaults.
    """
    path = folder / "added.txt"
    rows = path.read_text("utf-8").splitlines() if path.exists() else []
    fields = {row: row.split(".") for row in rows}
    return {
        row: next(part.default for part in shape_of(RECORDS[name]).parts if part.name == field)
        for row, (name, field) in fields.items()
    }


def write_added(folder):
    """Note the fields that classes of this version have got since their texts were kept."""
    kept = {row.partition(": ")[0] for row in read_shapes(folder) if "." in row.partition(": ")[0]}
    known = {row.partition(".")[0] for row in kept}
    now = {f"{name}.{part.name}" for name in known for part in shape_of(RECORDS[name]).parts}
    if rows := sorted({*added_fields(folder), *(now - kept)}):
        (folder / "added.txt").write_text("\n".join(rows) + "\n", "utf-8")


def read_shapes(folder):
    """Give the fields and defaults that are kept."""
    path = folder / "shapes.txt"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def read_classes(folder):
    """Give what is kept of each class: its name → text and canonical text."""
    path = folder / "classes.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def write_missing(folder):
    """Write what is not there yet."""
    folder.mkdir(exist_ok=True)
    write_added(folder)
    for name, value in scenarios().items():
        if not (folder / f"{name}.json").exists():
            (folder / f"{name}.json").write_text(CODEC.to_json(value) + "\n", "utf-8")
            (folder / f"{name}.txt").write_text(canonical(value) + "\n", "utf-8")
    made = {name: [CODEC.to_json(each), canonical(each)] for name, each in examples().items()}
    kept = dict(sorted((made | read_classes(folder)).items()))
    (folder / "classes.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    fields = sorted({*shapes(), *read_shapes(folder)})
    (folder / "shapes.txt").write_text("\n".join(fields) + "\n", "utf-8")


if __name__ == "__main__":
    write_missing(NEWEST)

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
CODEC = bc.Codec(known=KNOWN)


def shapes():
    """Give each field of each class with its default: what decides how a text is read."""
    rows = [
        f"{name}.{part.name}: " + ("needed" if part.default is NEEDED else canonical(part.default))
        for name, kind in RECORDS.items()
        for part in shape_of(kind).parts
    ]
    rows += [f"{name}: {member}" for name, kind in ENUMS.items() for member in kind.__members__]
    return sorted(rows)


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
    write_missing(HERE / f"v{bc.SCHEMA}")

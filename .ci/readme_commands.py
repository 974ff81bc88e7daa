"""Write the commands that README.md asks a newcomer to type, one a line.

They are the ``console`` blocks of the page, in their order; a block is one line. ``.ci/run`` runs
what this prints, so the page and the check cannot differ.
"""

from __future__ import annotations

import re
from pathlib import Path

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """Find the commands of a Markdown page, without a prompt in front."""
    return [block.strip().removeprefix("$ ") for block in BLOCK.findall(page)]


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    print("\n".join(commands((root / "README.md").read_text(encoding="utf-8"))))

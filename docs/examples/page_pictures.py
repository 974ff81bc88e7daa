"""Write the pictures that docs/how-to/draw-pictures.md shows: the page's own code draws them.

    python docs/examples/page_pictures.py

A picture has the name of the variable that the page gives it.
"""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "how-to" / "draw-pictures.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHOWN = re.compile(r"^!\[[^\]]+\]\(pictures/(\w+)\.svg\)$", re.MULTILINE)


def page_pictures(page: Path = PAGE) -> dict[Path, str]:
    """Run the code of a page; gives the files that it shows, with what has to be in them."""
    text = page.read_text(encoding="utf-8")
    namespace: dict[str, object] = {}
    with redirect_stdout(StringIO()):
        for code in BLOCK.findall(text):
            exec(compile(code, str(page), "exec"), namespace)  # noqa: S102 - our own page
    return {
        page.parent / "pictures" / f"{name}.svg": f"{namespace[name]}\n"
        for name in SHOWN.findall(text)
    }


if __name__ == "__main__":
    for file, picture in page_pictures().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(picture, encoding="utf-8")
        print(file.name)

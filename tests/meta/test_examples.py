"""The examples in pages are really compared with what they show."""

from __future__ import annotations

import subprocess
import sys
from shutil import copy

import pytest

PAGE = """
```python
print("19.00")
```

```output
{shown}
```

```python
>>> 2 + 2
{result}
```
"""
PAGES = {
    "right.md": PAGE.format(shown="19.00", result="4"),
    "wrong_output.md": PAGE.format(shown="19", result="4"),
    "wrong_result.md": PAGE.format(shown="19.00", result="5"),
}


@pytest.fixture(scope="module")
def failed(root, tmp_path_factory):
    """Run the examples of three pages as the repository's are run, and list those that fail."""
    folder = tmp_path_factory.mktemp("pages")
    copy(root / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, page in PAGES.items():
        (folder / name).write_text(page, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rf", "--tb=no", *PAGES],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 7 passed" in ran.stdout

    return [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("FAILED ")]


def test_only_wrong_examples_fail(failed):
    """A page with another output or another result than shown fails there, and a right one passes."""
    assert failed == ["wrong_output.md::line:6,column:1", "wrong_result.md::line:11,column:1"]

"""How Sphinx builds these pages: without a network, and with every warning an error."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "billingcore"
author = "billingcore contributors"
project_copyright = "2026, billingcore contributors"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "public_names",
]
exclude_patterns = ["_build", "_extensions", "conf.py", "examples"]
html_theme = "furo"
html_title = "billingcore"
html_static_path = ["_static"]
html_css_files = ["site.css"]

# Notebooks are kept as Python files, and run when the pages are built.
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Single backquotes in a docstring are code, as in Markdown.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
# A default is shown as the source writes it: the text of some values cannot be read as Python.
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

nitpicky = True

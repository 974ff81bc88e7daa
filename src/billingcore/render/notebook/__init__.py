"""How values draw themselves in a notebook: a table for each, and pictures where there are some.

Records know nothing of HTML. A table of classes says how each draws itself, a class that is in no
table shows its fields, and `attach` gives every public class its `_repr_html_`.
"""

from billingcore.render.notebook.drawing import attach, is_drawn, table

__all__ = ["attach", "is_drawn", "table"]

"""Text for a spreadsheet's cell, which shows it and runs nothing of it."""

import re

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

# OWASP, CSV injection: cells that begin so are run; some programs take the full-width signs for the plain ones, and
# skip blanks before them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(cell: object) -> str:
    """The cell as text; what a spreadsheet would take for a formula gets an apostrophe, plain numbers stay.

    >>> inert("=1+1"), inert("-12.50"), inert("-1+1")
    ("'=1+1", '-12.50', "'-1+1")
    """
    text = "" if cell is None else str(cell)
    runs = text.lstrip(" ").startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if runs else text


def shown(cell: str) -> str:
    """The text that `inert` made a cell of; any other cell as it is.

    >>> shown("'=1+1"), shown("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and inert(cell[1:]) == cell else cell

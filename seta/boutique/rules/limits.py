"""The bounds that bags, notes and pieces of the boutique keep."""

ID_MAX = 2**63 - 1
"""A database keeps no greater id, and SQLite cannot even be asked for one."""
LINES_MAX = 20
QUANTITY_MAX = 20
REASON_CHARS_MAX = 80
PIECES_MAX = 100_000
NOTE_CHARS_MAX = 120
PICTURES_MAX = 12
ALT_CHARS_MAX = 120
VARIANTS_MAX = 60
WINDOWS_MAX = 20
COLLECTION_PIECES_MAX = 60
LOOKS_MAX = 60
LOOK_PIECES_MAX = 12

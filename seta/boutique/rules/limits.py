"""The bounds that bags, notes and pieces of the boutique keep."""

LINES_MAX = 20
QUANTITY_MAX = 20
REASON_CHARS_MAX = 80
PIECES_MAX = 100_000
NOTE_CHARS_MAX = 120
PICTURES_MAX = 12
ALT_CHARS_MAX = 120

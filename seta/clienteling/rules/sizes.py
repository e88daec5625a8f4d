"""What a size in one country's system is in another's, by the trade's usual charts; a house's own cut may differ."""

from collections.abc import Mapping, Sequence

SYSTEMS = ("IT", "FR", "EU", "US", "CN")


def _chart(*columns: str) -> tuple[tuple[str, ...], ...]:
    """Rows of equal sizes from one line of sizes a system, in the order of SYSTEMS."""
    split = [column.split() for column in columns]
    assert len(split) == len(SYSTEMS) and len({len(column) for column in split}) == 1
    return tuple(zip(*split, strict=True))


CHARTS: Mapping[str, Sequence[Sequence[str]]] = {
    "women_clothing": _chart(
        "36 38 40 42 44 46 48 50",
        "32 34 36 38 40 42 44 46",
        "30 32 34 36 38 40 42 44",
        "0 2 4 6 8 10 12 14",
        "150/76A 155/80A 160/84A 165/88A 170/92A 175/96A 180/100A 185/104A",
    ),
    "men_clothing": _chart(
        "44 46 48 50 52 54 56",
        "44 46 48 50 52 54 56",
        "44 46 48 50 52 54 56",
        "34 36 38 40 42 44 46",
        "165/84A 170/88A 175/92A 180/96A 185/100A 190/104A 195/108A",
    ),
    "women_shoes": _chart(
        "34 35 35.5 36 36.5 37 37.5 38 38.5 39 39.5 40 41",
        "35 36 36.5 37 37.5 38 38.5 39 39.5 40 40.5 41 42",
        "34 35 35.5 36 36.5 37 37.5 38 38.5 39 39.5 40 41",
        "4 5 5.5 6 6.5 7 7.5 8 8.5 9 9.5 10 11",
        "220 225 227.5 230 232.5 235 237.5 240 242.5 245 247.5 250 255",
    ),
    "men_shoes": _chart(
        "39 40 41 42 43 44 45 46",
        "39 40 41 42 43 44 45 46",
        "39 40 41 42 43 44 45 46",
        "6 7 8 9 10 11 12 13",
        "245 250 255 260 265 270 275 280",
    ),
    "ring": _chart(
        "7 9 12 14 17 19 22",
        "47 49 52 54 57 59 62",
        "47 49 52 54 57 59 62",
        "4 5 6 7 8 9 10",
        "7 9 12 14 16 18 20",
    ),
    "belt": _chart(
        "70 75 80 85 90 95 100 105 110",
        "70 75 80 85 90 95 100 105 110",
        "70 75 80 85 90 95 100 105 110",
        "28 30 32 34 36 38 40 42 44",
        "70 75 80 85 90 95 100 105 110",
    ),
    "hat": _chart(
        "55 56 57 58 59 60", "55 56 57 58 59 60", "55 56 57 58 59 60", "6⅞ 7 7⅛ 7¼ 7⅜ 7½", "55 56 57 58 59 60"
    ),
}
"""Rows of equal sizes by category, each in the order of SYSTEMS: clothes by number, shoes in CN by foot in mm."""

CATEGORIES = tuple(CHARTS)


def in_all_systems(category: str, system: str, value: str) -> Mapping[str, str]:
    """A size in every system, or nothing when the chart does not have it.

    >>> in_all_systems("women_clothing", "IT", "40")["CN"]
    '160/84A'
    """
    wanted = value.strip().upper()
    if category not in CHARTS or system not in SYSTEMS:
        return {}
    column = SYSTEMS.index(system)
    row = next((row for row in CHARTS[category] if row[column].upper() == wanted), None)
    return dict(zip(SYSTEMS, row, strict=True)) if row else {}


def values_of(category: str, system: str) -> tuple[str, ...]:
    """The sizes a system has in a category, smallest first."""
    column = SYSTEMS.index(system)
    return tuple(row[column] for row in CHARTS[category])

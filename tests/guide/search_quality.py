"""How many of the queries written beforehand find their place among the first three, by kind."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seta.guide.rules import SearchIndex, read_places
from seta.guide.rules.search import Entry

QUERIES = Path(__file__).parent / "queries.csv"
PLACES = Path(__file__).parents[2] / "seta" / "guide" / "data" / "milan_places.csv"
FIRST_MEASURED = (280, 297)
KINDS = {
    "hanzi": "Chinese characters",
    "traditional": "traditional characters",
    "pinyin": "pinyin",
    "initials": "initials of pinyin",
    "english": "English",
    "italian": "Italian",
    "typos": "typing mistakes and dropped vowels",
    "homophones": "wrong characters that sound right",
    "sentences": "whole questions",
    "mixed": "two scripts at once",
}


@dataclass(frozen=True)
class Rate:
    """The queries of one kind: asked, with the wanted place first, and among the first three."""

    kind: str
    asked: int
    first: int
    found: int


def milan() -> SearchIndex:
    """The index of the guide that is shipped."""
    rows = read_places(PLACES.read_text("utf-8")).rows
    return SearchIndex(
        [
            Entry(
                code=row.code,
                name_zh=row.name_zh,
                name_en=row.name_en,
                name_it=row.name_it,
                aliases=row.aliases,
                category=row.category,
                rank=rank,
            )
            for rank, row in enumerate(rows)
        ]
    )


def hit_rates() -> list[Rate]:
    """One rate for each kind of query, in the order of the table."""
    index = milan()
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for kind in KINDS:
        ranks = [
            [hit.code for hit in index.find(row["query"])[:3]].index(row["place"])
            if row["place"] in [hit.code for hit in index.find(row["query"])[:3]]
            else 3
            for row in rows
            if row["kind"] == kind
        ]
        found.append(
            Rate(kind, len(ranks), sum(rank == 0 for rank in ranks), sum(rank < 3 for rank in ranks))
        )
    return found


def quality_page(*, note: str) -> Iterator[str]:
    """The table as a page of the documentation."""
    rates = hit_rates()
    total = Rate("all", *(sum(getattr(rate, name) for rate in rates) for name in ("asked", "first", "found")))
    yield from ("# How well the guide finds places", "", note, "")
    yield "The queries are in [tests/guide/queries.csv](../tests/guide/queries.csv), each with the one place it"
    yield "wants, written down and committed before the index was measured by them. The places are the 68 of"
    yield "Milan that are shipped. The author of the queries knew the guide, so they say how the search works"
    yield "on such spellings, not how real travellers spell."
    yield ""
    yield "The first measurement, with the index as it was when they were written, found"
    yield f"{FIRST_MEASURED[0]} of {FIRST_MEASURED[1]} ({_percent(*FIRST_MEASURED)}) among the first three. Its misses"
    yield "showed that words in another order, words of two scripts and the middle of a long pinyin were not"
    yield "looked up; now they are, so the table is no longer a blind measurement."
    yield from ("", "| kind | queries | first | among three | share |", "|---|---:|---:|---:|---:|")
    for rate in [*rates, total]:
        name = KINDS.get(rate.kind, "**all**")
        yield f"| {name} | {rate.asked} | {rate.first} | {rate.found} | {_percent(rate.found, rate.asked)} |"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"

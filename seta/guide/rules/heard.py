"""What may be kept of searches: short queries, counted once a person and day, shown from five people on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from re import compile as pattern

from seta.guide.rules.spelling import fold

PEOPLE_MIN = 5
QUERY_CHARACTERS_MIN, QUERY_CHARACTERS_MAX = 2, 40
WHO_BYTES = 16
_NUMBER = pattern(r"\d{5}")
"""Five digits in a row are a telephone, an order or a document, not a place."""


@dataclass(frozen=True)
class Heard:
    """A query of one closed day on one channel, with how many different people searched for it."""

    query: str
    channel: str
    people: int
    found: bool


@dataclass(frozen=True)
class Asked:
    """A query over some days: on how many of them it was shown, by how many people a day added up."""

    query: str
    days: int
    people: int
    found: bool


def kept_query(text: str) -> str:
    """The spelling that is counted, empty for what is no search: too short, a whole message, or a number."""
    query = fold(text.encode("utf-8", "ignore").decode().replace("\0", ""))
    short = QUERY_CHARACTERS_MIN <= len(query) <= QUERY_CHARACTERS_MAX
    return query if short and not _NUMBER.search(query) else ""


def who(person: str, *, house_id: int, day: date, query: str, secret: str) -> str:
    """A digest that is another for each house, day and query, so that nothing joins one person's searches."""
    key = blake2b(secret.encode(), digest_size=32).digest()
    told = "\x1f".join((str(house_id), day.isoformat(), query, person))
    return blake2b(told.encode(), key=key, digest_size=WHO_BYTES).hexdigest()


def closed(heard: Iterable[Heard]) -> dict[str, tuple[int, bool]]:
    """People and whether anything was found, by query, of what enough people searched.

    One person may have searched on two channels and cannot be recognised there: the greater count is the least
    number of people that is certain.
    """
    people: Counter[str] = Counter()
    found: dict[str, bool] = {}
    for each in heard:
        people[each.query] = max(people[each.query], each.people)
        found[each.query] = found.get(each.query, False) or each.found
    return {query: (count, found[query]) for query, count in people.items() if count >= PEOPLE_MIN}


def without_beginnings(asked: Sequence[Asked]) -> list[Asked]:
    """The list without what was typed on the way to a longer query that half as many people or more completed."""
    return [
        each
        for each in asked
        if not any(
            other.query != each.query
            and other.query.startswith(each.query)
            and 2 * other.people >= each.people
            for other in asked
        )
    ]

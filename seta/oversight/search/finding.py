"""Finds the newest messages that hold every term: the index names candidates, the opened words decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from seta.oversight import bodies
from seta.oversight.rules.fold import fold
from seta.oversight.search import index
from seta.oversight.search.terms import holds
from seta.oversight.search.tokens import tokens_of_house

CANDIDATES_MIN, CANDIDATES_MAX = 64, 1024
_COLUMNS = (
    "m.id, m.account_id, m.msgid, m.conversation, m.userid, m.external_userid, m.person_id, m.sender_role, "
    "m.kind, m.sent_at, m.revoked_at, m.sealed_body, k.id, k.sealed"
)


@dataclass(frozen=True)
class Filters:
    """What else must hold: whose talk, when it was said, who spoke, what kind it was, whether policy found anything."""

    userid: str = ""
    external_userid: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sender_role: str = ""
    kind: str = ""
    hits_only: bool = False


@dataclass(frozen=True)
class Located:
    """Which message was found: whose it is, where and when it was said."""

    message_id: int
    conversation: str
    userid: str
    external_userid: str
    person_id: int | None
    sender_role: str
    kind: str
    sent_at: datetime
    is_revoked: bool


@dataclass(frozen=True)
class Found(Located):
    """A message that holds every term, with its words open."""

    text: str


def newest(
    *, house_id: int, terms: Sequence[str], filters: Filters, before: int | None, limit: int
) -> list[Found]:
    """At most `limit` messages archived before message `before`, newest first; nothing that holds is left out."""
    found: list[Found] = []
    # Whoever asks for a pair or a character gets what holds it; longer terms may have their pairs apart.
    want = limit if max(map(len, terms)) < 3 else max(CANDIDATES_MIN, limit)
    while True:
        rows = _candidates(house_id, terms, filters, before, want)
        for one in _opened(rows, terms):
            found.append(one)
            if len(found) == limit:
                return found
        if len(rows) < want:
            return found
        before = rows[-1][0]
        want = min(2 * want, CANDIDATES_MAX)


def _candidates(
    house_id: int, terms: Sequence[str], filters: Filters, before: int | None, want: int
) -> list[tuple[Any, ...]]:
    wanted = set[str]().union(*map(tokens_of_house(house_id).asked_for, terms))
    table, column, condition, parameter = index.matching(wanted)
    conditions, parameters = [condition, "m.house_id = %s"], [parameter, house_id]
    if before is not None:
        conditions.append(f"{column} < %s")
        parameters.append(before)
    for text, value in _conditions(filters):
        conditions.append(text)
        parameters.extend(value)
    # SQLite takes tables as written only with CROSS JOIN: the index must lead, in its own order.
    join = "CROSS JOIN" if connection.vendor == "sqlite" else "INNER JOIN"
    on = "AND" if connection.vendor == "sqlite" else "ON"
    tables = f"{table} {join} oversight_archivedmessage m"
    keys = f"{join} oversight_bodykey k"
    links = [f"m.id = {column}", "k.id = m.body_key_id"]
    if on == "ON":
        source = f"{tables} ON {links[0]} {keys} ON {links[1]}"
    else:
        source = f"{tables} {keys}"
        conditions += links
    sql = f"SELECT {_COLUMNS} FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {column} DESC LIMIT {want}"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _conditions(filters: Filters) -> Iterator[tuple[str, list[Any]]]:
    for column in ("userid", "external_userid", "sender_role", "kind"):
        value = getattr(filters, column)
        if value:
            yield f"m.{column} = %s", [value]
    adapt = connection.ops.adapt_datetimefield_value
    if filters.since is not None:
        yield "m.sent_at >= %s", [adapt(filters.since)]
    if filters.until is not None:
        yield "m.sent_at < %s", [adapt(filters.until)]
    if filters.hits_only:
        yield "EXISTS (SELECT 1 FROM oversight_hit h WHERE h.message_id = m.id)", []


def _opened(rows: Sequence[tuple[Any, ...]], terms: Sequence[str]) -> Iterator[Found]:
    for row in rows:
        message_id, account_id, msgid, *said, body, key_id, sealed = row
        try:
            key = bodies.opened(key_id, sealed)
            text = key.unseal(body, bound_to=f"{account_id}:{msgid}").decode()
        except bodies.BodyUnreadable:
            continue
        if holds(fold(text), terms):
            *named, sent_at, revoked_at = said
            values = [message_id, *named, _instant(sent_at), revoked_at is not None, text]
            yield Found(*values)


def _instant(value: Any) -> datetime:
    """SQLite keeps instants in UTC and without saying so, as text or already read."""
    at: datetime = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

"""Finds the newest messages that hold every term: the index names candidates, the opened words decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from seta.oversight import bodies
from seta.oversight.rules.fold import fold
from seta.oversight.search import index
from seta.oversight.search.terms import holds
from seta.oversight.search.tokens import tokens_of_house

CANDIDATES_MIN, CANDIDATES_MAX = 64, 1024
_COLUMNS = (
    "m.id, m.account_id, m.msgid, m.conversation, m.userid, m.external_userid, m.person_id, m.sender_role, "
    "m.kind, {sent_at}, m.revoked_at IS NOT NULL, m.sealed_body, k.id, k.sealed"
)
# SQLite keeps instants as text in UTC and without saying so.
_SENT_AT = {"sqlite": "m.sent_at || '+00:00'", "postgresql": "m.sent_at"}


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


class Located(msgspec.Struct, frozen=True):
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


class Found(Located, frozen=True):
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
    columns = _COLUMNS.format(sent_at=_SENT_AT[connection.vendor])
    sql = (
        f"SELECT {columns} FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {column} DESC LIMIT {want}"
    )
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
    # A folded text is its characters' forms in a row, so a term that folds to itself and stands in the text as written
    # stands in the folded one too; most talk is decided so, without folding it.
    plainly = all(fold(term) == term for term in terms)
    for row in rows:
        message_id, account_id, msgid, *said, body, key_id, sealed = row
        try:
            key = bodies.opened(key_id, sealed)
            text = key.unseal(body, bound_to=f"{account_id}:{msgid}").decode()
        except bodies.BodyUnreadable:
            continue
        if (plainly and holds(text, terms)) or holds(fold(text), terms):
            *named, sent_at, is_revoked = said
            at = sent_at if isinstance(sent_at, datetime) else datetime.fromisoformat(sent_at)
            values = [message_id, *named, at, bool(is_revoked), text]
            yield Found(*values)

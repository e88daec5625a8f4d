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
    "{message_id}, m.house_id, m.account_id, m.msgid, m.conversation, m.userid, m.external_userid, m.person_id, "
    "m.sender_role, m.kind, {sent_at}, m.revoked_at IS NOT NULL, m.sealed_body, k.id, k.sealed"
)
_MESSAGE, _KEY = "oversight_archivedmessage m", "oversight_bodykey k"
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
        for one in _opened(house_id, rows, terms):
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
    conditions, parameters = [condition], [parameter]
    if before is not None:
        conditions.append(f"{column} < %s")
        parameters.append(before)
    filtering = list(_conditions(filters))
    if connection.vendor == "sqlite" or filtering:
        filtering.append(("m.house_id = %s", [house_id]))
    for text, value in filtering:
        conditions.append(text)
        parameters.extend(value)
    columns = _COLUMNS.format(message_id=column, sent_at=_SENT_AT[connection.vendor])
    where = f"WHERE {' AND '.join(conditions)}"
    newest_first = f"ORDER BY {column} DESC LIMIT {want}"
    if connection.vendor == "sqlite":
        # SQLite takes tables as written only with CROSS JOIN: the index must lead, in its own order.
        source = f"{table} CROSS JOIN {_MESSAGE} CROSS JOIN {_KEY}"
        links = f"m.id = {column} AND k.id = m.body_key_id"
        sql = f"SELECT {columns} FROM {source} {where} AND {links} {newest_first}"
    else:
        # PostgreSQL would look up the message of every candidate before it sorts them; only the newest are needed.
        # Without filters the index alone decides, whose tokens are the house's own: a message of another house that
        # shares them by chance is handed on, so that rows can be counted, and passed over when they are opened.
        source = f"{table} INNER JOIN {_MESSAGE} ON m.id = {column}" if filtering else table
        ids = f"SELECT {column} FROM {source} {where} {newest_first}"
        joined = f"({ids}) s LEFT JOIN {_MESSAGE} ON m.id = {column} LEFT JOIN {_KEY} ON k.id = m.body_key_id"
        sql = f"SELECT {columns} FROM {joined} ORDER BY {column} DESC"
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


def _opened(house_id: int, rows: Sequence[tuple[Any, ...]], terms: Sequence[str]) -> Iterator[Found]:
    # A folded text is its characters' forms in a row, so a term that folds to itself and stands in the text as written
    # stands in the folded one too; most talk is decided so, without folding it.
    plainly = all(fold(term) == term for term in terms)
    for row in rows:
        message_id, house, account_id, msgid, *said, body, key_id, sealed = row
        if house != house_id:
            continue
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

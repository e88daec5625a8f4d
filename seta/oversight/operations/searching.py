"""Search in what was archived: by a reviewer, for a declared purpose, every question and reading logged."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.kit.ids import new_id
from seta.oversight import bodies
from seta.oversight.models import ArchiveSearch
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.rights import authorise
from seta.oversight.rules.judging import Piece
from seta.oversight.rules.review import purpose_of
from seta.oversight.search.finding import Filters, Found, Located, newest
from seta.oversight.search.terms import QUERY_CHARS_MAX, QueryRefused, excerpt, read_terms, spans

__all__ = [
    "QUERY_CHARS_MAX",
    "Filters",
    "QueryRefused",
    "SearchHit",
    "SearchPage",
    "search_archive",
    "search_query",
]
PAGE_MESSAGES_MAX = 200


class SearchHit(Located, frozen=True):
    """A message found, with the words around the first place that was asked for."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class SearchPage:
    """The newest messages found; `next_before` asks for the page after it and is None on the last."""

    terms: tuple[str, ...]
    hits: tuple[SearchHit, ...]
    next_before: int | None


def search_archive(
    *,
    house_id: int,
    user_id: int,
    query: str,
    purpose: str,
    now: datetime,
    filters: Filters | None = None,
    before: int | None = None,
    limit: int = 50,
) -> SearchPage:
    """The newest messages of the house that hold every word of the query, whatever script or disguise it is in.

    The question is kept with its words sealed, and the audit log gets its digest, its purpose and which messages were
    shown. Raises Refused (NOT_ALLOWED, logged; NO_PURPOSE) and QueryRefused.
    """
    why = purpose_of(purpose)
    authorise(house_id, user_id, "search", now)
    terms = read_terms(query)
    asked = filters or Filters()
    limit = max(1, min(limit, PAGE_MESSAGES_MAX))
    found = newest(house_id=house_id, terms=terms, filters=asked, before=before, limit=limit + 1)
    shown = found[:limit]
    _log(house_id, user_id, query, why.value, _plain(asked, before), shown, now)
    following = shown[-1].message_id if len(found) > limit else None
    return SearchPage(terms, tuple(_hit(one, terms) for one in shown), following)


def search_query(*, house_id: int, search_id: int) -> str | None:
    """The words that somebody searched for, for who reviews the reviewers; None when unknown or unreadable."""
    row = ArchiveSearch.objects.select_related("body_key").filter(pk=search_id, house_id=house_id).first()
    if row is None:
        return None
    try:
        return bodies.unseal(row.sealed_query, key=row.body_key, bound_to=f"search:{row.key}").decode()
    except bodies.BodyUnreadable:
        return None


@transaction.atomic
def _log(
    house_id: int,
    user_id: int,
    query: str,
    purpose: str,
    filters: Mapping[str, Any],
    shown: Sequence[Found],
    now: datetime,
) -> None:
    key = bodies.keys_for(house_id=house_id, person_ids=[None], now=now)[None]
    name = new_id("sea")
    sealed = key.seal(query.encode("utf-8", "replace"), bound_to=f"search:{name}")
    search = ArchiveSearch.objects.create(
        house_id=house_id,
        user_id=user_id,
        purpose=purpose,
        key=name,
        sealed_query=sealed,
        body_key_id=key.id,
        filters=filters,
        found=len(shown),
        asked_at=now,
    )
    details = {
        "search": search.pk,
        "user": user_id,
        "purpose": purpose,
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
        "filters_sha256": hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest(),
        "messages": [one.message_id for one in shown],
    }
    append_audit(house_id=house_id, kind="archive.searched", details=details, now=now)


def _plain(filters: Filters, before: int | None) -> dict[str, Any]:
    values = {name: value for name, value in vars(filters).items() if value}
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
    return plain | ({"before": before} if before is not None else {})


def _hit(one: Found, terms: Sequence[str]) -> SearchHit:
    where = {name: getattr(one, name) for name in Located.__struct_fields__}
    return SearchHit(**where, pieces=excerpt(one.text, spans(one.text, terms)))

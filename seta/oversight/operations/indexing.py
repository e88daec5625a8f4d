"""Keeps the search index as the archive is: added to with each batch, taken out of with each erasure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from seta.kit.clock import BEIJING
from seta.oversight import bodies
from seta.oversight.models import ArchivedMessage
from seta.oversight.search import index
from seta.oversight.search.tokens import tokens_of_house

BATCH_MESSAGES = 500
COMPACT_HOUR = 3


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A message that is archived and its words, still open."""

    message_id: int
    text: str


def index_messages(rows: Sequence[IndexRow], *, house_id: int | None = None) -> None:
    """Index freshly archived messages, each once; call in the transaction that archives them.

    All rows belong to `house_id`; without it each message is asked for its house.
    """
    assert connection.in_atomic_block
    if not rows:
        return
    if house_id is not None:
        tokens = tokens_of_house(house_id)
        index.add([(row.message_id, tokens.words_of(row.text)) for row in rows])
        return
    for house, mine in _by_house(rows).items():
        index_messages(mine, house_id=house)


def _by_house(rows: Sequence[IndexRow]) -> dict[int, list[IndexRow]]:
    houses = dict(
        ArchivedMessage.objects.filter(pk__in=[row.message_id for row in rows]).values_list("pk", "house_id")
    )
    found: dict[int, list[IndexRow]] = defaultdict(list)
    for row in rows:
        found[houses[row.message_id]].append(row)
    return found


def unindex_messages(message_ids: Sequence[int]) -> int:
    """Take messages out of the index while their bodies can still be opened; returns how many.

    Call in the transaction that destroys their keys and before it does: FTS5 forgets a message only when told the
    words it was found by.
    """
    assert connection.in_atomic_block
    removed = 0
    for start in range(0, len(message_ids), BATCH_MESSAGES):
        ids = message_ids[start : start + BATCH_MESSAGES]
        found = index.indexed(ids)
        entries = []
        for row in ArchivedMessage.objects.filter(pk__in=found).select_related("body_key"):
            text = _text(row)
            if text is not None:
                entries.append((row.pk, tokens_of_house(row.house_id).words_of(text)))
        index.remove(entries)
        removed += len(entries)
    return removed


def unindex_person(*, house_id: int, person_id: int) -> int:
    """Take everything said by and to a person out of the index; call before their keys are destroyed."""
    messages = ArchivedMessage.objects.filter(house_id=house_id, body_key__person_id=person_id)
    return unindex_messages(list(messages.values_list("pk", flat=True)))


def index_missing(*, messages_max: int = 100_000) -> int:
    """Index what the archive held before it had an index, newest first; returns how many messages."""
    done, before = 0, None
    while done < messages_max:
        rows = ArchivedMessage.objects.filter(body_key__destroyed_at=None).order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=before)
        batch = list(rows.select_related("body_key")[:BATCH_MESSAGES])
        if not batch:
            break
        before = batch[-1].pk
        done += _index_batch(batch)
    return done


@transaction.atomic
def _index_batch(batch: Sequence[ArchivedMessage]) -> int:
    known = index.indexed([row.pk for row in batch])
    texts = [(row.house_id, row.pk, _text(row)) for row in batch if row.pk not in known]
    for house_id in {house_id for house_id, _, _ in texts}:
        mine = [IndexRow(pk, text) for house, pk, text in texts if house == house_id and text is not None]
        index_messages(mine, house_id=house_id)
    return len([text for _, _, text in texts if text is not None])


def rebuild_index() -> int:
    """Empty the index and build it from the bodies, for when the folding of text has changed."""
    with transaction.atomic():
        index.empty()
    return index_missing(messages_max=1 << 62)


def compact_index() -> None:
    """Rewrite the index without the remains of what was erased; outside a transaction."""
    index.compact()


def compact_at_night(now: datetime) -> bool:
    """Compact the index in the hour after three in Beijing, where the houses' clients sleep; call once an hour."""
    if now.astimezone(BEIJING).hour != COMPACT_HOUR:
        return False
    compact_index()
    return True


def _text(row: ArchivedMessage) -> str | None:
    try:
        return bodies.unseal(
            row.sealed_body, key=row.body_key, bound_to=f"{row.account_id}:{row.msgid}"
        ).decode()
    except bodies.BodyUnreadable:
        return None

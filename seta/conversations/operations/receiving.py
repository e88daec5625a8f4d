"""What followers send: texts with their replies, and everything else kept and answered politely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from seta.callbacks.rules import Answer, Inbound
from seta.conversations import rules
from seta.conversations.events import MessageReceived
from seta.conversations.operations.keeping import Kept, keep_batch
from seta.conversations.rules import Reply
from seta.events.events import Fact
from seta.events.operations import publish_many


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one message: who wrote it, in which conversation, and the answer for the door."""

    person_id: int
    conversation_id: int
    answer: Answer


@transaction.atomic(savepoint=False)
def receive_texts(
    *,
    batch: Sequence[Inbound],
    replies: Sequence[Reply | None],
    facts: Sequence[Fact | None] = (),
    now: datetime,
) -> list[Received]:
    """Keep texts of one house with the replies a higher part found for them; in order.

    `facts` are that part's own, one a message, told here with the person filled in so that a batch stays at six
    statements.
    """
    kept = keep_batch(batch, replies, now)
    publish_many([*_received(kept, now), *_with_people(facts, kept)])
    return [Received(one.person_id, one.conversation_id, one.answer) for one in kept]


@transaction.atomic(savepoint=False)
def receive_media(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Keep pictures, voices, places and links, and promise a person's answer. A callback handler."""
    answers: dict[int, Answer] = {}
    for house_id in sorted({inbound.house_id for inbound in batch}):
        mine = [inbound for inbound in batch if inbound.house_id == house_id]
        kept = keep_batch(mine, [rules.media_reply(inbound.kind) for inbound in mine], now)
        publish_many(_received(kept, now))
        answers.update({one.inbound.callback_id: one.answer for one in kept})
    return [answers[inbound.callback_id] for inbound in batch]


def _received(kept: Sequence[Kept], now: datetime) -> list[Fact]:
    return [
        MessageReceived(
            house_id=one.inbound.house_id,
            occurred_at=now,
            person_id=one.person_id,
            conversation_id=one.conversation_id,
            kind=one.inbound.kind,
        )
        for one in kept
    ]


def _with_people(facts: Sequence[Fact | None], kept: Sequence[Kept]) -> list[Fact]:
    if not facts:
        return []
    return [
        replace(fact, person_id=one.person_id)
        for fact, one in zip(facts, kept, strict=True)
        if fact is not None
    ]

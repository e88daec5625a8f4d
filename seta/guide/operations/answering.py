"""Answers what followers type, a whole batch at a time: the search is in memory, the keeping is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.callbacks.rules import Answer, Inbound
from seta.conversations.operations import receive_texts
from seta.conversations.rules import Reply
from seta.events.operations import publish
from seta.guide.events import PlaceSearched
from seta.guide.lookup import GuideInMemory, guide_of
from seta.guide.models import MissedSearch
from seta.guide.operations.hearing import Search, hear
from seta.guide.rules.search import Hit
from seta.guide.rules.spelling import QUERY_CHARACTERS_MAX, fold
from seta.guide.rules.texts import no_guide_reply, no_hit_reply, small_talk
from seta.kit.clock import rome_day

CHANNEL = "official_account"
MINI_PROGRAM = "mini_program"
MISS_CHARACTERS_MIN = 3
"""The mini program searches while one types: one or two letters are not yet a search in vain."""


@dataclass(frozen=True)
class _Answered:
    reply: Reply
    fact: PlaceSearched | None = None
    missed: str = ""


@transaction.atomic(savepoint=False)
def answer_texts(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Keep and answer texts with the place that each is looking for. A callback handler.

    A text that finds nothing is answered all the same, marked for staff, and noted as a miss.
    """
    answers: dict[int, Answer] = {}
    for house_id in sorted({inbound.house_id for inbound in batch}):
        mine = [inbound for inbound in batch if inbound.house_id == house_id]
        guide = guide_of(house_id)
        found = [_answer(guide, inbound, now) for inbound in mine]
        received = receive_texts(
            batch=mine,
            replies=[each.reply for each in found],
            facts=[each.fact for each in found],
            now=now,
        )
        answers.update({inbound.callback_id: one.answer for inbound, one in zip(mine, received, strict=True)})
        missed = [MissedSearch(house_id=house_id, query=each.missed, at=now) for each in found if each.missed]
        MissedSearch.objects.bulk_create(missed)
        hear(
            [
                Search(
                    house_id, str(inbound.fields.get("FromUserName", "")), _text(inbound), each.fact.hits > 0
                )
                for inbound, each in zip(mine, found, strict=True)
                if each.fact is not None
            ],
            channel=CHANNEL,
            now=now,
        )
    return [answers[inbound.callback_id] for inbound in batch]


@transaction.atomic
def note_search(*, house_id: int, person_id: int | None, query: str, now: datetime) -> tuple[Hit, ...]:
    """Search from the mini program: the hits, with the fact told and a miss noted."""
    guide = guide_of(house_id)
    hits = guide.search.find(query)
    publish(_fact(guide, house_id, hits, MINI_PROGRAM, now, person_id=person_id))
    if person_id is not None:
        hear([Search(house_id, str(person_id), query, bool(hits))], channel=MINI_PROGRAM, now=now)
    if not hits and len(fold(query)) >= MISS_CHARACTERS_MIN:
        MissedSearch.objects.create(
            house_id=house_id, query=query.replace("\0", "").strip()[:QUERY_CHARACTERS_MAX], at=now
        )
    return hits


def _answer(guide: GuideInMemory, inbound: Inbound, now: datetime) -> _Answered:
    text = _text(inbound)
    if not guide.places:
        return _Answered(Reply(no_guide_reply(), needs_person=True))
    polite = small_talk(fold(text))
    if polite:
        return _Answered(Reply(polite))
    hits = guide.search.find(text)
    fact = _fact(guide, inbound.house_id, hits, CHANNEL, now)
    if not hits:
        missed = text.strip()[:QUERY_CHARACTERS_MAX]
        return _Answered(Reply(no_hit_reply(), needs_person=True), fact, missed)
    return _Answered(Reply(guide.reply(hits, rome_day(now))), fact)


def _text(inbound: Inbound) -> str:
    return str(inbound.fields.get("Content", "")).replace("\0", "")


def _fact(
    guide: GuideInMemory,
    house_id: int,
    hits: tuple[Hit, ...],
    channel: str,
    now: datetime,
    *,
    person_id: int | None = None,
) -> PlaceSearched:
    first = hits[0] if hits else None
    return PlaceSearched(
        house_id=house_id,
        occurred_at=now,
        person_id=person_id,
        channel=channel,
        hits=len(hits),
        how=first.how if first else "",
        place=first.code if first else "",
        district=guide.district(first.code) if first else "",
    )

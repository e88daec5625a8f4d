"""Brings a broadcast to its time: written, submitted, shown to one follower, approved by another person, given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.articles import operations as articles
from seta.articles import queries as article_queries
from seta.broadcasts.models import Broadcast
from seta.broadcasts.queries import expect
from seta.broadcasts.rules.dividing import A_MONTH_MAX, RECIPIENTS_MIN
from seta.broadcasts.rules.refusals import BroadcastRefused, Refusal
from seta.broadcasts.rules.segments import LANGUAGES, TEXT_CHARS_MAX, Segment, read_segment
from seta.broadcasts.rules.states import State, is_time
from seta.houses import queries as houses
from seta.houses.queries import AccountMissing
from seta.oversight.operations import clear_all_to_send

CHANNEL = "broadcast"
"""By which the house's policy judges what is broadcast."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a broadcast is to be: texts by language or an article, for whom, when (None: once it is approved).

    `keep_back` is how many of a follower's four a month it leaves.
    """

    title: str
    texts: Mapping[str, str]
    article_id: int | None
    segment: Segment
    keep_back: int
    send_at: datetime | None


def write_broadcast(
    *, house_id: int, broadcast_id: int | None, wish: Wish, user_id: int, now: datetime
) -> int:
    """Keep a draft, a new one without `broadcast_id`; returns its number.

    Raises BroadcastRefused(NO_TITLE, TOO_LONG, UNKNOWN, WRONG_STATE).
    """
    title = wish.title.strip()[:80]
    texts = {each: wish.texts.get(each, "").strip() for each in LANGUAGES if wish.texts.get(each, "").strip()}
    if not title:
        raise BroadcastRefused(Refusal.NO_TITLE)
    if any(len(text) > TEXT_CHARS_MAX for text in texts.values()):
        raise BroadcastRefused(Refusal.TOO_LONG)
    with transaction.atomic():
        row = _locked(house_id, broadcast_id, State.DRAFT) if broadcast_id else Broadcast(house_id=house_id)
        row.title = title
        row.texts = {} if wish.article_id else texts
        row.article_id = _article(house_id, wish.article_id)
        row.segment = wish.segment.as_json()
        row.keep_back = min(max(wish.keep_back, 0), A_MONTH_MAX - 1)
        row.send_at = wish.send_at
        row.written_by_id = user_id
        row.changed_at = now
        row.decided_by_id = row.decided_at = None
        row.save()
    return row.pk


def _article(house_id: int, article_id: int | None) -> int | None:
    if article_id is None:
        return None
    found = article_queries.approved_in(house_id, article_id).get(article_id)
    if found is None or LANGUAGES[0] not in found[1]:
        raise BroadcastRefused(Refusal.UNKNOWN_ARTICLE)
    return article_id


def submit_broadcast(*, house_id: int, broadcast_id: int, now: datetime) -> None:
    """Put a draft before a second person.

    Raises BroadcastRefused with what is missing, and with POLICY or RISKY when its words may not leave.
    """
    row = _locked(house_id, broadcast_id, State.DRAFT)
    _ready(row, now)
    _clear(row, now)
    with transaction.atomic():
        row = _locked(house_id, broadcast_id, State.DRAFT)
        row.state, row.note, row.problem = State.REVIEW, "", ""
        row.save(update_fields=["state", "note", "problem"])


def _ready(row: Broadcast, now: datetime) -> None:
    if not row.article_id and not row.texts.get(LANGUAGES[0]):
        raise BroadcastRefused(Refusal.NO_WORDS)
    if row.send_at and not is_time(row.send_at, now):
        raise BroadcastRefused(Refusal.BAD_TIME)
    try:
        expected = expect(
            row.house_id, read_segment(row.segment), keep_back=row.keep_back, at=row.send_at or now, now=now
        )
    except AccountMissing as missing:
        raise BroadcastRefused(Refusal.NOT_CONNECTED) from missing
    if expected.receiving < RECIPIENTS_MIN:
        raise BroadcastRefused(Refusal.NOBODY)


def _clear(row: Broadcast, now: datetime) -> None:
    """What the house's policy and WeChat's content check say of the words; an article is judged when it is drafted."""
    texts = list(row.texts.values())
    if any(
        verdict.refused
        for verdict in clear_all_to_send(house_id=row.house_id, channel=CHANNEL, texts=texts, now=now)
    ):
        raise BroadcastRefused(Refusal.POLICY)
    try:
        program = houses.mini_program(row.house_id)
    except AccountMissing:
        return
    if any(program.is_risky(text) for text in texts):
        raise BroadcastRefused(Refusal.RISKY)


@transaction.atomic
def approve_broadcast(*, house_id: int, broadcast_id: int, user_id: int, now: datetime) -> None:
    """Let it go at its time; raises BroadcastRefused(UNKNOWN, WRONG_STATE, SAME_PERSON, BAD_TIME)."""
    row = _locked(house_id, broadcast_id, State.REVIEW)
    if row.written_by_id == user_id:
        raise BroadcastRefused(Refusal.SAME_PERSON)
    if row.send_at and not is_time(row.send_at, now):
        raise BroadcastRefused(Refusal.BAD_TIME)
    row.state, row.decided_by_id, row.decided_at = State.PLANNED, user_id, now
    row.next_at, row.tries = row.send_at or now, 0
    row.save(update_fields=["state", "decided_by", "decided_at", "next_at", "tries"])


@transaction.atomic
def return_broadcast(*, house_id: int, broadcast_id: int, note: str, user_id: int, now: datetime) -> None:
    """Give it back with what has to be changed; its own writer takes it back without a word.

    Raises BroadcastRefused(UNKNOWN, WRONG_STATE, NO_NOTE).
    """
    row = _locked(house_id, broadcast_id, State.REVIEW)
    if not note.strip() and row.written_by_id != user_id:
        raise BroadcastRefused(Refusal.NO_NOTE)
    row.state, row.note, row.changed_at = State.DRAFT, note.strip()[:300], now
    row.save(update_fields=["state", "note", "changed_at"])


@transaction.atomic
def cancel_broadcast(*, house_id: int, broadcast_id: int, now: datetime) -> None:
    """Give a broadcast up before anybody has seen it; raises BroadcastRefused(UNKNOWN, WRONG_STATE)."""
    row = _locked(house_id, broadcast_id, State.DRAFT, State.REVIEW, State.PLANNED)
    row.state, row.next_at, row.changed_at = State.CANCELLED, None, now
    row.save(update_fields=["state", "next_at", "changed_at"])


def preview_broadcast(
    *, house_id: int, broadcast_id: int, wechat_id: str, language: str, now: datetime
) -> None:
    """Show it to one follower by WeChat ID; no quota counts it.

    Raises BroadcastRefused, ArticleRefused and PlatformError (40132: no such ID, 43004: no follower).
    """
    row = Broadcast.objects.filter(pk=broadcast_id, house_id=house_id).first()
    if row is None:
        raise BroadcastRefused(Refusal.UNKNOWN)
    wanted = wechat_id.strip()[:64]
    if not wanted:
        raise BroadcastRefused(Refusal.NO_WECHAT_ID)
    try:
        account = houses.official_account(house_id)
    except AccountMissing as missing:
        raise BroadcastRefused(Refusal.NOT_CONNECTED) from missing
    if row.article_id:
        media_id = articles.put_draft(
            house_id=house_id, article_id=row.article_id, language=language, now=now
        )
        account.preview_article(wanted, media_id)
        return
    text = row.texts.get(language) or row.texts.get(LANGUAGES[0])
    if not text:
        raise BroadcastRefused(Refusal.NO_WORDS)
    _clear(row, now)
    account.preview_text(wanted, text)


def _locked(house_id: int, broadcast_id: int, *states: State) -> Broadcast:
    with transaction.atomic():
        row = Broadcast.objects.select_for_update().filter(pk=broadcast_id, house_id=house_id).first()
    if row is None:
        raise BroadcastRefused(Refusal.UNKNOWN)
    if row.state not in states:
        raise BroadcastRefused(Refusal.WRONG_STATE)
    return row

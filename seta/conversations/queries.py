"""Conversations as the desk reads them, and what other parts may know of a follower."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from seta.conversations.models import Conversation, Follow, Menu, Message
from seta.conversations.operations.sending import sends_left
from seta.houses.queries import AccountMissing, account
from seta.people import queries as people

__all__ = [
    "ChatDay",
    "ConversationCard",
    "ConversationTotals",
    "FollowCard",
    "MenuCard",
    "MessageRow",
    "Thread",
    "campaign_of",
    "campaigns",
    "chat_days",
    "conversations",
    "followers_of",
    "follows_of",
    "heard_by",
    "menu",
    "messages_of",
    "thread",
    "totals",
]


@dataclass(frozen=True, kw_only=True)
class ConversationCard:
    """A conversation in a list; `unanswered` means that staff owe a reply."""

    id: int
    person_id: int
    person_name: str
    language: str
    account_id: int
    opened_at: datetime
    last_at: datetime
    last_body: str
    last_kind: str
    last_direction: str
    unanswered: bool
    unanswered_since: datetime | None
    following: bool
    campaign: str


@dataclass(frozen=True, kw_only=True)
class MessageRow:
    """One message of a thread, with what became of it."""

    id: int
    direction: str
    channel: str
    kind: str
    body: str
    sent_at: datetime
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A whole conversation; `sends_left` is what WeChat's windows still allow now."""

    conversation: ConversationCard
    messages: tuple[MessageRow, ...]
    sends_left: int


@dataclass(frozen=True, kw_only=True)
class FollowCard:
    """One spell of following."""

    account_id: int
    followed_at: datetime
    unfollowed_at: datetime | None
    scene: str
    campaign: str


@dataclass(frozen=True, kw_only=True)
class MenuCard:
    """The draft, what the platform has, and whether they differ."""

    draft: list[dict[str, Any]]
    published: list[dict[str, Any]] | None
    published_at: datetime | None
    changed: bool


@dataclass(frozen=True, kw_only=True)
class ConversationTotals:
    """A stretch of time in numbers."""

    followers: int
    followed: int
    unfollowed: int
    received: int
    sent: int
    held: int
    failed: int
    unanswered: int


def conversations(
    house_id: int, *, since: datetime | None = None, unanswered: bool = False, limit: int = 100
) -> Sequence[ConversationCard]:
    """Conversations with their last message: those waiting for staff first, then the newest."""
    rows = Conversation.objects.filter(house_id=house_id)
    if since is not None:
        rows = rows.filter(Q(last_at__gte=since) | Q(unanswered_since__isnull=False))
    if unanswered:
        rows = rows.filter(unanswered_since__isnull=False)
    found = list(_with_last(rows).order_by(F("unanswered_since").asc(nulls_last=True), "-last_at")[:limit])
    return _cards(found)


def thread(*, house_id: int, conversation_id: int, now: datetime, limit: int = 500) -> Thread | None:
    """A conversation with its newest messages in the order they were sent; None outside the house."""
    row = _with_last(Conversation.objects.filter(house_id=house_id, pk=conversation_id)).first()
    if row is None:
        return None
    newest = list(Message.objects.filter(conversation_id=row.pk).order_by("-sent_at", "-id")[:limit])
    return Thread(
        conversation=_cards([row])[0],
        messages=tuple(_message_row(message) for message in reversed(newest)),
        sends_left=sends_left(row.pk, now),
    )


def messages_of(*, house_id: int, person_id: int, limit: int = 500) -> Sequence[MessageRow]:
    """The newest messages between a person and any account of the house, in the order they were sent."""
    rows = Message.objects.filter(conversation__house_id=house_id, conversation__person_id=person_id)
    newest = list(rows.order_by("-sent_at", "-id")[:limit])
    return [_message_row(message) for message in reversed(newest)]


def heard_by(*, house_id: int, person_id: int, limit: int) -> Sequence[MessageRow]:
    """The newest messages that a person wrote or was sent, in order: no taps, nothing that was held or failed."""
    rows = Message.objects.filter(conversation__house_id=house_id, conversation__person_id=person_id)
    told = rows.filter(state__in=[Message.State.RECEIVED, Message.State.SENT]).exclude(body="")
    newest = list(told.exclude(kind__startswith="event").order_by("-sent_at", "-id")[:limit])
    return [_message_row(message) for message in reversed(newest)]


def totals(house_id: int, *, since: datetime) -> ConversationTotals:
    """Followers now, and what came and went since an instant."""
    counts = Message.objects.filter(house_id=house_id, sent_at__gte=since).aggregate(
        received=Count("pk", filter=Q(direction="in")),
        sent=Count("pk", filter=Q(direction="out", state="sent")),
        held=Count("pk", filter=Q(state="held")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    follows = Follow.objects.filter(house_id=house_id).aggregate(
        followers=Count("pk", filter=Q(unfollowed_at__isnull=True)),
        followed=Count("pk", filter=Q(followed_at__gte=since)),
        unfollowed=Count("pk", filter=Q(unfollowed_at__gte=since)),
    )
    waiting = Conversation.objects.filter(house_id=house_id, unanswered_since__isnull=False).count()
    return ConversationTotals(**counts, **follows, unanswered=waiting)


def follows_of(person_id: int) -> Sequence[FollowCard]:
    """The person's spells of following, the newest first."""
    return [
        FollowCard(
            account_id=row.account_id,
            followed_at=row.followed_at,
            unfollowed_at=row.unfollowed_at,
            scene=row.scene,
            campaign=row.campaign,
        )
        for row in Follow.objects.filter(person_id=person_id).order_by("-followed_at")
    ]


def followers_of(account_id: int) -> list[tuple[int, datetime, str]]:
    """Everybody who follows an account now: person, since when, by which campaign."""
    rows = Follow.objects.filter(account_id=account_id, unfollowed_at=None).order_by("person_id")
    return list(rows.values_list("person_id", "followed_at", "campaign"))


def campaigns(account_id: int) -> list[str]:
    """The campaigns by which people came to an account."""
    rows = Follow.objects.filter(account_id=account_id).exclude(campaign="")
    return sorted(set(rows.values_list("campaign", flat=True)))


def campaign_of(*, house_id: int, person_id: int) -> str:
    """The campaign of the newest code by which the person followed the house; empty when there was none."""
    rows = Follow.objects.filter(house_id=house_id, person_id=person_id).exclude(campaign="")
    return rows.order_by("-followed_at").values_list("campaign", flat=True).first() or ""


def menu(house_id: int) -> MenuCard | None:
    """The Official Account's menu as drafted and as published; None when none was saved."""
    try:
        found = account(house_id, "official_account")
    except AccountMissing:
        return None
    row = Menu.objects.filter(account_id=found.id).first()
    if row is None:
        return None
    return MenuCard(
        draft=row.draft,
        published=row.published,
        published_at=row.published_at,
        changed=row.draft != row.published,
    )


def _with_last(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-sent_at", "-id")
    spell = Follow.objects.filter(account=OuterRef("account"), person=OuterRef("person")).order_by(
        "-followed_at"
    )
    return rows.annotate(
        last_body=Subquery(last.values("body")[:1]),
        last_kind=Subquery(last.values("kind")[:1]),
        last_direction=Subquery(last.values("direction")[:1]),
        followed=Subquery(spell.values("followed_at")[:1]),
        left=Subquery(spell.values("unfollowed_at")[:1]),
        campaign=Subquery(spell.values("campaign")[:1]),
    )


def _cards(rows: Sequence[Any]) -> list[ConversationCard]:
    known = people.cards({row.person_id for row in rows}) if rows else {}
    return [
        ConversationCard(
            id=row.pk,
            person_id=row.person_id,
            person_name=known[row.person_id].display_name,
            language=known[row.person_id].language,
            account_id=row.account_id,
            opened_at=row.opened_at,
            last_at=row.last_at,
            last_body=row.last_body or "",
            last_kind=row.last_kind or "",
            last_direction=row.last_direction or "",
            unanswered=row.unanswered_since is not None,
            unanswered_since=row.unanswered_since,
            following=row.followed is not None and row.left is None,
            campaign=row.campaign or "",
        )
        for row in rows
    ]


def _message_row(row: Message) -> MessageRow:
    return MessageRow(
        id=row.pk,
        direction=row.direction,
        channel=row.channel,
        kind=row.kind,
        body=row.body,
        sent_at=row.sent_at,
        state=row.state,
        reason=row.reason,
    )


@dataclass(frozen=True, kw_only=True)
class ChatDay:
    """A day of a conversation, without its words: how many messages came and went, and when the last one did."""

    conversation_id: int
    last_at: datetime
    received: int
    sent: int


def chat_days(
    *, house_id: int, person_id: int, zone: tzinfo, before: datetime | None = None, limit: int = 40
) -> list[ChatDay]:
    """The days of `zone` on which a person and an account of the house wrote, newest first, last words `before`."""
    said = Message.objects.filter(
        house_id=house_id,
        conversation__person_id=people.current_id(person_id),
        state__in=[Message.State.RECEIVED, Message.State.SENT],
    )
    days = said.values("conversation_id", day=TruncDate("sent_at", tzinfo=zone)).annotate(
        last_at=Max("sent_at"),
        received=Count("id", filter=Q(direction=Message.Direction.IN)),
        sent=Count("id", filter=Q(direction=Message.Direction.OUT)),
    )
    if before is not None:
        days = days.filter(last_at__lt=before)
    return [
        ChatDay(
            conversation_id=row["conversation_id"],
            last_at=row["last_at"],
            received=row["received"],
            sent=row["sent"],
        )
        for row in days.order_by("-last_at")[:limit]
    ]

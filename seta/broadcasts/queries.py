"""Broadcasts as the desk shows them, whom a segment means, and what followers have received in a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from seta.articles import queries as articles
from seta.broadcasts.models import Broadcast, Recipient
from seta.broadcasts.rules.dividing import A_MONTH_MAX, allotted, month_of
from seta.broadcasts.rules.segments import Follower, Segment, fits, read_segment
from seta.broadcasts.rules.states import BatchState, State
from seta.clienteling.queries import tiers_of_house
from seta.conversations import queries as conversations
from seta.houses.queries import AccountMissing, account
from seta.people import queries as people


@dataclass(frozen=True)
class Expected:
    """What a broadcast would do: followers, those who fit, those who have none left this month, those who get it.

    `last_ones` would have none left after it.
    """

    followers: int
    meant: int
    left_out: int
    receiving: int
    last_ones: int


@dataclass(frozen=True, kw_only=True)
class BroadcastRow:
    """A broadcast in the list; the counts are None until it was divided."""

    id: int
    title: str
    state: str
    send_at: datetime | None
    article: str
    meant: int | None
    reached: int | None


@dataclass(frozen=True, kw_only=True)
class BroadcastView:
    """One broadcast with its counts: `sent` batches of `batches`, `unsaid` of them without WeChat's report."""

    id: int
    title: str
    texts: Mapping[str, str]
    article_id: int | None
    segment: Segment
    keep_back: int
    send_at: datetime | None
    state: str
    written_by_id: int | None
    decided_by_id: int | None
    decided_at: datetime | None
    note: str
    problem: str
    meant: int | None
    left_out: int | None
    sent_at: datetime | None
    batches: int
    sent: int
    unsaid: int
    allowed: int
    reached: int
    failed: int


def broadcasts(house_id: int, *, limit: int = 100) -> Sequence[BroadcastRow]:
    """The house's broadcasts, the last changed first."""
    rows = Broadcast.objects.filter(house_id=house_id).annotate(reached=Sum("batches__reached"))
    titles = articles.approved_in(house_id)
    return [
        BroadcastRow(
            id=row.pk,
            title=row.title,
            state=row.state,
            send_at=row.send_at,
            article=titles.get(row.article_id or 0, ("", ()))[0],
            meant=row.meant,
            reached=row.reached,
        )
        for row in rows.order_by("-changed_at", "-pk")[:limit]
    ]


def broadcast(house_id: int, broadcast_id: int) -> BroadcastView | None:
    """One broadcast of the house, or None."""
    row = Broadcast.objects.filter(pk=broadcast_id, house_id=house_id).first()
    if row is None:
        return None
    batches = list(row.batches.all())
    sent = [batch for batch in batches if batch.state == BatchState.SENT]
    return BroadcastView(
        id=row.pk,
        title=row.title,
        texts=row.texts,
        article_id=row.article_id,
        segment=read_segment(row.segment),
        keep_back=row.keep_back,
        send_at=row.send_at,
        state=row.state,
        written_by_id=row.written_by_id,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        note=row.note,
        problem=row.problem,
        meant=row.meant,
        left_out=row.left_out,
        sent_at=row.sent_at,
        batches=len(batches),
        sent=len(sent),
        unsaid=sum(batch.reached is None for batch in sent),
        allowed=sum(batch.allowed or 0 for batch in sent),
        reached=sum(batch.reached or 0 for batch in sent),
        failed=sum(batch.failed or 0 for batch in sent),
    )


def waiting_for_approval(house_id: int) -> int:
    """How many wait for a second person."""
    return Broadcast.objects.filter(house_id=house_id, state=State.REVIEW).count()


def choices(house_id: int) -> dict[str, Any]:
    """What a segment can be made of: the campaigns, cities and tiers that followers have."""
    try:
        account_id = account(house_id, "official_account").id
    except AccountMissing:
        return {"campaigns": [], "cities": [], "tiers": []}
    known = followers(house_id)
    return {
        "campaigns": conversations.campaigns(account_id),
        "cities": sorted({each.city for each in known if each.city}),
        "tiers": sorted({each.tier for each in known if each.tier}),
    }


def followers(house_id: int) -> list[Follower]:
    """Everybody who follows the house's Official Account and is known there by an openid; raises AccountMissing."""
    found = account(house_id, "official_account")
    since = {person: (at, campaign) for person, at, campaign in conversations.followers_of(found.id)}
    tiers = tiers_of_house(house_id)
    return [
        Follower(
            person_id=each.person_id,
            language=each.language,
            city=each.city,
            campaign=since[each.person_id][1],
            tier=tiers.get(each.person_id, ""),
            followed_at=since[each.person_id][0],
            agreed=each.agreed,
        )
        for each in people.addressees(since, app=found.app_id, purpose="messages")
    ]


def meant(house_id: int, segment: Segment, *, now: datetime) -> list[Follower]:
    """The followers who fit a segment; raises AccountMissing."""
    return [each for each in followers(house_id) if fits(segment, each, now)]


def expect(house_id: int, segment: Segment, *, keep_back: int, at: datetime, now: datetime) -> Expected:
    """What a broadcast to a segment would do in the month of `at`, by what is known now; raises AccountMissing."""
    everybody = followers(house_id)
    found = [each.person_id for each in everybody if fits(segment, each, now)]
    received = received_in(house_id, month_of(at))
    able = allotted(found, received, keep_back)
    last = sum(received.get(person, 0) == A_MONTH_MAX - 1 for person in able)
    return Expected(len(everybody), len(found), len(found) - len(able), len(able), last)


def received_in(house_id: int, month: str) -> dict[int, int]:
    """How many broadcasts of ours each person was sent, or is being sent, in a month such as 2026-11."""
    rows = Recipient.objects.filter(batch__broadcast__house_id=house_id, month=month).values_list("person_id")
    return dict(rows.annotate(number=Count("pk")).order_by())

"""Group sends and Moments with their results, as lists and one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import ClientTag, Outreach, OutreachResult, OutreachSender, SceneWelcome
from seta.clienteling.queries.composing import marked
from seta.clienteling.rules.composing import Attachment
from seta.clienteling.rules.outreach import month_began
from seta.oversight.rules import Piece


@dataclass(frozen=True)
class OutreachRow:
    """An outreach in a list; `counts` are clients by status, `confirmed` of `asked` associates have sent it."""

    id: int
    kind: str
    state: str
    text: str
    marked: tuple[Piece, ...]
    attachment: Attachment
    pictures: tuple[str, ...]
    tags: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    made_by: int
    made_at: datetime
    due_at: datetime
    asked: int
    confirmed: int
    counts: Mapping[str, int]
    likes: int
    comments: int

    @property
    def sent(self) -> int:
        """How many clients got it."""
        return self.counts.get("sent", 0)

    @property
    def clients(self) -> int:
        """How many clients it is meant for, without those left in peace."""
        return sum(self.counts.values()) - self.counts.get("left_out", 0)


@dataclass(frozen=True)
class SenderRow:
    """An associate's part and when they confirmed it."""

    associate_name: str
    userid: str
    confirmed_at: datetime | None
    results: tuple["ResultRow", ...]


@dataclass(frozen=True)
class ResultRow:
    """What became of one client."""

    person_id: int | None
    external_userid: str
    status: str
    reason: str
    sent_at: datetime | None
    likes: int
    comments: int


@dataclass(frozen=True)
class WelcomeRow:
    """What a scene's clients are greeted with, and the tags they get."""

    campaign: str
    boutique: str
    text: str
    tags: tuple[str, ...]


def outreaches(
    house_id: int, *, associate_id: int | None = None, states: Sequence[str] = (), limit: int = 50
) -> list[OutreachRow]:
    """Outreach of the house, or that an associate takes part in, newest first."""
    rows = Outreach.objects.filter(house_id=house_id)
    if associate_id is not None:
        rows = rows.filter(senders__associate_id=associate_id).distinct()
    if states:
        rows = rows.filter(state__in=states)
    return [_row(row) for row in rows.order_by("-made_at", "-pk")[:limit]]


def outreach(house_id: int, outreach_id: int) -> tuple[OutreachRow, tuple[SenderRow, ...]] | None:
    """One outreach with each associate's part, or None."""
    row = Outreach.objects.filter(house_id=house_id, pk=outreach_id).first()
    return (_row(row), _senders(row)) if row else None


def received_this_month(*, house_id: int, person_id: int, now: datetime) -> int:
    """How many group messages a client has got in Beijing's month, from all associates of the house."""
    return OutreachResult.objects.filter(
        sender__outreach__house_id=house_id,
        sender__outreach__kind=Outreach.Kind.GROUP,
        person_id=person_id,
        status="sent",
        sent_at__gte=month_began(now),
    ).count()


def welcomes(house_id: int) -> list[WelcomeRow]:
    """What a house says to those who come by a campaign's or a boutique's code."""
    rows = SceneWelcome.objects.filter(house_id=house_id).order_by("campaign", "boutique")
    return [WelcomeRow(row.campaign, row.boutique, row.text, tuple(row.tags)) for row in rows]


def _row(row: Outreach) -> OutreachRow:
    results = list(
        OutreachResult.objects.filter(sender__outreach=row).values_list("status", "likes", "comments")
    )
    senders = list(row.senders.values_list("confirmed_at", flat=True))
    return OutreachRow(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        text=row.text,
        marked=marked(row.house_id, row.text, "moments") if row.rules else (Piece(row.text),),
        attachment=Attachment.load(row.attachment),
        pictures=tuple(row.pictures),
        tags=tuple(row.tags),
        rules=tuple(row.rules),
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        due_at=row.due_at,
        asked=len(senders),
        confirmed=sum(one is not None for one in senders),
        counts=Counter(status for status, _, _ in results),
        likes=sum(likes for _, likes, _ in results),
        comments=sum(comments for _, _, comments in results),
    )


def _senders(row: Outreach) -> tuple[SenderRow, ...]:
    senders = OutreachSender.objects.filter(outreach=row).select_related("associate")
    return tuple(
        SenderRow(
            one.associate.name,
            one.associate.userid,
            one.confirmed_at,
            tuple(
                ResultRow(
                    each.person_id,
                    each.external_userid,
                    each.status,
                    each.reason,
                    each.sent_at,
                    each.likes,
                    each.comments,
                )
                for each in one.results.order_by("pk")
            ),
        )
        for one in senders.prefetch_related("results").order_by("pk")
    )


def tags_of(house_id: int, person_id: int) -> list[str]:
    """The tags that associates of the house have put on a client."""
    rows = ClientTag.objects.filter(
        entry__house_id=house_id, entry__person_id=person_id, removed_at__isnull=True
    )
    return sorted(set(rows.values_list("name", flat=True)))

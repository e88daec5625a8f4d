"""Drafts as the composer and their supervisor see them, and what the shelf offers for words being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.clienteling.models import MessageDraft
from seta.clienteling.rules.composing import Attachment, nearest_first
from seta.content import queries as content
from seta.content.queries import VersionRow
from seta.content.rules.texts import normalise, shingles
from seta.oversight.operations import judge_draft
from seta.oversight.rules import Piece, pieces


@dataclass(frozen=True)
class DraftRow:
    """A message to one client on its way; `marked` is its text with what stopped it."""

    id: int
    person_id: int
    associate_id: int
    associate_name: str
    text: str
    marked: tuple[Piece, ...]
    attachment: Attachment
    state: str
    rules: tuple[str, ...]
    reason: str
    decided_by: int | None
    made_at: datetime
    sent_at: datetime | None


def drafts(
    house_id: int,
    *,
    associate_id: int | None = None,
    person_id: int | None = None,
    states: Sequence[str] = (),
    limit: int = 50,
) -> list[DraftRow]:
    """Drafts of the house, newest first, by associate, client and state."""
    rows = MessageDraft.objects.filter(house_id=house_id).select_related("associate")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if states:
        rows = rows.filter(state__in=states)
    return [_row(row) for row in rows.order_by("-made_at", "-pk")[:limit]]


def draft(house_id: int, draft_id: int) -> DraftRow | None:
    """One draft of the house, or None."""
    row = MessageDraft.objects.filter(house_id=house_id, pk=draft_id).select_related("associate").first()
    return _row(row) if row else None


def suggestions(house_id: int, *, text: str, market: str, now: datetime, limit: int = 6) -> list[VersionRow]:
    """Approved words in force for a market, those nearest to what is written first."""
    offered = {row.id: row for row in content.in_force(house_id, now=now, market=market) if row.text}
    pairs = {one: shingles(normalise(f"{row.title}{row.text}")) for one, row in offered.items()}
    order = nearest_first(shingles(normalise(text)) if text.strip() else frozenset(), pairs)
    return [offered[one] for one in order[:limit]]


def markets(house_id: int, *, now: datetime) -> list[str]:
    """The markets that versions in force are meant for."""
    return sorted({one for row in content.in_force(house_id, now=now) for one in row.markets})


def _row(row: MessageDraft) -> DraftRow:
    return DraftRow(
        id=row.pk,
        person_id=row.person_id,
        associate_id=row.associate_id,
        associate_name=row.associate.name,
        text=row.text,
        marked=marked(row.house_id, row.text, "composer") if row.rules else (Piece(row.text),),
        attachment=Attachment.load(row.attachment),
        state=row.state,
        rules=tuple(row.rules),
        reason=row.reason,
        decided_by=row.decided_by,
        made_at=row.made_at,
        sent_at=row.sent_at,
    )


def marked(house_id: int, text: str, channel: str) -> tuple[Piece, ...]:
    """A text in pieces, marked where the house's policy of today finds something."""
    verdict = judge_draft(house_id=house_id, channel=channel, text=text, role="associate")
    return tuple(pieces(text, verdict.hits))

"""Draws messages of every associate and readings of every reviewer to be looked at; the choice can be proved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from seta.events.operations import publish
from seta.houses.queries import houses
from seta.oversight.events import SampleDrawn
from seta.oversight.models import ArchivedMessage, AuditEvent, Reading, SampleDraw, SampleItem
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.rights import authorise, refuse
from seta.oversight.rules import sampling
from seta.oversight.rules.archive import clean
from seta.oversight.rules.review import Refusal, Refused, text_of
from seta.oversight.rules.sampling import Candidate

MINIMUM_EACH = 3
SHARE_BPS = 100
READINGS_MINIMUM = 1
READINGS_SHARE_BPS = 500
PERIOD = timedelta(days=1)


def draw_sample(
    *,
    house_id: int,
    kind: str,
    since: datetime,
    until: datetime,
    now: datetime,
    minimum: int | None = None,
    share_bps: int | None = None,
    user_id: int | None = None,
) -> int:
    """Draw from a period that is over, once; returns the draw's id. Raises Refused.

    What may be drawn is written to the audit log by its digest; the chain value of that very line is the seed, so
    that nobody knew it while the population could still change, and whoever has the log can draw again.
    """
    if user_id is not None:
        authorise(house_id, user_id, "drawing a sample", now)
    if kind not in SampleDraw.Kind.values or since >= until:
        raise Refused(Refusal.UNKNOWN_CHOICE)
    is_messages = kind == SampleDraw.Kind.MESSAGES
    least = minimum if minimum is not None else (MINIMUM_EACH if is_messages else READINGS_MINIMUM)
    share = share_bps if share_bps is not None else (SHARE_BPS if is_messages else READINGS_SHARE_BPS)
    if until > now or not 0 <= share <= sampling.BPS or least < 0:
        raise Refused(Refusal.TOO_EARLY if until > now else Refusal.UNKNOWN_CHOICE)
    with transaction.atomic():
        if SampleDraw.objects.filter(house_id=house_id, kind=kind, until=until).exists():
            raise Refused(Refusal.TOO_EARLY)
        rows = population(house_id, kind, since, until)
        details = {
            "kind": kind,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "minimum": least,
            "share_bps": share,
            "population": len(rows),
            "population_sha256": sampling.population_digest(rows),
            "user": user_id,
        }
        append_audit(house_id=house_id, kind="sample.announced", details=details, now=now)
        line = AuditEvent.objects.filter(house_id=house_id).order_by("-seq")[0]
        draw = SampleDraw.objects.create(
            house_id=house_id,
            kind=kind,
            since=since,
            until=until,
            minimum=least,
            share_bps=share,
            population=len(rows),
            population_sha256=str(details["population_sha256"]),
            audit_seq=line.seq,
            seed=line.chain,
            drawn_at=now,
        )
        drawn = sampling.draw(list(rows), seed=line.chain, minimum=least, share_bps=share)
        _keep(draw, drawn, rows)
        publish(
            SampleDrawn(
                house_id=house_id,
                occurred_at=now,
                draw_id=draw.pk,
                kind=kind,
                population=len(rows),
                drawn=len(drawn),
            )
        )
        return draw.pk


def population(house_id: int, kind: str, since: datetime, until: datetime) -> Mapping[Candidate, int]:
    """What may be drawn from a period, with the row behind each: an associate's messages or a reader's readings."""
    if kind == SampleDraw.Kind.MESSAGES:
        messages = ArchivedMessage.objects.filter(
            house_id=house_id, sender_role="sa", archived_at__gte=since, archived_at__lt=until
        ).exclude(userid="")
        said = messages.values_list("pk", "userid", "account_id", "msgid")
        return {
            Candidate(userid, sampling.key_of(account_id, msgid)): pk
            for pk, userid, account_id, msgid in said.iterator()
        }
    readings = Reading.objects.filter(house_id=house_id, at__gte=since, at__lt=until)
    return {
        Candidate(str(user_id or 0), sampling.key_of("reading", pk)): pk
        for pk, user_id in readings.values_list("pk", "user_id").iterator()
    }


def _keep(draw: SampleDraw, drawn: Sequence[Candidate], rows: Mapping[Candidate, int]) -> None:
    field = "message_id" if draw.kind == SampleDraw.Kind.MESSAGES else "reading_id"
    SampleItem.objects.bulk_create(
        SampleItem(draw=draw, stratum=each.stratum, key=each.key, **{field: rows[each]}) for each in drawn
    )


def draw_due(now: datetime) -> int:
    """Draw what every house owes since its last draw, a day at a time; returns how many draws. For the worker."""
    return sum(_draw_due(house.id, kind, now) for house in houses() for kind in SampleDraw.Kind.values)


def _draw_due(house_id: int, kind: str, now: datetime) -> int:
    last = SampleDraw.objects.filter(house_id=house_id, kind=kind).order_by("-until").first()
    until = now.replace(minute=0, second=0, microsecond=0)
    since = last.until if last else until - PERIOD
    if until - since < PERIOD or not population(house_id, kind, since, until):
        return 0
    draw_sample(house_id=house_id, kind=kind, since=since, until=until, now=now)
    return 1


def find_in_sample(
    *,
    house_id: int,
    item_id: int,
    user_id: int,
    finding: str,
    reason: str,
    now: datetime,
    own_userid: str = "",
) -> None:
    """Say what was found in a drawn message or reading; raises Refused. Nobody judges their own reading or message."""
    what = f"sample {item_id}"
    authorise(house_id, user_id, what, now)
    if finding not in SampleItem.Finding.values:
        raise Refused(Refusal.UNKNOWN_CHOICE)
    why = text_of(clean(reason))
    item = SampleItem.objects.filter(pk=item_id, draw__house_id=house_id).select_related("reading").first()
    if item is None:
        refuse(house_id, user_id, what, Refusal.UNKNOWN, now)
    if item.reading is not None and item.reading.user_id == user_id:
        refuse(house_id, user_id, what, Refusal.SAME_PERSON, now)
    if item.message_id is not None and own_userid and item.stratum == own_userid:
        refuse(house_id, user_id, what, Refusal.OWN, now)
    with transaction.atomic():
        done = SampleItem.objects.filter(pk=item_id, finding="").update(
            finding=finding, reason=why, reviewer_id=user_id, found_at=now
        )
        if not done:
            raise Refused(Refusal.CLOSED)
        details = {"item": item_id, "user": user_id, "finding": finding}
        append_audit(house_id=house_id, kind="sample.judged", details=details, now=now)

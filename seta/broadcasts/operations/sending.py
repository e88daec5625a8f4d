"""Sends broadcasts at their time, each batch once, and follows them to WeChat's report.

A batch is asked for under a key of its own, which WeChat knows again for a day: when an answer is lost, asking again
sends nothing twice. What is older than that is left as unknown and never repeated.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Sum

from seta.articles import operations as articles
from seta.articles import queries as article_queries
from seta.articles.rules.checks import ArticleRefused
from seta.broadcasts.events import BroadcastSent
from seta.broadcasts.models import Batch, Broadcast, Recipient
from seta.broadcasts.operations.writing import CHANNEL
from seta.broadcasts.queries import meant, received_in
from seta.broadcasts.rules.dividing import RECIPIENTS_MIN, allotted, divide, month_of
from seta.broadcasts.rules.refusals import BroadcastRefused, Refusal
from seta.broadcasts.rules.segments import LANGUAGES, language_of, read_segment
from seta.broadcasts.rules.states import (
    LEASE,
    REPEATED_WITHIN,
    REPORTED_WITHIN,
    TRIES_MAX,
    BatchState,
    State,
    next_try,
)
from seta.callbacks.rules import Answer, Inbound
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.houses.queries import AccountMissing
from seta.oversight.operations import clear_all_to_send
from seta.people import queries as people
from seta.platforms.core.errors import ErrorKind, PlatformError

log = logging.getLogger(__name__)

AT_ONCE = 5
"""Broadcasts taken in one sweep; WeChat takes sixty calls a minute."""
ROWS_AT_ONCE = 2_000
PURPOSE = "messages"
TOO_FAST = "45066"
LATER = frozenset({ErrorKind.BUSY, ErrorKind.RATE, ErrorKind.UNREACHABLE, ErrorKind.UNKNOWN_OUTCOME})


def advance_due(now: datetime) -> int:
    """Take every broadcast that is due one step on: divided, its next batch sent, or closed; returns how many."""
    todo = Q(state__in=(State.PLANNED, State.SENDING), next_at__lte=now)
    taken = 0
    for broadcast_id in list(
        Broadcast.objects.filter(todo).order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        if Broadcast.objects.filter(todo, pk=broadcast_id).update(next_at=now + LEASE, tries=F("tries") + 1):
            taken += 1
            _advance(broadcast_id, now)
    return taken


def hear_report(inbound: Inbound, now: datetime) -> Answer:
    """MASSSENDJOBFINISH: how many of a batch were allowed, reached and failed. What is no number counts as none."""
    told = inbound.fields
    row = (
        Batch.objects.filter(broadcast__house_id=inbound.house_id, msg_id=str(told.get("MsgID", "")))
        .exclude(msg_id="")
        .first()
    )
    if row is None:
        return None
    row.allowed, row.reached, row.failed = (
        _number(told.get(name)) for name in ("FilterCount", "SentCount", "ErrorCount")
    )
    row.save(update_fields=["allowed", "reached", "failed"])
    Broadcast.objects.filter(pk=row.broadcast_id, state=State.SENDING).update(next_at=now)
    return None


def _number(told: object) -> int:
    return int(str(told)) if str(told).isdigit() and len(str(told)) < 10 else 0


def _advance(broadcast_id: int, now: datetime) -> None:
    row = Broadcast.objects.get(pk=broadcast_id)
    try:
        if row.state == State.PLANNED:
            _divide(row, now)
        else:
            batch = row.batches.filter(state=BatchState.WAITING).order_by("number").first()
            if batch is None:
                _close(row, now)
            else:
                _send(row, batch, now)
    except (BroadcastRefused, ArticleRefused) as refusal:
        _fail(row, refusal.text("en"))
    except AccountMissing as missing:
        _fail(row, str(missing))
    except PlatformError as error:
        log.warning("broadcast %s: %s", row.pk, error)
        if error.code == TOO_FAST or (error.kind in LATER and row.tries < TRIES_MAX):
            Broadcast.objects.filter(pk=row.pk).update(next_at=next_try(row.tries, now))
        else:
            _fail(row, f"{error.code} {error.message}")


def _divide(row: Broadcast, now: datetime) -> None:
    """Look at words and quotas a last time and settle who gets what; from here on nothing of it changes."""
    if any(
        verdict.refused
        for verdict in clear_all_to_send(
            house_id=row.house_id, channel=CHANNEL, texts=list(row.texts.values()), now=now
        )
    ):
        raise BroadcastRefused(Refusal.POLICY)
    drafts = _drafts(row, now)
    found = meant(row.house_id, read_segment(row.segment), now=now)
    languages = {each.person_id: language_of(each.language) for each in found}
    able = allotted(languages, received_in(row.house_id, month_of(now)), row.keep_back)
    said_in = [each for each in LANGUAGES if each in (drafts or row.texts)]
    shares = divide({person: languages[person] for person in able}, said_in)
    if not shares:
        raise BroadcastRefused(Refusal.NOBODY)
    with transaction.atomic():
        if not Broadcast.objects.filter(pk=row.pk, state=State.PLANNED).update(
            state=State.SENDING,
            drafts=drafts,
            meant=len(languages),
            left_out=len(languages) - len(able),
            next_at=now,
            tries=0,
        ):
            return
        for number, share in enumerate(shares, 1):
            batch = Batch.objects.create(broadcast=row, number=number, language=share.language)
            # Counted from now on, so that no other broadcast takes somebody's last one meanwhile.
            Recipient.objects.bulk_create(
                [
                    Recipient(batch=batch, person_id=person, month=month_of(now))
                    for person in share.person_ids
                ],
                batch_size=ROWS_AT_ONCE,
            )


def _drafts(row: Broadcast, now: datetime) -> dict[str, str]:
    """The article as drafts at the account, in every language in which it is whole."""
    if row.article_id is None:
        return {}
    _title, whole = article_queries.approved_in(row.house_id, row.article_id).get(row.article_id, ("", ()))
    return {
        language: articles.put_draft(
            house_id=row.house_id, article_id=row.article_id, language=language, now=now
        )
        for language in whole
    }


def _send(row: Broadcast, batch: Batch, now: datetime) -> None:
    if batch.asked_at is not None and now - batch.asked_at > REPEATED_WITHIN:
        _end(row, batch, BatchState.FAILED, "", now)
        return
    openids = _openids(row, batch)
    if len(openids) < RECIPIENTS_MIN:
        _end(row, batch, BatchState.FAILED, "", now)
        return
    if batch.asked_at is None:
        Batch.objects.filter(pk=batch.pk).update(asked_at=now)
    account, key = houses.official_account(row.house_id), f"seta-{row.pk}-{batch.number}"
    if row.drafts:
        msg_id = account.broadcast_article(openids, row.drafts[batch.language], key=key)
    else:
        msg_id = account.broadcast_text(openids, row.texts[batch.language], key=key)
    _end(row, batch, BatchState.SENT, msg_id, now)


def _openids(row: Broadcast, batch: Batch) -> list[str]:
    """Whom the batch still reaches: whoever was forgotten since, or has said no, is left out."""
    app = houses.account(row.house_id, "official_account").app_id
    ids = batch.recipients.values_list("person_id", flat=True)
    found = people.addressees(ids, app=app, purpose=PURPOSE)
    return [each.openid for each in found if each.agreed is not False]


@transaction.atomic
def _end(row: Broadcast, batch: Batch, state: BatchState, msg_id: str, now: datetime) -> None:
    sent = state is BatchState.SENT
    Batch.objects.filter(pk=batch.pk).update(state=state, msg_id=msg_id, sent_at=now if sent else None)
    batch.recipients.update(month=month_of(now) if sent else "")
    Broadcast.objects.filter(pk=row.pk).update(next_at=now, tries=0)


def _close(row: Broadcast, now: datetime) -> None:
    """Wait for the reports of what was sent, at most a day; then say how it went."""
    batches = list(row.batches.all())
    sent = [batch for batch in batches if batch.state == BatchState.SENT]
    if not sent:
        _fail(row, "no batch was sent")
        return
    last = max(batch.sent_at for batch in sent if batch.sent_at)
    if any(batch.reached is None for batch in sent) and now - last < REPORTED_WITHIN:
        Broadcast.objects.filter(pk=row.pk).update(next_at=last + REPORTED_WITHIN)
        return
    with transaction.atomic():
        if Broadcast.objects.filter(pk=row.pk, state=State.SENDING).update(
            state=State.SENT, sent_at=last, next_at=None
        ):
            publish(_told(row, row.batches.aggregate(reached=Sum("reached")), now))


def _told(row: Broadcast, counted: Mapping[str, int | None], now: datetime) -> BroadcastSent:
    return BroadcastSent(
        house_id=row.house_id,
        occurred_at=now,
        campaign=str(row.segment.get("campaign", "")),
        broadcast_id=row.pk,
        meant=row.meant or 0,
        left_out=row.left_out or 0,
        reached=counted["reached"] or 0,
    )


def _fail(row: Broadcast, why: str) -> None:
    Broadcast.objects.filter(pk=row.pk).update(state=State.FAILED, problem=why[:200], next_at=None)

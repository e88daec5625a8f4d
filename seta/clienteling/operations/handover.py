"""Hand clients from one associate to another by WeCom's rules, and follow each until WeCom says how it ended."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from seta.callbacks.rules import Inbound
from seta.clienteling.events import ClientHandedOver
from seta.clienteling.models import Associate, ClientBookEntry, FollowUp, Handover, HandoverClient
from seta.clienteling.operations.book import add_entry
from seta.clienteling.operations.contacting import must_supervise
from seta.clienteling.rules import Refusal, Refused
from seta.clienteling.rules.handing import (
    IN_SERVICE_WINDOW,
    REASON_CHARS_MAX,
    TAKES_EFFECT,
    may_hand_in_service,
)
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.oversight.operations import append_audit, expect_agreement
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

State = HandoverClient.State
Kind = Handover.Kind
Role = ClientBookEntry.Role
ALREADY_WAITING = 40129
TOO_OFTEN = "40128"
INTRODUCE_WITHIN = timedelta(days=1)
_FAILS = {"customer_refused": State.REFUSED, "customer_limit_exceed": State.LIMIT_REACHED}
_ENDED = {"taken_over": State.TAKEN_OVER, "refused": State.REFUSED, "limit_reached": State.LIMIT_REACHED}


def start_handover(
    *,
    house_id: int,
    user_id: int,
    giver_id: int,
    taker_id: int,
    kind: str,
    person_ids: Sequence[int],
    reason: str,
    now: datetime,
) -> int:
    """Hand clients over, by a supervisor; returns the hand-over, whose rows stand before WeCom is asked.

    `kind` is resigned (the giver leaves and signs in no more) or in_service (a client at most twice in 90 days).
    Clients without a WeCom contact pass at once. Call outside a transaction. Raises Refused: SUPERVISOR_ONLY,
    SAME_ASSOCIATE, BAD_CHOICE, EMPTY, TOO_LONG, TOO_OFTEN, IN_HANDOVER.
    """
    handover = _keep(house_id, user_id, giver_id, taker_id, kind, person_ids, reason, now)
    _ask(handover, now)
    return handover.pk


@transaction.atomic
def _keep(
    house_id: int,
    user_id: int,
    giver_id: int,
    taker_id: int,
    kind: str,
    person_ids: Sequence[int],
    reason: str,
    now: datetime,
) -> Handover:
    must_supervise(house_id, user_id)
    pair = {row.pk: row for row in Associate.objects.filter(house_id=house_id, pk__in=[giver_id, taker_id])}
    if len(pair) != 2 or not pair[taker_id].is_active:
        raise Refused(Refusal.SAME_ASSOCIATE)
    if kind not in Kind.values:
        raise Refused(Refusal.BAD_CHOICE)
    if not reason.strip():
        raise Refused(Refusal.EMPTY)
    if len(reason) > REASON_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    entries = ClientBookEntry.objects.filter(
        associate_id=giver_id, person_id__in=person_ids, ended_at__isnull=True
    )
    handover = Handover.objects.create(
        house_id=house_id,
        giver=pair[giver_id],
        taker=pair[taker_id],
        kind=kind,
        reason=reason.strip(),
        started_by=user_id,
        started_at=now,
    )
    _keep_clients(handover, list(entries), now)
    if kind == Kind.RESIGNED:
        Associate.objects.filter(pk=giver_id).update(is_active=False)
    details = {"handover": handover.pk, "user": user_id, "giver": giver_id, "taker": taker_id, "kind": kind}
    append_audit(house_id=house_id, kind="handover.started", details=details, now=now)
    return handover


def _keep_clients(handover: Handover, entries: Sequence[ClientBookEntry], now: datetime) -> None:
    open_now = set(
        HandoverClient.objects.filter(
            house_id=handover.house_id, state__in=[State.PLANNED, State.WAITING]
        ).values_list("person_id", flat=True)
    )
    entries = [entry for entry in entries if entry.person_id not in open_now]
    if not entries:
        raise Refused(Refusal.IN_HANDOVER)
    rested = [entry for entry in entries if not _is_too_often(handover, entry, now)]
    if not rested:
        raise Refused(Refusal.TOO_OFTEN)
    may = {entry.pk for entry in rested}
    try:
        with transaction.atomic():
            HandoverClient.objects.bulk_create(
                HandoverClient(
                    handover=handover,
                    house_id=handover.house_id,
                    person_id=entry.person_id,
                    external_userid=entry.external_userid or f"-{entry.person_id}",
                    state=State.PLANNED if entry.pk in may else State.NOT_BEGUN,
                    code="" if entry.pk in may else TOO_OFTEN,
                    ended_at=None if entry.pk in may else now,
                )
                for entry in entries
            )
    except IntegrityError as problem:
        raise Refused(Refusal.IN_HANDOVER) from problem


def _is_too_often(handover: Handover, entry: ClientBookEntry, now: datetime) -> bool:
    if handover.kind != Kind.IN_SERVICE or not entry.external_userid:
        return False
    recent = HandoverClient.objects.filter(
        house_id=handover.house_id,
        external_userid=entry.external_userid,
        handover__kind=Kind.IN_SERVICE,
        state=State.TAKEN_OVER,
        ended_at__gt=now - IN_SERVICE_WINDOW,
    )
    return not may_hand_in_service(recent.count())


def _ask(handover: Handover, now: datetime) -> None:
    """Ask WeCom for the clients that are planned; those it has asked about already are waiting."""
    planned = list(HandoverClient.objects.filter(handover=handover, state=State.PLANNED).order_by("id"))
    for row in [row for row in planned if _is_local(row)]:
        _end(handover, row, State.TAKEN_OVER, now)
    asked = [row.external_userid for row in planned if not _is_local(row)]
    if asked:
        try:
            answers = houses.wecom(handover.house_id).transfer_customers(
                handover=handover.giver.userid,
                takeover=handover.taker.userid,
                customers=asked,
                resigned=handover.kind == Kind.RESIGNED,
            )
        except houses.AccountMissing as problem:
            log.warning("house %s: hand-over %s waits: %s", handover.house_id, handover.pk, problem)
            return
        except PlatformError as problem:
            if problem.retryable:
                log.warning("house %s: hand-over %s waits: %s", handover.house_id, handover.pk, problem)
                return
            answers = {one: int(problem.code) if problem.code.isdecimal() else -1 for one in asked}
        _note_answers(handover, answers, now)
    _finish_if_done(handover, now)


def _is_local(row: HandoverClient) -> bool:
    return row.external_userid.startswith("-")


@transaction.atomic
def _note_answers(handover: Handover, answers: Mapping[str, int], now: datetime) -> None:
    for row in HandoverClient.objects.filter(handover=handover, state=State.PLANNED):
        code = answers.get(row.external_userid)
        if code in (0, ALREADY_WAITING):
            row.state, row.asked_at, row.effective_at = State.WAITING, now, now + TAKES_EFFECT
        elif code is not None:
            row.state, row.code, row.ended_at = State.NOT_BEGUN, str(code), now
        row.save()


def poll_handovers(now: datetime) -> int:
    """Ask WeCom how hand-overs that are not finished ended; returns how many clients did. For the worker's schedule."""
    ended = 0
    for handover in Handover.objects.filter(finished_at__isnull=True).select_related("giver", "taker"):
        try:
            ended += _poll(handover, now)
        except PlatformError as problem:
            log.warning("house %s: hand-over %s was not read: %s", handover.house_id, handover.pk, problem)
    return ended


def _poll(handover: Handover, now: datetime) -> int:
    _ask(handover, now)
    waiting = list(HandoverClient.objects.filter(handover=handover, state=State.WAITING))
    if not waiting:
        return 0
    states = houses.wecom(handover.house_id).transfer_states(
        handover=handover.giver.userid,
        takeover=handover.taker.userid,
        resigned=handover.kind == Kind.RESIGNED,
    )
    told = {state.external_userid: state.status for state in states}
    ended = 0
    for row in waiting:
        state = _ENDED.get(told.get(row.external_userid, ""))
        if state:
            _end(handover, row, state, now)
            ended += 1
    Handover.objects.filter(pk=handover.pk).update(polled_at=now)
    _finish_if_done(handover, now)
    return ended


def on_transfer_failed(inbound: Inbound, now: datetime) -> None:
    """WeCom's transfer_fail: the client refused, or the taker has all the customers they may have."""
    userid = str(inbound.fields.get("UserID", ""))
    external_userid = str(inbound.fields.get("ExternalUserID", ""))
    state = _FAILS.get(str(inbound.fields.get("FailReason", "")))
    row = (
        HandoverClient.objects.filter(
            house_id=inbound.house_id,
            external_userid=external_userid,
            state=State.WAITING,
            handover__taker__userid=userid,
        )
        .select_related("handover")
        .first()
    )
    if row is None or state is None:
        log.warning("house %s: a failed transfer that nobody asked for", inbound.house_id)
        return
    _end(row.handover, row, state, now)
    _finish_if_done(row.handover, now)


@transaction.atomic
def _end(handover: Handover, row: HandoverClient, state: str, now: datetime) -> None:
    changed = HandoverClient.objects.filter(pk=row.pk, state__in=[State.PLANNED, State.WAITING]).update(
        state=state, ended_at=now
    )
    if not changed:
        return
    if state == State.TAKEN_OVER:
        _pass_on(handover, row, now)
    details = {"handover": handover.pk, "person": row.person_id, "state": str(state)}
    append_audit(house_id=handover.house_id, kind="handover.ended", details=details, now=now)


def _pass_on(handover: Handover, row: HandoverClient, now: datetime) -> None:
    """Move the place in the book and the open tasks; notes that are private stay with who wrote them."""
    old = ClientBookEntry.objects.filter(associate=handover.giver_id, person_id=row.person_id).first()
    role = old.role if old else Role.SECONDARY
    if old and old.ended_at is None:
        ClientBookEntry.objects.filter(pk=old.pk).update(ended_at=now)
    external = "" if _is_local(row) else row.external_userid
    entry, _ = add_entry(handover.taker, row.person_id, external_userid=external, way=None, now=now)
    if role == Role.PRIMARY:
        ClientBookEntry.objects.filter(
            house_id=handover.house_id, person_id=row.person_id, role=Role.PRIMARY
        ).exclude(pk=entry.pk).update(role=Role.SECONDARY)
        entry.role = Role.PRIMARY
    if old:
        for field in ("remark", "phone_tail", "search_text", "campaign"):
            setattr(entry, field, getattr(entry, field) or getattr(old, field))
    entry.archive_asked_at = now if external else None
    entry.save()
    _move_tasks(handover, row.person_id, now)
    if external:
        expect_agreement(
            house_id=handover.house_id, userid=handover.taker.userid, external_userid=external, now=now
        )
    publish(
        ClientHandedOver(
            house_id=handover.house_id,
            occurred_at=now,
            person_id=row.person_id,
            associate_id=handover.taker_id,
            handover_id=handover.pk,
            giver_id=handover.giver_id,
            kind=handover.kind,
        )
    )


def _move_tasks(handover: Handover, person_id: int, now: datetime) -> None:
    tasks = FollowUp.objects.filter(person_id=person_id, done_at__isnull=True)
    known = set(
        FollowUp.objects.filter(associate=handover.taker_id, key__isnull=False).values_list("key", flat=True)
    )
    for task in tasks.filter(associate=handover.giver_id):
        if task.key is None or task.key not in known:
            FollowUp.objects.filter(pk=task.pk).update(associate=handover.taker_id)
    FollowUp.objects.get_or_create(
        associate_id=handover.taker_id,
        key=f"handover:{handover.pk}:{person_id}",
        defaults={
            "house_id": handover.house_id,
            "person_id": person_id,
            "kind": "handover",
            "title": "Introduce yourself and ask again whether chats may be archived",
            "due_at": now + INTRODUCE_WITHIN,
        },
    )


def _finish_if_done(handover: Handover, now: datetime) -> None:
    is_open = HandoverClient.objects.filter(handover=handover, state__in=[State.PLANNED, State.WAITING])
    if not is_open.exists():
        Handover.objects.filter(pk=handover.pk, finished_at__isnull=True).update(finished_at=now)

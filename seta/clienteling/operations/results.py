"""Fetches from WeCom what became of prepared messages: who confirmed, who got it, who liked and commented."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random

from django.db import transaction

from seta.clienteling.models import ClientBookEntry, MessageDraft, Outreach, OutreachResult, OutreachSender
from seta.clienteling.operations.contacting import note_contact
from seta.clienteling.operations.outreach import Kind, State, outreach_of, prepare_due
from seta.clienteling.rules import Refusal, Refused
from seta.clienteling.rules.outreach import POLLED_FOR, next_look
from seta.houses import queries as houses
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import WeCom

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 50


def sweep_outreach(now: datetime) -> int:
    """Prepare what is due and bring results up to date; returns how many were prepared or looked at."""
    done = prepare_due(now)
    rows = Outreach.objects.filter(state=State.PREPARED).order_by("polled_at", "pk")
    for row in rows[:ROWS_AT_ONCE]:
        assert row.prepared_at is not None
        if next_look(row.prepared_at, row.polled_at) > now:
            continue
        try:
            refresh_outreach(row, now)
            done += 1
        except (PlatformError, houses.AccountMissing) as problem:
            log.warning("house %s: results of outreach %s: %s", row.house_id, row.pk, problem)
            Outreach.objects.filter(pk=row.pk).update(polled_at=now)
    return done + _refresh_drafts(now)


def ask_results(*, house_id: int, user_id: int, outreach_id: int, now: datetime) -> None:
    """Bring one outreach up to date at once, for one who waits for it.

    Raises Refused (UNKNOWN, NOT_YOURS, NOT_READY) and PlatformError; call outside a transaction.
    """
    row = outreach_of(house_id, user_id, outreach_id)
    if row.state != State.PREPARED:
        raise Refused(Refusal.NOT_READY)
    refresh_outreach(row, now)


def refresh_outreach(row: Outreach, now: datetime) -> None:
    """Ask WeCom for one outreach's results and keep them; raises PlatformError."""
    client = houses.wecom(row.house_id)
    if row.kind == Kind.MOMENTS:
        _refresh_moments(row, client, now)
    else:
        for sender in row.senders.select_related("associate").exclude(platform_id=""):
            _refresh_group(row, sender, client, now)
    assert row.prepared_at is not None
    # Reactions keep coming for days; a group send is over once every part is confirmed.
    open_parts = row.senders.exclude(platform_id="").filter(confirmed_at__isnull=True).exists()
    over = now - row.prepared_at > POLLED_FOR or (row.kind == Kind.GROUP and not open_parts)
    row.polled_at = now
    state = State.CLOSED if over else State.PREPARED
    Outreach.objects.filter(pk=row.pk, state=State.PREPARED).update(state=state, polled_at=now)


def _refresh_group(row: Outreach, sender: OutreachSender, client: WeCom, now: datetime) -> None:
    confirmed = {
        task.userid: task.sent_at for task in client.groupmsg_tasks(sender.platform_id) if task.sent_at
    }
    if sender.associate.userid not in confirmed:
        return
    found = {one.target: one for one in client.groupmsg_results(sender.platform_id, sender.associate.userid)}
    with transaction.atomic():
        at = datetime.fromtimestamp(confirmed[sender.associate.userid], UTC)
        OutreachSender.objects.filter(pk=sender.pk).update(confirmed_at=at)
        for result in sender.results.select_for_update().filter(status__in=("waiting", "unsent")):
            said = found.get(result.external_userid)
            if said is None:
                continue
            result.status = said.status
            result.sent_at = datetime.fromtimestamp(said.sent_at, UTC) if said.sent_at else None
            result.save(update_fields=["status", "sent_at"])
            if said.status == "sent" and result.person_id:
                note_contact(
                    house_id=row.house_id,
                    person_id=result.person_id,
                    associate_id=sender.associate_id,
                    channel="group",
                    now=result.sent_at or now,
                )


def _refresh_moments(row: Outreach, client: WeCom, now: datetime) -> None:
    moment_id = row.senders.exclude(platform_id="").values_list("platform_id", flat=True).first()
    if not moment_id:
        moment_id = client.moment_task_result(row.job_id).moment_id
        if not moment_id:
            return
        row.senders.update(platform_id=moment_id)
    published = client.moment_publishers(moment_id)
    for sender in row.senders.select_related("associate"):
        if not published.get(sender.associate.userid):
            continue
        readers = client.moment_readers(moment_id, sender.associate.userid)
        reactions = client.moment_comments(moment_id, sender.associate.userid)
        with transaction.atomic():
            OutreachSender.objects.filter(pk=sender.pk, confirmed_at__isnull=True).update(confirmed_at=now)
            _keep_readers(row, sender, readers, now)
            for name, seen in (("likes", reactions.likes), ("comments", reactions.comments)):
                for external, count in Counter(seen).items():
                    sender.results.filter(external_userid=external).update(**{name: count})


def _keep_readers(row: Outreach, sender: OutreachSender, readers: tuple[str, ...], now: datetime) -> None:
    known = set(sender.results.values_list("external_userid", flat=True))
    new = [external for external in readers if external not in known]
    people = dict(
        ClientBookEntry.objects.filter(house_id=row.house_id, external_userid__in=new).values_list(
            "external_userid", "person_id"
        )
    )
    OutreachResult.objects.bulk_create(
        [
            OutreachResult(
                sender=sender, external_userid=one, person_id=people.get(one), status="sent", sent_at=now
            )
            for one in new
        ]
    )


def _fair_share(ids: Iterable[int], now: datetime) -> list[int]:
    """As many as are asked about at once, others at every instant: a hand that never comes keeps nobody waiting."""
    all_of_them = list(ids)
    return Random(now.timestamp()).sample(all_of_them, min(ROWS_AT_ONCE, len(all_of_them)))


def _refresh_drafts(now: datetime) -> int:
    """Messages to one client that wait for the associate's hand, or have had it."""
    rows = MessageDraft.objects.filter(
        state=MessageDraft.State.PREPARED, made_at__gt=now - POLLED_FOR
    ).select_related("associate")
    done = 0
    for draft in rows.filter(pk__in=_fair_share(rows.values_list("pk", flat=True).order_by("pk"), now)):
        try:
            found = houses.wecom(draft.house_id).groupmsg_results(draft.platform_id, draft.associate.userid)
        except (PlatformError, houses.AccountMissing) as problem:
            log.warning("house %s: result of draft %s: %s", draft.house_id, draft.pk, problem)
            continue
        said = next((one for one in found if one.status != "unsent"), None)
        if said is not None:
            state = MessageDraft.State.SENT if said.status == "sent" else MessageDraft.State.FAILED
            at = datetime.fromtimestamp(said.sent_at, UTC) if said.sent_at else None
            reason = "" if said.status == "sent" else said.status
            MessageDraft.objects.filter(pk=draft.pk).update(state=state, sent_at=at, reason=reason)
            done += 1
    return done

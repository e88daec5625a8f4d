"""Pulls the archive: keep what arrives, open it, judge it, set aside what will not open, note what is missing."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from seta.callbacks.rules import Inbound
from seta.events.operations import publish, publish_many
from seta.houses import queries as houses
from seta.oversight import bodies
from seta.oversight.events import AlertOpened, ArchiveAnnounced, MessageArchived
from seta.oversight.models import Alert, ArchivedMessage, ArchiveGap, BodyKey, Hit, PullCursor, RawRecord
from seta.oversight.operations.agreements import record_agreement
from seta.oversight.operations.audit import append_audit_many
from seta.oversight.policy import shipped
from seta.oversight.rules import archive as reading
from seta.oversight.rules import judge
from seta.oversight.rules.archive import Malformed, Message
from seta.oversight.rules.judging import Hit as FoundHit
from seta.people.operations import recognise_many
from seta.people.rules import IdentityKey
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import ArchiveRecord, ArchiveSource

log = logging.getLogger(__name__)

PULL_RECORDS_MAX = 1000
PULL_ROUNDS_MAX = 100
OPEN_BATCH_RECORDS_MAX = 200
CHANNEL = "wecom_1to1"


@dataclass(frozen=True)
class PullReport:
    """What one pull did."""

    pulled: int
    archived: int
    dead: int
    alerts: int


@dataclass(frozen=True)
class _Opened:
    record: RawRecord
    message: Message
    hits: tuple[FoundHit, ...]


def on_archive_notice(inbound: Inbound, now: datetime) -> None:
    """WeCom's msgaudit_notify: pass it to the worker, since pulling talks to the platform."""
    publish(ArchiveAnnounced(house_id=inbound.house_id, occurred_at=now, account_id=inbound.account_id))


def on_archive_announced(fact: ArchiveAnnounced, now: datetime) -> None:
    """Pull what was announced."""
    pull_archive(house_id=fact.house_id, now=now)


def pull_archive(*, house_id: int, now: datetime) -> PullReport:
    """Pull everything new and finish what an earlier pull left; may be repeated at any time.

    Talks to the platform, so call it outside a transaction. Raises PlatformError when the archive does not answer;
    what was kept until then stays kept.
    """
    account = houses.account(house_id, "wecom")
    source = houses.archive(house_id)
    pulled = 0
    for _ in range(PULL_ROUNDS_MAX):
        records = source.get_chat_data(_cursor(house_id, account.id), PULL_RECORDS_MAX)
        pulled += _keep(house_id, account.id, records, now)
        if not records:
            break
    archived, dead, alerts = open_kept(house_id=house_id, source=source, now=now)
    return PullReport(pulled, archived, dead, alerts)


def sweep_archives(now: datetime) -> int:
    """Pull every house that has WeCom, in case a notice was lost; returns how many messages were archived.

    WeCom drops records after five days, so one house's failure is logged and does not keep the others waiting.
    """
    archived = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        try:
            archived += pull_archive(house_id=house.id, now=now).archived
        except PlatformError as problem:
            log.warning("the archive of house %s was not pulled: %s", house.code, problem)
    return archived


def _cursor(house_id: int, account_id: int) -> int:
    cursor, _ = PullCursor.objects.get_or_create(account_id=account_id, defaults={"house_id": house_id})
    return cursor.seq


@transaction.atomic
def _keep(house_id: int, account_id: int, records: Sequence[ArchiveRecord], now: datetime) -> int:
    """Keep sealed records and move the cursor in one transaction; a record that is already kept changes nothing."""
    cursor = PullCursor.objects.select_for_update().get(account_id=account_id)
    cursor.pulled_at = now
    fresh = [record for record in records if record.seq > cursor.seq]
    if fresh:
        _note_gaps(house_id, account_id, cursor.seq, [record.seq for record in fresh], now)
        RawRecord.objects.bulk_create(
            [_raw(house_id, account_id, record, now) for record in fresh], ignore_conflicts=True
        )
        cursor.seq = fresh[-1].seq
    cursor.save()
    return len(fresh)


def _raw(house_id: int, account_id: int, record: ArchiveRecord, now: datetime) -> RawRecord:
    return RawRecord(
        house_id=house_id,
        account_id=account_id,
        seq=record.seq,
        msgid=reading.clean(record.msgid)[:128],
        publickey_ver=record.publickey_ver,
        encrypt_random_key=reading.clean(record.encrypt_random_key),
        encrypt_chat_msg=reading.clean(record.encrypt_chat_msg),
        received_at=now,
    )


def _note_gaps(house_id: int, account_id: int, after: int, seqs: Sequence[int], now: datetime) -> None:
    # A first pull starts wherever the platform's five days begin; numbers before that were never ours.
    missing = reading.gaps(after=after or seqs[0] - 1, seqs=seqs)
    for first, last in missing:
        log.warning("archive of account %s: records %s to %s are missing", account_id, first, last)
        ArchiveGap.objects.get_or_create(
            account_id=account_id,
            first_seq=first,
            defaults={"house_id": house_id, "last_seq": last, "found_at": now},
        )
    append_audit_many(
        house_id=house_id,
        kind="archive.gap",
        details=[{"account": account_id, "first": first, "last": last} for first, last in missing],
        now=now,
    )


def retry_dead(*, house_id: int, now: datetime) -> int:
    """Try dead letters again, for when a missing key was added; returns how many are open now."""
    RawRecord.objects.filter(house_id=house_id, state=RawRecord.State.DEAD).update(state=RawRecord.State.KEPT)
    return open_kept(house_id=house_id, source=houses.archive(house_id), now=now)[0]


def open_kept(*, house_id: int, source: ArchiveSource, now: datetime) -> tuple[int, int, int]:
    """Open, judge and archive all kept records in batches; returns (archived, dead, alerts)."""
    archived = dead = alerts = 0
    while True:
        waiting = RawRecord.objects.filter(house_id=house_id, state=RawRecord.State.KEPT).order_by("seq")
        batch = list(waiting[:OPEN_BATCH_RECORDS_MAX])
        if not batch:
            return archived, dead, alerts
        opened, failed = _open(source, batch)
        kept, refused, raised = _archive(house_id, opened, failed, now)
        archived, dead, alerts = archived + kept, dead + refused, alerts + raised


def _open(source: ArchiveSource, batch: Sequence[RawRecord]) -> tuple[list[_Opened], dict[int, str]]:
    """Decrypt, read and judge outside any transaction; records that fail, with the reason."""
    opened: list[_Opened] = []
    failed: dict[int, str] = {}
    for row in batch:
        record = ArchiveRecord(
            row.seq, row.msgid, row.publickey_ver, row.encrypt_random_key, row.encrypt_chat_msg
        )
        try:
            message = reading.read(source.open(record))
        except PlatformError as problem:
            if problem.retryable:
                raise
            failed[row.pk] = f"{problem.code}: {problem.message}"
        except (Malformed, RecursionError) as problem:
            failed[row.pk] = f"malformed: {problem}"
        else:
            verdict = judge(message.text, channel=CHANNEL, sender=message.sender_role, policy=shipped())
            opened.append(_Opened(row, message, verdict.hits))
    return opened, failed


@transaction.atomic
def _archive(
    house_id: int, opened: Sequence[_Opened], failed: Mapping[int, str], now: datetime
) -> tuple[int, int, int]:
    """Write one batch: messages, hits, alerts, facts, the log, and what becomes of each record."""
    dead = _bury(house_id, failed, now)
    ids = [each.record.pk for each in opened]
    mine = set(
        RawRecord.objects.select_for_update()
        .filter(pk__in=ids, state=RawRecord.State.KEPT)
        .values_list("pk", flat=True)
    )
    RawRecord.objects.filter(pk__in=mine).update(state=RawRecord.State.OPENED, reason="")
    fresh = _not_yet_archived([each for each in opened if each.record.pk in mine])
    rows = _write_messages(house_id, fresh, now)
    alerts = _write_hits(house_id, rows, now)
    for row, each in rows:
        _note_meaning(house_id, row, each.message, now)
    return len(rows), dead, alerts


def _bury(house_id: int, failed: Mapping[int, str], now: datetime) -> int:
    details = []
    for pk, reason in failed.items():
        row = RawRecord.objects.get(pk=pk)
        log.warning("archive record %s of account %s is set aside: %s", row.seq, row.account_id, reason)
        RawRecord.objects.filter(pk=pk).update(state=RawRecord.State.DEAD, reason=reason[:300])
        details.append({"account": row.account_id, "record": row.seq, "reason": reason[:300]})
    append_audit_many(house_id=house_id, kind="archive.dead_letter", details=details, now=now)
    return len(details)


def _not_yet_archived(opened: Sequence[_Opened]) -> list[_Opened]:
    """Without messages whose msgid is archived already: WeCom may deliver one under a second number."""
    seen = set(
        ArchivedMessage.objects.filter(
            account_id__in={each.record.account_id for each in opened},
            msgid__in=[each.message.msgid for each in opened],
        ).values_list("account_id", "msgid")
    )
    fresh = []
    for each in opened:
        key = (each.record.account_id, each.message.msgid)
        if key not in seen:
            seen.add(key)
            fresh.append(each)
    return fresh


def _people(house_id: int, opened: Sequence[_Opened], now: datetime) -> dict[str, int]:
    """Person by external_userid, for everybody in the batch."""
    if not opened:
        return {}
    app = houses.account(house_id, "wecom").app_id
    clients = sorted({each.message.client for each in opened if each.message.client})
    keys = [[IdentityKey("external_userid", app, client)] for client in clients]
    return (
        dict(zip(clients, recognise_many(house_id=house_id, keys=keys, now=now), strict=True)) if keys else {}
    )


def _write_messages(
    house_id: int, opened: Sequence[_Opened], now: datetime
) -> list[tuple[ArchivedMessage, _Opened]]:
    people = _people(house_id, opened, now)
    owners = {people.get(each.message.client) for each in opened}
    keys = bodies.keys_for(house_id=house_id, person_ids=owners, now=now)
    rows = [
        _message_row(
            house_id, each, people.get(each.message.client), keys[people.get(each.message.client)], now
        )
        for each in opened
    ]
    ArchivedMessage.objects.bulk_create(rows)
    append_audit_many(
        house_id=house_id,
        kind="message.archived",
        details=[
            {
                "account": row.account_id,
                "msgid": row.msgid,
                "sealed_sha256": hashlib.sha256(row.sealed_body).hexdigest(),
            }
            for row in rows
        ],
        now=now,
    )
    publish_many([_archived_fact(row) for row in rows])
    return list(zip(rows, opened, strict=True))


def _message_row(
    house_id: int, each: _Opened, person_id: int | None, key: BodyKey, now: datetime
) -> ArchivedMessage:
    message, account_id = each.message, each.record.account_id
    return ArchivedMessage(
        house_id=house_id,
        account_id=account_id,
        seq=each.record.seq,
        msgid=message.msgid,
        conversation=message.conversation,
        userid=message.associate,
        external_userid=message.client,
        person_id=person_id,
        sender_role=message.sender_role,
        kind=message.kind,
        sealed_body=bodies.seal(message.text.encode(), key=key, bound_to=f"{account_id}:{message.msgid}"),
        body_key=key,
        sent_at=message.sent_at,
        archived_at=now,
    )


def _archived_fact(row: ArchivedMessage) -> MessageArchived:
    return MessageArchived(
        house_id=row.house_id,
        occurred_at=row.sent_at,
        person_id=row.person_id,
        message_id=row.pk,
        userid=row.userid,
        sender_role=row.sender_role,
        kind=row.kind,
    )


def _write_hits(house_id: int, rows: Sequence[tuple[ArchivedMessage, _Opened]], now: datetime) -> int:
    policy = shipped()
    hits = [
        Hit(
            message=row,
            rule=hit.rule,
            severity=hit.severity,
            action=hit.action.word,
            tier=hit.tier,
            start=hit.start,
            end=hit.end,
            policy_version=policy.version,
        )
        for row, each in rows
        for hit in each.hits
    ]
    Hit.objects.bulk_create(hits)
    alerts = [
        Alert(
            house_id=house_id,
            message=row,
            rule=rule_id,
            severity=policy.rule(rule_id).severity.value,
            opened_at=now,
            due_at=now + timedelta(hours=policy.rule(rule_id).sla_hours),
        )
        for row, each in rows
        for rule_id in sorted({hit.rule for hit in each.hits})
    ]
    Alert.objects.bulk_create(alerts)
    details = [{"alert": alert.pk, "rule": alert.rule, "msgid": alert.message.msgid} for alert in alerts]
    append_audit_many(house_id=house_id, kind="alert.opened", details=details, now=now)
    publish_many([_alert_fact(alert, now) for alert in alerts])
    return len(alerts)


def _alert_fact(alert: Alert, now: datetime) -> AlertOpened:
    return AlertOpened(
        house_id=alert.house_id,
        occurred_at=now,
        person_id=alert.message.person_id,
        alert_id=alert.pk,
        message_id=alert.message_id,
        rule=alert.rule,
        severity=alert.severity,
        userid=alert.message.userid,
    )


def _note_meaning(house_id: int, row: ArchivedMessage, message: Message, now: datetime) -> None:
    """What a message does besides being said: take another back, or answer the question about archiving."""
    if message.revokes:
        ArchivedMessage.objects.filter(account_id=row.account_id, msgid=message.revokes).update(
            revoked_at=message.sent_at
        )
    if message.agreement and message.client:
        record_agreement(
            house_id=house_id,
            userid=message.associate,
            external_userid=message.client,
            status=message.agreement,
            answered_at=message.sent_at,
            now=now,
        )

"""Writes a batch of opened records: messages, search, hits, alerts, facts, the log and the cursor, or nothing."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from seta.events.operations import publish_many
from seta.oversight import bodies
from seta.oversight import rows as raw
from seta.oversight.events import TalkArchived
from seta.oversight.models import ArchivedMessage, ArchiveGap, ArchiveMedia, PullCursor, RawRecord
from seta.oversight.models.archive import checksum
from seta.oversight.opening import Outcome
from seta.oversight.operations.agreements import note_active_pairs, record_agreement
from seta.oversight.operations.archive.alerting import Corp, Kept, write_hits
from seta.oversight.operations.archive.turns import Fresh, judged_in_turn
from seta.oversight.operations.audit import append_audit_many, append_written
from seta.oversight.operations.shadow import note_shadow_hits
from seta.oversight.rules import Policy
from seta.oversight.rules import archive as reading
from seta.oversight.rules import bundle as evidence
from seta.oversight.search import index
from seta.people.operations import recognise_many
from seta.people.queries import find_many
from seta.people.rules import IdentityKey
from seta.platforms.wecom import ArchiveRecord

log = logging.getLogger(__name__)

REASON_CHARS_MAX = 300
Pair = tuple[ArchiveRecord, Outcome]


@dataclass(frozen=True)
class Stored:
    """What a batch came to; `newest_at` is when its latest message was said."""

    fresh: int = 0
    archived: int = 0
    dead: int = 0
    alerts: int = 0
    newest_at: datetime | None = None

    def plus(self, other: "Stored") -> "Stored":
        """Both together."""
        newest = reading.newest([each for each in (self.newest_at, other.newest_at) if each])
        return Stored(
            self.fresh + other.fresh,
            self.archived + other.archived,
            self.dead + other.dead,
            self.alerts + other.alerts,
            newest,
        )


@transaction.atomic
def store_pulled(
    corp: Corp,
    records: Sequence[ArchiveRecord],
    outcomes: Sequence[Outcome],
    *,
    policy: Policy,
    now: datetime,
) -> Stored:
    """Keep a batch and move the cursor past it; records that another pull has kept already change nothing."""
    cursor = PullCursor.objects.select_for_update().get(account_id=corp.account_id)
    pairs = [pair for pair in zip(records, outcomes, strict=True) if pair[0].seq > cursor.seq]
    if not pairs:
        return Stored()
    _note_gaps(corp, cursor.seq, [record.seq for record, _ in pairs], now)
    stored = keep(corp, pairs, policy=policy, now=now)
    cursor.seq, cursor.pulled_at = pairs[-1][0].seq, now
    cursor.newest_sent_at = reading.newest(
        [each for each in (cursor.newest_sent_at, stored.newest_at) if each]
    )
    cursor.save(update_fields=["seq", "pulled_at", "newest_sent_at"])
    return replace(stored, fresh=len(pairs))


def keep(corp: Corp, pairs: Sequence[Pair], *, policy: Policy, now: datetime) -> Stored:
    """Keep what opened and set aside what did not, wherever in the archive it stands; call in a transaction."""
    dead = set_aside(corp, [(record, outcome) for record, outcome in pairs if outcome.message is None], now)
    fresh = judged_in_turn(account_id=corp.account_id, fresh=_not_yet_archived(corp, pairs), policy=policy)
    kept = _write_messages(corp, fresh, now)
    index.add([(each.id, each.words) for each in kept])
    _write_media(corp, kept, now)
    _tell(corp, kept)
    alerts = write_hits(corp, kept, policy, now)
    shadow = ((each.id, each.shadow) for each in kept if each.shadow)
    note_shadow_hits(rows=shadow, policy_version=policy.version, now=now)
    _note_revocations(corp, kept)
    _note_pairs(corp, kept, now)
    newest_at = max(kept, key=_said).sent_at if kept else None
    return Stored(0, len(kept), dead, alerts, newest_at)


def set_aside(corp: Corp, pairs: Sequence[Pair], now: datetime) -> int:
    """Keep records that did not open, sealed as they came, each with its reason; returns how many."""
    if not pairs:
        return 0
    RawRecord.objects.bulk_create(
        [
            RawRecord(
                house_id=corp.house_id,
                account_id=corp.account_id,
                seq=record.seq,
                msgid=reading.clean(record.msgid)[:128],
                publickey_ver=record.publickey_ver,
                encrypt_random_key=reading.clean(record.encrypt_random_key),
                encrypt_chat_msg=reading.clean(record.encrypt_chat_msg),
                state=RawRecord.State.DEAD,
                code=outcome.code[:24],
                reason=reading.clean(f"{outcome.code}: {outcome.reason}")[:REASON_CHARS_MAX],
                received_at=now,
            )
            for record, outcome in pairs
        ],
        ignore_conflicts=True,
    )
    for record, outcome in pairs:
        log.warning(
            "archive record %s of account %s is set aside: %s %s",
            *(record.seq, corp.account_id, outcome.code, outcome.reason),
        )
    details = [
        {
            "account": corp.account_id,
            "record": record.seq,
            "reason": f"{outcome.code}: {outcome.reason}"[:300],
        }
        for record, outcome in pairs
    ]
    append_audit_many(house_id=corp.house_id, kind="archive.dead_letter", details=details, now=now)
    return len(pairs)


def _note_gaps(corp: Corp, after: int, seqs: Sequence[int], now: datetime) -> None:
    # A first pull starts wherever the platform's five days begin; numbers before that were never ours.
    missing = reading.gaps(after=after or seqs[0] - 1, seqs=seqs)
    for first, last in missing:
        log.warning("archive of account %s: records %s to %s are missing", corp.account_id, first, last)
        ArchiveGap.objects.get_or_create(
            account_id=corp.account_id,
            first_seq=first,
            defaults={"house_id": corp.house_id, "last_seq": last, "found_at": now},
        )
    append_audit_many(
        house_id=corp.house_id,
        kind="archive.gap",
        details=[{"account": corp.account_id, "first": first, "last": last} for first, last in missing],
        now=now,
    )


def _not_yet_archived(corp: Corp, pairs: Sequence[Pair]) -> list[Fresh]:
    """What opened, without messages whose msgid is archived already: WeCom may deliver one under a second number."""
    opened = [
        (record.seq, outcome.message, outcome) for record, outcome in pairs if outcome.message is not None
    ]
    if not opened:
        return []
    sums = [checksum(message.msgid) for _, message, _ in opened]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT msgid FROM {ArchivedMessage._meta.db_table} WHERE account_id = %s"
            f" AND msgid_checksum IN ({', '.join(['%s'] * len(sums))})",
            [corp.account_id, *sums],
        )
        seen = {row[0] for row in cursor.fetchall()}
    fresh = []
    for each in opened:
        if each[1].msgid not in seen:
            seen.add(each[1].msgid)
            fresh.append(each)
    return fresh


def _people(corp: Corp, clients: set[str], now: datetime) -> dict[str, int | None]:
    """Person by external_userid; the empty id, of talk among members, is nobody."""
    found: dict[str, int | None] = dict.fromkeys(clients & {""})
    named = clients - found.keys()
    found |= find_many(house_id=corp.house_id, kind="external_userid", app=corp.app_id, values=named)
    strangers = sorted(clients - found.keys())
    if strangers:
        keys = [[IdentityKey("external_userid", corp.app_id, client)] for client in strangers]
        found |= zip(strangers, recognise_many(house_id=corp.house_id, keys=keys, now=now), strict=True)
    return found


_COLUMNS = (
    "id",
    "house_id",
    "account_id",
    "seq",
    "msgid",
    "conversation",
    "userid",
    "external_userid",
    "person_id",
    "sender_role",
    "kind",
    "sealed_body",
    "body_key_id",
    "sent_at",
    "archived_at",
    "revoked_at",
    "revokes",
    "unread_parts",
    "log_line",
    "msgid_checksum",
    "conversation_checksum",
)


def _write_messages(corp: Corp, fresh: Sequence[Fresh], now: datetime) -> list[Kept]:
    if not fresh:
        return []
    people = _people(corp, {message.client for _, message, _ in fresh}, now)
    keys = bodies.keys_for(house_id=corp.house_id, person_ids=people.values(), now=now)
    owners = {client: (person_id, keys[person_id]) for client, person_id in people.items()}
    ids = raw.reserve_ids(ArchivedMessage, len(fresh))
    nonces = bodies.nonces(len(fresh))
    account_id = corp.account_id
    sealed, logged, kept = [], [], []
    for row_id, nonce, (_, message, outcome) in zip(ids, nonces, fresh, strict=True):
        person_id, key = owners[message.client]
        msgid = message.msgid
        body = key.seal(message.text.encode(), bound_to=f"{account_id}:{msgid}", nonce=nonce)
        salt = evidence.salt_of(key.secret, account=account_id, msgid=msgid)
        sealed.append(body)
        logged.append(
            evidence.logged_text(account=account_id, msgid=msgid, sealed=body, told=outcome.told, salt=salt)
        )
        kept.append(Kept(row_id, message, person_id, key, outcome.hits, outcome.shadow, outcome.words))
    log_lines = append_written(house_id=corp.house_id, kind="message.archived", details=logged, now=now)
    house_id, archived_at = corp.house_id, raw.instant(now)
    raw.insert(
        ArchivedMessage,
        _COLUMNS,
        [
            (
                *(each.id, house_id, account_id, seq, message.msgid, message.conversation),
                *(message.associate, message.client, each.person_id, message.sender_role, message.kind),
                *(body, each.key.id, said_at, archived_at, None, message.revokes, message.unread, line),
                *(checksum(message.msgid), checksum(message.conversation)),
            )
            for each, (seq, message, _), body, said_at, line in zip(
                kept,
                fresh,
                sealed,
                raw.instants([each.message.sent_ms for each in kept]),
                log_lines,
                strict=True,
            )
        ],
    )
    return kept


def _write_media(corp: Corp, kept: Sequence[Kept], now: datetime) -> None:
    ArchiveMedia.objects.bulk_create(
        ArchiveMedia(
            house_id=corp.house_id,
            account_id=corp.account_id,
            message_id=each.id,
            place=place,
            kind=attached.kind,
            name=attached.name,
            sdkfileid=attached.sdkfileid,
            md5=attached.md5,
            declared_bytes=attached.size,
            body_key_id=each.key.id,
            due_at=now,
        )
        for each in kept
        for place, attached in enumerate(each.message.attachments)
    )


def _tell(corp: Corp, kept: Sequence[Kept]) -> None:
    talks: dict[str, list[Kept]] = defaultdict(list)
    for each in kept:
        talks[each.message.associate].append(each)
    publish_many([_talk(corp, userid, said) for userid, said in talks.items()])


def _said(kept: Kept) -> int:
    return kept.message.sent_ms


def _talk(corp: Corp, userid: str, said: Sequence[Kept]) -> TalkArchived:
    from_clients = sum(each.message.sender_role == "client" for each in said)
    return TalkArchived(
        house_id=corp.house_id,
        occurred_at=max(said, key=_said).sent_at,
        account_id=corp.account_id,
        userid=userid,
        from_associate=len(said) - from_clients,
        from_clients=from_clients,
        clients=len({each.message.client for each in said} - {""}),
    )


def _note_revocations(corp: Corp, kept: Sequence[Kept]) -> None:
    """Tie messages to what takes them back, whichever came first: a dead letter opens days after its revocation."""
    mine = ArchivedMessage.objects.filter(account_id=corp.account_id)
    for each in kept:
        if each.message.revokes:
            mine.filter(ArchivedMessage.with_msgids([each.message.revokes])).update(revoked_at=each.sent_at)
    revoked = _revoked_before(corp, [each.message.msgid for each in kept])
    earlier = dict(mine.filter(revokes__in=revoked).values_list("revokes", "sent_at")) if revoked else {}
    for msgid, at in earlier.items():
        mine.filter(ArchivedMessage.with_msgids([msgid]), revoked_at=None).update(revoked_at=at)


def _revoked_before(corp: Corp, msgids: Sequence[str]) -> list[str]:
    """Those that an archived message takes back; nearly never any, so that it must cost little to know."""
    if not msgids:
        return []
    places = ", ".join(["%s"] * len(msgids))
    with connection.cursor() as cursor:
        # In the index's own words, without which SQLite does not see that it may use it.
        cursor.execute(
            f"SELECT DISTINCT revokes FROM {ArchivedMessage._meta.db_table}"
            f" WHERE account_id = %s AND NOT (revokes = '') AND revokes IN ({places})",
            [corp.account_id, *msgids],
        )
        return [row[0] for row in cursor.fetchall()]


def _note_pairs(corp: Corp, kept: Sequence[Kept], now: datetime) -> None:
    """Who talks with whom, for the coverage, and what clients answered to the question about archiving."""
    pairs = {
        (each.message.associate, each.message.client)
        for each in kept
        if each.message.associate and each.message.client
    }
    note_active_pairs(house_id=corp.house_id, pairs=pairs - corp.noted, now=now)
    corp.noted.update(pairs)
    for each in kept:
        if each.message.agreement and each.message.client:
            record_agreement(
                house_id=corp.house_id,
                userid=each.message.associate,
                external_userid=each.message.client,
                status=each.message.agreement,
                answered_at=each.sent_at,
                now=now,
            )

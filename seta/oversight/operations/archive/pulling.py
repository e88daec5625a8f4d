"""Pulls the archive page by page and opens the next while the last is written; tries dead letters and gaps again."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet

from seta.callbacks.rules import Inbound
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.oversight import rows as raw
from seta.oversight.events import ArchiveAnnounced, ArchiveLagging
from seta.oversight.models import ArchiveGap, PullCursor, RawRecord
from seta.oversight.opening import OPENER_DIED, Gather, Openers, Outcome
from seta.oversight.operations.archive.alerting import Corp
from seta.oversight.operations.archive.storing import Pair, Stored, keep, store_pulled
from seta.oversight.operations.audit import append_audit
from seta.oversight.policy import live
from seta.oversight.rules import Policy
from seta.oversight.rules.compiling import uncollected
from seta.oversight.search import index
from seta.oversight.search.tokens import key_of_house
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import ArchiveRecord, ArchiveSource
from seta.platforms.wecom.archive import KEY_MISSING

log = logging.getLogger(__name__)

PULL_RECORDS_MAX, PULL_RECORDS_MIN = 1000, 50
PULL_ROUNDS_MAX = 100
PAGES_AHEAD = 8
# Written together, so that an index whose order is chance writes each of its leaves once for all of them; towards the
# end ever fewer, so that no core waits for the writing of many.
PAGES_TOGETHER = 6
RETRY_RECORDS_MAX = 500
LAG_ALARM = timedelta(hours=24)
PLATFORM_KEEPS = timedelta(days=5)
EXPIRED = "10010"
# What may open by itself when tried again: the library's passing troubles, and a process that was ended for another.
PASSING = frozenset({"10001", "10002", "10003", OPENER_DIED})


@dataclass(frozen=True)
class PullReport:
    """What one pull did; `caught_up` when nothing newer was left at the platform."""

    pulled: int
    archived: int
    dead: int
    alerts: int
    caught_up: bool = True


def on_archive_notice(inbound: Inbound, now: datetime) -> None:
    """WeCom's msgaudit_notify: pass it to the worker, since pulling talks to the platform."""
    PullCursor.objects.filter(account_id=inbound.account_id).update(announced_at=now)
    publish(ArchiveAnnounced(house_id=inbound.house_id, occurred_at=now, account_id=inbound.account_id))


def on_archive_announced(fact: ArchiveAnnounced, now: datetime) -> None:
    """Pull what was announced."""
    pull_archive(house_id=fact.house_id, now=now)


def openers_of(
    corp: Corp,
    source: ArchiveSource,
    policy: Policy,
    *,
    processes: int | None = None,
    pool_from: int | None = None,
) -> Openers:
    """What opens an account's records; see `Openers`."""
    return Openers(
        source.opener,
        policy,
        account_id=corp.account_id,
        search_key=key_of_house(corp.house_id),
        processes=processes,
        pool_from=pool_from,
    )


def _nothing() -> None:
    pass


def pull_archive(
    *,
    house_id: int,
    now: datetime,
    source: ArchiveSource | None = None,
    policy: Policy | None = None,
    openers: Openers | None = None,
    on_page: Callable[[], None] = _nothing,
) -> PullReport:
    """Pull everything new, then try again what an earlier pull set aside; may be repeated at any time.

    Talks to the platform, so call it outside a transaction. Raises PlatformError when the archive does not answer;
    what was kept until then stays kept, and the failure is noted for `seta doctor`. Given `openers` stay open;
    `on_page` hears whenever pages are kept.
    """
    account = houses.account(house_id, "wecom")
    corp = Corp(house_id, account.id, account.app_id)
    after = _cursor(corp)
    policy = policy or live(house_id)
    try:
        source = source or houses.archive(house_id)
        if openers is not None:
            return _pull(corp, after, source, openers, policy, now, on_page)
        with openers_of(corp, source, policy) as own:
            return _pull(corp, after, source, own, policy, now, on_page)
    except PlatformError as problem:
        _note_failure(corp, problem, now)
        raise


def _pull(
    corp: Corp,
    after: int,
    source: ArchiveSource,
    openers: Openers,
    policy: Policy,
    now: datetime,
    on_page: Callable[[], None],
) -> PullReport:
    total, waiting = Stored(), deque[tuple[tuple[ArchiveRecord, ...], Gather]]()
    caught_up = False

    def store_oldest(pages: int) -> None:
        nonlocal total
        records, found = list[ArchiveRecord](), list[Outcome]()
        oldest = tuple(islice(waiting, pages))
        with uncollected():
            # A page's rows hold no cycles, and each look at them costs.
            for page, outcomes in oldest:
                records += page
                found += outcomes()
            total = total.plus(store_pulled(corp, records, found, policy=policy, now=now))
        # Only now: were pages dropped that are not kept, the next ones would move the cursor past them.
        for _ in oldest:
            waiting.popleft()
        on_page()

    raw.widen_cache()
    try:
        for page in _pages(source, after):
            if not page:
                caught_up = True
                break
            waiting.append((page, openers.submit(page)))
            if len(waiting) > PAGES_AHEAD:
                store_oldest(PAGES_TOGETHER)
    finally:
        while waiting:
            store_oldest(max(1, len(waiting) // 2))
    _note_success(corp, caught_up, now)
    total = total.plus(_retry_due(corp, openers, policy, now))
    total = total.plus(_ask_for_gaps(corp, source, openers, policy, now))
    if total.archived:
        index.settle()
    return PullReport(total.fresh, total.archived, total.dead, total.alerts, caught_up)


def _pages(source: ArchiveSource, after: int) -> Iterator[tuple[ArchiveRecord, ...]]:
    """Pages after a number until an empty one; smaller ones while the platform is too busy for large ones."""
    size = PULL_RECORDS_MAX
    for _ in range(PULL_ROUNDS_MAX):
        try:
            found = source.get_chat_data(after, size)
        except PlatformError as problem:
            if problem.code == EXPIRED:
                # Whatever stood there is gone; what comes next shows as a gap.
                yield ()
                return
            if not problem.retryable or size <= PULL_RECORDS_MIN:
                raise
            size = max(PULL_RECORDS_MIN, size // 4)
            continue
        page = tuple({record.seq: record for record in found if record.seq > after}.values())
        yield page
        if not page:
            return
        after, size = page[-1].seq, min(PULL_RECORDS_MAX, size * 2)


def _cursor(corp: Corp) -> int:
    cursor, _ = PullCursor.objects.get_or_create(
        account_id=corp.account_id, defaults={"house_id": corp.house_id}
    )
    return cursor.seq


def _note_success(corp: Corp, caught_up: bool, now: datetime) -> None:
    found = {"pulled_at": now, "failure": ""}
    if caught_up:
        found |= {"caught_up_at": now, "alarmed_at": None}
    PullCursor.objects.filter(account_id=corp.account_id).update(**found)


def _note_failure(corp: Corp, problem: PlatformError, now: datetime) -> None:
    PullCursor.objects.filter(account_id=corp.account_id).update(failed_at=now, failure=str(problem)[:300])


def retry_dead(*, house_id: int, now: datetime) -> int:
    """Try every dead letter again, whatever its reason; returns how many are open now."""
    account = houses.account(house_id, "wecom")
    corp, policy = Corp(house_id, account.id, account.app_id), live(house_id)
    opened, after = 0, 0
    with openers_of(corp, houses.archive(house_id), policy) as openers:
        while True:
            rows = list(_dead(corp).filter(seq__gt=after).order_by("seq")[:RETRY_RECORDS_MAX])
            if not rows:
                return opened
            opened += _retry(corp, rows, openers, policy, now).archived
            after = rows[-1].seq


def _dead(corp: Corp) -> QuerySet[RawRecord]:
    return RawRecord.objects.filter(account_id=corp.account_id).exclude(state=RawRecord.State.OPENED)


def _retry_due(corp: Corp, openers: Openers, policy: Policy, now: datetime) -> Stored:
    """Try what may open now: its key has arrived, or the trouble was a passing one and is not five days old."""
    passing = Q(code__in=PASSING, received_at__gt=now - PLATFORM_KEEPS)
    keyed = Q(code=KEY_MISSING, publickey_ver__in=openers.versions)
    kept = Q(state=RawRecord.State.KEPT)
    rows = list(_dead(corp).filter(passing | keyed | kept).order_by("seq")[:RETRY_RECORDS_MAX])
    return _retry(corp, rows, openers, policy, now) if rows else Stored()


def _retry(corp: Corp, rows: Sequence[RawRecord], openers: Openers, policy: Policy, now: datetime) -> Stored:
    records = [
        ArchiveRecord(row.seq, row.msgid, row.publickey_ver, row.encrypt_random_key, row.encrypt_chat_msg)
        for row in rows
    ]
    outcomes = openers.submit(records)()
    with transaction.atomic():
        mine = set(
            _dead(corp)
            .select_for_update()
            .filter(pk__in=[row.pk for row in rows])
            .values_list("seq", flat=True)
        )
        pairs: list[Pair] = [
            (record, outcome)
            for record, outcome in zip(records, outcomes, strict=True)
            if record.seq in mine and outcome.message is not None
        ]
        stored = keep(corp, pairs, policy=policy, now=now)
        # Erasing a person must not leave behind what WeCom's key opens a second time.
        _dead(corp).filter(seq__in=[record.seq for record, _ in pairs]).update(
            state=RawRecord.State.OPENED, code="", reason="", encrypt_random_key="", encrypt_chat_msg=""
        )
        for record, outcome in zip(records, outcomes, strict=True):
            if record.seq in mine and outcome.message is None:
                _dead(corp).filter(seq=record.seq).update(
                    state=RawRecord.State.DEAD,
                    code=outcome.code[:24],
                    reason=f"{outcome.code}: {outcome.reason}"[:300],
                )
        if pairs:
            details = {"account": corp.account_id, "records": [record.seq for record, _ in pairs]}
            append_audit(house_id=corp.house_id, kind="archive.dead_letter_opened", details=details, now=now)
    return stored


def _ask_for_gaps(
    corp: Corp, source: ArchiveSource, openers: Openers, policy: Policy, now: datetime
) -> Stored:
    """Ask once more for numbers that were missing, as long as the platform may still have them."""
    total = Stored()
    open_gaps = ArchiveGap.objects.filter(
        account_id=corp.account_id, healed_at=None, found_at__gt=now - PLATFORM_KEEPS
    ).exclude(found_at=now)
    for gap in open_gaps.order_by("-id")[:5]:
        limit = min(PULL_RECORDS_MAX, gap.last_seq - gap.first_seq + 1)
        found = [
            record for record in source.get_chat_data(gap.first_seq - 1, limit) if record.seq <= gap.last_seq
        ]
        if found:
            total = total.plus(_heal(corp, gap, found, openers, policy, now))
    return total


def _heal(
    corp: Corp,
    gap: ArchiveGap,
    found: Sequence[ArchiveRecord],
    openers: Openers,
    policy: Policy,
    now: datetime,
) -> Stored:
    outcomes = openers.submit(found)()
    with transaction.atomic():
        mine = ArchiveGap.objects.select_for_update().filter(pk=gap.pk, healed_at=None)
        if not mine:
            return Stored()
        stored = keep(corp, list(zip(found, outcomes, strict=True)), policy=policy, now=now)
        if len(found) == gap.last_seq - gap.first_seq + 1:
            mine.update(healed_at=now)
        details = {
            "account": corp.account_id,
            "first": gap.first_seq,
            "last": gap.last_seq,
            "came": len(found),
        }
        append_audit(house_id=corp.house_id, kind="archive.gap_filled", details=details, now=now)
    return stored


def sweep_archives(now: datetime) -> int:
    """Pull every house that has WeCom, in case a notice was lost; returns how many messages were archived.

    One house's failure is logged and does not keep the others waiting. A house that lags by a day raises an alarm,
    once until it has caught up: WeCom drops records after five days.
    """
    archived = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        try:
            archived += pull_archive(house_id=house.id, now=now).archived
        except PlatformError as problem:
            log.warning("the archive of house %s was not pulled: %s", house.code, problem)
    raise_lag_alarms(now)
    return archived


@transaction.atomic
def raise_lag_alarms(now: datetime) -> int:
    """Publish ArchiveLagging for every archive that has not caught up for a day; once an archive and lag."""
    lagging = (
        PullCursor.objects.select_for_update()
        .filter(alarmed_at=None)
        .filter(Q(caught_up_at__lt=now - LAG_ALARM) | Q(caught_up_at=None, failed_at__isnull=False))
    )
    raised = 0
    for cursor in lagging:
        since = cursor.caught_up_at
        if since is None and cursor.pulled_at is not None and cursor.pulled_at >= now - LAG_ALARM:
            continue
        hours = int((now - since) / timedelta(hours=1)) if since else 0
        publish(
            ArchiveLagging(
                house_id=cursor.house_id, occurred_at=now, account_id=cursor.account_id, hours=hours
            )
        )
        details = {"account": cursor.account_id, "hours": hours, "seq": cursor.seq}
        append_audit(house_id=cursor.house_id, kind="archive.lagging", details=details, now=now)
        log.error(
            "the archive of account %s lags by %s hours; WeCom drops what is older than five days",
            *(cursor.account_id, hours),
        )
        raised += 1
        PullCursor.objects.filter(pk=cursor.pk).update(alarmed_at=now)
    return raised

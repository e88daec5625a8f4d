"""Keeps what clients say to being archived, pair by pair."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from seta.houses import queries as houses
from seta.oversight import rows
from seta.oversight.models import Agreement
from seta.oversight.operations.audit import append_audit
from seta.people.operations import record_consent
from seta.people.queries import find
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import WeCom

log = logging.getLogger(__name__)

PAIRS_PER_CHECK_MAX = 1000
ACTIVE_NOTED_EVERY = timedelta(days=1)


@transaction.atomic
def expect_agreement(*, house_id: int, userid: str, external_userid: str, now: datetime) -> None:
    """Count a new pair as not yet asked, so that coverage shows what is missing."""
    Agreement.objects.get_or_create(
        house_id=house_id,
        userid=userid,
        external_userid=external_userid,
        defaults={"changed_at": now, "active_at": now},
    )


def note_active_pairs(*, house_id: int, pairs: Collection[tuple[str, str]], now: datetime) -> None:
    """Remember that these pairs of (userid, external_userid) talk; once a day is enough. Call in a transaction."""
    pairs = set(pairs) - _noted(house_id, pairs, now - ACTIVE_NOTED_EVERY)
    if not pairs:
        return
    known = {
        (userid, client): (row_id, active_at)
        for row_id, userid, client, active_at in Agreement.objects.filter(
            house_id=house_id, external_userid__in={client for _, client in pairs}
        ).values_list("id", "userid", "external_userid", "active_at")
    }
    Agreement.objects.bulk_create(
        [
            Agreement(house_id=house_id, userid=userid, external_userid=client, changed_at=now, active_at=now)
            for userid, client in sorted(pairs - known.keys())
        ],
        ignore_conflicts=True,
    )
    stale = [
        row_id
        for pair, (row_id, active_at) in known.items()
        if pair in pairs and (active_at is None or active_at < now - ACTIVE_NOTED_EVERY)
    ]
    if stale:
        Agreement.objects.filter(pk__in=stale).update(active_at=now)


def _noted(house_id: int, pairs: Collection[tuple[str, str]], since: datetime) -> set[tuple[str, str]]:
    """Which of these pairs are noted since then, each by a walk down the unique index: nearly all, nearly always."""
    if not pairs:
        return set()
    places = ", ".join(["(%s, %s)"] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT userid, external_userid FROM {Agreement._meta.db_table} WHERE house_id = %s"
            f" AND active_at >= %s AND (userid, external_userid) IN (VALUES {places})",
            [house_id, rows.instant(since), *(each for pair in pairs for each in pair)],
        )
        return set(cursor.fetchall())


@transaction.atomic
def record_agreement(
    *, house_id: int, userid: str, external_userid: str, status: str, answered_at: datetime, now: datetime
) -> bool:
    """Keep an answer: Agree, Disagree or Default_Agree; returns whether it changed anything.

    An answer that is older than the one kept is ignored: the archive and the events arrive in no order.
    """
    if status not in Agreement.Status.values:
        raise ValueError(f"{status!r} is none of {', '.join(Agreement.Status.values)}")
    row, _ = Agreement.objects.select_for_update().get_or_create(
        house_id=house_id,
        userid=userid,
        external_userid=external_userid,
        defaults={"changed_at": now},
    )
    is_known = row.status != Agreement.Status.UNASKED
    if row.status == status or (is_known and row.changed_at > answered_at):
        return False
    row.status, row.changed_at = status, answered_at
    row.save()
    details = {"pair": row.pk, "userid": userid, "status": status}
    append_audit(house_id=house_id, kind="agreement.changed", details=details, now=now)
    _note_consent(house_id, external_userid, status, now)
    return True


def _note_consent(house_id: int, external_userid: str, status: str, now: datetime) -> None:
    app = houses.account(house_id, "wecom").app_id
    person_id = find(house_id=house_id, kind="external_userid", app=app, value=external_userid)
    if person_id is not None:
        granted = status in (Agreement.Status.AGREE, Agreement.Status.DEFAULT_AGREE)
        record_consent(
            house_id=house_id,
            person_id=person_id,
            purpose="archive",
            granted=granted,
            source="wecom",
            now=now,
        )


def refresh_agreements(*, house_id: int, now: datetime) -> int:
    """Ask WeCom for the state of all known pairs; returns how many changed. Call outside a transaction."""
    account = houses.account(house_id, "wecom")
    client = WeCom(corpid=account.app_id, secret=account.secrets["archive_secret"], base_url=account.base_url)
    rows = Agreement.objects.filter(house_id=house_id).order_by("id").values_list("userid", "external_userid")
    states = client.check_single_agree(list(rows[:PAIRS_PER_CHECK_MAX]))
    return sum(
        record_agreement(
            house_id=house_id,
            userid=state.userid,
            external_userid=state.external_userid,
            status=state.status,
            answered_at=datetime.fromtimestamp(state.changed_at, UTC) if state.changed_at else now,
            now=now,
        )
        for state in states
    )


def sweep_agreements(now: datetime) -> int:
    """Refresh every house that has WeCom; returns how many answers changed."""
    changed = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        try:
            changed += refresh_agreements(house_id=house.id, now=now)
        except PlatformError as problem:
            log.warning("the agreements of house %s were not refreshed: %s", house.code, problem)
    return changed

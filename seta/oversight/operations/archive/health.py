"""Looks at every step from WeCom's console to the last file, and says what to do where an archive stays empty."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import rsa as keys
from django.db.models import Count

from seta.houses import queries as houses
from seta.houses.queries import Account
from seta.oversight.models import ArchivedMessage, ArchiveGap, ArchiveMedia, PullCursor, RawRecord
from seta.oversight.operations.archive.pulling import LAG_ALARM, PLATFORM_KEEPS
from seta.oversight.queries.archive import coverage
from seta.platforms.core import rsa
from seta.platforms.core.errors import PlatformError
from seta.platforms.wecom import WeCom
from seta.platforms.wecom.archive import KEY_MISSING, versions_of

KEY_BITS = 2048
MEDIA_LATE = timedelta(days=1)

_ADVICE = {
    "60020": "add this server's public address to the trusted IPs of the archive in WeCom's console",
    "301052": "the archive's contract has run out: renew it in WeCom's console",
    "301053": "switch the archive on in WeCom's console and use its own secret, not that of an app",
    "40001": "copy the archive's secret from WeCom's console again (Tools, Conversation archive)",
    "40091": "copy the archive's secret from WeCom's console again (Tools, Conversation archive)",
    "40013": "the corpid is not this company's: copy it from WeCom's console",
    "LIBRARY": "download the C library of the Finance SDK for this processor and set archive_library to its path",
    "10001": "the library cannot reach WeCom: check network and archive_proxy",
}


@dataclass(frozen=True)
class ArchiveStep:
    """One step of the archive; `advice` is empty when it is well."""

    name: str
    ok: bool
    found: str
    advice: str = ""


def examine_archive(*, house_id: int, now: datetime) -> list[ArchiveStep]:
    """Every step in the order in which they depend on each other; asks the platform, changes nothing."""
    account = houses.account(house_id, "wecom")
    client = WeCom(
        corpid=account.app_id,
        secret=account.secrets.get("archive_secret", ""),
        base_url=account.base_url,
    )
    steps = [
        _asked("access", lambda: _access(client)),
        _asked("seats", lambda: _seats(client)),
        _key(account),
        _asked("source", lambda: _source(house_id, account)),
        _consent(house_id, now),
        _lag(account, now),
        _gaps(account, now),
        _dead(account),
        _media(house_id, now),
    ]
    return [*steps, _flow(account, steps)]


def _asked(name: str, look: Callable[[], ArchiveStep]) -> ArchiveStep:
    try:
        return look()
    except PlatformError as problem:
        advice = _ADVICE.get(
            problem.code, "the platform's own words say why; its console has this account's settings"
        )
        if str(problem.kind) == "unreachable":
            advice = "WeCom cannot be reached from here: check the network and the account's base address"
        return ArchiveStep(name, False, str(problem), advice)


def _access(client: WeCom) -> ArchiveStep:
    client.gettoken(force=True)
    return ArchiveStep("access", True, "WeCom takes the archive's secret from this address")


def _seats(client: WeCom) -> ArchiveStep:
    seats = client.permit_users()
    if not seats:
        advice = (
            "give members a seat: WeCom's console, Conversation archive, scope; without one nothing is kept"
        )
        return ArchiveStep("seats", False, "nobody has a seat on the archive", advice)
    return ArchiveStep("seats", True, f"{len(seats)} members have a seat")


def _key(account: Account) -> ArchiveStep:
    versions = versions_of(account.secrets)
    if not versions:
        advice = "make an RSA-2048 key, put its public half into WeCom's console and connect the private one"
        return ArchiveStep("key", False, "no private key", advice)
    for version, pem in sorted(versions.items()):
        try:
            key: keys.RSAPrivateKey | None = rsa.private_key(pem)
        except ValueError:
            key = None
        if key is None or key.key_size != KEY_BITS:
            advice = (
                f"put in the whole PEM of the RSA-{KEY_BITS} private key that WeCom calls version {version}"
            )
            return ArchiveStep("key", False, f"version {version} is no RSA-{KEY_BITS} private key", advice)
    missing = sorted(
        RawRecord.objects.filter(account_id=account.id, code=KEY_MISSING, state=RawRecord.State.DEAD)
        .exclude(publickey_ver__in=versions)
        .values_list("publickey_ver", flat=True)
        .distinct()
    )
    if missing:
        wanted = ", ".join(map(str, missing))
        advice = f"connect the private key as archive_private_key_{missing[0]}: its records then open by themselves"
        return ArchiveStep("key", False, f"records wait for key version {wanted}", advice)
    return ArchiveStep("key", True, f"versions {', '.join(map(str, sorted(versions)))}")


def _source(house_id: int, account: Account) -> ArchiveStep:
    cursor = PullCursor.objects.filter(account_id=account.id).first()
    waiting = len(houses.archive(house_id).get_chat_data(cursor.seq if cursor else 0, 1))
    how = "through Tencent's library" if account.settings.get("archive_library") else "over HTTP"
    return ArchiveStep(
        "source", True, f"answers {how}, {'more is waiting' if waiting else 'nothing is waiting'}"
    )


def _consent(house_id: int, now: datetime) -> ArchiveStep:
    share = coverage(house_id, now=now)
    found = f"{share.agreed} of {share.total} active pairs agreed, {share.disagreed} refused"
    if share.total and not share.agreed:
        advice = (
            "clients are asked when they next write; WeCom gives out nothing of a pair that has not agreed"
        )
        return ArchiveStep("consent", False, found, advice)
    return ArchiveStep("consent", True, found)


def _lag(account: Account, now: datetime) -> ArchiveStep:
    cursor = PullCursor.objects.filter(account_id=account.id).first()
    if cursor is None or cursor.caught_up_at is None:
        trouble = cursor.failure if cursor and cursor.failure else "never pulled to its end"
        advice = "run `seta worker` (or `seta serve` with its own worker): it pulls every minute"
        return ArchiveStep("lag", False, trouble, advice)
    behind = now - cursor.caught_up_at
    hours = behind / timedelta(hours=1)
    found = f"caught up {hours:.1f} hours ago at record {cursor.seq}"
    if behind <= LAG_ALARM:
        return ArchiveStep("lag", True, found)
    left = max(timedelta(0), PLATFORM_KEEPS - behind) / timedelta(hours=1)
    advice = f"WeCom drops records after five days: {left:.0f} hours are left. Last failure: {cursor.failure or 'none'}"
    return ArchiveStep("lag", False, found, advice)


def _gaps(account: Account, now: datetime) -> ArchiveStep:
    rows = ArchiveGap.objects.filter(account_id=account.id, healed_at=None).order_by("-first_seq")
    spans = list(rows.values_list("first_seq", "last_seq", "found_at"))
    missing = sum(last - first + 1 for first, last, _ in spans)
    if not missing:
        return ArchiveStep("gaps", True, "no number is missing")
    first, last, found_at = spans[0]
    advice = "they are asked for again with every pull while WeCom may still have them"
    if found_at < now - PLATFORM_KEEPS:
        advice = "WeCom no longer has them: ask its support, and keep the reason with the audit log's line"
    return ArchiveStep("gaps", False, f"{missing} records missing, last {first} to {last}", advice)


def _dead(account: Account) -> ArchiveStep:
    rows = RawRecord.objects.filter(account_id=account.id, state=RawRecord.State.DEAD)
    counts = dict(rows.values_list("code").annotate(number=Count("id")))
    if not counts:
        return ArchiveStep("dead letters", True, "none")
    found = ", ".join(f"{number} {code or 'unknown'}" for code, number in sorted(counts.items()))
    newest = rows.order_by("-seq").first()
    assert newest is not None
    advice = f"record {newest.seq}: {newest.reason[:160]}"
    return ArchiveStep("dead letters", False, found, advice)


def _media(house_id: int, now: datetime) -> ArchiveStep:
    rows = ArchiveMedia.objects.filter(house_id=house_id)
    waiting = rows.filter(state=ArchiveMedia.State.WAITING)
    late = waiting.filter(message__archived_at__lt=now - MEDIA_LATE).count()
    failed = rows.filter(state=ArchiveMedia.State.FAILED).count()
    kept = rows.filter(state=ArchiveMedia.State.KEPT).count()
    found = f"{kept} kept, {waiting.count()} waiting, {failed} not to be had"
    if late:
        example = waiting.order_by("due_at").first()
        reason = example.reason if example and example.reason else "the worker has not come to them"
        return ArchiveStep("media", False, found, f"{late} files wait for more than a day: {reason}")
    return ArchiveStep("media", True, found)


def _flow(account: Account, steps: list[ArchiveStep]) -> ArchiveStep:
    """The most common trouble: all is configured and nothing arrives."""
    count = ArchivedMessage.objects.filter(account_id=account.id).count()
    if count:
        return ArchiveStep("flow", True, f"{count} messages archived")
    red = [step for step in steps if not step.ok]
    if red:
        advice = f"mend `{red[0].name}` first: {red[0].advice}"
        return ArchiveStep("flow", False, "nothing has ever arrived", advice)
    advice = (
        "every step is well: WeCom keeps only what is said after a member has a seat and the client has agreed, "
        "so let a member with a seat write to a client and look again in a minute"
    )
    return ArchiveStep("flow", False, "nothing has ever arrived", advice)

"""The archive goes on: keys that come late, gaps that fill, files cut off half-way, records that kill, lags."""

import base64
import hashlib
import json
import os
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from seta.events.models import Event
from seta.houses.operations import connect_account, found_house, hire
from seta.houses.queries import members
from seta.oversight import operations, queries
from seta.oversight.models import (
    Agreement,
    ArchivedMessage,
    ArchiveGap,
    ArchiveMedia,
    BodyKey,
    PullCursor,
    RawRecord,
)
from seta.oversight.opening import OPENER_DIED, Openers
from seta.oversight.operations.archive.pulling import PULL_RECORDS_MIN, raise_lag_alarms
from seta.oversight.policy import shipped
from seta.oversight.rules.review import Refused
from seta.oversight.search import index
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wecom import ArchiveRecord, MediaChunk, SandboxOpener
from tests.oversight.archive_server import private_pem, sealed
from tests.oversight.deadly_opener import DeadlyOpener

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLIENT = "wm" + "c" * 30
CHUNK = 512 << 10


@dataclass
class Source:
    """An archive in memory that can be busy, forget numbers for a while, and give out files in pieces."""

    opener: SandboxOpener = field(default_factory=lambda: SandboxOpener({1: private_pem()}))
    records: list[ArchiveRecord] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    pieces_until_cut: int = 1 << 30
    busy_above: int = 1 << 30
    asked: list[int] = field(default_factory=list)

    def get_chat_data(self, seq: int, limit: int = 1000) -> tuple[ArchiveRecord, ...]:
        self.asked.append(limit)
        if limit > self.busy_above:
            raise PlatformError("busy", platform="wecom", code="10003", kind=ErrorKind.BUSY)
        after = [row for row in self.records if row.seq > seq and row.seq not in self.hidden]
        return tuple(after[:limit])

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        if self.pieces_until_cut <= 0:
            raise PlatformError("cut off", platform="wecom", code="10001", kind=ErrorKind.BUSY)
        self.pieces_until_cut -= 1
        if sdkfileid not in self.files:
            raise PlatformError("unknown", platform="wecom", code="10005", kind=ErrorKind.INVALID)
        content, start = self.files[sdkfileid], int(following or 0)
        end = min(len(content), start + CHUNK)
        return MediaChunk(content[start:end], str(end) if end < len(content) else "", end >= len(content))

    def say(self, seq: int, message: dict[str, Any], *, version: int = 1) -> None:
        self.put(json.dumps(message).encode(), seq=seq, version=version)

    def put(self, plain: bytes, *, seq: int, version: int = 1) -> None:
        self.records.append(ArchiveRecord(**sealed(plain, seq=seq, version=version)))


@dataclass(frozen=True)
class StoppedOpener(SandboxOpener):
    """Is interrupted at one record, as when the server is told to stop; nothing about the record is wrong."""

    stops_at: int = 0

    def unwrap(self, record: ArchiveRecord) -> bytes:
        if record.seq == self.stops_at:
            raise KeyboardInterrupt
        return super().unwrap(record)


class SmallPages(Source):
    """Gives out two records at a time."""

    def get_chat_data(self, seq: int, limit: int = 1000) -> tuple[ArchiveRecord, ...]:
        return super().get_chat_data(seq, min(limit, 2))


def message(seq: int, kind: str = "text", body: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "msgid": f"m{seq}_external",
        "action": "send",
        "from": "linyue",
        "tolist": [CLIENT],
        "roomid": "",
        "msgtime": 1795348800000 + seq * 1000,
        "msgtype": kind,
        kind: body or {"content": "您好"},
        **more,
    }


@pytest.fixture
def house(db: None, settings: Settings, tmp_path: Path) -> int:
    settings.VAR_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house_id = found_house(code="serica", name="Serica Milano", kind="maison")
    secrets = dict.fromkeys(("agent_secret", "contact_secret", "agentid", "token", "aes_key"), "x")
    secrets |= {"archive_secret": "s", "archive_private_key": private_pem(), "archive_publickey_ver": "1"}
    connect_account(
        house_id=house_id,
        family="wecom",
        app_id="ww1",
        base_url="http://127.0.0.1:9",
        secrets=secrets,
        # Not when the other archive tests connect theirs: live clients are kept by account and time of change.
        now=NOON - timedelta(hours=1),
    )
    return house_id


def pull(house: int, source: Source, now: datetime = NOON) -> operations.PullReport:
    return operations.pull_archive(house_id=house, now=now, source=source)


def test_a_record_opens_by_itself_when_its_key_arrives(house: int) -> None:
    source = Source()
    source.say(1, message(1), version=7)
    source.say(2, message(2))
    first = pull(house, source)
    source.opener = SandboxOpener({1: private_pem(), 7: private_pem()})

    second = pull(house, source, NOON + timedelta(minutes=1))

    assert (first.archived, first.dead, second.archived, second.dead) == (1, 1, 1, 0)
    assert ArchivedMessage.objects.filter(seq=1).exists()
    row = RawRecord.objects.get(seq=1)
    assert (row.state, row.encrypt_chat_msg, row.encrypt_random_key) == ("opened", "", "")
    assert queries.verify_audit(house).ok


def test_a_gap_is_asked_for_again_and_heals(house: int) -> None:
    source = Source(hidden={3, 4})
    for seq in range(1, 7):
        source.say(seq, message(seq))
    pull(house, source)
    assert ArchiveGap.objects.get().first_seq == 3
    source.hidden.clear()

    report = pull(house, source, NOON + timedelta(minutes=1))

    assert report.archived == 2
    assert ArchiveGap.objects.get().healed_at is not None
    assert ArchivedMessage.objects.count() == 6
    assert PullCursor.objects.get().seq == 6


def test_a_busy_platform_is_asked_for_less(house: int) -> None:
    source = Source(busy_above=100)
    for seq in range(1, 4):
        source.say(seq, message(seq))

    report = pull(house, source)

    assert report.archived == 3
    assert source.asked[:3] == [1000, 250, 62]
    assert min(source.asked) >= PULL_RECORDS_MIN


def test_a_failure_is_noted_and_what_was_kept_stays(house: int) -> None:
    source = Source(busy_above=0)

    with pytest.raises(PlatformError):
        pull(house, source)

    assert "busy" in PullCursor.objects.get().failure
    source.busy_above = 1 << 30
    assert pull(house, source).caught_up
    assert PullCursor.objects.get().failure == ""


def test_a_day_without_catching_up_raises_one_alarm(house: int) -> None:
    source = Source()
    pull(house, source)

    raised = [raise_lag_alarms(NOON + timedelta(hours=hours)) for hours in (23, 25, 26)]

    assert raised == [0, 1, 0]
    assert Event.objects.filter(name="oversight.archive.lagging").count() == 1
    pull(house, source, NOON + timedelta(hours=27))
    assert raise_lag_alarms(NOON + timedelta(hours=28)) == 0


@pytest.mark.parametrize("depth", [20, 1000])
def test_a_record_in_a_record_in_a_record_neither_stops_nor_hides(house: int, depth: int) -> None:
    inner: dict[str, Any] = {"content": "微信转我"}
    text = json.dumps(inner, ensure_ascii=False)
    for _ in range(depth):
        text = '{"title":"记录","item":[{"type":"ChatRecordChatrecord","content":' + text + "}]}"
    source = Source()
    plain = json.dumps(message(1, "chatrecord", {"x": 1})).replace('{"x": 1}', text)
    source.put(plain.encode(), seq=1)
    source.say(2, message(2))

    report = pull(house, source)

    assert report.archived + report.dead == 2
    kept = ArchivedMessage.objects.filter(seq=1).first()
    assert RawRecord.objects.filter(seq=1).exists() if kept is None else kept.unread_parts > 0


def test_every_part_of_a_forwarded_talk_is_read(house: int) -> None:
    items = [
        {"type": "ChatRecordText", "content": json.dumps({"content": "这条丝巾还有吗"})},
        {"type": "ChatRecordText", "content": json.dumps({"content": "你直接微信转我吧"})},
        {"type": "ChatRecordImage", "content": json.dumps({"sdkfileid": "f1", "filesize": 3})},
    ]
    source = Source(files={"f1": b"abc"})
    source.say(1, message(1, "chatrecord", {"title": "群聊", "item": items}))

    pull(house, source)

    assert "pay.personal-transfer" in {row.rule for row in queries.alerts(house, now=NOON)}
    assert ArchiveMedia.objects.get().kind == "image"


def test_a_revocation_that_comes_before_its_message_still_marks_it(house: int) -> None:
    source = Source()
    source.say(1, message(1), version=7)
    source.say(2, message(2, "revoke", {"pre_msgid": "m1_external"}, action="recall"))
    pull(house, source)
    source.opener = SandboxOpener({1: private_pem(), 7: private_pem()})

    pull(house, source, NOON + timedelta(minutes=1))

    assert ArchivedMessage.objects.get(seq=1).revoked_at is not None


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(20 << 20))
    return packed.getvalue() + os.urandom(CHUNK * 2 + 77)


def with_file(content: bytes, **described: Any) -> Source:
    source = Source(files={"f": content})
    body = {
        "sdkfileid": "f",
        "md5sum": hashlib.md5(content).hexdigest(),
        "filesize": len(content),
        "filename": "价目.zip",
        **described,
    }
    source.say(1, message(1, "file", body))
    return source


def test_a_file_comes_in_pieces_goes_on_where_it_was_cut_and_is_never_unpacked(
    house: int, tmp_path: Path
) -> None:
    content = bomb()
    source = with_file(content)
    source.pieces_until_cut = 2
    pull(house, source)

    cut = operations.fetch_media(house_id=house, now=NOON, source=source)
    source.pieces_until_cut = 10
    report = operations.fetch_media(house_id=house, now=NOON + timedelta(hours=1), source=source)

    assert (cut.later, report.kept, source.pieces_until_cut) == (1, 1, 9)
    (path,) = list(tmp_path.rglob("*.sealed"))
    assert path.stat().st_size < len(content) + 200
    assert content[:64] not in path.read_bytes()
    hire(house_id=house, username="sup", password="x" * 12, role="supervisor", name="Sup")
    user = members(house)[0].user_id
    media_id = ArchiveMedia.objects.get().pk
    opened = operations.open_media(
        house_id=house, media_id=media_id, user_id=user, purpose="alert_review", now=NOON
    )
    assert (opened.name, b"".join(opened.pieces)) == ("价目.zip", content)
    assert queries.audit_log(house, kind="media.read")


@pytest.mark.parametrize(
    ("described", "code"),
    [
        ({"md5sum": "0" * 32}, "MD5"),
        ({"filesize": 4}, "SIZE"),
        ({"filesize": 1 << 40}, "TOO_LARGE"),
        ({"sdkfileid": "gone"}, "10005"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_kept(
    house: int, tmp_path: Path, described: dict[str, Any], code: str
) -> None:
    source = with_file(b"lookbook", **described)
    pull(house, source)

    report = operations.fetch_media(house_id=house, now=NOON, source=source)

    assert (report.failed, ArchiveMedia.objects.get().code) == (1, code)
    assert not list(tmp_path.rglob("*.sealed"))


def test_files_are_deleted_by_age_and_with_the_persons_key(house: int, tmp_path: Path) -> None:
    source = with_file(b"one")
    source.files["g"] = b"two"
    source.say(2, message(2, "image", {"sdkfileid": "g"}))
    pull(house, source)
    operations.fetch_media(house_id=house, now=NOON, source=source)
    ArchiveMedia.objects.filter(sdkfileid="g").update(kept_at=NOON + timedelta(days=9))

    forgotten = operations.forget_media(house_id=house, before=NOON + timedelta(days=1), now=NOON)
    BodyKey.objects.update(sealed=None, destroyed_at=NOON)
    operations.sweep_media(NOON)

    assert forgotten == 1
    assert not list(tmp_path.rglob("*.sealed"))
    assert set(ArchiveMedia.objects.values_list("state", flat=True)) == {"forgotten"}


def test_a_member_who_may_not_review_opens_no_file(house: int) -> None:
    hire(house_id=house, username="sa", password="x" * 12, role="associate", name="A")

    with pytest.raises(Refused):
        operations.open_media(
            house_id=house,
            media_id=1,
            user_id=members(house)[0].user_id,
            purpose="alert_review",
            now=NOON,
        )


def test_pairs_that_talk_are_counted_before_anybody_asks_them(house: int) -> None:
    source = Source()
    source.say(1, message(1))

    pull(house, source)

    pair = Agreement.objects.get()
    assert (pair.userid, pair.external_userid, pair.status) == ("linyue", CLIENT, "Unasked")
    assert pair.active_at == NOON


def test_a_pull_leaves_nothing_for_searches_to_sort_in(house: int) -> None:
    source = Source()
    source.say(1, message(1))

    pull(house, source)

    assert index.settle() == 0


@pytest.mark.slow
def test_a_record_that_kills_its_process_is_told_apart_from_its_neighbours() -> None:
    source = Source()
    for seq in range(1, 8):
        source.say(seq, message(seq))
    opener = DeadlyOpener(source.opener, 4)

    with Openers(opener, shipped(), account_id=1, search_key=b"k" * 32, processes=2, pool_from=0) as openers:
        outcomes = openers.submit(source.records)()

    assert [outcome.code for outcome in outcomes] == ["", "", "", OPENER_DIED, "", "", ""]


def test_base64_that_is_none_and_a_wrapped_key_of_another_are_set_aside(house: int) -> None:
    source = Source()
    source.records.append(ArchiveRecord(1, "m1", 1, "!!!", "???"))
    source.records.append(ArchiveRecord(2, "m2", 1, base64.b64encode(bytes(256)).decode(), "AAAA"))
    source.say(3, message(3))

    report = pull(house, source)

    assert (report.archived, report.dead) == (1, 2)
    assert {row.code for row in RawRecord.objects.all()} == {"10006"}


def steps(house: int) -> dict[str, operations.ArchiveStep]:
    return {step.name: step for step in operations.examine_archive(house_id=house, now=NOON)}


def test_the_doctor_says_what_to_do_first_when_nothing_arrives(house: int) -> None:
    found = steps(house)

    assert not found["access"].ok and "cannot be reached" in found["access"].advice
    assert not found["flow"].ok and found["flow"].advice.startswith("mend `access` first")
    assert found["key"].ok and not found["lag"].ok


def test_the_doctor_names_the_key_version_that_is_missing(house: int) -> None:
    source = Source()
    source.say(1, message(1), version=7)
    pull(house, source)

    found = steps(house)

    assert "archive_private_key_7" in found["key"].advice
    assert not found["dead letters"].ok and "KEY_VERSION" in found["dead letters"].found


def test_a_pull_that_is_stopped_moves_the_cursor_past_nothing_that_it_has_not_kept(house: int) -> None:
    source = SmallPages(opener=StoppedOpener({1: private_pem()}, stops_at=9))
    for seq in range(1, 21):
        source.say(seq, message(seq))

    with pytest.raises(KeyboardInterrupt):
        operations.pull_archive(house_id=house, source=source, now=NOON)

    cursor = PullCursor.objects.get(house_id=house).seq
    assert cursor == ArchivedMessage.objects.filter(house_id=house).count() < 9
    assert not ArchiveGap.objects.filter(house_id=house).exists()
    source.opener = SandboxOpener({1: private_pem()})
    operations.pull_archive(house_id=house, source=source, now=NOON)
    assert ArchivedMessage.objects.filter(house_id=house).count() == 20
    assert not ArchiveGap.objects.filter(house_id=house).exists()

"""The tab of calls: voice messages and calls of the archive beside consultations, played for a purpose, logged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from seta.consultations import operations as consultations
from seta.oversight import media_files
from seta.oversight.bodies import keys_for
from seta.oversight.models import ArchivedMessage, ArchiveMedia
from seta.oversight.queries import audit_log
from tests.desk.conftest import World

AMR = b"#!AMR\n" + bytes(range(64))


@pytest.fixture
def voice(world: World, settings: Settings, tmp_path: Path) -> int:
    """A voice message of the client's with its associate, and a call that left no sound."""
    settings.VAR_DIR = tmp_path
    now, home = datetime.now(UTC), world.ours
    key = keys_for(house_id=home.id, person_ids=[home.client], now=now)[home.client]
    for seq, kind in ((8, "voiptext"), (9, "voice")):
        message = ArchivedMessage.objects.create(
            house_id=home.id,
            account_id=home.account,
            seq=seq,
            msgid=f"heard-{seq}",
            conversation="associate:wm-chen",
            userid="associate",
            external_userid="wm-chen",
            person_id=home.client,
            sender_role="client",
            kind=kind,
            sealed_body=key.seal(b"", bound_to=f"{home.account}:heard-{seq}"),
            body_key_id=key.id,
            sent_at=now,
            archived_at=now,
        )
    media = ArchiveMedia.objects.create(
        house_id=home.id,
        account_id=home.account,
        message=message,
        place=0,
        kind="voice",
        name="voice.amr",
        sdkfileid="f",
        body_key_id=key.id,
        state=ArchiveMedia.State.KEPT,
        chunks=1,
        kept_bytes=len(AMR),
        due_at=now,
        kept_at=now,
    )
    path = media_files.path_of(home.id, media.pk)
    media_files.append(path, AMR, key=key, media_id=media.pk, place=0, kept_bytes=0)
    return media.pk


def test_voice_messages_and_calls_stand_beside_consultations_with_a_player(world: World, voice: int) -> None:
    now = datetime.now(UTC)
    consultations.book(
        house_id=world.ours.id,
        person_id=world.ours.client,
        user_id=world.user_id("associate"),
        host_name="林悦",
        kind="video",
        starts_at=now.replace(minute=0, second=0, microsecond=0) + timedelta(days=1),
        minutes=30,
        now=now,
        topic="秋冬新品",
    )
    client = world.sign_in("supervisor")
    tab = f"/desk/clients/{world.ours.client}/?tab=calls"

    page = client.get(tab).content.decode()
    chosen = client.get(f"{tab}&media={voice}&purpose=legal").content.decode()

    for words in ("秋冬新品", "Voice message", "Call by WeCom, no sound kept", "kept in the log"):
        assert words in page
    assert "<audio" not in page
    assert f"/desk/clients/{world.ours.client}/heard/{voice}/?purpose=legal" in chosen


def test_a_voice_message_is_played_for_a_purpose_and_logged(world: World, voice: int) -> None:
    address = f"/desk/clients/{world.ours.client}/heard/{voice}/"
    client = world.sign_in("supervisor")

    played = client.get(f"{address}?purpose=complaint")
    saved = client.get(f"{address}?purpose=complaint&download=1")

    assert b"".join(played.streaming_content) == AMR  # type: ignore[attr-defined]
    assert (played["Content-Type"], played["Content-Disposition"][:6]) == ("audio/amr", "inline")
    assert saved["Content-Disposition"] == f'attachment; filename="voice-{voice}.amr"'
    assert [line.kind for line in audit_log(world.ours.id, kind="media.read")] == ["media.read"] * 2
    assert client.get(address).status_code == 403


def test_a_colleague_who_was_not_in_it_and_another_house_hear_nothing(world: World, voice: int) -> None:
    mine = f"/desk/clients/{world.ours.client}/heard/{voice}/?purpose=legal"
    theirs = f"/desk/clients/{world.theirs.client}/heard/{voice}/?purpose=legal"

    assert world.sign_in("colleague").get(mine).status_code == 403
    assert world.sign_in("supervisor-lucente").get(mine).status_code == 404
    assert world.sign_in("supervisor-lucente").get(theirs).status_code == 404
    assert len(audit_log(world.ours.id, kind="access.refused")) == 1

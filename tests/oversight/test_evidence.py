"""A bundle of evidence is made by two, checked by anybody, and finds whatever was changed in it."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta.oversight import operations
from seta.oversight.models import ArchivedMessage, AuditEvent, ExportRequest
from seta.oversight.operations import exporting, heads
from seta.oversight.rules import bundle, container
from seta.oversight.rules.retention import EvidenceRefused, Refusal
from seta.oversight.rules.review import Refused
from seta.oversight.rules.verifying import verify
from tests.oversight.archive_server import Archive
from tests.oversight.evidence_world import NOON, PAIR, bundle_of, found, talk, user

LATER = NOON + timedelta(hours=1)


NO_FILES = {"files": 0, "files_missing": 0}


@pytest.fixture
def house(connected: int, archive: Archive) -> int:
    talk(connected, archive)
    return connected


@pytest.fixture
def made(house: int) -> Path:
    heads.sign_head(house_id=house, now=NOON)
    return bundle_of(house)


def test_a_bundle_verifies_by_itself_and_tells_what_it_is(house: int, made: Path) -> None:
    report = verify(made)

    assert report.faults == []
    assert report.facts["counts"] == {"messages": 4, "open": 4, "erased": 0, "disposed": 0, **NO_FILES}
    assert (report.facts["asked_by"], report.facts["approved_by"]) == ("anna", "bruno")
    assert report.facts["heads"] == 2
    assert verify(made, key=report.facts["key"]).ok


def test_any_zip_tool_opens_it_and_people_can_read_it(made: Path) -> None:
    with zipfile.ZipFile(made) as opened:
        assert opened.testzip() is None
        pages = [opened.read(f"index.{language}.html").decode() for language in ("zh", "en", "it")]
        lines = opened.read(bundle.MESSAGES).decode().splitlines()

    assert all("您好，第3句" in page for page in pages)
    assert json.loads(lines[0])["record"]["text"] == "您好，第1句"
    assert "m2" not in [json.loads(line)["record"]["msgid"] for line in lines]


def test_it_verifies_in_a_process_without_settings_or_database(made: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "seta.site.cli", "archive", "verify", str(made), "--json", "-"]
    environment = {
        "PATH": "/usr/bin",
        "SETA_VAR": "/nowhere",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x",
    }

    good = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    spoiled = tmp_path / "spoiled.zip"
    spoiled.write_bytes(made.read_bytes()[:-40])
    bad = subprocess.run(
        [*command[:-3], str(spoiled)], env=environment, capture_output=True, text=True, check=False
    )

    assert good.returncode == 0, good.stderr
    assert json.loads(good.stdout)["ok"] is True
    assert bad.returncode == 1
    assert "envelope" in bad.stdout


@pytest.fixture(scope="module")
def flips() -> dict[str, bytes]:
    return {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_bit_flipped_anywhere_is_found(made: Path, tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(made.read_bytes())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    spoiled = tmp_path / "flipped.zip"
    spoiled.write_bytes(raw)

    assert not verify(spoiled).ok, f"bit {bit}"


def rebuilt(path: Path, to: Path, change: dict[str, bytes]) -> Path:
    """The bundle with other contents in a flawless envelope, as someone without the house's key could make it."""
    with path.open("rb") as file, to.open("w+b") as out:
        writer = container.Writer(out)
        for member in container.members(file):
            raw = container.read(file, member, bytes_max=1 << 30)
            writer.add(member.name, [change.get(member.name, raw)])
        writer.done()
    return to


def contents(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as opened:
        return opened.read(name)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_lines_removed_moved_doubled_or_back_dated_are_found_where_they_are(
    made: Path, tmp_path: Path, data: st.DataObject
) -> None:
    lines = contents(made, bundle.MESSAGES).decode().splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["remove", "move", "double", "back-date message", "back-date line"]))
    if how == "remove":
        del lines[at]
    elif how == "move":
        lines.insert(data.draw(st.sampled_from([to for to in range(len(lines)) if to != at])), lines.pop(at))
    elif how == "double":
        lines.insert(at, lines[at])
    elif how == "back-date message":
        lines[at] = lines[at].replace('"sent_at":"2026-11-22', '"sent_at":"2025-11-22')
    else:
        lines[at] = lines[at].replace('\\"at\\":\\"2026', '\\"at\\":\\"2025')
    changed = rebuilt(made, tmp_path / "changed.zip", {bundle.MESSAGES: "".join(lines).encode()})

    faults = verify(changed).faults

    assert any(fault.startswith(f"{bundle.MESSAGES}: does not have the digest") for fault in faults)
    if how in ("move", "double"):
        assert any("moved or doubled" in fault for fault in faults)
    if how == "back-date message":
        assert f"{bundle.MESSAGES} line {at + 1}: the message was changed" in "\n".join(faults)
    if how == "back-date line":
        assert f"{bundle.MESSAGES} line {at + 1}: line" in "\n".join(faults)
    if how == "remove":
        assert any("tells 4 messages, but there are 3" in fault for fault in faults)


def test_another_houses_bundle_does_not_pass_for_ours(house: int, made: Path, archive: Archive) -> None:
    other = found(archive, "lucente")
    archive.records.clear()
    talk(other, archive)
    foreign = bundle_of(other)

    ours = verify(made).facts["key"]

    assert verify(foreign).ok
    assert any("somebody else made this bundle" in fault for fault in verify(foreign, key=ours).faults)


def test_the_whole_log_verifies_and_a_changed_line_is_named(house: int, tmp_path: Path) -> None:
    path = bundle_of(house, "log", "")
    lines = contents(path, bundle.LOG).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"m3", b"m9")
    changed = rebuilt(path, tmp_path / "changed.zip", {bundle.LOG: b"".join(lines)})

    assert verify(path).ok
    assert verify(path).facts["counts"]["lines"] == len(lines)
    assert f"{bundle.LOG} line 3: was changed" in "\n".join(verify(changed).faults)


def test_erasing_a_person_leaves_every_proof_valid(house: int, made: Path, tmp_path: Path) -> None:
    before = made.read_bytes()
    person = ArchivedMessage.objects.filter(conversation=PAIR)[0].person_id
    assert person is not None

    operations.destroy_bodies(house_id=house, person_id=person, now=LATER)
    after = bundle_of(house, now=LATER + timedelta(hours=1))
    kept = tmp_path / "kept.zip"
    kept.write_bytes(before)

    assert not made.exists()
    assert ExportRequest.objects.order_by("id")[0].state == "gone"
    assert verify(kept).ok
    report = verify(after)
    assert report.faults == []
    assert report.facts["counts"] == {"messages": 4, "open": 0, "erased": 4, "disposed": 0, **NO_FILES}
    assert "您好" not in contents(after, bundle.MESSAGES).decode()
    assert "Erased" in contents(after, "index.en.html").decode()


def test_an_export_takes_two_people_and_each_step_is_a_line_of_the_log(house: int, made: Path) -> None:
    anna = user(house, "anna")
    export = ExportRequest.objects.get()
    exporting.take_bundle(house_id=house, user_id=anna, export_id=export.pk, now=LATER)

    kinds = list(
        AuditEvent.objects.filter(kind__startswith="evidence.").order_by("seq").values_list("kind", flat=True)
    )

    assert kinds == ["evidence.asked", "evidence.approved", "evidence.made", "evidence.taken"]


def ask(house: int, who: str = "anna", **other: str) -> int:
    wanted = {"scope": "conversation", "value": PAIR, "purpose": "legal", "reason": "A letter", **other}
    return exporting.ask_export(
        house_id=house, user_id=user(house, who), since=None, until=None, now=NOON, **wanted
    )


def test_nobody_approves_their_own_export(house: int) -> None:
    export = ask(house)

    with pytest.raises(EvidenceRefused) as refused:
        exporting.approve_export(house_id=house, user_id=user(house, "anna"), export_id=export, now=NOON)

    assert refused.value.refusal is Refusal.OWN_REQUEST


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"value": "linyue:nobody"}, Refusal.NOTHING),
        ({"scope": "everything"}, Refusal.BAD_SCOPE),
        ({"scope": "person", "value": "abc"}, Refusal.NOTHING),
        ({"reason": "  "}, Refusal.NO_REASON),
        ({"who": "lin"}, Refusal.NOT_ALLOWED),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(
    house: int, other: dict[str, str], refusal: Refusal
) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        ask(house, **other)

    assert refused.value.refusal is refusal
    assert ExportRequest.objects.count() == 0


def test_an_export_without_a_purpose_is_refused(house: int) -> None:
    with pytest.raises(Refused):
        ask(house, purpose="curiosity")


def test_bundles_are_deleted_after_a_week(house: int, made: Path) -> None:
    assert exporting.forget_old_bundles(LATER + timedelta(days=6)) == 0
    assert exporting.forget_old_bundles(LATER + timedelta(days=8)) == 1
    assert not made.exists()

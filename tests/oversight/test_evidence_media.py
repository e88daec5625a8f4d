"""Files go into a bundle with their own lines of the log, and out of the world with what they belong to."""

import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from seta.oversight import media_files, operations
from seta.oversight.events import DisposalApproved
from seta.oversight.models import ArchivedMessage, ArchiveMedia
from seta.oversight.operations import pull_archive, retention
from seta.oversight.rules import bundle, container
from seta.oversight.rules.chain import canonical
from seta.oversight.rules.verifying import verify
from seta.platforms.wecom import ArchiveRecord, MediaChunk, SandboxOpener
from tests.oversight.archive_server import Archive
from tests.oversight.evidence_world import NOON, bundle_of, message, talk, user
from tests.oversight.test_evidence import contents, rebuilt

PICTURE = b"\x89PNG" + bytes(range(256)) * 3000


@dataclass
class Files:
    """A source of files only, in pieces of half a megabyte."""

    held: dict[str, bytes] = field(default_factory=dict)
    opener: SandboxOpener = field(default_factory=lambda: SandboxOpener({}))
    piece_bytes: int = 512 << 10

    def get_chat_data(self, seq: int, limit: int = 1000) -> tuple[ArchiveRecord, ...]:
        return ()

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        at = int(following or 0)
        end = at + self.piece_bytes
        data = self.held[sdkfileid]
        return MediaChunk(data[at:end], str(end), end >= len(data))


@pytest.fixture
def house(connected: int, archive: Archive) -> int:
    """A conversation in which a picture was sent twice."""
    talk(connected, archive)
    for seq in (8, 9):
        image = {"sdkfileid": "file", "md5sum": hashlib.md5(PICTURE).hexdigest(), "filesize": len(PICTURE)}
        archive.say(seq, {**message(seq, ""), "msgtype": "image", "image": image})
    pull_archive(house_id=connected, now=NOON)
    operations.fetch_media(house_id=connected, now=NOON, source=Files({"file": PICTURE}))
    return connected


def sealed_files(house: int) -> list[Path]:
    return [media_files.path_of(house, media.pk) for media in ArchiveMedia.objects.order_by("pk")]


def test_a_file_is_in_the_bundle_once_bound_to_every_message_that_brought_it(house: int) -> None:
    made = bundle_of(house)

    report = verify(made)

    assert report.faults == []
    assert (report.facts["counts"]["files"], report.facts["counts"]["messages"]) == (1, 6)
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert contents(made, f"media/{digest}") == PICTURE
    lines = [json.loads(line) for line in contents(made, bundle.MESSAGES).splitlines()]
    assert [len(line["media"]) for line in lines] == [0, 0, 0, 0, 1, 1]
    assert len({line["media"][0]["event"] for line in lines if line["media"]}) == 2
    assert digest in contents(made, "index.en.html").decode()


def test_another_file_in_its_place_is_found_even_with_every_digest_made_anew(
    house: int, tmp_path: Path
) -> None:
    made = bundle_of(house)
    old, other = hashlib.sha256(PICTURE).hexdigest(), PICTURE[::-1]
    new = hashlib.sha256(other).hexdigest()
    told = contents(made, bundle.MESSAGES).replace(old.encode(), new.encode())
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(made) as bundled, forged.open("w+b") as out:
        writer = container.Writer(out)
        for name in bundled.namelist():
            data = {f"media/{old}": other, bundle.MESSAGES: told}.get(name, bundled.read(name))
            writer.add(f"media/{new}" if name == f"media/{old}" else name, [data])
        writer.done()

    faults = verify(forged).faults

    assert any("is not the one that the log committed to" in fault for fault in faults)


@pytest.mark.parametrize("field_name", ["name", "kind", "place", "bytes"])
def test_what_is_told_of_a_file_cannot_be_changed(house: int, tmp_path: Path, field_name: str) -> None:
    made = bundle_of(house)
    lines = [json.loads(line) for line in contents(made, bundle.MESSAGES).splitlines()]
    record = lines[4]["media"][0]["record"]
    record[field_name] = record[field_name] + 1 if field_name in ("place", "bytes") else "other"
    text = "".join(canonical(line) + "\n" for line in lines).encode()

    faults = verify(rebuilt(made, tmp_path / "changed.zip", {bundle.MESSAGES: text})).faults

    assert any(fault.startswith("messages.jsonl line 5: its file") for fault in faults), faults


def test_a_file_that_was_changed_on_the_disk_is_left_out_and_counted(house: int) -> None:
    first, second = sealed_files(house)
    raw = bytearray(first.read_bytes())
    raw[100] ^= 1
    first.write_bytes(raw)
    second.unlink()

    report = verify(bundle_of(house))

    assert report.faults == []
    assert report.facts["counts"]["files_missing"] == 2
    assert "files that were changed on the server's disk are left out" in report.notes


def test_disposal_deletes_the_files_of_what_it_destroys(
    house: int, django_capture_on_commit_callbacks: object
) -> None:
    anna, bruno = user(house, "anna"), user(house, "bruno")
    retention.set_retention(house_id=house, user_id=anna, kind="image", days=30, now=NOON)
    later = NOON + timedelta(days=31)
    run = retention.ask_disposal(house_id=house, user_id=anna, now=later)
    retention.approve_disposal(house_id=house, user_id=bruno, run_id=run, now=later)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        retention.on_disposal_approved(DisposalApproved(house_id=house, occurred_at=later, run_id=run), later)

    assert [path.exists() for path in sealed_files(house)] == [False, False]
    assert set(ArchiveMedia.objects.values_list("state", "sha256")) == {("forgotten", "")}
    assert verify(bundle_of(house, now=later)).facts["counts"]["files"] == 0


def test_erasing_a_person_deletes_the_files_and_older_bundles_stay_provable(
    house: int, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    copy = tmp_path / "handed-out.zip"
    copy.write_bytes(bundle_of(house).read_bytes())
    person = ArchivedMessage.objects.get(seq=8).person_id
    assert person is not None

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        operations.destroy_bodies(house_id=house, person_id=person, now=NOON)

    assert [path.exists() for path in sealed_files(house)] == [False, False]
    assert verify(copy).ok
    erased = verify(bundle_of(house)).facts["counts"]
    assert (erased["erased"], erased["files"]) == (6, 0)

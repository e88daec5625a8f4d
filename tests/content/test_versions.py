"""Versions are approved by a second person, in force for their markets and time, and what was shown is measured."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from PIL import Image, ImageDraw
from pytest_django import Settings

from seta.content import operations, queries
from seta.content.models import AssetVersion, SharedContent
from seta.content.operations import Shown
from seta.content.rules.states import Refusal, Refused
from seta.events.models import Event
from seta.houses.operations import found_house, hire
from seta.houses.queries import members

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SILK = "全新真丝方巾，意大利科莫手工卷边，90×90厘米，米兰旗舰店售价1200欧元，欢迎预约鉴赏。"


@pytest.fixture
def house(db: None, settings: Settings) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house_id = found_house(code="serica", name="Serica Milano", kind="maison")
    for name in ("anna", "bruno"):
        hire(house_id=house_id, username=name, password="only for tests", role="marketing", name=name)
    return house_id


@pytest.fixture
def authors(house: int) -> tuple[int, int]:
    first, second = (member.user_id for member in members(house))
    return first, second


def draft(house: int, user: int, **how: object) -> int:
    given = {"code": "silk", "title": "Silk", "text": SILK, "now": NOON} | how
    return operations.draft_version(house_id=house, user_id=user, **given)  # type: ignore[arg-type]


def approve(house: int, authors: tuple[int, int], **how: object) -> int:
    version = draft(house, authors[0], **how)
    operations.submit_version(house_id=house, version_id=version, now=NOON)
    operations.approve_version(house_id=house, version_id=version, user_id=authors[1], now=NOON)
    return version


def picture() -> bytes:
    image = Image.new("RGB", (400, 300), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 30, 220, 180), fill="black")
    pen.ellipse((200, 120, 380, 280), fill="grey")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_version_goes_from_draft_to_approved_by_a_second_person(
    house: int, authors: tuple[int, int]
) -> None:
    version = draft(house, authors[0])
    with pytest.raises(Refused) as early:
        operations.approve_version(house_id=house, version_id=version, user_id=authors[1], now=NOON)
    assert early.value.refusal is Refusal.WRONG_STATE
    operations.submit_version(house_id=house, version_id=version, now=NOON)
    with pytest.raises(Refused) as own:
        operations.approve_version(house_id=house, version_id=version, user_id=authors[0], now=NOON)
    assert own.value.refusal is Refusal.SAME_PERSON
    assert queries.in_force(house, now=NOON) == []
    operations.approve_version(house_id=house, version_id=version, user_id=authors[1], now=NOON)
    (row,) = queries.in_force(house, now=NOON)
    assert (row.id, row.number, row.is_in_force) == (version, 1, True)
    assert Event.objects.filter(name="content.version.approved").count() == 1


def test_the_database_itself_refuses_one_person(house: int, authors: tuple[int, int]) -> None:
    version = draft(house, authors[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        AssetVersion.objects.filter(pk=version).update(approved_by_id=authors[0])


def test_a_version_sent_back_can_be_submitted_again(house: int, authors: tuple[int, int]) -> None:
    version = draft(house, authors[0])
    operations.submit_version(house_id=house, version_id=version, now=NOON)
    operations.return_version(house_id=house, version_id=version, now=NOON)
    operations.submit_version(house_id=house, version_id=version, now=NOON)
    assert [row.status for row in queries.versions(house, now=NOON)] == ["review"]


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"text": "  "}, Refusal.NOTHING),
        ({"text": "字" * 4001}, Refusal.TOO_LONG),
        ({"valid_until": NOON}, Refusal.PERIOD),
        ({"text": "", "image": b"not a picture"}, Refusal.IMAGE),
    ],
)
def test_a_bad_draft_is_refused_and_changes_nothing(
    house: int, authors: tuple[int, int], how: dict[str, object], refusal: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        draft(house, authors[0], **how)
    assert refused.value.refusal is refusal
    assert len({refused.value.text(language) for language in ("en", "it", "zh-hans")}) == 3
    assert not AssetVersion.objects.exists()


def test_another_houses_version_is_unknown(house: int, authors: tuple[int, int]) -> None:
    version = draft(house, authors[0])
    other = found_house(code="altra", name="Altra", kind="maison")
    with pytest.raises(Refused) as refused:
        operations.submit_version(house_id=other, version_id=version, now=NOON)
    assert refused.value.refusal is Refusal.UNKNOWN


def test_the_newest_version_in_force_for_a_market_goes_out(house: int, authors: tuple[int, int]) -> None:
    first = approve(house, authors)
    approve(house, authors, text=SILK + "仅限中国。", markets=["CN"])
    later = approve(house, authors, text=SILK + "新年款。", valid_from=NOON + timedelta(days=30))
    assert [row.number for row in queries.in_force(house, now=NOON, market="CN")] == [2]
    assert [row.id for row in queries.in_force(house, now=NOON, market="IT")] == [first]
    assert [row.id for row in queries.in_force(house, now=NOON + timedelta(days=31))] == [later]


def test_a_retired_version_is_out_of_force_and_still_known(house: int, authors: tuple[int, int]) -> None:
    version = approve(house, authors)
    operations.retire_version(house_id=house, version_id=version, now=NOON + timedelta(hours=1))
    assert queries.in_force(house, now=NOON + timedelta(hours=2)) == []
    found = queries.shelf(house)
    assert found.match_text(SILK, at=NOON + timedelta(hours=2)).outcome == "out_of_force"
    assert found.match_text(SILK, at=NOON + timedelta(minutes=2)).outcome == "approved"


def test_what_is_nearly_there_already_is_shown_to_the_author(house: int, authors: tuple[int, int]) -> None:
    version = draft(house, authors[0])
    draft(house, authors[0], code="coat", text="Cashmere coat, woven in Biella, seen by appointment only.")
    assert [row.id for row in queries.near_text(house, SILK + "～", now=NOON)] == [version]


def test_a_collection_holds_assets_of_its_house_only(house: int, authors: tuple[int, int]) -> None:
    draft(house, authors[0])
    assert operations.collect(house_id=house, code="ss27", name="SS27", asset_codes=["silk"])
    with pytest.raises(Refused):
        operations.collect(house_id=house, code="ss27", name="SS27", asset_codes=["silk", "nowhere"])


def test_words_approved_elsewhere_are_adopted(house: int) -> None:
    operations.adopt_text(house_id=house, code="p1", title="P1", text=SILK, product_code="p1", now=NOON)
    assert [row.product_code for row in queries.in_force(house, now=NOON)] == ["p1"]


def test_what_was_shown_is_measured_once_and_its_words_are_not_kept(
    house: int, authors: tuple[int, int]
) -> None:
    approve(house, authors)
    approve(house, authors, code="look", text="", image=picture())
    shown = [
        Shown("archive", "m1", "linyue", NOON, SILK),
        Shown("archive", "m2", "linyue", NOON, "好的，明天见"),
        Shown("archive", "m3", "marco", NOON, SILK.replace("1200", "600")),
        Shown(
            "moment",
            "mom1",
            "marco",
            NOON,
            "今天店里特别热闹，欢迎各位朋友随时过来喝咖啡看新款大衣和包包",
            (picture(), b"bad"),
        ),
    ]
    outcomes = [match.outcome for match in operations.check_shown(house_id=house, shown=shown, now=NOON)]
    assert outcomes == ["approved", "altered", "unapproved", "approved", "unreadable"]
    assert operations.check_shown(house_id=house, shown=shown, now=NOON) == []
    assert SharedContent.objects.count() == 5
    figures = queries.share_figures(house, since=NOON, until=NOON + timedelta(days=1))
    assert (figures.shown, figures.approved, figures.unreadable, figures.share) == (4, 2, 1, 0.5)
    found = queries.not_approved(house, source="moment")
    assert {row.outcome for row in found} == {"unapproved", "unreadable"}
    assert {field.name for field in SharedContent._meta.get_fields()} & {"text", "body"} == set()


def test_a_picture_is_kept_by_its_digest_and_only_for_its_house(
    house: int, authors: tuple[int, int], tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    approve(house, authors, code="look", text="", image=picture())
    row = queries.in_force(house, now=NOON)[0]
    assert queries.picture(house, row.sha256) == picture()
    assert queries.picture(house + 1, row.sha256) is None
    assert queries.picture(house, "../../etc/passwd") is None
    assert queries.match(house, image=picture(), now=NOON).outcome == "approved"
    assert queries.match(house, image=b"bad", now=NOON).outcome == "unreadable"
    with pytest.raises(Refused):
        operations.keep_picture(house_id=house, image=b"bad")

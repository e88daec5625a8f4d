"""What associates wrote and the pictures they sent, found in the archive, are measured against the approved shelf."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pytest_django import Settings

from seta.clienteling.operations import check_archive, check_picture, sweep_archived_content
from seta.content import queries
from seta.content.models import SharedContent
from seta.content.operations import adopt_text, approve_version, draft_version, submit_version
from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.oversight import media_files
from seta.oversight.bodies import opened_key
from seta.oversight.events import MediaKept
from seta.oversight.models import ArchivedMessage, ArchiveMedia
from tests.oversight.archived import Said, keep

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SILK = "全新真丝方巾，意大利科莫手工卷边，90×90厘米，米兰旗舰店售价1200欧元，欢迎预约鉴赏。"
OWN = "姐妹们我手里有一批折扣特别好的包，数量不多，想要的直接私信我，先到先得哦"


@pytest.fixture
def house(db: None, settings: Settings, tmp_path: Path) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.VAR_DIR = tmp_path
    house_id = found_house(code="serica", name="Serica Milano", kind="maison")
    for name in ("anna", "bruno"):
        hire(house_id=house_id, username=name, password="only for tests", role="marketing", name=name)
    adopt_text(
        house_id=house_id, code="silk", title="Silk", text=SILK, product_code="", now=NOON - timedelta(days=1)
    )
    return house_id


def figures(house: int, userid: str = "") -> queries.ShareFigures:
    day = timedelta(days=1)
    return queries.share_figures(house, since=NOON - day, until=NOON + day, userid=userid)


def picture(*, is_other: bool = False) -> bytes:
    image = Image.new("RGB", (400, 300), "white")
    pen = ImageDraw.Draw(image)
    if is_other:
        pen.polygon([(10, 290), (200, 10), (390, 290)], fill="black")
    else:
        pen.rectangle((20, 30, 220, 180), fill="black")
        pen.ellipse((200, 120, 380, 280), fill="grey")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def sent(house: int, data: bytes, role: str = "sa") -> MediaKept:
    """A picture in the archive as the worker keeps it, and the fact that tells of it."""
    (message_id,) = keep(house, [Said("", kind="image", role=role)], at=NOON)
    message = ArchivedMessage.objects.select_related("body_key").get(pk=message_id)
    media = ArchiveMedia.objects.create(
        house_id=house, account_id=house, message=message, place=0, kind="image", sdkfileid="f",
        body_key=message.body_key, state="kept", kept_bytes=len(data), kept_at=NOON, due_at=NOON,
    )  # fmt: skip
    media_files.append(
        media_files.path_of(house, media.pk), data,
        key=opened_key(message.body_key), media_id=media.pk, place=0, kept_bytes=0,
    )  # fmt: skip
    return MediaKept(
        house_id=house, occurred_at=NOON, media_id=media.pk, message_id=message_id, userid="linyue",
        sender_role=role, kind="image",
    )  # fmt: skip


def test_what_associates_wrote_is_counted_once_and_clients_words_are_not(house: int) -> None:
    said: list[Said | str] = [
        SILK,
        Said(OWN, userid="marco"),
        Said(SILK, role="client"),
        "早安",
        SILK.replace("1200", "500"),
    ]
    keep(house, said, at=NOON)

    assert check_archive(house_id=house, now=NOON) == 3
    assert sweep_archived_content(NOON) == 0

    assert (figures(house).approved, figures(house).altered, figures(house).unapproved) == (1, 1, 1)
    assert (figures(house, "linyue").share, figures(house, "marco").share) == (0.5, 0.0)
    assert [row.userid for row in queries.not_approved(house, source="archive")] == ["linyue", "marco"]


def test_the_next_look_goes_on_where_the_last_one_stopped(house: int) -> None:
    keep(house, [SILK], at=NOON)
    check_archive(house_id=house, now=NOON)
    reached = queries.checked_up_to(house, "archive")
    (newer,) = keep(house, [OWN], at=NOON)

    check_archive(house_id=house, now=NOON)

    assert reached < newer == queries.checked_up_to(house, "archive")
    assert figures(house).shown == 2


def test_erased_words_are_passed_over(house: int) -> None:
    keep(house, [SILK, OWN], at=NOON)
    ArchivedMessage.objects.filter(msgid="m1").update(sealed_body=b"")

    assert check_archive(house_id=house, now=NOON) == 1


def test_a_picture_is_known_again_and_an_unknown_one_is_found(house: int) -> None:
    first, second = (member.user_id for member in members(house))
    version = draft_version(
        house_id=house, code="poster", title="Poster", image=picture(), user_id=first, now=NOON
    )
    submit_version(house_id=house, version_id=version, now=NOON)
    approve_version(house_id=house, version_id=version, user_id=second, now=NOON)
    known, unknown, clients = (
        sent(house, picture()),
        sent(house, picture(is_other=True)),
        sent(house, picture(is_other=True), "client"),
    )

    for fact in (known, known, unknown, clients, sent(house, b"no picture")):
        check_picture(fact, NOON)

    assert (figures(house).approved, figures(house).unapproved, figures(house).unreadable) == (1, 1, 1)
    assert SharedContent.objects.filter(kind="image").count() == 3

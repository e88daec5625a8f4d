"""The shelf at the desk: drafted by one, approved by another, refused in words, pictures shown as pictures only."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from seta.content import operations, queries
from seta.content.operations import Shown, check_shown
from tests.desk.conftest import World

PAGE = "/desk/content/"
WORDS = "全新真丝方巾，意大利科莫手工卷边，90×90厘米，米兰旗舰店售价1200欧元，欢迎预约鉴赏。<script>alert(1)</script>"


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def draft(client: Client, **given: object) -> str:
    fields = {"code": "ss27-silk", "title": "Silk", "text": WORDS, "markets": "cn, it"} | given
    return client.post(f"{PAGE}draft/", fields, follow=True).content.decode()


def newest(world: World) -> queries.VersionRow:
    return queries.versions(world.ours.id, now=datetime.now(UTC))[0]


def picture() -> bytes:
    image = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(image).rectangle((20, 30, 220, 180), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_version_is_drafted_by_one_and_approved_by_another(world: World) -> None:
    author, colleague = world.sign_in("marketing"), world.sign_in("supervisor")

    assert "The draft is kept" in draft(author)
    row = newest(world)
    path = f"{PAGE}{row.id}/"
    author.post(f"{path}submit/")
    own = author.post(f"{path}approve/", follow=True).content.decode()
    colleague.post(f"{path}approve/")

    assert "Whoever drafted a version cannot approve it" in own
    assert (row.markets, newest(world).status, newest(world).is_in_force) == (("CN", "IT"), "approved", True)
    page = text(colleague)
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    colleague.post(f"{path}retire/")
    assert newest(world).status == "retired"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " "}, "Write the words or choose the picture."),
        ({"code": "zwei Wörter"}, "Write a code of letters"),
        ({"markets": "Italy"}, "two letters each"),
        ({"until": "2020-01-01"}, "The end must come after the beginning."),
        ({"picture": SimpleUploadedFile("x.png", b"no picture")}, "not a picture that can be compared"),
    ],
)
def test_a_draft_that_cannot_be_kept_says_what_to_correct(
    world: World, given: dict[str, object], said: str
) -> None:
    before = len(queries.versions(world.ours.id, now=datetime.now(UTC)))

    assert said in draft(world.sign_in("marketing"), **given)

    assert len(queries.versions(world.ours.id, now=datetime.now(UTC))) == before


def test_a_picture_is_sent_as_a_picture_to_its_own_house_only(world: World) -> None:
    client = world.sign_in("marketing")
    draft(client, picture=SimpleUploadedFile("silk.png", picture(), "image/png"))
    path = f"{PAGE}pictures/{newest(world).sha256}/"

    answer = client.get(path)

    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer.content == picture()
    assert path in text(client)
    assert client.get(f"{PAGE}pictures/{'0' * 64}/").status_code == 404


def test_what_was_shown_is_counted_by_associate_and_what_is_on_no_shelf_is_told(world: World) -> None:
    now = datetime.now(UTC)
    operations.adopt_text(
        house_id=world.ours.id, code="silk", title="Silk", text=WORDS, product_code="", now=now
    )
    own = "姐妹们我手里有一批折扣特别好的包，数量不多，想要的直接私信我，先到先得哦"
    shown = [
        Shown("archive", f"m{number}", "linyue", now, said) for number, said in enumerate((WORDS, own, WORDS))
    ]
    check_shown(house_id=world.ours.id, shown=shown, now=now)

    page = text(world.sign_in("supervisor"))

    assert "66.7 %" in page
    assert page.count("On no shelf") == 1
    assert own not in page


@pytest.mark.parametrize("role", ["associate", "finance"])
def test_whoever_has_nothing_to_do_with_content_is_kept_out(world: World, role: str) -> None:
    client = world.sign_in(role)

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}draft/", {}).status_code == 403
    assert client.post(f"{PAGE}1/approve/").status_code == 403

"""A piece's pictures are made anew in sizes, keep an order and words in three languages, and refuse what is none."""

import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from PIL import Image

from seta.boutique import queries
from seta.boutique.models import CatalogueChange
from seta.boutique.operations import (
    add_picture,
    advance_picture,
    describe_picture,
    import_catalogue,
    remove_picture,
)
from seta.boutique.rules import OrderRefused, Refusal
from seta.boutique.rules.limits import PICTURES_MAX
from seta.kit.pictures import widths_of
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, row

pytestmark = pytest.mark.django_db
ALT = {"zh": "湖光方巾平铺", "en": "The scarf laid flat", "it": "Il foulard disteso"}


def picture(shade: int = 0, width: int = 1500, height: int = 1000, kind: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    made = Image.new("RGB", (width, height), (shade, 90, 60))
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    out = io.BytesIO()
    made.save(out, kind, exif=exif)
    return out.getvalue()


def piece(house_code: str) -> tuple[int, int]:
    """A house and its only variant."""
    house_id = make_house(house_code)
    import_catalogue(house_id=house_id, rows=[row()], now=NOON)
    variant_id = queries.variant_id(house_id=house_id, sku="LAGO-90")
    assert variant_id is not None
    return house_id, variant_id


def add(house_id: int, variant_id: int, image: bytes) -> int:
    """Put a picture at the end."""
    return add_picture(house_id=house_id, variant_id=variant_id, image=image, alt=ALT, user_id=4, now=NOON)


def lead_of(house_id: int) -> str:
    """The address of the one picture that stands for the piece."""
    card = queries.product(house_id=house_id, code="lago")
    assert card is not None
    return card.image_url


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_in_three_widths_without_what_the_camera_wrote(kind: str) -> None:
    house_id, variant_id = piece(f"pics-{kind.lower()}")

    add(house_id, variant_id, picture(kind=kind))

    (card,) = queries.pictures_of(house_id=house_id, code="lago")
    assert [(size.width, size.height) for size in card.sizes] == [(320, 213), (640, 427), (1280, 853)]
    assert card.alt == ALT and lead_of(house_id) == card.sizes[1].url
    for size in card.sizes:
        answer = Client().get(size.url)
        assert "immutable" in answer["Cache-Control"] and b"taken at home" not in answer.content
        with Image.open(io.BytesIO(answer.content)) as made:
            assert (made.format, made.width, dict(made.getexif())) == ("JPEG", size.width, {})


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (600, [320, 600]),
        (640, [320, 640]),
        (900, [320, 640, 900]),
        (1280, [320, 640, 1280]),
        (4000, [320, 640, 1280]),
    ],
)
def test_no_picture_is_blown_up(width: int, widths: list[int]) -> None:
    assert widths_of(width, (320, 640, 1280)) == widths


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG rubbish",
        picture(width=500),
        picture()[:900],
        b"\xff" * 8_000_001,
    ],
    ids=["nothing", "svg", "rubbish", "small", "cut", "heavy"],
)
def test_what_is_no_picture_is_refused_and_nothing_changes(image: bytes) -> None:
    house_id, variant_id = piece("pics-bad")

    with pytest.raises(OrderRefused) as refused:
        add(house_id, variant_id, image)

    assert refused.value.refusal == Refusal.BAD_PICTURE
    assert queries.pictures_of(house_id=house_id, code="lago") == []


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    house_id, variant_id = piece("pics-bomb")
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")

    with pytest.raises(OrderRefused) as refused:
        add(house_id, variant_id, out.getvalue())

    assert len(out.getvalue()) < 100_000 and refused.value.refusal == Refusal.BAD_PICTURE


def test_pictures_keep_an_order_and_the_first_stands_for_the_piece() -> None:
    house_id, variant_id = piece("pics-order")
    first, second, third = (add(house_id, variant_id, picture(shade)) for shade in (0, 100, 200))

    advance_picture(house_id=house_id, picture_id=third, user_id=4, now=NOON)
    advance_picture(house_id=house_id, picture_id=third, user_id=4, now=NOON)
    advance_picture(house_id=house_id, picture_id=third, user_id=4, now=NOON)

    cards = queries.pictures_of(house_id=house_id, code="lago")
    assert [card.id for card in cards] == [third, first, second]
    assert lead_of(house_id) == cards[0].sizes[1].url
    remove_picture(house_id=house_id, picture_id=third, user_id=4, now=NOON)
    assert lead_of(house_id) == cards[1].sizes[1].url
    import_catalogue(house_id=house_id, rows=[row()], now=NOON)
    assert lead_of(house_id) == cards[1].sizes[1].url
    for left in (first, second):
        remove_picture(house_id=house_id, picture_id=left, user_id=4, now=NOON)
    assert lead_of(house_id) == ""


def test_the_same_picture_again_only_changes_its_words() -> None:
    house_id, variant_id = piece("pics-again")
    picture_id = add(house_id, variant_id, picture())

    again = add_picture(
        house_id=house_id,
        variant_id=variant_id,
        image=picture(),
        alt={**ALT, "en": "On a chair"},
        user_id=4,
        now=NOON,
    )

    (card,) = queries.pictures_of(house_id=house_id, code="lago")
    assert (again, card.alt["en"]) == (picture_id, "On a chair")


def test_words_are_needed_in_every_language_and_pictures_have_an_end() -> None:
    house_id, variant_id = piece("pics-words")
    picture_id = add(house_id, variant_id, picture())

    for wrong in ({**ALT, "it": " "}, {**ALT, "zh": "巾" * 121}, {}):
        with pytest.raises(OrderRefused) as refused:
            describe_picture(house_id=house_id, picture_id=picture_id, alt=wrong, user_id=4, now=NOON)
        assert refused.value.refusal == Refusal.WRONG_ALT
    for shade in range(1, PICTURES_MAX):
        add(house_id, variant_id, picture(shade * 20, width=600, height=400))
    with pytest.raises(OrderRefused) as refused:
        add(house_id, variant_id, picture(255, width=600, height=400))

    assert refused.value.refusal == Refusal.TOO_MANY_PICTURES


def test_a_neighbours_picture_is_unknown() -> None:
    house_id, variant_id = piece("pics-ours")
    other, _theirs = piece("pics-theirs")
    picture_id = add(house_id, variant_id, picture())

    for refuse in (advance_picture, remove_picture):
        with pytest.raises(OrderRefused) as refused:
            refuse(house_id=other, picture_id=picture_id, user_id=4, now=NOON)
        assert refused.value.refusal == Refusal.UNKNOWN_PICTURE
    assert len(queries.pictures_of(house_id=house_id, code="lago")) == 1


def test_the_mini_program_is_given_a_picture_with_its_words_and_its_sizes() -> None:
    house_id, variant_id = piece("pics-phone")
    add(house_id, variant_id, picture())
    token = open_session(house_id=house_id, person_id=make_person(house_id), now=datetime.now(UTC))
    phone = Client(headers={"authorization": f"Bearer {token}", "accept-language": "it"})

    shown = phone.get("/api/mp/v1/boutique/products/lago").json()

    (only,) = shown["pictures"]
    assert (only["alt"], only["width"], only["height"]) == ("Il foulard disteso", 1280, 853)
    assert [size["width"] for size in only["sizes"]] == [320, 640, 1280]
    assert only["src"] == only["sizes"][1]["url"] == shown["image"]


def test_only_a_kept_picture_has_an_address() -> None:
    for name in ("0" * 64, "passwd"):
        assert Client().get(f"/boutique/pictures/{name}.jpg").status_code == 404


def test_every_change_of_a_pieces_pictures_says_by_whom() -> None:
    house_id, variant_id = piece("pictures-kept")
    mine = {"house_id": house_id, "user_id": 4, "now": NOON}
    add(house_id, variant_id, picture(1))
    second = add(house_id, variant_id, picture(120))
    described = ALT | {"en": "The scarf folded"}
    for _twice in range(2):
        describe_picture(**mine, picture_id=second, alt=described)  # type: ignore[arg-type]
        advance_picture(**mine, picture_id=second)  # type: ignore[arg-type]
    remove_picture(**mine, picture_id=second)  # type: ignore[arg-type]

    rows = CatalogueChange.objects.filter(product__house_id=house_id).order_by("id")

    assert [(row.what, row.user_id) for row in rows] == [
        ("picture_added", 4),
        ("picture_added", 4),
        ("picture_described", 4),
        ("picture_moved", 4),
        ("picture_removed", 4),
    ]
    assert (rows[2].before, rows[2].after) == (
        {"alt_en": "The scarf laid flat"},
        {"alt_en": "The scarf folded"},
    )

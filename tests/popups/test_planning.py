"""Everything that cannot be in a plan has its name and its words in three languages, and changes nothing."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from seta.boutique.models import Price, Product, Variant
from seta.boutique.operations import open_window, remove_window
from seta.popups.models import Popup
from seta.popups.operations import plan_popup, set_cover
from seta.popups.queries import cover, popup, poster_pdf
from seta.popups.rules.plan import PlaceKind, Poster, Wish, contrast_with_white, location_of, scene_of
from seta.popups.rules.refusals import PopupRefused, Refusal
from tests.popups.world import CLOSES, MARKETING, NOON, OPENS, make_house, make_plan, planned, variant

pytestmark = pytest.mark.django_db
WORDS = make_plan().title


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"code": "Giardino!"}, Refusal.WRONG_CODE),
        ({"code": "a-code-that-is-too-long"}, Refusal.WRONG_CODE),
        ({"closes_at": OPENS}, Refusal.WRONG_DATES),
        ({"opens_at": CLOSES, "closes_at": OPENS}, Refusal.WRONG_DATES),
        (
            {"opens_at": NOON - timedelta(days=2), "closes_at": NOON - timedelta(days=1)},
            Refusal.OVER_ALREADY,
        ),
        ({"title": {**WORDS, "it": " "}}, Refusal.WRONG_TEXT),
        ({"title": {**WORDS, "zh": "花" * 41}}, Refusal.WRONG_TEXT),
        ({"intro": {"zh": "花" * 301}}, Refusal.WRONG_TEXT),
        ({"intro": {"zh": "转发领取限量礼盒"}}, Refusal.BRIBE),
        ({"title": {**WORDS, "en": "Follow us for a free gift"}}, Refusal.BRIBE),
        ({"accent": "green"}, Refusal.WRONG_ACCENT),
        ({"accent": "#ffee88"}, Refusal.WRONG_ACCENT),
        ({"posters": [Poster("duomo", ""), Poster("duomo", "")]}, Refusal.WRONG_POSTERS),
        ({"posters": [Poster("via monte", "")]}, Refusal.WRONG_POSTERS),
        ({"posters": [Poster(f"p{number}", "") for number in range(31)]}, Refusal.WRONG_POSTERS),
        ({"place_kind": PlaceKind.BOUTIQUE}, Refusal.UNKNOWN_PLACE),
        ({"place_kind": PlaceKind.BOUTIQUE, "place_code": "nowhere"}, Refusal.UNKNOWN_PLACE),
        ({"source_location": "cellar"}, Refusal.UNKNOWN_PLACE),
        ({"wishes": []}, Refusal.NO_PIECES),
        ({"wishes": [Wish("SCARF-1", 0)]}, Refusal.WRONG_QUANTITY),
        ({"wishes": [Wish("SCARF-1", -1)]}, Refusal.WRONG_QUANTITY),
        ({"wishes": [Wish("SCARF-1", 10**9)]}, Refusal.WRONG_QUANTITY),
        ({"wishes": [Wish("SCARF-1", 1), Wish("SCARF-1", 1)]}, Refusal.WRONG_QUANTITY),
        ({"wishes": [Wish("NOTHING", 1)]}, Refusal.UNKNOWN_PRODUCT),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(changed: dict[str, Any], reason: Refusal) -> None:
    house_id = make_house()

    with pytest.raises(PopupRefused) as refused:
        planned(house_id, **changed)

    assert refused.value.refusal == reason
    assert len({refused.value.text(language) for language in ("zh-hans", "en", "it")}) == 3
    assert not Popup.objects.filter(house_id=house_id).exists()


def test_a_product_without_a_price_in_cny_is_named_and_so_is_one_that_is_not_listed() -> None:
    house_id = make_house()
    Price.objects.filter(variant__in=Variant.objects.filter(house_id=house_id, sku="BAG-1")).update(
        currency="EUR"
    )

    with pytest.raises(PopupRefused) as unpriced:
        planned(house_id)
    Product.objects.filter(house_id=house_id, code="bag").update(is_listed=False)
    with pytest.raises(PopupRefused) as unlisted:
        planned(house_id)

    assert (unpriced.value.refusal, unpriced.value.detail) == (Refusal.NO_PRICE, "BAG-1")
    assert unlisted.value.refusal == Refusal.UNKNOWN_PRODUCT


def test_a_code_is_one_pop_ups_for_ever_in_its_house_and_free_in_another() -> None:
    house_id = make_house()
    planned(house_id)

    with pytest.raises(PopupRefused) as refused:
        planned(house_id, opens_at=OPENS + timedelta(days=90), closes_at=CLOSES + timedelta(days=90))

    assert refused.value.refusal == Refusal.CODE_TAKEN
    planned(make_house())


def test_a_pop_up_in_a_boutique_keeps_its_place() -> None:
    house_id = make_house()
    popup_id = plan_popup(
        house_id=house_id,
        user_id=MARKETING,
        plan=make_plan(
            place_kind=PlaceKind.BOUTIQUE, place_code="brera", place_name="Brera", place_name_zh="布雷拉店"
        ),
        now=NOON,
    )

    names = {
        language: found.place_name
        for language in ("zh-hans", "it")
        if (found := popup(house_id=house_id, popup_id=popup_id, language=language))
    }
    assert names == {"zh-hans": "布雷拉店", "it": "Brera"}


def picture(kind: str = "PNG", width: int = 900) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (width, 600), "#1f5b4a").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cover_is_made_anew_without_what_the_camera_wrote(kind: str) -> None:
    house_id = make_house()
    popup_id = planned(house_id)

    set_cover(house_id=house_id, popup_id=popup_id, user_id=MARKETING, image=picture(kind, 1_500), now=NOON)

    card = popup(house_id=house_id, popup_id=popup_id, language="en")
    kept = cover(card.cover) if card else None
    assert kept is not None and b"taken at home" not in kept
    with Image.open(io.BytesIO(kept)) as made:
        assert (made.format, made.width, dict(made.getexif())) == ("JPEG", 1280, {})


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG rubbish",
        picture(width=300),
        picture()[:900],
    ],
    ids=["nothing", "svg", "rubbish", "small", "cut"],
)
def test_what_is_no_picture_is_no_cover(image: bytes) -> None:
    house_id = make_house()
    popup_id = planned(house_id)

    with pytest.raises(PopupRefused) as refused:
        set_cover(house_id=house_id, popup_id=popup_id, user_id=MARKETING, image=image, now=NOON)

    assert refused.value.refusal == Refusal.BAD_PICTURE


def test_the_posters_are_a_page_each_and_the_same_every_time() -> None:
    house_id = make_house()
    popup_id = planned(house_id)
    set_cover(house_id=house_id, popup_id=popup_id, user_id=MARKETING, image=picture(), now=NOON)
    card = popup(house_id=house_id, popup_id=popup_id, language="zh")
    assert card is not None

    made = poster_pdf(card, house="Serica Milano", timezone="Europe/Rome")

    assert made.startswith(b"%PDF") and made.count(b"/Type /Page\n") == 2
    assert made == poster_pdf(card, house="Serica Milano", timezone="Europe/Rome")


def test_the_longest_codes_fit_a_mini_program_code_and_a_stock_location() -> None:
    assert len(scene_of("a" * 16, "b" * 11)) == 32
    assert len(location_of("a" * 16)) <= 40
    assert round(contrast_with_white("#000000")) == 21 and contrast_with_white("#ffffff") == 1


def test_a_piece_that_is_not_sold_in_pop_ups_at_the_opening_is_said_when_planning() -> None:
    house_id = make_house()
    scarf = Variant.objects.get(pk=variant(house_id))
    window = {"house_id": house_id, "product_id": scarf.product_id, "user_id": MARKETING, "now": NOON}
    until_then = open_window(**window, closes_at=OPENS)  # type: ignore[arg-type]

    with pytest.raises(PopupRefused) as refused:
        planned(house_id)

    assert refused.value.refusal == Refusal.NOT_SOLD_THEN
    assert refused.value.text("en").endswith("(SCARF-1)")
    assert not Popup.objects.filter(house_id=house_id).exists()
    remove_window(house_id=house_id, window_id=until_then, user_id=MARKETING, now=NOON)
    open_window(**window, opens_at=OPENS, doors=["popup"])  # type: ignore[arg-type]
    assert planned(house_id)

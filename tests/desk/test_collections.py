"""Marketing gathers pieces into collections at the desk; others look, and what is refused keeps what was typed."""

import io

from django.test import Client
from PIL import Image

from seta.boutique.models import Collection, Product
from tests.desk.conftest import World

WORDS = {"name_zh": "湖畔", "name_en": "By the lake", "name_it": "Sul lago", "season": "SS27"}


def made_by(client: Client, world: World, code: str = "lago") -> Collection:
    client.post("/desk/boutique/collections/create/", {"code": code, **WORDS})
    return Collection.objects.get(house_id=world.ours.id, code=code)


def send(client: Client, made: Collection, path: str, **values: object) -> tuple[int, str]:
    """A form of the collection's page, and what is shown after it."""
    answer = client.post(f"/desk/boutique/collections/{made.pk}/{path}/", values, follow=True)
    return answer.status_code, answer.content.decode()


def test_marketing_makes_a_collection_fills_it_and_gives_it_days(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    product = Product.objects.get(house_id=world.ours.id)

    _status, filled = send(marketing, made, "pieces", piece=product.pk)
    days = {"shown_from": "2026-12-01T09:00", "shown_until": "2027-02-01T09:00"}
    _status, shown = send(marketing, made, "change", **WORDS, **days)

    assert "The piece is in the collection." in filled
    assert f'href="/desk/boutique/pieces/{product.pk}/"' in filled
    assert 'value="2026-12-01T09:00"' in shown
    made.refresh_from_db()
    assert made.shown_from is not None
    assert "put a piece in" in shown
    assert "By the lake" in marketing.get("/desk/boutique/collections/").content.decode()
    _status, emptied = send(marketing, made, f"pieces/{product.pk}/remove")
    assert "it stays in the catalogue" in emptied
    assert not made.pieces.exists()


def test_a_cover_is_set_and_removed(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(out, "JPEG")
    out.seek(0)
    out.name = "cover.jpg"

    _status, covered = send(marketing, made, "cover/set", picture=out)
    status, refused = send(marketing, made, "cover/set")
    _status, bare = send(marketing, made, "cover/remove")

    assert "/boutique/pictures/" in covered
    assert (status, "notice bad" in refused) == (422, True)
    assert "The cover is removed." in bare


def test_what_is_refused_keeps_what_was_typed(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)

    days = {"shown_from": "2027-02-01T09:00", "shown_until": "2026-12-01T09:00"}
    status, shown = send(marketing, made, "change", **(WORDS | {"name_en": "Changed"}), **days)
    again = marketing.post("/desk/boutique/collections/create/", {"code": "lago", **WORDS})

    assert (status, "The end must come after the beginning." in shown) == (422, True)
    assert 'value="2027-02-01T09:00"' in shown
    assert 'value="Changed"' in shown
    assert (again.status_code, 'aria-invalid="true"' in again.content.decode()) == (422, True)


def test_collections_are_put_in_order_and_speak_chinese(world: World) -> None:
    marketing = world.sign_in("marketing")
    made_by(marketing, world, "first")
    second = made_by(marketing, world, "second")
    marketing.post(f"/desk/boutique/collections/{second.pk}/advance/")

    codes = Collection.objects.filter(house_id=world.ours.id).values_list("code", flat=True)

    assert list(codes) == ["second", "first"]
    marketing.cookies["django_language"] = "zh-hans"
    page = marketing.get("/desk/boutique/collections/").content.decode()
    assert "湖畔" in page
    assert "新建系列" in page


def test_who_does_not_keep_the_catalogue_sees_collections_and_changes_nothing(world: World) -> None:
    made = made_by(world.sign_in("marketing"), world)
    finance = world.sign_in("finance")

    page = finance.get(f"/desk/boutique/collections/{made.pk}/").content.decode()
    finance.post(f"/desk/boutique/collections/{made.pk}/change/", {**WORDS, "name_en": "Mine"})

    assert "By the lake" in page
    assert "Save the collection" not in page
    made.refresh_from_db()
    assert made.name_en == "By the lake"

"""Marketing makes a lookbook at the desk; others look, and what is refused keeps what was typed."""

import io

from django.test import Client
from PIL import Image

from seta.boutique.models import Look, Lookbook, Product
from tests.desk.conftest import World

WORDS = {
    "name_zh": "湖畔之春",
    "name_en": "Spring by the lake",
    "name_it": "Primavera sul lago",
    "season": "SS27",
}
LOOK = {
    "alt_zh": "女士系着方巾",
    "alt_en": "A woman ties a scarf",
    "alt_it": "Una donna annoda un foulard",
    "caption_zh": "码头",
    "caption_en": "The pier",
    "caption_it": "Il molo",
}


def file(shade: int = 0, width: int = 700) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (width, 900), (20 * shade, 80, 120)).save(out, "JPEG")
    out.seek(0)
    out.name = "look.jpg"
    return out


def made_by(client: Client, world: World, code: str = "spring") -> Lookbook:
    client.post("/desk/boutique/lookbooks/create/", {"code": code, **WORDS})
    return Lookbook.objects.get(house_id=world.ours.id, code=code)


def send(client: Client, path: str, **values: object) -> tuple[int, str]:
    """A form of a lookbook's page, and what is shown after it."""
    answer = client.post(f"/desk/boutique/{path}/", values, follow=True)
    return answer.status_code, answer.content.decode()


def with_look(client: Client, made: Lookbook, shade: int = 0) -> Look:
    send(client, f"lookbooks/{made.pk}/looks", picture=file(shade), **LOOK)
    return Look.objects.filter(lookbook=made).order_by("-id")[0]


def test_marketing_makes_a_lookbook_fills_it_and_publishes_it(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    product = Product.objects.get(house_id=world.ours.id)
    look = with_look(marketing, made)

    _status, filled = send(marketing, f"looks/{look.pk}/pieces", piece=product.pk)
    assert "The piece is in the look." in filled
    assert f'href="/desk/boutique/pieces/{product.pk}/"' in filled
    assert "A woman ties a scarf" in filled
    assert ">Draft<" in filled

    days = {"shown_from": "2020-12-01T09:00", "shown_until": ""}
    _status, shown = send(marketing, f"lookbooks/{made.pk}/change", **WORDS, **days)
    assert ">Shown now<" in shown
    assert 'value="2020-12-01T09:00"' in shown
    assert "put a piece in" in shown
    _status, bare = send(marketing, f"looks/{look.pk}/pieces/{product.pk}/remove")
    assert "it stays in the catalogue" in bare
    assert not look.pieces.exists()


def test_looks_are_described_moved_and_removed(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    first, second = with_look(marketing, made), with_look(marketing, made, shade=3)

    send(marketing, f"looks/{second.pk}/forward")
    _status, described = send(marketing, f"looks/{second.pk}/words", **(LOOK | {"alt_en": "On a bench"}))
    _status, removed = send(marketing, f"looks/{first.pk}/remove")

    assert "On a bench" in described
    assert "The look is removed" in removed
    assert [look.pk for look in made.looks.all()] == [second.pk]


def test_what_is_refused_keeps_what_was_typed(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    look = with_look(marketing, made)

    small, page = send(marketing, f"lookbooks/{made.pk}/looks", picture=file(1, width=300), **LOOK)
    bare, form = send(marketing, f"looks/{look.pk}/words", **(LOOK | {"alt_zh": "", "alt_en": "Rewritten"}))
    days = {"shown_from": "2027-02-01T09:00", "shown_until": "2026-12-01T09:00"}
    late, turned = send(marketing, f"lookbooks/{made.pk}/change", **(WORDS | {"name_en": "Changed"}), **days)
    again = marketing.post("/desk/boutique/lookbooks/create/", {"code": "spring", **WORDS})

    assert (small, "Choose the picture again" in page, 'value="The pier"' in page) == (422, True, True)
    assert (bare, 'value="Rewritten"' in form, 'aria-invalid="true"' in form) == (422, True, True)
    assert (late, 'value="Changed"' in turned, 'value="2027-02-01T09:00"' in turned) == (422, True, True)
    assert again.status_code == 422


def test_lookbooks_are_put_in_order_and_speak_chinese(world: World) -> None:
    marketing = world.sign_in("marketing")
    made_by(marketing, world, "first")
    second = made_by(marketing, world, "second")
    marketing.post(f"/desk/boutique/lookbooks/{second.pk}/advance/")

    codes = Lookbook.objects.filter(house_id=world.ours.id).values_list("code", flat=True)

    assert list(codes) == ["second", "first"]
    marketing.cookies["django_language"] = "zh-hans"
    page = marketing.get("/desk/boutique/lookbooks/").content.decode()
    assert "湖畔之春" in page
    assert "新建画册" in page


def test_who_does_not_keep_the_catalogue_sees_lookbooks_and_changes_nothing(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = made_by(marketing, world)
    look = with_look(marketing, made)
    finance = world.sign_in("finance")

    page = finance.get(f"/desk/boutique/lookbooks/{made.pk}/").content.decode()
    finance.post(f"/desk/boutique/looks/{look.pk}/remove/")

    assert "A woman ties a scarf" in page
    assert "Save the lookbook" not in page
    assert Look.objects.filter(pk=look.pk).exists()


def test_a_pieces_picture_that_is_refused_keeps_its_words(world: World) -> None:
    marketing = world.sign_in("marketing")
    variant = Product.objects.get(house_id=world.ours.id).variants.all()[0].pk
    words = {"alt_zh": "平铺", "alt_en": "Laid flat", "alt_it": "Disteso"}

    status, page = send(marketing, f"stock/{variant}/pictures", picture=file(width=300), **words)
    none, still = send(marketing, f"stock/{variant}/pictures", **words)

    assert (status, none) == (422, 422)
    for each in (page, still):
        assert 'value="Laid flat"' in each
        assert "Choose the picture again" in each
    _status, added = send(marketing, f"stock/{variant}/pictures", picture=file(), **words)
    assert "The picture is added." in added


def test_the_desk_says_who_let_a_till_sell_at_another_markets_prices(world: World) -> None:
    marketing = world.sign_in("marketing")

    _status, page = send(marketing, "markets/monte-napoleone", market="it")

    assert "<del>Mainland China</del> <ins>Italy</ins>" in page

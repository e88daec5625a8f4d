"""Marketing keeps the catalogue at the desk; what is refused keeps what was typed, and everybody sees who did what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from seta.boutique import queries
from seta.boutique.models import CatalogueChange, Price, Product, SaleWindow, Variant
from tests.desk.conftest import SCRIPT, World

WORDS = {
    "name_zh": "湖光方巾",
    "name_en": "Lago",
    "name_it": "Lago",
    "description_zh": "",
    "description_en": "",
    "description_it": "",
}


def product_of(world: World) -> int:
    """Our house's piece."""
    return Product.objects.get(house_id=world.ours.id).pk


def page(world: World, client: Client) -> str:
    """The piece's page."""
    return client.get(f"/desk/boutique/pieces/{product_of(world)}/").content.decode()


def send(client: Client, world: World, path: str, **values: object) -> tuple[int, str]:
    """A form of the piece's page, and what is shown after it."""
    answer = client.post(f"/desk/boutique/pieces/{product_of(world)}/{path}/", values, follow=True)
    return answer.status_code, answer.content.decode()


def test_marketing_makes_a_piece_and_puts_it_on_the_list(world: World) -> None:
    marketing = world.sign_in("marketing")
    made = marketing.post("/desk/boutique/pieces/create/", {"code": "onda", **WORDS}, follow=True)
    onda = Product.objects.get(house_id=world.ours.id, code="onda")
    base = f"/desk/boutique/pieces/{onda.pk}"

    assert made.redirect_chain == [(f"{base}/", 302)]
    assert not onda.is_listed
    early = marketing.post(f"{base}/listing/list/")
    assert (early.status_code, "Add a variant with a price first" in early.content.decode()) == (422, True)
    marketing.post(f"{base}/variants/", {"sku": "ONDA-1", "label": "90", "amount": "1,200.50"})
    marketing.post(f"{base}/listing/list/")
    card = queries.product(house_id=world.ours.id, code="onda", language="en")
    assert card is not None
    assert [(each.sku, each.amount) for each in card.variants] == [("ONDA-1", 120_050)]
    assert "ONDA-1" in marketing.get("/desk/boutique/products/").content.decode()


def test_a_refused_form_keeps_what_was_typed_and_marks_every_field(world: World) -> None:
    marketing = world.sign_in("marketing")
    long = "x" * 81

    status, shown = send(marketing, world, "texts", **(WORDS | {"name_en": long, "name_it": ""}))

    assert status == 422
    assert f'value="{long}"' in shown
    assert shown.count('aria-invalid="true"') == 2
    assert "At most 80 characters." in shown
    assert Product.objects.get(pk=product_of(world)).name_en != long
    marketing.cookies["django_language"] = "zh-hans"
    _status, chinese = send(marketing, world, "variants", sku="small", gtin="1", amount="")
    assert "请用 1 至 32 个大写字母、数字和连字符。" in chinese
    assert 'value="small"' in chinese


def test_two_people_who_change_one_piece_do_not_undo_each_other(world: World) -> None:
    first, second = world.sign_in("marketing"), world.sign_in("admin")
    seen = page(world, second).split('name="seen" value="')[-1].split('"')[0]
    send(first, world, "texts", **(WORDS | {"name_en": "Lago scarf"}))

    status, shown = send(second, world, "texts", seen=seen, **(WORDS | {"name_it": "Onda"}))

    assert status == 422
    assert "Somebody changed this meanwhile" in shown
    assert 'value="Onda"' in shown
    assert Product.objects.get(pk=product_of(world)).name_it == "Lago"


def test_the_page_says_who_changed_what_and_runs_nothing_that_was_written(world: World) -> None:
    marketing = world.sign_in("marketing")
    send(marketing, world, "texts", **(WORDS | {"name_en": SCRIPT}))

    shown = page(world, world.sign_in("associate"))

    assert SCRIPT not in shown
    assert "<strong>marketing</strong> changed the texts" in shown
    assert "<form" not in shown.split("<h1>")[1].split("What was changed")[0]


def test_a_variant_is_changed_retired_and_brought_back(world: World) -> None:
    marketing = world.sign_in("marketing")
    variant = Variant.objects.get(pk=world.ours.variant)
    path = f"variants/{variant.pk}"

    send(marketing, world, f"{path}/marks", sku=variant.sku, label="140", gtin="4006381333931")
    status, last = send(marketing, world, f"{path}/retire")

    assert (status, "This is the last variant that is sold" in last) == (422, True)
    send(marketing, world, "variants", sku="SCARF-2", amount="100")
    send(marketing, world, f"{path}/retire")
    variant.refresh_from_db()
    assert (variant.label, variant.gtin, variant.retired_at is None) == ("140", "4006381333931", False)
    assert "Retired" in marketing.get("/desk/boutique/products/").content.decode()
    send(marketing, world, f"{path}/restore")
    assert Variant.objects.get(pk=variant.pk).retired_at is None


def test_a_price_is_planned_ahead_by_the_houses_clock_and_withdrawn(world: World) -> None:
    finance = world.sign_in("finance")
    rome = ZoneInfo("Europe/Rome")
    begins = (datetime.now(rome) + timedelta(days=40)).replace(minute=30, second=0, microsecond=0)

    status, shown = send(
        finance,
        world,
        "prices",
        market="it EUR",
        amount="1,150.00",
        effective_at=f"{begins:%Y-%m-%dT%H:%M}",
        variant="",
    )

    planned = Price.objects.get(market="it")
    assert (status, "Italy" in shown, "€1,150.00" in shown, "Planned" in shown) == (200, True, True, True)
    assert (planned.amount, planned.effective_at) == (115_000, begins.astimezone(UTC))
    send(finance, world, f"prices/{planned.pk}/withdraw")
    planned.refresh_from_db()
    assert planned.withdrawn_by == world.user_id("finance")
    assert "Withdrawn" in page(world, finance)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": "free"}, "Write a price above zero"),
        ({"amount": "0"}, "Write a price above zero"),
        ({"market": "it USD"}, "Choose a market"),
        ({"market": "jp JPY", "amount": "10.50"}, "Write a price above zero"),
        ({"effective_at": "2020-01-01T10:00"}, "This time has passed"),
        ({"effective_at": "soon"}, "Choose a day"),
    ],
)
def test_a_wrong_price_keeps_what_was_typed(world: World, wrong: dict[str, str], words: str) -> None:
    sent = {"market": "it EUR", "amount": "99.00", "effective_at": "", "variant": ""} | wrong

    status, shown = send(world.sign_in("marketing"), world, "prices", **sent)

    assert (status, words in shown) == (422, True)
    assert f'value="{sent["amount"]}"' in shown
    assert Price.objects.filter(variant__house_id=world.ours.id).count() == 1


def test_a_window_is_added_shown_and_removed_and_a_wrong_one_keeps_its_doors(world: World) -> None:
    marketing = world.sign_in("marketing")

    status, shown = send(
        marketing, world, "windows", opens_at="2030-05-02T10:00", closes_at="2030-05-01T10:00", doors=["till"]
    )
    assert (status, "it has to end after it begins" in shown) == (422, True)
    assert 'value="till" checked' in shown
    assert 'value="2030-05-02T10:00"' in shown
    _status, shown = send(marketing, world, "windows", opens_at="2030-05-01T10:00", doors=["till", "popup"])

    window = SaleWindow.objects.get()
    assert (window.opens_at, window.channels) == (
        datetime(2030, 5, 1, 8, 0, tzinfo=UTC),
        ["till", "popup"],
    )
    assert "Boutiques, Pop-ups" in shown
    send(marketing, world, f"windows/{window.pk}/remove")
    assert not SaleWindow.objects.exists()


def test_a_boutiques_till_sells_at_the_market_that_is_chosen(world: World) -> None:
    finance = world.sign_in("finance")
    send(finance, world, "prices", market="it CNY", amount="7,500", effective_at="", variant="")

    finance.post("/desk/boutique/markets/monte-napoleone/", {"market": "it"})
    wrong = finance.post("/desk/boutique/markets/monte-napoleone/", {"market": "xx"}, follow=True)

    assert "Choose a market" in wrong.content.decode()
    assert queries.market_of(house_id=world.ours.id, boutique="monte-napoleone") == "it"
    assert queries.market_of(house_id=world.theirs.id, boutique="monte-napoleone") == "cn"
    till = finance.get("/desk/boutique/till/?boutique=monte-napoleone&way=pieces").content.decode()
    assert "¥7,500.00" in till


@pytest.mark.parametrize("role", ["associate", "finance"])
def test_others_may_look_and_not_change_texts(world: World, role: str) -> None:
    client = world.sign_in(role)

    status, _shown = send(client, world, "texts", **WORDS)

    assert status == 403
    assert client.get("/desk/boutique/pieces/new/").status_code == 404
    assert client.get(f"/desk/boutique/pieces/{product_of(world)}/").status_code == 200
    assert not CatalogueChange.objects.exists()


def test_another_houses_piece_is_no_page_and_cannot_be_changed(world: World) -> None:
    marketing = world.sign_in("marketing")
    theirs = Product.objects.get(house_id=world.theirs.id)
    base = f"/desk/boutique/pieces/{theirs.pk}"

    assert marketing.get(f"{base}/").status_code == 404
    for path, values in (
        ("texts", WORDS),
        ("listing/unlist", {}),
        ("variants", {"sku": "X-1"}),
        (f"variants/{world.theirs.variant}/retire", {}),
        ("prices", {"market": "cn CNY", "amount": "1", "variant": str(world.theirs.variant)}),
        ("windows", {"opens_at": "2030-05-01T10:00"}),
    ):
        assert marketing.post(f"{base}/{path}/", values).status_code == 404
    assert not CatalogueChange.objects.exists()

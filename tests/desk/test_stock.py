"""Staff move pieces at the desk: a delivery, a transfer that the other place receives, a count that says why."""

import io

from PIL import Image

from seta.boutique import queries
from seta.boutique.models import StockTransfer
from tests.desk.conftest import SCRIPT, World

SHOP = "monte-napoleone"


def left(world: World, place: str = "online") -> int:
    return queries.stock_left(variant_id=world.ours.variant, location=place)


def test_pieces_travel_from_online_to_a_boutique_that_says_one_is_missing(world: World) -> None:
    desk = world.sign_in("associate")
    at = f"/desk/boutique/stock/{world.ours.variant}/"
    online, shop = left(world), left(world, SHOP)

    desk.post(at + "delivery/", {"place": "online", "pieces": "4", "note": SCRIPT, "key": "a1"})
    for _again in range(2):
        desk.post(at + "send/", {"place": "online", "target": SHOP, "pieces": "3", "key": "b1"})
    transfer = StockTransfer.objects.get(house_id=world.ours.id)
    assert (left(world), left(world, SHOP)) == (online + 1, shop)
    page = desk.get("/desk/boutique/products/").content.decode()
    assert "On the way" in page and "Online → " in page and f"→ {SHOP}" not in page
    end = f"/desk/boutique/transfers/{transfer.pk}/"
    refused = desk.post(end + "receive/", {"pieces": "2", "note": ""}, follow=True).content.decode()
    assert "Say why" in refused and left(world, SHOP) == shop
    assert 'name="pieces" inputmode="numeric" required maxlength="6" value="2"' in refused
    kept = desk.post(at + "send/", {"place": "online", "target": "online", "pieces": "7", "key": "c1"})
    assert kept.status_code == 422 and 'value="7"' in kept.content.decode()
    desk.post(end + "receive/", {"pieces": "2", "note": "torn box"})
    again = desk.post(end + "recall/", follow=True).content.decode()

    assert "received or called back already" in again
    assert (left(world), left(world, SHOP)) == (online + 1, shop + 2)
    page = desk.get(at).content.decode()
    assert "Missing on arrival" in page and "torn box" in page and SCRIPT not in page
    assert "+4" in page and "associate" in page


def test_a_count_books_the_difference_and_wrong_numbers_change_nothing(world: World) -> None:
    desk = world.sign_in("associate")
    at = f"/desk/boutique/stock/{world.ours.variant}/"
    online = left(world)

    for sent, said in (
        ({"place": "online", "pieces": "-1", "note": "x"}, "whole number of pieces"),
        ({"place": "online", "pieces": "1000000000", "note": "x"}, "whole number of pieces"),
        ({"place": "online", "pieces": str(online + 1), "note": ""}, "Say why"),
        ({"place": "in_transit", "pieces": "1", "note": "x"}, "This boutique was not found"),
    ):
        shown = desk.post(at + "count/", sent, follow=True).content.decode()
        assert said in shown, sent
        assert f'name="pieces" value="{sent["pieces"]}"' in shown
        assert left(world) == online
    desk.post(at + "count/", {"place": "online", "pieces": str(online + 1), "note": "found one"})

    assert left(world) == online + 1
    assert "found one" in desk.get(at).content.decode()


def test_a_neighbours_piece_and_transfer_are_unknown(world: World) -> None:
    desk = world.sign_in("associate")
    theirs = f"/desk/boutique/stock/{world.theirs.variant}/"

    assert desk.get(theirs).status_code == 404
    desk.post(theirs + "delivery/", {"place": "online", "pieces": "4", "key": "a1"})
    assert not [
        row
        for row in queries.history(house_id=world.theirs.id, variant_id=world.theirs.variant)
        if row.reason == "delivery"
    ]
    assert desk.post("/desk/boutique/transfers/999999/receive/", {"pieces": "1"}).status_code == 404


def test_marketing_gives_a_piece_its_pictures_and_an_associate_only_sees_them(world: World) -> None:
    at = f"/desk/boutique/stock/{world.ours.variant}/"
    words = {"alt_zh": "方巾", "alt_en": SCRIPT, "alt_it": "Foulard"}
    out = io.BytesIO()
    Image.new("RGB", (900, 600), (120, 90, 60)).save(out, "JPEG")
    desk = world.sign_in("marketing")

    wrong = desk.post(at + "pictures/", {**words, "picture": io.BytesIO(b"<svg/>")}, follow=True)
    desk.post(at + "pictures/", {**words, "picture": io.BytesIO(out.getvalue())})

    card = queries.product_of_variant(variant_id=world.ours.variant)
    assert card is not None and "Choose a JPEG" in wrong.content.decode()
    (picture,) = queries.pictures_of(house_id=world.ours.id, code=card.code)
    page = desk.get(at).content.decode()
    assert picture.sizes[0].url in page and SCRIPT not in page
    desk.post(f"{at}pictures/{picture.id}/words/", {**words, "alt_en": "A scarf"})
    desk.post(f"{at}pictures/{picture.id}/forward/")
    associate = world.sign_in("associate")
    seen = associate.get(at).content.decode()
    assert "A scarf" in seen and "Add a picture" not in seen
    assert associate.post(f"{at}pictures/{picture.id}/remove/").status_code == 403
    desk.post(f"{at}pictures/{picture.id}/remove/")
    assert queries.pictures_of(house_id=world.ours.id, code=card.code) == []


def test_the_list_of_products_is_searched_by_name_and_code(world: World) -> None:
    desk = world.sign_in("associate")
    card = queries.product_of_variant(variant_id=world.ours.variant)
    assert card is not None
    at = f'href="/desk/boutique/stock/{world.ours.variant}/"'

    assert at in desk.get("/desk/boutique/products/", {"q": card.code.upper()}).content.decode()
    nothing = desk.get("/desk/boutique/products/", {"q": "no such piece"}).content.decode()

    assert at not in nothing and "Show all" in nothing

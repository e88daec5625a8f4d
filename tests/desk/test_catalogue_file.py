"""The catalogue leaves as a file and comes back: shown before anything is kept, and then kept as it was shown."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from seta.boutique.models import CatalogueChange, Price, Product, StockMovement, Variant
from tests.desk.conftest import World

PAGE = "/desk/boutique/catalogue/"
HEAD = "code,name_zh,name_en,name_it,listed,sku,label,price_cny\n"


def tried(client: Client, data: str | bytes) -> tuple[int, str]:
    """A file sent to be tried, and the page behind it."""
    sent = SimpleUploadedFile("catalogue.csv", data.encode() if isinstance(data, str) else data)
    answer = client.post(f"{PAGE}try/", {"file": sent})
    return answer.status_code, answer.content.decode()


def confirm(client: Client, shown: str) -> tuple[int, str]:
    """What the page's own form sends back."""
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown)
    text = re.search(r'<textarea name="text" hidden>\n?(.*?)</textarea>', shown, re.DOTALL)
    assert seen and text
    said = {"seen": seen[1], "text": html.unescape(text[1])}
    answer = client.post(f"{PAGE}take-in/", said, follow=True)
    return answer.status_code, answer.content.decode()


def given_out(client: Client) -> bytes:
    """The file as it is downloaded."""
    answer = client.get(f"{PAGE}catalogue.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_file_that_leaves_changes_nothing_when_it_comes_back(world: World) -> None:
    marketing = world.sign_in("marketing")
    piece = Product.objects.get(house_id=world.ours.id)
    Product.objects.filter(pk=piece.pk).update(
        description_en='=SUM(A1)\n"soft", and warm', name_it="-10 gradi"
    )
    changes = CatalogueChange.objects.count()

    data = given_out(marketing)
    status, shown = tried(marketing, data)

    assert data.startswith("\ufeff".encode()) and b"'=SUM(A1)" in data
    assert (status, "Every row says what the catalogue says already." in shown) == (200, True)
    assert CatalogueChange.objects.count() == changes


def test_what_was_shown_is_taken_in_with_who_did_it(world: World) -> None:
    marketing = world.sign_in("marketing")
    known = Variant.objects.get(house_id=world.ours.id)
    rows = (
        f"{known.product.code},,,,,{known.sku},{known.label},2345.50\nonda,浪,Wave,Onda,yes,ONDA-1,90,900\n"
    )
    rows = rows.replace(
        ",,,,,", f",{known.product.name_zh},{known.product.name_en},{known.product.name_it},,"
    )

    status, shown = tried(marketing, HEAD + rows)
    assert (status, "2 rows would change the catalogue" in shown) == (200, True)
    assert not Product.objects.filter(code="onda").exists()
    status, after = confirm(marketing, shown)

    onda = Product.objects.get(house_id=world.ours.id, code="onda")
    assert (status, "2 rows are taken in." in after, onda.is_listed) == (200, True, True)
    assert Price.objects.filter(variant=known, withdrawn_at=None).latest("id").amount == 234_550
    done = CatalogueChange.objects.filter(product=onda).order_by("id").values_list("what", "user_id")
    assert [what for what, _ in done] == ["created", "variant_added", "price_set", "listed"]
    assert len({user for _, user in done}) == 1
    assert not StockMovement.objects.filter(variant__product=onda).exists()


def test_a_file_with_faults_changes_nothing_and_says_where(world: World) -> None:
    marketing = world.sign_in("marketing")

    status, shown = tried(marketing, HEAD + "onda,浪,,Onda,yes,ONDA-1,90,free\nfoglia,叶,Leaf,Foglia,,,,\n")

    assert status == 422
    assert "Write something here." in shown and "Write a price above zero" in shown
    assert 'name="seen"' not in shown
    assert not Product.objects.filter(code="foglia").exists()


def test_the_faults_are_told_in_the_readers_language(world: World) -> None:
    marketing = world.sign_in("marketing")
    marketing.cookies["django_language"] = "zh-hans"

    _, shown = tried(marketing, "code,stock:online\nonda,5\n")

    assert "没有这一列" in shown and "stock:online" in shown


def test_a_catalogue_that_moved_on_is_shown_anew_instead(world: World) -> None:
    marketing = world.sign_in("marketing")
    _, shown = tried(marketing, HEAD + "onda,浪,Wave,Onda,,ONDA-1,90,900\n")
    Product.objects.filter(house_id=world.ours.id).update(name_en="Renamed")

    status, after = confirm(marketing, shown)

    assert (status, "changed after the file was tried" in after) == (422, True)
    assert not Product.objects.filter(code="onda").exists()
    status, _ = confirm(marketing, after)
    assert (status, Product.objects.filter(code="onda").count()) == (200, 1)


def test_a_file_touches_no_other_house(world: World) -> None:
    marketing = world.sign_in("marketing")
    other = Product.objects.create(
        house_id=world.theirs.id, code="secret", name_zh="密", name_en="Secret", name_it="Segreto"
    )

    assert b"secret" not in given_out(marketing)
    _, shown = tried(marketing, HEAD + "secret,浪,Taken,Onda,,,,\n")
    confirm(marketing, shown)

    other.refresh_from_db()
    assert other.name_en == "Secret"
    assert Product.objects.get(house_id=world.ours.id, code="secret").name_en == "Taken"


def test_what_is_typed_into_a_file_cannot_run(world: World) -> None:
    marketing = world.sign_in("marketing")

    _, shown = tried(marketing, HEAD + "onda,浪,</textarea><script>alert(1)</script>,Onda,,,,\n")

    assert "<script>alert(1)" not in shown
    status, _ = confirm(marketing, shown)
    assert (status, "<script>" in Product.objects.get(code="onda").name_en) == (200, True)


@pytest.mark.parametrize("role", ["finance", "supervisor"])
def test_only_marketing_takes_a_file_in(world: World, role: str) -> None:
    member = world.sign_in(role)

    assert tried(member, HEAD + "onda,浪,Wave,Onda,,,,\n")[0] in (302, 403)
    assert member.post(f"{PAGE}take-in/", {"text": HEAD, "seen": "x"}).status_code in (302, 403)


def test_what_is_no_table_and_what_is_too_large_is_refused(world: World) -> None:
    marketing = world.sign_in("marketing")

    assert tried(marketing, b"\x89PNG\r\n\x1a\n\x00\x00\x00")[0] == 422
    assert tried(marketing, b"code\n" + b"x" * 2_000_001)[0] == 422
    assert marketing.post(f"{PAGE}try/").status_code == 422
    assert marketing.get(f"{PAGE}try/").status_code == 302


def test_the_price_of_another_market_is_named_before_it_is_taken_in(world: World) -> None:
    marketing = world.sign_in("marketing")
    piece = Product.objects.get(house_id=world.ours.id)
    sku = piece.variants.all()[0].sku

    status, shown = tried(marketing, f"code,sku,price_it_eur\n{piece.code},{sku},145.50\n")

    assert status == 200
    assert "Italy (EUR)" in shown
    file = b"".join(marketing.get("/desk/boutique/catalogue/catalogue.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"price_it_eur" not in file

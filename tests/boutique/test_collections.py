"""Pieces are gathered into collections: what clients see of them and when, who arranged what, and what is refused."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from seta.boutique import operations, queries
from seta.boutique.models import Collection, CollectionChange, CollectionPiece, Product
from seta.boutique.queries.collecting import (
    CollectionEdit,
    collection,
    collection_changes,
    collection_rows,
    collection_to_edit,
    collections,
)
from seta.boutique.rules import OrderRefused, Refusal
from seta.boutique.rules.collections import Showing, showing
from seta.boutique.rules.editing import Fault, PieceRefused
from seta.boutique.rules.limits import COLLECTION_PIECES_MAX
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, make_variant

BASE = "/api/mp/v1/boutique/collections"
MARKETER = 7
DAY = timedelta(days=1)
WORDS = {"name_zh": "湖畔", "name_en": "By the lake", "name_it": "Sul lago", "season": "SS27"}


@pytest.fixture
def house(db: None) -> int:
    return make_house("gathers")


def piece(house: int, code: str) -> int:
    """A listed piece with one variant that has a price and stock."""
    make_variant(house, sku=code.upper())
    found = queries.product(house_id=house, code=code)
    assert found is not None
    return found.id


def make_collection(house: int, code: str = "lago", *pieces: int, now: datetime = NOON) -> int:
    """A collection with pieces in that order, without days."""
    made = operations.create_collection(house_id=house, code=code, texts=WORDS, user_id=MARKETER, now=now)
    for each in pieces:
        operations.put_in_collection(
            house_id=house, collection_id=made, product_id=each, user_id=MARKETER, now=now
        )
    return made


def set_days(house: int, made: int, begin: datetime | None, end: datetime | None, seen: str = "") -> bool:
    """The collection's days, its words as they were."""
    return operations.change_collection(
        house_id=house,
        collection_id=made,
        texts=WORDS,
        shown_from=begin,
        shown_until=end,
        seen=seen,
        user_id=MARKETER,
        now=NOON,
    )


def edit(house: int, made: int) -> CollectionEdit:
    found = collection_to_edit(house_id=house, collection_id=made, language="en", now=NOON)
    assert found is not None
    return found


def shown(house: int, at: datetime = NOON) -> list[tuple[str, list[str]]]:
    """What clients see: each collection's code with its pieces'."""
    found = collections(house_id=house, language="en", now=at)
    return [(card.code, [each.code for each in card.pieces]) for card in found]


def picture(colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, "JPEG")
    return out.getvalue()


def test_pieces_stand_in_the_order_they_were_given(house: int) -> None:
    one, two, three = (piece(house, code) for code in ("one", "two", "three"))
    made = make_collection(house, "lago", one, two, three)
    assert shown(house) == [("lago", ["one", "two", "three"])]

    operations.advance_in_collection(
        house_id=house, collection_id=made, product_id=three, user_id=MARKETER, now=NOON
    )
    operations.take_out_of_collection(
        house_id=house, collection_id=made, product_id=one, user_id=MARKETER, now=NOON
    )
    assert shown(house) == [("lago", ["three", "two"])]
    operations.put_in_collection(
        house_id=house, collection_id=made, product_id=three, user_id=MARKETER, now=NOON
    )
    assert shown(house) == [("lago", ["three", "two"])]


def test_collections_stand_in_the_houses_order_and_the_first_cannot_go_further(house: int) -> None:
    one = piece(house, "one")
    make_collection(house, "first", one)
    second = make_collection(house, "second", one)

    for _again in range(2):
        operations.advance_collection(house_id=house, collection_id=second, user_id=MARKETER, now=NOON)

    assert [code for code, _pieces in shown(house)] == ["second", "first"]
    moves = CollectionChange.objects.filter(collection_id=second, what="collection_moved")
    assert moves.count() == 1


def test_a_collection_is_seen_in_its_days_alone(house: int) -> None:
    made = make_collection(house, "lago", piece(house, "one"))
    set_days(house, made, NOON, NOON + DAY)

    just_before, last = NOON - timedelta(microseconds=1), NOON + DAY - timedelta(microseconds=1)
    seen = [bool(shown(house, at)) for at in (just_before, NOON, last, NOON + DAY)]

    assert seen == [False, True, True, False]
    assert collection(house_id=house, code="lago", language="en", now=NOON + DAY) is None


def test_what_the_catalogue_does_not_show_no_collection_shows(house: int) -> None:
    kept, hidden, ended = (piece(house, code) for code in ("kept", "hidden", "ended"))
    made = make_collection(house, "lago", hidden, kept, ended)
    make_collection(house, "empty", hidden)
    operations.list_piece(house_id=house, product_id=hidden, is_listed=False, user_id=MARKETER, now=NOON)
    operations.open_window(house_id=house, product_id=ended, closes_at=NOON, user_id=MARKETER, now=NOON)

    assert shown(house) == [("lago", ["kept"])]
    assert [each.code for each in edit(house, made).pieces] == ["hidden", "kept", "ended"]


def test_a_cover_stands_for_the_collection_and_without_one_its_first_piece_does(house: int) -> None:
    made = make_collection(house, "lago", piece(house, "one"))
    operations.cover_collection(
        house_id=house, collection_id=made, image=picture(), user_id=MARKETER, now=NOON
    )
    [card] = collections(house_id=house, language="zh", now=NOON)
    assert Client().get(card.cover_url).headers["content-type"] == "image/jpeg"

    with pytest.raises(OrderRefused) as bad:
        operations.cover_collection(
            house_id=house, collection_id=made, image=b"no picture", user_id=MARKETER, now=NOON
        )
    assert bad.value.refusal is Refusal.BAD_PICTURE
    assert edit(house, made).has_cover
    operations.cover_collection(house_id=house, collection_id=made, image=None, user_id=MARKETER, now=NOON)
    assert not edit(house, made).has_cover


def test_every_change_says_what_became_of_what_and_by_whom(house: int) -> None:
    one = piece(house, "one")
    made = make_collection(house, "lago", one)
    assert set_days(house, made, NOON, None)
    assert not set_days(house, made, NOON, None)

    rows = collection_changes(house_id=house, collection_id=made)

    assert [(row.what, row.sku) for row in rows] == [
        ("collection_changed", ""),
        ("piece_put_in", "one"),
        ("collection_made", ""),
    ]
    assert (rows[0].before, rows[0].after) == ({"shown_from": ""}, {"shown_from": NOON.isoformat()})
    assert {row.user_id for row in rows} == {MARKETER}


def test_a_form_that_was_filled_in_before_a_colleagues_change_is_refused(house: int) -> None:
    made = make_collection(house)
    before = edit(house, made).edition
    set_days(house, made, NOON, None, seen=before)

    with pytest.raises(OrderRefused) as late:
        set_days(house, made, None, NOON, seen=before)

    assert late.value.refusal is Refusal.PIECE_CHANGED
    assert edit(house, made).row.shown_from == NOON


def test_every_fault_of_a_new_collection_is_said_at_once(house: int) -> None:
    with pytest.raises(PieceRefused) as bad:
        operations.create_collection(
            house_id=house,
            code="Lago!",
            texts=WORDS | {"name_it": " ", "season": "x" * 25},
            user_id=MARKETER,
            now=NOON,
        )
    assert bad.value.faults == {
        "code": Fault.BAD_CODE,
        "name_it": Fault.MISSING,
        "season": Fault.TOO_LONG,
    }
    make_collection(house, "lago")
    with pytest.raises(PieceRefused) as taken:
        make_collection(house, "lago")
    assert taken.value.faults == {"code": Fault.TAKEN}


def test_days_that_end_before_they_begin_change_nothing(house: int) -> None:
    made = make_collection(house)
    with pytest.raises(OrderRefused) as bad:
        set_days(house, made, NOON, NOON)
    assert bad.value.refusal is Refusal.WRONG_DAYS
    assert edit(house, made).row.shown_from is None


def test_another_houses_pieces_and_collections_are_unknown(house: int) -> None:
    other = make_house("gathers-not")
    theirs, ours = piece(other, "theirs"), make_collection(house)
    refused = []
    for who, what in ((house, theirs), (other, theirs)):
        with pytest.raises(OrderRefused) as bad:
            operations.put_in_collection(
                house_id=who, collection_id=ours, product_id=what, user_id=MARKETER, now=NOON
            )
        refused.append(bad.value.refusal)
    assert refused == [Refusal.UNKNOWN_PRODUCT, Refusal.UNKNOWN_COLLECTION]
    assert collection_to_edit(house_id=other, collection_id=ours, language="en", now=NOON) is None
    assert collection_rows(house_id=other, language="en", now=NOON) == []


def test_a_full_collection_takes_no_more(house: int) -> None:
    one = piece(house, "one")
    made = make_collection(house, "lago")
    row = Collection.objects.get(pk=made)
    fillers = [
        Product(house_id=house, code=f"p{n}", name_zh="一", name_en="a", name_it="a")
        for n in range(COLLECTION_PIECES_MAX)
    ]
    Product.objects.bulk_create(fillers)
    known = Product.objects.filter(house_id=house, code__startswith="p").order_by("id")
    CollectionPiece.objects.bulk_create(
        CollectionPiece(collection=row, product=each, position=n) for n, each in enumerate(known)
    )
    with pytest.raises(OrderRefused) as full:
        operations.put_in_collection(
            house_id=house, collection_id=made, product_id=one, user_id=MARKETER, now=NOON
        )
    assert full.value.refusal is Refusal.COLLECTION_FULL


def test_the_mini_program_reads_collections_in_the_clients_language(house: int) -> None:
    make_collection(house, "lago", piece(house, "one"), piece(house, "two"))
    client = make_person(house)
    token = open_session(house_id=house, person_id=client, now=datetime.now(UTC))
    phone = Client(headers={"authorization": f"Bearer {token}", "accept-language": "it"})

    listed = phone.get(BASE).json()["collections"]
    whole = phone.get(f"{BASE}/lago").json()
    missing = phone.get(f"{BASE}/garda")

    assert [(each["code"], each["name"], each["season"], each["pieces"]) for each in listed] == [
        ("lago", "Sul lago", "SS27", ["one", "two"])
    ]
    assert [each["code"] for each in whole["products"]] == ["one", "two"]
    assert whole["products"][0]["variants"][0]["stock"] == 3
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_collection")
    assert Client().get(BASE).status_code == 401


INSTANTS = st.none() | st.integers(-5, 5).map(lambda hours: NOON + timedelta(hours=hours))


@given(begin=INSTANTS, end=INSTANTS)
def test_a_collection_that_was_seen_is_never_announced_again(
    begin: datetime | None, end: datetime | None
) -> None:
    order = [Showing.LATER, Showing.NOW, Showing.OVER]
    stands = [order.index(showing(begin, end, NOON + timedelta(hours=hours))) for hours in range(-6, 7)]
    assert stands == sorted(stands)

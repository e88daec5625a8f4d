"""Staff keep a piece's texts and variants by hand; what cannot be is said field by field, and each change is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique import operations, queries
from seta.boutique.models import CatalogueChange, Product, Variant
from seta.boutique.queries.editing import changes, piece_to_edit
from seta.boutique.rules import Line, OrderRefused, Refusal
from seta.boutique.rules.editing import (
    CHARS_MAX,
    TEXTS,
    Fault,
    PieceRefused,
    checked_marks,
    checked_texts,
    edition,
)
from seta.boutique.rules.limits import VARIANTS_MAX
from tests.boutique.shop import NOON, make_house, make_person, make_variant, order_one, row

WORDS = {
    "name_zh": "湖光方巾",
    "name_en": "Lago",
    "name_it": "Lago",
    "description_en": "A scarf.\r\n\r\nTwill. ",
}
MARKS = {"sku": "LAGO-140", "label": "140 × 140", "colour_zh": "红", "colour_en": "Red", "colour_it": "Rosso"}


@given(st.dictionaries(st.sampled_from(TEXTS), st.text(max_size=700)))
def test_texts_are_taken_whole_within_their_bounds_or_every_fault_is_named(said: dict[str, str]) -> None:
    try:
        sound = checked_texts(said)
    except PieceRefused as refused:
        assert refused.faults
        for language in ("zh", "en", "it"):
            assert all(words and "{" not in words for words in refused.words(language).values())
        return
    assert all(len(text) <= CHARS_MAX[name] for name, text in sound.items())
    assert checked_texts(sound) == sound


def test_every_fault_of_a_form_is_said_in_the_readers_language() -> None:
    with pytest.raises(PieceRefused) as texts:
        checked_texts({"name_zh": "湖", "name_en": "x" * 81, "name_it": " "})
    with pytest.raises(PieceRefused) as marks:
        checked_marks({"sku": "lago", "gtin": "4006381333932", "colour_en": "Red"})

    assert texts.value.words("en") == {
        "name_en": "At most 80 characters.",
        "name_it": "Write something here.",
    }
    assert texts.value.words("zh-hans")["name_en"] == "最多 80 个字符。"
    assert marks.value.faults == {
        "sku": Fault.BAD_SKU,
        "gtin": Fault.BAD_GTIN,
        "colour_zh": Fault.ALL_COLOURS,
        "colour_it": Fault.ALL_COLOURS,
    }


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def piece(house: int, code: str = "lago") -> int:
    """A piece without variants."""
    return operations.create_piece(house_id=house, code=code, texts=WORDS, user_id=4, now=NOON)


def test_a_piece_is_made_described_given_a_variant_and_listed_and_then_sold(house: int) -> None:
    lago = piece(house)
    with pytest.raises(OrderRefused) as refused:
        operations.list_piece(house_id=house, product_id=lago, is_listed=True, user_id=4, now=NOON)
    assert refused.value.refusal is Refusal.NOTHING_TO_SELL

    variant = operations.add_variant(
        house_id=house, product_id=lago, marks=MARKS, amount=888_800, user_id=4, now=NOON
    )
    operations.list_piece(house_id=house, product_id=lago, is_listed=True, user_id=4, now=NOON)
    operations.count_stock(variant_id=variant, location="online", counted=1, now=NOON)

    (card,) = queries.products(house_id=house, language="zh", now=NOON)
    assert (card.code, card.name, card.variants[0].label) == ("lago", "湖光方巾", "红 140 × 140")
    assert queries.products(house_id=house, language="en", now=NOON)[0].description == "A scarf.\n\nTwill."
    assert order_one(house, make_person(house), variant).total == 888_800
    operations.list_piece(house_id=house, product_id=lago, is_listed=False, user_id=5, now=NOON)
    assert not queries.products(house_id=house, now=NOON)
    assert [row.what for row in changes(house_id=house, product_id=lago)] == [
        "unlisted",
        "listed",
        "price_set",
        "variant_added",
        "created",
    ]


def test_a_change_keeps_what_it_was_what_it_became_and_who_made_it(house: int) -> None:
    lago = piece(house)
    texts = {**WORDS, "name_en": "Lago scarf"}

    changed = operations.describe_piece(
        house_id=house, product_id=lago, texts=texts, user_id=7, now=NOON + timedelta(hours=1)
    )
    again = operations.describe_piece(house_id=house, product_id=lago, texts=texts, user_id=8, now=NOON)

    assert (changed, again) == (True, False)
    newest = changes(house_id=house, product_id=lago)[0]
    assert (newest.before, newest.after, newest.user_id) == (
        {"name_en": "Lago"},
        {"name_en": "Lago scarf"},
        7,
    )


def test_a_form_filled_in_from_what_is_no_longer_so_changes_nothing(house: int) -> None:
    lago = piece(house)
    found = piece_to_edit(house_id=house, product_id=lago, now=NOON)
    assert found is not None
    assert found.edition == edition(found.texts)
    operations.describe_piece(
        house_id=house, product_id=lago, texts={**WORDS, "name_it": "Onda"}, user_id=4, now=NOON
    )

    with pytest.raises(OrderRefused) as refused:
        operations.describe_piece(
            house_id=house, product_id=lago, texts=WORDS, seen=found.edition, user_id=5, now=NOON
        )

    assert refused.value.refusal is Refusal.PIECE_CHANGED
    assert Product.objects.get(pk=lago).name_it == "Onda"


def test_codes_and_barcodes_stand_for_one_variant_of_the_house(house: int) -> None:
    lago, onda = piece(house), piece(house, "onda")
    marks = MARKS | {"gtin": "4006381333931"}
    operations.add_variant(house_id=house, product_id=lago, marks=marks, user_id=4, now=NOON)

    with pytest.raises(PieceRefused) as refused:
        operations.add_variant(house_id=house, product_id=onda, marks=marks, user_id=4, now=NOON)
    with pytest.raises(PieceRefused) as code:
        piece(house)

    assert refused.value.faults == {"sku": Fault.TAKEN, "gtin": Fault.TAKEN}
    assert code.value.faults == {"code": Fault.TAKEN}
    neighbour = make_house("lucente")
    assert operations.add_variant(
        house_id=neighbour, product_id=piece(neighbour), marks=marks, user_id=4, now=NOON
    )


def test_a_file_brings_no_barcode_twice(house: int) -> None:
    marks = MARKS | {"gtin": "4006381333931"}
    operations.add_variant(house_id=house, product_id=piece(house), marks=marks, user_id=4, now=NOON)
    there = row(code="onda", sku="ONDA-1", gtin="4006381333931")

    taken = operations.import_catalogue(house_id=house, rows=[there], now=NOON)
    twice = operations.import_catalogue(
        house_id=house, rows=[row(gtin="96385074"), row(sku="B-1", gtin="96385074")], now=NOON
    )

    assert [(problem.row, problem.column) for problem in taken.problems] == [(1, "gtin")]
    assert [(problem.row, problem.column) for problem in twice.problems] == [(2, "gtin")]
    assert Variant.objects.count() == 1


def test_a_variant_changes_its_marks_and_keeps_its_stock_and_orders(house: int) -> None:
    variant = make_variant(house, sku="SKU-OLD")
    order = order_one(house, make_person(house), variant)

    operations.change_variant(house_id=house, variant_id=variant, marks=MARKS, user_id=4, now=NOON)

    assert queries.variant_id(house_id=house, sku="LAGO-140") == variant
    assert queries.stock_left(variant_id=variant) == 2
    view = queries.order(order_id=order.order_id, house_id=house, language="it")
    assert view is not None
    assert view.lines[0].label == "Rosso 140 × 140"


def test_a_retired_variant_is_sold_no_more_until_it_comes_back(house: int) -> None:
    variant, chen = make_variant(house), make_person(house)
    product = Product.objects.get(house_id=house).pk
    with pytest.raises(OrderRefused) as last:
        operations.retire_variant(house_id=house, variant_id=variant, user_id=4, now=NOON)
    assert last.value.refusal is Refusal.LAST_VARIANT
    operations.add_variant(
        house_id=house, product_id=product, marks=MARKS, amount=900_000, user_id=4, now=NOON
    )

    operations.retire_variant(house_id=house, variant_id=variant, user_id=4, now=NOON)

    (card,) = queries.products(house_id=house, now=NOON)
    assert [each.sku for each in card.variants] == ["LAGO-140"]
    with pytest.raises(OrderRefused) as refused:
        operations.place_order(house_id=house, person_id=chen, lines=[Line(variant, 1)], now=NOON)
    assert refused.value.refusal is Refusal.UNKNOWN_VARIANT
    whole = queries.products(house_id=house, now=NOON, is_whole=True)[0]
    assert [each.is_retired for each in whole.variants] == [True, False]
    operations.restore_variant(house_id=house, variant_id=variant, user_id=4, now=NOON)
    assert order_one(house, chen, variant).state == "placed"


def test_a_piece_of_another_house_is_unknown(house: int) -> None:
    variant = make_variant(house)
    product = Product.objects.get(house_id=house).pk
    other = make_house("lucente")
    calls: list[Callable[[], object]] = [
        lambda: operations.describe_piece(
            house_id=other, product_id=product, texts=WORDS, user_id=4, now=NOON
        ),
        lambda: operations.list_piece(
            house_id=other, product_id=product, is_listed=False, user_id=4, now=NOON
        ),
        lambda: operations.add_variant(house_id=other, product_id=product, marks=MARKS, user_id=4, now=NOON),
        lambda: operations.change_variant(
            house_id=other, variant_id=variant, marks=MARKS, user_id=4, now=NOON
        ),
        lambda: operations.retire_variant(house_id=other, variant_id=variant, user_id=4, now=NOON),
        lambda: operations.restore_variant(house_id=other, variant_id=variant, user_id=4, now=NOON),
    ]
    for call in calls:
        with pytest.raises(OrderRefused) as refused:
            call()
        assert refused.value.refusal in (Refusal.UNKNOWN_PRODUCT, Refusal.UNKNOWN_VARIANT)
    assert piece_to_edit(house_id=other, product_id=product, now=NOON) is None
    assert not CatalogueChange.objects.exists()


def test_a_piece_has_only_so_many_variants(house: int) -> None:
    lago = piece(house)
    Variant.objects.bulk_create(
        Variant(house_id=house, product_id=lago, sku=f"V-{number}") for number in range(VARIANTS_MAX)
    )

    with pytest.raises(OrderRefused) as refused:
        operations.add_variant(house_id=house, product_id=lago, marks=MARKS, user_id=4, now=NOON)

    assert refused.value.refusal is Refusal.TOO_MANY_VARIANTS

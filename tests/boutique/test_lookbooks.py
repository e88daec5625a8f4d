"""A season's lookbook: looks with pieces in an order, seen in its days alone, each change named; what is refused."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from PIL import Image

from seta.boutique import operations, queries
from seta.boutique.models import Look, LookbookChange
from seta.boutique.queries.lookbooks import (
    LookbookEdit,
    lookbook,
    lookbook_changes,
    lookbook_rows,
    lookbook_to_edit,
    lookbooks,
)
from seta.boutique.rules import OrderRefused, Refusal
from seta.boutique.rules.collections import Showing
from seta.boutique.rules.editing import Fault, PieceRefused
from seta.boutique.rules.limits import LOOK_PIECES_MAX, LOOKS_MAX
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, make_variant

BASE = "/api/mp/v1/boutique/lookbooks"
MARKETER = 7
DAY = timedelta(days=1)
WORDS = {
    "name_zh": "湖畔之春",
    "name_en": "Spring by the lake",
    "name_it": "Primavera sul lago",
    "description_zh": "清晨的光。",
    "description_en": "Morning light.",
    "description_it": "Luce del mattino.",
    "season": "SS27",
}
LOOK = {
    "alt_zh": "女士在码头上系着方巾",
    "alt_en": "A woman on a pier ties a scarf",
    "alt_it": "Una donna su un molo annoda un foulard",
    "caption_zh": "码头",
    "caption_en": "The pier",
    "caption_it": "Il molo",
}


@pytest.fixture
def house(db: None) -> int:
    return make_house("leafs")


def picture(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (700, 900), (20 * shade, 80, 120)).save(out, "JPEG")
    return out.getvalue()


def piece(house: int, code: str) -> int:
    """A listed piece with one variant that has a price and stock."""
    make_variant(house, sku=code.upper())
    found = queries.product(house_id=house, code=code)
    assert found is not None
    return found.id


def make_lookbook(house: int, code: str = "spring", begins: datetime | None = NOON) -> int:
    """A lookbook without looks, published from an instant on; a draft without one."""
    made = operations.create_lookbook(house_id=house, code=code, texts=WORDS, user_id=MARKETER, now=NOON)
    if begins is not None:
        set_days(house, made, begins, None)
    return made


def set_days(house: int, made: int, begin: datetime | None, end: datetime | None, seen: str = "") -> bool:
    """The lookbook's days, its words as they were."""
    return operations.change_lookbook(
        house_id=house,
        lookbook_id=made,
        texts=WORDS,
        shown_from=begin,
        shown_until=end,
        seen=seen,
        user_id=MARKETER,
        now=NOON,
    )


def add_look(house: int, made: int, *pieces: int, shade: int = 0) -> int:
    """A look at the end, with pieces in that order."""
    look = operations.add_look(
        house_id=house, lookbook_id=made, image=picture(shade), texts=LOOK, user_id=MARKETER, now=NOON
    )
    for each in pieces:
        operations.put_in_look(house_id=house, look_id=look, product_id=each, user_id=MARKETER, now=NOON)
    return look


def edit(house: int, made: int) -> LookbookEdit:
    found = lookbook_to_edit(house_id=house, lookbook_id=made, language="en", now=NOON)
    assert found is not None
    return found


def shown(house: int, code: str = "spring", at: datetime = NOON) -> list[list[str]] | None:
    """The pieces' codes look by look as clients see them; None when there is no such lookbook for them."""
    found = lookbook(house_id=house, code=code, language="en", now=at)
    return None if found is None else [[each.code for each in look.pieces] for look in found[1]]


def test_looks_and_their_pieces_stand_in_the_order_they_were_given(house: int) -> None:
    scarf, bag, coat = (piece(house, code) for code in ("scarf", "bag", "coat"))
    made = make_lookbook(house)
    first, second = add_look(house, made, scarf, bag), add_look(house, made, coat, scarf, shade=1)
    assert shown(house) == [["scarf", "bag"], ["coat", "scarf"]]

    operations.advance_look(house_id=house, look_id=second, user_id=MARKETER, now=NOON)
    operations.advance_in_look(house_id=house, look_id=first, product_id=bag, user_id=MARKETER, now=NOON)
    operations.take_out_of_look(house_id=house, look_id=second, product_id=coat, user_id=MARKETER, now=NOON)
    operations.put_in_look(house_id=house, look_id=first, product_id=scarf, user_id=MARKETER, now=NOON)

    assert shown(house) == [["scarf"], ["bag", "scarf"]]
    operations.remove_look(house_id=house, look_id=second, user_id=MARKETER, now=NOON)
    assert shown(house) == [["bag", "scarf"]]


def test_a_lookbook_is_a_draft_until_its_first_day_and_gone_after_its_last(house: int) -> None:
    made = make_lookbook(house, begins=None)
    add_look(house, made)
    assert edit(house, made).row.standing is Showing.DRAFT
    assert shown(house) is None

    set_days(house, made, NOON, NOON + DAY)

    moment = timedelta(microseconds=1)
    seen = [shown(house, at=at) is not None for at in (NOON - moment, NOON, NOON + DAY - moment, NOON + DAY)]
    assert seen == [False, True, True, False]
    set_days(house, made, None, NOON + DAY)
    assert shown(house) is None


def test_a_lookbook_without_a_look_is_shown_to_nobody(house: int) -> None:
    make_lookbook(house)

    assert lookbooks(house_id=house, language="en", now=NOON) == []
    assert [row.looks for row in lookbook_rows(house_id=house, language="en", now=NOON)] == [0]


def test_what_the_catalogue_does_not_show_no_look_shows(house: int) -> None:
    kept, hidden, ended = (piece(house, code) for code in ("kept", "hidden", "ended"))
    made = make_lookbook(house)
    add_look(house, made, hidden, kept, ended)
    operations.list_piece(house_id=house, product_id=hidden, is_listed=False, user_id=MARKETER, now=NOON)
    operations.open_window(house_id=house, product_id=ended, closes_at=NOON, user_id=MARKETER, now=NOON)

    assert shown(house) == [["kept"]]
    assert [each.code for each in edit(house, made).looks[0].pieces] == ["hidden", "kept", "ended"]


def test_the_same_picture_again_only_changes_its_words(house: int) -> None:
    made = make_lookbook(house)
    look = add_look(house, made)

    again = operations.add_look(
        house_id=house,
        lookbook_id=made,
        image=picture(),
        texts=LOOK | {"alt_en": "On the pier"},
        user_id=MARKETER,
        now=NOON,
    )

    assert again == look
    assert [each.shows for each in edit(house, made).looks] == ["On the pier"]


def test_every_change_says_what_became_of_what_and_by_whom(house: int) -> None:
    scarf = piece(house, "scarf")
    made = make_lookbook(house)
    look = add_look(house, made, scarf)
    operations.describe_look(
        house_id=house,
        look_id=look,
        texts=LOOK | {"caption_en": "At the pier"},
        user_id=MARKETER,
        now=NOON,
    )
    operations.describe_look(
        house_id=house, look_id=look, texts=LOOK | {"caption_en": "At the pier"}, user_id=MARKETER, now=NOON
    )
    operations.remove_look(house_id=house, look_id=look, user_id=MARKETER, now=NOON)

    rows = lookbook_changes(house_id=house, lookbook_id=made)

    assert [(row.what, row.sku) for row in rows] == [
        ("look_removed", ""),
        ("look_described", ""),
        ("piece_put_in", "scarf"),
        ("look_added", ""),
        ("lookbook_changed", ""),
        ("lookbook_made", ""),
    ]
    assert (rows[1].before, rows[1].after) == ({"caption_en": "The pier"}, {"caption_en": "At the pier"})
    assert rows[0].before["alt_zh"] == LOOK["alt_zh"]
    assert {row.user_id for row in rows} == {MARKETER}


def test_forms_that_were_filled_in_before_a_colleagues_change_are_refused(house: int) -> None:
    made = make_lookbook(house, begins=None)
    look = add_look(house, made)
    before = edit(house, made)
    set_days(house, made, NOON, None, seen=before.edition)
    changed = {"house_id": house, "look_id": look, "user_id": MARKETER, "now": NOON}
    operations.describe_look(
        **changed,  # type: ignore[arg-type]
        texts=LOOK | {"alt_en": "Theirs"},
        seen=before.looks[0].edition,
    )

    with pytest.raises(OrderRefused) as late:
        set_days(house, made, None, NOON, seen=before.edition)
    with pytest.raises(OrderRefused) as late_too:
        operations.describe_look(
            **changed,  # type: ignore[arg-type]
            texts=LOOK | {"alt_en": "Ours"},
            seen=before.looks[0].edition,
        )

    assert (late.value.refusal, late_too.value.refusal) == (Refusal.PIECE_CHANGED, Refusal.PIECE_CHANGED)
    assert edit(house, made).looks[0].shows == "Theirs"


def test_every_fault_is_said_at_once_and_nothing_is_made(house: int) -> None:
    with pytest.raises(PieceRefused) as bad:
        operations.create_lookbook(
            house_id=house,
            code="Spring!",
            texts=WORDS | {"name_it": " ", "season": "x" * 25, "description_en": "x" * 601},
            user_id=MARKETER,
            now=NOON,
        )
    assert bad.value.faults == {
        "code": Fault.BAD_CODE,
        "name_it": Fault.MISSING,
        "season": Fault.TOO_LONG,
        "description_en": Fault.TOO_LONG,
    }
    made = make_lookbook(house)
    with pytest.raises(PieceRefused) as wordless:
        operations.add_look(
            house_id=house,
            lookbook_id=made,
            image=picture(),
            texts=LOOK | {"alt_zh": "", "caption_it": " ", "caption_en": "x" * 121},
            user_id=MARKETER,
            now=NOON,
        )
    assert wordless.value.faults == {
        "alt_zh": Fault.MISSING,
        "caption_it": Fault.ALL_LANGUAGES,
        "caption_en": Fault.TOO_LONG,
    }
    with pytest.raises(PieceRefused) as taken:
        make_lookbook(house)
    assert taken.value.faults == {"code": Fault.TAKEN}
    with pytest.raises(OrderRefused) as torn:
        operations.add_look(
            house_id=house, lookbook_id=made, image=b"torn", texts=LOOK, user_id=MARKETER, now=NOON
        )
    assert torn.value.refusal is Refusal.BAD_PICTURE
    assert not Look.objects.filter(lookbook_id=made).exists()


def test_another_houses_lookbooks_looks_and_pieces_are_unknown(house: int) -> None:
    other = make_house("leafs-not")
    ours, theirs = add_look(house, make_lookbook(house)), piece(other, "theirs")
    found = []
    for who, look in ((house, ours), (other, ours), (house, 10**9)):
        with pytest.raises(OrderRefused) as bad:
            operations.put_in_look(house_id=who, look_id=look, product_id=theirs, user_id=MARKETER, now=NOON)
        found.append(bad.value.refusal)
    assert found == [Refusal.UNKNOWN_PRODUCT, Refusal.UNKNOWN_LOOK, Refusal.UNKNOWN_LOOK]
    assert lookbook_rows(house_id=other, language="en", now=NOON) == []


def test_a_full_lookbook_and_a_full_look_take_no_more(house: int) -> None:
    made = make_lookbook(house)
    look = add_look(house, made)
    Look.objects.bulk_create(
        Look(lookbook_id=made, sha256=f"{n}", sizes=[], position=n) for n in range(1, LOOKS_MAX)
    )
    with pytest.raises(OrderRefused) as full:
        add_look(house, made, shade=9)
    assert full.value.refusal is Refusal.LOOKBOOK_FULL
    for n in range(LOOK_PIECES_MAX):
        operations.put_in_look(
            house_id=house, look_id=look, product_id=piece(house, f"p{n}"), user_id=MARKETER, now=NOON
        )
    with pytest.raises(OrderRefused) as worn:
        operations.put_in_look(
            house_id=house, look_id=look, product_id=piece(house, "more"), user_id=MARKETER, now=NOON
        )
    assert worn.value.refusal is Refusal.LOOK_FULL


def test_lookbooks_stand_in_the_houses_order_and_the_first_cannot_go_further(house: int) -> None:
    for code in ("first", "second"):
        add_look(house, make_lookbook(house, code))
    second = lookbook_rows(house_id=house, language="en", now=NOON)[1].id

    for _again in range(2):
        operations.advance_lookbook(house_id=house, lookbook_id=second, user_id=MARKETER, now=NOON)

    assert [card.code for card in lookbooks(house_id=house, language="en", now=NOON)] == ["second", "first"]
    assert LookbookChange.objects.filter(lookbook_id=second, what="lookbook_moved").count() == 1


def test_the_mini_program_leafs_through_a_lookbook_in_the_clients_language(house: int) -> None:
    made = make_lookbook(house, begins=NOON - 2000 * DAY)
    add_look(house, made, piece(house, "scarf"), piece(house, "bag"))
    add_look(house, made, shade=1)
    token = open_session(house_id=house, person_id=make_person(house), now=datetime.now(UTC))
    phone = Client(headers={"authorization": f"Bearer {token}", "accept-language": "it"})

    [listed] = phone.get(BASE).json()["lookbooks"]
    whole = phone.get(f"{BASE}/spring").json()
    missing = phone.get(f"{BASE}/autumn")

    assert (listed["name"], listed["season"], listed["count"]) == ("Primavera sul lago", "SS27", 2)
    assert whole["description"] == "Luce del mattino."
    look, bare = whole["looks"]
    assert (look["caption"], look["picture"]["alt"]) == ("Il molo", LOOK["alt_it"])
    assert [each["code"] for each in look["pieces"]] == ["scarf", "bag"]
    assert look["pieces"][0]["variants"][0]["price"] == 888_800
    assert bare["pieces"] == []
    assert phone.get(look["picture"]["src"]).headers["content-type"] == "image/jpeg"
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_lookbook")
    assert "lookbook" in missing.json()["error"]["message"]

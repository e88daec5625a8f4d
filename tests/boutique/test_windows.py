"""A piece is sold inside its windows and through their doors; a refused order says from when it can be had."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique import queries
from seta.boutique.models import CatalogueChange, Product, SaleWindow, Variant
from seta.boutique.operations import (
    buy_fitting,
    hold_fitting,
    open_window,
    place_order,
    prepare_bag,
    remove_window,
)
from seta.boutique.rules import Channel, Line, OrderRefused, Refusal
from seta.boutique.rules.availability import (
    Availability,
    Door,
    Sale,
    Window,
    availability,
    of_variant,
    sale_text,
)
from seta.boutique.rules.limits import WINDOWS_MAX
from seta.drops.operations import plan_drop
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, make_variant

DAY = timedelta(days=1)
INSTANTS = st.integers(0, 40).map(lambda hours: NOON + timedelta(hours=hours))
WINDOWS = st.lists(
    st.builds(
        Window,
        id=st.just(0),
        opens_at=st.none() | INSTANTS,
        closes_at=st.none() | INSTANTS,
        doors=st.frozensets(st.sampled_from(list(Door)), max_size=2).map(frozenset),
        variant_id=st.none() | st.sampled_from([1, 2]),
    ).filter(lambda each: not each.opens_at or not each.closes_at or each.opens_at < each.closes_at),
    max_size=6,
)


@given(WINDOWS, INSTANTS, st.sampled_from(list(Door)))
def test_what_is_said_of_a_sale_comes_true(windows: list[Window], at: datetime, door: Door) -> None:
    found = availability(windows, door=door, at=at)

    if found.sale is Sale.OPEN and found.closes_at is not None:
        last = found.closes_at - timedelta(microseconds=1)
        assert availability(windows, door=door, at=last).sale is Sale.OPEN
        assert availability(windows, door=door, at=found.closes_at).sale is not Sale.OPEN
    if found.sale is Sale.LATER:
        assert found.opens_at is not None
        assert found.opens_at > at
        assert availability(windows, door=door, at=found.opens_at).sale is Sale.OPEN
        before = found.opens_at - timedelta(microseconds=1)
        assert availability(windows, door=door, at=before).sale is Sale.LATER
    if found.sale is Sale.ELSEWHERE:
        assert found.doors
        assert door not in found.doors
    if found.sale is Sale.OVER:
        assert all(availability(windows, door=each, at=at).sale is Sale.OVER for each in Door)


@given(WINDOWS, INSTANTS, st.sampled_from(list(Door)))
def test_a_variant_with_windows_of_its_own_goes_by_those_alone(
    windows: list[Window], at: datetime, door: Door
) -> None:
    own = of_variant(windows, 1)

    assert {window.variant_id for window in own} in ({1}, {None}, set())
    assert all(window.variant_id is None for window in of_variant(windows, 3))


def test_the_words_name_the_clock_they_go_by() -> None:
    later = Availability(Sale.LATER, opens_at=datetime(2026, 12, 1, 2, 0, tzinfo=UTC))

    assert sale_text(later, "zh-CN", "Europe/Rome") == "北京时间2026年12月1日10:00起发售"
    assert sale_text(later, "en", "Europe/Rome") == "From 1 Dec 2026, 03:00 (Rome)"
    assert sale_text(later, "it", "Europe/Rome") == "Dal 1 dic 2026, 03:00 (Rome)"
    elsewhere = Availability(Sale.ELSEWHERE, doors=(Door.TILL, Door.POPUP))
    assert sale_text(elsewhere, "en", "Europe/Rome") == "Only in our boutiques or in a pop-up"
    assert sale_text(Availability(Sale.OPEN), "en", "Europe/Rome") == ""


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def open_for(
    house: int, *, variant: int | None = None, days: tuple[int, int], doors: tuple[str, ...] = ()
) -> int:
    """A window of whole days from NOON for the house's only piece, or one variant of it."""
    return open_window(
        house_id=house,
        product_id=Product.objects.get(house_id=house).pk,
        variant_id=variant,
        opens_at=NOON + days[0] * DAY,
        closes_at=NOON + days[1] * DAY,
        doors=doors,
        user_id=4,
        now=NOON,
    )


def refusal_of(house: int, variant: int, at: datetime, door: str | None = None) -> OrderRefused | None:
    """Why an order at that instant is refused, if it is."""
    chen = make_person(house)
    try:
        place_order(house_id=house, person_id=chen, lines=[Line(variant, 1)], door=door, now=at)
    except OrderRefused as refused:
        return refused
    return None


def test_an_order_before_the_window_is_refused_with_the_instant_it_can_be_had_from(house: int) -> None:
    variant = make_variant(house)
    open_for(house, days=(1, 2))

    early, late = refusal_of(house, variant, NOON), refusal_of(house, variant, NOON + 2 * DAY)

    assert early is not None
    assert early.refusal is Refusal.NOT_YET_SOLD
    assert early.text("en") == "This piece can be ordered from 23 Nov 2026, 05:00 (Rome)."
    assert early.text("zh-Hans") == "该商品将于北京时间2026年11月23日12:00起发售。"
    assert late is not None
    assert late.refusal is Refusal.NO_LONGER_SOLD
    assert refusal_of(house, variant, NOON + DAY) is None
    assert queries.stock_left(variant_id=variant) == 2


def test_a_window_of_named_doors_sells_nowhere_else(house: int) -> None:
    variant = make_variant(house, pieces=5)
    open_for(house, days=(0, 2), doors=("till", "popup"))

    online = refusal_of(house, variant, NOON)

    assert online is not None
    assert online.refusal is Refusal.SOLD_ELSEWHERE
    assert refusal_of(house, variant, NOON, door=Door.POPUP) is None
    till = place_order(
        house_id=house,
        person_id=None,
        lines=[Line(variant, 1)],
        channel=Channel.TILL,
        boutique="monte-napoleone",
        now=NOON,
    )
    assert till.state == "placed"


def test_a_variants_own_window_replaces_the_pieces(house: int) -> None:
    variant = make_variant(house)
    open_for(house, days=(0, 9))
    own = open_for(house, variant=variant, days=(5, 9))

    refused = refusal_of(house, variant, NOON)
    assert refused is not None
    assert refused.at == NOON + 5 * DAY
    remove_window(house_id=house, window_id=own, user_id=5, now=NOON)
    assert refusal_of(house, variant, NOON) is None


def test_what_was_promised_is_kept_when_its_window_has_closed(house: int) -> None:
    variant, chen = make_variant(house), make_person(house)
    open_for(house, days=(0, 1))
    fitting = hold_fitting(
        house_id=house,
        person_id=chen,
        variant_id=variant,
        boutique="monte-napoleone",
        key="f1",
        now=NOON,
    )
    late = NOON + DAY

    assert buy_fitting(house_id=house, fitting_id=fitting, user_id=4, now=late)
    Variant.objects.filter(pk=variant).update(retired_at=late)
    reserved = place_order(
        house_id=house, person_id=chen, lines=[Line(variant, 1)], channel=Channel.DROP, now=late
    )
    assert reserved.state == "placed"
    Variant.objects.filter(pk=variant).update(retired_at=None)
    with pytest.raises(OrderRefused) as refused:
        prepare_bag(
            house_id=house, lines=[Line(variant, 1)], associate_id=None, user_id=4, key="b1", now=late
        )
    assert refused.value.refusal is Refusal.NO_LONGER_SOLD


def test_a_drop_is_planned_only_while_its_piece_is_sold_in_drops(house: int) -> None:
    variant = make_variant(house)
    open_for(house, days=(0, 2), doors=("drop",))

    def plan(day: int) -> int:
        opens = NOON + day * DAY
        return plan_drop(
            house_id=house,
            code="carre",
            variant_id=variant,
            pieces=1,
            opens_at=opens,
            closes_at=opens + DAY,
            now=NOON,
        )

    assert plan(1)
    with pytest.raises(OrderRefused) as refused:
        plan(2)
    assert refused.value.refusal is Refusal.NO_LONGER_SOLD


def test_a_window_that_cannot_be_is_refused_and_changes_nothing(house: int) -> None:
    variant = make_variant(house)
    product = Product.objects.get(house_id=house).pk
    cases: list[tuple[dict[str, object], Refusal]] = [
        ({"opens_at": None, "closes_at": None, "doors": ()}, Refusal.WRONG_WINDOW),
        ({"opens_at": NOON, "closes_at": NOON}, Refusal.WRONG_WINDOW),
        ({"doors": ("mail",)}, Refusal.WRONG_WINDOW),
        ({"opens_at": NOON, "product_id": 10**9}, Refusal.UNKNOWN_PRODUCT),
        ({"opens_at": NOON, "house_id": make_house("lucente")}, Refusal.UNKNOWN_PRODUCT),
        ({"opens_at": NOON, "variant_id": variant + 10**6}, Refusal.UNKNOWN_VARIANT),
    ]
    for wrong, refusal in cases:
        sound: dict[str, object] = {"house_id": house, "product_id": product, "user_id": 4, "now": NOON}
        with pytest.raises(OrderRefused) as refused:
            open_window(**(sound | wrong))  # type: ignore[arg-type]
        assert refused.value.refusal is refusal
    with pytest.raises(OrderRefused) as refused:
        remove_window(house_id=house, window_id=10**9, user_id=4, now=NOON)
    assert refused.value.refusal is Refusal.UNKNOWN_WINDOW
    assert not SaleWindow.objects.exists()
    assert not CatalogueChange.objects.exists()


def test_a_piece_has_only_so_many_windows_and_each_change_says_who_made_it(house: int) -> None:
    make_variant(house)
    for day in range(WINDOWS_MAX):
        last = open_for(house, days=(day, day + 1))
    with pytest.raises(OrderRefused) as refused:
        open_for(house, days=(90, 91))
    assert refused.value.refusal is Refusal.TOO_MANY_WINDOWS

    remove_window(house_id=house, window_id=last, user_id=5, now=NOON)

    changes = CatalogueChange.objects.order_by("id").values_list("what", "user_id")
    assert [*changes][-2:] == [("window_added", 4), ("window_removed", 5)]


def test_the_mini_program_says_from_when_and_leaves_out_what_is_over(house: int) -> None:
    now = datetime.now(UTC)
    variant = make_variant(house, sku="LAGO")
    product = Product.objects.get(house_id=house).pk
    token = open_session(house_id=house, person_id=make_person(house), now=now)
    phone = Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})
    window = open_window(
        house_id=house, product_id=product, opens_at=now + DAY, doors=("mini_program",), user_id=4, now=now
    )

    (card,) = phone.get("/api/mp/v1/boutique/products").json()["products"]
    body = {"lines": [{"variant_id": variant, "quantity": 1}]}
    refused = phone.post("/api/mp/v1/boutique/orders", json.dumps(body), content_type="application/json")

    sale = card["variants"][0]["sale"]
    assert (sale["state"], sale["text"].startswith("From ")) == ("later", True)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "not_yet_sold"
    assert sale["text"].removeprefix("From ") in refused.json()["error"]["message"]
    remove_window(house_id=house, window_id=window, user_id=4, now=now)
    open_window(house_id=house, product_id=product, closes_at=now - DAY, user_id=4, now=now)
    assert phone.get("/api/mp/v1/boutique/products").json()["products"] == []
    assert phone.get("/api/mp/v1/boutique/products/lago").json()["variants"][0]["sale"]["state"] == "over"

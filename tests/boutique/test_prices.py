"""A price is one of a market, a currency and an instant; what a client is charged follows from the list of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique import queries
from seta.boutique.models import CatalogueChange, Price
from seta.boutique.operations import place_order, set_market, set_price, withdraw_price
from seta.boutique.operations.catalogue import import_catalogue, open_sales_point
from seta.boutique.queries.pricing import market_changes, point_of
from seta.boutique.rules import Channel, Line, OrderRefused, Refusal
from seta.boutique.rules.prices import (
    CHARGED,
    HOME,
    MARKETS,
    PricePoint,
    PriceStanding,
    charged_at,
    currencies_of,
    price_at,
    standing_of,
)
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_house, make_person, make_variant, row

DAY = timedelta(days=1)
INSTANTS = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2040, 1, 1),
    timezones=st.just(UTC),
)
POINTS = st.lists(
    st.builds(
        PricePoint,
        id=st.integers(1, 10**6),
        market=st.sampled_from(["cn", "it"]),
        currency=st.sampled_from(["CNY", "EUR"]),
        amount=st.integers(1, 10**9),
        effective_at=st.none() | INSTANTS,
        is_withdrawn=st.booleans(),
    ),
    unique_by=lambda point: point.id,
    max_size=12,
)


@given(POINTS, INSTANTS)
def test_the_price_of_an_instant_has_begun_and_none_that_has_begun_since_is_left_out(
    points: list[PricePoint], at: datetime
) -> None:
    found = price_at(points, market="it", currency="EUR", at=at)

    begun = [
        point
        for point in points
        if (point.market, point.currency, point.is_withdrawn) == ("it", "EUR", False)
        and (point.effective_at is None or point.effective_at <= at)
    ]
    assert (found is None) == (not begun)
    if found is not None and found.effective_at is not None:
        assert all(point.effective_at is None or point.effective_at <= found.effective_at for point in begun)
    if found is not None and found.effective_at is None:
        assert all(point.effective_at is None for point in begun)


@given(POINTS, INSTANTS)
def test_the_price_does_not_depend_on_the_order_of_the_list_nor_on_what_is_withdrawn_or_later(
    points: list[PricePoint], at: datetime
) -> None:
    shuffled = sorted(points, key=lambda point: (point.id * 7919) % 1009)
    counting = [
        point
        for point in points
        if not point.is_withdrawn and (point.effective_at is None or point.effective_at <= at)
    ]

    expected = charged_at(points, market="it", at=at)

    assert charged_at(shuffled, market="it", at=at) == expected
    assert charged_at(counting, market="it", at=at) == expected


@given(POINTS, INSTANTS)
def test_one_price_at_most_is_in_force_for_a_market_and_currency(
    points: list[PricePoint], at: datetime
) -> None:
    standing = {point: standing_of(point, points, at) for point in points}

    for market in ("cn", "it"):
        for currency in ("CNY", "EUR"):
            holding = [
                point
                for point, stands in standing.items()
                if (point.market, point.currency, stands) == (market, currency, PriceStanding.IN_FORCE)
            ]
            held = price_at(points, market=market, currency=currency, at=at)
            assert holding == ([held] if held else [])


@given(POINTS, INSTANTS)
def test_a_market_without_a_price_in_yuan_charges_the_home_markets(
    points: list[PricePoint], at: datetime
) -> None:
    elsewhere = [point for point in points if point.market != "it" or point.currency != CHARGED]

    assert charged_at(elsewhere, market="it", at=at) == price_at(
        elsewhere, market=HOME, currency=CHARGED, at=at
    )


def test_every_market_takes_yuan_and_its_own_currency() -> None:
    assert {market: currencies_of(market) for market in ("cn", "it")} == {
        "cn": ("CNY",),
        "it": ("CNY", "EUR"),
    }
    assert all(len(code) == 2 and len(currency) == 3 for code, currency in MARKETS.items())


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def price_of(house: int, variant: int, at: datetime, market: str = HOME) -> int:
    """What a client who looks at that instant sees."""
    (card,) = queries.products(house_id=house, market=market, now=at)
    return next(each.amount for each in card.variants if each.id == variant)


def test_a_change_planned_ahead_holds_from_its_instant_for_pages_and_orders_alike(house: int) -> None:
    variant = make_variant(house, price="8888.00")
    set_price(
        house_id=house, variant_id=variant, amount=990_000, effective_at=NOON + DAY, user_id=4, now=NOON
    )
    before, begun = NOON + DAY - timedelta(microseconds=1), NOON + DAY

    assert (price_of(house, variant, before), price_of(house, variant, begun)) == (888_800, 990_000)
    seen = [Line(variant, 1, seen_amount=888_800)]
    chen = make_person(house)
    assert place_order(house_id=house, person_id=chen, lines=seen, now=before).total == 888_800
    with pytest.raises(OrderRefused) as refused:
        place_order(house_id=house, person_id=chen, lines=seen, now=begun)
    assert refused.value.refusal is Refusal.PRICE_CHANGED
    assert place_order(house_id=house, person_id=chen, lines=[Line(variant, 1)], now=begun).total == 990_000


def test_a_planned_price_can_be_withdrawn_until_it_begins_and_what_was_is_kept(house: int) -> None:
    variant = make_variant(house)
    set_price(house_id=house, variant_id=variant, amount=1, effective_at=NOON + DAY, user_id=4, now=NOON)
    planned = Price.objects.get(effective_at=NOON + DAY)

    withdraw_price(house_id=house, price_id=planned.pk, user_id=5, now=NOON + DAY / 2)

    assert price_of(house, variant, NOON + 2 * DAY) == 888_800
    with pytest.raises(OrderRefused) as refused:
        withdraw_price(house_id=house, price_id=planned.pk, user_id=5, now=NOON + DAY / 2)
    assert refused.value.refusal is Refusal.PRICE_BEGAN
    changes = CatalogueChange.objects.order_by("id").values_list("what", "user_id")
    assert list(changes) == [("price_set", 4), ("price_withdrawn", 5)]


def test_a_price_in_force_cannot_be_withdrawn_nor_one_of_another_house(house: int) -> None:
    make_variant(house)
    began = Price.objects.get()
    for house_id, refusal in ((house, Refusal.PRICE_BEGAN), (make_house("lucente"), Refusal.UNKNOWN_PRICE)):
        with pytest.raises(OrderRefused) as refused:
            withdraw_price(house_id=house_id, price_id=began.pk, user_id=5, now=NOON)
        assert refused.value.refusal is refusal


def test_two_plans_for_one_instant_leave_the_second(house: int) -> None:
    variant = make_variant(house)
    for amount in (700_000, 600_000):
        set_price(
            house_id=house, variant_id=variant, amount=amount, effective_at=NOON + DAY, user_id=4, now=NOON
        )

    assert price_of(house, variant, NOON + DAY) == 600_000
    standing = [
        standing_of(point_of(row), map(point_of, Price.objects.all()), NOON + DAY)
        for row in Price.objects.order_by("id")
    ]
    assert standing == [PriceStanding.PAST, PriceStanding.WITHDRAWN, PriceStanding.IN_FORCE]


def test_whose_till_began_to_sell_at_another_markets_prices_is_kept_with_who_did_it(house: int) -> None:
    def choose(market: str, user_id: int) -> bool:
        return set_market(
            house_id=house, boutique="monte-napoleone", market=market, user_id=user_id, now=NOON
        )

    done = [choose("it", 4), choose("it", 5), choose("hk", 5)]
    with pytest.raises(OrderRefused) as bad:
        choose("xx", 5)
    open_sales_point(house_id=house, code="monte-napoleone", district="brera")

    assert done == [True, False, True]
    assert bad.value.refusal is Refusal.WRONG_MARKET
    assert [(row.before, row.after, row.user_id) for row in market_changes(house_id=house)] == [
        ("it", "hk", 5),
        ("cn", "it", 4),
    ]
    assert queries.market_of(house_id=house, boutique="monte-napoleone") == "hk"


def test_the_till_of_a_market_sells_at_its_price_and_everybody_else_at_home(house: int) -> None:
    variant = make_variant(house, price="8888.00")
    set_price(house_id=house, variant_id=variant, market="it", amount=750_000, user_id=4, now=NOON)
    set_price(
        house_id=house, variant_id=variant, market="it", currency="EUR", amount=95_000, user_id=4, now=NOON
    )
    set_market(house_id=house, boutique="monte-napoleone", market="it", user_id=4, now=NOON)

    till = place_order(
        house_id=house,
        person_id=None,
        lines=[Line(variant, 1)],
        channel=Channel.TILL,
        boutique="monte-napoleone",
        now=NOON,
    )
    online = place_order(house_id=house, person_id=make_person(house), lines=[Line(variant, 1)], now=NOON)

    assert (till.total, online.total) == (750_000, 888_800)
    assert (price_of(house, variant, NOON, "it"), price_of(house, variant, NOON)) == (750_000, 888_800)


def test_the_mini_program_shows_the_price_tags_of_other_markets(house: int) -> None:
    now = datetime.now(UTC)
    variant = make_variant(house, sku="LAGO")
    for market, currency, amount in (("jp", "JPY", 160_000), ("it", "EUR", 95_000)):
        set_price(
            house_id=house,
            variant_id=variant,
            market=market,
            currency=currency,
            amount=amount,
            user_id=4,
            now=now,
        )
    token = open_session(house_id=house, person_id=make_person(house), now=now)
    phone = Client(headers={"authorization": f"Bearer {token}", "accept-language": "it"})

    (shown,) = phone.get("/api/mp/v1/boutique/products/lago").json()["variants"]

    assert [(each["name"], each["price_text"]) for each in shown["elsewhere"]] == [
        ("Italia", "€950.00"),
        ("Giappone", "JP¥160,000"),
    ]
    assert shown["price_text"] == "¥8,888.00"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"amount": 0}, Refusal.WRONG_PRICE),
        ({"amount": -1}, Refusal.WRONG_PRICE),
        ({"amount": 10**11 + 1}, Refusal.WRONG_PRICE),
        ({"market": "xx"}, Refusal.WRONG_MARKET),
        ({"market": "it", "currency": "USD"}, Refusal.WRONG_MARKET),
        ({"effective_at": NOON - timedelta(seconds=1)}, Refusal.PAST_INSTANT),
        ({"variant_id": 10**9}, Refusal.UNKNOWN_VARIANT),
    ],
)
def test_a_price_that_cannot_be_is_refused_and_changes_nothing(
    house: int, wrong: dict[str, object], refusal: Refusal
) -> None:
    sound: dict[str, object] = {"house_id": house, "variant_id": make_variant(house), "amount": 1}

    with pytest.raises(OrderRefused) as refused:
        set_price(**(sound | wrong), user_id=4, now=NOON)  # type: ignore[arg-type]

    assert refused.value.refusal is refusal
    assert (Price.objects.count(), CatalogueChange.objects.count()) == (1, 0)


def test_the_same_price_again_writes_nothing_by_hand_or_by_file(house: int) -> None:
    variant = make_variant(house, sku="LAGO-90", price="8888.00")

    set_price(house_id=house, variant_id=variant, amount=888_800, user_id=4, now=NOON + DAY)
    import_catalogue(house_id=house, rows=[row(code="lago-90", sku="LAGO-90")], now=NOON + DAY)

    assert (Price.objects.count(), CatalogueChange.objects.count()) == (1, 0)

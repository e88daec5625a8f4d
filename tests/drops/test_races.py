"""Several browsers press the same button of a release at once: one does it, the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from seta.boutique.models import Order
from seta.boutique.queries import OrderCard
from seta.drops import operations
from seta.drops.models import Drop
from seta.drops.rules import DropRefused
from tests.boutique.shop import NOON, make_house, make_variant
from tests.drops.release import Ask, make_drop, make_people, rush

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 8


def pressed(act: Callable[[int], object]) -> list[object]:
    """What each browser is told: what there is then, or the name of a refusal."""

    def press(number: int) -> object:
        try:
            return act(number)
        except DropRefused as refused:
            return str(refused.refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=BROWSERS) as pool:
        return list(pool.map(press, range(BROWSERS)))


def test_a_reservation_claimed_in_every_browser_is_one_order() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house), make_people(house, 1)
    rush([Ask(drop, house, chen)])

    cards = pressed(lambda _: operations.claim(house_id=house, drop_id=drop, person_id=chen, now=NOON))

    assert isinstance(cards[0], OrderCard)
    assert cards == [cards[0]] * BROWSERS
    assert Order.objects.filter(person_id=chen).count() == 1


def test_a_new_short_name_is_kept_once() -> None:
    house = make_house()
    variant = make_variant(house, pieces=BROWSERS)

    told = pressed(
        lambda number: operations.plan_drop(
            house_id=house,
            code="archivio",
            variant_id=variant,
            pieces=number + 1,
            opens_at=NOON,
            closes_at=NOON + timedelta(hours=1),
            seen="",
            now=NOON,
        )
    )

    kept = Drop.objects.get()
    assert told.count("code_taken") == BROWSERS - 1
    assert told[kept.pieces - 1] == kept.pk

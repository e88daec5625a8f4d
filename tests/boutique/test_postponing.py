"""Pieces kept for a visit wait for its new time, or go back when that is too far away."""

from datetime import timedelta

from seta.boutique.models import Fitting
from seta.boutique.operations import hold_fitting, leave_fitting
from seta.boutique.operations.postponing import postpone_fittings
from seta.boutique.queries import stock_left
from tests.boutique.shop import NOON, facts, make_house, make_person, make_variant

SHOP = "monte-napoleone"


def held(house: int, person: int, variant: int, visit: str) -> int:
    said = {"boutique": SHOP, "wanted_at": NOON + timedelta(days=1), "now": NOON}
    return hold_fitting(
        house_id=house, person_id=person, variant_id=variant, key=visit, appointment=visit, **said
    )


def test_pieces_wait_for_the_new_time_of_their_visit_alone(db: None) -> None:
    house = make_house()
    chen, variant, other = make_person(house), make_variant(house), make_variant(house)
    mine, ended = held(house, chen, variant, "appt_1"), held(house, chen, other, "appt_2")
    leave_fitting(house_id=house, fitting_id=ended, now=NOON)

    kept = [
        postpone_fittings(house_id=house, appointment=visit, wanted_at=NOON + timedelta(days=3), now=NOON)
        for visit in ("appt_1", "appt_2", "appt_3")
    ]

    assert kept == [1, 0, 0]
    assert Fitting.objects.get(pk=mine).held_until == NOON + timedelta(days=3, hours=2)
    assert Fitting.objects.get(pk=ended).held_until == NOON + timedelta(days=1, hours=2)


def test_pieces_of_a_visit_that_is_now_too_far_away_go_back(db: None) -> None:
    house = make_house()
    variant = make_variant(house)
    held(house, make_person(house), variant, "appt_1")
    before = stock_left(variant_id=variant, location=SHOP)

    kept = postpone_fittings(
        house_id=house, appointment="appt_1", wanted_at=NOON + timedelta(days=30), now=NOON
    )

    assert (kept, stock_left(variant_id=variant, location=SHOP)) == (0, before + 1)
    assert [fact["outcome"] for fact in facts("boutique.fitting.ended")] == ["cancelled"]

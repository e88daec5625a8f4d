"""A shortened stormy day on both stores: whatever fails or dies, the books and the sandbox's agree to the fen."""

from pathlib import Path

import pytest

from tests.sandbox_server import RunningSandbox
from tests.storm import day, evening
from tests.storm.plan import make_plan
from tests.storm.yard import STORES, Template, yard

PAYMENTS, ROUNDS, KILLS = 110, 6, 2


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("seed", [1])
def test_a_stormy_day_ends_with_every_fen_accounted_for(
    store: str, seed: int, tmp_path: Path, sandbox: RunningSandbox, empty_databases: dict[str, Template]
) -> None:
    plan = make_plan(seed, PAYMENTS, rounds=ROUNDS, kills=KILLS)

    with yard(tmp_path, sandbox, empty_databases[store], name=f"storm{seed}", seed=seed) as place:
        storm = day.begin(place, plan)
        storm.run()
        verdict = evening.close(storm)

    print(verdict.counts)
    assert not verdict.wrong, "\n".join(verdict.wrong)
    assert verdict.counts["kills"] >= KILLS


def test_a_seed_is_a_plan() -> None:
    first, again = (make_plan(7, 300, rounds=10, kills=3) for _ in range(2))
    other = make_plan(8, 300, rounds=10, kills=3)

    assert first == again and first.digest == again.digest
    assert first.digest != other.digest

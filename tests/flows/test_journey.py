"""The whole journey over the wire: a fresh world, twelve steps, and what they left in the database.

On PostgreSQL the world lives in the cluster that DATABASE_URL names, beside the tests' own database.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import RunningSeta, running_seta

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSeta]:
    folder = tmp_path_factory.mktemp("journey")
    with running_seta(folder, database_url=os.environ.get("DATABASE_URL", "")) as running:
        yield running


@pytest.fixture(scope="module")
def told(world: RunningSeta, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The journey's own JSON, from the command as a person runs it."""
    file = tmp_path_factory.mktemp("told") / "journey.json"
    command = [sys.executable, "-m", "seta.site.cli", "journey", "--running", world.base_url]
    command += ["--sandbox", str(world.world.place.config_path), "--json", str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env=world.world.place.environment(), capture_output=True, text=True, check=False
    )
    assert file.exists(), done.stdout + done.stderr + world.world.last_words()
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def evidence(told: dict[str, Any], n: int) -> dict[str, Any]:
    found: dict[str, Any] = told["steps"][n - 1]["evidence"]
    return found


def test_all_twelve_steps_hold(told: dict[str, Any], world: RunningSeta) -> None:
    failed = [f"{step['n']} {step['name']}: {step.get('error')}" for step in told["steps"] if not step["ok"]]

    assert not failed, "\n".join(failed) + "\n" + world.world.last_words()
    assert told["ok"] is True
    assert [step["n"] for step in told["steps"]] == list(range(1, 13))


def test_both_spellings_found_the_cathedral(told: dict[str, Any]) -> None:
    answers = evidence(told, 3)["answers"]

    assert set(answers) == {"duomo", "大教堂"}
    assert {answer["found"] for answer in answers.values()} == {"米兰大教堂"}


def test_the_purchase_is_balanced_in_both_currencies_and_credited(told: dict[str, Any]) -> None:
    bought = evidence(told, 7)

    assert bought["payment"]["currencies"] == ["CNY", "EUR"]
    assert bought["credited_to"]["campaign"] == "ss27"
    assert "林悦" in bought["credited_to"]["associate"]


def test_ten_pieces_went_to_ten_of_two_hundred_buyers(told: dict[str, Any]) -> None:
    race = evidence(told, 9)

    assert (race["buyers"], race["reserved"], race["oversold"]) == (200, 10, 0)
    assert sum(race["answers"].values()) == 200


def test_the_honest_bills_have_no_break_and_the_planted_one_is_found(told: dict[str, Any]) -> None:
    closed = evidence(told, 11)

    assert closed["breaks"] == 0
    assert closed["planted"]["found"] == "missing_in_ledger"
    assert set(closed["trial_balance"].values()) == {0}


def test_the_funnel_falls_from_impression_to_paid(told: dict[str, Any]) -> None:
    people = list(evidence(told, 12)["funnel"].values())

    assert people == sorted(people, reverse=True)
    assert people[-1] >= 1


def test_a_second_journey_on_the_used_world_holds_where_it_can_be_repeated(
    told: dict[str, Any], world: RunningSeta
) -> None:
    """The same client asks again: the follower is known, the answers are the same, nothing is doubled."""
    assert told["ok"]
    openid = world.config["official_account"]["openids"][0]

    again = world.control("message", openid=openid, content="duomo")
    followed = world.control("follow", openid=openid)

    assert "米兰大教堂" in str(again["replies"][0]["content"])
    assert followed["already"] is True

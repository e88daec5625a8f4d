"""Instances in the public format: read, solved within their windows, judged by arithmetic of their own."""

import argparse
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.guide.rules.gaps import fastest, least_delays, one_by_one
from seta.guide.rules.toptw import InstanceError, broken, read_instance, solve_instance
from seta.site.commands.guide import COMMAND
from tests.guide.towns import KINDS, town

TINY = """1 1 3 1
0 0
0 0 0 0 0 0 0 0 100
1 3 4 10 5 1 2 1 2 0 50
2 6 8 10 7 1 1 1 0 50
3 0 90 10 99 1 1 1 0 100
"""


def test_a_tiny_town_is_solved_to_its_best() -> None:
    solution = solve_instance(read_instance(TINY, "c1.txt"), days=1, seed=1, iterations=20)

    assert solution.score == 12
    assert sorted(solution.routes[0]) == [1, 2]


@pytest.mark.parametrize(("name", "ticks"), [("c101.txt", 14), ("rc208.txt", 14), ("PR07.txt", 141)])
def test_distances_are_rounded_down_as_the_files_name_says(name: str, ticks: int) -> None:
    text = TINY.replace("3 4 10", "1 1 10")
    instance = read_instance(text, name)

    arrival = ticks / instance.ticks
    tight = text.replace("1 2 1 2 0 50", f"1 2 1 2 0 {arrival}")
    late = text.replace("1 2 1 2 0 50", f"1 2 1 2 0 {arrival - 1 / instance.ticks}")

    solved = solve_instance(read_instance(tight, name), days=3, seed=1, iterations=20)
    missed = solve_instance(read_instance(late, name), days=3, seed=1, iterations=20)
    assert any(1 in route for route in solved.routes)
    assert not any(1 in route for route in missed.routes)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.integers(5, 60),
    st.booleans(),
    st.integers(0, 10_000),
    st.integers(1, 4),
    st.sampled_from(("r1", "pr1")),
)
def test_no_route_breaks_a_window(kind: str, nodes: int, wide: bool, seed: int, days: int, name: str) -> None:
    instance = read_instance(town(kind, nodes=nodes, wide=wide, seed=seed), name)

    assert broken(instance, solve_instance(instance, days=days, seed=seed, iterations=25), days=days) == []


def test_the_same_seed_and_iterations_give_the_same_routes() -> None:
    instance = read_instance(town("mixed", nodes=60, wide=True, seed=3), "rc1")
    once = solve_instance(instance, days=2, seed=5, iterations=60)

    assert once == solve_instance(instance, days=2, seed=5, iterations=60)
    assert once.iterations == 60


def test_searching_finds_more_than_filling_once() -> None:
    towns = [read_instance(town(kind, nodes=60, wide=True, seed=1), "r") for kind in KINDS]

    filled = sum(solve_instance(each, days=1, seed=1, iterations=0).score for each in towns)
    searched = sum(solve_instance(each, days=1, seed=1, iterations=400).score for each in towns)

    assert searched > 1.03 * filled


@pytest.mark.parametrize(
    ("routes", "score", "complaint"),
    [
        ([[1, 1]], 10, "visited twice"),
        ([[3]], 99, "too late"),
        ([[1], [2]], 12, "2 routes"),
        ([[1]], 6, "the score is"),
        ([[9]], 0, "unknown"),
    ],
)
def test_the_judge_sees_what_is_wrong(routes: list[list[int]], score: float, complaint: str) -> None:
    instance = read_instance(TINY, "c1")
    solution = replace(solve_instance(instance, days=1, seed=1, iterations=1), routes=routes, score=score)

    assert any(complaint in each for each in broken(instance, solution, days=1))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "ends before"),
        ("1 1 x 1\n0 0\n0 0 0 0 0 0 9\n", "line 1"),
        ("1 1 5 1\n0 0\n0 0 0 0 0 0 9\n", "promises 5 nodes"),
        ("1 1 1 1\n0 0\n0 0 0 0 0 0 9\n1 2 3\n", "line 4 has 3 fields"),
        ("1 1 1 1\n0 0\n0 0 0 0 0 0 9\n1 2 north 0 0 0 0 9\n", "not a number"),
        ("1 1 1 1\n0 0\n0 0 0 0 0 0 9\n1 2 nan 0 0 0 0 9\n", "not finite"),
        ("1 1 1 1\n0 0\n0 0 0 0 0 0 9\n1 2 3 -4 0 0 0 9\n", "negative"),
        ("1 1 1 1\n0 0\n0 0 0 0 0 0 9\n0 2 3 4 0 0 0 9\n", "twice"),
        ("1 1 999999 1\n0 0\n0 0 0 0 0 0 9\n", "more than"),
    ],
)
def test_a_malformed_file_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(InstanceError, match=complaint):
        read_instance(text, "c101.txt")


def test_the_command_writes_score_and_routes(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    (tmp_path / "c1.txt").write_text(TINY)
    out = tmp_path / "out.json"
    line = ["toptw", str(tmp_path / "c1.txt"), "--days", "2", "--seconds", "0.05", "--json", str(out)]

    assert COMMAND.run(parser.parse_args(line)) == 0
    told = json.loads(out.read_text())
    assert told["score"] == 12 and sorted(stop for route in told["routes"] for stop in route) == [1, 2]
    assert set(told) == {"score", "routes"} and len(told["routes"]) == 2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(2, 30))
def test_both_ways_to_count_delays_agree(seed: int, gaps: int, stops: int) -> None:
    numbers = np.random.default_rng(seed)
    travel, onward = numbers.integers(0, 50, (2, stops, stops)).astype(float)
    before, after = numbers.integers(0, stops, (2, gaps))
    leave, arrive, latest = np.sort(numbers.integers(0, 200, (3, gaps)).astype(float), axis=0)
    opens = numbers.integers(0, 100, stops).astype(float)
    closes = opens + numbers.integers(-10, 80, stops)
    given_to_both = (travel, onward, before, after, leave, arrive, latest, opens, closes)

    assert np.array_equal(least_delays(*given_to_both), one_by_one(*given_to_both))


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is an extra")
def test_the_compiled_way_gives_the_same_plan() -> None:
    assert fastest() is not least_delays
    instance = read_instance(town("random", nodes=40, wide=True, seed=2), "r1")

    assert broken(instance, solve_instance(instance, days=2, seed=1, iterations=50), days=2) == []

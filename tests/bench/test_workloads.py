"""The workloads in their smallest size: what they count is true, whatever the machine's speed."""

import pytest

from bench import drop, search
from seta.site.cli import main


@pytest.mark.slow
def test_the_drop_bench_finds_every_piece_it_gave_out_and_none_that_it_did_not() -> None:
    told = drop.measured("sqlite", buyers=240, rounds=1, soak=400)
    assert told["checks"] == dict.fromkeys(told["checks"], 0)
    assert told["value"] > 0 and told["two_workers"]["value"] > 0


@pytest.mark.slow
def test_the_search_bench_compares_with_a_reading_of_every_message() -> None:
    told = search.measured("sqlite", messages=600, queries=30)
    assert told["checks"] == {"recall": True, "missed": 0, "invented": 0}
    assert told["random"]["queries"] == 30


def test_a_workload_that_does_not_measure_on_a_store_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "reconcile", "--quick", "--store", "postgres"]) == 2
    assert "measures on sqlite" in capsys.readouterr().err

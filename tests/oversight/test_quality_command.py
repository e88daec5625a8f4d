"""`seta policy test` as somebody types it."""

import argparse
import json
from pathlib import Path

import pytest

from seta.oversight.operations.scoring import quality_page
from seta.site.commands.policy import COMMAND


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args(words))


@pytest.mark.slow
def test_both_tables_are_printed_after_the_rules_own_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("test") == 0
    printed = capsys.readouterr().out
    places = [printed.index(f"## The {side} side") for side in ("tuning", "sealed")]
    assert 0 < printed.index("every rule's own examples") < places[0] < places[1]
    assert printed.count("### Recall by category, variant and language") == 2
    assert "Judged wrongly" not in printed


@pytest.mark.slow
def test_the_json_has_counts_rates_and_intervals_of_both_sides(tmp_path: Path) -> None:
    assert run("test", "--show-missed", "--json", str(tmp_path / "out.json")) == 0
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    for side in ("tuning", "sealed"):
        share = told["quality"]["sides"][side]["score"]["serious"][0]["share"]
        assert 0 <= share["low"] <= share["rate"] <= share["high"] <= 1
    assert {each["wrong"] for each in told["wrong"]} <= {"missed", "false alert"}
    assert told["ok"]


@pytest.mark.slow
def test_the_page_has_a_note_under_its_title() -> None:
    lines = list(quality_page(note="<!-- by hand never -->"))
    assert lines[:3] == [
        "# What the policy finds, and what it should have left alone",
        "",
        "<!-- by hand never -->",
    ]

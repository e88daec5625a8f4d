"""The list of bad input in the manual names tests, and each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_each_line_of_the_list_of_bad_input_names_tests_that_are_there() -> None:
    manual = (ROOT / "docs" / "subsystems" / "payments.md").read_text(encoding="utf-8")
    lines = [line for line in manual.partition("## Bad input")[2].splitlines() if line.startswith("| ")][1:]
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    named = [re.findall(r"`(test_\w+)`", line) for line in lines]

    assert len(lines) > 20
    assert all(named)
    assert {name for names in named for name in names} - there == set()

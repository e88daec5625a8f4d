"""The page of the failure story and the tests that prove it name the same lines."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOLD_IN = ("tests/payments/test_failure_story.py", "tests/storm/test_crash_points.py")


def test_each_line_of_the_story_is_a_test_and_each_test_a_line() -> None:
    page = (ROOT / "docs" / "failure-story.md").read_text(encoding="utf-8")
    sources = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in TOLD_IN)

    told = re.findall(r"^\|.*\| `(test_\w+)` \|$", page, re.M)

    assert sorted(told) == sorted(re.findall(r"^def (test_\w+)", sources, re.M))
    assert len(told) == len(set(told))

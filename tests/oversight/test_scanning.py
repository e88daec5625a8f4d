"""`seta policy scan` and `seta policy test` stand on these."""

import json
from pathlib import Path
from typing import Any

import pytest

from seta.oversight.operations import ScanError, run_policy_tests, scan_file


def test_a_file_is_scanned_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    lines: list[dict[str, Any]] = [
        {"id": "a", "text": "您直接微信转我", "sender": "sa", "channel": "wecom_1to1"},
        {"id": 2, "text": "请问几点开门", "sender": "client", "channel": "wecom_1to1"},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")

    results = scan_file(path)["results"]

    assert [result["id"] for result in results] == ["a", 2]
    assert results[1]["hits"] == []
    hit = next(hit for hit in results[0]["hits"] if hit["rule"] == "pay.personal-transfer")
    assert (hit["rule"], hit["severity"], hit["action"]) == ("pay.personal-transfer", "high", "flag")
    assert str(lines[0]["text"])[hit["start"] : hit["end"]] == "微信转我"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "expected an object"),
        ('{"id": 1}', "expected an object"),
        ('{"id": 1, "text": "x", "sender": "boss"}', "sender 'boss'"),
        ('{"id": 1, "text": "x", "channel": "fax"}', "channel 'fax'"),
    ],
)
def test_a_line_that_cannot_be_judged_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_text(line)

    with pytest.raises(ScanError, match=says):
        scan_file(path)


def test_every_shipped_rule_and_disguise_passes() -> None:
    report = run_policy_tests()

    assert report["ok"], [row for row in report["rules"] if row["failures"]]
    assert report["disguises"]["plain"] == 1.0
    assert min(report["disguises"].values()) >= 0.9, report["disguises"]

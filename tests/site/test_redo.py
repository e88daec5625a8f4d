"""`seta drops redo`: a published draw is made again with no database."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seta.drops.rules import draw
from seta.site import redoing

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
ORDER = tuple(draw.shuffle(["aa2", "bb3", "cc4"], seed=bytes(32)))
RECORD = draw.Record(
    house="serica",
    drop="carre",
    pieces=1,
    seed_hash=draw.promise(bytes(32)),
    seed=bytes(32).hex(),
    committed_at=AT,
    drawn_at=AT + timedelta(days=1),
    order=ORDER,
)


def redo(folder: Path, record: draw.Record, *more: str) -> tuple[int, dict[str, object]]:
    """The exit code, and what was written."""
    file, out = folder / "draw.json", folder / "out.json"
    file.write_text(json.dumps(draw.write(record)))
    code = redoing.main([str(file), "--json", str(out), *more])
    return code, json.loads(out.read_text())


def test_a_draw_as_it_was_promised_holds_and_tells_ones_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = redo(tmp_path, RECORD, "--promise", RECORD.seed_hash, "--entry", ORDER[1])

    assert code == 0
    assert (told["ok"], told["place"], told["entries"]) == (True, 2, 3)
    assert redoing.main([str(tmp_path / "draw.json"), "--entry", ORDER[0]]) == 0
    assert "The draw is the one that was promised" in capsys.readouterr().out


def test_a_draw_that_was_turned_or_promised_otherwise_does_not_hold(tmp_path: Path) -> None:
    turned = replace(RECORD, order=tuple(reversed(ORDER)))

    assert redo(tmp_path, turned)[0] == 1
    assert redo(tmp_path, RECORD, "--promise", "00" * 32)[0] == 1
    assert redo(tmp_path, RECORD, "--entry", "zz9")[0] == 1


def test_a_file_that_is_no_record_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe")
    (tmp_path / "deep.json").write_text("[" * 100_000)

    codes = [redoing.main([str(tmp_path / name)]) for name in ("none.json", "bad.json", "deep.json")]

    assert codes == [2, 2, 2]
    assert len(capsys.readouterr().err.strip().splitlines()) == 3

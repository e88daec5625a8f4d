"""Gates of one machine write by turns, and a turn is nobody's for longer than its process lives."""

import asyncio
import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from seta.drops.events import PiecesReserved
from seta.drops.gate import Gate
from seta.drops.turns import Turns
from tests.boutique.shop import NOON, facts, make_house
from tests.drops.release import Ask, ask, make_drop, make_people

_HOLDER = """
import sys
from pathlib import Path
from seta.drops.turns import Turns
with Turns(Path(sys.argv[1])).taken(int(sys.argv[2])):
    print("taken", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(path: Path, place: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has taken the turn at a place and keeps it until it is killed."""
    command = [sys.executable, "-c", _HOLDER, str(path), str(place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"taken\n"
        try:
            yield process
        finally:
            process.kill()


def is_free(path: Path, place: int) -> bool:
    """Whether somebody who did not want to wait would get the turn."""
    with path.open("a") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            return False
        return True


def test_a_turn_is_one_process_s_until_it_gives_it_on_or_dies(tmp_path: Path) -> None:
    path = tmp_path / "var" / "gate.turns"

    with another_process(path, 7) as process:
        assert not is_free(path, 7)
        assert is_free(path, 8)
        process.kill()
        process.wait()

        with closing(Turns(path)) as turns, turns.taken(7):
            pass
    assert is_free(path, 7)


def test_a_folder_that_cannot_be_written_to_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")

    with closing(Turns(tmp_path / "var" / "gate.turns")) as turns, turns.taken(7):
        assert (tmp_path / "var").is_file()


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_gate_waits_for_its_turn_is_in_the_same_batch(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.VAR_DIR = tmp_path
    house = make_house()
    drop, people = make_drop(house, pieces=10), make_people(house, 5)
    gate = Gate(clock=lambda: NOON)

    async def run(holder: subprocess.Popen[bytes]) -> list[int]:
        asked = [asyncio.create_task(ask(gate, Ask(drop, house, person))) for person in people]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in asked)
        holder.kill()
        return [reply.status for reply in await asyncio.gather(*asked)]

    try:
        place = 0 if connection.vendor == "sqlite" else drop
        with another_process(tmp_path / "gate.turns", place) as holder:
            assert asyncio.run(run(holder)) == [200] * 5
    finally:
        gate.stop()
        connection.close()

    (batch,) = facts(PiecesReserved.name)
    assert batch["person_ids"] == people

"""Two gates on one drop, killed at any moment: what was answered is there, and every piece is in one place."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.drops.buyers import GATES
from tests.templates import SQLITE, copy_tables, copy_tables_to
from tools.postgres import PostgresMissing, binaries, private_cluster

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 20
SECONDS = (0.02, 0.2)


def buyers(environment: Mapping[str, str], *arguments: object) -> dict[str, Any]:
    """What a verb of the buyers' module prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.drops.buyers", *map(str, arguments)],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def kill_rounds(environment: Mapping[str, str], world: Mapping[str, int]) -> list[tuple[int, int]]:
    """Kill both gates at a moment of chance, again and again; the (person, place) pairs that were answered."""
    chance = random.Random(45)
    answered: list[tuple[int, int]] = []
    command = [sys.executable, "-m", "tests.drops.buyers", "rush"]
    gates = subprocess.Popen(
        [*command, str(world["drop"]), str(world["house"]), str(world["first"])],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert gates.stdin is not None
    assert gates.stdout is not None
    try:
        for number in range(ROUNDS):
            gates.stdin.write(f"{number}\n")
            gates.stdin.flush()
            pids: list[int] = []
            while len(pids) < GATES:
                word, _, rest = gates.stdout.readline().partition(" ")
                if word == "ready":
                    pids.append(int(rest))
                else:
                    answered.append((int(word), int(rest)))
            deadline = time.monotonic() + chance.uniform(*SECONDS)
            while time.monotonic() < deadline:
                time.sleep(0.005)
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for line in iter(gates.stdout.readline, "dead\n"):
                word, _, rest = line.partition(" ")
                answered.append((int(word), int(rest)))
    finally:
        gates.stdin.close()
        gates.wait(10)
        gates.stdout.close()
    return answered


def check(environment: Mapping[str, str], store: str) -> None:
    """Twenty rounds, and then every promise of a drop."""
    world = buyers(environment, "make", ROUNDS * GATES * 400)
    answered = kill_rounds(environment, world)
    told = buyers(environment, "read", world["drop"])
    places, lapsed = told.pop("places"), told.pop("lapsed")
    # Somebody who let a place lapse may have got another since; the former one is then told as lapsed.
    lost = [
        (person, seq) for person, seq in answered if places.get(str(person)) != seq and str(seq) not in lapsed
    ]
    print(f"{store}: {ROUNDS} rounds, {len(answered)} answered, {len(lost)} lost, {len(lapsed)} lapsed")
    assert answered
    assert lapsed
    assert lost == []
    assert told.pop("left") >= 0
    assert told == {"off": 0, "untold": 0, "beyond": 0, "stock_off": 0, "stock_breaks": 0}


def durable(folder: Path, **more: str) -> dict[str, str]:
    """An environment whose commits are durable, whatever the suite's are."""
    dropped = ("DATABASE_URL", "SETA_SQLITE", "SETA_SQLITE_SYNCHRONOUS")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "SETA_VAR": str(folder), "SETA_LOG_LEVEL": "CRITICAL", **more}


def has_postgres() -> bool:
    """Whether a server is installed."""
    try:
        return bool(binaries())
    except PostgresMissing:
        return False


@pytest.mark.slow
def test_no_answered_reservation_is_lost_on_sqlite_when_its_gate_is_killed(tmp_path: Path) -> None:
    copy_tables(tmp_path / SQLITE)
    check(durable(tmp_path), "SQLite")


@pytest.mark.slow
@pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL server is installed")
def test_no_answered_reservation_is_lost_on_postgresql_when_its_gate_is_killed(tmp_path: Path) -> None:
    with private_cluster(durable=True) as url:
        copy_tables_to(url)
        check(durable(tmp_path, DATABASE_URL=url), "PostgreSQL")

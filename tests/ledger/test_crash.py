"""Processes and servers killed at any moment: what was acknowledged is in the books, and the books balance."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tools.postgres import binaries, free_port

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 20
SECONDS = (0.02, 0.25)
POSTMASTER_ROUNDS = (4, 9, 14, 19)

_SURVEY = """
import json, sys
from datetime import UTC, datetime
from seta.site.boot import boot
boot()
from seta.ledger import models, queries
from seta.ledger.operations import fold_balances
house_id = int(sys.argv[1])
fold_balances(datetime.now(UTC))
lines = queries.trial_balance(house_id)
count = {"payment": 5, "settlement": 2}
rows = models.Journal.objects.filter(house_id=house_id)
postings = models.Posting.objects.filter(journal__house_id=house_id)
print(json.dumps({
    "kept": list(rows.values_list("idem", flat=True)),
    "unbalanced": queries.unbalanced_journals(house_id),
    "sums": [sum(x.balance for x in lines if x.currency == c) for c in ("CNY", "EUR")],
    "missing_lines": sum(count[kind] for kind in rows.values_list("kind", flat=True)) - postings.count(),
    "balances_off": [x.code for x in lines if queries.balance(house_id, x.code, x.currency) != x.balance],
    "trial_off": lines != queries.trial_balance(house_id, before=datetime(2100, 1, 1, tzinfo=UTC)),
    "pending": [one.idem for one in queries.pending(house_id, limit=10_000)],
}))
"""
_FOUND = """
from seta.site.boot import boot
boot()
from django.core.management import call_command
call_command("migrate", "ledger", verbosity=0)
from tests.ledger.entries import make_house
print(make_house())
"""


def run_python(code: str, environment: Mapping[str, str], *arguments: str) -> str:
    """The last line that a script prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


def kill_rounds(environment: Mapping[str, str], house_id: int, cluster: "Cluster | None" = None) -> list[str]:
    """Kill poster after poster at a moment of chance; returns what all of them had acknowledged."""
    chance = random.Random(20261122)
    acknowledged: list[str] = []
    posters = subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.poster", str(house_id)],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert posters.stdin is not None and posters.stdout is not None
    try:
        for number in range(ROUNDS):
            posters.stdin.write(f"{number}\n")
            posters.stdin.flush()
            word, _, pid = posters.stdout.readline().partition(" ")
            assert word == "ready"
            wait(chance.uniform(*SECONDS))
            if cluster is not None and number in POSTMASTER_ROUNDS:
                cluster.kill()
            # One that has lost its server may have ended by itself.
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
            acknowledged += [line.strip() for line in iter(posters.stdout.readline, "dead\n")]
            if cluster is not None and number in POSTMASTER_ROUNDS:
                cluster.start()
    finally:
        posters.stdin.close()
        posters.wait(10)
        posters.stdout.close()
    return acknowledged


def wait(seconds: float) -> None:
    """Let the poster work for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.005)


def check_books(
    environment: Mapping[str, str], house_id: int, acknowledged: Sequence[str], store: str
) -> None:
    """Nothing acknowledged is lost or doubled, and every sum agrees."""
    told = json.loads(run_python(_SURVEY, environment, str(house_id)))
    kept = set(told.pop("kept"))
    pending = told.pop("pending")
    print(
        f"{store}: {ROUNDS} kills, {len(acknowledged)} acknowledged, {len(set(acknowledged) - kept)} lost, "
        f"{len(kept - set(acknowledged))} kept and not acknowledged, {len(pending)} left pending"
    )
    assert set(acknowledged) <= kept
    assert len(acknowledged) == len(set(acknowledged)) > 0
    assert told == {
        "unbalanced": [],
        "sums": [0, 0],
        "missing_lines": 0,
        "balances_off": [],
        "trial_off": False,
    }


class Cluster:
    """A PostgreSQL cluster of the test's own, durable, whose postmaster may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.port = folder, folder / "data", free_port()
        self.as_user: list[str] = []
        if os.geteuid() == 0:
            self.as_user = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")
        self.run(str(binaries() / "initdb"), "-D", str(self.data), "-U", "seta", "-A", "trust", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgres://seta@127.0.0.1:{self.port}/postgres"

    def run(self, *command: str) -> None:
        done = subprocess.run(
            [*self.as_user, *command],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        log = self.folder / "log.txt"
        assert done.returncode == 0, log.read_text()[-2000:] if log.exists() else command

    def start(self) -> None:
        """Start and wait until it has recovered."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = str(self.folder / "log.txt")
        self.run(
            str(binaries() / "pg_ctl"),
            "-D",
            str(self.data),
            "-w",
            "-t",
            "60",
            "-l",
            log,
            "-o",
            options,
            "start",
        )

    def kill(self) -> None:
        """SIGKILL to the postmaster and to every process of its own, so that nothing is tidied up."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        postmaster = lock.read_text().splitlines()[0]
        found = subprocess.run(
            ["ps", "--ppid", postmaster, "-o", "pid="], capture_output=True, text=True, check=False
        )
        pids = [int(pid) for pid in (postmaster, *found.stdout.split())]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(is_alive(pid) for pid in pids):
            time.sleep(0.01)
        # All are dead; where nobody reaps them, their numbers stay taken and the next postmaster would not believe it.
        lock.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that nobody has asked about after its death does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A running cluster in a folder of its own, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="seta-crash-"))
    try:
        cluster = Cluster(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def durable(folder: Path, **more: str) -> dict[str, str]:
    """An environment whose commits are durable, whatever the suite's are."""
    dropped = ("DATABASE_URL", "SETA_SQLITE", "SETA_SQLITE_SYNCHRONOUS")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "SETA_VAR": str(folder), "SETA_LOG_LEVEL": "CRITICAL", **more}


@pytest.mark.slow
def test_killed_posters_and_servers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """On the database that the suite runs on; PostgreSQL's server is killed in some of the rounds."""
    with ExitStack() as stack:
        environment, cluster, store = durable(tmp_path), None, "SQLite"
        if os.environ.get("DATABASE_URL"):
            cluster = stack.enter_context(own_cluster())
            environment, store = durable(tmp_path, DATABASE_URL=cluster.url), "PostgreSQL"
        house_id = int(run_python(_FOUND, environment))

        acknowledged = kill_rounds(environment, house_id, cluster)

        check_books(environment, house_id, acknowledged, store)

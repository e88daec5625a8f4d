"""Durable reservations a second through the gate, beside the same server and handler with no store."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.environment import plain
from bench.load import Outcome, drive, request_bytes
from bench.machine import machine
from bench.processes import processor_seconds, resident_mb
from tools.postgres import free_port, private_cluster

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 256
START_SECONDS_MAX = 30.0
ROUNDS = 10
MEMORY_SLACK_MB = 8
"""What an allocator may keep for itself beside a tenth; a leak of a hundred bytes a request would be 100 MB."""


@dataclass
class Measured:
    """What one number of server processes came to; memory in MB, `seconds` of processor time of the gate's rounds."""

    limits: list[Outcome] = field(default_factory=list)
    runs: list[Outcome] = field(default_factory=list)
    processor_seconds: float = 0.0
    refusals: Outcome | None = None
    memory: list[float] = field(default_factory=list)


def run(quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """Measure on `sqlite` or `postgres`; the contract's fields, and beside them refusals after sold-out, two server
    processes on one drop, how far the rounds lie apart, and the gate's memory over a million requests."""
    return measured(store, *((4_000, 1, 40_000) if quick else (20_000, ROUNDS, 1_000_000)))


def measured(store: str, buyers: int, rounds: int, soak: int) -> dict[str, Any]:
    """As `run`, with so many rounds of so many buyers each (over 200), and so many refusals asked for at the end."""
    if store not in ("sqlite", "postgres"):
        raise ValueError("store is sqlite or postgres")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-bench-")))
        environment = plain(folder)
        if store == "postgres":
            environment["DATABASE_URL"] = stack.enter_context(private_cluster(durable=True))
        # The last drop is sold out at once, so that the rest of the rush measures refusals.
        sizes = [buyers] * (2 * rounds) + [100]
        world = _world(environment, "make", str(buyers), *map(str, sizes))
        drops, tokens = world["drops"], world["tokens"]
        one = _measure(environment, drops[:rounds], tokens, sold_out=drops[-1], soak=soak)
        two = _measure(environment, drops[rounds:-1], tokens, workers=2)
        outcomes: list[Outcome | None] = [*one.runs, *two.runs, None]
        kept = _world(environment, "read", *map(str, drops))["drops"]
        truths = [_truth(read, outcome) for read, outcome in zip(kept, outcomes, strict=True)]
    return _report(store, one, two, truths, soak)


def _measure(
    environment: Mapping[str, str],
    drops: Sequence[int],
    tokens: Sequence[str],
    *,
    sold_out: int = 0,
    soak: int = 0,
    workers: int = 1,
) -> Measured:
    """The same rush at the gate and at the server with no store, turn about; then refusals and the long run."""
    told = Measured()
    with (
        _server(environment, "none", workers) as (empty, _),
        _server(environment, "database", workers) as (gate, process),
    ):
        for drop_id in drops:
            requests = _requests(drop_id, tokens)
            told.limits.append(drive(empty, requests, connections=CONNECTIONS))
            before = processor_seconds(process)
            told.runs.append(drive(gate, requests, connections=CONNECTIONS, keep_bodies=True))
            told.processor_seconds += processor_seconds(process) - before
        if sold_out:
            drive(gate, _requests(sold_out, tokens[:200]), connections=CONNECTIONS)
            requests = _requests(sold_out, tokens[200:])
            told.refusals = drive(gate, requests, connections=CONNECTIONS)
            told.memory.append(resident_mb(process))
            drive(gate, (requests * (soak // len(requests) + 1))[:soak], connections=CONNECTIONS)
            told.memory.append(resident_mb(process))
    return told


def _truth(read: dict[str, Any], outcome: Outcome | None) -> dict[str, Any]:
    """What the database says against what the buyers were told."""
    answered = {json.loads(body)["seq"] for body in outcome.bodies if b'"seq"' in body} if outcome else set()
    kept = set(read["seqs"])
    return {
        "oversold": max(0, len(kept) - read["pieces"]) + max(0, -read["left"]),
        "lost": len(answered - kept),
        "doubled": read["doubled"],
        "unaccounted": abs(read["pieces"] - read["left"] - len(kept)),
        "events_missing": abs(len(kept) - read["events"]),
        "unanswered": sum(n for status, n in outcome.statuses.items() if status >= 500) if outcome else 0,
    }


def _report(
    store: str, one: Measured, two: Measured, truths: list[dict[str, Any]], soak: int
) -> dict[str, Any]:
    limit, best, refusals = _median(one.limits), _median(one.runs), one.refusals
    assert refusals is not None
    before_mb, after_mb = one.memory
    checks = {name: sum(truth[name] for truth in truths) for name in truths[0]}
    checks["far_below_median"] = sum(outcome.rate < best.rate / 2 for outcome in one.runs)
    checks["memory_grown"] = int(after_mb > before_mb * 1.1 + MEMORY_SLACK_MB)
    return {
        "name": "drop",
        "store": store,
        "unit": "durable reservations a second",
        "value": round(best.rate),
        "p50_ms": round(best.percentile(0.5), 2),
        "p99_ms": round(best.percentile(0.99), 2),
        "in_flight": CONNECTIONS,
        "rounds": [round(outcome.rate) for outcome in one.runs],
        "lowest_to_median": round(min(outcome.rate for outcome in one.runs) / best.rate, 3),
        "processor_us": round(
            one.processor_seconds / sum(len(run.latencies_ms) for run in one.runs) * 1e6, 1
        ),
        "limit": {"what": "the same server and handler with no store", "value": round(limit.rate)},
        "ratio_to_limit": round(best.rate / limit.rate, 3),
        "two_workers": _workers(two),
        "refusals_a_second": round(refusals.rate),
        "refusals_p99_ms": round(refusals.percentile(0.99), 2),
        "refusals_ratio_to_limit": round(refusals.rate / limit.rate, 3),
        "memory": {"requests": soak, "before_mb": round(before_mb, 1), "after_mb": round(after_mb, 1)},
        "checks": checks,
        "ok": not any(checks.values()),
        "machine": machine(),
    }


def _workers(two: Measured) -> dict[str, Any]:
    """Two server processes on one drop, beside two of the limit's."""
    limit, best = _median(two.limits), _median(two.runs)
    return {
        "value": round(best.rate),
        "p50_ms": round(best.percentile(0.5), 2),
        "p99_ms": round(best.percentile(0.99), 2),
        "limit": round(limit.rate),
        "ratio_to_limit": round(best.rate / limit.rate, 3),
    }


def _median(outcomes: Sequence[Outcome]) -> Outcome:
    return sorted(outcomes, key=lambda outcome: outcome.rate)[len(outcomes) // 2]


def _requests(drop_id: int, tokens: Sequence[str]) -> list[bytes]:
    path = f"/gate/drops/{drop_id}/reserve"
    return [request_bytes("POST", path, headers=[("Authorization", f"Bearer {token}")]) for token in tokens]


def _world(environment: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.drop_world", *arguments],
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the bench's world could not be made: {done.stderr.strip()[-600:]}")
    made: dict[str, Any] = json.loads(done.stdout)
    return made


@contextmanager
def _server(
    environment: Mapping[str, str], store: str, workers: int
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Granian with so many workers, all ready, ended when the block is; gives its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--log-level", "error"]
    command += [
        "--workers",
        str(workers),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "bench.drop_server:app",
    ]
    with tempfile.TemporaryDirectory(prefix="seta-ready-") as ready:
        told = {**environment, "SETA_BENCH_STORE": store, "SETA_BENCH_READY": ready}
        process = subprocess.Popen(command, env=told, cwd=ROOT)
        try:
            _await(port, process, Path(ready), workers)
            yield port, process
        finally:
            process.terminate()
            process.wait(15)


def _await(port: int, process: subprocess.Popen[bytes], ready: Path, workers: int) -> None:
    """Until every worker has said that it is ready and one answers: the first alone would take the rush."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            is_open = probe.connect_ex(("127.0.0.1", port)) == 0
        if is_open and len(list(ready.iterdir())) == workers:
            return
        time.sleep(0.05)
    raise RuntimeError("the bench's server did not start")

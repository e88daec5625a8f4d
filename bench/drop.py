"""Durable reservations a second through the gate, beside the same server and handler with no store."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.environment import plain
from bench.load import Outcome, drive, request_bytes
from bench.machine import machine
from tools.postgres import free_port, private_cluster

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 256
START_SECONDS_MAX = 30.0
ROUNDS = 3


def run(quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """Measure on `sqlite` or `postgres`; the contract's fields, with refusals after sold-out beside them."""
    if store not in ("sqlite", "postgres"):
        raise ValueError("store is sqlite or postgres")
    buyers, rounds = (4_000, 1) if quick else (20_000, ROUNDS)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-bench-")))
        environment = plain(folder)
        if store == "postgres":
            environment["DATABASE_URL"] = stack.enter_context(private_cluster(durable=True))
        # The last drop is sold out at once, so that the rest of the rush measures refusals.
        sizes = [buyers] * rounds + [100]
        world = _world(environment, "make", str(buyers), *map(str, sizes))
        limits, runs, refusals, truths = _measure(world, environment, rounds)
    return _report(store, limits, runs, refusals, truths)


def _measure(
    world: dict[str, Any], environment: Mapping[str, str], rounds: int
) -> tuple[list[Outcome], list[Outcome], Outcome, list[dict[str, Any]]]:
    limits: list[Outcome] = []
    runs: list[Outcome] = []
    drops, tokens = world["drops"], world["tokens"]
    with _server(environment, "none") as empty, _server(environment, "database") as gate:
        for number in range(rounds):
            requests = _requests(drops[number], tokens)
            limits.append(drive(empty, requests, connections=CONNECTIONS))
            runs.append(drive(gate, requests, connections=CONNECTIONS, keep_bodies=True))
        drive(gate, _requests(drops[-1], tokens[:200]), connections=CONNECTIONS)
        refusals = drive(gate, _requests(drops[-1], tokens[200:]), connections=CONNECTIONS)
    truths = [
        _truth(_world(environment, "read", str(drop_id)), outcome)
        for drop_id, outcome in zip(drops, runs, strict=False)
    ]
    truths.append(_truth(_world(environment, "read", str(drops[-1])), None))
    return limits, runs, refusals, truths


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
    store: str, limits: list[Outcome], runs: list[Outcome], refusals: Outcome, truths: list[dict[str, Any]]
) -> dict[str, Any]:
    limit, best = _median(limits), _median(runs)
    checks = {name: sum(truth[name] for truth in truths) for name in truths[0]}
    return {
        "name": "drop",
        "store": store,
        "unit": "durable reservations a second",
        "value": round(best.rate),
        "p50_ms": round(best.percentile(0.5), 2),
        "p99_ms": round(best.percentile(0.99), 2),
        "in_flight": CONNECTIONS,
        "rounds": [round(outcome.rate) for outcome in runs],
        "limit": {"what": "the same server and handler with no store", "value": round(limit.rate)},
        "ratio_to_limit": round(best.rate / limit.rate, 3),
        "refusals_a_second": round(refusals.rate),
        "refusals_ratio_to_limit": round(refusals.rate / limit.rate, 3),
        "checks": checks,
        "ok": not any(checks.values()),
        "machine": machine(),
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
def _server(environment: Mapping[str, str], store: str) -> Iterator[int]:
    """One granian worker on a free port, ended when the block is."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--log-level", "error"]
    command += ["--host", "127.0.0.1", "--port", str(port), "bench.drop_server:app"]
    process = subprocess.Popen(command, env={**environment, "SETA_BENCH_STORE": store}, cwd=ROOT)
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the bench's server did not start")

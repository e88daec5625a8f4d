"""Milliseconds to find, open and recheck the newest fifty of a million archived messages."""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.environment import plain
from bench.machine import machine
from tools.postgres import private_cluster

ROOT = Path(__file__).resolve().parent.parent
MESSAGES, QUERIES = 1_000_000, 600
QUICK_MESSAGES, QUICK_QUERIES = 50_000, 150
P50_MS_MAX = {"sqlite": 1.0, "postgres": 5.0}
P99_MS_MAX = {"sqlite": 20.0, "postgres": 150.0}


def run(quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """Measure on `sqlite` or `postgres`; the contract's fields, with the hottest and one-character queries beside."""
    return measured(store, *((QUICK_MESSAGES, QUICK_QUERIES) if quick else (MESSAGES, QUERIES)))


def measured(store: str, messages: int, queries: int) -> dict[str, Any]:
    """As `run`, with so many messages and queries."""
    if store not in ("sqlite", "postgres"):
        raise ValueError("store is sqlite or postgres")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-bench-")))
        environment = plain(folder)
        if store == "postgres":
            environment["DATABASE_URL"] = stack.enter_context(private_cluster(durable=True))
        answer = folder / "answer.json"
        done = subprocess.run(
            [sys.executable, "-m", "bench.search_world", str(messages), str(queries), str(answer)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the archive could not be searched: {done.stderr.strip()[-600:]}")
        return _report(store, json.loads(answer.read_text()))


def _report(store: str, told: dict[str, Any]) -> dict[str, Any]:
    p50, p99 = told["random"]["p50_ms"], told["random"]["p99_ms"]
    return {
        "name": "search",
        "store": store,
        "unit": "ms to the newest 50",
        "value": p50,
        "p50_ms": p50,
        "p99_ms": p99,
        "limit": {"what": "looking through every folded text in memory, ms", "value": told["scan_p50_ms"]},
        "ratio_to_limit": round(p50 / told["scan_p50_ms"], 4),
        "recall": 1.0 if not told["missed"] else 0.0,
        "targets": {"p50_ms": P50_MS_MAX[store], "p99_ms": P99_MS_MAX[store]},
        **told,
        "checks": {
            "recall": told["missed"] == 0,
            "missed": told["missed"],
            "invented": told["invented"],
        },
        "machine": machine(),
    }

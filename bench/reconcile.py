"""A day of a million payments held against its bill, beside the time DuckDB needs just to read that file."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.environment import plain as environment_of
from bench.machine import machine

ROOT = Path(__file__).resolve().parent.parent
ROWS, ROWS_QUICK = 1_000_000, 100_000
RSS_BYTES_MAX = 2_000_000_000
READINGS = 3


def run(quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """Measure on SQLite; the contract's fields, with the parts of the time and the memory beside them.

    The books, the reading of the file and the reconciliation have a process each, so that none warms or fills another's
    memory. Raises ValueError for another store.
    """
    if store != "sqlite":
        raise ValueError("the reconcile bench measures on sqlite")
    with tempfile.TemporaryDirectory(prefix="seta-bench-") as folder:
        environment = environment_of(Path(folder))
        bill = Path(folder) / "bill.csv"
        made = _step(environment, "make", str(ROWS_QUICK if quick else ROWS), str(bill))
        readings = [_step(environment, "read", str(bill)) for _ in range(READINGS)]
        done = _step(environment, "reconcile", str(bill))
        again = _step(environment, "reconcile", str(bill))
    limit = sorted(one["seconds"] for one in readings)[READINGS // 2]
    planted, found = made["planted"], done["found"]
    checks = {
        "missed": sum(len(set(keys) - set(found.get(name, []))) for name, keys in planted.items()),
        "invented": sum(len(set(keys) - set(planted.get(name, []))) for name, keys in found.items()),
        "unmarked": abs(done["marked"] - done["categories"]["matched"]),
        "changed_by_the_same_file": int(again["tables"] != done["tables"] or again["is_new"]),
        "over_2_gb": int(done["rss_bytes"] > RSS_BYTES_MAX),
    }
    return {
        "name": "reconcile",
        "unit": "s",
        "value": round(done["seconds"], 3),
        "p50_ms": 0.0,
        "p99_ms": 0.0,
        "limit": {"what": "DuckDB reading the same CSV, all_varchar", "value": round(limit, 3)},
        "ratio_to_limit": round(limit / done["seconds"], 3),
        "rows": made["rows"],
        "bill_rows": made["bill_rows"],
        "bill_bytes": made["bill_bytes"],
        "categories": done["categories"],
        "readings": [round(one["seconds"], 3) for one in readings],
        "rss_bytes": done["rss_bytes"],
        "same_file_again_seconds": round(again["seconds"], 3),
        "checks": checks,
        "ok": not any(checks.values()),
        "machine": machine(),
    }


def _step(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.reconcile_world", *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr.strip()[-600:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told

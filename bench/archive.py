"""Messages of the archive a second, pulled, opened, judged, indexed, logged and kept, beside bare RSA decrypts.

Both go by turns over the same records in as many processes, so that whatever else the machine does weighs on both.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.environment import environment
from bench.machine import machine
from seta.site.demo.world import ROOT
from seta.site.trouble import Trouble

MEMORY_MB_MAX = 1024


def run(*, quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """The contract's object for `seta bench archive` on `sqlite` or `postgres`."""
    # A backlog of many pages, as after a night: the first and the last pages of a pull have no other beside them.
    rounds, size = (2, 10_000) if quick else (6, 30_000)
    with tempfile.TemporaryDirectory(prefix="seta-bench-") as name, environment(Path(name), store) as found:
        told = _child(found, str(rounds), str(size))
    pull, bare = sum(told["pull"]), sum(told["bare"])
    count = told["size"] * len(told["pull"])
    pages = sorted(one * 1000 for one in told["page"])
    cpu = sum(told["opening_cpu"]) + sum(told["writing_cpu"])
    return {
        "name": "archive",
        "store": store,
        "unit": "messages/s",
        "value": round(count / pull),
        "p50_ms": round(median(pages), 1),
        "p99_ms": round(pages[int(len(pages) * 0.99)], 1),
        "limit": {"what": "bare RSA-2048 decrypts/s in as many processes", "value": round(count / bare)},
        "ratio_to_limit": round(bare / pull, 3),
        "extra_ratio_of_processor_time": round(sum(told["bare_cpu"]) / cpu, 3),
        "extra_us_a_message": {
            name: round(sum(told[name]) / count * 1e6, 1)
            for name in ("bare_cpu", "opening_cpu", "writing_cpu")
        },
        "extra_memory_mb": round(told["memory_mb"]),
        "checks": {**told["checks"], "memory_over": max(0, round(told["memory_mb"]) - MEMORY_MB_MAX)},
        "machine": machine(),
    }


def _child(own: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.archive_pull", *arguments],
        cwd=ROOT,
        env=dict(own),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"the archive bench did not end well:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told

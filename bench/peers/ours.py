"""Our gate under the peers' rush: as many pieces, as many buyers, sold out and then refusing."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import drop
from bench.environment import environment
from bench.load import Outcome, drive, request_bytes, together
from bench.servers import serving

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 256
DROPS = 5


def measure(store: str, *, quick: bool, pieces: int, buyers: int) -> dict[str, Any]:
    """What `seta bench drop` says on a store, and beside it `sold_out`: the workload that the peers get."""
    told, whole = drop.run(quick=quick, store=store), sold_out(store, pieces, buyers)
    checks = {**told["checks"], "unsold": whole["unsold"]}
    checks["oversold"] += whole["oversold"]
    return {**told, "checks": checks, "ok": not any(checks.values()), "sold_out": whole}


def sold_out(store: str, pieces: int, buyers: int) -> dict[str, Any]:
    """The middle of five drops, a second until the last piece was given; whoever comes after must be refused.

    As many buyers as pieces come first, since a piece goes to whoever comes first: when they are answered, it is sold
    out.
    """
    with (
        tempfile.TemporaryDirectory(prefix="seta-bench-") as name,
        environment(Path(name), store) as variables,
    ):
        world = _world(variables, "make", str(buyers), *[str(pieces)] * (DROPS + 1))
        with serving("bench.drop_server:app", environment=variables, folder=Path(name)) as port:
            rushes = [_rush(port, drop_id, world["tokens"], pieces) for drop_id in world["drops"]][1:]
        kept = _world(variables, "read", *map(str, world["drops"]))["drops"]
    middle = sorted((first for first, _ in rushes), key=lambda first: first.rate)[DROPS // 2]
    return {
        "pieces": pieces,
        "buyers": buyers,
        "in_flight": CONNECTIONS,
        "value": round(middle.rate),
        "p50_ms": round(middle.percentile(0.5), 2),
        "p99_ms": round(middle.percentile(0.99), 2),
        "seconds": round(middle.seconds, 4),
        "refusals_a_second": round(together([rest for _, rest in rushes]).rate),
        "oversold": sum(max(0, len(read["seqs"]) - pieces) for read in kept),
        "unsold": sum(max(0, pieces - len(read["seqs"])) for read in kept),
    }


def _rush(port: int, drop_id: int, tokens: Sequence[str], pieces: int) -> tuple[Outcome, Outcome]:
    requests = [
        request_bytes(
            "POST", f"/gate/drops/{drop_id}/reserve", headers=[("Authorization", f"Bearer {token}")]
        )
        for token in tokens
    ]
    first = drive(port, requests[:pieces], connections=CONNECTIONS)
    return first, drive(port, requests[pieces:], connections=CONNECTIONS)


def _world(variables: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """The drop bench's world, or what is true there; raises CalledProcessError."""
    command = [sys.executable, "-m", "bench.drop_world", *arguments]
    done = subprocess.run(
        command, env=dict(variables), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said

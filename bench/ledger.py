"""Durable payments of 5 postings a second: batches beside raw inserts, singles beside hot balances, notifications.

On SQLite batches of 1,000 go through the product by turns with raw inserts of the same rows. On PostgreSQL 32
connections post one payment a commit, by turns with the design that updates every balance in line. On both,
notifications come in at a steady pace, by turns at the product's door and at one that only keeps them.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.environment import environment
from bench.load import Outcome, drive, request_bytes, together
from bench.machine import machine
from bench.servers import serving
from seta.site.demo.world import ROOT
from seta.site.trouble import Trouble

BATCH = 1_000
CONNECTIONS = 32
PROCESSES = 2
NOTICES_A_SECOND = 100
WARMING = 300
DOORS = {"product": "seta.site.asgi:app", "kept": "bench.ledger_door:app"}


def run(*, quick: bool = False, store: str = "sqlite") -> dict[str, Any]:
    """The contract's object for `seta bench ledger` on `sqlite` or `postgres`."""
    with tempfile.TemporaryDirectory(prefix="seta-bench-") as name:
        folder = Path(name)
        with environment(folder / "posting", store) as own:
            told = _batches(own, quick) if store == "sqlite" else _singles(own, quick)
        with environment(folder / "notices", store) as own:
            told |= _notices(own, folder, quick, told["checks"])
    told["ok"] = not any(told["checks"].values())
    return {"name": "ledger", "store": store, "unit": "payments/s", **told, "machine": machine()}


def _batches(environment: Mapping[str, str], quick: bool) -> dict[str, Any]:
    told = json.loads(_child(environment, "bench.ledger_batches", "10" if quick else "60"))
    raw, product = told["seconds"]["raw"], told["seconds"]["product"]
    milliseconds = sorted(one * 1000 for one in product)
    return {
        "value": round(BATCH * len(product) / sum(product)),
        "p50_ms": round(median(milliseconds), 2),
        "p99_ms": round(milliseconds[int(len(milliseconds) * 0.99)], 2),
        "limit": {
            "what": "raw inserts of the same rows in the same batches",
            "value": round(BATCH * len(raw) / sum(raw)),
        },
        "ratio_to_limit": round(sum(raw) / sum(product), 3),
        "extra_ratio_of_medians": round(median(raw) / median(product), 3),
        "extra_grouped_a_second": round(told["grouped_a_second"]),
        "extra_replayed_a_second": round(told["replayed_a_second"]),
        "checks": told["truth"],
    }


def _singles(environment: Mapping[str, str], quick: bool) -> dict[str, Any]:
    house_id = int(_child(environment, "bench.ledger_singles", "prepare"))
    seconds, rounds = (2.0, 1) if quick else (4.0, 4)
    rates: dict[str, list[float]] = {"product": [], "baseline": []}
    latencies: list[float] = []
    acknowledged = 0
    for number in range(rounds):
        for design in ("product", "baseline") if number % 2 else ("baseline", "product"):
            found = _round(environment, design, house_id, f"{design[0]}{number}", seconds)
            rates[design].append(len(found) / seconds)
            acknowledged += len(found)
            latencies += found if design == "product" else []
    truth = json.loads(_child(environment, "bench.ledger_singles", "truth", str(house_id), str(acknowledged)))
    latencies.sort()
    value, limit = sum(rates["product"]) / rounds, sum(rates["baseline"]) / rounds
    return {
        "value": round(value),
        "p50_ms": round(median(latencies), 2),
        "p99_ms": round(latencies[int(len(latencies) * 0.99)], 2),
        "limit": {"what": "the same with every account's balance updated in line", "value": round(limit)},
        "ratio_to_limit": round(value / limit, 2),
        "in_flight": CONNECTIONS,
        "extra_rounds": {name: [round(rate) for rate in them] for name, them in rates.items()},
        "checks": truth,
    }


def _round(
    environment: Mapping[str, str], design: str, house_id: int, name: str, seconds: float
) -> list[float]:
    """Latencies in ms of what all clients had acknowledged; they begin together."""
    clients = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "bench.ledger_singles", design, str(house_id), f"{name}P{number}"),
                *(str(CONNECTIONS // PROCESSES), str(seconds)),
            ],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for client in clients:
        assert client.stdout is not None and client.stdin is not None
        if client.stdout.readline() != "ready\n":
            raise Trouble("a client of the ledger bench did not start")
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    return [latency for client in clients for latency in json.loads(client.communicate()[0])]


def _notices(
    environment: Mapping[str, str], folder: Path, quick: bool, checks: Mapping[str, int]
) -> dict[str, Any]:
    """From an HTTP notification to its 204, which is sent when the journal is committed."""
    turns = ("kept", "product") if quick else ("kept", "product", "product", "kept")
    each = NOTICES_A_SECOND * (3 if quick else 8)
    world = json.loads(
        _child(
            environment,
            *("bench.ledger_notices", "prepare", str((each + WARMING) * len(turns)), str(folder)),
        )
    )
    path = f"/callbacks/wechatpay/{world['account_id']}"
    requests = [
        request_bytes("POST", path, body.encode(), list(headers.items()))
        for headers, body in json.loads((folder / "notices.json").read_text())
    ]
    outcomes: dict[str, list[Outcome]] = {name: [] for name in DOORS}
    booked: list[int] = []
    for number, name in enumerate(turns):
        first = number * (each + WARMING)
        mine = range(first, first + each + WARMING)
        outcomes[name].append(_turn(environment, folder, DOORS[name], [requests[place] for place in mine]))
        booked += mine if name == "product" else []
    (folder / "booked.json").write_text(json.dumps(booked))
    truth = json.loads(
        _child(environment, "bench.ledger_notices", "truth", str(world["house_id"]), str(folder))
    )
    product, kept = together(outcomes["product"]), together(outcomes["kept"])
    return _notices_told(product, kept) | {
        "checks": {name: value + truth[name] for name, value in checks.items()}
        | {"unanswered": _unanswered(product) + _unanswered(kept)},
    }


def _turn(
    environment: Mapping[str, str], folder: Path, application: str, requests: Sequence[bytes]
) -> Outcome:
    """A server of its own, and the notifications at their pace; what comes while it starts up is not counted."""
    with serving(application, environment=environment, folder=folder) as port:
        drive(port, requests[:WARMING], connections=CONNECTIONS, a_second=NOTICES_A_SECOND)
        return drive(port, requests[WARMING:], connections=CONNECTIONS, a_second=NOTICES_A_SECOND)


def _notices_told(product: Outcome, kept: Outcome) -> dict[str, Any]:
    p50, p99 = (round(product.percentile(share), 2) for share in (0.5, 0.99))
    limit_p50, limit_p99 = (round(kept.percentile(share), 2) for share in (0.5, 0.99))
    return {
        "extra_notice_to_posted_p50_ms": p50,
        "extra_notice_to_posted_p99_ms": p99,
        "extra_notices": {
            "measured": len(product.latencies_ms),
            "a_second": NOTICES_A_SECOND,
            "limit": {
                "what": "the same notifications at a door that keeps them and books nothing",
                "p50_ms": limit_p50,
                "p99_ms": limit_p99,
            },
            "ratio_to_limit": {
                "p50": round(limit_p50 / p50, 3),
                "p99": round(limit_p99 / p99, 3),
            },
        },
    }


def _unanswered(outcome: Outcome) -> int:
    return sum(number for status, number in outcome.statuses.items() if status != 204)


def _child(environment: Mapping[str, str], module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"the ledger bench could not {' '.join(arguments)}: {done.stderr.strip()[-600:]}")
    return done.stdout.strip().splitlines()[-1]

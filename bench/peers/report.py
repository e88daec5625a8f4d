"""A peer's figures in one form, and ours beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from bench.machine import machine
from bench.peers.peer import Peer
from bench.peers.rush import Rush
from bench.peers.yardstick import BUSY_SHARE, evenness

TARGET_TIMES = 700


def figures(told: Rush, *, in_flight: int, pieces: int, allocated: int) -> dict[str, Any]:
    """One rush at one peer; `allocated` is what its own database says, not what its buyers were told.

    Its rate counts until the last piece was given, so that refusing the rest does not weigh on it.
    """
    ordered = sorted(told.accepted_ms)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else 0.0

    return {
        "in_flight": in_flight,
        "allocated_a_second": round(len(ordered) / told.giving_seconds, 1) if ordered else 0.0,
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "seconds": round(told.seconds, 1),
        "pieces": pieces,
        "allocated": allocated,
        "oversold": max(0, allocated - pieces),
        "lost": max(0, len(ordered) - allocated),
        "refused": told.refused,
        "errors": told.errors,
    }


def measured(peer: Peer, rushes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A peer that ran: its rushes, and the rate of the fastest of them."""
    return {
        "peer": peer.name,
        "door": peer.door,
        "allocated_a_second": max((float(rush["allocated_a_second"]) for rush in rushes), default=0.0),
        "rushes": [dict(rush) for rush in rushes],
    }


def unavailable(peer: Peer, why: str) -> dict[str, Any]:
    """A peer that could not be set up here, and why."""
    return {"peer": peer.name, "door": peer.door, "unavailable": why}


def beside(ours: Sequence[Mapping[str, Any]], peers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The object of the bench: our slower store's figures, as `seta bench drop` gives them, and every peer's.

    `times_fastest_peer` is None when no peer gave a piece away. PostgreSQL may be served by two processes, the peers
    have five: there the better of one and two counts, on SQLite one.
    """
    slower = min(ours, key=_rate)
    fastest = max(peers, key=lambda peer: float(peer.get("allocated_a_second", 0)), default={})
    rate = float(fastest.get("allocated_a_second", 0))
    checks: dict[str, int] = {}
    for one in ours:
        for name, count in one["checks"].items():
            checks[name] = checks.get(name, 0) + int(count)
    kept = ("unit", "value", "p50_ms", "p99_ms", "limit", "ratio_to_limit", "store")
    return {
        "name": "peers",
        **{name: slower[name] for name in kept},
        "fastest_peer": fastest["peer"] if rate else None,
        "times_fastest_peer": round(_rate(slower) / rate, 1) if rate else None,
        "times_target": TARGET_TIMES,
        "evenness": round(evenness(_strengths(ours, peers)), 2),
        "ours": [dict(one) for one in ours],
        "peers": [dict(peer) for peer in peers],
        "checks": checks,
        "ok": not any(checks.values()),
        "machine": machine(),
    }


def _rate(ours: Mapping[str, Any]) -> float:
    two = ours["two_workers"] if ours["store"] == "postgres" else ours
    return max(float(ours["value"]), float(two["value"]))


def _strengths(ours: Sequence[Mapping[str, Any]], peers: Sequence[Mapping[str, Any]]) -> list[float]:
    moments = [*ours, *(rush for peer in peers for rush in peer.get("rushes", ()))]
    return [float(moment["strength"]) for moment in moments]


def table(told: Mapping[str, Any]) -> Table:
    """A row for each rush at a peer; for each store of ours the bench of the drop and the peers' own workload."""
    drawn = Table("who", "in flight", "a second", "p50 ms", "p99 ms", "oversold", "errors", box=None)
    for column in drawn.columns:
        column.no_wrap = True
        column.justify = "left" if column.header == "who" else "right"
    for peer in told["peers"]:
        for rush in peer.get("rushes", ()):
            drawn.add_row(peer["peer"], *_cells(rush, rush["allocated_a_second"], rush["errors"]))
    for one in told["ours"]:
        whole = one["sold_out"]
        two = {**one, **one["two_workers"]}
        drawn.add_row(f"Seta, {one['store']}", *_cells(one, one["value"], 0))
        drawn.add_row(f"Seta, {one['store']}, 2 processes", *_cells(two, two["value"], 0))
        drawn.add_row(f"Seta, {one['store']} *", *_cells(whole, whole["value"], 0))
    return drawn


def footnotes(told: Mapping[str, Any]) -> str:
    """What each row counts, who was not measured and why, and how many times the fastest peer."""
    lines = [
        f"{peer['peer']}: {'not measured: ' + peer['unavailable'] if 'unavailable' in peer else peer['door']}"
        for peer in told["peers"]
    ]
    lines.append("Seta: a durable reservation, 1 request; * with as many pieces and buyers as the peers")
    lines.append(verdict(told))
    if told["evenness"] < BUSY_SHARE:
        lines.append(
            f"The machine had other work: at its weakest moment it did {told['evenness']:.0%} of what it did at its"
            " strongest. Run it again when it is idle."
        )
    return "\n".join(lines)


def _cells(rush: Mapping[str, Any], rate: float, errors: int) -> list[str]:
    shown = (rate, rush["p50_ms"], rush["p99_ms"])
    oversold = rush["oversold"] if "oversold" in rush else rush["checks"]["oversold"]
    return [
        str(rush["in_flight"]),
        *(f"{figure:,.1f}" if figure < 100 else f"{figure:,.0f}" for figure in shown),
        str(oversold),
        str(errors),
    ]


def verdict(told: Mapping[str, Any]) -> str:
    """How many times the fastest peer, in one line."""
    if told["times_fastest_peer"] is None:
        return "No peer was measured here, so nothing can be said of how many times faster."
    return (
        f"{told['times_fastest_peer']:,.0f} times the fastest peer, {told['fastest_peer']}"
        f" (wanted: {told['times_target']}), on the slower of our stores, {told['store']}."
    )

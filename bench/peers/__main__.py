"""`make bench PEERS=1`: other shops and our gate under the same rush, one after the other in one run."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.peers import ours
from bench.peers.homes import last_line
from bench.peers.oscar import OSCAR
from bench.peers.peer import Peer, Shop
from bench.peers.pretix import PRETIX
from bench.peers.report import beside, figures, footnotes, measured, table, unavailable
from bench.peers.rush import rush
from bench.peers.vendure import VENDURE
from bench.peers.yardstick import strength

PEERS = {"oscar": OSCAR, "pretix": PRETIX, "vendure": VENDURE}
STORES = ("sqlite", "postgres")
WARMING_BUYERS = 40


@dataclass(frozen=True)
class Scale:
    """How large one rush is: pieces, distinct buyers, how many at once (a rush each), seconds that it may last."""

    pieces: int
    buyers: int
    in_flight: Sequence[int]
    seconds: float


FULL = Scale(1_000, 10_000, (64, 256), 90.0)
QUICK = Scale(100, 1_000, (64,), 15.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a check of ours does not hold; a peer that cannot be set up does not end the run."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the pieces, 15 seconds a peer")
    parser.add_argument("--peer", action="append", choices=[*PEERS], help="only this one; may be given twice")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON (- for standard output)")
    args = parser.parse_args(arguments)
    scale = QUICK if args.quick else FULL
    aloud = Console(stderr=True)
    # Ours first: where it fails, nobody has waited for the slow ones.
    own = list(_ours(args.quick, scale, aloud))
    told = beside(own, [_tell(PEERS[name], scale, aloud) for name in args.peer or PEERS])
    if args.json:
        text = json.dumps(told, indent=2)
        sys.stdout.write(text + "\n") if args.json == "-" else Path(args.json).write_text(text + "\n")
    if args.json != "-":
        Console().print(table(told))
        Console(soft_wrap=True, markup=False).print(footnotes(told))
    return 0 if told["ok"] else 1


def _tell(peer: Peer, scale: Scale, aloud: Console) -> dict[str, Any]:
    aloud.print(
        f"{peer.name}: setting up, then {len(scale.in_flight)} times {scale.seconds:g} seconds at most"
    )
    told = measure(peer, scale)
    if "unavailable" in told:
        aloud.print(f"{peer.name} is not measured: {told['unavailable']}", markup=False)
    return told


def _ours(quick: bool, scale: Scale, aloud: Console) -> Iterable[dict[str, Any]]:
    for store in STORES:
        aloud.print(f"Seta on {store}")
        before = round(strength())
        told = ours.measure(store, quick=quick, pieces=scale.pieces, buyers=scale.buyers)
        yield {**told, "strength": before}


def measure(peer: Peer, scale: Scale) -> dict[str, Any]:
    """Open a peer, warm it, and let the buyers in as often as the scale says; a peer that fails says why."""
    try:
        with peer.open() as shop:
            _warm(shop)
            rushes = [_rush(shop, scale, in_flight) for in_flight in scale.in_flight]
    except (OSError, RuntimeError, HTTPException) as problem:
        return unavailable(peer, last_line(problem))
    return measured(peer, rushes)


def _warm(shop: Shop) -> None:
    """Every process of the peer has served somebody before the clock starts; nobody served means a broken shop."""
    piece = shop.offer(WARMING_BUYERS)
    told = rush(lambda number: shop.buy(piece, number), buyers=WARMING_BUYERS, in_flight=8, seconds=60)
    if not told.accepted_ms:
        raise RuntimeError(f"it gave nobody a piece ({told.refused} refused, {told.errors} errors)")


def _rush(shop: Shop, scale: Scale, in_flight: int) -> dict[str, Any]:
    piece = shop.offer(scale.pieces)
    before = round(strength())
    told = rush(
        lambda number: shop.buy(piece, number),
        buyers=scale.buyers,
        in_flight=in_flight,
        seconds=scale.seconds,
    )
    said = figures(told, in_flight=in_flight, pieces=scale.pieces, allocated=shop.allocated(piece))
    return {**said, "strength": before}


if __name__ == "__main__":
    sys.exit(main())

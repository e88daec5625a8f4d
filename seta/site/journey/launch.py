"""Chapter 9: ten pieces, two hundred buyers, none oversold, and the client's piece paid."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from seta.boutique import queries as boutique
from seta.drops import queries as drops
from seta.site.demo import cast
from seta.site.journey.money import in_books
from seta.site.journey.traveller import Traveller, demand

BUYERS = 200
LOGINS_AT_ONCE = 8


def race_for_ten(traveller: Traveller) -> dict[str, Any]:
    """(9) Everybody logs in through WeChat and presses at the same moment; the client presses first."""
    drop = drops.drop_by_code(house_id=traveller.house_id, code=cast.DROP_CODE)
    assert drop is not None
    others = traveller.control("crowd", count=BUYERS - 1)["people"]
    with ThreadPoolExecutor(LOGINS_AT_ONCE) as pool:
        tokens = [one["token"] for one in pool.map(traveller.login, others)]
    answers = asyncio.run(
        _press(f"{traveller.seta_url}/gate/drops/{drop.id}/reserve", traveller.token, tokens)
    )
    held = drops.reservations(drop_id=drop.id, states=("reserved", "paid"))
    demand(len(held) == cast.DROP_PIECES, f"{len(held)} pieces were reserved", answers=dict(answers))
    demand(len({one.person_id for one in held}) == len(held), "somebody holds two pieces")
    claimed = traveller.api("POST", f"/api/mp/v1/drops/{drop.id}/claim")
    traveller.pay_on_phone(claimed["order_id"])
    paid = traveller.wait(lambda: _paid(drop.id), "the piece to be marked paid")
    order = boutique.order(order_id=claimed["order_id"], house_id=traveller.house_id)
    assert order is not None
    counts = traveller.wait(lambda: _counted(drop.id), "every request to be counted")
    traveller.carried["drop_order_id"] = order.id
    return {
        "drop": drop.code,
        "buyers": BUYERS,
        "pieces": drop.pieces,
        "answers": dict(answers),
        "reserved": len(held),
        "oversold": max(0, len(held) - drop.pieces),
        "paid": len(paid),
        "requests": counts.requests,
        "refused": dict(counts.refused),
        "order": {"id": order.id, "number": order.number, "state": order.state},
        "payment": in_books(traveller.house_id, order.number),
    }


def _counted(drop_id: int) -> drops.DropCounts | None:
    counts = drops.counts(drop_id=drop_id)
    return counts if counts is not None and counts.requests >= BUYERS else None


def _paid(drop_id: int) -> list[Any]:
    return list(drops.reservations(drop_id=drop_id, states=("paid",)))


async def _press(url: str, first: str, others: list[str]) -> Counter[str]:
    limits = httpx.Limits(max_connections=BUYERS)
    async with httpx.AsyncClient(limits=limits, timeout=30, trust_env=False) as http:

        async def press(token: str) -> str:
            answer = await http.post(url, headers={"Authorization": f"Bearer {token}"})
            told = answer.json()
            return str(told.get("state") or told["error"]["code"])

        said = [await press(first)]
        said += await asyncio.gather(*(press(token) for token in others))
    demand(said[0] == "reserved", f"the client was told {said[0]}")
    return Counter(said)

"""How control actions answer about the pushes they cause."""

import asyncio
from typing import Any

from seta_sandbox.kit.push import Delivery

WAIT_SECONDS_MAX = 6.0


async def outcome(delivery: Delivery | None, body: dict[str, Any]) -> dict[str, Any]:
    """`{"push": ...}` after the first attempt, at once with `wait: false`, null when nothing was to be pushed."""
    if delivery is None:
        return {"push": None}
    if body.get("wait", True):
        try:
            await asyncio.wait_for(delivery.first_done.wait(), WAIT_SECONDS_MAX)
        except TimeoutError:
            return {"push": delivery.report()}
    return {"push": delivery.report()}

"""`/collect/impression` and `/collect/click`: what the ad platform's servers tell, kept before they are answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from django.db import close_old_connections

from seta.houses.queries import house_by_code
from seta.insights.operations import note_click, note_impression

log = logging.getLogger(__name__)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

VALUE_LENGTH_MAX = 80


class Beacon:
    """Plain ASGI: answers 204 when the fact is durable, 400 when the request makes no sense."""

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Send,
    ) -> None:
        """One tracking request: `h` house code, `c` campaign, `i` impression id, `k` click id, `a` creative."""
        status = 400
        query = _query(scope["query_string"])
        if query is not None and scope["method"] == "GET":
            status = await asyncio.to_thread(_keep, scope["path"], query)
        headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _query(raw: bytes) -> dict[str, str] | None:
    try:
        pairs = parse_qs(raw.decode("ascii"), max_num_fields=30)
    except ValueError:
        return None
    return {name: values[0][:VALUE_LENGTH_MAX] for name, values in pairs.items()}


def _keep(path: str, query: dict[str, str]) -> int:
    try:
        house_id = house_by_code(query.get("h", "")).id
    except LookupError:
        return 404
    now = datetime.now(UTC)
    impression_id = query.get("impression_id") or query.get("i", "")
    click_id = query.get("gdt_vid") or query.get("click_id") or query.get("k", "")
    campaign, creative = query.get("c", ""), query.get("a", "")
    try:
        if path == "/collect/impression" and impression_id:
            note_impression(
                house_id=house_id, campaign=campaign, impression_id=impression_id, creative=creative, now=now
            )
            return 204
        if path == "/collect/click" and click_id:
            note_click(
                house_id=house_id,
                campaign=campaign,
                click_id=click_id,
                impression_id=impression_id,
                creative=creative,
                now=now,
            )
            return 204
        return 400
    except Exception:
        log.exception("a beacon could not be kept")
        return 503
    finally:
        close_old_connections()

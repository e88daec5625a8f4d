"""Reads WeCom's lists whole: page after page until the answer names no further cursor."""

from collections.abc import Mapping
from typing import Any

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.json_api import JsonApi

PAGES_MAX = 10_000


def read_pages(api: JsonApi, path: str, payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the rows under `name` of every page; PlatformError when the cursor never ends."""
    rows: list[Mapping[str, Any]] = []
    cursor = ""
    for _ in range(PAGES_MAX):
        fields = api.post(path, {**payload, "cursor": cursor} if cursor else payload, idempotent=True)
        rows += fields.get(name) or ()
        following = str(fields.get("next_cursor") or "")
        if not following or following == cursor:
            return rows
        cursor = following
    raise PlatformError(
        f"{path}: the list never ends", platform=api.platform, code="ENDLESS", kind=ErrorKind.INVALID
    )

"""The mini program's door to one's own data: a copy, what is kept after an erasure, and the erasure itself."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from seta.people.auth import Client, ClientAuth
from seta.privacy import queries
from seta.privacy.operations import forget
from seta.privacy.rules import UnfinishedOrders, kept_by_law, unfinished_text

router = Router(auth=ClientAuth())


class EraseIn(Schema):
    """The wish, said twice: nothing is erased by a request that only found the address."""

    confirm: Literal["erase"]


@router.get("/export")
def export(request: HttpRequest) -> dict[str, Any]:
    """Everything the house keeps of the client, in sections of labelled rows in the client's language."""
    client: Client = request.auth  # type: ignore[attr-defined]
    found = queries.own_copy(
        house_id=client.house_id, person_id=client.person_id, tag=client.language, now=datetime.now(UTC)
    )
    return asdict(found)


@router.get("/erase")
def kept(request: HttpRequest) -> dict[str, Any]:
    """What an erasure would leave, and why."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return {"kept": [asdict(one) for one in kept_by_law(client.language)]}


@router.post("/erase", response={200: dict[str, Any], 409: dict[str, Any]})
def erase(request: HttpRequest, body: EraseIn) -> Status[dict[str, Any]]:
    """Forget the client; their session ends with it. 409 while an order is under way."""
    client: Client = request.auth  # type: ignore[attr-defined]
    try:
        done = forget(
            house_id=client.house_id,
            person_id=client.person_id,
            source="mini_program",
            now=datetime.now(UTC),
        )
    except UnfinishedOrders as problem:
        words = unfinished_text(problem.numbers, client.language)
        return Status(409, {"error": {"code": "unfinished_orders", "message": words}})
    return Status(200, {"whole": done})

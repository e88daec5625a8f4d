"""A small release for tests, and a gate driven as its server drives it."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from seta.drops import operations
from seta.drops.gate import Gate, Store
from seta.drops.rules import Terms
from seta.people.models import Person
from seta.people.operations import open_session
from tests.boutique.shop import NOON, make_person, make_variant

BEFORE = NOON - timedelta(hours=1)
TURN = NOON + timedelta(minutes=30)
_numbers = count(1)


def make_drop(
    house_id: int,
    *,
    pieces: int = 10,
    stock: int | None = None,
    is_open: bool = True,
    hold_seconds: int = 600,
    terms: Terms = Terms(),  # noqa: B008  frozen
) -> int:
    """A release that opens at noon and closes an hour later; as a draft it is made an hour before."""
    variant = make_variant(house_id, pieces=pieces if stock is None else stock)
    drop_id = operations.plan_drop(
        house_id=house_id,
        code=f"drop-of-{variant}",
        variant_id=variant,
        pieces=pieces,
        opens_at=NOON,
        closes_at=NOON + timedelta(hours=1),
        hold_seconds=hold_seconds,
        terms=terms,
        now=BEFORE,
    )
    if is_open:
        operations.open_drop(drop_id=drop_id, now=BEFORE)
    return drop_id


def make_clients(house_id: int, number: int) -> list[int]:
    """Several clients whom WeChat knows."""
    return [make_person(house_id, f"{house_id}-{next(_numbers)}") for _ in range(number)]


def make_people(house_id: int, number: int) -> list[int]:
    """Several clients at once."""
    people = Person.objects.bulk_create(Person(house_id=house_id, created_at=NOON) for _ in range(number))
    return [person.pk for person in people]


@dataclass(frozen=True)
class Reply:
    """What the gate sent."""

    status: int
    body: dict[str, Any]

    @property
    def refusal(self) -> str:
        """The refusal's code; empty when a piece was given."""
        code: str = self.body.get("error", {}).get("code", "")
        return code


@dataclass(frozen=True)
class Ask:
    """One request to a drop's gate."""

    drop_id: int | str
    house_id: int
    person_id: int
    token: str | None = None
    method: str = "POST"
    language: str = "zh-CN"
    ticket: str = ""
    query: str = ""


async def ask(gate: Gate, wish: Ask) -> Reply:
    """One request through the ASGI application."""
    token = wish.token
    if token is None:
        token = open_session(house_id=wish.house_id, person_id=wish.person_id, now=datetime.now(UTC))
    scope = {
        "type": "http",
        "method": wish.method,
        "path": f"/gate/drops/{wish.drop_id}/reserve",
        "headers": [
            (b"authorization", f"Bearer {token}".encode()),
            (b"accept-language", wish.language.encode()),
            *([(b"x-drop-ticket", wish.ticket.encode())] if wish.ticket else []),
        ],
        "query_string": wish.query.encode(),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    await gate(scope, receive, send)
    return Reply(sent[0]["status"], json.loads(sent[1]["body"]))


def rush(
    wishes: Sequence[Ask], *, now: datetime = NOON, gates: int = 1, store: Store | None = None
) -> list[Reply]:
    """All requests at once, dealt to as many gates as there would be server processes."""
    doors = [Gate(store=store, clock=lambda: now) for _ in range(gates)]

    async def run() -> list[Reply]:
        return list(await asyncio.gather(*(ask(doors[n % gates], wish) for n, wish in enumerate(wishes))))

    try:
        return asyncio.run(run())
    finally:
        for door in doors:
            door.stop()
        connection.close()

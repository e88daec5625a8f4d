"""The room's doors as browsers find them: HTTP in, signals out, every refusal by its name."""

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from seta.consultations import queries, rules
from seta.consultations.doors import BURST, Rooms
from tests.consultations.world import NOON, START, Call, make_call

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Reply:
    """What a door answered."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str:
        """The refusal's name."""
        return str(self.body["error"]["code"])


@pytest.fixture
def rooms() -> Rooms:
    """The doors at the hour of the consultation."""
    return Rooms(clock=lambda: START)


async def ask(rooms: Rooms, method: str, path: str, token: str, body: bytes = b"", query: str = "") -> Reply:
    """One request."""
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"authorization", b"Bearer " + token.encode())],
    }
    await rooms(scope, receive, send)
    return Reply(told[0]["status"], json.loads(told[1]["body"]))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run it with one thread for the database, whose connection is closed before the thread ends."""

    async def within() -> T:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
        try:
            return await work
        finally:
            await asyncio.to_thread(connections.close_all)

    return asyncio.run(within())


def asked(rooms: Rooms, *given: Any, **more: Any) -> Reply:
    """One request, alone."""
    return run(ask(rooms, *given, **more))


def device(name: str) -> bytes:
    """What entering sends."""
    return json.dumps({"device": name}).encode()


def signal(number: int, body: Any = None) -> bytes:
    """A candidate for the associate."""
    return json.dumps({"number": number, "to": "associate", "kind": "candidate", "body": body}).encode()


def host_token(call: Call) -> str:
    """The associate's pass."""
    return queries.staff_pass(call.card, role="associate", user_id=call.user)


async def both_enter(rooms: Rooms, call: Call) -> None:
    """Client and associate take their places."""
    for token, name in ((queries.client_pass(call.card), "phone"), (host_token(call), "desk")):
        reply = await ask(rooms, "POST", "/rooms/enter", token, device(name))
        assert reply.status == 200, reply


def test_who_waits_is_told_as_soon_as_a_signal_comes(rooms: Rooms) -> None:
    call = make_call()

    async def meet() -> tuple[Reply, float]:
        await both_enter(rooms, call)
        waiting = asyncio.create_task(
            ask(rooms, "GET", "/rooms/signals", host_token(call), query="session=1&after=0")
        )
        await asyncio.sleep(0.05)
        began = time.monotonic()
        sent = await ask(
            rooms, "POST", "/rooms/signals", queries.client_pass(call.card), signal(1, {"a": 1}), "session=1"
        )
        assert sent.body == {"taken": True}
        return await waiting, time.monotonic() - began

    reply, _seconds = run(meet())

    (heard,) = reply.body["signals"]
    assert (heard["seq"], heard["sender"], heard["session"], heard["body"]) == (1, "client", 1, {"a": 1})


def test_forged_expired_and_foreign_passes_are_refused_by_name_and_tell_nothing(rooms: Rooms) -> None:
    call = make_call()
    token = queries.client_pass(call.card)
    late = Rooms(clock=lambda: call.card.ends_at + timedelta(days=2))

    replies = [
        asked(rooms, "POST", "/rooms/enter", "", device("x")),
        asked(rooms, "POST", "/rooms/enter", token[:-1] + ("A" if token[-1] != "A" else "B"), device("x")),
        asked(
            rooms,
            "POST",
            "/rooms/enter",
            token.replace(f"{call.house}.", f"{call.house + 1}.", 1),
            device("x"),
        ),
        asked(late, "POST", "/rooms/enter", token, device("x")),
    ]

    assert [reply.status for reply in replies] == [401] * 4
    assert [reply.code for reply in replies] == ["bad_link"] * 3 + ["link_expired"]
    assert not any("陈晓" in str(reply.body) or call.card.id in str(reply.body) for reply in replies)


def test_a_third_browser_hears_that_the_place_is_taken(rooms: Rooms) -> None:
    call = make_call()
    run(both_enter(rooms, call))

    third = asked(rooms, "POST", "/rooms/enter", queries.client_pass(call.card), device("tablet"))

    assert (third.status, third.code) == (409, "room_full")


def test_outside_its_time_the_room_is_shut() -> None:
    call = make_call()
    early, late = Rooms(clock=lambda: NOON), Rooms(clock=lambda: call.card.ends_at + timedelta(minutes=15))
    token = queries.client_pass(call.card)

    assert asked(early, "POST", "/rooms/enter", token, device("x")).code == "not_yet"
    assert asked(late, "POST", "/rooms/enter", token, device("x")).code == "closed"


@pytest.mark.parametrize(
    ("body", "query", "status", "code"),
    [
        (b"{" + b" " * rules.SIGNAL_BYTES_MAX, "session=1", 413, "too_large"),
        (b"not json", "session=1", 400, "unreadable"),
        (b"[1]", "session=1", 400, "unreadable"),
        (b"[" * 60_000, "session=1", 400, "unreadable"),
        (signal(1), "", 400, "unreadable"),
        (signal(1), "session=-1", 400, "unreadable"),
        (signal(1), "session=7", 409, "not_in_room"),
        (signal(4), "session=1", 409, "out_of_order"),
    ],
)
def test_bad_signals_are_refused_by_name(
    rooms: Rooms, body: bytes, query: str, status: int, code: str
) -> None:
    call = make_call()
    run(both_enter(rooms, call))

    reply = asked(rooms, "POST", "/rooms/signals", queries.client_pass(call.card), body, query)

    assert (reply.status, reply.code) == (status, code)


def test_a_flood_is_slowed_and_the_other_side_still_served(rooms: Rooms) -> None:
    call = make_call()

    async def flood() -> tuple[list[str], Reply]:
        await both_enter(rooms, call)
        token = queries.client_pass(call.card)
        path = "/rooms/nowhere"
        replies = [await ask(rooms, "GET", path, token) for _ in range(BURST * 2)]
        return [reply.code for reply in replies], await ask(
            rooms, "POST", "/rooms/leave", host_token(call), query="session=1"
        )

    codes, other = run(flood())

    assert codes[: BURST - 1] == ["unknown"] * (BURST - 1)
    assert "too_fast" in codes
    assert other.status == 200


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Recordings of a test stand in a folder of its own."""
    settings.VAR_DIR = tmp_path
    yield tmp_path


def now_call() -> Call:
    """A consultation of this very hour, since Django's doors look at the clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    quarter = now - timedelta(seconds=now.timestamp() % 900)
    return make_call(starts_at=quarter, now=quarter - timedelta(hours=1))


def room_api(token: str, what: str, body: Any = None) -> Any:
    """A request to the room's API."""
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    address = f"/api/rooms/v1/{what}"
    if body is None:
        return Client().get(address, headers=headers)
    if isinstance(body, bytes):
        return Client().post(address, body, content_type="application/octet-stream", headers=headers)
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_a_whole_call_goes_through_the_api_and_a_withdrawal_stops_its_pieces(folder: Path) -> None:
    call = now_call()
    live = Rooms()
    run(both_enter(live, call))
    client, host = queries.client_pass(call.card), host_token(call)

    assert room_api(host, "connected", {}).json()["state"] == "under_way"
    assert room_api(host, "recording", {"media_type": "video/webm"}).json()["error"]["code"] == "no_consent"
    for token in (client, host):
        room_api(token, "consent", {"granted": True})
    made = room_api(host, "recording", {"media_type": "video/webm;codecs=vp8,opus"}).json()["id"]
    assert room_api(host, f"recording/{made}/pieces/0", b"webm").json() == {"pieces": 1}
    assert room_api(client, f"recording/{made}/pieces/1", b"webm").status_code == 403
    assert room_api(client, "state").json()["recording"] == made
    assert room_api(client, "consent", {"granted": False}).json()["recording"] is None
    late = room_api(host, f"recording/{made}/pieces/1", b"webm")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "not_recording")
    assert room_api(client, "hang-up", {}).json()["state"] == "held"
    assert room_api("1.x.client.0.1.forged", "state").json()["error"]["code"] == "bad_link"


def test_the_clients_page_opens_by_its_link_only_and_lets_nothing_foreign_in() -> None:
    call = make_call(
        starts_at=datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    )
    token = queries.client_pass(call.card)

    page = Client().get(f"/consultations/{token}/")
    staff = Client().get(f"/consultations/{host_token(call)}/")

    assert page.status_code == 200
    assert "视频咨询" in page.content.decode()
    assert "camera=(self)" in page["Permissions-Policy"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "script-src" not in page["Content-Security-Policy"]
    assert staff.status_code == 403
    assert Client().get(f"/consultations/{token}/calendar.ics")["Content-Type"].startswith("text/calendar")
    gone = Client().post(f"/consultations/{token}/cancel/", follow=True)
    assert "已取消" in gone.content.decode()

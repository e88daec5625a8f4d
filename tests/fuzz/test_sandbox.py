"""The sandbox under ten thousand malformed requests."""

import asyncio
import itertools
import logging
from collections.abc import Iterator

import pytest

from seta_sandbox.app import create_app
from seta_sandbox.control import ACTIONS
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.state import oa_of
from seta_sandbox.wechatpay.door import signer_of
from tests.fuzz.asgi import Call, ask
from tests.fuzz.digest import difference, remembered
from tests.fuzz.sandbox_calls import SandboxCalls

REQUESTS = 10_000
LOOK_EVERY = 50

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Ten thousand refusals need not all be logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


async def lived_in(world: World) -> None:
    """A world in which something has happened, so that there is something to break."""
    openid = world.people[0].openids[world.app("official_account").appid]
    signer_of(world, "")
    for kind in ("official_account", "mini_program"):
        for owner in ("primary", "destination"):
            oa_of(world).of(world.app(kind, owner).appid)
            mp_of(world).windows_of(world.app(kind, owner).appid)
    for action, body in (
        ("follow", {"openid": openid}),
        ("message", {"openid": openid, "content": "duomo"}),
        ("add_contact", {"openid": openid}),
        ("consent", {"openid": openid}),
    ):
        await ACTIONS[action](world, body)


async def storm(seed: int, count: int) -> tuple[list[str], str]:
    """The requests that were answered with 5xx, and the first change of state with who may have caused it."""
    app = create_app(seed=seed)
    world: World = app.state.world
    await lived_in(world)
    calls = iter(SandboxCalls(app, seed))
    broken: list[str] = []
    before = remembered(world)
    for batch in batches(calls, count):
        for call in batch:
            status, body = await ask(app, call)
            if status >= 500 or status == 0:
                broken.append(f"{status} {body[:200]!r} <- {call}")
        after = remembered(world)
        if found := difference(before, after):
            return broken, found + "\n" + "\n".join(map(str, batch))
    return broken, ""


def batches(calls: Iterator[Call], count: int) -> Iterator[list[Call]]:
    """The first `count` calls, some at a time."""
    for _ in range(0, count, LOOK_EVERY):
        yield list(itertools.islice(calls, LOOK_EVERY))


def test_ten_thousand_malformed_requests_break_nothing_and_change_nothing() -> None:
    broken, changed = asyncio.run(storm(1, REQUESTS))

    assert broken == []
    assert changed == ""

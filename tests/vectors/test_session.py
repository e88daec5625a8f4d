"""The login-state signature of mini programs against its published vector."""

import asyncio
import hashlib
import hmac
import json
from pathlib import Path

import httpx

from seta_sandbox.app import create_app
from seta_sandbox.official_account.programs import mp_of

VECTOR = json.loads((Path(__file__).parent / "wechat.json").read_text())["session"]


def sign(session_key: str, body: str) -> str:
    """HMAC-SHA256 under the text of the session key, in lower-case hex."""
    return hmac.new(session_key.encode(), body.encode(), hashlib.sha256).hexdigest()


def test_the_published_login_state_signature_is_made() -> None:
    assert sign(VECTOR["session_key"], VECTOR["body"]) == VECTOR["signature"]


async def check(signature: str) -> int:
    app = create_app()
    world = app.state.world
    program = world.app("mini_program")
    openid = world.people[0].openids[program.appid]
    mp_of(world).sessions[program.appid, openid] = VECTOR["session_key"]
    token = world.tokens.legacy(program.appid).token
    query = {"access_token": token, "openid": openid, "signature": signature, "sig_method": "hmac_sha256"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        answer = await client.get("/wxa/checksession", params=query)
    return int(answer.json()["errcode"])


def test_the_sandbox_checks_a_session_by_the_same_signature() -> None:
    assert asyncio.run(check(sign(VECTOR["session_key"], ""))) == 0
    assert asyncio.run(check(sign(VECTOR["session_key"], VECTOR["body"]))) == 87009

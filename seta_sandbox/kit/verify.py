"""Verification of a callback URL by `echostr`, as the consoles do before they save it."""

import httpx

from seta_sandbox.kit import crypt
from seta_sandbox.kit.apps import WECOM, App
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import DIGITS
from seta_sandbox.kit.world import World

DEADLINE_SECONDS = 5.0


async def verify_callback(world: World, app: App, url: str) -> None:
    """GET the URL with a signed echostr (encrypted for WeCom); raises ControlError unless it is answered."""
    stamp, nonce = str(world.clock.unix()), "".join(world.rng.choices(DIGITS, k=10))
    echo = "".join(world.rng.choices(DIGITS, k=19))
    if app.kind == WECOM:
        sent = crypt.encrypt(app.aes_key, echo, app.appid, world.rng.randbytes(16))
        query = {"msg_signature": crypt.sign(app.token, stamp, nonce, sent)}
    else:
        sent = echo
        query = {"signature": crypt.sign(app.token, stamp, nonce)}
    query |= {"timestamp": stamp, "nonce": nonce, "echostr": sent}
    async with httpx.AsyncClient(transport=world.setup.push_transport, trust_env=False) as client:
        try:
            response = await client.get(url, params=query, timeout=DEADLINE_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            world.journal.add("out", app.kind, "GET", url, 0, "", "", f"verification: {type(error).__name__}")
            raise ControlError(f"{url} could not be reached: {type(error).__name__}") from None
    world.journal.add("out", app.kind, "GET", url, response.status_code, "", response.content, "verification")
    if response.status_code != 200 or response.text != echo:
        raise ControlError(f"{url} did not answer the echostr (HTTP {response.status_code})")

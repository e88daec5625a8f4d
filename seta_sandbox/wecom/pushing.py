"""WeCom's pushes: always encrypted, signed with msg_signature alone, three attempts five seconds apart."""

from typing import Any

import httpx

from seta_sandbox.kit import crypt
from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.keys import DIGITS
from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.wire import to_xml
from seta_sandbox.kit.world import World

SCHEDULE = (0.0, 5.0, 5.0)
CONTACT_AGENT = 2000003
ARCHIVE_AGENT = 2000004


def push_event(
    world: World,
    event: str,
    fields: dict[str, Any],
    *,
    agent: int = CONTACT_AGENT,
    delay_seconds: float = 0.0,
) -> Delivery | None:
    """Push an event of the corporation; None when WeCom has no callback URL."""
    corp = world.app(WECOM)
    url = world.callback(corp).url
    if not url:
        return None
    inner = {
        "ToUserName": corp.appid,
        "FromUserName": "sys",
        # When it is first sent: receivers know repeats by it, and a notice held back is not the one before it.
        "CreateTime": int(world.clock.now() + delay_seconds),
        "MsgType": "event",
        "Event": event,
        **fields,
    }

    def make(attempt: Attempt) -> PushRequest:
        stamp, nonce = str(int(world.clock.signing_now())), "".join(world.rng.choices(DIGITS, k=10))
        encrypted = crypt.encrypt(corp.aes_key, to_xml(inner), corp.appid, world.rng.randbytes(16))
        signature = crypt.sign(corp.token, stamp, nonce, encrypted)
        if attempt.fault:
            signature = crypt.sign(corp.token, stamp, nonce)
        query = {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}
        outer = {"ToUserName": corp.appid, "AgentID": str(agent), "Encrypt": encrypted}
        target = str(httpx.URL(url).copy_merge_params(query))
        return PushRequest("POST", target, {"Content-Type": "text/xml"}, to_xml(outer).encode())

    change = f".{fields['ChangeType']}" if "ChangeType" in fields else ""
    return world.pusher.send(
        f"event.{event}{change}",
        make,
        (delay_seconds, *SCHEDULE[1:]),
        accepted=lambda response: response.status_code == 200,
        family=WECOM,
    )

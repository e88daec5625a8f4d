"""Pushes of Official Accounts and mini programs: plain, compatible or encrypted; three attempts, five seconds apart."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from seta_sandbox.kit import crypt
from seta_sandbox.kit.apps import App, Callback
from seta_sandbox.kit.keys import DIGITS
from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.wire import WireError, from_xml, to_xml
from seta_sandbox.kit.world import World

DEADLINE_SECONDS = 5.0
# (K) Three attempts in all are documented; the five seconds between them are the deadline itself.
SCHEDULE = (0.0, 5.0, 5.0)

Replied = Callable[[httpx.Response], Awaitable[None]]


def push(
    world: World,
    app: App,
    openid: str,
    fields: dict[str, Any],
    *,
    replied: Replied | None = None,
    gave_up: Callable[[], None] | None = None,
) -> Delivery | None:
    """Push a message or event; None when the app has no callback URL. `fields` keep CreateTime and MsgId on retry."""
    setting = world.callback(app)
    if not setting.url:
        return None

    def make(attempt: Attempt) -> PushRequest:
        return build(world, app, setting, openid, fields, attempt)

    return world.pusher.send(
        describe(fields),
        make,
        SCHEDULE,
        accepted=lambda response: response.status_code == 200,
        family=app.kind,
        replied=replied,
        gave_up=gave_up,
        deadline_seconds=DEADLINE_SECONDS,
    )


def describe(fields: dict[str, Any]) -> str:
    """The label of a push in the journal and in fault plans, such as `event.SCAN` or `text`."""
    kind = str(fields.get("MsgType", ""))
    return f"event.{fields['Event']}" if kind == "event" else kind


def build(
    world: World, app: App, setting: Callback, openid: str, fields: dict[str, Any], attempt: Attempt
) -> PushRequest:
    """One attempt, with its own timestamp, nonce, signature and, when encrypted, random prefix."""
    stamp, nonce = str(int(world.clock.signing_now())), "".join(world.rng.choices(DIGITS, k=10))
    query = {
        "signature": crypt.sign(app.token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": openid,
    }
    content = fields
    if setting.mode in ("aes", "compatible"):
        encrypted = crypt.encrypt(app.aes_key, _render(setting, fields), app.appid, world.rng.randbytes(16))
        query |= {"encrypt_type": "aes", "msg_signature": crypt.sign(app.token, stamp, nonce, encrypted)}
        outer = {"ToUserName": app.original_id, "Encrypt": encrypted}
        content = outer if setting.mode == "aes" else {**fields, **outer}
    if attempt.fault in ("bad_signature", "sign_test"):
        query = {key: _spoil(value) if key.endswith("signature") else value for key, value in query.items()}
    kind = "application/json" if setting.form == "json" else "text/xml"
    return PushRequest(
        "POST",
        str(httpx.URL(setting.url).copy_merge_params(query)),
        {"Content-Type": kind, "User-Agent": "Mozilla/4.0"},
        _render(setting, content).encode(),
    )


def _render(setting: Callback, fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False) if setting.form == "json" else to_xml(fields)


def _spoil(signature: str) -> str:
    return ("1" if signature[0] == "0" else "0") + signature[1:]


def open_reply(world: World, app: App, response: httpx.Response) -> dict[str, Any] | None:
    """The fields of a passive reply, decrypted and verified; None when there is none.

    Raises WireError or CryptError for what the follower would see as a broken service.
    """
    text = response.text.strip()
    if text in ("", "success"):
        return None
    fields = _parse(text)
    if "Encrypt" not in fields:
        if world.callback(app).mode == "aes":
            raise WireError("safe mode wants an encrypted reply")
        return fields
    encrypted = str(fields["Encrypt"])
    expected = crypt.sign(
        app.token, str(fields.get("TimeStamp", "")), str(fields.get("Nonce", "")), encrypted
    )
    if fields.get("MsgSignature") != expected:
        raise crypt.CryptError("the reply's MsgSignature is wrong")
    return _parse(crypt.decrypt(app.aes_key, encrypted, app.appid))


def _parse(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        return from_xml(text)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise WireError("a JSON reply must be an object")
    return fields

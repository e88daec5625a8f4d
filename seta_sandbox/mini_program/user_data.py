"""Data that the mini program's own API hands out encrypted: sealed with the session_key and signed."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.acting import account_of
from seta_sandbox.official_account.programs import mp_of

BLOCK_BITS = 128


def seal(session_key: str, iv: bytes, content: dict[str, Any]) -> str:
    """`encryptedData`: AES-128-CBC with PKCS#7 under the session_key, in base64."""
    padder = padding.PKCS7(BLOCK_BITS).padder()
    plain = padder.update(json.dumps(content, ensure_ascii=False).encode()) + padder.finalize()
    cipher = Cipher(algorithms.AES(base64.b64decode(session_key)), modes.CBC(iv)).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


async def user_data(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`?, `kind`: `profile` or `phone`: encryptedData, iv, rawData and signature under the session_key.

    The consumer must have logged in (a code exchanged at jscode2session).
    """
    app, person, openid = account_of(world, body, MINI_PROGRAM)
    key = mp_of(world).sessions.get((app.appid, openid))
    if key is None:
        raise ControlError("no session; take a `js_code` and exchange it at /sns/jscode2session first")
    kind = str(body.get("kind", "profile"))
    watermark = {"timestamp": world.clock.unix(), "appid": app.appid}
    profile = {
        "nickName": person.name,
        "gender": 0,
        "language": person.language,
        "city": "",
        "province": "",
        "country": "",
        "avatarUrl": "",
    }
    if kind == "phone":
        content: dict[str, Any] = {
            "phoneNumber": person.phone,
            "purePhoneNumber": person.phone,
            "countryCode": "86",
        }
    elif kind == "profile":
        content = {"openId": openid, "unionId": person.unionid, **profile}
    else:
        raise ControlError("kind must be profile or phone")
    raw, iv = json.dumps(profile, ensure_ascii=False, separators=(",", ":")), world.rng.randbytes(16)
    return {
        "encryptedData": seal(key, iv, {**content, "watermark": watermark}),
        "iv": base64.b64encode(iv).decode(),
        "rawData": raw,
        "signature": hashlib.sha1((raw + key).encode()).hexdigest(),
    }


ACTIONS: dict[str, Action] = {"user_data": user_data}

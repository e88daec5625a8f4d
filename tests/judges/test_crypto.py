"""Every published vector, in both directions, between our two implementations and three written by others."""

import json
from pathlib import Path
from typing import Any

import pytest

from seta.platforms.core.msgcrypt import MessageCrypt, signature
from seta_sandbox.kit import crypt as sandbox_crypt
from tests.judges.environment import environment, npm_environment, red, run
from tests.judges.sdks import CALLERS, HERE, NPM_PINS

VECTORS: dict[str, Any] = json.loads((HERE.parent / "vectors" / "wechat.json").read_text())
# Lengths around a block of 16 and of 32, an empty message, Chinese, and what XML must escape.
TEXTS = [
    "",
    "x",
    *("a" * length for length in (11, 12, 13, 27, 28, 29, 43, 44)),
    "您好，米兰 🇮🇹",
    "<a>&]]></a>",
]
KEYS = [
    ("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6"),
    ("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"),
]

pytestmark = pytest.mark.judge


def ours() -> list[dict[str, Any]]:
    """Messages sealed by Seta and by the sandbox."""
    found = []
    for number, text in enumerate(TEXTS):
        for aes_key, receive_id in KEYS:
            common = {"aes_key": aes_key, "receive_id": receive_id, "plain": text}
            name = f"message {number} of {receive_id}"
            seta = MessageCrypt("token", aes_key, receive_id).encrypt(text.encode())
            sandbox = sandbox_crypt.encrypt(aes_key, text, receive_id, bytes(range(16)))
            found += [
                {**common, "name": f"Seta's {name}", "encrypt": seta},
                {**common, "name": f"the sandbox's {name}", "encrypt": sandbox},
            ]
    return found


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    """What the judges open, seal and sign."""
    published = [{**one, "name": f"the published {one['name']}"} for one in VECTORS["seals"]]
    opened = [{**one, "name": f"the published {one['name']}, signed"} for one in VECTORS["opens"]]
    to_seal = [
        {"plain": text, "aes_key": key, "receive_id": owner} for text in TEXTS if text for key, owner in KEYS
    ]
    return {
        "sealed": [*published, *opened, *ours()],
        "signed": opened,
        "signatures": VECTORS["signatures"],
        "pages": VECTORS["pages"],
        "open_data": VECTORS["open_data"],
        "to_seal": to_seal,
    }


def judge(script: str, given: dict[str, Any]) -> dict[str, Any]:
    path = HERE / script
    if path.suffix == ".cjs":
        folder = npm_environment("npm", NPM_PINS)
        return run("node", path, {**given, "folder": str(folder)})
    python: Path = environment("wechatpy", CALLERS["wechatpy 2.0.0a26"].pins)
    return run(python, path, given)


@pytest.mark.parametrize("script", ["wechatpy_crypto.py", "crypto_judges.cjs"])
def test_strangers_open_seal_and_sign_as_we_do(script: str, given: dict[str, Any]) -> None:
    found = judge(script, given)

    print(f"{script}: {len(found['checks'])} checks")
    assert red(found["checks"]) == []
    for one in found["sealed"]:
        text, key, owner = one["plain"], one["aes_key"], one["receive_id"]
        assert MessageCrypt("token", key, owner).decrypt(one["encrypt"]).decode() == text, one["by"]
        assert sandbox_crypt.decrypt(key, one["encrypt"], owner) == text, one["by"]
    assert len(found["sealed"]) >= len(given["to_seal"])


@pytest.mark.parametrize("vector", VECTORS["opens"], ids=lambda vector: vector["name"])
def test_a_published_message_is_signed_and_opened_by_both(vector: dict[str, Any]) -> None:
    token, encrypt = vector["token"], vector["encrypt"]
    parts = (token, vector["timestamp"], vector["nonce"], encrypt)
    crypt = MessageCrypt(token, vector["aes_key"], vector["receive_id"])

    assert signature(*parts) == sandbox_crypt.sign(*parts) == vector["msg_signature"]
    assert crypt.decrypt(encrypt).decode() == vector["plain"]
    assert sandbox_crypt.decrypt(vector["aes_key"], encrypt, vector["receive_id"]) == vector["plain"]


@pytest.mark.parametrize("vector", VECTORS["seals"], ids=lambda vector: vector["name"])
def test_a_published_message_is_sealed_to_the_same_bytes_by_both(vector: dict[str, Any]) -> None:
    key, owner, prefix = vector["aes_key"], vector["receive_id"], vector["random16"].encode()

    seta = MessageCrypt("token", key, owner).encrypt(vector["plain"].encode(), random16=prefix)

    assert seta == sandbox_crypt.encrypt(key, vector["plain"], owner, prefix) == vector["encrypt"]


@pytest.mark.parametrize("vector", VECTORS["signatures"], ids=lambda vector: vector["name"])
def test_a_published_signature_is_made_by_both(vector: dict[str, Any]) -> None:
    assert signature(*vector["parts"]) == sandbox_crypt.sign(*vector["parts"]) == vector["signature"]


def test_what_either_of_us_seals_the_other_opens() -> None:
    for one in ours():
        crypt = MessageCrypt("token", one["aes_key"], one["receive_id"])
        assert crypt.decrypt(one["encrypt"]).decode() == one["plain"]
        assert sandbox_crypt.decrypt(one["aes_key"], one["encrypt"], one["receive_id"]) == one["plain"]

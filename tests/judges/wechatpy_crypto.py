"""wechatpy's own crypto, unmodified, opens and seals what Seta, the sandbox and published vectors give it."""

import json
import sys
from typing import Any

from verdict import Verdicts
from wechatpy.client.api import WeChatJSAPI
from wechatpy.crypto import PrpCrypto, WeChatCrypto, WeChatWxaCrypto
from wechatpy.utils import check_signature

GIVEN: dict[str, Any] = json.loads(sys.argv[1])
verdicts = Verdicts()


def crypt(one: dict[str, Any]) -> PrpCrypto:
    return PrpCrypto(WeChatCrypto("token", one["aes_key"], one["receive_id"]).key)


class Fixed(PrpCrypto):
    """The SDK's cipher with the random prefix of a vector."""

    prefix = ""

    def get_random_string(self) -> str:
        return self.prefix


for sealed in GIVEN["sealed"]:
    verdicts.equal(
        f"wechatpy opens {sealed['name']}", sealed["plain"],
        lambda one=sealed: crypt(one).decrypt(one["encrypt"], one["receive_id"]),
    )  # fmt: skip
    if sealed.get("random16"):
        fixed = Fixed(WeChatCrypto("token", sealed["aes_key"], sealed["receive_id"]).key)
        fixed.prefix = sealed["random16"]
        verdicts.equal(
            f"wechatpy seals {sealed['name']} to the same bytes", sealed["encrypt"].encode(),
            lambda one=sealed, cipher=fixed: cipher.encrypt(one["plain"], one["receive_id"]),
        )  # fmt: skip
for signed in GIVEN["signed"]:
    verdicts.equal(
        f"wechatpy verifies and opens {signed['name']}", signed["plain"],
        lambda one=signed: WeChatCrypto(one["token"], one["aes_key"], one["receive_id"]).decrypt_message(
            {"Encrypt": one["encrypt"]}, one["msg_signature"], one["timestamp"], one["nonce"]
        ),
    )  # fmt: skip
for push in GIVEN["signatures"]:
    token, timestamp, nonce = push["parts"]
    verdicts.equal(
        f"wechatpy accepts the signature of {push['name']}", None,
        lambda one=push, parts=(timestamp, nonce), key=token: check_signature(key, one["signature"], *parts),
    )  # fmt: skip
for page in GIVEN["pages"]:
    verdicts.equal(
        f"wechatpy signs the page {page['url']} alike", page["signature"],
        lambda one=page: WeChatJSAPI(None).get_jsapi_signature(
            one["nonce"], one["ticket"], one["timestamp"], one["url"]
        ),
    )  # fmt: skip
box = GIVEN["open_data"]
verdicts.equal(
    "wechatpy opens the mini program's encryptedData", box["nickname"],
    lambda: WeChatWxaCrypto(box["session_key"], box["iv"], box["appid"]).decrypt_message(
        box["encrypted_data"]
    )["nickName"],
)  # fmt: skip
made = [
    {"by": "wechatpy", **one, "encrypt": crypt(one).encrypt(one["plain"], one["receive_id"]).decode()}
    for one in GIVEN["to_seal"]
]
print(json.dumps({"checks": verdicts.checks, "sealed": made}, ensure_ascii=False))

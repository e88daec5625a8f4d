"""What WeChat Pay adds to the exported config.json."""

from typing import Any

from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay.door import keys_of


def export(world: World) -> dict[str, dict[str, Any]]:
    """The key `wechat`: the merchant's identity and every key, with the primary mini program as its app."""
    known = keys_of(world)
    appid = world.app(MINI_PROGRAM).appid
    return {
        "wechat": {
            "mchid": known.mchid,
            "sub_mchid": known.sub_mchid,
            "appid": appid,
            "openid": world.people[0].openids[appid],
            "apiv3_key": known.apiv3_key,
            "apiv2_key": known.apiv2_key,
            "merchant_serial": known.merchant.serial,
            "merchant_private_key": known.merchant.private_pem,
            "merchant_cert": known.merchant.certificate_pem,
            "platform_serial": known.platform.serial,
            "platform_cert": known.platform.certificate_pem,
            "public_key_id": known.public_key_id,
            "public_key": known.public_key_pem,
        }
    }

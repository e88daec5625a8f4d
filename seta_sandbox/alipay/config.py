"""What Alipay and Antom add to the exported config.json."""

from typing import Any

from seta_sandbox.alipay.gateway import keys_of
from seta_sandbox.alipay.keys import APP, PLATFORM
from seta_sandbox.antom.config import export as antom_export
from seta_sandbox.kit.world import World


def export(world: World) -> dict[str, dict[str, Any]]:
    """The key `alipay` with the application's key pair and Alipay's public key, and the key `antom`."""
    known = keys_of(world)
    return {
        "alipay": {
            "appid": known.appid,
            "app_private_key": world.keys.private_pem(APP, pkcs1=True),
            "app_public_key": world.keys.public_pem(APP),
            "alipay_public_key": world.keys.public_pem(PLATFORM),
            "seller_id": known.seller_id,
            "app_cert": known.certificates.app,
            "alipay_cert": known.certificates.platform,
            "alipay_root_cert": known.certificates.root,
        },
        **antom_export(world),
    }

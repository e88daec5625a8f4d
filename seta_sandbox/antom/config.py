"""What Antom adds to the exported config.json: a client and the key pairs."""

from typing import Any

from seta_sandbox.antom.door import CLIENT, PLATFORM, client_id, merchant_id
from seta_sandbox.kit.world import World


def export(world: World) -> dict[str, dict[str, Any]]:
    """The key `antom`; the private key is PKCS#1, as its SDK wants."""
    return {
        "antom": {
            "client_id": client_id(world),
            "merchant_id": merchant_id(world),
            "private_key": world.keys.private_pem(CLIENT, pkcs1=True),
            "public_key": world.keys.public_pem(CLIENT),
            "antom_public_key": world.keys.public_pem(PLATFORM),
        }
    }

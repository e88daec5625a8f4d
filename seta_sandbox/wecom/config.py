"""What WeCom adds to the exported config.json."""

from typing import Any

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.state import wecom_of

APPLICATIONS = ("agent", "contact", "archive")
AGENTID = 1000002


def export(world: World) -> dict[str, dict[str, Any]]:
    """The corporation's ids, one secret for each of its applications, and the archive's private key."""
    corp = world.app(WECOM)
    version = wecom_of(world).publickey_ver
    return {
        "wecom": {
            "corpid": corp.appid,
            "agent_secret": secret(world, "agent"),
            "contact_secret": secret(world, "contact"),
            "archive_secret": secret(world, "archive"),
            "agentid": AGENTID,
            "userid": wecom_of(world).members[0].userid,
            "userids": [member.userid for member in wecom_of(world).members],
            "external_userid": world.people[0].external_userid,
            "token": corp.token,
            "aes_key": corp.aes_key,
            "archive_private_key": world.keys.private_pem(archive_key(version)),
            "archive_publickey_ver": version,
        }
    }


def secret(world: World, application: str) -> str:
    """The secret of one application: `agent`, `contact` or `archive`."""
    return world.keys.secret(f"wecom/secret/{application}", 43)


def archive_key(version: int) -> str:
    """The keyring's name of the archive key of a `publickey_ver`."""
    return f"wecom.archive.{version}"

"""The phone's control action: where its network leads."""

from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import Action, World
from seta_sandbox.phone.memory import network_of


async def phone(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`request_base`: the server behind the mini program's request domains; `domains`: those domains."""
    network = network_of(world)
    base = str(body.get("request_base", network.request_base)).rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise ControlError("request_base must be an http or https address such as http://127.0.0.1:8800")
    domains = body.get("domains", list(network.domains))
    if not isinstance(domains, list) or not all(isinstance(name, str) and name for name in domains):
        raise ControlError("domains must be a list of host names")
    network.request_base, network.domains = base, tuple(domains)
    return {"request_base": base, "domains": list(network.domains)}


ACTIONS: dict[str, Action] = {"phone": phone}

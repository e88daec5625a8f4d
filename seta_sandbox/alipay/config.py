"""What the family adds to the exported config.json."""

from typing import Any

from seta_sandbox.kit.world import World


def export(world: World) -> dict[str, dict[str, Any]]:
    """Top-level config keys of this family."""
    return {}

"""The family's control actions."""

from seta_sandbox.kit.world import Action

ACTIONS: dict[str, Action] = {}

"""Antom's own control actions: none, the payment families share theirs in `seta_sandbox.wechatpay.actions`."""

from seta_sandbox.kit.world import Action

ACTIONS: dict[str, Action] = {}

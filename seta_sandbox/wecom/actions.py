"""Every control action of WeCom's people and console, by name."""

from seta_sandbox.kit.world import Action
from seta_sandbox.wecom import (
    chat_actions,
    console_actions,
    contact_actions,
    message_actions,
    outreach_actions,
)

ACTIONS: dict[str, Action] = {
    **contact_actions.ACTIONS,
    **message_actions.ACTIONS,
    **outreach_actions.ACTIONS,
    **chat_actions.ACTIONS,
    **console_actions.ACTIONS,
}

"""The verbs of webhooks: open an address, keep what it is to hear, bring it, and bring it again."""

from seta.webhooks.operations.endpoints import (
    change_facts,
    open_endpoint,
    reseal,
    rotate_secret,
    switch,
)
from seta.webhooks.operations.enlisting import enlist, ping, redeliver, redeliver_range
from seta.webhooks.operations.sending import deliver_due, forget_old

__all__ = [
    "change_facts",
    "deliver_due",
    "enlist",
    "forget_old",
    "open_endpoint",
    "ping",
    "redeliver",
    "redeliver_range",
    "reseal",
    "rotate_secret",
    "switch",
]

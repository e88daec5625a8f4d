"""The verbs of loyalty: rules go live by two people, deeds are entered once, refunds take back, people stay whole."""

from seta.loyalty.operations.entering import (
    enter_deeds,
    erase_person,
    note_workshop,
    repoint_person,
    take_back,
)
from seta.loyalty.operations.ruling import propose_rules, put_live, withdraw_rules

__all__ = [
    "enter_deeds",
    "erase_person",
    "note_workshop",
    "propose_rules",
    "put_live",
    "repoint_person",
    "take_back",
    "withdraw_rules",
]

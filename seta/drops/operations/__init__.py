"""The verbs of drops: plan, open, pause and close; reserve, wait, claim, pay and lapse."""

from seta.drops.operations.control import close_drop, open_drop, pause_drop, plan_drop
from seta.drops.operations.holding import claim, join_line, lapse, on_order_paid, repoint_person
from seta.drops.operations.reserving import Asker, Batch, add_tallies, reserve_many, tell_pieces

__all__ = [
    "Asker",
    "Batch",
    "add_tallies",
    "claim",
    "close_drop",
    "join_line",
    "lapse",
    "on_order_paid",
    "open_drop",
    "pause_drop",
    "plan_drop",
    "repoint_person",
    "reserve_many",
    "tell_pieces",
]

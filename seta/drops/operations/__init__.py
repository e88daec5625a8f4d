"""The verbs of drops: plan, invite, open and close; enter and draw; reserve, wait, claim, pay and lapse."""

from seta.drops.operations.control import close_drop, keep_time, open_drop, pause_drop, plan_drop
from seta.drops.operations.drawing import draw_due, enter_draw, reseal_seeds, run_draw, withdraw_entry
from seta.drops.operations.holding import claim, on_order_paid
from seta.drops.operations.inviting import allocate, invite, name_client, uninvite
from seta.drops.operations.line import join_line, lapse
from seta.drops.operations.merging import repoint_person
from seta.drops.operations.reserving import Asker, Batch, add_tallies, holders, reserve_many, tell_pieces
from seta.drops.operations.screening import decide_screening
from seta.drops.operations.telling import tell_decided, tell_offered
from seta.drops.operations.tickets import (
    TicketCard,
    issue_ticket,
    on_purchase,
    on_visit,
    register,
    ticket_key,
)

__all__ = [
    "Asker",
    "Batch",
    "TicketCard",
    "add_tallies",
    "allocate",
    "claim",
    "close_drop",
    "decide_screening",
    "draw_due",
    "enter_draw",
    "holders",
    "invite",
    "issue_ticket",
    "join_line",
    "keep_time",
    "lapse",
    "name_client",
    "on_order_paid",
    "on_purchase",
    "on_visit",
    "open_drop",
    "pause_drop",
    "plan_drop",
    "register",
    "repoint_person",
    "reseal_seeds",
    "reserve_many",
    "run_draw",
    "tell_decided",
    "tell_offered",
    "tell_pieces",
    "ticket_key",
    "uninvite",
    "withdraw_entry",
]

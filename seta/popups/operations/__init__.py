"""The verbs of pop-ups: plan, change, cancel, open, close, visit, order, and tell whose order is unfinished."""

from seta.popups.operations.noting import (
    note_visit,
    on_order_paid,
    on_order_refunded,
    on_session_started,
    repoint_person,
)
from seta.popups.operations.ordering import order_pieces
from seta.popups.operations.planning import cancel_popup, change_popup, plan_popup, set_cover
from seta.popups.operations.running import close_popup, keep_time, open_popup, tell_unfinished

__all__ = [
    "cancel_popup",
    "change_popup",
    "close_popup",
    "keep_time",
    "note_visit",
    "on_order_paid",
    "on_order_refunded",
    "on_session_started",
    "open_popup",
    "order_pieces",
    "plan_popup",
    "repoint_person",
    "set_cover",
    "tell_unfinished",
]

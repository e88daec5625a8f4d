"""What is done with consultations: book, tell, hold, record, close."""

from seta.consultations.operations.asking import book_by_client, set_hours, tell_associate
from seta.consultations.operations.booking import book, cancel, cancel_by_client, move
from seta.consultations.operations.calls import (
    close_due,
    hang_up,
    note_connected,
    report_quality,
    show_card,
)
from seta.consultations.operations.inviting import (
    remind,
    repoint_person,
    send_cancellation,
    send_change,
    send_invitation,
)
from seta.consultations.operations.recording import (
    add_piece,
    answer,
    forget_due,
    open_recording,
    start,
    stop,
)
from seta.consultations.operations.rooms import (
    announce_listener,
    enter,
    leave,
    read_signals,
    send_signal,
)

__all__ = [
    "add_piece",
    "announce_listener",
    "answer",
    "book",
    "book_by_client",
    "cancel",
    "cancel_by_client",
    "close_due",
    "enter",
    "forget_due",
    "hang_up",
    "leave",
    "move",
    "note_connected",
    "open_recording",
    "read_signals",
    "remind",
    "repoint_person",
    "report_quality",
    "send_cancellation",
    "send_change",
    "send_invitation",
    "send_signal",
    "set_hours",
    "show_card",
    "start",
    "stop",
    "tell_associate",
]

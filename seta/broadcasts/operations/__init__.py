"""Everything broadcasts do: written, approved by a second person, sent once at their time, followed to their report."""

from seta.broadcasts.operations.sending import advance_due, hear_report
from seta.broadcasts.operations.writing import (
    Wish,
    approve_broadcast,
    cancel_broadcast,
    preview_broadcast,
    return_broadcast,
    submit_broadcast,
    write_broadcast,
)

__all__ = [
    "Wish",
    "advance_due",
    "approve_broadcast",
    "cancel_broadcast",
    "hear_report",
    "preview_broadcast",
    "return_broadcast",
    "submit_broadcast",
    "write_broadcast",
]

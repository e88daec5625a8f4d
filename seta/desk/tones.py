"""The tone that a page shows a code in, whatever the language."""

from collections.abc import Mapping

TONE: Mapping[str, frozenset[str]] = {
    "ok": frozenset(
        [
            "paid",
            "ready",
            "succeeded",
            "done",
            "approved",
            "confirmed",
            "attended",
            "sent",
            "closed",
            "reviewed",
            "H",
            "Agree",
            "Default_Agree",
            "delivered",
            "handed_over",
            "issued",
            "bought",
            "ordered",
        ]
    ),
    "warn": frozenset(
        [
            "placed",
            "processing",
            "requires_action",
            "unknown",
            "partly_refunded",
            "waiting",
            "prepared",
            "released",
            "claimed",
            "medium",
            "M",
            "paused",
            "held",
            "queued",
            "pending_funds",
            "to_approve",
            "requested",
            "review",
            "altered",
            "out_of_force",
            "unreadable",
            "Unasked",
            "reserved",
            "to_prepare",
            "shipped",
            "asked",
            "accepted",
            "received",
            "under_way",
            "to_withdraw",
            "tried",
        ]
    ),
    "bad": frozenset(
        [
            "failed",
            "returned",
            "negative",
            "high",
            "critical",
            "abnormal",
            "rejected",
            "declined",
            "reversed",
            "L",
            "Disagree",
            "true_positive",
            "unapproved",
            "overdue",
            "lapsed",
        ]
    ),
}
"""Codes that deserve a colour (with its sign); all others stay plain."""


def tone(code: str) -> str:
    """The class of a tag for a code: ok, warn, bad or none."""
    return next((name for name, codes in TONE.items() if code in codes), "")

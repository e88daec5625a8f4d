"""What WeCom lets a house do when clients pass from one associate to another."""

from collections.abc import Mapping
from datetime import timedelta

TAKES_EFFECT = timedelta(hours=24)
A_CALL_MAX = 100
IN_SERVICE_MAX, IN_SERVICE_WINDOW = 2, timedelta(days=90)
RESIGNED_WITHIN = timedelta(days=365)
REASON_CHARS_MAX = 200

ANSWERS: Mapping[int, str] = {
    40096: "unknown_client",
    40097: "has_not_left",
    40128: "too_often",
    40129: "already_waiting",
    40131: "not_theirs",
}
"""Errcodes of transfer_customer by what they say (developer.work.weixin.qq.com documents 92125 and 94081)."""


def may_hand_in_service(transfers: int) -> bool:
    """Whether a client may be handed over once more while their associate is there: twice in 90 days at most."""
    return transfers < IN_SERVICE_MAX

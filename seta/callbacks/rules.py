"""What a push must satisfy before it is believed; pure, so that every refusal can be shown by example."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from seta.kit.limits import CALLBACK_AGE_SECONDS_MAX

Answer = str | None
"""A passive reply as plain XML, or None for an empty acknowledgement."""


class Reason(StrEnum):
    """Why a push was turned away."""

    UNKNOWN_ACCOUNT = "unknown_account"
    BAD_SIGNATURE = "bad_signature"
    TOO_OLD = "too_old"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    OTHER_RECEIVER = "other_receiver"
    UNKNOWN_KIND = "unknown_kind"
    BUSY = "busy"


class Refused(Exception):
    """A push that must not be believed; `reason` goes to the log, never to the sender."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Verified:
    """A push that its platform vouches for; `body` is the plain text that is kept."""

    source: str
    external_id: str
    kind: str
    fields: Mapping[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Inbound:
    """A push on its way to its handler.

    `callback_id` tells the pushes of a batch apart; it is the number of the kept row only when a push that failed
    at first is finished later.
    """

    callback_id: int
    house_id: int
    account_id: int
    app_id: str
    source: str
    external_id: str
    kind: str
    fields: Mapping[str, Any]
    received_at: datetime


Handler = Callable[[Sequence[Inbound], datetime], Sequence[Answer]]
"""Takes pushes of one kind and gives an answer for each, inside the transaction that keeps them."""


@dataclass(frozen=True)
class CallbackTable:
    """Who handles which push, by (source, kind).

    `insisting` names the sources whose pushes are refused when their handler fails, so that the platform sends them
    again; others are acknowledged and finished later, and `answer_late` is then given the answer to pass on.
    """

    handlers: Mapping[tuple[str, str], Handler]
    insisting: frozenset[str] = frozenset({"wechatpay", "alipay"})
    answer_late: Callable[[Inbound, str, datetime], None] | None = None

    def find(self, source: str, kind: str) -> Handler | None:
        """The handler of a kind; `event.*` catches events of a source that nobody names."""
        return self.handlers.get((source, kind))


def check_age(timestamp: str, now: datetime) -> None:
    """Refuse a push whose timestamp (Unix seconds) is more than five minutes away from `now`."""
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise Refused(Reason.TOO_OLD, "no timestamp")
    if abs(now.timestamp() - int(timestamp)) > CALLBACK_AGE_SECONDS_MAX:
        raise Refused(Reason.TOO_OLD, f"timestamp {timestamp}")

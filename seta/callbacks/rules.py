"""What a push must satisfy before it is believed; pure, so that every refusal can be shown by example."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from seta.kit.limits import CALLBACK_AGE_SECONDS_MAX

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

EXTERNAL_ID_CHARACTERS_MAX = 160
SENDER_CHARACTERS_MAX = 128
TIMESTAMP_DIGITS_MAX = 12

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
    insisting: frozenset[str] = frozenset({"wechatpay", "alipay", "antom"})
    answer_late: Callable[[Inbound, str, datetime], None] | None = None

    def find(self, source: str, kind: str) -> Handler | None:
        """The handler of a kind; `event.*` catches events of a source that nobody names."""
        return self.handlers.get((source, kind))


def check_age(timestamp: str, now: datetime) -> None:
    """Refuse a push whose timestamp (Unix seconds) is more than five minutes away from `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_DIGITS_MAX):
        raise Refused(Reason.TOO_OLD, "no timestamp")
    if abs(now.timestamp() - int(timestamp)) > CALLBACK_AGE_SECONDS_MAX:
        raise Refused(Reason.TOO_OLD, f"timestamp {timestamp}")


def external_id_of(given: str) -> str:
    """A platform's identity of a push in the length that is kept.

    An event is known by its key among others, which for a menu's link is the whole address: what is longer keeps its
    beginning and ends in the digest of all of it.
    """
    if len(given) <= EXTERNAL_ID_CHARACTERS_MAX:
        return given
    digest = sha256(given.encode()).hexdigest()
    return f"{given[: EXTERNAL_ID_CHARACTERS_MAX - len(digest) - 1]}:{digest}"


def check_sender(sender: str) -> None:
    """Refuse a message of nobody, or of a name that no platform gives."""
    if not 1 <= len(sender) <= SENDER_CHARACTERS_MAX:
        raise Refused(Reason.UNREADABLE, "sender")


def check_storable(fields: Any) -> None:
    """Refuse text that a database cannot hold: NUL and halves of surrogate pairs, which JSON can spell.

    XML cannot carry either, so that only JSON bodies need to be looked through.
    """
    waiting = [fields]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and _UNSTORABLE.search(value):
            raise Refused(Reason.UNREADABLE, "text with NUL or half a character")

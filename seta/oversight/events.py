"""What oversight makes known: by ids and plain values, never by the words of a message."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ArchiveAnnounced(Fact):
    """WeCom says that new records wait in the archive; the worker then pulls them."""

    name: ClassVar[str] = "oversight.archive.announced"
    account_id: int


@dataclass(frozen=True, kw_only=True)
class ArchiveLagging(Fact):
    """The archive has not caught up for `hours`, and WeCom drops what is older than five days."""

    name: ClassVar[str] = "oversight.archive.lagging"
    account_id: int
    hours: int


@dataclass(frozen=True, kw_only=True)
class MessageArchived(Fact):
    """A message was opened, judged and kept; `sender_role` is sa or client."""

    name: ClassVar[str] = "oversight.message.archived"
    message_id: int
    userid: str
    sender_role: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class AlertOpened(Fact):
    """Policy found something in an archived message that a person must judge."""

    name: ClassVar[str] = "oversight.alert.opened"
    alert_id: int
    message_id: int
    rule: str
    severity: str
    userid: str


@dataclass(frozen=True, kw_only=True)
class AlertReviewed(Fact):
    """A reviewer judged an alert: true_positive, false_positive or benign_context."""

    name: ClassVar[str] = "oversight.alert.reviewed"
    alert_id: int
    rule: str
    severity: str
    verdict: str
    userid: str

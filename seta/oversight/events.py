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
class TalkArchived(Fact):
    """Messages of an associate were opened, judged and kept together: how many of either side, with how many clients.

    It happened when the last of them was said. Each message by itself stands in the archive and in its log.
    """

    name: ClassVar[str] = "oversight.talk.archived"
    account_id: int
    userid: str
    from_associate: int
    from_clients: int
    clients: int


@dataclass(frozen=True, kw_only=True)
class MediaKept(Fact):
    """A file of an archived message was fetched and sealed; `kind` is image, voice, video, file and the like."""

    name: ClassVar[str] = "oversight.media.kept"
    media_id: int
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


@dataclass(frozen=True, kw_only=True)
class LogCheckAsked(Fact):
    """Somebody wants a house's whole log checked; the worker does it."""

    name: ClassVar[str] = "oversight.log.check_asked"
    check_id: int


@dataclass(frozen=True, kw_only=True)
class ExportApproved(Fact):
    """A second member approved an export of evidence; the worker makes the bundle."""

    name: ClassVar[str] = "oversight.export.approved"
    export_id: int


@dataclass(frozen=True, kw_only=True)
class DisposalApproved(Fact):
    """A second member approved that bodies past their age are destroyed; the worker does it."""

    name: ClassVar[str] = "oversight.disposal.approved"
    run_id: int


@dataclass(frozen=True, kw_only=True)
class AlertReopened(Fact):
    """A verdict given in bulk was taken back; the alert waits again."""

    name: ClassVar[str] = "oversight.alert.reopened"
    alert_id: int
    rule: str
    severity: str


@dataclass(frozen=True, kw_only=True)
class AlertBreached(Fact):
    """Nobody judged an alert in the time its rule gives."""

    name: ClassVar[str] = "oversight.alert.breached"
    alert_id: int
    rule: str
    severity: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class AlertEscalated(Fact):
    """An alert was passed up, by a reviewer or because it was late; `owner_id` holds it now, when there is an owner."""

    name: ClassVar[str] = "oversight.alert.escalated"
    alert_id: int
    rule: str
    severity: str
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class RuleDemoted(Fact):
    """A rule broke its budget and runs in shadow now: too_many_alerts or too_imprecise."""

    name: ClassVar[str] = "oversight.rule.demoted"
    rule: str
    why: str
    alerts: int
    messages: int
    right: int
    judged: int
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class SampleDrawn(Fact):
    """Messages or readings were drawn for review by a seed from the audit log."""

    name: ClassVar[str] = "oversight.sample.drawn"
    draw_id: int
    kind: str
    population: int
    drawn: int

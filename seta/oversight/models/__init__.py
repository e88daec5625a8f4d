"""What the archive holds, what policy found in it, who looked, and the log that proves it."""

from seta.oversight.models.archive import (
    Agreement,
    ArchivedMessage,
    ArchiveGap,
    ArchiveMedia,
    BodyKey,
    PullCursor,
    RawRecord,
)
from seta.oversight.models.audit import AuditEvent
from seta.oversight.models.policy import HouseList, HousePolicy, PolicyRelease, RuleSetting
from seta.oversight.models.review import Alert, Hit, Review

__all__ = [
    "Agreement",
    "Alert",
    "ArchiveGap",
    "ArchiveMedia",
    "ArchivedMessage",
    "AuditEvent",
    "BodyKey",
    "Hit",
    "HouseList",
    "HousePolicy",
    "PolicyRelease",
    "PullCursor",
    "RawRecord",
    "Review",
    "RuleSetting",
]

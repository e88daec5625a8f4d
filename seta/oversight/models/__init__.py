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
from seta.oversight.models.audit import (
    AuditEvent,
    HeadKey,
    LogCheck,
    Subtree,
    TreeHead,
    Witness,
    WitnessedHead,
    WitnessedLog,
    WitnessSignature,
)
from seta.oversight.models.policy import HouseList, HousePolicy, PolicyRelease, RuleSetting
from seta.oversight.models.retention import (
    DisposalCertificate,
    DisposalRun,
    ExportRequest,
    LegalHold,
    RetentionRule,
)
from seta.oversight.models.review import Alert, Hit, Review
from seta.oversight.models.search import ArchiveSearch

__all__ = [
    "Agreement",
    "Alert",
    "ArchiveGap",
    "ArchiveMedia",
    "ArchiveSearch",
    "ArchivedMessage",
    "AuditEvent",
    "BodyKey",
    "DisposalCertificate",
    "DisposalRun",
    "ExportRequest",
    "HeadKey",
    "Hit",
    "HouseList",
    "HousePolicy",
    "LegalHold",
    "LogCheck",
    "PolicyRelease",
    "PullCursor",
    "RawRecord",
    "RetentionRule",
    "Review",
    "RuleSetting",
    "Subtree",
    "TreeHead",
    "Witness",
    "WitnessSignature",
    "WitnessedHead",
    "WitnessedLog",
]

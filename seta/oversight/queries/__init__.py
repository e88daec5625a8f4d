"""What others may know of oversight: the queue, one alert in its conversation, coverage, health, proof.

Views that hold the words of a conversation are opened through operations, which log who read them and why.
"""

from seta.oversight.queries.archive import (
    ArchiveHealth,
    ConversationRow,
    Coverage,
    DeadLetter,
    agreement_status,
    archive_health,
    archived_msgids,
    conversations,
    coverage,
    dead_letters,
)
from seta.oversight.queries.audit import (
    AuditRow,
    audit_log,
    verify_audit,
)
from seta.oversight.queries.review import (
    AlertRow,
    AlertTotals,
    AlertView,
    ConversationView,
    RuleRow,
    advice,
    alert_totals,
    alert_view,
    alerts,
    conversation_digest,
    conversation_view,
    rules_table,
)
from seta.oversight.queries.words import (
    MessageView,
)

__all__ = [
    "AlertRow",
    "AlertTotals",
    "AlertView",
    "ArchiveHealth",
    "AuditRow",
    "ConversationRow",
    "ConversationView",
    "Coverage",
    "DeadLetter",
    "MessageView",
    "RuleRow",
    "advice",
    "agreement_status",
    "alert_totals",
    "alert_view",
    "alerts",
    "archive_health",
    "archived_msgids",
    "audit_log",
    "conversation_digest",
    "conversation_view",
    "conversations",
    "coverage",
    "dead_letters",
    "rules_table",
    "verify_audit",
]

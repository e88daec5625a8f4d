"""Everything oversight does: asked before sending, pulling the archive, reviewing, forgetting."""

from seta.oversight.operations.agreements import (
    expect_agreement,
    record_agreement,
    refresh_agreements,
    sweep_agreements,
)
from seta.oversight.operations.archive import (
    PullReport,
    on_archive_announced,
    on_archive_notice,
    pull_archive,
    retry_dead,
    sweep_archives,
)
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.people import destroy_bodies, repoint_person
from seta.oversight.operations.reviewing import (
    claim_alert,
    open_alert,
    read_conversation,
    read_own_conversation,
    release_alert,
    review_alert,
)
from seta.oversight.operations.scanning import ScanError, run_policy_tests, scan_file
from seta.oversight.operations.sending import clear_to_send

__all__ = [
    "PullReport",
    "ScanError",
    "append_audit",
    "claim_alert",
    "clear_to_send",
    "destroy_bodies",
    "expect_agreement",
    "on_archive_announced",
    "on_archive_notice",
    "open_alert",
    "pull_archive",
    "read_conversation",
    "read_own_conversation",
    "record_agreement",
    "refresh_agreements",
    "release_alert",
    "repoint_person",
    "retry_dead",
    "review_alert",
    "run_policy_tests",
    "scan_file",
    "sweep_agreements",
    "sweep_archives",
]

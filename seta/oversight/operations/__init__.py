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
from seta.oversight.operations.assigning import (
    assign_waiting,
    plan_queue,
    sweep_deadlines,
)
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.exporting import (
    approve_export,
    ask_export,
    decline_export,
    forget_old_bundles,
    on_export_approved,
    take_bundle,
)
from seta.oversight.operations.heads import (
    ask_log_check,
    on_log_check_asked,
    rotate_head_key,
    sign_head,
    sweep_heads,
)
from seta.oversight.operations.people import destroy_bodies, repoint_person
from seta.oversight.operations.readings import (
    coach,
    open_alert,
    open_excerpts,
    open_sampled,
    read_conversation,
    read_own_conversation,
    reveal_names,
    see_coaching,
)
from seta.oversight.operations.retention import (
    approve_disposal,
    ask_disposal,
    decline_disposal,
    on_disposal_approved,
    place_hold,
    release_hold,
    set_retention,
)
from seta.oversight.operations.reviewing import (
    assign_alert,
    claim_alert,
    close_many,
    escalate_alert,
    release_alert,
    review_alert,
    undo_bulk,
)
from seta.oversight.operations.rights import (
    refuse_entry,
)
from seta.oversight.operations.sampling import (
    draw_due,
    draw_sample,
    find_in_sample,
)
from seta.oversight.operations.scanning import ScanError, run_policy_tests, scan_file
from seta.oversight.operations.sending import clear_to_send
from seta.oversight.operations.shadow import (
    ask_mode,
    decide_mode,
    demote_overspent,
    judge_trial_hit,
    note_shadow_hits,
    try_rule,
)
from seta.oversight.operations.witnessing import add_witness, admit_log, remove_witness, send_heads

__all__ = [
    "PullReport",
    "ScanError",
    "add_witness",
    "admit_log",
    "append_audit",
    "approve_disposal",
    "approve_export",
    "ask_disposal",
    "ask_export",
    "ask_log_check",
    "ask_mode",
    "assign_alert",
    "assign_waiting",
    "claim_alert",
    "clear_to_send",
    "close_many",
    "coach",
    "decide_mode",
    "decline_disposal",
    "decline_export",
    "demote_overspent",
    "destroy_bodies",
    "draw_due",
    "draw_sample",
    "escalate_alert",
    "expect_agreement",
    "find_in_sample",
    "forget_old_bundles",
    "judge_trial_hit",
    "note_shadow_hits",
    "on_archive_announced",
    "on_archive_notice",
    "on_disposal_approved",
    "on_export_approved",
    "on_log_check_asked",
    "open_alert",
    "open_excerpts",
    "open_sampled",
    "place_hold",
    "plan_queue",
    "pull_archive",
    "read_conversation",
    "read_own_conversation",
    "record_agreement",
    "refresh_agreements",
    "refuse_entry",
    "release_alert",
    "release_hold",
    "remove_witness",
    "repoint_person",
    "retry_dead",
    "reveal_names",
    "review_alert",
    "rotate_head_key",
    "run_policy_tests",
    "scan_file",
    "see_coaching",
    "send_heads",
    "set_retention",
    "sign_head",
    "sweep_agreements",
    "sweep_archives",
    "sweep_deadlines",
    "sweep_heads",
    "take_bundle",
    "try_rule",
    "undo_bulk",
]

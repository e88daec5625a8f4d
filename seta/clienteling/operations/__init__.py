"""Everything associates do with clients, and what the worker does for them."""

from seta.clienteling.operations.book import (
    ClientSeen,
    assign_client,
    enrol_associate,
    index_names,
    open_client,
    open_conversation,
    refresh_names,
    repoint_person,
    update_client,
)
from seta.clienteling.operations.contacting import (
    must_be_contactable,
    note_contact,
    set_blackout,
)
from seta.clienteling.operations.contacts import (
    ContactWayCard,
    create_contact_way,
    enrich_contact,
    greet_contact,
    on_agreement,
    on_contact_added,
    on_contact_lost,
)
from seta.clienteling.operations.credits import (
    credit_refund,
    credit_sale,
)
from seta.clienteling.operations.disputes import (
    decide_dispute,
    open_dispute,
    set_attribution,
    withdraw_dispute,
)
from seta.clienteling.operations.followups import (
    add_follow_up,
    finish_follow_up,
    plan_arrival,
    plan_birthdays,
    plan_thanks,
    set_playbook,
    write_follow_up,
)
from seta.clienteling.operations.handover import (
    on_transfer_failed,
    poll_handovers,
    start_handover,
)
from seta.clienteling.operations.importing import (
    ImportReport,
    export_book,
    import_clients,
    template,
)
from seta.clienteling.operations.profile import (
    add_piece,
    add_wish,
    forget_date,
    forget_preference,
    keep_date,
    keep_preference,
    keep_size,
    note_consent,
    remove_note,
    remove_piece,
    remove_wish,
    write_note,
)
from seta.clienteling.operations.reminders import (
    remind_tasks,
)
from seta.clienteling.operations.shares import (
    ShareCard,
    approve_product,
    share_product,
)
from seta.clienteling.operations.showing import (
    check_archive,
    check_moments,
    check_picture,
    sweep_archived_content,
    sweep_moments,
)
from seta.clienteling.operations.timeline import (
    empty_wardrobe,
    fill_wardrobe,
    note_fact,
    watch_wishes,
)

__all__ = [
    "ClientSeen",
    "ContactWayCard",
    "ImportReport",
    "ShareCard",
    "add_follow_up",
    "add_piece",
    "add_wish",
    "approve_product",
    "assign_client",
    "check_archive",
    "check_moments",
    "check_picture",
    "create_contact_way",
    "credit_refund",
    "credit_sale",
    "decide_dispute",
    "empty_wardrobe",
    "enrich_contact",
    "enrol_associate",
    "export_book",
    "fill_wardrobe",
    "finish_follow_up",
    "forget_date",
    "forget_preference",
    "greet_contact",
    "import_clients",
    "index_names",
    "keep_date",
    "keep_preference",
    "keep_size",
    "must_be_contactable",
    "note_consent",
    "note_contact",
    "note_fact",
    "on_agreement",
    "on_contact_added",
    "on_contact_lost",
    "on_transfer_failed",
    "open_client",
    "open_conversation",
    "open_dispute",
    "plan_arrival",
    "plan_birthdays",
    "plan_thanks",
    "poll_handovers",
    "refresh_names",
    "remind_tasks",
    "remove_note",
    "remove_piece",
    "remove_wish",
    "repoint_person",
    "set_attribution",
    "set_blackout",
    "set_playbook",
    "share_product",
    "start_handover",
    "sweep_archived_content",
    "sweep_moments",
    "template",
    "update_client",
    "watch_wishes",
    "withdraw_dispute",
    "write_follow_up",
    "write_note",
]

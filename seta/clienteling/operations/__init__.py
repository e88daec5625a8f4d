"""Everything associates do with clients, and what the worker does for them."""

from seta.clienteling.operations.book import (
    ClientSeen,
    assign_client,
    enrol_associate,
    open_client,
    open_conversation,
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
    plan_thanks,
)
from seta.clienteling.operations.shares import (
    ShareCard,
    approve_product,
    share_product,
)

__all__ = [
    "ClientSeen",
    "ContactWayCard",
    "ShareCard",
    "add_follow_up",
    "approve_product",
    "assign_client",
    "create_contact_way",
    "credit_refund",
    "credit_sale",
    "decide_dispute",
    "enrich_contact",
    "enrol_associate",
    "finish_follow_up",
    "greet_contact",
    "must_be_contactable",
    "note_contact",
    "on_agreement",
    "on_contact_added",
    "on_contact_lost",
    "open_client",
    "open_conversation",
    "open_dispute",
    "plan_thanks",
    "repoint_person",
    "set_attribution",
    "set_blackout",
    "share_product",
    "update_client",
    "withdraw_dispute",
]

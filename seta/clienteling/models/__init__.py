"""Associates, their client book, what they know of a client, their tasks, shares, sales and hand-overs."""

from seta.clienteling.models.associates import (
    Associate,
    ContactWay,
)
from seta.clienteling.models.book import (
    ClientBookEntry,
)
from seta.clienteling.models.content import (
    ProductShare,
)
from seta.clienteling.models.handover import (
    Handover,
    HandoverClient,
)
from seta.clienteling.models.outreach import (
    ClientTag,
    MessageDraft,
    Outreach,
    OutreachResult,
    OutreachSender,
    SceneWelcome,
)
from seta.clienteling.models.profile import (
    ClientNote,
    ClientProfile,
    ClientSize,
    ImportantDate,
    Preference,
    TimelineEntry,
    WardrobeItem,
    WishlistItem,
)
from seta.clienteling.models.sales import (
    AttributionPolicy,
    CommissionDispute,
    CommissionEntry,
    CommissionShare,
    SaleCredit,
    SaleReturn,
)
from seta.clienteling.models.tasks import (
    BlackoutPolicy,
    ContactMade,
    FollowUp,
    Playbook,
    PlaybookStep,
)

__all__ = [
    "Associate",
    "AttributionPolicy",
    "BlackoutPolicy",
    "ClientBookEntry",
    "ClientNote",
    "ClientProfile",
    "ClientSize",
    "ClientTag",
    "CommissionDispute",
    "CommissionEntry",
    "CommissionShare",
    "ContactMade",
    "ContactWay",
    "FollowUp",
    "Handover",
    "HandoverClient",
    "ImportantDate",
    "MessageDraft",
    "Outreach",
    "OutreachResult",
    "OutreachSender",
    "Playbook",
    "PlaybookStep",
    "Preference",
    "ProductShare",
    "SaleCredit",
    "SaleReturn",
    "SceneWelcome",
    "TimelineEntry",
    "WardrobeItem",
    "WishlistItem",
]

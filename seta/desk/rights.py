"""Who may do what with money at the desk: the one table that pages, forms and the manual go by.

An admin may do all of it. Whoever belongs to one boutique does it for that boutique's sales only.
"""

from collections.abc import Mapping
from enum import StrEnum

from seta.houses.queries import MemberCard

ADMIN = "admin"


class Act(StrEnum):
    """Something that moves money or says how it moves."""

    SELL = "sell"
    REFUND = "refund"
    APPROVE_REFUND = "approve_refund"
    PRINT_CODES = "print_codes"
    RECONCILE = "reconcile"
    SETTLE = "settle"
    CHANGE_TERMS = "change_terms"
    CHANGE_PAYEES = "change_payees"
    WEBHOOKS = "webhooks"
    REVOKE_TILL_KEYS = "revoke_till_keys"
    ISSUE_TILL_KEYS = "issue_till_keys"


ROLES: Mapping[Act, tuple[str, ...]] = {
    Act.SELL: ("associate", "finance", ADMIN),
    Act.REFUND: ("associate", "finance", ADMIN),
    Act.APPROVE_REFUND: ("finance", ADMIN),
    Act.PRINT_CODES: ("finance", ADMIN),
    Act.RECONCILE: ("finance", ADMIN),
    Act.SETTLE: ("finance", ADMIN),
    Act.CHANGE_TERMS: ("finance", ADMIN),
    Act.CHANGE_PAYEES: ("finance", ADMIN),
    Act.WEBHOOKS: ("finance", ADMIN),
    Act.REVOKE_TILL_KEYS: ("finance", ADMIN),
    Act.ISSUE_TILL_KEYS: (ADMIN,),
}


def may(member: MemberCard, act: Act) -> bool:
    """Whether the member's role allows it; a second person may still be needed."""
    return member.role in ROLES[act]

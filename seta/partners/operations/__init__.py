"""What is done about partners: let them in, take what they propose, decide it."""

from seta.partners.operations.deciding import decide, end_seat, tell_decision
from seta.partners.operations.entering import check_link, enter, forget_links, open_account, send_link
from seta.partners.operations.linking import link_wechat, who_holds_the_phone
from seta.partners.operations.proposing import (
    claim,
    propose_change,
    propose_new,
    propose_photos,
    withdraw,
)

__all__ = [
    "check_link",
    "claim",
    "decide",
    "end_seat",
    "enter",
    "forget_links",
    "link_wechat",
    "open_account",
    "propose_change",
    "propose_new",
    "propose_photos",
    "send_link",
    "tell_decision",
    "who_holds_the_phone",
    "withdraw",
]

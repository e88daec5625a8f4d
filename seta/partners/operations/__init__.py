"""What is done about partners: let them in, take what they propose, decide it."""

from seta.partners.operations.acquiring import (
    Paper,
    approve_payments,
    correct_bank,
    hand_over,
    open_paper,
    refuse_payments,
    want_more,
)
from seta.partners.operations.closing import close_account
from seta.partners.operations.deciding import decide, end_seat, tell_decision
from seta.partners.operations.entering import check_link, enter, forget_links, open_account, send_link
from seta.partners.operations.linking import link_wechat, who_holds_the_phone
from seta.partners.operations.onboarding import (
    ask_for_payments,
    forget_documents,
    give_document,
    reseal_payments,
    save_payments,
    take_document_back,
    tell_payments,
    withdraw_payments,
)
from seta.partners.operations.proposing import (
    claim,
    propose_change,
    propose_new,
    propose_photos,
    withdraw,
)

__all__ = [
    "Paper",
    "approve_payments",
    "ask_for_payments",
    "check_link",
    "claim",
    "close_account",
    "correct_bank",
    "decide",
    "end_seat",
    "enter",
    "forget_documents",
    "forget_links",
    "give_document",
    "hand_over",
    "link_wechat",
    "open_account",
    "open_paper",
    "propose_change",
    "propose_new",
    "propose_photos",
    "refuse_payments",
    "reseal_payments",
    "save_payments",
    "send_link",
    "take_document_back",
    "tell_decision",
    "tell_payments",
    "want_more",
    "who_holds_the_phone",
    "withdraw",
    "withdraw_payments",
]

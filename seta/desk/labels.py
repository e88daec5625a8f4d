"""The words for every code that a page shows, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from seta.desk import (
    article_words,
    broadcast_words,
    client_labels,
    composer_labels,
    content_words,
    evidence_words,
    order_labels,
)
from seta.desk.money_labels import (
    BATCH_LINE,
    BATCH_STATE,
    BREAK,
    CHANGE,
    PROPOSAL,
    RATE_SOURCE,
    REFUND_POLICY,
    ROUND,
    ROUND_STATE,
    SCENE,
    SCHEDULE,
    WALLET,
    Words,
)
from seta.desk.review_labels import (
    ALERT_STATE,
    ASSIGNMENT,
    CATEGORY,
    FINDING,
    MODE_CHANGE,
    OVERSPENT,
    PURPOSE,
    RULE_MODE,
    SAMPLE_KIND,
    SENDER,
    SEVERITY,
    TIER,
    VERDICT,
)
from seta.desk.tones import tone

__all__ = [
    "ALERT_STATE",
    "ASSIGNMENT",
    "BATCH_LINE",
    "BATCH_STATE",
    "BREAK",
    "CATEGORY",
    "CHANGE",
    "FINDING",
    "MODE_CHANGE",
    "OVERSPENT",
    "PROPOSAL",
    "PURPOSE",
    "RATE_SOURCE",
    "REFUND_POLICY",
    "ROUND",
    "ROUND_STATE",
    "RULE_MODE",
    "SAMPLE_KIND",
    "SCENE",
    "SCHEDULE",
    "SENDER",
    "SEVERITY",
    "TIER",
    "VERDICT",
    "WALLET",
    "tone",
]

ROLE: Words = {
    "admin": _("Admin"),
    "marketing": _("Marketing"),
    "associate": _("Associate"),
    "supervisor": _("Supervisor"),
    "finance": _("Finance"),
}
JOB: Words = {
    "today": _("Today"),
    "clients": _("Clients"),
    "conversations": _("Conversations"),
    "review": _("Review"),
    "evidence": _("Evidence"),
    "content": _("Content"),
    "guide": _("Guide"),
    "boutique": _("Boutique"),
    "drops": _("Drops"),
    "popups": _("Pop-ups"),
    "loyalty": _("Loyalty"),
    "money": _("Money"),
    "insights": _("Insights"),
}
JOB_URL: Mapping[str, str] = {
    "today": "desk:today",
    "clients": "desk:clients",
    "conversations": "desk:conversations",
    "review": "desk:review",
    "evidence": "desk:evidence",
    "content": "desk:content",
    "guide": "desk:guide",
    "boutique": "desk:orders",
    "drops": "desk:drops",
    "popups": "desk:popups",
    "loyalty": "desk:loyalty",
    "money": "desk:money",
    "insights": "desk:insights",
}
ORDER_STATE: Words = {
    "placed": _("Not paid yet"),
    "paid": _("Paid"),
    "partly_refunded": _("Partly refunded"),
    "refunded": _("Refunded"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
}
CHANNEL: Words = {
    "mini_program": _("Mini program"),
    "till": _("Till"),
    "drop": _("Drop"),
    "callback": _("Message"),
    "passive": _("Automatic reply"),
    "service": _("Staff reply"),
    "subscribe": _("Subscribe message"),
}
PAYMENT_STATE: Words = {
    "requires_confirmation": _("Not started"),
    "processing": _("Under way"),
    "requires_action": _("Client must act"),
    "unknown": _("Asking the provider"),
    "succeeded": _("Paid"),
    "canceled": _("Cancelled"),
    "expired": _("Expired"),
    "failed": _("Failed"),
    "reversed": _("Reversed"),
}
METHOD: Words = {
    "wechat_jsapi": _("WeChat Pay, mini program"),
    "wechat_barcode": _("WeChat Pay, till"),
    "alipay_barcode": _("Alipay, till"),
    "wechat_native": _("WeChat Pay, shown code"),
    "alipay_qr": _("Alipay, shown code"),
    "antom_qr": _("Alipay+, shown code"),
    "antom_cashier": _("Alipay+, page"),
    "antom_code": _("Alipay+, till"),
}
SHOW_CODE: Words = {
    "wechat_native": _("Show a WeChat Pay code"),
    "alipay_qr": _("Show an Alipay code"),
    "antom_qr": _("Show an Alipay+ code"),
}
PAY_METHOD: Words = {
    "wechatpay": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "card": _("Card"),
    "cash": _("Cash"),
}
PROVIDER: Words = {"wechatpay": _("WeChat Pay"), "alipay": _("Alipay"), "antom": _("Antom")}
BREAK_WITH: Words = {**PROVIDER, "bank": _("Bank")}
REFUND_STATE: Words = {
    "to_approve": _("Waits for a second person"),
    "requested": _("Asked for"),
    "unknown": _("Asking the provider"),
    "pending_funds": _("Waiting for funds"),
    "processing": _("Under way"),
    "succeeded": _("Refunded"),
    "closed": _("Closed"),
    "abnormal": _("Needs the provider"),
    "rejected": _("Rejected"),
}
DECISION: Words = {
    "waiting": _("Waits for a second person"),
    "approved": _("Approved"),
    "declined": _("Declined"),
}
DROP_STATE: Words = {
    "draft": _("Draft"),
    "open": _("Running"),
    "paused": _("Paused"),
    "closed": _("Closed"),
}
DROP_VERB: Words = {
    "plan": _("Planned"),
    "open": _("Opened"),
    "pause": _("Paused"),
    "close": _("Closed"),
    "draw": _("Drew"),
    "allocate": _("Gave an associate pieces"),
    "name": _("Named a client"),
    "invite": _("Invited"),
    "uninvite": _("Took an invitation back"),
    "pool": _("Returned what was not given"),
    "let_in": _("Let somebody in after a check"),
    "turn_away": _("Turned somebody away after a check"),
}
DROP_KIND: Words = {
    "first_come": _("First come, first served"),
    "draw": _("Draw"),
    "invited": _("By invitation"),
}
DROP_PROOF: Words = {
    "": _("Nothing"),
    "visit": _("A visit to a boutique"),
    "purchase": _("A purchase"),
}
DROP_WENT: Words = {
    "next": _("The next in line"),
    "sale": _("For sale again"),
    "online": _("Online again"),
}
SCREENED: Words = {
    "clear": _("Not risky"),
    "unknown": _("WeChat gave no answer"),
    "let_in": _("Let in by a person"),
    "waiting": _("Waits for a check"),
    "refused": _("Refused by rank"),
    "turned_away": _("Turned away by a person"),
}
HOLD: Words = {
    "waiting": _("In line"),
    "reserved": _("Reserved"),
    "paid": _("Paid"),
    "expired": _("Expired"),
}
DROP_REFUSAL: Words = {
    "not_open": _("Not open yet"),
    "paused": _("Paused"),
    "closed": _("Closed"),
    "sold_out": _("Sold out"),
    "sign_in": _("Not signed in"),
    "busy": _("Too busy"),
    "unknown_drop": _("Unknown drop"),
    "reservation_expired": _("Reservation over"),
    "one_each": _("Asked for another quantity"),
    "ticket_needed": _("No ticket"),
    "ticket_forged": _("Ticket not genuine"),
    "ticket_expired": _("Ticket too old"),
    "ticket_of_another": _("Somebody else’s ticket"),
    "ticket_used": _("Ticket used before"),
    "ticket_ahead": _("Ticket ahead of the clock"),
    "not_invited": _("Not invited"),
    "enter_draw": _("Before the draw"),
}
MESSAGE_STATE: Words = {
    "received": _("Received"),
    "queued": _("On its way"),
    "sent": _("Sent"),
    "failed": _("Not sent"),
    "held": _("Held by policy"),
}
MESSAGE_KIND: Words = {
    "text": _("Text"),
    "image": _("Picture"),
    "voice": _("Voice message"),
    "video": _("Video"),
    "shortvideo": _("Video"),
    "location": _("Location"),
    "link": _("Link"),
    "card": _("Mini program card"),
    "appointment": _("Appointment notice"),
    "agree": _("Agreed to the archive"),
    "disagree": _("Refused the archive"),
    "event.subscribe": _("Followed the account"),
    "event.unsubscribe": _("Left the account"),
    "event.SCAN": _("Scanned a code"),
    "event.CLICK": _("Pressed a menu button"),
}
CONSENT: Words = {
    "service": _("Service"),
    "marketing": _("Marketing"),
    "archive": _("Conversation archive"),
    "location": _("Location"),
    "profile": _("Profile"),
}
AGREEMENT: Words = {
    "Agree": _("Agreed to the archive"),
    "Default_Agree": _("Agreed by default"),
    "Disagree": _("Refused the archive"),
    "Unasked": _("Not asked yet"),
}
BOOK_ROLE: Words = {"primary": _("First adviser"), "secondary": _("Second adviser")}
APPOINTMENT: Words = {
    "held": _("Held"),
    "confirmed": _("Booked"),
    "attended": _("Came"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
}
APPOINTMENT_KIND: Words = {"visit": _("Visit"), "fitting": _("Fitting")}
MEANS: Words = {"code": _("By the screen's code"), "associate": _("By an associate")}
FACT: Words = {
    "ad.impression.seen": _("Saw the advertisement"),
    "ad.click.made": _("Opened the advertisement"),
    "conversations.account.followed": _("Followed the account"),
    "conversations.account.unfollowed": _("Left the account"),
    "conversations.code.scanned": _("Scanned a code"),
    "conversations.message.received": _("Wrote to us"),
    "conversations.message.sent": _("Got a message"),
    "people.session.started": _("Opened the mini program"),
    "people.consent.given": _("Answered a consent"),
    "people.person.merged": _("Known by another identity"),
    "guide.place.searched": _("Searched for a place"),
    "guide.plan.saved": _("Saved a plan"),
    "stores.appointment.booked": _("Booked an appointment"),
    "stores.appointment.moved": _("Appointment moved"),
    "stores.appointment.cancelled": _("Cancelled an appointment"),
    "stores.visit.checked_in": _("Came to the boutique"),
    "consultations.consultation.booked": _("Booked a consultation"),
    "consultations.consultation.moved": _("Consultation moved"),
    "consultations.consultation.cancelled": _("Consultation cancelled"),
    "consultations.consultation.missed": _("Consultation missed"),
    "consultations.consultation.held": _("Held a consultation"),
    "chat.account": _("Wrote with the account"),
    "chat.archive": _("Chatted with an associate"),
    "clienteling.contact.added": _("Added an associate"),
    "clienteling.product.shared": _("Was shown a product"),
    "clienteling.sale.credited": _("Sale credited"),
    "clienteling.commission.returned": _("Commission taken back"),
    "clienteling.client.handed_over": _("Handed over to another adviser"),
    "oversight.talk.archived": _("Conversations archived"),
    "oversight.alert.opened": _("Alert opened"),
    "oversight.alert.reviewed": _("Alert reviewed"),
    "boutique.order.placed": _("Placed an order"),
    "boutique.order.paid": _("Paid an order"),
    "boutique.order.refunded": _("Was refunded"),
    "boutique.piece.exchanged": _("Exchanged a piece"),
    "payments.payment.succeeded": _("Payment proven"),
    "payments.payment.reversed": _("Payment reversed"),
    "payments.refund.succeeded": _("Refund proven"),
    "drops.piece.reserved": _("Reserved a piece"),
    "drops.piece.paid": _("Paid a reserved piece"),
}
FUNNEL: Words = {
    "impression": _("Impression"),
    "click": _("Click"),
    "follow": _("Follow"),
    "session": _("Mini program"),
    "plan": _("Plan"),
    "visit": _("Visit"),
    "contact": _("Contact"),
    "order": _("Order"),
    "paid": _("Paid"),
}
ACCOUNT: Words = {
    "merchant:house": _("Owed to the house"),
    "fx:clearing": _("Exchange clearing"),
    "fx:gain_loss": _("Exchange gain and loss"),
    "income:fees": _("Our fees"),
    "expense:provider_fees": _("Providers' fees"),
    "settlement:in_transit": _("On its way to the bank"),
    "bank": _("Bank"),
    "receivable:wechatpay": _("WeChat Pay owes"),
    "receivable:alipay": _("Alipay owes"),
    "receivable:antom": _("Antom owes"),
    "expense:fee_differences": _("Fees to claim"),
    "suspense:wechatpay": _("WeChat Pay, unexplained"),
    "suspense:alipay": _("Alipay, unexplained"),
    "suspense:antom": _("Antom, unexplained"),
    "suspense:bank": _("Bank, unexplained"),
    "merchant:partner": _("Owed to partner"),
}
TRADE: Words = {
    "paid": _("Paid"),
    "pending": _("Under way"),
    "processing": _("Under way"),
    "closed": _("Closed"),
    "reversed": _("Reversed"),
    "failed": _("Failed"),
    "refunded": _("Refunded"),
    "succeeded": _("Refunded"),
    "unknown": _("Asking the provider"),
}
JOURNAL_KIND: Words = {
    "payment": _("Payment"),
    "payment.reversal": _("Payment taken back"),
    "refund": _("Refund"),
    "refund.rate_day": _("Refund at the day's rate"),
    "conversion": _("Conversion"),
    "settlement": _("Settlement"),
    "settlement.confirmed": _("Paid out"),
    "break": _("Break put right"),
}
FACT_SOURCE: Words = {
    "notification": _("Notification"),
    "notify": _("Notification"),
    "query": _("Query"),
    "answer": _("Answer"),
    "response": _("Answer"),
    "bill": _("Bill"),
}
CONFIDENCE: Words = {"H": _("Checked"), "M": _("Likely"), "L": _("Doubtful")}
BOOKING: Words = {
    "none": _("No booking"),
    "advised": _("Booking advised"),
    "required": _("Booking required"),
}
REASON: Words = {
    "no_window": _("WeChat's 48-hour window is closed: the client has to write first."),
    "no_openid": _("The client is not known in this Official Account."),
}
CREDIT: Words = {
    "named": _("Named at the till"),
    "share": _("Shared link"),
    "scene": _("Contact code"),
    "touch": _("Last contact"),
}

FIGURE: Words = {
    "followers": _("Followers"),
    "messages": _("Messages today"),
    "unanswered": _("Unanswered"),
    "appointments": _("Appointments today"),
    "orders": _("Orders today"),
    "paid": _("Paid today"),
    "alerts": _("Open alerts"),
    "breaks": _("Breaks open"),
    "plans": _("Plans saved today"),
    "missed": _("Searches in vain today"),
}
NEED: Words = {
    "alert": _("Alert"),
    "break": _("Break"),
    "refund": _("Refund to approve"),
    "unanswered": _("Unanswered"),
    "appointment": _("Appointment"),
}
FOUND: Words = {
    "client": _("Client"),
    "order": _("Order"),
    "payment": _("Payment"),
    "place": _("Place"),
}

KINDS: Mapping[str, Words] = {
    name.lower(): words
    for name, words in [
        *globals().items(),
        *vars(article_words).items(),
        *vars(broadcast_words).items(),
        *vars(client_labels).items(),
        *vars(composer_labels).items(),
        *vars(evidence_words).items(),
        *vars(content_words).items(),
        *vars(order_labels).items(),
    ]
    if name.isupper() and isinstance(words, dict)
}
"""Every table above by its name, for templates."""


def label(kind: str, code: str) -> str:
    """The words for a code, or the code itself when it has none; of a partner's account with its code."""
    group, _colon, name = code.rpartition(":")
    if kind == "account" and group == "merchant:partner":
        return f"{ACCOUNT[group]} {name}"
    return str(KINDS[kind].get(code, code))

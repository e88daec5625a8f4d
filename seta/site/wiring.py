"""Who hears what: the one table of callbacks, facts, schedules and hot doors, read from top to bottom."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from seta.articles import operations as articles
from seta.boutique import operations as boutique
from seta.boutique.events import OrderPaid, OrderRefunded, PickupReady, PieceExchanged
from seta.broadcasts import operations as broadcasts
from seta.broadcasts.operations import forgetting as broadcast_people
from seta.callbacks.operations import each, finish_unhandled
from seta.callbacks.rules import CallbackTable, Handler
from seta.clienteling import operations as clienteling
from seta.clienteling.events import ClientHandedOver, ContactAdded, ProductShared, SaleCredited
from seta.consultations import operations as consultations
from seta.consultations.doors import Rooms
from seta.consultations.events import (
    ConsultationBooked,
    ConsultationCancelled,
    ConsultationHeld,
    ConsultationMissed,
    ConsultationMoved,
)
from seta.conversations import operations as conversations
from seta.conversations.events import AccountFollowed
from seta.drops import operations as drops
from seta.drops.events import DropPieceReserved, PieceOffered, PiecesReserved, ScreeningDecided
from seta.drops.gate import Gate
from seta.events import routes
from seta.events.events import Fact
from seta.events.routes import Hearer
from seta.events.worker import Sweep
from seta.guide import operations as guide
from seta.guide.events import PlanSaved
from seta.houses import queries as houses
from seta.houses.operations import Resealed, rotate_keys
from seta.insights import operations as insights
from seta.insights.beacon import Beacon
from seta.ledger import operations as ledger
from seta.loyalty import operations as loyalty
from seta.oversight import operations as oversight
from seta.oversight import signing
from seta.oversight.events import ArchiveAnnounced, DisposalApproved, ExportApproved, LogCheckAsked, MediaKept
from seta.oversight.operations import exporting, heads, retention, witnessing
from seta.partners import operations as partners
from seta.partners.events import PaymentRequestMoved, ProposalDecided
from seta.payments import operations as payments
from seta.payments.events import PaymentReversed, PaymentSucceeded, RefundFailed, RefundSucceeded
from seta.people import operations as people
from seta.people.events import ConsentGiven, PersonsMerged, SessionStarted
from seta.people.queries import merges_since
from seta.popups import operations as popups
from seta.popups.events import PopupClosed
from seta.privacy import operations as privacy
from seta.stores import operations as stores
from seta.stores.events import AppointmentBooked, AppointmentCancelled, AppointmentMoved, VisitCheckedIn
from seta.webhooks import operations as webhooks
from seta.webhooks.rules.catalogue import CATALOGUE

App = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]

_media = conversations.receive_media
_ignored = each(conversations.ignore)
_CONTACT = "event.change_external_contact"

STRAGGLING = timedelta(minutes=5)
"""No transaction takes longer, so nothing written for an absorbed person comes later than this."""

CALLBACKS: Mapping[tuple[str, str], Handler] = {
    ("wechat", "text"): guide.answer_texts,
    **{("wechat", kind): _media for kind in ("image", "voice", "video", "shortvideo", "location", "link")},
    ("wechat", "event.subscribe"): each(conversations.follow),
    ("wechat", "event.unsubscribe"): each(conversations.unfollow),
    ("wechat", "event.SCAN"): each(conversations.rescan),
    ("wechat", "event.CLICK"): each(conversations.click_menu),
    ("wechat", "event.PUBLISHJOBFINISH"): each(articles.hear_published),
    ("wechat", "event.MASSSENDJOBFINISH"): each(broadcasts.hear_report),
    **{
        ("wechat", f"event.{event}"): _ignored
        for event in (
            "VIEW",
            "view_miniprogram",
            "LOCATION",
            "TEMPLATESENDJOBFINISH",
            "subscribe_msg_popup_event",
            "subscribe_msg_change_event",
            "subscribe_msg_sent_event",
            "user_enter_tempsession",
        )
    },
    ("wecom", "event.msgaudit_notify"): each(oversight.on_archive_notice),
    ("wecom", f"{_CONTACT}.add_external_contact"): each(clienteling.on_contact_added),
    ("wecom", f"{_CONTACT}.msg_audit_approved"): each(clienteling.on_agreement),
    ("wecom", f"{_CONTACT}.del_external_contact"): each(clienteling.on_contact_lost),
    ("wecom", f"{_CONTACT}.del_follow_user"): each(clienteling.on_contact_lost),
    ("wecom", f"{_CONTACT}.transfer_fail"): each(clienteling.on_transfer_failed),
    ("wecom", f"{_CONTACT}.edit_external_contact"): _ignored,
    ("wecom", f"{_CONTACT}.add_half_external_contact"): each(clienteling.on_contact_added),
    **{
        ("wechatpay", kind): payments.receive_wechatpay
        for kind in ("TRANSACTION.SUCCESS", "REFUND.SUCCESS", "REFUND.CLOSED", "REFUND.ABNORMAL")
    },
    ("alipay", "trade_status_sync"): payments.receive_alipay,
    **{
        ("antom", kind): payments.receive_antom
        for kind in ("PAYMENT_RESULT", "PAYMENT_PENDING", "PAYMENT_CANCEL", "REFUND_RESULT")
    },
}
"""(source, kind) of what a platform sends, and the operation that handles it."""

EVENTS: Mapping[type[Fact], Sequence[Hearer]] = {
    AccountFollowed: [conversations.learn_follower, conversations.send_welcome_card, clienteling.note_fact],
    AppointmentBooked: [stores.send_confirmation, clienteling.note_fact],
    AppointmentMoved: [stores.send_change, clienteling.note_fact, clienteling.tell_moved],
    AppointmentCancelled: [clienteling.note_fact],
    VisitCheckedIn: [drops.on_visit, clienteling.note_fact, loyalty.enter_deeds],
    ConsultationBooked: [consultations.send_invitation, consultations.tell_associate, clienteling.note_fact],
    ConsultationMoved: [consultations.send_change, clienteling.note_fact],
    ConsultationCancelled: [
        consultations.send_cancellation,
        consultations.tell_associate,
        clienteling.note_fact,
    ],
    ConsultationMissed: [clienteling.note_fact],
    ConsultationHeld: [clienteling.note_fact, loyalty.enter_deeds],
    PlanSaved: [clienteling.plan_arrival, clienteling.note_fact],
    ConsentGiven: [clienteling.note_fact],
    ArchiveAnnounced: [oversight.on_archive_announced],
    MediaKept: [clienteling.check_picture],
    LogCheckAsked: [heads.on_log_check_asked],
    ExportApproved: [exporting.on_export_approved],
    DisposalApproved: [retention.on_disposal_approved],
    PaymentSucceeded: [boutique.on_payment_succeeded],
    PaymentReversed: [boutique.on_payment_reversed],
    RefundSucceeded: [boutique.on_refund_succeeded],
    RefundFailed: [boutique.on_refund_failed],
    PiecesReserved: [drops.tell_pieces],
    DropPieceReserved: [clienteling.note_fact],
    PieceOffered: [drops.tell_offered],
    ScreeningDecided: [drops.tell_decided],
    OrderPaid: [
        drops.on_order_paid,
        drops.on_purchase,
        clienteling.credit_sale,
        clienteling.fill_wardrobe,
        clienteling.note_fact,
        loyalty.enter_deeds,
        popups.on_order_paid,
    ],
    OrderRefunded: [
        clienteling.credit_refund,
        clienteling.empty_wardrobe,
        clienteling.note_fact,
        loyalty.take_back,
        popups.on_order_refunded,
    ],
    PieceExchanged: [clienteling.change_wardrobe, clienteling.note_fact],
    PickupReady: [stores.tell_pickup_ready],
    SessionStarted: [popups.on_session_started],
    PopupClosed: [popups.tell_unfinished],
    ProposalDecided: [partners.tell_decision],
    PaymentRequestMoved: [partners.tell_payments],
    ContactAdded: [
        clienteling.greet_contact,
        clienteling.enrich_contact,
        clienteling.tag_contact,
        clienteling.note_fact,
    ],
    SaleCredited: [clienteling.plan_thanks, clienteling.note_fact],
    ProductShared: [clienteling.note_fact],
    ClientHandedOver: [clienteling.note_fact],
    PersonsMerged: [
        people.repoint_person,
        payments.repoint_person,
        oversight.repoint_person,
        conversations.repoint_person,
        boutique.repoint_person,
        guide.repoint_person,
        stores.repoint_person,
        drops.repoint_person,
        consultations.repoint_person,
        clienteling.repoint_person,
        loyalty.repoint_person,
        popups.repoint_person,
        broadcast_people.repoint_person,
    ],
}
"""Facts, and the operations that hear them."""


SEALED: Mapping[str, Callable[..., Resealed]] = {
    "accounts": rotate_keys,
    "webhook addresses": webhooks.reseal,
    "signing keys": signing.reseal,
    "seeds of draws": drops.reseal_seeds,
    "requests for payments": partners.reseal_payments,
}
"""What the vault keeps sealed, and the operations that seal it anew when its key changes; each takes `now`."""


def callback_table() -> CallbackTable:
    """The table that the callback doors dispatch by."""
    return CallbackTable(handlers=CALLBACKS, answer_late=conversations.answer_late)


def install() -> None:
    """Put the table of facts in force; once per process, before anything is published."""
    routes.install(routes.routes_of(EVENTS), tap=(frozenset(CATALOGUE), webhooks.enlist))


def sweeps() -> list[Sweep]:
    """What the worker does on a schedule, in seconds."""
    return [
        Sweep(_finish_callbacks, 5),
        Sweep(_gather_stragglers, 30),
        Sweep(boutique.expire_orders, 10),
        Sweep(boutique.expire_fittings, 10),
        Sweep(boutique.sweep_requests, 30),
        Sweep(drops.lapse, 2),
        Sweep(popups.keep_time, 5),
        Sweep(articles.advance_due, 1),
        Sweep(broadcasts.advance_due, 2),
        Sweep(drops.keep_time, 2),
        Sweep(drops.draw_due, 5),
        Sweep(payments.query_unknown, 5),
        Sweep(payments.run_schedule, 60),
        Sweep(ledger.fold_balances, 10),
        Sweep(payments.refresh_rates, 3600),
        Sweep(insights.fill_lake, 2),
        Sweep(oversight.sweep_archives, 60),
        Sweep(oversight.sweep_media, 30),
        Sweep(oversight.compact_at_night, 3600),
        Sweep(oversight.sweep_agreements, 3600),
        Sweep(oversight.sweep_intercepts, 3600),
        Sweep(oversight.assign_waiting, 5),
        Sweep(oversight.sweep_deadlines, 30),
        Sweep(oversight.draw_due, 3600),
        Sweep(oversight.demote_overspent, 300),
        Sweep(heads.sweep_heads, 5),
        Sweep(witnessing.send_heads, 20),
        Sweep(exporting.forget_old_bundles, 3600),
        Sweep(guide.forget_old_plans, 3600),
        Sweep(guide.tell_before_trips, 600),
        Sweep(guide.close_searches, 3600),
        Sweep(partners.forget_links, 3600),
        Sweep(partners.forget_documents, 3600),
        Sweep(clienteling.poll_handovers, 300),
        Sweep(clienteling.sweep_moments, 3600),
        Sweep(clienteling.sweep_outreach, 20),
        Sweep(clienteling.sweep_archived_content, 10),
        Sweep(clienteling.remind_tasks, 300),
        Sweep(clienteling.watch_wishes, 300),
        Sweep(clienteling.refresh_names, 600),
        Sweep(clienteling.plan_birthdays, 3600),
        Sweep(stores.release_expired, 60),
        Sweep(consultations.remind, 60),
        Sweep(consultations.close_due, 20),
        Sweep(consultations.forget_due, 3600),
        Sweep(webhooks.deliver_due, 0.5),
        Sweep(webhooks.forget_old, 3600),
        Sweep(privacy.finish_erasures, 60),
    ]


def _gather_stragglers(now: datetime) -> None:
    """Hand over once more what was written for an absorbed person by a transaction that began before the merging."""
    for merged in merges_since(now - STRAGGLING):
        for hear in EVENTS[PersonsMerged]:
            hear(merged, now)


def _finish_callbacks(now: datetime) -> int:
    return finish_unhandled(table=callback_table(), accounts=houses.account_by_id, now=now)


def hot_doors() -> dict[str, App]:
    """Plain ASGI applications by the start of their path."""
    return {"/gate/": Gate(), "/collect/": Beacon(), "/rooms/": Rooms()}

"""Opening brings the stock, closing sends back what is unsold, and what comes free later follows it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from seta.boutique import operations as shop
from seta.boutique import queries as boutique
from seta.boutique.rules import OrderRefused
from seta.conversations.operations import send_text
from seta.events.operations import publish
from seta.houses.queries import AccountMissing
from seta.popups.events import PopupClosed, PopupOpened
from seta.popups.models import Popup, PopupAction, PopupOrder, PopupPiece
from seta.popups.operations.planning import locked
from seta.popups.rules.plan import State, location_of, may_become
from seta.popups.rules.refusals import PopupRefused

FOLLOWED = timedelta(days=60)
"""For so long after its closing, pieces that come free at a pop-up's location are sent after the others."""

TRIES = 3
GONE_BATCH = 500
"""Unpaid orders that are looked at in one turn; they wait a quarter of an hour each."""


@transaction.atomic
def open_popup(
    *, popup_id: int, now: datetime, user_id: int | None = None, house_id: int | None = None
) -> None:
    """Open a planned pop-up, at its time or before: bring the wished pieces, or what there is of them.

    Raises PopupRefused. What is short is kept with the action, so that the desk says it.
    """
    popup = locked(popup_id, house_id)
    may_become(State(popup.state), State.OPEN)
    short = []
    for piece in popup.pieces.order_by("variant_id"):
        piece.brought = _bring(popup, piece, now)
        piece.save(update_fields=["brought"])
        if piece.brought < piece.wished:
            short.append(f"{piece.sku} {piece.brought}/{piece.wished}")
    popup.state, popup.opened_at = State.OPEN, now
    popup.save(update_fields=["state", "opened_at"])
    _note(popup, "open", user_id, ", ".join(short), now)
    pieces = list(popup.pieces.all())
    publish(
        PopupOpened(
            house_id=popup.house_id,
            occurred_at=now,
            campaign=popup.code,
            popup_id=popup.pk,
            code=popup.code,
            brought=sum(piece.brought for piece in pieces),
            short=sum(piece.wished - piece.brought for piece in pieces),
        )
    )


def _bring(popup: Popup, piece: PopupPiece, now: datetime) -> int:
    """How many pieces came; others may sell the last ones while we ask, so ask again."""
    for _ in range(TRIES):
        there = boutique.stock_left(variant_id=piece.variant_id, location=popup.source_location)
        taken = min(piece.wished, there)
        if taken <= 0:
            return 0
        try:
            shop.transfer_stock(
                variant_id=piece.variant_id,
                source=popup.source_location,
                target=location_of(popup.code),
                quantity=taken,
                ref=f"popup-{popup.pk}-open",
                now=now,
            )
        except OrderRefused:
            continue
        return taken
    return 0


@transaction.atomic
def close_popup(
    *, popup_id: int, now: datetime, user_id: int | None = None, house_id: int | None = None
) -> None:
    """Close an open pop-up, at its time or before: send back what is unsold. Raises PopupRefused.

    Orders that wait for their payment keep their pieces until they expire; their people are told.
    """
    popup = locked(popup_id, house_id)
    may_become(State(popup.state), State.CLOSED)
    popup.state, popup.closed_at = State.CLOSED, now
    popup.save(update_fields=["state", "closed_at"])
    returned = _send_back(popup, now)
    unfinished = len(_unfinished(popup))
    detail = f"{returned} ↩" + (f", {unfinished} …" if unfinished else "")
    _note(popup, "close", user_id, detail, now)
    publish(
        PopupClosed(
            house_id=popup.house_id,
            occurred_at=now,
            campaign=popup.code,
            popup_id=popup.pk,
            code=popup.code,
            returned=returned,
            unfinished=unfinished,
        )
    )


def _send_back(popup: Popup, now: datetime) -> int:
    """Send every piece at the pop-up's location back to where its stock came from; returns how many."""
    sent = 0
    for piece in popup.pieces.order_by("variant_id"):
        left = boutique.stock_left(variant_id=piece.variant_id, location=location_of(popup.code))
        if left <= 0:
            continue
        shop.transfer_stock(
            variant_id=piece.variant_id,
            source=location_of(popup.code),
            target=popup.source_location,
            quantity=left,
            ref=f"popup-{popup.pk}-back-{piece.returned}",
            now=now,
        )
        PopupPiece.objects.filter(pk=piece.pk).update(returned=F("returned") + left)
        sent += left
    return sent


def _unfinished(popup: Popup) -> list[PopupOrder]:
    waiting = popup.orders.filter(paid_at__isnull=True, gone_at__isnull=True).order_by("id")
    return [order for order in waiting if boutique.order_state(order.order_id) == "placed"]


def keep_time(now: datetime) -> int:
    """Open and close what is due, and send late pieces after the others; returns how many were moved on."""
    moved = 0
    for popup_id in _ids(state=State.PLANNED, opens_at__lte=now, closes_at__gt=now):
        moved += _step(popup_id, now, opening=True)
    for popup_id in _ids(state=State.OPEN, closes_at__lte=now):
        moved += _step(popup_id, now, opening=False)
    for popup_id in _ids(state=State.PLANNED, closes_at__lte=now):
        moved += _miss(popup_id, now)
    for popup_id in _ids(state=State.CLOSED, closed_at__gt=now - FOLLOWED):
        moved += _follow(popup_id, now)
    _note_gone(now)
    return moved


def _note_gone(now: datetime) -> None:
    """Remember which unpaid orders are closed, so that nobody asks for each of them again."""
    waiting = PopupOrder.objects.filter(paid_at__isnull=True, gone_at__isnull=True)
    for row_id, order_id in waiting.order_by("id").values_list("pk", "order_id")[:GONE_BATCH]:
        if boutique.order_state(order_id) in ("expired", "cancelled"):
            PopupOrder.objects.filter(pk=row_id, paid_at__isnull=True).update(gone_at=now)


def _ids(**wanted: object) -> list[int]:
    return list(Popup.objects.filter(**wanted).order_by("opens_at", "id").values_list("pk", flat=True))


def _step(popup_id: int, now: datetime, *, opening: bool) -> bool:
    try:
        (open_popup if opening else close_popup)(popup_id=popup_id, now=now)
    except PopupRefused:
        # Somebody pressed the button at the same moment: it is done.
        return False
    return True


@transaction.atomic
def _miss(popup_id: int, now: datetime) -> bool:
    """A pop-up whose whole time passed while no worker ran never opened; it says so instead of waiting for ever."""
    popup = locked(popup_id)
    if popup.state != State.PLANNED or popup.closes_at > now:
        return False
    popup.state = State.CANCELLED
    popup.save(update_fields=["state"])
    _note(popup, "miss", None, "", now)
    return True


@transaction.atomic
def _follow(popup_id: int, now: datetime) -> bool:
    popup = locked(popup_id)
    sent = _send_back(popup, now)
    if sent:
        _note(popup, "return", None, f"{sent} ↩", now)
    return bool(sent)


def _note(popup: Popup, verb: str, user_id: int | None, detail: str, now: datetime) -> None:
    PopupAction.objects.create(popup=popup, verb=verb, user_id=user_id, detail=detail[:200], at=now)


def tell_unfinished(fact: PopupClosed, now: datetime) -> None:
    """Write once to whoever has an order yet to be paid that the pop-up is over; `told_at` says who was reached.

    WeChat lets nobody be written to whose window of service is closed: they see it in their orders. Raises
    PlatformError when WeChat should be asked again later.
    """
    popup = Popup.objects.get(pk=fact.popup_id)
    for waiting in _unfinished(popup):
        found = boutique.order(order_id=waiting.order_id, house_id=popup.house_id)
        if found is None or waiting.person_id is None or waiting.told_at is not None:
            continue
        try:
            sent = send_text(
                house_id=popup.house_id,
                person_id=waiting.person_id,
                text=f"「{popup.title_zh}」已结束。您的订单 {found.number} 尚未支付，作品会为您保留片刻，"
                "请您在“我的订单”中尽快完成支付；逾期订单将自动关闭，不会产生费用。",
                key=f"popup-{popup.pk}-{waiting.order_id}",
                now=now,
            )
        except AccountMissing:
            return
        if sent.state == "sent":
            PopupOrder.objects.filter(pk=waiting.pk).update(told_at=now)

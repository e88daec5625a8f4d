"""Who came by which code and what was bought, once however often it is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from seta.boutique.events import OrderPaid, OrderRefunded
from seta.boutique.queries import order
from seta.events.operations import publish
from seta.houses.queries import house
from seta.kit.scenes import Scene
from seta.people.events import PersonsMerged, SessionStarted
from seta.people.operations import repoint
from seta.people.queries import card, current_id
from seta.popups.events import PopupVisited
from seta.popups.models import Popup, PopupOrder, PopupPoster, PopupVisit
from seta.popups.rules.plan import State


def on_session_started(fact: SessionStarted, now: datetime) -> None:
    """A session that began by a pop-up's code is a visit."""
    if fact.person_id is not None and fact.scene:
        note_visit(house_id=fact.house_id, person_id=fact.person_id, scene=fact.scene, now=fact.occurred_at)


@transaction.atomic
def note_visit(*, house_id: int, person_id: int, scene: str, now: datetime, code: str = "") -> bool:
    """Keep a visit by its scene, or (from inside the mini program) by the pop-up's code; False when it is no news.

    Only an open pop-up is visited; a code of no poster of it counts as its plain code.
    """
    read = Scene.decode(scene)
    popup = Popup.objects.filter(
        house_id=house_id, code=code or read.campaign, state=State.OPEN, opened_at__lte=now
    ).first()
    if popup is None:
        return False
    person_id = current_id(person_id)
    poster = poster_of(popup, scene)
    day = now.astimezone(ZoneInfo(house(house_id).timezone)).date()
    seen = PopupVisit.objects.filter(popup=popup, person_id=person_id)
    if seen.filter(poster=poster, day=day).exists():
        return False
    assert popup.opened_at is not None, "an open pop-up has been opened"
    is_new = not seen.exists() and card(person_id).created_at >= popup.opened_at
    try:
        with transaction.atomic():
            PopupVisit.objects.create(
                popup=popup, person_id=person_id, poster=poster, day=day, at=now, is_new=is_new
            )
    except IntegrityError:
        return False
    publish(
        PopupVisited(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            campaign=popup.code,
            popup_id=popup.pk,
            code=popup.code,
            poster=poster,
            is_new=is_new,
        )
    )
    return True


def poster_of(popup: Popup, scene: str) -> str:
    """The poster that a scene names, when it is one of the pop-up's; anybody may have made a scene up."""
    read = Scene.decode(scene)
    known = PopupPoster.objects.filter(popup=popup, code=read.place).exists()
    return read.place if known and read.campaign == popup.code else ""


def on_order_paid(fact: OrderPaid, now: datetime) -> None:
    """An order of a pop-up is a sale."""
    PopupOrder.objects.filter(order_id=fact.order_id, paid_at__isnull=True).update(paid_at=fact.occurred_at)


def on_order_refunded(fact: OrderRefunded, now: datetime) -> None:
    """What went back of a pop-up's order is no revenue; the order itself says how much it is by now."""
    found = order(order_id=fact.order_id, house_id=fact.house_id)
    if found is not None:
        PopupOrder.objects.filter(order_id=fact.order_id).update(refunded=found.refunded)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Orders and visits become the kept person's; a visit that both made on a day by one code stays one."""
    repoint(PopupOrder, fact)
    kept = set(PopupVisit.objects.filter(person_id=fact.kept_id).values_list("popup_id", "poster", "day"))
    for visit in PopupVisit.objects.filter(person_id=fact.absorbed_id).order_by("id"):
        if (visit.popup_id, visit.poster, visit.day) in kept:
            visit.delete()
        else:
            PopupVisit.objects.filter(pk=visit.pk).update(person_id=fact.kept_id)

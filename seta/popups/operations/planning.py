"""A pop-up is planned whole, may be changed until it opens, and then no more."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from seta.boutique import queries as boutique
from seta.boutique.operations import must_be_sold_through
from seta.boutique.rules import ONLINE, OrderRefused
from seta.boutique.rules.availability import Door
from seta.popups import pictures
from seta.popups.models import Popup, PopupAction, PopupPiece, PopupPoster
from seta.popups.queries.storefronts import edition
from seta.popups.rules.plan import LANGUAGES, PlaceKind, Plan, State, check, may_become
from seta.popups.rules.refusals import PopupRefused, Refusal


@transaction.atomic
def plan_popup(*, house_id: int, user_id: int | None, plan: Plan, now: datetime) -> int:
    """Keep a plan; returns its id. It will open and close by itself. Raises PopupRefused."""
    variants = _checked(house_id, plan, now)
    if Popup.objects.filter(house_id=house_id, code=plan.code).exists():
        raise PopupRefused(Refusal.CODE_TAKEN, plan.code)
    try:
        with transaction.atomic():
            made = Popup.objects.create(house_id=house_id, code=plan.code, planned_at=now, **_fields(plan))
    except IntegrityError as taken:
        # Two colleagues at once: the other was first.
        raise PopupRefused(Refusal.CODE_TAKEN, plan.code) from taken
    _keep_parts(made, plan, variants)
    PopupAction.objects.create(popup=made, verb="plan", user_id=user_id, at=now)
    return made.pk


@transaction.atomic
def change_popup(
    *, house_id: int, popup_id: int, user_id: int, plan: Plan, seen: str = "", now: datetime
) -> None:
    """Put another plan in the place of one that has not opened; its code stays.

    `seen` is the edition that the form was filled in from. Raises PopupRefused, PLAN_CHANGED when it is not that one.
    """
    popup = locked(popup_id, house_id)
    if popup.state != State.PLANNED:
        raise PopupRefused(Refusal.NOT_PLANNED)
    if seen and seen != edition(popup_id):
        raise PopupRefused(Refusal.PLAN_CHANGED)
    if plan.code != popup.code:
        raise PopupRefused(Refusal.WRONG_CODE, plan.code[:40])
    variants = _checked(house_id, plan, now)
    for name, value in _fields(plan).items():
        setattr(popup, name, value)
    popup.save()
    popup.pieces.all().delete()
    popup.posters.all().delete()
    _keep_parts(popup, plan, variants)
    PopupAction.objects.create(popup=popup, verb="change", user_id=user_id, at=now)


@transaction.atomic
def cancel_popup(*, house_id: int, popup_id: int, user_id: int, now: datetime) -> None:
    """Give up a pop-up that has not opened. Raises PopupRefused."""
    popup = locked(popup_id, house_id)
    may_become(State(popup.state), State.CANCELLED)
    popup.state = State.CANCELLED
    popup.save(update_fields=["state"])
    PopupAction.objects.create(popup=popup, verb="cancel", user_id=user_id, at=now)


def set_cover(*, house_id: int, popup_id: int, user_id: int, image: bytes, now: datetime) -> None:
    """Give a pop-up that is not over its picture, made anew by this server. Raises PopupRefused."""
    name = pictures.keep(image)
    with transaction.atomic():
        popup = locked(popup_id, house_id)
        if popup.state not in (State.PLANNED, State.OPEN):
            raise PopupRefused(Refusal.WRONG_STATE)
        popup.cover = name
        popup.save(update_fields=["cover"])
        PopupAction.objects.create(popup=popup, verb="cover", user_id=user_id, at=now)


def locked(popup_id: int, house_id: int | None = None) -> Popup:
    """The pop-up, locked until the transaction ends; raises PopupRefused(UNKNOWN_POPUP)."""
    rows = Popup.objects.select_for_update(of=("self",)).filter(pk=popup_id)
    found = (rows.filter(house_id=house_id) if house_id is not None else rows).first()
    if found is None:
        raise PopupRefused(Refusal.UNKNOWN_POPUP)
    return found


def _checked(house_id: int, plan: Plan, now: datetime) -> dict[str, int]:
    """The variants by their codes, once the whole plan is sound and the catalogue has all of it with a price."""
    check(plan, now=now)
    places = {ONLINE, *(point.code for point in boutique.sales_points(house_id=house_id))}
    if plan.source_location not in places:
        raise PopupRefused(Refusal.UNKNOWN_PLACE, plan.source_location[:40])
    if plan.place_kind == PlaceKind.BOUTIQUE and plan.place_code not in places - {ONLINE}:
        raise PopupRefused(Refusal.UNKNOWN_PLACE, plan.place_code[:40])
    listed = boutique.products(house_id=house_id)
    priced = {variant.sku: variant.id for product in listed for variant in product.variants}
    codes = {product.code for product in listed}
    for wish in plan.wishes:
        if wish.sku in priced:
            _check_windows(house_id, wish.sku, priced[wish.sku], plan)
            continue
        unpriced = boutique.variant_id(house_id=house_id, sku=wish.sku)
        found = boutique.product_of_variant(variant_id=unpriced) if unpriced else None
        known = found is not None and found.code in codes
        raise PopupRefused(Refusal.NO_PRICE if known else Refusal.UNKNOWN_PRODUCT, wish.sku[:40])
    return {wish.sku: priced[wish.sku] for wish in plan.wishes}


def _check_windows(house_id: int, sku: str, variant_id: int, plan: Plan) -> None:
    """Refuses (NOT_SOLD_THEN) a piece whose windows of sale leave pop-ups out at the opening."""
    try:
        must_be_sold_through(house_id=house_id, variant_id=variant_id, door=Door.POPUP, at=plan.opens_at)
    except OrderRefused as unsold:
        raise PopupRefused(Refusal.NOT_SOLD_THEN, sku[:40]) from unsold


def _fields(plan: Plan) -> dict[str, Any]:
    words = {f"title_{language}": plan.title[language].strip() for language in LANGUAGES}
    words |= {f"intro_{language}": plan.intro.get(language, "").strip() for language in LANGUAGES}
    return {
        **words,
        "accent": plan.accent.lower(),
        "place_kind": plan.place_kind,
        "place_code": plan.place_code[:60],
        "place_name": plan.place_name[:120],
        "place_name_zh": plan.place_name_zh[:120],
        "source_location": plan.source_location,
        "opens_at": plan.opens_at,
        "closes_at": plan.closes_at,
    }


def _keep_parts(popup: Popup, plan: Plan, variants: dict[str, int]) -> None:
    PopupPiece.objects.bulk_create(
        PopupPiece(
            popup=popup, variant_id=variants[wish.sku], sku=wish.sku, wished=wish.pieces, position=position
        )
        for position, wish in enumerate(plan.wishes)
    )
    PopupPoster.objects.bulk_create(
        PopupPoster(popup=popup, code=poster.code, label=poster.label.strip()[:60] or poster.code)
        for poster in plan.posters
    )

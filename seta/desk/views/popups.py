"""Pop-ups from the desk: plan, see it as the phone does, open and close early, print its codes, read its figures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.boutique.rules import ONLINE
from seta.desk import popup_words
from seta.desk.shell import form, language, page, show, tell, telling, today, words_of, zone_of
from seta.guide import queries as guide
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.kit.money import text
from seta.popups import operations, queries
from seta.popups.queries import PopupCard
from seta.popups.rules.plan import LANGUAGES, PlaceKind, Plan, Poster, Wish
from seta.popups.rules.refusals import PopupRefused, Refusal
from seta.stores import queries as stores

COVER_BYTES_MAX = 8_000_000
_CLOCK = "%Y-%m-%dT%H:%M"


@page("popups")
def popup_list(request: StaffRequest) -> HttpResponse:
    """Every pop-up with what it has brought so far."""
    cards = queries.popups(house_id=request.member.house_id, language=language())
    rows = [(card, queries.figures(card.id)) for card in cards]
    return show(request, "popups", "popups/list.html", {"rows": rows, **_words()})


def _words() -> dict[str, Any]:
    return {
        "states": popup_words.STATE,
        "tones": popup_words.TONE,
        "verbs": popup_words.VERB,
        "place_kinds": popup_words.PLACE,
    }


@page("popups")
def popup(request: StaffRequest, popup_id: int) -> HttpResponse:
    """One pop-up: its figures, its codes, who did what, and the phone beside it."""
    card = _card(request, popup_id)
    phone = request.GET.get("phone", "zh")
    phone = phone if phone in LANGUAGES else "zh"
    shown = queries.popup(house_id=card.house_id, popup_id=card.id, language=phone)
    assert shown is not None, "what was found a moment ago is never deleted"
    found = queries.figures(card.id)
    context = {
        **_words(),
        "popup": card,
        "figures": found,
        "shares": _shares(found),
        "actions": queries.actions(card.id),
        "members": {member.user_id: member.name for member in houses.members(card.house_id)},
        "phone": phone,
        "phones": (("zh", "中文"), ("en", "EN"), ("it", "IT")),
        "shown": shown,
        "offered": _offered(shown, phone),
    }
    return show(request, "popups", "popups/popup.html", context)


def _shares(found: queries.Figures) -> list[tuple[queries.DayRow, int]]:
    """Each day with its share of the best day's visits, in percent."""
    most = max((row.visits for row in found.days), default=0) or 1
    return [(row, round(100 * row.visits / most)) for row in found.days]


def _offered(card: PopupCard, phone: str) -> list[dict[str, Any]]:
    wished = dict(card.wishes)
    return [
        {
            "name": product.name,
            "image": product.image_url,
            "price": text(variant.amount, variant.currency),
            "label": variant.label,
            "left": variant.available if card.state == "open" else wished[variant.sku],
        }
        for product in queries.storefront(card, phone).products
        for variant in product.variants
    ]


def _card(request: StaffRequest, popup_id: int) -> PopupCard:
    card = queries.popup(house_id=request.member.house_id, popup_id=popup_id, language=language())
    if card is None:
        raise Http404
    return card


@page("popups")
def plan(request: StaffRequest, popup_id: int | None = None) -> HttpResponseBase:
    """Plan a pop-up, or change one that has not opened; what was written stays on the page with why it was refused."""
    # Asked before the plan is read, so that a change between the two is noticed rather than undone.
    seen = queries.edition(popup_id) if popup_id is not None else ""
    card = _card(request, popup_id) if popup_id is not None else None
    given, problem = (request.POST if request.method == "POST" else None), ""
    if given is not None:
        try:
            kept = _keep(request, card, _plan_of(request, given), given.get("seen", ""))
        except PopupRefused as refused:
            problem = words_of(refused)
        else:
            tell(request, _("The plan is kept. The pop-up opens and closes by itself."))
            return redirect("desk:popup", kept)
    context = {
        "popup": card,
        "problem": problem,
        "values": _values(given) if given is not None else _values_of(request, card) | {"seen": seen},
        "pieces": _pieces(request, card, given),
        "places": _places(request),
        "locations": _locations(request),
        "timezone": zone_of(request).key,
    }
    return show(request, "popups", "popups/plan.html", context, status=422 if problem else 200)


def _keep(request: StaffRequest, card: PopupCard | None, made: Plan, seen: str) -> int:
    who = {"house_id": request.member.house_id, "user_id": request.member.user_id}
    now = datetime.now(UTC)
    if card is None:
        return operations.plan_popup(plan=made, now=now, **who)
    operations.change_popup(popup_id=card.id, plan=made, seen=seen, now=now, **who)
    return card.id


def _plan_of(request: StaffRequest, given: QueryDict) -> Plan:
    zone = zone_of(request)
    kind, _sign, code = given.get("place", "online").partition(":")
    named = {(kind, code): (name, name_zh) for kind, code, name, name_zh in _places(request)}
    if kind != "online" and (kind, code) not in named:
        raise PopupRefused(Refusal.UNKNOWN_PLACE, code[:40])
    name, name_zh = named.get((kind, code), ("", ""))
    return Plan(
        code=given.get("code", "").strip(),
        title={each: given.get(f"title_{each}", "") for each in LANGUAGES},
        intro={each: given.get(f"intro_{each}", "") for each in LANGUAGES},
        accent=given.get("accent", ""),
        opens_at=_instant(given.get("opens_at", ""), zone),
        closes_at=_instant(given.get("closes_at", ""), zone),
        source_location=given.get("source", ""),
        wishes=_wishes(given),
        posters=_posters(given.get("posters", "")),
        place_kind=PlaceKind(kind),
        place_code=code,
        place_name=name,
        place_name_zh=name_zh,
    )


def _instant(written: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(written, _CLOCK).replace(tzinfo=zone)
    except (ValueError, OverflowError) as unreadable:
        raise PopupRefused(Refusal.WRONG_DATES) from unreadable


def _wishes(given: QueryDict) -> list[Wish]:
    found = []
    for name, written in given.items():
        sku, pieces = name.removeprefix("pieces:"), str(written).strip()
        if not name.startswith("pieces:") or pieces in ("", "0"):
            continue
        if not (pieces.isascii() and pieces.isdigit() and len(pieces) < 10):
            raise PopupRefused(Refusal.WRONG_QUANTITY, sku[:40])
        found.append(Wish(sku, int(pieces)))
    return found


def _posters(written: str) -> list[Poster]:
    """One a line: `code, what it is called`."""
    found = []
    for line in written.splitlines():
        code, _comma, label = line.replace("，", ",").partition(",")
        if line.strip():
            found.append(Poster(code.strip(), label.strip()))
    return found


def _values(given: QueryDict) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}


def _values_of(request: StaffRequest, card: PopupCard | None) -> dict[str, str]:
    zone = zone_of(request)
    if card is None:
        start = datetime.now(zone).replace(hour=10, minute=0) + timedelta(days=1)
        return {
            "accent": "#1f5b4a",
            "opens_at": start.strftime(_CLOCK),
            "closes_at": (start + timedelta(days=7)).strftime(_CLOCK),
            "source": ONLINE,
            "place": "online",
        }
    place = f"{card.place_kind}:{card.place_code}" if card.place_code else "online"
    return {
        "code": card.code,
        **{f"title_{each}": card.titles[each] for each in LANGUAGES},
        **{f"intro_{each}": card.intros[each] for each in LANGUAGES},
        "accent": card.accent,
        "opens_at": card.opens_at.astimezone(zone).strftime(_CLOCK),
        "closes_at": card.closes_at.astimezone(zone).strftime(_CLOCK),
        "source": card.source_location,
        "place": place,
        "posters": "\n".join(f"{poster.code}, {poster.label}" for poster in card.posters),
    }


def _pieces(request: StaffRequest, card: PopupCard | None, given: QueryDict | None) -> list[dict[str, Any]]:
    """Every variant that has a price, with what lies online and what is wished."""
    wished = dict(card.wishes) if card else {}
    return [
        {
            "name": product.name,
            "sku": variant.sku,
            "label": variant.label,
            "price": text(variant.amount, variant.currency),
            "there": variant.available,
            "wished": given.get(f"pieces:{variant.sku}", "") if given else wished.get(variant.sku, ""),
        }
        for product in boutique.products(house_id=request.member.house_id, language=language())
        for variant in product.variants
    ]


def _places(request: StaffRequest) -> list[tuple[str, str, str, str]]:
    """(kind, code, name, Chinese name) of the boutiques that sell and of the guide's places."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    selling = {point.code for point in boutique.sales_points(house_id=house_id)}
    shops = [
        ("boutique", shop.code, shop.name, shop.name_zh)
        for shop in stores.boutiques(house_id)
        if shop.code in selling
    ]
    sights = guide.places(house_id, day=today(request, now), language=language())
    return shops + [("place", place.code, place.name_en, place.name_zh) for place in sights]


def _locations(request: StaffRequest) -> list[str]:
    return [ONLINE, *(point.code for point in boutique.sales_points(house_id=request.member.house_id))]


@form("marketing", back="desk:popups")
def move(request: StaffRequest, popup_id: int, verb: str) -> HttpResponseBase:
    """Open early, close early, or give a plan up."""
    steps: dict[str, Callable[..., None]] = {
        "open": operations.open_popup,
        "close": operations.close_popup,
        "cancel": operations.cancel_popup,
    }
    if verb not in steps:
        raise Http404
    card, member = _card(request, popup_id), request.member
    with telling(request, str(popup_words.DONE[verb])):
        steps[verb](house_id=member.house_id, popup_id=card.id, user_id=member.user_id, now=datetime.now(UTC))
    return redirect("desk:popup", popup_id)


@form("marketing", back="desk:popups")
def cover(request: StaffRequest, popup_id: int) -> HttpResponseBase:
    """Give a pop-up its picture."""
    card, picture = _card(request, popup_id), request.FILES.get("picture")
    with telling(request, _("The cover is set.")):
        operations.set_cover(
            house_id=card.house_id,
            popup_id=card.id,
            user_id=request.member.user_id,
            image=picture.read(COVER_BYTES_MAX + 1) if picture else b"",
            now=datetime.now(UTC),
        )
    return redirect("desk:popup", popup_id)


@page("popups")
def posters(request: StaffRequest, popup_id: int) -> HttpResponse:
    """The posters as one PDF, a page each."""
    card = _card(request, popup_id)
    if not card.posters:
        raise Http404
    house = houses.house(card.house_id)
    made = queries.poster_pdf(card, house=house.name, timezone=house.timezone)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="popup-{card.code}.pdf"'
    return answer


@page("popups")
def report(request: StaffRequest, popup_id: int) -> HttpResponse:
    """The figures as CSV."""
    card = _card(request, popup_id)
    answer = HttpResponse(queries.report_csv(card.id), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="popup-{card.code}.csv"'
    return answer

"""An order's next steps at the desk: send it, make it ready, answer the client, take pieces back, issue its fapiao."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.boutique import queries as boutique
from seta.boutique.queries import OrderView, promises
from seta.boutique.queries import service as orders
from seta.boutique.rules.after_sale import WORDS_CHARS_MAX, Kind, Reason, Wish
from seta.boutique.rules.fulfilment import Address, Terms
from seta.boutique.rules.limits import REASON_CHARS_MAX
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.orders import ONLINE
from seta.boutique.rules.prices import MARKETS
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import invoicee_of
from seta.clienteling import queries as clienteling
from seta.desk.doing import by
from seta.desk.queries import refund_requests
from seta.desk.rights import ROLES, Act, may
from seta.desk.rules import FormRefused, fen
from seta.desk.shell import form, language, page, show, telling
from seta.desk.views import stock
from seta.desk.views.boutique import associates_of, districts, order_of_house, payment_of
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.kit.money import decimal_text
from seta.people import queries as people

STAFF = ROLES[Act.SELL]
FIELDS = ("recipient", "phone", "region", "street", "postcode", "country")
TERMS = tuple(Terms.__dataclass_fields__)
MONEY_TERMS = ("delivery_fee", "free_from")


@page("boutique")
def order(request: StaffRequest, order_id: int) -> HttpResponse:
    """An order: its pieces and money, what happened to it and what can be done next."""
    found = order_of_house(request, order_id)
    house_id = request.member.house_id
    member = request.member
    context = {
        "order": found,
        "client": people.card(found.person_id) if found.person_id else None,
        "payment": payment_of(house_id, found),
        "sale": clienteling.sale_of_order(found.id),
        "associates": associates_of(house_id),
        "districts": districts(),
        "requests": refund_requests(house_id, order_id=order_id),
        "can_refund": may(member, Act.REFUND) and found.state in ("paid", "partly_refunded"),
        "is_refunder": may(member, Act.APPROVE_REFUND),
        "left": found.total - found.refunded,
        "key": new_token(),
        "reason_chars_max": REASON_CHARS_MAX,
        **context_of(request, found),
    }
    return show(request, "boutique", "boutique/order.html", context)


def context_of(request: StaffRequest, order: OrderView) -> dict[str, Any]:
    """What the order's page shows beside its lines, money and seller."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    found = orders.order_service(order_id=order.id, house_id=house_id, language=language(), now=now)
    assert found is not None, "an order of the house"
    return {
        "service": found,
        "members": stock.names_of(house_id),
        "places": stock.places_of(house_id),
        "variants": _variants(house_id) if "exchange" in found.kinds else [],
        "reasons": list(Reason),
        "can_act": request.member.role in STAFF,
        "can_give_back": request.member.role in ROLES[Act.REFUND],
        "points": [point.code for point in boutique.sales_points(house_id=house_id)],
        "words_max": WORDS_CHARS_MAX,
        "request_key": new_token()[:32],
    }


def _variants(house_id: int) -> list[tuple[int, str]]:
    return [
        (variant.id, f"{card.name} · {variant.label}")
        for card in boutique.products(house_id=house_id, language=language())
        for variant in card.variants
    ]


def _whole(request: StaffRequest, name: str) -> int:
    said = request.POST.get(name, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise OrderRefused(Refusal.WRONG_WISH, said[:20])
    return int(said)


@form(*STAFF, back="desk:orders")
def ready(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The pieces wait in the boutique."""
    order_of_house(request, order_id)
    with telling(request, _("The pieces are ready; the client is told.")):
        operations.make_ready(**by(request), order_id=order_id)
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def ship(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The parcel went out."""
    order_of_house(request, order_id)
    with telling(request, _("The parcel is on its way.")):
        operations.ship_order(
            **by(request),
            order_id=order_id,
            carrier=request.POST.get("carrier", ""),
            tracking=request.POST.get("tracking", ""),
        )
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def delivered(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """The carrier says that the parcel arrived."""
    order_of_house(request, order_id)
    with telling(request, _("The parcel has arrived.")):
        operations.confirm_delivery(**by(request), order_id=order_id)
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def choose_way(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Say how the order arrives, or put its address right."""
    order_of_house(request, order_id)
    said = {name: request.POST.get(name, "") for name in FIELDS}
    place = request.POST.get("pickup_at", "")
    with telling(request, _("It is written down how the order arrives.")):
        address = None if place else Address(**said)
        operations.choose_way(**by(request), order_id=order_id, address=address, pickup_at=place)
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def ask(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Enter what a client asks for in the boutique or on the phone."""
    order_of_house(request, order_id)
    said = request.POST
    with telling(request, _("The request is entered.")):
        if said.get("kind") not in list(Kind) or said.get("reason") not in list(Reason):
            raise OrderRefused(Refusal.WRONG_WISH)
        kind = Kind(said["kind"])
        operations.ask_after_sale(
            **by(request),
            order_id=order_id,
            kind=kind,
            reason=Reason(said["reason"]),
            words=said.get("words", ""),
            wishes=[] if kind is Kind.CANCEL else [_wish(request, kind)],
            key=said.get("key", "").strip()[:40] or new_token()[:32],
        )
    return redirect("desk:order", order_id)


def _wish(request: StaffRequest, kind: Kind) -> Wish:
    wanted = _whole(request, "variant_id") if kind is Kind.EXCHANGE else None
    return Wish(_whole(request, "line_id"), _whole(request, "quantity"), wanted)


def _order_of(request: StaffRequest, request_id: int) -> int:
    """The order of a request that the member may see."""
    found = orders.request(house_id=request.member.house_id, request_id=request_id)
    return order_of_house(request, found.order_id if found else -1).id


@form(*ROLES[Act.REFUND], back="desk:orders")
def accept(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Say yes to a client."""
    order_id = _order_of(request, request_id)
    with telling(request, _("The client's request is accepted.")):
        operations.accept_after_sale(
            **by(request),
            request_id=request_id,
            answer=request.POST.get("answer", ""),
            place=request.POST.get("place", ONLINE),
        )
    return redirect("desk:order", order_id)


@form(*ROLES[Act.REFUND], back="desk:orders")
def decline(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Say no, and why."""
    order_id = _order_of(request, request_id)
    with telling(request, _("The client's request is declined.")):
        operations.decline_after_sale(
            **by(request), request_id=request_id, answer=request.POST.get("answer", "")
        )
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def receive(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """The pieces are back; those that are sound go on the shelf."""
    order_id = _order_of(request, request_id)
    sound = {int(said) for said in request.POST.getlist("restock") if said.isascii() and said.isdigit()}
    with telling(request, _("The pieces are taken back.")):
        operations.receive_after_sale(
            **by(request), request_id=request_id, place=request.POST.get("place", ""), restocked=sound
        )
    return redirect("desk:order", order_id)


@form(*ROLES[Act.REFUND], back="desk:orders")
def pay_back(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Ask for the money again that did not go."""
    order_id = _order_of(request, request_id)
    with telling(request, _("The money is asked for again.")):
        operations.pay_back(
            request_id=request_id, user_id=request.member.user_id, now=datetime.now(UTC), is_retry=True
        )
    return redirect("desk:order", order_id)


@form(*STAFF, back="desk:orders")
def ask_fapiao(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Enter whom the fapiao is for."""
    order_of_house(request, order_id)
    said = request.POST
    with telling(request, _("The fapiao is asked for.")):
        invoice = invoicee_of(
            said.get("buyer", ""), said.get("title", ""), said.get("tax_number", ""), said.get("email", "")
        )
        operations.ask_fapiao(**by(request), order_id=order_id, invoice=invoice)
    return redirect("desk:order", order_id)


@form("finance", back="desk:orders")
def issue_fapiao(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Enter the number the tax platform gave."""
    order_of_house(request, order_id)
    with telling(request, _("The fapiao is issued.")):
        operations.issue_fapiao(**by(request), order_id=order_id, number=request.POST.get("number", ""))
    return redirect("desk:order", order_id)


@form("finance", back="desk:orders")
def withdraw_fapiao(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Enter the red-letter fapiao that takes the issued one back."""
    order_of_house(request, order_id)
    with telling(request, _("The fapiao is withdrawn.")):
        operations.withdraw_fapiao(
            **by(request), order_id=order_id, red_number=request.POST.get("number", "")
        )
    return redirect("desk:order", order_id)


@page("boutique")
def promised(request: StaffRequest) -> HttpResponse:
    """What the house promises after the sale."""
    found = promises.terms(request.member.house_id)
    context = {
        "terms": found,
        "money": {name: decimal_text(getattr(found, name), "CNY") for name in MONEY_TERMS},
        "may_change": request.member.role in ("finance", "marketing", "admin"),
        "fees": [
            (market, market_name(market, language()), each)
            for market, each in promises.delivery_fees(request.member.house_id).items()
        ],
        "markets": [(market, market_name(market, language())) for market in MARKETS],
    }
    return show(request, "boutique", "boutique/promises.html", context)


@form("finance", "marketing", back="desk:service_terms")
def set_fee(request: StaffRequest) -> HttpResponseBase:
    """Say what deliveries to a market cost, or (nothing written) let the house's own price hold there again."""
    is_back = not request.POST.get("delivery_fee", "").strip()
    with telling(request, _("The price of deliveries is in force.")):
        operations.set_delivery_fee(
            **by(request),
            market=request.POST.get("market", ""),
            delivery_fee=None if is_back else _fen(request, "delivery_fee"),
            free_from=0 if is_back else _fen(request, "free_from"),
        )
    return redirect("desk:service_terms")


@form("finance", "marketing", back="desk:service_terms")
def set_terms(request: StaffRequest) -> HttpResponseBase:
    """Change what the house promises from now on."""
    with telling(request, _("The terms are in force.")):
        values = {
            name: _fen(request, name) if name in MONEY_TERMS else _days(request, name) for name in TERMS
        }
        operations.set_service_terms(**by(request), terms=Terms(**values))
    return redirect("desk:service_terms")


def _fen(request: StaffRequest, name: str) -> int:
    said = request.POST.get(name, "").strip()
    try:
        return 0 if not said.replace("0", "").replace(".", "") else fen(said)
    except FormRefused as problem:
        raise OrderRefused(Refusal.WRONG_TERMS, name) from problem


def _days(request: StaffRequest, name: str) -> int:
    try:
        return _whole(request, name)
    except OrderRefused as problem:
        raise OrderRefused(Refusal.WRONG_TERMS, name) from problem

"""The till: choose a piece, scan the client's payment code, watch it become paid, show the receipt."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations as boutique
from seta.boutique import queries as orders
from seta.clienteling import queries as clienteling
from seta.clienteling.queries import AssociateCard
from seta.desk import operations, people, rules
from seta.desk.operations import TillSale
from seta.desk.shell import form, language, page, show, show_part, telling, warn, words_of
from seta.desk.views.boutique import order_of_house, payment_of
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token

SELLERS = ("associate", "finance")
OPEN_PAYMENT = frozenset({"requires_confirmation", "processing", "requires_action", "unknown"})


@page("boutique")
def till(request: StaffRequest) -> HttpResponse:
    """The form of a sale."""
    house_id = request.member.house_id
    own = clienteling.associate_of_user(house_id=house_id, user_id=request.member.user_id)
    book = clienteling.client_book(house_id, associate_id=own.id if own else None, limit=200)
    context = {
        "products": orders.products(house_id=house_id, language=language()),
        "points": orders.sales_points(house_id=house_id),
        "associates": [row.associate for row in clienteling.associates(house_id) if row.associate.is_active],
        "own": own,
        "clients": {row.person_id: row.name for row in book},
        "key": new_token(),
        "recent": orders.orders(house_id=house_id, channel="till", language=language(), limit=8),
        "can_sell": request.member.role in (*SELLERS, "admin"),
    }
    return show(request, "boutique", "boutique/till.html", context)


@form(*SELLERS, back="desk:till")
def charge(request: StaffRequest) -> HttpResponseBase:
    """Sell: place the order and charge the code."""
    with telling(request):
        sale = operations.sell_at_till(
            house_id=request.member.house_id,
            variant_id=rules.number(request.POST.get("variant_id", "")),
            quantity=rules.number(request.POST.get("quantity", "1")),
            point=request.POST.get("boutique", ""),
            associate_id=_associate_id(request),
            person_id=_person_id(request),
            auth_code=_code(request),
            key=request.POST.get("key", "").strip()[:40] or new_token(),
            now=datetime.now(UTC),
        )
        return _receipt(request, sale)
    return redirect("desk:till")


@form(*SELLERS, back="desk:till")
def charge_again(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Charge another code for an order whose payment failed."""
    order_of_house(request, order_id)
    with telling(request):
        sale = operations.charge_order(order_id=order_id, auth_code=_code(request), now=datetime.now(UTC))
        return _receipt(request, sale)
    return redirect("desk:receipt", order_id)


@form(*SELLERS, back="desk:till")
def cancel(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Give an unpaid order's pieces back."""
    order_of_house(request, order_id)
    with telling(request, _("The sale is cancelled; its pieces are back in stock.")):
        boutique.cancel_order(order_id=order_id, now=datetime.now(UTC))
    return redirect("desk:receipt", order_id)


@page("boutique")
def receipt(request: StaffRequest, order_id: int) -> HttpResponse:
    """The sale as it stands; the page follows the payment by itself."""
    found = order_of_house(request, order_id)
    context = {
        "order": found,
        "payment": payment_of(request.member.house_id, found),
        "open_payment": OPEN_PAYMENT,
    }
    template = "parts/receipt_live.html" if request.headers.get("HX-Request") else "boutique/receipt.html"
    if template.startswith("parts/"):
        return show_part(request, template, context)
    return show(request, "boutique", template, context)


def _receipt(request: StaffRequest, sale: TillSale) -> HttpResponseBase:
    if sale.problem is not None:
        warn(request, words_of(sale.problem))
    return redirect("desk:receipt", sale.order_id)


def _code(request: StaffRequest) -> str:
    return request.POST.get("auth_code", "").replace(" ", "").strip()[:64]


def _associate_id(request: StaffRequest) -> int | None:
    """The associate that the form names by id or code; without one, the member themselves if they are one."""
    house_id, named = request.member.house_id, request.POST.get("associate", "").strip()[:64]
    if not named:
        own = clienteling.associate_of_user(house_id=house_id, user_id=request.member.user_id)
        return own.id if own else None
    found: AssociateCard | None
    if named.isascii() and named.isdigit() and len(named) <= 15:
        found = clienteling.associate(int(named))
    else:
        found = clienteling.associate_by_code(house_id=house_id, code=named)
    if found is None or found.house_id != house_id:
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, named)
    return found.id


def _person_id(request: StaffRequest) -> int | None:
    named = request.POST.get("person_id", "").strip()
    if not named:
        return None
    person = people.of_house(house_id=request.member.house_id, person_id=rules.number(named))
    if person is None:
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, named)
    return person.id

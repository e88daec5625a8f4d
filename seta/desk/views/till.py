"""The till: an amount or pieces, the client's code or ours, the payment as it goes, its receipt and its refund."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations as boutique
from seta.boutique import queries as orders
from seta.boutique.rules import Line
from seta.boutique.rules.availability import Door
from seta.clienteling import queries as clienteling
from seta.clienteling.queries import AssociateCard
from seta.desk import counter, labels, operations, people, queries, rules
from seta.desk.counter import Sale
from seta.desk.rights import ROLES, Act, may
from seta.desk.shell import (
    REFUSED,
    day_began,
    form,
    language,
    page,
    show,
    show_part,
    tell,
    telling,
    warn,
    words_of,
)
from seta.desk.views.boutique import order_of_house
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.kit.money import text
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import PaymentRow
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import Refusal as PaymentRefusal
from seta.platforms.core.errors import PlatformError
from seta.stores import queries as stores

SELLERS = ROLES[Act.SELL]
REASON_CHARS_MAX = 80
NOTE_CHARS_MAX = 60
LINES_MAX = 8
FRESH = timedelta(seconds=20)


@page("boutique")
def till(request: StaffRequest) -> HttpResponse:
    """The keypad, the pieces, and what came in today; `boutique` in the address chooses the counter."""
    house_id, point = request.member.house_id, point_of(request)
    own = clienteling.associate_of_user(house_id=house_id, user_id=request.member.user_id)
    book = clienteling.client_book(house_id, associate_id=own.id if own else None, limit=200)
    context = {
        **_today(request, point),
        "points": points(request),
        "products": orders.products(
            house_id=house_id,
            language=language(),
            market=orders.market_of(house_id=house_id, boutique=point),
            door=Door.TILL,
        ),
        "associates": [row.associate for row in clienteling.associates(house_id) if row.associate.is_active],
        "own": own,
        "clients": {row.person_id: row.name for row in book},
        "key": new_token(80),
        "codes": [code for code in payments.static_codes(house_id, boutique_code=point) if code.is_active],
        "shown": shown_methods(house_id),
        "can_sell": may(request.member, Act.SELL),
        "way": "pieces" if request.GET.get("way") == "pieces" else "amount",
    }
    return show(request, "boutique", "boutique/till.html", context)


def points(request: StaffRequest) -> dict[str, str]:
    """The counters that the member may see, by code; a member of one boutique sees that one."""
    house_id = request.member.house_id
    names = {store.code: store.name for store in stores.boutiques(house_id)}
    if language().startswith("zh"):
        names |= {store.code: store.name_zh for store in stores.boutiques(house_id) if store.name_zh}
    mine = request.member.boutique_code
    codes = [point.code for point in orders.sales_points(house_id=house_id)]
    return {code: names.get(code, code) for code in codes if not mine or code == mine}


def point_of(request: StaffRequest, named: str = "") -> str:
    """The counter that is asked for, if the member may see it; else their own, else the first; empty without any."""
    known = points(request)
    asked = named or request.GET.get("boutique", "") or request.POST.get("boutique", "")
    if asked in known:
        return asked
    own = clienteling.associate_of_user(house_id=request.member.house_id, user_id=request.member.user_id)
    if own and own.boutique in known:
        return own.boutique
    return next(iter(known), "")


def shown_methods(house_id: int) -> list[str]:
    """The codes that this house can show a client, one for each wallet that some provider of it takes."""
    currency, found = houses.house(house_id).currency, []
    for wallet in counter.WALLETS:
        try:
            method = pay.method_for(
                house_id=house_id, wallet=wallet, way="qr", scene="till", settle_currency=currency
            )
        except PaymentRefused:
            continue
        found.append(method)
    return found


def _today(request: StaffRequest, point: str) -> dict[str, Any]:
    now, house_id = datetime.now(UTC), request.member.house_id
    since = day_began(request, now)
    rows = counter.arrivals(house_id=house_id, point=point, since=since) if point else []
    totals = payments.method_totals(house_id, since=since, boutique_code=point) if point else []
    return {
        "point": point,
        "rows": rows,
        "totals": totals,
        "taken": sum(total.amount - total.refunded for total in totals),
        **following(rows, now),
    }


def following(rows: Sequence[PaymentRow], now: datetime) -> dict[str, Any]:
    """Which payments have just arrived, and a mark of the list that changes when anything in it does."""
    fresh = {row.id for row in rows if row.booked_at and now - row.booked_at < FRESH}
    seen = [(row.id, row.state, row.refunded, row.id in fresh) for row in rows]
    return {"fresh": fresh, "version": _mark(seen)}


def _mark(seen: object) -> str:
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


@page("boutique")
def today_list(request: StaffRequest) -> HttpResponse:
    """What came in today, for the list that refreshes itself; 204 when nothing has changed."""
    context = _today(request, point_of(request))
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return show_part(request, "boutique/till_today.html", context)


@page("boutique")
def quote(request: StaffRequest) -> HttpResponse:
    """What the entered amount is in the other currency, while it is typed."""
    context: dict[str, Any] = {}
    if request.GET.get("amount", "").strip():
        try:
            context["price"] = _price(request, request.GET)
        except REFUSED as problem:
            context["problem"] = words_of(problem)
    return show_part(request, "boutique/till_quote.html", context)


def _price(request: StaffRequest, sent: Any) -> counter.Price:
    house = houses.house(request.member.house_id)
    return counter.price(
        house_id=house.id,
        amount=sent.get("amount", "")[:20],
        currency=sent.get("currency", "CNY"),
        settle_currency=house.currency,
        now=datetime.now(UTC),
    )


@form(*SELLERS, back="desk:till")
def read_code(request: StaffRequest) -> HttpResponseBase:
    """The payment code on a picture that the camera took, as JSON; 422 with words when there is none."""
    try:
        return JsonResponse({"code": _photographed(request)})
    except rules.FormRefused as problem:
        return JsonResponse({"error": words_of(problem)}, status=422)


def _photographed(request: HttpRequest) -> str:
    photo = request.FILES.get("photo")
    if photo is None or (photo.size or 0) > counter.PHOTO_BYTES_MAX:
        raise rules.FormRefused(rules.Refusal.UNREADABLE_CODE)
    return counter.read_photo(photo.read())


@form(*SELLERS, back="desk:till")
def charge(request: StaffRequest) -> HttpResponseBase:
    """Sell: pieces or an amount, to the code that the client shows or on a code that we show."""
    with telling(request):
        if request.POST.get("method"):
            return _show_code(request)
        return _charge_pieces(request) if request.POST.get("variant_id") else _charge_amount(request)
    return redirect("desk:till")


def _sale_fields(request: StaffRequest) -> dict[str, Any]:
    return {
        "house_id": request.member.house_id,
        "point": _point_named(request),
        "associate_id": _associate_id(request),
        "person_id": _person_id(request),
        "key": request.POST.get("key", "").strip()[:40] or new_token(80),
        "now": datetime.now(UTC),
    }


def _lines(request: StaffRequest) -> list[Line]:
    variants = request.POST.getlist("variant_id")[:LINES_MAX]
    quantities = request.POST.getlist("quantity")[:LINES_MAX] or ["1"] * len(variants)
    pairs = zip(variants, quantities, strict=False)
    return [Line(rules.number(variant), rules.number(quantity)) for variant, quantity in pairs if variant]


def _charge_pieces(request: StaffRequest) -> HttpResponseBase:
    sale = operations.sell_at_till(lines=_lines(request), auth_code=_code(request), **_sale_fields(request))
    if sale.problem is not None:
        warn(request, words_of(sale.problem))
    return redirect("desk:receipt", sale.order_id)


def _asked(request: StaffRequest) -> counter.Asked:
    priced = _price(request, request.POST)
    return counter.Asked(
        amount=priced.fen,
        settle_currency=priced.settle_currency,
        note=request.POST.get("note", "").strip()[:NOTE_CHARS_MAX],
        **_sale_fields(request),
    )


def _charge_amount(request: StaffRequest) -> HttpResponseBase:
    taken = counter.charge_amount(_asked(request), auth_code=_code(request))
    if taken.problem is not None:
        warn(request, words_of(taken.problem))
    return redirect("desk:till_sale", taken.intent_id)


def _show_code(request: StaffRequest) -> HttpResponseBase:
    method = request.POST.get("method", "")
    if method not in shown_methods(request.member.house_id):
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, method[:20])
    if request.POST.get("variant_id"):
        taken = counter.show_pieces(method=method, lines=_lines(request), **_sale_fields(request))
    else:
        taken = counter.show_amount(_asked(request), method=method)
    if taken.problem is not None:
        warn(request, words_of(taken.problem))
    return redirect("desk:till_sale", taken.intent_id)


def sale_or_404(request: StaffRequest, payment_id: int) -> Sale:
    """The payment at a counter that the member may see; any other is no page at all."""
    try:
        return counter.sale(
            house_id=request.member.house_id,
            intent_id=payment_id,
            point=request.member.boutique_code,
            language=language(),
            now=datetime.now(UTC),
        )
    except PaymentRefused as refusal:
        if refusal.code is PaymentRefusal.NOT_FOUND:
            raise Http404 from refusal
        raise


def _sale_context(request: StaffRequest, sale: Sale, *, stalled: bool = False) -> dict[str, Any]:
    row, house_id = sale.payment.payment, request.member.house_id
    shown = counter.shown_code(sale, now=datetime.now(UTC))
    until = sale.client_has_until or (shown.expires_at if shown else None)
    requests = queries.refund_requests(house_id, order_id=sale.order.id) if sale.order else []
    waiting = [wish for wish in requests if wish.decision == "waiting"]
    backs = [(back.id, back.state) for back in sale.payment.refunds]
    return {
        "sale": sale,
        "row": row,
        "order": sale.order,
        "points": points(request),
        "stalled": stalled,
        "phase": _phase(sale),
        "provider_name": labels.label("provider", row.provider),
        "shown_code": shown.content if shown else "",
        "until": until,
        "lasts": round((until - row.opened_at).total_seconds()) if until else 0,
        "requests": waiting,
        "is_refunder": False,
        "can_sell": may(request.member, Act.SELL),
        "may_refund": may(request.member, Act.REFUND),
        "names": {member.user_id: member.name for member in houses.members(house_id)},
        "key": new_token(80),
        "reason_chars_max": REASON_CHARS_MAX,
        "version": _mark((row.state, sale.awaits_order, stalled, backs, len(waiting))),
    }


def _phase(sale: Sale) -> str:
    """What the cashier is told: one word for each of the page's pictures."""
    row = sale.payment.payment
    if row.state == "succeeded":
        return "paid"
    if row.state not in counter.OPEN:
        return "ended"
    if row.state == "unknown":
        return "unknown"
    if row.method in counter.SHOWN_METHODS:
        return "shown"
    if row.method == "wechat_jsapi":
        return "sheet"
    return "ready" if row.state == "requires_confirmation" else "confirming"


@page("boutique")
def sale(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One payment at the counter, as it goes."""
    found = sale_or_404(request, payment_id)
    return show(request, "boutique", "boutique/till_sale.html", _sale_context(request, found))


@form(*SELLERS, "marketing", "supervisor", back="desk:till")
def sale_live(request: StaffRequest, payment_id: int) -> HttpResponseBase:
    """The same, asked again by the page itself; it takes the payment's next step with the provider."""
    sale_or_404(request, payment_id)
    stalled = False
    try:
        counter.follow(
            house_id=request.member.house_id,
            intent_id=payment_id,
            point=request.member.boutique_code,
            now=datetime.now(UTC),
        )
    except PlatformError:
        stalled = True
    context = _sale_context(request, sale_or_404(request, payment_id), stalled=stalled)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return show_part(request, "boutique/till_live.html", context)


@form(*SELLERS, back="desk:till")
def cancel_payment(request: StaffRequest, payment_id: int) -> HttpResponseBase:
    """End a payment that nobody will make; one that was paid meanwhile says so."""
    sale_or_404(request, payment_id)
    with telling(request):
        card = pay.cancel(intent_id=payment_id, now=datetime.now(UTC))
        if card.state == "succeeded":
            warn(request, _("The client has paid meanwhile. Refund it if the sale is off."))
        elif card.state in counter.OPEN:
            warn(request, _("The provider does not let go of it yet; this page keeps trying."))
        else:
            tell(request, _("The payment is cancelled; nothing was taken."))
    return redirect("desk:till_sale", payment_id)


@form(*ROLES[Act.REFUND], back="desk:till")
def refund_payment(request: StaffRequest, payment_id: int) -> HttpResponseBase:
    """Give a part or the whole back; above the house's limit it waits for a second person."""
    found = sale_or_404(request, payment_id)
    with telling(request):
        whole = request.POST.get("part") == "whole"
        amount = found.refundable if whole else rules.fen(request.POST.get("amount", ""))
        reason = request.POST.get("reason", "").strip()[:REASON_CHARS_MAX]
        if not reason:
            raise rules.FormRefused(rules.Refusal.REASON_MISSING)
        waits = counter.give_back(
            sale=found,
            house_id=request.member.house_id,
            amount=amount,
            reason=reason,
            key=request.POST.get("key", "").strip()[:40] or new_token(80),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
        said = _("This needs a second person; a colleague can approve it here.") if waits else ""
        tell(request, f"{said or _('The refund is on its way.')} {text(amount, 'CNY')}")
    return redirect("desk:till_sale", payment_id)


@page("boutique")
def paper(request: StaffRequest, payment_id: int) -> HttpResponse:
    """The receipt in three languages, to print or to hand over on a screen."""
    found = sale_or_404(request, payment_id)
    context = _sale_context(request, found) | {"stores": stores.boutiques(request.member.house_id)}
    return show(request, "boutique", "boutique/receipt_paper.html", context)


@form(*SELLERS, back="desk:till")
def charge_again(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Charge another code for an order whose payment failed."""
    order_of_house(request, order_id)
    with telling(request):
        again = operations.charge_order(order_id=order_id, auth_code=_code(request), now=datetime.now(UTC))
        if again.problem is not None:
            warn(request, words_of(again.problem))
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
    """A sale of pieces as it stands, with its payment if one was begun."""
    found = order_of_house(request, order_id)
    intent_id = found.paid_intent_id or found.intent_id
    context: dict[str, Any] = {"order": found, "points": points(request)}
    if intent_id is not None:
        context = _sale_context(request, sale_or_404(request, intent_id))
    return show(request, "boutique", "boutique/receipt.html", context | {"order": found})


def _code(request: StaffRequest) -> str:
    """The scanned or typed payment code, or the one on a photo that was sent instead."""
    typed = request.POST.get("auth_code", "").replace(" ", "").strip()[:64]
    return typed or (_photographed(request) if request.FILES.get("photo") else "")


def _point_named(request: StaffRequest) -> str:
    named, known = request.POST.get("boutique", ""), points(request)
    if named and named not in known:
        raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE, named[:40])
    return named or point_of(request)


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

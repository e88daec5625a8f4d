"""The boutique's orders, with refunds that may need two people, its products and its stock."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.boutique.queries import OrderView
from seta.boutique.queries.pricing import market_changes
from seta.boutique.queries.service import waiting
from seta.boutique.rules import IN_TRANSIT
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.prices import MARKETS
from seta.clienteling import queries as clienteling
from seta.desk import labels, operations, order_labels, queries, rules
from seta.desk.exporting import csv_file
from seta.desk.rights import ROLES, Act
from seta.desk.shell import form, language, page, show, tell, telling
from seta.desk.views import stock
from seta.guide.queries import district_list
from seta.houses.access import StaffRequest
from seta.kit.ids import new_token
from seta.kit.money import decimal_text, text
from seta.payments import queries as payments
from seta.payments.rules.refusals import PaymentRefused

PAGE_ROWS = 50
CSV_ROWS_MAX = 10_000
CSV_COLUMNS = (
    *("number", "placed_at", "state", "channel", "boutique", "campaign", "associate_id", "total", "currency"),
    *("refunded", "settle_amount", "settle_currency", "products"),
)
CHANNELS = ("mini_program", "till", "drop")


@page("boutique")
def orders(request: StaffRequest) -> HttpResponse:
    """Orders, newest first; the filters stand in the address."""
    asked, offset = _asked(request), _offset(request)
    rows = boutique.orders(**_wanted(request, asked), limit=PAGE_ROWS + 1, offset=offset)
    house_id = request.member.house_id
    context = {
        "rows": rows[:PAGE_ROWS],
        "asked": asked,
        "states": list(labels.ORDER_STATE.items()),
        "channels": [(code, labels.CHANNEL[code]) for code in CHANNELS],
        "points": boutique.sales_points(house_id=house_id),
        "associates": associates_of(house_id),
        "requests": queries.refund_requests(house_id, is_waiting=True),
        "previous": max(offset - PAGE_ROWS, 0) if offset else None,
        "next": offset + PAGE_ROWS if len(rows) > PAGE_ROWS else None,
        "totals": boutique.order_totals(house_id=house_id),
        "works": _works(request),
    }
    return show(request, "boutique", "boutique/orders.html", context)


def _asked(request: StaffRequest) -> dict[str, str]:
    names = ("state", "channel", "boutique", "q", "work")
    asked = {name: request.GET.get(name, "").strip()[:40] for name in names}
    asked["state"] = asked["state"] if asked["state"] in labels.ORDER_STATE else ""
    asked["channel"] = asked["channel"] if asked["channel"] in CHANNELS else ""
    asked["work"] = asked["work"] if asked["work"] in order_labels.ORDER_WORK else ""
    return asked


def _wanted(request: StaffRequest, asked: dict[str, str]) -> dict[str, Any]:
    return {
        "house_id": request.member.house_id,
        "states": [asked["state"]] if asked["state"] else [],
        "channel": asked["channel"],
        "boutique": request.member.boutique_code or asked["boutique"],
        "search": asked["q"],
        "work": asked["work"],
        "language": language(),
    }


def _works(request: StaffRequest) -> list[tuple[str, str, int]]:
    """What waits for staff: the code, its words and how many orders; nothing of what nobody waits for."""
    counts = waiting(house_id=request.member.house_id, boutique=request.member.boutique_code)
    found = [(work, str(words), getattr(counts, work)) for work, words in order_labels.ORDER_WORK.items()]
    return [row for row in found if row[2]]


def _offset(request: StaffRequest) -> int:
    said = request.GET.get("from", "0")
    return min(int(said), 1_000_000) if said.isascii() and said.isdigit() and len(said) < 8 else 0


def associates_of(house_id: int) -> dict[int, str]:
    """Names of the house's associates."""
    return {row.associate.id: row.associate.name for row in clienteling.associates(house_id)}


@page("boutique")
def orders_csv(request: StaffRequest) -> HttpResponseBase:
    """The same list as a file, under the same filters; text that a spreadsheet would run is defused."""
    found = boutique.orders(**_wanted(request, _asked(request)), limit=CSV_ROWS_MAX)
    return csv_file("orders", CSV_COLUMNS, (_cells(row) for row in found))


def _cells(row: OrderView) -> list[object]:
    paid = decimal_text(row.settle_amount, row.settle_currency) if row.settle_amount is not None else ""
    return [
        *(row.number, row.placed_at.isoformat(timespec="seconds"), row.state, row.channel, row.boutique),
        *(row.campaign, row.associate_id or "", decimal_text(row.total, row.currency), row.currency),
        *(decimal_text(row.refunded, row.currency), paid, row.settle_currency),
        " ".join(f"{line.quantity}×{line.product_code}" for line in row.lines),
    ]


def order_of_house(request: StaffRequest, order_id: int) -> OrderView:
    """The order, in the reader's language; another house's is no page, nor another boutique's for its cashier."""
    found = boutique.order(order_id=order_id, house_id=request.member.house_id, language=language())
    own = request.member.boutique_code
    if found is None or (own and found.boutique != own):
        raise Http404
    return found


def payment_of(house_id: int, order: OrderView) -> payments.PaymentDetail | None:
    """The payment of an order: the one that paid it, else the newest that tried."""
    intent_id = order.paid_intent_id or order.intent_id
    if intent_id is None:
        return None
    try:
        return payments.payment(house_id, intent_id, now=datetime.now(UTC))
    except PaymentRefused:
        return None


def districts() -> dict[str, str]:
    """Names of the districts in the reader's language."""
    name = {"zh": "name_zh", "it": "name_it"}.get(language()[:2], "name_en")
    return {"outside": _("Outside the city"), **{row.code: getattr(row, name) for row in district_list()}}


@form(*ROLES[Act.REFUND], back="desk:orders")
def refund(request: StaffRequest, order_id: int) -> HttpResponseBase:
    """Give money back; above the house's limit it then waits for a colleague."""
    order_of_house(request, order_id)
    with telling(request):
        answer = operations.ask_refund(
            house_id=request.member.house_id,
            order_id=order_id,
            amount=rules.fen(request.POST.get("amount", "")),
            reason=request.POST.get("reason", "").strip(),
            key=request.POST.get("key", "").strip()[:40] or new_token(),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
        amount = text(answer.amount, answer.currency)
        if answer.is_waiting:
            tell(request, _("This needs a second person; a colleague can approve it here.") + f" {amount}")
        else:
            tell(request, _("The refund is on its way.") + f" {amount}")
    return redirect("desk:order", order_id)


@form(*ROLES[Act.APPROVE_REFUND], back="desk:orders")
def approve_refund(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """A second person approves a refund, which then goes out."""
    order_id = _order_of_request(request, request_id)
    with telling(request, _("The refund is on its way.")):
        operations.approve_refund(
            house_id=request.member.house_id,
            request_id=request_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:order", order_id)


@form(*ROLES[Act.APPROVE_REFUND], back="desk:orders")
def decline_refund(request: StaffRequest, request_id: int) -> HttpResponseBase:
    """Say no to a refund that waits."""
    order_id = _order_of_request(request, request_id)
    with telling(request, _("The refund is declined.")):
        operations.decline_refund(
            house_id=request.member.house_id,
            request_id=request_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:order", order_id)


def _order_of_request(request: StaffRequest, request_id: int) -> int:
    order_id = queries.order_of_request(request.member.house_id, request_id)
    if order_id is None:
        raise Http404
    return order_id


@page("boutique")
def products(request: StaffRequest) -> HttpResponse:
    """The whole catalogue, listed or not, with prices and where the pieces are."""
    house_id = request.member.house_id
    search = request.GET.get("q", "").strip()[:40]
    cards = boutique.products(house_id=house_id, language=language(), is_whole=True)
    places = stock.places_of(house_id)
    left: dict[tuple[int, str], int] = {}
    elsewhere: dict[int, int] = {}
    for row in boutique.stock(house_id=house_id):
        if row.location in places:
            left[row.variant_id, row.location] = row.quantity
        elif row.location != IN_TRANSIT:
            elsewhere[row.variant_id] = elsewhere.get(row.variant_id, 0) + row.quantity
    rows = [
        {
            "product": card,
            "variant": variant,
            "left": [(place, left.get((variant.id, place), 0)) for place in places],
            "drops": elsewhere.get(variant.id, 0),
        }
        for card in cards
        for variant in card.variants
        if _matches(search, card.name, card.code, variant.sku, variant.label)
    ]
    context = {
        "rows": rows,
        "places": places,
        "place_names": stock.place_names(house_id),
        "search": search,
        "transfers": stock.transfers_of(request),
        "members": stock.names_of(house_id),
        "breaks": boutique.stock_breaks(house_id=house_id),
        "may_edit": request.member.role in ("marketing", "admin"),
        "may_price": request.member.role in ("marketing", "finance", "admin"),
        "points": boutique.sales_points(house_id=house_id),
        "market_changes": _market_changes(house_id),
        "markets": [(market, market_name(market, language())) for market in MARKETS],
        "bare": [card for card in cards if not card.variants and _matches(search, card.name, card.code)],
    }
    return show(request, "boutique", "boutique/products.html", context)


def _market_changes(house_id: int) -> list[dict[str, object]]:
    """Whose tills began to sell at which market's prices, in the reader's words."""
    names = stock.place_names(house_id)
    return [
        {
            "place": names.get(row.boutique, row.boutique),
            "before": market_name(row.before, language()),
            "after": market_name(row.after, language()),
            "by": row.user_id,
            "at": row.at,
        }
        for row in market_changes(house_id=house_id)
    ]


def _matches(search: str, *texts: str) -> bool:
    """Whether every word of the search stands somewhere in the texts."""
    whole = " ".join(texts).casefold()
    return all(word in whole for word in search.casefold().split())

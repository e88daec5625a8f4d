"""A piece's stock at the desk: where it is, what came and went and why, and the forms that move it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.boutique import operations, queries
from seta.boutique.rules import IN_TRANSIT, NOTE_CHARS_MAX, ONLINE, OrderRefused, Refusal
from seta.desk.doing import by
from seta.desk.piece_forms import Sent, refused
from seta.desk.shell import REFUSED, form, language, page, show, tell
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.ids import new_token
from seta.stores.queries import boutiques

ROLES = ("associate", "finance", "marketing")
HISTORY_ROWS = 50
REASON = {
    "count": gettext_lazy("Count"),
    "delivery": gettext_lazy("Delivery"),
    "sent": gettext_lazy("Sent to another place"),
    "received": gettext_lazy("Received from another place"),
    "missing": gettext_lazy("Missing on arrival"),
    "recalled": gettext_lazy("Called back"),
    "transfer": gettext_lazy("Moved for a drop or a pop-up"),
    "order": gettext_lazy("Order"),
    "cancel": gettext_lazy("Order cancelled"),
    "expire": gettext_lazy("Order not paid in time"),
    "reverse": gettext_lazy("Payment taken back"),
}


@page("boutique")
def piece(request: StaffRequest, variant_id: int) -> HttpResponse:
    """One piece: its pieces by place, its transfers, its history with what was left after each movement."""
    return piece_page(request, variant_id, Sent())


def piece_page(request: StaffRequest, variant_id: int, sent: Sent) -> HttpResponse:
    """The piece's page, with a form that was refused still filled in."""
    house_id, offset = request.member.house_id, _offset(request)
    card = queries.product_of_variant(variant_id=variant_id, language=language())
    if card is None or card.house_id != house_id:
        raise Http404
    rows = queries.history(house_id=house_id, variant_id=variant_id, limit=HISTORY_ROWS + 1, offset=offset)
    places, own = places_of(house_id), request.member.boutique_code
    left = {
        row.location: row.quantity for row in queries.stock(house_id=house_id) if row.variant_id == variant_id
    }
    context = {
        "product": card,
        "variant": card.variants[0] if card.variants else None,
        "variant_id": variant_id,
        "levels": [(place, left.get(place, 0)) for place in places],
        "on_the_way": left.get(IN_TRANSIT, 0),
        "reserved": sum(count for place, count in left.items() if place not in (*places, IN_TRANSIT)),
        "moves_from": [place for place in places if own in ("", place)],
        "places": places,
        "place_names": place_names(house_id),
        "transfers": transfers_of(request, variant_id, sent),
        "sent": sent,
        "sent_out": sent.of("send"),
        "counted": sent.of("count"),
        "delivered": sent.of("delivery"),
        "rows": rows[:HISTORY_ROWS],
        "next": offset + HISTORY_ROWS if len(rows) > HISTORY_ROWS else None,
        "previous": max(offset - HISTORY_ROWS, 0) if offset else None,
        "reasons": REASON,
        "members": names_of(house_id),
        "may_move": request.member.role in (*ROLES, "admin"),
        "adding": sent.of("picture"),
        "may_picture": request.member.role in ("marketing", "admin"),
        "pictures": [
            _picture(picture, sent) for picture in queries.pictures_of(house_id=house_id, code=card.code)
        ],
        "key": new_token()[:32],
        "note_chars_max": NOTE_CHARS_MAX,
    }
    return show(request, "boutique", "boutique/piece.html", context, status=422 if sent.form else 200)


def _picture(picture: queries.PictureCard, sent: Sent) -> dict[str, object]:
    """A picture with its words, as they were sent if the form was refused."""
    mine = sent.of(f"words-{picture.id}")
    return {
        "card": picture,
        "shown": picture.alt.get(language()[:2], picture.alt["en"]),
        "said": {f"alt_{each}": text for each, text in picture.alt.items()} | dict(mine.values),
        "is_open": bool(mine.form),
    }


def places_of(house_id: int) -> list[str]:
    """Where the house keeps stock: online first, then its boutiques."""
    return [ONLINE, *(point.code for point in queries.sales_points(house_id=house_id))]


def place_names(house_id: int) -> dict[str, str]:
    """What people call each place; a boutique that has no page of its own goes by its code."""
    is_zh = language()[:2] == "zh"
    known = {each.code: each.name_zh if is_zh and each.name_zh else each.name for each in boutiques(house_id)}
    named = {place: known.get(place, place) for place in places_of(house_id)}
    return {**named, ONLINE: _("Online"), IN_TRANSIT: _("On the way")}


def names_of(house_id: int) -> dict[int, str]:
    """Names of the house's people by their user."""
    return {member.user_id: member.name for member in members(house_id)}


def transfers_of(
    request: StaffRequest, variant_id: int | None = None, sent: Sent | None = None
) -> list[dict[str, object]]:
    """What is on its way, and what the reader may do about it: receive it there, call it back here."""
    member = request.member
    may_move, own = member.role in (*ROLES, "admin"), member.boutique_code
    found = queries.transfers(house_id=member.house_id, variant_id=variant_id, language=language())
    return [
        {
            "transfer": row,
            "sent": (sent or Sent()).of(f"receive-{row.id}"),
            "may_receive": may_move and own in ("", row.target),
            "may_recall": may_move and own in ("", row.source),
        }
        for row in found
    ]


def _offset(request: StaffRequest) -> int:
    said = request.GET.get("from", "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0


def _pieces(request: StaffRequest) -> int:
    """The number that was written; raises OrderRefused(WRONG_PIECES) when it is none."""
    said = request.POST.get("pieces", "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise OrderRefused(Refusal.WRONG_PIECES, said[:20])
    return int(said)


def _place(request: StaffRequest, name: str = "place") -> str:
    """The place that was chosen; whoever belongs to one boutique moves only its own pieces."""
    chosen = request.POST.get(name, "")
    own = request.member.boutique_code
    if own and chosen != own:
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, chosen[:40])
    return chosen


def _key(request: StaffRequest) -> str:
    return request.POST.get("key", "").strip()[:40] or new_token()[:32]


@form(*ROLES, back="desk:products")
def deliver(request: StaffRequest, variant_id: int) -> HttpResponseBase:
    """New pieces came in."""

    def done() -> None:
        operations.receive_delivery(
            **by(request),
            variant_id=variant_id,
            location=_place(request),
            quantity=_pieces(request),
            note=request.POST.get("note", ""),
            key=_key(request),
        )

    return _doing(request, variant_id, "delivery", done, _("The delivery is entered."))


@form(*ROLES, back="desk:products")
def send(request: StaffRequest, variant_id: int) -> HttpResponseBase:
    """Send pieces to another place."""

    def done() -> None:
        operations.send_transfer(
            **by(request),
            variant_id=variant_id,
            source=_place(request),
            target=request.POST.get("target", ""),
            quantity=_pieces(request),
            key=_key(request),
        )

    words = _("The pieces are on their way; the other place receives them here.")
    return _doing(request, variant_id, "send", done, words)


@form(*ROLES, back="desk:products")
def count(request: StaffRequest, variant_id: int) -> HttpResponseBase:
    """Enter what was counted on the shelf."""

    def done() -> None:
        operations.count_place(
            **by(request),
            variant_id=variant_id,
            location=_place(request),
            counted=_pieces(request),
            note=request.POST.get("note", ""),
        )

    return _doing(request, variant_id, "count", done, _("The count is entered."))


def _doing(
    request: StaffRequest, variant_id: int, name: str, done: Callable[[], object], said: str
) -> HttpResponseBase:
    """Do what a form asks and say so; refused, show the piece's page with what was written in it."""
    try:
        done()
    except REFUSED as problem:
        return piece_page(request, variant_id, refused(request, name, problem))
    tell(request, said)
    return redirect("desk:piece", variant_id)


@form(*ROLES, back="desk:products")
def receive(request: StaffRequest, transfer_id: int) -> HttpResponseBase:
    """Pieces arrived from another place."""

    def done(source: str, target: str) -> None:
        _own(request, target)
        operations.receive_transfer(
            **by(request),
            transfer_id=transfer_id,
            arrived=_pieces(request),
            note=request.POST.get("note", ""),
        )

    return _end(request, transfer_id, done, _("The pieces are on the shelf."))


@form(*ROLES, back="desk:products")
def recall(request: StaffRequest, transfer_id: int) -> HttpResponseBase:
    """Call pieces back that have not arrived."""

    def done(source: str, target: str) -> None:
        _own(request, source)
        operations.recall_transfer(
            **by(request),
            transfer_id=transfer_id,
        )

    return _end(request, transfer_id, done, _("The pieces are back where they came from."))


def _own(request: StaffRequest, place: str) -> None:
    if request.member.boutique_code not in ("", place):
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, place)


def _end(
    request: StaffRequest, transfer_id: int, done: Callable[[str, str], None], said: str
) -> HttpResponseBase:
    places = queries.transfer_places(house_id=request.member.house_id, transfer_id=transfer_id)
    if places is None:
        raise Http404
    try:
        done(*places)
    except REFUSED as problem:
        variant_id = queries.transferred(house_id=request.member.house_id, transfer_id=transfer_id)
        if variant_id is None:
            raise Http404 from None
        return piece_page(request, variant_id, refused(request, f"receive-{transfer_id}", problem))
    tell(request, said)
    return redirect("desk:products")

"""A piece of the catalogue at the desk: texts, variants and listing, and who changed what; nothing typed is lost."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import operations
from seta.boutique.queries.editing import PieceEdit, changes, piece_to_edit
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.prices import MARKETS, currencies_of
from seta.desk import piece_changes
from seta.desk.doing import by
from seta.desk.piece_forms import Sent, amount_of, mark_fields, refused, text_fields
from seta.desk.piece_words import DOOR, STANDING, STANDING_TONE
from seta.desk.shell import REFUSED, form, language, page, show, tell, zone_of
from seta.desk.views.stock import names_of
from seta.houses.access import StaffRequest

ROLE = "marketing"
BACK = "desk:products"
CHANGES_SHOWN = 30
FRESH = Sent()


@page("boutique")
def new(request: StaffRequest) -> HttpResponse:
    """The form that begins a piece."""
    if not may_edit(request):
        raise Http404
    return _new(request, FRESH)


@form(ROLE, back=BACK)
def create(request: StaffRequest) -> HttpResponseBase:
    """Begin a piece; it is listed once it has something to sell."""
    try:
        made = operations.create_piece(
            **by(request), code=request.POST.get("code", ""), texts=request.POST.dict()
        )
    except REFUSED as problem:
        return _new(request, refused(request, "new", problem))
    tell(request, _("The piece is made. Give it a variant with a price, then put it on the list."))
    return redirect("desk:piece_edit", made)


def _new(request: StaffRequest, sent: Sent) -> HttpResponse:
    context = {"sent": sent, "fields": text_fields({}, sent, with_code=True)}
    return show(request, "boutique", "boutique/piece_new.html", context, status=422 if sent.form else 200)


@page("boutique")
def edit(request: StaffRequest, product_id: int) -> HttpResponse:
    """Everything about a piece that can be changed, and what was."""
    return edit_page(request, product_id, FRESH)


@form(ROLE, back=BACK)
def describe(request: StaffRequest, product_id: int) -> HttpResponseBase:
    """Change the texts."""
    said = request.POST

    def done() -> None:
        operations.describe_piece(
            **by(request), product_id=product_id, texts=said.dict(), seen=said.get("seen", "")
        )

    return doing(request, product_id, "texts", done, _("The texts are saved."))


@form(ROLE, back=BACK)
def listing(request: StaffRequest, product_id: int, verb: str) -> HttpResponseBase:
    """Put the piece on the list that clients see, or take it off."""
    if verb not in ("list", "unlist"):
        raise Http404

    def done() -> None:
        operations.list_piece(**by(request), product_id=product_id, is_listed=verb == "list")

    words = _("Clients see the piece now.") if verb == "list" else _("Clients do not see the piece any more.")
    return doing(request, product_id, "listing", done, words)


@form(ROLE, back=BACK)
def add_variant(request: StaffRequest, product_id: int) -> HttpResponseBase:
    """Add a variant, with its price if one is written."""
    said = request.POST.get("amount", "").strip()

    def done() -> None:
        amount = amount_of(said, "CNY") if said else None
        operations.add_variant(**by(request), product_id=product_id, marks=request.POST.dict(), amount=amount)

    return doing(request, product_id, "variant", done, _("The variant is added."))


@form(ROLE, back=BACK)
def change_variant(request: StaffRequest, product_id: int, variant_id: int, verb: str) -> HttpResponseBase:
    """Change a variant's marks, retire it, or bring it back."""
    said = request.POST

    def marks() -> None:
        operations.change_variant(
            **by(request), variant_id=variant_id, marks=said.dict(), seen=said.get("seen", "")
        )

    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "marks": (marks, _("The variant is saved.")),
        "retire": (
            lambda: operations.retire_variant(**by(request), variant_id=variant_id),
            _("The variant is sold no more; its stock and its orders stay."),
        ),
        "restore": (
            lambda: operations.restore_variant(**by(request), variant_id=variant_id),
            _("The variant is sold again."),
        ),
    }
    if verb not in verbs:
        raise Http404
    done, words = verbs[verb]
    return doing(request, product_id, f"variant-{variant_id}", done, words)


def may_edit(request: StaffRequest) -> bool:
    """Whether the member keeps the catalogue."""
    return request.member.role in (ROLE, "admin")


def doing(
    request: StaffRequest, product_id: int, name: str, done: Callable[[], object], said: str
) -> HttpResponseBase:
    """Do what a form of the piece's page asks and say so; refused, show the page with what was written in it."""
    try:
        done()
    except REFUSED as problem:
        return edit_page(request, product_id, refused(request, name, problem))
    tell(request, said)
    return redirect("desk:piece_edit", product_id)


def edit_page(request: StaffRequest, product_id: int, sent: Sent) -> HttpResponse:
    """The piece's page, with a form that was refused still filled in."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    piece = piece_to_edit(house_id=house_id, product_id=product_id, now=now, language=language())
    if piece is None:
        raise Http404
    found = changes(house_id=house_id, product_id=product_id, limit=CHANGES_SHOWN)
    zone = zone_of(request)
    context = {
        "piece": piece,
        "sent": sent,
        "may_edit": may_edit(request),
        "may_price": may_edit(request) or request.member.role == "finance",
        "fields": text_fields(piece.texts, sent.of("texts")),
        "variants": _variants(piece, sent),
        "new_fields": mark_fields({}, sent.of("variant")),
        "changes": [piece_changes.told(row, language(), zone) for row in found],
        "members": names_of(house_id),
        "zone": zone.key,
        **_sales(piece, sent),
    }
    return show(request, "boutique", "boutique/piece_edit.html", context, status=422 if sent.form else 200)


def _variants(piece: PieceEdit, sent: Sent) -> list[dict[str, object]]:
    rows = []
    for each in piece.variants:
        mine = sent.of(f"variant-{each.id}")
        rows.append({"variant": each, "fields": mark_fields(each.marks, mine), "sent": mine})
    return rows


def _sales(piece: PieceEdit, sent: Sent) -> dict[str, object]:
    """What the forms of prices and windows choose from."""
    price, window = sent.of("price"), sent.of("window")
    tongue = language()
    return {
        "price_sent": price,
        "window_sent": window,
        "window_doors": set(window.values.get("all_doors", "").split()),
        "doors": list(DOOR.items()),
        "door_names": DOOR,
        "markets": [
            (f"{market} {currency}", f"{market_name(market, tongue)} · {currency}")
            for market in MARKETS
            for currency in currencies_of(market)
        ],
        "market_names": {market: market_name(market, tongue) for market in MARKETS},
        "standing": STANDING,
        "standing_tone": STANDING_TONE,
        "prices_now": [row for row in piece.prices if row.standing in ("in_force", "planned")],
        "prices_past": [row for row in piece.prices if row.standing not in ("in_force", "planned")],
    }

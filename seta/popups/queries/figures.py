"""What a pop-up leaves: visits by code and day, orders, revenue, sell-through and new people, each with its unit."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from seta.boutique.queries import order, stock_left
from seta.houses.queries import house
from seta.kit.money import decimal_text
from seta.kit.spreadsheets import inert
from seta.popups.models import Popup, PopupOrder, PopupPiece, PopupVisit
from seta.popups.rules.plan import location_of

CURRENCY = "CNY"


@dataclass(frozen=True)
class PosterFigures:
    """What one code brought; the code "" is the mini program itself."""

    code: str
    label: str
    visits: int
    visitors: int
    new_people: int
    paid_orders: int
    revenue: int


@dataclass(frozen=True)
class DayRow:
    """A day on the house's clock."""

    day: date
    visits: int
    new_people: int
    paid_orders: int
    revenue: int


@dataclass(frozen=True)
class PieceRow:
    """Pieces of one variant: brought, sold (neither back, left nor held), held by unpaid orders, sent back, left."""

    sku: str
    wished: int
    brought: int
    sold: int
    held: int
    returned: int
    left: int


@dataclass(frozen=True)
class Figures:
    """A pop-up in numbers; revenue in fen of CNY after refunds.

    `sell_through` is pieces that left for clients out of all that were brought; None before anything was. `unfinished`
    counts orders that wait for their payment now.
    """

    visits: int
    visitors: int
    new_people: int
    orders: int
    paid_orders: int
    unfinished: int
    revenue: int
    refunded: int
    brought: int
    sold: int
    returned: int
    sell_through: float | None
    posters: tuple[PosterFigures, ...]
    days: tuple[DayRow, ...]
    pieces: tuple[PieceRow, ...]


def figures(popup_id: int) -> Figures:
    """The figures up to now; after the closing they stay, but for refunds."""
    popup = Popup.objects.get(pk=popup_id)
    visits = list(PopupVisit.objects.filter(popup=popup).order_by("id"))
    orders = list(PopupOrder.objects.filter(popup=popup).order_by("id"))
    paid = [each for each in orders if each.paid_at is not None]
    waiting, held = _held(popup, orders)
    wished = PopupPiece.objects.filter(popup=popup).order_by("position", "id")
    pieces = [_piece(popup, row, held[row.sku]) for row in wished]
    brought, sold = sum(row.brought for row in pieces), sum(row.sold for row in pieces)
    return Figures(
        visits=len(visits),
        visitors=len({visit.person_id for visit in visits}),
        new_people=sum(visit.is_new for visit in visits),
        orders=len(orders),
        paid_orders=len(paid),
        unfinished=waiting,
        revenue=_revenue(paid),
        refunded=sum(each.refunded for each in paid),
        brought=brought,
        sold=sold,
        returned=sum(row.returned for row in pieces),
        sell_through=sold / brought if brought else None,
        posters=_posters(popup, visits, paid),
        days=_days(popup, visits, paid),
        pieces=tuple(pieces),
    )


def _revenue(paid: Iterable[PopupOrder]) -> int:
    return sum(each.total - each.refunded for each in paid)


def _held(popup: Popup, orders: Iterable[PopupOrder]) -> tuple[int, Counter[str]]:
    """How many orders wait for their payment, and the pieces that they hold by stock-keeping code."""
    waiting, held = 0, Counter[str]()
    for each in orders:
        if each.paid_at is not None or each.gone_at is not None:
            continue
        found = order(order_id=each.order_id, house_id=popup.house_id)
        if found is None or found.state != "placed":
            continue
        waiting += 1
        for line in found.lines:
            held[line.sku] += line.quantity
    return waiting, held


def _piece(popup: Popup, row: PopupPiece, held: int) -> PieceRow:
    left = stock_left(variant_id=row.variant_id, location=location_of(popup.code)) if popup.opened_at else 0
    sold = max(0, row.brought - row.returned - left - held)
    return PieceRow(row.sku, row.wished, row.brought, sold, held, row.returned, left)


def _posters(popup: Popup, visits: list[PopupVisit], paid: list[PopupOrder]) -> tuple[PosterFigures, ...]:
    labels = {"": ""} | {poster.code: poster.label for poster in popup.posters.order_by("id")}
    return tuple(
        PosterFigures(
            code,
            label,
            sum(visit.poster == code for visit in visits),
            len({visit.person_id for visit in visits if visit.poster == code}),
            sum(visit.is_new for visit in visits if visit.poster == code),
            sum(each.poster == code for each in paid),
            _revenue(each for each in paid if each.poster == code),
        )
        for code, label in labels.items()
    )


def _days(popup: Popup, visits: list[PopupVisit], paid: list[PopupOrder]) -> tuple[DayRow, ...]:
    zone = ZoneInfo(house(popup.house_id).timezone)
    seen, new = Counter(visit.day for visit in visits), Counter(visit.day for visit in visits if visit.is_new)
    of_day: dict[date, list[PopupOrder]] = defaultdict(list)
    for each in paid:
        assert each.paid_at is not None, "only paid orders come here"
        of_day[each.paid_at.astimezone(zone).date()].append(each)
    return tuple(
        DayRow(day, seen[day], new[day], len(of_day.get(day, [])), _revenue(of_day.get(day, [])))
        for day in sorted(seen.keys() | of_day.keys())
    )


def report_csv(popup_id: int) -> str:
    """The figures as CSV: one row a measure, with what it is of; no cell runs as a formula."""
    popup, found = Popup.objects.get(pk=popup_id), figures(popup_id)
    rows: list[tuple[object, ...]] = [("of", "code", "measure", "value", "unit")]
    whole = {
        "visits": (found.visits, "visits"),
        "visitors": (found.visitors, "people"),
        "new_people": (found.new_people, "people"),
        "orders": (found.orders, "orders"),
        "paid_orders": (found.paid_orders, "orders"),
        "unfinished": (found.unfinished, "orders"),
        "revenue": (decimal_text(found.revenue, CURRENCY), CURRENCY),
        "refunded": (decimal_text(found.refunded, CURRENCY), CURRENCY),
        "sell_through": (
            "" if found.sell_through is None else f"{found.sell_through:.4f}",
            "sold/brought",
        ),
    }
    rows += [("popup", popup.code, measure, value, unit) for measure, (value, unit) in whole.items()]
    for poster in found.posters:
        rows += [("poster", poster.code, *rest) for rest in _measures(poster)]
    for day in found.days:
        rows += [("day", day.day.isoformat(), *rest) for rest in _measures(day)]
    for piece in found.pieces:
        counts = {
            "brought": piece.brought,
            "sold": piece.sold,
            "held": piece.held,
            "returned": piece.returned,
            "left": piece.left,
        }
        rows += [("piece", piece.sku, measure, count, "pieces") for measure, count in counts.items()]
    out = io.StringIO()
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _measures(row: PosterFigures | DayRow) -> list[tuple[str, object, str]]:
    return [
        ("visits", row.visits, "visits"),
        ("new_people", row.new_people, "people"),
        ("paid_orders", row.paid_orders, "orders"),
        ("revenue", decimal_text(row.revenue, CURRENCY), CURRENCY),
    ]

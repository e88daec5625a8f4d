"""The catalogue as a file: given out, tried row by row, and taken in as it was shown."""

from datetime import UTC, datetime

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from seta.boutique import operations
from seta.boutique.queries.filing import columns_of, file_rows, known_catalogue
from seta.boutique.rules.catalogue_file import COLUMNS, FileFault, Problem, Table, read_table, text_of
from seta.boutique.rules.catalogue_plan import HOME_COLUMN, Plan, plan_file
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.prices import HOME, PRICE_COLUMNS, column_of
from seta.desk.doing import by
from seta.desk.exporting import csv_file
from seta.desk.piece_words import FIELD
from seta.desk.shell import REFUSED, form, language, page, show, tell, words_of
from seta.desk.views.pieces import may_edit
from seta.houses.access import StaffRequest

ROLE = "marketing"
BACK = "desk:catalogue_file"
FILE_BYTES_MAX = 2_000_000
ROWS_SHOWN = 200
FIELDS = {**FIELD, "listed": gettext_lazy("On the list"), HOME_COLUMN: gettext_lazy("Price in yuan")}
SHOWN_COLUMNS = tuple(name for name in COLUMNS if name not in PRICE_COLUMNS or name == HOME_COLUMN)


@page("boutique")
def catalogue_file(request: StaffRequest) -> HttpResponse:
    """The file to take along, and the form for one that comes back."""
    return _page(request)


@page("boutique")
def give_out(request: StaffRequest) -> HttpResponseBase:
    """The whole catalogue, a row a variant."""
    known = known_catalogue(house_id=request.member.house_id, now=datetime.now(UTC))
    return csv_file("catalogue", columns_of(known), file_rows(known))


@form(ROLE, back=BACK)
def try_out(request: StaffRequest) -> HttpResponseBase:
    """What a file would do, row by row; nothing is kept."""
    sent = request.FILES.get("file")
    data = sent.read(FILE_BYTES_MAX + 1) if sent else b""
    if not data or len(data) > FILE_BYTES_MAX:
        return _page(request, refusal=_("Choose a CSV file of at most 2 MB; nothing was read."))
    text = text_of(data)
    if text is None:
        return _page(request, plan=Plan(problems=(Problem(0, "", FileFault.NOT_TEXT),)))
    return _tried(request, text)


@form(ROLE, back=BACK)
def take_in(request: StaffRequest) -> HttpResponseBase:
    """Do what was shown; where the catalogue has moved on, show it anew instead."""
    text = request.POST.get("text", "")[:FILE_BYTES_MAX]
    table = read_table(text)
    try:
        plan = operations.take_in_catalogue(**by(request), table=table, seen=request.POST.get("seen", ""))
    except REFUSED as problem:
        return _tried(request, text, refusal=words_of(problem))
    if plan.problems:
        return _page(request, plan=plan)
    count = len(plan.doing)
    tell(request, ngettext("%(n)d row is taken in.", "%(n)d rows are taken in.", count) % {"n": count})
    return redirect("desk:products")


def _tried(request: StaffRequest, text: str, *, refusal: str = "") -> HttpResponse:
    known = known_catalogue(house_id=request.member.house_id, now=datetime.now(UTC))
    table: Table = read_table(text)
    return _page(request, plan=plan_file(table, known), text=text, seen=known.edition, refusal=refusal)


def _page(
    request: StaffRequest, *, plan: Plan | None = None, text: str = "", seen: str = "", refusal: str = ""
) -> HttpResponse:
    context = {
        "may_edit": may_edit(request),
        "columns": SHOWN_COLUMNS,
        "example": column_of("it", "EUR"),
        "plan": plan,
        "doing": plan.doing[:ROWS_SHOWN] if plan else (),
        "same": len(plan.rows) - len(plan.doing) if plan else 0,
        "problems": _problems(plan),
        "more": max(0, max(len(plan.doing), len(plan.problems)) - ROWS_SHOWN) if plan else 0,
        "fields": _fields(),
        "text": text,
        "seen": seen,
        "refusal": refusal,
    }
    wrong = bool(refusal or (plan and plan.problems))
    return show(request, "boutique", "boutique/catalogue_file.html", context, status=422 if wrong else 200)


def _fields() -> dict[str, object]:
    """What the desk calls the file's columns."""
    abroad = {column: said for column, said in PRICE_COLUMNS.items() if said[0] != HOME}
    prices = {
        column: f"{market_name(market, language())} ({currency})"
        for column, (market, currency) in abroad.items()
    }
    return {**FIELDS, **prices}


def _problems(plan: Plan | None) -> list[tuple[int, str, str]]:
    if plan is None:
        return []
    return [(each.row, each.column, each.words(language())) for each in plan.problems[:ROWS_SHOWN]]

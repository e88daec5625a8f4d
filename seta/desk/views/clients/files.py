"""The client book as a file: in with a report row by row, out with a line in the log."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from seta.clienteling import operations as clienteling
from seta.clienteling.rules.importing import BYTES_MAX, COLUMNS
from seta.desk.shell import language, page, show
from seta.desk.views.clients.reader import must_be_associate
from seta.houses.access import StaffRequest

PROBLEMS_MAX = 200


@page("clients")
def import_book(request: StaffRequest) -> HttpResponse:
    """Choose a file, see what it would do, then keep it."""
    own = must_be_associate(request)
    context: dict[str, Any] = {"columns": COLUMNS, "own": own}
    sent = request.FILES.get("file") if request.method == "POST" else None
    if request.method == "POST" and sent is None:
        context["missing"] = _("Choose a CSV file first.")
    if sent is not None:
        report = clienteling.import_clients(
            house_id=request.member.house_id,
            associate_id=own.id,
            data=sent.read(BYTES_MAX + 1),
            is_dry=request.POST.get("choice") != "keep",
            now=datetime.now(UTC),
        )
        problems = [(each.row, each.column, each.text(language())) for each in report.problems]
        context |= {"report": report, "problems": problems[:PROBLEMS_MAX]}
    return show(request, "clients", "clients/import.html", context)


@page("clients")
def template(request: StaffRequest) -> HttpResponse:
    """An empty file with the columns that are read."""
    must_be_associate(request)
    return _file("clients-template.csv", clienteling.template())


@page("clients")
def export(request: StaffRequest) -> HttpResponse:
    """One's own book as a file; the export is logged."""
    own = must_be_associate(request)
    text = clienteling.export_book(
        house_id=request.member.house_id,
        associate_id=own.id,
        user_id=request.member.user_id,
        now=datetime.now(UTC),
    )
    return _file(f"clients-{own.code}.csv", text)


def _file(name: str, text: str) -> HttpResponse:
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response

"""Takes in the city's list of businesses from a file, and tells row by row what it does."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from seta.desk.shell import language, page, show
from seta.guide.operations import ImportReport, import_partners
from seta.houses.access import StaffRequest
from seta.partners.queries import spoken_for

FILE_BYTES_MAX = 4_000_000
COLUMNS = (
    *(
        "code",
        "name",
        "name_zh",
        "category",
        "address",
        "lat",
        "lon",
        "opening_hours",
        "languages",
        "payment",
    ),
    *("payment_confirmed_on", "menu_zh", "hot_water", "wifi", "tax_free", "note_zh"),
)


@page("guide")
def import_list(request: StaffRequest) -> HttpResponse:
    """The form; behind it each row: a new business, what would change of a known one, or what to correct."""
    house_id = request.member.house_id
    may_import = request.member.role in ("marketing", "admin")
    report, missing = None, ""
    if request.method == "POST" and may_import:
        sent = request.FILES.get("file")
        text = _text(sent.read(FILE_BYTES_MAX + 1) if sent else b"")
        if text is None:
            missing = _("Choose a CSV file in UTF-8 of at most 4 MB; nothing was read.")
        else:
            report = import_partners(
                house_id=house_id,
                text=text,
                now=datetime.now(UTC),
                is_dry=request.POST.get("choice") != "keep",
            )
    context = {
        "report": report,
        "is_dry": request.POST.get("choice") != "keep",
        "errors": _errors(report),
        "missing": missing,
        "spoken_for": spoken_for(house_id),
        "columns": COLUMNS,
        "may_import": may_import,
    }
    return show(request, "guide", "guide/partner_import.html", context, status=422 if missing else 200)


def _text(data: bytes) -> str | None:
    if not data or len(data) > FILE_BYTES_MAX:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _errors(report: ImportReport | None) -> list[tuple[int, str, str]]:
    if report is None:
        return []
    return [(each.line, each.field, each.text(language())) for each in report.errors]

"""Every component of the desk in its states, on one page."""

from datetime import UTC, datetime

from django.http import HttpResponse

from seta.desk import labels
from seta.desk.shell import page, show
from seta.houses.access import StaffRequest


@page("today")
def design(request: StaffRequest) -> HttpResponse:
    """The components, with made-up values."""
    context = {
        "now": datetime.now(UTC),
        "states": list(labels.ORDER_STATE),
        "severities": list(labels.SEVERITY),
        "colours": ("ink", "ink-soft", "paper", "card", "line", "accent", "ok", "warn", "bad"),
        "sizes": (12, 14, 16, 20, 28, 40),
    }
    return show(request, "today", "design.html", context)

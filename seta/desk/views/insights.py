"""Insights: the funnel, who brought the sales, and where they were made, each with its definition."""

from typing import Any

from django.http import HttpResponse

from seta.clienteling import queries as clienteling
from seta.desk.shell import page, show, show_part
from seta.desk.views.boutique import districts
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.insights import queries


@page("insights")
def insights(request: StaffRequest) -> HttpResponse:
    """The page at once, its figures when they are counted."""
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/figures.html", _figures(request))
    return show(request, "insights", "insights/insights.html", {})


def _figures(request: StaffRequest) -> dict[str, Any]:
    house = houses.house(request.member.house_id)
    campaigns = queries.campaigns(house.id)
    associates = {str(row.associate.id): row.associate.name for row in clienteling.associates(house.id)}
    named = districts()
    steps = queries.funnel(house.id)
    return {
        "steps": steps,
        "most": max((step.people for step in steps), default=0),
        "by_campaign": [(row, campaigns.get(row.key, row.key)) for row in queries.attribution(house.id)],
        "by_associate": [(row, associates.get(row.key, row.key)) for row in queries.by_associate(house.id)],
        "by_district": [(row, named.get(row.key, row.key)) for row in queries.spend_by_district(house.id)],
        "lake_rows": queries.lake_rows(),
        "settle_currency": house.currency,
    }

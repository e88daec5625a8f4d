"""Insights: the funnel, who brought the sales, and where they were made, each with its definition."""

from django.http import HttpResponse

from seta.clienteling import queries as clienteling
from seta.desk.shell import page, show
from seta.desk.views.boutique import districts
from seta.houses.access import StaffRequest
from seta.insights import queries


@page("insights")
def insights(request: StaffRequest) -> HttpResponse:
    """The figures over the lake as it is now."""
    house_id = request.member.house_id
    campaigns = queries.campaigns(house_id)
    associates = {str(row.associate.id): row.associate.name for row in clienteling.associates(house_id)}
    named = districts()
    steps = queries.funnel(house_id)
    context = {
        "steps": steps,
        "most": max((step.people for step in steps), default=0),
        "by_campaign": [(row, campaigns.get(row.key, row.key)) for row in queries.attribution(house_id)],
        "by_associate": [(row, associates.get(row.key, row.key)) for row in queries.by_associate(house_id)],
        "by_district": [(row, named.get(row.key, row.key)) for row in queries.spend_by_district(house_id)],
        "lake_rows": queries.lake_rows(),
    }
    return show(request, "insights", "insights/insights.html", context)

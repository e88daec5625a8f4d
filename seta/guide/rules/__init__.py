"""Rules of the guide: hours, districts, travel, search, planning and the judge of plans."""

from seta.guide.rules.checking import violations
from seta.guide.rules.districts import District, district_of, districts
from seta.guide.rules.importing import Reading, RowError, read_partners, read_places
from seta.guide.rules.planning import DayPlan, LeftOut, Reason, Sight, Stop, Wish, plan_day
from seta.guide.rules.search import Entry, Hit, SearchIndex

__all__ = [
    "DayPlan",
    "District",
    "Entry",
    "Hit",
    "LeftOut",
    "Reading",
    "Reason",
    "RowError",
    "SearchIndex",
    "Sight",
    "Stop",
    "Wish",
    "district_of",
    "districts",
    "plan_day",
    "read_partners",
    "read_places",
    "violations",
]

"""What is done with the guide: answer texts, import places and partners, plan days."""

from seta.guide.operations.answering import answer_texts, note_search
from seta.guide.operations.hearing import close_searches
from seta.guide.operations.importing import (
    ImportReport,
    confirm_hours,
    import_milan,
    import_partners,
    import_places,
)
from seta.guide.operations.listing import (
    add_listing,
    change_listing,
    confirm_payment,
    keep_photo,
    note_scan,
)
from seta.guide.operations.planning import (
    PlanRefused,
    forget_old_plans,
    forget_plan,
    repoint_person,
    save_plan,
)
from seta.guide.operations.reminding import ask_reminder, tell_before_trips
from seta.guide.operations.travelling import forget_trip, replan_late, save_trip

__all__ = [
    "ImportReport",
    "PlanRefused",
    "add_listing",
    "answer_texts",
    "ask_reminder",
    "change_listing",
    "close_searches",
    "confirm_hours",
    "confirm_payment",
    "forget_old_plans",
    "forget_plan",
    "forget_trip",
    "import_milan",
    "import_partners",
    "import_places",
    "keep_photo",
    "note_scan",
    "note_search",
    "replan_late",
    "repoint_person",
    "save_plan",
    "save_trip",
    "tell_before_trips",
]

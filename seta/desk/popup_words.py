"""What the desk calls a pop-up's states, steps and places."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

STATE: Words = {
    "planned": _("Planned"),
    "open": _("Running"),
    "closed": _("Over"),
    "cancelled": _("Given up"),
}
TONE: Mapping[str, str] = {"planned": "", "open": "ok", "closed": "soft", "cancelled": "warn"}
VERB: Words = {
    "plan": _("planned it"),
    "change": _("changed the plan"),
    "cover": _("set the cover"),
    "open": _("opened"),
    "close": _("closed"),
    "cancel": _("gave it up"),
    "return": _("late pieces sent back"),
    "miss": _("its time passed while it could not open"),
}
DONE: Words = {
    "open": _("The pop-up is open; its pieces were brought."),
    "close": _("The pop-up is over; what is unsold went back."),
    "cancel": _("The pop-up is given up."),
}
PLACE: Words = {
    "online": _("Online only"),
    "boutique": _("In a boutique"),
    "place": _("At a place of the guide"),
}

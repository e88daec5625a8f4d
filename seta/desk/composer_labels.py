"""Words for drafts, group sends, Moments and their results."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Mapping[str, "_StrPromise"]

DRAFT: Words = {
    "cleared": _("May be sent"),
    "held": _("Waits for a supervisor"),
    "released": _("Released: send it"),
    "refused": _("Refused"),
    "blocked": _("Never to be sent"),
    "handing": _("On its way"),
    "prepared": _("Confirm it on your phone"),
    "sent": _("Sent"),
    "failed": _("Not sent"),
}
OUTREACH: Words = {
    "held": _("Waits for a supervisor"),
    "refused": _("Refused"),
    "scheduled": _("Planned"),
    "preparing": _("On its way"),
    "prepared": _("Waits for the associates"),
    "cancelled": _("Withdrawn"),
    "closed": _("Done"),
    "failed": _("Not sent"),
}
OUTREACH_KIND: Words = {"group": _("Group send"), "moments": _("Moments")}
OUTREACH_RESULT: Words = {
    "waiting": _("Waiting"),
    "unsent": _("Waiting"),
    "sent": _("Sent"),
    "not_a_contact": _("No longer a contact"),
    "quota_used": _("Month's messages used up"),
    "left_out": _("Left in peace"),
}
LEFT_OUT: Words = {
    "no_consent": _("Has not agreed to messages"),
    "night": _("It is night"),
    "own": _("You wrote a short while ago"),
    "colleague": _("A colleague wrote a short while ago"),
    "week": _("Enough messages this week"),
    "quota": _("Month's messages used up"),
}
VERDICT_OF_DRAFT: Words = {
    "allow": _("Fine to send"),
    "flag": _("Fine to send, but look again"),
    "hold": _("A supervisor will have to release this"),
    "block": _("This may never be sent"),
}
SHOWN: Words = {
    "altered": _("Changed from the approved version"),
    "out_of_force": _("No longer in force"),
    "unapproved": _("Not among the approved content"),
    "unreadable": _("Could not be compared"),
}

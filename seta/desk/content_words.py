"""The words for the codes of content: states, steps, outcomes and sources, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from seta.desk.evidence_words import Words

CONTENT_STATE: Words = {
    "draft": _("Draft"),
    "review": _("To approve"),
    "approved": _("Approved"),
    "retired": _("Retired"),
}
CONTENT_STEP_DONE: Words = {
    "submit": _("A second person can approve it now."),
    "approve": _("The version may be shown."),
    "return": _("The version is a draft again."),
    "retire": _("The version may not be shown any more."),
}
CONTENT_OUTCOME: Words = {
    "approved": _("Approved"),
    "altered": _("Changed by the associate"),
    "out_of_force": _("Not in force then"),
    "unapproved": _("On no shelf"),
    "unreadable": _("Could not be read"),
}
CONTENT_SOURCE: Words = {"archive": _("Chat"), "moment": _("Moments")}

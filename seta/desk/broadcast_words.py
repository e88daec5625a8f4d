"""The words for the codes of broadcasts, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from seta.desk.evidence_words import Words

BROADCAST_STATE: Words = {
    "draft": _("Draft"),
    "review": _("To approve"),
    "planned": _("Has its time"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    "failed": _("Not sent"),
    "cancelled": _("Given up"),
}
BROADCAST_TONE = {
    "sent": "ok",
    **dict.fromkeys(("review", "planned", "sending"), "warn"),
    "failed": "bad",
}

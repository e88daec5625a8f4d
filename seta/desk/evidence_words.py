"""The words for the codes of evidence: scopes, states, purposes and witnesses, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Mapping[str, "_StrPromise"]

EVIDENCE_SCOPE: Words = {
    "conversation": _("Conversation"),
    "alert": _("Alert"),
    "person": _("Client"),
    "log": _("The whole log"),
}
EXPORT_STATE: Words = {
    "asked": _("Waits for a colleague"),
    "approved": _("Being made"),
    "ready": _("Ready"),
    "declined": _("Declined"),
    "failed": _("Could not be made"),
    "gone": _("Deleted"),
}
EXPORT_PURPOSE: Words = {
    "alert_review": _("Review of an alert"),
    "sample_review": _("Review of a sample"),
    "complaint": _("Complaint"),
    "client_service": _("Service to the client"),
    "handover": _("Handover"),
    "legal": _("Legal matter"),
}
DISPOSAL_STATE: Words = {
    "asked": _("Waits for a colleague"),
    "approved": _("Under way"),
    "done": _("Done"),
    "declined": _("Declined"),
}
WITNESS_KIND: Words = {"http": _("Another server"), "file": _("A file")}

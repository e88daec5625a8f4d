"""Words for alerts, rules, samples and what reviewers say of them."""

from django.utils.translation import gettext_lazy as _

from seta.desk.money_labels import Words

ALERT_STATE: Words = {"open": _("To review"), "claimed": _("Being reviewed"), "closed": _("Closed")}
SEVERITY: Words = {
    "info": _("Info"),
    "low": _("Low"),
    "medium": _("Medium"),
    "high": _("High"),
    "critical": _("Critical"),
}
VERDICT: Words = {
    "true_positive": _("A real breach"),
    "false_positive": _("A false alarm"),
    "benign_context": _("Harmless here"),
}
PURPOSE: Words = {
    "alert_review": _("To judge an alert"),
    "sample_review": _("To look at a sample"),
    "complaint": _("A client complained"),
    "client_service": _("To serve the client"),
    "handover": _("A handover to a colleague"),
    "legal": _("A legal request"),
}
SAMPLE_KIND: Words = {"messages": _("Messages of associates"), "readings": _("Readings of reviewers")}
FINDING: Words = {"fine": _("Fine"), "breach": _("A breach"), "unclear": _("Not clear")}
RULE_MODE: Words = {"live": _("Live"), "shadow": _("In shadow"), "off": _("Off")}
ASSIGNMENT: Words = {
    "manual": _("Reviewers take alerts"),
    "round_robin": _("By turns"),
    "workload": _("To whoever holds least"),
}
MODE_CHANGE: Words = {
    "waiting": _("Waits for a second person"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "automatic": _("Automatic"),
}
OVERSPENT: Words = {
    "too_many_alerts": _("More alerts than its budget"),
    "too_imprecise": _("Less precise than its budget"),
}
TIER: Words = {
    "exact": _("as written"),
    "normalised": _("disguised"),
    "pinyin": _("by its sound"),
    "near": _("words close together"),
    "regex": _("by its pattern"),
    "learned": _("by what its words weigh together"),
}
CATEGORY: Words = {
    "off_platform": _("Contact off the platform"),
    "grey_market": _("Grey market"),
    "counterfeit": _("Counterfeits"),
    "unapproved": _("Unapproved content"),
    "payment": _("Payment to a person"),
    "kickback": _("Gifts and kickbacks"),
    "pii": _("Personal data"),
    "rude": _("Rude tone"),
    "complaint": _("Client complaint"),
    "discount": _("Unauthorised discount"),
    "ad_law": _("Advertising law"),
    "confidential": _("Confidentiality"),
}
SENDER: Words = {"sa": _("Associate"), "client": _("Client")}

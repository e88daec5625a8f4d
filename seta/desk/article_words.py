"""The words for the codes of articles, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from seta.desk.evidence_words import Words

ARTICLE_STATE: Words = {
    "draft": _("Draft"),
    "review": _("To approve"),
    "approved": _("Approved"),
    "returned": _("Given back"),
    "waiting": _("Has its time"),
    "sending": _("Being sent"),
    "submitting": _("Being sent"),
    "sent": _("WeChat is looking"),
    "published": _("Published"),
    "failed": _("Not published"),
    "cancelled": _("Given up"),
    "withdrawing": _("Being taken back"),
    "withdrawn": _("Taken back"),
}
ARTICLE_LANGUAGE: Words = {"zh": _("Chinese"), "en": _("English"), "it": _("Italian")}
ARTICLE_BLOCK: Words = {
    "text": _("Text"),
    "picture": _("Picture"),
    "place": _("Place"),
    "product": _("Piece"),
}
ARTICLE_TONE = {
    **dict.fromkeys(("approved", "published"), "ok"),
    **dict.fromkeys(("review", "waiting", "sending", "submitting", "sent", "withdrawing"), "warn"),
    **dict.fromkeys(("failed", "returned"), "bad"),
}

"""Who may look and judge, for which declared purpose, and what is said to those who may not."""

from collections.abc import Mapping
from enum import StrEnum

REVIEWERS = frozenset({"supervisor", "admin"})
REASON_CHARS_MAX = 500


class Purpose(StrEnum):
    """Why a conversation is opened; asked before, kept in the audit log."""

    ALERT_REVIEW = "alert_review"
    SAMPLE_REVIEW = "sample_review"
    COMPLAINT = "complaint"
    CLIENT_SERVICE = "client_service"
    HANDOVER = "handover"
    LEGAL = "legal"


class Refusal(StrEnum):
    """Why a reviewer's step was refused."""

    NOT_ALLOWED = "not_allowed"
    NO_PURPOSE = "no_purpose"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    CLAIMED = "claimed"
    NO_REASON = "no_reason"
    UNKNOWN_VERDICT = "unknown_verdict"


class Refused(Exception):
    """A step that is refused; nothing changed except, where access was tried, the audit log."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_TEXTS[refusal]["en"])
        self.refusal = refusal

    def text(self, language: str) -> str:
        """The refusal in zh-hans, it or English."""
        texts = _TEXTS[self.refusal]
        return texts.get(language[:2].lower(), texts["en"])


_TEXTS: Mapping[Refusal, Mapping[str, str]] = {
    Refusal.NOT_ALLOWED: {
        "en": "Only a supervisor of this house may do this. Ask an admin for the role.",
        "it": "Solo un supervisore di questa casa può farlo. Chiedi il ruolo a un amministratore.",
        "zh": "仅本品牌的主管可以操作，请向管理员申请权限。",
    },
    Refusal.NO_PURPOSE: {
        "en": "Say why you open this conversation: choose a purpose from the list.",
        "it": "Indica perché apri questa conversazione: scegli uno scopo dall'elenco.",
        "zh": "请先选择查看会话的用途。",
    },
    Refusal.UNKNOWN: {
        "en": "There is no such alert or conversation in this house. Go back to the list.",
        "it": "In questa casa non esiste. Torna all'elenco.",
        "zh": "本品牌没有这条记录，请返回列表。",
    },
    Refusal.CLOSED: {
        "en": "This alert is closed already. Open the next one.",
        "it": "Questo avviso è già chiuso. Apri il prossimo.",
        "zh": "该提醒已处理，请查看下一条。",
    },
    Refusal.CLAIMED: {
        "en": "Someone else is reviewing this alert. Choose another one.",
        "it": "Qualcun altro sta esaminando questo avviso. Scegline un altro.",
        "zh": "该提醒正由他人处理，请选择其他提醒。",
    },
    Refusal.NO_REASON: {
        "en": f"Write in 1 to {REASON_CHARS_MAX} characters why you judge so.",
        "it": f"Scrivi il motivo in 1-{REASON_CHARS_MAX} caratteri.",
        "zh": f"请用1至{REASON_CHARS_MAX}字说明理由。",
    },
    Refusal.UNKNOWN_VERDICT: {
        "en": "Choose one of: true positive, false positive, benign context.",
        "it": "Scegli: vero positivo, falso positivo, contesto innocuo.",
        "zh": "请选择：属实、误报或情境合理。",
    },
}


def purpose_of(value: str) -> Purpose:
    """The purpose that a form named; raises Refused."""
    try:
        return Purpose(value)
    except ValueError:
        raise Refused(Refusal.NO_PURPOSE) from None

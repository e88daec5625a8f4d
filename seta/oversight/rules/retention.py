"""How long bodies are kept and what a hold keeps longer; what is said to those who may not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words

DAYS_MIN, DAYS_MAX = 1, 36_500
NAME_CHARS_MAX = 120
REASON_CHARS_MAX = 500
BUNDLE_DAYS = 7


class Refusal(StrEnum):
    """Why a step of the evidence was refused."""

    NOT_ALLOWED = "not_allowed"
    OWN_REQUEST = "own_request"
    DECIDED = "decided"
    UNKNOWN = "unknown"
    NO_REASON = "no_reason"
    NO_NAME = "no_name"
    BAD_SCOPE = "bad_scope"
    BAD_PERIOD = "bad_period"
    BAD_DAYS = "bad_days"
    BAD_WITNESS = "bad_witness"
    NOTHING = "nothing"
    HELD = "held"
    NOT_READY = "not_ready"
    RUNNING = "running"


def due_before(days: Mapping[str, int], now: datetime) -> dict[str, str]:
    """Kind to the instant, as ISO 8601 in UTC, before which bodies are past their age."""
    return {kind: (now - timedelta(days=number)).astimezone(UTC).isoformat() for kind, number in days.items()}


_TEXTS: Mapping[Refusal, Words] = {
    Refusal.NOT_ALLOWED: {
        "en": "Only a supervisor of this house may do this. Ask an admin for the role.",
        "it": "Solo un supervisore di questa casa può farlo. Chiedi il ruolo a un amministratore.",
        "zh": "仅本品牌的主管可以操作，请向管理员申请权限。",
    },
    Refusal.OWN_REQUEST: {
        "en": "You asked for this yourself; a colleague has to approve it.",
        "it": "L'hai chiesto tu; deve approvarlo un collega.",
        "zh": "这是您本人提出的申请，须由同事批准。",
    },
    Refusal.DECIDED: {
        "en": "This has been decided already. Load the page again.",
        "it": "È già stato deciso. Ricarica la pagina.",
        "zh": "该申请已处理，请刷新页面。",
    },
    Refusal.UNKNOWN: {
        "en": "There is no such thing in this house. Go back to the list.",
        "it": "In questa casa non esiste. Torna all'elenco.",
        "zh": "本品牌没有这条记录，请返回列表。",
    },
    Refusal.NO_REASON: {
        "en": f"Write in 1 to {REASON_CHARS_MAX} characters why this is needed.",
        "it": f"Scrivi in 1-{REASON_CHARS_MAX} caratteri perché serve.",
        "zh": f"请用1至{REASON_CHARS_MAX}字说明原因。",
    },
    Refusal.NO_NAME: {
        "en": f"Give it a name of 1 to {NAME_CHARS_MAX} characters.",
        "it": f"Dagli un nome di 1-{NAME_CHARS_MAX} caratteri.",
        "zh": f"请填写1至{NAME_CHARS_MAX}字的名称。",
    },
    Refusal.BAD_SCOPE: {
        "en": "Choose a conversation, an alert or a client that this house has.",
        "it": "Scegli una conversazione, un avviso o un cliente di questa casa.",
        "zh": "请选择本品牌的会话、提醒或客户。",
    },
    Refusal.BAD_PERIOD: {
        "en": "The period ends before it begins. Choose an end after the beginning.",
        "it": "Il periodo finisce prima di cominciare. Scegli una fine successiva all'inizio.",
        "zh": "结束时间早于开始时间，请重新选择。",
    },
    Refusal.BAD_DAYS: {
        "en": f"Write the age in whole days, {DAYS_MIN} to {DAYS_MAX}.",
        "it": f"Scrivi l'età in giorni interi, da {DAYS_MIN} a {DAYS_MAX}.",
        "zh": f"请填写{DAYS_MIN}至{DAYS_MAX}之间的整数天数。",
    },
    Refusal.BAD_WITNESS: {
        "en": "A witness needs a name, and over HTTP an https address and its public key of 64 hex digits.",
        "it": "Un testimone ha un nome e, via HTTP, un indirizzo https e una chiave pubblica di 64 cifre esadecimali.",
        "zh": "见证方须有名称；通过HTTP的还须有https地址与64位十六进制公钥。",
    },
    Refusal.NOTHING: {
        "en": "No archived message fits. Choose another period or another scope.",
        "it": "Nessun messaggio archiviato corrisponde. Scegli un altro periodo o ambito.",
        "zh": "没有符合条件的存档消息，请更换期间或范围。",
    },
    Refusal.HELD: {
        "en": "A legal hold forbids it. Release the hold first, if you may.",
        "it": "Un vincolo legale lo impedisce. Prima rimuovi il vincolo, se puoi.",
        "zh": "存在法律保全，不能操作。如有权限，请先解除保全。",
    },
    Refusal.NOT_READY: {
        "en": "The bundle is not there: it is still being made, or it was taken away after its time.",
        "it": "Il fascicolo non c'è: è in preparazione oppure è scaduto.",
        "zh": "证据包尚未生成，或已过期删除。",
    },
    Refusal.RUNNING: {
        "en": "A check is running already. Wait for it.",
        "it": "Una verifica è già in corso. Attendi la fine.",
        "zh": "校验正在进行，请稍候。",
    },
}


class EvidenceRefused(NamedRefusal[Refusal]):
    """A step that is refused and changed nothing; its detail, such as a hold's name, is shown."""

    texts = _TEXTS
    otherwise = "en"

    def text(self, language: str) -> str:
        """What to do, and what stands in the way, in the caller's language."""
        said = super().text(language)
        return f"{said} ({self.detail})" if self.detail else said

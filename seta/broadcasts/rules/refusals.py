"""Why a step of a broadcast is refused, in the languages of those who take it."""

from collections.abc import Mapping
from enum import StrEnum

from seta.broadcasts.rules.segments import TEXT_CHARS_MAX
from seta.kit.words import NamedRefusal, Words


class Refusal(StrEnum):
    """Named reasons; nothing has changed when one of them is given."""

    UNKNOWN = "unknown"
    WRONG_STATE = "wrong_state"
    NO_TITLE = "no_title"
    NO_WORDS = "no_words"
    TOO_LONG = "too_long"
    UNKNOWN_ARTICLE = "unknown_article"
    BAD_TIME = "bad_time"
    NOBODY = "nobody"
    SAME_PERSON = "same_person"
    NO_NOTE = "no_note"
    POLICY = "policy"
    RISKY = "risky"
    NOT_CONNECTED = "not_connected"
    NO_WECHAT_ID = "no_wechat_id"


_TEXTS: Mapping[Refusal, Words] = {
    Refusal.UNKNOWN: {
        "zh": "没有这条群发，请返回列表。",
        "en": "There is no such broadcast. Go back to the list.",
        "it": "Questo invio non esiste. Torni all'elenco.",
    },
    Refusal.WRONG_STATE: {
        "zh": "当前状态不能执行此操作，请刷新页面。",
        "en": "This cannot be done at this step. Load the page again.",
        "it": "A questo punto non si può fare. Ricarichi la pagina.",
    },
    Refusal.NO_TITLE: {
        "zh": "请填写名称（仅内部可见）。",
        "en": "Give it a name; only you and your colleagues see it.",
        "it": "Le dia un nome: lo vedono solo lei e i colleghi.",
    },
    Refusal.NO_WORDS: {
        "zh": "请填写中文内容，或选择一篇已审核的文章。",
        "en": "Write the Chinese words, or choose an approved article.",
        "it": "Scriva il testo cinese, o scelga un articolo approvato.",
    },
    Refusal.TOO_LONG: {
        "zh": f"文字最多{TEXT_CHARS_MAX}字。",
        "en": f"Write at most {TEXT_CHARS_MAX} characters.",
        "it": f"Scriva al massimo {TEXT_CHARS_MAX} caratteri.",
    },
    Refusal.UNKNOWN_ARTICLE: {
        "zh": "该文章没有已审核的中文版本。",
        "en": "This article has no approved version that is whole in Chinese.",
        "it": "Questo articolo non ha una versione approvata e completa in cinese.",
    },
    Refusal.BAD_TIME: {
        "zh": "发送时间须在现在之后、一年之内。",
        "en": "The time must be from now on, within a year.",
        "it": "L'ora dev'essere da adesso in poi, entro un anno.",
    },
    Refusal.NOBODY: {
        "zh": "符合条件且本月仍可接收的关注者不足两人，微信不接受。",
        "en": "Fewer than two followers fit and may still receive one this month; WeChat takes no such list.",
        "it": "Meno di due follower corrispondono e possono ancora ricevere questo mese: WeChat non lo accetta.",
    },
    Refusal.SAME_PERSON: {
        "zh": "撰写人不能审批，请由同事审批。",
        "en": "Whoever wrote it cannot approve it. Ask a colleague.",
        "it": "Chi l'ha scritto non può approvarlo. Chieda a un collega.",
    },
    Refusal.NO_NOTE: {
        "zh": "请说明需要修改的内容。",
        "en": "Say what has to be changed.",
        "it": "Dica che cosa va cambiato.",
    },
    Refusal.POLICY: {
        "zh": "内容不符合品牌规范，请修改后再提交。",
        "en": "The house's policy refuses these words. Change them.",
        "it": "Le regole della casa rifiutano queste parole. Le cambi.",
    },
    Refusal.RISKY: {
        "zh": "微信内容检测未通过，请修改。",
        "en": "WeChat's content check refuses these words. Change them.",
        "it": "Il controllo di WeChat rifiuta queste parole. Le cambi.",
    },
    Refusal.NOT_CONNECTED: {
        "zh": "尚未连接公众号，请联系管理员。",
        "en": "No Official Account is connected. Ask an admin.",
        "it": "Nessun account ufficiale è collegato. Chieda a un amministratore.",
    },
    Refusal.NO_WECHAT_ID: {
        "zh": "请填写关注者的微信号。",
        "en": "Write the WeChat ID of a follower.",
        "it": "Scriva l'ID WeChat di un follower.",
    },
}


class BroadcastRefused(NamedRefusal[Refusal]):
    """A step that is refused and changed nothing."""

    texts = _TEXTS
    otherwise = "en"

"""Why an associate's step is refused, in their language."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

NOTE_CHARS_MAX = 500


class Refusal(StrEnum):
    """Why an associate's step was refused."""

    NOT_YOURS = "not_yours"
    UNKNOWN = "unknown"
    NOT_APPROVED = "not_approved"
    POLICY = "policy"
    TOO_LONG = "too_long"
    INACTIVE = "inactive"
    NO_SHARE = "no_share"


_TEXTS: Mapping[Refusal, Mapping[str, str]] = {
    Refusal.NOT_YOURS: {
        "en": "This client is in a colleague's book. Ask your supervisor to add you.",
        "it": "Questo cliente è nella rubrica di un collega. Chiedi al supervisore di aggiungerti.",
        "zh": "该客户由其他同事负责，请联系主管添加您。",
    },
    Refusal.UNKNOWN: {
        "en": "There is no such associate, client or product in this house. Check the code and try again.",
        "it": "In questa casa non esiste. Controlla il codice e riprova.",
        "zh": "本品牌没有此记录，请核对后重试。",
    },
    Refusal.NOT_APPROVED: {
        "en": "This product has no approved content in force. Ask marketing to approve it first.",
        "it": "Il prodotto non ha contenuti approvati in vigore. Chiedi al marketing di approvarli.",
        "zh": "该产品暂无有效的已审核内容，请先联系市场部审核。",
    },
    Refusal.POLICY: {
        "en": "Your note breaks the house's policy. Change it as advised and share again.",
        "it": "La tua nota viola le regole della casa. Modificala come indicato e riprova.",
        "zh": "附言不符合品牌规范，请按提示修改后再分享。",
    },
    Refusal.TOO_LONG: {
        "en": f"A note holds at most {NOTE_CHARS_MAX} characters. Shorten it.",
        "it": f"Una nota contiene al massimo {NOTE_CHARS_MAX} caratteri. Accorciala.",
        "zh": f"附言最多{NOTE_CHARS_MAX}字，请缩短。",
    },
    Refusal.INACTIVE: {
        "en": "This associate no longer works here. Choose another.",
        "it": "Questo addetto non lavora più qui. Scegline un altro.",
        "zh": "该顾问已离职，请选择其他顾问。",
    },
    Refusal.NO_SHARE: {
        "en": "This recommendation link no longer works. Open the product from the boutique instead.",
        "it": "Questo link di consiglio non è più valido. Apri il prodotto dalla boutique.",
        "zh": "此推荐链接已失效，请您直接在精品店浏览商品。",
    },
}


class Refused(Exception):
    """A step that is refused and changed nothing; `advice` says what policy wants instead."""

    def __init__(self, refusal: Refusal, advice: Sequence[str] = (), rules: Sequence[str] = ()) -> None:
        super().__init__(_TEXTS[refusal]["en"])
        self.refusal = refusal
        self.advice = tuple(advice)
        self.rules = tuple(rules)

    def text(self, language: str) -> str:
        """The refusal in zh-hans, it or English."""
        texts = _TEXTS[self.refusal]
        return texts.get(language[:2].lower(), texts["en"])

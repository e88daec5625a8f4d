"""What a version may become, who may make it so, and what is said to those who may not."""

from collections.abc import Mapping
from enum import StrEnum

TEXT_CHARS_MAX = 4000
STEPS: Mapping[str, frozenset[str]] = {
    "submit": frozenset({"draft"}),
    "approve": frozenset({"review"}),
    "return": frozenset({"review"}),
    "retire": frozenset({"approved"}),
}
"""Each step and the states it starts from."""


class Refusal(StrEnum):
    """Why a step with content is refused."""

    UNKNOWN = "unknown"
    WRONG_STATE = "wrong_state"
    SAME_PERSON = "same_person"
    NOTHING = "nothing"
    TOO_LONG = "too_long"
    PERIOD = "period"
    IMAGE = "image"


class Refused(Exception):
    """A step that is refused; nothing changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_TEXTS[refusal]["en"])
        self.refusal = refusal

    def text(self, language: str) -> str:
        """The refusal in zh-hans, it or English."""
        texts = _TEXTS[self.refusal]
        return texts.get(language[:2].lower(), texts["en"])


_TEXTS: Mapping[Refusal, Mapping[str, str]] = {
    Refusal.UNKNOWN: {
        "en": "There is no such content in this house. Go back to the shelf.",
        "it": "In questa casa non c'è. Torna alla libreria.",
        "zh": "本品牌没有该内容，请返回内容库。",
    },
    Refusal.WRONG_STATE: {
        "en": "This version is not at that step. Open it again to see where it is.",
        "it": "Questa versione non è a quel passo. Riaprila per vedere dov'è.",
        "zh": "该版本当前不能执行此操作，请重新打开查看状态。",
    },
    Refusal.SAME_PERSON: {
        "en": "Whoever drafted a version cannot approve it. Ask a colleague.",
        "it": "Chi ha scritto una versione non può approvarla. Chiedi a un collega.",
        "zh": "起草人不能审批自己的版本，请由同事审批。",
    },
    Refusal.NOTHING: {
        "en": "Write the words or choose the picture.",
        "it": "Scrivi il testo o scegli l'immagine.",
        "zh": "请填写文字或选择图片。",
    },
    Refusal.TOO_LONG: {
        "en": f"Write at most {TEXT_CHARS_MAX} characters.",
        "it": f"Scrivi al massimo {TEXT_CHARS_MAX} caratteri.",
        "zh": f"文字最多{TEXT_CHARS_MAX}字。",
    },
    Refusal.PERIOD: {
        "en": "The end must come after the beginning. Correct the dates.",
        "it": "La fine deve venire dopo l'inizio. Correggi le date.",
        "zh": "结束时间必须晚于开始时间，请修改日期。",
    },
    Refusal.IMAGE: {
        "en": "This is not a picture that can be compared: JPEG, PNG, WebP or GIF, at most 20 MB and 40 megapixels.",
        "it": "Il file non è un'immagine confrontabile: JPEG, PNG, WebP o GIF, al massimo 20 MB e 40 megapixel.",
        "zh": "该文件不是可比对的图片：支持JPEG、PNG、WebP、GIF，最大20 MB、4000万像素。",
    },
}

"""What a version may become, who may make it so, and what is said to those who may not."""

import re
from collections.abc import Mapping
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words

TEXT_CHARS_MAX = 4000
STEPS: Mapping[str, frozenset[str]] = {
    "submit": frozenset({"draft"}),
    "approve": frozenset({"review"}),
    "return": frozenset({"review"}),
    "retire": frozenset({"approved"}),
}
"""Each step and the states it starts from."""


_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
_MARKET = re.compile(r"[A-Z]{2}")


class Refusal(StrEnum):
    """Why a step with content is refused."""

    UNKNOWN = "unknown"
    WRONG_STATE = "wrong_state"
    SAME_PERSON = "same_person"
    NOTHING = "nothing"
    TOO_LONG = "too_long"
    PERIOD = "period"
    IMAGE = "image"
    CODE = "code"
    MARKET = "market"


def read_code(text: str) -> str:
    """An asset's code as somebody wrote it; raises Refused."""
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise Refused(Refusal.CODE)
    return code


def read_markets(text: str) -> list[str]:
    """Country codes as somebody wrote them, apart by commas or blanks; raises Refused for anything else."""
    markets = re.split(r"[,，、\s]+", text.strip().upper()) if text.strip() else []
    if not all(_MARKET.fullmatch(market) for market in markets):
        raise Refused(Refusal.MARKET)
    return markets


_TEXTS: Mapping[Refusal, Words] = {
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
    Refusal.CODE: {
        "en": "Write a code of letters, digits, - and _, such as ss27-silk.",
        "it": "Scrivi un codice di lettere, cifre, - e _, come ss27-silk.",
        "zh": "请填写由字母、数字、-和_组成的编号，例如ss27-silk。",
    },
    Refusal.MARKET: {
        "en": "Write markets as two letters each, such as CN, IT.",
        "it": "Scrivi i mercati con due lettere ciascuno, come CN, IT.",
        "zh": "请用两个字母填写市场，例如CN、IT。",
    },
    Refusal.IMAGE: {
        "en": "This is not a picture that can be compared: JPEG, PNG, WebP or GIF, at most 20 MB and 40 megapixels.",
        "it": "Il file non è un'immagine confrontabile: JPEG, PNG, WebP o GIF, al massimo 20 MB e 40 megapixel.",
        "zh": "该文件不是可比对的图片：支持JPEG、PNG、WebP、GIF，最大20 MB、4000万像素。",
    },
}


class Refused(NamedRefusal[Refusal]):
    """A step that is refused; nothing changed."""

    texts = _TEXTS
    otherwise = "en"

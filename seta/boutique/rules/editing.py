"""What a piece's texts and a variant's marks may be, field by field, as values in and values out."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from seta.boutique.rules.codes import CODE, SKU, gtin_is_valid
from seta.boutique.rules.limits import ALT_CHARS_MAX
from seta.boutique.rules.refusals import OrderRefused, Refusal

LANGUAGES = ("zh", "en", "it")
NAMES = tuple(f"name_{each}" for each in LANGUAGES)
DESCRIPTIONS = tuple(f"description_{each}" for each in LANGUAGES)
ALTS = tuple(f"alt_{each}" for each in LANGUAGES)
CAPTIONS = tuple(f"caption_{each}" for each in LANGUAGES)
COLOURS = tuple(f"colour_{each}" for each in LANGUAGES)
TEXTS = (*NAMES, *DESCRIPTIONS)
MARKS = ("sku", "label", *COLOURS, "gtin")
CHARS_MAX = {
    **dict.fromkeys(NAMES, 80),
    **dict.fromkeys(DESCRIPTIONS, 600),
    **dict.fromkeys(COLOURS, 24),
    **dict.fromkeys(ALTS, ALT_CHARS_MAX),
    **dict.fromkeys(CAPTIONS, 120),
    "label": 40,
    "season": 24,
}


class Fault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    BAD_CODE = "bad_code"
    BAD_SKU = "bad_sku"
    BAD_GTIN = "bad_gtin"
    ALL_COLOURS = "all_colours"
    ALL_LANGUAGES = "all_languages"
    TAKEN = "taken"


_WORDS: Mapping[Fault, Mapping[str, str]] = {
    Fault.MISSING: {
        "zh": "请填写此栏。",
        "en": "Write something here.",
        "it": "Scriva qualcosa qui.",
    },
    Fault.TOO_LONG: {
        "zh": "最多 {n} 个字符。",
        "en": "At most {n} characters.",
        "it": "Al massimo {n} caratteri.",
    },
    Fault.BAD_CODE: {
        "zh": "请用 1 至 32 个小写字母、数字和连字符。",
        "en": "Use 1 to 32 lower-case letters, digits and hyphens.",
        "it": "Usi da 1 a 32 lettere minuscole, cifre e trattini.",
    },
    Fault.BAD_SKU: {
        "zh": "请用 1 至 32 个大写字母、数字和连字符。",
        "en": "Use 1 to 32 capital letters, digits and hyphens.",
        "it": "Usi da 1 a 32 lettere maiuscole, cifre e trattini.",
    },
    Fault.BAD_GTIN: {
        "zh": "条码校验位不符，请重新核对，或留空。",
        "en": "The check digit does not fit. Copy the number again, or leave it empty.",
        "it": "La cifra di controllo non torna. Ricopi il numero o lo lasci vuoto.",
    },
    Fault.ALL_COLOURS: {
        "zh": "颜色须用三种语言填写，或全部留空。",
        "en": "Name the colour in all three languages, or in none.",
        "it": "Indichi il colore in tutte e tre le lingue, o in nessuna.",
    },
    Fault.ALL_LANGUAGES: {
        "zh": "须用三种语言填写，或全部留空。",
        "en": "Write it in all three languages, or in none.",
        "it": "Lo scriva in tutte e tre le lingue, o in nessuna.",
    },
    Fault.TAKEN: {
        "zh": "已被另一件作品或款式使用。",
        "en": "Another piece or variant has this already.",
        "it": "Un altro pezzo o un'altra variante lo ha già.",
    },
}


class PieceRefused(OrderRefused):
    """A form with faults, field by field; nothing was changed."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__(Refusal.WRONG_PIECE, ", ".join(f"{name} {fault}" for name, fault in faults.items()))
        self.faults = dict(faults)

    def words(self, language: str) -> dict[str, str]:
        """What to do about each field, in the reader's language; Chinese for any other."""
        return {name: fault_words(fault, name, language) for name, fault in self.faults.items()}


def fault_words(fault: Fault, name: str, language: str) -> str:
    """What to do about a field of this name, in the reader's language; Chinese for any other."""
    short = language[:2] if language[:2] in LANGUAGES else "zh"
    return _WORDS[fault][short].format(n=CHARS_MAX.get(name, ""))


def checked_code(code: str) -> str:
    """A piece's code; raises PieceRefused."""
    found = code.strip()
    if not CODE.fullmatch(found):
        raise PieceRefused({"code": Fault.BAD_CODE})
    return found


def checked_texts(said: Mapping[str, str]) -> dict[str, str]:
    """A piece's names and descriptions in three languages, tidied; raises PieceRefused with every fault."""
    texts = {name: _line(said.get(name, "")) for name in NAMES}
    texts |= {name: _lines(said.get(name, "")) for name in DESCRIPTIONS}
    faults = {name: Fault.TOO_LONG for name, text in texts.items() if len(text) > CHARS_MAX[name]}
    faults |= {name: Fault.MISSING for name in NAMES if not texts[name]}
    if faults:
        raise PieceRefused(faults)
    return texts


def checked_marks(said: Mapping[str, str]) -> dict[str, str]:
    """A variant's code, size, colour and barcode, tidied; raises PieceRefused with every fault."""
    marks = {name: _line(said.get(name, "")) for name in MARKS}
    marks["gtin"] = marks["gtin"].replace(" ", "")
    faults = {name: Fault.TOO_LONG for name in ("label", *COLOURS) if len(marks[name]) > CHARS_MAX[name]}
    if not SKU.fullmatch(marks["sku"]):
        faults["sku"] = Fault.BAD_SKU
    if marks["gtin"] and not gtin_is_valid(marks["gtin"]):
        faults["gtin"] = Fault.BAD_GTIN
    named = [name for name in COLOURS if marks[name]]
    if named and len(named) < len(COLOURS):
        faults |= {name: Fault.ALL_COLOURS for name in COLOURS if not marks[name]}
    if faults:
        raise PieceRefused(faults)
    return marks


def edition(values: Mapping[str, str]) -> str:
    """A mark of what a form was filled in from, so that a change made meanwhile is noticed."""
    plain = json.dumps(dict(values), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    """Lines as they were written, without blanks at their ends and without empty lines around them."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())

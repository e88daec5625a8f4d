"""Why a person cannot be forgotten yet, what is kept when they are, and the words for both."""

from collections.abc import Sequence
from dataclasses import dataclass

LANGUAGES = ("zh", "en", "it")


class UnfinishedOrders(Exception):
    """Orders are under way: their pieces and their money still have to find the person."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = tuple(numbers)


@dataclass(frozen=True)
class Kept:
    """What stays after an erasure, and why."""

    code: str
    what: str
    why: str


_UNFINISHED = {
    "zh": "订单 {numbers} 尚未完成。请您在收货、取货或取消之后再删除，以免商品和退款无法送达。",
    "en": "Order {numbers} is still under way. Please delete after it has arrived or is cancelled, so that pieces and"
    " refunds can still reach you.",
    "it": "L'ordine {numbers} è ancora in corso. Cancelli dopo la consegna o l'annullamento, così merce e rimborsi"
    " possono ancora raggiungerla.",
}

_KEPT: dict[str, dict[str, tuple[str, str]]] = {
    "orders": {
        "zh": (
            "订单、付款、退款与发票",
            "《电子商务法》第三十一条要求保存至少三年；意大利《民法典》第2220条要求十年。",
        ),
        "en": (
            "Orders, payments, refunds and invoices",
            "China's E-Commerce Law (art. 31) asks for three years at least, Italy's Civil Code (art. 2220) for ten.",
        ),
        "it": (
            "Ordini, pagamenti, rimborsi e fatture",
            "La legge cinese sull'e-commerce, art. 31, chiede almeno tre anni; il Codice civile, art. 2220, dieci.",
        ),
    },
    "answers": {
        "zh": ("您对隐私选项的答复", "用来证明我们曾征得您的同意；其中没有姓名。"),
        "en": (
            "Your answers to the privacy choices",
            "As proof that you had been asked; there is no name in them.",
        ),
        "it": ("Le risposte alle scelte sulla privacy", "Come prova che le è stato chiesto; senza nome."),
    },
    "draws": {
        "zh": ("限量发售的名额与抽签记录", "任何人都可以据此核对发售是否公平；只有编号，没有姓名。"),
        "en": (
            "Places and draws of limited releases",
            "So that anybody can check that a release was fair; numbers, without names.",
        ),
        "it": (
            "Posti ed estrazioni delle edizioni limitate",
            "Perché chiunque possa verificare che l'edizione sia stata equa; numeri, senza nomi.",
        ),
    },
    "figures": {
        "zh": ("统计数字", "只剩无法对应到您的编号。"),
        "en": ("Statistics", "Only a number is left that no longer leads to you."),
        "it": ("Statistiche", "Resta solo un numero che non porta più a lei."),
    },
    "held": {
        "zh": ("依法须保全的聊天记录", "法律程序结束后自动销毁。"),
        "en": (
            "Chats that the law orders us to hold",
            "They are destroyed by themselves once it no longer does.",
        ),
        "it": (
            "Conversazioni che la legge impone di conservare",
            "Si distruggono da sole quando l'obbligo finisce.",
        ),
    },
}


def language_of(tag: str) -> str:
    """One of our languages for any tag; Chinese unless it says otherwise."""
    return tag[:2] if tag[:2] in LANGUAGES else "zh"


def unfinished_text(numbers: Sequence[str], tag: str) -> str:
    """What a person with orders under way is told."""
    return _UNFINISHED[language_of(tag)].format(numbers=", ".join(numbers))


def kept_by_law(tag: str) -> tuple[Kept, ...]:
    """What stays after an erasure, in the reader's language."""
    return tuple(Kept(code, *words[language_of(tag)]) for code, words in _KEPT.items())

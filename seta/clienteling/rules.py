"""Whose sale it is, what it earns, who may open a client, and how a client is found by a few letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pypinyin import Style, lazy_pinyin

TOUCH_WINDOW = timedelta(days=14)
SHARE_WINDOW = timedelta(days=30)
NOTE_CHARS_MAX = 500
PHONE_TAIL_DIGITS = 4
SEES_ALL_CLIENTS = frozenset({"supervisor", "admin"})


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


@dataclass(frozen=True)
class Touch:
    """Something an associate did for a client: shared a product, or became their contact."""

    associate_id: int
    campaign: str
    at: datetime
    share_id: int | None = None


@dataclass(frozen=True)
class Credit:
    """Who gets a sale, why, and for which campaign."""

    associate_id: int
    campaign: str
    reason: str
    share_id: int | None = None


def credit_of(
    *,
    named: int | None,
    shared: Touch | None,
    scene: Touch | None,
    touches: Sequence[Touch],
    campaign: str,
    paid_at: datetime,
) -> Credit | None:
    """Who a paid order belongs to: the associate it names, the share it came by, the code it came by, the last touch.

    A share counts for 30 days, a touch for 14. The order's own campaign wins over the touch's.
    """
    if named is not None:
        told = [
            each.campaign
            for each in [shared, scene, *_newest_first(touches, paid_at)]
            if each and each.campaign
        ]
        return Credit(named, campaign or (told[0] if told else ""), "named")
    if shared and timedelta(0) <= paid_at - shared.at <= SHARE_WINDOW:
        return Credit(shared.associate_id, campaign or shared.campaign, "share", shared.share_id)
    if scene:
        return Credit(scene.associate_id, campaign or scene.campaign, "scene")
    recent = _newest_first(touches, paid_at)
    if recent:
        return Credit(recent[0].associate_id, campaign or recent[0].campaign, "touch", recent[0].share_id)
    return None


def _newest_first(touches: Sequence[Touch], paid_at: datetime) -> list[Touch]:
    within = [touch for touch in touches if timedelta(0) <= paid_at - touch.at <= TOUCH_WINDOW]
    return sorted(within, key=lambda touch: (touch.at, touch.associate_id), reverse=True)


def commission(amount: int, bps: int) -> int:
    """Commission in minor units on an amount in minor units, half up; bps are hundredths of a percent."""
    assert amount >= 0 and 0 <= bps <= 10_000
    return (amount * bps + 5_000) // 10_000


def claw_back(*, settle_amount: int, bps: int, earned: int, returned: int, is_whole: bool) -> int:
    """How much of the earned commission returns have taken, given the sum returned; never more than was earned."""
    if is_whole or returned >= settle_amount:
        return earned
    return earned - commission(settle_amount - returned, bps)


def found_by(query: str, *, name: str, remark: str, phone_tail: str) -> bool:
    """Whether a client answers to a query: part of the name or remark, pinyin, initials, or the end of the phone."""
    wanted = "".join(query.casefold().split())
    if not wanted:
        return True
    if wanted.isdecimal() and phone_tail and (phone_tail.endswith(wanted) or wanted.endswith(phone_tail)):
        return True
    return any(wanted in form for text in (name, remark) if text for form in _forms(text))


def _forms(text: str) -> tuple[str, str, str]:
    joined = "".join(text.casefold().split())
    syllables = lazy_pinyin(joined, style=Style.NORMAL)
    return joined, "".join(syllables), "".join(syllable[0] for syllable in syllables if syllable)


def welcome_text(*, house: str, associate: str) -> str:
    """The first words to a new contact, with the notice that conversations are archived once they agree."""
    return (
        f"您好，我是{house}的顾问{associate}，很高兴为您服务。"
        "为保障服务质量，在您同意后，我们的会话内容将由品牌存档；您可随时撤回同意。"
        "想看新品、预约到店或了解退税，直接告诉我就好。"
    )


def share_path(product_code: str, token: str) -> str:
    """The mini program page that a share opens."""
    return f"pages/product/product?code={product_code}&s={token}"

"""Why a pop-up is refused, in the languages of those who ask."""

from collections.abc import Mapping
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words


class Refusal(StrEnum):
    """Named reasons; nothing has changed when one of them is given."""

    WRONG_CODE = "wrong_code"
    CODE_TAKEN = "code_taken"
    WRONG_DATES = "wrong_dates"
    OVER_ALREADY = "over_already"
    WRONG_TEXT = "wrong_text"
    WRONG_ACCENT = "wrong_accent"
    WRONG_POSTERS = "wrong_posters"
    UNKNOWN_PLACE = "unknown_place"
    NO_PIECES = "no_pieces"
    WRONG_QUANTITY = "wrong_quantity"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_PRICE = "no_price"
    NOT_SOLD_THEN = "not_sold_then"
    NOT_PLANNED = "not_planned"
    PLAN_CHANGED = "plan_changed"
    WRONG_STATE = "wrong_state"
    BRIBE = "bribe"
    BAD_PICTURE = "bad_picture"
    UNKNOWN_POPUP = "unknown_popup"
    NOT_OPEN = "not_open"
    NOT_OFFERED = "not_offered"


TEXTS: Mapping[Refusal, Words] = {
    Refusal.WRONG_CODE: {
        "zh": "快闪店代码须为2至16个小写字母、数字或连字符，以字母开头。",
        "en": "The code has to be 2 to 16 small letters, digits or hyphens, beginning with a letter.",
        "it": "Il codice deve avere da 2 a 16 minuscole, cifre o trattini e iniziare con una lettera.",
    },
    Refusal.CODE_TAKEN: {
        "zh": "该代码已用于另一家快闪店，请换一个，以免数据混淆。",
        "en": "Another pop-up has this code. Choose another one, so that their figures stay apart.",
        "it": "Un altro pop-up ha questo codice. Ne scelga un altro, perché le cifre restino distinte.",
    },
    Refusal.WRONG_DATES: {
        "zh": "结束时间须晚于开始时间。",
        "en": "The end has to come after the start.",
        "it": "La fine deve venire dopo l'inizio.",
    },
    Refusal.OVER_ALREADY: {
        "zh": "结束时间已过，请选择将来的时间。",
        "en": "The end is past already. Choose a time to come.",
        "it": "La fine è già passata. Scelga un momento futuro.",
    },
    Refusal.WRONG_TEXT: {
        "zh": "请填写中文、英文与意大利文标题（最多40字）；简介最多300字。",
        "en": "Write the title in Chinese, English and Italian (at most 40 characters); introductions at most 300.",
        "it": "Scriva il titolo in cinese, inglese e italiano (al massimo 40 caratteri); introduzioni al massimo 300.",
    },
    Refusal.WRONG_ACCENT: {
        "zh": "主题色须为 #rrggbb，且与白色文字的对比度不低于 4.5。",
        "en": "The colour has to be #rrggbb and dark enough for white words on it (contrast 4.5).",
        "it": "Il colore deve essere #rrggbb e abbastanza scuro per parole bianche (contrasto 4,5).",
    },
    Refusal.WRONG_POSTERS: {
        "zh": "海报代码须各不相同，为1至11个小写字母、数字或连字符，最多30张。",
        "en": "Posters need different codes of 1 to 11 small letters, digits or hyphens; at most 30 of them.",
        "it": "I poster richiedono codici diversi, da 1 a 11 minuscole, cifre o trattini; al massimo 30.",
    },
    Refusal.UNKNOWN_PLACE: {
        "zh": "请从列表中选择地点，或选择仅线上。",
        "en": "Choose the place from the list, or online only.",
        "it": "Scelga il luogo dall'elenco, o solo online.",
    },
    Refusal.NO_PIECES: {
        "zh": "请至少选择一件商品。",
        "en": "Choose at least one product.",
        "it": "Scelga almeno un prodotto.",
    },
    Refusal.WRONG_QUANTITY: {
        "zh": "数量须为1至9999。",
        "en": "Write a quantity from 1 to 9,999.",
        "it": "Scriva una quantità da 1 a 9.999.",
    },
    Refusal.UNKNOWN_PRODUCT: {
        "zh": "所选商品不在目录中或已下架。",
        "en": "A product that was chosen is not in the catalogue or no longer listed.",
        "it": "Un prodotto scelto non è nel catalogo o non è più in vendita.",
    },
    Refusal.NO_PRICE: {
        "zh": "所选商品没有人民币价格，请先在目录中设置。",
        "en": "A product that was chosen has no price in CNY. Give it one in the catalogue first.",
        "it": "Un prodotto scelto non ha prezzo in CNY. Glielo dia prima nel catalogo.",
    },
    Refusal.NOT_SOLD_THEN: {
        "zh": "按发售期，所选商品在快闪店开放时不发售。请改动日期，或先在目录中更改其发售期。",
        "en": "By its windows of sale a product that was chosen is not sold in pop-ups when this one opens. Move the "
        "dates, or change its windows in the catalogue first.",
        "it": "Secondo i suoi periodi di vendita un prodotto scelto non è in vendita nei pop-up quando questo apre. "
        "Sposti le date o ne cambi prima i periodi nel catalogo.",
    },
    Refusal.PLAN_CHANGED: {
        "zh": "同事已修改此计划，请重新打开后再修改。",
        "en": "A colleague has changed this plan since you opened it. Please open it again, then change it.",
        "it": "Un collega ha modificato questo piano dopo che l'ha aperto. Lo riapra, poi lo modifichi.",
    },
    Refusal.NOT_PLANNED: {
        "zh": "快闪店已开始，不能再修改；可提前结束。",
        "en": "The pop-up has begun and cannot be changed any more; it can be closed early.",
        "it": "Il pop-up è iniziato e non si può più cambiare; si può chiudere in anticipo.",
    },
    Refusal.WRONG_STATE: {
        "zh": "快闪店目前的状态不允许此操作，请刷新后查看。",
        "en": "The pop-up's state does not allow this. Load the page again.",
        "it": "Lo stato del pop-up non lo consente. Ricarichi la pagina.",
    },
    Refusal.BRIBE: {
        "zh": "文字含有诱导分享、关注或抽奖的内容，违反微信规范，请修改。",
        "en": "The words pay for sharing, following or luck, which WeChat forbids. Write them anew.",
        "it": "Le parole premiano condivisioni, iscrizioni o fortuna, e WeChat lo vieta. Le riscriva.",
    },
    Refusal.BAD_PICTURE: {
        "zh": "封面须为 JPEG、PNG 或 WebP 图片，至少600像素宽，不超过8 MB。",
        "en": "The cover has to be a JPEG, PNG or WebP, at least 600 pixels wide and at most 8 MB.",
        "it": "La copertina deve essere JPEG, PNG o WebP, larga almeno 600 pixel e al massimo 8 MB.",
    },
    Refusal.UNKNOWN_POPUP: {
        "zh": "未找到该快闪店。",
        "en": "There is no such pop-up.",
        "it": "Questo pop-up non esiste.",
    },
    Refusal.NOT_OPEN: {
        "zh": "快闪店目前未开放，请您留意开放时间。",
        "en": "The pop-up is not open now. Please look at its dates.",
        "it": "Il pop-up non è aperto adesso. Guardi le date.",
    },
    Refusal.NOT_OFFERED: {
        "zh": "该商品不在此快闪店出售，请重新选择。",
        "en": "This piece is not offered in this pop-up. Please choose again.",
        "it": "Questo pezzo non è in vendita in questo pop-up. Scelga di nuovo.",
    },
}


class PopupRefused(NamedRefusal[Refusal]):
    """A pop-up's refusal; its detail is shown."""

    texts = TEXTS

    def text(self, language: str) -> str:
        """What to do, and about what, in the caller's language."""
        words = super().text(language)
        return f"{words} ({self.detail})" if self.detail else words

"""Why the boutique says no, and what it then says to do, in three languages."""

from enum import StrEnum

from seta.boutique.rules.limits import (
    LINES_MAX,
    NOTE_CHARS_MAX,
    PIECES_MAX,
    QUANTITY_MAX,
    REASON_CHARS_MAX,
)


class Refusal(StrEnum):
    """Why the boutique says no; nothing has changed when one of these is given."""

    EMPTY_BAG = "empty_bag"
    TOO_MANY_LINES = "too_many_lines"
    WRONG_QUANTITY = "wrong_quantity"
    UNKNOWN_VARIANT = "unknown_variant"
    UNKNOWN_PRODUCT = "unknown_product"
    PRICE_CHANGED = "price_changed"
    OUT_OF_STOCK = "out_of_stock"
    UNKNOWN_BOUTIQUE = "unknown_boutique"
    UNKNOWN_ORDER = "unknown_order"
    WRONG_STATE = "wrong_state"
    WRONG_SOURCE = "wrong_source"
    REPEATED_KEY = "repeated_key"
    WRONG_AMOUNT = "wrong_amount"
    REFUND_TOO_MUCH = "refund_too_much"
    WRONG_REASON = "wrong_reason"
    WRONG_PIECES = "wrong_pieces"
    SAME_PLACE = "same_place"
    NOTE_MISSING = "note_missing"
    UNKNOWN_TRANSFER = "unknown_transfer"
    TRANSFER_ENDED = "transfer_ended"


TEXTS: dict[Refusal, dict[str, str]] = {
    Refusal.EMPTY_BAG: {
        "zh": "您的购物袋是空的，请先选择商品。",
        "en": "Your bag is empty. Please choose a product first.",
        "it": "La sua borsa è vuota. Scelga prima un prodotto.",
    },
    Refusal.TOO_MANY_LINES: {
        "zh": f"一份订单最多包含 {LINES_MAX} 种商品，请分开下单。",
        "en": f"An order holds at most {LINES_MAX} different products. Please place two orders.",
        "it": f"Un ordine contiene al massimo {LINES_MAX} prodotti diversi. Faccia due ordini.",
    },
    Refusal.WRONG_QUANTITY: {
        "zh": f"每件商品的数量须为 1 至 {QUANTITY_MAX}，请修改数量。",
        "en": f"Please choose a quantity from 1 to {QUANTITY_MAX}.",
        "it": f"Scelga una quantità da 1 a {QUANTITY_MAX}.",
    },
    Refusal.UNKNOWN_VARIANT: {
        "zh": "该款式已不再提供，请重新选择。",
        "en": "This version is no longer offered. Please choose again.",
        "it": "Questa versione non è più disponibile. Scelga di nuovo.",
    },
    Refusal.UNKNOWN_PRODUCT: {
        "zh": "未找到该商品，请返回商店查看其他作品。",
        "en": "This product was not found. Please go back to the boutique.",
        "it": "Prodotto non trovato. Torni alla boutique.",
    },
    Refusal.PRICE_CHANGED: {
        "zh": "价格已更新，请查看新价格后再确认订单。",
        "en": "The price has changed. Please look at the new price and confirm again.",
        "it": "Il prezzo è cambiato. Controlli il nuovo prezzo e confermi.",
    },
    Refusal.OUT_OF_STOCK: {
        "zh": "所选数量暂时缺货，请减少数量或选择其他款式。",
        "en": "There are not enough pieces left. Please choose fewer or another version.",
        "it": "Non ci sono abbastanza pezzi. Ne scelga meno o un'altra versione.",
    },
    Refusal.UNKNOWN_BOUTIQUE: {
        "zh": "未找到该精品店，请从门店列表中选择。",
        "en": "This boutique was not found. Please choose one from the list.",
        "it": "Boutique non trovata. Ne scelga una dall'elenco.",
    },
    Refusal.UNKNOWN_ORDER: {
        "zh": "未找到该订单，请在“我的订单”中查看。",
        "en": "This order was not found. Please look in your orders.",
        "it": "Ordine non trovato. Controlli fra i suoi ordini.",
    },
    Refusal.WRONG_STATE: {
        "zh": "订单目前的状态不允许此操作，请刷新后查看。",
        "en": "The order's state does not allow this. Please reload and look again.",
        "it": "Lo stato dell'ordine non lo consente. Ricarichi e controlli.",
    },
    Refusal.WRONG_SOURCE: {
        "zh": "链接来源无效，请重新打开商品页面。",
        "en": "The link's source is not valid. Please open the product again.",
        "it": "L'origine del link non è valida. Riapra il prodotto.",
    },
    Refusal.REPEATED_KEY: {
        "zh": "该请求编号已用于另一项操作，请重新提交。",
        "en": "This request key was used for something else. Please send it again with a new key.",
        "it": "Questa chiave è già stata usata per altro. Riprovi con una chiave nuova.",
    },
    Refusal.WRONG_AMOUNT: {
        "zh": "退款金额必须大于零。",
        "en": "The amount to refund must be more than zero.",
        "it": "L'importo da rimborsare deve essere maggiore di zero.",
    },
    Refusal.REFUND_TOO_MUCH: {
        "zh": "退款金额超过订单的可退余额。",
        "en": "The amount is more than what is left to refund on this order.",
        "it": "L'importo supera quanto resta da rimborsare su questo ordine.",
    },
    Refusal.WRONG_REASON: {
        "zh": f"请填写退款原因，最多 {REASON_CHARS_MAX} 个字符。",
        "en": f"Please give a reason for the refund, at most {REASON_CHARS_MAX} characters.",
        "it": f"Indichi il motivo del rimborso, al massimo {REASON_CHARS_MAX} caratteri.",
    },
    Refusal.WRONG_PIECES: {
        "zh": f"请填写整数件数，最多 {PIECES_MAX} 件；收货件数不得超过发出件数。",
        "en": f"Write a whole number of pieces, at most {PIECES_MAX}, and no more than were sent.",
        "it": f"Scriva un numero intero di pezzi, al massimo {PIECES_MAX} e non più di quelli spediti.",
    },
    Refusal.SAME_PLACE: {
        "zh": "请选择两个不同的地点。",
        "en": "Choose two different places.",
        "it": "Scelga due luoghi diversi.",
    },
    Refusal.NOTE_MISSING: {
        "zh": f"件数有差异，请说明原因，最多 {NOTE_CHARS_MAX} 个字符。",
        "en": f"The numbers differ. Say why, in at most {NOTE_CHARS_MAX} characters.",
        "it": f"I numeri non coincidono. Dica perché, in al massimo {NOTE_CHARS_MAX} caratteri.",
    },
    Refusal.UNKNOWN_TRANSFER: {
        "zh": "未找到该调拨，请刷新后查看。",
        "en": "This transfer was not found. Please reload and look again.",
        "it": "Trasferimento non trovato. Ricarichi e controlli.",
    },
    Refusal.TRANSFER_ENDED: {
        "zh": "该调拨已收货或已撤回，库存未作更改。",
        "en": "This transfer was received or called back already; nothing was changed.",
        "it": "Il trasferimento è già stato ricevuto o richiamato; nulla è cambiato.",
    },
}


class OrderRefused(Exception):
    """The boutique said no, for a named reason; the caller shows `text(language)`."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))
        self.refusal = refusal
        self.detail = detail

    def text(self, language: str) -> str:
        """What to do, in the caller's language; Chinese for anything but English and Italian."""
        return TEXTS[self.refusal].get(language[:2], TEXTS[self.refusal]["zh"])

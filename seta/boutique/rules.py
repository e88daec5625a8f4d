"""What an order may become, what a bag may hold and what may be paid back, as values in and values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LINES_MAX = 20
QUANTITY_MAX = 20
SOURCE = re.compile(r"[0-9A-Za-z_.;=~-]{0,128}")
ONLINE = "online"
REASON_CHARS_MAX = 80
HOLD_MINUTES = 15
IN_TRANSIT = "in_transit"
"""Where pieces are between two places; no place of a house can have this code."""
PIECES_MAX = 100_000
NOTE_CHARS_MAX = 120


class Transit(StrEnum):
    """How a transfer between two places stands."""

    SENT = "sent"
    RECEIVED = "received"
    RECALLED = "recalled"


class State(StrEnum):
    """Where an order stands; money moves only on the way in to PAID and the two refunded states."""

    PLACED = "placed"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can happen to an order."""

    PAY = "pay"
    REFUND_PART = "refund_part"
    REFUND_REST = "refund_rest"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REVERSE = "reverse"


MOVES: dict[tuple[State, Step], State] = {
    (State.PLACED, Step.PAY): State.PAID,
    (State.PLACED, Step.CANCEL): State.CANCELLED,
    (State.PLACED, Step.EXPIRE): State.EXPIRED,
    (State.PAID, Step.REFUND_PART): State.PARTLY_REFUNDED,
    (State.PAID, Step.REFUND_REST): State.REFUNDED,
    (State.PARTLY_REFUNDED, Step.REFUND_PART): State.PARTLY_REFUNDED,
    (State.PARTLY_REFUNDED, Step.REFUND_REST): State.REFUNDED,
    (State.PAID, Step.REVERSE): State.CANCELLED,
    (State.PARTLY_REFUNDED, Step.REVERSE): State.CANCELLED,
}

HAS_BEEN_PAID = frozenset({State.PAID, State.PARTLY_REFUNDED, State.REFUNDED})


class Channel(StrEnum):
    """Where an order was made."""

    MINI_PROGRAM = "mini_program"
    TILL = "till"
    DROP = "drop"


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


@dataclass(frozen=True)
class Line:
    """One wish in a bag; `seen_amount` is the unit price in minor units the client was shown, if known."""

    variant_id: int
    quantity: int
    seen_amount: int | None = None


def after(state: State, step: Step) -> State:
    """The state after a step; raises OrderRefused(WRONG_STATE) when the step is not allowed there."""
    following = MOVES.get((state, step))
    if following is None:
        raise OrderRefused(Refusal.WRONG_STATE, f"{step} while {state}")
    return following


def merged(lines: Sequence[Line]) -> list[Line]:
    """The bag with one line a variant, sorted by variant so that locks are always taken in one order.

    Raises OrderRefused for an empty bag, too many lines or a quantity outside 1..QUANTITY_MAX.
    """
    if not lines:
        raise OrderRefused(Refusal.EMPTY_BAG)
    if len(lines) > LINES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_LINES)
    wishes: dict[int, Line] = {}
    for line in lines:
        if line.quantity < 1:
            raise OrderRefused(Refusal.WRONG_QUANTITY, str(line.quantity))
        earlier = wishes.get(line.variant_id)
        quantity = line.quantity + (earlier.quantity if earlier else 0)
        if quantity > QUANTITY_MAX:
            raise OrderRefused(Refusal.WRONG_QUANTITY, str(quantity))
        wishes[line.variant_id] = Line(line.variant_id, quantity, line.seen_amount)
    return [wishes[variant_id] for variant_id in sorted(wishes)]


def check_price(line: Line, amount: int) -> None:
    """Refuses a line whose shown unit price is not today's."""
    if line.seen_amount is not None and line.seen_amount != amount:
        raise OrderRefused(Refusal.PRICE_CHANGED, f"{line.seen_amount} is now {amount}")


def refund_step(*, total: int, refunded: int, amount: int) -> Step:
    """Which step a refund of `amount` is, given what was refunded before; all in minor units."""
    if amount <= 0:
        raise OrderRefused(Refusal.WRONG_AMOUNT, str(amount))
    if refunded + amount > total:
        raise OrderRefused(Refusal.REFUND_TOO_MUCH, f"{amount} of {total - refunded}")
    return Step.REFUND_REST if refunded + amount == total else Step.REFUND_PART


def pieces_of(count: int, *, least: int = 1, most: int = PIECES_MAX) -> int:
    """The count of pieces itself; raises OrderRefused(WRONG_PIECES) outside least..most."""
    if not least <= count <= most:
        raise OrderRefused(Refusal.WRONG_PIECES, str(count))
    return count


def note_of(text: str, *, is_needed: bool) -> str:
    """The note on one line; raises OrderRefused(NOTE_MISSING) when it is too long, or empty though needed."""
    note = " ".join(text.split())
    if len(note) > NOTE_CHARS_MAX or (is_needed and not note):
        raise OrderRefused(Refusal.NOTE_MISSING)
    return note

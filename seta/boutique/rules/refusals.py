"""Why the boutique says no, and what it then says to do, in three languages."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from seta.boutique.rules.catalogue_words import WORDS
from seta.boutique.rules.limits import (
    ALT_CHARS_MAX,
    LINES_MAX,
    NOTE_CHARS_MAX,
    PICTURES_MAX,
    PIECES_MAX,
    QUANTITY_MAX,
    REASON_CHARS_MAX,
)
from seta.kit.instants import instant_text
from seta.kit.words import NamedRefusal, Words


class Refusal(StrEnum):
    """Why the boutique says no; nothing has changed when one of these is given."""

    EMPTY_BAG = "empty_bag"
    TOO_MANY_LINES = "too_many_lines"
    WRONG_QUANTITY = "wrong_quantity"
    UNKNOWN_VARIANT = "unknown_variant"
    UNKNOWN_PRODUCT = "unknown_product"
    BAD_PICTURE = "bad_picture"
    UNKNOWN_PICTURE = "unknown_picture"
    TOO_MANY_PICTURES = "too_many_pictures"
    WRONG_ALT = "wrong_alt"
    PRICE_CHANGED = "price_changed"
    WRONG_PRICE = "wrong_price"
    WRONG_MARKET = "wrong_market"
    PAST_INSTANT = "past_instant"
    UNKNOWN_PRICE = "unknown_price"
    PRICE_BEGAN = "price_began"
    NOT_YET_SOLD = "not_yet_sold"
    NO_LONGER_SOLD = "no_longer_sold"
    SOLD_ELSEWHERE = "sold_elsewhere"
    WRONG_WINDOW = "wrong_window"
    UNKNOWN_WINDOW = "unknown_window"
    TOO_MANY_WINDOWS = "too_many_windows"
    WRONG_PIECE = "wrong_piece"
    PIECE_CHANGED = "piece_changed"
    CATALOGUE_CHANGED = "catalogue_changed"
    NOTHING_TO_SELL = "nothing_to_sell"
    LAST_VARIANT = "last_variant"
    TOO_MANY_VARIANTS = "too_many_variants"
    UNKNOWN_COLLECTION = "unknown_collection"
    COLLECTION_FULL = "collection_full"
    UNKNOWN_LOOKBOOK = "unknown_lookbook"
    LOOKBOOK_FULL = "lookbook_full"
    UNKNOWN_LOOK = "unknown_look"
    LOOK_FULL = "look_full"
    WRONG_DAYS = "wrong_days"
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
    WRONG_WAY = "wrong_way"
    WRONG_ADDRESS = "wrong_address"
    WRONG_PARCEL = "wrong_parcel"
    UNKNOWN_CODE = "unknown_code"
    OTHER_BOUTIQUE = "other_boutique"
    NOT_READY = "not_ready"
    ALREADY_SENT = "already_sent"
    NOT_ARRIVED = "not_arrived"
    RETURN_TOO_LATE = "return_too_late"
    WRONG_WISH = "wrong_wish"
    ALREADY_ASKED = "already_asked"
    WRONG_WORDS = "wrong_words"
    UNKNOWN_REQUEST = "unknown_request"
    REQUEST_DECIDED = "request_decided"
    CANCEL_ASKED = "cancel_asked"
    AWAITS_RETURN = "awaits_return"
    WAY_FIRST = "way_first"
    FEE_DIFFERS = "fee_differs"
    WRONG_TERMS = "wrong_terms"
    WRONG_CARD = "wrong_card"
    CARD_REFUSED = "card_refused"
    WRONG_TITLE = "wrong_title"
    WRONG_TAX_NUMBER = "wrong_tax_number"
    WRONG_EMAIL = "wrong_email"
    WRONG_FAPIAO_NUMBER = "wrong_fapiao_number"
    UNKNOWN_FAPIAO = "unknown_fapiao"
    FAPIAO_STANDS = "fapiao_stands"
    TOO_MANY_FITTINGS = "too_many_fittings"
    WRONG_TIME = "wrong_time"
    UNKNOWN_FITTING = "unknown_fitting"
    FITTING_ENDED = "fitting_ended"
    UNKNOWN_BAG = "unknown_bag"
    BAG_ENDED = "bag_ended"


TEXTS: Mapping[Refusal, Words] = {
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
    Refusal.BAD_PICTURE: {
        "zh": "请选择宽度至少 600 像素、不超过 8 MB 且不超过 4000 万像素的 JPEG、PNG 或 WebP 图片。",
        "en": "Choose a JPEG, PNG or WebP at least 600 pixels wide, of at most 8 MB and 40 million pixels.",
        "it": "Scelga un JPEG, PNG o WebP largo almeno 600 pixel, fino a 8 MB e a 40 milioni di pixel.",
    },
    Refusal.UNKNOWN_PICTURE: {
        "zh": "该图片已被移除，请刷新页面。",
        "en": "This picture has been removed. Load the page again.",
        "it": "Questa immagine è stata tolta. Ricarichi la pagina.",
    },
    Refusal.TOO_MANY_PICTURES: {
        "zh": f"每件作品最多 {PICTURES_MAX} 张图片，请先移除一张。",
        "en": f"A product has at most {PICTURES_MAX} pictures. Remove one first.",
        "it": f"Un prodotto ha al massimo {PICTURES_MAX} immagini. Ne tolga prima una.",
    },
    Refusal.WRONG_ALT: {
        "zh": f"请用三种语言说明图片内容，每种不超过 {ALT_CHARS_MAX} 个字符。",
        "en": f"Say what the picture shows in all three languages, in at most {ALT_CHARS_MAX} characters each.",
        "it": f"Dica nelle tre lingue che cosa mostra l'immagine, in al massimo {ALT_CHARS_MAX} caratteri.",
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
    Refusal.WRONG_WAY: {
        "zh": "请选择配送，或选择一家门店自提。",
        "en": "Choose delivery, or a boutique to pick it up in.",
        "it": "Scelga la consegna o una boutique per il ritiro.",
    },
    Refusal.WRONG_ADDRESS: {
        "zh": "请检查收件人、电话和地址后再提交。",
        "en": "Please check the name, the phone number and the address.",
        "it": "Controlli nome, telefono e indirizzo.",
    },
    Refusal.WRONG_PARCEL: {
        "zh": "请填写承运商和 4 至 40 位的运单号。",
        "en": "Write the carrier and a tracking number of 4 to 40 letters and digits.",
        "it": "Scriva il corriere e un numero di spedizione da 4 a 40 caratteri.",
    },
    Refusal.UNKNOWN_CODE: {
        "zh": "未找到该提货码，请核对后重新输入。",
        "en": "No order waits under this code. Please check it and enter it again.",
        "it": "Nessun ordine con questo codice. Lo controlli e lo inserisca di nuovo.",
    },
    Refusal.OTHER_BOUTIQUE: {
        "zh": "该订单在另一家门店等候提取。",
        "en": "This order waits in another boutique.",
        "it": "Questo ordine attende in un'altra boutique.",
    },
    Refusal.NOT_READY: {
        "zh": "商品尚未备好，备好后会通知您。",
        "en": "The pieces are not ready yet; a notice follows when they are.",
        "it": "I pezzi non sono ancora pronti; seguirà un avviso.",
    },
    Refusal.ALREADY_SENT: {
        "zh": "商品已经发出或交付，请改为申请退货。",
        "en": "The pieces have left already. Please ask for a return instead.",
        "it": "I pezzi sono già partiti. Chieda invece un reso.",
    },
    Refusal.NOT_ARRIVED: {
        "zh": "商品尚未发出，请改为申请取消订单。",
        "en": "The pieces have not left yet. Please ask to cancel the order instead.",
        "it": "I pezzi non sono ancora partiti. Chieda invece l'annullamento.",
    },
    Refusal.RETURN_TOO_LATE: {
        "zh": "已超过退换期限，请您联系顾问。",
        "en": "The days for returns are over. Please speak with your associate.",
        "it": "I giorni per il reso sono trascorsi. Ne parli con il suo consulente.",
    },
    Refusal.WRONG_WISH: {
        "zh": "请选择要退换的商品和数量，换货请选择另一款式。",
        "en": "Choose the pieces and how many; for an exchange choose one piece and another version.",
        "it": "Scelga i pezzi e quanti; per un cambio scelga un pezzo e un'altra versione.",
    },
    Refusal.ALREADY_ASKED: {
        "zh": "这些商品已在另一项申请中。",
        "en": "These pieces are in another request already.",
        "it": "Questi pezzi sono già in un'altra richiesta.",
    },
    Refusal.WRONG_WORDS: {
        "zh": "说明最多 200 个字符。",
        "en": "Please say it in at most 200 characters.",
        "it": "Lo dica in al massimo 200 caratteri.",
    },
    Refusal.UNKNOWN_REQUEST: {
        "zh": "未找到该申请，请刷新后查看。",
        "en": "This request was not found. Please reload and look again.",
        "it": "Richiesta non trovata. Ricarichi e controlli.",
    },
    Refusal.REQUEST_DECIDED: {
        "zh": "该申请的状态已改变，请刷新后查看。",
        "en": "This request has moved on already. Please reload and look again.",
        "it": "Questa richiesta è già andata avanti. Ricarichi e controlli.",
    },
    Refusal.CANCEL_ASKED: {
        "zh": "客户已申请取消该订单，请先答复。",
        "en": "The client asks to cancel this order. Please answer that first.",
        "it": "Il cliente chiede di annullare l'ordine. Risponda prima a questo.",
    },
    Refusal.AWAITS_RETURN: {
        "zh": "我们收到您换回的商品后，即可支付差额。",
        "en": "The difference can be paid once the piece you exchange has arrived.",
        "it": "La differenza si paga quando il pezzo da cambiare è arrivato.",
    },
    Refusal.WAY_FIRST: {
        "zh": "请先选择送货或自提，再付款。",
        "en": "Please choose delivery or collection first, then pay.",
        "it": "Scelga prima consegna o ritiro, poi paghi.",
    },
    Refusal.FEE_DIFFERS: {
        "zh": "寄往该国家或地区的运费更高，而订单已付款或正在付款，请联系您的顾问。",
        "en": "Delivery there costs more, and the order is paid or being paid. Please ask your associate.",
        "it": "La consegna lì costa di più e l’ordine è già pagato o in pagamento. Chieda al suo consulente.",
    },
    Refusal.WRONG_TERMS: {
        "zh": "请填写零或正整数；天数最多 365。",
        "en": "Write amounts from zero up and days from 1 to 365.",
        "it": "Scriva importi da zero in su e giorni da 1 a 365.",
    },
    Refusal.WRONG_CARD: {
        "zh": "贺卡最多 120 个字符。",
        "en": "A card holds at most 120 characters.",
        "it": "Il biglietto contiene al massimo 120 caratteri.",
    },
    Refusal.CARD_REFUSED: {
        "zh": "这段文字不符合规定，请换一种说法。",
        "en": "These words may not go out. Please choose others.",
        "it": "Queste parole non possono essere usate. Ne scelga altre.",
    },
    Refusal.WRONG_TITLE: {
        "zh": "请填写发票抬头，最多 100 个字符。",
        "en": "Write the name that the invoice is made out to, at most 100 characters.",
        "it": "Scriva l'intestazione della fattura, al massimo 100 caratteri.",
    },
    Refusal.WRONG_TAX_NUMBER: {
        "zh": "统一社会信用代码有误，请核对 18 位代码；个人发票无需填写。",
        "en": "The tax number is not right; check its 18 characters. A person's invoice has none.",
        "it": "Il codice fiscale non è corretto; controlli i 18 caratteri. Una fattura personale non ne ha.",
    },
    Refusal.WRONG_EMAIL: {
        "zh": "请填写有效的电子邮箱，用于接收发票。",
        "en": "Write a valid e-mail address; the invoice is sent there.",
        "it": "Scriva un indirizzo e-mail valido; la fattura arriva lì.",
    },
    Refusal.WRONG_FAPIAO_NUMBER: {
        "zh": "发票号码为 20 位（数电票）或 8 位数字。",
        "en": "The invoice's number has 20 digits, or 8 on paper.",
        "it": "Il numero della fattura ha 20 cifre, o 8 su carta.",
    },
    Refusal.UNKNOWN_FAPIAO: {
        "zh": "未找到可处理的发票申请。",
        "en": "There is no invoice here that waits for this.",
        "it": "Non c'è una fattura che attende questo passo.",
    },
    Refusal.FAPIAO_STANDS: {
        "zh": "该订单已申请发票。",
        "en": "An invoice has been asked for already.",
        "it": "Una fattura è già stata richiesta.",
    },
    Refusal.TOO_MANY_FITTINGS: {
        "zh": "您已预留六件商品待试，请先取消一件。",
        "en": "Six pieces are held for you already. Please let one go first.",
        "it": "Le teniamo già sei pezzi. Ne liberi prima uno.",
    },
    Refusal.WRONG_TIME: {
        "zh": "请选择从现在起两周内的时间。",
        "en": "Choose a time within the next two weeks.",
        "it": "Scelga un orario entro le prossime due settimane.",
    },
    Refusal.UNKNOWN_FITTING: {
        "zh": "未找到该预留。",
        "en": "This reservation was not found.",
        "it": "Prenotazione non trovata.",
    },
    Refusal.FITTING_ENDED: {
        "zh": "该预留已结束，商品已重新上架。",
        "en": "This reservation has ended; nothing was changed.",
        "it": "La prenotazione è terminata; nulla è cambiato.",
    },
    Refusal.UNKNOWN_BAG: {
        "zh": "该链接无效，请联系您的顾问。",
        "en": "This link is not valid. Please ask your associate for a new one.",
        "it": "Questo link non è valido. Ne chieda uno nuovo al suo consulente.",
    },
    Refusal.BAG_ENDED: {
        "zh": "该购物袋已过期、已下单或已撤回，请联系您的顾问。",
        "en": "This bag has been ordered, withdrawn or is too old. Please ask your associate for a new one.",
        "it": "Questa borsa è stata ordinata, ritirata o è scaduta. Ne chieda una nuova al suo consulente.",
    },
} | {Refusal(code): words for code, words in WORDS.items()}


class OrderRefused(NamedRefusal[Refusal]):
    """The boutique said no; `at` is the instant its words name, said on the clock of `zone` (an IANA name)."""

    texts = TEXTS

    def __init__(
        self, refusal: Refusal, detail: str = "", *, at: datetime | None = None, zone: str = "Europe/Rome"
    ) -> None:
        super().__init__(refusal, detail)
        self.at = at
        self.zone = zone

    def text(self, language: str) -> str:
        """What to do, and when, in the caller's language."""
        words = super().text(language)
        return words.format(when=instant_text(self.at, language, self.zone)) if self.at else words

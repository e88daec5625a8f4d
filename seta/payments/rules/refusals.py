"""Why a payment is refused to a person, and what to tell them in their language."""

from enum import StrEnum


class Refusal(StrEnum):
    """Each is a mistake of the caller or a state of the world that the caller can act on."""

    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_TOO_SMALL = "amount_too_small"
    UNSUPPORTED_CURRENCY = "unsupported_currency"
    UNSUPPORTED_METHOD = "unsupported_method"
    BAD_AUTH_CODE = "bad_auth_code"
    NO_RATE = "no_rate"
    QUOTE_EXPIRED = "quote_expired"
    QUOTE_USED = "quote_used"
    ALREADY_PAID = "already_paid"
    IN_PROGRESS = "in_progress"
    NOT_PAYABLE = "not_payable"
    NOT_FOUND = "not_found"
    NOT_PAID = "not_paid"
    REFUND_TOO_LARGE = "refund_too_large"
    REFUNDS_TOO_MANY = "refunds_too_many"
    REFUND_TOO_SOON = "refund_too_soon"
    REFUND_TOO_LATE = "refund_too_late"
    REFUND_UNFUNDED = "refund_unfunded"
    NEEDS_SECOND_PERSON = "needs_second_person"
    KEY_MISSING = "key_missing"
    KEY_REUSED = "key_reused"
    KEY_IN_FLIGHT = "key_in_flight"
    CODE_CLOSED = "code_closed"
    AMOUNT_NOT_WHOLE = "amount_not_whole"
    BAD_RATES = "bad_rates"
    RATES_STALE = "rates_stale"
    RATES_ABSURD = "rates_absurd"
    BAD_CHANGE = "bad_change"
    NOT_CONNECTED = "not_connected"
    ALREADY_DECIDED = "already_decided"
    OWN_CHANGE = "own_change"
    NOT_ALLOWED = "not_allowed"
    BAD_BILL = "bad_bill"
    BILL_BY_HAND = "bill_by_hand"
    NOTHING_TO_BOOK = "nothing_to_book"
    BAD_IBAN = "bad_iban"
    BATCH_STATE = "batch_state"
    BATCH_NEEDS_SECOND_PERSON = "batch_needs_second_person"
    BAD_BANK_REPORT = "bad_bank_report"
    PROVIDER_UNAVAILABLE = "provider_unavailable"


class PaymentRefused(ValueError):
    """A named refusal that changed nothing; `detail` is for staff and logs.

    `retry_after` is the number of seconds after which the same request may be sent again, None when it may not.
    """

    def __init__(self, code: Refusal, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


# Order: zh-Hans, en, it.
_TEXTS: dict[Refusal, tuple[str, str, str]] = {
    Refusal.AMOUNT_NOT_POSITIVE: (
        "金额须大于零，请重新输入。",
        "Enter an amount above zero.",
        "Inserisca un importo maggiore di zero.",
    ),
    Refusal.AMOUNT_TOO_LARGE: (
        "金额超过单笔上限，请分笔付款。",
        "The amount is over the limit for one payment; split it.",
        "L'importo supera il limite per un pagamento; lo divida.",
    ),
    Refusal.AMOUNT_TOO_SMALL: (
        "金额过小，无法换算结算币种。",
        "The amount is too small to be settled in this currency.",
        "L'importo è troppo piccolo per essere regolato in questa valuta.",
    ),
    Refusal.UNSUPPORTED_CURRENCY: (
        "不支持该结算币种。",
        "Choose EUR, USD, GBP, CHF or HKD as settlement currency.",
        "Scelga EUR, USD, GBP, CHF o HKD come valuta di regolamento.",
    ),
    Refusal.UNSUPPORTED_METHOD: (
        "不支持该付款方式。",
        "Choose WeChat Pay in the mini program or a barcode at the till.",
        "Scelga WeChat Pay nel mini program o un codice a barre alla cassa.",
    ),
    Refusal.BAD_AUTH_CODE: (
        "付款码无效，请您刷新后重新出示。",
        "This is not a payment code of WeChat or Alipay; ask the client to refresh it.",
        "Non è un codice di pagamento WeChat o Alipay; chieda al cliente di aggiornarlo.",
    ),
    Refusal.NO_RATE: (
        "暂无汇率，请联系门店。",
        "No exchange rate is set for this currency; finance sets one in the desk.",
        "Manca il tasso di cambio per questa valuta; l'amministrazione lo imposta nel desk.",
    ),
    Refusal.QUOTE_EXPIRED: (
        "报价已过期，请您重新下单。",
        "The quote has expired; ask for a new one.",
        "Il preventivo è scaduto; ne chieda uno nuovo.",
    ),
    Refusal.QUOTE_USED: (
        "该报价已使用。",
        "This quote was used for another payment; ask for a new one.",
        "Questo preventivo è già stato usato; ne chieda uno nuovo.",
    ),
    Refusal.ALREADY_PAID: ("该订单已付款。", "This is already paid.", "È già stato pagato."),
    Refusal.IN_PROGRESS: (
        "该订单正在付款中，请稍候。",
        "A payment for this is under way; wait for its result or cancel it first.",
        "Un pagamento è in corso; attenda l'esito o lo annulli prima.",
    ),
    Refusal.NOT_PAYABLE: (
        "该付款已结束，请重新下单。",
        "This payment has ended; open a new one.",
        "Questo pagamento è concluso; ne apra uno nuovo.",
    ),
    Refusal.NOT_FOUND: ("未找到该付款。", "There is no such payment here.", "Questo pagamento non esiste."),
    Refusal.NOT_PAID: (
        "该订单尚未付款，无法退款。",
        "Only a paid payment can be refunded.",
        "Si rimborsa solo un pagamento incassato.",
    ),
    Refusal.REFUND_TOO_LARGE: (
        "退款金额超过可退余额。",
        "The refund is more than what is left of the payment.",
        "Il rimborso supera quanto resta del pagamento.",
    ),
    Refusal.REFUNDS_TOO_MANY: (
        "退款次数已达上限。",
        "This payment has had 50 refunds, the provider's limit.",
        "Questo pagamento ha già 50 rimborsi, il limite del fornitore.",
    ),
    Refusal.REFUND_TOO_SOON: (
        "请于一分钟后再次退款。",
        "Wait one minute between two refunds of the same payment.",
        "Attenda un minuto tra due rimborsi dello stesso pagamento.",
    ),
    Refusal.REFUND_TOO_LATE: (
        "已超过退款期限，无法退款。",
        "The provider refunds a payment for one year only; pay the client back another way.",
        "Il fornitore rimborsa un pagamento solo entro un anno; restituisca la somma in altro modo.",
    ),
    Refusal.REFUND_UNFUNDED: (
        "商户余额不足，暂无法退款。",
        "The house's unsettled balance does not cover this refund; wait for the next sales.",
        "Il saldo non regolato non copre il rimborso; attenda le prossime vendite.",
    ),
    Refusal.NEEDS_SECOND_PERSON: (
        "该退款须由另一位同事批准。",
        "A refund of this size needs a second person's approval.",
        "Un rimborso di questo importo richiede l'approvazione di una seconda persona.",
    ),
    Refusal.KEY_MISSING: (
        "缺少请求编号。",
        "Send an Idempotency-Key header, so that a repeat cannot pay or refund twice.",
        "Mandi un'intestazione Idempotency-Key, così una ripetizione non paga né rimborsa due volte.",
    ),
    Refusal.KEY_REUSED: (
        "请求编号已用于其他内容。",
        "This Idempotency-Key was used for another request; send a new key.",
        "Questa Idempotency-Key è già usata per un'altra richiesta; ne mandi una nuova.",
    ),
    Refusal.KEY_IN_FLIGHT: (
        "请求处理中，请稍候。",
        "The same request is being handled; ask again in a moment.",
        "La stessa richiesta è in corso; riprovi tra poco.",
    ),
    Refusal.CODE_CLOSED: (
        "该收款码已停用，请您向店员咨询。",
        "This code takes no payments any more; please ask the boutique.",
        "Questo codice non accetta più pagamenti; chieda alla boutique.",
    ),
    Refusal.AMOUNT_NOT_WHOLE: (
        "金额须为整数分，请重新输入。",
        "Send the amount as a whole number of fen, without decimals or quotes.",
        "Mandi l'importo come numero intero di fen, senza decimali né virgolette.",
    ),
    Refusal.BAD_RATES: (
        "汇率文件格式有误，请重新下载。",
        "This is not a whole file of reference rates; download it again from the central bank.",
        "Questo non è un file completo di tassi di riferimento; lo scarichi di nuovo dalla banca centrale.",
    ),
    Refusal.RATES_STALE: (
        "汇率日期过旧或尚未到，请获取当日汇率。",
        "These rates are too old or of a day to come; fetch today's.",
        "Questi tassi sono troppo vecchi o di un giorno futuro; prenda quelli di oggi.",
    ),
    Refusal.RATES_ABSURD: (
        "汇率较前一日变动过大，请核对后由两位同事确认。",
        "A rate differs too much from the day before; check it, and let two people set it.",
        "Un tasso differisce troppo dal giorno prima; lo verifichi e lo facciano impostare due persone.",
    ),
    Refusal.BAD_CHANGE: (
        "该变更内容无效，请检查数值。",
        "This change cannot be made; check its value.",
        "Questa modifica non è possibile; ne verifichi il valore.",
    ),
    Refusal.NOT_CONNECTED: (
        "该支付服务商未能以贵司账户应答，请先接入账户并检查密钥。",
        "This provider does not answer for the house's account; connect the account and check its keys first.",
        "Questo provider non risponde per il conto della maison; colleghi prima il conto e ne verifichi le chiavi.",
    ),
    Refusal.ALREADY_DECIDED: (
        "该变更已有决定。",
        "This change has been decided already; propose another.",
        "Questa modifica è già stata decisa; ne proponga un'altra.",
    ),
    Refusal.OWN_CHANGE: (
        "须由另一位同事批准您提出的变更。",
        "Another member must approve what you have proposed.",
        "Ciò che ha proposto deve approvarlo un altro membro.",
    ),
    Refusal.NOT_ALLOWED: (
        "您没有此操作的权限。",
        "Only finance and administrators may do this.",
        "Lo possono fare solo amministrazione e amministratori.",
    ),
    Refusal.BAD_BILL: (
        "账单文件不完整或已被修改。",
        "The bill is truncated or altered; fetch it again.",
        "L'estratto è troncato o alterato; lo scarichi di nuovo.",
    ),
    Refusal.BILL_BY_HAND: (
        "该支付服务商的结算文件须您下载后上传。",
        "This provider gives its file to you alone: download it and upload it here.",
        "Questo fornitore consegna il file solo a voi: lo scarichi e lo carichi qui.",
    ),
    Refusal.NOTHING_TO_BOOK: (
        "该差异无需记账，请填写说明后关闭。",
        "This break proposes no journal; close it with an explanation.",
        "Questa differenza non propone scritture; la chiuda con una spiegazione.",
    ),
    Refusal.BAD_IBAN: (
        "银行账号有误，请核对 IBAN 与 BIC。",
        "The IBAN's check digits fail, or the BIC is none; copy them from the bank's own document.",
        "Le cifre di controllo dell'IBAN non tornano, o il BIC non è valido; li copi dal documento della banca.",
    ),
    Refusal.BATCH_STATE: (
        "该结算批次目前不能进行此操作。",
        "This batch cannot take that step now; reload the page to see where it stands.",
        "Questo lotto non può fare questo passo ora; ricarichi la pagina per vederne lo stato.",
    ),
    Refusal.BATCH_NEEDS_SECOND_PERSON: (
        "该结算批次金额较大，须由两位同事放行。",
        "A batch of this size is released by two people; ask a colleague to release it too.",
        "Un lotto di questo importo va rilasciato da due persone; chieda a un collega di rilasciarlo a sua volta.",
    ),
    Refusal.BAD_BANK_REPORT: (
        "银行文件不完整或格式不符，请重新下载。",
        "This is not a whole camt.053 or camt.054 file; download it again from the bank.",
        "Questo non è un file camt.053 o camt.054 completo; lo scarichi di nuovo dalla banca.",
    ),
    Refusal.PROVIDER_UNAVAILABLE: (
        "支付服务暂不可用，请稍后再试。",
        "The payment provider does not answer; try again in a moment.",
        "Il fornitore di pagamento non risponde; riprovi tra poco.",
    ),
}


def message(code: Refusal, language: str) -> str:
    """What to tell a person: Chinese for zh*, Italian for it*, else English."""
    chinese, english, italian = _TEXTS[code]
    if language.lower().startswith("zh"):
        return chinese
    return italian if language.lower().startswith("it") else english

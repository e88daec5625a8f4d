"""Why a step of a payment request is refused, in the languages of businesses and of the city."""

from enum import StrEnum
from typing import ClassVar

from seta.kit.words import NamedRefusal, Words


class Refusal(StrEnum):
    """Named reasons; nothing has changed when one of them is given."""

    NOT_YOURS = "not_yours"
    OTHERS = "others"
    UNKNOWN = "unknown"
    NOT_NOW = "not_now"
    NOT_WHOLE = "not_whole"
    BAD_DOCUMENT = "bad_document"
    BIG_DOCUMENT = "big_document"
    REASON_MISSING = "reason_missing"
    OWN_CHANGE = "own_change"
    BAD_BANK = "bad_bank"
    BAD_MERCHANT = "bad_merchant"
    BAD_DAY = "bad_day"
    GONE = "gone"


TEXTS: dict[Refusal, Words] = {
    Refusal.NOT_YOURS: {
        "zh": "这家商户不在您名下。请先认领，由城市核实。",
        "en": "This business is not yours. Claim it first; the city will check.",
        "it": "Questa attività non è sua. La rivendichi prima; la città verificherà.",
    },
    Refusal.OTHERS: {
        "zh": "这家商户已有一份收款申请。请联系城市。",
        "en": "There is a request for this business already. Ask the city about it.",
        "it": "Per questa attività c'è già una richiesta. Chieda alla città.",
    },
    Refusal.UNKNOWN: {
        "zh": "没有这份申请，请刷新页面。",
        "en": "There is no such request. Load the page again.",
        "it": "Questa richiesta non c'è. Ricarichi la pagina.",
    },
    Refusal.NOT_NOW: {
        "zh": "申请的状态已改变，此操作现在不可用。请刷新页面。",
        "en": "The request has moved on, so this cannot be done now. Load the page again.",
        "it": "La richiesta è andata avanti e ora non si può. Ricarichi la pagina.",
    },
    Refusal.NOT_WHOLE: {
        "zh": "尚未填完：请补齐标出的内容与三份文件。",
        "en": "Not finished: fill in what is marked and give all three documents.",
        "it": "Non è completa: compili ciò che è segnato e dia tutti e tre i documenti.",
    },
    Refusal.BAD_DOCUMENT: {
        "zh": "文件须为 PDF、JPEG 或 PNG，并且可以打开。请另选一份；什么都没有上传。",
        "en": "A document has to be a PDF, JPEG or PNG that opens. Choose another; nothing was taken.",
        "it": "Il documento deve essere un PDF, JPEG o PNG che si apre. Ne scelga un altro; nulla è stato preso.",
    },
    Refusal.BIG_DOCUMENT: {
        "zh": "文件不得超过 8 MB。请缩小后再试；什么都没有上传。",
        "en": "A document may have at most 8 MB. Make it smaller and try again; nothing was taken.",
        "it": "Un documento può avere al massimo 8 MB. Lo riduca e riprovi; nulla è stato preso.",
    },
    Refusal.REASON_MISSING: {
        "zh": "请写明理由。",
        "en": "Say why, in a few words.",
        "it": "Scriva il motivo, in poche parole.",
    },
    Refusal.OWN_CHANGE: {
        "zh": "银行信息是您修改的，须由同事录入通过。",
        "en": "You changed the bank details yourself; a colleague has to enter the approval.",
        "it": "Ha modificato lei i dati bancari; l'approvazione spetta a un collega.",
    },
    Refusal.BAD_BANK: {
        "zh": "IBAN 校验不通过，或缺少户名。请对照银行文件再填写。",
        "en": "The IBAN's check digits fail, or the holder is missing. Compare it with the bank's paper.",
        "it": "Le cifre di controllo dell'IBAN non tornano, o manca l'intestatario. Confronti con la banca.",
    },
    Refusal.BAD_MERCHANT: {
        "zh": "特约商户号（sub_mchid）为8至32位数字。",
        "en": "A sub-merchant number (sub_mchid) is 8 to 32 digits.",
        "it": "Il numero di sub-esercente (sub_mchid) ha da 8 a 32 cifre.",
    },
    Refusal.BAD_DAY: {
        "zh": "请填写开始收款的日期：不早于申请，不晚于今天；指南随即显示。",
        "en": "Give the day from which it accepts payments, not before the request and not after today: "
        "the guide shows it at once.",
        "it": "Indichi da quale giorno accetta pagamenti, non prima della richiesta e non dopo oggi: "
        "la guida lo mostra subito.",
    },
    Refusal.GONE: {
        "zh": "文件已删除。请向商户索取新的。",
        "en": "A document is missing or was deleted. Ask the business for it again.",
        "it": "Un documento manca o è stato cancellato. Lo chieda di nuovo all'attività.",
    },
}


class OnboardingRefused(NamedRefusal[Refusal]):
    """A named refusal; the caller shows `text(language)`."""

    texts: ClassVar = TEXTS

"""Why a drop says no, by name and in the reader's language, with what to do."""

from collections.abc import Mapping
from enum import StrEnum

from seta.drops.rules.limits import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, PIECES_MAX
from seta.kit.words import NamedRefusal, Words, in_language


class Refusal(StrEnum):
    """Why a drop says no; nothing has changed when one of these is given."""

    UNKNOWN_DROP = "unknown_drop"
    NOT_OPEN = "not_open"
    PAUSED = "paused"
    CLOSED = "closed"
    SOLD_OUT = "sold_out"
    STILL_LEFT = "still_left"
    SIGN_IN = "sign_in"
    BUSY = "busy"
    NO_RESERVATION = "no_reservation"
    RESERVATION_EXPIRED = "reservation_expired"
    WRONG_STATE = "wrong_state"
    WRONG_PIECES = "wrong_pieces"
    WRONG_TIMES = "wrong_times"
    CODE_TAKEN = "code_taken"
    PLAN_CHANGED = "plan_changed"
    NOT_ENOUGH_STOCK = "not_enough_stock"
    ONE_EACH = "one_each"
    UNKNOWN_VARIANT = "unknown_variant"
    TICKET_NEEDED = "ticket_needed"
    TICKET_FORGED = "ticket_forged"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_OF_ANOTHER = "ticket_of_another"
    TICKET_USED = "ticket_used"
    TICKET_AHEAD = "ticket_ahead"
    TOO_EARLY = "too_early"
    TOO_MANY_TICKETS = "too_many_tickets"
    NO_OPENID = "no_openid"
    NOT_INVITED = "not_invited"
    NOT_REGISTERED = "not_registered"
    REGISTRATION_CLOSED = "registration_closed"
    VISIT_MISSING = "visit_missing"
    PURCHASE_MISSING = "purchase_missing"
    RIGHT_MISSING = "right_missing"
    ENTER_DRAW = "enter_draw"
    NOT_A_DRAW = "not_a_draw"
    ENTRIES_CLOSED = "entries_closed"
    ENTRIES_OPEN = "entries_open"
    NO_ENTRY = "no_entry"
    ALREADY_DRAWN = "already_drawn"
    NOT_DRAWN = "not_drawn"
    NOT_BY_INVITATION = "not_by_invitation"
    WRONG_ALLOCATION = "wrong_allocation"
    ALLOCATION_SPENT = "allocation_spent"
    PIECE_TAKEN = "piece_taken"
    NOT_ENDED = "not_ended"
    RISK_CHECK = "risk_check"
    RISK_REFUSED = "risk_refused"
    VISIT_TOO_OLD = "visit_too_old"
    WRONG_RANKS = "wrong_ranks"
    NO_CHECK_DUE = "no_check_due"


TEXTS: Mapping[Refusal, Words] = {
    Refusal.UNKNOWN_DROP: {
        "zh": "未找到此次限量发售，请返回首页查看。",
        "en": "This release was not found. Please go back and look again.",
        "it": "Questa uscita non è stata trovata. Torni indietro e controlli.",
    },
    Refusal.NOT_OPEN: {
        "zh": "发售尚未开始，请在开始时间后再试。",
        "en": "The release has not opened yet. Please come back at its opening time.",
        "it": "L'uscita non è ancora aperta. Torni all'ora di apertura.",
    },
    Refusal.PAUSED: {
        "zh": "发售暂停中，请稍候，恢复后可继续。",
        "en": "The release is paused. Please wait a moment and try again.",
        "it": "L'uscita è in pausa. Attenda un momento e riprovi.",
    },
    Refusal.CLOSED: {
        "zh": "此次发售已结束，感谢您的关注。",
        "en": "This release has ended. Thank you for your interest.",
        "it": "Questa uscita è terminata. Grazie per l'interesse.",
    },
    Refusal.SOLD_OUT: {
        "zh": "已全部预留，您可以加入候补名单。",
        "en": "Every piece is reserved. You may join the waiting list.",
        "it": "Tutti i pezzi sono riservati. Può mettersi in lista d'attesa.",
    },
    Refusal.STILL_LEFT: {
        "zh": "仍有余量，请直接预留。",
        "en": "There are pieces left. Please reserve one.",
        "it": "Ci sono ancora pezzi. Ne riservi uno.",
    },
    Refusal.SIGN_IN: {
        "zh": "登录已过期，请重新打开小程序。",
        "en": "Your session has ended. Please open the mini program again.",
        "it": "La sessione è scaduta. Riapra il mini program.",
    },
    Refusal.BUSY: {
        "zh": "参与人数较多，请稍候再试，您的预留不会重复。",
        "en": "Very many people are here. Please try again; you can never be given two.",
        "it": "Ci sono moltissime persone. Riprovi; non ne riceverà mai due.",
    },
    Refusal.NO_RESERVATION: {
        "zh": "您尚未预留，请先预留。",
        "en": "You have no reservation in this release. Please reserve first.",
        "it": "Non ha una prenotazione per questa uscita. Prima riservi un pezzo.",
    },
    Refusal.RESERVATION_EXPIRED: {
        "zh": "您的预留已过期，如仍有余量可再次预留。",
        "en": "Your reservation has expired. If pieces are left you may reserve again.",
        "it": "La prenotazione è scaduta. Se restano pezzi può riservare di nuovo.",
    },
    Refusal.WRONG_STATE: {
        "zh": "当前状态不允许此操作，请刷新后查看。",
        "en": "The release's state does not allow this. Please reload the page.",
        "it": "Lo stato dell'uscita non lo consente. Ricarichi la pagina.",
    },
    Refusal.WRONG_PIECES: {
        "zh": f"数量须为 1 至 {PIECES_MAX}。",
        "en": f"A release has from 1 to {PIECES_MAX} pieces.",
        "it": f"Un'uscita ha da 1 a {PIECES_MAX} pezzi.",
    },
    Refusal.WRONG_TIMES: {
        "zh": f"结束须晚于开始，保留时间为 {HOLD_SECONDS_MIN} 至 {HOLD_SECONDS_MAX} 秒。",
        "en": f"It must close after it opens, and hold for {HOLD_SECONDS_MIN} to {HOLD_SECONDS_MAX} seconds.",
        "it": f"Deve chiudere dopo l'apertura e riservare da {HOLD_SECONDS_MIN} a {HOLD_SECONDS_MAX} secondi.",
    },
    Refusal.CODE_TAKEN: {
        "zh": "该简称已被其他发售使用，请换一个，或打开原有草稿修改。",
        "en": "A release of this short name is there already. Choose another, or open its draft to change it.",
        "it": "Esiste già un'uscita con questo nome breve. Ne scelga un altro, o apra la sua bozza.",
    },
    Refusal.PLAN_CHANGED: {
        "zh": "同事已修改此草稿，请重新打开后再修改。",
        "en": "A colleague has changed this draft since you opened it. Please open it again, then change it.",
        "it": "Un collega ha modificato questa bozza dopo che l'ha aperta. La riapra, poi la modifichi.",
    },
    Refusal.NOT_ENOUGH_STOCK: {
        "zh": "线上库存不足，无法开始发售，请先调拨库存。",
        "en": "There is not enough online stock to open. Transfer pieces to online first.",
        "it": "Le scorte online non bastano per aprire. Prima trasferisca dei pezzi.",
    },
    Refusal.ONE_EACH: {
        "zh": "每位客人限一件，请不要更改数量。",
        "en": "One piece a person. Please leave the quantity as it is.",
        "it": "Un pezzo a persona. Lasci la quantità com'è.",
    },
    Refusal.UNKNOWN_VARIANT: {
        "zh": "未找到该款式，请从商品列表中选择。",
        "en": "This version was not found. Please choose one from the catalogue.",
        "it": "Questa versione non è stata trovata. La scelga dal catalogo.",
    },
    Refusal.TICKET_NEEDED: {
        "zh": "请先在小程序中获取入场凭证，再预留。",
        "en": "Please get a ticket in the mini program first, then reserve.",
        "it": "Prenda prima un biglietto nel mini program, poi riservi.",
    },
    Refusal.TICKET_FORGED: {
        "zh": "入场凭证无效，请在小程序中重新获取。",
        "en": "This ticket is not genuine. Please get a new one in the mini program.",
        "it": "Questo biglietto non è autentico. Ne prenda uno nuovo nel mini program.",
    },
    Refusal.TICKET_EXPIRED: {
        "zh": "入场凭证已过期，请重新获取。",
        "en": "This ticket has expired. Please get a new one.",
        "it": "Questo biglietto è scaduto. Ne prenda uno nuovo.",
    },
    Refusal.TICKET_OF_ANOTHER: {
        "zh": "此入场凭证属于另一次登录，请用您自己的账号重新获取。",
        "en": "This ticket belongs to another session. Please get your own.",
        "it": "Questo biglietto è di un'altra sessione. Ne prenda uno suo.",
    },
    Refusal.TICKET_USED: {
        "zh": "此入场凭证已使用，请重新获取。",
        "en": "This ticket has been used. Please get a new one.",
        "it": "Questo biglietto è già stato usato. Ne prenda uno nuovo.",
    },
    Refusal.TICKET_AHEAD: {
        "zh": "系统时间刚刚校正，请重新获取入场凭证。",
        "en": "The clock was just corrected. Please get a new ticket.",
        "it": "L'orologio è stato appena corretto. Prenda un nuovo biglietto.",
    },
    Refusal.TOO_EARLY: {
        "zh": "开始前十分钟起可获取入场凭证，请稍后再来。",
        "en": "Tickets are given from ten minutes before the opening. Please come back then.",
        "it": "I biglietti si danno da dieci minuti prima dell'apertura. Torni allora.",
    },
    Refusal.TOO_MANY_TICKETS: {
        "zh": "获取次数过多，请一分钟后再试；已有的凭证仍然有效。",
        "en": "Too many tickets were asked for. Please wait a minute; the one you have still counts.",
        "it": "Ha chiesto troppi biglietti. Attenda un minuto; quello che ha vale ancora.",
    },
    Refusal.NO_OPENID: {
        "zh": "请从微信中打开小程序后再试。",
        "en": "Please open the mini program from WeChat and try again.",
        "it": "Apra il mini program da WeChat e riprovi.",
    },
    Refusal.NOT_INVITED: {
        "zh": "此次发售仅限受邀客人。如有疑问，请联系您的专属顾问。",
        "en": "This release is by invitation. Please ask your client adviser.",
        "it": "Questa uscita è su invito. Chieda al suo consulente.",
    },
    Refusal.NOT_REGISTERED: {
        "zh": "此次发售须在开始前登记，本次登记已截止。",
        "en": "This release needed a registration before its opening.",
        "it": "Per questa uscita serviva la registrazione prima dell'apertura.",
    },
    Refusal.REGISTRATION_CLOSED: {
        "zh": "登记已截止，或此次发售无需登记。",
        "en": "Registration has ended, or this release needs none.",
        "it": "La registrazione è chiusa, o questa uscita non la richiede.",
    },
    Refusal.VISIT_MISSING: {
        "zh": "此次发售面向到访过精品店的客人，欢迎预约到店。",
        "en": "This release is for those who have visited a boutique. You are welcome to book a visit.",
        "it": "Questa uscita è per chi è stato in boutique. Può prenotare una visita.",
    },
    Refusal.PURCHASE_MISSING: {
        "zh": "此次发售面向曾购买作品的客人。",
        "en": "This release is for those who have bought a piece before.",
        "it": "Questa uscita è per chi ha già acquistato.",
    },
    Refusal.RIGHT_MISSING: {
        "zh": "此次发售面向特定等级的会员，请在“我的礼遇”中查看。",
        "en": "This release is for members of certain tiers. Please look at your standing.",
        "it": "Questa uscita è per i membri di certi livelli. Guardi il suo livello.",
    },
    Refusal.ENTER_DRAW: {
        "zh": "此次发售以抽签方式进行，请在截止前报名。",
        "en": "This release is a draw. Please enter it before the entries close.",
        "it": "Questa uscita è a sorteggio. Si iscriva prima della chiusura.",
    },
    Refusal.NOT_A_DRAW: {
        "zh": "此次发售不是抽签，请直接预留。",
        "en": "This release is not a draw. Please reserve a piece.",
        "it": "Questa uscita non è a sorteggio. Riservi un pezzo.",
    },
    Refusal.ENTRIES_CLOSED: {
        "zh": "抽签报名已截止，感谢您的关注。",
        "en": "Entries to the draw have closed. Thank you for your interest.",
        "it": "Le iscrizioni al sorteggio sono chiuse. Grazie per l'interesse.",
    },
    Refusal.ENTRIES_OPEN: {
        "zh": "报名尚未截止，截止后方可抽签。",
        "en": "Entries are still open. The draw can be made once they have closed.",
        "it": "Le iscrizioni sono ancora aperte. Il sorteggio si fa dopo la chiusura.",
    },
    Refusal.NO_ENTRY: {
        "zh": "您尚未报名此次抽签。",
        "en": "You have not entered this draw.",
        "it": "Non si è iscritto a questo sorteggio.",
    },
    Refusal.ALREADY_DRAWN: {
        "zh": "抽签已完成，结果不会再变。",
        "en": "The draw has been made; its result stays.",
        "it": "Il sorteggio è stato fatto; il risultato resta.",
    },
    Refusal.NOT_DRAWN: {
        "zh": "抽签尚未进行，请在截止时间之后查看。",
        "en": "The draw has not been made yet. Please look after the entries have closed.",
        "it": "Il sorteggio non è ancora stato fatto. Guardi dopo la chiusura delle iscrizioni.",
    },
    Refusal.NOT_BY_INVITATION: {
        "zh": "此次发售不采用邀请方式。",
        "en": "This release is not by invitation.",
        "it": "Questa uscita non è su invito.",
    },
    Refusal.WRONG_ALLOCATION: {
        "zh": "名额须为 0 或以上，且不得少于已邀请的客人，也不得超过总件数。",
        "en": "An allocation is zero or more, covers the clients named already, and all together fit the pieces.",
        "it": "Un'assegnazione è zero o più, copre i clienti già indicati, e tutte insieme stanno nei pezzi.",
    },
    Refusal.ALLOCATION_SPENT: {
        "zh": "您的名额已用完；可先撤回一位客人的邀请。",
        "en": "Every piece of this allocation has a name. Withdraw one to name another.",
        "it": "Ogni pezzo dell'assegnazione ha un nome. Ne ritiri uno per indicarne un altro.",
    },
    Refusal.PIECE_TAKEN: {
        "zh": "该客人已预留其名额，邀请不能撤回。",
        "en": "The client has taken the piece already; the invitation stays.",
        "it": "Il cliente ha già preso il pezzo; l'invito resta.",
    },
    Refusal.NOT_ENDED: {
        "zh": "发售结束后公布公平报告，请稍后查看。",
        "en": "The fairness report is published when the release has ended.",
        "it": "Il rapporto di equità esce quando l'uscita è finita.",
    },
    Refusal.RISK_CHECK: {
        "zh": "为保障公平，您的参与须由工作人员核实，请稍后再试。",
        "en": "To keep the release fair, somebody of the house looks at your request. Please try again shortly.",
        "it": "Per equità, qualcuno della casa esamina la sua richiesta. Riprovi tra poco.",
    },
    Refusal.RISK_REFUSED: {
        "zh": "微信提示此账号存在风险，暂不能参与此次发售。如有疑问，请联系您的专属顾问。",
        "en": "WeChat finds this account risky, so it cannot take part. If that is wrong, please ask us.",
        "it": "WeChat giudica a rischio questo account, che non può partecipare. Se è un errore, ci contatti.",
    },
    Refusal.VISIT_TOO_OLD: {
        "zh": "请重新打开小程序后再试。",
        "en": "Please open the mini program again, then try once more.",
        "it": "Riapra il mini program e riprovi.",
    },
    Refusal.WRONG_RANKS: {
        "zh": "风险等级须为 1 至 4，且核实的等级须低于拒绝的等级。",
        "en": "Risk ranks go from 1 to 4, and a check starts at a lower rank than a refusal.",
        "it": "I livelli di rischio vanno da 1 a 4, e la verifica inizia prima del rifiuto.",
    },
    Refusal.NO_CHECK_DUE: {
        "zh": "该客人无需核实，或已作出决定。",
        "en": "Nothing is to be decided about this client, or it has been decided.",
        "it": "Per questo cliente non c'è nulla da decidere, o è già deciso.",
    },
}


class DropRefused(NamedRefusal[Refusal]):
    """A drop said no."""

    texts = TEXTS


def text(refusal: Refusal, language: str) -> str:
    """What a refusal says; Chinese for anything but English and Italian."""
    return in_language(TEXTS[refusal], language)

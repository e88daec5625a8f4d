"""Why a partner or the city is refused something, in the languages of those who ask."""

from enum import StrEnum


class Refusal(StrEnum):
    """Named reasons; nothing has changed when one of them is given."""

    BAD_EMAIL = "bad_email"
    TOO_MANY = "too_many"
    NOT_SENT = "not_sent"
    BAD_LINK = "bad_link"
    USED_LINK = "used_link"
    OLD_LINK = "old_link"
    NO_WECHAT = "no_wechat"
    UNKNOWN_LISTING = "unknown_listing"
    NOT_YOURS = "not_yours"
    YOURS_ALREADY = "yours_already"
    WAITING_ALREADY = "waiting_already"
    TOO_MANY_WAITING = "too_many_waiting"
    WHO_MISSING = "who_missing"
    NOTHING_CHANGED = "nothing_changed"
    BAD_FORM = "bad_form"
    BAD_PHOTO = "bad_photo"
    BIG_PHOTO = "big_photo"
    MANY_PHOTOS = "many_photos"
    NO_SUCH_PROPOSAL = "no_such_proposal"
    DECIDED = "decided"
    REPLACED = "replaced"
    CLAIM_FIRST = "claim_first"
    REASON_MISSING = "reason_missing"


TEXTS: dict[Refusal, tuple[str, str, str]] = {
    Refusal.BAD_EMAIL: (
        "请填写完整的电子邮箱，例如 nome@negozio.it。",
        "Write a whole e-mail address, such as nome@negozio.it.",
        "Scriva un indirizzo e-mail completo, per esempio nome@negozio.it.",
    ),
    Refusal.TOO_MANY: (
        "从这里申请的链接太多了，请一小时后再试。",
        "Too many links were asked for from here. Wait an hour, then try again.",
        "Da qui sono stati chiesti troppi link. Attenda un'ora e riprovi.",
    ),
    Refusal.NOT_SENT: (
        "邮件目前无法发出，请稍后再试。",
        "The letter could not be sent just now. Try again in a few minutes.",
        "In questo momento il messaggio non parte. Riprovi fra qualche minuto.",
    ),
    Refusal.BAD_LINK: (
        "此链接无效。请填写邮箱，重新获取链接。",
        "This link is not valid. Write your address and ask for a new one.",
        "Questo link non è valido. Scriva il suo indirizzo e ne chieda uno nuovo.",
    ),
    Refusal.USED_LINK: (
        "此链接已使用过；每个链接只能用一次。请重新获取。",
        "This link was used already; each is good once. Ask for a new one.",
        "Questo link è già stato usato; ognuno vale una volta. Ne chieda uno nuovo.",
    ),
    Refusal.OLD_LINK: (
        "此链接已过期，请重新获取。",
        "This link is too old. Ask for a new one.",
        "Questo link è scaduto. Ne chieda uno nuovo.",
    ),
    Refusal.NO_WECHAT: (
        "未能通过微信确认您的身份。请在微信中重新打开，或使用邮箱登录。",
        "WeChat did not say who you are. Open the page in WeChat again, or come in by your address.",
        "WeChat non ha confermato chi è. Riapra la pagina in WeChat, o acceda con il suo indirizzo.",
    ),
    Refusal.UNKNOWN_LISTING: (
        "指南中没有这家商户。请从列表中选择，或新增商户。",
        "The guide has no such business. Choose from the list, or add yours.",
        "La guida non ha questa attività. La scelga dall'elenco o aggiunga la sua.",
    ),
    Refusal.NOT_YOURS: (
        "这家商户不在您名下。请先认领，由城市核实。",
        "This business is not yours to change. Claim it first; the city will check.",
        "Non può modificare questa attività. La rivendichi prima; la città verificherà.",
    ),
    Refusal.YOURS_ALREADY: (
        "这家商户已在您名下。",
        "This business is yours already.",
        "Questa attività è già sua.",
    ),
    Refusal.WAITING_ALREADY: (
        "您的认领申请已在等待城市答复。",
        "Your claim is already waiting for the city's answer.",
        "La sua richiesta attende già la risposta della città.",
    ),
    Refusal.TOO_MANY_WAITING: (
        "等待答复的申请太多，请等城市答复后再提交。",
        "Too many of your requests are waiting. Wait for the city's answers first.",
        "Ha troppe richieste in attesa. Aspetti prima le risposte della città.",
    ),
    Refusal.WHO_MISSING: (
        "请填写您的姓名、职务和联系电话，以便城市核实。",
        "Write your name, your role and a telephone number, so that the city can check.",
        "Scriva nome, ruolo e un numero di telefono, perché la città possa verificare.",
    ),
    Refusal.NOTHING_CHANGED: (
        "没有任何更改，因此没有提交。",
        "Nothing was changed, so nothing was sent.",
        "Non è cambiato nulla, quindi nulla è stato inviato.",
    ),
    Refusal.BAD_FORM: (
        "请修改标出的内容后再提交；您填写的内容都还在。",
        "Correct what is marked and send again; nothing you wrote is lost.",
        "Corregga i punti segnati e invii di nuovo; nulla è andato perso.",
    ),
    Refusal.BAD_PHOTO: (
        "照片须为 JPEG、PNG 或 WebP，至少600像素宽，最多4000万像素。请另选一张。",
        "A photo has to be a JPEG, PNG or WebP, at least 600 pixels wide, with at most 40 million pixels. "
        "Choose another one.",
        "La foto deve essere JPEG, PNG o WebP, larga almeno 600 pixel e con al massimo 40 milioni di pixel. "
        "Ne scelga un'altra.",
    ),
    Refusal.BIG_PHOTO: (
        "照片不得超过 8 MB。请在手机上选择较小尺寸后再试；什么都没有上传。",
        "A photo may have at most 8 MB. Choose a smaller size on your phone and try again; nothing was taken.",
        "Una foto può avere al massimo 8 MB. Scelga una dimensione più piccola e riprovi; nulla è stato caricato.",
    ),
    Refusal.MANY_PHOTOS: (
        "最多六张照片，请先移除一张。",
        "At most six photos. Remove one first.",
        "Al massimo sei foto. Ne tolga prima una.",
    ),
    Refusal.NO_SUCH_PROPOSAL: (
        "没有这份申请。",
        "There is no such request.",
        "Questa richiesta non esiste.",
    ),
    Refusal.DECIDED: (
        "这份申请已有答复。",
        "This request was answered already.",
        "Questa richiesta ha già avuto risposta.",
    ),
    Refusal.REPLACED: (
        "商户已撤回或更新这份申请，请刷新页面。",
        "The business has withdrawn or replaced this request. Load the page again.",
        "L'attività ha ritirato o sostituito questa richiesta. Ricarichi la pagina.",
    ),
    Refusal.CLAIM_FIRST: (
        "申请人的认领尚未通过，请先答复认领。",
        "Whoever asks does not speak for this business yet. Answer their claim first.",
        "Chi chiede non rappresenta ancora questa attività. Risponda prima alla rivendicazione.",
    ),
    Refusal.REASON_MISSING: (
        "请写明理由；商户会看到。",
        "Say why; the business will read it.",
        "Scriva il motivo; l'attività lo leggerà.",
    ),
}


class PartnerRefused(Exception):
    """A named refusal; the caller shows `text(language)`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal

    def text(self, language: str) -> str:
        """What to do, in the caller's language; Chinese for anything but English and Italian."""
        return TEXTS[self.refusal][{"en": 1, "it": 2}.get(language[:2], 0)]

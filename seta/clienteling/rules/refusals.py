"""Why an associate's step is refused, in their language."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from seta.kit.words import NamedRefusal, Words

NOTE_CHARS_MAX = 500


class Refusal(StrEnum):
    """Why an associate's step was refused."""

    NOT_YOURS = "not_yours"
    UNKNOWN = "unknown"
    NOT_APPROVED = "not_approved"
    POLICY = "policy"
    TOO_LONG = "too_long"
    INACTIVE = "inactive"
    NO_SHARE = "no_share"
    BAD_SIZE = "bad_size"
    BAD_DATE = "bad_date"
    BAD_CHOICE = "bad_choice"
    EMPTY = "empty"
    NO_CONSENT = "no_consent"
    BLACKOUT = "blackout"
    SUPERVISOR_ONLY = "supervisor_only"
    DISPUTED = "disputed"
    DECIDED = "decided"
    OWN_DISPUTE = "own_dispute"
    BAD_SHARE = "bad_share"
    SAME_ASSOCIATE = "same_associate"
    TOO_OFTEN = "too_often"
    IN_HANDOVER = "in_handover"
    BLOCKED = "blocked"
    HELD = "held"
    NOT_HELD = "not_held"
    OWN_DRAFT = "own_draft"
    NOT_READY = "not_ready"
    NO_REASON = "no_reason"
    NOBODY = "nobody"
    REMINDED = "reminded"
    NO_PICTURE = "no_picture"
    TEXT_TOO_LONG = "text_too_long"


_TEXTS: Mapping[Refusal, Words] = {
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

_TEXTS = {
    **_TEXTS,
    Refusal.BAD_SIZE: {
        "en": "This size is not in the chart of its category and system. Choose one from the list.",
        "it": "La taglia non è nella tabella di questa categoria e sistema. Scegline una dall'elenco.",
        "zh": "该品类与尺码制中没有此尺码，请从列表中选择。",
    },
    Refusal.BAD_DATE: {
        "en": "There is no such day. Write it as 1990-05-20 or 05-20.",
        "it": "Questo giorno non esiste. Scrivilo come 1990-05-20 o 05-20.",
        "zh": "日期无效，格式应为 1990-05-20 或 05-20。",
    },
    Refusal.BAD_CHOICE: {
        "en": "Choose one from the list.",
        "it": "Scegline uno dall'elenco.",
        "zh": "请从列表中选择。",
    },
    Refusal.EMPTY: {
        "en": "Nothing is written. Fill in the field and try again.",
        "it": "Non hai scritto nulla. Compila il campo e riprova.",
        "zh": "内容为空，请填写后重试。",
    },
    Refusal.NO_CONSENT: {
        "en": "The client has not agreed to messages from the house. Ask them in the store first.",
        "it": "Il cliente non ha acconsentito a ricevere messaggi. Chiedi prima il consenso in boutique.",
        "zh": "客户尚未同意接收品牌消息，请先在店内征得同意。",
    },
    Refusal.BLACKOUT: {
        "en": "The client was written to a short while ago, or it is night. Wait until the time shown.",
        "it": "Il cliente è stato contattato da poco, oppure è notte. Attendi l'ora indicata.",
        "zh": "近期已联系过该客户，或现为休息时段，请于所示时间后再联系。",
    },
    Refusal.SUPERVISOR_ONLY: {
        "en": "Only a supervisor of this house may do this. Ask yours.",
        "it": "Può farlo solo un supervisore di questa casa. Chiedi al tuo.",
        "zh": "仅本品牌主管可操作，请联系您的主管。",
    },
    Refusal.DISPUTED: {
        "en": "This sale is disputed already. Wait for the decision.",
        "it": "La vendita è già contestata. Attendi la decisione.",
        "zh": "该笔销售已有争议，请等待裁定。",
    },
    Refusal.DECIDED: {
        "en": "This dispute has been decided already.",
        "it": "La contestazione è già stata decisa.",
        "zh": "该争议已裁定。",
    },
    Refusal.OWN_DISPUTE: {
        "en": "You have a part in this dispute; another supervisor has to decide it.",
        "it": "Sei parte di questa contestazione; deve decidere un altro supervisore.",
        "zh": "您与该争议有关，须由其他主管裁定。",
    },
    Refusal.BAD_SHARE: {
        "en": "Write a part between 0.01 and 100 percent.",
        "it": "Scrivi una quota tra 0,01 e 100 per cento.",
        "zh": "请填写0.01%至100%之间的比例。",
    },
    Refusal.SAME_ASSOCIATE: {
        "en": "Choose two different associates who work for this house, the second one active.",
        "it": "Scegli due addetti diversi di questa casa; il secondo deve essere attivo.",
        "zh": "请选择本品牌两位不同的顾问，接手顾问须在职。",
    },
    Refusal.TOO_OFTEN: {
        "en": "WeCom lets a client pass at most twice in 90 days while the associate is there. Leave them out.",
        "it": "WeCom permette al massimo due passaggi in 90 giorni con l'addetto in servizio. Escludili.",
        "zh": "企业微信规定在职继承90天内最多两次，请移除该客户。",
    },
    Refusal.IN_HANDOVER: {
        "en": "None of these clients can be handed over: they are not in the book, or a hand-over is under way.",
        "it": "Nessuno di questi clienti può essere passato: non sono in rubrica o un passaggio è già in corso.",
        "zh": "所选客户无法交接：不在该顾问名下，或正在交接中。",
    },
    Refusal.BLOCKED: {
        "en": "This message may never be sent. Write it anew as advised.",
        "it": "Questo messaggio non può essere inviato. Riscrivilo come indicato.",
        "zh": "该消息禁止发送，请按提示重新撰写。",
    },
    Refusal.HELD: {
        "en": "A supervisor has to release this message first. It is kept for them.",
        "it": "Un supervisore deve prima sbloccare il messaggio. È conservato per la verifica.",
        "zh": "该消息需主管放行，已为您保存等待审核。",
    },
    Refusal.NOT_HELD: {
        "en": "This message no longer waits for a decision. Open the list again.",
        "it": "Il messaggio non attende più una decisione. Riapri l'elenco.",
        "zh": "该消息已不在待审核状态，请重新打开列表。",
    },
    Refusal.OWN_DRAFT: {
        "en": "You wrote this message yourself; another supervisor has to decide.",
        "it": "Hai scritto tu il messaggio; deve decidere un altro supervisore.",
        "zh": "该消息由您本人撰写，须由其他主管审核。",
    },
    Refusal.NOT_READY: {
        "en": "This message cannot be sent as it stands now. Open the composer again to see why.",
        "it": "Il messaggio ora non può essere inviato. Riapri l'editor per vedere il motivo.",
        "zh": "该消息当前不能发送，请重新打开查看原因。",
    },
    Refusal.NO_REASON: {
        "en": "Say why, in a few words, so that the associate can learn from it.",
        "it": "Spiega il motivo in poche parole, così l'addetto può imparare.",
        "zh": "请简要说明理由，便于顾问改进。",
    },
    Refusal.NOBODY: {
        "en": "Nobody can receive this: choose clients who agreed to messages and were not written to lately.",
        "it": "Nessuno può riceverlo: scegli clienti che hanno acconsentito e non contattati di recente.",
        "zh": "没有可接收的客户：请选择已同意接收且近期未联系的客户。",
    },
    Refusal.REMINDED: {
        "en": "WeCom allows three reminders in 24 hours. Try again tomorrow.",
        "it": "WeCom permette tre solleciti in 24 ore. Riprova domani.",
        "zh": "企业微信24小时内最多提醒三次，请明天再试。",
    },
    Refusal.NO_PICTURE: {
        "en": "Choose a picture: JPEG, PNG, WebP or GIF of at most 10 MB, nine at most.",
        "it": "Scegli un'immagine: JPEG, PNG, WebP o GIF fino a 10 MB, al massimo nove.",
        "zh": "请选择图片：支持JPEG、PNG、WebP、GIF，每张最大10 MB，最多九张。",
    },
    Refusal.TEXT_TOO_LONG: {
        "en": "WeCom takes at most 4,000 bytes of text, about 1,300 Chinese characters. Shorten it.",
        "it": "WeCom accetta al massimo 4.000 byte di testo, circa 1.300 caratteri cinesi. Accorcialo.",
        "zh": "企业微信文字最多4000字节（约1300个汉字），请缩短。",
    },
}


class Refused(NamedRefusal[Refusal]):
    """A step that is refused and changed nothing; `advice` says what policy wants instead."""

    texts = _TEXTS
    otherwise = "en"

    def __init__(self, refusal: Refusal, advice: Sequence[str] = (), rules: Sequence[str] = ()) -> None:
        super().__init__(refusal)
        self.advice = tuple(advice)
        self.rules = tuple(rules)

"""Titles and labels of a person's own copy, in the languages that clients read."""

_WORDS: dict[str, tuple[str, str, str]] = {
    "person": ("您", "You", "Lei"),
    "answers": ("隐私选项", "Privacy choices", "Scelte sulla privacy"),
    "orders": ("订单", "Orders", "Ordini"),
    "visits": ("预约与到店", "Appointments and visits", "Appuntamenti e visite"),
    "calls": ("咨询", "Consultations", "Consulenze"),
    "plans": ("行程", "Travel plans", "Itinerari"),
    "membership": ("会员积分", "Membership points", "Punti fedeltà"),
    "book": ("顾问的记录", "What your advisors noted", "Appunti dei consulenti"),
    "follows": ("公众号关注", "Official Account", "Account ufficiale"),
    "messages": ("公众号消息", "Messages with the account", "Messaggi con l'account"),
    "chats": (
        "与顾问的聊天（企业微信）",
        "Chats with advisors (WeCom)",
        "Conversazioni con i consulenti (WeCom)",
    ),
    "name": ("称呼", "Name", "Nome"),
    "language": ("语言", "Language", "Lingua"),
    "city": ("城市", "City", "Città"),
    "since": ("初次见面", "Known since", "Conosciuto dal"),
    "identity": ("平台身份", "Identity at a platform", "Identità su una piattaforma"),
    "purpose": ("用途", "Purpose", "Scopo"),
    "answer": ("答复", "Answer", "Risposta"),
    "yes": ("同意", "yes", "sì"),
    "no": ("不同意", "no", "no"),
    "at": ("时间", "At", "Quando"),
    "number": ("编号", "Number", "Numero"),
    "state": ("状态", "State", "Stato"),
    "total": ("金额", "Total", "Totale"),
    "piece": ("商品", "Piece", "Articolo"),
    "address": ("收货地址", "Delivery address", "Indirizzo di consegna"),
    "invoice": ("发票抬头", "Invoice", "Fattura"),
    "card": ("贺卡", "Gift card text", "Biglietto"),
    "store": ("精品店", "Store", "Boutique"),
    "kind": ("类型", "Kind", "Tipo"),
    "note": ("备注", "Note", "Nota"),
    "with": ("顾问", "With", "Con"),
    "topic": ("主题", "Topic", "Tema"),
    "day": ("日期", "Day", "Giorno"),
    "stops": ("安排", "Stops", "Tappe"),
    "interests": ("兴趣", "Interests", "Interessi"),
    "points": ("积分", "Points", "Punti"),
    "for": ("来由", "For", "Per"),
    "tier": ("等级", "Tier", "Livello"),
    "size": ("尺码", "Size", "Taglia"),
    "taste": ("喜好", "Taste", "Gusto"),
    "date": ("重要日子", "Day to remember", "Data da ricordare"),
    "owned": ("拥有的商品", "Piece owned", "Articolo posseduto"),
    "wish": ("心愿", "Wish", "Desiderio"),
    "followed": ("关注", "Followed", "Seguito dal"),
    "unfollowed": ("取消关注", "Unfollowed", "Non seguito dal"),
    "scene": ("来源", "Came by", "Arrivato da"),
    "you": ("您", "You", "Lei"),
    "house": ("我们", "We", "Noi"),
    "count": ("消息数", "Messages", "Messaggi"),
    "copy": (
        "原文在您的企业微信聊天中；如需存档的副本，请告知您的顾问",
        "The words are in your chat; ask your advisor for a copy from the archive",
        "Le parole sono nella sua chat; chieda al consulente una copia dall'archivio",
    ),
}


def word(key: str, language: str) -> str:
    """A title or a label in `zh`, `en` or `it`."""
    return _WORDS[key][("zh", "en", "it").index(language)]


_VALUES: dict[str, tuple[str, str, str]] = {
    "zh-hans": ("简体中文", "Chinese", "cinese"),
    "en": ("英文", "English", "inglese"),
    "it": ("意大利文", "Italian", "italiano"),
    "messages": ("接收服务与新品消息", "service messages and news", "messaggi di servizio e novità"),
    "archive": (
        "与顾问的聊天存档",
        "chats with advisors are archived",
        "archivio delle chat con i consulenti",
    ),
    "profile": ("由顾问记录喜好", "an advisor notes your tastes", "appunti sui suoi gusti"),
    "location": ("使用到店与行程位置", "use of visits and places", "uso di visite e luoghi"),
    "analytics": ("用于统计分析", "use for statistics", "uso per statistiche"),
    "placed": ("待付款", "to be paid", "da pagare"),
    "paid": ("已付款", "paid", "pagato"),
    "partly_refunded": ("已部分退款", "partly refunded", "rimborsato in parte"),
    "refunded": ("已退款", "refunded", "rimborsato"),
    "cancelled": ("已取消", "cancelled", "annullato"),
    "expired": ("已过期", "expired", "scaduto"),
    "held": ("已进行", "held", "tenuto"),
    "booked": ("已预约", "booked", "prenotato"),
    "confirmed": ("已预约", "booked", "prenotato"),
    "attended": ("已到店", "attended", "avvenuto"),
    "missed": ("未到", "missed", "mancato"),
    "visit": ("选购", "a visit", "visita"),
    "fitting": ("试穿", "a fitting", "prova"),
    "voice": ("语音", "voice", "voce"),
    "video": ("视频", "video", "video"),
    "code": ("扫码签到", "checked in by code", "registrato con codice"),
    "associate": ("由顾问签到", "checked in by an associate", "registrato da un consulente"),
}
"""What codes mean, for the fields that hold codes."""

CODED = frozenset({"state", "kind", "purpose", "language"})


def meaning(code: str, language: str) -> str:
    """A code in words; as it is when nobody has written any."""
    found = _VALUES.get(code)
    return found[("zh", "en", "it").index(language)] if found else code

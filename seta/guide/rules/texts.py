"""What the guide says, in the reader's language, with how sure it is."""

from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from seta.guide.rules.hours import describe
from seta.guide.rules.planning import Reason
from seta.guide.rules.trips import Note, Why

SURE = "H"

CATEGORY_NAMES: dict[str, tuple[str, str, str]] = {
    "church": ("教堂", "church", "chiesa"),
    "viewpoint": ("观景", "viewpoint", "panorama"),
    "museum": ("博物馆", "museum", "museo"),
    "shopping": ("购物", "shopping", "shopping"),
    "theatre": ("剧院", "theatre", "teatro"),
    "castle": ("城堡", "castle", "castello"),
    "park": ("公园", "park", "parco"),
    "landmark": ("地标", "landmark", "monumento"),
    "district": ("街区", "district", "quartiere"),
    "stadium": ("球场", "stadium", "stadio"),
    "food": ("美食", "food", "gastronomia"),
    "transport": ("交通", "transport", "trasporti"),
    "services": ("服务", "services", "servizi"),
    "hotel": ("酒店", "hotel", "hotel"),
    "experience": ("体验", "experience", "esperienze"),
}
PAYMENT_NAMES = {"wechatpay": "微信支付", "alipay": "支付宝", "card": "银行卡", "cash": "现金"}
_CONFIRM = ("出发前请再确认", "confirm before you go", "confermare prima di andare")
_REASONS: dict[Reason, tuple[str, str, str]] = {
    Reason.UNKNOWN: ("没有找到这个地点", "no such place", "luogo sconosciuto"),
    Reason.CLOSED: ("这一天不开放", "closed that day", "chiuso quel giorno"),
    Reason.HOURS: (
        "开放时间与您的行程时间不符",
        "its hours do not fit your day",
        "gli orari non si adattano alla giornata",
    ),
    Reason.BOOKING: (
        "预约时段不在开放时间内",
        "the booked slot is outside its hours",
        "l'orario prenotato è fuori apertura",
    ),
    Reason.NO_TIME: ("这一天的时间不够", "no time left that day", "non c'è abbastanza tempo"),
}
_WHYS: dict[Why, tuple[str, str, str]] = {
    Why.BOOKED: ("您已预约", "you booked it", "l'hai prenotato"),
    Why.WISHED: ("您想去", "you asked for it", "l'hai chiesto tu"),
    Why.MEAL: ("用餐", "a meal on the way", "una sosta per mangiare"),
    Why.INTEREST: ("符合您的兴趣", "it fits your interests", "corrisponde ai tuoi interessi"),
    Why.LESSER_KNOWN: ("游客较少的街区", "a district fewer visitors know", "un quartiere meno conosciuto"),
    Why.SOUGHT: ("深受欢迎", "one of the most sought", "tra i più richiesti"),
    Why.NEARBY: ("就在附近", "close to the stop before", "vicino alla tappa precedente"),
    Why.TIME_LEFT: ("时间充裕，顺路前往", "there is time for it", "c'è il tempo per vederlo"),
}
_NOTES: dict[Note, tuple[str, str, str]] = {
    Note.NOTHING_OPEN: (
        "这一天的这段时间没有开放的地点，请延长时间或换一天",
        "nothing fits these hours; allow more time or choose another day",
        "nulla è possibile in queste ore; allunga la giornata o scegli un altro giorno",
    ),
    Note.NO_TRANSPORT: (
        "有一段路没有地铁，需要乘车",
        "one way has no metro; you need a car or a taxi",
        "un tratto è senza metropolitana; serve un'auto o un taxi",
    ),
    Note.OUTDOORS_IN_RAIN: (
        "这一天有雨，行程中有室外地点，请看备选",
        "rain is expected and some stops are outdoors; see what to do instead",
        "è prevista pioggia e alcune tappe sono all'aperto; guarda le alternative",
    ),
}
_GREETINGS = frozenset(
    {
        "你好",
        "您好",
        "hello",
        "hi",
        "hey",
        "ciao",
        "在吗",
        "早上好",
        "下午好",
        "晚上好",
        "nihao",
        "buongiorno",
    }
)
_THANKS = frozenset({"谢谢", "谢谢您", "谢谢你", "多谢", "感谢", "thanks", "thankyou", "xiexie"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a reply tells of a place or a partner."""

    code: str
    kind: str
    name_zh: str
    name_local: str
    district_zh: str
    category: str
    opening_hours: str
    sure_of_hours: bool
    visit_minutes: int = 0
    admission: str = ""
    booking: str = "no"
    note_zh: str = ""
    payment: tuple[tuple[str, str], ...] = ()


def language_index(language: str) -> int:
    """0 Chinese, 1 English, 2 Italian; Chinese for what we do not speak."""
    code = language.lower()
    return 1 if code.startswith("en") else 2 if code.startswith("it") else 0


def confirm_note(language: str) -> str:
    """The words that go with every fact we are not sure of."""
    return _CONFIRM[language_index(language)]


def category_name(category: str, language: str) -> str:
    """The category in the reader's language."""
    return CATEGORY_NAMES.get(category, (category,) * 3)[language_index(language)]


def reason_text(reason: Reason, language: str) -> str:
    """Why a place is not in the plan, in the reader's language."""
    return _REASONS[reason][language_index(language)]


def why_text(why: Why, language: str) -> str:
    """Why a stop is in the plan, in the reader's language."""
    return _WHYS[why][language_index(language)]


def note_text(note: Note, language: str) -> str:
    """What to know of a day, in the reader's language."""
    return _NOTES[note][language_index(language)]


def dispersal_text(cost: float, away: int, away_without: int, language: str) -> str:
    """What the weight of lesser-known districts did, in one sentence."""
    share = f"{100 * cost:.0f}%"
    return (
        f"游客较少街区的地点从{away_without}个变为{away}个，行程价值减少{share}",
        f"stops in lesser-known districts: {away} instead of {away_without}, for {share} of the plan's worth",
        f"tappe nei quartieri meno conosciuti: {away} invece di {away_without}, per il {share} del valore",
    )[language_index(language)]


def small_talk(folded: str) -> str | None:
    """The reply to a greeting or thanks, else None."""
    if folded in _GREETINGS:
        return "您好！发送地点名称（例如「大教堂」或「duomo」），我们马上为您查找开放时间与地址。"
    if folded in _THANKS:
        return "不客气，祝您旅途愉快！还想查找其他地点，直接发送名称即可。"
    return None


def place_reply(told: Told, day: date, *, others: tuple[str, ...], appid: str, public_url: str) -> str:
    """The passive reply for a place found: name, hours and how sure they are, and a link into the mini program."""
    lines = [told.name_zh, told.name_local]
    facts = [told.district_zh, category_name(told.category, "zh-Hans")]
    if told.visit_minutes:
        facts.append(f"建议停留约{told.visit_minutes}分钟")
    lines.append(" · ".join(fact for fact in facts if fact))
    note = "" if told.sure_of_hours else f"（{confirm_note('zh-Hans')}）"
    lines.append(f"今日开放：{describe(told.opening_hours, day)}{note}")
    lines += _ticket_lines(told) + _payment_lines(told)
    if told.note_zh:
        lines.append(f"提示：{told.note_zh}")
    lines.append(_link("查看地图与详情", told, appid, public_url))
    if others:
        lines.append(f"您也可能在找：{'、'.join(others)}")
    return "\n".join(lines)


def no_hit_reply() -> str:
    """The passive reply when nothing is near what the client wrote."""
    return (
        "抱歉，暂时没有找到您说的地点。您可以换个写法再试（中文、拼音、意大利语或英语均可），"
        "例如「大教堂」或「duomo」。您的消息也已转给顾问，我们会尽快回复您。"
    )


def no_guide_reply() -> str:
    """The passive reply of a house that has no guide."""
    return "您的消息已收到，顾问会在营业时间内尽快回复您。"


def _ticket_lines(told: Told) -> list[str]:
    if not told.admission:
        return []
    words = ["免费" if told.admission == "free" else "需购票"]
    if told.booking == "required":
        words.append("须提前预约")
    elif told.booking == "advised":
        words.append("建议提前预约")
    return [f"门票：{'，'.join(words)}"]


def _payment_lines(told: Told) -> list[str]:
    if not told.payment:
        return []
    methods = "、".join(PAYMENT_NAMES.get(method, method) for method, _ in told.payment)
    confirmed = min(day for _, day in told.payment)
    return [f"可用：{methods}（{confirmed}确认）"]


def _link(label: str, told: Told, appid: str, public_url: str) -> str:
    """A text link that WeChat opens as a mini program page, and other clients as a web address."""
    path = f"pages/place/place?{urlencode({'code': told.code})}"
    attributes = (
        f' data-miniprogram-appid="{escape(appid)}" data-miniprogram-path="{escape(path)}"' if appid else ""
    )
    return f'<a href="{escape(public_url)}/places/{escape(told.code)}"{attributes}>{label}</a>'

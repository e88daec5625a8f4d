"""What the guide says, in the reader's language, with how sure it is."""

from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

from seta.guide.rules.hours import describe
from seta.guide.rules.planning import Reason

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
    return f'<a href="{escape(public_url)}/"{attributes}>{label}</a>'

"""Who and what the sample world consists of; every name is made up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAISON = "serica"
CITY = "milano"
CAMPAIGN = "ss27"
PASSWORD = "silk-road-2026"
"""The sign-in of every demo member; never used outside a sample world."""

RATE_EUR = 12_782_000
"""Euros for one yuan, scaled by 10^8, until the house sets its own."""


@dataclass(frozen=True)
class Staff:
    """A member of a house and how they sign in."""

    username: str
    name: str
    role: str
    language: str


STAFF: Sequence[Staff] = (
    Staff("admin", "Giulia Ferri", "admin", "en"),
    Staff("linyue", "林悦 Lin Yue", "associate", "zh-hans"),
    Staff("marco", "Marco Bassi", "associate", "it"),
    Staff("supervisor", "Elena Conti", "supervisor", "en"),
    Staff("finance", "Paolo Riva", "finance", "en"),
    Staff("finance2", "Anna Greco", "finance", "it"),
    Staff("marketing", "赵宁 Zhao Ning", "marketing", "zh-hans"),
)
"""Who works for the maison."""

ASSOCIATES: Sequence[tuple[str, str]] = (("linyue", "monte-napoleone"), ("marco", "brera"))
"""Sign-in and boutique of the maison's associates."""

CITY_STAFF: Sequence[Staff] = (Staff("citta", "Chiara Longhi", "marketing", "it"),)
"""Who works for the city's agency."""


@dataclass(frozen=True)
class Claimant:
    """Somebody who asks to speak for a business of the city."""

    email: str
    listing: str
    who: Mapping[str, str]


CLAIMANT = Claimant(
    "anna@lanterna.example",
    "caffe-lanterna",
    {"name": "Anna Rossi", "role": "titolare", "phone": "+39 02 5550 142", "words": "P. IVA sulla vetrina"},
)


@dataclass(frozen=True)
class Shop:
    """A boutique of the maison; coordinates are WGS-84."""

    code: str
    name: str
    name_zh: str
    district: str
    address: str
    latitude: float
    longitude: float
    opening_hours: str


SHOPS: Sequence[Shop] = (
    Shop(
        "monte-napoleone",
        "Serica Monte Napoleone",
        "Serica 蒙特拿破仑大街店",
        "quadrilatero",
        "Via Monte Napoleone 31, Milano",
        45.4689,
        9.1968,
        "Mo-Su 10:00-19:30",
    ),
    Shop(
        "brera",
        "Serica Brera",
        "Serica 布雷拉店",
        "brera",
        "Via Fiori Chiari 40, Milano",
        45.4725,
        9.1876,
        "Mo-Su 10:00-19:30",
    ),
)

MENU: Sequence[Mapping[str, Any]] = (
    {
        "name": "米兰",
        "sub_button": [
            {"type": "click", "name": "今日推荐", "key": "guide:today"},
            {"type": "click", "name": "大教堂", "key": "guide:duomo"},
        ],
    },
    {"type": "miniprogram", "name": "精品店", "appid": "", "pagepath": "pages/boutique/boutique", "url": ""},
    {"type": "click", "name": "联系顾问", "key": "contact:associate"},
)
"""The Official Account's menu; the mini program's appid is filled in when it is published."""

AD_TITLE = "Serica · 米兰的丝，织给远行的您"
POSTERS: Sequence[tuple[str, str]] = (
    ("大教堂广场海报 · Duomo poster", "c=ss27;p=duomo"),
    ("蒙特拿破仑店海报 · Boutique poster", "c=ss27;b=monte-napoleone"),
)
"""Posters that hang in the sample city: title and scene."""

DROP_CODE = "ss27-carre"
DROP_PIECES = 10

COLLECTIONS = (
    (
        "lake-mist",
        {
            "name_zh": "湖上晨雾",
            "name_en": "Mist on the lake",
            "name_it": "Nebbia sul lago",
            "season": "SS27",
        },
        ("lago-carre", "galleria-carre", "naviglio-twilly", "brera-stole"),
    ),
    (
        "evening",
        {"name_zh": "入夜", "name_en": "Into the evening", "name_it": "Verso sera", "season": "SS27"},
        ("sera-clutch", "notte-bowtie", "duca-tie", "giardino-robe"),
    ),
)
"""The maison's collections: code, words, pieces in their order."""

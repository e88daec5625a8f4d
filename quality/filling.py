"""Fills the slots of a fragment with invented names and numbers; numbers carry right check digits and no owner."""

import random
import re
from collections.abc import Callable, Mapping

_PRODUCTS = (
    "Serica托特包", "丝绒手拿包", "羊绒大衣", "真丝方巾", "小号斜挎包", "乐福鞋", "驼色风衣", "编织腰带",
    "双面呢斗篷", "珍珠耳钉", "中号水桶包", "链条包", "长款手套", "麂皮短靴", "墨镜", "卡包", "牛津鞋", "羊毛围巾",
    "月光香水", "运动鞋",
)  # fmt: skip
_PRODUCTS_EN = (
    "silk scarf", "tote", "loafers", "cashmere coat", "clutch", "belt", "card holder", "trench", "crossbody", "boots",
)  # fmt: skip
_PRODUCTS_IT = (
    "foulard", "borsa a mano", "mocassini", "cappotto", "pochette", "cintura", "portacarte", "trench", "tracolla",
)  # fmt: skip
_COLOURS = ("黑色", "焦糖色", "米白", "酒红", "墨绿", "雾蓝", "燕麦色", "深棕", "奶茶色", "灰色")
_CITIES = (
    "上海",
    "北京",
    "成都",
    "杭州",
    "深圳",
    "广州",
    "南京",
    "西安",
    "武汉",
    "厦门",
    "苏州",
    "重庆",
    "米兰",
    "罗马",
)
_NAMES = (
    "陈晓",
    "周雨桐",
    "赵欣然",
    "吴宁",
    "郑可",
    "孙一诺",
    "徐曼",
    "何静",
    "林悦",
    "黄思思",
    "高远",
    "沈佳",
)
_DAYS = ("今天", "明天", "后天", "周六", "周日", "下周二", "周五", "这周末", "二十号", "月底前")
_DAYS_EN = ("today", "tomorrow", "on Friday", "on Saturday", "next Tuesday", "this weekend")
_DAYS_IT = ("oggi", "domani", "venerdì", "sabato", "martedì prossimo", "nel fine settimana")
_TIMES = ("上午十点半", "下午三点", "两点", "五点左右", "11:30", "16:00", "中午十二点", "晚上七点前")
_ROADS = ("梧桐路", "望江路", "长宁街", "清河大道", "桂花巷", "云杉路", "南岸路", "银杏街")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def fill(text: str, rng: random.Random) -> str:
    """The text with every {slot} filled; an unknown slot is a KeyError."""
    return re.sub(r"\{(\w+)\}", lambda found: _SLOTS[found.group(1)](rng), text)


def card_number(rng: random.Random) -> str:
    """A 16-digit card number with a right Luhn digit, of a range that no bank was given."""
    body = "6299" + "".join(str(rng.randrange(10)) for _ in range(11))
    total = 0
    for index, digit in enumerate(reversed(body)):
        value = int(digit) * (2 - index % 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def identity_number(rng: random.Random) -> str:
    """A resident number with a right check character (GB 11643-1999), of a region that is not assigned."""
    body = (
        f"99{rng.randrange(10000):04}{rng.randrange(1960, 2004)}"
        f"{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    )
    weighed = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(body))
    return body + "10X98765432"[weighed % 11]


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


_SLOTS: Mapping[str, Callable[[random.Random], str]] = {
    "product": lambda rng: rng.choice(_PRODUCTS),
    "item": lambda rng: rng.choice(_PRODUCTS_EN),
    "capo": lambda rng: rng.choice(_PRODUCTS_IT),
    "colour": lambda rng: rng.choice(_COLOURS),
    "city": lambda rng: rng.choice(_CITIES),
    "name": lambda rng: rng.choice(_NAMES),
    "day": lambda rng: rng.choice(_DAYS),
    "date": lambda rng: rng.choice(_DAYS_EN),
    "giorno": lambda rng: rng.choice(_DAYS_IT),
    "time": lambda rng: rng.choice(_TIMES),
    "size": lambda rng: rng.choice(("36", "37.5", "38", "40", "42", "S", "M", "L", "均码", "34")),
    "taglia": lambda rng: rng.choice(("36", "37.5", "38", "40", "42", "S", "M", "L")),
    "price": lambda rng: str(rng.randrange(8, 420) * 50),
    "number": lambda rng: str(rng.randrange(2, 9)),
    "order": lambda rng: "SM" + _digits(rng, 10),
    "tracking": lambda rng: rng.choice(("SF", "YT", "JD")) + _digits(rng, 13),
    "sku": lambda rng: rng.choice(_LETTERS) + _digits(rng, 6),
    "phone": lambda rng: "1" + rng.choice("3578") + "0" + _digits(rng, 8),
    "card": card_number,
    "id": identity_number,
    "passport": lambda rng: "E" + rng.choice("ABCDEFGH") + _digits(rng, 7),
    "address": lambda rng: (
        f"{rng.choice(_CITIES)}市{rng.choice(_ROADS)}{rng.randrange(1, 400)}号"
        f"{rng.randrange(1, 30)}栋{rng.randrange(101, 2800)}室"
    ),
    "street": lambda rng: (
        f"{rng.choice(('Maple Road', 'Via dei Platani', 'Elm Court', 'Via Larga Nuova'))} {rng.randrange(1, 200)}"
    ),
}

"""The consumers of the sandbox's world: fictional people with an identifier for every app."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from seta_sandbox.kit.keys import ALPHANUMERIC, DIGITS, Keyring

# key, name, gender (1 male, 2 female), language, city
PEOPLE: Sequence[tuple[str, str, int, str, str]] = (
    ("chenxiao", "陈晓", 2, "zh_CN", "上海"),
    ("wangyutong", "王雨桐", 2, "zh_CN", "杭州"),
    ("lihaoran", "李浩然", 1, "zh_CN", "北京"),
    ("zhangmengqi", "张梦琪", 2, "zh_CN", "成都"),
    ("liuziyang", "刘子阳", 1, "zh_CN", "深圳"),
    ("zhaojiayi", "赵佳怡", 2, "zh_CN", "南京"),
    ("huangzihan", "黄梓涵", 2, "zh_TW", "台北"),
    ("zhouyichen", "周奕辰", 1, "zh_CN", "广州"),
    ("wusiqi", "吴思琪", 2, "zh_CN", "苏州"),
    ("xuruoxi", "徐若曦", 2, "zh_CN", "武汉"),
    ("sunhaoyu", "孙浩宇", 1, "zh_CN", "西安"),
    ("linzhiwei", "林志伟", 1, "zh_HK", "香港"),
    ("hejingwen", "何静雯", 2, "zh_CN", "青岛"),
    ("emilytan", "Emily Tan", 2, "en", "新加坡"),
)


@dataclass(frozen=True)
class Consumer:
    """One consumer. `openids` has one openid per appid; `key` names the person in control bodies."""

    key: str
    name: str
    openids: dict[str, str]
    unionid: str
    external_userid: str
    alipay_user_id: str
    language: str
    gender: int = 2
    city: str = ""
    phone: str = ""
    identifiers: frozenset[str] = field(default_factory=frozenset)


def make_people(keys: Keyring, appids: Sequence[str]) -> list[Consumer]:
    """The consumers, the same for one keyring whatever the world's seed."""
    return [_make(keys, appids, *row) for row in PEOPLE]


def _make(
    keys: Keyring, appids: Sequence[str], key: str, name: str, gender: int, language: str, city: str
) -> Consumer:
    openids = {appid: "o" + keys.secret(f"openid/{appid}/{key}", 27, ALPHANUMERIC + "-_") for appid in appids}
    unionid = "o" + keys.secret(f"unionid/{key}", 27, ALPHANUMERIC + "-_")
    external_userid = "wm" + keys.secret(f"external/{key}", 30)
    alipay_user_id = "2088" + keys.secret(f"alipay/{key}", 12, DIGITS)
    return Consumer(
        key=key,
        name=name,
        openids=openids,
        unionid=unionid,
        external_userid=external_userid,
        alipay_user_id=alipay_user_id,
        language=language,
        gender=gender,
        city=city,
        phone="1380000" + keys.secret(f"phone/{key}", 4, DIGITS),
        identifiers=frozenset({key, name, unionid, external_userid, alipay_user_id, *openids.values()}),
    )


def make_crowd(keys: Keyring, appids: Sequence[str], count: int) -> list[Consumer]:
    """More consumers, for scenes that need many: `crowd-001` and on, the same for one keyring."""
    return [
        _make(keys, appids, f"crowd-{number:03}", f"客人{number:03}", 1 + number % 2, "zh_CN", "上海")
        for number in range(1, count + 1)
    ]

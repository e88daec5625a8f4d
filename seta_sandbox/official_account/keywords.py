"""Subscribe messages: what each kind of keyword may hold, refused with 47003 as WeChat words it."""

import re
from typing import Any

from seta_sandbox.kit.errors import ApiError

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}日)"
_MOMENT = rf"({_DAY}( ?{_CLOCK})?|{_CLOCK})"
_HAN = r"[\u3400-\u9fff·]"
RULES: dict[str, re.Pattern[str]] = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "number": re.compile(r"-?\d{1,32}|(?=.{3,33}$)-?\d+\.\d+"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[\x21-\x7e]{1,32}"),
    "time": re.compile(rf"{_MOMENT}(~{_MOMENT})?"),
    "date": re.compile(rf"{_DAY}( ?{_CLOCK})?(~{_DAY}( ?{_CLOCK})?)?"),
    "amount": re.compile(r"[¥￥$€£]?\d{1,3}(,\d{3})+(\.\d{1,2})?元?|[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": re.compile(r"[\d+() -]{1,17}"),
    "car_number": re.compile(r".{1,8}"),
    "name": re.compile(rf"{_HAN}{{1,10}}|[A-Za-z .'-]{{1,20}}"),
    "phrase": re.compile(rf"{_HAN}{{1,5}}"),
    "enum": re.compile(r".{1,20}"),
}


def check_data(data: Any) -> dict[str, str]:
    """The values by keyword; raises ApiError 47003 for the first that WeChat would refuse."""
    if not isinstance(data, dict) or not data:
        raise ApiError(47003, "argument invalid! data is empty")
    values = {}
    for keyword, holder in data.items():
        value = holder.get("value") if isinstance(holder, dict) else None
        if value is None or not str(value).strip():
            raise ApiError(47003, f"argument invalid! data.{keyword}.value is empty")
        rule = RULES.get(re.sub(r"\d+$", "", keyword))
        if rule is None or not rule.fullmatch(str(value)):
            raise ApiError(47003, f"argument invalid! data.{keyword}.value invalid")
        values[keyword] = str(value)
    return values

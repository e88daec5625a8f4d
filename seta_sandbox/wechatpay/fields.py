"""Read a request's JSON fields and refuse with PARAM_ERROR naming the one that is wrong."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from seta_sandbox.wechatpay import errors

OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-*]{6,32}")
OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
AUTH_CODE = re.compile(r"1[0-5]\d{16}")
DESCRIPTION_CHARACTERS_MAX = 127
AMOUNT_MAX = 10**11
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def document(body: bytes) -> dict[str, Any]:
    """The body as a JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise errors.Refusal(400, "PARAM_ERROR", "无法将输入源解析为JSON") from None
    if not isinstance(found, dict):
        raise errors.Refusal(400, "PARAM_ERROR", "请求体应为JSON对象")
    if not is_text(body, found):
        raise errors.Refusal(400, "PARAM_ERROR", "请求体含有无法编码的字符")
    return found


def is_text(raw: bytes, found: Any) -> bool:
    """Whether every string of a JSON document can be written again: half of a surrogate pair cannot."""
    if b"\\ud" not in raw.lower():
        return True
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def find(body: dict[str, Any], path: str) -> Any:
    """The value at a dotted path, None where nothing is."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(
    body: dict[str, Any],
    path: str,
    *,
    required: bool = True,
    length_max: int = 256,
    pattern: re.Pattern[str] | None = None,
) -> str:
    """A string, `""` when it is optional and absent; the length counts characters."""
    value = find(body, path)
    if value is None or value == "":
        if required:
            raise errors.parameter(path, "缺少必填字段")
        return ""
    if not isinstance(value, str):
        raise errors.parameter(path, "应为字符串", value)
    if len(value) > length_max:
        raise errors.parameter(path, f"长度超过{length_max}", value)
    if pattern is not None and not pattern.fullmatch(value):
        raise errors.parameter(path, "格式不符合要求", value)
    return value


def amount(body: dict[str, Any], path: str) -> int:
    """A positive integer in minor units; a decimal or a string is refused as the provider refuses it."""
    value = find(body, path)
    if value is None:
        raise errors.parameter(path, "缺少必填字段")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= AMOUNT_MAX:
        raise errors.parameter(path, "应为大于0的整数", value)
    return value


def notify_url(body: dict[str, Any], *, required: bool) -> str:
    """Where notifications go: https without a query; plain http only on this machine, for which there is no CA."""
    url = text(body, "notify_url", required=required)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise errors.parameter("notify_url", "不是有效的地址", url) from None
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_allowed or not parts.netloc or parts.query:
        raise errors.parameter("notify_url", "应为不带参数的https地址", url)
    return url

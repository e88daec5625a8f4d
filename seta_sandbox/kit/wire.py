"""The two data formats of messages: WeChat's XML and plain JSON objects in request bodies."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request

from seta_sandbox.kit.errors import ApiError


class WireError(ValueError):
    """Text that is not the XML it should be."""


def to_xml(fields: Mapping[str, Any], root: str = "xml") -> str:
    """WeChat's XML: text in CDATA, numbers bare, a list under `item` children (a list called `item` is those)."""
    return f"<{root}>{''.join(_element(name, value) for name, value in fields.items())}</{root}>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return to_xml(value, name)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if name == "item":
            return "".join(_element(name, item) for item in value)
        return f"<{name}>{''.join(_element('item', item) for item in value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    text = str(value)
    return f"<{name}>{escape(text)}</{name}>" if "]]>" in text else f"<{name}><![CDATA[{text}]]></{name}>"


def from_xml(text: str) -> dict[str, Any]:
    """The fields of an `<xml>` document; children named `item` become a list. Raises WireError."""
    try:
        root = fromstring(text.strip())
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise WireError(f"not XML: {error}") from None
    value = _value(root)
    if not isinstance(value, dict):
        raise WireError("an XML document without fields")
    return value


def _value(element: Element) -> Any:
    children = list(element)
    if not children:
        return (element.text or "").strip()
    if all(child.tag == "item" for child in children):
        return [_value(child) for child in children]
    return {child.tag: _value(child) for child in children}


def _finite(number: str) -> float:
    """A number that JSON can answer with: infinities and NaN are none."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"not a JSON number: {number}")
    return value


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object of a POST; raises ApiError 44002 for an empty body and 47001 for anything else."""
    raw = await request.body()
    if not raw:
        raise ApiError(44002, "empty post data")
    try:
        body = json.loads(raw, parse_float=_finite, parse_constant=_finite)
        if b"\\ud" in raw.lower():
            # Half of a surrogate pair is no text: it could be kept but never be answered with.
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiError(47001, "data format error") from None
    if not isinstance(body, dict):
        raise ApiError(47001, "data format error")
    return body


def text(body: Mapping[str, Any], name: str, errcode: int = 47001) -> str:
    """A required, non-empty string field; raises ApiError with the given code."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(errcode, f"invalid or missing {name}")
    return value

"""Reading of a pushed body, which the account's owner may have set to XML or to JSON."""

import json
from typing import Any

from seta.platforms.core.xml import BODY_BYTES_MAX, MalformedXml, parse_xml


def parse_push(body: bytes) -> dict[str, Any]:
    """Return the fields of a pushed body, XML or JSON; MalformedXml (a ValueError) when it is neither."""
    if len(body) > BODY_BYTES_MAX:
        raise MalformedXml("body is larger than 1 MB")
    if not body.lstrip().startswith(b"{"):
        return parse_xml(body)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedXml("body is neither XML nor JSON") from error
    if not isinstance(fields, dict):
        raise MalformedXml("body is not an object")
    return fields

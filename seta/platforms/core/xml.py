"""Small, safe XML for platform messages: no DTD, no entities, bounded size and depth."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

BODY_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 16
ELEMENTS_MAX = 10_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}\Z")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class MalformedXml(ValueError):
    """A body that is not the small, plain XML which platforms send."""


class _Reader:
    """Builds nested dictionaries from expat's calls, refusing what a message never contains."""

    def __init__(self) -> None:
        self.root: dict[str, Any] | str = ""
        self._stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._stack) >= DEPTH_MAX or self._elements > ELEMENTS_MAX:
            raise MalformedXml("XML is nested too deeply or has too many elements")
        self._stack.append((name, {}, []))

    def text(self, data: str) -> None:
        self._stack[-1][2].append(data)

    def end(self, name: str) -> None:
        _, children, texts = self._stack.pop()
        value: dict[str, Any] | str = children or "".join(texts)
        if self._stack:
            _add(self._stack[-1][1], name, value)
        else:
            self.root = value

    def refuse(self, *_: object) -> int:
        raise MalformedXml("XML must not carry a DTD or entities")


def parse_xml(body: bytes) -> dict[str, Any]:
    """Return the children of the root element: text as str, nested elements as dict, repeated ones as list.

    Raises MalformedXml for anything over 1 MB, deeper than 16, with a DTD, or not well formed.
    """
    if len(body) > BODY_BYTES_MAX:
        raise MalformedXml("XML is larger than 1 MB")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.ExternalEntityRefHandler = reader.refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise MalformedXml(f"XML is not well formed: {error}") from error
    except (ValueError, LookupError) as error:
        raise MalformedXml(str(error)) from error
    if not isinstance(reader.root, dict):
        raise MalformedXml("XML has no fields")
    return reader.root


def to_xml(fields: Mapping[str, Any], root: str = "xml") -> str:
    """Write fields in their order: int bare, text as CDATA, mappings nested, sequences as repeated elements.

    Characters which XML 1.0 cannot carry are dropped, as WeChat drops them.
    """
    start, end = _tags(root)
    return f"{start}{''.join([_element(name, value) for name, value in fields.items()])}{end}"


def _element(name: str, value: Any) -> str:
    # Text first, since nearly every field is text and asking for a Mapping is slow.
    if isinstance(value, str):
        start, end = _tags(name)
        return f"{start}{_cdata(value)}{end}"
    if isinstance(value, int):
        start, end = _tags(name)
        return f"{start}{value}{end}"
    if isinstance(value, list | tuple):
        return "".join(_element(name, item) for item in value)
    assert isinstance(value, Mapping), f"cannot write {type(value).__name__} as XML"
    return to_xml(value, name)


@lru_cache(1_000)
def _tags(name: str) -> tuple[str, str]:
    assert _NAME.match(name), f"not an element name: {name!r}"
    return f"<{name}>", f"</{name}>"


def _cdata(text: str) -> str:
    # All that is forbidden is unprintable, and Python knows that of a text at a glance; a search takes 20 times longer.
    clean = text if text.replace("\n", "").isprintable() else _FORBIDDEN.sub("", text)
    if "]]>" in clean or "\r" in clean:
        # CDATA cannot hold its own end, nor keep a carriage return; plain escaping can.
        return escape(clean, {"\r": "&#13;"})
    return f"<![CDATA[{clean}]]>"


def _add(fields: dict[str, Any], name: str, value: dict[str, Any] | str) -> None:
    if name not in fields:
        fields[name] = value
    elif isinstance(fields[name], list):
        fields[name].append(value)
    else:
        fields[name] = [fields[name], value]

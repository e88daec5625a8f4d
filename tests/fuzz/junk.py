"""Seeded junk: bytes, texts and JSON of the wrong kind, always the same for a seed."""

import json
import random
from typing import Any

BODIES = (
    b"", b"{", b"}", b"null", b"[]", b"1", b'"text"', b"true", b"\x00", b"\xff\xfe", b"{'a': 1}", b'{"a":}',
    b"[" * 20_000, b'{"a":' * 20_000, b"<xml></xml>", b"<xml><a>", b"<!DOCTYPE x [<!ENTITY y 'z'>]><xml>&y;</xml>",
    b"a=b&c", b"%00%ff", b"9" * 5_000, b'{"a": ' + b"9" * 5_000 + b"}", b"\xef\xbb\xbf[]", b"{}{}", b"NaN",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, [], {}, -1, 2**70, 1.5, "", " ", "\x00", "\ud800", "x" * 5_000, [[]], [None], [{}], {"": None},
    "🙂" * 300, "../../etc/passwd", "'; drop table x; --", "<b>", [1, "a", None], {"a": {"b": {"c": []}}},
)  # fmt: skip
TEXTS = (
    "",
    "x",
    "\x00",
    "🙂",
    "%",
    "a" * 3_000,
    "undefined",
    "null",
    "-1",
    "1e9",
    "' or 1=1",
    "../..",
    "中文",
    "&",
    "=",
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")
TYPES = (
    b"application/json", b"text/xml", b"application/x-www-form-urlencoded", b"multipart/form-data",
    b"multipart/form-data; boundary=x", b"", b"\xff", b"text/plain; charset=klingon",
)  # fmt: skip


class Junk:
    """A source of junk."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def noise(self, length_max: int = 400) -> bytes:
        """Random bytes."""
        return self.random.randbytes(self.random.randrange(length_max))

    def body(self) -> bytes:
        """A body that is not a JSON object."""
        return self.random.choice(BODIES) if self.random.random() < 0.7 else self.noise()

    def text(self) -> str:
        """A text that means nothing."""
        return self.random.choice(TEXTS)

    def wrong_object(self, words: list[str], depth: int = 2) -> dict[str, Any]:
        """A JSON object of known field names whose values cannot be right."""
        names = self.random.sample(words, self.random.randrange(1, 6))
        return {name: self._wrong(words, depth) for name in names}

    def _wrong(self, words: list[str], depth: int) -> Any:
        if depth and self.random.random() < 0.3:
            return self.wrong_object(words, depth - 1)
        return self.random.choice(VALUES)

    def cut(self, body: bytes) -> bytes:
        """The same with a piece missing, doubled or replaced."""
        start = self.random.randrange(len(body) or 1)
        end = min(len(body), start + self.random.randrange(1, 40))
        middle = self.random.choice((b"", body[start:end] * 2, self.noise(40)))
        return body[:start] + middle + body[end:]

    def content_type(self) -> tuple[bytes, bytes]:
        """A header that names some type of content."""
        return b"content-type", self.random.choice(TYPES)


def dumps(value: Any) -> bytes:
    """JSON, with what JSON cannot say said all the same."""
    return json.dumps(value).encode()

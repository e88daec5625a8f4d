"""The few marks that words may carry, read into parts; whatever is not one of them stays the letters it is.

An empty line ends a paragraph; `## ` begins a heading and `- ` an item of a list; `**words**` are strong, and
`[words](target)` leads to an address or, as `place:duomo` or `product:SCARF`, to a page of the mini program.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]{1,500})\*\*|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<to>[^\s()]{1,500})\)"
)
_INSIDE = re.compile(r"(place|product):[A-Za-z0-9_:.-]{1,80}")


@dataclass(frozen=True)
class Span:
    """Words in one manner; `target` is where they lead."""

    words: str
    strong: bool = False
    target: str = ""


@dataclass(frozen=True)
class Part:
    """A paragraph `p`, a heading `h` or an item `li`."""

    kind: str
    spans: tuple[Span, ...]


def parts(text: str) -> list[Part]:
    """The parts of a text, in order; never fails."""
    found: list[Part] = []
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            found.append(Part("p", spans("\n".join(paragraph))))
            paragraph.clear()

    for line in text.split("\n"):
        line = line.strip()
        kind, rest = (
            ("h", line[3:])
            if line.startswith("## ")
            else ("li", line[2:])
            if line.startswith("- ")
            else ("", "")
        )
        if kind:
            close()
            found.append(Part(kind, spans(rest.strip())))
        elif line:
            paragraph.append(line)
        else:
            close()
    close()
    return found


def spans(text: str) -> tuple[Span, ...]:
    """The words of a part with their manners."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    begin = 0
    for match in _INLINE.finditer(text):
        if match.start() > begin:
            yield Span(text[begin : match.start()])
        begin = match.end()
        if match["strong"]:
            yield Span(match["strong"], strong=True)
        else:
            yield Span(match["words"], target=match["to"])
    if begin < len(text):
        yield Span(text[begin:])


def targets(text: str) -> list[str]:
    """Where a text leads, in order, each once."""
    found = (span.target for part in parts(text) for span in part.spans if span.target)
    return list(dict.fromkeys(found))


def is_inside(target: str) -> bool:
    """Whether a target names a place or product of ours."""
    return _INSIDE.fullmatch(target) is not None


def is_address(target: str) -> bool:
    """Whether a target is an address that anybody may be led to: https, with a host that has a name."""
    if any(character in target for character in "\\\"'<>`") or not target.isascii():
        return False
    try:
        split = urlsplit(target)
        host, port = split.hostname or "", split.port
    except ValueError:
        return False
    named = "." in host and not host.replace(".", "").isdigit()
    return split.scheme == "https" and named and not split.username and (port is None or port == 443)

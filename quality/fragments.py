"""Reads hand-written fragments and says for each, by the hash of its core alone, whether it is sealed."""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
TUNING = FOLDER / "tuning"
SEALED = FOLDER / "sealed"
LANGUAGES = ("zh", "en", "it")
CATEGORIES = (
    "discount",
    "payment",
    "off_platform",
    "grey_market",
    "unapproved",
    "pii",
    "ad_law",
    "rude",
    "confidential",
    "kickback",
    "counterfeit",
    "complaint",
)
SEVERITIES = ("high", "medium", "low")
KINDS = ("direct", "hit", "near", "lead", "ordinary", "answer")
BREACHES = ("direct", "hit")
_HEAD = re.compile(r"@ (\w+) (\w+) (zh|en|it)(?: (high|medium|low))?(?: (\w+))?")
_SALT = "seta quality 1|"


@dataclass(frozen=True)
class Fragment:
    """One hand-written message, or for ordinary talk one exchange; `span` is the part that makes it a breach."""

    kind: str
    category: str
    language: str
    severity: str
    turns: tuple[tuple[str, str], ...]
    span: str = ""
    also: tuple[str, ...] = ()
    channel: str = "wecom_1to1"
    head: str = field(default="", compare=False)
    source: str = field(default="", compare=False)

    @property
    def core(self) -> str:
        """What the split hashes: the marked words, or the first line where nothing is marked."""
        return re.sub(r"\W", "", self.span or self.turns[0][1]).casefold()

    @property
    def sealed(self) -> bool:
        """Whether the fragment lies on the sealed side; every disguise of one core lies on one side."""
        return bool(hashlib.sha256((_SALT + self.core).encode()).digest()[0] & 1)


def read(text: str) -> Iterator[Fragment]:
    """Fragments of a text in the format that quality/README.md describes; raises ValueError naming the line."""
    head, turns = "", list[tuple[str, str]]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        line = line.strip()
        if line.startswith("@"):
            if not _HEAD.fullmatch(line):
                raise ValueError(f"line {number}: {line!r} is no section head")
            head = line
        elif _kind(head) == "ordinary":
            if line:
                turns.append(_turn(line, "client"))
            elif turns:
                yield _fragment(head, turns, number)
                turns = []
        elif line and not line.startswith("#"):
            yield _fragment(head, [_turn(line, _speaker(head))], number)


def load(*, sealed: bool) -> list[Fragment]:
    """Every fragment of one side, in a fixed order."""
    if sealed:
        return list(read(gzip.decompress((SEALED / "fragments.txt.gz").read_bytes()).decode()))
    return [
        each
        for path in sorted((TUNING / "fragments").glob("*.txt"))
        for each in read(path.read_text("utf-8"))
    ]


def written(fragments: Iterable[Fragment]) -> str:
    """The fragments in the format that `read` reads."""
    lines: list[str] = []
    last = ""
    for each in fragments:
        if each.head != last:
            lines += ["", each.head] if lines else [each.head]
            last = each.head
        lines.append(each.source)
        if each.kind == "ordinary":
            lines.append("")
    return "\n".join(lines).strip() + "\n"


def _kind(head: str) -> str:
    return head.split()[1] if head else ""


def _speaker(head: str) -> str:
    kind, category = head.split()[1:3] if head else ("", "")
    client = kind in ("lead", "answer") or (category == "complaint" and kind in BREACHES)
    return "client" if client else "sa"


def _turn(line: str, usual: str) -> tuple[str, str]:
    for mark, sender in (("c: ", "client"), ("s: ", "sa")):
        if line.startswith(mark):
            return sender, line.removeprefix(mark)
    return usual, line


def _fragment(head: str, turns: list[tuple[str, str]], number: int) -> Fragment:
    found = _HEAD.fullmatch(head)
    if found is None:
        raise ValueError(f"line {number}: a fragment before any section head")
    kind, category, language, severity, channel = found.groups()
    if kind not in KINDS or category not in (*CATEGORIES, "talk"):
        raise ValueError(f"line {number}: {head!r} names no kind or category of the set")
    marks = {"client": "c: ", "sa": "s: "}
    plain = kind == "ordinary" or turns[0][0] != _speaker(head)
    source = "\n".join((marks[who] if plain else "") + text for who, text in turns)
    span, also, clean = "", tuple[str, ...](), []
    for who, text in turns:
        text, _, labels = text.partition(" ||")
        also = tuple(labels.split()) or also
        marked = re.search(r"〔(.+?)〕", text)
        span = marked.group(1) if marked else span
        clean.append((who, text))
    if kind in BREACHES and not span:
        raise ValueError(f"line {number}: a breach without its words marked: {turns[0][1]}")
    if set(also) - set(CATEGORIES):
        raise ValueError(f"line {number}: unknown label {also}")
    return Fragment(
        kind,
        category,
        language,
        severity or "",
        tuple(clean),
        span,
        also,
        channel or "wecom_1to1",
        head,
        source,
    )

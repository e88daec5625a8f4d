"""What an article is made of: blocks in one order for all languages, read from rows and from forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LANGUAGES = ("zh", "en", "it")
KINDS = ("text", "picture", "place", "product")
FIRST = LANGUAGES[0]
"""The language that no article can do without: what clients of the account read."""

TITLE_CHARS_MAX = 64
SUMMARY_CHARS_MAX = 120
AUTHOR_CHARS_MAX = 16
TEXT_CHARS_MAX = 5000
BLOCKS_MAX = 60

_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
_REFERENCE = re.compile(r"[A-Za-z0-9_:.-]{1,80}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Block:
    """One piece of the body: words, a picture by its number, or the card of a place or product by its code."""

    kind: str
    text: Words = field(default_factory=dict)
    picture: int | None = None
    code: str = ""

    @property
    def target(self) -> str:
        """Where a card leads, as a link of the words would say it; empty for words and pictures."""
        return f"{self.kind}:{self.code}" if self.kind in ("place", "product") else ""


@dataclass(frozen=True)
class Content:
    """An article as it is written; a language is whole once nothing of it is missing."""

    title: Words = field(default_factory=dict)
    summary: Words = field(default_factory=dict)
    author: str = ""
    cover: int | None = None
    blocks: tuple[Block, ...] = ()

    def missing(self, language: str) -> tuple[int, ...]:
        """What lacks words in a language: 0 for title or summary, and the numbers of text blocks from 1."""
        head = () if self.title.get(language) and self.summary.get(language) else (0,)
        texts = (
            number
            for number, block in enumerate(self.blocks, 1)
            if block.kind == "text" and not block.text.get(language)
        )
        return (*head, *texts)

    def whole_in(self) -> tuple[str, ...]:
        """The languages it can be read in."""
        return tuple(language for language in LANGUAGES if self.blocks and not self.missing(language))

    def pictures(self) -> tuple[int, ...]:
        """The numbers of its pictures, the cover's first, each once."""
        shown = (self.cover, *(block.picture for block in self.blocks if block.kind == "picture"))
        return tuple(dict.fromkeys(number for number in shown if number is not None))

    def as_json(self) -> dict[str, Any]:
        """As a row keeps it; `read` gives the same content back."""
        blocks = [
            {"kind": block.kind, "text": dict(block.text), "picture": block.picture, "code": block.code}
            for block in self.blocks
        ]
        return {
            "title": dict(self.title),
            "summary": dict(self.summary),
            "author": self.author,
            "cover": self.cover,
            "blocks": blocks,
        }


def read(given: Mapping[str, Any]) -> Content:
    """Content as a row keeps it."""
    blocks = tuple(
        Block(each["kind"], each.get("text", {}), each.get("picture"), each.get("code", ""))
        for each in given.get("blocks", ())
    )
    return Content(
        given.get("title", {}), given.get("summary", {}), given.get("author", ""), given.get("cover"), blocks
    )


def read_code(text: str) -> str | None:
    """An article's code as somebody wrote it, or None: 2 to 40 small letters, digits and hyphens."""
    code = text.strip().lower()
    return code if _CODE.fullmatch(code) else None


def read_form(given: Mapping[str, str]) -> Content:
    """Content as the desk's form sends it: `title_zh`, `cover`, `kind_1`, `text_1_zh`, `picture_1`, `code_1`...

    Never fails: what is no number, kind or code is left out, words are cut to their longest.
    """
    blocks: list[Block] = []
    for number in range(1, BLOCKS_MAX + 1):
        kind = given.get(f"kind_{number}", "")
        if kind not in KINDS:
            break
        text = _words(given, f"text_{number}", TEXT_CHARS_MAX) if kind in ("text", "picture") else {}
        code = given.get(f"code_{number}", "").strip()
        is_card = kind in ("place", "product") and _REFERENCE.fullmatch(code)
        picture = _number(given.get(f"picture_{number}", "")) if kind == "picture" else None
        blocks.append(Block(kind, text, picture, code if is_card else ""))
    return Content(
        title=_words(given, "title", TITLE_CHARS_MAX),
        summary=_words(given, "summary", SUMMARY_CHARS_MAX),
        author=_clean(given.get("author", ""), AUTHOR_CHARS_MAX),
        cover=_number(given.get("cover", "")),
        blocks=tuple(blocks),
    )


def arrange(content: Content, step: str) -> Content:
    """The content after a step with its blocks: `add:text`, `up:2`, `down:2`, `remove:2`; else as it was."""
    verb, _, what = step.partition(":")
    blocks = list(content.blocks)
    if verb == "add" and what in KINDS and len(blocks) < BLOCKS_MAX:
        blocks.append(Block(what))
    place = (_number(what) or 0) - 1
    if 0 <= place < len(blocks):
        other = place + {"up": -1, "down": 1}.get(verb, 0)
        if verb == "remove":
            del blocks[place]
        elif 0 <= other < len(blocks):
            blocks[place], blocks[other] = blocks[other], blocks[place]
    return replace(content, blocks=tuple(blocks))


def _words(given: Mapping[str, str], name: str, most: int) -> Words:
    written = {language: _clean(given.get(f"{name}_{language}", ""), most) for language in LANGUAGES}
    return {language: words for language, words in written.items() if words}


def _clean(text: str, most: int) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n")).strip()[:most].strip()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

"""Keeps the desk's words in three languages: which are used, which lack a translation, and the compiled files.

`python tools/messages.py` compiles every .po beside its .mo; `--missing` lists what is not translated and compiles
nothing.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "seta" / "site" / "locale"
SOURCES = ROOT / "seta" / "desk"
LANGUAGES = ("zh_Hans", "it")

_TRANSLATE = re.compile(r"""\{%-?\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
_BLOCK = re.compile(r"\{%\s*blocktranslate\b[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}

Message = str | tuple[str, ...]


def used() -> dict[Message, str]:
    """Every message of the desk's templates and code, with a file that uses it."""
    found: dict[Message, str] = {}
    for path in sorted(SOURCES.rglob("*.html")):
        for message in _in_template(path.read_text(encoding="utf-8")):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for path in sorted(SOURCES.rglob("*.py")):
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords=_KEYWORDS):
                found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _in_template(text: str) -> Iterator[Message]:
    for match in _TRANSLATE.finditer(text):
        yield match[1] if match[1] is not None else match[2]
    for match in _BLOCK.finditer(text):
        parts = [_VARIABLE.sub(r"%(\1)s", part.replace("%", "%%")) for part in _PLURAL.split(match[1])]
        yield parts[0] if len(parts) == 1 else tuple(parts)


def catalog(language: str) -> Catalog:
    """A language's .po file."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def missing(language: str) -> list[Message]:
    """Messages in use that the language has no words for."""
    known = catalog(language)
    lacking = []
    for message in used():
        key = message if isinstance(message, str) else message[0]
        entry = known.get(key)
        strings = [] if entry is None else [entry.string] if isinstance(entry.string, str) else entry.string
        if entry is None or entry.fuzzy or not strings or not all(strings):
            lacking.append(message)
    return lacking


def unused(language: str) -> list[str]:
    """Messages of the .po file that nothing uses any more."""
    keys = {message if isinstance(message, str) else message[0] for message in used()}
    entries = [
        entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalog(language) if entry.id
    ]
    return [key for key in entries if key not in keys]


def compiled(language: str) -> bytes:
    """What the .mo file of a language must hold."""
    out = io.BytesIO()
    write_mo(out, catalog(language))
    return out.getvalue()


def mo_path(language: str) -> Path:
    """Where Django looks for a language's compiled words."""
    return LOCALE / language / "LC_MESSAGES" / "django.mo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compile, or list what is missing; 1 when something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true", help="list what has no translation")
    asked = parser.parse_args(arguments)
    lacks = 0
    for language in LANGUAGES:
        for message in missing(language):
            lacks += 1
            print(f"{language}: {message!r}")
        if not asked.missing:
            mo_path(language).write_bytes(compiled(language))
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main())

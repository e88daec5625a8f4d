"""How a client is found by a few letters or digits."""

from pypinyin import Style, lazy_pinyin

PHONE_TAIL_DIGITS = 4
SEES_ALL_CLIENTS = frozenset({"supervisor", "admin"})


def found_by(query: str, *, name: str, remark: str, phone_tail: str) -> bool:
    """Whether a client answers to a query: part of the name or remark, pinyin, initials, or the end of the phone."""
    wanted = "".join(query.casefold().split())
    if not wanted:
        return True
    if wanted.isdecimal() and phone_tail and (phone_tail.endswith(wanted) or wanted.endswith(phone_tail)):
        return True
    return any(wanted in form for text in (name, remark) if text for form in _forms(text))


def search_text(*names: str) -> str:
    """What a name and a remark are searched by: as written, in pinyin, by initials; one form a line."""
    return "\n".join(dict.fromkeys(form for name in names if name for form in _forms(name)))


def plain_query(query: str) -> str:
    """A query as `search_text` is written: no blanks, no capitals."""
    return "".join(query.casefold().split())


def _forms(text: str) -> tuple[str, str, str]:
    joined = "".join(text.casefold().split())
    syllables = lazy_pinyin(joined, style=Style.NORMAL)
    return joined, "".join(syllables), "".join(syllable[0] for syllable in syllables if syllable)

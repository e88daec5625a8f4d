"""Words in Chinese, English and Italian, and refusals that say them to whoever was refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

Words = Mapping[str, str]
"""The same thing said in `zh`, `en` and `it`."""
Named = TypeVar("Named", bound=StrEnum)


def in_language(words: Words, language: str, otherwise: str = "zh") -> str:
    """The words for a reader of `language`, such as `en` or `zh-hans`; those in `otherwise` for any other.

    >>> in_language({"zh": "您好", "en": "Hello", "it": "Buongiorno"}, "it-CH")
    'Buongiorno'
    """
    return words.get(language[:2].lower(), words[otherwise])


class NamedRefusal(Exception, Generic[Named]):
    """A step that is refused for a named reason and changed nothing; the caller shows `text(language)`.

    `detail` is what stands in the way, for the log; a class that shows it to people says so in its own `text`.
    """

    texts: ClassVar[Mapping[Any, Words]]
    otherwise: ClassVar[str] = "zh"

    def __init__(self, refusal: Named, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))
        self.refusal = refusal
        self.detail = detail

    def text(self, language: str) -> str:
        """What to do instead, in the caller's language."""
        return in_language(self.texts[self.refusal], language, self.otherwise)

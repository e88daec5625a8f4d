"""What articles tell: one can be read at the account, one cannot any more."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Fact):
    """An article can be read at the Official Account in a language."""

    name: ClassVar[str] = "articles.article.published"
    article_id: int
    code: str
    language: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(Fact):
    """An article can no longer be read at the Official Account in a language."""

    name: ClassVar[str] = "articles.article.withdrawn"
    article_id: int
    code: str
    language: str

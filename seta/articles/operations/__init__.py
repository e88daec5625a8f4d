"""Everything articles do: written, approved by a second person, published and taken back."""

from seta.articles.operations.drafting import keep_picture, save_article, start_article
from seta.articles.operations.publishing import cancel_publication, publish_article, withdraw_article
from seta.articles.operations.reviewing import approve_version, return_version, submit_article
from seta.articles.operations.sending import advance_due, hear_published, put_draft

__all__ = [
    "advance_due",
    "approve_version",
    "cancel_publication",
    "hear_published",
    "keep_picture",
    "publish_article",
    "put_draft",
    "return_version",
    "save_article",
    "start_article",
    "submit_article",
    "withdraw_article",
]

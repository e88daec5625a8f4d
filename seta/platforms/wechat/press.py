"""How an Official Account publishes and broadcasts: pictures of articles, the draft box, jobs and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seta.platforms.core.errors import PlatformError
from seta.platforms.wechat.credentials import App

PAGE = 20
GONE = frozenset({"40007", "53600"})
"""No such draft; no such article, or not any more."""
IN_PUBLICATION = "53503"
REPEATED = "45065"
"""A broadcast under the same `clientmsgid` within 24 hours; the answer names the one there is."""


@dataclass(frozen=True)
class Material:
    """A picture kept for good: its number, as a cover needs it, and its address."""

    media_id: str
    url: str


@dataclass(frozen=True)
class DraftArticle:
    """An article for the draft box; `source_url` is what its reader opens as the original."""

    title: str
    author: str
    digest: str
    content: str
    source_url: str
    cover_media_id: str


@dataclass(frozen=True)
class Job:
    """How publishing stands: 0 done, 1 running, 2 not original, 3 failed, 4 rejected, 5 deleted, 6 banned."""

    status: int
    article_id: str = ""
    url: str = ""


class Press(App):
    """The calls that publish; every method raises PlatformError."""

    def add_picture(self, content: bytes, *, filename: str) -> Material:
        """Keep a JPEG of at most 10 MB for good, for instance as a cover."""
        fields = self._api.upload(
            "/cgi-bin/material/add_material",
            filename=filename,
            content=content,
            media_type="image/jpeg",
            query={"type": "image"},
        )
        return Material(str(fields["media_id"]), str(fields.get("url", "")))

    def upload_article_picture(self, content: bytes, *, filename: str) -> str:
        """Upload a JPEG of at most 1 MB and return its address; an article may show no other addresses."""
        fields = self._api.upload(
            "/cgi-bin/media/uploadimg", filename=filename, content=content, media_type="image/jpeg"
        )
        return str(fields["url"])

    def draft_add(self, article: DraftArticle) -> str:
        """Put an article into the draft box; returns the draft's number."""
        payload = {
            "title": article.title,
            "author": article.author,
            "digest": article.digest,
            "content": article.content,
            "content_source_url": article.source_url,
            "thumb_media_id": article.cover_media_id,
            "need_open_comment": 0,
            "only_fans_can_comment": 0,
        }
        return str(self._api.post("/cgi-bin/draft/add", {"articles": [payload]})["media_id"])

    def publish_draft(self, media_id: str) -> str:
        """Ask that a draft be published; returns the job's number. 40007 once it was, 53503 while it is."""
        return str(self._api.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"])

    def publishing(self, publish_id: str) -> Job:
        """How a job stands."""
        return _job(self._api.post("/cgi-bin/freepublish/get", {"publish_id": publish_id}, idempotent=True))

    def published_from(self, source_url: str) -> Job | None:
        """The newest published article whose original is at `source_url`, of the last few; None when there is none."""
        given = {"offset": 0, "count": PAGE, "no_content": 1}
        fields = self._api.post("/cgi-bin/freepublish/batchget", given, idempotent=True)
        for item in fields.get("item", ()):
            for article in item.get("content", {}).get("news_item", ()):
                if article.get("content_source_url") == source_url and not article.get("is_deleted"):
                    return Job(0, str(item["article_id"]), str(article.get("url", "")))
        return None

    def delete_published(self, article_id: str) -> None:
        """Delete a published article with all it holds; one that is gone already is no error."""
        try:
            self._api.post(
                "/cgi-bin/freepublish/delete", {"article_id": article_id, "index": 0}, idempotent=True
            )
        except PlatformError as error:
            if error.code not in GONE:
                raise

    def broadcast_text(self, openids: Sequence[str], text: str, *, key: str) -> str:
        """Send a text of at most 600 characters to 2 to 10,000 followers; returns WeChat's number of it.

        `key` (at most 64 characters) makes a repetition within 24 hours answer the same number. 45066: it came
        within a minute; 45028: no quota.
        """
        return self._broadcast(openids, "text", {"content": text}, key)

    def broadcast_article(self, openids: Sequence[str], media_id: str, *, key: str) -> str:
        """Send a draft of the draft box to 2 to 10,000 followers; as `broadcast_text`."""
        return self._broadcast(openids, "mpnews", {"media_id": media_id}, key)

    def preview_text(self, wechat_id: str, text: str) -> None:
        """Show a text to one follower, by WeChat ID; no quota counts it. 40132: no such ID, 43004: no follower."""
        self._preview(wechat_id, "text", {"content": text})

    def preview_article(self, wechat_id: str, media_id: str) -> None:
        """Show a draft to one follower; as `preview_text`."""
        self._preview(wechat_id, "mpnews", {"media_id": media_id})

    def _broadcast(self, openids: Sequence[str], kind: str, content: Mapping[str, Any], key: str) -> str:
        payload = {"touser": list(openids), "msgtype": kind, kind: content, "clientmsgid": key}
        try:
            return str(self._api.post("/cgi-bin/message/mass/send", payload)["msg_id"])
        except PlatformError as error:
            if error.code == REPEATED and "msg_id" in error.answer:
                return str(error.answer["msg_id"])
            raise

    def _preview(self, wechat_id: str, kind: str, content: Mapping[str, Any]) -> None:
        self._api.post(
            "/cgi-bin/message/mass/preview", {"towxname": wechat_id, "msgtype": kind, kind: content}
        )


def _job(fields: Mapping[str, Any]) -> Job:
    detail = fields.get("article_detail") or {}
    items = detail.get("item") or [{}]
    return Job(
        int(fields["publish_status"]), str(fields.get("article_id", "")), str(items[0].get("article_url", ""))
    )

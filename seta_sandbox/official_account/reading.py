"""The page of an article as a reader sees it, and what a phone lists of an account's articles."""

from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.apps import App
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.records import Publication
from seta_sandbox.official_account.state import oa_of

DONE = 0
LISTED = 20
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src *; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
_BEIJING = timedelta(hours=8)
_NUMBERS = frozenset("12345678")
_STYLE = """body{margin:0;background:#fff;color:#16130f;font:17px/1.7 system-ui,"Noto Sans SC",sans-serif}
main{max-width:677px;margin:0 auto;padding:20px 18px 48px;overflow-wrap:anywhere}img{max-width:100%}
h1{margin:0 0 12px;font-size:22px;line-height:1.4}
.by{display:flex;flex-wrap:wrap;gap:2px 10px;margin:0 0 22px;color:#6e6e6e;font-size:15px}
.by b{font-weight:400;color:#576b95}.more{margin:32px 0 0;font-size:15px}.more a{color:#576b95}
[data-miniprogram-path]{cursor:pointer}"""


def article_url(world: World, article_id: str, index: int) -> str:
    """Where a published article is read."""
    return f"{world.base_url}/s/{article_id}/{index + 1}"


def listed(world: World, app: App) -> list[dict[str, Any]]:
    """What an account's page shows: its published articles, the newest first; addresses without the host."""
    account = oa_of(world).of(app.appid)
    jobs = [job for job in reversed(account.publications.values()) if job.status == DONE]
    return [
        {
            "title": article["title"],
            "digest": article["digest"],
            "at": job.at,
            "url": urlsplit(article_url(world, job.article_id, index)).path,
            "cover": f"/_material/{app.appid}/{article['thumb_media_id']}"
            if article["thumb_media_id"]
            else "",
        }
        for job in jobs[:LISTED]
        for index, article in enumerate(job.articles)
    ]


async def read(request: Request) -> Response:
    """An article's page, published or still a draft that was broadcast or previewed."""
    wanted = request.path_params
    app, articles, at = _readable(world_of(request), wanted["article_id"])
    index = int(wanted["index"]) - 1 if wanted["index"] in _NUMBERS else -1
    if app is None or not 0 <= index < len(articles):
        return Response("not found", status_code=404)
    return HTMLResponse(_page(app, articles[index], at), headers=HEADERS)


def _page(app: App, article: dict[str, Any], at: int) -> str:
    title, source = escape(article["title"]), article["content_source_url"]
    author = f"<span>{escape(article['author'])}</span>" if article["author"] else ""
    more = ""
    day = datetime.fromtimestamp(at, UTC) + _BEIJING
    if urlsplit(source).scheme in ("http", "https"):
        more = f'<p class="more"><a href="{escape(source)}" target="_blank" rel="noopener">阅读原文</a></p>'
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><main><h1>{title}</h1>"
        f'<p class="by">{author}<b>{escape(app.name)}</b><time>{day:%Y-%m-%d %H:%M}</time></p>'
        f"{article['content']}{more}</main></html>"
    )


def _readable(world: World, article_id: str) -> tuple[App | None, list[dict[str, Any]], int]:
    for appid, account in oa_of(world).accounts.items():
        if article_id in account.drafts:
            draft = account.drafts[article_id]
            return world.find_app(appid), draft.articles, draft.updated_at
        job = _published(account.publications.values(), article_id)
        if job is not None:
            return world.find_app(appid), job.articles, job.at
    return None, [], 0


def _published(jobs: Any, article_id: str) -> Publication | None:
    return next((job for job in jobs if job.article_id == article_id and job.status == DONE), None)


ROUTES: list[Route] = [Route("/s/{article_id}/{index}", read, methods=["GET"])]

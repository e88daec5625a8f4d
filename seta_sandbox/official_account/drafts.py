"""The draft box and publishing, with its PUBLISHJOBFINISH event."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account.acting import account_of
from seta_sandbox.official_account.common import caller, event, mapping, new_key, ok, rows, whole, words
from seta_sandbox.official_account.filtering import filtered
from seta_sandbox.official_account.reading import article_url
from seta_sandbox.official_account.records import Draft, Publication
from seta_sandbox.official_account.state import Account, oa_of

ARTICLES_MAX = 8
TITLE_CHARACTERS_MAX = 64
AUTHOR_CHARACTERS_MAX = 16
DIGEST_CHARACTERS_MAX = 128
CONTENT_CHARACTERS_MAX = 20_000
PAGE_MAX = 20
DONE, RUNNING, DELETED = 0, 1, 5
OUTCOMES = range(5)


async def add(request: Request) -> Response:
    """`POST /cgi-bin/draft/add {articles}`: one to eight articles."""
    _, world, account = caller(request)
    given = rows((await json_body(request)).get("articles"), 44003, most=ARTICLES_MAX)
    articles = [checked_article(world, account, article) for article in given]
    made = Draft(new_key(world, 64), articles, world.clock.unix(), world.clock.unix())
    account.drafts[made.media_id] = made
    return JSONResponse({"media_id": made.media_id})


def checked_article(world: World, account: Account, given: object) -> dict[str, Any]:
    """An article as the box keeps it; ApiError 45003 title, 45004 digest, 45002 content, 40007 cover."""
    article = mapping(given)
    kind = article.get("article_type", "news")
    if kind not in ("news", "newspic"):
        raise ApiError(40097, "invalid args: article_type")
    cover = article.get("thumb_media_id")
    if kind == "news" and (not isinstance(cover, str) or cover not in account.materials):
        raise ApiError(40007, "invalid media_id: thumb_media_id must be permanent")
    content = words(article.get("content"), 45002, most=CONTENT_CHARACTERS_MAX)
    if kind == "news" and not content:
        raise ApiError(44004, "empty content")
    flags = {
        key: whole(article.get(key, 0), 40097, high=1)
        for key in ("need_open_comment", "only_fans_can_comment")
    }
    return {
        "article_type": kind,
        "title": words(article.get("title"), 45003, least=1, most=TITLE_CHARACTERS_MAX),
        "author": words(article.get("author"), 45110, most=AUTHOR_CHARACTERS_MAX),
        "digest": words(article.get("digest"), 45004, most=DIGEST_CHARACTERS_MAX),
        "content": filtered(content, base_url=world.base_url),
        "content_source_url": words(article.get("content_source_url"), 45005, most=1024),
        "thumb_media_id": cover or "",
        "image_info": mapping(article.get("image_info") or {}),
        **flags,
    }


def _found(account: Account, body: dict[str, Any]) -> Draft:
    media_id = body.get("media_id")
    found = account.drafts.get(media_id) if isinstance(media_id, str) else None
    if found is None:
        raise ApiError(40007, "invalid media_id")
    return found


async def get(request: Request) -> Response:
    """`POST /cgi-bin/draft/get {media_id}`."""
    _, world, account = caller(request)
    draft = _found(account, await json_body(request))
    items = [
        {**article, "url": article_url(world, draft.media_id, index)} for index, article in _numbered(draft)
    ]
    return JSONResponse({"news_item": items})


def _numbered(draft: Draft) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(draft.articles))


async def update(request: Request) -> Response:
    """`POST /cgi-bin/draft/update {media_id, index, articles}`: one article."""
    _, world, account = caller(request)
    body = await json_body(request)
    draft = _found(account, body)
    index = whole(body.get("index", 0), 40114)
    if index >= len(draft.articles):
        raise ApiError(40114, "invalid index value")
    draft.articles[index] = checked_article(world, account, body.get("articles"))
    draft.updated_at = world.clock.unix()
    return ok()


async def delete(request: Request) -> Response:
    """`POST /cgi-bin/draft/delete {media_id}`: 48005 while it is being published."""
    _, _, account = caller(request)
    draft = _found(account, await json_body(request))
    if any(job.media_id == draft.media_id and job.status == RUNNING for job in account.publications.values()):
        raise ApiError(48005, "the draft is in use")
    del account.drafts[draft.media_id]
    return ok()


async def count(request: Request) -> Response:
    """`GET /cgi-bin/draft/count`."""
    _, _, account = caller(request)
    return JSONResponse({"total_count": len(account.drafts)})


async def batch(request: Request) -> Response:
    """`POST /cgi-bin/draft/batchget {offset, count, no_content}`: at most 20, the newest first."""
    _, _, account = caller(request)
    body = await json_body(request)
    offset, size = whole(body.get("offset")), whole(body.get("count"), low=1, high=PAGE_MAX)
    found = list(reversed(account.drafts.values()))
    items = [
        {
            "media_id": draft.media_id,
            "content": {"news_item": without_content(draft.articles, body), "create_time": draft.created_at,
                        "update_time": draft.updated_at},
            "update_time": draft.updated_at,
        }
        for draft in found[offset : offset + size]
    ]  # fmt: skip
    return JSONResponse({"total_count": len(found), "item_count": len(items), "item": items})


def without_content(articles: list[dict[str, Any]], body: dict[str, Any]) -> list[dict[str, Any]]:
    """The articles, without their content when `no_content` is 1."""
    if body.get("no_content") != 1:
        return articles
    return [{key: value for key, value in article.items() if key != "content"} for article in articles]


async def submit(request: Request) -> Response:
    """`POST /cgi-bin/freepublish/submit {media_id}`: a job whose end PUBLISHJOBFINISH tells."""
    app, world, account = caller(request)
    draft = _found(account, await json_body(request))
    if any(job.media_id == draft.media_id and job.status == RUNNING for job in account.publications.values()):
        raise ApiError(53503, "the draft did not pass the publication check: it is being published")
    number = oa_of(world).next_number()
    made = Publication(
        publish_id=2_247_483_647 + number,
        article_id=new_key(world, 40),
        media_id=draft.media_id,
        articles=draft.articles,
        status=RUNNING,
        at=world.clock.unix(),
        msg_data_id=2_650_000_000 + number,
    )
    account.publications[made.publish_id] = made
    planned = account.publish_plan.pop(0) if account.publish_plan else DONE
    if planned != RUNNING:
        finish(world, app, made, planned)
    return ok(publish_id=str(made.publish_id), msg_data_id=made.msg_data_id)


def finish(world: World, app: App, job: Publication, status: int) -> None:
    """End a job: a success empties its draft out of the box; the event goes out."""
    job.status = status
    if status == DONE:
        oa_of(world).of(app.appid).drafts.pop(job.media_id, None)
    world.inbox.touch()
    fields = event(
        world, app, app.original_id, "PUBLISHJOBFINISH", PublishEventInfo=_report(world, job, pushed=True)
    )
    push(world, app, "", fields)


def _report(world: World, job: Publication, *, pushed: bool = False) -> dict[str, Any]:
    report: dict[str, Any] = {"publish_id": job.publish_id, "publish_status": job.status}
    if job.status in (DONE, DELETED):
        items = [{"idx": number + 1, "article_url": article_url(world, job.article_id, number)}
                 for number in range(len(job.articles))]  # fmt: skip
        report["article_id"] = job.article_id
        report["article_detail"] = {"count": len(items), "item": items}
    failed = [] if job.status in (DONE, RUNNING, DELETED) else list(range(1, len(job.articles) + 1))
    return report if pushed else {**report, "publish_id": str(job.publish_id), "fail_idx": failed}


async def get_publication(request: Request) -> Response:
    """`POST /cgi-bin/freepublish/get {publish_id}`: how the job stands."""
    _, world, account = caller(request)
    number = whole((await json_body(request)).get("publish_id"), 40097)
    if number not in account.publications:
        raise ApiError(40097, "invalid args: publish_id")
    return JSONResponse(_report(world, account.publications[number]))


def _article(account: Account, body: dict[str, Any]) -> Publication:
    wanted = body.get("article_id")
    for job in account.publications.values():
        if job.article_id == wanted and job.status == DONE:
            return job
    raise ApiError(53600, "invalid article_id")


def is_published(account: Account, article_id: object) -> bool:
    """Whether that article can be read."""
    return any(job.article_id == article_id and job.status == DONE for job in account.publications.values())


async def get_article(request: Request) -> Response:
    """`POST /cgi-bin/freepublish/getarticle {article_id}`."""
    _, world, account = caller(request)
    job = _article(account, await json_body(request))
    return JSONResponse({"news_item": _as_published(world, job)})


def _as_published(world: World, job: Publication) -> list[dict[str, Any]]:
    return [
        {**article, "url": article_url(world, job.article_id, index), "is_deleted": False}
        for index, article in enumerate(job.articles)
    ]


async def delete_article(request: Request) -> Response:
    """`POST /cgi-bin/freepublish/delete {article_id, index?}`: one article, or all with index 0."""
    _, world, account = caller(request)
    body = await json_body(request)
    job = _article(account, body)
    index = whole(body.get("index", 0), 40114, high=len(job.articles))
    job.articles = (
        [] if index == 0 else [one for number, one in enumerate(job.articles, 1) if number != index]
    )
    if not job.articles:
        job.status = DELETED
    world.inbox.touch()
    return ok()


async def batch_published(request: Request) -> Response:
    """`POST /cgi-bin/freepublish/batchget {offset, count, no_content}`."""
    _, world, account = caller(request)
    body = await json_body(request)
    offset, size = whole(body.get("offset")), whole(body.get("count"), low=1, high=PAGE_MAX)
    found = [job for job in reversed(account.publications.values()) if job.status == DONE]
    items = [
        {
            "article_id": job.article_id,
            "content": {
                "news_item": without_content(_as_published(world, job), body),
                "create_time": job.at,
                "update_time": job.at,
            },
            "update_time": job.at,
        }
        for job in found[offset : offset + size]
    ]
    return JSONResponse({"total_count": len(found), "item_count": len(items), "item": items})


async def publish_next(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`status`: what the next publishing becomes (0 done, 1 stays running, 2 to 4 fails), `appid`?"""
    app, _, _ = account_of(world, body)
    status = body.get("status")
    if not isinstance(status, int) or status not in OUTCOMES:
        raise ControlError("status must be 0 (done), 1 (running), 2, 3 or 4 (failed)")
    oa_of(world).of(app.appid).publish_plan.append(status)
    return {"planned": oa_of(world).of(app.appid).publish_plan}


async def publish_finish(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`publish_id`, `status` (0): ends a job that is still running."""
    app, _, _ = account_of(world, body)
    job = oa_of(world).of(app.appid).publications.get(int(body.get("publish_id", 0)))
    if job is None or job.status != RUNNING or body.get("status", DONE) not in OUTCOMES:
        raise ControlError(
            "publish_finish needs the publish_id of a running job and a status of 0, 2, 3 or 4"
        )
    finish(world, app, job, int(body.get("status", DONE)))
    return {"publish_id": str(job.publish_id), "status": job.status}


ACTIONS: dict[str, Action] = {"publish_next": publish_next, "publish_finish": publish_finish}
ROUTES: list[Route] = [
    Route("/cgi-bin/draft/add", add, methods=["POST"]),
    Route("/cgi-bin/draft/get", get, methods=["POST"]),
    Route("/cgi-bin/draft/update", update, methods=["POST"]),
    Route("/cgi-bin/draft/delete", delete, methods=["POST"]),
    Route("/cgi-bin/draft/count", count, methods=["GET"]),
    Route("/cgi-bin/draft/batchget", batch, methods=["POST"]),
    Route("/cgi-bin/freepublish/submit", submit, methods=["POST"]),
    Route("/cgi-bin/freepublish/get", get_publication, methods=["POST"]),
    Route("/cgi-bin/freepublish/getarticle", get_article, methods=["POST"]),
    Route("/cgi-bin/freepublish/delete", delete_article, methods=["POST"]),
    Route("/cgi-bin/freepublish/batchget", batch_published, methods=["POST"]),
]

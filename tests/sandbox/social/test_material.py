"""Permanent media, drafts and publishing."""

import json

import pytest

from tests.sandbox.social.caller import PNG, Account, Server

ADD = "/cgi-bin/material/add_material"


def cover(oa: Account) -> str:
    return str(oa.upload(ADD, type="image")["media_id"])


def draft(oa: Account, **change: object) -> str:
    article = {
        "title": "米兰",
        "author": "林悦",
        "digest": "大教堂",
        "content": "<p>您好</p>",
        "thumb_media_id": cover(oa),
    }
    return str(oa.post("/cgi-bin/draft/add", {"articles": [{**article, **change}]})["media_id"])


def test_an_image_is_kept_for_ever_listed_counted_and_deleted(oa: Account) -> None:
    made = oa.upload(ADD, type="image")
    oa.act("advance", seconds=10 * 86_400)
    oa.fresh_token()

    fetched = oa.raw("/cgi-bin/material/get_material", {"media_id": made["media_id"]})
    page = oa.post("/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 20})

    assert fetched.content == PNG
    assert oa.client.get(made["url"]).content == PNG
    assert (page["total_count"], page["item"][0]["name"]) == (1, "a.png")
    assert oa.get("/cgi-bin/material/get_materialcount")["image_count"] == 1
    assert oa.code("/cgi-bin/material/del_material", {"media_id": made["media_id"]}) == 0
    assert oa.code("/cgi-bin/material/get_material", {"media_id": made["media_id"]}) == 40007


def test_a_video_brings_its_description_along(oa: Account) -> None:
    words = json.dumps({"title": "丝绸", "introduction": "织造"}, ensure_ascii=False)
    made = oa.upload(ADD, type="video", data={"description": words})

    told = oa.post("/cgi-bin/material/get_material", {"media_id": made["media_id"]})

    assert (told["title"], told["description"]) == ("丝绸", "织造")
    assert oa.client.get(told["down_url"]).content == PNG
    assert oa.upload(ADD, type="video")["errcode"] == 41005
    assert oa.upload(ADD, type="video", data={"description": "{"})["errcode"] == 47001


def test_uploads_that_are_none_are_refused(oa: Account) -> None:
    assert oa.upload(ADD, type="book")["errcode"] == 40004
    assert oa.upload(ADD, b"", type="image")["errcode"] == 44001
    assert oa.upload(ADD, b"x" * (2 << 20) + b"x", type="voice")["errcode"] == 40006
    assert oa.code(ADD, {}, type="image") == 41005
    headers = {"content-type": "multipart/form-data"}
    broken = oa.client.post(
        ADD, params={"access_token": oa.token, "type": "image"}, content=b"x", headers=headers
    )
    assert broken.json()["errcode"] == 41005
    assert (
        oa.code("/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 21}) == 40097
    )


def test_a_draft_is_written_changed_counted_and_deleted(oa: Account) -> None:
    media_id = draft(oa)
    changed = {"title": "罗马", "content": "您好", "thumb_media_id": cover(oa)}

    updated = oa.code("/cgi-bin/draft/update", {"media_id": media_id, "index": 0, "articles": changed})

    assert updated == 0
    assert oa.code("/cgi-bin/draft/update", {"media_id": media_id, "index": 3, "articles": changed}) == 40114
    assert oa.post("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]["title"] == "罗马"
    page = oa.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 5, "no_content": 1})
    assert "content" not in page["item"][0]["content"]["news_item"][0]
    assert oa.get("/cgi-bin/draft/count")["total_count"] == 1
    assert oa.code("/cgi-bin/draft/delete", {"media_id": media_id}) == 0
    assert oa.code("/cgi-bin/draft/get", {"media_id": media_id}) == 40007


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"title": ""}, 45003),
        ({"title": "题" * 65}, 45003),
        ({"digest": "摘" * 129}, 45004),
        ({"content": ""}, 44004),
        ({"content": "x" * 20_001}, 45002),
        ({"thumb_media_id": "none"}, 40007),
        ({"need_open_comment": 2}, 40097),
    ],
)
def test_articles_beyond_the_limits_are_refused(oa: Account, change: dict[str, object], errcode: int) -> None:
    article = {"title": "米兰", "content": "<p>您好</p>", "thumb_media_id": cover(oa), **change}

    assert oa.code("/cgi-bin/draft/add", {"articles": [article]}) == errcode
    assert oa.code("/cgi-bin/draft/add", {"articles": []}) == 44003
    assert oa.get("/cgi-bin/draft/count")["total_count"] == 0


def test_a_cover_in_use_cannot_be_deleted(oa: Account) -> None:
    media_id = cover(oa)
    draft(oa, thumb_media_id=media_id)

    assert oa.code("/cgi-bin/material/del_material", {"media_id": media_id}) == 48005


def test_publishing_ends_with_an_event_and_a_page(oa: Account, server: Server) -> None:
    job = oa.post("/cgi-bin/freepublish/submit", {"media_id": draft(oa)})
    oa.act("settle")

    state = oa.post("/cgi-bin/freepublish/get", {"publish_id": job["publish_id"]})
    told = server.events("PUBLISHJOBFINISH")[0]["PublishEventInfo"]

    assert told["article_detail"]["item"]["article_url"].endswith("/1")
    assert (state["publish_status"], told["publish_status"], told["publish_id"]) == (
        0,
        "0",
        job["publish_id"],
    )
    page = oa.client.get(state["article_detail"]["item"][0]["article_url"])
    assert "<h1>米兰</h1>" in page.text and "<p>您好</p>" in page.text
    assert oa.get("/cgi-bin/draft/count")["total_count"] == 0
    article = {"article_id": state["article_id"]}
    assert oa.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})["total_count"] == 1
    assert oa.post("/cgi-bin/freepublish/getarticle", article)["news_item"][0]["title"] == "米兰"
    assert oa.code("/cgi-bin/freepublish/delete", {**article, "index": 1}) == 0
    assert oa.post("/cgi-bin/freepublish/get", {"publish_id": job["publish_id"]})["publish_status"] == 5
    assert oa.code("/cgi-bin/freepublish/getarticle", article) == 53600


def test_a_job_can_run_on_fail_and_be_ended(oa: Account, server: Server) -> None:
    oa.act("publish_next", status=1)
    oa.act("publish_next", status=4)
    media_id = draft(oa)

    running = oa.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"]
    rejected = oa.post("/cgi-bin/freepublish/submit", {"media_id": draft(oa)})["publish_id"]

    assert oa.post("/cgi-bin/freepublish/get", {"publish_id": running})["publish_status"] == 1
    assert oa.code("/cgi-bin/draft/delete", {"media_id": media_id}) == 48005
    assert oa.post("/cgi-bin/freepublish/get", {"publish_id": rejected})["fail_idx"] == [1]
    oa.act("publish_finish", publish_id=running, status=0)
    assert oa.post("/cgi-bin/freepublish/get", {"publish_id": running})["publish_status"] == 0
    assert oa.code("/cgi-bin/freepublish/get", {"publish_id": 1}) == 40097
    assert "status" in oa.refused("publish_next", status=9)

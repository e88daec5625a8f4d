"""Articles over HTTP: written without losing a word, approved by another, published by whoever may."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from seta.articles import operations
from seta.articles.models import Article, Picture, Publication, Version
from tests.articles.drawing import picture_of
from tests.desk.conftest import SCRIPT, World

LIST = "/desk/articles/"


@pytest.fixture
def editor(world: World) -> Client:
    return world.sign_in("marketing")


def begin(editor: Client, code: str = "como-silk") -> str:
    done = editor.post(f"{LIST}start/", {"code": code})
    assert re.fullmatch(r"/desk/articles/\d+/", done["Location"]), done["Location"]
    return str(done["Location"])


def add_picture(editor: Client, page: str) -> int:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    file = SimpleUploadedFile("photo.jpg", picture_of("#9b2c2c"), "image/jpeg")
    editor.post(f"{page}pictures/", {"picture": file, "credit": "Serica", "alt_zh": "丝绸"})
    return Picture.objects.latest("pk").pk


def fields(page: str, editor: Client, **changed: Any) -> dict[str, Any]:
    revision = re.search(r'name="revision" value="(\d+)"', editor.get(page).content.decode())
    assert revision
    return {
        "revision": revision[1],
        "title_zh": "科莫湖的丝绸",
        "title_en": f"Silk of Como {SCRIPT}",
        "summary_zh": "从桑叶到方巾。",
        "kind_1": "text",
        "text_1_zh": f"去[大教堂](place:duomo) {SCRIPT} [坏](javascript:alert)",
        "kind_2": "place",
        "code_2": "duomo",
        **changed,
    }


def save(editor: Client, page: str, do: str = "save", **changed: Any) -> Any:
    return editor.post(f"{page}save/", fields(page, editor, do=do, **changed), follow=True)


def whole(editor: Client, page: str) -> dict[str, Any]:
    return {"cover": add_picture(editor, page), "text_1_zh": "去[大教堂](place:duomo)", "title_en": ""}


def test_words_are_kept_shown_as_words_and_seen_on_the_phone(editor: Client) -> None:
    page = begin(editor)

    shown = save(editor, page).content.decode()

    assert "The article is kept." in shown
    assert SCRIPT not in shown and "&lt;script&gt;" in shown
    assert '<a href="/places/duomo"' in shown and 'href="javascript' not in shown
    assert "Write the title and the summary in Chinese." not in shown
    assert "Choose a picture as the cover." in shown and "“javascript:alert” is no address" in shown
    english = editor.get(f"{page}?phone=en").content.decode()
    assert "<h1>Silk of Como &lt;script&gt;" in english


def test_blocks_are_added_moved_and_removed_with_the_words_kept(editor: Client) -> None:
    page = begin(editor)

    save(editor, page, "add:picture")
    moved = save(editor, page, "up:2", kind_3="picture").content.decode()

    assert re.findall(r'name="kind_\d" value="(\w+)"', moved) == ["place", "text", "picture"]
    removed = save(editor, page, "remove:1").content.decode()
    assert re.findall(r'name="kind_\d" value="(\w+)"', removed) == ["place"]


def test_an_unfinished_article_says_what_is_missing_and_loses_no_word(editor: Client) -> None:
    page = begin(editor)

    refused = save(editor, page, "submit")

    assert refused.status_code == 409
    assert "科莫湖的丝绸" in refused.content.decode()
    assert "Choose a picture as the cover." in refused.content.decode()
    assert not Version.objects.exists()


def test_who_comes_second_is_told_and_keeps_the_words(editor: Client) -> None:
    page = begin(editor)
    late = fields(page, editor, do="save", title_zh="迟到的标题")
    save(editor, page)

    refused = editor.post(f"{page}save/", late)

    assert refused.status_code == 409
    assert (
        "A colleague changed the article" in refused.content.decode()
        and "迟到的标题" in refused.content.decode()
    )
    assert Article.objects.get().content["title"]["zh"] == "科莫湖的丝绸"


def test_one_writes_another_approves_and_the_first_publishes(world: World, editor: Client) -> None:
    page, second = begin(editor), world.sign_in("supervisor")
    submitted = save(editor, page, "submit", **whole(editor, page)).content.decode()
    assert "A second person can approve the article now." in submitted
    assert f"{page}decide/approve/" not in submitted
    editor.post(f"{page}decide/approve/")
    assert Version.objects.get().state == "review"

    waiting = second.get(LIST).content.decode()
    assert "To approve" in waiting and re.search(
        r'/desk/content/"[^>]*>Content<span class="count"[^>]*>1<', waiting
    )
    returned = second.post(f"{page}decide/return/", {"note": f"更短 {SCRIPT}"}, follow=True).content.decode()
    assert SCRIPT not in returned and "更短 &lt;script&gt;" in returned
    save(editor, page, "submit", cover=Picture.objects.get().pk, text_1_zh="短", title_en="")
    approved = second.post(f"{page}decide/approve/", follow=True).content.decode()
    assert "The article is approved and may be published." in approved
    assert f"{page}publish/" not in approved
    assert second.post(f"{page}publish/", {"language": "zh"}).status_code == 403

    done = editor.post(f"{page}publish/", {"language": "zh", "at": "2099-01-01T10:00"}, follow=True)
    assert "Choose a time to come within a year" in done.content.decode()
    done = editor.post(f"{page}publish/", {"language": "zh", "at": "soon"}, follow=True)
    assert "Choose a day" in done.content.decode()
    done = editor.post(f"{page}publish/", {"language": "zh"}, follow=True)
    assert "The article is on its way" in done.content.decode()
    assert 'id="publications" aria-live="polite" hx-get=' in done.content.decode()
    row = Publication.objects.get()
    assert row.state == "waiting"
    editor.post(f"{page}publications/{row.pk}/cancel/")
    assert Publication.objects.get().state == "cancelled"


def test_a_neighbour_finds_nothing_and_changes_nothing(world: World, editor: Client) -> None:
    page, neighbour = begin(editor), world.sign_in("marketing-lucente")
    save(editor, page, "submit", **whole(editor, page))

    assert "科莫湖的丝绸" not in neighbour.get(LIST).content.decode()
    assert neighbour.get(page).status_code == 404
    for way in ("decide/approve/", "decide/return/", "publish/", "save/"):
        assert neighbour.post(f"{page}{way}", {"note": "x", "revision": "1"}).status_code in (302, 404)
    assert Version.objects.get().state == "review"
    assert Article.objects.get().content["title"]["zh"] == "科莫湖的丝绸"


@pytest.mark.parametrize("role", ["associate", "finance"])
def test_who_has_nothing_to_do_with_content_is_refused(world: World, role: str, editor: Client) -> None:
    page = begin(editor)
    other = world.sign_in(role)

    assert other.get(LIST).status_code == 403 and other.get(page).status_code == 403
    assert other.post(f"{LIST}start/", {"code": "x1"}).status_code == 403


def test_a_supervisor_reads_and_approves_but_does_not_write(world: World, editor: Client) -> None:
    page = begin(editor)
    second = world.sign_in("supervisor")

    assert 'name="do" value="add' not in second.get(page).content.decode()
    assert second.post(f"{page}save/", {"revision": "0"}).status_code == 403


@pytest.mark.parametrize("way", ["decide/delete/", "publications/1/explode/"])
def test_steps_that_do_not_exist_are_not_found(editor: Client, way: str) -> None:
    assert editor.post(begin(editor) + way).status_code == 404


def test_the_open_page_is_there_only_while_the_article_is_published(world: World, editor: Client) -> None:
    page = begin(editor)
    save(editor, page, "submit", **whole(editor, page))
    world.sign_in("supervisor").post(f"{page}decide/approve/")
    assert Client().get("/articles/serica/como-silk").status_code == 404
    assert Client().get("/articles/nobody/como-silk").status_code == 404
    now = datetime.now(UTC)
    version = Version.objects.get()
    row = Publication.objects.create(
        article=version.article,
        version=version,
        language="zh",
        state="published",
        publish_at=now,
        asked_at=now,
        published_at=now - timedelta(minutes=1),
    )

    shown = Client().get("/articles/serica/como-silk?lang=it")
    text = shown.content.decode()
    assert (
        "<h1>科莫湖的丝绸</h1>" in text
        and 'lang="zh-Hans"' in text
        and "default-src 'none'" in shown.headers["Content-Security-Policy"]
    )
    (picture,) = set(re.findall(r"/articles/pictures/[0-9a-f]+\.jpg", editor.get(LIST).content.decode()))
    assert Client().get(picture)["Content-Type"] == "image/jpeg"
    assert Client().get(f"/articles/pictures/{'0' * 64}.jpg").status_code == 404

    operations.withdraw_article(house_id=world.ours.id, publication_id=row.pk, now=now)
    assert Client().get("/articles/serica/como-silk").status_code == 404


def test_the_pages_are_there_in_every_language(editor: Client) -> None:
    page = begin(editor)
    save(editor, page, "add:product")
    for language, words in (("zh-hans", "提交审核"), ("it", "Invia per l’approvazione")):
        editor.cookies["django_language"] = language
        assert words in editor.get(page).content.decode()
        assert editor.get(LIST).status_code == 200

"""An approved article reaches the account once, whatever breaks on the way, and is taken back from it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from seta.articles import operations, queries
from seta.articles.models import Publication, Upload
from seta.articles.rules.checks import ArticleRefused, Problem, Why
from seta.articles.rules.content import Block
from seta.articles.rules.publishing import State
from seta.events.models import Event
from seta.guide.operations import import_milan
from tests.articles.conftest import Office, approve, open_office, start, written
from tests.articles.drawing import picture_of
from tests.conversations.world import NOON, make_inbound
from tests.sandbox_server import RunningSandbox

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(transactional_db: None, sandbox: RunningSandbox) -> Office:
    return open_office(sandbox)


def ask(office: Office, article_id: int, **changed: Any) -> int:
    given = {
        "house_id": office.house_id,
        "article_id": article_id,
        "language": "zh",
        "user_id": office.editor,
    }
    return operations.publish_article(**{**given, "now": NOON, **changed})


def row_of(publication_id: int) -> Publication:
    return Publication.objects.get(pk=publication_id)


def calls(sandbox: RunningSandbox, path: str) -> list[dict[str, Any]]:
    """The calls of a path that got past the token."""
    entries = (entry for entry in sandbox.journal() if entry["path"].partition("?")[0] == path)
    return [entry for entry in entries if "40001" not in entry["response"]]


def work(minutes: int = 0) -> None:
    """A turn of the worker, so many minutes after noon."""
    operations.advance_due(NOON + minutes * MINUTE)


def published(office: Office, article_id: int) -> Publication:
    made = ask(office, article_id)
    work()
    work(1)
    return row_of(made)


def test_an_approved_article_is_read_at_the_account_with_its_pictures(
    office: Office, sandbox: RunningSandbox
) -> None:
    article_id = start(office)
    approve(office, article_id)

    row = published(office, article_id)

    assert (row.state, row.problems) == (State.PUBLISHED, [])
    page = httpx.get(row.url, trust_env=False).text
    assert "<h1>米兰的一天</h1>" in page and "林悦" in page and "米兰大教堂" in page
    assert 'data-miniprogram-path="pages/place/place?code=duomo"' in page
    assert "[1] https://www.duomomilano.it/" in page
    (picture,) = [part.split('"')[0] for part in page.split('<img src="')[1:]]
    assert httpx.get(picture, trust_env=False).content.startswith(b"\xff\xd8\xff")
    fact = Event.objects.get(name="articles.article.published")
    assert fact.body["url"] == row.url and fact.body["language"] == "zh"


def test_a_picture_is_uploaded_once_for_all_articles(office: Office, sandbox: RunningSandbox) -> None:
    for code in ("one", "two"):
        article_id = start(office, code=code)
        approve(office, article_id)
        assert published(office, article_id).state == State.PUBLISHED

    assert len(calls(sandbox, "/cgi-bin/media/uploadimg")) == 1
    assert len(calls(sandbox, "/cgi-bin/material/add_material")) == 1


def test_a_removed_picture_is_uploaded_again_with_the_next_try(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    Upload.objects.create(
        picture_id=office.picture, app_id=_appid(office), media_id="gone", url="", uploaded_at=NOON
    )

    first = ask(office, article_id)
    work()
    assert (row_of(first).state, row_of(first).problems[0]["why"]) == (State.FAILED, Why.PLATFORM)
    assert published(office, article_id).state == State.PUBLISHED


def _appid(office: Office) -> str:
    from seta.houses.queries import account  # noqa: PLC0415

    return account(office.house_id, "official_account").app_id


def test_an_article_waits_for_its_time(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id, at=NOON + 30 * MINUTE)

    work(29)
    assert row_of(made).state == State.WAITING
    work(30)
    work(31)
    assert row_of(made).state == State.PUBLISHED


def test_what_has_its_time_can_be_given_up_and_is_never_sent(office: Office, sandbox: RunningSandbox) -> None:
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id, at=NOON + 30 * MINUTE)

    operations.cancel_publication(house_id=office.house_id, publication_id=made)
    work(31)

    assert row_of(made).state == State.CANCELLED
    assert calls(sandbox, "/cgi-bin/draft/add") == []


def test_words_that_wechat_finds_risky_are_told_with_their_block_and_stay_here(
    office: Office, sandbox: RunningSandbox
) -> None:
    sandbox.control("content_rule", text="赌场")
    article_id = start(
        office, written(office, blocks=(Block("place", code="duomo"), Block("text", {"zh": "去赌场"})))
    )
    approve(office, article_id)

    made = ask(office, article_id)
    work()

    view = queries.article(office.house_id, article_id, now=NOON)
    assert view is not None and view.publications[0].problems == (Problem(Why.RISKY, 2),)
    assert row_of(made).state == State.FAILED and calls(sandbox, "/cgi-bin/draft/add") == []


def test_a_place_that_went_away_meanwhile_keeps_the_article_here(
    office: Office, sandbox: RunningSandbox
) -> None:
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id, at=NOON + 30 * MINUTE)
    _unlist(office)

    work(31)

    assert row_of(made).state == State.FAILED
    assert {(each["why"], each["about"]) for each in row_of(made).problems} == {(Why.GONE, "scarf")}
    with pytest.raises(ArticleRefused) as refusal:
        ask(office, article_id)
    assert {each.block for each in refusal.value.problems} == {1, 4}


def _unlist(office: Office) -> None:
    from seta.boutique.models import Product  # noqa: PLC0415

    Product.objects.filter(house_id=office.house_id, code="scarf").update(is_listed=False)


@pytest.mark.parametrize("status", [2, 3, 4])
def test_what_wechat_does_not_publish_says_so_and_may_be_tried_again(
    office: Office, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.control("publish_next", status=status)
    article_id = start(office)
    approve(office, article_id)

    row = published(office, article_id)

    assert row.state == State.FAILED
    assert row.problems == [{"why": Why.REJECTED, "block": 0, "about": str(status)}]
    assert published(office, article_id).state == State.PUBLISHED


def test_a_job_that_takes_its_time_is_asked_for_once_its_end_is_told(
    office: Office, sandbox: RunningSandbox
) -> None:
    sandbox.control("publish_next", status=1)
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id)
    work()
    work(1)
    assert row_of(made).state == State.SENT
    sandbox.control("publish_finish", publish_id=row_of(made).publish_id, status=0)
    Publication.objects.update(next_at=NOON + 60 * MINUTE)

    told = {"publish_id": row_of(made).publish_id, "publish_status": "0"}
    push = make_inbound(
        (office.house_id, office.account_id), kind="event.PUBLISHJOBFINISH", PublishEventInfo=told
    )
    assert operations.hear_published(push, NOON + 2 * MINUTE) is None
    work(2)

    assert row_of(made).state == State.PUBLISHED


@pytest.mark.parametrize("told", ["text", {}, {"publish_id": ""}, {"publish_id": "999"}])
def test_an_end_of_something_unknown_changes_nothing(office: Office, told: Any) -> None:
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id, at=NOON + 30 * MINUTE)

    push = make_inbound(
        (office.house_id, office.account_id), kind="event.PUBLISHJOBFINISH", PublishEventInfo=told
    )
    operations.hear_published(push, NOON)

    assert row_of(made).next_at == NOON + 30 * MINUTE


def test_an_answer_that_was_lost_publishes_nothing_twice(office: Office, sandbox: RunningSandbox) -> None:
    article_id = start(office)
    approve(office, article_id)
    first = published(office, article_id)
    # As if the process had died after WeChat took the draft and before the job's number was kept.
    Publication.objects.filter(pk=first.pk).update(
        state=State.SUBMITTING, publish_id="", url="", next_at=NOON, published_at=None
    )

    work(5)

    again = row_of(first.pk)
    assert (again.state, again.url) == (State.PUBLISHED, first.url)
    assert len(calls(sandbox, "/cgi-bin/draft/add")) == 1


def test_a_platform_that_is_busy_is_asked_again_later(office: Office, sandbox: RunningSandbox) -> None:
    sandbox.control("fault", match="/cgi-bin/draft/add", times=5, kind="errcode", value=-1)
    article_id = start(office)
    approve(office, article_id)
    made = ask(office, article_id)

    work()
    assert row_of(made).state == State.SENDING
    for minute in (1, 2, 3, 5, 10, 20, 30):
        work(minute)

    assert row_of(made).state == State.PUBLISHED


def test_a_newer_version_takes_the_place_of_the_older_one(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    old = published(office, article_id)
    view = queries.article(office.house_id, article_id, now=NOON)
    assert view is not None
    operations.save_article(
        house_id=office.house_id,
        article_id=article_id,
        revision=view.revision,
        content=written(office, title={"zh": "米兰的两天", "en": "Two days"}),
        user_id=office.editor,
        now=NOON,
    )
    approve(office, article_id)

    new = published(office, article_id)
    work(2)

    assert (row_of(old.pk).state, row_of(new.pk).state) == (State.WITHDRAWN, State.PUBLISHED)
    assert httpx.get(old.url, trust_env=False).status_code == 404
    assert "米兰的两天" in httpx.get(new.url, trust_env=False).text


def test_an_article_taken_back_is_gone_here_at_once_and_there_soon(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    row = published(office, article_id)

    operations.withdraw_article(house_id=office.house_id, publication_id=row.pk, now=NOON)

    assert queries.open_page(office.house_id, "one-day", language="zh", now=NOON) is None
    work(3)
    assert row_of(row.pk).state == State.WITHDRAWN
    assert httpx.get(row.url, trust_env=False).status_code == 404
    assert Event.objects.filter(name="articles.article.withdrawn").count() == 1


def test_one_language_is_published_at_a_time(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    ask(office, article_id, at=NOON + MINUTE)

    for language, why in (("zh", Why.UNDER_WAY), ("it", Why.LANGUAGE), ("xx", Why.LANGUAGE)):
        with pytest.raises(ArticleRefused) as refusal:
            ask(office, article_id, language=language)
        assert refusal.value.problems[0].why == why
    assert ask(office, article_id, language="en")


@pytest.mark.parametrize("at", [NOON - MINUTE, NOON + timedelta(days=400)])
def test_a_time_that_is_past_or_too_far_is_refused(office: Office, at: Any) -> None:
    article_id = start(office)
    approve(office, article_id)

    with pytest.raises(ArticleRefused) as refusal:
        ask(office, article_id, at=at)
    assert refusal.value.problems[0].why == Why.WHEN


def test_the_guide_may_be_imported_anew_while_an_article_waits(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    import_milan(house_id=office.house_id, now=NOON)
    operations.keep_picture(
        house_id=office.house_id,
        image=picture_of("#2f6b4f"),
        credit="x",
        alt={"zh": "绿"},
        user_id=office.editor,
        now=NOON,
    )

    assert published(office, article_id).state == State.PUBLISHED

"""An article is written by one person at a time and approved by one who did not write it."""

import pytest

from seta.articles import operations, queries
from seta.articles.models import Picture, Version
from seta.articles.pictures import read
from seta.articles.rules.checks import ArticleRefused, Why
from seta.articles.rules.content import Block, Content
from seta.articles.rules.publishing import VersionState
from tests.articles.conftest import Office, approve, open_office, start, written
from tests.articles.drawing import picture_of
from tests.conversations.world import NOON


def refusal_of(done: object, **given: object) -> Why:
    with pytest.raises(ArticleRefused) as refusal:
        done(**given)  # type: ignore[operator]
    return refusal.value.problems[0].why


def save(office: Office, article_id: int, revision: int, content: Content) -> int:
    return operations.save_article(
        house_id=office.house_id,
        article_id=article_id,
        revision=revision,
        content=content,
        user_id=office.editor,
        now=NOON,
    )


def test_a_code_is_used_once_in_a_house(office: Office) -> None:
    given = {"house_id": office.house_id, "user_id": office.editor, "now": NOON}
    operations.start_article(**given, code="como")  # type: ignore[arg-type]

    assert refusal_of(operations.start_article, **given, code="COMO") == Why.CODE_TAKEN
    assert refusal_of(operations.start_article, **given, code="1") == Why.CODE
    assert operations.start_article(**{**given, "house_id": open_office().house_id}, code="como")  # type: ignore[arg-type]


def test_two_who_write_at_once_do_not_overwrite_each_other(office: Office) -> None:
    article_id = start(office)
    save(office, article_id, 1, written(office, author="甲"))

    assert (
        refusal_of(save, office=office, article_id=article_id, revision=1, content=Content()) == Why.CHANGED
    )
    view = queries.article(office.house_id, article_id, now=NOON)
    assert view is not None and view.content.author == "甲"


def test_keeping_the_same_words_is_no_change(office: Office) -> None:
    article_id = start(office)

    assert save(office, article_id, 1, written(office)) == 1


def test_an_unfinished_article_is_not_submitted_and_says_all_that_is_missing(office: Office) -> None:
    article_id = start(office, Content(blocks=(Block("place"), Block("text", {"it": "solo italiano"}))))

    with pytest.raises(ArticleRefused) as refusal:
        operations.submit_article(house_id=office.house_id, article_id=article_id, user_id=1, now=NOON)
    assert {each.why for each in refusal.value.problems} == {
        Why.NO_TITLE,
        Why.NO_COVER,
        Why.NO_WORDS,
        Why.GONE,
    }


def test_a_body_longer_than_wechat_takes_is_not_submitted(office: Office) -> None:
    long = tuple(Block("text", {"zh": "丝" * 4900}) for _ in range(5))
    article_id = start(office, written(office, blocks=long))

    with pytest.raises(ArticleRefused) as refusal:
        operations.submit_article(house_id=office.house_id, article_id=article_id, user_id=1, now=NOON)
    assert [each.why for each in refusal.value.problems] == [Why.TOO_LONG]


def test_nobody_approves_what_they_wrote_or_submitted(office: Office) -> None:
    article_id = start(office)
    given = {"house_id": office.house_id, "article_id": article_id, "now": NOON}
    operations.submit_article(**given, user_id=office.reviewer)  # type: ignore[arg-type]

    assert refusal_of(operations.approve_version, **given, user_id=office.editor) == Why.SAME_PERSON
    assert refusal_of(operations.approve_version, **given, user_id=office.reviewer) == Why.SAME_PERSON


def test_what_waits_is_not_changed_until_it_is_given_back_with_a_word(office: Office) -> None:
    article_id = start(office)
    given = {"house_id": office.house_id, "article_id": article_id, "now": NOON}
    operations.submit_article(**given, user_id=office.editor)  # type: ignore[arg-type]

    assert (
        refusal_of(save, office=office, article_id=article_id, revision=1, content=Content()) == Why.IN_REVIEW
    )
    assert refusal_of(operations.submit_article, **given, user_id=office.editor) == Why.IN_REVIEW
    assert refusal_of(operations.return_version, **given, user_id=office.reviewer, note=" ") == Why.NOTE
    operations.return_version(**given, user_id=office.reviewer, note="标题太长")  # type: ignore[arg-type]
    assert save(office, article_id, 1, Content()) == 2
    assert refusal_of(operations.approve_version, **given, user_id=office.reviewer) == Why.WRONG_STATE


def test_the_submitter_takes_it_back_without_a_word(office: Office) -> None:
    article_id = start(office)
    given = {"house_id": office.house_id, "article_id": article_id, "now": NOON}
    operations.submit_article(**given, user_id=office.editor)  # type: ignore[arg-type]
    operations.return_version(**given, user_id=office.editor, note="")  # type: ignore[arg-type]

    assert Version.objects.get(article_id=article_id).state == VersionState.RETURNED


def test_what_was_approved_stays_as_it_was_while_the_article_is_changed(office: Office) -> None:
    article_id = start(office)
    approve(office, article_id)
    save(office, article_id, 1, written(office, author="乙"))

    view = queries.article(office.house_id, article_id, now=NOON)
    assert view is not None and view.is_changed and view.approved is not None
    assert (view.approved.author, view.content.author, view.writers) == ("林悦", "乙", (office.editor,))


def test_a_picture_is_made_anew_without_its_data_and_needs_an_owner(office: Office) -> None:
    row = Picture.objects.get(pk=office.picture)
    kept = read(row.sha256)
    assert kept is not None and b"Camera of the test" not in kept and (row.width, row.height) == (900, 600)
    given = {"house_id": office.house_id, "user_id": office.editor, "now": NOON}

    def keep(image: bytes, credit: str, alt: str) -> Why:
        return refusal_of(operations.keep_picture, **given, image=image, credit=credit, alt={"zh": alt})

    assert keep(picture_of("#000"), "", "图") == keep(picture_of("#000"), "x", " ") == Why.CREDIT
    assert keep(b"<svg onload=alert(1)>", "x", "图") == Why.PICTURE
    assert keep(picture_of("#000", size=(300, 200)), "x", "图") == Why.PICTURE


def test_another_house_is_told_that_there_is_no_such_article(office: Office) -> None:
    article_id, other = start(office), open_office()
    given = {"house_id": other.house_id, "article_id": article_id, "user_id": other.editor, "now": NOON}

    assert queries.article(other.house_id, article_id, now=NOON) is None
    assert refusal_of(operations.submit_article, **given) == Why.UNKNOWN
    assert refusal_of(operations.approve_version, **given) == Why.UNKNOWN
    assert refusal_of(operations.publish_article, **given, language="zh") == Why.UNKNOWN
    assert refusal_of(operations.save_article, **given, revision=1, content=Content()) == Why.UNKNOWN


def test_pictures_of_another_house_cannot_be_shown(office: Office) -> None:
    other = open_office()
    article_id = start(other, written(other, cover=office.picture))

    with pytest.raises(ArticleRefused) as refusal:
        operations.submit_article(house_id=other.house_id, article_id=article_id, user_id=1, now=NOON)
    assert [each.why for each in refusal.value.problems] == [Why.NO_COVER]


def test_a_list_says_how_far_each_article_has_come(office: Office) -> None:
    first, second = start(office), start(office, Content(), code="two")
    approve(office, first)

    rows = {row.id: row for row in queries.articles(office.house_id)}
    assert (rows[first].state, rows[first].languages) == ("approved", ("zh", "en"))
    assert (rows[second].state, rows[second].languages) == ("draft", ())

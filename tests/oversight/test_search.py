"""Search finds exactly what was said, in any script or disguise, newest first; every question is logged."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.oversight.models import ArchivedMessage, ArchiveSearch, AuditEvent, Hit
from seta.oversight.operations.people import destroy_bodies
from seta.oversight.operations.searching import SearchPage, search_archive, search_query
from seta.oversight.rules.fold import fold
from seta.oversight.rules.review import Refusal, Refused
from seta.oversight.search import index
from seta.oversight.search.finding import Filters
from seta.oversight.search.terms import MARK, Problem, QueryRefused, excerpt, holds, read_terms, spans
from seta.oversight.search.tokens import tokens_of_house
from seta.people.models import Person
from tests.oversight.archived import Said, keep

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def house(db: None, settings: Settings) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return found_house(code="serica", name="Serica Milano", kind="maison")


@pytest.fixture
def supervisor(house: int) -> int:
    hire(house_id=house, username="sofia", password="only for tests", role="supervisor", name="Sofia")
    return members(house)[0].user_id


def ask(house: int, supervisor: int, query: str, **how: object) -> SearchPage:
    return search_archive(
        house_id=house, user_id=supervisor, query=query, purpose="complaint", now=NOON, **how
    )  # type: ignore[arg-type]


def ids(page: SearchPage) -> list[int]:
    return [hit.message_id for hit in page.hits]


def marked(page: SearchPage) -> list[str]:
    return [piece.text for hit in page.hits for piece in hit.pieces if piece.rules == (MARK,)]


def test_what_holds_all_words_is_found_newest_first(house: int, supervisor: int) -> None:
    a, b, c = keep(house, ["这款包有货吗", "包有货，可以加微信吗", "加微信吧"], at=NOON)
    assert ids(ask(house, supervisor, "有货")) == [b, a]
    assert ids(ask(house, supervisor, "微信")) == [c, b]
    (hit,) = ask(house, supervisor, "有货 微信").hits
    assert hit.message_id == b and hit.sent_at == NOON + timedelta(seconds=1)
    assert ids(ask(house, supervisor, "没说过")) == []


def test_pairs_that_are_there_but_apart_are_no_hit(house: int, supervisor: int) -> None:
    keep(house, ["加微，微信", "加微博，再说微信"], at=NOON)
    assert len(ask(house, supervisor, "加微微信").hits) == 1
    assert ids(ask(house, supervisor, "加微信")) == []


@pytest.mark.parametrize(
    ("said", "query", "shown"),
    [
        ("請加我的微 信", "微信", "微 信"),
        ("請加我的微信", "请加", "請加"),
        ("给你Ｖ❤信", "V信", "Ｖ❤信"),
        ("Un Caffè, per favore", "caffe", "Caffè"),
        ("The black dress is here", '"black dress"', "black dress"),
        ("Il prezzo è 1.200 €", "1200", "1.200"),
        ("好", "好", "好"),
        ("订单号AB-12尾款", "b12尾", "B-12尾"),
    ],
)
def test_disguises_are_found_and_marked_in_the_writers_own_text(
    house: int, supervisor: int, said: str, query: str, shown: str
) -> None:
    (message,) = keep(house, [said], at=NOON)
    page = ask(house, supervisor, query)
    assert ids(page) == [message]
    assert marked(page) == [shown]


def test_one_character_is_a_query(house: int, supervisor: int) -> None:
    kept = keep(house, ["好的", "不要", "您好"], at=NOON)
    assert ids(ask(house, supervisor, "好")) == [kept[2], kept[0]]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", Problem.EMPTY),
        (" ，。🙂 ", Problem.EMPTY),
        ("字" * 201, Problem.TOO_LONG),
        ("a b c d e f g h i", Problem.TOO_MANY_TERMS),
    ],
)
def test_a_query_that_cannot_be_asked_says_why_and_leaves_no_trace(
    house: int, supervisor: int, query: str, problem: Problem
) -> None:
    with pytest.raises(QueryRefused) as refused:
        ask(house, supervisor, query)
    assert refused.value.problem is problem
    assert len({refused.value.text(language) for language in ("en", "it", "zh-hans")}) == 3
    assert not ArchiveSearch.objects.exists()


def test_pages_follow_each_other_without_gap_or_repeat(house: int, supervisor: int) -> None:
    kept = keep(house, [f"第{number}次说你好" for number in range(23)], at=NOON)
    seen, before = [], None
    while True:
        page = ask(house, supervisor, "你好", limit=5, before=before)
        seen += ids(page)
        before = page.next_before
        if before is None:
            break
    assert seen == kept[::-1]


def test_filters_narrow_what_is_found(house: int, supervisor: int) -> None:
    said = [
        Said("你好一", userid="linyue", client="wm1", role="sa"),
        Said("你好二", userid="marco", client="wm1", role="client"),
        Said("你好三", userid="marco", client="wm2", role="client", kind="chatrecord"),
        Said("你好四", userid="linyue", client="wm2", after=timedelta(days=3)),
    ]
    one, two, three, four = keep(house, said, at=NOON)
    message = ArchivedMessage.objects.get(pk=two)
    Hit.objects.create(message=message, rule="r", severity="low", action="flag", tier="exact", start=0, end=1)

    def found(**wanted: object) -> list[int]:
        return ids(ask(house, supervisor, "你好", filters=Filters(**wanted)))  # type: ignore[arg-type]

    assert found(userid="marco") == [three, two]
    assert found(external_userid="wm1") == [two, one]
    assert found(sender_role="sa") == [four, one]
    assert found(kind="chatrecord") == [three]
    assert found(since=NOON + timedelta(days=1)) == [four]
    assert found(until=NOON + timedelta(days=1)) == [three, two, one]
    assert found(hits_only=True) == [two]
    assert found(hits_only=True, sender_role="sa") == []


def test_every_question_is_logged_and_its_words_are_sealed(house: int, supervisor: int) -> None:
    (message,) = keep(house, ["陈晓女士，您好"], at=NOON)
    ask(house, supervisor, "陈晓", filters=Filters(userid="linyue"))
    search = ArchiveSearch.objects.get()
    line = json.loads(AuditEvent.objects.get(kind="archive.searched").body)["details"]
    assert search.found == 1 and search.purpose == "complaint" and search.filters == {"userid": "linyue"}
    assert line["user"] == supervisor and line["purpose"] == "complaint" and line["messages"] == [message]
    assert "陈晓".encode() not in bytes(search.sealed_query) and "陈晓" not in json.dumps(line)
    assert search_query(house_id=house, search_id=search.pk) == "陈晓"
    assert search_query(house_id=house + 1, search_id=search.pk) is None


def test_no_purpose_no_search(house: int, supervisor: int) -> None:
    with pytest.raises(Refused) as refused:
        search_archive(house_id=house, user_id=supervisor, query="你好", purpose="curious", now=NOON)
    assert refused.value.refusal is Refusal.NO_PURPOSE


def test_an_associate_or_another_houses_supervisor_is_refused_and_that_is_logged(
    house: int, supervisor: int
) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    hire(house_id=house, username="lin", password="only for tests", role="associate", name="Lin")
    associate = next(member.user_id for member in members(house) if member.role == "associate")
    for house_id, user_id in ((other, supervisor), (house, associate)):
        with pytest.raises(Refused) as refused:
            search_archive(house_id=house_id, user_id=user_id, query="你好", purpose="legal", now=NOON)
        assert refused.value.refusal is Refusal.NOT_ALLOWED
        assert AuditEvent.objects.filter(house_id=house_id, kind="access.refused").count() == 1


def test_another_houses_words_are_not_found(house: int, supervisor: int) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    keep(other, ["只在别家说过"], at=NOON)
    assert ids(ask(house, supervisor, "别家")) == []


def test_another_houses_messages_with_the_same_tokens_by_chance_hide_nothing(
    house: int, supervisor: int
) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    (mine,) = keep(house, ["您好"], at=NOON)
    theirs = keep(other, ["您好"] * 3, at=NOON, is_indexed=False)
    index.add([(message, tokens_of_house(house).words_of("您好")) for message in theirs])
    assert ids(ask(house, supervisor, "您好", limit=1)) == [mine]
    assert ids(ask(house, supervisor, "您好", limit=1, filters=Filters(userid="linyue"))) == [mine]


def test_what_an_erased_person_said_is_gone_from_the_index(house: int, supervisor: int) -> None:
    person = Person.objects.create(house_id=house, created_at=NOON)
    (gone,) = keep(house, [Said("我的护照号", person_id=person.pk)], at=NOON)
    (stays,) = keep(house, ["护照号请勿发送"], at=NOON)
    assert len(ask(house, supervisor, "护照号").hits) == 2
    assert destroy_bodies(house_id=house, person_id=person.pk, now=NOON) == 1
    assert index.indexed([gone, stays]) == {stays}
    assert ids(ask(house, supervisor, "护照号")) == [stays]


ALPHABET = st.text(alphabet="微信加我好abé ，。轉转❤\u200b\ud800Ｗ", max_size=12)


@given(text=ALPHABET, term=ALPHABET)
def test_marked_spans_fold_to_the_terms_and_nothing_else_holds_them(text: str, term: str) -> None:
    wanted = fold(term)
    found = spans(text, [wanted]) if wanted else ()
    assert bool(found) == (bool(wanted) and holds(fold(text), [wanted]))
    for start, end in found:
        assert wanted in fold(text[start:end])
    assert "".join(piece.text for piece in excerpt(text, found)) == text


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    text = "开头" * 100 + "微信" + "结尾" * 100
    (mark,) = spans(text, ("微信",))
    shown = excerpt(text, [mark])
    assert [piece.text for piece in shown if piece.rules] == ["微信"]
    assert shown[0].text == "…" and shown[-1].text == "…" and sum(len(piece.text) for piece in shown) < 200


def test_terms_are_words_and_phrases_each_once() -> None:
    assert read_terms('微信 “黑 色 裙子” Dress "black DRESS" 微 信') == (
        "微信",
        "黑色裙子",
        "dress",
        "blackdress",
        "微",
        "信",
    )

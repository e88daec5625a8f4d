"""A place is found under whatever a traveller types for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.guide.rules import read_places
from seta.guide.rules.search import RESULTS_MAX
from seta.guide.rules.spelling import fold, is_subsequence, readings, skeleton, without_city
from tests.guide.search_quality import PLACES, hit_rates, milan

INDEX = milan()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("duomo", "duomo"),
        ("大教堂", "duomo"),
        ("dmo", "duomo"),
        ("米蘭大教堂", "duomo"),
        ("milan cathedral", "duomo"),
        ("Duomo di Milano", "duomo"),
        ("mldjt", "duomo"),
        ("milandajiaotang", "duomo"),
        ("djt", "duomo"),
        ("多摩", "duomo"),
        ("duomu", "duomo"),
        ("请问大教堂几点开门", "duomo"),
        ("我想去大教堂广场", "piazza_duomo"),
        ("最后的晚餐", "last_supper"),
        ("last supper", "last_supper"),
        ("cenacolo", "last_supper"),
        ("斯卡拉", "scala"),
        ("史卡拉", "scala"),
        ("唐人街", "chinatown"),
        ("nvgl", "navigli"),
        ("rinasente", "rinascente"),
        ("czsl", "bosco"),
        ("MXP", "malpensa"),
        ("Sant'Ambrogio", "sant_ambrogio"),
        ("sforzza", "sforza"),
        ("grazie", "grazie"),
    ],
)
def test_the_place_meant_comes_first(query: str, code: str) -> None:
    assert INDEX.find(query)[0].code == code


@pytest.mark.parametrize("query", ["", " ", "。。", "a", "的", "你好", "asdfgh", "退税"])
def test_nothing_is_better_than_a_wild_guess(query: str) -> None:
    assert INDEX.find(query) == ()


def test_every_place_is_found_by_each_of_its_names() -> None:
    for row in read_places(PLACES.read_text("utf-8")).rows:
        for name in (row.name_zh, row.name_en, row.name_it, *row.aliases):
            found = [hit.code for hit in INDEX.find(name)[:3]]
            assert row.code in found, (row.code, name, found)


def test_a_category_lists_its_places() -> None:
    found = [hit.code for hit in INDEX.find("公园")]

    assert {"sempione", "indro", "brera_garden"} <= set(found)


@settings(max_examples=150)
@given(st.text(max_size=80))
def test_any_text_gets_a_short_list_without_repeats(query: str) -> None:
    codes = [hit.code for hit in INDEX.find(query)]

    assert len(codes) <= RESULTS_MAX
    assert len(codes) == len(set(codes))


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdeiouymnst", max_size=12))
def test_a_skeleton_is_a_part_of_its_word(word: str) -> None:
    assert is_subsequence(skeleton(word), word)


def test_the_city_is_left_off_a_name_but_never_all_of_it() -> None:
    assert without_city("米兰大教堂") == "大教堂"
    assert without_city("duomodimilano") == "duomo"
    assert without_city("milano") == "milano"


def test_a_character_with_two_readings_is_heard_both_ways() -> None:
    assert {"chongqing", "zhongqing"} <= {full for full, _ in readings("重庆")}


def test_of_the_queries_written_beforehand_95_of_100_have_their_place_among_the_first_three() -> None:
    score = hit_rates()

    assert sum(kind.asked for kind in score) >= 200
    assert sum(kind.found for kind in score) >= 0.95 * sum(kind.asked for kind in score)


@pytest.mark.parametrize(
    "text", ["我的订单还没有收到", "please call me back about my invoice", "刷卡失败 怎么办"]
)
def test_a_message_that_is_no_search_finds_nothing(text: str) -> None:
    assert INDEX.find(text) == ()

"""The index holds no words, knows every message once, and forgets one that is taken out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from seta.houses.operations import found_house
from seta.kit.clock import BEIJING
from seta.oversight.models import ArchivedMessage, BodyKey
from seta.oversight.operations.indexing import (
    IndexRow,
    compact_at_night,
    compact_index,
    index_messages,
    index_missing,
    rebuild_index,
    unindex_messages,
)
from seta.oversight.search import index
from seta.oversight.search.tokens import number, numbers, pairs, tokens_of_house
from tests.oversight.archived import keep

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def house(db: None) -> int:
    return found_house(code="serica", name="Serica Milano", kind="maison")


def matches(house_id: int, term: str) -> set[int]:
    table, column, condition, parameter = index.matching(tokens_of_house(house_id).asked_for(term))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {condition}", [parameter])
        return {row[0] for row in cursor.fetchall()}


def test_pairs_are_neighbours_and_the_last_with_the_end_and_of_a_long_text_each_once() -> None:
    assert list(pairs("微信微信")) == ["微信", "信微", "微信", "信\n"]
    assert sorted(pairs("微信" * 1_000)) == ["信\n", "信微", "微信"]
    assert list(pairs("好")) == ["好\n"]
    assert list(pairs("")) == []


def test_a_pairs_token_begins_as_its_first_characters_does(house: int) -> None:
    tokens = tokens_of_house(house)
    (character,) = tokens.asked_for("微")
    (pair,) = tokens.asked_for("微信")
    assert pair.startswith(character) and len(pair) == 12
    assert number(pair) in numbers(tokens.words_of("加微信吧"))
    assert number(character) in numbers(tokens.words_of("加微信吧"))
    assert all(-(2**31) <= each < 2**31 for each in numbers(tokens.words_of("加微信吧")))


def test_a_message_is_matched_by_any_of_its_pairs_or_characters(house: int) -> None:
    first, second = keep(house, ["您好，欢迎光临", "加微 信"], at=NOON)
    assert matches(house, "微信") == {second}
    assert matches(house, "好") == {first}
    assert matches(house, "临") == {first}
    assert matches(house, "包") == set()


def test_tokens_of_one_house_say_nothing_in_another(house: int) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    keep(house, ["微信"], at=NOON)
    assert matches(other, "微信") == set()
    assert tokens_of_house(house).words_of("微信") != tokens_of_house(other).words_of("微信")


def test_the_index_holds_no_words(house: int) -> None:
    keep(house, ["secretword"], at=NOON)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT block FROM oversight_search_data")
        else:
            cursor.execute("SELECT tokens::text::bytea FROM oversight_search")
        held = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"se" not in held and b"secret" not in held


def test_a_message_taken_out_is_not_found_and_its_neighbours_are(house: int) -> None:
    gone, stays = keep(house, ["转账给我", "转账给公司"], at=NOON)
    with transaction.atomic():
        assert unindex_messages([gone]) == 1
        assert unindex_messages([gone]) == 0
    assert matches(house, "转账") == {stays}


def test_what_was_archived_before_there_was_an_index_is_indexed_later_and_once(house: int) -> None:
    keep(house, ["现在"], at=NOON)
    before = keep(house, ["从前有座山", "山里有座庙"], at=NOON, is_indexed=False)
    assert index_missing() == 2
    assert index_missing() == 0
    assert matches(house, "有座") == set(before)


def test_a_rebuilt_index_finds_what_it_found_before(house: int) -> None:
    ids = keep(house, ["第一条", "第二条"], at=NOON)
    assert rebuild_index() == 2
    assert matches(house, "条") == set(ids)


def test_a_message_whose_key_is_gone_is_not_indexed_again(house: int) -> None:
    keep(house, ["忘记我"], at=NOON)
    BodyKey.objects.update(sealed=None, destroyed_at=NOON)
    assert rebuild_index() == 0
    assert matches(house, "忘记") == set()


def test_each_message_is_asked_for_its_house_when_the_house_is_not_said(house: int) -> None:
    other = found_house(code="altra", name="Altra", kind="maison")
    mine = keep(house, ["你好"], at=NOON, is_indexed=False)
    theirs = keep(other, ["你好"], at=NOON, is_indexed=False)
    with transaction.atomic():
        index_messages([IndexRow(mine[0], "你好"), IndexRow(theirs[0], "你好")])
    assert matches(house, "你好") == set(mine) and matches(other, "你好") == set(theirs)


def test_a_poisoned_message_is_indexed_in_linear_time(house: int) -> None:
    poison = "\ud800\x00<script>" + "毒" * 60_000 + "".join(map(chr, range(0x4E00, 0x8E00)))
    (found,) = keep(house, [poison], at=NOON)
    assert found in matches(house, "毒毒")
    assert ArchivedMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_index_is_compacted_in_one_hour_of_the_night() -> None:
    midnight = datetime(2026, 11, 22, 0, 30, tzinfo=BEIJING)

    done = [hour for hour in range(24) if compact_at_night(midnight + timedelta(hours=hour))]

    assert done == [3]


def test_what_was_added_is_found_before_and_after_it_is_sorted_in(house: int) -> None:
    first, second = keep(house, ["您好，欢迎光临", "加微信"], at=NOON)
    assert matches(house, "微信") == {second}

    index.settle()

    assert matches(house, "微信") == {second}
    assert matches(house, "欢迎") == {first}
    assert index.settle() == 0


@pytest.mark.django_db(transaction=True)
def test_the_index_is_rewritten_without_what_was_taken_out() -> None:
    house_id = found_house(code="serica", name="Serica Milano", kind="maison")
    gone, stays = keep(house_id, ["删除这条", "留下这条"], at=NOON)
    with transaction.atomic():
        unindex_messages([gone])
    compact_index()
    assert matches(house_id, "这条") == {stays}
    if connection.vendor == "sqlite":
        (token,) = (word[4:].encode() for word in tokens_of_house(house_id).asked_for("删除"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM oversight_search_data")
            assert all(token not in bytes(row[0]) for row in cursor.fetchall())

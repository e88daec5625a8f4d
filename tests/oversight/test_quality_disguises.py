"""The disguises of the labelled set: a person still reads the words, and only the right characters change."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from quality.disguise import (
    CHINESE,
    INVISIBLE,
    all_homophones,
    is_han,
    mixed_pinyin,
    one_homophone,
    respelt,
    separated,
    split_characters,
    traditional,
    whole_pinyin,
)
from quality.filling import card_number, fill, identity_number
from quality.fragments import read, written
from seta.oversight.rules.checks import id_card, luhn

SPANS = st.sampled_from(
    ["加我私人微信", "转到我个人卡上", "员工价给您", "银行卡号", "他给回扣三千", "A货要不要", "行长的账"]
)
SEEDS = st.integers(0, 10_000)


@given(SPANS, SEEDS)
def test_homophones_sound_alike_and_keep_their_number(span: str, seed: int) -> None:
    one = one_homophone(span, random.Random(seed))
    every = all_homophones(span, random.Random(seed))
    assert len(one) == len(every) == len(span)
    assert sum(new != old for new, old in zip(one, span, strict=True)) == 1
    sounds = lazy_pinyin(span)
    changed = [at for at, each in enumerate(every) if each != span[at]]
    offset = len(span) - len(sounds)
    assert all(lazy_pinyin(every[at])[0] == sounds[at - offset] for at in changed)


@given(SPANS, SEEDS)
def test_separators_stand_between_the_characters_and_nowhere_else(span: str, seed: int) -> None:
    changed = separated(span, random.Random(seed))
    kept = iter(changed)
    assert all(each in kept for each in span if is_han(each))
    assert changed[0] not in INVISIBLE
    assert is_han(changed[-1])


@given(SPANS, SEEDS)
def test_mixed_pinyin_leaves_some_characters_and_whole_pinyin_none(span: str, seed: int) -> None:
    mixed = mixed_pinyin(span, random.Random(seed))
    assert 0 < sum(map(is_han, mixed)) < sum(map(is_han, span))
    assert not any(map(is_han, whole_pinyin(span, random.Random(seed))))


def test_a_split_character_is_written_as_its_parts() -> None:
    assert split_characters("钱", random.Random(1)) == "钅戋"
    assert traditional("转账给我") == "轉賬給我"


def test_latin_words_keep_their_length_when_respelt() -> None:
    assert len(respelt("add my account", random.Random(3))) == 14


@pytest.mark.parametrize("name", sorted(CHINESE))
def test_every_disguise_says_the_same_for_the_same_seed(name: str) -> None:
    first = CHINESE[name]("直接微信转我", random.Random(5))
    assert first == CHINESE[name]("直接微信转我", random.Random(5))


@given(SEEDS)
def test_invented_numbers_have_right_check_digits(seed: int) -> None:
    rng = random.Random(seed)
    assert luhn(card_number(rng))
    assert id_card(identity_number(rng))
    assert "{" not in fill("{name} {phone} {passport} {address} {tracking} {sku}", rng)


def test_fragments_are_written_as_they_were_read() -> None:
    text = "@ hit payment zh high\n您〔转我卡〕就行 ||discount\n\n@ ordinary talk zh\nc: 在吗\ns: 在的\n"
    first = list(read(text))
    assert first[0].also == ("discount",)
    assert [each.turns for each in read(written(first))] == [each.turns for each in first]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@ hit payment zh high\n没有标记", "without its words marked"),
        ("@ hit nothing zh high\n〔好〕", "no kind or category"),
        ("好", "before any section head"),
        ("@ payment\n好", "no section head"),
        ("@ hit payment zh high\n〔好〕 ||bribes", "unknown label"),
    ],
)
def test_a_fragment_that_cannot_be_read_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(read(text))

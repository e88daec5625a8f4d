"""What makes compiling quick changes nothing: texts handled together are as those handled one by one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from seta.oversight.rules import compile_documents, fold, judge
from seta.oversight.rules.fold import fold_all, hear, sounds, sounds_all

POLICY = compile_documents(
    {
        "t.yaml": """
rules:
- id: card
  category: pii
  severity: high
  match: {any: [{regex: {pattern: '[0-9]{16}', prefilter: ['4'], check: luhn, folded: true, numerals: true}}]}
  actions: {default: hold, archive: flag}
  tests: {hit: [a, b, c], miss: [d, e, f]}
"""
    }
)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=12) | st.just("\ua015")))
def test_texts_folded_together_are_as_those_folded_alone(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@settings(deadline=None)
@given(st.lists(st.text("重长还行转账给我微信abc1", max_size=8)))
def test_texts_spoken_together_sound_as_those_spoken_alone(texts: list[str]) -> None:
    assert sounds_all(texts) == [sounds(text) for text in texts]


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=0x530, max_codepoint=0x7FF)))
def test_letters_that_stand_for_sounds_are_not_heard_themselves(text: str) -> None:
    assert set(hear(text)) <= {"\ufffd"}


def test_a_number_with_too_few_digits_is_passed_over_and_a_whole_one_found_however_it_is_written() -> None:
    def found(text: str) -> bool:
        return bool(judge(text, channel="composer", sender="sa", policy=POLICY).hits)

    assert not found("订单 41111 已发货")
    assert found("卡号 4111111111111111")
    assert found("卡号４１１１ 1111 1111 1111")
    assert found("4一一一一一一一一一一一一一一一")

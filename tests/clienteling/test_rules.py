"""A sale belongs to one associate, commission follows the money both ways, and clients are found by few letters."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.clienteling import rules
from seta.clienteling.rules import Credit, Touch

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHARE = Touch(1, "ss27", NOON - DAY, share_id=9)
SCENE = Touch(2, "", NOON)
TOUCHES = (Touch(3, "old", NOON - 5 * DAY), Touch(4, "new", NOON - 2 * DAY, share_id=8))


@pytest.mark.parametrize(
    ("known", "credit"),
    [
        ({"named": 7, "shared": SHARE, "scene": SCENE, "touches": TOUCHES}, Credit(7, "ss27", "named")),
        ({"shared": SHARE, "scene": SCENE, "touches": TOUCHES}, Credit(1, "ss27", "share", 9)),
        ({"scene": SCENE, "touches": TOUCHES}, Credit(2, "", "scene")),
        ({"touches": TOUCHES}, Credit(4, "new", "touch", 8)),
        ({"touches": TOUCHES, "campaign": "drop"}, Credit(4, "drop", "touch", 8)),
        ({"shared": Touch(1, "", NOON - 31 * DAY)}, None),
        ({"touches": (Touch(1, "", NOON - 15 * DAY), Touch(2, "", NOON + DAY))}, None),
        ({}, None),
    ],
)
def test_the_nearest_reason_wins(known: dict[str, object], credit: Credit | None) -> None:
    asked = {"named": None, "shared": None, "scene": None, "touches": (), "campaign": "", **known}

    assert rules.credit_of(paid_at=NOON, **asked) == credit  # type: ignore[arg-type]


def test_commission_rounds_half_up() -> None:
    assert rules.commission(10_000, 300) == 300
    assert rules.commission(50, 100) == 1
    assert rules.commission(49, 100) == 0


@settings(deadline=None)
@given(
    st.integers(0, 10**9), st.integers(0, 10_000), st.lists(st.integers(0, 10**8), max_size=5), st.booleans()
)
def test_returns_never_take_more_than_was_earned_and_all_of_it_when_all_came_back(
    amount: int, bps: int, returns: list[int], is_whole: bool
) -> None:
    earned, taken, returned = rules.commission(amount, bps), 0, 0
    for each in returns:
        returned += each
        now_due = rules.claw_back(
            settle_amount=amount, bps=bps, earned=earned, returned=returned, is_whole=False
        )
        assert taken <= now_due <= earned
        taken = now_due
    if is_whole or returned >= amount:
        assert earned == rules.claw_back(
            settle_amount=amount, bps=bps, earned=earned, returned=returned, is_whole=is_whole
        )


@pytest.mark.parametrize("query", ["陈", "陈晓", "chen", "Chen Xiao", "cx", "VIP", "0018", "13800000018", ""])
def test_a_client_answers_to(query: str) -> None:
    assert rules.found_by(query, name="陈晓", remark="vip 静安", phone_tail="0018")


@pytest.mark.parametrize("query", ["王", "wang", "9999", "xc"])
def test_a_client_does_not_answer_to(query: str) -> None:
    assert not rules.found_by(query, name="陈晓", remark="", phone_tail="0018")


def test_every_refusal_speaks_three_languages() -> None:
    for refusal in rules.Refusal:
        texts = {rules.Refused(refusal).text(language) for language in ("zh-hans", "en", "it")}
        assert len(texts) == 3

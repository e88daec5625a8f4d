"""Rules are read whole or refused by line, bribes found in names and wordings, and tallies depend on nothing else."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.loyalty.rules.bribes import Bribe, bribes_in, lint
from seta.loyalty.rules.merit import Entry, Way, counted, points, points_of_purchase, points_taken_back
from seta.loyalty.rules.program import Unreadable, read
from seta.site.cli import main
from tests.loyalty.world import NOON, RULES

FORBIDDEN = [
    ("转发领取", Bribe.SHARE_TO_EARN),
    ("轉發領取積分", Bribe.SHARE_TO_EARN),
    ("转 发 即 可 领 取", Bribe.SHARE_TO_EARN),
    ("分享给好友，立减50元", Bribe.SHARE_TO_EARN),
    ("邀请好友返", Bribe.SHARE_TO_EARN),
    ("邀请三位好友注册，您可获得礼券", Bribe.SHARE_TO_EARN),
    ("想要礼物？领取前请先分享", Bribe.SHARE_TO_EARN),
    ("Share this page and earn 50 points", Bribe.SHARE_TO_EARN),
    ("earn points for sharing", Bribe.SHARE_TO_EARN),
    ("Condividi e ricevi punti", Bribe.SHARE_TO_EARN),
    ("Ricevi 20 punti se inviti un amico", Bribe.SHARE_TO_EARN),
    ("关注有礼", Bribe.FOLLOW_TO_EARN),
    ("关注公众号送100积分", Bribe.FOLLOW_TO_EARN),
    ("Follow us to unlock the drop", Bribe.FOLLOW_TO_EARN),
    ("Segui il nostro account e ottieni uno sconto", Bribe.FOLLOW_TO_EARN),
    ("集卡", Bribe.COLLECT_TO_WIN),
    ("集齐五张即可兑换", Bribe.COLLECT_TO_WIN),
    ("Collect all the cards to win a gift", Bribe.COLLECT_TO_WIN),
    ("幸运大转盘", Bribe.CHANCE),
    ("lucky draw", Bribe.CHANCE),
    ("gratta e vinci", Bribe.CHANCE),
    ("二级分销返佣", Bribe.MULTI_LEVEL),
    ("Points for friends of friends", Bribe.MULTI_LEVEL),
]
INNOCENT = [
    "分享不会获得积分",
    "无需转发即可参加",
    "到店一次获得20积分",
    "邀请您参加工坊",
    "关注细节，手工卷边",
    "Sharing earns nothing",
    "We never reward you for sharing",
    "It follows that you earn points",
    "A share of the workshop's free seats",
    "condividere non dà punti",
    "Un'ora prima ai lanci",
]


@pytest.mark.parametrize(("wording", "bribe"), FORBIDDEN)
def test_a_forbidden_wording_is_found_with_a_reason_in_three_languages(wording: str, bribe: Bribe) -> None:
    found = bribes_in(wording)

    assert bribe in {finding.bribe for finding in found}
    assert len({found[0].reason(language) for language in ("zh-hans", "en", "it")}) == 3


@pytest.mark.parametrize("wording", INNOCENT)
def test_an_innocent_wording_passes(wording: str) -> None:
    assert bribes_in(wording) == []


def test_sound_rules_are_read_and_nothing_is_found_in_them() -> None:
    program = read(RULES)

    assert lint(RULES) == []
    assert [tier.code for tier in program.tiers] == ["guest", "friend", "patron"]
    assert program.earnings[Way.PURCHASE].per == 100
    assert program.tier_at(49)[1].code == "guest" and program.tier_at(50) == (2, program.tiers[1])
    assert program.next_after(150) is None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("visit: {points: 20", "share: {points: 20", 4),
        ("visit: {points: 20", "moments_share: {points: 20", 4),
        ("workshop: {points: 80", "inviteFriend: {points: 80", 7),
        ("workshop: {points: 80", "关注: {points: 80", 7),
        ("early_hour: {zh: 提前一小时进入发售", "early_hour: {zh: 转发领取提前入场", 10),
        ("You come often", "Invite a friend for points", 20),
        ("code: patron", "code: downline", 22),
    ],
)
def test_a_bribe_is_found_on_its_line_whether_a_name_or_a_text(old: str, new: str, line: int) -> None:
    found = lint(RULES.replace(old, new))

    assert [finding.line for finding in found] == [line] * len(found) and found


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("points_last_days: 365", "points_last_days: soon", 2, "wrong_number"),
        ("points_last_days: 365", "points_last_days: 0", 2, "wrong_number"),
        ("points_last_days: 365", "points_last_days: 1000000000", 2, "wrong_number"),
        ("from: 50", "from: 0", 17, "tier_order"),
        ("from: 0", "from: 5", 13, "tier_order"),
        ("code: patron", "code: friend", 22, "repeated"),
        ("code: patron", "code: Patron!", 22, "wrong_code"),
        ("rights: [early_hour, salon]", "rights: [garden]", 25, "unknown_right"),
        ("visit: {points: 20", "dance: {points: 20", 4, "unknown_key"),
        ("per: 100, ", "", 8, "missing"),
        ("program: {", "program: [", 1, "not_yaml"),
        ("en: Guest", "en: ''", 15, "wrong_kind"),
        ("rights: []", "rights: *x", 16, "too_deep"),
    ],
)
def test_rules_that_cannot_be_read_name_the_line_to_mend(old: str, new: str, line: int, code: str) -> None:
    assert old in RULES
    with pytest.raises(Unreadable) as unreadable:
        read(RULES.replace(old, new, 1))

    assert (line, code) in {(problem.line, problem.code) for problem in unreadable.value.problems}
    assert len({unreadable.value.problems[0].text(language) for language in ("zh", "en", "it")}) == 3


@pytest.mark.parametrize(
    "text", ["", "- a", "7", "[" * 500, "program: " + "x" * 30_000, "a: !!python/none x"]
)
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(text)

    assert unreadable.value.problems


@given(st.text(max_size=300))
def test_no_text_breaks_the_linter(text: str) -> None:
    lint(text)


ENTRIES = st.lists(
    st.builds(
        lambda number, way, points, back, hours: [
            _entry(f"d{number}", f"d{number}", way, points, hours),
            *([_entry(f"r{number}", f"d{number}", way, -back, hours + 1)] if back else []),
        ],
        st.integers(0, 12),
        st.sampled_from(Way),
        st.integers(1, 90),
        st.integers(0, 120),
        st.integers(0, 96),
    ),
    max_size=14,
    unique_by=lambda pair: pair[0].key,
).map(lambda pairs: [entry for pair in pairs for entry in pair])


def _entry(key: str, deed: str, way: Way, given: int, hours: int) -> Entry:
    at = NOON + timedelta(hours=hours)
    return Entry(
        key=key,
        deed=deed,
        way=way,
        points=given,
        daily_cap=60,
        at=at,
        day=at.date(),
        expires_at=NOON + timedelta(days=300),
    )


@given(ENTRIES.flatmap(lambda entries: st.tuples(st.just(entries), st.permutations(entries))))
def test_a_tally_does_not_depend_on_the_order_of_arrival(both: tuple[list[Entry], list[Entry]]) -> None:
    assert counted(both[1], now=NOON) == counted(both[0], now=NOON)


@given(ENTRIES)
def test_a_day_never_counts_for_more_than_its_cap_and_never_for_less_than_nothing(
    entries: list[Entry],
) -> None:
    days: dict[tuple[Way, date], int] = {}
    for row in counted(entries, now=NOON):
        assert 0 <= row.points <= row.entry.points
        days[row.entry.way, row.entry.day] = days.get((row.entry.way, row.entry.day), 0) + row.points

    assert all(total <= 60 for total in days.values())
    assert points(entries, now=NOON + timedelta(days=301)) == 0


def test_a_purchase_gives_for_every_full_hundred_and_a_refund_takes_in_proportion() -> None:
    assert points_of_purchase(888_800, rate=1, per=100) == 88
    assert points_of_purchase(9_999, rate=1, per=100) == 0
    assert points_taken_back(88, refunded=1, amount=888_800, is_whole=False) == 1
    assert points_taken_back(88, refunded=888_800, amount=888_800, is_whole=False) == 88
    assert points_taken_back(88, refunded=5, amount=888_800, is_whole=True) == 88


def test_the_command_says_yes_to_sound_rules_and_the_reason_of_a_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, bribing, bytes_only = tmp_path / "sound.yaml", tmp_path / "bribing.yaml", tmp_path / "b.yaml"
    sound.write_text(RULES, encoding="utf-8")
    bribing.write_text(RULES.replace("You come often", "Share and earn points"), encoding="utf-8")
    bytes_only.write_bytes(b"\xff\xfe\x00")

    assert main(["loyalty", "lint", str(sound)]) == 0
    assert "may go live" in capsys.readouterr().out
    assert main(["loyalty", "lint", str(bribing)]) == 1
    said = capsys.readouterr().out
    assert ":20: share_to_earn" in said and "转发" in said and "condivide" in said
    assert main(["loyalty", "lint", str(bytes_only)]) == 1
    assert main(["loyalty", "lint", str(tmp_path / "none.yaml")]) == 1

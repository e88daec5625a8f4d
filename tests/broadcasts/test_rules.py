"""Whom a segment means, and how people are divided into calls that WeChat takes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seta.broadcasts.rules import dividing
from seta.broadcasts.rules.dividing import A_MONTH_MAX, RECIPIENTS_MIN, allotted, divide, month_of
from seta.broadcasts.rules.refusals import BroadcastRefused, Refusal
from seta.broadcasts.rules.segments import Follower, Segment, fits, language_of, read_segment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PEOPLE = st.dictionaries(st.integers(1, 10**6), st.sampled_from(["zh", "en", "it"]), max_size=60)
SAID_IN = st.sampled_from([["zh"], ["zh", "en"], ["zh", "it"], ["zh", "en", "it"]])


def follower(**changed: object) -> Follower:
    given = {
        "person_id": 1,
        "language": "zh-hans",
        "city": "Shanghai",
        "campaign": "ss27",
        "tier": "gold",
        "followed_at": NOON - timedelta(days=10),
        **changed,
    }
    return Follower(**given)  # type: ignore[arg-type]


def test_a_segment_means_those_who_fit_all_of_it() -> None:
    assert fits(Segment(), follower(), NOON)
    assert fits(Segment(("zh",), "ss27", "shanghai", "gold", 10), follower(), NOON)
    for other in (
        Segment(languages=("en",)),
        Segment(campaign="fw27"),
        Segment(city="Beijing"),
        Segment(tier="platinum"),
        Segment(within_days=9),
    ):
        assert not fits(other, follower(), NOON), other


def test_whoever_said_no_to_messages_is_never_meant() -> None:
    assert not fits(Segment(), follower(agreed=False), NOON)
    assert fits(Segment(), follower(agreed=True), NOON)


def test_a_segment_comes_back_as_it_was_kept_and_nonsense_says_nothing() -> None:
    segment = Segment(("en", "it"), "ss27", "Shanghai", "gold", 30)
    assert read_segment(segment.as_json()) == segment
    assert read_segment({"languages": ["xx"], "within_days": "-3"}) == Segment()
    assert read_segment({"languages": ["zh", "en", "it"]}) == Segment()


def test_every_other_language_reads_chinese() -> None:
    assert [language_of(each) for each in ("zh-hans", "en-GB", "it", "fr", "")] == [
        "zh",
        "en",
        "it",
        "zh",
        "zh",
    ]


@given(PEOPLE, SAID_IN)
def test_everybody_is_in_one_call_and_no_call_has_one_person(
    people: dict[int, str], said_in: list[str]
) -> None:
    shares = divide(people, said_in)

    counted = Counter(person for share in shares for person in share.person_ids)
    assert set(counted.values()) <= {1}
    assert set(counted) == (set(people) if len(people) >= RECIPIENTS_MIN else set())
    assert all(len(share.person_ids) >= RECIPIENTS_MIN and share.language in said_in for share in shares)


@given(PEOPLE, SAID_IN)
def test_whoever_is_not_alone_in_a_language_reads_their_own(
    people: dict[int, str], said_in: list[str]
) -> None:
    readers = Counter(language if language in said_in else said_in[0] for language in people.values())
    for share in divide(people, said_in):
        for person in share.person_ids:
            own = people[person] if people[person] in said_in else said_in[0]
            assert share.language == own or readers[own] < RECIPIENTS_MIN or own == said_in[0]


def test_ten_thousand_and_one_people_are_two_calls_of_nearly_the_same_size() -> None:
    shares = divide(dict.fromkeys(range(dividing.RECIPIENTS_MAX + 1), "zh"), ["zh"])
    assert [len(share.person_ids) for share in shares] == [5_001, 5_000]


@given(
    st.lists(st.integers(1, 50), unique=True),
    st.dictionaries(st.integers(1, 50), st.integers(0, 6)),
    st.integers(0, 3),
)
def test_nobody_receives_a_fifth_and_what_is_kept_back_stays(
    people: list[int], received: dict[int, int], keep_back: int
) -> None:
    able = allotted(people, received, keep_back)
    assert all(received.get(person, 0) + 1 + keep_back <= A_MONTH_MAX for person in able)
    assert all(
        received.get(person, 0) + 1 + keep_back > A_MONTH_MAX for person in people if person not in able
    )


def test_months_are_beijings() -> None:
    assert month_of(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == "2026-11"
    assert month_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == "2026-12"


def test_every_refusal_has_words_in_three_languages() -> None:
    for refusal in Refusal:
        said = {BroadcastRefused(refusal).text(language) for language in ("zh-hans", "en", "it")}
        assert len(said) == 3

"""People are recognised by any of their identities and become one when two of these meet."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.events.models import Event
from seta.houses.operations import found_house
from seta.people import operations, queries, rules
from seta.people.models import Consent, Person
from seta.people.rules import IdentityKey

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OA = IdentityKey("openid", "wx-oa", "o-chen")
MP = IdentityKey("openid", "wx-mp", "m-chen")
UNION = IdentityKey("unionid", "", "u-chen")
KEY = b"k" * 32


@pytest.fixture
def house(db: None) -> int:
    return found_house(code="serica", name="Serica", kind="maison")


def test_the_same_identity_is_the_same_person(house: int) -> None:
    first = operations.recognise(house_id=house, identities=[OA], now=NOON)
    second = operations.recognise(house_id=house, identities=[OA], now=NOON)

    assert first == second


def test_two_people_become_one_when_their_unionid_meets(house: int) -> None:
    follower = operations.recognise(house_id=house, identities=[OA], now=NOON, display_name="陈晓")
    buyer = operations.recognise(house_id=house, identities=[MP], now=NOON)
    operations.record_consent(
        house_id=house, person_id=buyer, purpose="messages", granted=True, source="test", now=NOON
    )
    operations.recognise(house_id=house, identities=[OA, UNION], now=NOON)

    merged = operations.recognise(house_id=house, identities=[MP, UNION], now=NOON)

    assert merged == follower
    assert queries.card(buyer).id == follower
    assert queries.card(follower).openids == {"wx-oa": "o-chen", "wx-mp": "m-chen"}
    assert queries.has_agreed(follower, "messages")
    assert Event.objects.filter(name="people.person.merged").count() == 1


def test_the_same_openid_in_two_houses_is_two_people(house: int) -> None:
    other = found_house(code="milano", name="Milano", kind="destination")

    one = operations.recognise(house_id=house, identities=[OA], now=NOON)
    two = operations.recognise(house_id=other, identities=[OA], now=NOON)

    assert one != two


def test_many_are_recognised_at_once_in_the_order_asked(house: int) -> None:
    keys = [[IdentityKey("openid", "wx-oa", f"o-{number % 7}")] for number in range(20)]

    found = operations.recognise_many(house_id=house, keys=keys, now=NOON)

    assert found[:7] == found[7:14]
    assert len(set(found)) == 7
    assert Person.objects.count() == 7


def test_the_newest_answer_to_a_purpose_holds_and_silence_is_no(house: int) -> None:
    person = operations.recognise(house_id=house, identities=[OA], now=NOON)
    for hour, granted in enumerate([True, False]):
        operations.record_consent(
            house_id=house,
            person_id=person,
            purpose="archive",
            granted=granted,
            source="test",
            now=NOON + timedelta(hours=hour),
        )

    assert not queries.has_agreed(person, "archive")
    assert not queries.has_agreed(person, "messages")


def test_a_purpose_that_nobody_asks_for_is_refused(house: int) -> None:
    person = operations.recognise(house_id=house, identities=[OA], now=NOON)

    with pytest.raises(operations.UnknownPurpose):
        operations.record_consent(
            house_id=house, person_id=person, purpose="everything", granted=True, source="test", now=NOON
        )


@given(st.integers(1, 10**9), st.integers(1, 10**12), st.integers(1, 10**10))
def test_a_session_token_names_its_person_until_it_expires(house: int, person: int, expires: int) -> None:
    claim = rules.SessionClaim(house, person, expires)
    token = rules.session_token(claim, key=KEY)

    assert rules.read_session_token(token, key=KEY, now=expires - 1) == claim
    assert rules.read_session_token(token, key=KEY, now=expires) is None
    assert rules.read_session_token(token, key=b"x" * 32, now=0) is None


@given(st.text(max_size=60))
def test_no_other_text_is_a_session(text: str) -> None:
    assert rules.read_session_token(text, key=KEY, now=0) is None


def test_a_consent_for_somebody_who_was_merged_meanwhile_is_the_kept_persons(house: int) -> None:
    follower = operations.recognise(house_id=house, identities=[OA], now=NOON)
    contact = operations.recognise(house_id=house, identities=[MP], now=NOON)
    operations.recognise(house_id=house, identities=[OA, MP], now=NOON)

    operations.record_consent(
        house_id=house, person_id=contact, purpose="archive", granted=True, source="wecom", now=NOON
    )

    assert queries.has_agreed(follower, "archive")


def test_what_straggles_behind_a_merging_is_handed_over(house: int) -> None:
    follower = operations.recognise(house_id=house, identities=[OA], now=NOON)
    contact = operations.recognise(house_id=house, identities=[MP], now=NOON)
    operations.recognise(house_id=house, identities=[OA, MP], now=NOON)
    Consent.objects.create(
        house_id=house, person_id=contact, purpose="archive", granted=True, source="late", at=NOON
    )

    for merged in queries.merges_since(NOON - timedelta(minutes=1)):
        operations.repoint_person(merged, NOON)

    assert queries.has_agreed(follower, "archive")

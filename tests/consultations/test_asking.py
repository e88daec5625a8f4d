"""A client books a call alone: when they may, what both sides are told, and what is refused."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.clienteling import operations as clienteling
from seta.clienteling.models import Associate, FollowUp
from seta.clienteling.operations.book import add_entry
from seta.consultations import operations, queries
from seta.consultations.events import ConsultationBooked, ConsultationCancelled
from seta.consultations.models import Consultation
from seta.consultations.operations import tell_associate
from seta.consultations.rules import (
    CALL_WORDS,
    SELF_AHEAD,
    SELF_NOTICE,
    Bookable,
    ConsultationRefused,
    Refusal,
    digest_of,
    free_times,
    quarters,
    times_on,
)
from seta.houses.operations import hire
from seta.houses.queries import members
from seta.kit.ids import new_id
from seta.oversight.models import AuditEvent
from seta.people.operations import open_session
from tests.boutique.shop import facts
from tests.consultations.world import PASSWORD, make_client
from tests.conversations.world import make_house

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
"""A Thursday, nine in Milan."""
FRIDAY = date(2026, 11, 20)
TEN = datetime(2026, 11, 20, 10, 0, tzinfo=ROME)


@dataclass(frozen=True)
class Floor:
    """A house with one associate, whose client is Chen and not Zhou."""

    house: int
    user: int
    associate: int
    chen: int
    zhou: int

    def book(self, **more: Any) -> queries.ConsultationCard:
        """Chen's wish for half an hour on Friday at ten, unless said otherwise."""
        wish: dict[str, Any] = {
            "house_id": self.house,
            "person_id": self.chen,
            "associate_id": self.associate,
            "kind": "video",
            "starts_at": TEN,
            "minutes": 30,
            "agreed": True,
            "language": "zh",
            "now": NOW,
        }
        return operations.book_by_client(**wish | more)

    def free(self, **more: Any) -> list[str]:
        """What Chen is offered on the Friday."""
        asked: dict[str, Any] = {"associate_id": self.associate, "day": FRIDAY, "minutes": 30, "now": NOW}
        found = queries.free_times(house_id=self.house, **{"person_id": self.chen} | asked | more)
        return [f"{at:%H:%M}" for at in found]


@pytest.fixture
def floor(db: None) -> Floor:
    code = new_id("h").replace("_", "-").lower()[:20]
    house, _account = make_house(code=code)
    hire(house_id=house, username=f"yue-{code}", password=PASSWORD, role="associate", name="林悦")
    user = next(member.user_id for member in members(house) if member.name == "林悦")
    associate = clienteling.enrol_associate(
        house_id=house, code="yue", userid="yue", name="林悦", boutique="brera", user_id=user, now=NOW
    )
    chen, zhou = make_client(house, "o-chen", now=NOW), make_client(house, "o-zhou", now=NOW)
    add_entry(Associate.objects.get(pk=associate), chen, external_userid=f"wm-{code}", way=None, now=NOW)
    return Floor(house, user, associate, chen, zhou)


def befriend(floor: Floor, person: int) -> None:
    """Zhou becomes a contact of the associate too."""
    row = Associate.objects.get(pk=floor.associate)
    add_entry(row, person, external_userid=f"wm-{floor.house}-{person}", way=None, now=NOW)


def refusal_of(floor: Floor, **wish: Any) -> Refusal:
    with pytest.raises(ConsultationRefused) as refused:
        floor.book(**wish)
    assert refused.value.text("zh") != refused.value.text("en")
    return refused.value.refusal


def test_a_client_books_a_free_time_of_their_associate_and_it_is_gone(floor: Floor) -> None:
    before = floor.free()

    card = floor.book(topic=" 秋冬   新品 ")

    assert before[0] == "10:00" and before[-1] == "17:30" and len(before) == 16
    assert (card.host_name, card.booked_by, card.topic, card.state) == (
        "林悦",
        "client",
        "秋冬 新品",
        "booked",
    )
    assert floor.free() == before[1:]
    mine, theirs = (
        queries.consultations_of(house_id=floor.house, person_id=floor.chen),
        queries.coming(floor.house, user_id=floor.user, now=NOW),
    )
    assert [one.id for one in mine] == [one.id for one in theirs] == [card.id]


def test_what_the_client_agreed_to_is_kept(floor: Floor) -> None:
    assert refusal_of(floor, agreed=False) is Refusal.NOT_AGREED
    card = floor.book(language="it")

    kept = AuditEvent.objects.get(house_id=floor.house, kind="consultation.agreed")
    assert card.id in str(kept.body) and digest_of(CALL_WORDS["it"]) in str(kept.body)


def test_the_same_wish_again_is_the_same_call(floor: Floor) -> None:
    assert floor.book().id == floor.book().id
    assert Consultation.objects.filter(house_id=floor.house).count() == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"starts_at": TEN - timedelta(hours=2)}, Refusal.QUIET_HOURS),
        ({"starts_at": TEN - timedelta(hours=1)}, Refusal.OUT_OF_HOURS),
        ({"starts_at": TEN + timedelta(hours=8)}, Refusal.OUT_OF_HOURS),
        ({"starts_at": TEN + timedelta(minutes=15)}, Refusal.OUT_OF_HOURS),
        ({"starts_at": TEN + timedelta(days=1)}, Refusal.OUT_OF_HOURS),
        ({"starts_at": TEN + timedelta(days=21)}, Refusal.OUT_OF_HOURS),
        ({"now": TEN - timedelta(hours=1)}, Refusal.OUT_OF_HOURS),
        ({"now": TEN + timedelta(hours=1)}, Refusal.BAD_TIME),
        ({"starts_at": TEN + timedelta(minutes=7)}, Refusal.BAD_TIME),
        ({"minutes": 60}, Refusal.BAD_CHOICE),
        ({"minutes": 20}, Refusal.BAD_CHOICE),
        ({"kind": "telepathy"}, Refusal.BAD_CHOICE),
        ({"associate_id": 10**9}, Refusal.NO_ASSOCIATE),
    ],
)
def test_what_a_client_may_not_book_is_refused_by_name_and_changes_nothing(
    floor: Floor, wish: dict[str, Any], why: Refusal
) -> None:
    assert refusal_of(floor, **wish) is why
    assert not Consultation.objects.filter(house_id=floor.house).exists()


def test_nobody_books_another_clients_associate(floor: Floor) -> None:
    assert refusal_of(floor, person_id=floor.zhou) is Refusal.NO_ASSOCIATE
    assert floor.free(person_id=floor.zhou) == []


def test_two_clients_never_have_one_associate_at_once_nor_one_client_two_calls(floor: Floor) -> None:
    befriend(floor, floor.zhou)
    floor.book()

    assert refusal_of(floor, person_id=floor.zhou) is Refusal.TAKEN
    assert refusal_of(floor, kind="voice") is Refusal.TAKEN
    assert "10:00" not in floor.free(person_id=floor.zhou)


def test_an_associate_says_when_and_a_house_says_when_not(floor: Floor) -> None:
    operations.set_hours(house_id=floor.house, user_id=floor.user, hours="Fr 20:00-24:00", now=NOW)
    assert floor.free() == ["20:00", "20:30", "21:00", "21:30"]
    night = datetime(2026, 11, 20, 22, 0, tzinfo=ROME)
    assert refusal_of(floor, starts_at=night) is Refusal.QUIET_HOURS

    operations.set_hours(
        house_id=floor.house, user_id=floor.user, hours="Mo-Fr 10:00-18:00; Nov 20 off", now=NOW
    )
    assert floor.free() == []
    operations.set_hours(house_id=floor.house, user_id=floor.user, hours="", now=NOW)
    assert queries.hosts_of(house_id=floor.house, person_id=floor.chen) == []
    assert refusal_of(floor) is Refusal.NO_ASSOCIATE


@pytest.mark.parametrize("said", ["whenever", "Mo-Fr 25:99-", "10:00-18:00 " * 40])
def test_hours_nobody_can_read_are_refused(floor: Floor, said: str) -> None:
    with pytest.raises(ConsultationRefused) as refused:
        operations.set_hours(house_id=floor.house, user_id=floor.user, hours=said, now=NOW)
    assert refused.value.refusal is Refusal.BAD_HOURS
    assert queries.call_hours(floor.house, floor.user) == "Mo-Fr 10:00-18:00"


def test_the_associate_has_a_task_for_what_the_client_books_and_gives_back(floor: Floor) -> None:
    card = floor.book()
    operations.cancel(house_id=floor.house, public_id=card.id, by="client", now=NOW)
    told: dict[str, Any] = {"house_id": floor.house, "occurred_at": NOW, "person_id": floor.chen}
    told |= {"consultation_id": card.id, "kind": "video", "by": "client"}

    for _twice in range(2):
        tell_associate(ConsultationBooked(**told, starts_at=TEN.isoformat(), minutes=30), NOW)
        tell_associate(ConsultationCancelled(**told), NOW)
    tell_associate(ConsultationCancelled(**told | {"by": "associate"}), NOW)

    tasks = FollowUp.objects.filter(associate_id=floor.associate, kind="call").order_by("id")
    assert [row.title for row in tasks] == [
        "已预约 / booked · 视频 video · 2026-11-20 10:00",
        "已取消 / cancelled · 视频 video · 2026-11-20 10:00",
    ]
    assert "10:00" in floor.free()
    booked = facts("consultations.consultation.booked")
    assert [(fact["consultation_id"], fact["by"]) for fact in booked] == [(card.id, "client")]


def test_a_phone_sees_the_times_books_one_and_is_told_why_not(floor: Floor) -> None:
    now = datetime.now(UTC)
    operations.set_hours(house_id=floor.house, user_id=floor.user, hours="00:00-24:00", now=now)
    headers = {
        "authorization": f"Bearer {open_session(house_id=floor.house, person_id=floor.chen, now=now)}",
        "accept-language": "en",
    }
    client, at = Client(headers=headers), "/api/mp/v1/consultations/"
    day = (now + timedelta(days=3)).astimezone(ROME).date()
    offered = client.get(f"{at}hosts").json()
    asked = f"{at}free?associate={floor.associate}&day={day}&minutes=15"

    times = client.get(asked).json()["times"]
    wish = {"associate": floor.associate, "kind": "voice", "starts_at": times[0]["starts_at"], "minutes": 15}
    shy = client.post(at, wish, "application/json")
    made = client.post(at, wish | {"agreed": True}, "application/json")

    assert [one["name"] for one in offered["hosts"]] == ["林悦"]
    assert offered["minutes"] == [15, 30] and offered["words"]
    assert (times[0]["label"], times[-1]["label"]) == ("09:00", "21:30")
    assert times[0]["beijing"][-5:] in ("15:00", "16:00")
    assert (shy.status_code, shy.json()["error"]["code"]) == (409, "not_agreed")
    assert (made.status_code, made.json()["state"], made.json()["host"]) == (200, "booked", "林悦")
    assert len(client.get(asked).json()["times"]) == len(times) - 1
    assert client.get(f"{at}free?associate=x&day={day}&minutes=15").status_code == 422


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from([15, 30]),
    st.sampled_from(["Mo-Su 09:10-13:05,14:00-19:20", "24/7", "Mo-Fr 10:00-18:00", "Sa 20:00-02:00", ""]),
    st.integers(0, 23),
    st.integers(0, 23),
    st.sets(st.integers(0, 95), max_size=20),
)
def test_what_is_offered_is_a_whole_free_quarter_in_time_and_never_in_quiet_hours(
    day: date, minutes: int, hours: str, quiet_from: int, quiet_until: int, taken_at: set[int]
) -> None:
    bookable = Bookable(hours, ROME, quiet_from, quiet_until)
    now = datetime.combine(day, datetime.min.time(), ROME) - timedelta(hours=3)
    taken = {now + timedelta(hours=3, minutes=15 * place) for place in taken_at}

    offered = free_times(times_on(day, minutes, bookable, now=now), minutes, taken)

    for at in offered:
        assert not taken & set(quarters(at, at + timedelta(minutes=minutes)))
        assert at.minute in (0, 30) and at.date() == day
        assert now + SELF_NOTICE <= at <= now + SELF_AHEAD
        assert not any(bookable.is_quiet(each) for each in quarters(at, at + timedelta(minutes=minutes)))
    assert hours or not offered

"""Texts and requests in; places, plans, rows and facts out."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from seta.conversations.models import Message
from seta.events.models import Event
from seta.guide import operations, queries
from seta.guide.lookup import PARTNER_PREFIX, guide_of
from seta.guide.models import MissedSearch, Partner, Place, Plan
from seta.guide.operations.importing import DATA
from seta.guide.rules import Hit
from seta.guide.rules.dated import STALE_AFTER
from seta.houses.operations import hire
from seta.kit.clock import rome_day
from seta.oversight.operations import clear_to_send
from seta.people.events import PersonsMerged
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from seta.platforms.core.xml import parse_xml
from tests.conversations.world import NOON, make_house, make_inbound

House = tuple[int, int]
API = "/api/mp/v1/guide"


@pytest.fixture
def house(db: None) -> House:
    house = make_house()
    report = operations.import_milan(house_id=house[0], now=NOON)
    assert report.created == 68 and report.errors == ()
    return house


def make_client(house: House, openid: str = "m-chen", language: str = "zh-hans") -> Client:
    person = recognise(
        house_id=house[0], identities=[IdentityKey("openid", "wx-mp-serica", openid)], now=timezone.now()
    )
    token = open_session(house_id=house[0], person_id=person, now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": language})


def tomorrow() -> str:
    return (rome_day(timezone.now()) + timedelta(days=1)).isoformat()


def post(client: Client, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(f"{API}{path}", json.dumps(body), content_type="application/json")
    return response.status_code, json.loads(response.content)


@pytest.mark.parametrize("text", ["duomo", "大教堂", "dmo"])
def test_the_cathedral_is_answered_to_whatever_is_typed_for_it(house: House, text: str) -> None:
    (answer,) = operations.answer_texts([make_inbound(house, Content=text)], NOON)

    assert answer is not None
    content = parse_xml(answer.encode())["Content"]
    assert content.splitlines()[0] == "米兰大教堂"
    assert "出发前请再确认" in content
    fact = Event.objects.get(name="guide.place.searched")
    assert fact.body["place"] == "duomo" and fact.body["district"] == "duomo" and fact.person_id


def test_a_batch_of_texts_costs_few_statements(house: House) -> None:
    words = ["duomo", "大教堂", "布雷拉", "谢谢"]
    batch = [
        make_inbound(house, openid=f"o{number}", Content=words[number % len(words)]) for number in range(64)
    ]
    operations.answer_texts([make_inbound(house, Content="duomo")], NOON)

    with CaptureQueriesContext(connection) as captured:
        answers = operations.answer_texts(batch, NOON)

    sent = [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert len(sent) <= 10, [text[:120] for text in sent]
    assert all(answers) and len(answers) == 64


def test_answers_go_back_in_the_order_of_the_texts_even_across_houses(house: House) -> None:
    other = make_house(code="milano")
    batch = [
        make_inbound(house, Content="duomo", openid="o1"),
        make_inbound(other, Content="duomo", openid="o2", app_id="wx-oa-milano"),
        make_inbound(house, Content="scala", openid="o3"),
    ]

    first, second, third = operations.answer_texts(batch, NOON)

    assert first and "米兰大教堂" in first
    assert second and "顾问" in second, "a house without a guide promises a person"
    assert third and "斯卡拉" in third


def test_a_search_in_vain_is_noted_and_staff_owe_a_reply(house: House) -> None:
    (answer,) = operations.answer_texts([make_inbound(house, Content="哪里可以退税？")], NOON)

    assert answer is not None and "抱歉" in answer
    assert [missed.query for missed in queries.missed_queries(house[0], since=NOON)] == ["哪里可以退税？"]
    assert Message.objects.filter(direction="in").get().conversation.unanswered_since == NOON


def test_a_greeting_is_neither_a_search_nor_a_miss(house: House) -> None:
    (answer,) = operations.answer_texts([make_inbound(house, Content="你好")], NOON)

    assert answer is not None and "您好" in answer
    assert not MissedSearch.objects.exists()
    assert not Event.objects.filter(name="guide.place.searched").exists()


def test_importing_again_updates_and_changes_what_is_found(house: House) -> None:
    text = (DATA / "milan_places.csv").read_text("utf-8").replace("米兰大教堂,", "米兰主教座堂,", 1)

    report = operations.import_places(house_id=house[0], text=text, now=NOON)

    assert (report.created, report.updated) == (0, 68)
    card = queries.place(house[0], "duomo", day=NOON.date())
    assert card is not None and card.name_zh == "米兰主教座堂"


def test_a_faulty_file_changes_nothing(house: House) -> None:
    text = (DATA / "milan_places.csv").read_text("utf-8").replace("Mo-Su 09:00-19:00", "always", 1)

    report = operations.import_places(house_id=house[0], text=text, now=NOON)

    assert report.created == report.updated == 0
    assert report.errors[0].line == 2
    assert Place.objects.get(house_id=house[0], code="duomo").opening_hours == "Mo-Su 09:00-19:00"


def test_partners_are_listed_and_found(house: House) -> None:
    text = (DATA / "milan_partners.csv").read_text("utf-8")

    report = operations.import_partners(house_id=house[0], text=text, now=NOON)

    assert report.created == 20 and Partner.objects.count() == 20
    (answer,) = operations.answer_texts([make_inbound(house, Content="灯笼咖啡")], NOON)
    assert answer is not None and "灯笼咖啡馆" in answer and "微信支付" in answer


def test_hours_that_staff_confirm_are_told_without_a_doubt(house: House) -> None:
    assert operations.confirm_hours(house_id=house[0], code="duomo", on=NOON.date(), now=NOON)

    (answer,) = operations.answer_texts([make_inbound(house, Content="duomo")], NOON)

    assert answer is not None and "出发前请再确认" not in answer
    assert not operations.confirm_hours(house_id=house[0], code="nowhere", on=NOON.date(), now=NOON)


def test_a_confirmation_wears_off_in_replies_cards_and_counts(house: House) -> None:
    today, before = NOON.date(), queries.totals(house[0], since=NOON, day=NOON.date()).hours_sure
    operations.confirm_hours(house_id=house[0], code="duomo", on=today - STALE_AFTER, now=NOON)
    (kept,) = operations.answer_texts([make_inbound(house, Content="duomo")], NOON)
    card = queries.place(house[0], "duomo", day=today, language="en")
    sure = queries.totals(house[0], since=NOON, day=today).hours_sure

    later = NOON + timedelta(days=1)
    (asked,) = operations.answer_texts([make_inbound(house, Content="duomo")], later)
    old = queries.place(house[0], "duomo", day=later.date(), language="en")

    assert kept is not None and "出发前请再确认" not in kept
    assert asked is not None and "出发前请再确认" in asked
    assert card is not None and card.confirm == "" and old is not None and old.confirm
    assert queries.totals(house[0], since=NOON, day=later.date()).hours_sure == sure - 1 <= before


def test_the_list_marks_hours_whose_confirmation_is_old(house: House) -> None:
    today = timezone.now().date()
    operations.confirm_hours(house_id=house[0], code="duomo", on=today - timedelta(days=30), now=NOON)
    operations.confirm_hours(house_id=house[0], code="scala", on=today - timedelta(days=400), now=NOON)

    listed = make_client(house).get(f"{API}/places").json()["places"]

    marks = {each["code"]: each["confidence"]["hours"] for each in listed}
    assert (marks["duomo"], marks["scala"]) == ("H", "M")


def test_the_mini_program_searches_and_reads_a_place(house: House) -> None:
    client = make_client(house)

    found = client.get(f"{API}/search", {"q": "duomo"}).json()["places"]
    place = client.get(f"{API}/places/duomo").json()

    assert found[0]["code"] == "duomo" and found[0]["name"] == "米兰大教堂"
    assert place["confidence"]["hours"] == "M" and place["confirm"] == "出发前请再确认"
    assert client.get(f"{API}/places/atlantis").status_code == 404
    assert client.get(f"{API}/search", {"q": ""}).json()["places"] == []


def test_a_plan_is_made_kept_and_forgotten(house: House) -> None:
    client = make_client(house)

    status, plan = post(client, "/plans", day=tomorrow(), start="09:30", places=["duomo", "nowhere"])

    assert status == 201
    assert "duomo" in [stop["code"] for stop in plan["stops"]]
    assert plan["left_out"][0]["reason_text"] == "没有找到这个地点"
    again = client.get(f"{API}/plans/{plan['plan_id']}").json()
    assert again["stops"] == plan["stops"]
    assert Event.objects.get(name="guide.plan.saved").body["plan_id"] == plan["plan_id"]
    assert client.get(f"{API}/plans").json()["plans"][0]["plan_id"] == plan["plan_id"]
    assert client.delete(f"{API}/plans/{plan['plan_id']}").status_code == 204
    assert not Plan.objects.exists()


def test_nobody_reads_or_forgets_the_plan_of_somebody_else(house: House) -> None:
    _, plan = post(make_client(house), "/plans", day=tomorrow(), start="09:30")
    stranger = make_client(house, "m-other")

    assert stranger.get(f"{API}/plans/{plan['plan_id']}").status_code == 404
    assert stranger.delete(f"{API}/plans/{plan['plan_id']}").status_code == 404
    assert Client().get(f"{API}/plans/{plan['plan_id']}").status_code == 401
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": "2020-01-01"}, "day_past"),
        ({"day": "2099-01-01"}, "day_far"),
        ({"start": "25:00"}, "bad_time"),
        ({"start": "12:00", "end": "12:10"}, "day_short"),
        ({"places": [f"p{number}" for number in range(40)]}, "too_many"),
    ],
)
def test_an_impossible_wish_is_refused_in_the_clients_language(
    house: House, change: dict[str, Any], code: str
) -> None:
    status, body = post(make_client(house, language="it"), "/plans", **{"day": tomorrow(), **change})

    assert status == 422 and body["error"]["code"] == code
    assert body["error"]["message"].isascii() or "à" in body["error"]["message"]
    assert not Plan.objects.exists()


def test_old_plans_are_forgotten(house: House) -> None:
    post(make_client(house), "/plans", day=tomorrow())

    assert operations.forget_old_plans(timezone.now() + timedelta(days=29)) == 0
    assert operations.forget_old_plans(timezone.now() + timedelta(days=31)) > 0


def test_plans_follow_a_person_who_turns_out_to_be_another(house: House) -> None:
    union = IdentityKey("unionid", "", "u-chen")
    kept = recognise(house_id=house[0], identities=[union], now=NOON)
    client = make_client(house)
    _, plan = post(client, "/plans", day=tomorrow())
    absorbed = Plan.objects.get().person_id
    recognise(
        house_id=house[0], identities=[IdentityKey("openid", "wx-mp-serica", "m-chen"), union], now=NOON
    )

    operations.repoint_person(
        PersonsMerged(house_id=house[0], occurred_at=NOON, kept_id=kept, absorbed_id=absorbed), NOON
    )

    assert Plan.objects.get().person_id == kept
    assert client.get(f"{API}/plans/{plan['plan_id']}").status_code == 200, (
        "the session is older than the merge"
    )


def test_the_desk_sees_confidence_and_totals(house: House) -> None:
    post(make_client(house), "/plans", day=tomorrow())

    cards = queries.places(house[0], day=NOON.date(), language="en")
    totals = queries.totals(house[0], since=timezone.now() - timedelta(days=1), day=NOON.date())

    assert len(cards) == 68
    assert {card.confirm for card in cards if card.conf_hours == "L"} == {"confirm before you go"}
    assert (totals.places, totals.plans) == (68, 1) and 0 < totals.hours_sure < 68


def test_the_desk_says_when_hours_that_need_confirming_were_confirmed_last(house: House) -> None:
    operations.confirm_hours(house_id=house[0], code="duomo", on=date(2025, 3, 9), now=NOON)
    hire(house_id=house[0], username="hours-marketing", password="silk-2026", role="marketing", name="Mia")
    client = Client()
    client.force_login(get_user_model().objects.get(username="hours-marketing"))

    told = {
        language: client.get("/desk/guide/places/?q=duomo", headers={"accept-language": language}).content
        for language in ("en", "it", "zh-hans")
    }

    assert b"last confirmed" in told["en"] and "ultima volta il" in told["it"].decode()
    assert "上次核实" in told["zh-hans"].decode()


def test_oversight_lets_every_reply_of_the_guide_go(house: House) -> None:
    partners = (DATA / "milan_partners.csv").read_text("utf-8")
    operations.import_partners(house_id=house[0], text=partners, now=NOON)
    guide = guide_of(house[0])
    codes = [*guide.places, *(PARTNER_PREFIX + code for code in guide.partners)]

    for code in codes:
        text = guide.reply((Hit(code=code, score=100, how="name"),), NOON.date())
        assert not clear_to_send(
            house_id=house[0], channel="official_account", text=text, now=NOON
        ).refused, text
        assert len(text.encode()) <= 2048, "WeChat cuts a longer passive text"

"""Group sends, Moments, welcomes and tags: approved content or held, confirmed by hand, results brought back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.clienteling import operations, queries
from seta.clienteling.models import ClientBookEntry, ClientTag, ContactMade, Outreach, OutreachResult
from seta.clienteling.operations import Plan
from seta.clienteling.operations.contacting import set_blackout
from seta.clienteling.rules import BlackoutTerms, Refusal, Refused
from seta.clienteling.rules.outreach import month_began, month_quota, next_look
from seta.content.operations import approve_version, draft_version, keep_picture, submit_version
from seta.people.operations import record_consent
from tests.clienteling.conftest import NOON, Floor, user_of
from tests.clienteling.test_contacts import connect, now, scan
from tests.content.test_versions import picture
from tests.sandbox_server import RunningSandbox

WORDS = "桑蚕丝方巾，手工卷边。"
DAY = datetime(2026, 11, 23, 11, tzinfo=UTC)


def plan(floor: Floor, **how: Any) -> operations.OutreachCard:
    """林悦 plans something for all her clients."""
    given: dict[str, Any] = {"kind": "group", "text": WORDS, "sender_ids": [floor.yue], "due_at": DAY}
    at = how.pop("at", DAY)
    user = how.pop("user", user_of(floor.house, "林悦"))
    return operations.plan_outreach(
        house_id=floor.house, user_id=user, plan=Plan(**(given | how)), language="en", now=at
    )


def ready(floor: Floor, sandbox: RunningSandbox) -> str:
    """The sandbox's client is 林悦's, agreed to messages, and may be written to at any hour."""
    connect(floor, sandbox)
    external = str(sandbox.config["wecom"]["external_userid"])
    sandbox.control("add_contact", userid="linyue", external_userid=external)
    ClientBookEntry.objects.filter(person_id=floor.client).update(external_userid=external)
    agree(floor)
    return external


def agree(floor: Floor) -> None:
    record_consent(
        house_id=floor.house,
        person_id=floor.client,
        purpose="messages",
        granted=True,
        source="store",
        now=NOON,
    )


def test_a_group_send_goes_by_the_associate_s_hand_and_its_results_come_back(
    floor: Floor, sandbox: RunningSandbox
) -> None:
    ready(floor, sandbox)
    card = plan(floor)
    assert (card.state, card.clients, card.left_out) == ("scheduled", 1, 0)
    operations.sweep_outreach(DAY)
    (row,) = queries.outreaches(floor.house, associate_id=floor.yue)
    assert (row.state, row.asked, row.confirmed, row.sent) == ("prepared", 1, 0, 0)
    operations.remind_outreach(
        house_id=floor.house, user_id=user_of(floor.house, "林悦"), outreach_id=card.id, now=DAY
    )
    sandbox.control("confirm_mass")
    operations.sweep_outreach(DAY + timedelta(minutes=2))
    found = queries.outreach(floor.house, card.id)
    assert found is not None
    row, (sender,) = found
    assert (row.state, row.confirmed, row.sent) == ("closed", 1, 1)
    assert [result.status for result in sender.results] == ["sent"]
    assert ContactMade.objects.get().channel == "group"


def test_those_who_did_not_agree_are_left_out_and_nobody_is_refused(floor: Floor) -> None:
    with pytest.raises(Refused) as nobody:
        plan(floor)
    assert nobody.value.refusal is Refusal.NOBODY
    assert Outreach.objects.count() == 0


def test_words_that_nobody_approved_wait_for_a_supervisor(floor: Floor, sandbox: RunningSandbox) -> None:
    ready(floor, sandbox)
    card = plan(floor, text="本周末店里有一场小型的下午茶，欢迎您来坐坐，一起看看新到的围巾")
    assert (card.state, card.rules) == ("held", ("content.unapproved",))
    operations.sweep_outreach(DAY)
    assert queries.outreaches(floor.house)[0].state == "held"

    def decide(user: str, reason: str) -> None:
        operations.decide_outreach(
            house_id=floor.house,
            user_id=user_of(floor.house, user),
            outreach_id=card.id,
            release=True,
            reason=reason,
            now=DAY,
        )

    with pytest.raises(Refused) as own:
        decide("林悦", "ok")
    assert own.value.refusal is Refusal.SUPERVISOR_ONLY
    decide("Sup", "可以")
    operations.sweep_outreach(DAY)
    assert queries.outreaches(floor.house)[0].state == "prepared"


def test_what_policy_forbids_is_never_planned_unseen(floor: Floor) -> None:
    agree(floor)
    try:
        state = plan(floor, text="您直接微信转账到我私人账户就行").state
    except Refused as refused:
        assert refused.refusal is Refusal.BLOCKED
    else:
        assert state == "held"


def test_an_associate_plans_for_themselves_and_a_supervisor_for_all(floor: Floor) -> None:
    agree(floor)
    with pytest.raises(Refused) as other:
        plan(floor, sender_ids=[floor.marco])
    assert other.value.refusal is Refusal.NOT_YOURS
    card = plan(floor, user=user_of(floor.house, "Sup"), sender_ids=[floor.yue, floor.marco])
    assert card.clients == 1
    for how, refusal in (
        ({"text": ""}, Refusal.EMPTY),
        ({"kind": "sms"}, Refusal.BAD_CHOICE),
        ({"text": "丝" * 1400}, Refusal.TEXT_TOO_LONG),
        ({"pictures": ["0" * 64]}, Refusal.NO_PICTURE),
        ({"sender_ids": []}, Refusal.UNKNOWN),
    ):
        with pytest.raises(Refused) as refused:
            plan(floor, **how)
        assert refused.value.refusal is refusal, how


def test_a_post_with_an_approved_picture_is_published_and_liked(
    floor: Floor, sandbox: RunningSandbox
) -> None:
    external = ready(floor, sandbox)
    authors = [user_of(floor.house, "Sup"), user_of(floor.house, "Marco")]
    version = draft_version(
        house_id=floor.house, code="look", title="Look", image=picture(), user_id=authors[0], now=NOON
    )
    name = keep_picture(house_id=floor.house, image=picture())
    held = plan(floor, kind="moments", pictures=[name])
    assert held.state == "held"
    later = NOON + timedelta(minutes=7)
    submit_version(house_id=floor.house, version_id=version, now=later)
    approve_version(house_id=floor.house, version_id=version, user_id=authors[1], now=later)
    card = plan(floor, kind="moments", pictures=[name], sender_ids=[floor.yue])
    assert card.state == "scheduled"
    operations.sweep_outreach(DAY)
    operations.sweep_outreach(DAY + timedelta(minutes=2))
    moment = sandbox.control("moment_publish", userid="linyue", moment_id="mom00000001")
    assert moment["readers"] == 1
    for kind in ("like", "comment"):
        sandbox.control(
            "moment_react", userid="linyue", external_userid=external, moment_id="mom00000001", kind=kind
        )
    operations.sweep_outreach(DAY + timedelta(minutes=4))
    found = queries.outreach(floor.house, card.id)
    assert found is not None
    assert (found[0].confirmed, found[0].sent, found[0].likes, found[0].comments) == (1, 1, 1, 1)
    assert found[1][0].results[0].person_id == floor.client


def test_a_withdrawn_group_send_can_no_longer_be_confirmed(floor: Floor, sandbox: RunningSandbox) -> None:
    ready(floor, sandbox)
    card = plan(floor)
    operations.sweep_outreach(DAY)
    who = {"house_id": floor.house, "user_id": user_of(floor.house, "林悦"), "outreach_id": card.id}
    for _ in range(3):
        operations.remind_outreach(**who, now=DAY)
    with pytest.raises(Refused) as often:
        operations.remind_outreach(**who, now=DAY)
    assert often.value.refusal is Refusal.REMINDED
    operations.cancel_outreach(**who, now=DAY)
    answer = sandbox.client.post(f"{sandbox.base_url}/_control/confirm_mass", json={})
    assert "cancelled" in answer.text
    with pytest.raises(Refused) as late:
        operations.cancel_outreach(**who, now=DAY)
    assert late.value.refusal is Refusal.NOT_READY


def test_content_that_ran_out_before_its_hour_goes_back_to_a_supervisor(floor: Floor) -> None:
    agree(floor)
    operations.approve_product(
        house_id=floor.house,
        product_code="scarf",
        text="仅限本周的冬日礼盒，附手写贺卡与丝带。",
        approved_by="A",
        valid_until=DAY + timedelta(hours=2),
        now=NOON + timedelta(minutes=9),
    )
    card = plan(floor, text="仅限本周的冬日礼盒，附手写贺卡与丝带。", due_at=DAY + timedelta(hours=3))
    assert card.state == "scheduled"
    operations.sweep_outreach(DAY + timedelta(hours=3))
    (row,) = queries.outreaches(floor.house)
    assert (row.state, row.rules) == ("held", ("content.unapproved",))


def test_a_client_gets_no_more_in_a_month_than_it_has_days(floor: Floor) -> None:
    agree(floor)
    set_blackout(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        terms=BlackoutTerms(0, 0, 0, 0, 0),
        now=NOON,
    )
    plan(floor)
    sent = OutreachResult.objects.get()
    sent.status, sent.sent_at = "sent", DAY
    sent.save()
    OutreachResult.objects.bulk_create(
        OutreachResult(
            sender=sent.sender, person_id=floor.client, external_userid=f"x{n}", status="sent", sent_at=DAY
        )
        for n in range(29)
    )
    with pytest.raises(Refused) as full:
        plan(floor)
    assert full.value.refusal is Refusal.NOBODY
    later = DAY + timedelta(days=10)
    assert plan(floor, at=later, due_at=later).clients == 1


def test_a_scene_greets_and_tags_those_who_come_by_it(floor: Floor, sandbox: RunningSandbox) -> None:
    connect(floor, sandbox)
    operations.set_welcome(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        campaign="ss27",
        boutique="",
        text="您好，欢迎来到{house}春夏发布，我是{associate}。",
        tags=["SS27", "发布会"],
        language="zh",
        now=NOON,
    )
    fact = scan(floor, sandbox)
    operations.greet_contact(fact, now())
    operations.tag_contact(fact, now())
    operations.tag_contact(fact, now())
    assert fact.person_id is not None
    assert queries.tags_of(floor.house, fact.person_id) == ["SS27", "发布会"]
    assert ClientTag.objects.filter(marked_at__isnull=False, source="ss27").count() == 2
    entry = ClientBookEntry.objects.get(pk=fact.entry_id)
    assert entry.welcome_state == "sent" and entry.campaign == "ss27"
    operations.tag_client(
        house_id=floor.house,
        associate_id=floor.yue,
        person_id=fact.person_id,
        name="SS27",
        is_on=False,
        now=now(),
    )
    assert queries.tags_of(floor.house, fact.person_id) == ["发布会"]
    with pytest.raises(Refused) as refused:
        operations.set_welcome(
            house_id=floor.house,
            user_id=user_of(floor.house, "Sup"),
            campaign="",
            boutique="",
            text="请加我私人微信，转账到我个人账户",
            tags=[],
            language="zh",
            now=NOON,
        )
    assert refused.value.refusal is Refusal.POLICY


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_a_month_s_quota_is_its_days(at: datetime) -> None:
    began = month_began(at)
    assert began <= at and 28 <= month_quota(at) <= 31
    assert month_began(began + timedelta(days=month_quota(at))) == began + timedelta(days=month_quota(at))


def test_results_are_asked_for_less_and_less() -> None:
    assert next_look(NOON, None) == NOON
    assert next_look(NOON, NOON) == NOON + timedelta(minutes=1)
    assert next_look(NOON, NOON + timedelta(days=2)) == NOON + timedelta(days=2, hours=2)

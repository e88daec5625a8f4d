"""A broadcast goes out once, at its time, to whom it is meant for, and its report comes back."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from seta.broadcasts import operations, queries
from seta.broadcasts.models import Batch, Broadcast, Recipient
from seta.broadcasts.operations import forgetting
from seta.broadcasts.rules.refusals import BroadcastRefused, Refusal
from seta.broadcasts.rules.segments import Segment
from seta.broadcasts.rules.states import State
from seta.conversations.operations import unfollow
from seta.events.models import Event
from seta.people.events import PersonsMerged
from seta.people.models import Person
from seta.people.operations import record_consent
from tests.articles.conftest import approve, open_office, start
from tests.broadcasts.conftest import HOUR, Office, office_of
from tests.conversations.world import NOON, make_inbound
from tests.sandbox_server import RunningSandbox

SEND = "/cgi-bin/message/mass/send"
AT = NOON + HOUR


def work(at: datetime = AT, turns: int = 4) -> None:
    for _ in range(turns):
        operations.advance_due(at)


def calls(sandbox: RunningSandbox, path: str = SEND) -> list[dict[str, Any]]:
    """The calls of a path that got past the token, each with its `request` read."""
    entries = (entry for entry in sandbox.journal() if entry["path"].partition("?")[0] == path)
    return [
        {**entry, "request": json.loads(entry["request"])}
        for entry in entries
        if "40001" not in entry["response"]
    ]


def report(office: Office, batch: Batch, *, sent: int, at: datetime = AT) -> None:
    told = {
        "MsgID": batch.msg_id,
        "Status": "send success",
        "TotalCount": str(sent),
        "FilterCount": str(sent),
        "SentCount": str(sent),
        "ErrorCount": "0",
    }
    inbound = make_inbound(
        (office.house_id, office.account_id), kind="event.MASSSENDJOBFINISH", at=at, **told
    )
    operations.hear_report(inbound, at)


def test_nothing_leaves_before_its_time_and_everything_once_at_it(
    office: Office, sandbox: RunningSandbox
) -> None:
    number = office.planned()

    work(AT - timedelta(seconds=1))
    assert calls(sandbox) == []

    work()
    work()
    (call,) = calls(sandbox)
    assert sorted(call["request"]["touser"]) == sorted(office.people)
    assert call["request"]["text"]["content"] == "秋季系列已到店，欢迎预约试穿。"
    (batch,) = Batch.objects.filter(broadcast_id=number)
    assert batch.msg_id

    report(office, batch, sent=5)
    work()
    view = queries.broadcast(office.house_id, number)
    assert view is not None
    assert (view.state, view.meant, view.left_out, view.reached) == (State.SENT, 5, 0, 5)
    fact = Event.objects.get(name="broadcasts.broadcast.sent")
    assert (fact.body["meant"], fact.body["reached"]) == (5, 5)


def test_without_a_time_it_goes_out_once_it_is_approved(office: Office, sandbox: RunningSandbox) -> None:
    office.planned(send_at=None)
    work(NOON)
    assert len(calls(sandbox)) == 1


def test_an_answer_that_was_lost_sends_nothing_twice(office: Office, sandbox: RunningSandbox) -> None:
    number = office.planned()
    work(turns=1)
    sandbox.control("fault", match=SEND, times=1, kind="500_after")

    work(turns=1)
    (batch,) = Batch.objects.filter(broadcast_id=number)
    assert (batch.state, batch.msg_id) == ("waiting", "")
    sandbox.control("advance", seconds=120)
    work(AT + timedelta(minutes=2))

    batch.refresh_from_db()
    assert batch.state == "sent" and batch.msg_id
    keys = {call["request"]["clientmsgid"] for call in calls(sandbox)}
    assert keys == {f"seta-{number}-1"}
    inbox = [entry for entry in calls(sandbox) if '"errcode":0' in entry["response"].replace(" ", "")]
    assert len(inbox) == 1


def test_each_reads_their_language_and_a_lonely_reader_the_chinese(
    office: Office, sandbox: RunningSandbox
) -> None:
    ids = list(office.people.values())
    Person.objects.filter(pk__in=ids[:2]).update(language="en")
    Person.objects.filter(pk=ids[2]).update(language="it")
    texts = {"zh": "中文", "en": "English", "it": "Italiano"}

    office.planned(texts=texts)
    work(turns=6)

    said = {call["request"]["text"]["content"]: len(call["request"]["touser"]) for call in calls(sandbox)}
    assert said == {"中文": 3, "English": 2}


def test_a_segment_leaves_the_others_alone(office: Office, sandbox: RunningSandbox) -> None:
    openids = list(office.people)
    Person.objects.filter(pk__in=[office.people[each] for each in openids[:3]]).update(city="Shanghai")
    record_consent(
        house_id=office.house_id,
        person_id=office.people[openids[0]],
        purpose="messages",
        granted=False,
        source="test",
        now=NOON,
    )

    office.planned(segment=Segment(city="Shanghai"))
    work()

    (call,) = calls(sandbox)
    assert sorted(call["request"]["touser"]) == sorted(openids[1:3])


def test_a_follower_receives_no_more_than_a_months_and_one_is_kept_back(
    office: Office, sandbox: RunningSandbox
) -> None:
    for _ in range(3):
        office.planned()
        work()
    assert len(calls(sandbox)) == 3

    with pytest.raises(BroadcastRefused) as refused:
        office.planned()
    assert refused.value.refusal is Refusal.NOBODY

    expected = queries.expect(office.house_id, Segment(), keep_back=0, at=AT, now=NOON)
    assert (expected.receiving, expected.last_ones) == (5, 5)
    next_month = queries.expect(office.house_id, Segment(), keep_back=1, at=AT + timedelta(days=10), now=NOON)
    assert next_month.receiving == 5
    office.planned(keep_back=0)
    work()
    assert len(calls(sandbox)) == 4


def test_two_that_are_planned_at_once_do_not_take_a_followers_last(
    office: Office, sandbox: RunningSandbox
) -> None:
    planned = [office.planned() for _ in range(4)]

    for _ in range(8):
        work()

    assert len(calls(sandbox)) == 3
    states = list(Broadcast.objects.filter(pk__in=planned).order_by("pk").values_list("state", flat=True))
    assert states.count(State.FAILED) == 1


def test_whoever_leaves_or_is_forgotten_after_planning_gets_nothing(
    office: Office, sandbox: RunningSandbox
) -> None:
    openids = list(office.people)
    office.planned()
    unfollow(
        make_inbound(
            (office.house_id, office.account_id),
            kind="event.unsubscribe",
            openid=openids[0],
            app_id=office.app_id,
        ),
        NOON,
    )
    work(turns=1)
    forgetting.forget_person(house_id=office.house_id, person_id=office.people[openids[1]], now=AT)
    work()

    (call,) = calls(sandbox)
    assert sorted(call["request"]["touser"]) == sorted(openids[2:])


def test_without_a_report_a_day_later_it_is_closed_all_the_same(
    office: Office, sandbox: RunningSandbox
) -> None:
    number = office.planned()
    work()
    assert Broadcast.objects.get(pk=number).state == State.SENDING

    work(AT + timedelta(hours=24, minutes=1))

    view = queries.broadcast(office.house_id, number)
    assert view is not None and (view.state, view.unsaid) == (State.SENT, 1)


def test_an_account_that_refuses_is_said_and_nothing_is_tried_for_ever(
    office: Office, sandbox: RunningSandbox
) -> None:
    number = office.planned()
    work(turns=1)
    sandbox.control("fault", match=SEND, times=1, kind="errcode", value=45028)

    work()

    row = Broadcast.objects.get(pk=number)
    assert (row.state, row.next_at) == (State.FAILED, None)
    assert "45028" in row.problem


@pytest.mark.usefixtures("transactional_db")
def test_an_article_goes_out_as_a_draft_of_its_approved_version(sandbox: RunningSandbox) -> None:
    desk = open_office(sandbox)
    article_id = start(desk)
    approve(desk, article_id)
    office = office_of(sandbox, desk.house_id, desk.account_id, desk.editor, desk.reviewer)

    number = office.planned(texts={}, article_id=article_id)
    work(turns=6)

    (call,) = calls(sandbox)
    assert call["request"]["msgtype"] == "mpnews" and call["request"]["mpnews"]["media_id"]
    assert Broadcast.objects.get(pk=number).drafts["zh"] == call["request"]["mpnews"]["media_id"]


def test_steps_are_refused_by_name_and_change_nothing(office: Office) -> None:
    def refusal_of(**changed: Any) -> Refusal:
        with pytest.raises(BroadcastRefused) as refused:
            office.planned(**changed)
        return refused.value.refusal

    assert refusal_of(title=" ") is Refusal.NO_TITLE
    assert refusal_of(texts={"zh": "长" * 601}) is Refusal.TOO_LONG
    assert refusal_of(texts={"en": "only English"}) is Refusal.NO_WORDS
    assert refusal_of(send_at=NOON - HOUR) is Refusal.BAD_TIME
    assert refusal_of(article_id=999_999) is Refusal.UNKNOWN_ARTICLE
    assert refusal_of(segment=Segment(city="Nowhere")) is Refusal.NOBODY
    assert refusal_of(texts={"zh": "全网最低价，加我私人微信转账给你八折"}) is Refusal.POLICY
    assert not Broadcast.objects.exclude(state=State.DRAFT).exists()


def test_whoever_wrote_it_cannot_approve_it_and_no_other_house_sees_it(office: Office) -> None:
    number = operations.write_broadcast(
        house_id=office.house_id, broadcast_id=None, wish=office.wish(), user_id=office.writer, now=NOON
    )
    operations.submit_broadcast(house_id=office.house_id, broadcast_id=number, now=NOON)

    with pytest.raises(BroadcastRefused) as own:
        operations.approve_broadcast(
            house_id=office.house_id, broadcast_id=number, user_id=office.writer, now=NOON
        )
    with pytest.raises(BroadcastRefused) as other:
        operations.approve_broadcast(
            house_id=office.house_id + 1000, broadcast_id=number, user_id=office.approver, now=NOON
        )

    assert own.value.refusal is Refusal.SAME_PERSON and other.value.refusal is Refusal.UNKNOWN
    operations.return_broadcast(
        house_id=office.house_id, broadcast_id=number, note="短一些", user_id=office.approver, now=NOON
    )
    operations.cancel_broadcast(house_id=office.house_id, broadcast_id=number, now=NOON)
    assert Broadcast.objects.get(pk=number).state == State.CANCELLED


def test_one_follower_sees_it_before_and_no_quota_counts_it(office: Office, sandbox: RunningSandbox) -> None:
    number = operations.write_broadcast(
        house_id=office.house_id, broadcast_id=None, wish=office.wish(), user_id=office.writer, now=NOON
    )
    operations.preview_broadcast(
        house_id=office.house_id, broadcast_id=number, wechat_id="chenxiao", language="zh", now=NOON
    )

    (call,) = calls(sandbox, "/cgi-bin/message/mass/preview")
    assert call["request"]["towxname"] == "chenxiao"
    assert not Recipient.objects.exists()


def test_two_who_become_one_count_once_in_a_batch(office: Office) -> None:
    office.planned()
    work()
    kept, absorbed = list(office.people.values())[:2]
    fact = PersonsMerged(
        house_id=office.house_id, occurred_at=AT, person_id=kept, kept_id=kept, absorbed_id=absorbed
    )

    forgetting.repoint_person(fact, AT)

    assert Recipient.objects.filter(person_id=kept).count() == 1
    assert not Recipient.objects.filter(person_id=absorbed).exists()

"""Alerts find a person, are judged by as many eyes as were drawn, and are never forgotten; every no is logged."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from seta.events.models import Event
from seta.oversight import operations, queries
from seta.oversight.models import Alert, AuditEvent, Reading, Review
from seta.oversight.queries import AlertFilter
from seta.oversight.rules.measuring import wilson
from seta.oversight.rules.review import (
    BULK_UNDO,
    Refusal,
    Refused,
    drawn_by_share,
    next_reviewer,
    pseudonym,
    standing,
)
from tests.oversight.review_floor import NOON, RULE, Floor, open_floor

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def floor(db: None, settings: Settings) -> Floor:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return open_floor()


def judge(floor: Floor, alert: int, who: str, verdict: str = "true_positive", **more: str) -> bool:
    return operations.review_alert(
        house_id=floor.house,
        alert_id=alert,
        user_id=floor.people[who],
        verdict=verdict,
        reason="私下收款",
        now=LATER,
        **more,
    )


def refused(step: Callable[[], object]) -> Refusal:
    with pytest.raises(Refused) as caught:
        step()
    return caught.value.refusal


def doubled(floor: Floor) -> int:
    """An alert that waits for a second verdict: the first was that it is a breach."""
    alert = floor.alert()
    if judge(floor, alert, "anna"):
        Alert.objects.filter(pk=alert).update(
            state="open", round=2, verdict="", closed_at=None, assignee=None
        )
    return alert


def test_one_verdict_closes_an_alert_unless_a_second_was_drawn() -> None:
    assert standing(["true_positive"], wants_second=False).verdict == "true_positive"
    assert standing(["true_positive"], wants_second=True).round == 2
    assert standing(["true_positive", "true_positive"], wants_second=True).verdict == "true_positive"
    assert not standing(["true_positive", "false_positive"], wants_second=True).is_closed
    assert standing(["a", "b", "a"], wants_second=True).verdict == "a"


@given(st.lists(st.sampled_from(Review.Verdict.values), min_size=1, max_size=3), st.booleans())
def test_three_people_are_always_enough(verdicts: list[str], wants_second: bool) -> None:
    after = standing(verdicts, wants_second=wants_second)

    assert after.is_closed or after.round == len(verdicts) + 1
    assert after.is_closed or len(verdicts) < 3
    assert not after.is_closed or after.verdict in verdicts


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_a_share_draws_the_same_things_each_time(number: int, share: float) -> None:
    drawn = drawn_by_share(str(number), share=share, key=b"k")

    assert drawn == drawn_by_share(str(number), share=share, key=b"k")
    assert not drawn or drawn_by_share(str(number), share=1.0, key=b"k")


def test_a_share_of_a_tenth_draws_about_a_tenth() -> None:
    drawn = sum(drawn_by_share(str(number), share=0.1, key=b"k") for number in range(5000))

    interval = wilson(drawn, 5000)
    assert interval is not None and interval.low <= 0.1 <= interval.high


def test_pseudonyms_are_stable_for_a_reader_and_tell_readers_nothing_together() -> None:
    mine = pseudonym("client", "wm-chen", reader=1, key=b"k")

    assert mine == pseudonym("client", "wm-chen", reader=1, key=b"k")
    assert mine != pseudonym("client", "wm-chen", reader=2, key=b"k")
    assert mine != pseudonym("client", "wm-wang", reader=1, key=b"k")


@given(st.sets(st.integers(1, 50), min_size=1), st.integers(0, 60))
def test_turns_come_round_to_everybody(able: set[int], last: int) -> None:
    seen = []
    for _ in able:
        last = next_reviewer(sorted(able), last=last, loads=None) or 0
        seen.append(last)

    assert sorted(seen) == sorted(able)


def test_a_second_reviewer_does_not_see_the_firsts_verdict_and_two_that_agree_close(floor: Floor) -> None:
    alert = doubled(floor)

    view = operations.open_alert(
        house_id=floor.house,
        alert_id=alert,
        user_id=floor.people["bruno"],
        purpose="alert_review",
        now=LATER,
    )
    assert (view.alert.round, view.alert.verdict, view.verdicts, view.alert.reason) == (2, "", (), "")
    assert refused(lambda: judge(floor, alert, "anna")) is Refusal.SECOND_PERSON
    assert judge(floor, alert, "bruno")

    assert Alert.objects.get(pk=alert).verdict == "true_positive"
    assert queries.four_eyes(floor.house, since=NOON, until=LATER + timedelta(1)).judged_twice == 1


def test_until_an_alert_closes_the_log_tells_who_judged_but_not_what(floor: Floor) -> None:
    alert = doubled(floor)
    before = AuditEvent.objects.filter(house_id=floor.house, kind="alert.judged").get().body

    assert "true_positive" not in before
    assert f'"alert":{alert}' in before


def test_two_that_differ_need_a_third_whose_word_is_the_last(floor: Floor) -> None:
    alert = doubled(floor)

    assert not judge(floor, alert, "bruno", "false_positive")
    assert Alert.objects.get(pk=alert).round == 3
    assert refused(lambda: judge(floor, alert, "bruno")) is Refusal.SECOND_PERSON
    assert judge(floor, alert, "carla", "false_positive")

    assert Alert.objects.get(pk=alert).verdict == "false_positive"
    fact = Event.objects.get(
        name="oversight.alert.reviewed", body__alert_id=alert, body__verdict="false_positive"
    )
    assert fact.body["rule"] == RULE


def test_many_alerts_of_one_rule_close_together_and_come_back_together(floor: Floor) -> None:
    alerts = [floor.alert() for _ in range(3)]
    anna = floor.people["anna"]

    closing = operations.close_many(
        house_id=floor.house,
        alert_ids=alerts,
        user_id=anna,
        verdict="benign_context",
        reason="same template",
        now=LATER,
    )
    judged = Review.objects.filter(alert__in=alerts, withdrawn_at=None).count()
    back = operations.undo_bulk(house_id=floor.house, closing_id=closing, user_id=anna, now=LATER + BULK_UNDO)

    assert (judged, back) == (3, 3)
    assert set(Alert.objects.values_list("state", "verdict", "round")) == {("open", "", 1)}
    assert judge(floor, alerts[0], "anna") in (True, False)
    assert queries.verify_audit(floor.house).ok


def test_what_may_not_be_closed_together_is_refused_as_a_whole(floor: Floor) -> None:
    one, other = floor.alert(), floor.alert(rule="contact.personal-wechat")
    anna = floor.people["anna"]

    def close(ids: list[int], reason: str = "x") -> Refusal:
        return refused(
            lambda: operations.close_many(
                house_id=floor.house,
                alert_ids=ids,
                user_id=anna,
                verdict="false_positive",
                reason=reason,
                now=LATER,
            )
        )

    assert close([one, other]) is Refusal.MIXED_RULES
    assert close([]) is Refusal.TOO_MANY
    assert close(list(range(1, 102))) is Refusal.TOO_MANY
    assert close([one], reason=" ") is Refusal.NO_REASON
    assert close([one, 10**9]) is Refusal.UNKNOWN
    assert not Review.objects.exists()


def test_a_closing_is_not_undone_after_its_time_or_twice(floor: Floor) -> None:
    anna = floor.people["anna"]
    closing = operations.close_many(
        house_id=floor.house,
        alert_ids=[floor.alert()],
        user_id=anna,
        verdict="false_positive",
        reason="x",
        now=LATER,
    )

    def undo(after: timedelta) -> object:
        return operations.undo_bulk(house_id=floor.house, closing_id=closing, user_id=anna, now=LATER + after)

    assert refused(lambda: undo(BULK_UNDO + timedelta(seconds=1))) is Refusal.TOO_LATE
    undo(timedelta(0))
    assert refused(lambda: undo(timedelta(0))) is Refusal.TOO_LATE


def test_nobody_takes_back_what_a_colleague_judged_about_them(floor: Floor) -> None:
    alerts = [floor.alert(), floor.alert(userid="anna")]
    closing = operations.close_many(
        house_id=floor.house,
        alert_ids=alerts,
        user_id=floor.people["bruno"],
        verdict="true_positive",
        reason="same offer",
        now=LATER,
    )
    before = set(Alert.objects.values_list("pk", "state", "verdict"))

    undo = partial(operations.undo_bulk, house_id=floor.house, closing_id=closing, now=LATER)

    assert refused(partial(undo, user_id=floor.people["anna"], own_userid="anna")) is Refusal.OWN
    assert set(Alert.objects.values_list("pk", "state", "verdict")) == before
    assert undo(user_id=floor.people["bruno"]) > 0


def test_an_alert_nobody_judges_in_time_is_said_once_and_passed_up(floor: Floor) -> None:
    alert = floor.alert()
    queue = next(rule.review.queue for rule in queries.rules_of(floor.house) if rule.id == RULE)
    carla = floor.people["carla"]
    operations.plan_queue(
        house_id=floor.house, queue=queue, user_id=carla, assignment="manual", owner_id=carla, now=NOON
    )

    assert operations.sweep_deadlines(NOON + timedelta(hours=3)) == 0
    assert operations.sweep_deadlines(NOON + timedelta(hours=5)) == 1
    assert operations.sweep_deadlines(NOON + timedelta(hours=6)) == 0

    row = Alert.objects.get(pk=alert)
    assert (row.assignee_id, row.state) == (carla, "claimed")
    assert Event.objects.filter(name="oversight.alert.breached").count() == 1
    assert Event.objects.get(name="oversight.alert.escalated").body["owner_id"] == carla


@pytest.mark.parametrize("assignment", ["round_robin", "workload"])
def test_waiting_alerts_are_shared_out_evenly(floor: Floor, assignment: str) -> None:
    for _ in range(6):
        floor.alert()
    queue = next(rule.review.queue for rule in queries.rules_of(floor.house) if rule.id == RULE)
    operations.plan_queue(
        house_id=floor.house,
        queue=queue,
        user_id=floor.people["anna"],
        assignment=assignment,
        owner_id=None,
        now=NOON,
    )

    assert operations.assign_waiting(LATER) == 6
    assert operations.assign_waiting(LATER) == 0

    held = list(Alert.objects.values_list("assignee_id", flat=True))
    reviewers = [floor.people[name] for name in ("anna", "bruno", "carla")]
    assert [held.count(user_id) for user_id in reviewers] == [2, 2, 2]


def test_an_alert_is_handed_to_a_reviewer_and_to_nobody_else(floor: Floor) -> None:
    alert, anna = floor.alert(), floor.people["anna"]

    def assign(to: str) -> None:
        operations.assign_alert(
            house_id=floor.house, alert_id=alert, user_id=anna, to_user_id=floor.people[to], now=LATER
        )

    assert refused(lambda: assign("linyue")) is Refusal.UNKNOWN_MEMBER
    assign("bruno")
    assert Alert.objects.get(pk=alert).assignee_id == floor.people["bruno"]
    assert refused(lambda: judge(floor, alert, "anna")) is Refusal.CLAIMED


def test_no_one_reviews_what_they_wrote_themselves(floor: Floor) -> None:
    alert, anna = floor.alert(userid="anna"), floor.people["anna"]

    assert refused(lambda: judge(floor, alert, "anna", own_userid="anna")) is Refusal.OWN
    opening = {"house_id": floor.house, "alert_id": alert, "user_id": anna, "now": LATER}
    steps: Sequence[Callable[..., object]] = (
        partial(operations.open_alert, purpose="alert_review"),
        operations.claim_alert,
        operations.release_alert,
        partial(operations.assign_alert, to_user_id=floor.people["bruno"]),
        partial(operations.escalate_alert, reason="not mine"),
        partial(operations.reveal_names, reason="whose is it"),
        partial(operations.coach, text="well done"),
    )
    refusals = [refused(partial(each, **opening, own_userid="anna")) for each in steps]

    assert refusals == [Refusal.OWN] * len(steps)
    assert AuditEvent.objects.filter(house_id=floor.house, kind="access.refused").count() == 1 + len(steps)
    assert not Reading.objects.exists() and queries.coachings(floor.house) == []
    assert Alert.objects.get(pk=alert).state == Alert.State.OPEN


def test_a_supervisor_of_another_house_finds_nothing_and_the_attempt_is_logged(floor: Floor) -> None:
    alert, stranger = floor.alert(), open_floor("lucente")
    anna = stranger.people["anna"]

    def claim(house: int) -> Refusal:
        return refused(
            lambda: operations.claim_alert(house_id=house, alert_id=alert, user_id=anna, now=LATER)
        )

    assert claim(floor.house) is Refusal.NOT_ALLOWED
    assert claim(stranger.house) is Refusal.UNKNOWN
    assert AuditEvent.objects.filter(house_id=floor.house, kind="access.refused").count() == 1
    assert AuditEvent.objects.filter(house_id=stranger.house, kind="access.refused").count() == 1


def test_the_queue_is_filtered_and_holds_no_words(floor: Floor) -> None:
    mine, other = floor.alert(), floor.alert(userid="marco", rule="contact.personal-wechat")

    def ids(**wanted: object) -> list[int]:
        rows = queries.queue(floor.house, AlertFilter(**wanted), now=LATER)  # type: ignore[arg-type]
        assert all(row.excerpt == () for row in rows)
        return [row.id for row in rows]

    assert ids() == [mine, other]
    assert ids(rules=[RULE]) == [mine]
    assert ids(userids=["marco"]) == [other]
    assert ids(is_overdue=True) == []
    assert ids(severity="low") == []


def test_excerpts_are_read_for_a_purpose_and_the_log_names_the_alerts(floor: Floor) -> None:
    alert, anna = floor.alert(), floor.people["anna"]

    def read(purpose: str, own_userid: str = "") -> list[queries.AlertRow]:
        return operations.open_excerpts(
            house_id=floor.house,
            alert_ids=[alert],
            user_id=anna,
            purpose=purpose,
            own_userid=own_userid,
            now=LATER,
        )

    assert refused(lambda: read("curiosity")) is Refusal.NO_PURPOSE
    assert "微信" in "".join(piece.text for piece in read("alert_review")[0].excerpt)
    assert AuditEvent.objects.filter(house_id=floor.house, kind="excerpts.read").count() == 1
    assert read("alert_review", own_userid="linyue") == []
    assert AuditEvent.objects.filter(house_id=floor.house, kind="excerpts.read").count() == 1


def test_an_associate_is_told_what_to_do_better_and_nothing_else(floor: Floor) -> None:
    alert = floor.alert()
    operations.coach(
        house_id=floor.house,
        alert_id=alert,
        user_id=floor.people["anna"],
        text="请使用官方付款链接",
        now=LATER,
    )

    (told,) = queries.coachings(floor.house, userid="linyue")
    operations.see_coaching(house_id=floor.house, userid="linyue", user_id=floor.people["linyue"], now=LATER)

    assert (told.text, told.rule, told.seen_at) == ("请使用官方付款链接", RULE, None)
    assert queries.coachings(floor.house, userid="linyue")[0].seen_at == LATER
    assert queries.coachings(floor.house, userid="marco") == []


def test_names_are_revealed_to_one_reader_for_a_reason(floor: Floor) -> None:
    alert, anna = floor.alert(), floor.people["anna"]

    def reveal(reason: str) -> None:
        operations.reveal_names(house_id=floor.house, alert_id=alert, user_id=anna, reason=reason, now=LATER)

    assert refused(lambda: reveal(" ")) is Refusal.NO_REASON
    reveal("client complained by name")
    reveal("again")

    assert queries.revealed_to(anna, [alert]) == {alert}
    assert queries.revealed_to(floor.people["bruno"], [alert]) == set()
    assert AuditEvent.objects.filter(house_id=floor.house, kind="names.revealed").count() == 1

"""What WeCom's archive holds lands in the house: opened, judged, sealed, proven; what is broken is set aside."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.template import Context, Template

from seta.callbacks.rules import Inbound
from seta.events.models import Event
from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.oversight import operations, queries
from seta.oversight.models import ArchivedMessage, AuditEvent, BodyKey, RawRecord
from seta.oversight.rules import compile_documents
from seta.oversight.rules.review import Refusal, Refused
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.oversight.archive_server import Archive, sealed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLIENT = "wm" + "c" * 30
OTHER = "wm" + "d" * 30
PAIR = f"linyue:{CLIENT}"


# Rules of these tests' own, under names that the house's pages know: how many alerts the shipped ones raise is their
# authors' business, how many of them the archive makes of what was found is exact.
RULE = """  - id: {id}
    category: {category}
    severity: {severity}
    applies: {{sender: [sa]}}
    match: {{any: [{{terms: {{words: [{term}], tiers: [exact, normalised]}}}}]}}
    actions: {{default: hold, archive: flag}}
    review: {{sla_hours: {hours}}}
    message_to_sa: {{zh: 请勿, en: Do not, it: Evitare}}
    tests: {{hit: [{term}, 请{term}, "{term}。"], miss: [您好, 新款, 谢谢]}}
"""
POLICY = compile_documents(
    {
        "own.yaml": "rules:\n"
        + RULE.format(
            id="pay.personal-transfer", category="payment", severity="high", term="微信转我", hours=4
        )
        + RULE.format(id="grey.daigou", category="grey", severity="high", term="代购", hours=4)
        + RULE.format(id="tone.rude", category="rude", severity="medium", term="你有病", hours=24)
    }
)


@pytest.fixture
def house(connected: int) -> int:
    return connected


def pull(house: int) -> operations.PullReport:
    return operations.pull_archive(house_id=house, now=NOON, policy=POLICY)


def member(house_id: int, role: str) -> int:
    hire(house_id=house_id, username=f"{role}{house_id}", password="x" * 12, role=role, name=role)
    return next(each.user_id for each in members(house_id) if each.role == role)


def message(seq: int, text: str, *, sender: str = "linyue", to: str = CLIENT, **more: Any) -> dict[str, Any]:
    return {
        "msgid": f"m{seq}_external",
        "action": "send",
        "from": sender,
        "tolist": [to],
        "roomid": "",
        "msgtime": 1795348800000 + seq * 1000,
        "msgtype": "text",
        "text": {"content": text},
        **more,
    }


# For alerts of the rule that this breaks no share is drawn for a second reviewer: a verdict closes them for certain.
RUDE = "你有病"


def talk(archive: Archive, breach: str = "定金你直接微信转我吧<script>alert(1)</script>") -> None:
    """Four messages, of which the last breaks policy."""
    archive.say(11, message(11, "林小姐，您好"))
    archive.say(12, message(12, "你好，想看看丝巾", sender=CLIENT, to="linyue"))
    archive.say(13, message(13, "好的，新款已经到店"))
    archive.say(14, message(14, breach))


def test_a_conversation_is_archived_and_its_breach_alerted(house: int, archive: Archive) -> None:
    talk(archive)

    report = pull(house)

    assert (report.pulled, report.archived, report.dead, report.alerts) == (4, 4, 0, 1)
    (row,) = queries.alerts(house, now=NOON)
    assert (row.rule, row.severity, row.state) == ("pay.personal-transfer", "high", "open")
    assert "微信转我" in "".join(piece.text for piece in row.excerpt if piece.rules)
    assert row.due_at == NOON + timedelta(hours=4)
    told = Event.objects.get(name="oversight.talk.archived").body
    assert {told[name] for name in ("userid", "from_associate", "from_clients", "clients")} == {
        "linyue",
        3,
        1,
    }
    assert Event.objects.filter(name="oversight.alert.opened").count() == 1
    assert queries.verify_audit(house).ok


def test_bodies_are_sealed_and_no_fact_or_log_holds_their_words(house: int, archive: Archive) -> None:
    talk(archive)

    pull(house)

    kept = b"".join(bytes(row.sealed_body) for row in ArchivedMessage.objects.all())
    told = json.dumps([event.body for event in Event.objects.all()], ensure_ascii=False)
    logged = "".join(AuditEvent.objects.filter(house_id=house).values_list("body", flat=True))
    assert "微信".encode() not in kept
    assert "微信" not in told + logged
    assert CLIENT not in told + logged


def test_each_client_has_one_key_and_nobody_has_none(house: int, archive: Archive) -> None:
    talk(archive)

    pull(house)

    assert [key.person_id is not None for key in BodyKey.objects.filter(house_id=house)] == [True]


def test_pulling_again_changes_nothing(house: int, archive: Archive) -> None:
    talk(archive)
    pull(house)

    report = pull(house)

    assert (report.pulled, report.archived) == (0, 0)
    assert ArchivedMessage.objects.count() == 4


def test_a_message_under_a_second_number_is_kept_once(house: int, archive: Archive) -> None:
    archive.say(1, message(1, "您好"))
    archive.say(2, message(1, "您好"), msgid="m1_external")

    pull(house)

    assert ArchivedMessage.objects.count() == 1
    assert queries.archive_health(house, now=NOON).seq == 2
    assert not RawRecord.objects.exists()


def test_a_record_of_an_unknown_key_is_set_aside_and_opens_when_the_key_is_there(
    house: int, archive: Archive
) -> None:
    archive.say(1, message(1, "您好"), version=7)
    archive.say(2, message(2, "在吗"))

    report = pull(house)

    assert (report.archived, report.dead) == (1, 1)
    letter = queries.dead_letters(house)[0]
    assert (letter.seq, letter.publickey_ver) == (1, 7)
    assert "version 7" in letter.reason
    RawRecord.objects.filter(seq=1).update(publickey_ver=1)
    assert operations.retry_dead(house_id=house, now=NOON) == 1


@pytest.mark.parametrize(
    "plain",
    [b"not json", b"[]", b"{}", b"[" * 100_000, json.dumps(message(1, "x") | {"msgtime": "soon"}).encode()],
)
def test_a_record_that_is_no_message_does_not_stop_the_flow(
    house: int, archive: Archive, plain: bytes
) -> None:
    archive.records.append(sealed(plain, seq=1))
    archive.say(2, message(2, "您好"))

    report = pull(house)

    assert (report.archived, report.dead) == (1, 1)


def test_a_poisoned_message_is_archived_and_judged(house: int, archive: Archive) -> None:
    archive.say(1, message(1, "\ud800\0" + "很好" * 50_000 + "微信转我"))
    archive.say(2, message(2, "\ud800\0定金微信转我<img src=x onerror=alert(1)>"))

    report = pull(house)

    assert (report.archived, report.alerts) == (2, 1)
    view = queries.conversation_view(house_id=house, conversation=PAIR)
    assert view is not None
    template = Template(
        "{% for m in v.messages %}{% for p in m.pieces %}{{ p.text }}{% endfor %}{% endfor %}"
    )
    assert "<img" not in template.render(Context({"v": view}))


def test_missing_numbers_are_noticed(house: int, archive: Archive) -> None:
    archive.say(5, message(5, "您好"))
    pull(house)
    archive.say(6, message(6, "您好"))
    archive.say(9, message(9, "您好"))

    pull(house)

    health = queries.archive_health(house, now=NOON)
    assert (health.seq, health.missing, health.messages, health.is_late) == (9, 2, 3, False)
    assert queries.archive_health(house, now=NOON + timedelta(days=2)).is_late
    assert queries.audit_log(house, kind="archive.gap")


def test_a_message_taken_back_stays_and_is_marked(house: int, archive: Archive) -> None:
    archive.say(1, message(1, "您好"))
    recall = message(2, "", action="recall", msgtype="revoke", revoke={"pre_msgid": "m1_external"})
    archive.say(2, recall)

    pull(house)

    assert ArchivedMessage.objects.get(seq=1).revoked_at is not None


def test_answers_about_archiving_make_the_coverage(house: int, archive: Archive) -> None:
    for client in (CLIENT, OTHER):
        operations.expect_agreement(house_id=house, userid="linyue", external_userid=client, now=NOON)
    archive.say(1, message(1, "", sender=CLIENT, to="linyue", msgtype="agree", agree={"userid": CLIENT}))

    pull(house)

    share = queries.coverage(house, now=NOON)
    assert (share.agreed, share.unasked, share.share) == (1, 1, 0.5)


def test_a_pair_that_has_been_silent_for_a_season_does_not_weigh_on_the_coverage(
    house: int, archive: Archive
) -> None:
    for client in (CLIENT, OTHER):
        operations.expect_agreement(house_id=house, userid="linyue", external_userid=client, now=NOON)
    later = NOON + timedelta(days=91)
    archive.say(1, message(1, "您好"))

    operations.pull_archive(house_id=house, now=later, policy=POLICY)

    assert queries.coverage(house, now=NOON).unasked == 2
    assert queries.coverage(house, now=later).unasked == 1


def test_an_older_answer_does_not_undo_a_newer(house: int) -> None:
    pair: dict[str, Any] = {"house_id": house, "userid": "linyue", "external_userid": CLIENT, "now": NOON}
    operations.record_agreement(status="Disagree", answered_at=NOON, **pair)

    changed = operations.record_agreement(status="Agree", answered_at=NOON - timedelta(days=1), **pair)

    assert not changed
    assert queries.coverage(house, now=NOON).disagreed == 1


def test_the_platforms_notice_makes_the_worker_pull(house: int, archive: Archive) -> None:
    talk(archive)
    fields = {"Event": "msgaudit_notify"}
    inbound = Inbound(1, house, 1, "ww-serica", "wecom", "x", "event.msgaudit_notify", fields, NOON)

    with transaction.atomic():
        operations.on_archive_notice(inbound, NOON)
    event = Event.objects.get(name="oversight.archive.announced")

    assert event.house_id == house
    assert operations.sweep_archives(NOON) == 4


def test_an_alert_is_claimed_read_with_its_context_and_judged(house: int, archive: Archive) -> None:
    talk(archive, RUDE)
    pull(house)
    supervisor = member(house, "supervisor")
    alert_id = queries.alerts(house, now=NOON)[0].id

    operations.claim_alert(house_id=house, alert_id=alert_id, user_id=supervisor, now=NOON)
    view = operations.open_alert(
        house_id=house, alert_id=alert_id, user_id=supervisor, purpose="alert_review", now=NOON
    )
    operations.review_alert(
        house_id=house,
        alert_id=alert_id,
        user_id=supervisor,
        verdict="true_positive",
        reason="对客人无礼",
        now=NOON,
    )

    assert [each.sender_role for each in view.context] == ["sa", "client", "sa", "sa"]
    assert view.advice["zh"]
    row = queries.alerts(house, now=NOON, state="closed")[0]
    assert (row.verdict, row.reason) == ("true_positive", "对客人无礼")
    assert queries.alert_totals(house, now=NOON).closed == 1
    judged = [(each.rule, each.judged, each.precision) for each in queries.rules_table(house) if each.judged]
    assert judged == [("tone.rude", 1, 1.0)]
    logged = [each.kind for each in queries.audit_log(house, limit=4)]
    assert logged == ["alert.reviewed", "alert.judged", "conversation.read", "alert.claimed"]
    assert Event.objects.filter(name="oversight.alert.reviewed").count() == 1


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        ({"purpose": ""}, Refusal.NO_PURPOSE),
        ({"purpose": "curiosity"}, Refusal.NO_PURPOSE),
        ({"alert_id": 999_999}, Refusal.UNKNOWN),
    ],
)
def test_a_conversation_opens_only_for_a_purpose(
    house: int, archive: Archive, step: Any, refusal: Refusal
) -> None:
    talk(archive)
    pull(house)
    asked: dict[str, Any] = {
        "alert_id": queries.alerts(house, now=NOON)[0].id,
        "purpose": "alert_review",
        **step,
    }

    with pytest.raises(Refused) as refused:
        operations.open_alert(house_id=house, user_id=member(house, "supervisor"), now=NOON, **asked)

    assert refused.value.refusal is refusal
    assert refused.value.text("zh-hans") != refused.value.text("it")


@pytest.mark.parametrize("role", ["associate", "marketing", "finance"])
def test_only_supervisors_of_the_house_may_look_and_the_attempt_is_logged(
    house: int, archive: Archive, role: str
) -> None:
    talk(archive)
    pull(house)
    other = found_house(code="milano", name="Milano", kind="destination")

    for who in (member(house, role), member(other, "supervisor")):
        with pytest.raises(Refused, match="not_allowed"):
            operations.read_conversation(
                house_id=house, conversation=PAIR, user_id=who, purpose="legal", now=NOON
            )

    assert len(queries.audit_log(house, kind="access.refused")) == 2


def test_a_closed_alert_and_anothers_claim_are_left_alone(house: int, archive: Archive) -> None:
    talk(archive, RUDE)
    pull(house)
    alert_id = queries.alerts(house, now=NOON)[0].id
    first, second = member(house, "supervisor"), member(house, "admin")
    operations.claim_alert(house_id=house, alert_id=alert_id, user_id=first, now=NOON)

    with pytest.raises(Refused) as claimed:
        operations.claim_alert(house_id=house, alert_id=alert_id, user_id=second, now=NOON)
    judged: dict[str, Any] = {"house_id": house, "alert_id": alert_id, "user_id": first, "now": NOON}
    with pytest.raises(Refused) as silent:
        operations.review_alert(verdict="true_positive", reason=" ", **judged)
    operations.review_alert(verdict="false_positive", reason="玩笑", **judged)
    with pytest.raises(Refused) as closed:
        operations.review_alert(verdict="true_positive", reason="again", **judged)

    refusals = [each.value.refusal for each in (claimed, silent, closed)]
    assert refusals == [Refusal.CLAIMED, Refusal.NO_REASON, Refusal.CLOSED]


def test_erasing_a_person_makes_their_words_unreadable_and_the_log_still_verifies(
    house: int, archive: Archive
) -> None:
    talk(archive)
    archive.say(15, message(15, "别人的话", to=OTHER))
    pull(house)
    person_id = recognise(
        house_id=house, identities=[IdentityKey("external_userid", "ww-serica", CLIENT)], now=NOON
    )

    destroyed = operations.destroy_bodies(house_id=house, person_id=person_id, now=NOON)

    gone = queries.conversation_view(house_id=house, conversation=PAIR)
    stays = queries.conversation_view(house_id=house, conversation=f"linyue:{OTHER}")
    assert destroyed == 1
    assert gone is not None and all(each.is_erased and not each.pieces for each in gone.messages)
    assert stays is not None and stays.messages[0].pieces[0].text == "别人的话"
    assert not RawRecord.objects.filter(seq=14).exclude(encrypt_chat_msg="").exists()
    assert queries.verify_audit(house).ok


def test_the_audit_log_cannot_be_changed_or_emptied(house: int, archive: Archive) -> None:
    operations.append_audit(house_id=house, kind="test", details={"n": 1}, now=NOON)

    for statement in ("UPDATE oversight_auditevent SET body = 'x'", "DELETE FROM oversight_auditevent"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert queries.verify_audit(house).ok


def test_a_refused_text_is_logged_without_its_words(house: int) -> None:
    verdict = operations.clear_to_send(
        house_id=house, channel="composer", text="加我私人微信\ud800", now=NOON
    )

    assert verdict.refused
    line = queries.audit_log(house, kind="sending.refused")[0]
    assert "contact.off-platform" in line.body and "微信" not in line.body
    assert queries.advice(["contact.off-platform"], house_id=house, language="zh") == [
        "请在企业微信内沟通，不要让客户添加私人账号。"
    ]


def test_the_queue_is_sorted_by_what_is_due_first(house: int, archive: Archive) -> None:
    archive.say(1, message(1, "你有病吧"))
    archive.say(2, message(2, "这款我可以代购，比专柜便宜"))
    pull(house)

    rows = queries.alerts(house, now=NOON + timedelta(hours=5))

    assert [(row.rule, row.due_at, row.is_overdue) for row in rows] == [
        ("grey.daigou", NOON + timedelta(hours=4), True),
        ("tone.rude", NOON + timedelta(hours=24), False),
    ]
    assert [each.open_alerts for each in queries.conversations(house)] == [2]

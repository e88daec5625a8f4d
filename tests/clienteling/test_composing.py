"""A message to one client is cleared, held or blocked; a supervisor decides; WeCom's own ways carry it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seta.clienteling import operations, queries
from seta.clienteling.models import ClientBookEntry, ContactMade, MessageDraft
from seta.clienteling.rules import Refusal, Refused
from seta.clienteling.rules.composing import Attachment, fits, handed_messages, page_of, short_title
from seta.oversight.models import AuditEvent
from seta.people.operations import record_consent
from tests.clienteling.conftest import NOON, Floor, user_of
from tests.clienteling.test_contacts import connect
from tests.sandbox_server import RunningSandbox

BREACH = "我私下给您打五折，别告诉店里"
NEVER = "您直接微信转账到我私人账户就行"
DAY = datetime(2026, 11, 23, 11, tzinfo=UTC)


def agree(floor: Floor) -> None:
    record_consent(
        house_id=floor.house,
        person_id=floor.client,
        purpose="messages",
        granted=True,
        source="store",
        now=NOON,
    )


def submit(floor: Floor, text: str, **how: Any) -> operations.DraftCard:
    given: dict[str, Any] = {
        "house_id": floor.house,
        "associate_id": floor.yue,
        "person_id": floor.client,
        "text": text,
        "attachment": Attachment(),
        "version_id": None,
        "key": text[:40],
        "language": "en",
        "now": DAY,
    }
    return operations.submit_draft(**(given | how))


def supervisor(floor: Floor) -> int:
    return user_of(floor.house, "Sup")


def test_words_are_judged_while_they_are_written_and_nothing_is_kept(floor: Floor) -> None:
    lines = AuditEvent.objects.count()
    check = operations.check_draft(
        house_id=floor.house, text=f"好的，{BREACH}。", version_id=None, language="en", now=DAY
    )
    assert check.action in ("hold", "block") and check.advice
    assert "".join(piece.text for piece in check.pieces) == f"好的，{BREACH}。"
    assert any(piece.rules for piece in check.pieces)
    assert MessageDraft.objects.count() == 0 and AuditEvent.objects.count() == lines
    fine = operations.check_draft(
        house_id=floor.house, text="明天见", version_id=None, language="en", now=DAY
    )
    assert (fine.action, fine.rules, fine.advice) == ("allow", (), ())


def test_a_breach_waits_for_a_supervisor_who_says_why(floor: Floor) -> None:
    agree(floor)
    held = submit(floor, BREACH)
    assert (held.state, bool(held.rules), bool(held.advice)) == ("held", True, True)
    with pytest.raises(Refused) as early:
        operations.hand_over(
            house_id=floor.house, associate_id=floor.yue, draft_id=held.id, origin="http://x", now=DAY
        )
    assert early.value.refusal is Refusal.HELD

    def decide(user: int, reason: str, release: bool = False) -> None:
        operations.decide_draft(
            house_id=floor.house, user_id=user, draft_id=held.id, release=release, reason=reason, now=DAY
        )

    for user, reason, refusal in (
        (user_of(floor.house, "林悦"), "ok", Refusal.SUPERVISOR_ONLY),
        (supervisor(floor), " ", Refusal.NO_REASON),
    ):
        with pytest.raises(Refused) as refused:
            decide(user, reason)
        assert refused.value.refusal is refusal
    decide(supervisor(floor), "请用官方收款")
    (row,) = queries.drafts(floor.house, states=["refused"])
    assert (row.reason, row.decided_by) == ("请用官方收款", supervisor(floor))
    with pytest.raises(Refused) as again:
        decide(supervisor(floor), "again", release=True)
    assert again.value.refusal is Refusal.NOT_HELD
    assert set(AuditEvent.objects.values_list("kind", flat=True)) >= {"draft.held", "draft.refused"}


def test_what_may_never_be_sent_is_blocked_and_nobody_can_release_it(floor: Floor) -> None:
    agree(floor)
    card = submit(floor, NEVER)
    assert card.state == "blocked" and card.advice
    with pytest.raises(Refused) as refused:
        operations.decide_draft(
            house_id=floor.house,
            user_id=supervisor(floor),
            draft_id=card.id,
            release=True,
            reason="x",
            now=DAY,
        )
    assert refused.value.refusal is Refusal.NOT_HELD
    with pytest.raises(Refused) as never:
        operations.hand_over(
            house_id=floor.house, associate_id=floor.yue, draft_id=card.id, origin="http://x", now=DAY
        )
    assert never.value.refusal is Refusal.NOT_READY


def test_what_a_supervisor_releases_is_handed_to_the_chat_once(floor: Floor) -> None:
    agree(floor)
    held = submit(floor, BREACH)
    operations.decide_draft(
        house_id=floor.house, user_id=supervisor(floor), draft_id=held.id, release=True, reason="ok", now=DAY
    )
    handing = operations.hand_over(
        house_id=floor.house, associate_id=floor.yue, draft_id=held.id, origin="http://x", now=DAY
    )
    assert handing.messages == [{"msgtype": "text", "text": {"content": BREACH}}]
    for _ in range(2):
        operations.note_handed(house_id=floor.house, associate_id=floor.yue, draft_id=held.id, now=DAY)
    assert ContactMade.objects.count() == 1
    assert [row.state for row in queries.drafts(floor.house)] == ["sent"]
    with pytest.raises(Refused) as soon:
        submit(floor, "还有一件事")
    assert soon.value.refusal is Refusal.BLACKOUT


def test_the_same_key_asks_once_and_another_s_client_is_closed(floor: Floor) -> None:
    agree(floor)
    assert submit(floor, "您好", key="k").id == submit(floor, "您好", key="k").id
    with pytest.raises(Refused) as other:
        submit(floor, "您好", associate_id=floor.marco)
    assert other.value.refusal is Refusal.NOT_YOURS
    with pytest.raises(Refused) as nothing:
        submit(floor, "", key="empty")
    assert nothing.value.refusal is Refusal.EMPTY
    with pytest.raises(Refused) as long:
        submit(floor, "丝" * 1400)
    assert long.value.refusal is Refusal.TEXT_TOO_LONG


def test_a_client_who_never_agreed_is_written_to_only_after_they_came(floor: Floor) -> None:
    with pytest.raises(Refused) as silent:
        submit(floor, "您好")
    assert silent.value.refusal is Refusal.NO_CONSENT
    entry = ClientBookEntry.objects.get(person_id=floor.client)
    way = operations_way(floor)
    ClientBookEntry.objects.filter(pk=entry.pk).update(contact_way_id=way, since=DAY - timedelta(hours=3))
    assert submit(floor, "您好").state == "cleared"


def operations_way(floor: Floor) -> int:
    from seta.clienteling.models import ContactWay  # noqa: PLC0415

    return ContactWay.objects.create(house_id=floor.house, associate_id=floor.yue, state="s", made_at=NOON).pk


def test_a_version_out_of_force_and_a_foreign_page_are_refused(floor: Floor) -> None:
    agree(floor)
    for how, refusal in (
        ({"version_id": 10_000}, Refusal.NOT_APPROVED),
        ({"attachment": Attachment("product", "no-such")}, Refusal.NOT_APPROVED),
        ({"attachment": Attachment("place", "x y", "Duomo")}, Refusal.BAD_CHOICE),
        ({"attachment": Attachment("card", "admin", "Admin")}, Refusal.BAD_CHOICE),
        ({"attachment": Attachment("image", picture="0" * 64)}, Refusal.NO_PICTURE),
        ({"attachment": Attachment("virus")}, Refusal.BAD_CHOICE),
    ):
        with pytest.raises(Refused) as refused:
            submit(floor, "您好", **how)
        assert refused.value.refusal is refusal, how


def test_a_message_prepared_at_the_desk_arrives_once_the_associate_confirms(
    floor: Floor, sandbox: RunningSandbox
) -> None:
    agree(floor)
    connect(floor, sandbox)
    program = sandbox.config["mini_program"]
    from seta.houses.operations import connect_account  # noqa: PLC0415

    connect_account(
        house_id=floor.house, family="mini_program", app_id=program["appid"], base_url=sandbox.base_url,
        secrets={key: str(value) for key, value in program.items()}, now=NOON,
    )  # fmt: skip
    external = sandbox.config["wecom"]["external_userid"]
    sandbox.control("add_contact", userid="linyue", external_userid=external)
    ClientBookEntry.objects.filter(person_id=floor.client).update(external_userid=external)
    card = submit(floor, "您好，这款方巾到店了", attachment=Attachment("product", "scarf"))
    operations.prepare_draft(house_id=floor.house, associate_id=floor.yue, draft_id=card.id, now=DAY)
    with pytest.raises(Refused):
        operations.prepare_draft(house_id=floor.house, associate_id=floor.yue, draft_id=card.id, now=DAY)
    (row,) = queries.drafts(floor.house)
    assert row.state == "prepared" and row.attachment.page.startswith("pages/product/product?code=scarf&s=")
    sandbox.control("confirm_mass")
    operations.sweep_outreach(DAY + timedelta(minutes=2))
    (sent,) = queries.drafts(floor.house)
    assert sent.state == "sent" and sent.sent_at is not None


def test_messages_that_are_never_confirmed_keep_no_later_one_from_being_asked_about(
    floor: Floor, caplog: pytest.LogCaptureFixture
) -> None:
    drafts = MessageDraft.objects.bulk_create(
        MessageDraft(
            house_id=floor.house,
            associate_id=floor.yue,
            person_id=floor.client,
            state=MessageDraft.State.PREPARED,
            key=f"key-{number}",
            platform_id=f"msg-{number}",
            made_at=DAY,
        )
        for number in range(120)
    )

    for turn in range(20):
        operations.sweep_outreach(DAY + turn * timedelta(seconds=40))

    asked = {record.args[1] for record in caplog.records if isinstance(record.args, tuple)}
    assert asked == {draft.pk for draft in drafts}


def test_suggestions_are_the_nearest_words_in_force(floor: Floor) -> None:
    operations.approve_product(
        house_id=floor.house,
        product_code="scarf",
        text="桑蚕丝方巾新版，手工卷边，可刻字。",
        approved_by="A",
        now=NOON,
    )
    found = queries.suggestions(floor.house, text="手工卷边", market="CN", now=DAY)
    assert [row.number for row in found] == [2]
    assert queries.suggestions(floor.house, text="", market="", now=NOON - timedelta(days=1)) == []


def test_messages_are_written_as_wecom_wants_them() -> None:
    card = Attachment("card", "home", "首页" * 40, "pages/home/home")
    text, program = handed_messages(
        text="您好", attachment=card, appid="wx1", cover_url="http://c", media_id=""
    )
    assert text == {"msgtype": "text", "text": {"content": "您好"}}
    assert program["miniprogram"]["page"] == "pages/home/home"
    assert len(program["miniprogram"]["title"].encode()) <= 64
    assert short_title("a" * 70) == "a" * 64
    assert page_of("place", "duomo") == "pages/place/place?code=duomo" and page_of("place", "../x") == ""
    assert fits("丝" * 1333) and not fits("丝" * 1334)

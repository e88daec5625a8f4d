"""A client's timeline holds what they did and the days on which they chatted, without a word of what was said."""

from datetime import UTC, datetime, timedelta

from seta.clienteling import queries
from seta.clienteling.models import TimelineEntry
from seta.conversations.models import Conversation, Message
from seta.drops.operations import Asker, reserve_many
from seta.events.operations import deliver_due
from seta.houses.operations import connect_account
from seta.oversight.models import ArchivedMessage, BodyKey
from tests.clienteling.conftest import NOON, Floor
from tests.drops.release import NOON as OPENING
from tests.drops.release import make_drop

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def write(floor: Floor, *said: tuple[str, datetime]) -> Conversation:
    """Messages in (from the client) or out, with the house's account."""
    secrets = dict.fromkeys(("aes_key", "original_id", "secret", "token"), "x")
    account = connect_account(
        house_id=floor.house,
        family="official_account",
        app_id="wx-chat",
        base_url="http://127.0.0.1",
        secrets=secrets,
        now=NOON,
    )
    talk = Conversation.objects.create(
        house_id=floor.house, account_id=account, person_id=floor.client, opened_at=NOON, last_at=NOON
    )
    for direction, at in said:
        state = Message.State.RECEIVED if direction == "in" else Message.State.SENT
        Message.objects.create(
            house_id=floor.house,
            account_id=account,
            conversation=talk,
            direction=direction,
            channel="service",
            kind="text",
            body="丝巾到了吗？",
            state=state,
            sent_at=at,
        )
    return talk


def archive(floor: Floor, *said: tuple[str, datetime]) -> None:
    """Messages of the archive with the client's associate, by role."""
    key = BodyKey.objects.create(house_id=floor.house, person_id=floor.client, sealed=b"", created_at=NOON)
    for number, (role, at) in enumerate(said):
        ArchivedMessage.objects.create(
            house_id=floor.house,
            account_id=1,
            seq=number,
            msgid=f"m{number}",
            conversation="linyue:wm",
            userid="linyue",
            person_id=floor.client,
            sender_role=role,
            kind="text",
            sealed_body=b"",
            body_key=key,
            sent_at=at,
            archived_at=at,
        )


def note(floor: Floor, kind: str, at: datetime) -> None:
    TimelineEntry.objects.create(
        house_id=floor.house, person_id=floor.client, at=at, kind=kind, key=kind, body={}
    )


def shown(floor: Floor, **how: object) -> list[queries.TimelineItem]:
    return queries.timeline(house_id=floor.house, person_id=floor.client, **how)  # type: ignore[arg-type]


def test_days_of_chat_stand_between_the_facts(floor: Floor) -> None:
    talk = write(floor, ("in", NOON), ("out", NOON + HOUR), ("in", NOON + DAY))
    archive(floor, ("client", NOON + 3 * HOUR), ("sa", NOON + 4 * HOUR), ("sa", NOON + 5 * HOUR))
    note(floor, "boutique.order.placed", NOON + 2 * HOUR)

    items = [(item.at, item.kind, item.details) for item in shown(floor)]

    account = {"conversation_id": talk.pk}
    assert items == [
        (NOON + DAY, "chat.account", {**account, "received": 1, "sent": 0}),
        (NOON + 5 * HOUR, "chat.archive", {"userid": "linyue", "received": 1, "sent": 2}),
        (NOON + 2 * HOUR, "boutique.order.placed", {}),
        (NOON + HOUR, "chat.account", {**account, "received": 1, "sent": 1}),
    ]


def test_a_day_ends_at_the_houses_midnight(floor: Floor) -> None:
    before, after = NOON + timedelta(hours=10, minutes=59), NOON + timedelta(hours=11)
    write(floor, ("in", before), ("in", after))

    assert [item.at for item in shown(floor)] == [after, before]


def test_pages_of_the_timeline_leave_nothing_out_and_repeat_nothing(floor: Floor) -> None:
    write(floor, *(("in", NOON + DAY * number) for number in range(5)))
    for number in range(5):
        note(floor, f"fact-{number}", NOON + DAY * number)
    whole = [(item.at, item.kind) for item in shown(floor)]

    paged, before = [], None
    while page := shown(floor, before=before, limit=3):
        paged += [(item.at, item.kind) for item in page]
        before = (page[-1].at, page[-1].id)

    assert paged == whole
    assert len(whole) == 10


def test_anothers_chats_and_what_was_held_are_not_on_it(floor: Floor) -> None:
    talk = write(floor, ("in", NOON))
    Message.objects.filter(conversation=talk).update(state=Message.State.HELD)

    assert shown(floor) == []


def test_a_piece_reserved_in_a_drop_stands_on_the_timeline_once_the_worker_has_told_it(floor: Floor) -> None:
    drop = make_drop(floor.house)
    at = OPENING + timedelta(minutes=1)
    reserve_many(drop_id=drop, askers=[Asker(floor.house, floor.client)], now=at)
    while_rushing = shown(floor)

    while deliver_due(now=datetime.now(UTC) + DAY):
        pass

    assert [item.kind for item in while_rushing if item.kind.startswith("drops.")] == []
    (reserved,) = [item for item in shown(floor) if item.kind == "drops.piece.reserved"]
    assert (reserved.at, reserved.details["seq"]) == (at, 1)
    assert reserved.details["drop_code"].startswith("drop-of-")

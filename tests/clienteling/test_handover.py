"""Clients pass from one associate to another by WeCom's rules, played against the sandbox."""

from datetime import timedelta

import pytest

from seta.clienteling import operations, queries
from seta.clienteling.models import Associate, ClientBookEntry, FollowUp, HandoverClient
from seta.clienteling.operations.book import add_entry
from seta.clienteling.rules import Refusal, Refused
from seta.oversight.queries import agreement_status
from tests.clienteling.conftest import NOON, Floor, make_person, user_of
from tests.clienteling.test_contacts import connect, now, scan
from tests.clienteling.test_selling import paid
from tests.sandbox_server import RunningSandbox


def hand(floor: Floor, person_id: int, kind: str = "in_service") -> int:
    return operations.start_handover(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        giver_id=floor.yue,
        taker_id=floor.marco,
        kind=kind,
        person_ids=[person_id],
        reason="Yue moves to Paris",
        now=now(),
    )


def staffed(floor: Floor, sandbox: RunningSandbox) -> None:
    """Marco bears the name of a member that the sandbox's company has."""
    others = [one for one in sandbox.config["wecom"]["userids"] if one != "linyue"]
    Associate.objects.filter(pk=floor.marco).update(userid=others[0])


@pytest.fixture
def contact(floor: Floor, sandbox: RunningSandbox) -> ClientBookEntry:
    """A client of Yue's in WeCom."""
    connect(floor, sandbox)
    staffed(floor, sandbox)
    return ClientBookEntry.objects.get(pk=scan(floor, sandbox).entry_id)


def roles(person_id: int) -> dict[int, str]:
    rows = ClientBookEntry.objects.filter(person_id=person_id, ended_at__isnull=True)
    return dict(rows.values_list("associate_id", "role"))


def test_a_client_passes_after_a_day_with_tasks_and_without_private_notes(
    floor: Floor, sandbox: RunningSandbox, contact: ClientBookEntry
) -> None:
    whose = {"house_id": floor.house, "associate_id": floor.yue, "person_id": contact.person_id}
    for visibility in ("private", "house"):
        operations.write_note(**whose, text=visibility, visibility=visibility, now=now())
    operations.add_follow_up(**whose, kind="own", title="Call", due_at=now(), now=now())
    handover = hand(floor, contact.person_id)
    before = roles(contact.person_id)
    operations.poll_handovers(now())
    waiting = HandoverClient.objects.get().state
    sandbox.control("advance", seconds=86_401)
    operations.poll_handovers(now() + timedelta(days=1))
    operations.poll_handovers(now() + timedelta(days=1))

    assert before == {floor.yue: "primary"}
    assert waiting == "waiting"
    assert roles(contact.person_id) == {floor.marco: "primary"}
    found = queries.handover(house_id=floor.house, handover_id=handover)
    assert found is not None and found.finished_at is not None and found.taken == 1
    titles = FollowUp.objects.filter(associate=floor.marco).values_list("title", flat=True)
    assert "Call" in titles and len(titles) == 2
    reader = queries.associate(floor.marco)
    seen = queries.notes(house_id=floor.house, person_id=contact.person_id, reader=reader)
    assert [note.text for note in seen] == ["house"]
    marco = Associate.objects.get(pk=floor.marco)
    status = agreement_status(
        house_id=floor.house, userid=marco.userid, external_userid=contact.external_userid
    )
    assert status == "Unasked"
    assert ClientBookEntry.objects.get(associate=marco, person_id=contact.person_id).archive_asked_at


def test_a_client_who_refuses_stays_where_they_are(
    floor: Floor, sandbox: RunningSandbox, contact: ClientBookEntry
) -> None:
    hand(floor, contact.person_id)
    sandbox.control("answer_transfer", external_userid=contact.external_userid, accept=False)

    operations.poll_handovers(now())

    assert HandoverClient.objects.get().state == "refused"
    assert roles(contact.person_id) == {floor.yue: "primary"}


def test_who_has_not_left_cannot_be_treated_as_gone(
    floor: Floor, sandbox: RunningSandbox, contact: ClientBookEntry
) -> None:
    hand(floor, contact.person_id, kind="resigned")

    row = HandoverClient.objects.get()
    assert (row.state, row.code) == ("not_begun", "40097")


def test_the_book_of_one_who_left_passes(
    floor: Floor, sandbox: RunningSandbox, contact: ClientBookEntry
) -> None:
    sandbox.control("resign", userid="linyue")
    hand(floor, contact.person_id, kind="resigned")
    sandbox.control("advance", seconds=86_401)

    operations.poll_handovers(now())

    assert roles(contact.person_id) == {floor.marco: "primary"}
    assert not Associate.objects.get(pk=floor.yue).is_active


def test_a_third_transfer_within_ninety_days_is_not_asked_for(
    floor: Floor, sandbox: RunningSandbox, contact: ClientBookEntry
) -> None:
    for days in (40, 20):
        hand(floor, contact.person_id)
        HandoverClient.objects.filter(ended_at__isnull=True).update(
            state="taken_over", ended_at=now() - timedelta(days=days)
        )

    with pytest.raises(Refused) as refused:
        hand(floor, contact.person_id)

    assert refused.value.refusal is Refusal.TOO_OFTEN


def test_a_sale_within_the_window_is_still_the_givers(floor: Floor) -> None:
    guest = make_person(floor.house, "周岚")
    add_entry(Associate.objects.get(pk=floor.yue), guest, external_userid="", way=None, now=NOON)
    operations.start_handover(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        giver_id=floor.yue,
        taker_id=floor.marco,
        kind="in_service",
        person_ids=[guest],
        reason="leave",
        now=NOON,
    )

    operations.credit_sale(paid(floor, person_id=guest, occurred_at=NOON + timedelta(days=3)), NOON)

    sale = queries.sale_of_order(1)
    assert sale is not None and sale.associate_id == floor.yue


def test_an_associate_hands_nobody_over(floor: Floor) -> None:
    with pytest.raises(Refused) as refused:
        operations.start_handover(
            house_id=floor.house,
            user_id=user_of(floor.house, "Marco"),
            giver_id=floor.yue,
            taker_id=floor.marco,
            kind="in_service",
            person_ids=[floor.client],
            reason="mine",
            now=NOON,
        )

    assert refused.value.refusal is Refusal.SUPERVISOR_ONLY

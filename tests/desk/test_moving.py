"""An associate gives a client's appointment another time from the day's list, among the free times only."""

from datetime import UTC, datetime, timedelta

import pytest

from seta.clienteling.models import FollowUp
from seta.clienteling.operations import tell_moved
from seta.events.models import Event
from seta.events.rules import restored
from seta.stores import operations, queries
from seta.stores.events import AppointmentMoved
from tests.desk.conftest import Home, World


def slots_of(home: Home, days: int = 3) -> list[queries.SlotCard]:
    now = datetime.now(UTC)
    day = (now + timedelta(days=days)).date()
    found = queries.slots(home.id, "monte-napoleone", day=day, kind="visit", now=now)
    assert found
    return list(found)


def booked(home: Home) -> queries.AppointmentCard:
    return operations.book(
        house_id=home.id,
        person_id=home.client,
        boutique="monte-napoleone",
        starts_at=slots_of(home)[0].starts_at,
        kind="visit",
        now=datetime.now(UTC),
    )


def test_an_associate_moves_a_clients_appointment_to_a_free_time(world: World) -> None:
    card, client = booked(world.ours), world.sign_in("associate")
    wanted = slots_of(world.ours, 4)[1]
    list_page = client.get(f"/desk/stores/?day={card.local_time[:10]}").content.decode()
    assert f"/desk/stores/appointments/{card.id}/" in list_page
    shown = client.get(f"/desk/stores/appointments/{card.id}/?day={wanted.starts_at.date()}").content.decode()
    assert f'value="{wanted.starts_at.isoformat()}"' in shown

    page = client.post(
        f"/desk/stores/appointments/{card.id}/move/", {"starts_at": wanted.starts_at.isoformat()}, follow=True
    ).content.decode()

    assert "the client is told" in page
    moved = queries.appointment_at_house(world.ours.id, card.id)
    assert moved is not None and moved.starts_at == wanted.starts_at
    body = Event.objects.get(name="stores.appointment.moved").body
    assert (body["by"], body["associate_id"]) == ("store", world.ours.associates[0])


@pytest.mark.parametrize("said", ["", "soon", "2026-11-25T10:00", "2026-11-25T10:07:00+01:00"])
def test_a_wrong_time_moves_nothing(world: World, said: str) -> None:
    card = booked(world.ours)

    page = world.sign_in("supervisor").post(
        f"/desk/stores/appointments/{card.id}/move/", {"starts_at": said}, follow=True
    )

    assert '<div class="notice bad' in page.content.decode()
    still = queries.appointment_at_house(world.ours.id, card.id)
    assert still is not None and still.starts_at == card.starts_at


def test_another_houses_appointment_is_no_page_and_marketing_moves_none(world: World) -> None:
    theirs, ours = booked(world.theirs), booked(world.ours)
    admin = world.sign_in("admin")

    assert admin.get(f"/desk/stores/appointments/{theirs.id}/").status_code == 404
    assert admin.post(f"/desk/stores/appointments/{theirs.id}/move/").status_code == 404
    assert world.sign_in("marketing").post(f"/desk/stores/appointments/{ours.id}/move/").status_code == 403


def test_the_clients_own_associate_is_told_once_when_the_client_moves(world: World) -> None:
    card = booked(world.ours)
    for by, hour in ((card.person_id, 1), (None, 2)):
        operations.move(
            house_id=world.ours.id,
            public_id=card.id,
            person_id=by,
            starts_at=slots_of(world.ours)[hour].starts_at,
            now=datetime.now(UTC),
        )
    facts = [restored(AppointmentMoved, row.body) for row in Event.objects.filter(name=AppointmentMoved.name)]

    for fact in facts * 2:
        tell_moved(fact, datetime.now(UTC))

    task = FollowUp.objects.get(kind="moved")
    assert task.associate_id == world.ours.associates[0] and card.local_time in task.title
    assert "Moved by the client" in world.sign_in("associate").get("/desk/clients/tasks/").content.decode()

"""An associate says when clients may book calls, and sees on the list what a client booked alone."""

from datetime import UTC, datetime, timedelta

from seta.consultations import operations, queries
from tests.desk.conftest import World


def test_an_associate_sets_their_hours_and_what_cannot_be_read_changes_nothing(world: World) -> None:
    desk, supervisor = world.sign_in("associate"), world.sign_in("supervisor")
    house, user = world.ours.id, world.user_id("associate")

    shown = desk.get("/desk/consultations/").content.decode()
    done = desk.post("/desk/consultations/hours/", {"hours": " Mo-Sa  11:00-19:00 "}, follow=True)
    wrong = desk.post("/desk/consultations/hours/", {"hours": "at tea time"}, follow=True)

    assert 'value="Mo-Fr 10:00-18:00"' in shown
    assert "Your hours are in force." in done.content.decode()
    assert "write for example Mo-Fr 10:00-18:00" in wrong.content.decode()
    assert queries.call_hours(house, user) == "Mo-Sa 11:00-19:00"
    assert supervisor.post("/desk/consultations/hours/", {"hours": ""}).status_code == 403


def test_the_list_says_which_call_a_client_booked_alone(world: World) -> None:
    desk, now = world.sign_in("associate"), datetime.now(UTC)
    starts = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    operations.book(
        house_id=world.ours.id,
        person_id=world.ours.client,
        user_id=world.user_id("associate"),
        host_name="林悦",
        kind="voice",
        starts_at=starts,
        minutes=15,
        by="client",
        now=now,
    )

    assert "Booked by the client" in desk.get("/desk/consultations/").content.decode()

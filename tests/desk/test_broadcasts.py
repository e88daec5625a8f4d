"""Broadcasts over HTTP: written and counted, kept when refused, approved by another, given up."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from seta.broadcasts import operations
from seta.broadcasts.models import Broadcast
from seta.broadcasts.rules.segments import Segment
from seta.conversations.models import Follow
from seta.houses.queries import account
from seta.people.operations import IdentityKey, recognise
from tests.desk.conftest import SCRIPT, World

LIST = "/desk/broadcasts/"


@pytest.fixture
def writer(world: World) -> Client:
    return world.sign_in("marketing")


@pytest.fixture(autouse=True)
def followers(world: World) -> None:
    """Three who follow the house's account."""
    now, found = datetime.now(UTC), account(world.ours.id, "official_account")
    for number in range(3):
        person = recognise(
            house_id=world.ours.id,
            identities=[IdentityKey("openid", found.app_id, f"o-broadcast-{number}")],
            now=now,
        )
        Follow.objects.get_or_create(
            house_id=world.ours.id, account_id=found.id, person_id=person, defaults={"followed_at": now}
        )


def fields(**changed: Any) -> dict[str, Any]:
    later = datetime.now(UTC) + timedelta(days=2)
    return {
        "title": f"秋季预览 {SCRIPT}",
        "text_zh": f"秋季系列已到店 {SCRIPT}",
        "send_at": f"{later:%Y-%m-%dT%H:%M}",
        "keep_back": "1",
        "within_days": "0",
        **changed,
    }


def save(client: Client, number: int = 0, **changed: Any) -> Any:
    return client.post(f"{LIST}{number}/save/", fields(**changed), follow=True)


def test_a_broadcast_is_written_counted_and_shown_without_its_script_running(
    writer: Client, world: World
) -> None:
    page = save(writer).content.decode()

    row = Broadcast.objects.get(house_id=world.ours.id)
    assert row.state == "draft" and SCRIPT in row.texts["zh"]
    assert SCRIPT not in page and "of 3 followers receive it" in page
    assert SCRIPT not in writer.get(LIST).content.decode()


def test_the_count_follows_what_is_chosen(writer: Client) -> None:
    everybody = writer.post(f"{LIST}count/", fields()).content.decode()
    nobody = writer.post(f"{LIST}count/", fields(city="Nowhere")).content.decode()

    assert '<p class="figure">3</p>' in everybody
    assert '<p class="figure">0</p>' in nobody and "two followers at least" in nobody


def test_a_refusal_loses_none_of_the_words(writer: Client, world: World) -> None:
    refused = writer.post(f"{LIST}0/save/", fields(do="submit", send_at="2020-01-01T10:00", text_it="Ciao"))

    page = refused.content.decode()
    assert refused.status_code == 409 and "within a year" in page
    assert "Ciao" in page and "2020-01-01T10:00" in page
    assert Broadcast.objects.get(house_id=world.ours.id).state == "draft"


def test_a_second_person_approves_and_it_can_be_given_up(writer: Client, world: World) -> None:
    number = operations.write_broadcast(
        house_id=world.ours.id,
        broadcast_id=None,
        wish=operations.Wish(
            title="秋季",
            texts={"zh": "秋季系列已到店"},
            article_id=None,
            segment=Segment(),
            keep_back=1,
            send_at=datetime.now(UTC) + timedelta(days=1),
        ),
        user_id=world.user_id("marketing"),
        now=datetime.now(UTC),
    )
    Broadcast.objects.filter(pk=number).update(state="review")
    page = f"{LIST}{number}/"
    own = writer.post(f"{page}approve/", follow=True).content.decode()
    assert "Whoever wrote it cannot approve it. Ask a colleague." in own

    supervisor = world.sign_in("supervisor")
    assert re.search(r"approve/", supervisor.get(page).content.decode())
    supervisor.post(f"{page}approve/")
    assert Broadcast.objects.get(pk=number).state == "planned"

    writer.post(f"{page}cancel/")
    assert Broadcast.objects.get(pk=number).state == "cancelled"


def test_an_associate_has_no_broadcasts(world: World) -> None:
    associate = world.sign_in("associate")
    assert associate.get(LIST).status_code == 403
    assert associate.post(f"{LIST}0/save/", fields()).status_code == 403

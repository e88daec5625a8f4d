"""Review at the desk: a purpose before any word, pseudonyms, samples that can be drawn again, rules by two."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from seta.houses.operations import hire
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.models import Alert, ArchivedMessage, AuditEvent, BulkClosing, Reading, SampleItem
from tests.desk.conftest import PASSWORD, World

WORDS = "微信转账到我个人账户"
REVIEW = "/desk/review/"


def reader(world: World, who: str = "supervisor") -> Client:
    """Somebody signed in who has named a purpose."""
    client = world.sign_in(who)
    client.post(f"{REVIEW}purpose/", {"purpose": "alert_review", "note": "case 7", "next": REVIEW})
    return client


def second(world: World, role: str = "supervisor") -> Client:
    """A second reviewer, signed in."""
    hire(house_id=world.ours.id, username="second", password=PASSWORD, role=role, name="second")
    return world.sign_in("second")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_nothing_is_shown_before_a_purpose_is_named(world: World) -> None:
    client, path = world.sign_in("supervisor"), f"{REVIEW}{world.ours.alert}/"

    queue, page = text(client, REVIEW), text(client, path)
    assert WORDS not in queue + page
    assert "Why do you open this conversation?" in page
    assert not Reading.objects.exists()

    refused = client.post(f"{REVIEW}purpose/", {"purpose": "curiosity", "next": path}, follow=True)
    assert "choose a purpose" in refused.content.decode()
    opened = client.post(
        f"{REVIEW}purpose/", {"purpose": "complaint", "note": "no 7", "next": path}, follow=True
    )

    assert WORDS in opened.content.decode()
    assert WORDS in text(client, REVIEW)
    assert Reading.objects.get().purpose == "complaint"
    assert "no 7" in text(client, f"{REVIEW}readings/")


def test_finished_reading_asks_again_and_leads_nowhere_else(world: World) -> None:
    client = reader(world)

    away = client.post(f"{REVIEW}purpose/", {"purpose": "", "next": "https://evil.example/"})

    assert away["Location"] == REVIEW
    assert WORDS not in text(client, f"{REVIEW}{world.ours.alert}/")


def test_names_are_pseudonyms_until_a_reason_is_given(world: World) -> None:
    client, path = reader(world), f"{REVIEW}{world.ours.alert}/"

    before = text(client, path)
    client.post(f"{path}names/", {"reason": "the client named them"})
    after = text(client, path)

    assert f"associate-{world.ours.id}" not in before
    assert "Associate associate ·" not in before
    assert "Associate associate ·" in after
    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="names.revealed").exists()


@pytest.mark.parametrize("role", ["associate", "marketing", "finance"])
@pytest.mark.parametrize("path", ["", "samples/", "rules/", "statistics/", "readings/", "{a}/"])
def test_who_may_not_review_is_turned_away_and_written_down(world: World, role: str, path: str) -> None:
    answer = world.sign_in(role).get(REVIEW + path.format(a=world.ours.alert))

    assert answer.status_code == 403
    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="access.refused").count() == 1


def test_a_supervisor_of_another_house_finds_no_page_and_that_is_written_down(world: World) -> None:
    client = reader(world, "supervisor-lucente")

    assert client.get(f"{REVIEW}{world.ours.alert}/").status_code == 404
    assert client.post(f"{REVIEW}{world.ours.alert}/claim/").status_code == 404
    assert AuditEvent.objects.filter(house_id=world.theirs.id, kind="access.refused").count() == 2


def test_chosen_alerts_close_together_and_come_back(world: World) -> None:
    client = reader(world)
    chosen = {"alert": [world.ours.alert], "verdict": "false_positive", "reason": "a template of ours"}

    page = client.post(f"{REVIEW}bulk/", chosen).content.decode()
    closing = BulkClosing.objects.get()
    assert "1 alert has your verdict." in page
    client.post(f"{REVIEW}bulk/{closing.pk}/undo/")

    assert Alert.objects.get(pk=world.ours.alert).state == "open"
    nothing = client.post(f"{REVIEW}bulk/", {"verdict": "false_positive", "reason": "x"}, follow=True)
    assert "Choose 1 to 100 alerts" in nothing.content.decode()


def test_an_associate_reads_the_advice_and_not_the_alert(world: World) -> None:
    reader(world).post(f"{REVIEW}{world.ours.alert}/coach/", {"text": "请发送官方付款链接"})
    associate = world.sign_in("associate")

    assert "请发送官方付款链接" in text(associate, "/desk/coaching/")
    associate.post("/desk/coaching/seen/")

    assert "I have read it" in text(associate, "/desk/coaching/")
    assert associate.get(f"{REVIEW}{world.ours.alert}/").status_code == 403
    assert queries.coachings(world.ours.id, alert_id=world.ours.alert)[0].seen_at is not None


def test_an_alert_is_given_to_somebody_and_passed_up(world: World) -> None:
    client, path = reader(world), f"{REVIEW}{world.ours.alert}/"

    client.post(f"{path}assign/", {"to": world.user_id("admin")})
    assert Alert.objects.get(pk=world.ours.alert).assignee_id == world.user_id("admin")
    held = client.post(f"{path}escalate/", {"reason": "too hot"}, follow=True).content.decode()
    assert "Someone else is reviewing" in held
    reader(world, "admin").post(f"{path}escalate/", {"reason": "too hot"})

    assert Alert.objects.get(pk=world.ours.alert).escalation == "too hot"


def test_a_sample_is_drawn_looked_at_and_drawn_again_from_the_page(world: World) -> None:
    ArchivedMessage.objects.filter(house_id=world.ours.id).update(
        archived_at=datetime.now(UTC) - timedelta(hours=1)
    )
    client = reader(world)
    client.post(f"{REVIEW}samples/draw/", {"kind": "messages"})
    item = SampleItem.objects.get()

    assert WORDS in text(client, f"{REVIEW}samples/{item.pk}/")
    form = {"finding": "breach", "reason": "私下收款", "kind": "messages"}
    client.post(f"{REVIEW}samples/{item.pk}/find/", form)
    page = text(client, f"{REVIEW}draws/{item.draw_id}/")

    assert (page.count("the same choice"), page.count("the same today"), page.count('ok">as written')) == (
        1,
        1,
        1,
    )
    listed = b"".join(client.get(f"{REVIEW}draws/{item.draw_id}/population.csv")).decode()  # type: ignore[arg-type]
    assert item.key in listed
    assert "Nothing waits" in text(client, f"{REVIEW}samples/")


def test_a_reading_is_checked_by_another_person_than_the_reader(world: World) -> None:
    text(reader(world), f"{REVIEW}{world.ours.alert}/")
    Reading.objects.update(at=datetime.now(UTC) - timedelta(hours=1))
    now = datetime.now(UTC)
    oversight.draw_sample(
        house_id=world.ours.id, kind="readings", since=now - timedelta(days=1), until=now, now=now
    )
    item, form = SampleItem.objects.get(), {"finding": "fine", "reason": "their case", "kind": "readings"}

    own = world.sign_in("supervisor").post(f"{REVIEW}samples/{item.pk}/find/", form, follow=True)
    assert "A second person must decide this" in own.content.decode()
    checker = second(world)
    assert "case 7" in text(checker, f"{REVIEW}samples/?kind=readings")
    checker.post(f"{REVIEW}samples/{item.pk}/find/", form)

    item.refresh_from_db()
    assert item.finding == "fine"


def test_a_rule_is_tried_over_history_and_changed_by_two(world: World) -> None:
    client, path = reader(world), f"{REVIEW}rules/pay.personal-transfer/"

    tried = client.post(f"{path}try/", {"days": "90"}, follow=True).content.decode()
    assert "alerts in 1 messages" in tried
    (trial,) = queries.trials(world.ours.id, "pay.personal-transfer")
    find = f"{REVIEW}finds/{trial.samples[0].id}/"
    assert "微信" in text(client, find)
    client.post(f"{find}judge/", {"verdict": "true_positive"})
    client.post(f"{path}mode/", {"mode": "shadow", "reason": "too loud"})
    (wish,) = queries.changes(world.ours.id, state="waiting")
    own = client.post(f"{REVIEW}changes/{wish.id}/decide/", {"answer": "yes"}, follow=True).content.decode()
    assert "A second person must decide" in own
    second(world).post(f"{REVIEW}changes/{wish.id}/decide/", {"answer": "yes"})

    assert queries.modes(world.ours.id)["pay.personal-transfer"] == "shadow"
    assert "100 %" in text(client, path)
    assert client.get(f"{REVIEW}rules/none/").status_code == 404


def test_figures_name_what_they_are_of(world: World) -> None:
    page = text(world.sign_in("supervisor"), f"{REVIEW}statistics/")

    assert "pay.personal-transfer" in page
    assert "pictures, videos and files" in page
    assert "1 work here" in page


def test_a_queue_is_planned(world: World) -> None:
    client = world.sign_in("supervisor")
    queue = queries.queue_plans(world.ours.id)[0].queue
    form = {"queue": queue, "assignment": "round_robin", "owner": world.user_id("admin")}

    client.post(f"{REVIEW}queues/plan/", form)

    plan = queries.queue_plans(world.ours.id)[0]
    assert (plan.assignment, plan.owner_id) == ("round_robin", world.user_id("admin"))

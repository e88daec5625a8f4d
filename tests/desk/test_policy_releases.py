"""The house's own rules at the desk: written with the line to mend, tried for a purpose, in force by two people."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from seta.houses.operations import hire
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.models import AuditEvent, Reading, TrialHit
from tests.desk.conftest import PASSWORD, World

PAGE = "/desk/review/policies/"
RULES = """rules:
- id: house.private-account
  category: payment
  severity: high
  match: {any: [{terms: {words: [到我个人账户, 打进小账]}}]}
  actions: {default: hold, archive: flag, wecom_intercept: block}
  tests: {hit: [转到我个人账户吧, 打进小账, 到我个人账户], miss: [公司账户, 您好, 个人收藏]}
"""


def second(world: World) -> Client:
    """A second reviewer, signed in."""
    hire(house_id=world.ours.id, username="second", password=PASSWORD, role="supervisor", name="second")
    return world.sign_in("second")


def proposed(client: Client, yaml: str = RULES) -> str:
    """The address of a release that was just proposed."""
    answer = client.post(f"{PAGE}propose/", {"yaml": yaml, "note": "Nobody pays a person", "do": "propose"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_release_goes_into_force_by_two_people_only(world: World) -> None:
    author = world.sign_in("supervisor")
    page = proposed(author)
    colleague = second(world)

    own = author.post(f"{page}approve/", follow=True).content.decode()
    assert "You wrote this release; a colleague has to do that." in own
    early = colleague.post(f"{page}publish/", follow=True).content.decode()
    assert "Nobody has approved this release yet" in early
    colleague.post(f"{page}approve/")
    assert "a colleague has to do that" in author.post(f"{page}publish/", follow=True).content.decode()
    assert "In force from now on." in colleague.post(f"{page}publish/", follow=True).content.decode()

    judged = oversight.judge_draft(house_id=world.ours.id, channel="composer", text="货款打进小账")
    assert "house.private-account" in {hit.rule for hit in judged.hits}
    shown = author.get(page).content.decode()
    assert "How its rules do" in shown
    assert "End it" not in shown
    assert "As it is live" in shown
    assert "Nobody pays a person" in author.get(PAGE).content.decode()
    colleague.post(f"{page}retire/")
    assert queries.releases(world.ours.id)[0].state == "retired"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("severity: high", "severity: high\n  colour: red", 5, "colour"),
        ("  severity: high", "\tseverity: high", 4, "not readable"),
        ("个人收藏", "到我个人账户吧", 7, "found in"),
        ("severity: high", "severity: grave", 4, "grave"),
    ],
)
@pytest.mark.parametrize("do", ["check", "propose"])
def test_what_cannot_be_used_comes_back_with_its_line(
    world: World, do: str, old: str, new: str, line: int, says: str
) -> None:
    yaml = RULES.replace(old, new)

    answer = world.sign_in("supervisor").post(f"{PAGE}propose/", {"yaml": yaml, "do": do})

    assert answer.status_code == 422
    assert answer.context["problem"].line == line
    assert says in answer.context["problem"].text
    assert f"<strong>Line {line}</strong>" in answer.content.decode()
    assert answer.context["yaml"] == yaml
    assert queries.releases(world.ours.id) == []


def test_a_check_shows_what_would_change_and_keeps_nothing(world: World) -> None:
    answer = world.sign_in("supervisor").post(
        f"{PAGE}propose/", {"yaml": RULES.replace("house.private-account", "tone.rude"), "do": "check"}
    )

    assert answer.status_code == 200
    assert "Replaces a shipped rule" in answer.content.decode()
    assert queries.releases(world.ours.id) == []


def test_a_release_shows_differences_and_what_wecom_would_stop(world: World) -> None:
    author = world.sign_in("supervisor")
    first = proposed(author)
    colleague = second(world)
    colleague.post(f"{first}approve/")
    colleague.post(f"{first}publish/")

    page = author.get(proposed(author, RULES.replace("打进小账", "打进私账")))

    text = page.content.decode()
    assert "打进私账" in page.context["found"].stopped
    assert [each.effect.value for each in page.context["found"].rules] == ["changed"]
    assert {line.sign for line in page.context["found"].lines} >= {"+", "-"}
    assert 'class="added"' in text


def test_history_is_read_for_a_purpose_that_is_kept(world: World) -> None:
    client = world.sign_in("supervisor")
    page = proposed(client)

    refused = client.post(f"{page}try/", {"days": "30", "purpose": ""}, follow=True).content.decode()
    assert "choose a purpose" in refused
    assert not AuditEvent.objects.filter(kind="policy.tried").exists()
    done = client.post(f"{page}try/", {"days": "30", "purpose": "sample_review"}, follow=True)

    trial = done.context["trials"][0]
    assert (trial.messages, trial.alerts, len(trial.samples)) == (1, 1, 1)
    assert "1 alert" in done.content.decode()
    event = AuditEvent.objects.get(house_id=world.ours.id, kind="policy.tried")
    assert '"sample_review"' in event.body
    find = f"{page}finds/{trial.samples[0].id}/"
    assert "Why do you open this conversation?" in client.get(find).content.decode()
    client.post("/desk/review/purpose/", {"purpose": "sample_review", "note": "", "next": find})
    assert "<mark>到我个人账户</mark>" in client.get(find).content.decode()
    assert Reading.objects.get().purpose == "sample_review"
    client.post(f"{find}judge/", {"verdict": "true_positive"})
    assert TrialHit.objects.get().verdict == "true_positive"


def test_others_see_no_rules_of_the_house(world: World) -> None:
    page = proposed(world.sign_in("supervisor"))
    release_id = int(page.rstrip("/").rsplit("/", 1)[1])
    stranger = world.sign_in("supervisor-lucente")

    for verb in ("approve", "shadow", "publish", "retire", "try", "burn"):
        sent = {"days": "7", "purpose": "sample_review"}
        assert stranger.post(f"{page}{verb}/", sent).status_code == 404, verb
    assert stranger.get(page).status_code == 404
    for role in ("associate", "marketing", "finance"):
        assert world.sign_in(role).get(page).status_code == 403
        assert world.sign_in(role).post(f"{page}retire/").status_code == 403
    assert AuditEvent.objects.filter(house_id=world.ours.id, kind="access.refused").count() == 6
    kept = queries.release(world.ours.id, release_id)
    assert kept is not None
    assert kept.state == "draft"
    assert kept.created_at <= datetime.now(UTC)

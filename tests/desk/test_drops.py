"""The desk plans a drop of each kind, says whom it is for, draws it and reports on it."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from seta.drops import operations, queries
from seta.drops.models import Drop, Invitation, Screening
from seta.drops.rules import Kind, Terms
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.desk.conftest import World

NOW = datetime.now(UTC)
AT = "/desk/drops/plan/"
FORM = {
    "code": "ss27-draw",
    "pieces": "1",
    "kind": "draw",
    "opens": "2030-05-01T10:00",
    "turns": "2030-05-02T10:00",
    "closes": "2030-05-03T10:00",
    "hold": "30",
    "proof": "visit",
    "registration": "1",
    "ticketed": "1",
}


def written(world: World, **changed: str) -> dict[str, str]:
    return {**FORM, "variant": str(world.ours.variant), **changed}


def plan(world: World, client: Client, **changed: str) -> str:
    """What the desk says after the form was sent."""
    return client.post(AT, written(world, **changed), follow=True).content.decode()


def edition_on(client: Client, drop_id: int) -> str:
    """The edition of the draft that the page's form was filled in from."""
    page = client.get(f"/desk/drops/{drop_id}/").content.decode()
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def plan_as_kept(drop_id: int) -> dict[str, object]:
    (row,) = Drop.objects.filter(pk=drop_id).values()
    return row


def running(world: World, kind: Kind, *, opened: timedelta = timedelta(hours=2)) -> int:
    """An open drop of our house whose turn was a minute ago, or is an hour away when it is by invitation."""
    now = datetime.now(UTC)
    turn = now - timedelta(minutes=1) if kind == Kind.DRAW else now + timedelta(hours=1)
    drop = operations.plan_drop(
        house_id=world.ours.id,
        code=f"our-{kind}".replace("_", "-"),
        variant_id=world.ours.variant,
        pieces=1,
        opens_at=now - opened,
        closes_at=now + timedelta(hours=3),
        terms=Terms(kind=kind, turns_at=turn),
        now=now - opened,
    )
    operations.open_drop(drop_id=drop, now=now - opened - timedelta(minutes=1))
    return drop


def test_marketing_plans_a_draw_by_the_houses_clock_and_changes_the_draft(world: World) -> None:
    client = world.sign_in("marketing")

    told = plan(world, client)
    seen = edition_on(client, Drop.objects.get(house_id=world.ours.id, code="ss27-draw").pk)
    plan(world, client, hold="45", turns="2030-05-02T12:00", seen=seen)

    assert "The draft is kept" in told
    drop = Drop.objects.get(house_id=world.ours.id, code="ss27-draw")
    assert (drop.kind, drop.hold_seconds, drop.proof) == ("draw", 2_700, "visit")
    assert drop.needs_registration
    assert drop.needs_ticket
    assert drop.turns_at == datetime(2030, 5, 2, 10, tzinfo=UTC)
    assert drop.seed_hash
    assert client.get(f"/desk/drops/{drop.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"pieces": "0"}, "whole number"),
        ({"pieces": "-1"}, "whole number"),
        ({"pieces": "1000000000"}, "from 1 to"),
        ({"variant": "999999"}, "was not found"),
        ({"kind": "lottery"}, "from the list"),
        ({"proof": "share"}, "from the list"),
        ({"right": "none"}, "from the list"),
        ({"code": "不行"}, "from the list"),
        ({"opens": "soon"}, "Choose a day"),
        ({"turns": "2030-04-01T10:00"}, "must close after"),
        ({"closes": "2030-04-01T10:00"}, "must close after"),
        ({"hold": "2000"}, "must close after"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_with_what_to_do(
    world: World, changed: dict[str, str], says: str
) -> None:
    client = world.sign_in("marketing")

    answer = client.post(AT, written(world, **changed))
    page = answer.content.decode()

    assert (answer.status_code, says in page) == (422, True), page
    assert not Drop.objects.filter(house_id=world.ours.id, code="ss27-draw").exists()


class Fields(HTMLParser):
    """What the form of a plan would send as it stands on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.is_inside = False
        self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self.is_inside = said.get("action") == AT
        elif not self.is_inside or name == "csrfmiddlewaretoken":
            return
        elif tag == "select":
            self.choice = name
        elif tag == "option" and (self.choice not in self.sent or "selected" in said):
            self.sent[self.choice] = value
        elif tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.sent[name] = value


def test_what_was_written_stays_on_the_page_of_a_plan_that_is_refused(world: World) -> None:
    client = world.sign_in("marketing")
    meant = written(world, closes="2030-04-01T10:00", check_rank="2", refuse_rank="4", pieces="7")

    refused = client.post(AT, meant).content.decode()
    kept = client.post(AT, Fields(refused).sent | {"closes": FORM["closes"], "pieces": "1"}, follow=True)
    drop = Drop.objects.get(house_id=world.ours.id, code=FORM["code"])
    changed = Fields(kept.content.decode()).sent | {"hold": "0"}
    again = client.post(AT, changed)

    assert Fields(refused).sent == meant
    assert (drop.kind, drop.check_rank, drop.refuse_rank, drop.proof) == ("draw", 2, 4, "visit")
    assert (again.status_code, Fields(again.content.decode()).sent) == (422, changed)
    assert changed.items() > (meant.items() - {("closes", meant["closes"]), ("pieces", "7"), ("hold", "30")})


def test_a_variant_of_another_house_is_not_found(world: World) -> None:
    foreign = plan(world, world.sign_in("marketing"), variant=str(world.theirs.variant))

    assert "was not found" in foreign


def test_a_draft_that_was_opened_while_its_form_was_filled_in_keeps_its_plan(world: World) -> None:
    client = world.sign_in("marketing")
    plan(world, client)
    drop = Drop.objects.get(house_id=world.ours.id, code="ss27-draw").pk
    seen = edition_on(client, drop)
    client.post(f"/desk/drops/{drop}/open/")
    opened = plan_as_kept(drop)

    told = plan(world, client, pieces="9", seen=seen)

    assert opened["state"] == "open"
    assert "state does not allow" in told
    assert plan_as_kept(drop) == opened


def test_of_two_browsers_that_change_one_draft_the_second_is_told_to_look_again(world: World) -> None:
    first, second = world.sign_in("marketing"), world.sign_in("marketing")
    plan(world, first)
    drop = Drop.objects.get(house_id=world.ours.id, code="ss27-draw").pk
    seen = edition_on(second, drop)
    plan(world, first, hold="45", seen=seen)

    told = plan(world, second, hold="20", seen=seen)

    assert "A colleague has changed this draft" in told
    assert plan_as_kept(drop)["hold_seconds"] == 2_700
    assert "The draft is kept" in plan(world, second, hold="20", seen=edition_on(second, drop))
    assert plan_as_kept(drop)["hold_seconds"] == 1_200


def test_a_draft_that_has_taken_no_pieces_yet_does_not_look_sold_out(world: World) -> None:
    client, at = world.sign_in("marketing"), f"/desk/drops/{world.ours.drop}/"

    for page, draft, opened in (("/desk/drops/", "– / 1", "1 / 1"), (at, "–<small>of 1", "1<small>of 1")):
        Drop.objects.filter(pk=world.ours.drop).update(state="draft", left=0)
        assert draft in client.get(page).content.decode()
        Drop.objects.filter(pk=world.ours.drop).update(state="open", left=1)
        assert opened in client.get(page).content.decode()


@pytest.mark.parametrize("code", ["carre", "our-draw"])
def test_a_new_drop_takes_no_short_name_that_is_in_use(world: World, code: str) -> None:
    running(world, Kind.DRAW)
    before = plan_as_kept(Drop.objects.get(house_id=world.ours.id, code=code).pk)

    told = plan(world, world.sign_in("marketing"), code=code)

    assert "A release of this short name is there already" in told
    assert plan_as_kept(Drop.objects.get(house_id=world.ours.id, code=code).pk) == before


def test_a_draw_is_made_once_and_its_record_can_be_taken_away(world: World) -> None:
    client, drop = world.sign_in("marketing"), running(world, Kind.DRAW)
    operations.enter_draw(
        house_id=world.ours.id,
        drop_id=drop,
        person_id=world.ours.client,
        now=datetime.now(UTC) - timedelta(minutes=30),
    )
    path = f"/desk/drops/{drop}"
    early = client.get(f"{path}/record.json")

    made = client.post(f"{path}/draw/", follow=True).content.decode()
    again = client.post(f"{path}/draw/", follow=True).content.decode()

    assert early.status_code == 404
    assert "The draw is made" in made
    assert "The draw has been made" in again
    record = client.get(f"{path}/record.json").json()
    assert len(record["order"]) == 1
    report = client.get(f"{path}/report/").content.decode()
    assert record["seed_hash"] in report
    action = queries.actions(drop_id=drop)[-1]
    assert (action.verb, action.user_id) == ("draw", world.user_id("marketing"))


def test_an_associate_gives_a_piece_to_a_client_of_their_own_book_only(world: World) -> None:
    marketing, associate = world.sign_in("marketing"), world.sign_in("associate")
    drop, own = running(world, Kind.INVITED), world.ours.associates[0]
    stranger = recognise(
        house_id=world.ours.id, identities=[IdentityKey("phone", "", "139")], now=datetime.now(UTC)
    )
    marketing.post(f"/desk/drops/{drop}/allocate/", {"associate": own, "pieces": "1"})

    page = associate.get("/desk/drops/pieces/").content.decode()
    associate.post(f"/desk/drops/{drop}/name/", {"person_id": stranger})
    associate.post(f"/desk/drops/{drop}/name/", {"person_id": world.ours.client})

    assert "0 of 1 pieces have a name" in page
    (row,) = Invitation.objects.filter(drop_id=drop)
    assert (row.person_id, row.associate_id) == (world.ours.client, own)
    associate.post(f"/desk/drops/{drop}/unname/", {"person_id": world.ours.client})
    assert not Invitation.objects.filter(drop_id=drop).exists()
    assert world.sign_in("marketing").get("/desk/drops/pieces/").status_code == 403


def test_a_tier_of_the_client_book_is_invited_and_one_guest_taken_back(world: World) -> None:
    client, drop = world.sign_in("marketing"), running(world, Kind.INVITED)

    told = client.post(f"/desk/drops/{drop}/invite/", {"tier": "prospect"}, follow=True).content.decode()
    nobody = client.post(f"/desk/drops/{drop}/invite/", {"tier": "royal"}, follow=True).content.decode()

    assert "1 client is invited." in told
    assert "from the list" in nobody
    client.post(f"/desk/drops/{drop}/uninvite/", {"person_id": world.ours.client})
    assert not Invitation.objects.filter(drop_id=drop).exists()
    verbs = [action.verb for action in queries.actions(drop_id=drop)]
    assert verbs[-2:] == ["invite", "uninvite"]


def test_a_neighbours_drop_is_as_good_as_none(world: World) -> None:
    client, theirs = world.sign_in("marketing"), world.theirs.drop

    for verb in ("allocate", "invite", "uninvite", "draw"):
        answer = client.post(
            f"/desk/drops/{theirs}/{verb}/",
            {"associate": world.ours.associates[0], "pieces": 1, "tier": "gold", "person_id": 1},
            follow=True,
        )
        assert answer.status_code == 404, verb
    assert client.get(f"/desk/drops/{theirs}/report/").status_code == 404
    assert [action.verb for action in queries.actions(drop_id=theirs)] == ["plan"]


def test_marketing_sets_the_ranks_and_decides_on_whom_wechat_finds_risky(world: World) -> None:
    client = world.sign_in("marketing")
    plan(world, client, check_rank="2", refuse_rank="4")
    refused = plan(world, client, code="ss27-other", check_rank="4", refuse_rank="2")
    drop = Drop.objects.get(house_id=world.ours.id, code="ss27-draw")
    people = [
        recognise(house_id=world.ours.id, identities=[IdentityKey("openid", "wxmp", f"o-{n}")], now=NOW)
        for n in range(2)
    ]
    for person, state, rank in zip(people, ("waiting", "refused"), (2, 4), strict=True):
        Screening.objects.create(drop=drop, person_id=person, rank=rank, state=state, asked_at=NOW)
    page = client.get(f"/desk/drops/{drop.pk}/").content.decode()

    for person, says in zip(people, ("let_in", "turn_away"), strict=True):
        assert f'name="person_id" value="{person}"' in page
        client.post(f"/desk/drops/{drop.pk}/decide/", {"person_id": str(person), "says": says})
    wrong = client.post(
        f"/desk/drops/{drop.pk}/decide/", {"person_id": str(people[0]), "says": "x"}, follow=True
    )

    assert (drop.check_rank, drop.refuse_rank) == (2, 4)
    assert "Risk ranks go from 1 to 4" in refused
    assert "rank 2" in page
    assert queries.screened(drop_id=drop.pk) == {"let_in": 1, "turned_away": 1}
    trail = [(row.verb, row.user_id is not None) for row in queries.actions(drop_id=drop.pk)]
    assert trail == [("plan", True), ("let_in", True), ("turn_away", True)]
    assert "from the list" in wrong.content.decode()
    assert "Let somebody in after a check" in client.get(f"/desk/drops/{drop.pk}/").content.decode()
    associate = world.sign_in("associate").post(f"/desk/drops/{drop.pk}/decide/", {"says": "let_in"})
    assert associate.status_code == 403

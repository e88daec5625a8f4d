"""Marketing plans, opens and closes pop-ups and puts loyalty's rules live with a colleague, all from the desk."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from seta.loyalty.models import RuleSet
from seta.loyalty.rules.sample import SAMPLE
from seta.popups.models import Popup
from tests.boutique.shop import make_variant
from tests.desk.conftest import SCRIPT, World

ROME = ZoneInfo("Europe/Rome")
PLAN = {
    "code": "giardino",
    "title_zh": "秘密花园",
    "title_en": "Secret garden",
    "title_it": "Giardino segreto",
    "intro_zh": SCRIPT,
    "accent": "#1f5b4a",
    "opens_at": "2099-05-04T10:00",
    "closes_at": "2099-05-07T20:00",
    "place": "boutique:monte-napoleone",
    "source": "online",
    "posters": "duomo, Piazza del Duomo\nbrera，Brera",
    "pieces:SILK-9": "2",
    "pieces:SCARF-1": "",
}


def planned(world: World) -> Popup:
    make_variant(world.ours.id, sku="SILK-9", pieces=5)
    answer = world.sign_in("marketing").post("/desk/popups/new/", PLAN)
    assert answer.status_code == 302, answer.content.decode()
    return Popup.objects.get(house_id=world.ours.id, code="giardino")


def test_marketing_plans_opens_and_closes_a_pop_up(world: World) -> None:
    popup = planned(world)
    desk = world.sign_in("marketing")
    at = f"/desk/popups/{popup.pk}/"

    assert popup.opens_at == datetime(2099, 5, 4, 10, 0, tzinfo=ROME)
    assert popup.place_name_zh == "蒙特拿破仑大街店"
    page = desk.get(at + "?phone=zh").content.decode()
    assert "秘密花园" in page and SCRIPT not in page and "c=giardino;p=brera" in page
    desk.post(at + "open/")
    assert "The pop-up is open" in desk.get(at).content.decode()
    assert f'href="/desk/popups/{popup.pk}/change/"' not in desk.get(at).content.decode()
    refused = desk.post(at + "change/", PLAN)
    assert refused.status_code == 422 and "cannot be changed any more" in refused.content.decode()
    desk.post(at + "close/")

    popup.refresh_from_db()
    assert popup.state == "closed"
    assert desk.get(at + "posters.pdf").content.startswith(b"%PDF")
    assert "popup,giardino,visits,0,visits" in desk.get(at + "report.csv").content.decode()


def test_what_was_written_stays_on_the_page_with_why_it_was_refused(world: World) -> None:
    make_variant(world.ours.id, sku="SILK-9", pieces=5)
    desk = world.sign_in("marketing")

    for changed, said in (
        ({"closes_at": "2099-05-01T10:00"}, "The end has to come after the start."),
        ({"opens_at": "tomorrow"}, "The end has to come after the start."),
        ({"intro_en": "Share and earn points"}, "WeChat forbids"),
        ({"place": "place:nowhere"}, "Choose the place"),
        ({"place": "moon:nowhere"}, "Choose the place"),
        ({"pieces:SILK-9": "-1"}, "from 1 to 9,999"),
        ({"pieces:SILK-9": "1000000000"}, "from 1 to 9,999"),
        ({"pieces:SILK-9": ""}, "at least one product"),
        ({"posters": "duomo\nduomo"}, "different codes"),
    ):
        answer = desk.post("/desk/popups/new/", PLAN | changed)
        page = answer.content.decode()
        assert (answer.status_code, said in page, "Giardino segreto" in page) == (422, True, True), changed
    assert not Popup.objects.exists()


def test_of_two_browsers_that_change_one_plan_the_second_is_told_and_keeps_what_it_wrote(
    world: World,
) -> None:
    popup = planned(world)
    desk, at = world.sign_in("marketing"), f"/desk/popups/{popup.pk}/change/"
    found = re.search(r'name="seen" value="(\d+)"', desk.get(at).content.decode())
    assert found is not None
    first = desk.post(at, PLAN | {"title_en": "First garden", "seen": found[1]})

    second = desk.post(at, PLAN | {"title_en": "Second garden", "seen": found[1]})

    page = second.content.decode()
    assert (first.status_code, second.status_code) == (302, 422)
    assert "A colleague has changed this plan" in page and "Second garden" in page
    popup.refresh_from_db()
    assert popup.title_en == "First garden"


def test_who_does_not_run_pop_ups_stays_out_and_a_neighbours_is_unknown(world: World) -> None:
    popup = planned(world)

    assert world.sign_in("associate").get("/desk/popups/").status_code == 403
    assert world.sign_in("finance").post("/desk/popups/new/", PLAN).status_code == 403
    there = world.sign_in("marketing-lucente")
    for path in ("", "open/", "posters.pdf", "report.csv", "change/"):
        assert there.post(f"/desk/popups/{popup.pk}/{path}").status_code == 404, path


def test_loyalty_goes_live_by_two_and_a_bribe_never(world: World) -> None:
    marketing, supervisor = world.sign_in("marketing"), world.sign_in("supervisor")
    bribing = SAMPLE.replace("Thank you for coming often.", "Share and earn points")

    checked = marketing.post("/desk/loyalty/propose/", {"text": bribing, "check": "1"}).content.decode()
    assert "Nothing may be given or unlocked for sharing" in checked and not RuleSet.objects.exists()
    marketing.post("/desk/loyalty/propose/", {"text": bribing})
    bad = RuleSet.objects.get(house_id=world.ours.id)
    assert "may not go live" in supervisor.get(f"/desk/loyalty/rules/{bad.pk}/").content.decode()
    supervisor.post(f"/desk/loyalty/rules/{bad.pk}/live/")
    supervisor.post(f"/desk/loyalty/rules/{bad.pk}/withdraw/")
    marketing.post("/desk/loyalty/propose/", {"text": SAMPLE})
    good = RuleSet.objects.get(house_id=world.ours.id, number=2)
    own = marketing.post(f"/desk/loyalty/rules/{good.pk}/live/", follow=True).content.decode()
    assert "a colleague has to put them live" in own
    supervisor.post(f"/desk/loyalty/rules/{good.pk}/live/")

    states = dict(RuleSet.objects.filter(house_id=world.ours.id).values_list("number", "state"))
    assert states == {1: "withdrawn", 2: "live"}
    assert "The silk circle" in marketing.get("/desk/loyalty/").content.decode()
    assert marketing.post("/desk/loyalty/propose/", {"text": SAMPLE}).status_code == 422


def test_a_clients_ledger_shows_what_they_did_and_a_workshop_can_be_noted(world: World) -> None:
    marketing, supervisor = world.sign_in("marketing"), world.sign_in("supervisor")
    marketing.post("/desk/loyalty/propose/", {"text": SAMPLE})
    supervisor.post(f"/desk/loyalty/rules/{RuleSet.objects.get().pk}/live/")
    at = f"/desk/loyalty/people/{world.ours.client}/"

    assert "Nothing earned yet" in marketing.get(at).content.decode()
    said = marketing.post(at + "workshop/", {"workshop": "silk-2026"}, follow=True).content.decode()
    again = marketing.post(at + "workshop/", {"workshop": "silk-2026"}, follow=True).content.decode()
    wrong = marketing.post(at + "workshop/", {"workshop": "丝"}, follow=True).content.decode()

    assert "The workshop is noted." in said and "silk-2026" in said and SCRIPT not in said
    assert "It was noted before" in again and "Name the workshop" in wrong
    assert "80" in marketing.get("/desk/loyalty/").content.decode()
    assert world.sign_in("marketing-lucente").get(at).status_code == 404
    assert world.sign_in("finance").get(at).status_code == 403

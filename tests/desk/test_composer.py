"""The composer at the desk: judged while typing, held and decided, sent to many, and closed to the wrong people."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from seta.clienteling import queries
from seta.clienteling.models import Associate, ClientBookEntry, MessageDraft, Outreach
from seta.houses.operations import connect_account
from tests.desk.conftest import World, ready
from tests.sandbox_server import RunningSandbox

HELD = "我私下给您打五折，别告诉店里"
NEVER = "您直接微信转账到我私人账户就行"


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    out.seek(0)
    out.name = "look.png"
    return out


def test_words_are_marked_while_they_are_typed(world: World) -> None:
    page = world.sign_in("associate")
    answer = page.post("/desk/composer/judge/", {"text": f"好的 <b>{HELD}</b>"}).content.decode()
    assert "<mark>" in answer and "verdict hold" in answer and "<b>" not in answer
    fine = page.post("/desk/composer/judge/", {"text": "明天见"}).content.decode()
    assert "verdict allow" in fine and "<mark>" not in fine
    assert (
        "verdict" not in page.post("/desk/composer/judge/", {"text": "", "version": "99999"}).content.decode()
    )


def test_a_held_message_waits_and_its_refusal_is_told(world: World) -> None:
    ready(world)
    page, client = world.sign_in("associate"), world.ours.client
    held = page.post(f"/desk/composer/{client}/send/", {"text": HELD, "key": "a"}, follow=True)
    assert "Waits for a supervisor" in held.content.decode()
    draft = MessageDraft.objects.get()
    judge = world.sign_in("supervisor")
    assert "<mark>" in judge.get("/desk/composer/held/").content.decode()
    for reason in ("", "Use the house's prices"):
        judge.post(f"/desk/composer/drafts/{draft.pk}/decide/", {"release": "no", "reason": reason})
    assert MessageDraft.objects.get().state == "refused"
    assert "Use the house" in page.get(f"/desk/composer/{client}/").content.decode()
    assert page.post(f"/desk/composer/drafts/{draft.pk}/decide/", {"release": "yes"}).status_code == 403


def test_a_page_inside_wecom_gets_plain_answers(world: World) -> None:
    ready(world)
    page, client = world.sign_in("associate"), world.ours.client
    wants: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
    address = f"/desk/composer/{client}/send/"
    blocked = page.post(address, {"text": NEVER, "key": "b"}, **wants).json()
    assert blocked["state"] == "blocked" and blocked["words"]
    empty = page.post(address, {"text": " ", "key": "c"}, **wants).json()
    assert empty["state"] == "refused"
    strange = page.post(address, {"text": "x", "attach": "product:no", "key": "d"}, **wants).json()
    assert strange["state"] == "refused"
    cleared = page.post(address, {"text": "明天见", "attach": "card:home", "key": "e"}, **wants).json()
    assert cleared["state"] == "cleared"
    assert page.post(f"/desk/composer/drafts/{cleared['draft']}/sent/").json()["state"] == "sent"
    assert page.post("/desk/composer/drafts/9999/hand/").json()["state"] == "refused"
    unread = {"text": "", "key": "f", "picture": picture()}
    assert page.post(address, unread, **wants).json()["state"] == "held"
    no_picture = io.BytesIO(b"MZ")
    no_picture.name = "virus.png"
    assert page.post(address, {"key": "g", "picture": no_picture}, **wants).json()["state"] == "refused"


def test_another_s_client_and_another_house_are_closed(world: World) -> None:
    ready(world)
    page = world.sign_in("colleague")
    assert page.get(f"/desk/composer/{world.ours.client}/").status_code == 403
    assert page.get("/desk/composer/found/?external_userid=nobody", follow=True).status_code == 200
    own = world.sign_in("associate")
    assert own.get(f"/desk/composer/{world.theirs.client}/").status_code == 404
    assert page.get("/desk/composer/pictures/..%2F..%2Fetc/").status_code == 404
    assert page.get("/desk/outreach/999/").status_code == 404
    assert world.sign_in("finance").get("/desk/outreach/").status_code == 403


def test_a_group_send_is_planned_and_what_is_unapproved_is_held(world: World) -> None:
    ready(world)
    ClientBookEntry.objects.filter(person_id=world.ours.client).update(external_userid="wm1")
    page = world.sign_in("associate")
    answer = page.post(
        "/desk/outreach/plan/", {"kind": "group", "text": "本周末有下午茶，欢迎光临"}, follow=True
    )
    assert "Waits for a supervisor" in answer.content.decode()
    row = Outreach.objects.get()
    judge = world.sign_in("supervisor")
    judge.post(f"/desk/outreach/{row.pk}/decide/", {"release": "yes", "reason": "fine"})
    assert queries.outreaches(world.ours.id)[0].state == "scheduled"
    cancelled = page.post(f"/desk/outreach/{row.pk}/cancel/", follow=True)
    assert "Withdrawn" in cancelled.content.decode()
    for bad in (
        {"kind": "group", "text": "x", "due": "soon"},
        {"kind": "sms", "text": "x"},
        {"kind": "moments"},
    ):
        assert "notice bad" in page.post("/desk/outreach/plan/", bad, follow=True).content.decode()
    assert page.get("/desk/outreach/").status_code == 200


def test_a_scene_s_welcome_is_set_by_a_supervisor(world: World) -> None:
    page = world.sign_in("supervisor")
    form = {"text": "您好，我是{associate}", "tags": "SS27, 到店"}
    assert "Kept." in page.post("/desk/clients/codes/welcome/", form, follow=True).content.decode()
    assert queries.welcomes(world.ours.id)[0].tags == ("SS27", "到店")
    wrong = page.post("/desk/clients/codes/welcome/", {"campaign": "no-such"}, follow=True)
    assert "notice bad" in wrong.content.decode()
    assert world.sign_in("associate").post("/desk/clients/codes/welcome/", form).status_code == 403


def test_wecom_says_who_opened_the_sidebar(world: World, sandbox: RunningSandbox) -> None:
    config = sandbox.config["wecom"]
    connect_account(
        house_id=world.ours.id,
        family="wecom",
        app_id=config["corpid"],
        base_url=sandbox.base_url,
        secrets={key: str(value) for key, value in config.items() if key != "corpid"},
        now=datetime.now(UTC),
    )
    page = world.sign_in("associate")
    page.logout()
    door = f"/desk/composer/wecom/{world.ours.code}/"
    away = page.get(door)
    assert away.status_code == 302 and away["location"].startswith(
        f"{sandbox.base_url}/connect/oauth2/authorize"
    )
    back = sandbox.client.get(away["location"].split("#")[0], params=None).headers["location"]
    forged = page.get(f"{door}?code=x&state=y")
    assert forged.status_code == 302
    assert page.get("/desk/composer/").status_code == 302
    assert page.get(back).status_code == 302, "a state that was tried once is spent"
    again = sandbox.client.get(page.get(door)["location"].split("#")[0]).headers["location"]
    other = page.get(again, follow=True)
    assert other.redirect_chain[-1][0] == "/desk/sign-in/"
    Associate.objects.filter(house_id=world.ours.id, user_id=world.user_id("associate")).update(
        userid="linyue"
    )
    again = sandbox.client.get(page.get(door)["location"].split("#")[0]).headers["location"]
    inside = page.get(again, follow=True)
    assert inside.redirect_chain[-1][0] == "/desk/composer/"
    assert (
        sandbox.base_url in inside["Content-Security-Policy"]
        and "_wecom/jweixin.js" in inside.content.decode()
    )
    assert page.get(again).status_code == 302
    assert page.get("/desk/composer/wecom/no-such-house/").status_code == 404

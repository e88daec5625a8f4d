"""The mini program's door: a login code becomes a session, once, for the right house only."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from seta.houses.operations import connect_account, found_house
from seta.people import queries
from tests.sandbox_server import RunningSandbox

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/mp/v1/session"


@pytest.fixture
def appid(sandbox: RunningSandbox) -> str:
    house_id = found_house(code="serica", name="Serica", kind="maison")
    config = sandbox.config["mini_program"]
    connect_account(
        house_id=house_id,
        family="mini_program",
        app_id=config["appid"],
        base_url=sandbox.base_url,
        secrets={"secret": config["secret"], "sub_template_id": config["sub_template_id"]},
        now=datetime.now(UTC),
    )
    found: str = config["appid"]
    return found


def post(body: dict[str, str]) -> tuple[int, dict[str, object]]:
    answer = Client().post(URL, body, content_type="application/json", headers={"accept-language": "zh-CN"})
    return answer.status_code, answer.json()


def test_a_login_code_becomes_a_session_that_names_its_person(sandbox: RunningSandbox, appid: str) -> None:
    code = sandbox.control("js_code", openid=sandbox.config["mini_program"]["openids"][0])["code"]

    status, session = post({"js_code": code, "appid": appid, "click_id": "k1", "scene": "c=ss27"})

    assert status == 200
    assert session["openid"] == queries.openid(int(str(session["person_id"])), appid)
    mine = Client().get("/api/mp/v1/people/consents", headers={"authorization": f"Bearer {session['token']}"})
    assert mine.json() == {"consents": []}


def test_a_used_code_is_refused(sandbox: RunningSandbox, appid: str) -> None:
    code = sandbox.control("js_code")["code"]
    post({"js_code": code, "appid": appid})

    status, told = post({"js_code": code, "appid": appid})

    assert status == 401
    assert "error" in told


def test_a_mini_program_of_no_house_here_is_refused(sandbox: RunningSandbox, appid: str) -> None:
    assert post({"js_code": "x", "appid": "wx-unknown"})[0] == 404


def test_a_stranger_is_told_to_open_the_mini_program_again_in_their_language(appid: str) -> None:
    answer = Client().get("/api/mp/v1/people/consents", headers={"accept-language": "zh-CN"})

    assert answer.status_code == 401
    assert "重新打开小程序" in answer.json()["error"]["message"]


def test_consent_is_kept_and_an_unknown_purpose_refused(sandbox: RunningSandbox, appid: str) -> None:
    session = post({"js_code": sandbox.control("js_code")["code"], "appid": appid})[1]
    headers = {"authorization": f"Bearer {session['token']}"}
    door = "/api/mp/v1/people/consents"

    yes = Client().post(
        door, {"purpose": "messages", "granted": True}, content_type="application/json", headers=headers
    )
    no = Client().post(
        door, {"purpose": "everything", "granted": True}, content_type="application/json", headers=headers
    )

    assert (yes.status_code, no.status_code) == (204, 422)
    assert queries.has_agreed(int(str(session["person_id"])), "messages")

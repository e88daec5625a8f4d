"""The control API's own doors: faults of requests, the journal, reset and clear refusals."""

import httpx
import pytest

from tests.sandbox.calls import get, token
from tests.sandbox_server import RunningSandbox


def refused(sandbox: RunningSandbox, action: str, content: bytes = b"{}") -> httpx.Response:
    return sandbox.client.post(f"{sandbox.base_url}/_control/{action}", content=content)


def test_an_unknown_action_says_which_there_are(sandbox: RunningSandbox) -> None:
    response = refused(sandbox, "fly")

    assert response.status_code == 404
    assert "advance" in response.json()["error"]


@pytest.mark.parametrize(
    ("action", "content"),
    [
        ("advance", b"{"),
        ("advance", b"[]"),
        ("advance", b'{"seconds": -1}'),
        ("fault", b'{"kind": "flood"}'),
        ("follow", b'{"openid": "nobody"}'),
        ("scan", b"{}"),
        ("message", b'{"content": ""}'),
        ("callback", b'{"mode": "morse"}'),
        ("reset", b'{"seed": "x"}'),
        ("advance", b'{"seconds": null}'),
        ("poster", b'{"title": "x"}'),
    ],
)
def test_a_wrong_body_is_refused_with_a_reason(sandbox: RunningSandbox, action: str, content: bytes) -> None:
    response = refused(sandbox, action, content)

    assert response.status_code == 400
    assert response.json()["error"]


def test_planned_faults_hit_the_next_matching_calls_only(sandbox: RunningSandbox) -> None:
    access_token, path = token(sandbox), "/cgi-bin/user/get"
    sandbox.control("fault", match=path, times=2, kind="errcode", value=45009)
    sandbox.control("fault", match=path, kind="500")

    codes = [get(sandbox, path, access_token=access_token)["errcode"] for _ in range(2)]
    down = sandbox.client.get(sandbox.base_url + path, params={"access_token": access_token})
    well = get(sandbox, path, access_token=access_token)

    assert codes == [45009, 45009]
    assert down.status_code == 500
    assert well["total"] == 0


def test_a_timeout_does_the_work_but_answers_too_late(sandbox: RunningSandbox) -> None:
    access_token = token(sandbox)
    sandbox.control("fault", match="/cgi-bin/tags/create", kind="timeout", value=0.05)

    late = sandbox.client.post(
        f"{sandbox.base_url}/cgi-bin/tags/create",
        params={"access_token": access_token},
        json={"tag": {"name": "丝绸"}},
    )

    assert late.status_code == 504
    tags = get(sandbox, "/cgi-bin/tags/get", access_token=access_token)["tags"]
    assert [tag["name"] for tag in tags] == ["丝绸"]


def test_the_journal_tells_requests_pushes_and_acts_in_order(sandbox: RunningSandbox) -> None:
    sandbox.control("callback", app="official_account", url="http://127.0.0.1:1/closed")
    token(sandbox)
    sandbox.control("follow")

    entries = sandbox.journal()

    assert [entry["direction"] for entry in entries] == ["in", "out", "act"]
    assert entries[0]["path"].startswith("/cgi-bin/token?")
    assert "ConnectError" in entries[1]["note"]
    assert sandbox.journal(direction="out", since=2) == []


def test_a_reset_gives_a_fresh_world_with_the_same_keys(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["official_account"]["openids"][0]
    old = token(sandbox)
    sandbox.control("follow", openid=openid)
    sandbox.control("advance", seconds=1000)

    sandbox.control("reset", seed=7)

    assert get(sandbox, "/cgi-bin/user/get", access_token=old)["errcode"] == 40001
    assert get(sandbox, "/cgi-bin/user/get", access_token=token(sandbox))["total"] == 0
    assert sandbox.control("inbox", openid=openid)["items"] == []


def test_two_worlds_of_one_seed_behave_alike(sandbox: RunningSandbox) -> None:
    sandbox.control("reset", seed=3)
    first = token(sandbox)

    sandbox.control("reset", seed=3)

    assert token(sandbox) == first


def test_posters_of_every_kind_hang_for_the_phone(sandbox: RunningSandbox) -> None:
    made = sandbox.control("poster", title="门店", page="pages/store/index", scene="b=brera")

    posters = sandbox.control("posters")["posters"]

    assert [poster["title"] for poster in posters] == ["门店"]
    assert sandbox.client.get(made["image_url"]).content.startswith(b"\x89PNG")

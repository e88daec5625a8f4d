"""Access tokens, old and stable, under the virtual clock."""

from typing import Any

from tests.sandbox.calls import get, post, token, wecom_token
from tests.sandbox_server import RunningSandbox


def stable(sandbox: RunningSandbox, **extra: Any) -> dict[str, Any]:
    app = sandbox.config["official_account"]
    body = {"grant_type": "client_credential", "appid": app["appid"], "secret": app["secret"], **extra}
    return post(sandbox, "/cgi-bin/stable_token", body)


def works(sandbox: RunningSandbox, access_token: str) -> int:
    return int(get(sandbox, "/cgi-bin/user/get", access_token=access_token).get("errcode", 0))


def test_a_new_token_supersedes_the_old_one_after_five_minutes(sandbox: RunningSandbox) -> None:
    old, new = token(sandbox), token(sandbox)

    assert (works(sandbox, old), works(sandbox, new)) == (0, 0)
    sandbox.control("advance", seconds=301)
    assert (works(sandbox, old), works(sandbox, new)) == (40001, 0)


def test_a_token_expires_after_two_hours(sandbox: RunningSandbox) -> None:
    kept = token(sandbox)

    sandbox.control("advance", seconds=7201)

    assert works(sandbox, kept) == 42001


def test_the_stable_token_stays_the_same_until_its_last_five_minutes(sandbox: RunningSandbox) -> None:
    first = stable(sandbox)["access_token"]
    token(sandbox)

    assert stable(sandbox)["access_token"] == first
    sandbox.control("advance", seconds=6901)
    second = stable(sandbox)
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    assert works(sandbox, first) == 0


def test_a_forced_refresh_kills_the_stable_token_and_is_not_repeated_within_30_s(
    sandbox: RunningSandbox,
) -> None:
    first = stable(sandbox)["access_token"]

    second = stable(sandbox, force_refresh=True)["access_token"]

    assert works(sandbox, first) == 40001
    assert stable(sandbox, force_refresh=True)["access_token"] == second
    sandbox.control("advance", seconds=31)
    assert stable(sandbox, force_refresh=True)["access_token"] != second


def test_wrong_credentials_get_their_codes(sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]
    good = {"grant_type": "client_credential", "appid": app["appid"], "secret": app["secret"]}

    codes = [
        get(sandbox, "/cgi-bin/token", **{**good, **change})["errcode"]
        for change in ({"grant_type": "x"}, {"appid": ""}, {"secret": ""}, {"appid": "wx0"}, {"secret": "0"})
    ]

    assert codes == [40002, 41002, 41004, 40013, 40125]


def test_calls_without_or_with_an_invented_token_are_refused(sandbox: RunningSandbox) -> None:
    assert get(sandbox, "/cgi-bin/user/get")["errcode"] == 41001
    refused = get(sandbox, "/cgi-bin/user/get", access_token="invented")

    assert refused["errcode"] == 40001
    assert " rid: " in refused["errmsg"]


def test_wecom_returns_the_same_token_for_each_application_and_answers_40014(sandbox: RunningSandbox) -> None:
    assert wecom_token(sandbox) == wecom_token(sandbox)
    assert wecom_token(sandbox, "agent") != wecom_token(sandbox, "contact")

    refused = get(sandbox, "/cgi-bin/externalcontact/get_follow_user_list", access_token="invented")
    archive = wecom_token(sandbox, "archive")
    forbidden = get(sandbox, "/cgi-bin/externalcontact/get_follow_user_list", access_token=archive)

    assert refused["errcode"] == 40014
    assert "more info at" in refused["errmsg"]
    assert forbidden["errcode"] == 48002


def test_a_wrong_method_and_an_unknown_path_have_codes(sandbox: RunningSandbox) -> None:
    assert get(sandbox, "/cgi-bin/menu/create")["errcode"] == 43002
    assert post(sandbox, "/cgi-bin/user/get", {})["errcode"] == 43001
    assert get(sandbox, "/cgi-bin/nothing")["errcode"] == 40066
    access_token = token(sandbox)
    raw = sandbox.client.post(
        f"{sandbox.base_url}/cgi-bin/menu/create?access_token={access_token}", content=b"{"
    )
    assert raw.json()["errcode"] == 47001

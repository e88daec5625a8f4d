"""An Official Account's doors: followers, menu, codes, media and the reply windows."""

import pytest

from tests.sandbox.calls import get, post, say, token
from tests.sandbox_server import RunningSandbox


def make_ticket(sandbox: RunningSandbox, scene: str, access_token: str, **extra: int) -> str:
    body = {
        "action_name": "QR_STR_SCENE" if extra else "QR_LIMIT_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene}},
        **extra,
    }
    return str(post(sandbox, "/cgi-bin/qrcode/create", body, access_token=access_token)["ticket"])


def test_a_stranger_who_scans_a_code_becomes_a_follower_with_its_scene(sandbox: RunningSandbox) -> None:
    access_token, openid = token(sandbox), sandbox.config["official_account"]["openids"][0]
    ticket = make_ticket(sandbox, "c=ss27;p=duomo", access_token)

    before = get(sandbox, "/cgi-bin/user/info", access_token=access_token, openid=openid)
    first = sandbox.control("scan", openid=openid, ticket=ticket)
    second = sandbox.control("scan", openid=openid, ticket=ticket)
    after = get(sandbox, "/cgi-bin/user/info", access_token=access_token, openid=openid)

    assert (before["subscribe"], after["subscribe"]) == (0, 1)
    assert (first["event"], second["event"]) == ("subscribe", "SCAN")
    assert (after["qr_scene_str"], after["subscribe_scene"]) == ("c=ss27;p=duomo", "ADD_SCENE_QR_CODE")


def test_an_expired_code_cannot_be_scanned(sandbox: RunningSandbox) -> None:
    ticket = make_ticket(sandbox, "s", token(sandbox), expire_seconds=60)

    sandbox.control("advance", seconds=61)
    refused = sandbox.client.post(f"{sandbox.base_url}/_control/scan", json={"ticket": ticket})

    assert refused.status_code == 400
    assert "expired" in refused.json()["error"]


def test_the_code_is_a_real_image_and_a_bad_ticket_is_404(sandbox: RunningSandbox) -> None:
    ticket = make_ticket(sandbox, "s", token(sandbox))

    image = sandbox.client.get(f"{sandbox.base_url}/cgi-bin/showqrcode", params={"ticket": ticket})
    missing = sandbox.client.get(f"{sandbox.base_url}/cgi-bin/showqrcode", params={"ticket": "x"})

    assert image.headers["content-type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    assert missing.status_code == 404


def test_followers_are_listed_and_described_in_batches(sandbox: RunningSandbox) -> None:
    access_token, openids = token(sandbox), sandbox.config["official_account"]["openids"][:3]
    empty = get(sandbox, "/cgi-bin/user/get", access_token=access_token)
    for openid in openids:
        sandbox.control("follow", openid=openid)

    page = get(sandbox, "/cgi-bin/user/get", access_token=access_token)
    end = get(sandbox, "/cgi-bin/user/get", access_token=access_token, next_openid=openids[-1])
    users = {"user_list": [{"openid": openid} for openid in openids]}
    batch = post(sandbox, "/cgi-bin/user/info/batchget", users, access_token=access_token)

    assert empty == {"total": 0, "count": 0, "next_openid": ""}
    assert (page["total"], page["data"]["openid"]) == (3, openids)
    assert (end["count"], "data" in end) == (0, False)
    assert [row["subscribe"] for row in batch["user_info_list"]] == [1, 1, 1]
    assert get(sandbox, "/cgi-bin/user/info", access_token=access_token, openid="o")["errcode"] == 40003


def test_a_menu_is_kept_returned_and_deleted(sandbox: RunningSandbox) -> None:
    access_token = token(sandbox)
    menu = {
        "button": [
            {"type": "click", "name": "今日推荐", "key": "today"},
            {"name": "米兰", "sub_button": [{"type": "view", "name": "官网", "url": "http://x.it/"}]},
        ]
    }

    assert get(sandbox, "/cgi-bin/menu/get", access_token=access_token)["errcode"] == 46003
    assert post(sandbox, "/cgi-bin/menu/create", menu, access_token=access_token)["errcode"] == 0
    kept = get(sandbox, "/cgi-bin/menu/get", access_token=access_token)["menu"]["button"]
    assert [button["name"] for button in kept] == ["今日推荐", "米兰"]
    assert kept[0]["sub_button"] == []
    get(sandbox, "/cgi-bin/menu/delete", access_token=access_token)
    assert get(sandbox, "/cgi-bin/menu/get", access_token=access_token)["errcode"] == 46003


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([{"type": "click", "name": "n", "key": "k"}] * 4, 40016),
        ([{"type": "click", "name": "名" * 6, "key": "k"}], 40018),
        ([{"type": "click", "name": "n", "key": ""}], 40019),
        ([{"type": "view", "name": "n", "url": ""}], 40020),
        ([{"type": "fly", "name": "n"}], 40015),
        ([{"name": "n", "sub_button": [{"type": "click", "name": "s", "key": "k"}] * 6}], 40023),
    ],
)
def test_menus_beyond_the_limits_are_refused(sandbox: RunningSandbox, buttons: object, errcode: int) -> None:
    refused = post(sandbox, "/cgi-bin/menu/create", {"button": buttons}, access_token=token(sandbox))

    assert refused["errcode"] == errcode


def test_a_follow_allows_three_messages_within_a_minute(sandbox: RunningSandbox) -> None:
    access_token, openid = token(sandbox), sandbox.config["official_account"]["openids"][0]
    assert say(sandbox, openid, "您好", access_token) == 43004
    sandbox.control("follow", openid=openid)

    assert [say(sandbox, openid, "您好", access_token) for _ in range(4)] == [0, 0, 0, 45047]
    sandbox.control("advance", seconds=61)
    assert say(sandbox, openid, "您好", access_token) == 45015


def test_a_message_allows_five_within_48_hours_and_a_new_one_five_more(sandbox: RunningSandbox) -> None:
    access_token, openid = token(sandbox), sandbox.config["official_account"]["openids"][0]
    sandbox.control("message", openid=openid, content="duomo")

    assert [say(sandbox, openid, "您好", access_token) for _ in range(6)] == [0] * 5 + [45047]
    sandbox.control("message", openid=openid, content="大教堂")
    assert say(sandbox, openid, "您好", access_token) == 0
    sandbox.control("advance", seconds=48 * 3600 + 1)
    assert say(sandbox, openid, "您好", token(sandbox)) == 45015


def test_a_card_needs_an_uploaded_cover_and_a_linked_mini_program(sandbox: RunningSandbox) -> None:
    access_token, openid = token(sandbox), sandbox.config["official_account"]["openids"][0]
    sandbox.control("message", openid=openid, content="duomo")
    files = {"media": ("cover.png", b"\x89PNG....", "image/png")}
    query = {"access_token": access_token, "type": "image"}
    media = sandbox.client.post(f"{sandbox.base_url}/cgi-bin/media/upload", params=query, files=files).json()
    fetched = sandbox.client.get(
        f"{sandbox.base_url}/cgi-bin/media/get", params={**query, "media_id": media["media_id"]}
    )

    def card(appid: str, media_id: str) -> int:
        content = {"title": "大教堂", "appid": appid, "pagepath": "pages/place", "thumb_media_id": media_id}
        body = {"touser": openid, "msgtype": "miniprogrampage", "miniprogrampage": content}
        return int(post(sandbox, "/cgi-bin/message/custom/send", body, access_token=access_token)["errcode"])

    appid = sandbox.config["mini_program"]["appid"]
    assert fetched.content == b"\x89PNG...."
    assert card(appid, media["media_id"]) == 0
    assert card(appid, "invented") == 40007
    assert card(sandbox.config["destination"]["mini_program"]["appid"], media["media_id"]) == 40013
    shown = sandbox.control("inbox", openid=openid)["items"][-1]
    assert (shown["kind"], shown["sender"], shown["content"]["title"]) == (
        "miniprogrampage",
        "account",
        "大教堂",
    )


def test_uploads_without_a_file_or_of_a_wrong_type_are_refused(sandbox: RunningSandbox) -> None:
    url, access_token = f"{sandbox.base_url}/cgi-bin/media/upload", token(sandbox)

    nothing = sandbox.client.post(
        url, params={"access_token": access_token, "type": "image"}, content=b"x"
    ).json()
    empty = sandbox.client.post(
        url, params={"access_token": access_token, "type": "image"}, files={"media": ("a", b"")}
    ).json()
    wrong = sandbox.client.post(
        url, params={"access_token": access_token, "type": "book"}, files={"media": ("a", b"x")}
    ).json()

    assert [nothing["errcode"], empty["errcode"], wrong["errcode"]] == [41005, 44001, 40004]


@pytest.mark.parametrize("body", [{"user_list": ["x"]}, {"user_list": {}}, {"user_list": [None]}])
def test_arguments_of_unexpected_types_get_a_code_and_no_crash(sandbox: RunningSandbox, body: object) -> None:
    answer = post(sandbox, "/cgi-bin/user/info/batchget", body, access_token=token(sandbox))

    assert answer["errcode"] in (40032, 40097)

"""What phones do with each other and where they stand: cards to friends, posts to Moments, permissions, spots."""

from typing import Any

from tests.sandbox.calls import get
from tests.sandbox_server import RunningSandbox

SENDER, RECEIVER = "chenxiao", "lihaoran"


def door(sandbox: RunningSandbox, name: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """A POST to the phone's own door: the status and the answer."""
    answer = sandbox.client.post(f"{sandbox.base_url}/_phone/{name}", json=body)
    return answer.status_code, answer.json()


def appid_of(sandbox: RunningSandbox) -> str:
    """The primary mini program."""
    return str(sandbox.config["mini_program"]["appid"])


def items(sandbox: RunningSandbox, who: str, chat: str) -> list[dict[str, Any]]:
    """What a phone shows in one chat."""
    state = get(sandbox, "/_phone/state", openid=who)
    return [one for one in state["items"] if one["chat"] == chat]


def test_a_card_stands_in_both_chats_and_only_there(sandbox: RunningSandbox) -> None:
    card = {"appid": appid_of(sandbox), "title": "米兰大教堂", "path": "pages/place/place?code=duomo"}
    status, _ = door(sandbox, "forward", consumer=SENDER, to=RECEIVER, **card)

    assert status == 200
    (sent,), (received,) = (
        items(sandbox, SENDER, f"friend:{RECEIVER}"),
        items(sandbox, RECEIVER, f"friend:{SENDER}"),
    )
    assert (sent["sender"], received["sender"]) == ("consumer", "account")
    assert received["content"]["pagepath"] == card["path"]
    assert items(sandbox, "emilytan", f"friend:{SENDER}") == []


def test_a_card_without_a_title_has_the_mini_programs_name(sandbox: RunningSandbox) -> None:
    card = {"appid": appid_of(sandbox), "title": "", "path": "pages/home/home"}
    _, answer = door(sandbox, "forward", consumer=SENDER, to=RECEIVER, **card)
    assert answer["title"] == "Serica Milano"


def test_what_cannot_be_sent_changes_nothing(sandbox: RunningSandbox) -> None:
    card = {"appid": appid_of(sandbox), "title": "T", "path": "pages/home/home"}
    for change in (
        {"to": SENDER},
        {"to": "nobody"},
        {"path": ""},
        {"path": "p" * 2000},
        {"appid": "wx0"},
        {"image": "x" * 500_000},
    ):
        status, answer = door(sandbox, "forward", **{"consumer": SENDER, "to": RECEIVER, **card, **change})
        assert (status, answer["errMsg"].startswith("forward:fail")) == (400, True), change
    assert door(sandbox, "tell", consumer=SENDER, to=RECEIVER, content="  ")[0] == 400
    assert items(sandbox, RECEIVER, f"friend:{SENDER}") == []


def test_words_and_posts_reach_their_readers(sandbox: RunningSandbox) -> None:
    door(sandbox, "tell", consumer=SENDER, to=RECEIVER, content=" 一起去 ")
    door(
        sandbox, "post", consumer=SENDER, appid=appid_of(sandbox), title="T", path="pages/place/place?code=a"
    )

    assert [one["content"]["content"] for one in items(sandbox, RECEIVER, f"friend:{SENDER}")] == ["一起去"]
    shared = [one for one in items(sandbox, RECEIVER, "moments") if one["kind"] == "shared"]
    assert [one["content"]["author"] for one in shared] == [SENDER]


def test_a_place_is_told_only_where_the_person_allowed_it(sandbox: RunningSandbox) -> None:
    who = {"consumer": SENDER, "appid": appid_of(sandbox)}
    assert door(sandbox, "scopes", **who) == (200, {"authSetting": {}})
    status, answer = door(sandbox, "where", **who)
    assert (status, answer["errMsg"]) == (400, "where:fail auth deny")

    door(sandbox, "decide", **who, allow=True)
    assert door(sandbox, "where", **who)[1]["latitude"] == 45.4642
    assert door(sandbox, "where", **{**who, "consumer": RECEIVER})[0] == 400
    door(sandbox, "decide", **who, allow=False)
    assert door(sandbox, "where", **who)[0] == 400
    assert door(sandbox, "decide", **who, allow="yes")[0] == 400


def test_a_phone_walks_to_a_spot_that_there_is(sandbox: RunningSandbox) -> None:
    who = {"consumer": SENDER, "appid": appid_of(sandbox)}
    door(sandbox, "decide", **who, allow=True)
    assert door(sandbox, "stand", consumer=SENDER, code="navigli")[0] == 200
    assert get(sandbox, "/_phone/state", openid=SENDER)["spot"] == "navigli"
    assert door(sandbox, "where", **who)[1]["latitude"] == 45.4508
    assert door(sandbox, "stand", consumer=SENDER, code="shanghai")[0] == 400
    assert get(sandbox, "/_phone/state", openid=SENDER)["spot"] == "navigli"

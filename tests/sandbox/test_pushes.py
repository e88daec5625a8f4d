"""Pushes: signed, encrypted, retried under the virtual clock, answered, and spoilt by the fault plan."""

from tests.sandbox.receiver import Answer, Received, opened, receiver, sealed, signature
from tests.sandbox_server import RunningSandbox

CHAT_NOTICE = "该公众号提供的服务出现故障，请稍后再试"


def reply_to(app: dict[str, str], seen: Received, text: str, *, token: str = "") -> bytes:
    """An encrypted passive text reply to an encrypted push."""
    inner, _ = opened(app["aes_key"], seen.fields()["Encrypt"])
    fields = Received("", "", {}, inner.encode()).fields()
    plain = (
        f"<xml><ToUserName>{fields['FromUserName']}</ToUserName><FromUserName>{fields['ToUserName']}</FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>{text}</Content></xml>"
    )
    encrypted = sealed(app["aes_key"], plain, app["appid"])
    mark = signature(token or app["token"], "1700000000", "42", encrypted)
    return (
        f"<xml><Encrypt>{encrypted}</Encrypt><MsgSignature>{mark}</MsgSignature>"
        f"<TimeStamp>1700000000</TimeStamp><Nonce>42</Nonce></xml>"
    ).encode()


def test_an_encrypted_message_is_signed_sealed_and_its_reply_reaches_the_chat(
    sandbox: RunningSandbox,
) -> None:
    app = sandbox.config["official_account"]
    with receiver() as seta:
        seta.answer = lambda seen: (200, reply_to(app, seen, "您好"))
        sandbox.control("callback", app="official_account", url=seta.url, mode="aes")

        answer = sandbox.control("message", openid=app["openids"][0], content="duomo")

    query, fields = seta.received[0].query, seta.received[0].fields()
    inner, receive_id = opened(app["aes_key"], fields["Encrypt"])
    assert set(fields) == {"ToUserName", "Encrypt"}
    assert (query["openid"], query["encrypt_type"]) == (app["openids"][0], "aes")
    assert query["signature"] == signature(app["token"], query["timestamp"], query["nonce"])
    assert query["msg_signature"] == signature(
        app["token"], query["timestamp"], query["nonce"], fields["Encrypt"]
    )
    assert receive_id == app["appid"]
    assert "<![CDATA[duomo]]>" in inner
    assert [reply["content"] for reply in answer["replies"]] == [{"content": "您好"}]


def test_a_reply_with_a_wrong_signature_shows_the_follower_a_broken_service(sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]
    with receiver() as seta:
        seta.answer = lambda seen: (200, reply_to(app, seen, "您好", token="other"))
        sandbox.control("callback", app="official_account", url=seta.url, mode="aes")

        answer = sandbox.control("message", openid=app["openids"][0], content="duomo")

    assert [reply["content"]["content"] for reply in answer["replies"]] == [CHAT_NOTICE]


def test_a_failing_receiver_gets_three_attempts_with_one_msg_id(sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]
    with receiver() as seta:
        seta.answer = lambda seen: (500, b"")
        sandbox.control("callback", app="official_account", url=seta.url, mode="plain")

        sandbox.control("message", openid=app["openids"][0], content="duomo")
        for _ in range(3):
            sandbox.control("advance", seconds=5)

    assert len(seta.received) == 3
    assert len({seen.fields()["MsgId"] for seen in seta.received}) == 1
    assert len({seen.query["nonce"] for seen in seta.received}) == 3
    notices = [item for item in sandbox.control("inbox")["items"] if item["kind"] == "notice"]
    assert len(notices) == 1


def test_a_receiver_that_recovers_is_not_asked_a_third_time(sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]

    def second_time(seen: Received) -> Answer:
        return (200, b"") if len(seta.received) == 2 else (502, b"")

    with receiver() as seta:
        seta.answer = second_time
        sandbox.control("callback", app="official_account", url=seta.url, mode="plain")
        sandbox.control("follow", openid=app["openids"][0])
        for _ in range(3):
            sandbox.control("advance", seconds=5)

    assert [seen.fields()["Event"] for seen in seta.received] == ["subscribe", "subscribe"]


def test_the_fault_plan_duplicates_drops_and_spoils_pushes(sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]
    openid = app["openids"][0]
    with receiver() as seta:
        sandbox.control("callback", app="official_account", url=seta.url, mode="plain")
        sandbox.control("fault", match="push text", kind="duplicate")
        sandbox.control("message", openid=openid, content="one")
        sandbox.control("fault", match="push text", kind="bad_signature")
        sandbox.control("message", openid=openid, content="two")
        sandbox.control("fault", match="push text", kind="drop")
        lost = sandbox.control("message", openid=openid, content="three")
        sandbox.control("advance", seconds=5)

    contents = [seen.fields()["Content"] for seen in seta.received]
    spoilt = seta.received[2].query
    assert contents == ["one", "one", "two", "three"]
    assert lost["push"]["statuses"] == [0]
    assert spoilt["signature"] != signature(app["token"], spoilt["timestamp"], spoilt["nonce"])


def test_a_reordered_push_arrives_after_the_next(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["official_account"]["openids"][0]
    with receiver() as seta:
        sandbox.control("callback", app="official_account", url=seta.url, mode="plain")
        sandbox.control("fault", match="push text", kind="reorder")
        sandbox.control("message", openid=openid, content="first", wait=False)
        sandbox.control("message", openid=openid, content="second")
        sandbox.control("settle")

    assert [seen.fields()["Content"] for seen in seta.received] == ["second", "first"]


def test_a_wecom_event_is_encrypted_for_the_corporation(sandbox: RunningSandbox) -> None:
    corp = sandbox.config["wecom"]
    with receiver() as seta:
        sandbox.control("callback", app="wecom", url=seta.url)
        added = sandbox.control("add_contact", userid="linyue", state="g=linyue")

    query, outer = seta.received[0].query, seta.received[0].fields()
    inner, receive_id = opened(corp["aes_key"], outer["Encrypt"])
    fields = Received("", "", {}, inner.encode()).fields()
    assert set(query) == {"msg_signature", "timestamp", "nonce"}
    assert query["msg_signature"] == signature(
        corp["token"], query["timestamp"], query["nonce"], outer["Encrypt"]
    )
    assert receive_id == corp["corpid"]
    assert (fields["ChangeType"], fields["State"]) == ("add_external_contact", "g=linyue")
    assert fields["WelcomeCode"] == added["welcome_code"]


def test_a_callback_url_is_verified_by_echostr_when_asked(sandbox: RunningSandbox) -> None:
    corp = sandbox.config["wecom"]
    with receiver() as seta:
        seta.answer = lambda seen: (200, opened(corp["aes_key"], seen.query["echostr"])[0].encode())
        sandbox.control("callback", app="wecom", url=seta.url, verify=True)
        seta.answer = lambda seen: (200, b"no")
        refused = sandbox.client.post(
            f"{sandbox.base_url}/_control/callback",
            json={"app": "official_account", "url": seta.url, "verify": True},
        )

    assert refused.status_code == 400


def test_an_ad_reports_its_impression_once_and_each_click_with_an_id(sandbox: RunningSandbox) -> None:
    with receiver() as seta:
        ad = sandbox.control(
            "ad",
            campaign="ss27",
            title="春夏",
            impression_url=seta.url + "/seen?c=ss27",
            click_url=seta.url + "/click?id=__CLICK_ID__",
            path="pages/home/index",
        )["ad"]
        first = sandbox.control("ad_view", ad=ad)
        again = sandbox.control("ad_view", ad=ad)
        click = sandbox.control("ad_click", ad=ad)

    seen, clicked = seta.received
    assert first["impression_id"] == again["impression_id"] == seen.query["impression_id"]
    assert clicked.query["id"] == click["click_id"]
    assert click["path"] == f"pages/home/index?gdt_vid={click['click_id']}"
    assert len([item for item in sandbox.control("inbox")["items"] if item["kind"] == "ad"]) == 1


def test_the_next_attempt_starts_five_seconds_after_the_one_before(sandbox: RunningSandbox) -> None:
    openid = sandbox.config["official_account"]["openids"][0]
    with receiver() as seta:
        seta.answer = lambda seen: (500, b"")
        sandbox.control("callback", app="official_account", url=seta.url, mode="plain")
        sandbox.control("message", openid=openid, content="duomo")
        sandbox.control("advance", seconds=4)
        early = len(seta.received)
        sandbox.control("advance", seconds=1)

    assert (early, len(seta.received)) == (1, 2)

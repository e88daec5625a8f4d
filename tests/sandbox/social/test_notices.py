"""Template messages, subscription notices of Official Accounts and one-off subscriptions."""

from tests.sandbox.social.caller import Account, Server, query_of

SEND = "/cgi-bin/message/template/send"
BIZ = "/cgi-bin/message/subscribe/bizsend"
ONCE = "/cgi-bin/message/template/subscribe"
LIBRARY = "/wxaapi/newtmpl"


def add_notice(app: Account, tid: int = 1001, kids: tuple[int, ...] = (1, 2)) -> str:
    body = {"tid": str(tid), "kidList": list(kids), "sceneDesc": "预约"}
    return str(app.post(f"{LIBRARY}/addtemplate", body)["priTmplId"])


def test_a_template_is_added_listed_sent_and_deleted(oa: Account, server: Server) -> None:
    openid = oa.follows()
    assert oa.code("/cgi-bin/template/api_set_industry", {"industry_id1": "1", "industry_id2": "39"}) == 0
    made = oa.post("/cgi-bin/template/api_add_template", {"template_id_short": "OPENTM207574677"})[
        "template_id"
    ]

    sent = oa.post(SEND, {"touser": openid, "template_id": made, "data": {"keyword1": {"value": "蒙店"}}})
    oa.act("settle")

    listed = oa.get("/cgi-bin/template/get_all_private_template")["template_list"]
    industry = oa.get("/cgi-bin/template/get_industry")["secondary_industry"]
    assert [row["template_id"] for row in listed] == [oa.template_id, made]
    assert "{{keyword1.DATA}}" in listed[1]["content"]
    assert industry == {"first_class": "消费品", "second_class": "消费品"}
    finished = server.events("TEMPLATESENDJOBFINISH")[0]
    assert (finished["MsgID"], finished["Status"]) == (str(sent["msgid"]), "success")
    assert oa.code("/cgi-bin/template/del_private_template", {"template_id": made}) == 0
    assert oa.code(SEND, {"touser": openid, "template_id": made}) == 40037


def test_a_follower_who_switched_messages_off_gets_none(oa: Account, server: Server) -> None:
    openid = oa.follows()
    oa.act("refuse_templates", openid=openid)

    assert oa.code(SEND, {"touser": openid, "template_id": oa.template_id, "data": {}}) == 0
    oa.act("settle")

    assert server.events("TEMPLATESENDJOBFINISH")[0]["Status"] == "failed:user block"
    assert oa.sees(openid, "template") == []


def test_the_same_client_msg_id_sends_once_in_ten_minutes(oa: Account) -> None:
    openid = oa.follows()
    body = {"touser": openid, "template_id": oa.template_id, "data": {}, "client_msg_id": "order-1"}

    first, second = oa.post(SEND, body)["msgid"], oa.post(SEND, body)["msgid"]
    oa.act("advance", seconds=601)
    third = oa.post(SEND, body)["msgid"]

    assert first == second != third
    assert len(oa.sees(openid, "template")) == 2


def test_template_messages_are_refused_with_their_codes(oa: Account, mp: Account) -> None:
    stranger, openid = oa.openids[1], oa.follows()
    body = {"touser": openid, "template_id": oa.template_id, "data": {}}
    other = {"appid": "wx0", "pagepath": "x"}

    assert oa.code(SEND, {**body, "touser": "o"}) == 40003
    assert oa.code(SEND, {**body, "touser": stranger}) == 43004
    assert oa.code(SEND, {**body, "data": {"first": "您好"}}) == 47001
    assert oa.code(SEND, {**body, "miniprogram": other}) == 40013
    assert oa.code(SEND, {**body, "miniprogram": {"appid": mp.appid, "pagepath": "pages/home"}}) == 0
    assert oa.code("/cgi-bin/template/api_add_template", {"template_id_short": "none"}) == 40037


def test_there_are_at_most_25_templates(oa: Account) -> None:
    body = {"template_id_short": "TM00015"}

    codes = [oa.code("/cgi-bin/template/api_add_template", body) for _ in range(25)]

    assert codes == [0] * 24 + [45026]


def test_the_library_of_notices_is_browsed(mp: Account) -> None:
    categories = mp.get(f"{LIBRARY}/getcategory")["data"]
    titles = mp.get(f"{LIBRARY}/getpubtemplatetitles", ids="307", start=0, limit=30)
    keywords = mp.get(f"{LIBRARY}/getpubtemplatekeywords", tid="1001")

    assert {"id": 307, "name": "服装/鞋/箱包"} in categories
    assert [row["tid"] for row in titles["data"]] == [1001, 1004]
    assert [row["rule"] for row in keywords["data"]] == ["thing", "time", "phrase", "thing"]
    assert mp.get(f"{LIBRARY}/getpubtemplatekeywords", tid="7")["errcode"] == 200014
    assert mp.get(f"{LIBRARY}/getpubtemplatetitles", ids="307", start="x", limit=30)["errcode"] == 200016
    assert mp.code(f"{LIBRARY}/addtemplate", {"tid": "1001", "kidList": [1], "sceneDesc": "x"}) == 200020
    assert mp.code(f"{LIBRARY}/addtemplate", {"tid": "1001", "kidList": [1, 9], "sceneDesc": "x"}) == 200020


def test_older_clients_post_templates_as_a_form(mp: Account) -> None:
    params = {"access_token": mp.token}
    form = {"tid": "1002", "kidList[0]": "1", "kidList[1]": "2", "sceneDesc": "支付"}

    made = mp.client.post(f"{LIBRARY}/addtemplate", params=params, data=form).json()["priTmplId"]

    row = mp.get(f"{LIBRARY}/gettemplate")["data"][-1]
    assert (row["priTmplId"], row["type"]) == (made, 2)
    assert mp.code(f"{LIBRARY}/deltemplate", {"priTmplId": made}) == 0
    assert mp.code(f"{LIBRARY}/deltemplate", {"priTmplId": made}) == 20002


def test_a_notice_of_an_official_account_needs_a_yes_and_all_its_keywords(
    oa: Account, server: Server
) -> None:
    template_id, openid = add_notice(oa), oa.openids[0]
    data = {"thing1": {"value": "蒙特拿破仑大街店"}, "time2": {"value": "2026-11-22 15:30"}}
    body = {"touser": openid, "template_id": template_id, "data": data}

    assert oa.code(BIZ, body) == 43101
    accepted = oa.act("subscribe", app="official_account", openid=openid, template_id=template_id)
    missing = oa.code(BIZ, {**body, "data": {"thing1": {"value": "店"}}})
    codes = [oa.code(BIZ, body) for _ in range(2)]
    oa.act("settle")

    assert (accepted["grants"], missing, codes) == (1, 47003, [0, 43101])
    assert server.events("subscribe_msg_popup_event")[0]["SubscribeMsgPopupEvent"]["List"][
        "SubscribeStatusString"
    ]
    assert (
        server.events("subscribe_msg_sent_event")[0]["SubscribeMsgSentEvent"]["List"]["TemplateId"]
        == template_id
    )


def test_a_long_term_notice_is_not_used_up(oa: Account) -> None:
    template_id, openid = add_notice(oa, 1006, (1, 2)), oa.openids[0]
    oa.act("subscribe", app="official_account", openid=openid, template_id=template_id)
    data = {"character_string1": {"value": "SM-1"}, "amount2": {"value": "100元"}}
    body = {"touser": openid, "template_id": template_id, "data": data}

    assert [oa.code(BIZ, body) for _ in range(3)] == [0, 0, 0]
    oa.act("subscribe_change", app="official_account", openid=openid, template_id=template_id)
    assert oa.code(BIZ, body) == 43101


def test_a_confirmed_one_off_subscription_allows_one_message(oa: Account) -> None:
    openid = oa.openids[0]
    page = "https://serica.test/back?x=1"
    query = {"action": "get_confirm", "appid": oa.appid, "scene": "7", "template_id": oa.template_id}

    back = oa.client.get(
        "/mp/subscribemsg", params={**query, "redirect_url": page, "reserved": "r", "consumer": openid}
    )
    body = {
        "touser": openid,
        "template_id": oa.template_id,
        "scene": "7",
        "title": "到店",
        "url": "http://x.it",
    }
    message = {**body, "data": {"content": {"value": "您的丝巾到了"}}}

    assert back.status_code == 302
    returned = query_of(back.headers["location"])
    assert (returned["openid"], returned["scene"], returned["reserved"], returned["x"]) == (
        openid,
        "7",
        "r",
        "1",
    )
    assert [oa.code(ONCE, message) for _ in range(2)] == [0, 43101]
    assert oa.code(ONCE, {**message, "title": "标" * 16}) == 40097
    oa.act("subscribe_once", openid=openid, scene=7)
    assert oa.code(ONCE, message) == 0

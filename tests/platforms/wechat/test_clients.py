"""The Official Account and mini program clients against the sandbox, over HTTP."""

import json

import httpx
import pytest

from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.core.tokens import TokenStore
from seta.platforms.wechat import MiniProgram, OfficialAccount
from seta.platforms.wechat.messages import Article
from tests.platforms.wire import Said, scripted, serving
from tests.sandbox_server import RunningSandbox


@pytest.fixture
def account(sandbox: RunningSandbox) -> OfficialAccount:
    app = sandbox.config["official_account"]
    return OfficialAccount(
        appid=app["appid"],
        secret=app["secret"],
        base_url=sandbox.base_url,
        pause=lambda _: None,
        tokens=TokenStore(),
    )


@pytest.fixture
def program(sandbox: RunningSandbox) -> MiniProgram:
    app = sandbox.config["mini_program"]
    return MiniProgram(
        appid=app["appid"],
        secret=app["secret"],
        base_url=sandbox.base_url,
        pause=lambda _: None,
        tokens=TokenStore(),
    )


@pytest.fixture
def follower(sandbox: RunningSandbox) -> str:
    openid: str = sandbox.config["official_account"]["openids"][0]
    sandbox.control("follow", openid=openid)
    return openid


def test_menu_that_was_made_is_read_back(account: OfficialAccount) -> None:
    assert account.menu_get() == []

    account.menu_create([{"type": "click", "name": "逛店", "key": "boutiques"}])

    assert account.menu_get()[0]["name"] == "逛店"


def test_follower_of_a_poster_is_known_with_its_scene(
    sandbox: RunningSandbox, account: OfficialAccount
) -> None:
    ticket = account.qrcode_create("c=ss27;p=duomo")
    openid = sandbox.config["official_account"]["openids"][1]
    sandbox.control("scan", openid=openid, ticket=ticket.ticket)

    follower = account.user_info(openid)

    assert follower.subscribed
    assert follower.scene == "c=ss27;p=duomo"
    picture = httpx.get(account.showqrcode_url(ticket.ticket), trust_env=False)
    assert picture.headers["content-type"].startswith("image/")


def test_temporary_code_says_how_long_it_lives(account: OfficialAccount) -> None:
    assert account.qrcode_create("p=brera", expire_seconds=600).expire_seconds == 600
    with pytest.raises(ValueError, match="64"):
        account.qrcode_create("x" * 65)


def test_picture_address_is_on_the_host_that_serves_pictures() -> None:
    account = OfficialAccount(appid="wx1", secret="s")

    assert account.showqrcode_url("a+b/=") == "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=a%2Bb%2F%3D"


def test_follower_receives_every_kind_of_service_message(
    sandbox: RunningSandbox, account: OfficialAccount, follower: str
) -> None:
    sandbox.control("message", openid=follower, content="你好")
    media = account.media_upload(b"\xff\xd8\xff\xe0picture\xff\xd9", filename="bag.jpg")

    account.typing(follower)
    account.custom_send_text(follower, "您好，欢迎来到米兰")
    account.custom_send_news(
        follower, Article("大教堂", "主教座堂", "https://p.test/1.jpg", "https://p.test/1")
    )
    account.custom_send_image(follower, media.media_id)
    account.custom_send_miniprogrampage(
        follower,
        title="行程",
        appid=sandbox.config["mini_program"]["appid"],
        pagepath="pages/plan/index",
        thumb_media_id=media.media_id,
    )

    sent = [entry for entry in sandbox.journal() if entry["path"].startswith("/cgi-bin/message/custom/send")]
    assert len(sent) == 4


def test_message_outside_the_window_is_denied_with_its_request_id(
    sandbox: RunningSandbox, account: OfficialAccount, follower: str
) -> None:
    sandbox.control("advance", seconds=49 * 3600)

    with pytest.raises(PlatformError) as refused:
        account.custom_send_text(follower, "您好")

    assert refused.value.code == "45015"
    assert refused.value.kind is ErrorKind.DENIED
    assert refused.value.request_id.count("-") == 2
    assert not refused.value.retryable


def test_token_revoked_by_somebody_else_is_renewed_unseen(account: OfficialAccount, follower: str) -> None:
    old = account.access_token()
    account.stable_token(force_refresh=True)

    assert account.user_info(follower).subscribed
    assert account.access_token() != old


def test_token_that_expired_at_the_platform_is_renewed_unseen(
    sandbox: RunningSandbox, account: OfficialAccount, follower: str
) -> None:
    old = account.access_token()
    sandbox.control("advance", seconds=7300)

    assert account.user_info(follower).subscribed
    assert account.access_token() != old


def test_wrong_secret_is_an_auth_error(sandbox: RunningSandbox) -> None:
    appid = sandbox.config["official_account"]["appid"]
    account = OfficialAccount(appid=appid, secret="wrong", base_url=sandbox.base_url, tokens=TokenStore())

    with pytest.raises(PlatformError) as refused:
        account.user_info("o1")

    assert refused.value.kind is ErrorKind.AUTH


def test_busy_platform_is_asked_again_for_reads_and_never_for_sends(
    sandbox: RunningSandbox, account: OfficialAccount, follower: str
) -> None:
    sandbox.control("message", openid=follower, content="你好")
    account.access_token()
    sandbox.control("fault", match="/cgi-bin/user/info", times=2, kind="errcode", value=-1)
    sandbox.control("fault", match="/cgi-bin/message/custom/send", times=1, kind="500")

    assert account.user_info(follower).subscribed
    with pytest.raises(PlatformError) as failed:
        account.custom_send_text(follower, "您好")

    assert failed.value.kind is ErrorKind.UNKNOWN_OUTCOME


def test_login_code_works_once(sandbox: RunningSandbox, program: MiniProgram) -> None:
    code = sandbox.control("js_code")["code"]

    login = program.code2session(code)

    assert login.openid
    assert login.unionid
    assert login.session_key not in repr(login)
    with pytest.raises(PlatformError) as refused:
        program.code2session(code)
    assert refused.value.code == "40163"


def test_phone_number_is_exchanged_for_its_code(sandbox: RunningSandbox, program: MiniProgram) -> None:
    phone = program.phone_number(sandbox.control("phone_code")["code"])

    assert phone.country_code == "86"
    assert phone.number.endswith(phone.bare_number)


def test_subscribe_message_needs_an_acceptance(sandbox: RunningSandbox, program: MiniProgram) -> None:
    template = sandbox.config["mini_program"]["sub_template_id"]
    openid = program.code2session(sandbox.control("js_code")["code"]).openid
    granted = sandbox.control("subscribe", openid=openid, accept=True)
    assert granted["grants"] == 1

    program.subscribe_send(openid=openid, template_id=template, data={"thing1": "预约成功"})
    with pytest.raises(PlatformError) as refused:
        program.subscribe_send(openid=openid, template_id=template, data={"thing1": "预约成功"})

    assert refused.value.code == "43101"


def test_code_picture_is_an_image_and_a_refusal_is_an_error(program: MiniProgram) -> None:
    picture = program.getwxacodeunlimit("p=duomo", check_path=False)

    assert picture[:3] == b"\xff\xd8\xff" or picture[:4] == b"\x89PNG"
    with pytest.raises(PlatformError) as refused:
        program.getwxacodeunlimit("大教堂", check_path=False)
    assert refused.value.kind is ErrorKind.INVALID


def test_link_from_outside_wechat_is_asked_with_its_page_and_lifetime() -> None:
    token = Said(body=b'{"access_token":"t","expires_in":7200}')
    link = Said(body=b'{"errcode":0,"errmsg":"ok","url_link":"https://wxaurl.cn/x"}')
    with serving(scripted(token, link)) as wire:
        program = MiniProgram(appid="wx1", secret="s", base_url=wire.base_url, tokens=TokenStore())
        made = program.urllink(path="pages/plan/index", query="c=ss27", expire_days=7)
        asked = json.loads(wire.asked[-1].body)

    assert made == "https://wxaurl.cn/x"
    assert (asked["path"], asked["query"], asked["expire_interval"]) == ("pages/plan/index", "c=ss27", 7)


def test_a_visitors_risk_rank_is_told_and_only_of_who_has_been_here(
    sandbox: RunningSandbox, program: MiniProgram
) -> None:
    openids = sandbox.config["official_account"]["openids"]
    visitor = program.code2session(sandbox.control("js_code", openid=openids[0])["code"]).openid
    calm = program.risk_rank(openid=visitor, client_ip="203.0.113.7")

    sandbox.control("risk_rank", openid=visitor, rank=3)

    assert (calm.rank, program.risk_rank(openid=visitor, client_ip="203.0.113.7").rank) == (0, 3)
    assert calm.request_id
    with pytest.raises(PlatformError) as refused:
        program.risk_rank(openid=openids[0], client_ip="203.0.113.7")
    assert refused.value.code == "43104"
    sandbox.control("advance", seconds=7_300)
    with pytest.raises(PlatformError) as late:
        program.risk_rank(openid=visitor, client_ip="203.0.113.7")
    assert late.value.code == "61010"

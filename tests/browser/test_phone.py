"""The phone alone with its sandbox: what a person sees, presses and reads, in three languages and two sizes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from seta.site.demo.world import Place, World, free_port
from tests.browser.phone_page import (
    NARROW,
    WIDE,
    leave_screenshot,
    nameless_controls,
    overflowing,
    phone,
    program,
    small_targets,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("phone_bundle")]

POSTER = "大教堂海报"
MENU = [
    {"name": "探索米兰", "sub_button": [{"type": "click", "name": "热门景点", "key": "places"}]},
    {"type": "miniprogram", "name": "精品店", "url": "http://x", "pagepath": "pages/boutique/boutique"},
]


@dataclass
class Desk:
    """The account's owner beside the phone: calls the platform's API with the exported credentials."""

    url: str
    config: dict[str, Any]
    client: httpx.Client

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        """Run a control action."""
        answer: dict[str, Any] = self.client.post(f"{self.url}/_control/{action}", json=body).json()
        assert "error" not in answer, answer
        return answer

    def call(self, path: str, body: dict[str, Any], *, app: str = "official_account") -> dict[str, Any]:
        """Call the API of the Official Account, or of another `app` of the exported configuration."""
        account = self.config[app]
        asked = {"grant_type": "client_credential", "appid": account["appid"], "secret": account["secret"]}
        token = self.client.get(f"{self.url}/cgi-bin/token", params=asked).json()["access_token"]
        content = json.dumps(body, ensure_ascii=False).encode()
        address = f"{self.url}/cgi-bin/{path}?access_token={token}"
        answer: dict[str, Any] = self.client.post(address, content=content).json()
        assert answer.get("errcode", 0) == 0, answer
        return answer

    def hang_poster(self) -> None:
        """A poster with a parametric code."""
        scene = {"scene": {"scene_str": "c=ss27;p=duomo"}}
        ticket = self.call("qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
        self.control("poster", title=POSTER, ticket=ticket["ticket"])

    def make_menu(self) -> None:
        """The account's menu."""
        appid = self.config["mini_program"]["appid"]
        self.call(
            "menu/create", {"button": [{**one, **({"appid": appid} if "url" in one else {})} for one in MENU]}
        )

    def say(self, kind: str, content: dict[str, Any]) -> None:
        """A customer-service message to the first consumer."""
        openid = self.config["official_account"]["openids"][0]
        self.call("message/custom/send", {"touser": openid, "msgtype": kind, kind: content})


@pytest.fixture(scope="module")
def sandbox_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A sandbox with the mini program's build and no server behind it."""
    place = Place(tmp_path_factory.mktemp("phone"), free_port(), free_port())
    world = World(place)
    world.start_sandbox(seed=1)
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield Desk(place.sandbox_url, world.config(), client)
    world.stop()


@pytest.fixture
def desk(sandbox_alone: Desk) -> Desk:
    """A fresh world whose network leads nowhere."""
    sandbox_alone.control("reset", seed=1, callbacks=False)
    sandbox_alone.control("phone", request_base=f"http://127.0.0.1:{free_port()}")
    return sandbox_alone


def test_a_new_phone_says_what_to_do_first(browser: Browser, desk: Desk) -> None:
    with phone(browser, desk.url) as page:
        expect(page.get_by_text("还没有聊天")).to_be_visible()
        page.get_by_role("button", name="去扫海报").click()
        expect(page.get_by_text("附近还没有二维码")).to_be_visible()


def test_scanning_a_poster_follows_the_account_and_opens_its_chat(browser: Browser, desk: Desk) -> None:
    desk.hang_poster()
    desk.make_menu()
    with phone(browser, desk.url) as page:
        page.get_by_role("button", name="去扫海报").click()
        page.get_by_role("button", name=f"扫一扫 {POSTER}").click()
        expect(page.get_by_text("您已关注，可以开始聊天")).to_be_visible()
        expect(page.get_by_role("heading", name="Serica Milano")).to_be_visible()
        page.get_by_role("button", name="探索米兰").click()
        page.get_by_role("menuitem", name="热门景点").click()
        expect(page.get_by_role("menuitem")).to_have_count(0)
    openid = desk.config["official_account"]["openids"][0]
    assert desk.control("follow", openid=openid)["already"] is True


def test_a_chat_shows_text_articles_and_links_and_sends_what_is_typed(browser: Browser, desk: Desk) -> None:
    desk.control("follow", openid="chenxiao", wait=False)
    desk.say("text", {"content": '您好 <b>陈</b> <a href="https://example.com/">网页</a>'})
    desk.say(
        "news", {"articles": [{"title": "米兰三日", "description": "走走", "url": "http://x/", "picurl": ""}]}
    )
    with phone(browser, desk.url, size=NARROW) as page:
        page.get_by_role("button", name="与Serica Milano聊天").click()
        expect(page.get_by_text("您好 <b>陈</b>")).to_be_visible()
        expect(page.get_by_role("button", name="米兰三日")).to_be_visible()
        page.get_by_label("写消息").fill("duomo")
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_role("log").get_by_text("duomo")).to_be_visible()
        assert overflowing(page) == []


def test_a_row_under_a_finger_is_not_drawn_anew_before_it_is_let_go(browser: Browser, desk: Desk) -> None:
    desk.control("follow", openid="chenxiao", wait=False)
    desk.say("text", {"content": "您好"})
    with phone(browser, desk.url, size=NARROW) as page:
        row = page.get_by_role("button", name="与Serica Milano聊天")
        expect(row).to_contain_text("您好")
        row.hover()
        page.mouse.down()
        with page.expect_request(
            "**/_phone/state*"
        ):  # the next is asked for once an answer has been taken in
            desk.say("text", {"content": "请慢走"})
        expect(row).to_contain_text("您好")
        page.mouse.up()
        expect(page.get_by_role("log").get_by_text("请慢走")).to_be_visible()


def test_moments_report_one_view_and_a_click_that_opens_the_mini_program(
    browser: Browser, desk: Desk
) -> None:
    desk.control(
        "ad",
        campaign="ss27",
        title="丝与石",
        path="pages/home/home",
        appid=desk.config["mini_program"]["appid"],
    )
    with phone(browser, desk.url) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="朋友圈", exact=True).click()
        page.get_by_role("button", name="了解详情").click()
        expect(program(page).get_by_text("您好，欢迎来到米兰")).to_be_visible()
        assert "gdt_vid%3Dwx0" in (page.locator("iframe").get_attribute("src") or "")


def test_without_a_network_the_mini_program_says_what_is_safe_and_what_to_do(
    browser: Browser, desk: Desk
) -> None:
    with phone(browser, desk.url) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        program(page).get_by_role("button", name="搜索景点、店铺或街区").click()
        program(page).get_by_role("textbox").fill("大教堂")
        expect(program(page).get_by_role("alert")).to_contain_text("您的内容没有改变")
        expect(program(page).get_by_role("button", name="重试")).to_be_visible()


def test_a_service_notification_opens_the_page_it_names(browser: Browser, desk: Desk) -> None:
    program_config = desk.config["mini_program"]
    template = program_config["sub_template_id"]
    desk.control("subscribe", openid="chenxiao", template_id=template, wait=False)
    person = desk.control("people")["people"][0]
    notice = {
        "touser": person["openids"][program_config["appid"]],
        "template_id": template,
        "page": "pages/plan/plan",
        "data": {"thing1": {"value": "预约成功"}, "time2": {"value": "2027年6月1日 14:30"}},
    }
    desk.call("message/subscribe/send", notice, app="mini_program")
    with phone(browser, desk.url) as page:
        page.get_by_role("button", name="与服务通知聊天").click()
        expect(page.get_by_text("2027年6月1日 14:30")).to_be_visible()
        leave_screenshot(page, "notification-zh-1440")
        page.get_by_role("button", name="预约成功").click()
        expect(program(page).get_by_role("button", name="生成行程")).to_be_visible()


def test_an_associate_is_added_answers_and_asks_before_archiving(browser: Browser, desk: Desk) -> None:
    desk.control("add_contact", openid="chenxiao", userid="linyue", wait=False)
    desk.control(
        "wecom_message", openid="chenxiao", userid="linyue", sender="sa", content="您好，我是林悦", wait=False
    )
    with phone(browser, desk.url, size=NARROW, language="en-GB") as page:
        page.get_by_role("button", name="Chat with 林悦").click()
        page.get_by_role("button", name="Agree").click()
        expect(page.get_by_text("You agreed to archiving")).to_be_visible()
        page.get_by_label("Write a message").fill("谢谢")
        page.get_by_label("Write a message").press("Enter")
        expect(page.get_by_role("log").get_by_text("谢谢")).to_be_visible()


def test_the_language_and_the_person_can_be_changed(browser: Browser, desk: Desk) -> None:
    with phone(browser, desk.url, language="it-IT") as page:
        expect(page.get_by_role("heading", name="Un telefono di prova")).to_be_visible()
        page.get_by_role("button", name="English").first.click()
        expect(page.get_by_role("heading", name="A stand-in phone")).to_be_visible()
        page.get_by_label("Consumer").select_option("wangyutong")
        page.get_by_role("button", name="Me", exact=True).click()
        expect(page.locator(".profile-name")).to_have_text("王雨桐")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["360", "1440"])
def test_every_screen_fits_and_every_control_has_a_name_and_a_size(
    browser: Browser, desk: Desk, size: tuple[int, int]
) -> None:
    desk.hang_poster()
    desk.make_menu()
    desk.control("follow", openid="chenxiao", wait=False)
    with phone(browser, desk.url, size=size, language="en-GB") as page:
        for screen in ("Contacts", "Discover", "Me", "Chats"):
            page.get_by_role("navigation").get_by_role("button", name=screen).click()
            expect(page.get_by_role("heading", name=screen, exact=True)).to_be_visible()
            assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], []), screen
        page.get_by_role("button", name="Chat with Serica Milano").click()
        expect(page.get_by_role("button", name="精品店")).to_be_visible()
        assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], [])
        page.get_by_role("button", name="Scan", exact=True).click()
        expect(page.get_by_role("button", name=f"Scan {POSTER}")).to_be_visible()
        assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], [])
        leave_screenshot(page, f"scan-en-{size[0]}")


def test_requests_leave_only_to_the_allowed_domain(desk: Desk) -> None:
    body = {
        "consumer": "chenxiao",
        "appid": desk.config["mini_program"]["appid"],
        "url": "https://evil.example/x",
    }
    answer = desk.client.post(f"{desk.url}/_phone/request", json=body)
    assert (answer.status_code, answer.json()) == (400, {"errMsg": "request:fail url not in domain list"})


def test_the_phone_cannot_do_what_only_tests_may(desk: Desk) -> None:
    answer = desk.client.post(f"{desk.url}/_phone/act", json={"action": "reset"})
    assert answer.status_code == 400
    assert "cannot reset" in answer.json()["error"]


def test_a_payment_with_a_wrong_signature_never_reaches_the_password(desk: Desk) -> None:
    body = {
        "appid": "wx1",
        "timeStamp": "1",
        "nonceStr": "n",
        "package": "prepay_id=x",
        "signType": "RSA",
        "paySign": "AA==",
    }
    answer = desk.client.post(f"{desk.url}/_phone/sheet", json=body)
    assert answer.status_code == 400
    assert answer.json()["errMsg"].startswith("requestPayment:fail")


def test_files_outside_the_build_are_not_served(desk: Desk) -> None:
    for path in ("/_mp/../package.json", "/_mp/%2e%2e/%2e%2e/package.json", "/_phone/static/..%2Froutes.py"):
        assert desk.client.get(f"{desk.url}{path}").status_code in (200, 404)
        assert "seta-client" not in desk.client.get(f"{desk.url}{path}").text
        assert "STATIC" not in desk.client.get(f"{desk.url}{path}").text


def test_a_stranger_gets_a_clear_answer(desk: Desk, tmp_path: Path) -> None:
    answer = desk.client.get(f"{desk.url}/_phone/state", params={"openid": "nobody"})
    assert answer.status_code == 400
    assert "nobody" in answer.json()["error"]

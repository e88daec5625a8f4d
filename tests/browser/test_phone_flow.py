"""One client's way on the phone, against a running Seta: poster, welcome, search, plan, visit, order, payment."""

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.phone_page import (
    NARROW,
    WIDE,
    inside,
    leave_screenshot,
    nameless_controls,
    overflowing,
    phone,
    program,
    small_targets,
    toasted,
)
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def url_of(seta: RunningSeta, who: str) -> str:
    """The phone in that consumer's hands."""
    return f"{seta.sandbox_url}/?who={who}"


def assert_sound(page: Page) -> None:
    """Nothing of the mini program sticks out, is too small to press or has no name."""
    frame = inside(page)
    found = (overflowing(frame), small_targets(frame), nameless_controls(frame))
    assert found == ([], [], []), frame.url


def follow_by_poster(page: Page) -> None:
    """Scan the Duomo poster and read the welcome."""
    page.get_by_role("button", name="扫一扫", exact=True).click()
    page.get_by_role("button", name="扫一扫 大教堂").click()
    expect(page.get_by_text("您已关注，可以开始聊天")).to_be_visible()
    expect(page.get_by_role("button", name="查看地点介绍与开放时间")).to_be_visible()


def ask_in_chat(page: Page, text: str) -> None:
    """Write to the account and wait for the place."""
    if page.locator(".foot").get_attribute("data-mode") == "menu":
        page.get_by_role("button", name="键盘").click()
    page.get_by_label("写消息").fill(text)
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("log").get_by_text("Duomo di Milano").last).to_be_visible()


def pay_on_sheet(page: Page, mini: FrameLocator) -> None:
    """Type six digits and wait until the server has proof."""
    sheet = page.get_by_role("dialog", name="微信支付")
    expect(sheet.get_by_text("Serica Milano")).to_be_visible()
    leave_screenshot(page, "pay-zh-1440")
    for digit in "250608":
        sheet.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="完成").click()
    expect(mini.get_by_text("谢谢您，付款已收到")).to_be_visible()
    expect(mini.get_by_text("已付款")).to_be_visible()


def test_a_client_follows_by_poster_searches_and_pays(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, url_of(seta, "chenxiao"), size=WIDE) as page:
        follow_by_poster(page)
        ask_in_chat(page, "duomo")
        ask_in_chat(page, "大教堂")
        leave_screenshot(page, "chat-zh-1440")
        page.get_by_role("button", name="查看地点介绍与开放时间").click()
        mini = program(page)
        expect(mini.get_by_text("米兰大教堂")).to_be_visible()
        mini.get_by_role("button", name="首页").click()
        mini.get_by_role("button", name="搜索景点").click()
        mini.get_by_role("textbox").fill("多莫")
        expect(mini.get_by_role("button", name="米兰大教堂", exact=True)).to_be_visible()
        mini.get_by_role("button", name="返回").click()
        mini.get_by_role("button", name="精品店", exact=True).first.click()
        mini.get_by_role("button", name="查看").first.click()
        mini.get_by_role("button", name="立即购买").click()
        mini.get_by_role("button", name="微信支付").click()
        pay_on_sheet(page, mini)
    notified = [
        e
        for e in seta.control("journal", family="wechatpay", direction="out")["entries"]
        if e["status"] < 300
    ]
    assert len(notified) == 1


def test_a_cancelled_payment_keeps_the_order_and_can_be_taken_up_again(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, url_of(seta, "lihaoran"), size=WIDE) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="精品店", exact=True).last.click()
        mini.get_by_role("button", name="查看").nth(1).click()
        mini.get_by_role("button", name="增加数量").click()
        mini.get_by_role("button", name="立即购买").click()
        mini.get_by_role("button", name="微信支付").click()
        page.get_by_role("dialog").get_by_role("button", name="取消").click()
        expect(mini.get_by_text("您取消了付款，订单仍为您保留。")).to_be_visible()
        expect(mini.get_by_role("button", name="微信支付")).to_be_enabled()


def test_a_day_is_planned_and_a_visit_booked_on_a_small_phone_in_english(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, url_of(seta, "emilytan"), size=NARROW, language="en-GB") as page:
        page.get_by_role("button", name="Discover").click()
        page.get_by_role("button", name="Mini program · Serica Milano").click()
        mini = program(page)
        expect(mini.get_by_text("Welcome to Milan")).to_be_visible()
        expect(mini.get_by_text("Limited releases")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "home-en-360")
        mini.get_by_role("button", name="Search sights").click()
        mini.get_by_role("textbox").fill("last supper")
        mini.get_by_role("button", name="Leonardo's Last Supper").click()
        mini.get_by_role("button", name="Add to my day").click()
        assert_sound(page)
        leave_screenshot(page, "place-en-360")
        mini.get_by_role("button", name="Plan the day").click()
        mini.get_by_role("checkbox", name="Art and museums").click()
        assert_sound(page)
        mini.get_by_role("button", name="Plan my days").click()
        expect(mini.get_by_text("Your plan is saved")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "day-en-360")
        mini.get_by_role("button", name="Back").click()
        mini.get_by_role("button", name="Home").click()
        mini.get_by_role("button", name="Book a visit").click()
        mini.get_by_role("radiogroup", name="Time").get_by_role("radio").last.click()
        assert_sound(page)
        mini.get_by_role("button", name="Book", exact=True).click()
        page.get_by_role("button", name="Allow").click()
        expect(mini.get_by_text("Your visit is booked")).to_be_visible()
        mini.get_by_role("button", name="Add to calendar").click()
        page.get_by_role("button", name="Add", exact=True).click()
        toasted(inside(page), "In your calendar")
        assert_sound(page)


def test_a_limited_piece_is_reserved_and_leads_to_its_order(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, url_of(seta, "wusiqi"), size=NARROW) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="湖光方巾").click()
        mini.get_by_role("button", name="预留一件").click()
        expect(mini.get_by_text("已为您预留")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "drop-zh-360")
        mini.get_by_role("button", name="去付款").click()
        expect(mini.get_by_role("button", name="微信支付")).to_be_visible()
        assert_sound(page)


def test_a_privacy_choice_is_kept(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, url_of(seta, "xuruoxi"), size=NARROW) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="我的", exact=True).click()
        mini.get_by_role("switch", name="用于统计分析").click()
        toasted(inside(page), "已保存")
        mini.get_by_role("button", name="首页").click()
        mini.get_by_role("button", name="我的", exact=True).click()
        expect(mini.get_by_role("switch", name="用于统计分析")).to_have_attribute("aria-checked", "true")
        assert_sound(page)


def test_an_associate_is_added_by_code_welcomes_and_shares_a_piece(
    browser: Browser, seta: RunningSeta
) -> None:
    card = {
        "title": "湖光方巾",
        "appid": seta.config["mini_program"]["appid"],
        "page": "pages/product/index?code=lago-carre&s=st_1",
    }
    with phone(browser, url_of(seta, "liuziyang"), size=NARROW) as page:
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 林悦").click()
        expect(page.get_by_role("heading", name="林悦")).to_be_visible()
        expect(page.locator(".message .bubble").first).to_be_visible()
        page.get_by_role("button", name="同意", exact=True).click()
        expect(page.get_by_text("您已同意存档")).to_be_visible()
        share = {"userid": "linyue", "sender": "sa", "msgtype": "miniprogram", "miniprogram": card}
        seta.control("wecom_message", openid="liuziyang", wait=False, **share)
        leave_screenshot(page, "associate-zh-360")
        page.get_by_role("button", name="湖光方巾").click()
        expect(program(page).get_by_role("button", name="立即购买")).to_be_enabled()
        assert_sound(page)
        leave_screenshot(page, "product-zh-360")

"""Reaching one's advisor on the phone: who they are, what was written, and the account's own chat one tap away."""

import time

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.desk_page import WORKER_SECONDS_MAX
from tests.browser.phone_page import NARROW, leave_screenshot, phone
from tests.browser.test_phone_days import assert_sound, open_program
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def to_chat(page: Page) -> FrameLocator:
    """The mini program at the page of one's advisors."""
    page.get_by_role("navigation").get_by_role("button", name="发现").click()
    page.get_by_role("button", name="小程序 · Serica Milano").click()
    mini = page.frame_locator("iframe.program-frame")
    mini.get_by_role("button", name="我的", exact=True).click()
    mini.get_by_role("button", name="联系顾问").click()
    return mini


def wait_for_advisor(page: Page, mini: FrameLocator) -> None:
    """Come back until WeCom has said that its contact is this person."""
    advisor = mini.get_by_text("林悦 Lin Yue", exact=True)
    until = time.monotonic() + WORKER_SECONDS_MAX
    while time.monotonic() < until:
        expect(mini.get_by_role("button", name="在公众号里写给我们")).to_be_visible()
        if advisor.is_visible():
            return
        mini.get_by_role("button", name="返回", exact=True).click()
        page.wait_for_timeout(100)
        mini.get_by_role("button", name="联系顾问").click()
    expect(advisor).to_be_visible()


def test_an_advisor_is_shown_with_what_was_written_and_the_account_opens_to_write_on(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=liuziyang", size=NARROW) as page:
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 大教堂").click()
        expect(page.get_by_role("button", name="查看地点介绍与开放时间")).to_be_visible()
        page.get_by_role("button", name="返回", exact=True).click()
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 林悦").click()
        expect(page.locator(".message .bubble").first).to_be_visible()
        page.get_by_role("button", name="返回", exact=True).click()
        mini = to_chat(page)
        wait_for_advisor(page, mini)
        expect(mini.get_by_text("专属顾问")).to_be_visible()
        expect(mini.get_by_text("欢迎关注「Serica Milano」")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "advisor-zh-360")
        mini.get_by_role("button", name="在公众号里写给我们").click()
        page.get_by_role("dialog", name="Serica Milano").get_by_role("button", name="发消息").click()
        expect(page.get_by_role("heading", name="Serica Milano")).to_be_visible()
        if page.locator(".foot").get_attribute("data-mode") == "menu":
            page.get_by_role("button", name="键盘").click()
        page.get_by_label("写消息").fill("duomo")
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_role("log").get_by_text("Duomo di Milano").last).to_be_visible()
        page.get_by_role("button", name="返回", exact=True).click()
        mini = to_chat(page)
        expect(mini.get_by_text("duomo", exact=True)).to_be_visible()
        assert_sound(page)


def test_without_an_advisor_the_page_says_how_to_find_one_in_english(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        mini = open_program(page, "Discover", "Mini program · Serica Milano")
        mini.get_by_role("button", name="Mine", exact=True).click()
        mini.get_by_role("button", name="Your advisor").click()
        expect(mini.get_by_text("You have no advisor yet")).to_be_visible()
        expect(mini.get_by_text("No messages yet.")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "advisor-none-en-360")
        mini.get_by_role("button", name="Write to us in the Official Account").click()
        page.get_by_role("dialog", name="Serica Milano").get_by_role("button", name="Cancel").click()
        expect(mini.get_by_role("alert")).to_have_count(0)
        mini.get_by_role("button", name="Write to us in the Official Account").click()
        page.get_by_role("dialog", name="Serica Milano").get_by_role("button", name="Follow").click()
        expect(page.get_by_text("You follow this account")).to_be_visible()

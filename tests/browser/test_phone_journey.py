"""A client's whole way on the phone: poster, pinyin, two days, a change, no network, a visit, a piece, a payment."""

from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from seta.kit.clock import ROME
from tests.browser.phone_page import NARROW, inside, leave_screenshot, phone, program, toasted
from tests.browser.test_offline import no_network
from tests.browser.test_phone_days import assert_sound
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def follow_from_a_poster(page: Page) -> FrameLocator:
    """Scan the Duomo's poster, read the welcome and open the mini program by its card."""
    page.get_by_role("button", name="扫一扫", exact=True).click()
    page.get_by_role("button", name="扫一扫 大教堂").click()
    expect(page.get_by_text("您已关注，可以开始聊天")).to_be_visible()
    card = page.get_by_role("button", name="查看地点介绍与开放时间")
    expect(card).to_be_visible()
    leave_screenshot(page, "journey-1-follow-zh-360")
    card.click()
    mini = program(page)
    expect(mini.get_by_text("米兰大教堂").first).to_be_visible()
    mini.get_by_role("button", name="首页").click()
    return mini


def search_in_pinyin(page: Page, mini: FrameLocator) -> None:
    """Find two places by their sound and want them both."""
    mini.get_by_role("button", name="搜索景点").click()
    for typed, name in (("zuihoudewancan", "最后的晚餐（恩宠圣母教堂）"), ("mldjt", "米兰大教堂")):
        mini.get_by_role("textbox").fill(typed)
        found = mini.get_by_role("button", name=name, exact=True)
        expect(found).to_be_visible()
        if typed == "mldjt":
            leave_screenshot(page, "journey-2-pinyin-zh-360")
        found.click()
        mini.get_by_role("button", name="加入行程").click()
        mini.get_by_role("button", name="返回", exact=True).click()
    mini.get_by_role("button", name="返回", exact=True).click()


def plan_two_days(page: Page, mini: FrameLocator) -> None:
    """Choose a second day beside the first and let the server plan both."""
    mini.get_by_role("button", name="安排您的行程").click()
    expect(mini.get_by_role("button", name="移除米兰大教堂")).to_be_visible()
    mini.get_by_role("group", name="哪几天（最多五天）").get_by_role("checkbox").nth(2).click()
    mini.get_by_role("button", name="生成行程").click()
    expect(mini.get_by_text("行程已为您保存")).to_be_visible()
    expect(mini.get_by_role("radiogroup", name="第几天").get_by_role("radio")).to_have_count(2)
    assert_sound(page)
    leave_screenshot(page, "journey-3-two-days-zh-360")


def change_the_plan(page: Page, mini: FrameLocator) -> str:
    """Take the first stop out; both days are planned again without it. Returns what was taken out."""
    taken = mini.locator(".stop .subtitle").first.inner_text()
    mini.get_by_role("button", name=f"移出{taken}").click()
    mini.get_by_role("button", name="重新安排").click()
    toasted(inside(page), "行程已重新安排")
    days = mini.get_by_role("radiogroup", name="第几天").get_by_role("radio")
    expect(days).to_have_count(2)
    for each in range(2):
        days.nth(each).click()
        expect(days.nth(each)).to_have_attribute("aria-checked", "true")
        expect(mini.locator(".stop .subtitle", has_text=taken)).to_have_count(0)
    leave_screenshot(page, "journey-4-changed-zh-360")
    return taken


def reopen_without_network(page: Page, seta: RunningSeta, stops: list[str]) -> FrameLocator:
    """Start again with no network: the same stay is there, and the city can be searched."""
    with no_network(seta):
        page.reload()
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="安排您的行程").click()
        mini.get_by_role("button", name="上次的行程").click()
        expect(mini.get_by_text("显示的是手机上保存的行程")).to_be_visible()
        mini.get_by_role("radiogroup", name="第几天").get_by_role("radio").last.click()
        expect(mini.locator(".stop .subtitle")).to_have_text(stops)
        assert_sound(page)
        leave_screenshot(page, "journey-5-offline-zh-360")
    mini.get_by_role("button", name="返回", exact=True).click()
    mini.get_by_role("button", name="首页").click()
    return mini


def book(page: Page, mini: FrameLocator) -> None:
    """Keep a time in a store and allow the notification that the house asks for."""
    mini.get_by_role("button", name="预约到店").click()
    mini.get_by_role("radiogroup", name="时间").get_by_role("radio").last.click()
    mini.get_by_role("button", name="确认预约").click()
    page.get_by_role("button", name="允许").click()
    expect(mini.get_by_text("预约成功")).to_be_visible()
    assert_sound(page)
    leave_screenshot(page, "journey-6-booked-zh-360")
    mini.get_by_role("button", name="返回", exact=True).click()


def buy_and_pay(page: Page, mini: FrameLocator) -> None:
    """Order a piece and pay it in CNY; only the server's word counts."""
    mini.get_by_role("navigation").get_by_role("button", name="精品店").click()
    mini.get_by_role("button", name="查看").first.click()
    mini.get_by_role("button", name="立即购买").click()
    mini.get_by_role("button", name="微信支付").click()
    sheet = page.get_by_role("dialog", name="微信支付")
    expect(sheet.locator(".pay-amount")).to_contain_text("¥")
    leave_screenshot(page, "journey-7-pay-zh-360")
    for digit in "250608":
        sheet.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="完成").click()
    expect(mini.get_by_text("谢谢您，付款已收到")).to_be_visible()
    expect(mini.get_by_text("已付款")).to_be_visible()
    leave_screenshot(page, "journey-8-paid-zh-360")


def test_follow_from_a_poster_search_in_pinyin_plan_two_days_change_the_plan_reopen_offline_book_buy_and_pay(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = follow_from_a_poster(page)
        search_in_pinyin(page, mini)
        plan_two_days(page, mini)
        change_the_plan(page, mini)
        stops = mini.locator(".stop .subtitle").all_inner_texts()
        mini = reopen_without_network(page, seta, stops)
        book(page, mini)
        buy_and_pay(page, mini)
    paid = seta.control("journal", family="wechatpay", direction="out")["entries"]
    assert len([entry for entry in paid if entry["status"] < 300]) == 1


def test_being_late_plans_the_day_anew_from_now(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=lihaoran", size=NARROW) as page:
        day = datetime.now(ROME).date() + timedelta(days=3)
        morning = datetime.combine(day, time(11, 45), tzinfo=ROME)
        page.context.clock.set_fixed_time(morning)
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="安排您的行程").click()
        days = mini.get_by_role("group", name="哪几天（最多五天）").get_by_role("checkbox")
        days.nth(0).click()
        days.nth(1).click()
        mini.get_by_role("radio", name="09:00").click()
        mini.get_by_role("button", name="生成行程").click()
        expect(mini.get_by_text("行程已为您保存")).to_be_visible()
        expect(mini.locator(".stop .time").first).to_be_visible()
        before = mini.locator(".stop .time").all_inner_texts()
        assert before[0] < "11:45"
        mini.get_by_role("button", name="我晚到了，从现在重排").click()
        toasted(inside(page), "行程已重新安排")
        after = mini.locator(".stop .time").all_inner_texts()
        begun = [at for at in before if at < "11:45"]
        assert after[: len(begun)] == begun
        assert all(at >= "11:45" for at in after[len(begun) :])
        assert_sound(page)
        leave_screenshot(page, "late-zh-360")

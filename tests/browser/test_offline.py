"""The phone loses its network: the city and the plan stay, and a payment is asked about, never made twice."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from seta.site.demo.world import free_port
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
)
from tests.browser.test_phone_fitting import program as small_program
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

TEN_DAYS_OLDER = """() => {
    const key = Object.keys(localStorage).find((one) => one.endsWith('city-pack.json'))
    const pack = JSON.parse(localStorage.getItem(key))
    localStorage.setItem(key, JSON.stringify({ ...pack, checkedAt: pack.checkedAt - 10 * 86_400_000 }))
}"""


def refuse_the_pack(route: Route) -> None:
    """The server is there, but has no answer about the city just now."""
    if "/guide/pack" in (route.request.post_data or ""):
        route.fulfill(json={"statusCode": 503, "header": {}, "data": {}})
    else:
        route.continue_()


@contextmanager
def no_network(seta: RunningSeta) -> Iterator[None]:
    """Requests of the mini program reach nobody."""
    usual = seta.control("phone")["request_base"]
    seta.control("phone", request_base=f"http://127.0.0.1:{free_port()}")
    try:
        yield
    finally:
        seta.control("phone", request_base=usual)


def assert_sound(page: Page) -> None:
    """Nothing of the mini program sticks out, is too small to press or has no name."""
    frame = inside(page)
    assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])


def open_program(page: Page, discover: str, name: str) -> FrameLocator:
    """The mini program from the phone's own list."""
    page.get_by_role("button", name=discover).click()
    page.get_by_role("button", name=name).click()
    return program(page)


def test_the_city_and_the_plan_open_again_without_a_network(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        mini = open_program(page, "Discover", "Mini program · Serica Milano")
        expect(mini.get_by_text("works without a network")).to_be_visible()
        mini.get_by_role("button", name="Plan your days").click()
        mini.get_by_role("button", name="Plan my days").click()
        expect(mini.get_by_text("Your plan is saved")).to_be_visible()
        with no_network(seta):
            page.reload()
            mini = open_program(page, "Discover", "Mini program · Serica Milano")
            expect(mini.get_by_text("this is the city as saved on")).to_be_visible()
            assert_sound(page)
            leave_screenshot(page, "offline-home-en-360")
            mini.get_by_role("button", name="Search sights").click()
            for typed in ("大教堂", "mldjt", "dmo", "milandajiaotang"):
                mini.get_by_role("textbox").fill(typed)
                expect(mini.get_by_role("button", name="Milan Cathedral").first).to_be_visible()
            assert_sound(page)
            leave_screenshot(page, "offline-search-en-360")
            mini.get_by_role("button", name="Milan Cathedral").first.click()
            expect(mini.get_by_text("Duomo di Milano").last).to_be_visible()
            expect(mini.get_by_text("this is the city as saved on").last).to_be_visible()
            leave_screenshot(page, "offline-place-en-360")
            mini.get_by_role("button", name="Back").click()
            mini.get_by_role("button", name="Back").click()
            mini.get_by_role("button", name="Plan your days").click()
            mini.get_by_role("button", name="Your last plan").click()
            expect(mini.get_by_text("this is the plan saved on your phone")).to_be_visible()
            assert_sound(page)
            leave_screenshot(page, "offline-day-en-360")


def test_an_old_city_says_so_by_itself_and_is_brought_up_to_date(browser: Browser, seta: RunningSeta) -> None:
    with small_program(browser, seta, "pages/home/home", language="en_GB") as page:
        expect(page.get_by_text("works without a network")).to_be_visible()
        page.evaluate(TEN_DAYS_OLDER)
        with no_network(seta):
            page.reload()
            expect(page.get_by_text("more than a week ago.")).to_be_visible()
            expect(page.get_by_text("Names, addresses and the map still help you.")).to_be_visible()
            expect(page.get_by_role("button", name="Try again")).to_be_visible()
            leave_screenshot(page, "old-city-offline-en-360")
        page.route("**/_phone/request", refuse_the_pack)
        page.reload()
        expect(page.get_by_role("button", name="Bring it up to date")).to_be_visible()
        leave_screenshot(page, "old-city-en-360")
        page.unroute("**/_phone/request")
        page.get_by_role("button", name="Bring it up to date").click()
        expect(page.get_by_text("works without a network")).to_be_visible()
        expect(page.get_by_text("more than a week ago.")).to_have_count(0)


def test_a_payment_whose_end_was_not_heard_is_asked_about_and_not_made_twice(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=WIDE) as page:
        mini = open_program(page, "发现", "小程序 · Serica Milano")
        mini.get_by_role("button", name="精品店", exact=True).first.click()
        mini.get_by_role("button", name="查看").first.click()
        mini.get_by_role("button", name="立即购买").click()
        expect(mini.get_by_role("button", name="微信支付")).to_be_visible()
        with no_network(seta):
            mini.get_by_role("button", name="微信支付").click()
            expect(mini.get_by_text("付款没有开始")).to_be_visible()
        mini.get_by_role("button", name="微信支付").click()
        sheet = page.get_by_role("dialog", name="微信支付")
        expect(sheet.get_by_text("Serica Milano")).to_be_visible()
        with no_network(seta):
            for digit in "250608":
                sheet.get_by_role("button", name=digit, exact=True).click()
            page.get_by_role("button", name="完成").click()
            expect(mini.get_by_text("请不要再次付款")).to_be_visible()
            expect(mini.get_by_role("button", name="微信支付")).to_have_count(0)
            leave_screenshot(page, "offline-pay-zh-1440")
        mini.get_by_role("button", name="查询付款结果").click()
        expect(mini.get_by_text("谢谢您，付款已收到")).to_be_visible()
    paid = seta.control("journal", family="wechatpay", direction="out")["entries"]
    assert len([entry for entry in paid if entry["status"] < 300]) == 1

"""A client books a call with their advisor from the phone, and both sides see it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import NARROW, WIDE, nameless_controls, overflowing, phone, small_targets
from tests.browser.test_phone_fitting import program as alone
from tests.browser.test_phone_order import agree, look_at, press
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

PAGE = "pages/call/call"


def befriend(browser: Browser, seta: RunningSeta) -> None:
    """The client scans the advisor's code and is their contact."""
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 林悦").click()
        expect(page.get_by_role("heading", name="林悦")).to_be_visible()
        said = page.get_by_role("button", name="同意", exact=True)
        expect(said).to_be_visible()
        said.click()
        expect(said).to_have_count(0)


def test_a_client_books_a_call_and_both_sides_see_it(browser: Browser, seta: RunningSeta) -> None:
    with alone(browser, seta, PAGE) as page:
        expect(page.get_by_text("暂时没有可预约的顾问")).to_be_visible()
    befriend(browser, seta)
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/consultations/")
        page.locator("[name=hours]").fill("Mo-Su 10:00-20:00")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".notice.ok")).to_contain_text("Your hours are in force.")
    with alone(browser, seta, PAGE) as page:
        times = page.get_by_role("radiogroup", name="时间").get_by_role("radio")
        expect(times.first).to_be_visible()
        press(page, "确认预约")
        expect(page.get_by_text("请选择时间")).to_be_visible()
        times.last.click()
        expect(page.get_by_text("北京时间")).to_be_visible()
        press(page, "确认预约")
        expect(page.get_by_text("请先勾选上面的说明")).to_be_visible()
        page.get_by_role("checkbox").click()
        assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], [])
        look_at(page, "call-zh-360")
        press(page, "确认预约")
        expect(page.get_by_text("通话已预约")).to_be_visible()
        look_at(page, "call-booked-zh-360")
        press(page, "查看我的预约")
        expect(page.get_by_text("视频咨询 · 林悦")).to_be_visible()
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/consultations/")
        expect(page.get_by_text("Booked by the client")).to_be_visible()
        leave_pictures(page, "call-booked-alone")
    with alone(browser, seta, PAGE, language="en_GB", size=WIDE) as page:
        times = page.get_by_role("radiogroup", name="Time").get_by_role("radio")
        expect(times.first).to_be_visible()
        look_at(page, "call-en-1440")
    with alone(browser, seta, "pages/appointment/appointment", language="en_GB") as page:
        page.get_by_role("button", name="Cancel Video call").click()
        agree(page)
        expect(page.get_by_text("No call is booked")).to_be_visible()
        look_at(page, "calls-none-en-360")

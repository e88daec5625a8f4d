"""A client gives her visit another time on the phone, and the store moves it once more at the desk."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from seta.kit.clock import ROME
from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import NARROW
from tests.browser.test_phone_fitting import program
from tests.browser.test_phone_order import look_at, press
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]
VISITS = "pages/appointment/appointment"


def choose(page: Page, which: int) -> str:
    """Press a free time of the day shown; returns its label."""
    free = page.get_by_role("radiogroup", name=re.compile("^(时间|Time)$")).locator(".chip:not(.chip-off)")
    expect(free.nth(which)).to_be_visible()
    free.nth(which).click()
    return free.nth(which).inner_text()


def test_a_visit_moves_on_the_phone_and_at_the_desk(browser: Browser, seta: RunningSeta) -> None:
    with program(browser, seta, VISITS) as page:
        first = choose(page, 0)
        press(page, "确认预约")
        expect(page.get_by_text("预约成功")).to_be_visible()
        press(page, "再约一次")
        page.get_by_role("button", name=re.compile("^改期")).first.click()
        expect(page.get_by_text("为这次预约选择新时间")).to_be_visible()
        second = choose(page, 1)
        look_at(page, "moving-zh-360")
        press(page, "确认改期")
        expect(page.get_by_text("改期成功")).to_be_visible()
        expect(page.locator(".done .title")).to_contain_text(second)
        tomorrow = f"{datetime.now(ROME) + timedelta(days=1):%Y-%m-%d}"
        look_at(page, "moved-zh-360")
        assert second != first
    with program(browser, seta, VISITS, language="en_GB", size=NARROW) as page:
        expect(page.get_by_role("button", name=re.compile("^Another time")).first).to_be_visible()
        look_at(page, "moving-mine-en-360")
        page.get_by_role("button", name=re.compile("^Another time")).first.click()
        expect(page.get_by_role("radiogroup", name="Time").get_by_role("radio").first).to_be_visible()
        look_at(page, "moving-en-360")
        press(page, "Keep the time as it is")
        expect(page.get_by_role("button", name="Book", exact=True)).to_be_visible()
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/stores/")
        page.fill("[name=day]", tomorrow)
        press(page, "Show")
        leave_pictures(page, "appointments", languages=("zh-hans", "en"))
        page.get_by_role("link", name=re.compile("^Another time")).first.click()
        expect(page.get_by_role("heading", name="Another time")).to_be_visible()
        leave_pictures(page, "appointment-moving", languages=("zh-hans", "en"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator(".slots button:enabled").last.click()
        expect(page.get_by_text("The appointment has a new time; the client is told.")).to_be_visible()

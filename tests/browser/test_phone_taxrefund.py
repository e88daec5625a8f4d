"""The tax of purchases on the phone: the rule with its source, the steps, and what receipts come to."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from seta.kit.clock import ROME
from tests.browser.phone_page import (
    NARROW,
    WAIT_MS,
    leave_screenshot,
    nameless_controls,
    overflowing,
    small_targets,
)
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def open_page(page: Page, seta: RunningSeta, path: str, language: str) -> None:
    """The mini program at one of its pages."""
    seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={language}"
    page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path={quote(path, safe='')}")


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out, is too small or nameless; the picture is kept."""
    assert page.locator(".mp-crash").count() == 0
    assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], []), name
    leave_screenshot(page, name)


def test_a_traveller_learns_what_receipts_come_to(browser: Browser, seta: RunningSeta) -> None:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        open_page(page, seta, "pages/discover/discover", "zh_CN")
        page.get_by_role("button", name="购物退税").click()
        expect(page.get_by_text("须超过 €70.00")).to_be_visible()
        expect(page.get_by_text("依据：")).to_contain_text("核对于")
        look_at(page, "tax-rule-zh-360")
        page.get_by_role("button", name="计算").click()
        expect(page.get_by_role("alert")).to_contain_text("请填写每张收据的金额")
        page.get_by_role("textbox", name="收据金额（欧元，含税） 1").fill("122,00")
        page.get_by_role("button", name="再加一张收据").click()
        page.get_by_role("textbox", name="收据金额（欧元，含税） 2").fill("60")
        page.get_by_role("button", name="计算").click()
        expect(page.get_by_text("税额最多 €22.00")).to_be_visible()
        expect(page.get_by_text("还差 €10.01")).to_be_visible()
        expect(page.get_by_text("合计最多 €22.00")).to_be_visible()
        expect(page.get_by_role("textbox", name="收据金额（欧元，含税） 1")).to_have_value("122,00")
        expect(page.get_by_role("textbox", name="收据金额（欧元，含税） 2")).to_have_value("60")
        look_at(page, "tax-receipts-zh-360")
        late = datetime.now(ROME).date() + timedelta(days=200)
        page.get_by_label("离开欧盟的日期").fill(late.isoformat())
        expect(page.get_by_text("合计最多")).to_have_count(0)
        page.get_by_role("button", name="计算").click()
        expect(page.get_by_text("离境日期已超过期限")).to_have_count(2)
        open_page(page, seta, "pages/tax-refund/tax-refund", "en")
        page.get_by_role("radio", name="I live in the EU").click()
        page.get_by_role("textbox", name="Receipt in euro, tax included 1").fill("1.250,90")
        page.get_by_role("button", name="Work it out").click()
        expect(page.get_by_text("Who lives in the Union has no refund")).to_be_visible()
        look_at(page, "tax-receipts-en-360")
    finally:
        context.close()

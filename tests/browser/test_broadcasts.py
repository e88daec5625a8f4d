"""A broadcast in Debian's Chromium: written for a segment, approved by another, received on the phone.

Pictures go to var/screenshots as broadcast-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures, reload_until
from tests.browser.phone_page import NARROW, leave_screenshot, phone
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORDS = "秋季系列已到蒙特拿破仑街精品店。欢迎您提前预约，林悦会为您留好座位。"


def test_marketing_broadcasts_to_followers_and_the_phone_has_it(browser: Browser, seta: RunningSeta) -> None:
    follow(seta)
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/content/")
        page.get_by_role("link", name="Broadcasts").click()
        page.get_by_role("link", name="Write a broadcast").click()
        page.wait_for_load_state()  # what counts the expected listens from then on
        page.locator("[name=title]").fill("Autumn preview")
        page.locator("[name=text_zh]").fill(WORDS)
        page.locator("[name=within_days]").fill("1")
        page.locator("[name=within_days]").dispatch_event("change")
        expect(page.locator("#expected .figure")).not_to_have_text("0")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator(".notice.ok")).to_contain_text("The broadcast is kept.")
        leave_pictures(page, "broadcast-writing", languages=("en", "zh-hans"))
        page.get_by_role("button", name="Submit for approval").click()
        expect(page.locator(".notice.ok")).to_contain_text("A second person can approve the broadcast now.")
        assert page.get_by_role("button", name="Approve").count() == 0
        address = page.url
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(address)
        leave_pictures(page, "broadcast-waiting", languages=("en", "zh-hans"))
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".notice.ok")).to_contain_text("The broadcast goes out at its time.")
        until_sent(page)
        leave_pictures(page, "broadcast-sent", languages=("en", "zh-hans"))
        page.goto(f"{seta.base_url}/desk/broadcasts/")
        leave_pictures(page, "broadcast-list", languages=("en", "zh-hans"))
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        page.get_by_role("button", name="Serica").first.click()
        expect(page.locator("body")).to_contain_text("秋季系列已到蒙特拿破仑街精品店")
        leave_screenshot(page, "broadcast-received")


def follow(seta: RunningSeta) -> None:
    """Three of the sandbox's people follow the account, as by its poster."""
    for openid in seta.config["official_account"]["openids"][:3]:
        httpx.post(f"{seta.sandbox_url}/_control/follow", json={"openid": openid}, trust_env=False)


def until_sent(page: Page) -> None:
    """The worker divides and sends; WeChat's report closes it."""
    expect(page.locator("header .tag")).not_to_have_text("Draft")
    reload_until(page, page.locator("header .tag.ok"))

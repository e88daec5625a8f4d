"""A piece is kept for a client who books a time to try it on, and let go with the visit."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone_page import NARROW, WAIT_MS, WIDE
from tests.browser.test_phone_order import agree, look_at, press
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


@contextmanager
def program(
    browser: Browser, seta: RunningSeta, path: str, *, language: str = "zh_CN", size: tuple[int, int] = NARROW
) -> Iterator[Page]:
    """A page of the mini program, without the phone around it."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.set_default_timeout(WAIT_MS)
    try:
        page = context.new_page()
        seat = f"consumer=chenxiao&appid={seta.config['mini_program']['appid']}&lang={language}"
        page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path={quote(path, safe='')}")
        yield page
        assert page.locator(".mp-crash").count() == 0
    finally:
        context.close()


def test_a_piece_is_kept_for_a_fitting_and_let_go_with_it(browser: Browser, seta: RunningSeta) -> None:
    with program(browser, seta, "pages/boutique/boutique") as page:
        page.get_by_role("button", name="查看").nth(1).click()
        press(page, "预约到店试看")
        expect(page.get_by_text("想试穿的作品")).to_be_visible()
        page.get_by_role("radiogroup", name="时间").get_by_role("radio").last.click()
        look_at(page, "fitting-zh-360")
        press(page, "确认预约")
        expect(page.get_by_text("预约成功")).to_be_visible()
        expect(page.get_by_text("已为您留好")).to_be_visible()
        look_at(page, "fitting-kept-zh-360")
        press(page, "再约一次")
        expect(page.get_by_text("试穿 · ")).to_be_visible()
    with program(browser, seta, "pages/appointment/appointment", language="en_GB", size=WIDE) as page:
        expect(page.get_by_text("A fitting · ")).to_be_visible()
        expect(page.get_by_text("No call is booked")).to_be_visible()
        look_at(page, "fitting-mine-en-1440")
        page.get_by_role("button", name=re.compile("^Cancel ")).first.click()
        agree(page)
        expect(page.get_by_text("A fitting · ")).to_have_count(0)
        expect(page.get_by_text("Kept for you")).to_have_count(0)

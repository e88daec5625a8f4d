"""Printed codes land in the mini program: each opens what it names, and one that names nothing is told of."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

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


@contextmanager
def landed(browser: Browser, seta: RunningSeta, query: str, language: str = "zh_CN") -> Iterator[Page]:
    """The mini program as a printed code opens it."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    try:
        page = context.new_page()
        seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={language}"
        path = quote(f"pages/scan/scan?{query}" if query else "pages/scan/scan", safe="")
        page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path={path}")
        yield page
        assert page.locator(".mp-crash").count() == 0
    finally:
        context.close()


def scene(text: str) -> str:
    """A mini program code's query, encoded once more as WeChat does."""
    return f"scene={quote(quote(text, safe=''), safe='')}"


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out, is too small or nameless; the picture is kept."""
    assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], []), name
    leave_screenshot(page, name)


def test_a_code_opens_its_place_its_piece_or_its_store(browser: Browser, seta: RunningSeta) -> None:
    with landed(browser, seta, scene("c=ss27;p=duomo")) as page:
        expect(page.get_by_text("米兰大教堂").first).to_be_visible()
        expect(page.get_by_role("button", name="加入行程")).to_be_visible()
    with landed(browser, seta, scene("g=lago-carre")) as page:
        expect(page.get_by_text("湖光方巾")).to_be_visible()
        expect(page.get_by_role("button", name="立即购买")).to_be_visible()
    for language, welcome, book in (("zh_CN", "欢迎光临", "预约到店"), ("en", "Welcome", "Book a visit")):
        with landed(browser, seta, scene("c=ss27;b=brera"), language) as page:
            expect(page.get_by_text(welcome)).to_be_visible()
            look_at(page, f"scan-store-{language[:2]}-360")
            page.get_by_role("button", name=book).click()
            chosen = page.get_by_role("radio", checked=True).first
            expect(chosen).to_contain_text("Brera" if language == "en" else "布雷拉")


def test_a_code_that_names_nothing_here_is_told_of(browser: Browser, seta: RunningSeta) -> None:
    for language, words in (("zh_CN", "没有找到这个二维码的内容"), ("en", "Nobody here knows this code")):
        with landed(browser, seta, scene("c=ss27;p=nowhere"), language) as page:
            expect(page.get_by_role("alert")).to_contain_text(words)
            look_at(page, f"scan-unknown-{language[:2]}-360")
    with landed(browser, seta, f"q={quote('https://elsewhere.example/x', safe='')}") as page:
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("button", name="回到首页").click()
        expect(page.get_by_text("您好，欢迎来到米兰")).to_be_visible()
    with landed(browser, seta, "") as page:
        expect(page.get_by_role("button", name="扫一扫")).to_be_visible()


def keep_a_time(page: Page) -> None:
    """Book the last free time of the first day that has one."""
    times = page.get_by_role("radiogroup", name="时间")
    none = page.get_by_text("当天没有空位，请换一天。")
    days = page.get_by_role("radiogroup", name="日期").get_by_role("radio")
    expect(days.first).to_be_visible()
    for each in range(days.count()):
        days.nth(each).click()
        expect(days.nth(each)).to_have_attribute("aria-checked", "true")
        expect(times.or_(none)).to_be_visible()
        if times.is_visible():
            break
    times.get_by_role("radio", name="空位").last.click()
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_text("预约成功")).to_be_visible()


def test_a_visit_booked_from_a_store_s_code_is_kept_among_what_is_mine(
    browser: Browser, seta: RunningSeta
) -> None:
    with landed(browser, seta, scene("b=brera")) as page:
        page.get_by_role("button", name="看看作品").click()
        page.get_by_role("button", name="我的", exact=True).click()
        expect(page.get_by_text("还没有预约")).to_be_visible()
    with landed(browser, seta, scene("b=brera")) as page:
        page.get_by_role("button", name="预约到店").click()
        keep_a_time(page)
        when = page.locator(".done .title").inner_text()
        page.get_by_role("button", name="返回", exact=True).click()
        page.get_by_role("button", name="看看作品").click()
        page.get_by_role("button", name="我的", exact=True).click()
        mine = page.get_by_role("button", name="我的预约")
        expect(mine).to_contain_text(when)
        look_at(page, "visits-mine-zh-360")
        mine.click()
        expect(page.get_by_role("button", name="取消预约")).to_be_visible()

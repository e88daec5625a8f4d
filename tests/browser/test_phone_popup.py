"""A pop-up on the phone: a printed code opens it in its own colour, a piece is bought, and after the end it says so."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.desk_page import at_the_desk
from tests.browser.phone_page import (
    NARROW,
    WAIT_MS,
    leave_screenshot,
    nameless_controls,
    overflowing,
    small_targets,
)
from tests.browser.test_popups import INTROS, TITLES, garden, press
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

ACCENT = "rgb(31, 91, 74)"


def planned(page: Page, seta: RunningSeta) -> str:
    """Marketing plans a pop-up at the desk; its page there."""
    page.goto(f"{seta.base_url}/desk/popups/")
    page.get_by_role("link", name="Plan a pop-up").click()
    page.locator("[name=code]").fill("giardino")
    for language in ("zh", "en", "it"):
        page.locator(f"[name=title_{language}]").fill(TITLES[language])
        page.locator(f"[name=intro_{language}]").fill(INTROS[language])
    page.locator("[name=accent]").fill("#1f5b4a")
    page.locator("[name=opens_at]").fill("2099-05-04T10:00")
    page.locator("[name=closes_at]").fill("2099-05-11T20:00")
    page.locator("[name=posters]").fill("duomo, Piazza del Duomo")
    page.locator("[name='pieces:LAGO-90']").fill("6")
    page.locator("[name='pieces:GALLERIA-90']").fill("1")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.locator(".notice.ok")).to_contain_text("The plan is kept.")
    file = FilePayload(name="garden.png", mimeType="image/png", buffer=garden())
    page.locator("[name=picture]").set_input_files(file)
    page.get_by_role("button", name="Set the cover").click()
    expect(page.locator(".phone .cover img")).to_be_visible()
    return page.url


def open_path(page: Page, seta: RunningSeta, path: str, language: str = "zh_CN") -> None:
    """The mini program at one of its pages."""
    seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang={language}"
    page.goto(f"{seta.sandbox_url}/_mp/index.html?{seat}&path={quote(path, safe='')}")


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out, is too small or nameless; the picture is kept."""
    assert page.locator(".mp-crash").count() == 0
    assert (overflowing(page), small_targets(page), nameless_controls(page)) == ([], [], []), name
    leave_screenshot(page, name)


def test_a_pop_up_is_announced_opened_by_its_code_bought_from_and_over(
    browser: Browser, seta: RunningSeta
) -> None:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        with at_the_desk(browser, seta, "marketing") as desk:
            at = planned(desk, seta)
            number = re.search(r"/popups/(\d+)/", at)
            assert number is not None
            code = quote(f"{seta.base_url}/popups/{number[1]}/duomo", safe="")
            open_path(page, seta, "pages/home/home")
            announced = page.get_by_role("button", name=TITLES["zh"])
            announced.scroll_into_view_if_needed()
            look_at(page, "popup-home-zh-360")
            announced.click()
            expect(page.locator(".when")).to_have_text("5月4日 周一 10:00 开始")
            expect(page.get_by_role("button", name="购买")).to_have_count(0)
            look_at(page, "popup-planned-zh-360")
            press(desk, "Open it now")
            expect(desk.locator(".notice.ok")).to_contain_text("The pop-up is open")
            for language in ("zh", "en"):
                open_path(page, seta, f"pages/scan/scan?q={code}", {"zh": "zh_CN", "en": "en"}[language])
                expect(page.get_by_role("heading", name=TITLES[language])).to_be_visible()
                expect(page.locator(".head")).to_have_css("background-color", ACCENT)
                expect(page.locator(".piece")).to_have_count(2)
                look_at(page, f"popup-open-{language}-360")
            page.get_by_role("button", name="Buy Galleria").click()
            expect(page.get_by_role("button", name="WeChat Pay")).to_be_visible()
            page.get_by_role("button", name="Back", exact=True).click()
            expect(page.get_by_role("button", name="Buy Galleria")).to_have_text("Sold out")
            desk.goto(at)
            expect(desk.locator(".card", has_text="Visits").first).to_contain_text("1")
            press(desk, "Close now")
            expect(desk.locator(".notice.ok")).to_contain_text("what is unsold went back")
        open_path(page, seta, f"pages/scan/scan?scene={quote('c=giardino;p=duomo', safe='')}")
        expect(page.get_by_text("结束", exact=False).first).to_be_visible()
        look_at(page, "popup-over-zh-360")
        open_path(page, seta, "pages/popup/popup?code=nowhere")
        expect(page.get_by_text("没有找到这家快闪店")).to_be_visible()
    finally:
        context.close()

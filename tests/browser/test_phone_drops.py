"""On the phone a client enters a draw, may check it and leave it, and sees a piece lapse that was not paid for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk
from tests.browser.phone_page import NARROW, leave_screenshot, nameless_controls, overflowing, small_targets
from tests.browser.test_drops import plan
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

LAPSED_MS = 90_000  # a minute's hold, and what the server and the page take to notice
SAID = {
    "zh": ("zh_CN", "参加抽签", "您已参加抽签", "退出抽签"),
    "en": ("en", "Enter the draw", "You are in the draw", "Leave the draw"),
}


@pytest.fixture(scope="module")
def draw(browser: Browser, seta: RunningSeta) -> str:
    """A draw that is open, which asks WeChat about everybody; its number."""
    turn = (datetime.now(UTC) + timedelta(minutes=25)).replace(second=0, microsecond=0)
    with at_the_desk(browser, seta, "marketing") as page:
        plan(page, seta, code="ss27-telefono", kind="draw", turn=turn, ranks=("2", "4"))
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator(".notice.ok")).to_contain_text("The drop is open.")
        return page.url.rstrip("/").rpartition("/")[2]


@pytest.fixture(scope="module")
def minute(browser: Browser, seta: RunningSeta) -> str:
    """A release that is open and keeps a piece for one minute; its number."""
    turn = (datetime.now(UTC) + timedelta(minutes=25)).replace(second=0, microsecond=0)
    with at_the_desk(browser, seta, "marketing") as page:
        plan(page, seta, code="ss27-minuto", kind="first_come", turn=turn, hold=1)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.locator(".notice.ok")).to_contain_text("The drop is open.")
        return page.url.rstrip("/").rpartition("/")[2]


def address(seta: RunningSeta, consumer: str, lang: str, drop: str) -> str:
    """A release's page in the mini program, as one consumer of the sandbox opens it."""
    seat = f"consumer={consumer}&appid={seta.config['mini_program']['appid']}&lang={lang}"
    path = quote(f"pages/drop/drop?id={drop}", safe="")
    return f"{seta.sandbox_url}/_mp/index.html?{seat}&path={path}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_client_enters_a_draw_and_leaves_it(
    browser: Browser, seta: RunningSeta, draw: str, language: str
) -> None:
    lang, enter, entered, leave = SAID[language]
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    try:
        page = context.new_page()
        page.goto(address(seta, "lihaoran", lang, draw))
        button = page.get_by_role("button", name=enter)
        expect(button).to_be_visible()
        leave_screenshot(page, f"draw-{language}-360")
        button.click()
        expect(page.get_by_role("status").filter(has_text=entered)).to_be_visible()
        frame = page.main_frame
        assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
        leave_screenshot(page, f"draw-entered-{language}-360")
        page.get_by_role("button", name=leave).click()
        expect(button).to_be_visible()
    finally:
        context.close()


def test_a_piece_that_is_not_paid_in_time_is_seen_to_lapse_without_a_touch(
    browser: Browser, seta: RunningSeta, minute: str
) -> None:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    try:
        page = context.new_page()
        page.goto(address(seta, "chenxiao", "zh_CN", minute))
        page.get_by_role("button", name="预留一件").click()
        pay = page.get_by_role("button", name="去付款")
        expect(pay).to_be_visible()
        expect(page.get_by_text("您的预留已过期")).to_be_visible(timeout=LAPSED_MS)
        expect(pay).to_have_count(0)
        expect(page.get_by_role("button", name="预留一件")).to_be_visible()
        leave_screenshot(page, "drop-lapsed-zh-360")
    finally:
        context.close()

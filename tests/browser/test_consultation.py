"""A consultation in Debian's Chromium: two browsers see each other, agree, record, withdraw and hang up.

The camera is Chromium's own test picture. Pictures go to var/screenshots as consultation-<what>-<width>.png.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.desk_page import (
    at_the_desk,
    leave_picture,
    reload_until,
    small_targets,
    wider_than_the_window,
)
from tests.browser.phone_page import ARGUMENTS, CHROMIUM, NARROW, WIDE, nameless_controls, require_chromium
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAKE_MEDIA = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]
CALL_MS = 20_000
SEES = """async () => {
  const video = document.querySelector('[data-tiles] video')
  const [link] = document.querySelector('[data-consult]').lines.values()
  if (!video?.videoWidth || !link) return 0
  return (await link.measure()).bytes_in
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that are made up, and nobody to be asked for them."""
    require_chromium()
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *FAKE_MEDIA])
        yield one
        one.close()


@contextmanager
def at_the_phone(browser: Browser, url: str) -> Iterator[Page]:
    """The client's browser, in another context; a script error fails the test at the end."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]}, locale="zh-CN")
    context.set_default_timeout(CALL_MS)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(url)
    try:
        yield page
        assert troubles == []
    finally:
        context.close()


@pytest.fixture(scope="module")
def seta(browser: Browser, demo_world: RunningSeta) -> RunningSeta:
    """The demo world with one client in the associate's book."""
    with at_the_desk(browser, demo_world, "linyue") as page:
        fill_book(page, demo_world)
    return demo_world


def fill_book(page: Page, seta: RunningSeta) -> None:
    """Bring the client in by a file."""
    page.goto(f"{seta.base_url}/desk/clients/import/")
    rows = "name,phone,remark,birthday,size_category,size_system,size,preference,note,consent_messages\n"
    rows += "陈晓,+8613800001234,陈太太,11-28,women_clothing,IT,40,墨绿,,yes\n"
    page.set_input_files(
        "[name=file]", [{"name": "book.csv", "mimeType": "text/csv", "buffer": rows.encode()}]
    )
    page.click("button[value=keep]")
    page.wait_for_selector(".notice.ok")


def book(page: Page, seta: RunningSeta) -> str:
    """Book the next quarter of an hour with the first client; the client's link."""
    page.goto(f"{seta.base_url}/desk/consultations/")
    zone = ZoneInfo("Europe/Rome")
    soon = datetime.now(UTC) + timedelta(seconds=10)
    starts = soon.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=15 * (soon.minute // 15 + 1))
    local = starts.astimezone(zone)
    page.fill("[name=day]", local.strftime("%Y-%m-%d"))
    page.fill("[name=time]", local.strftime("%H:%M"))
    page.fill("[name=topic]", "秋冬新品")
    page.click("form[action$='/book/'] button.primary")
    page.wait_for_selector("[data-select]")
    return page.input_value("[data-select]")


def once_open(page: Page, selector: str) -> None:
    """Wait for the room to open: within the last seconds of a quarter the next one is not open yet."""
    reload_until(page, page.locator(selector))


def go_in(page: Page, *, agree: bool) -> None:
    """Through the lobby: devices checked, consent ticked or not."""
    page.wait_for_load_state()
    page.click("[data-allow]")
    expect(page.locator("[data-enter]")).to_be_enabled()
    page.wait_for_function("() => document.querySelector('[data-preview]').videoWidth > 0")
    if agree:
        page.check("[data-consent]")


def sees(page: Page, *, more_than: int = 5000) -> int:
    """Bytes of the other's media, once their picture is there and they are more than so many."""
    return patiently(page, SEES, more_than)


def patiently(page: Page, script: str, more_than: int) -> int:
    """What a script that takes its time finds, once it is more than so many."""
    until = time.monotonic() + CALL_MS / 1000
    while (found := int(page.evaluate(script))) <= more_than:
        assert time.monotonic() < until, (found, page.locator("main").inner_text())
        page.wait_for_timeout(200)
    return found


def well_built(page: Page) -> None:
    """Nothing sticks out or lacks a name; on a phone everything can be pressed."""
    assert wider_than_the_window(page) <= 0
    assert nameless_controls(page) == []
    size = page.viewport_size
    assert size is not None
    if size["width"] == NARROW[0]:
        assert small_targets(page) == []


def picture(page: Page, name: str, size: tuple[int, int]) -> None:
    """Keep the page in a size, once checked."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)
    well_built(page)
    leave_picture(page, f"consultation-{name}-{size[0]}")


def test_two_browsers_hold_a_consultation_that_both_may_record_and_either_may_stop(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "linyue") as desk:
        desk.set_default_timeout(CALL_MS)
        link = book(desk, seta)
        with at_the_phone(browser, link) as phone:
            once_open(phone, "[data-allow]")
            go_in(phone, agree=False)
            picture(phone, "lobby", NARROW)
            phone.click("[data-enter]")
            desk.reload()
            once_open(desk, "a[href$='/room/']")
            desk.click("a[href$='/room/']")
            go_in(desk, agree=False)
            picture(desk, "lobby", WIDE)
            desk.click("[data-enter]")

            before = sees(phone), sees(desk)
            assert sees(phone, more_than=before[0]) > before[0]
            assert sees(desk, more_than=before[1]) > before[1]
            assert desk.locator("[data-recording]").is_hidden()

            desk.select_option("[name=what]", index=0)
            desk.click("[data-show] button")
            title = phone.locator("[data-shown] h3").first
            expect(title).to_be_visible()
            assert title.inner_text() == desk.locator("[data-shown] h3").first.inner_text()

            desk.click("[data-record]")
            phone.wait_for_selector("[data-agree]")
            assert desk.locator("[data-recording]").is_hidden()
            picture(phone, "asked", NARROW)
            phone.click("[data-agree]")
            for page in (phone, desk):
                expect(page.locator("[data-recording]")).to_be_visible()
            patiently(desk, PIECES, 0)
            picture(phone, "call", NARROW)
            picture(desk, "call", WIDE)
            picture(phone, "call-client", WIDE)
            picture(desk, "call-desk", NARROW)

            phone.click("[data-withdraw]")
            for page in (phone, desk):
                expect(page.locator("[data-recording]")).to_be_hidden()
            assert sees(desk) > 0

            phone.click("[data-hang-up]")
            for page in (phone, desk):
                expect(page.locator("[data-over]")).to_be_visible()
            phone.reload()
            expect(phone.locator("main")).to_contain_text("咨询已结束")
        desk.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        the_record_is_kept(desk, seta)


PIECES = """async () => {
  const config = JSON.parse(document.getElementById('consult-config').textContent)
  const answer = await fetch('/api/rooms/v1/state', { headers: { authorization: `Bearer ${config.pass}` } })
  return (await answer.json()).pieces
}"""


def the_record_is_kept(desk: Page, seta: RunningSeta) -> None:
    """The record tells of the call, its recording plays, and the client's timeline has it."""
    desk.click("[data-over] a")
    body = desk.locator("main")
    expect(body).to_contain_text("Took place")
    expect(body).to_contain_text("Consent withdrawn")
    expect(body).to_contain_text("Round trip")
    for size in (WIDE, NARROW):
        picture(desk, "record", size)
    desk.click("form[method=get] button")
    desk.wait_for_function("() => document.querySelector('.player').videoWidth > 0", timeout=CALL_MS)
    desk.click("main dl a")
    desk.wait_for_url("**/desk/clients/**")
    address = desk.url.split("?", maxsplit=1)[0]
    desk.goto(f"{address}?tab=timeline")
    reload_until(desk, desk.locator("main").get_by_text("Held a consultation"))
    desk.goto(f"{seta.base_url}/desk/consultations/")
    for size in (NARROW, WIDE):
        picture(desk, "list", size)


def test_a_forged_link_a_third_device_and_an_early_supervisor_stay_outside(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "linyue") as desk:
        desk.set_default_timeout(CALL_MS)
        desk.goto(f"{seta.base_url}/desk/consultations/")
        if desk.locator("main .list a").count() == 0:
            book(desk, seta)
        desk.goto(f"{seta.base_url}/desk/consultations/")
        address = desk.locator("main .list a").first.get_attribute("href")
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{seta.base_url}/consultations/1.cons_forged.client.0.9999999999.AAAA/")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("链接无效")
    context.close()
    with at_the_desk(browser, seta, "supervisor") as supervisor:
        answer = supervisor.goto(f"{seta.base_url}{address}room/")
        assert answer is not None
        assert answer.status == 403

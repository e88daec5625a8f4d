"""An associate's day in Chromium: a client added by code, messages held, released and sent, group sends and Moments.

The client's phone and the associate's phone are the sandbox's; pictures are kept as composer-*.png.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import (
    at_the_desk,
    leave_picture,
    small_targets,
    wider_than_the_window,
)
from tests.browser.phone_page import NARROW, WAIT_MS, WIDE, nameless_controls
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HELD = "我私下给您打五折，别告诉店里"
WORDS = "陈女士您好，新到的方巾为您留了一条，欢迎到店看看"
NO_QUIET = {"own_hours": "0", "colleague_days": "0", "week_max": "0", "night_from": "0", "night_until": "0"}


@contextmanager
def associate_phone(browser: Browser, seta: RunningSeta) -> Iterator[Page]:
    """林悦's WeCom at the sandbox, in a browser of its own that the toolbar opens in too."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]}, locale="zh-CN")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(f"{seta.sandbox_url}/associate?userid=linyue")
    try:
        yield page
    finally:
        context.close()


def fits(page: Page, name: str) -> None:
    """Keep the page as it stands and look that nothing sticks out, lacks a name or is too small."""
    assert wider_than_the_window(page) <= 0, name
    assert nameless_controls(page) == [], name
    leave_picture(page, f"composer-{name}", whole=True)


def in_both_widths(page: Page, name: str) -> None:
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        fits(page, f"{name}-{size[0]}")
        if size is NARROW:
            assert small_targets(page) == [], name


def scanned(browser: Browser, seta: RunningSeta) -> str:
    """The client scans 林悦's code with the phone; returns the client's WeCom name once the book knows them."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]}, locale="zh-CN")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(f"{seta.sandbox_url}/")
    page.locator(".bar-right").click()
    page.locator(".code", has_text="林悦").first.click()
    expect(page.locator(".message").last).to_contain_text("顾问", timeout=20_000)
    leave_picture(page, "composer-phone-added-360")
    context.close()
    return str(seta.config["wecom"]["external_userid"])


def agree_to_messages(page: Page, seta: RunningSeta, person: str) -> None:
    form = {"purpose": "messages", "granted": "yes", "how": "in the boutique"}
    post(page, seta, f"/desk/clients/{person}/keep/consent/", form)


def post(page: Page, seta: RunningSeta, path: str, form: dict[str, str]) -> None:
    """Post a form of the desk as the signed-in member."""
    page.goto(f"{seta.base_url}/desk/clients/")
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    answer = page.request.post(
        seta.base_url + path, form={**form, "csrfmiddlewaretoken": token}, headers={"Referer": seta.base_url}
    )
    assert answer.ok, answer.text()[:400]


def test_a_client_is_added_written_to_held_and_reached(browser: Browser, seta: RunningSeta) -> None:
    seta.control("wecom_settings", sidebar_url=f"{seta.base_url}/desk/composer/wecom/serica/")
    scanned(browser, seta)
    with (
        associate_phone(browser, seta) as phone,
        at_the_desk(browser, seta, "supervisor", language="zh-hans") as desk,
    ):
        post(desk, seta, "/desk/clients/blackout/", NO_QUIET)
        phone.locator("ul .row").first.click()
        with phone.expect_popup() as popup:
            phone.locator("a.button").click()
        bar = popup.value
        bar.wait_for_selector("[data-in-chat=yes]")
        person = bar.url.rstrip("/").rsplit("/", 1)[-1]
        _held_and_released(bar, desk, seta)
        _sent(bar, phone)
        in_both_widths(bar, "sidebar")
        agree_to_messages(bar, seta, person)
        _group(bar, phone, seta)
        _moments(bar, phone, seta)


def _held_and_released(bar: Page, desk: Page, seta: RunningSeta) -> None:
    bar.fill("#text", HELD)
    expect(bar.locator(".verdict.hold")).to_be_visible()
    expect(bar.locator(".verdict mark").first).to_be_visible()
    fits(bar, "marked-360")
    bar.click("[data-button]")
    expect(bar.locator("#said")).to_contain_text("等待主管")
    desk.goto(f"{seta.base_url}/desk/composer/held/")
    in_both_widths(desk, "held")
    desk.fill("[data-held] [name=reason]", "已与店长确认的员工折扣活动")
    desk.click("[data-held] button[value=yes]")
    desk.wait_for_selector(".notice.ok")
    bar.reload()
    bar.wait_for_selector("[data-in-chat=yes]")
    bar.locator("[data-ready] button").first.click()
    expect(bar.locator("#said")).to_contain_text("已发送")


def _sent(bar: Page, phone: Page) -> None:
    bar.wait_for_selector("[data-in-chat=yes]")
    bar.locator("[data-use]").first.click()
    expect(bar.locator(".verdict.allow")).to_be_visible()
    bar.select_option("[name=attach]", index=1)
    bar.click("[data-button]")
    expect(bar.locator("#said")).to_contain_text("已发送")
    expect(phone.locator(".bubble.mine").last).to_contain_text("小程序")
    leave_picture(phone, "composer-associate-phone-360")


def _group(bar: Page, phone: Page, seta: RunningSeta) -> None:
    _plan(bar, seta, "group")
    phone.bring_to_front()
    phone.locator("header button").click()
    phone.locator("[data-task] button.main").first.click(timeout=40_000)
    expect(phone.locator("[data-task] .done").first).to_be_visible()
    bar.reload()
    bar.click("form[action$='/refresh/'] button")
    expect(bar.locator(".cards .figure").nth(1)).to_have_text("1 / 1")
    in_both_widths(bar, "group")
    leave_picture(phone, "composer-associate-tasks-360")
    bar.goto(f"{seta.base_url}/desk/outreach/")
    in_both_widths(bar, "outreach")


def _plan(bar: Page, seta: RunningSeta, kind: str) -> None:
    bar.goto(f"{seta.base_url}/desk/outreach/")
    bar.locator("[data-use]").first.click()
    bar.select_option("[name=kind]", kind)
    bar.click("form.card button.primary")
    bar.wait_for_selector(".notice.ok")


def _moments(bar: Page, phone: Page, seta: RunningSeta) -> None:
    _plan(bar, seta, "moments")
    address = bar.url
    task = phone.locator("[data-task^=mom] button.main").first
    task.click(timeout=40_000)
    expect(phone.locator("[data-task^=mom] .done").first).to_be_visible()
    moment = phone.locator("[data-task^=mom]").first.get_attribute("data-task")
    external = seta.config["wecom"]["external_userid"]
    seta.control("moment_react", userid="linyue", external_userid=external, moment_id=moment, kind="like")
    bar.goto(address)
    bar.click("form[action$='/refresh/'] button")
    expect(bar.locator(".cards .figure").nth(2)).to_have_text("1")
    in_both_widths(bar, "moments")
    _seen_by_the_client(bar, seta)


def _seen_by_the_client(bar: Page, seta: RunningSeta) -> None:
    """The client's phone has the words, the card and the post."""
    assert bar.context.browser is not None
    context = bar.context.browser.new_context(
        viewport={"width": NARROW[0], "height": NARROW[1]}, locale="zh-CN"
    )
    context.set_default_timeout(WAIT_MS)
    client = context.new_page()
    client.goto(f"{seta.sandbox_url}/")
    client.locator(".row", has_text="林悦").first.click()
    expect(client.locator(".card-title").last).to_be_visible()
    leave_picture(client, "composer-phone-received-360")
    context.close()

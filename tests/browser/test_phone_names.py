"""Every page of the mini program as a screen reader hears it: by the accessibility tree, no control is nameless."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone_page import BUNDLE, NARROW, WAIT_MS, overflowing, small_targets
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

CONTROLS = frozenset(
    {"button", "link", "checkbox", "radio", "switch", "textbox", "searchbox", "tab", "img", "image"}
)
GROUPS = frozenset({"radiogroup", "group", "tablist"})
WITH = {
    "pages/search/search": {"q": "duomo"},
    "pages/place/place": {"code": "duomo"},
    "pages/product/product": {"code": "lago-carre"},
}
"""What a page is opened with; one that is not named here is opened bare and has to say what it lacks."""


def all_pages() -> list[str]:
    """The pages of every package, as the build lists them."""
    manifest = json.loads((BUNDLE / "app.json").read_text())
    later = [f"{package['root']}/{name}" for package in manifest["subPackages"] for name in package["pages"]]
    return [*manifest["pages"], *later]


def address_of(seta: RunningSeta, page: str, query: dict[str, str], language: str) -> str:
    """The mini program without the phone around it, at one of its pages."""
    path = f"{page}?{urlencode(query)}" if query else page
    seat = {
        "consumer": "chenxiao",
        "appid": seta.config["mini_program"]["appid"],
        "lang": language,
        "path": path,
    }
    return f"{seta.sandbox_url}/_mp/index.html?{urlencode(seat)}"


def heard(page: Page) -> list[dict[str, Any]]:
    """What is in the accessibility tree, without what it leaves out."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node.get("ignored")]


def nameless(nodes: list[dict[str, Any]]) -> list[str]:
    """Controls and groups of controls without a name, and controls that are named but by a sign alone."""
    found = []
    for node in nodes:
        role, name = node["role"]["value"], str(node.get("name", {}).get("value", "")).strip()
        if role in GROUPS | CONTROLS and not any(letter.isalnum() for letter in name):
            found.append(f"{role} {name!r}")
    return found


def come_to_rest(page: Page) -> None:
    """Wait until no skeleton is in sight."""
    expect(page.locator(".mp-page:not([hidden]) .wx-page > *").first).to_be_visible()
    expect(page.locator("[aria-label='正在加载'], [aria-label='Loading']")).to_have_count(0)


def listen(page: Page, where: str) -> None:
    """Nothing here is nameless, too small to press or sticks out; the page has a heading and no crash."""
    come_to_rest(page)
    nodes = heard(page)
    assert nameless(nodes) == [], where
    headings = [node for node in nodes if node["role"]["value"] == "heading"]
    assert [bool(node["name"]["value"]) for node in headings] == [True], where
    assert page.locator(".mp-crash").count() == 0, where
    assert (overflowing(page), small_targets(page)) == ([], []), where


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_control_of_any_page_is_without_a_name(browser: Browser, seta: RunningSeta, language: str) -> None:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        pages = all_pages()
        for name in pages:
            page.goto(address_of(seta, name, WITH.get(name, {}), language))
            listen(page, f"{language} {name}")
        assert set(WITH) <= set(pages)
    finally:
        context.close()


def test_pages_that_come_after_a_choice_are_named_too(browser: Browser, seta: RunningSeta) -> None:
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        page.goto(address_of(seta, "pages/plan/plan", {}, "zh_CN"))
        page.get_by_role("button", name="生成行程").click()
        expect(page.locator(".stop").first).to_be_visible()
        listen(page, "a planned stay")
        page.get_by_role("button", name="制作行程卡片").click()
        expect(page.get_by_role("button", name="保存或发送图片")).to_be_enabled()
        listen(page, "its card")
        page.goto(address_of(seta, "pages/product/product", WITH["pages/product/product"], "zh_CN"))
        page.get_by_role("button", name="立即购买").click()
        expect(page.get_by_role("button", name="微信支付")).to_be_visible()
        listen(page, "an order")
        page.goto(address_of(seta, "pages/home/home", {}, "zh_CN"))
        page.get_by_role("button", name="湖光方巾").click()
        expect(page.get_by_role("button", name="预留一件")).to_be_visible()
        listen(page, "a limited release")
    finally:
        context.close()

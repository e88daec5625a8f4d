"""The map on the phone: a place, a day's stops in order, what is near, and pages passed on to friends and Moments."""

import re

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.browser.phone_page import (
    NARROW,
    WIDE,
    drawn_colours,
    inside,
    leave_screenshot,
    nameless_controls,
    overflowing,
    phone,
    program,
    small_targets,
    toasted,
)
from tests.browser.test_offline import no_network
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]
NAMES = {"zh": ("发现", "小程序 · Serica Milano"), "en": ("Discover", "Mini program · Serica Milano")}


def assert_sound(page: Page) -> None:
    """Nothing sticks out, is too small to press or has no name, in the mini program and around it."""
    frame = inside(page)
    assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
    assert nameless_controls(page) == []


def open_program(page: Page, language: str) -> FrameLocator:
    """The mini program from the phone's own list."""
    for name in NAMES[language]:
        page.get_by_role("button", name=name).click()
    return program(page)


def order_by_distance(page: Page, mini: FrameLocator) -> None:
    """Metres of the rows in sight never grow smaller."""
    far = mini.locator(".place .far")
    expect(far).to_have_count(12)
    metres = [float(one.split()[0]) * (1000 if one.endswith("km") else 1) for one in far.all_inner_texts()]
    assert metres == sorted(metres)


def test_nearest_places_come_first_once_the_phone_may_say_where_it_is(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "zh")
        mini.get_by_role("button", name="逛逛米兰").click()
        near = mini.get_by_role("checkbox", name="离我最近")
        near.click()
        asked = page.get_by_role("dialog", name="位置信息")
        expect(asked).to_contain_text("用于把离您最近的去处排在前面")
        leave_screenshot(page, "location-asked-zh-360")
        asked.get_by_role("button", name="拒绝").click()
        expect(mini.get_by_role("alert")).to_contain_text("未获允许使用您的位置")
        assert_sound(page)
        leave_screenshot(page, "location-refused-zh-360")
        near.click()  # asked once: a refusal stands
        expect(mini.get_by_role("alert")).to_contain_text("您可以在设置中开启")
        mini.get_by_role("button", name="打开设置").click()
        settings = page.get_by_role("dialog", name="设置")
        settings.get_by_role("switch", name="位置信息").click()
        settings.get_by_role("button", name="完成").click()
        expect(near).to_have_attribute("aria-checked", "true")
        order_by_distance(page, mini)
        expect(mini.locator(".place .subtitle").first).to_contain_text("大教堂")
        assert_sound(page)
        leave_screenshot(page, "near-zh-360")
        near.click()
        expect(mini.locator(".place .far")).to_have_count(0)


def test_who_refuses_points_at_a_place_instead(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        mini = open_program(page, "en")
        mini.get_by_role("button", name="Around Milan").click()
        mini.get_by_role("checkbox", name="Nearest first").click()
        page.get_by_role("dialog", name="Location").get_by_role("button", name="Decline").click()
        mini.get_by_role("button", name="Use the map").click()
        chooser = page.get_by_role("dialog", name="Choose a place")
        expect(chooser.locator(".map-list button")).to_have_count(6)
        assert drawn_colours(page, ".map-ground canvas") > 20
        leave_screenshot(page, "choose-en-360")
        first = chooser.locator(".map-list .row-name").first.inner_text()
        chooser.locator(".map-list button").first.click()
        expect(mini.get_by_text(f"By distance from {first}")).to_be_visible()
        assert_sound(page)


def test_a_place_shows_where_it_is_and_opens_in_the_phones_map(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "zh")
        mini.get_by_role("button", name="逛逛米兰").click()
        mini.locator(".place").first.click()
        small = mini.locator("wx-map")
        small.scroll_into_view_if_needed()
        assert drawn_colours(mini, "wx-map canvas") > 20
        assert_sound(page)
        leave_screenshot(page, "place-map-zh-360")
        small.locator(".map-icon").click()
        sheet = page.get_by_role("dialog", name="地图")
        expect(sheet).to_contain_text("45.4")
        assert drawn_colours(page, ".map-ground canvas") > 20
        leave_screenshot(page, "open-map-zh-360")
        sheet.get_by_role("button", name="关闭").click()
        expect(sheet).to_have_count(0)


def plan(mini: FrameLocator, words: tuple[str, str, str]) -> None:
    """A day, from the home page."""
    for name in words[:2]:
        mini.get_by_role("button", name=name, exact=True).click()
    expect(mini.get_by_text(words[2])).to_be_visible()


@pytest.mark.parametrize(
    ("who", "language", "size"), [("chenxiao", "zh-CN", NARROW), ("emilytan", "en-GB", WIDE)]
)
def test_a_day_is_followed_on_the_map_stop_by_stop(
    browser: Browser, seta: RunningSeta, who: str, language: str, size: tuple[int, int]
) -> None:
    said = {
        "zh-CN": ("行程", "生成行程", "行程已为您保存", "在地图上看", "下一站", "看全程", "查看"),
        "en-GB": (
            "Plan",
            "Plan my days",
            "Your plan is saved",
            "See it on the map",
            "Next stop",
            "Whole day",
            "Open",
        ),
    }[language]
    with phone(browser, f"{seta.sandbox_url}/?who={who}", size=size, language=language) as page:
        mini = open_program(page, language[:2])
        plan(mini, said[:3])
        expect(mini.locator(".stop .subtitle").first).to_be_visible()
        names = mini.locator(".stop .subtitle").all_inner_texts()
        mini.get_by_role("button", name=said[3]).click()
        shown = mini.locator(".mp-page:not([hidden])")
        expect(shown.locator(".map-icon")).to_have_count(len(names))
        expect(shown.locator(".map-callout")).to_have_text([names[0]])
        assert drawn_colours(mini, ".mp-page:not([hidden]) wx-map canvas") > 20
        assert_sound(page)
        leave_screenshot(page, f"day-map-{language[:2]}-{size[0]}")
        mini.get_by_role("button", name=said[4]).click()
        expect(shown.locator(".stop .subtitle")).to_have_text(f"2 · {names[1]}")
        assert_sound(page)
        leave_screenshot(page, f"day-map-next-{language[:2]}-{size[0]}")
        mini.get_by_role("button", name=said[5]).click()
        expect(mini.get_by_role("button", name=said[5])).to_have_count(0)
        shown.get_by_role("button", name=f"1 {names[0]}").dispatch_event("click")
        expect(shown.locator(".stop .subtitle")).to_have_text(f"1 · {names[0]}")
        shown.locator(".map-callout").click()
        expect(mini.locator(".mp-page:not([hidden]) .title")).to_have_text(names[0])


def test_fingers_move_the_map_and_a_context_asks_and_moves_it(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=wangyue", size=NARROW) as page:
        mini = open_program(page, "zh")
        plan(mini, ("行程", "生成行程", "行程已为您保存"))
        mini.get_by_role("button", name="在地图上看").click()
        shown = mini.locator(".mp-page:not([hidden]) wx-map")
        expect(shown.locator(".map-callout")).to_have_count(1)
        frame = inside(page)
        asked = "() => wx.createMapContext('stay').{}()"
        before = frame.evaluate(asked.format("getCenterLocation"))
        box = shown.bounding_box()
        assert box
        x, y = box["x"] + 12, box["y"] + 200  # where a marker may be: it moves along
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y, steps=4)
        page.mouse.up()
        expect(mini.get_by_role("button", name="看全程")).to_be_visible()
        after = frame.evaluate(asked.format("getCenterLocation"))
        assert after["longitude"] < before["longitude"]
        assert abs(after["latitude"] - before["latitude"]) < 1e-6
        scale = frame.evaluate(asked.format("getScale"))["scale"]
        page.mouse.wheel(0, -300)
        nearer = (
            "async (scale) => Math.abs((await wx.createMapContext('stay').getScale()).scale - scale) < 1e-6"
        )
        frame.wait_for_function(nearer, arg=scale + 1)
        region = frame.evaluate(asked.format("getRegion"))
        assert region["southwest"]["latitude"] < after["latitude"] < region["northeast"]["latitude"]
        to = {"latitude": 45.478, "longitude": 9.124}
        frame.evaluate("(to) => wx.createMapContext('stay').moveToLocation(to)", to)
        there = frame.evaluate(asked.format("getCenterLocation"))
        assert {name: there[name] for name in to} == to
        refused = frame.evaluate(
            "() => { try { wx.createMapContext('stay').addMarkers } catch (error) { return error.message } }"
        )
        assert refused == "MapContext.addMarkers is not in the simulator"


def test_without_a_network_the_days_are_a_sketch(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=lihaoran", size=NARROW) as page:
        mini = open_program(page, "zh")
        mini.get_by_role("button", name="行程", exact=True).click()
        mini.get_by_role("group", name="哪几天（最多五天）").get_by_role("checkbox").nth(2).click()
        mini.get_by_role("button", name="生成行程").click()
        expect(mini.get_by_text("行程已为您保存")).to_be_visible()
        mini.get_by_role("button", name="在地图上看").click()
        days = mini.locator(".mp-page:not([hidden])").get_by_role("radio")
        expect(days).to_have_count(2)
        days.nth(1).click()
        expect(days.nth(1)).to_have_attribute("aria-checked", "true")
        assert_sound(page)
        leave_screenshot(page, "days-map-zh-360")
        mini.get_by_role("button", name="返回").click()
        with no_network(seta):
            mini.get_by_role("button", name="在地图上看").click()
            expect(mini.get_by_text("没有网络：这里是示意图。")).to_be_visible()
            expect(mini.locator(".mp-page:not([hidden]) wx-map")).to_have_count(0)
            mini.get_by_role("button", name="下一站").click()
            expect(mini.locator(".mp-page:not([hidden]) .stop .subtitle")).to_contain_text("2 · ")
            assert_sound(page)
            leave_screenshot(page, "days-map-offline-zh-360")


def test_a_days_places_go_to_a_friend_who_plans_with_them(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "zh")
        plan(mini, ("行程", "生成行程", "行程已为您保存"))
        mini.get_by_role("button", name="发给朋友").click()
        page.get_by_role("dialog", name="发送给").get_by_role("button", name="李浩然").click()
        sure = page.get_by_role("dialog", name="发送给李浩然")
        expect(sure).to_contain_text("我的米兰行程")
        expect(sure.locator(".card-picture")).to_have_attribute("src", re.compile("^data:image/png"))
        leave_screenshot(page, "forward-zh-360")
        sure.get_by_role("button", name="发送", exact=True).click()
        toasted(page, "已发送")
    with phone(browser, f"{seta.sandbox_url}/?who=lihaoran", size=NARROW) as page:
        page.get_by_role("button", name="与陈晓聊天").click()
        card = page.locator(".messages .card")
        expect(card).to_contain_text("我的米兰行程")
        leave_screenshot(page, "friend-card-zh-360")
        card.click()
        expect(program(page).locator(".chip .cross").first).to_be_visible()
        page.get_by_role("button", name="关闭 小程序").click()
        page.get_by_role("textbox").fill("好的，一起去")
        page.get_by_role("button", name="发送").click()
        expect(page.locator(".mine .bubble")).to_have_text("好的，一起去")


def test_a_place_goes_to_moments_and_opens_alone_there(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        mini = open_program(page, "en")
        page.get_by_role("button", name="More").click()
        expect(page.get_by_role("button", name="Forward to a friend")).to_be_visible()
        expect(page.get_by_role("button", name="Share to Moments")).to_have_count(0)
        page.get_by_role("button", name="Cancel").click()
        mini.get_by_role("button", name="Around Milan").click()
        mini.locator(".place").first.click()
        name = mini.locator("[data-page='pages/place/place'] .title").inner_text()
        page.get_by_role("button", name="More").click()
        leave_screenshot(page, "menu-en-360")
        page.get_by_role("button", name="Share to Moments").click()
        page.get_by_role("dialog", name="Share to Moments").get_by_role("button", name="Post").click()
        page.get_by_role("button", name="Close Mini program").click()
        page.get_by_role("button", name="Moments", exact=True).click()
        post = page.locator(".card-posted")
        expect(post).to_contain_text(name)
        leave_screenshot(page, "moments-en-360")
        post.click()
        expect(mini.get_by_text(name, exact=True)).to_be_visible()
        expect(mini.locator(".mp-tabs")).to_be_hidden()
        expect(mini.locator(".map-icon")).to_have_count(1)
        assert_sound(page)
        leave_screenshot(page, "alone-en-360")
        mini.get_by_role("button", name="Open the mini program").click()
        expect(mini.locator(".mp-page:not([hidden]) .fact").first).to_be_visible()


def test_the_menu_follows_a_page_that_is_still_opening(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        held: list[Route] = []
        page.route("**/_mp/app.js", lambda route: held.append(route))
        mini = open_program(page, "en")
        page.get_by_role("button", name="More").click()
        menu = page.get_by_role("dialog", name="More")
        expect(menu.get_by_role("button", name="The page is opening…")).to_be_disabled()
        expect(menu.locator("[aria-busy]")).to_have_count(1)
        leave_screenshot(page, "menu-opening-en-360")
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        expect(menu.get_by_role("button", name="Forward to a friend")).to_be_enabled()
        expect(menu.locator("[aria-busy]")).to_have_count(0)
        menu.get_by_role("button", name="Cancel").click()
        expect(mini.get_by_role("button", name="Around Milan")).to_be_visible()


def test_a_page_that_is_somebodys_own_cannot_be_forwarded(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "zh")
        mini.get_by_role("button", name="我的", exact=True).click()
        page.get_by_role("button", name="更多").click()
        expect(page.get_by_role("button", name="当前页面不可转发")).to_be_disabled()

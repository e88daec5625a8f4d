"""Days in the city on the phone: wander through the guide, plan several days, change them, take them as a picture."""

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.desk_page import at_the_desk
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
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def assert_sound(page: Page) -> None:
    """Nothing of the mini program sticks out, is too small to press or has no name."""
    frame = inside(page)
    assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])


def open_program(page: Page, discover: str, name: str) -> FrameLocator:
    """The mini program from the phone's own list."""
    page.get_by_role("button", name=discover).click()
    page.get_by_role("button", name=name).click()
    return program(page)


def test_the_guide_is_narrowed_by_kind_district_and_hours_and_never_empty(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "发现", "小程序 · Serica Milano")
        mini.get_by_role("button", name="逛逛米兰").click()
        kinds = mini.get_by_role("radiogroup", name="类别")
        expect(kinds.get_by_role("radio", name="全部")).to_have_attribute("aria-checked", "true")
        expect(mini.locator(".place")).to_have_count(12)
        assert_sound(page)
        leave_screenshot(page, "discover-zh-360")
        mini.locator(".mp-pages").evaluate("(pages) => { pages.scrollTop = pages.scrollHeight }")
        expect(mini.locator(".place").nth(12)).to_be_attached()
        museums = kinds.get_by_role("radio", name="博物馆")
        museums.click()
        expect(museums).to_have_attribute("aria-checked", "true")
        count = int(museums.locator(".of").inner_text())
        expect(mini.locator(".place")).to_have_count(min(count, 12))
        assert all(int(of) > 0 for of in mini.locator(".options .of").all_inner_texts())
        district = mini.get_by_role("radiogroup", name="街区").get_by_role("radio").nth(1)
        district.click()
        expect(district).to_have_attribute("aria-checked", "true")
        expect(mini.locator(".place").first).to_be_visible()
        assert_sound(page)
        mini.get_by_role("button", name="清除条件").click()
        expect(mini.locator(".place")).to_have_count(12)
        mini.locator(".place").first.click()
        mini.get_by_role("button", name="在地图中打开").click()
        sheet = page.get_by_role("dialog", name="地图")
        expect(sheet).to_contain_text("45.4")
        sheet.get_by_role("button", name="关闭").click()


def plan_two_days(page: Page, mini: FrameLocator) -> None:
    """From the home page to two planned days."""
    mini.get_by_role("button", name="安排您的行程").click()
    days = mini.get_by_role("group", name="哪几天（最多五天）")
    days.get_by_role("checkbox").nth(2).click()
    for taken in range(3, 6):
        days.get_by_role("checkbox").nth(taken).click()
    days.get_by_role("checkbox").nth(6).click()
    toasted(inside(page), "最多选择 5 天")
    for given in range(3, 6):
        days.get_by_role("checkbox").nth(given).click()
    mini.get_by_role("radio", name="悠闲").click()
    mini.get_by_role("radio", name="多走安静街区").click()
    assert_sound(page)
    mini.get_by_role("button", name="生成行程").click()
    expect(mini.get_by_text("行程已为您保存")).to_be_visible()


def test_two_days_are_planned_changed_and_taken_as_a_picture(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=lihaoran", size=NARROW) as page:
        mini = open_program(page, "发现", "小程序 · Serica Milano")
        mini.get_by_role("button", name="搜索景点").click()
        mini.get_by_role("textbox").fill("duomo")
        mini.get_by_role("button", name="米兰大教堂", exact=True).click()
        mini.get_by_role("button", name="加入行程").click()
        mini.get_by_role("button", name="返回").click()
        mini.get_by_role("button", name="返回").click()
        plan_two_days(page, mini)
        days = mini.get_by_role("radiogroup", name="第几天").get_by_role("radio")
        expect(days).to_have_count(2)
        expect(mini.locator(".stop").first).to_be_visible()
        assert drawn_colours(mini, ".mp-page:not([hidden]) canvas") > 5
        assert_sound(page)
        leave_screenshot(page, "days-zh-360")
        days.nth(1).click()
        expect(days.nth(1)).to_have_attribute("aria-checked", "true")
        taken = mini.locator(".stop .subtitle").first.inner_text()
        mini.get_by_role("button", name=f"移出{taken}").click()
        mini.get_by_role("button", name="重新安排").click()
        toasted(inside(page), "行程已重新安排")
        for each in range(2):
            days.nth(each).click()
            expect(mini.locator(".stop .subtitle", has_text=taken)).to_have_count(0)
        assert_sound(page)
        mini.get_by_role("button", name="制作行程卡片").click()
        send = mini.get_by_role("button", name="保存或发送图片")
        expect(send).to_be_enabled()
        assert drawn_colours(mini, ".mp-page:not([hidden]) canvas") > 5
        leave_screenshot(page, "card-zh-360")
        send.click()
        sheet = page.get_by_role("dialog", name="图片预览")
        expect(sheet.get_by_role("img")).to_be_visible()
        with page.expect_download() as kept:
            sheet.get_by_role("button", name="保存图片").click()
        assert kept.value.path().read_bytes().startswith(b"\x89PNG")
        expect(send).to_be_enabled()
        mini.get_by_role("button", name="返回").click()
        mini.get_by_role("button", name="返回").click()
        expect(mini.get_by_role("button", name="上次的行程")).to_be_visible()


def test_days_and_membership_read_well_in_english_and_wide(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=WIDE, language="en-GB") as page:
        mini = open_program(page, "Discover", "Mini program · Serica Milano")
        mini.get_by_role("button", name="Around Milan").click()
        expect(mini.locator(".place").first).to_be_visible()
        leave_screenshot(page, "discover-en-1440")
        mini.get_by_role("button", name="Back").click()
        mini.get_by_role("button", name="Plan your days").click()
        mini.get_by_role("group", name="Which days").get_by_role("checkbox").nth(3).click()
        leave_screenshot(page, "plan-en-1440")
        mini.get_by_role("button", name="Plan my days").click()
        expect(mini.get_by_text("Your plan is saved")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "days-en-1440")
        mini.get_by_role("button", name="Back").click()
        mini.get_by_role("button", name="Mine", exact=True).click()
        mini.get_by_role("button", name="Membership and points").click()
        expect(mini.locator(".tier, .panel").first).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "membership-en-1440")


def test_a_member_reads_tier_points_and_benefits(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "marketing") as page:
        page.goto(f"{seta.base_url}/desk/loyalty/")
        page.get_by_role("button", name="Propose", exact=True).click()
        proposal = page.url
    with at_the_desk(browser, seta, "supervisor") as page:
        page.goto(proposal)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Put live", exact=True).click()
        expect(page.locator(".notice.ok").first).to_contain_text("The rules are live.")
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        mini = open_program(page, "发现", "小程序 · Serica Milano")
        mini.get_by_role("button", name="我的", exact=True).click()
        mini.get_by_role("button", name="会员与积分").click()
        expect(mini.locator(".tier .title")).not_to_be_empty()
        expect(mini.get_by_role("img", name="升级")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "membership-zh-360")

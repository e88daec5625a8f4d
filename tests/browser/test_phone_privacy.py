"""One's own data on the phone: read it, take it along, have it deleted after being asked twice."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.phone_page import NARROW, inside, leave_screenshot, phone, program, toasted
from tests.browser.test_phone_days import assert_sound, open_program
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


def test_ones_data_is_read_taken_along_and_deleted_after_being_asked_twice(
    browser: Browser, seta: RunningSeta
) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=wangyutong", size=NARROW) as page:
        mini = open_program(page, "发现", "小程序 · Serica Milano")
        mini.get_by_role("button", name="我的", exact=True).click()
        mini.get_by_role("switch", name="用于统计分析").click()
        toasted(inside(page), "已保存")
        mini.get_by_role("button", name="查看、带走或删除我的资料").click()
        mini.get_by_role("button", name=re.compile("^隐私选项")).click()
        expect(mini.locator(".pair", has_text="用途")).to_contain_text("用于统计分析")
        expect(mini.get_by_text("《电子商务法》第三十一条")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "privacy-zh-360")
        mini.get_by_role("button", name="把一份副本发给自己").click()
        sheet = page.get_by_role("dialog", name="发送文件")
        with page.expect_download() as kept:
            sheet.get_by_role("button", name="发送").click()
        text = kept.value.path().read_text(encoding="utf-8-sig")
        assert kept.value.suggested_filename == "我的资料.txt"
        assert text.startswith("Serica Milano保存的您的资料") and "用途: 用于统计分析" in text
        delete = mini.get_by_role("button", name="删除我的资料")
        delete.click()
        mini.get_by_role("button", name="继续").click()
        mini.get_by_role("button", name="不删除").click()
        expect(delete).to_be_enabled()
        delete.click()
        mini.get_by_role("button", name="继续").click()
        mini.get_by_role("button", name="永久删除").click()
        expect(mini.get_by_text("您的资料已删除")).to_be_visible()
        assert_sound(page)
        leave_screenshot(page, "privacy-gone-zh-360")
        mini.get_by_role("button", name="关闭小程序").click()
        expect(page.locator("iframe")).to_have_count(0)
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="我的", exact=True).click()
        again = mini.get_by_role("switch", name="用于统计分析")
        expect(again).to_have_attribute("aria-checked", "false")


def test_an_order_under_way_is_named_before_anything_is_deleted(browser: Browser, seta: RunningSeta) -> None:
    with phone(browser, f"{seta.sandbox_url}/?who=emilytan", size=NARROW, language="en-GB") as page:
        mini = open_program(page, "Discover", "Mini program · Serica Milano")
        mini.get_by_role("button", name="Boutique", exact=True).last.click()
        mini.get_by_role("button", name=re.compile("^See ")).first.click()
        mini.get_by_role("button", name="Buy now").click()
        expect(mini.get_by_role("button", name=re.compile("^WeChat Pay"))).to_be_visible()
        number = mini.locator(".mp-page:not([hidden]) wx-text.number").first.inner_text()
        mini.get_by_role("button", name="Back to home").click()
        mini.get_by_role("button", name="Mine", exact=True).click()
        mini.get_by_role("button", name="See, take along or delete my data").click()
        expect(mini.get_by_role("button", name=re.compile("^Orders 1 entries"))).to_be_visible()
        mini.get_by_role("button", name="Delete my data").click()
        mini.get_by_role("button", name="Go on").click()
        mini.get_by_role("button", name="Delete for ever").click()
        expect(mini.get_by_role("alert")).to_contain_text(number)
        assert_sound(page)
        leave_screenshot(page, "privacy-en-360")
        expect(mini.get_by_role("button", name="Delete my data")).to_be_enabled()

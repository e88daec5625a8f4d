"""A bag that an associate prepared opens on the client's phone, is ordered there and says where to collect."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import (
    NARROW,
    WIDE,
    leave_screenshot,
    nameless_controls,
    overflowing,
    phone,
    program,
    small_targets,
)
from tests.browser.test_phone_fitting import program as alone
from tests.browser.test_phone_order import agree, look_at, press
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

NOTE = "为您挑选的两件作品"


def prepared_bag(browser: Browser, seta: RunningSeta) -> str:
    """Two pieces with a note, prepared by an associate; the page its link opens."""
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/boutique/bags/")
        form = page.locator("form[action$='/prepare/']")
        form.locator("[name=variant_id]").first.select_option(index=1)
        form.locator("[name=variant_id]").nth(1).select_option(index=3)
        form.locator("[name=note]").fill(NOTE)
        form.get_by_role("button", name="Prepare").click()
        expect(page.locator(".notice.ok")).to_contain_text("The bag is ready to be shared.")
        page.wait_for_load_state()
        found = re.search(r"pages/boutique/boutique\?bag=[\w-]+", page.content())
        assert found is not None
        return found.group()


def test_a_prepared_bag_is_opened_ordered_and_says_where_to_collect(
    browser: Browser, seta: RunningSeta
) -> None:
    path = prepared_bag(browser, seta)
    card = {"title": "为您准备", "appid": seta.config["mini_program"]["appid"], "page": path}
    share = {"userid": "linyue", "sender": "sa", "msgtype": "miniprogram", "miniprogram": card}
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 林悦").click()
        expect(page.get_by_role("heading", name="林悦")).to_be_visible()
        agree = page.get_by_role("button", name="同意", exact=True)
        expect(agree).to_be_visible()
        agree.click()
        seta.control("wecom_message", openid="chenxiao", wait=False, **share)
        page.get_by_role("button", name="为您准备").click()
        mini = program(page)
        expect(mini.get_by_text(NOTE)).to_be_visible()
        expect(mini.locator(".piece")).to_have_count(2)
        expect(mini.get_by_role("heading", name="为您准备")).to_be_visible()
        frame = next(frame for frame in page.frames if "/_mp/" in frame.url)
        assert (overflowing(frame), small_targets(frame), nameless_controls(frame)) == ([], [], [])
        leave_screenshot(page, "bag-zh-360")
        mini.get_by_role("radiogroup", name="到店自提").get_by_role("radio").last.click()
        mini.get_by_role("button", name="下单").click()
        expect(mini.get_by_role("button", name="微信支付")).to_be_visible()
        expect(mini.locator(".arrival").get_by_text("到店自提")).to_be_visible()
        leave_screenshot(page, "bag-order-zh-360")


def test_the_chosen_pieces_of_a_bag_wait_in_a_boutique_for_one_visit(
    browser: Browser, seta: RunningSeta
) -> None:
    path = prepared_bag(browser, seta)
    with alone(browser, seta, path, language="zh_CN") as page:
        press(page, "预约到店试穿")
        pieces = page.get_by_role("checkbox")
        expect(pieces).to_have_count(2)
        pieces.first.click()
        expect(pieces.first).to_have_attribute("aria-checked", "false")
        pieces.first.click()
        page.get_by_role("radiogroup", name="时间").get_by_role("radio").last.click()
        look_at(page, "bag-fitting-zh-360")
        press(page, "确认预约")
        expect(page.get_by_text("预约成功")).to_be_visible()
        expect(page.get_by_text("已为您留好")).to_contain_text("、")
        look_at(page, "bag-fitting-kept-zh-360")
    with at_the_desk(browser, seta, "linyue") as page:
        page.goto(f"{seta.base_url}/desk/boutique/counter/")
        expect(page.get_by_text("2 pieces")).to_be_visible()
        leave_pictures(page, "counter-visit")
    with alone(browser, seta, "pages/appointment/appointment", language="en_GB", size=WIDE) as page:
        page.get_by_role("button", name=re.compile("^Cancel ")).first.click()
        agree(page)
        expect(page.get_by_text("A fitting · ")).to_have_count(0)
        expect(page.get_by_text("Kept for you")).to_have_count(0)


def test_a_bag_nobody_prepared_says_so(browser: Browser, seta: RunningSeta) -> None:
    seat = f"consumer=lihaoran&appid={seta.config['mini_program']['appid']}&lang=zh_CN"
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    try:
        page = context.new_page()
        page.goto(
            f"{seta.sandbox_url}/_mp/index.html?{seat}&path={quote('pages/boutique/boutique?bag=unknown-token')}"
        )
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("button", name="返回").click()
        expect(page.locator(".tile").first).to_be_visible()
    finally:
        context.close()

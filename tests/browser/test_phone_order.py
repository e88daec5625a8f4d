"""An order's page on the phone: how it arrives, its fapiao, and what a client asks after the sale."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import (
    NARROW,
    WAIT_MS,
    leave_screenshot,
    nameless_controls,
    overflowing,
    phone,
    program,
    small_targets,
)
from tests.browser.test_orders import COMPANY, GIFT, HOME, SHOP, Phone
from tests.browser.test_phone_flow import url_of
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]


@contextmanager
def order_page(browser: Browser, seta: RunningSeta, order: int, language: str = "zh_CN") -> Iterator[Page]:
    """The client's own order in the mini program, without the phone around it."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.set_default_timeout(WAIT_MS)
    try:
        page = context.new_page()
        seat = f"consumer=chenxiao&appid={seta.config['mini_program']['appid']}&lang={language}"
        page.goto(
            f"{seta.sandbox_url}/_mp/index.html?{seat}&path={quote(f'pages/order/order?id={order}', safe='')}"
        )
        yield page
        assert page.locator(".mp-crash").count() == 0
    finally:
        context.close()


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out, is too small or nameless; the picture is kept."""
    found = (overflowing(page), small_targets(page), nameless_controls(page))
    assert found == ([], [], []), name
    leave_screenshot(page, name)


def press(page: Page, name: str) -> None:
    """A button by its words."""
    page.get_by_role("button", name=name, exact=True).click()


def agree(page: Page) -> None:
    """Say yes to what the phone asks."""
    page.locator(".mp-modal-confirm").click()


def test_a_client_says_where_to_send_asks_for_a_fapiao_and_to_cancel(
    browser: Browser, seta: RunningSeta
) -> None:
    order = Phone(seta).buy(0)
    with order_page(browser, seta, order) as page:
        press(page, "选择送货或自提")
        expect(page.get_by_role("radiogroup", name="怎样收货")).to_be_visible()
        for label, words in (("收件人", "陈晓"), ("电话", "call me"), ("省、市、区", "上海市 静安区")):
            page.get_by_role("textbox", name=label, exact=True).fill(words)
        page.get_by_role("textbox", name="详细地址").fill("南京西路 1266 号")
        press(page, "保存")
        expect(page.get_by_role("alert")).to_be_visible()
        look_at(page, "order-arrive-zh-360")
        page.get_by_role("textbox", name="电话").fill("13800138000")
        press(page, "保存")
        expect(page.get_by_text("送货 · 正在准备")).to_be_visible()
        expect(page.get_by_text("南京西路 1266 号")).to_be_visible()
        press(page, "申请发票")
        page.get_by_role("radio", name="单位").click()
        page.get_by_role("textbox", name="单位名称").fill(COMPANY["title"])
        page.get_by_role("textbox", name="统一社会信用代码").fill("91350100M000100Y42")
        page.get_by_role("textbox", name="邮箱").fill(COMPANY["email"])
        press(page, "保存")
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_role("textbox", name="统一社会信用代码").fill(COMPANY["tax_number"])
        look_at(page, "order-fapiao-zh-360")
        press(page, "保存")
        expect(page.get_by_text("发票已申请，待开具")).to_be_visible()
        press(page, "申请取消")
        press(page, "提交申请")
        expect(page.get_by_role("alert")).to_have_text("请选择原因。")
        page.get_by_role("radio", name="改变主意").click()
        press(page, "提交申请")
        expect(page.get_by_text("取消 · 等待答复")).to_be_visible()
        expect(page.get_by_role("button", name="申请取消")).to_have_count(0)
        look_at(page, "order-asked-zh-360")
        page.get_by_role("button", name="撤回").click()
        agree(page)
        expect(page.get_by_text("取消 · 已撤回")).to_be_visible()


def test_an_address_that_wechat_keeps_is_taken_over_when_it_is_chosen(
    browser: Browser, seta: RunningSeta
) -> None:
    Phone(seta).buy(0)
    with phone(browser, url_of(seta, "chenxiao")) as page:
        page.get_by_role("button", name="发现").click()
        page.get_by_role("button", name="小程序 · Serica Milano").click()
        mini = program(page)
        mini.get_by_role("button", name="我的", exact=True).click()
        mini.get_by_role("button", name="已付款").first.click()
        mini.get_by_role("button", name="选择送货或自提").click()
        mini.get_by_role("button", name="使用微信收货地址").click()
        leave_screenshot(page, "address-zh-1440")
        page.get_by_role("button", name="湖滨路 18 号").click()
        expect(mini.get_by_role("textbox", name="省、市、区")).to_have_value("浙江省 杭州市 上城区")
        mini.get_by_role("button", name="保存").click()
        expect(mini.get_by_text("送货 · 正在准备")).to_be_visible()
        expect(mini.get_by_text("湖滨路 18 号")).to_be_visible()


def test_a_parcel_that_arrived_is_exchanged_or_returned(browser: Browser, seta: RunningSeta) -> None:
    order = Phone(seta).buy(5, address=HOME, gift=GIFT)
    with at_the_desk(browser, seta, "finance") as desk:
        desk.goto(f"{seta.base_url}/desk/boutique/orders/{order}/")
        form = desk.locator("form[action$='/ship/']")
        form.locator("[name=carrier]").fill("SF Express")
        form.locator("[name=tracking]").fill("SF1029384756")
        form.get_by_role("button", name="Given to the carrier").click()
        expect(desk.locator(".notice.ok")).to_contain_text("The parcel is on its way.")
    with order_page(browser, seta, order, "en") as page:
        expect(page.get_by_text("Delivery · on its way")).to_be_visible()
        expect(page.get_by_text("gift wrapped · no prices inside")).to_be_visible()
        press(page, "I have received it")
        expect(page.get_by_text("Delivery · delivered")).to_be_visible()
        expect(page.get_by_text("Returns and exchanges until")).to_be_visible()
        look_at(page, "order-delivered-en-360")
        press(page, "Ask for an exchange")
        page.get_by_role("radio", name="Damaged or faulty").click()
        press(page, "Send the request")
        expect(page.get_by_role("alert")).to_have_text("Please choose what you would like instead.")
        page.get_by_role("radiogroup", name="In exchange for").get_by_role("radio").nth(2).click()
        page.get_by_role("textbox", name="Anything to add").fill("The clasp is loose")
        look_at(page, "order-exchange-en-360")
        press(page, "Send the request")
        expect(page.get_by_text("Exchange · waiting for an answer")).to_be_visible()
        expect(page.get_by_role("button", name="Ask for a return")).to_have_count(0)
        page.get_by_role("button", name="Withdraw").click()
        agree(page)
        press(page, "Ask for a return")
        page.get_by_role("radio", name="Does not fit").click()
        press(page, "Send the request")
        expect(page.get_by_text("Return · waiting for an answer")).to_be_visible()
    with at_the_desk(browser, seta, "finance") as desk:
        desk.goto(f"{seta.base_url}/desk/boutique/orders/{order}/")
        desk.get_by_role("button", name="Accept").click()
        expect(desk.locator(".notice.ok")).to_be_visible()
    with order_page(browser, seta, order, "en") as page:
        expect(page.get_by_text("Return · agreed")).to_be_visible()
        expect(page.get_by_text("Please send or bring it back by")).to_be_visible()
        page.get_by_text("Return · agreed").scroll_into_view_if_needed()
        look_at(page, "order-return-en-360")


def test_an_order_to_collect_shows_its_code_once_it_is_ready(browser: Browser, seta: RunningSeta) -> None:
    buyer = Phone(seta)
    order = buyer.buy(6, pickup_at=SHOP)
    with at_the_desk(browser, seta, "finance") as desk:
        desk.goto(f"{seta.base_url}/desk/boutique/orders/{order}/")
        desk.get_by_role("button", name="The pieces are ready").click()
        expect(desk.locator(".notice.ok")).to_be_visible()
    with order_page(browser, seta, order) as page:
        expect(page.get_by_text("到店自提 · 可以取货")).to_be_visible()
        expect(page.locator(".code")).to_have_text(buyer.code(order))
        page.get_by_text("请在柜台出示").scroll_into_view_if_needed()
        look_at(page, "order-collect-zh-360")


def test_an_order_that_is_not_paid_is_given_up(browser: Browser, seta: RunningSeta) -> None:
    buyer = Phone(seta)
    variant = buyer.ask("GET", "/products")["products"][1]["variants"][0]["id"]
    order = buyer.ask("POST", "/orders", {"lines": [{"variant_id": variant, "quantity": 1}]})["order_id"]
    with order_page(browser, seta, order) as page:
        press(page, "取消订单")
        agree(page)
        expect(page.locator(".head").get_by_text("已取消")).to_be_visible()
        expect(page.get_by_role("button", name="微信支付")).to_have_count(0)
        expect(page.get_by_role("button", name="选择送货或自提")).to_have_count(0)


def test_what_a_delivery_costs_is_seen_before_it_is_paid(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as desk:
        desk.goto(f"{seta.base_url}/desk/boutique/promises/")
        form = desk.locator("form[action$='/promises/set/']")
        form.locator("[name=delivery_fee]").fill("80.00")
        form.get_by_role("button").last.click()
        expect(desk.locator(".notice.ok")).to_be_visible()
        italy = desk.locator("form[action$='/promises/fee/']").last
        italy.locator("[name=market]").select_option("it")
        italy.locator("[name=delivery_fee]").fill("300.00")
        italy.get_by_role("button").click()
        expect(desk.get_by_role("rowheader", name="Italy")).to_be_visible()
        leave_pictures(desk, "promises-by-country")
    buyer = Phone(seta)
    variant = buyer.ask("GET", "/products")["products"][1]["variants"][0]["id"]
    order = buyer.ask("POST", "/orders", {"lines": [{"variant_id": variant, "quantity": 1}]})["order_id"]
    with order_page(browser, seta, order, "en") as page:
        expect(page.get_by_text("Choose how it reaches you, then pay.")).to_be_visible()
        look_at(page, "order-way-first-en-360")
        press(page, "Choose delivery or collection")
        expect(page.get_by_text("Delivery costs ¥80.00")).to_be_visible()
        page.get_by_role("radio", name="Italy").click()
        expect(page.get_by_text("Delivery costs ¥300.00")).to_be_visible()
        look_at(page, "order-fee-italy-en-360")
        page.get_by_role("radio", name="Mainland China").click()
        expect(page.get_by_text("Delivery costs ¥80.00")).to_be_visible()
        look_at(page, "order-fee-en-360")
        for label, words in (("Recipient", "Chen Xiao"), ("Phone", "13800138000")):
            page.get_by_role("textbox", name=label, exact=True).fill(words)
        page.get_by_role("textbox", name="Province").fill("Shanghai Jing'an")
        page.get_by_role("textbox", name="Street").fill("Nanjing Road West 1")
        press(page, "Save")
        expect(page.get_by_role("button", name="WeChat Pay")).to_be_enabled()
        expect(page.get_by_text("¥80.00", exact=True)).to_be_visible()
        look_at(page, "order-with-fee-en-360")

"""The till in Debian's Chromium: a sale by barcode, one by printed code on a phone, a refund that needs two people.

The pictures go to var/screenshots as till-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import re

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.browser.phone_page import NARROW, SCREENSHOTS, phone, program
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("phone_bundle")]

TILL = "/desk/boutique/till/"
PAID = ".sale.paid"


def payment_code(seta: RunningSeta, provider: str) -> str:
    """What the client's phone shows."""
    return str(seta.control("payment_code", provider=provider)["auth_code"])


def test_a_sale_by_barcode_with_the_keypad_and_its_receipt(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "linyue", size=NARROW) as page:
        page.goto(seta.base_url + TILL)
        page.get_by_role("radio", name="EUR").check()
        for key in "1200":
            page.locator(f"[data-key='{key}']").click()
        expect(page.locator("#quote")).to_contain_text("€1,200.00")
        page.locator("#amount").press("Enter")
        expect(page.locator("[name=auth_code]")).to_be_focused()
        # A hardware scanner types the digits and presses Enter.
        page.keyboard.type(payment_code(seta, "alipay"))
        page.keyboard.press("Enter")

        expect(page.locator(PAID)).to_be_visible()
        leave_pictures(page, "till-paid")
        page.locator(f"{PAID} a.primary").click()
        expect(page.get_by_text("收款凭证")).to_be_visible()
        expect(page.locator(".paper")).to_contain_text("€1,200.00")
        leave_pictures(page, "till-receipt")


def test_a_client_who_types_a_password_is_followed_without_a_reload(
    browser: Browser, seta: RunningSeta
) -> None:
    seta.control("next_codepay", outcome="USERPAYING")
    with at_the_desk(browser, seta, "linyue", size=NARROW) as page:
        page.goto(seta.base_url + TILL)
        page.fill("#amount", "88.00")
        page.fill("[name=auth_code]", payment_code(seta, "wechat"))
        page.get_by_role("button", name="Charge", exact=True).click()
        expect(page.locator(".sale.confirming")).to_contain_text("typing their password")
        leave_pictures(page, "till-confirming")
        page.evaluate("window.untouched = true")
        page.goto(page.url)
        page.evaluate("window.untouched = true")
        number = page.locator(".id").last.text_content()
        assert number
        seta.control("pay", provider="wechat", out_trade_no=trade_number(seta))

        expect(page.locator(PAID)).to_be_visible()
        assert page.evaluate("window.untouched")


def trade_number(seta: RunningSeta) -> str:
    """The newest number that the sandbox's WeChat Pay was sent."""
    entries = seta.control("journal", family="wechatpay", direction="in")["entries"]
    found = re.findall(r"st_[0-9a-z]{26}", str(entries))
    return str(found[-1])


def test_a_sale_by_printed_code_is_paid_on_the_phone_and_the_till_sees_it(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "finance", language="zh-hans") as page:
        page.goto(f"{seta.base_url}{TILL}codes/")
        page.fill("[name=title]", "Monte Napoleone · 1 号收银台")
        page.select_option("[name=boutique]", "monte-napoleone")
        page.locator("main button.primary").click()
        page.wait_for_url(re.compile(r"/codes/[0-9a-z]+/$"))
        code = page.url.rstrip("/").rpartition("/")[2]
        page.goto(f"{page.url}poster/")
        page.screenshot(path=SCREENSHOTS / "till-poster-1440-zh.png", full_page=True)
        hang(seta, code)
        page.goto(f"{seta.base_url}{TILL}codes/{code}/")
        with at_the_desk(browser, seta, "linyue", size=NARROW) as till:
            till.goto(f"{seta.base_url}{TILL}?boutique=monte-napoleone")
            pay_on_the_phone(browser, seta)

            expect(till.locator(".arrived", has_text="¥188.00")).to_be_visible()
            till.screenshot(path=SCREENSHOTS / "till-arrival-360-en.png", full_page=True)
            till.locator(".list a", has_text="¥188.00").first.click()
            expect(till.locator(PAID)).to_be_visible()
            till.locator(f"{PAID} a.primary").click()
            expect(till.get_by_text("收款凭证")).to_be_visible()
            expect(till.locator(".paper")).to_contain_text("¥188.00")
            leave_pictures(till, "till-code-receipt", languages=("zh-hans", "en"))
        expect(page.locator(".list a", has_text="¥188.00")).to_be_visible()
        leave_pictures(page, "till-code")


def hang(seta: RunningSeta, code: str) -> None:
    """Stand the print on the counter, where the phone's camera finds it."""
    seta.control("poster", title="收款码", page="pages/pay-here/pay-here", scene=f"pay={code}")


def pay_on_the_phone(browser: Browser, seta: RunningSeta) -> None:
    """Scan, try an impossible amount, enter 188, and pay on WeChat's sheet."""
    with phone(browser, f"{seta.sandbox_url}/?who=chenxiao", size=NARROW) as page:
        page.get_by_role("button", name="扫一扫", exact=True).click()
        page.get_by_role("button", name="扫一扫 收款码").click()
        mini = program(page)
        expect(mini.get_by_text("Monte Napoleone · 1 号收银台")).to_be_visible()
        mini.get_by_role("textbox").fill("0")
        mini.get_by_role("button", name="微信支付").click()
        expect(mini.get_by_text("金额须大于零")).to_be_visible()
        mini.get_by_role("textbox").fill("188")
        expect(mini.get_by_text("≈ €2")).to_be_visible()
        page.screenshot(path=SCREENSHOTS / "till-phone-amount-360-zh.png")
        mini.get_by_role("button", name="微信支付 ¥188.00").click()
        sheet = page.get_by_role("dialog", name="微信支付")
        for digit in "250608":
            sheet.get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("button", name="完成").click()
        expect(mini.get_by_text("谢谢您，付款已收到")).to_be_visible()
        page.screenshot(path=SCREENSHOTS / "till-phone-paid-360-zh.png")


def test_a_shown_code_is_large_and_counts_down(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "linyue", size=NARROW) as page:
        page.goto(seta.base_url + TILL)
        leave_pictures(page, "till-amount")
        page.goto(f"{seta.base_url}{TILL}?way=pieces")
        leave_pictures(page, "till-pieces")
        page.goto(seta.base_url + TILL)
        page.fill("#amount", "66")
        page.locator("button[value=wechat_native]").click()
        expect(page.locator(".qr.shown svg")).to_be_visible()
        expect(page.locator("[data-left]")).to_contain_text(":")
        leave_pictures(page, "till-shown")


def test_a_partial_refund_waits_for_a_second_person_who_approves(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "linyue", size=NARROW) as page:
        page.goto(seta.base_url + TILL)
        page.fill("#amount", "60000")
        page.fill("[name=auth_code]", payment_code(seta, "alipay"))
        page.get_by_role("button", name="Charge", exact=True).click()
        expect(page.locator(PAID)).to_be_visible()
        sale = page.url
        page.fill("[name=amount]", "52000.00")
        page.fill("[name=reason]", "质量问题")
        page.get_by_role("button", name="Refund", exact=True).click()
        expect(page.get_by_text("Waits for a second person")).to_be_visible()
        leave_pictures(page, "till-refund")
        with at_the_desk(browser, seta, "finance2") as boss:
            expect(boss.locator(".rail nav .count").last).to_be_visible()
            boss.goto(f"{seta.base_url}/desk/money/approvals/")
            leave_pictures(boss, "till-approvals")
            boss.get_by_role("button", name="Approve").click()
            expect(boss.locator(".notice.ok")).to_be_visible()
        page.goto(sale)
        expect(page.get_by_text("Refunded")).to_be_visible()
        expect(page.get_by_text("approved by")).to_be_visible()


def test_a_lost_connection_is_said_and_unsaid(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "linyue", size=NARROW) as page:
        page.goto(seta.base_url + TILL)
        page.context.set_offline(True)
        expect(page.locator("#offline")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator("#offline")).to_be_hidden()


def test_a_camera_that_is_not_wechats_is_told_what_to_do(seta: RunningSeta) -> None:
    assert httpx.get(f"{seta.base_url}/pay/nobody0code0", trust_env=False).status_code == 404

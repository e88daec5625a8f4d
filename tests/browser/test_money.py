"""Money in Debian's Chromium: a day closed, a break put right with its journal, and the way down to a signed fact.

The pictures go to var/screenshots as money-<what>-<width>-<language>.png; SETA_SCREENSHOTS=docs/screenshots keeps them.
"""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from seta.kit.clock import beijing_day
from tests.browser.desk_page import at_the_desk, leave_pictures
from tests.servers import RunningSeta

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MONEY = "/desk/money/"


@pytest.fixture(scope="module")
def seta(browser: Browser, demo_world: RunningSeta) -> RunningSeta:
    """The demo world after some sales at a till."""
    with at_the_desk(browser, demo_world, "linyue") as page:
        for provider, amount in (("wechat", "1888"), ("alipay", "660"), ("wechat", "88")):
            page.goto(f"{demo_world.base_url}/desk/boutique/till/")
            code = demo_world.control("payment_code", provider=provider)["auth_code"]
            page.fill("#amount", amount)
            page.fill("[name=auth_code]", code)
            page.get_by_role("button", name="Charge", exact=True).click()
            expect(page.locator(".sale.paid")).to_be_visible()
    return demo_world


def test_a_break_is_found_assigned_and_put_right_with_its_journal(
    browser: Browser, seta: RunningSeta
) -> None:
    day = beijing_day(datetime.now(UTC)).isoformat()
    seta.control("make_bill", provider="wechat", date=day, plant="amount")
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(seta.base_url + MONEY)
        page.select_option("main form[action$='close-day/'] [name=provider]", "wechatpay")
        page.fill("main form[action$='close-day/'] [name=day]", day)
        page.get_by_role("button", name="Fetch the bill and close the day").click()
        expect(page.locator(".break")).to_be_visible()
        leave_pictures(page, "money-break")
        page.locator(".break [name=owner]").select_option(label="Paolo Riva")
        page.get_by_role("button", name="Assign").click()
        expect(page.locator(".notice.ok")).to_be_visible()
        expect(page.locator(".preview")).to_contain_text("WeChat Pay owes")
        page.locator(".break [name=resolution]").fill("The provider settles this amount; claimed from them")
        page.get_by_role("button", name="Post the journal").click()

        expect(page.get_by_text("No break is open")).to_be_visible()
        expect(page.get_by_text("claimed from them")).to_be_visible()
        leave_pictures(page, "money-resolved")


def test_a_total_opens_down_to_the_providers_signed_fact(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(seta.base_url + MONEY)
        expect(page.locator(".chart svg rect.bar").first).to_be_attached()
        leave_pictures(page, "money-overview")
        page.goto(f"{seta.base_url}{MONEY}payments/")
        leave_pictures(page, "money-payments")
        page.goto(f"{seta.base_url}{MONEY}books/")
        leave_pictures(page, "money-books")
        page.get_by_role("link", name="WeChat Pay owes").click()
        leave_pictures(page, "money-account")
        page.locator("tbody a", has_text="Payment").first.click()
        page.locator("aside a[href*='/payments/']").click()
        page.wait_for_url(re.compile(r"/money/payments/\d+/$"))
        expect(page.get_by_text("The provider signed:").first).to_be_visible()
        expect(page.get_by_text("SHA-256").first).to_be_visible()
        leave_pictures(page, "money-payment")


def test_a_batch_goes_to_the_bank(browser: Browser, seta: RunningSeta) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}{MONEY}batches/")
        page.fill("main form[action$='settle/'] [name=day]", beijing_day(datetime.now(UTC)).isoformat())
        page.locator("main form[action$='settle/'] button").click()
        page.wait_for_url(re.compile(r"/batches/\d+/$"))
        page.get_by_role("button", name="Release", exact=True).click()
        expect(page.locator(".steps li.done")).to_have_count(2)
        leave_pictures(page, "money-batch")


def test_a_rate_and_a_route_come_in_force_when_a_second_person_approves(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}{MONEY}terms/")
        antom = page.locator("tr", has_text="Antom").get_by_role("button", name="Check")
        antom.click()
        expect(page.locator(".notice.ok")).to_contain_text("proved its answer")
        rate = page.locator("main form[action$='terms/rate/']")
        rate.locator("[name=rate]").fill("0.13000000")
        rate.locator("[name=reason]").fill("The bank moved")
        rate.get_by_role("button", name="Propose").click()
        route = page.locator("main form[action$='terms/route/']")
        route.locator("[name=wallet]").select_option("alipay")
        route.locator("[name=scene]").select_option("till")
        route.locator("[name=provider]").select_option("antom")
        route.locator("[name=reason]").fill("Better terms at the till")
        route.get_by_role("button", name="Propose").click()
        expect(page.locator(".notice.ok")).to_contain_text("The provider answers.")
        expect(page.get_by_text("A colleague approves it.")).to_have_count(2)
        leave_pictures(page, "money-terms-waiting", languages=("zh-hans", "en"))
        with at_the_desk(browser, seta, "finance2") as colleague:
            colleague.goto(f"{seta.base_url}{MONEY}terms/")
            for _ in range(2):
                colleague.get_by_role("button", name="Approve").first.click()
                expect(colleague.locator(".notice.ok")).to_contain_text("in force from now on")
            expect(colleague.get_by_text("Routes in force")).to_be_visible()
            expect(colleague.locator("td", has_text="0.13").first).to_be_visible()
            leave_pictures(colleague, "money-terms", languages=("zh-hans", "en"))


def test_a_payees_account_is_paid_to_when_a_second_person_approves(
    browser: Browser, seta: RunningSeta
) -> None:
    with at_the_desk(browser, seta, "finance") as page:
        page.goto(f"{seta.base_url}{MONEY}payees/")
        kept = page.locator("main form[action$='payees/save/']")
        for name, value in (("code", "forno"), ("name", "Forno Brera"), ("commission", "5.00")):
            kept.locator(f"[name={name}]").fill(value)
        kept.locator("[name=schedule]").select_option("weekly")
        kept.get_by_role("button", name="Keep").click()
        account = page.locator("main form[action$='payees/account/']")
        account.locator("[name=code]").select_option("forno")
        account.locator("[name=holder]").fill("Anna Conti")
        account.locator("[name=iban]").fill("FR1420041010050500013M02606")
        account.locator("[name=reason]").fill("First account")
        account.get_by_role("button", name="Propose").click()
        expect(page.get_by_text("A colleague approves it.")).to_be_visible()
        leave_pictures(page, "money-payees-waiting", languages=("zh-hans", "en"))
        with at_the_desk(browser, seta, "finance2") as colleague:
            colleague.goto(f"{seta.base_url}{MONEY}payees/")
            colleague.get_by_role("button", name="Approve").click()
            expect(colleague.locator(".notice.ok")).to_contain_text("in force")
            expect(colleague.locator("tr", has_text="Forno Brera").first).to_contain_text("FR14")
            leave_pictures(colleague, "money-payees", languages=("zh-hans", "en"))
